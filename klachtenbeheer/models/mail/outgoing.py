from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.plain_text import to_plain_text
from ..letter.letter import FAILED, POST, SENDING, SENT


class MailMail(models.Model):
    """Outgoing mails that carry a letter: what the mail server says of them is what the letter
    says."""

    _inherit = "mail.mail"

    letter_id = fields.Many2one(
        "klachtenbeheer.letter",
        "Complaint letter",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    is_letter_copy = fields.Boolean(
        readonly=True, help="Carries a copy for who assists the complainant."
    )

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Attach the PDF on its way out: on the message it would be open to every reader of
        the dossier, also where the letter itself is not. And say the same in plain text."""
        emails = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        letter_su = self.letter_id.sudo()  # the queue sends what the letter prepared
        by_mail = letter_su.delivery == "email" or self.is_letter_copy
        if by_mail and letter_su.audience != "internal":
            pdf = letter_su.attachment_id
            for email in emails:
                email["attachments"] = [*email["attachments"], (pdf.name, pdf.raw, pdf.mimetype)]
        if self.is_complaint_mail:
            for email in emails:
                email["body_alternative"] = to_plain_text(email["body"])
        return emails

    # ---------------------------------------------------------------- what came of it

    def _get_own_letter(self):
        """The letter that this mail is for, as who sent it; empty for a copy."""
        letter_su = self.letter_id.sudo()  # whoever runs the queue
        return (
            letter_su._as_sender() if letter_su and not self.is_letter_copy else letter_su.browse()
        )

    def _may_leave(self):
        if not super()._may_leave():
            return False
        letter = self._get_own_letter()
        return not letter or (letter.state == SENDING and not letter.is_unsure)

    def _do_accept(self):
        if letter := self._get_own_letter():
            letter._do_accept()
        return super()._do_accept()

    def _do_accept_only(self):
        if letter := self._get_own_letter():
            letter._do_accept_only()
        return super()._do_accept_only()

    def _do_wait(self, outcome):
        next_try = super()._do_wait(outcome)
        if next_try and (letter := self._get_own_letter()):
            letter._do_wait(self._describe(outcome), next_try)
        return next_try

    def _do_fail(self, outcome):
        if self.is_letter_copy:
            self.letter_id.sudo()._mark_copy_failed()  # whoever runs the queue
        elif letter := self._get_own_letter():
            letter._mark_failed(self._describe(outcome))
        return super()._do_fail(outcome)

    def _do_doubt(self, outcome):
        letter = self._get_own_letter()
        if not letter:
            return super()._do_doubt(outcome)
        letter._mark_unsure(self._describe(outcome), self.handed_on)
        self.write({"handed_on": False, "failure_reason": self._describe(outcome)})
        return None

    def _get_letter_mails(self, letters):
        """The mails of letters themselves, not of copies, the first try first."""
        domain = Domain("letter_id", "in", letters.ids) & Domain("is_letter_copy", "=", False)
        return self.search(domain, order="id")

    # ---------------------------------------------------------------- by hand

    def write(self, vals):
        if vals.get("state") == "outgoing":
            self._check_not_settled()
        if vals.get("state") == "cancel":
            # whoever may cancel a mail
            waiting = self.filtered(
                lambda mail: mail.state == "outgoing" and not mail.is_letter_copy
            )
            waiting.letter_id.sudo()._mark_failed(
                self.env._("The e-mail was cancelled before it was sent.")
            )
        return super().write(vals)

    def _check_not_settled(self):
        """A letter that did not arrive, or perhaps did, is sent again from the letter, or it
        would go twice."""
        letters_su = self.filtered(lambda mail: not mail.is_letter_copy).letter_id.sudo()
        if any(letter.state in (FAILED, SENT) or letter.is_unsure for letter in letters_su):
            raise UserError(
                self.env._("This letter did not arrive. Send it again from the letter itself.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waiting_letter(self):
        waiting = self.filtered(
            lambda mail: mail.letter_id and (mail.state == "outgoing" or mail.handed_on)
        )
        if any(letter.state == SENDING for letter in waiting.letter_id.sudo()):
            raise UserError(
                self.env._("This e-mail carries a letter that is still to be sent; cancel it.")
            )

    # ---------------------------------------------------------------- check

    @api.model
    def _check_letters(self):
        """Letters of which the queue says something else: one that is being sent and has no
        mail any more, one that was sent while its mail says that it was not."""
        result = super()._check_letters()
        letters = self.env["klachtenbeheer.letter"]
        for letter in letters.search(
            Domain("state", "=", SENDING) & Domain("is_unsure", "=", False)
        ):
            if not self._get_letter_mails(letter).filtered(
                lambda mail: mail.state == "outgoing" or mail.handed_on
            ):
                letter._tell_mismatch()
        refused = self.search(
            Domain("letter_id.state", "=", SENT)
            & Domain("letter_id.delivery", "!=", POST)
            & Domain("is_letter_copy", "=", False)
            & Domain("state", "in", ("outgoing", "exception"))
        )
        for mail in refused:
            if mail == self._get_letter_mails(mail.letter_id)[-1:]:  # not an earlier try
                mail.letter_id._tell_mismatch()
        return result
