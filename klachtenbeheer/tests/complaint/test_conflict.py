from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..support.common import local_noon
from ..support.handling_common import HandlingCase
from ..support.letter_common import LetterCase


@tagged("post_install", "-at_install")
class TestConflict(HandlingCase, LetterCase):
    """Who is complained about, or was involved, is replaced in everything (SB18, BA21, BA34)."""

    SOURCES = ("sb", "ba")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for policy in cls.policies.values():  # only who the policy itself names
            extra = policy.role_ids.filtered(lambda role: role.code.startswith("extra-"))
            extra.user_ids = False

    def draft(self, complaint, code):
        """A letter as it would be, whether or not it fits the dossier now."""
        types = complaint.policy_id.letter_type_ids
        letter_type = types.filtered(lambda line: line.code == code)
        return self.env["klachtenbeheer.letter"].new(
            {"complaint_id": complaint.id, "type_id": letter_type.id}
        )

    def get_role(self, source, code):
        return self.policies[source].role_ids.filtered(lambda role: role.code == code)

    def about(self, source, *names, **vals):
        partners = self.env["res.partner"].union(*(self.users[name].partner_id for name in names))
        return self.file_under(source, respondent_ids=[Command.set(partners.ids)], **vals)

    # ---------------------------------------------------------------- at once

    def test_naming_and_taking_back_count_within_the_request(self):
        """Who is barred is remembered for a transaction, and forgotten with what changes it."""
        complaint = self.file_under("sb")
        domain = [("id", "=", complaint.id)]
        found = complaint.with_user(self.users["coordinator"]).search_count
        partner = self.users["coordinator"].partner_id
        for fname in ("respondent_ids", "conflicted_partner_ids"):
            with self.subTest(fname):
                self.assertTrue(found(domain))
                complaint[fname] = partner
                self.assertFalse(found(domain))
                other = self.file_under("sb", **{fname: [Command.set(partner.ids)]})
                self.assertFalse(found([("id", "=", other.id)]))
                complaint[fname] = False
                self.assertTrue(found(domain))

    # ---------------------------------------------------------------- SB18

    def test_the_second_holder_of_a_role_counts_as_the_first(self):
        second = self.users["second"] = self.make_user("zz", "klachtenbeheer.group_coordinator")
        self.get_role("sb", "coordinator").user_ids |= second
        complaint = self.about("sb", "second")
        self.assertTrue(complaint.board_involved)
        self.assertEqual(complaint._get_responsible(), self.users["board"])
        self.assertIn("Complaint about a contact person", self.alerts(complaint, "board"))

    def test_a_complaint_about_any_contact_goes_to_the_board(self):
        for name in ("coordinator", "director"):
            with self.subTest(name=name):
                complaint = self.about("sb", name)
                self.assertTrue(complaint.board_involved)
                self.assertEqual(complaint._get_acting_coordinators(), self.users["board"])
                self.assertFalse(
                    complaint.with_user(self.users[name]).search([("id", "=", complaint.id)])
                )

    def test_the_board_acts_where_it_takes_over(self):
        """Write, assign, hear, sign: as the board itself."""
        complaint = self.about("sb", "coordinator", "director")
        board = self.users["board"]
        mine = complaint.with_user(board)
        mine.write({"title": "Overgenomen"})
        mine.action_assign(board)
        with local_noon("2026-06-02"):
            self.hear_both_sides(mine)
            letter = mine.prepare_letter("acknowledgement")
        self.assertEqual(letter.signatory_id, board)
        self.assertEqual(complaint.handler_id, board)

    def test_the_board_acts_nowhere_else(self):
        complaint = self.about("sb", "coordinator")
        other = self.file_under("sb")
        self.assertTrue(complaint._has_power("handle", self.users["board"]))
        self.assertFalse(other._has_power("read", self.users["board"]))
        escalated = self.file_under("sb", board_involved=True)
        self.assertTrue(escalated._has_power("read", self.users["board"]))
        self.assertFalse(escalated._has_power("handle", self.users["board"]))

    def test_what_the_board_may_ends_with_the_conflict(self):
        complaint = self.about("sb", "coordinator")
        complaint.respondent_ids = [Command.clear()]
        self.assertFalse(complaint.acting_role_ids)
        self.assertFalse(complaint._has_power("assign", self.users["board"]))

    # ---------------------------------------------------------------- BA21

    def test_the_functionary_is_replaced_in_task_signature_and_contact(self):
        complaint = self.about("ba", "coordinator")
        coordinator, director = self.users["coordinator"], self.users["director"]
        self.assertEqual(complaint._get_responsible(), director)
        self.assertTrue(complaint._has_power("assign", director))
        letter = complaint.with_user(director).prepare_letter("acknowledgement")
        self.assertEqual(letter.signatory_id, director)
        printed = f"{letter.body} {letter._get_contact_line()}"
        for words in (coordinator.name, coordinator.email):
            self.assertNotIn(words, printed)

    def set_contact(self, source, **vals):
        """As the policy was published with it."""
        self.env.flush_all()
        for fname, value in vals.items():
            query = "UPDATE klachtenbeheer_policy SET %s = %s WHERE id = %s"
            column = SQL.identifier(fname)
            self.env.cr.execute(SQL(query, column, value, self.policies[source].id))
        self.env.invalidate_all()

    def test_no_name_address_or_number_leads_to_the_functionary(self):
        """Neither their own number, nor that of a role in which there is nobody else."""
        coordinator, director = self.users["coordinator"], self.users["director"]
        coordinator.partner_id.phone = "0570 - 11 11 11"
        self.get_role("ba", "coordinator").phone = "0570 - 22 22 22"
        for number in ("0570111111", "0570-222222"):
            self.set_contact("ba", contact_phone=number, contact_email=coordinator.email)
            theirs = (coordinator.name, coordinator.email, number)
            elsewhere = self.file_under("ba")._get_contact_line()
            for words in theirs:
                self.assertIn(words, elsewhere)
            complaint = self.about("ba", "coordinator")
            letter = complaint.with_user(director).prepare_letter("acknowledgement")
            for printed in (complaint._get_contact_line(), letter._get_contact_line()):
                self.assertIn(director.name, printed)
                for words in theirs:
                    self.assertNotIn(words, printed)

    def test_who_was_involved_otherwise_is_replaced_as_well(self):
        """Awb 9:7: without being complained about."""
        complaint = self.file_under("ba", handler_id=self.users["handler"].id)
        handler = self.users["handler"]
        complaint.with_user(self.users["coordinator"]).conflicted_partner_ids = handler.partner_id
        self.assertFalse(complaint.handler_id)
        self.assertFalse(complaint.with_user(handler).search([("id", "=", complaint.id)]))
        self.assertFalse(complaint._has_power("read", handler))
        self.assertIn(
            "The handler was involved: assign somebody else", self.alerts(complaint, "coordinator")
        )
        with self.assertRaises(UserError):
            complaint.with_user(self.users["coordinator"]).action_assign(handler)
        self.assertNotIn(handler.partner_id, complaint.message_partner_ids)
        complaint.conflicted_partner_ids |= self.users["coordinator"].partner_id
        self.assertEqual(complaint._get_responsible(), self.users["director"])

    # ---------------------------------------------------------------- BA34

    def test_without_a_board_the_chain_ends_outside_and_says_so(self):
        complaint = self.about("ba", "director")
        text = complaint.end_of_chain_text
        self.assertIn("independent", text)
        self.assertIn("Nobody is left to decide", self.alerts(complaint, "coordinator"))
        letter = self.draft(complaint, "final_decision")
        self.assertFalse(letter._get_signatories())
        self.assertIn(text, " ".join(part.text for part in letter._get_missing_text()))

    def test_an_independent_officer_decides_where_nobody_inside_may(self):
        complaint = self.about("ba", "director")
        complaint.independent_id = self.colleague
        self.assertFalse(complaint.end_of_chain_text)
        letter = self.draft(complaint, "final_decision")
        self.assertEqual(letter._get_signatories(), self.colleague)
        letter.signatory_id = self.colleague
        self.assertEqual(letter._get_signatory_title(), "Independent officer")

    def test_with_somebody_left_to_decide_nothing_is_said(self):
        self.assertFalse(self.about("ba", "coordinator").end_of_chain_text)
        self.assertFalse(self.about("sb", "director").end_of_chain_text)
