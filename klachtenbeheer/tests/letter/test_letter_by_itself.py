from odoo.tests import tagged

from ..support.common import local_noon
from ..support.letter_common import LetterCase

SUNDAY = "2026-06-14"


@tagged("post_install", "-at_install")
class TestLetterByItself(LetterCase):
    """A policy can have its acknowledgement sent on receipt, by nobody (KK19)."""

    def file_on_sunday(self, source="kk", failing=False, **vals):
        policy = self.publish_source(source)
        with local_noon(SUNDAY), self.mail_server(failing=failing):
            employee = self.users["employee"]
            return (
                self.env["klachtenbeheer.complaint"]
                .with_user(employee)
                .create(
                    {
                        "policy_id": policy.id,
                        "channel": "web",
                        "description": "De hulp kwam niet.",
                        "complainant_name": "Kees Klager",
                        "complainant_email": "kees@example.com",
                        "complainant_lang": "nl_NL",
                        **vals,
                    }
                )
                .with_env(self.env)
            )

    def test_a_complaint_on_sunday_is_acknowledged_on_sunday(self):
        complaint = self.file_on_sunday()
        letter = complaint.letter_ids
        self.assertRecordValues(letter, [{"state": "sent", "delivery": "email"}])
        self.assertEqual(str(letter.sent_on), SUNDAY)
        self.assertTrue(letter.attachment_id)
        self.assertEqual(self.deadline(complaint, "acknowledge").state, "met")

    def test_other_policies_leave_it_to_people(self):
        self.assertFalse(self.file_on_sunday("ba").letter_ids)

    def test_what_can_not_be_sent_leaves_the_duty_open(self):
        """Nobody to write to by e-mail, or nothing that the complainant can read."""
        by_post = {"complainant_email": False, "complainant_address": "Dorpsstraat 2\n7411 AB D"}
        for vals in (by_post, {"channel": "phone"}):
            complaint = self.file_on_sunday(**vals)
            self.assertNotIn("sent", complaint.letter_ids.mapped("state"))
            self.assertTrue(self.deadline(complaint, "acknowledge").is_open)

    def test_an_anonymous_complaint_is_registered(self):
        complaint = self.file_on_sunday(
            is_anonymous=True, complainant_name=False, complainant_email=False
        )
        self.assertNotIn("sent", complaint.letter_ids.mapped("state"))
