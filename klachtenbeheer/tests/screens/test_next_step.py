from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.common import local_noon
from .test_dossier_screens import ScreenCase


@tagged("post_install", "-at_install")
class TestNextStep(ScreenCase):
    """One next step that is right, for whoever looks."""

    def step(self, complaint, role="handler"):
        self.env.invalidate_all()
        return self.as_role(complaint, role)

    def test_no_closing_while_the_complainant_may_react(self):
        complaint = self.file("sb", kind="formal")
        with local_noon("2026-06-03"):
            for code in ("acknowledged", "decided"):
                complaint.record_event(code)
            complaint.outcome = "decided"
            shown = self.step(complaint)
            self.assertEqual(shown.next_step_kind, "wait")
            self.assertFalse(shown.may_take_next_step)
            last = complaint._format_date(complaint._get_waiting_until())
            self.assertIn(last, shown.next_step)
            self.assertIn(last, shown.next_due_text)
            self.assertNotIn("klachtenbeheer.deadline", shown.next_due_explanation)
            self.assertTrue(shown.next_due_explanation)
            with self.assertRaisesRegex(UserError, "nothing to do now"):
                shown.action_next_step()
            self.assertFalse(self.get_shown(complaint, "action_open_close"))

    def test_a_letter_with_directie_is_not_the_handlers(self):
        """SB38."""
        complaint = self.file("sb", kind="formal")
        with local_noon("2026-06-03"):
            complaint.record_event("acknowledged")
            letter = complaint.prepare_letter("decision")
            letter._as_procedure().state = "approval"
            handler = self.step(complaint)
            self.assertEqual(handler.next_step_kind, "wait")
            self.assertIn(letter.name, handler.next_step)
            self.assertNotIn("Finish", handler.next_step)
            self.assertFalse(handler.may_take_next_step)
            director = self.step(complaint, "director")
            self.assertTrue(director.may_take_next_step)
            self.assertEqual(director.next_step, f"Approve: {letter.name}")
            self.assertEqual(director.action_next_step()["res_id"], letter.id)
            letter._as_procedure().state = "ready"
            self.assertEqual(self.step(complaint).next_step, f"Send: {letter.name}")

    def test_an_informal_complaint_has_a_step_and_a_date(self):
        complaint = self.file("sb", kind="informal")
        with local_noon("2026-06-03"):
            complaint.record_event("acknowledged")
            shown = self.step(complaint)
            self.assertFalse(shown.next_due_on)
            self.assertEqual(shown.next_step, "Plan a conversation…")
            self.assertIn("15 jun 2026", shown.next_due_text)
            self.talk(
                complaint, purpose="talk", held_on="2026-06-03", report="<p>Ja.</p>"
            ).action_hold()
            self.assertEqual(self.step(complaint).next_step, "Note how it was solved, or go formal")

    def test_what_was_said_is_reported_before_it_is_closed(self):
        """BA33, BA38: the conversation did not solve it; the complainant hears that first."""
        complaint = self.file("ba")
        with local_noon("2026-06-03"):
            for code in ("acknowledged", "answered", "objected"):
                complaint.record_event(code)
            hearing = self.talk(
                complaint,
                "coordinator",
                purpose="oral_explanation",
                held_on="2026-06-03",
                report="<p>Verteld.</p>",
            )
            hearing.action_hold()
            self.assertEqual(self.step(complaint).next_step, "Choose how the conversation ended")
            hearing.action_end_unresolved()
            complaint.record_event("final_decided")
            complaint.outcome = "not_resolved"
            names = {
                line.code: line.name
                for line in complaint.policy_id.letter_type_ids
                if line.owed_domain
            }
            self.assertEqual(set(names), {"hearing_report", "closing_unresolved"})
            for code in ("hearing_report", "closing_unresolved"):
                shown = self.step(complaint)
                self.assertEqual(shown.next_step, f"Write: {names[code]}")
                self.assertEqual(shown.next_due_text, shown.next_step, "what lists say")
                self.assertFalse(self.get_shown(complaint, "action_open_close"))
                letter = complaint.prepare_letter(code)
                letter._as_procedure().state = "sent"
            self.assertEqual(self.step(complaint)._get_next_step()["event_type"].code, "closed")
            self.assertEqual(self.step(complaint).next_due_text, "Ready to close")

    def test_a_call_is_due_and_not_the_answer_that_would_end_it_too(self):
        complaint = self.file("bb", channel="phone")
        self.assertEqual(complaint.next_deadline_id.code, "callback")
        step = self.step(complaint)._get_next_step()
        self.assertEqual(step["event_type"].code, "contacted")
        self.assertFalse(step["letter_type"])

    def test_what_the_complainant_said_is_registered_first(self):
        complaint = self.file("ba")
        with local_noon("2026-06-03"):
            for code in ("acknowledged", "answered"):
                complaint.record_event(code)
            objection = self.new("objection", complaint_id=complaint.id)
            shown = self.step(complaint)
            self.assertEqual(shown.next_step, f"Register: {objection.display_name}")
            self.assertEqual(shown.action_next_step()["res_id"], objection.id)

    def test_who_decides_has_the_button(self):
        """SB53: the start page leads the board and directie to where they can act."""
        complaint = self.file("sb", kind="formal")
        self.new("ruling", complaint_id=complaint.id, question="Mag dit?")
        director = self.step(complaint, "director")
        self.assertTrue(director.may_take_next_step)
        self.assertEqual(director.action_next_step()["res_model"], "klachtenbeheer.ruling.decide")
        self.assertNotEqual(self.step(complaint).next_step, director.next_step)

    def test_reading_along_has_no_button(self):
        complaint = self.file("bb", board_involved=True)
        for role in ("director", "board"):
            self.assertFalse(self.step(complaint, role).may_take_next_step, role)

    # ---------------------------------------------------------------- more

    def get_shown(self, complaint, method=None, role="handler"):
        return [
            action
            for action in self.get_actions(complaint, role)
            if action["shown"] and method in (None, action["method"])
        ]

    def test_more_shows_seven_at_most_and_all_is_found(self):
        for source in self.SOURCES:
            complaint = self.file(source)
            for role in ("handler", "coordinator"):
                with self.subTest(policy=source, role=role):
                    actions = self.get_actions(complaint, role)
                    shown = self.get_shown(complaint, role=role)
                    self.assertTrue(2 <= len(shown) <= 7, [line["label"] for line in shown])
                    self.assertGreater(len(actions), len(shown))

    def test_more_shows_what_makes_sense_now(self):
        complaint = self.file("ba")
        lists = [line["args"] for line in self.get_shown(complaint, "action_open_line")]
        self.assertIn(["hearing_ids"], lists)
        self.assertNotIn(["objection_ids"], lists)
        with local_noon("2026-06-03"):
            complaint.record_event("answered")
            lists = [line["args"] for line in self.get_shown(complaint, "action_open_line")]
        self.assertIn(["objection_ids"], lists)

    def test_a_list_is_never_blank(self):
        """Whatever phase a dossier is in, it says what is next or for whom it waits."""
        for source in self.SOURCES:
            complaint = self.file(source)
            with local_noon("2026-06-03"):
                for code in ("acknowledged", "answered", "contacted"):
                    complaint.record_event(code)
                    with self.subTest(policy=source, event=code):
                        self.assertTrue(self.step(complaint).next_due_text)
