from odoo import api, fields, models

from .complaint_more import COORDINATOR
from .complaint_pages import CONVERSATIONS
from .hearing import DRAFT, OFFERED, ORAL_EXPLANATION
from .objection import EVENTS
from .referral import BODY


class DossierLineScreen(models.AbstractModel):
    """What the dialog of a line needs to know."""

    _inherit = "klachtenbeheer.dossier.line"

    can_edit = fields.Boolean(compute="_compute_can_edit")
    has_respondents = fields.Boolean(compute="_compute_has_respondents")

    @api.depends("complaint_id")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        for line in self:
            complaint = line.complaint_id
            line.can_edit = complaint.can_handle and not (
                complaint.is_closed and self._is_closed_with_dossier()
            )

    @api.depends("complaint_id.respondent_ids")
    def _compute_has_respondents(self):
        for line in self:
            line.has_respondents = bool(line.complaint_id.respondent_ids)

    @api.model
    def _is_closed_with_dossier(self):
        """Hook: whether a line stays as it was when the dossier was closed."""
        return True


class ObjectionScreen(models.Model):
    _inherit = "klachtenbeheer.objection"

    kinds = fields.Char(compute="_compute_kinds", help="What the policy knows of these.")

    @api.depends("complaint_id.policy_id")
    def _compute_kinds(self):
        for objection in self:
            objection.kinds = ",".join(objection.complaint_id._get_disagreement_kinds())

    @api.model
    def _is_closed_with_dossier(self):
        return False


class ReferralScreen(models.Model):
    _inherit = "klachtenbeheer.referral"

    is_filed = fields.Boolean(compute="_compute_is_filed", help="That is on the timeline.")
    is_admitted = fields.Boolean(compute="_compute_is_filed")
    can_admit = fields.Boolean(compute="_compute_can_admit")

    @api.depends("filed_on", "admitted_on", "complaint_id.event_ids.voided")
    def _compute_is_filed(self):
        for referral in self:
            events = referral.complaint_id.event_ids.filtered(lambda event: not event.voided)
            days = {(event.code, event.occurred_on) for event in events}
            referral.is_filed = ("referred", referral.filed_on) in days
            referral.is_admitted = ("external_admitted", referral.admitted_on) in days

    @api.depends("target")
    @api.depends_context("uid")
    def _compute_can_admit(self):
        keeps_register = self.env.user.has_group(COORDINATOR)
        for referral in self:
            referral.can_admit = referral.can_edit and keeps_register and referral.target == BODY

    @api.model
    def _is_closed_with_dossier(self):
        return False


class AssistanceScreen(models.Model):
    _inherit = "klachtenbeheer.assistance"

    @api.model
    def _is_closed_with_dossier(self):
        return False


class RulingScreen(models.Model):
    _inherit = "klachtenbeheer.ruling"

    can_decide = fields.Boolean(compute="_compute_can_decide")

    @api.depends("decided_on")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for ruling in self:
            ruling.can_decide = ruling in ruling.complaint_id._get_rulings_to_decide()


class MeasureLinkScreen(models.Model):
    _inherit = "klachtenbeheer.measure.link"

    kind = fields.Selection(related="measure_id.kind")
    owner_id = fields.Many2one(related="measure_id.owner_id", string="Carried out by")
    due_on = fields.Date(related="measure_id.due_on")
    state = fields.Selection(related="measure_id.state")


class HearingScreen(models.Model):
    """How a conversation is planned and what its dialog shows."""

    _inherit = "klachtenbeheer.hearing"

    purposes = fields.Char(compute="_compute_purposes", help="What the policy knows of these.")
    can_plan = fields.Boolean(
        compute="_compute_can_plan", help="One moment was proposed, so that can be planned."
    )

    @api.depends("complaint_id.policy_id")
    def _compute_purposes(self):
        for hearing in self:
            hearing.purposes = ",".join(hearing.complaint_id._get_hearing_purposes())

    @api.depends("state", "slot_ids.state")
    def _compute_can_plan(self):
        for hearing in self:
            proposed = hearing.slot_ids.filtered(lambda slot: slot.state == "proposed")
            hearing.can_plan = hearing.state in (DRAFT, OFFERED) and len(proposed) == 1

    def action_plan_proposed(self):
        """The one moment that was proposed is agreed on."""
        for hearing in self:
            proposed = hearing.slot_ids.filtered(lambda slot: slot.state == "proposed")
            proposed.action_accept()


class ComplaintDossierScreen(models.Model):
    """What the dialogs of a dossier's lines offer under its policy."""

    _inherit = "klachtenbeheer.complaint"

    can_object = fields.Boolean(
        compute="_compute_can_object", help="The policy knows a disagreement with the answer."
    )

    @api.depends("policy_id")
    def _compute_can_object(self):
        for complaint in self:
            complaint.can_object = bool(complaint._get_disagreement_kinds())

    # ---------------------------------------------------------------- conversations

    def _get_hearing_purposes(self):
        """The purposes of a conversation, without an oral explanation where the policy has
        none."""
        purposes = self.env["klachtenbeheer.hearing"]._fields["purpose"].get_values(self.env)
        if self._knows_events(CONVERSATIONS):
            return purposes
        return [value for value in purposes if value != ORAL_EXPLANATION]

    def _knows_events(self, codes):
        """Whether some term of the policy starts or ends with one of some events."""
        terms = self.sudo().policy_id.term_ids  # what a policy knows is no secret
        events = terms.start_event_id | terms.stop_event_ids
        return bool(set(events.mapped("code")) & set(codes))

    def _get_hearing_defaults(self):
        """Purpose and participants of a new conversation, for the form to change."""
        is_explanation = self._is_explanation_due()
        purpose = ORAL_EXPLANATION if is_explanation else "hearing"
        people = [] if self.hide_identity else [self._prepare_complainant()]
        if not is_explanation:
            people += [
                {"role": "respondent", "partner_id": partner.id} for partner in self.respondent_ids
            ]
        return {
            "default_purpose": purpose,
            "default_participant_ids": [fields.Command.create(person) for person in people],
        }

    def _is_explanation_due(self):
        # what the policy wants next is shown to who may handle it
        return bool(self.sudo()._get_running_events("organisation") & set(CONVERSATIONS))

    def _prepare_complainant(self):
        name = self.complainant_name or self.env._("the complainant")
        return {"role": "complainant", "partner_id": self.partner_id.id, "name": name}

    # ---------------------------------------------------------------- disagreements

    def _get_disagreement_kinds(self):
        """The ways to disagree for which the policy has a term."""
        return [kind for kind, code in EVENTS.items() if self._knows_events([code])]
