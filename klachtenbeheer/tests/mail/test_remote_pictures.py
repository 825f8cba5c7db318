import json
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from ..support.mail_common import MailCase
from ..support.mail_corpus import KEES, REFERENCE, html

TRACKED = (
    "<p>Zie mijn foto <img src='https://spoor.example/a.png?id=1'></p>"
    "<table background='https://spoor.example/b'><tr><td style='background:url(https://spoor.example/c)'>"
    "x</td></tr></table><link rel='prefetch' href='https://spoor.example/d'>"
    "<svg><image href='https://spoor.example/e'/></svg>"
)


@tagged("post_install", "-at_install")
class TestRemotePictures(MailCase, HttpCase):
    """Opening a dossier tells nobody outside that it was opened (issue 9, 5)."""

    def assert_asks_nothing(self, shown):
        self.assertIn("Zie mijn foto", shown)
        self.assertEqual(shown.count("spoor.example/a"), 1, "as a link")
        self.assertIn('href="https://spoor.example/a.png?id=1"', shown)
        for name in ("b", "c", "d"):
            self.assertNotIn(f"spoor.example/{name}", shown)
        self.assertNotIn("<img", shown)

    def test_a_reply_on_a_dossier(self):
        self.assertEqual(
            self.receive(html(TRACKED, sender=KEES, subject=f"Re: {REFERENCE}")), "reply"
        )
        self.assert_asks_nothing(str(self.message.body))

    def test_a_complaint_by_mail(self):
        complaint = self.register_html()
        message = complaint.message_ids.filtered(lambda line: line.message_type == "email")
        self.assert_asks_nothing(str(message.body))
        self.assertNotIn("<img", complaint.description)

    def register_html(self):
        self.assertEqual(self.receive(html(TRACKED)), "complaint")
        return self.complaint

    def test_as_served_to_who_opens_the_dossier(self):
        complaint = self.register_html()
        self.users["coordinator"].password = "wachtwoord-coordinator"
        self.authenticate(self.users["coordinator"].login, "wachtwoord-coordinator")
        params = {"thread_model": complaint._name, "thread_id": complaint.id}
        answer = self.url_open(
            "/mail/thread/messages",
            data=json.dumps({"jsonrpc": "2.0", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        messages = answer.json()["result"]["data"]["mail.message"]
        [body] = [str(line["body"]) for line in messages if "Zie mijn foto" in str(line["body"])]
        self.assert_asks_nothing(body)

    def test_what_is_put_on_a_dossier_from_the_queue(self):
        self.assertTrue(
            self.receive(html(TRACKED, List_Id="<groep.example.com>")).startswith("queue")
        )
        self.assertNotIn("<", self.kept.text)
        self.kept.sudo()._post_kept(self.dossier.sudo(), by_complainant=True)
        message = self.dossier.message_ids.filtered(lambda line: "Zie mijn" in (line.body or ""))
        self.assert_asks_nothing(str(message.body))

    def test_a_message_that_is_changed(self):
        complaint = self.register_html()
        message = complaint.message_ids.filtered(lambda line: line.message_type == "email")
        message.body = TRACKED
        self.assert_asks_nothing(str(message.body))

    def test_a_message_of_any_kind(self):
        for kind in ("notification", "comment", "auto_comment", "email"):
            with self.subTest(kind=kind):
                message = self.dossier.with_user(self.users["coordinator"]).message_post(
                    body=TRACKED, body_is_html=True, message_type=kind
                )
                self.assert_asks_nothing(str(message.body))

    def test_the_server_looks_at_no_address_either(self):
        complaint = self.register_html()
        message = complaint.message_ids.filtered(lambda line: line.message_type == "email")
        previews = self.env["mail.link.preview"]
        with patch("requests.Session.request", side_effect=AssertionError) as asked:
            previews._create_from_message_and_notify(message)
        asked.assert_not_called()

    def test_what_arrived_before(self):
        complaint = self.register_html()
        message = complaint.message_ids.filtered(lambda line: line.message_type == "email")
        self.env.cr.execute(
            "UPDATE mail_message SET body = %s WHERE id = %s", [TRACKED, message.id]
        )
        self.env.invalidate_all()
        self.assertTrue(self.env["mail.message"]._block_stored_remote_content())
        self.assert_asks_nothing(str(message.body))
