from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..letter.letter import FAILED, SENT


class MailMail(models.Model):
    """Outgoing mails that carry a letter: the letter knows whether it left."""

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

    def _send(self, auto_commit=False, **options):
        """A letter leaves through one process only: the platform marks a mail as being sent
        without locking it, so that a second worker on the queue would send it again."""
        letters_su = self.filtered("letter_id").sudo()  # whoever works the queue off
        for mail_su in letters_su:
            if mail_su._take():
                super(MailMail, mail_su)._send(auto_commit=auto_commit, **options)
        others = self - letters_su.sudo(False)
        return super(MailMail, others)._send(auto_commit=auto_commit, **options)

    def _take(self):
        """Lock this mail until the transaction ends; false where another process has it or had
        it since this transaction began."""
        self.invalidate_recordset(["state"])
        try:
            with self.env.cr.savepoint():
                return bool(self.try_lock_for_update())
        except SerializationFailure:
            return False

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        """Attach the PDF on its way out: on the message it would be open to every reader of
        the dossier, also where the letter itself is not."""
        emails = super()._prepare_outgoing_list(
            mail_server=mail_server, doc_to_followers=doc_to_followers
        )
        letter_su = self.letter_id.sudo()  # the queue sends what the letter prepared
        by_mail = letter_su.delivery == "email" or self.is_letter_copy
        if by_mail and letter_su.audience != "internal":
            pdf = letter_su.attachment_id
            for email in emails:
                email["attachments"] = [*email["attachments"], (pdf.name, pdf.raw, pdf.mimetype)]
        return emails

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """A mail that was not accepted is a letter that did not arrive (T51)."""
        failed = self.filtered(lambda mail: mail.letter_id and mail.state == "exception")
        for mail in failed:
            reason = failure_reason or mail.failure_reason or failure_type
            letter_su = mail.letter_id.sudo()  # whoever runs the queue
            if mail.is_letter_copy:
                letter_su._mark_copy_failed()
            else:
                letter_su._mark_failed(reason)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )

    def write(self, vals):
        if vals.get("state") == "outgoing":
            self._check_not_failed()
        if vals.get("state") == "cancel":
            # whoever may cancel a mail
            letters_su = self.filtered(lambda mail: not mail.is_letter_copy).letter_id.sudo()
            letters_su._mark_failed(self.env._("The e-mail was cancelled before it was sent."))
        return super().write(vals)

    def _check_not_failed(self):
        """A letter that did not arrive is sent again from the letter, or it would go twice."""
        letters_su = self.filtered(lambda mail: not mail.is_letter_copy).letter_id.sudo()
        if any(letter.state == FAILED for letter in letters_su):
            raise UserError(
                self.env._("This letter did not arrive. Send it again from the letter itself.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_waiting_letter(self):
        waiting = self.filtered(lambda mail: mail.state == "outgoing" and mail.letter_id)
        if any(letter.state == SENT for letter in waiting.letter_id.sudo()):
            raise UserError(
                self.env._("This e-mail carries a letter that is still to be sent; cancel it.")
            )
