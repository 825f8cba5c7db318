from odoo import api, fields, models

from ...models.platform.groups import HANDLER


class Assign(models.TransientModel):
    """Dialog: who handles these complaints."""

    _name = "klachtenbeheer.assign"
    _description = "Assign Complaints"

    complaint_ids = fields.Many2many("klachtenbeheer.complaint", required=True)
    handler_id = fields.Many2one(
        "res.users",
        required=True,
        domain="[('id', 'in', candidate_ids)]",
        compute="_compute_handler_id",
        store=True,
        readonly=False,
    )
    candidate_ids = fields.Many2many("res.users", compute="_compute_candidate_ids")
    note = fields.Text()

    @api.depends("complaint_ids")
    def _compute_handler_id(self):
        for dialog in self:
            dialog.handler_id = dialog.complaint_ids[:1]._propose_handler()

    @api.depends("complaint_ids")
    def _compute_candidate_ids(self):
        handlers = self.env.ref(HANDLER).sudo().all_user_ids
        for dialog in self:
            dialog.candidate_ids = dialog.complaint_ids._without_respondents(handlers)

    def action_assign(self):
        complaints = self.complaint_ids
        complaints.action_assign(self.handler_id, self.note)
        if not complaints.has_access("read"):  # it left the queue of who handed it out
            return self.env["ir.actions.actions"]._for_xml_id("klachtenbeheer.start_page_action")
        return True
