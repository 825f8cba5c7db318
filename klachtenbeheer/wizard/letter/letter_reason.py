from odoo import fields, models


class LetterReason(models.TransientModel):
    """Dialog: why a letter goes back to its writer, or is not sent at all."""

    _name = "klachtenbeheer.letter.reason"
    _description = "Reason About a Letter"

    letter_ids = fields.Many2many("klachtenbeheer.letter", required=True, readonly=True)
    purpose = fields.Selection(
        [("send_back", "Send back"), ("not_applicable", "Not applicable")],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        match self.purpose:
            case "send_back":
                self.letter_ids.action_send_back(self.reason)
            case "not_applicable":
                self.letter_ids.action_not_applicable(self.reason)
