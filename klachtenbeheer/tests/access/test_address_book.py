from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.access_common import ACCESS_LOGGERS, AccessCase
from ..support.common import ComplaintCase
from ..support.public_common import DRIVER, PublicCase
from ..support.rpc_common import RpcMixin

HELPER = {
    "name": "Opa Klager",
    "rep_kind": "representative",
    "rep_name": "Dochter Verborgen",
    "rep_email": "dochter@example.com",
    "rep_phone": "000-123",
}


@tagged("post_install", "-at_install")
class TestPeopleFromForms(RpcMixin, PublicCase):
    """People around a complaint are in no address book before somebody decides so."""

    def find_people(self, actor="handler"):
        domain = ["|", ("name", "ilike", "Verborgen"), ("email", "ilike", "dochter@")]
        return self.call(actor, "res.partner", "search", domain)

    def test_who_helps_is_no_contact(self):
        before = self.env["res.partner"].search_count([])
        _page, complaint = self.file_in_public(**HELPER)
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        self.assertFalse(self.find_people())
        self.assertEqual(complaint.assistance_ids.name, "Dochter Verborgen")

    def test_nor_where_the_complainant_stays_unknown(self):
        self.make_policy(code="geheim", hidden_accepts_limited=True)
        before = self.env["res.partner"].search_count([])
        page = self.visit("/klacht/geheim")
        page = self.send(page, description=DRIVER, hide_identity="1", accepts_limited="1", **HELPER)
        complaint = self.find(page.reference)
        self.assertTrue(complaint.hide_identity)
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        self.assertFalse(self.find_people())
        with self.assertRaises(UserError):
            self.as_role(complaint.assistance_ids, "coordinator").action_make_contact()


@tagged("post_install", "-at_install")
class TestPeopleAroundIt(RpcMixin, AccessCase):
    """Without a contact they are written to, recognised and invited all the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.file_complaint(
            complainant_email=False, handler_id=cls.users["handler"].id
        )
        cls.line = cls.env["klachtenbeheer.assistance"].create(
            {
                "complaint_id": cls.complaint.id,
                "name": "Dochter Klager",
                "email": "Dochter@example.com",
                "phone": "000-123",
            }
        )

    def test_letters_go_to_who_speaks_for_somebody_without_an_address(self):
        letter = self.complaint.prepare_letter("answer")
        self.assertRecordValues(
            letter,
            [
                {
                    "addressee_name": "Dochter Klager",
                    "addressee_email": "Dochter@example.com",
                    "delivery": "email",
                }
            ],
        )

    def test_their_mail_is_recognised(self):
        self.assertIn("dochter@example.com", self.complaint._get_assistant_emails())

    def test_they_are_invited(self):
        hearing = self.env["klachtenbeheer.hearing"].create(
            {
                "complaint_id": self.complaint.id,
                "leader_id": self.users["handler"].id,
                "participant_ids": [(0, 0, {"role": "complainant", "name": "Kees Klager"})],
            }
        )
        hearing._invite()
        hearing._invite()
        self.assertEqual(hearing.participant_ids.mapped("name"), ["Kees Klager", "Dochter Klager"])

    @mute_logger(*ACCESS_LOGGERS)
    def test_the_coordinator_decides_who_becomes_a_contact(self):
        for actor in ("handler", "registrar", "director"):
            with self.subTest(actor=actor), self.assertRaises(AccessError):
                self.call(actor, "klachtenbeheer.assistance", "action_make_contact", self.line.ids)
        self.call("coordinator", "klachtenbeheer.assistance", "action_make_contact", self.line.ids)
        self.assertRecordValues(
            self.line.partner_id,
            [{"name": "Dochter Klager", "email": "Dochter@example.com", "phone": "000-123"}],
        )
        self.assertEqual(self.complaint.addressee_id, self.line.partner_id)

    def test_copies_and_the_portal_need_a_contact(self):
        for fname in ("gets_copies", "sees_portal"):
            with self.subTest(fname=fname), self.assertRaises(ValidationError):
                self.line[fname] = True
        with self.assertRaises(ValidationError):
            self.line.name = False


@tagged("post_install", "-at_install")
class TestRoadsToTheAddressBook(ComplaintCase):
    """Whichever way a complaint comes in, it makes no contact of anybody."""

    def test_no_road_makes_one(self):
        before = self.env["res.partner"].search_count([])
        self.file_complaint(complainant_phone="000-123", hide_identity=False)
        intake = self.env["klachtenbeheer.intake"].with_user(self.users["employee"])
        intake = intake.create(
            {
                "policy_id": self.policy.id,
                "description": "x",
                "complainant_name": "Nieuwe Naam",
                "complainant_email": "nieuw@example.com",
            }
        )
        intake.action_register()
        self.assertEqual(self.env["res.partner"].search_count([]), before)
