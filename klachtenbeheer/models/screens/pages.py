from odoo import api, fields, models

from ..platform.groups import HANDLERS

# Fields on the pages of the form that are not always there.
PAGES = {
    "investigation": ("grievance_ids", "fact_ids"),
    "conversations": ("hearing_ids", "agreement_ids"),
    "measures": ("measure_link_ids", "measures", "no_measures"),
    "afterwards": ("objection_ids", "referral_ids", "consultation_ids", "ruling_ids"),
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
    "verdicts_complete": "grievance_ids",
}
# Where one of several fields will do, these are offered first.
PREFERRED = ("outcome_note", "solution")
# With these events the complainant uses a right after our answer.
DISAGREEMENTS = {"objected", "referral_requested"}
CONVERSATIONS = {"hearing_offered", "hearing_held", "hearing_waived"}


class ComplaintPages(models.Model):
    """Which pages the form has: those with something on them, and those where the policy
    asks for something now. Nothing needs looking through empty ones; the menu “More” starts
    what is not there yet."""

    _inherit = "klachtenbeheer.complaint"

    pages = fields.Char(compute="_compute_pages", help="Names of the pages that are shown.")
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
            complaint.pages = ",".join(
                page
                for page, fnames in PAGES.items()
                if asked & set(fnames) or any(complaint_su[fname] for fname in fnames)
            )

    def _get_asked_fields(self):
        """Fields that the policy wants something in, now or before a later step."""
        step = self._get_next_step()
        required = self.policy_id.stage_ids.requirement_ids
        if step:
            required |= step["letter_type"].requirement_ids
        asked = {self._get_place(requirement) for requirement in required._get_missing(self)}
        if self.policy_id.verdict_required:
            asked.add("grievance_ids")
        if self._get_running_events("complainant") & DISAGREEMENTS:
            asked.add("objection_ids")
        if self._get_running_events("organisation") & CONVERSATIONS:
            asked.add("hearing_ids")
        return asked

    def _get_running_events(self, duty_of):
        """Codes of the events that open duties or rights wait for."""
        running = self.deadline_ids.filtered(lambda line: line.is_open and line.duty_of == duty_of)
        return set(running.term_id.stop_event_ids.mapped("code"))

    # ---------------------------------------------------------------- places

    def _get_missing_places(self):
        """Where on the form a requirement is filled in.

        :return: {name of a requirement: name of a field}
        """
        places = {
            requirement.name: self._get_place(requirement)
            for requirement in self.sudo()._get_policy_requirements()  # as content_fields
        }
        return {name: place for name, place in places.items() if place}

    def _get_place_of_open_duty(self, text):
        """The list with what has to be done or waived before closing, or False."""
        complaint_su = self.sudo()  # whoever closes is told of these
        return next(
            (
                fname
                for fname in ("hearing_ids", "objection_ids", "deadline_ids")
                if any(text.startswith(line.display_name) for line in complaint_su[fname])
            ),
            False,
        )

    @api.model
    def _get_place(self, requirement):
        """The field of the form that a requirement is about, or False."""
        own = requirement.field_ids.filtered(lambda field: field.model == self._name)
        names = sorted(own.mapped("name"), key=lambda name: (name not in PREFERRED, name))
        return PLACES.get(names[0], names[0]) if names else False

    # ---------------------------------------------------------------- verdict

    @api.depends("grievance_ids.verdict")
    @api.depends_context("lang")
    def _compute_verdict_explanation(self):
        field = self.env["klachtenbeheer.grievance"]._fields["verdict"]
        labels = dict(field._description_selection(self.env))
        for complaint in self:
            verdicts = complaint.grievance_ids.mapped("verdict")
            parts = [
                f"{verdicts.count(value)} × {labels.get(value, self.env._('not judged yet'))}"
                for value in (*labels, False)
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
