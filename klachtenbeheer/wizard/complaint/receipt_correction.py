from odoo import api, fields, models


class ReceiptCorrection(models.TransientModel):
    """Dialog: the date of receipt was wrong (T49)."""

    _name = "klachtenbeheer.receipt.correction"
    _description = "Correct the Date of Receipt"

    complaint_id = fields.Many2one("klachtenbeheer.complaint", required=True, readonly=True)
    old_date = fields.Date(related="complaint_id.received_on", string="Received on (now)")
    received_on = fields.Date(
        "Received on", required=True, compute="_compute_received_on", store=True, readonly=False
    )
    reason = fields.Char(required=True)

    @api.depends("complaint_id")
    def _compute_received_on(self):
        for dialog in self:
            dialog.received_on = dialog.complaint_id.received_on

    def action_correct(self):
        self.complaint_id.correct_receipt(self.received_on, self.reason)
