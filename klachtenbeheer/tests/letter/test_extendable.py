from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.common import ComplaintCase, local_noon


@tagged("post_install", "-at_install")
class TestExtendable(ComplaintCase):
    """Which dates a notice of delay moves is one rule: in the dialog, the letter, the event, and
    the limit that a policy sets (T5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        template = cls.env.ref("klachtenbeheer.mail_template_delay_notice")
        event = cls.env.ref("klachtenbeheer.event_type_delay_notified")
        cls.policy = cls.make_policy(
            code="verlengen",
            term_ids=[
                cls.term("answer", "Antwoord", "answered", 14, "day", extendable=True),
                cls.term(
                    "advise",
                    "Advies",
                    "decided",
                    7,
                    "day",
                    extendable=True,
                    extension_amount=7,
                ),
            ],
            letter_type_ids=[
                (
                    0,
                    0,
                    {
                        "code": "delay_notice",
                        "name": "Bericht van uitstel",
                        "template_id": template.id,
                        "event_type_id": event.id,
                        "extends_terms": True,
                    },
                )
            ],
        )
        cls.letter_type = cls.policy.letter_type_ids
        cls.term_of_answer = cls.policy.term_ids.filtered(lambda term: term.code == "answer")

    def setUp(self):
        super().setUp()
        with local_noon("2026-06-01"):
            self.complaint = self.file_complaint(handler_id=self.users["handler"].id)

    def only_the_answer(self):
        """The letter of this policy is about one of the two terms."""
        self.env.cr.execute(
            "INSERT INTO klachtenbeheer_letter_type_term_rel VALUES (%s, %s)",
            (self.letter_type.id, self.term_of_answer.id),
        )
        self.env.invalidate_all()

    def get_dialog(self, promised_on="2026-07-01"):
        return self.as_role(self.env["klachtenbeheer.delay"], "handler").create(
            {
                "complaint_id": self.complaint.id,
                "promised_on": promised_on,
                "reason": "Verlof.",
            }
        )

    def get_roads(self):
        """{road: the first of the dates that it moves}."""
        dialog = self.get_dialog()
        letter = self.complaint.prepare_letter("delay_notice")
        days = self.letter_type._get_extendable_deadlines(self.complaint).mapped("due_on")
        return {str(dialog.due_on), str(letter._get_due_before()), str(min(days))}

    def test_the_dialog_the_letter_and_the_kind_of_letter_agree(self):
        with local_noon("2026-06-01"):
            self.assertEqual(self.get_roads(), {"2026-06-08"})
            self.only_the_answer()
            self.assertEqual(self.get_roads(), {"2026-06-15"})

    def test_the_limit_is_that_of_the_terms_that_it_is_about(self):
        with local_noon("2026-06-01"):
            with self.assertRaisesRegex(UserError, "at the latest"):
                self.complaint.record_event("delay_notified", promised_on="2026-07-01")
            self.complaint.record_event(
                "delay_notified", promised_on="2026-07-01", term_ids=self.term_of_answer.ids
            )
        self.assertEqual(str(self.deadline(self.complaint, "answer").due_on), "2026-07-01")
        self.assertEqual(str(self.deadline(self.complaint, "advise").due_on), "2026-06-08")

    def test_an_earlier_round_is_not_extended(self):
        with local_noon("2026-06-01"):
            self.complaint._as_procedure().sudo().round = 2
            self.assertFalse(self.complaint._get_extendable_deadlines())
            self.assertFalse(self.get_dialog().due_on)
