import logging

from odoo import fields, models
from odoo.exceptions import UserError

from .letter import DRAFT, POST

_logger = logging.getLogger(__name__)


class LetterTypeByItself(models.Model):
    _inherit = "klachtenbeheer.letter.type"

    sends_itself = fields.Boolean(
        "Sent by itself on registration",
        help="Sent as soon as a complaint is registered, to who has an e-mail address. What"
        " keeps it from being sent leaves the duty open.",
    )


class ComplaintByItself(models.Model):
    """Letters that a policy sends on receipt, whatever the day or hour (KK19)."""

    _inherit = "klachtenbeheer.complaint"

    def _send_by_themselves(self):
        """Send the letters that go by themselves, on the road of every other letter."""
        for complaint in self.filtered(lambda complaint: complaint._may_send_by_themselves()):
            types = complaint.policy_id.letter_type_ids.filtered(
                lambda letter_type: letter_type.active and letter_type.sends_itself
            )
            for letter_type in types:
                complaint._send_by_itself(letter_type)

    def _may_send_by_themselves(self):
        """Not before somebody decided that it is a complaint under this policy; and what is
        loaded from a data file mails nobody."""
        if self.env.context.get("install_mode"):
            return False
        return self.triage_done and self.nature == "complaint" and not self.is_closed

    def _send_by_itself(self, letter_type):
        refusal = False
        try:
            with self.env.cr.savepoint():
                letter = self.prepare_letter(letter_type.code)
                if letter.state == DRAFT and letter.delivery != POST:
                    letter.action_send()
        except UserError as error:
            refusal = str(error)
        if refusal:
            # the duty stays, and somebody is asked for it as for any other
            _logger.info("%s: %s is not sent by itself", self.name, letter_type.code)
            self._message_log(
                body=self.env._(
                    "%(letter)s was not sent by itself. %(reason)s",
                    letter=letter_type.name,
                    reason=refusal,
                )
            )
