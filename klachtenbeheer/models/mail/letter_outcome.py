from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..letter.letter import FAILED, SENDING, SENT
from ..platform.company import DEFAULT_TZ


class LetterOutcome(models.Model):
    """What the mail server made of a letter: accepted, not yet, refused, or nobody knows.

    The last can't be told from the first by sending again, only by asking: a person decides.
    """

    _inherit = "klachtenbeheer.letter"

    def _as_sender(self):
        """This letter as whoever pressed Send, with all rights: it was theirs to send."""
        user = self.sent_by_id or self.env["res.users"].browse(SUPERUSER_ID)
        letter = self.with_user(user).with_company(self.company_id)
        return letter.with_context(lang=user.lang or self.env.lang).sudo()

    # ---------------------------------------------------------------- what the server said

    def _do_accept(self):
        """The mail server took it: from now on it was sent, and its duty is met."""
        if self.state == SENDING:
            self._do_mark_sent(self.complaint_id._today())
            self._log_sent()
            self._queue_copies()

    def _log_sent(self):
        self.complaint_id._message_log(
            body=self.env._(
                "%(letter)s: sent by %(delivery)s",
                letter=self.name,
                delivery=self._get_delivery_label(),
            )
        )

    def _do_accept_only(self):
        """It was accepted while something on the dossier kept its consequences from being put
        on record."""
        today = self.complaint_id._today()
        self._as_procedure().write(
            {
                "state": SENT,
                "sent_on": today,
                "counts_on": self._get_counts_on(today),
                "failure_reason": False,
                "next_try_on": False,
            }
        )
        self.complaint_id._alert_coordinator(
            self.env._("Sent, but not recorded: %s", self.name),
            self.env._(
                "The letter was delivered to the mail server. What follows from it could not be"
                " recorded on the dossier: record it by hand."
            ),
        )

    def _do_wait(self, reason, next_try):
        self._as_procedure().write({"failure_reason": reason, "next_try_on": next_try})

    def _mark_unsure(self, reason, handed_on):
        """It left, and the mail server did not say that it has it."""
        self._undo_sent(
            {
                "state": SENDING,
                "is_unsure": True,
                "handed_on": handed_on,
                "next_try_on": False,
                "failure_reason": self._describe_evidence(reason, handed_on),
            }
        )
        self.complaint_id._alert_coordinator(
            self.env._("Perhaps delivered: %s", self.name),
            self.env._(
                "Ask the addressee whether the letter arrived, or ask the administrator to look"
                " in the log of the mail server. Then open the letter and say what became of it."
            ),
        )

    def _describe_evidence(self, reason, handed_on):
        """What is known about a letter of which nobody knows whether it arrived."""
        if not handed_on:
            return reason
        return self.env._(
            "%(reason)s This letter had left at %(moment)s. Message-Id: %(id)s",
            reason=reason,
            moment=format_datetime(self.env, handed_on),
            id=self.message_id.message_id or "?",
        )

    def _tell_mismatch(self):
        """The queue of mails says something else than this letter."""
        letter = self._as_sender()
        if letter.state == SENT:
            letter._mark_unsure(
                letter.env._("The letter counted as sent, but its e-mail did not leave."),
                letter.handed_on,
            )
        else:
            letter._mark_failed(letter.env._("Its e-mail is not in the queue any more."))

    # ---------------------------------------------------------------- a person decides

    def action_confirm_delivered(self):
        """These letters did arrive: they were sent on the day on which they left."""
        self.check_access("write")
        self._lock()
        for letter in self:
            letter._check_unsure()
            letter._check_event()
            letter._do_confirm_delivered()

    def _do_confirm_delivered(self):
        letter_su = self.sudo()  # the queue is the platform's
        self.env["mail.mail"].sudo()._get_letter_mails(letter_su).write({"state": "sent"})
        self._do_mark_sent(letter_su._get_day_handed())
        self.complaint_id._message_log(
            body=self.env._(
                "%(letter)s: delivered, says %(user)s", letter=self.name, user=self.env.user.name
            )
        )
        self._queue_copies()

    def _get_day_handed(self):
        """The local date on which it left."""
        today = self.complaint_id._today()
        if not self.handed_on:
            return today
        local = self.with_context(tz=self.company_id.partner_id.tz or DEFAULT_TZ)
        day = fields.Datetime.context_timestamp(local, self.handed_on).date()
        return min(today, max(self.complaint_id.received_on, day))

    def action_send_again(self):
        """These letters did not arrive, or may arrive twice: send them once more, to the
        address or by the way that is filled in now."""
        self.check_access("write")
        self._lock()
        for letter in self:
            letter._check_unsure()
            letter.complaint_id._message_log(
                body=self.env._(
                    "%(letter)s: sent again by %(user)s; it was perhaps delivered before",
                    letter=letter.name,
                    user=self.env.user.name,
                )
            )
        self._as_procedure().write({"state": FAILED, "is_unsure": False})
        return self.action_send()

    def _check_unsure(self):
        if not self.is_unsure:
            raise UserError(self._explain_frozen())
