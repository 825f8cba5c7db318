from odoo import api, fields, models
from odoo.exceptions import UserError

from ..dossier.hearing import DRAFT, OFFERED, PLANNED
from ..dossier.objection import EVENTS
from ..dossier.referral import BODY


class DossierLineScreen(models.AbstractModel):
    """What the dialog of a line needs to know."""

    _inherit = "klachtenbeheer.dossier.line"

    can_edit = fields.Boolean(compute="_compute_can_edit")
    has_respondents = fields.Boolean(compute="_compute_has_respondents")

    def action_save(self):
        """The one button of the dialog: what was typed is saved by now; where that is enough it
        is put on record as well, and otherwise is said what is missing."""
        self.ensure_one()
        register = self._get_registration()
        if not register:
            return self._close_dialog(self.env._("Saved."), "success")
        try:
            with self.env.cr.savepoint():
                register()
        except UserError as refusal:
            # kept as it was typed, which the refusal of a registration does not undo
            message = self.env._("Saved, but not on record yet. %s", refusal)
            return self._close_dialog(message, "warning")
        return self._close_dialog(self.env._("Saved and on record."), "success")

    def _get_registration(self):
        """The method that puts this line on record as it stands; False where saving is all."""
        return False

    def _close_dialog(self, message, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "sticky": kind == "warning",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.depends("complaint_id")
    @api.depends_context("uid")
    def _compute_can_edit(self):
        for line in self:
            complaint = line.complaint_id
            line.can_edit = complaint.can_handle and (
                self._follows_closing or not complaint.is_closed
            )

    @api.depends("complaint_id.respondent_ids")
    def _compute_has_respondents(self):
        for line in self:
            line.has_respondents = bool(line.complaint_id.respondent_ids)


class AssistanceScreen(models.Model):
    _inherit = "klachtenbeheer.assistance"

    can_make_contact = fields.Boolean(compute="_compute_can_make_contact")

    @api.depends("partner_id", "complaint_id")
    @api.depends_context("uid")
    def _compute_can_make_contact(self):
        for line in self:
            complaint = line.complaint_id
            line.can_make_contact = (
                line._origin
                and not (line.partner_id or complaint.hide_identity)
                and complaint._has_power("assign")
            )


class ObjectionScreen(models.Model):
    _inherit = "klachtenbeheer.objection"

    kinds = fields.Json(compute="_compute_kinds", help="What the policy knows of these.")
    can_choose_kind = fields.Boolean(compute="_compute_kinds")

    def _get_registration(self):
        """Something that the complainant said counts from when it is on record."""
        return self.state == "draft" and self.action_register

    @api.depends("complaint_id.policy_id")
    def _compute_kinds(self):
        for objection in self:
            objection.kinds = objection.complaint_id._get_disagreement_kinds() or list(EVENTS)
            objection.can_choose_kind = len(objection.kinds) > 1


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
        for referral in self:
            keeps_register = referral.complaint_id._has_power("register")
            referral.can_admit = referral.can_edit and keeps_register and referral.target == BODY


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

    purposes = fields.Json(compute="_compute_purposes", help="What the policy knows of these.")
    can_plan = fields.Boolean(
        compute="_compute_can_plan", help="One moment was proposed, so that can be planned."
    )

    @api.depends("complaint_id.policy_id")
    def _compute_purposes(self):
        for hearing in self:
            hearing.purposes = hearing.complaint_id._get_hearing_purposes()

    @api.depends("state", "slot_ids.state")
    def _compute_can_plan(self):
        for hearing in self:
            proposed = hearing.slot_ids.filtered(lambda slot: slot.state == "proposed")
            hearing.can_plan = hearing.state in (DRAFT, OFFERED) and len(proposed) == 1

    def _get_registration(self):
        """With a date it was held, with a reason it is not held; moments are offered or
        planned by their own buttons, as only a person knows which."""
        if self.state not in (DRAFT, OFFERED, PLANNED):
            return False
        if self.waive_reason:
            return self.action_waive
        if self.held_on:
            return self.action_hold
        return self.state == DRAFT and self._explain_unplanned

    def _explain_unplanned(self):
        if self.slot_ids:
            raise UserError(self.env._("Nobody was invited: offer these moments, or plan one."))
        raise UserError(self.env._("Propose a moment, or fill in when it was held."))

    def action_note_held(self):
        """It took place on the day that was planned, or today: the dialog opens again on its
        report, with that day filled in."""
        self.ensure_one()
        today = self.complaint_id._today()
        planned = self.planned_at and self._get_local_date(self.planned_at)
        self.held_on = min(planned or today, today)
        return self.complaint_id.action_open_line("hearing_ids", self.id)

    def action_plan_proposed(self):
        """The one moment that was proposed is agreed on."""
        for hearing in self:
            proposed = hearing.slot_ids.filtered(lambda slot: slot.state == "proposed")
            proposed.action_accept()
