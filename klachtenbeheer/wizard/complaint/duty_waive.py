from odoo import api, fields, models


class DutyWaive(models.TransientModel):
    """Dialog: a duty does not apply to this complaint, and why (design.md 4.6)."""

    _name = "klachtenbeheer.duty.waive"
    _description = "Waive a Duty"

    complaint_id = fields.Many2one("klachtenbeheer.complaint", required=True, readonly=True)
    deadline_ids = fields.Many2many(
        "klachtenbeheer.deadline",
        string="Duties",
        required=True,
        domain="[('complaint_id', '=', complaint_id), ('is_open', '=', True),"
        " ('duty_of', '=', 'organisation')]",
    )
    reason = fields.Char(required=True)

    @api.onchange("complaint_id")
    def _onchange_complaint_id(self):
        self.deadline_ids = self.complaint_id.next_deadline_id

    def action_waive(self):
        self.complaint_id._waive(self.deadline_ids.term_id, self.reason)
