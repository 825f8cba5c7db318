from odoo import api, fields, models


class Close(models.TransientModel):
    """Dialog: what is still running for the complainant and what is empty, before closing."""

    _name = "klachtenbeheer.close"
    _description = "Close a Complaint"

    complaint_id = fields.Many2one("klachtenbeheer.complaint", required=True, readonly=True)
    outcome = fields.Selection(
        selection=lambda self: (
            self.env["klachtenbeheer.complaint"]._fields["outcome"]._description_selection(self.env)
        ),
        compute="_compute_outcome",
        store=True,
        readonly=False,
    )
    missing_text = fields.Text("Still missing", compute="_compute_texts")
    running_text = fields.Text("Still running for the complainant", compute="_compute_texts")
    empty_text = fields.Text("Not filled in", compute="_compute_texts")

    @api.depends("complaint_id")
    def _compute_outcome(self):
        for dialog in self:
            dialog.outcome = dialog.complaint_id.outcome

    @api.depends("complaint_id", "outcome")
    def _compute_texts(self):
        for dialog in self:
            complaint = dialog.complaint_id
            missing = complaint._get_closing_problems() if complaint else []
            if dialog.outcome:
                missing = [part for part in missing if part.field != "outcome"]
            dialog.missing_text = "\n".join(f"• {part.text}" for part in missing)
            dialog.running_text = "\n".join(complaint._get_running_rights())
            dialog.empty_text = "\n".join(complaint._get_empty_fields())

    def action_close(self):
        """Close the complaint with the outcome that was chosen.

        :raise UserError: something that the policy requires is missing
        """
        self.ensure_one()
        if self.outcome and self.outcome != self.complaint_id.outcome:
            self.complaint_id.outcome = self.outcome
        self.complaint_id.action_close()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s is closed.", self.complaint_id.name),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
