from odoo import api, fields, models
from odoo.exceptions import UserError


class MessageCompose(models.TransientModel):
    """Dialog: a message that the complainant reads on the portal. Not the platform's own
    composer: that one mails its text to every follower."""

    _name = "klachtenbeheer.message.compose"
    _description = "Message to the Complainant"

    complaint_id = fields.Many2one("klachtenbeheer.complaint", required=True, readonly=True)
    body = fields.Text("Message", required=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    way = fields.Selection(
        [
            ("account", "Read after logging in; an e-mail says that there is a message"),
            ("none", "The complainant has no account: write a letter or call"),
        ],
        "How it is read",
        compute="_compute_way",
    )

    @api.depends("complaint_id")
    def _compute_way(self):
        for dialog in self:
            dialog.way = dialog.complaint_id._get_message_way()

    def action_send(self):
        """Put the message in the conversation and tell the complainant that there is one.

        :raise UserError: it is empty, or nobody would read it
        """
        for dialog in self:
            if not (dialog.body or "").strip():
                raise UserError(self.env._("Write a message."))
            dialog.complaint_id._post_to_complainant(dialog.body.strip(), dialog.attachment_ids)
        return {"type": "ir.actions.act_window_close"}
