from odoo import api, fields, models
from odoo.exceptions import UserError

DELAY_NOTICE = "delay_notice"
LONG_DELAY = 28  # calendar days in all, above which the dialog warns (T5)


class Delay(models.TransientModel):
    """Dialog: why more time is needed and when the answer comes (SB34, SJ21, BB6)."""

    _name = "klachtenbeheer.delay"
    _description = "Announce a Delay"

    complaint_id = fields.Many2one("klachtenbeheer.complaint", required=True, readonly=True)
    due_on = fields.Date("Date until now", compute="_compute_due_on")
    first_due_on = fields.Date(compute="_compute_due_on")
    is_late = fields.Boolean(compute="_compute_due_on")
    promised_on = fields.Date("New date", required=True)
    consented_on = fields.Date("Complainant agreed in writing on")
    knows_consent = fields.Boolean(compute="_compute_due_on")
    is_day_off = fields.Boolean(compute="_compute_is_day_off")
    is_long = fields.Boolean(compute="_compute_is_day_off")
    reason = fields.Text(required=True, help="As the letter tells it to the complainant.")
    expected_manner = fields.Text("How the complaint is handled further")
    needs_manner = fields.Boolean(compute="_compute_needs_manner")

    @api.depends("complaint_id")
    def _compute_due_on(self):
        for dialog in self:
            deadlines = dialog._get_letter_type()._get_extendable_deadlines(dialog.complaint_id)
            dialog.knows_consent = bool(deadlines.term_id.filtered("longer_with_consent"))
            dialog.due_on = min(deadlines.mapped("due_on"), default=False)
            dialog.first_due_on = min(deadlines.mapped("first_due_on"), default=False)
            dialog.is_late = bool(dialog.due_on) and dialog.due_on < dialog.complaint_id._today()

    @api.depends("promised_on", "first_due_on", "complaint_id")
    def _compute_is_day_off(self):
        """A promise may fall on a day off or be long; the dialog says so (T59, T5)."""
        for dialog in self:
            promised_on, first = dialog.promised_on, dialog.first_due_on
            calendar = dialog.complaint_id.policy_id.get_calendar()
            dialog.is_day_off = bool(promised_on) and not calendar.is_workday(promised_on)
            dialog.is_long = bool(promised_on and first) and (
                (promised_on - first).days > LONG_DELAY
            )

    @api.depends("complaint_id")
    def _compute_needs_manner(self):
        requirement = self.env.ref("klachtenbeheer.requirement_expected_manner")
        for dialog in self:
            dialog.needs_manner = requirement in dialog._get_letter_type().requirement_ids

    def _get_letter_type(self):
        return self.complaint_id.policy_id.letter_type_ids.filtered(
            lambda letter_type: letter_type.code == DELAY_NOTICE
        )

    def action_write_letter(self):
        """Make the letter and open it."""
        return self.complaint_id.action_open_letter(self._get_letter().type_id.code)

    def action_send(self):
        """Make the letter and send it at once."""
        letter = self._get_letter()
        return letter.action_send() or {"type": "ir.actions.act_window_close"}

    def _get_letter(self):
        self.ensure_one()
        if self.due_on and self.promised_on <= self.due_on:
            raise UserError(
                self.env._(
                    "The new date must be later than the date until now, %s.",
                    self.complaint_id._format_date(self.due_on),
                )
            )
        letter = self.complaint_id.prepare_letter(DELAY_NOTICE)
        letter.write(
            {
                "reason": self.reason,
                "promised_on": self.promised_on,
                "consented_on": self.consented_on,
                "expected_manner": self.expected_manner,
            }
        )
        return letter
