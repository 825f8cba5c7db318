from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.access_common import ACCESS_LOGGERS
from ..support.common import local_noon
from ..support.handling_common import HandlingCase


@tagged("post_install", "-at_install")
class TestHandlingPeople(HandlingCase):
    """Who stands beside the complainant, and who stays unknown: BA11, BA17, SJ11, KK21-22, T40,
    T53."""

    SOURCES = ("ba", "kk")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = cls.env["res.partner"].create(
            {"name": "Kees Klager", "email": "kees@example.com", "street": "Geheimstraat 9"}
        )
        cls.lawyer = cls.env["res.partner"].create(
            {"name": "Mr. Advocaat", "email": "advocaat@example.com"}
        )

    # ---------------------------------------------------------------- assistance

    def test_somebody_may_complain_on_behalf_of_somebody_else(self):
        """BA11, SJ11: with authorisation, and letters go to who was chosen."""
        complaint = self.file_under("ba", partner_id=self.client.id)
        self.new(
            "assistance",
            "coordinator",
            complaint_id=complaint.id,
            partner_id=self.lawyer.id,
            kind="legal_representative",
            is_authorised=True,
        )
        self.assertEqual(complaint.representative_ids, self.lawyer)
        complaint.addressee_id = self.lawyer
        with local_noon("2026-06-02"):
            letter = self.as_role(complaint, "coordinator").prepare_letter("acknowledgement")
        self.assertEqual(letter.addressee_name, "Mr. Advocaat")

    def test_any_number_of_experts_stand_by(self):
        """BA17: they are no representatives, and come along to the conversation."""
        complaint = self.file_under("ba", partner_id=self.client.id)
        experts = self.env["res.partner"].create([{"name": "Deskundige"}, {"name": "Nog een"}])
        for expert in experts:
            self.new(
                "assistance",
                "coordinator",
                complaint_id=complaint.id,
                partner_id=expert.id,
                kind="expert",
                gets_copies=True,
            )
        self.assertEqual(len(complaint.assistance_ids), 2)
        self.assertFalse(complaint.representative_ids)
        complaint.representative_ids = self.lawyer
        self.assertEqual(complaint.assistance_ids.partner_id, experts | self.lawyer)

    def test_who_assists_follows_on_the_portal_by_consent_of_the_complainant(self):
        """BA17; whoever stays unknown keeps following their own complaint."""
        complaint = self.file_under("ba", partner_id=self.client.id)
        line = self.new(
            "assistance", "coordinator", complaint_id=complaint.id, partner_id=self.lawyer.id
        )

        def follows(partner):
            domain = complaint._get_portal_domain(partner)
            return complaint in complaint.sudo().search(domain)

        self.assertTrue(follows(self.client))
        self.assertFalse(follows(self.lawyer))
        line.sees_portal = True
        self.assertTrue(follows(self.lawyer))
        complaint.hide_identity = True
        self.assertTrue(follows(self.client))
        complaint.respondent_ids = self.lawyer
        self.assertFalse(follows(self.lawyer))

    # ---------------------------------------------------------------- institutions

    def test_an_institution_complains_through_its_contact_person(self):
        """SJ6: the letter is addressed to both."""
        institution = self.env["res.partner"].create(
            {"name": "Zorggroep De Linde", "is_company": True, "street": "Lindelaan 1"}
        )
        contact = self.env["res.partner"].create(
            {"name": "Kees Klager", "parent_id": institution.id, "email": "kees@example.com"}
        )
        for vals in (
            {"partner_id": contact.id},
            {"partner_id": institution.id, "complainant_name": "Kees Klager"},
            {"complainant_organisation": "Zorggroep De Linde", "complainant_name": "Kees Klager"},
        ):
            complaint = self.file_under("ba", **vals)
            self.assertEqual(complaint.complainant_organisation, "Zorggroep De Linde")
            self.assertEqual(complaint.complainant_name, "Kees Klager")
            with local_noon("2026-06-02"):
                letter = self.as_role(complaint, "coordinator").prepare_letter("acknowledgement")
            self.assertEqual(
                letter.with_context(lang="en_US")._get_address_lines()[:2],
                ["Zorggroep De Linde", "Attn. Kees Klager"],
            )
        person = self.file_under("ba", partner_id=self.client.id)
        self.assertFalse(person.complainant_organisation)
        hidden = self.file_hidden(complainant_organisation="Zorggroep De Linde")
        self.assertFalse(hidden.complainant_organisation, "that would tell who it is")
        self.assertEqual(hidden.identity_ids.complainant_organisation, "Zorggroep De Linde")

    # ---------------------------------------------------------------- unknown

    def file_hidden(self, **vals):
        return self.file_under(
            "kk",
            handler_id=self.users["handler"].id,
            partner_id=self.client.id,
            hide_identity=True,
            accepts_limited_answer=True,
            **vals,
        )

    def test_whoever_stays_unknown_accepts_a_general_answer(self):
        """KK22."""
        with self.assertRaisesRegex(UserError, "general answer"):
            self.file_under("kk", partner_id=self.client.id, hide_identity=True)

    @mute_logger(*ACCESS_LOGGERS)
    def test_only_the_coordinator_knows_who_it_is(self):
        """KK22: nobody else, by whatever way."""
        complaint = self.file_hidden(representative_ids=self.lawyer.ids)
        self.env.flush_all()
        for role in ("handler", "registrar", "director"):
            seen = self.as_role(complaint, role)
            told = str(seen.read())
            for secret in ("Kees", "kees@", "Geheimstraat", "Advocaat"):
                self.assertNotIn(secret, told, role)
            self.assertFalse(seen.search([("complainant_name", "ilike", "Kees")]) & complaint, role)
            self.assertFalse(seen.search([("partner_id", "=", self.client.id)]), role)
            self.assertFalse(
                self.as_role(self.env["klachtenbeheer.identity"], role).has_access("read"), role
            )
        self.assertFalse(self.as_role(complaint.assistance_ids, "handler")._filtered_access("read"))
        known = self.as_role(complaint, "coordinator").identity_ids
        self.assertEqual(known.complainant_name, "Kees Klager")

    def test_what_the_complainant_sends_in_does_not_tell_whose_it_is(self):
        complaint = self.file_under(
            "kk", handler_id=self.users["handler"].id, partner_id=self.client.id
        )
        complaint.message_post(body="Eerder", author_id=self.client.id, message_type="comment")
        complaint.message_subscribe(self.client.ids)
        complaint.write({"hide_identity": True, "accepts_limited_answer": True})
        portal = self.make_user("portal.kees", "base.group_portal")
        portal.partner_id.email = "ander@example.com"
        complaint.identity_ids.partner_id = self.client
        for sender in (
            {"email_from": "Kees Klager <kees@example.com>"},
            {"author_id": self.client.id},
        ):
            complaint.message_post(body="Nog iets", message_type="comment", **sender)
        self.assertNotIn(self.client, complaint.message_partner_ids)
        for message in self.as_role(complaint, "handler").message_ids:
            told = str(message.read(["author_id", "email_from", "reply_to", "create_uid", "body"]))
            for secret in ("Kees", "kees@", f"({self.client.id},"):
                self.assertNotIn(secret, told)
        colleagues = complaint.message_post(body="Van ons", author_id=self.colleague.partner_id.id)
        self.assertEqual(colleagues.author_id, self.colleague.partner_id)

    def test_the_wish_can_be_withdrawn(self):
        """T40."""
        complaint = self.file_hidden()
        self.as_role(complaint, "coordinator").hide_identity = False
        self.assertEqual(complaint.partner_id, self.client)
        self.assertEqual(complaint.complainant_name, "Kees Klager")
        self.assertFalse(complaint.sudo().identity_ids)

    def test_the_handler_adds_no_trace_through_the_conversation(self):
        complaint = self.file_hidden()
        talk = self.talk(
            complaint,
            "coordinator",
            people=[
                {"role": "complainant", "partner_id": self.client.id},
                {"role": "respondent", "partner_id": self.accused.id},
            ],
        )
        seen = self.as_role(talk, "handler").participant_ids._filtered_access("read")
        self.assertEqual(seen.mapped("role"), ["respondent"])
