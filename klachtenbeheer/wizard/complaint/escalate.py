from odoo import api, fields, models


class Escalate(models.TransientModel):
    """Dialog: why the next role is called in."""

    _name = "klachtenbeheer.escalate"
    _description = "Call in the Next Role"

    complaint_id = fields.Many2one("klachtenbeheer.complaint", required=True, readonly=True)
    next_role = fields.Char("Who is called in", compute="_compute_next_role")
    reason = fields.Text(required=True)

    @api.depends("complaint_id")
    def _compute_next_role(self):
        for dialog in self:
            role, users = dialog.complaint_id.sudo()._get_next_level()
            title = dialog.complaint_id.sudo().policy_id._get_role_title(role)
            names = ", ".join(users.mapped("name"))
            dialog.next_role = f"{title}: {names}" if users else self.env._("nobody is left")

    def action_escalate(self):
        self.complaint_id.action_escalate(self.reason)
