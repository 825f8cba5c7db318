from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.handling_common import HandlingCase


@tagged("post_install", "-at_install")
class TestHandlingInvestigation(HandlingCase):
    """Facts, grievances, both sides, verdict: SB30-32, SB36, BA8."""

    SOURCES = ("sb", "ba")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.file_under(
            "sb",
            kind="formal",
            handler_id=cls.users["handler"].id,
            respondent_ids=cls.accused.ids,
        )
        cls.decided = cls.env.ref("klachtenbeheer.event_type_decided")

    def get_missing(self, complaint=None):
        complaint = complaint or self.complaint
        stage = complaint._get_stage_of(self.decided)
        return stage.requirement_ids._get_missing(complaint).mapped("code")

    def test_facts_have_an_author_and_a_date(self):
        """SB30."""
        with local_noon("2026-06-03"):
            fact = self.new("fact", complaint_id=self.complaint.id, name="De rit stond er niet in.")
        self.assertRecordValues(fact, [{"author_id": self.users["handler"].id, "date": fact.date}])
        self.assertEqual(str(fact.date), "2026-06-03")

    def test_the_overall_verdict_follows_from_the_grievances(self):
        """SB36."""
        points = [
            self.new("grievance", complaint_id=self.complaint.id, name=name)
            for name in ("Te laat", "Onbeleefd")
        ]
        for verdicts, overall in (
            (("upheld", False), False),
            (("upheld", "upheld"), "upheld"),
            (("upheld", "not_upheld"), "partly_upheld"),
            (("not_upheld", "not_upheld"), "not_upheld"),
        ):
            for point, verdict in zip(points, verdicts, strict=True):
                point.verdict = verdict
            self.assertEqual(self.complaint.verdict, overall, verdicts)

    def test_every_grievance_is_judged_with_a_reason(self):
        """SB32, SB36: a motivation on each, or one over all where there are none."""
        self.complaint.write({"verdict": "upheld"})
        self.assertIn("verdict_motivation", self.get_missing())
        self.complaint.verdict_motivation = "<p>Wij waren te laat.</p>"
        self.assertNotIn("verdict_motivation", self.get_missing())
        point = self.new("grievance", complaint_id=self.complaint.id, name="Te laat")
        self.assertLessEqual({"verdict", "verdicts"}, set(self.get_missing()))
        point.write({"verdict": "upheld", "motivation": "<p><br></p>"})
        self.assertIn("verdicts", self.get_missing())
        point.motivation = "<p>Twintig minuten.</p>"
        self.assertFalse({"verdict", "verdicts"} & set(self.get_missing()))

    def test_complainant_and_everybody_complained_about_are_heard(self):
        """SB31, BA8: each of them, before the decision or the answer."""
        second = self.env["res.partner"].create({"name": "Tineke Tweede"})
        self.complaint.respondent_ids = self.accused | second
        self.assertEqual(
            self.complaint._get_unheard(),
            ["the complainant", *self.complaint.respondent_ids.mapped("name")],
        )
        with local_noon("2026-06-03"):
            self.hold([{"role": "complainant", "name": "Kees Klager"}])
            self.hold([{"role": "respondent", "partner_id": self.accused.id}])
        self.assertEqual(self.complaint.unheard_text, "Tineke Tweede")
        self.assertIn("parties_heard", self.get_missing())
        waiver = self.talk(
            self.complaint,
            purpose="hearing",
            people=[{"role": "respondent", "partner_id": second.id}],
        )
        with self.assertRaisesRegex(UserError, "why"):
            waiver.action_waive()
        waiver.action_waive("Is langdurig ziek.")
        self.assertTrue(self.complaint.parties_heard)
        self.assertNotIn("parties_heard", self.get_missing())

    def hold(self, people):
        talk = self.talk(
            self.complaint,
            purpose="hearing",
            form="phone",
            held_on=self.complaint._today(),
            report="<p>Verteld.</p>",
            people=people,
        )
        talk.action_hold()
        return talk

    def test_measures_on_record_are_measures(self):
        """SB37, BA25: as well as measures in words; what directie must still adopt is none."""
        requirement = self.env.ref("klachtenbeheer.requirement_measures_choice")
        complaint = self.file_under("sb", kind="formal", handler_id=self.users["handler"].id)
        self.assertTrue(requirement._get_missing(complaint))
        measure = self.new(
            "measure",
            name="Dubbele controle",
            kind="recommendation",
            link_ids=[(0, 0, {"complaint_id": complaint.id})],
        )
        self.assertTrue(requirement._get_missing(complaint))
        measure.kind = "preventive"
        self.assertFalse(requirement._get_missing(complaint))

    def test_an_informal_talk_is_no_hearing(self):
        with local_noon("2026-06-03"):
            talk = self.hold([{"role": "complainant", "name": "Kees Klager"}])
            talk.sudo().purpose = "talk"
        self.assertIn("the complainant", self.complaint._get_unheard())

    def test_hearing_both_sides_moves_no_term(self):
        """BA8 comes before the answer; the oral explanation of BA28 is another conversation."""
        complaint = self.file_under("ba", handler_id=self.users["handler"].id)
        with local_noon("2026-06-03"):
            self.hear_both_sides(complaint)
        self.assertEqual(set(self.codes(complaint)), {"received", "forwarded"})

    def test_the_answer_waits_for_both_sides(self):
        """BA8."""
        complaint = self.file_under("ba", handler_id=self.users["handler"].id)
        complaint.write({"summary": "Bus.", "solution": "<p>Excuses.</p>"})
        with local_noon("2026-06-03"):
            letter = self.as_role(complaint, "coordinator").prepare_letter("answer")
            with self.assertRaisesRegex(UserError, "Both sides heard"):
                letter.action_send()
            self.hear_both_sides(complaint)
            letter.action_send()
        self.assertEqual(letter.state, "sending")  # no server in tests: it waits in the queue

    def test_who_is_complained_about_neither_leads_nor_speaks_for_us(self):
        user = self.users["handler"]
        complaint = self.file_under("sb", respondent_ids=user.partner_id.ids)
        with self.assertRaisesRegex(UserError, "can't lead"):
            self.talk(complaint, "coordinator", leader_id=user.id)
        with self.assertRaisesRegex(UserError, "speak for the organisation"):
            self.talk(
                complaint,
                "coordinator",
                people=[{"role": "second_representative", "partner_id": user.partner_id.id}],
            )
