import logging
import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import hash_sign

from ...controllers.public_page import WithoutAddress
from ..intake.test_public_form import PDF
from ..support.common import local_noon
from ..support.public_common import DRIVER, PublicCase

QUESTION = "Op welke dag was dat?"
LOG_LINE = '192.0.2.7 - - [21/Nov/2026 07:00:00] "POST /klacht/proef HTTP/1.1" 200 -'
THROTTLE_TIME = "odoo.addons.klachtenbeheer.models.portal.throttle.time.time"


@tagged("post_install", "-at_install")
class TestPublicFollow(PublicCase):
    """Who has the code follows a complaint and answers, without telling who it is."""

    def setUp(self):
        super().setUp()
        self.confirmation, self.complaint = self.file_in_public(is_anonymous="1")

    def ask(self, text=QUESTION, role="coordinator", **vals):
        """Somebody writes to the complainant, with the dialog."""
        dialog = self.as_role(self.env["klachtenbeheer.message.compose"], role).create(
            {"complaint_id": self.complaint.id, "body": text, **vals}
        )
        dialog.action_send()

    # ---------------------------------------------------------------- round trip

    @local_noon("2026-11-03")
    def test_an_anonymous_sender_is_asked_and_answers(self):
        self.confirmation, self.complaint = self.file_in_public(is_anonymous="1")
        self.ask()
        page = self.open_with(self.confirmation.code)
        self.assertEqual(page.status, 200)
        self.assertIn(QUESTION, page.text)
        self.assertRegex(page.text, r"17 [Nn]ovember 2026")
        page = self.send(page, text="Dinsdag.", answer="1", files=[("bus.pdf", PDF)])
        self.assertIn("Dinsdag.", page.text)
        self.assertIn("bus.pdf", page.text)
        [_question, answer] = self.complaint._get_conversation()
        self.assertIn("Dinsdag.", answer.body)
        self.assertFalse(answer.author_id)
        self.assertIn("invalid", answer.email_from)
        # the handler sees it and is told
        self.assertIn(answer, self.as_role(self.complaint, "coordinator").message_ids)
        self.assertTrue(self.complaint.activity_ids)

    def test_opening_the_page_is_on_record_without_an_account(self):
        """Also where the browser is logged in as somebody."""
        self.open_with(self.confirmation.code)
        readings = self.env["klachtenbeheer.reading"].search([("what", "=", "own_page")])
        self.assertEqual(readings.dossier_id, self.complaint.id)
        self.assertEqual(readings.user_id, self.env.ref("base.public_user"))

    def test_the_code_is_kept_hashed_only(self):
        code = self.confirmation.code.replace("-", "")
        self.env.cr.execute("SELECT * FROM klachtenbeheer_access_code")
        kept = str(self.env.cr.fetchall())
        self.assertNotIn(code[6:], kept)
        self.assertIn(code[:6], kept)

    def test_a_code_is_read_as_people_type_it(self):
        code = self.confirmation.code
        for typed in (code.lower(), code.replace("-", " "), f"  {code} ", code.replace("0", "o")):
            with self.subTest(typed):
                self.assertIn(self.complaint.name, self.open_with(typed).text)

    def test_internal_notes_and_other_messages_are_not_shown(self):
        secret = "Dit gaat de klager niet aan"
        self.complaint.message_post(body=secret)
        self.complaint.message_post(
            body=secret, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        attachment = self.env["ir.attachment"].create(
            {
                "name": "geheim.pdf",
                "raw": PDF,
                "res_model": self.complaint._name,
                "res_id": self.complaint.id,
            }
        )
        page = self.open_with(self.confirmation.code)
        self.assertNotIn(secret, page.text)
        self.assertNotIn("geheim", page.text)
        ticket = page.value("ticket")
        for key in (f"file-{attachment.id}", "file-1", "letter-1", "onzin"):
            response = self.url_open("/klacht/volgen", data={"ticket": ticket, "download": key})
            self.assertEqual(response.status_code, 404)

    def test_files_of_the_conversation_are_for_the_sender(self):
        attachment = self.as_role(self.env["ir.attachment"], "coordinator").create(
            {"name": "rooster.pdf", "raw": PDF, "res_model": "klachtenbeheer.message.compose"}
        )
        self.ask(attachment_ids=[(6, 0, attachment.ids)])
        attachment = self.complaint._get_conversation().attachment_ids
        page = self.open_with(self.confirmation.code)
        response = self.url_open(
            "/klacht/volgen",
            data={"ticket": page.value("ticket"), "download": f"file-{attachment.id}"},
        )
        self.assertEqual(response.content, PDF)
        self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_an_answer_sent_twice_is_one_message(self):
        page = self.open_with(self.confirmation.code)
        self.send(page, text="Dinsdag.", answer="1")
        again = self.send(page, text="Dinsdag.", answer="1")
        self.assertEqual(again.text.count("Dinsdag."), 1)
        self.assertEqual(len(self.complaint._get_conversation()), 1)

    def test_an_empty_answer_or_a_virus_is_explained_and_the_text_kept(self):
        page = self.open_with(self.confirmation.code)
        self.assertEqual(self.send(page, answer="1").error_links(), ["#kb-text"])
        page = self.send(
            page, text="Zie de foto's.", answer="1", files=[("a.exe", b"MZ"), ("b.pdf", PDF)]
        )
        self.assertEqual(page.error_links(), ["#kb-files"])
        self.assertEqual(page.value("text"), "Zie de foto's.")
        self.send(page, answer="1")
        [message] = self.complaint._get_conversation()
        self.assertEqual(message.attachment_ids.mapped("name"), ["b.pdf"])

    def test_a_closed_complaint_can_still_be_read(self):
        self.complaint.outcome = "withdrawn"
        self.complaint.record_event("withdrawn")
        self.complaint.record_event("closed")
        page = self.open_with(self.confirmation.code)
        self.assertEqual(page.status, 200)
        self.assertIn("Wilt u dat wij er nog eens naar kijken?", page.text)
        self.assertIn("Waarom moeten wij er nog eens naar kijken?", page.text)
        self.assertIn(self.complaint._get_contact_line(), page.text)

    def test_how_to_reopen_is_said_of_what_is_closed_only(self):
        page = self.open_with(self.confirmation.code)
        self.assertNotIn("look at it again", page.text)

    # ---------------------------------------------------------------- wrong codes

    def test_a_wrong_code_opens_nothing_and_is_slowed_down(self):
        right = self.confirmation.code
        wrong = right[:-1] + ("A" if right[-1] != "A" else "B")
        for _try in range(5):
            page = self.open_with(wrong)
            self.assertEqual(page.status, 403)
            self.assertNotIn(self.complaint.name, page.text)
        for code in (wrong, right):
            self.assertEqual(self.open_with(code).status, 429)
        with patch(THROTTLE_TIME, return_value=time.time() + 2 * 3600):
            self.assertEqual(self.open_with(right).status, 200)

    def test_when_everybody_guesses_an_address_has_one_try(self):
        throttle = self.env["klachtenbeheer.throttle"]
        throttle.create(
            [
                {"purpose": "code", "bucket": f"{number:05x}", "hour": throttle._get_hour()}
                for number in range(500)
            ]
        )
        self.assertEqual(self.open_with("AAAA-AAAA-AAAA-AAAA").status, 403)
        self.assertEqual(self.open_with("AAAA-AAAA-AAAA-AAAA").status, 429)

    def test_nonsense_is_no_code(self):
        for typed in ("", " ", "'; DROP TABLE", "é" * 500, self.complaint.name, "volgen"):
            with self.subTest(typed):
                self.env["klachtenbeheer.throttle"].search([]).unlink()
                self.assertEqual(self.open_with(typed).status, 403)

    def test_a_code_in_the_address_is_not_looked_at(self):
        page = self.visit(f"/klacht/volgen?code={self.confirmation.code}")
        self.assertNotIn(self.complaint.name, page.text)

    def test_a_page_that_was_open_too_long_asks_the_code_and_keeps_the_text(self):
        for ticket in (
            "onzin",
            "AAAA",
            self.open_with(self.confirmation.code).value("ticket")[:-2],
        ):
            response = self.url_open(
                "/klacht/volgen", data={"ticket": ticket, "text": "Dinsdag.", "answer": "1"}
            )
            self.assertNotIn(self.complaint.name, response.text)
        page = self.send(
            self.open_with(self.confirmation.code), ticket="onzin", text="Dinsdag.", answer="1"
        )
        page = self.send(page, code=self.confirmation.code)
        self.assertEqual(page.value("text"), "Dinsdag.")
        self.assertFalse(self.complaint._get_conversation())

    def test_a_ticket_for_one_complaint_opens_no_other(self):
        other, _complaint = self.file_in_public(is_anonymous="1", description="Iets anders")
        page = self.open_with(other.code)
        self.assertNotIn(self.complaint.name, page.text)
        # nor does the token of a form
        response = self.url_open("/klacht/volgen", data={"ticket": self.visit().value("token")})
        self.assertNotIn(other.reference, response.text)

    # ---------------------------------------------------------------- nobody is known

    def test_no_account_is_on_an_anonymous_complaint(self):
        user = new_test_user(self.env, login="portaalklager", groups="base.group_portal")
        self.authenticate("portaalklager", "portaalklager")
        page, complaint = self.file_in_public(is_anonymous="1", files=[("a.pdf", PDF)])
        self.send(self.open_with(page.code), text="Dinsdag.", answer="1", files=[("b.pdf", PDF)])
        self.assertEqual(len(complaint._get_conversation()), 2)
        self.assert_no_trace(user)

    def assert_no_trace(self, user):
        """No row that a visit made refers to the user or their contact, in whatever column."""
        self.env.flush_all()
        for table, column in self.get_user_columns():
            target = user.partner_id.id if table[1] == "res_partner" else user.id
            self.env.cr.execute(
                f'SELECT count(*) FROM "{table[0]}" WHERE "{column}" = %s', (target,)
            )
            self.assertFalse(self.env.cr.fetchone()[0], (table, column))

    def get_user_columns(self):
        self.env.cr.execute(
            """
            SELECT con.conrelid::regclass::text, con.confrelid::regclass::text, att.attname
              FROM pg_constraint con
              JOIN pg_attribute att ON att.attrelid = con.conrelid AND att.attnum = con.conkey[1]
             WHERE con.contype = 'f'
               AND con.confrelid::regclass::text IN ('res_users', 'res_partner')
               AND (con.conrelid::regclass::text LIKE 'klachtenbeheer%'
                    OR con.conrelid::regclass::text IN (
                        'mail_message', 'mail_activity', 'mail_followers', 'ir_attachment',
                        'mail_mail', 'mail_notification', 'mail_tracking_value'))
            """
        )
        return [((table, target), column) for table, target, column in self.env.cr.fetchall()]

    def test_name_and_anonymous_together_are_asked_again(self):
        page = self.send(self.visit(), description=DRIVER, is_anonymous="1", name="Kees")
        self.assertEqual(page.error_links(), ["#kb-is_anonymous"])
        self.assertEqual(page.value("name"), "Kees")

    def test_terms_run_for_an_anonymous_complaint(self):
        self.assertEqual(
            set(self.complaint.deadline_ids.filtered("is_open").mapped("code")),
            {"acknowledge", "answer"},
        )

    # ---------------------------------------------------------------- with a name

    def test_a_message_is_announced_without_telling_what_it_says(self):
        page, self.complaint = self.file_in_public(name="Kees", email="kees@example.com")
        self.ask()
        mail = self.env["mail.mail"].search(
            [("email_to", "=", "kees@example.com")], order="id desc", limit=1
        )
        self.assertNotIn(QUESTION, mail.body_html)
        self.assertIn(self.complaint.name, mail.subject)
        self.assertIn(QUESTION, self.open_with(page.code).text)

    def test_who_sees_no_dossier_writes_no_message(self):
        for role in ("employee", "registrar", "board"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.ask(role=role)

    def test_nobody_sees_a_complaint_without_its_code(self):
        """Whatever account, old link or guess somebody comes with."""
        self.complaint.respondent_ids = self.users["employee"].partner_id
        new_test_user(self.env, login="vreemdeling", groups="base.group_portal")
        foreign = hash_sign(self.env(su=True), "klachtenbeheer.follow", self.complaint.id)
        for login in (None, "employee", "coordinator", "vreemdeling"):
            self.authenticate(login, login and login.ljust(8, "x"))
            pages = [
                self.url_open(path)
                for path in (
                    "/klacht/volgen",
                    f"/klacht/volgen?ticket={foreign}",
                    f"/klacht/{self.complaint.id}",
                    f"/klacht/{self.complaint.name}",
                    f"/klacht/volgen/{self.complaint.id}",
                    f"/klachtenregeling/{self.complaint.id}",
                )
            ]
            for data in ({}, {"ticket": ""}, {"ticket": str(self.complaint.id)}, {"download": "1"}):
                pages.append(self.url_open("/klacht/volgen", data=data))
            for page in pages:
                self.assertNotIn(DRIVER, page.text, (login, page.url))
                if self.complaint.name not in page.url:
                    self.assertNotIn(self.complaint.name, page.text, (login, page.url))

    def test_a_ticket_expires(self):
        ticket = self.open_with(self.confirmation.code).value("ticket")
        with freeze_time(fields.Datetime.now() + timedelta(hours=3)):
            response = self.url_open("/klacht/volgen", data={"ticket": ticket})
        self.assertNotIn(self.complaint.name, response.text)

    def test_the_server_log_has_no_address_of_who_files(self):
        record = logging.LogRecord("werkzeug", 20, "", 0, LOG_LINE, (), None)
        WithoutAddress().filter(record)
        self.assertNotIn("192.0.2.7", record.getMessage())
        other = LOG_LINE.replace("/klacht/proef", "/web/login")
        record = logging.LogRecord("werkzeug", 20, "", 0, other, (), None)
        WithoutAddress().filter(record)
        self.assertIn("192.0.2.7", record.getMessage())
