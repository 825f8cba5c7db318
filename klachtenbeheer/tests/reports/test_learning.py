from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.report_common import ReportCase

TODAY = date(2026, 7, 20)


@tagged("post_install", "-at_install")
class TestPatterns(ReportCase):
    """More complaints than before ask for a measure, and say why."""

    def find(self, day=TODAY):
        with local_noon(str(day)):
            self.policies["sj"]._find_patterns(day)
        return self.env["klachtenbeheer.pattern"].search([], order="id")

    def file_many(self, month, number, category=0, **vals):
        policy = self.policies["sj"]
        return self.env["klachtenbeheer.complaint"].union(
            *(
                self.make_complaint(policy, month, policy.category_ids[category], 0, **vals)
                for _place in range(number)
            )
        )

    def test_a_subject_that_rises_and_none_that_is_always_much(self):
        self.file_many("2026-03", 5, category=1)
        self.file_many("2026-06", 5, category=1)  # as before
        risen = self.file_many("2026-06", 5)
        [pattern] = self.find()
        self.assertEqual((pattern.kind, pattern.number, pattern.number_before), ("theme", 5, 0))
        self.assertEqual(pattern.complaint_ids, risen)
        self.assertIn("5 complaints since", pattern.explanation)
        self.assertEqual(pattern.activity_ids.user_id, self.users["coordinator"])
        self.assertEqual(self.find(), pattern, "it is told once")
        self.assertEqual(len(pattern.activity_ids), 1)

    def test_a_place(self):
        self.file_many("2026-06", 3, incident_place="Balie")
        self.file_many("2026-06", 2, category=1, incident_place="Balie")
        [pattern] = self.find()
        self.assertEqual((pattern.kind, pattern.label), ("place", "Balie"))

    def test_it_is_for_the_roles_of_its_policy_only(self):
        self.file_many("2026-06", 5, incident_place="Balie")
        self.find()
        patterns = self.env["klachtenbeheer.pattern"]
        self.assertTrue(self.as_role(patterns, "coordinator").search([]))
        user = self.make_user("next.door", "klachtenbeheer.group_coordinator")
        for role in self.policies["sj"].role_ids:
            role.user_ids -= user
        self.users["next_door"] = user
        self.assertFalse(self.as_role(patterns, "next_door").search([]))

    def test_a_person_is_shown_to_who_may_see_and_never_to_them(self):
        for month in ("2026-01", "2026-03", "2026-05"):
            self.file_many(month, 1, respondent_ids=self.users["director"].partner_id.ids)
        [pattern] = self.find()
        self.assertEqual((pattern.kind, pattern.number), ("person", 3))
        patterns = self.env["klachtenbeheer.pattern"]
        self.assertTrue(self.as_role(patterns, "coordinator").search([]))
        self.assertFalse(self.as_role(patterns, "director").search([]))
        for role in ("handler", "registrar", "board", "employee", "manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.as_role(patterns, role).search([])
        measure_name = self.as_role(pattern, "coordinator").action_make_measure()
        measure = self.env["klachtenbeheer.measure"].browse(measure_name["res_id"])
        self.assertNotIn(self.users["director"].name, measure.name)

    def test_a_measure_or_a_reason(self):
        self.file_many("2026-06", 5)
        pattern = self.as_role(self.find(), "coordinator")
        with self.assertRaises(UserError):
            pattern.action_dismiss()
        pattern.action_make_measure()
        self.assertEqual(pattern.measure_id.complaint_ids, pattern.complaint_ids)
        self.assertEqual(pattern.state, "measure")
        with self.assertRaises(UserError):
            pattern.action_make_measure()
        with self.assertRaises(UserError):
            pattern.state = "found"
        self.assertEqual(len(self.find()), 1, "not again for the same complaints")
        self.file_many("2026-07", 5)
        self.assertEqual(len(self.find()), 2)


@tagged("post_install", "-at_install")
class TestMeasureEffect(ReportCase):
    """Measures until it is known whether they helped; who carries them out sees no dossier."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policy = cls.policies["sj"]
        cls.complaint = cls.make_complaint(policy, "2026-01", policy.category_ids[0], 0)
        cls.owner = cls.users["employee"]
        cls.measure = cls.env["klachtenbeheer.measure"].create(
            {
                "name": "Terugbellen op dezelfde dag",
                "owner_id": cls.owner.id,
                "company_id": cls.company.id,
                "state": "adopted",
                "complaint_ids": [(6, 0, cls.complaint.ids)],
            }
        )

    def run_step(self, due, work, day):
        measures = self.env["klachtenbeheer.measure"].with_company(self.company)
        with local_noon(str(day)):
            found = measures.search(getattr(measures, due)(day))
            getattr(found, work)(day)
        return found

    def test_the_owner_sees_the_measure_and_nothing_of_the_dossier(self):
        measure = self.measure.with_user(self.owner)
        self.assertEqual(measure.search([]), self.measure)
        self.assertEqual(measure.name, "Terugbellen op dezelfde dag")
        self.assertFalse(measure.complaint_ids)
        with self.assertRaises(AccessError):
            measure.link_ids.read(["complaint_id"])
        with self.assertRaises(AccessError):
            self.complaint.with_user(self.owner).read(["title"])

    def test_the_owner_says_how_it_goes_and_changes_nothing_else(self):
        measure = self.measure.with_user(self.owner)
        for vals in ({"name": "x"}, {"owner_id": 1}, {"state": "rejected"}, {"due_on": TODAY}):
            with self.subTest(vals), self.assertRaises(AccessError):
                measure.write(vals)
        with local_noon(str(TODAY)):
            measure.write({"feedback_on": TODAY, "feedback_to": "het team"})
            measure.action_done()
        self.assertEqual((self.measure.state, self.measure.realised_on), ("done", TODAY))

    def test_another_employee_sees_nothing(self):
        stranger = self.make_user("buitenstaander", "base.group_user")
        self.assertFalse(self.measure.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self.measure.with_user(stranger).action_done()

    def test_whether_it_helped_is_asked_once_and_noted(self):
        with local_noon(str(TODAY)):
            self.measure.action_done()
        self.assertEqual(str(self.measure.effect_due_on), "2026-10-20")
        steps = ("_get_unchecked_domain", "_ask_effect")
        self.assertFalse(self.run_step(*steps, date(2026, 10, 19)))
        self.assertTrue(self.run_step(*steps, date(2026, 10, 20)))
        self.assertIn(self.users["coordinator"], self.measure.activity_ids.user_id)
        self.assertFalse(self.run_step(*steps, date(2026, 10, 21)))
        measure = self.as_role(self.measure, "coordinator")
        with self.assertRaises(UserError):
            measure.action_note_effect()
        measure.write({"effect": "partly", "effect_note": "De helft minder klachten"})
        measure.action_note_effect()
        self.assertTrue(measure.effect_checked_on)
        self.assertFalse(self.measure.activity_ids)

    def test_what_is_held_over_comes_back(self):
        advice = self.env["klachtenbeheer.measure"].create(
            {"name": "Ruimer open", "kind": "recommendation", "company_id": self.company.id}
        )
        with local_noon(str(TODAY)):
            self.as_role(advice, "director").action_defer()
        self.assertEqual(str(advice.deferred_until), "2026-10-20")
        steps = ("_get_resumed_domain", "_ask_again")
        self.assertFalse(self.run_step(*steps, date(2026, 10, 19)))
        self.assertTrue(self.run_step(*steps, date(2026, 10, 20)))
        self.assertIn(self.users["director"], advice.activity_ids.user_id)
        self.assertFalse(self.run_step(*steps, date(2026, 10, 21)))
        with self.assertRaises(UserError):
            self.as_role(advice, "director").action_reject()
        self.as_role(advice, "director").decision = "Te duur"
        self.as_role(advice, "director").action_reject()
        self.assertEqual(advice.state, "rejected")


@tagged("post_install", "-at_install")
class TestEvaluation(ReportCase):
    """A policy is evaluated on record: findings, changes, a next version (SB52, SJ41, KK49)."""

    def begin(self, role="coordinator"):
        policy = self.as_role(self.policies["sj"], role)
        with local_noon(str(TODAY)):
            action = policy.action_evaluate()
        return self.as_role(self.env["klachtenbeheer.evaluation"], role).browse(action["res_id"])

    def test_from_findings_to_the_next_version(self):
        evaluation = self.begin("manager")
        self.assertEqual(self.begin("manager"), evaluation, "the one that is being held")
        with local_noon(str(TODAY)):
            with self.assertRaises(UserError):
                evaluation.action_close()
            evaluation.write({"findings": "<p>Te krap</p>", "conclusion": "change"})
            with self.assertRaises(UserError):
                evaluation.action_close()
            evaluation.changes = "<p>Artikel 5: tien werkdagen</p>"
            evaluation.action_close()
            self.assertEqual(evaluation.state, "held")
            self.assertEqual(self.policies["sj"].last_evaluated_on, TODAY)
            self.assertEqual(self.policies["sj"].next_evaluation_on, date(2027, 7, 20))
            evaluation.action_make_next_version()
        self.assertEqual(evaluation.next_version_id.code, self.policies["sj"].code)
        self.assertEqual(evaluation.next_state, "draft")

    def test_once_held_it_does_not_change(self):
        evaluation = self.begin()
        with local_noon(str(TODAY)):
            evaluation.write({"findings": "<p>Goed</p>", "conclusion": "keep"})
            evaluation.action_close()
        for vals in ({"findings": "x"}, {"state": "open"}, {"held_on": "2020-01-01"}):
            with self.subTest(vals), self.assertRaises(UserError):
                evaluation.write(vals)
        with self.assertRaises(UserError):
            evaluation.unlink()

    def test_who_evaluates(self):
        for role in ("handler", "registrar", "employee", "director", "board"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.begin(role)
