import smtplib
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.platform.delivery import Delivery
from ..support.common import local_noon
from ..support.letter_common import LetterCase

DELIVERY_LOGGER = "odoo.addons.klachtenbeheer.models.platform.delivery"
GREYLISTED = smtplib.SMTPRecipientsRefused({"kees@example.com": (451, b"greylisted")})
DROPPED = smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


@tagged("post_install", "-at_install")
class TestLetterOutcome(LetterCase):
    """A letter says what the mail server said, and nothing before (issue 9, 15-17)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.file_under(cls.publish_source("ba"))
        cls.read_english()

    def send(self, error=None, handed=False):
        """Send an acknowledgement; an error is what the server does, before or after it got
        the end of the mail."""
        letter = self.prepare(self.complaint, "acknowledgement")
        with self.silent_server() if handed else self.mail_server(bool(error), error):
            letter.action_send()
        return letter

    @contextmanager
    def silent_server(self):
        """A mail server that takes a whole mail and breaks off."""
        with self.mail_server(), patch.object(Delivery, "_offer", fall_silent):
            self.testing_smtp_session.send = lambda data: None
            yield

    def send_later(self, letters):
        """Send letters while nobody works the queue off: they wait in it."""
        with patch.object(Delivery, "_deliver", lambda mails: None):
            for letter in letters:
                letter.action_send()

    def get_mail(self, letter):
        return self.env["mail.mail"].search([("letter_id", "=", letter.id)])

    def assert_open(self, letter):
        """The duty is not met by a letter that did not leave, or perhaps did."""
        self.assertEqual(self.deadline(self.complaint, "acknowledge").state, "running")
        self.assertNotIn("acknowledged", self.codes(self.complaint))
        self.assertFalse(letter.sent_on)

    def alerts(self):
        return self.complaint.activity_ids.mapped("summary")

    # ---------------------------------------------------------------- waiting

    def test_until_the_server_accepted_it_is_being_sent(self):
        letter = self.prepare(self.complaint, "acknowledgement")
        self.send_later(letter)
        self.assertEqual(letter.state, "sending")
        self.assert_open(letter)
        with self.assertRaisesRegex(UserError, "is being sent right now"):
            letter.action_send()
        with self.mail_server():
            self.get_mail(letter).send()
        self.assertEqual(letter.state, "sent")
        self.assertEqual(letter.event_id.user_id, self.users["handler"])
        self.assertEqual(self.deadline(self.complaint, "acknowledge").state, "met")

    def test_a_letter_being_sent_is_not_written_again(self):
        letter = self.prepare(self.complaint, "acknowledgement")
        self.send_later(letter)
        action = self.complaint.action_open_letter("acknowledgement")
        self.assertEqual(action["res_id"], letter.id)
        self.assertIn("Being sent", self.complaint._get_next_step()["label"])

    def test_a_temporary_refusal_is_tried_again_with_growing_pauses_for_a_day(self):
        with local_noon("2026-11-23"):
            letter = self.send(GREYLISTED)
            started = fields.Datetime.now()
        pauses, now = [], started
        while letter.state == "sending":
            self.assert_open(letter)
            self.assertIn("451 greylisted", letter.failure_reason)
            mail = self.get_mail(letter)
            self.assertEqual(letter.next_try_on, mail.scheduled_date)
            pauses.append(letter.next_try_on - now)
            now = letter.next_try_on
            with (
                self.mail_server(True, GREYLISTED),
                patch.object(fields.Datetime, "now", lambda moment=now: moment),
            ):
                mail.send()
        self.assertEqual(letter.state, "failed")
        self.assertEqual(pauses, sorted(pauses))
        self.assertEqual(pauses[0], timedelta(minutes=5))
        self.assertGreaterEqual(now - started, timedelta(days=1))
        self.assertLess(now - started, timedelta(days=2))

    def test_a_server_that_breaks_off_before_the_end_gets_it_again(self):
        letter = self.send(DROPPED)
        self.assertEqual(letter.state, "sending")
        self.assertFalse(letter.is_unsure)
        self.assertIn("broke off the connection", letter.failure_reason)
        self.assertNotIn("unexpectedly", letter.failure_reason)
        with self.mail_server():
            self.get_mail(letter).send()
        self.assertEqual(letter.state, "sent")
        self.assertFalse(letter.failure_reason)

    # ---------------------------------------------------------------- perhaps delivered

    def test_a_server_that_falls_silent_after_the_end_leaves_it_to_a_person(self):
        letter = self.send(handed=True)
        self.assertEqual((letter.state, letter.is_unsure), ("sending", True))
        self.assert_open(letter)
        self.assertIn(letter.message_id.message_id, letter.failure_reason)
        self.assertEqual(len([text for text in self.alerts() if "Perhaps" in (text or "")]), 1)
        with self.mail_server():
            self.env["mail.mail"]._deliver_waiting()
            self.get_mail(letter).send()
        self.assertFalse(self._mails, "it is not sent again by itself")
        self.assertTrue(letter.is_unsure)
        with self.assertRaisesRegex(UserError, "from the letter itself"):
            self.get_mail(letter).mark_outgoing()
        with self.assertRaisesRegex(UserError, "perhaps delivered"):
            letter.action_send()

    def test_a_person_says_that_it_was_delivered(self):
        letter = self.send(handed=True)
        letter.action_confirm_delivered()
        self.assertRecordValues(letter, [{"state": "sent", "is_unsure": False}])
        self.assertEqual(self.deadline(self.complaint, "acknowledge").state, "met")
        self.env["mail.mail"]._deliver_waiting()
        self.assertEqual(letter.state, "sent")
        with self.assertRaisesRegex(UserError, "was sent on"):
            letter.action_confirm_delivered()

    def test_a_person_sends_it_again_to_a_better_address(self):
        letter = self.send(handed=True)
        letter.addressee_email = "kees.klager@example.com"
        with self.mail_server():
            letter.action_send_again()
        self.assertEqual(letter.state, "sent")
        self.assertEqual(self._mails[0]["email_to"], ["kees.klager@example.com"])
        self.assertEqual(self.codes(self.complaint).count("acknowledged"), 1)

    def test_what_a_process_left_behind_is_found(self):
        letter = self.prepare(self.complaint, "acknowledgement")
        self.send_later(letter)
        mail = self.get_mail(letter)
        mail._mark_handed()  # and then it died
        with self.mail_server():
            self.env["mail.mail"]._deliver_waiting()
        self.assertTrue(letter.is_unsure)
        self.assertNotIn(["kees@example.com"], [sent["email_to"] for sent in self._mails])

    def test_a_bounce_settles_a_doubt(self):
        letter = self.send(handed=True)
        letter.sudo()._mark_failed("user unknown")
        self.assertRecordValues(letter, [{"state": "failed", "is_unsure": False}])

    # ---------------------------------------------------------------- accepted

    @mute_logger(DELIVERY_LOGGER)
    def test_what_was_accepted_counts_as_sent_whatever_follows(self):
        letter = self.prepare(self.complaint, "acknowledgement")
        refuse = patch.object(type(self.complaint), "_record_event", side_effect=UserError("No"))
        with self.mail_server(), refuse:
            letter.action_send()
        self.assertEqual(letter.state, "sent")
        self.assertFalse(letter.event_id)
        self.assertTrue([text for text in self.alerts() if "not recorded" in (text or "")])

    def test_what_can_not_be_recorded_is_not_sent(self):
        letter = self.send(smtplib.SMTPRecipientsRefused({"k": (550, b"unknown")}))
        self.assertEqual(letter.state, "failed")
        for duty in self.complaint.deadline_ids.filtered("is_open"):
            self.complaint._waive(duty.term_id, "Niet nodig.")
        self.complaint.outcome = "settled"
        self.complaint.record_event("closed")
        with self.mail_server(), self.assertRaisesRegex(UserError, "closed"):
            letter.action_send()
        self.assertFalse(self._mails)

    # ---------------------------------------------------------------- others

    def test_one_that_fails_holds_up_no_other(self):
        letters = self.prepare(self.complaint, "acknowledgement")
        for number in range(3):
            complaint = self.file_under(
                self.complaint.policy_id, complainant_email=f"k{number}@example.com"
            )
            letters |= self.prepare(complaint, "acknowledgement")
        self.send_later(letters)
        with self.mail_server(failing="kees@example.com", error=DROPPED):
            self.get_mails(letters).send()
        self.assertEqual(letters.mapped("state"), ["sending", "sent", "sent", "sent"])

    def get_mails(self, letters):
        return self.env["mail.mail"].search([("letter_id", "in", letters.ids)], order="id")

    # ---------------------------------------------------------------- the queue says otherwise

    def test_a_sent_letter_of_which_the_mail_failed_is_found(self):
        """As the platform left them before: the daily check is for what nobody foresaw."""
        letter = self.send()
        mail = self.get_mail(letter)
        self.env.cr.execute("UPDATE mail_mail SET state = 'exception' WHERE id = %s", [mail.id])
        mail.invalidate_recordset()
        self.env["mail.mail"]._deliver_waiting()
        self.assertTrue(letter.is_unsure)
        self.assert_open(letter)

    def test_a_letter_whose_mail_is_gone_is_found(self):
        letter = self.prepare(self.complaint, "acknowledgement")
        self.send_later(letter)
        self.env.cr.execute("DELETE FROM mail_mail WHERE letter_id = %s", [letter.id])
        self.env.invalidate_all()
        self.env["mail.mail"]._deliver_waiting()
        self.assertEqual(letter.state, "failed")
        self.assert_open(letter)


def fall_silent(mail, _server, _alias_domain, session):
    """Get the whole mail and break off."""
    session.send(b"text\r\n.\r\n")
    raise DROPPED
