from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..support.letter_common import LetterCase

ACCESS_LOGGERS = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install")
class TestLetterAccess(LetterCase):
    """A letter, and its PDF, are seen by who sees the dossier; never by a respondent.

    role            read   write  create
    handler         own    own    own
    coordinator     all    all    all
    director        all    all    -
    board           escalated  -  -
    registrar, manager, employee: nothing
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.file_under(cls.publish_source("ba"))
        cls.letter = cls.complaint.prepare_letter("acknowledgement")
        cls.env.flush_all()

    def may(self, role, operation, letter=None):
        letter = self.as_role(letter or self.letter, role)
        letter.invalidate_recordset()
        return letter.has_access(operation)

    def test_each_role_sees_what_its_dossiers_show(self):
        expected = {
            "handler": (True, True),
            "coordinator": (True, True),
            "director": (True, True),
            "board": (False, False),
            "registrar": (False, False),
            "manager": (False, False),
            "employee": (False, False),
        }
        for role, rights in expected.items():
            with self.subTest(role=role):
                self.assertEqual((self.may(role, "read"), self.may(role, "write")), rights)

    def test_the_board_sees_letters_of_what_was_escalated(self):
        self.complaint.board_involved = True
        self.assertTrue(self.may("board", "read"))
        self.assertFalse(self.may("board", "write"))

    def test_a_handler_sees_no_letters_of_others(self):
        self.complaint.handler_id = self.users["coordinator"]
        self.assertFalse(self.may("handler", "read"))
        letters = self.as_role(self.env["klachtenbeheer.letter"], "handler")
        self.assertFalse(letters.search([("id", "=", self.letter.id)]))

    @mute_logger(*ACCESS_LOGGERS)
    def test_who_may_not_write_a_letter_makes_none(self):
        for role in ("registrar", "director", "manager", "employee"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_role(self.env["klachtenbeheer.letter"], role).create(
                    {
                        "complaint_id": self.complaint.id,
                        "type_id": self.letter.type_id.id,
                    }
                )

    @mute_logger(*ACCESS_LOGGERS)
    def test_a_respondent_sees_neither_letter_nor_pdf_in_whatever_role(self):
        with self.mail_server():
            self.letter.action_send()
        attachment = self.letter.attachment_id
        for role in ("coordinator", "director", "handler"):
            self.complaint.handler_id = False
            self.complaint.respondent_ids = self.users[role].partner_id
            self.env.flush_all()
            with self.subTest(role=role):
                self.assertFalse(self.may(role, "read"))
                self.assertFalse(self.as_role(attachment, role).has_access("read"))
                with self.assertRaises(AccessError):
                    self.as_role(self.letter, role)._get_print_values()

    def test_the_pdf_follows_the_letter(self):
        with self.mail_server():
            self.letter.action_send()
        attachment = self.letter.attachment_id
        for role, seen in (("handler", True), ("coordinator", True), ("registrar", False)):
            self.assertEqual(self.as_role(attachment, role).has_access("read"), seen, role)

    def test_a_handler_who_may_not_know_the_complainant_writes_no_letter(self):
        """KK22: where the identity is hidden the coordinator writes."""
        complaint = self.file_under(self.complaint.policy_id, hide_identity=True)
        with self.assertRaisesRegex(UserError, "coordinator writes"):
            self.as_role(complaint, "handler").prepare_letter("acknowledgement")
        letter = self.as_role(complaint, "coordinator").prepare_letter("acknowledgement")
        self.assertEqual(letter.addressee_name, "Kees Klager")
        self.assertFalse(self.may("handler", "read", letter))

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Een ander"})
        stranger = self.make_user("vreemd", "klachtenbeheer.group_coordinator", other)
        letter = self.letter.with_user(stranger).with_context(allowed_company_ids=other.ids)
        self.assertFalse(letter.has_access("read"))


@tagged("post_install", "-at_install")
class TestPortalLetters(LetterCase, HttpCase):
    """A complainant with an account sees status and letters of their own complaints."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = cls.make_user("kees.klager", "base.group_portal")
        cls.client.write({"email": "kees@example.com", "lang": "nl_NL"})
        cls.complaint = cls.file_under(
            cls.publish_source("ba"), partner_id=cls.client.partner_id.id
        )
        cls.letter = cls.complaint.prepare_letter("acknowledgement")
        cls.url = f"/my/klachten/{cls.complaint.id}"

    def send(self):
        with self.mail_server():
            self.letter.action_send()

    def test_the_complainant_reads_status_and_letter(self):
        self.send()
        self.authenticate("kees.klager", "kees.klager")
        listing = self.url_open("/my/klachten").text
        self.assertIn(self.complaint.name, listing)
        self.assertIn("Wij werken aan uw klacht", listing)
        page = self.url_open(self.url).text
        self.assertIn("Wij hebben uw klacht ontvangen", page)
        answer = self.url_open(f"{self.url}/brief/{self.letter.id}")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertEqual(answer.content, self.letter.attachment_id.raw)

    def test_drafts_and_internals_stay_inside(self):
        self.complaint.findings = "<p>Vertrouwelijke bevinding</p>"
        self.authenticate("kees.klager", "kees.klager")
        page = self.url_open(self.url).text
        self.assertNotIn("Wij hebben uw klacht ontvangen", page)
        self.assertNotIn("Vertrouwelijke", page)
        self.assertEqual(self.url_open(f"{self.url}/brief/{self.letter.id}").status_code, 404)

    def test_others_find_nothing(self):
        self.send()
        self.make_user("iemand.anders", "base.group_portal")
        self.authenticate("iemand.anders", "iemand.anders")
        self.assertNotIn(self.complaint.name, self.url_open("/my/klachten").text)
        for url in (self.url, f"{self.url}/brief/{self.letter.id}"):
            self.assertEqual(self.url_open(url).status_code, 404)

    def test_who_complains_about_themselves_finds_nothing(self):
        """Invariant 2 holds on the portal too."""
        self.send()
        self.complaint.respondent_ids = self.client.partner_id
        self.authenticate("kees.klager", "kees.klager")
        self.assertEqual(self.url_open(self.url).status_code, 404)
        self.assertNotIn(self.complaint.name, self.url_open("/my/klachten").text)

    def test_a_letter_of_another_complaint_is_not_found(self):
        self.send()
        other = self.file_under(self.complaint.policy_id, partner_id=self.client.partner_id.id)
        self.authenticate("kees.klager", "kees.klager")
        url = f"/my/klachten/{other.id}/brief/{self.letter.id}"
        self.assertEqual(self.url_open(url).status_code, 404)

    @mute_logger(*ACCESS_LOGGERS)
    def test_complainants_have_no_rights_on_letters_beside_the_page(self):
        self.send()
        letter = self.letter.with_user(self.client)
        with self.assertRaises(AccessError):
            letter.read(["body"])
        self.assertFalse(self.letter.attachment_id.with_user(self.client).has_access("read"))

    def test_the_home_page_leads_there(self):
        self.authenticate("kees.klager", "kees.klager")
        self.assertIn("/my/klachten", self.url_open("/my").text)
