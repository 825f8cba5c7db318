import logging
from xmlrpc.client import Binary

from odoo import api, models
from odoo.tools import html2plaintext

from ...tools.incoming import FAILED, IncomingMail, get_delivery

_logger = logging.getLogger(__name__)

COMPLAINT = "klachtenbeheer.complaint"


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        """Mail for a policy or a dossier is sorted by us, so that it always ends somewhere;
        what the caller says about model or thread is no way around that."""
        mail = IncomingMail(self._get_raw_mail(message))
        # a mail has no rights; sorting decides what it may do
        incoming_su = self.env["klachtenbeheer.incoming"].sudo()
        options = {
            "custom_values": custom_values,
            "save_original": save_original,
            "strip_attachments": strip_attachments,
            "thread_id": thread_id,
        }
        if not incoming_su._is_ours(mail, model):
            return super().message_process(model, message, **options)
        if model != COMPLAINT and incoming_su._has_other_addressees(mail):
            # other parts of the platform know the same mail; what goes wrong there is theirs
            try:
                with self.env.cr.savepoint():
                    others = self.with_context(complaints_sorted=True)
                    super(MailThread, others).message_process(model, message, **options)
            except Exception:
                _logger.exception("Mail %s was sorted for complaints only", mail.message_id)
        return incoming_su._receive(mail)

    def _get_raw_mail(self, message):
        if isinstance(message, Binary):
            return bytes(message.data)
        return message.encode("utf-8", "surrogateescape") if isinstance(message, str) else message

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        routes = super().message_route(
            message, message_dict, model=model, thread_id=thread_id, custom_values=custom_values
        )
        if self.env.context.get("complaints_sorted"):
            return [route for route in routes if route[0] != COMPLAINT]
        return routes

    def _routing_create_bounce_email(self, email_from, body_html, message, **mail_values):
        """Mail about complaints is sorted by a person instead of being sent back."""
        if self.env.context.get("complaint_no_bounce"):
            return None
        return super()._routing_create_bounce_email(email_from, body_html, message, **mail_values)

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """A bounce of a letter's mail: the letter did not arrive (T51)."""
        if get_delivery(email_message) != FAILED:
            return None  # a server tells that a mail is late, or has arrived
        result = super()._routing_handle_bounce(email_message, message_dict)
        bounced = message_dict["bounced_msg_ids"]
        if bounced:
            # the gateway acts for everybody; the user under whom it runs need not see the
            # dossier, so the platform may not have found the message that bounced
            letters_su = self.env["klachtenbeheer.letter"].sudo()
            letters_su = letters_su.search([("message_id.message_id", "in", bounced)])
            letters_su._mark_failed(
                html2plaintext(message_dict.get("body") or "")[:2000]
                or self.env._("The e-mail was returned.")
            )
            if not letters_su:
                self._tell_of_bounce(bounced)
        return result

    def _tell_of_bounce(self, message_ids):
        """Another mail about a dossier came back: somebody checks the address."""
        # as above
        messages_su = self.env["mail.message"].sudo()
        messages_su = messages_su.search(
            [("message_id", "in", message_ids), ("model", "=", COMPLAINT)]
        )
        complaints_su = self.env[COMPLAINT].sudo().browse(messages_su.mapped("res_id")).exists()
        complaints_su._alert_coordinator(
            self.env._("An e-mail about this complaint was returned"),
            self.env._("Check the address."),
        )
