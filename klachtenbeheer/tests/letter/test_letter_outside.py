from base64 import b64encode

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.letter_common import LetterCase

SCAN = b"%PDF-1.4 een gescande brief"


@tagged("post_install", "-at_install")
class TestLetterOutside(LetterCase):
    """A letter that left outside the product is on the dossier as sent, with scan and date."""

    def setUp(self):
        super().setUp()
        self.read_english()
        with local_noon("2026-06-01"):
            self.complaint = self.file_under(self.publish_source("sb"))

    def put(self, letter, sent_on="2026-06-03", scan=SCAN, **vals):
        with local_noon("2026-06-08"):
            dialog = (
                self.env["klachtenbeheer.letter.outside"]
                .with_user(letter.env.user)
                .create(
                    {
                        "letter_id": letter.id,
                        "sent_on": sent_on,
                        "scan": b64encode(scan),
                        **vals,
                    }
                )
            )
            dialog.action_confirm()

    def test_it_meets_the_duty_on_the_day_it_counts(self):
        letter = self.prepare(self.complaint, "acknowledgement")
        with self.mail_server():
            self.put(letter)
        self.assertFalse(self._new_mails, "nothing is sent now")
        self.assertEqual(letter.state, "sent")
        self.assertEqual(str(letter.sent_on), "2026-06-03")
        self.assertEqual(str(letter.counts_on), "2026-06-05", "by post two werkdagen later")
        self.assertEqual(letter.attachment_id.raw, SCAN)
        event = self.complaint.event_ids.filtered(lambda line: line.code == "acknowledged")
        self.assertEqual((event.letter_id, str(event.sent_on)), (letter, "2026-06-03"))
        self.assertEqual(self.deadline(self.complaint, "acknowledge").state, "met")

    def test_a_decision_still_needs_its_content_and_approval(self):
        """SB29, SB38: by hand on paper is no way around either."""
        letter = self.prepare(self.complaint, "decision")
        with self.assertRaisesRegex(UserError, "needs approval first, by: directie"):
            self.put(letter)
        as_director = self.as_role(letter, "director")
        with self.assertRaisesRegex(UserError, "Findings"):
            letter.sudo()._raise_missing(letter._get_missing_content())
        self.investigate(self.complaint)
        letter.action_submit()
        as_director.action_approve()
        self.put(letter)
        self.assertEqual(letter.approved_by_id, self.users["director"])
        self.assertIn("decided", self.complaint.event_ids.mapped("code"))

    def test_what_is_no_pdf_or_lies_ahead_is_refused(self):
        letter = self.prepare(self.complaint, "acknowledgement")
        for words, vals in (
            ("as a PDF", {"scan": b"<html>"}),
            ("until today", {"sent_on": "2026-06-09"}),
            ("until today", {"sent_on": "2026-05-29"}),
        ):
            with self.assertRaisesRegex(UserError, words):
                self.put(letter, **vals)
        self.assertEqual(letter.state, "draft")
