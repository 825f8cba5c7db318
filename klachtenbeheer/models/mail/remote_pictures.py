import re

from odoo import api, models
from odoo.fields import Domain

from ...tools.remote_content import block_remote_content

OURS = "klachtenbeheer."
WRITTEN = ("email", "comment", "email_outgoing")
# Cheap to ask of the many messages that are one sentence of ours.
MARKUP = re.compile(r"<(?!/?(p|br|div|span|b|i|ul|li)\b[^>\w]*>)|style|url", re.IGNORECASE)


class MailMessage(models.Model):
    """What somebody outside wrote is shown without asking anything of their servers: such a
    request tells them when, where and by whom it was read. Pictures are links instead."""

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._without_remote_content(vals) for vals in vals_list])

    def write(self, vals):
        if vals.get("body") and any(
            (message.model or "").startswith(OURS) for message in self.sudo()
        ):  # of what a message is
            vals = {**vals, "body": self._block_remote_content(vals["body"])}
        return super().write(vals)

    @api.model
    def _without_remote_content(self, vals):
        # of whatever kind: over RPC a message says itself what kind it is
        if not ((vals.get("model") or "").startswith(OURS) and vals.get("body")):
            return vals
        return {**vals, "body": self._block_remote_content(vals["body"])}

    @api.model
    def _block_remote_content(self, body):
        if not MARKUP.search(str(body)):
            return body
        return block_remote_content(str(body), self.env._("Show the picture from {}"))

    @api.model
    def _block_stored_remote_content(self):
        """What arrived before this was so, for an upgrade.

        :return: how many messages were changed
        """
        messages = self.sudo().search(
            Domain("model", "=like", f"{OURS}%")
            & Domain("message_type", "in", WRITTEN)
            & (Domain("body", "ilike", "src=") | Domain("body", "ilike", "url("))
        )
        for message in messages:
            message.body = message.body  # through `write`
        return len(messages)


class MailLinkPreview(models.Model):
    """Looking at an address that somebody wrote tells them that it was read."""

    _inherit = "mail.link.preview"

    @api.model
    def _create_from_message_and_notify(self, message, request_url=None):
        if (message.sudo().model or "").startswith(OURS):  # of what a message is
            return None
        return super()._create_from_message_and_notify(message, request_url=request_url)
