from odoo import api, fields, models

from ..platform.groups import HANDLERS

# Fields on the pages of the form that are not always there.
PAGES = {
    "investigation": ("grievance_ids", "fact_ids"),
    "conversations": ("hearing_ids", "agreement_ids"),
    "measures": ("measure_link_ids", "measures", "no_measures"),
    "afterwards": (
        *("objection_ids", "referral_ids", "consultation_ids", "ruling_ids", "advice_ids"),
        *("departs_from_advice", "departure_reason"),
    ),
}
# What follows from other records of the dossier, and where on the form those are.
PLACES = {
    "has_measures": "measure_link_ids",
    "is_consulted": "consultation_ids",
    "measure_ids": "measure_link_ids",
    "measures_dated": "measure_link_ids",
    "measures_told": "measure_link_ids",
    "parties_heard": "hearing_ids",
    "register_followed_up": "measure_link_ids",
    "registration_complete": "registration_checked_by_id",
    "respondent_noted": "respondent_text",
    "respondents_told": "letter_ids",
    "triage_done": "triaged_by_id",
    "verdict": "verdict_id",
    "verdicts_complete": "grievance_ids",
}


class ComplaintPages(models.Model):
    """Which pages the form has: those with something on them, and those where the policy
    asks for something now. Nothing needs looking through empty ones; the menu “More” starts
    what is not there yet."""

    _inherit = "klachtenbeheer.complaint"

    pages = fields.Json(
        compute="_compute_pages", help="For each page of the form whether it is shown."
    )
    missing_items = fields.Json(
        "Fill in first",
        compute="_compute_missing_items",
        help="What is missing for the next step, and the field of the form that it leads to.",
    )
    verdict_explanation = fields.Char(
        "Follows from", compute="_compute_verdict_explanation", groups=HANDLERS
    )
    visible_related_ids = fields.Many2many(
        "klachtenbeheer.complaint",
        string="Earlier complaints on the same subject or person",
        compute="_compute_visible_related_ids",
        help="Only those that you may see.",
    )

    # ---------------------------------------------------------------- pages

    @api.depends("policy_id", "missing_text", *(name for names in PAGES.values() for name in names))
    def _compute_pages(self):
        for complaint in self:
            complaint_su = complaint.sudo()  # which pages there are is no secret
            asked = complaint_su._get_asked_fields() if complaint._origin else set()
            complaint.pages = {
                page: bool(asked & set(fnames)) or any(complaint_su[fname] for fname in fnames)
                for page, fnames in PAGES.items()
            }

    def _get_asked_fields(self):
        """Fields that the policy wants something in, now or before a later step."""
        step = self._get_next_step()
        required = self.policy_id.stage_ids.requirement_ids
        if step:
            required |= step["letter_type"].requirement_ids
        asked = {self._get_place(requirement) for requirement in required._get_missing(self)}
        if self.policy_id.verdict_required:
            asked.add("grievance_ids")
        if "objection" in self._get_running_events("complainant").mapped("about"):
            asked.add("objection_ids")
        if "hearing" in self._get_running_events("organisation").mapped("about"):
            asked.add("hearing_ids")
        return asked

    def _get_running_events(self, duty_of):
        """The kinds of events that open duties or rights wait for."""
        running = self.deadline_ids.filtered(lambda line: line.is_open and line.duty_of == duty_of)
        return running.term_id.stop_event_ids

    # ---------------------------------------------------------------- places

    @api.depends("missing_text")
    @api.depends_context("uid", "lang")
    def _compute_missing_items(self):
        for complaint in self:
            # the next step is shown to whoever sees the complaint
            step = complaint.sudo()._get_next_step() if complaint.missing_text else None
            complaint.missing_items = [
                {"text": part.text, "field": PLACES.get(part.field, part.field)}
                for part in (step["missing"] if step else ())
            ]

    @api.model
    def _get_place(self, requirement):
        """The field of the form that a requirement is about, or None."""
        field = requirement._get_field(self._name)
        return PLACES.get(field, field)

    # ---------------------------------------------------------------- verdict

    @api.depends("grievance_ids.verdict_id")
    @api.depends_context("lang")
    def _compute_verdict_explanation(self):
        not_yet = self.env._("not judged yet")
        for complaint in self:
            verdicts = [point.verdict_id for point in complaint.grievance_ids]
            known = complaint.grievance_ids.verdict_id.sorted("sequence")
            parts = [
                f"{verdicts.count(value)} × {value.name or not_yet}"
                for value in (*known, known.browse())
                if value in verdicts
            ]
            complaint.verdict_explanation = ", ".join(parts)

    # ---------------------------------------------------------------- earlier complaints

    @api.depends("related_ids")
    @api.depends_context("uid")
    def _compute_visible_related_ids(self):
        for complaint in self:
            related_su = complaint.sudo().related_ids  # narrowed to what the user sees
            complaint.visible_related_ids = related_su.sudo(False)._filtered_access("read")
