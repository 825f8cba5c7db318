from datetime import datetime

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.handling_common import HandlingCase


@tagged("post_install", "-at_install")
class TestHandlingHearing(HandlingCase):
    """The oral explanation and what it can bring: BA27-38, T18-20."""

    SOURCES = ("ba",)

    def setUp(self):
        super().setUp()
        self.complaint = self.file_under("ba", handler_id=self.users["handler"].id)
        with local_noon("2026-06-03"):
            self.complaint.record_event("answered")
        with local_noon("2026-06-10"):
            self.complaint.record_event("objected")

    def offer(self, day="2026-06-11", moments=("2026-06-15 09:00:00",), **vals):
        with local_noon(day):
            hearing = self.talk(
                self.complaint,
                slot_ids=[(0, 0, {"start_at": moment}) for moment in moments],
                **{"purpose": "oral_explanation", "form": "phone", **vals},
            )
            self.offer_moments(hearing)
        return hearing

    def test_an_invitation_with_a_moment_meets_the_week(self):
        """BA28, T18."""
        self.assertEqual(str(self.deadline(self.complaint, "hear").due_on), "2026-06-17")
        with local_noon("2026-06-11"), self.assertRaisesRegex(UserError, "at least one moment"):
            self.talk(self.complaint, purpose="oral_explanation").action_offer()
        self.offer()
        self.assertEqual(str(self.deadline(self.complaint, "hear").met_on), "2026-06-11")

    def test_offering_opens_the_invitation_and_meets_nothing(self):
        """BA28: the invitation that was sent is what counts, not somebody's intention."""
        with local_noon("2026-06-11"):
            hearing = self.talk(
                self.complaint,
                purpose="oral_explanation",
                slot_ids=[(0, 0, {"start_at": "2026-06-15 09:00:00"})],
            )
            action = hearing.action_offer()
            self.assertEqual(hearing.action_offer()["res_id"], action["res_id"], "the same draft")
        letter = self.env["klachtenbeheer.letter"].browse(action["res_id"])
        self.assertEqual(letter.type_id.code, "hearing_invitation")
        self.assertEqual((letter.hearing_id, letter.state), (hearing, "draft"))
        self.assertEqual(hearing.state, "draft")
        self.assertFalse(self.deadline(self.complaint, "hear").met_on)
        self.assertNotIn("hearing_offered", self.codes(self.complaint))

    def test_after_a_conversation_how_it_ended_and_its_letters_are_next(self):
        """BA33, BA38: first the choice, then the report and the letter that closes."""
        hearing = self.hold(reaction="not_agreed")
        self.complaint.invalidate_recordset(["next_step"])
        self.assertEqual(self.complaint.next_step, "Choose how the conversation ended")
        hearing.action_end_unresolved()
        step = self.complaint._get_next_step()
        self.assertEqual(step["letter_type"].code, "hearing_report")

    def test_at_the_office_names_the_branch(self):
        """BA29."""
        with self.assertRaisesRegex(ValidationError, "branch"):
            self.offer(form="office")
        hearing = self.offer(form="office", location="Vestiging Oost")
        self.assertEqual(hearing.state, "offered")

    def test_the_employee_is_there_when_both_sides_want_it(self):
        """BA31: not where no employee is involved; who is wanted by both is invited."""
        hearing = self.offer()
        with self.assertRaisesRegex(ValidationError, "No employee is involved"):
            hearing.employee_wanted_by_complainant = True
        self.complaint.respondent_ids = self.accused
        self.new(
            "hearing.participant",
            hearing_id=hearing.id,
            role="respondent",
            partner_id=self.accused.id,
        )
        hearing.employee_wanted_by_complainant = True
        with self.assertRaisesRegex(UserError, "both sides"):
            hearing.action_plan(hearing.slot_ids)
        hearing.employee_wanted_by_organisation = True
        hearing.action_plan(hearing.slot_ids)
        self.assertEqual(hearing.state, "planned")
        other = self.offer()
        other.employee_wanted_by_complainant = True
        other.employee_wanted_by_organisation = True
        other.action_plan(other.slot_ids)
        self.assertIn(self.accused, other.participant_ids.partner_id)

    def test_the_coordinator_leads_it_or_who_stands_in(self):
        """BA30, T11: whoever prepares it; elsewhere it is free."""
        hearing = self.offer()
        self.assertEqual(hearing.leader_id, self.users["coordinator"])
        with self.assertRaisesRegex(ValidationError, "led by: klachtenfunctionaris"):
            hearing.leader_id = self.users["handler"]
        hearing.leader_id = self.users["director"]  # the deputy
        other = self.offer(purpose="hearing")
        self.assertEqual(other.leader_id, self.users["handler"])
        self.complaint.respondent_ids = self.users["director"].partner_id
        self.assertEqual(hearing.leader_id, self.users["coordinator"])

    def test_who_assists_the_complainant_is_invited(self):
        """BA17, T53."""
        expert, lawyer, wife = self.env["res.partner"].create(
            [{"name": "Expert"}, {"name": "Lawyer"}, {"name": "Wife"}]
        )
        for partner, kind in (
            (expert, "expert"),
            (lawyer, "legal_representative"),
            (wife, "joint"),
        ):
            self.new("assistance", complaint_id=self.complaint.id, partner_id=partner.id, kind=kind)
        hearing = self.offer()
        hearing.action_plan(hearing.slot_ids)
        self.assertEqual(
            hearing.participant_ids.mapped("role"),
            ["complainant", "expert", "representative", "complainant"],
        )

    def test_a_second_representative_is_there_when_either_side_wants_it(self):
        """BA32."""
        for side in ("complainant", "organisation"):
            hearing = self.offer()
            hearing[f"second_wanted_by_{side}"] = True
            with self.assertRaisesRegex(UserError, "second representative"):
                hearing.action_plan(hearing.slot_ids)
            self.new(
                "hearing.participant",
                hearing_id=hearing.id,
                role="second_representative",
                partner_id=self.colleague.partner_id.id,
            )
            hearing.action_plan(hearing.slot_ids)
            self.assertEqual(hearing.state, "planned", side)

    def test_the_calendar_tells_nobody_what_it_is_about(self):
        hearing = self.offer()
        hearing.action_plan(hearing.slot_ids)
        entry = hearing.calendar_event_id.sudo()
        self.assertRecordValues(
            entry,
            [
                {
                    "name": "Appointment",
                    "privacy": "private",
                }
            ],
        )
        self.assertEqual(entry.start, datetime(2026, 6, 15, 9, 0))
        self.assertIn(self.users["coordinator"].partner_id, entry.partner_ids)
        self.assertNotIn(self.complaint.name, str(entry.read()))
        self.env.flush_all()
        self.env.invalidate_all()
        calendar = entry.with_user(self.users["employee"])
        self.assertFalse(calendar.search([("id", "=", entry.id)]), "who meets whom would tell")
        hearing.action_cancel()
        self.assertFalse(entry.exists())

    def test_it_is_on_record_that_and_in_which_form_it_took_place(self):
        """BA33."""
        hearing = self.offer()
        hearing.participant_ids.unlink()
        with local_noon("2026-06-15"):
            with self.assertRaisesRegex(UserError, "the date.*who took part.*a report"):
                hearing.action_hold()
            hearing.write(
                {
                    "held_on": "2026-06-16",
                    "report": "<p>Kees legde uit.</p>",
                    "participant_ids": [(0, 0, {"role": "complainant", "name": "Kees"})],
                }
            )
            with self.assertRaisesRegex(UserError, "lies ahead"):
                hearing.action_hold()
            hearing.held_on = "2026-06-15"
            hearing.action_hold()
        self.assertIn("hearing_held", self.codes(self.complaint))
        self.assertNotIn("final_decision", self.complaint.deadline_ids.mapped("code"), "T20")
        with self.assertRaisesRegex(UserError, "stays on the dossier"):
            hearing.unlink()

    def hold(self, **vals):
        hearing = self.offer()
        hearing.write({"held_on": "2026-06-15", "report": "<p>Kees legde uit.</p>", **vals})
        with local_noon("2026-06-15"):
            hearing.action_hold()
        return hearing

    def test_a_settlement_is_written_down_the_same_day_and_ends_the_complaint(self):
        """BA35-37."""
        hearing = self.hold(
            proposal="<p>Wij rijden voortaan zelf.</p>",
            reaction="agreed",
            reaction_on="2026-06-15",
        )
        with local_noon("2026-06-15"):
            with self.assertRaisesRegex(UserError, "Write down"):
                hearing.action_settle()
            hearing.settlement = "<p>Wij rijden zelf; Kees is tevreden.</p>"
        with local_noon("2026-06-16"), self.assertRaisesRegex(UserError, "same day"):
            hearing.action_settle()
        self.complaint._waive(
            self.complaint.deadline_ids.filtered("is_open").term_id, "anders dan voorgeschreven"
        )
        with local_noon("2026-06-15"):
            hearing.action_settle()
        self.assertEqual(self.complaint.outcome, "settled")
        self.assertTrue(self.complaint.is_closed)

    def test_a_conversation_without_a_settlement_leaves_it_unresolved(self):
        """BA36, BA38: the outcome; settled all the same is better than that."""
        hearing = self.hold(reaction="not_agreed")
        self.assertEqual(str(hearing.reaction_on), "2026-06-15")
        self.assertNotEqual(self.complaint.outcome, "not_resolved", "chosen, not assumed")
        with local_noon("2026-06-15"), self.assertRaisesRegex(UserError, "choose how it ended"):
            self.complaint.action_close()
        hearing.action_end_unresolved()
        self.assertEqual(self.complaint.outcome, "not_resolved")
        with self.assertRaisesRegex(UserError, "on record already"):
            hearing.action_end_unresolved()
        hearing.settlement = "<p>Toch nog eens geworden.</p>"
        with local_noon("2026-06-15"):
            hearing.action_settle()
        self.assertEqual(self.complaint.outcome, "settled")

    def test_directie_decides_after_a_conversation_where_the_policy_opts_for_it(self):
        """T20: off by default; on, it is a term like any other."""
        self.hold()
        self.assertNotIn("final_decision_heard", self.complaint.deadline_ids.mapped("code"))
        policy = self.policies["ba"]
        with local_noon("2026-06-01"):
            version = policy.make_next_version("2026-06-01")
            version.term_ids.filtered(
                lambda line: line.code == "final_decision_heard"
            ).in_use = True
            version.action_publish()
        self.policies = {**self.policies, "ba": version}
        self.setUp()
        self.assertEqual(self.complaint.policy_id, version)
        self.hold()
        term = self.deadline(self.complaint, "final_decision_heard")
        self.assertEqual(str(term.due_on), "2026-06-29", "two weeks from ma 15 juni")

    def test_declining_with_a_reason_leads_to_a_decision_of_directie(self):
        """BA34, T19: two weeks from then."""
        hearing = self.offer()
        with local_noon("2026-06-12"):
            with self.assertRaisesRegex(UserError, "why"):
                hearing.action_waive()
            hearing.waived_by = "de klager"
            hearing.action_waive("Wil alleen een besluit.")
        self.assertEqual(str(self.deadline(self.complaint, "final_decision").due_on), "2026-06-26")

    def test_no_reply_within_a_week_is_not_using_the_opportunity(self):
        """T19: or when the last moment offered has passed."""
        for moments, last_day, expired in (
            (("2026-06-26 09:00:00",), "2026-06-18", "2026-06-19"),
            (("2026-06-12 09:00:00", "2026-06-15 09:00:00"), "2026-06-15", "2026-06-16"),
        ):
            self.setUp()
            hearing = self.offer(moments=moments)
            self.assertEqual(str(hearing.expires_on), last_day)
            self.run_job(last_day)
            self.assertEqual(hearing.state, "offered")
            self.run_job(expired)
            self.assertEqual(hearing.state, "waived")
            self.assertIn("hearing_waived", self.codes(self.complaint))
            self.assertTrue(self.deadline(self.complaint, "final_decision"))

    def test_a_planned_conversation_does_not_expire(self):
        hearing = self.offer()
        hearing.action_plan(hearing.slot_ids)
        self.assertFalse(hearing.expires_on)

    def test_no_reply_to_another_conversation_is_for_the_leader_to_decide(self):
        hearing = self.offer(purpose="hearing")
        self.run_job("2026-06-19")
        self.assertEqual(hearing.state, "offered")
        self.assertIn(
            "No reply to the invitation to a conversation",
            self.alerts(self.complaint, "handler"),
        )

    def test_nothing_is_closed_while_a_conversation_is_ahead(self):
        self.offer()
        self.complaint.outcome = "withdrawn"
        with local_noon("2026-06-12"), self.assertRaisesRegex(UserError, "hold it, or note"):
            self.complaint.action_close()
