from odoo import fields, models


class EventVoid(models.TransientModel):
    """Dialog: why an event that was recorded did not happen."""

    _name = "klachtenbeheer.event.void"
    _description = "Void a Complaint Event"

    event_id = fields.Many2one("klachtenbeheer.event", required=True, readonly=True)
    reason = fields.Char(required=True)

    def action_void(self):
        self.event_id.action_void(self.reason)
