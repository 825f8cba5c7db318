from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.handling_common import HandlingCase
from ..support.letter_common import LetterCase
from ..support.rpc_common import RpcMixin

COMPLAINT, LETTER = "klachtenbeheer.complaint", "klachtenbeheer.letter"


@tagged("post_install", "-at_install")
class TestWhatIsAComplaint(RpcMixin, HandlingCase, LetterCase):
    """What a policy covers, and what becomes of the rest."""

    SOURCES = ("sb", "kk")

    def count_apart(self):
        counter = self.env["klachtenbeheer.report.counter"]
        days = self.policies["sb"], "2026-06-01", "2026-06-30"
        return counter._count(*days), counter._count_apart(*days)["out_of_scope"]

    def refuse(self, *call):
        """What the coordinator is told over RPC."""
        with self.assertRaises(UserError) as refusal, self.cr.savepoint():
            self.call("coordinator", *call)
        return str(refusal.exception)

    def test_an_employees_complaint_ends_with_a_reasoned_letter(self):
        """SB2, SB7: for complaints from outside only; who is sent on hears why and where to,
        on whichever road, and then no duty is left."""
        complaint = self.file_under("sb", kind="formal")
        told = self.refuse(COMPLAINT, "record_event", complaint.ids, "out_of_scope")
        self.assertIn("by sending the letter", told)
        with local_noon("2026-06-03"):
            letter = self.as_role(complaint, "coordinator").prepare_letter("out_of_scope")
            self.assertTrue(complaint.deadline_ids.filtered("is_open"))
            self.assertEqual(self.count_apart(), (1, 0))
            for part, vals in (
                ("Why the complaint is not handled", {"route_text": "Ga naar P&O."}),
                ("can go instead", {"reason": "Medewerkers vallen hier niet onder."}),
            ):
                letter.write({"reason": False, "route_text": False, **vals})
                self.assertIn(part, self.refuse(LETTER, "action_send", letter.ids))
            letter.write({"route_text": "Ga naar P&O."})
            with self.mail_server():
                letter.action_send()
        self.assertSaysWhy(letter)
        self.assertEqual(complaint.outcome, "out_of_scope")
        self.assertFalse(complaint.deadline_ids.filtered("is_open"))
        self.assertEqual(self.count_apart(), (0, 1), "counted in a line of its own")

    def assertSaysWhy(self, letter):
        text = self.text_of(letter)
        for words in ("Medewerkers vallen hier niet onder.", "Ga naar P&O."):
            self.assertIn(words, text)

    def test_whatever_it_is_about_it_is_an_informal_complaint(self):
        """KK12: no subject is excluded, nor what fits in none."""
        for category in (*self.policies["kk"].category_ids, False):
            with self.subTest(category=category and category.name):
                complaint = self.file_under("kk", category_id=category and category.id)
                self.assertEqual((complaint.kind, complaint.outcome), ("informal", False))
                self.assertTrue(complaint.triage_done)
                self.assertLessEqual(
                    {"contact", "answer"},
                    set(complaint.deadline_ids.filtered("is_open").mapped("code")),
                )

    def test_the_decision_asks_why(self):
        """SB2: who decides at the desk says it there."""
        complaint = self.file_under("sb", kind="formal")
        dialog = self.as_role(self.env["klachtenbeheer.triage"], "coordinator").create(
            {"complaint_id": complaint.id, "decision": "out_of_scope", "reason": " "}
        )
        with self.assertRaisesRegex(UserError, "Give the reason"):
            dialog.action_decide()
        self.assertFalse(complaint.triaged_on)
