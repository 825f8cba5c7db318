from odoo import api, fields, models


class EventRecord(models.TransientModel):
    """Dialog: what happened, when, and what should be remembered of it."""

    _name = "klachtenbeheer.event.record"
    _description = "Record a Complaint Event"

    complaint_ids = fields.Many2many("klachtenbeheer.complaint", required=True)
    type_id = fields.Many2one(
        "klachtenbeheer.event.type", "What happened", required=True, domain=[("manual", "=", True)]
    )
    description = fields.Text(related="type_id.description")
    occurred_on = fields.Date(
        "On", required=True, default=lambda self: self.env.company._complaint_today()
    )
    note = fields.Text()
    missing_text = fields.Text("Still missing", compute="_compute_missing_text")

    @api.depends("type_id", "complaint_ids")
    def _compute_missing_text(self):
        for dialog in self:
            reasons = [
                dialog.type_id and complaint._get_event_refusal(dialog.type_id)
                for complaint in dialog.complaint_ids
            ]
            dialog.missing_text = "\n".join(filter(None, reasons))

    def action_record(self):
        """Record the event on every complaint of the dialog.

        :raise UserError: the policy wants something filled in first, or a right is used late
            without a note that says why it is heard all the same
        """
        self.complaint_ids.record_event(self.type_id.code, self.occurred_on, self.note)
