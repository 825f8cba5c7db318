import logging
from contextlib import suppress

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import ormcache

from ..policy.published import ChangesStillError
from .letter import DRAFT, POST

_logger = logging.getLogger(__name__)


class LetterTypeByItself(models.Model):
    _inherit = "klachtenbeheer.letter.type"

    sends_itself = fields.Boolean(
        "Sent by itself on registration",
        help="Sent as soon as a complaint is registered, to who has an e-mail address. What"
        " keeps it from being sent leaves the duty open.",
    )


class PolicyByItself(models.Model):
    _inherit = "klachtenbeheer.policy"

    def _get_types_by_themselves(self):
        """The letters that this policy sends by themselves. What is published does not change,
        and is looked up once in a process."""
        with suppress(ChangesStillError):
            ids = self._remember_types_by_themselves()
            return self.env["klachtenbeheer.letter.type"].browse(ids)
        return self._find_types_by_themselves()

    @ormcache("self.id")
    def _remember_types_by_themselves(self):
        self._check_changes_no_more()
        return self.sudo()._find_types_by_themselves()._ids  # whoever registers sends them

    def _find_types_by_themselves(self):
        return self.letter_type_ids.filtered(
            lambda letter_type: letter_type.active and letter_type.sends_itself
        )


class ComplaintByItself(models.Model):
    """Letters that a policy sends on receipt, whatever the day or hour (KK19)."""

    _inherit = "klachtenbeheer.complaint"

    def _send_by_themselves(self):
        """Send the letters that go by themselves, on the road of every other letter."""
        for complaint in self.filtered(lambda complaint: complaint._may_send_by_themselves()):
            for letter_type in complaint.policy_id._get_types_by_themselves():
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
