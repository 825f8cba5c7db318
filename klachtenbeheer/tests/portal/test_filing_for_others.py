from odoo.tests import tagged

from ..support.portal_common import PortalCase

PDF = b"%PDF-1.7 tekst"


@tagged("post_install", "-at_install")
class TestFilingForOthers(PortalCase):
    """With an account one can do what the public form can: for somebody else, about who receives
    complaints, by voice."""

    SOURCES = ("ba",)

    def file_by_form(self, **form):
        self.log_in("client")
        form = {"description": "De taxi kwam niet.", **form}
        form.setdefault("policy", self.policies["ba"].code)
        return self.send_to("/my/klachten/nieuw", **form)

    def newest(self):
        return self.env["klachtenbeheer.complaint"].search([], order="id desc", limit=1)

    def test_for_somebody_else(self):
        response = self.file_by_form(
            other_name="Moeder de Vries", other_email="moeder@example.com", other_relation="dochter"
        )
        complaint = self.newest()
        self.assertEqual(complaint.complainant_name, "Moeder de Vries")
        self.assertEqual(complaint.complainant_email, "moeder@example.com")
        self.assertFalse(complaint.partner_id)
        self.assertRecordValues(
            complaint.assistance_ids,
            [
                {
                    "partner_id": self.partner("client").id,
                    "kind": "representative",
                    "relation": "dochter",
                    "is_authorised": False,
                    "sees_portal": True,
                }
            ],
        )
        self.assertIn(complaint.name, response.text)
        self.assertFalse(complaint._may_act(self.partner("client")), "until somebody saw it")

    def test_for_a_child(self):
        self.file_by_form(other_name="Kind", other_by_law="1")
        self.assertEqual(self.newest().assistance_ids.kind, "legal_representative")

    def test_whose_it_is_has_to_be_said(self):
        before = self.newest()
        response = self.file_by_form(other_relation="dochter", other_email="geen adres")
        self.assertEqual(self.newest(), before)
        self.assertIn("Who has the complaint? Fill in the name.", response.text)
        self.assertIn("other_email-error", response.text)

    def test_about_who_receives_complaints(self):
        self.file_by_form(about_contacts="1", about_directors="1")
        complaint = self.newest()
        policy = self.policies["ba"]
        about = (
            policy._get_contact_users().partner_id | policy._get_role_users("director").partner_id
        )
        self.assertTrue(about)
        self.assertEqual(complaint.respondent_ids, about)

    def test_a_recording_is_enough(self):
        self.file_by_form(description="", files=[("bericht.pdf", PDF)])
        complaint = self.newest()
        self.assertIn("bericht.pdf", complaint._get_conversation().attachment_ids.mapped("name"))
        self.assertTrue(complaint.description)
