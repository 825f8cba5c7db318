from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import Missing
from .complaint import FORMAL, HANDLERS

EXTERNAL = "external"
NOT_RESOLVED = "not_resolved"


class ComplaintClosing(models.Model):
    """What follows on the outcome: measures, objections, external routes, closing."""

    _inherit = "klachtenbeheer.complaint"

    measure_link_ids = fields.One2many(
        "klachtenbeheer.measure.link", "complaint_id", "Measures told", groups=HANDLERS
    )
    measure_ids = fields.Many2many(
        "klachtenbeheer.measure",
        string="Measures and recommendations",
        compute="_compute_measure_ids",
        inverse="_inverse_measure_ids",
        search="_search_measure_ids",
        groups=HANDLERS,
    )
    has_measures = fields.Boolean(
        compute="_compute_has_measures",
        groups=HANDLERS,
        help="There are measures for the complainant to hear of.",
    )
    objection_ids = fields.One2many(
        "klachtenbeheer.objection", "complaint_id", "Disagreement", groups=HANDLERS
    )
    referral_ids = fields.One2many(
        "klachtenbeheer.referral", "complaint_id", "External routes", groups=HANDLERS
    )
    measures_told = fields.Boolean(
        compute="_compute_measures_told",
        groups=HANDLERS,
        help="The complainant was told of every measure (SJ22).",
    )
    respondents_told = fields.Boolean(
        compute="_compute_respondents_told",
        groups=HANDLERS,
        help="Everybody complained about was told of our position (BA9).",
    )
    registration_complete = fields.Boolean(
        compute="_compute_registration_complete", groups=HANDLERS
    )
    register_followed_up = fields.Boolean(
        compute="_compute_register_followed_up",
        groups=HANDLERS,
        help="What had to be registered as an exception led to a measure, or to none (KK35).",
    )
    measures_dated = fields.Boolean(
        compute="_compute_measures_dated",
        groups=HANDLERS,
        help="Of every measure it is known by when it is realised.",
    )
    is_in_court = fields.Boolean(
        "Legal proceedings", tracking=True, help="Keeps the dossier from being destroyed (BA38)."
    )

    @api.depends("measure_link_ids.measure_id")
    @api.depends_context("uid")
    def _compute_measure_ids(self):
        for complaint in self:
            complaint.measure_ids = complaint._get_visible_measure_links().measure_id

    def _get_visible_measure_links(self):
        """Without measures that came from a complaint about the user as well."""
        links = self.measure_link_ids
        if self.env.su:
            return links
        # of which measure a link is, is asked to find out who may see that measure
        visible = links.sudo().measure_id.sudo(False)._filtered_access("read")
        return links.filtered(lambda link: link.sudo().measure_id in visible)

    def _inverse_measure_ids(self):
        for complaint in self:
            wanted, links = complaint.measure_ids, complaint._get_visible_measure_links()
            links.filtered(lambda link: link.measure_id not in wanted).unlink()  # noqa: B023
            complaint.measure_link_ids = [
                (0, 0, {"measure_id": measure.id}) for measure in wanted - links.exists().measure_id
            ]

    @api.model
    def _search_measure_ids(self, operator, value):
        return Domain("measure_link_ids.measure_id", operator, value)

    @api.depends(
        "measure_link_ids.communicated_on",
        "measure_link_ids.measure_id.state",
        "measure_link_ids.measure_id.kind",
    )
    def _compute_measures_told(self):
        for complaint in self:
            complaint.measures_told = not complaint.measure_link_ids.filtered(
                lambda link: not link.communicated_on and link.measure_id._concerns_complainant()
            )

    @api.depends("measure_link_ids.measure_id.state", "measure_link_ids.measure_id.kind")
    def _compute_has_measures(self):
        for complaint in self:
            measures = complaint.measure_link_ids.measure_id
            complaint.has_measures = any(measure._concerns_complainant() for measure in measures)

    @api.depends(
        "respondent_ids", "letter_ids.state", "event_ids.type_id.takes_position", "event_ids.voided"
    )
    def _compute_respondents_told(self):
        for complaint in self:
            if not complaint._has_taken_position():
                complaint.respondents_told = True
                continue
            sent = complaint.letter_ids.filtered(
                lambda letter: letter.type_id.audience == "respondent" and letter.state == "sent"
            )
            complaint.respondents_told = not (complaint.respondent_ids - sent.partner_id)

    def _has_taken_position(self):
        """Whether the complainant was told where we stand."""
        return bool(
            self.sudo().event_ids.filtered(  # who closes may know that there was an answer
                lambda event: not event.voided and event.type_id.takes_position
            )
        )

    @api.depends(
        "policy_id.check_registration",
        "policy_id.register_rule",
        "registration_checked_on",
        "unwanted_behaviour",
        "is_repeated",
    )
    def _compute_registration_complete(self):
        for complaint in self:
            needed = complaint.policy_id.check_registration or complaint._is_forced_exception()
            complaint.registration_complete = bool(complaint.registration_checked_on or not needed)

    @api.depends(
        "policy_id.register_rule", "unwanted_behaviour", "is_repeated", "measure_ids", "no_measures"
    )
    def _compute_register_followed_up(self):
        for complaint in self:
            followed_up = complaint.measure_ids or complaint.no_measures
            complaint.register_followed_up = (
                bool(followed_up) or not complaint._is_forced_exception()
            )

    @api.depends("measure_ids.due_on", "measure_ids.realised_on", "no_measures")
    def _compute_measures_dated(self):
        for complaint in self:
            measures = complaint.measure_ids
            complaint.measures_dated = (
                all(measure.due_on or measure.realised_on for measure in measures)
                if measures
                else complaint.no_measures
            )

    @api.depends("outcome", "event_ids.type_id.outcome")
    def _compute_has_proposed_outcome(self):
        """After a conversation without a settlement, too, something better may follow."""
        result = super()._compute_has_proposed_outcome()
        for complaint in self.filtered(lambda complaint: complaint.outcome == NOT_RESOLVED):
            complaint.has_proposed_outcome = True
        return result

    def _propose_not_resolved(self):
        """The conversation was held; until it is settled it has not solved the complaint
        (BA38)."""
        self.filtered("has_proposed_outcome").outcome = NOT_RESOLVED

    def _tell_measures(self, day):
        """The complainant was told of all measures so far, on a local date."""
        # telling is part of a letter or event that the user was allowed to send or record
        links = self.sudo().measure_link_ids.filtered(lambda link: not link.communicated_on)
        links.communicated_on = day

    # ---------------------------------------------------------------- consequences

    def _before_event(self, code):
        result = super()._before_event(code)
        if code == "external_admitted":
            self._become_formal_outside()
        return result

    def _become_formal_outside(self):
        """Where formal means external, an admitted complaint is formal (KK42, T41)."""
        self.filtered(lambda complaint: complaint.policy_id.formal_phase == EXTERNAL).kind = FORMAL

    def _start_procedure(self):
        """A complaint that we hear of through the external body is handled there, and is
        registered as such from the start (KK42, KK45)."""
        result = super()._start_procedure()
        for complaint in self.sudo():  # as the rest of the registration
            if complaint.channel == EXTERNAL and complaint.policy_id.formal_phase == EXTERNAL:
                complaint.record_event("external_admitted", complaint.received_on)
        return result

    def _after_event(self, event_type):
        result = super()._after_event(event_type)
        if event_type.code == "measures_communicated":
            for complaint in self:
                complaint._tell_measures(complaint._today())
        elif event_type.code == "lapsed":
            self._close_lapsed()
        return result

    def _close_lapsed(self):
        """Without objection the handling is over by itself, where the policy says so
        (BA27, T17)."""
        closed = self.env["klachtenbeheer.event.type"]._get("closed")
        for complaint in self.filtered(
            lambda complaint: complaint.policy_id.lapse_closes and not complaint.is_closed
        ):
            if complaint.has_proposed_outcome:
                complaint.outcome = "no_objection"
            if complaint._get_event_refusal(closed):
                complaint._alert_coordinator(self.env._("No objection came: close this complaint"))
            else:
                complaint.record_event("closed")

    def _close_settled(self):
        """A settlement ends the handling, as soon as nothing else is missing (BA37)."""
        closed = self.env["klachtenbeheer.event.type"]._get("closed")
        for complaint in self.filtered(lambda complaint: not complaint.is_closed):
            if not complaint._get_event_refusal(closed):
                complaint.record_event("closed")

    def _get_open_duties(self):
        """Nor is a complaint closed while somebody waits for a conversation, or for a word
        on what they sent in."""
        complaint_su = self.sudo()  # whoever closes hears what is open
        conversations = complaint_su.hearing_ids.filtered(
            lambda hearing: hearing.state in ("offered", "planned")
        )
        disagreements = complaint_su.objection_ids.filtered(lambda line: line.state == "draft")
        return [
            *super()._get_open_duties(),
            *(
                Missing(
                    self.env._("%s: hold it, or note why not", conversation.display_name),
                    "hearing_ids",
                )
                for conversation in conversations
            ),
            *(
                Missing(
                    self.env._("%s: register it, or note why not", disagreement.display_name),
                    "objection_ids",
                )
                for disagreement in disagreements
            ),
        ]
