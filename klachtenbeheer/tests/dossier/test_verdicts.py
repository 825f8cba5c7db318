from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..support.common import ComplaintCase
from ..support.letter_common import LetterCase


@tagged("post_install", "-at_install")
class TestVerdicts(ComplaintCase):
    """Verdicts are records: each policy has its own list of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        verdicts = cls.env["klachtenbeheer.verdict"].with_user(cls.users["manager"])
        form = Form(verdicts)
        form.name, form.phrase, form.code = "Terecht", "terecht", "terecht"
        form.counts_as = "upheld"
        cls.right = form.save()
        cls.withheld = cls.env.ref("klachtenbeheer.verdict_withheld")
        cls.own = cls.make_policy(
            code="eigen",
            verdict_ids=[Command.set((cls.right | cls.withheld).ids)],
        )
        cls.complaint = cls.file_complaint(policy_id=cls.own.id)

    def test_new_policies_start_with_the_usual_ones(self):
        codes = self.policy.verdict_ids.mapped("code")
        self.assertEqual(codes, ["upheld", "partly_upheld", "not_upheld"])

    def test_only_those_of_the_own_policy_are_given(self):
        self.complaint.verdict_id = self.right
        self.assertEqual(self.complaint.verdict, "upheld", "counts as, in figures")
        usual = self.env.ref("klachtenbeheer.verdict_upheld")
        with self.assertRaises(ValidationError):
            self.complaint.verdict_id = usual
        point = {"complaint_id": self.complaint.id, "name": "Te laat", "verdict_id": usual.id}
        with self.assertRaises(ValidationError):
            self.env["klachtenbeheer.grievance"].create(point)

    def test_what_counts_as_one_is_the_word_of_the_policy(self):
        self.complaint.verdict = "upheld"
        self.assertEqual(self.complaint.verdict_id, self.right)
        with self.assertRaisesRegex(UserError, "no verdict that counts as"):
            self.complaint.verdict = "not_upheld"

    def test_points_that_are_not_judged_alike(self):
        complaint = self.file_complaint()
        self.assertEqual(complaint.policy_id, self.policy)
        wider = self.env.ref("klachtenbeheer.verdict_not_admissible") | self.withheld
        self.env.cr.execute(
            "INSERT INTO klachtenbeheer_policy_verdict_rel SELECT %s, unnest(%s)",
            [self.policy.id, wider.ids],
        )
        self.env.invalidate_all()
        points = self.env["klachtenbeheer.grievance"].create(
            [{"complaint_id": complaint.id, "name": name} for name in ("Te laat", "Onbeleefd")]
        )
        for first, second, overall in (
            ("upheld", "upheld", "upheld"),
            ("upheld", "not_upheld", "partly_upheld"),
            ("upheld", "withheld", "partly_upheld"),
            ("not_upheld", "withheld", "not_upheld"),
            ("not_admissible", "withheld", "not_admissible"),
            ("not_upheld", False, False),
        ):
            points[0].verdict, points[1].verdict = first, second
            self.assertEqual(complaint.verdict, overall, (first, second))

    def test_a_published_policy_keeps_what_it_judges_by(self):
        as_manager = self.right.with_user(self.users["manager"])
        for change in (
            lambda: as_manager.write({"counts_as": "not_upheld"}),
            as_manager.unlink,
            lambda: self.own.with_user(self.users["manager"]).write(
                {"verdict_ids": [Command.clear()]}
            ),
        ):
            with self.assertRaises(UserError):
                change()
        other = self.env.ref("klachtenbeheer.verdict_not_admissible")
        other.with_user(self.users["manager"]).counts_as = "withheld"


@tagged("post_install", "-at_install")
class TestVerdictInLetters(LetterCase):
    """What a decision says follows the list of the policy."""

    def test_a_phrase_of_the_policy_and_a_sentence_of_its_own(self):
        right = self.env["klachtenbeheer.verdict"].create(
            {"name": "Terecht", "phrase": "terecht", "code": "terecht", "counts_as": "upheld"}
        )
        withheld = self.env.ref("klachtenbeheer.verdict_withheld")
        policy = self.make_policy(code="eigen", verdict_ids=[Command.set((right | withheld).ids)])
        letter = self.env["klachtenbeheer.letter"].new(
            {"complaint_id": self.file_complaint(policy_id=policy.id).id}
        )
        letter.complaint_id.verdict_id = right
        self.assertEqual((letter._get_verdict(), letter._get_verdict_sentence()), ("terecht", ""))
        letter.complaint_id.verdict_id = withheld
        self.assertIn("no verdict", letter._get_verdict_sentence())
