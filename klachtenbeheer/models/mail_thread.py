from odoo import api, models
from odoo.tools import html2plaintext


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """A bounce of a letter's mail: the letter did not arrive (T51)."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        bounced = message_dict["bounced_msg_ids"]
        if bounced:
            # the gateway acts for everybody; the user under whom it runs need not see the
            # dossier, so the platform may not have found the message that bounced
            letters_su = self.env["klachtenbeheer.letter"].sudo()
            letters_su.search([("message_id.message_id", "in", bounced)])._mark_failed(
                html2plaintext(message_dict.get("body") or "")[:2000]
                or self.env._("The e-mail was returned.")
            )
        return result
