from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.handling_common import HandlingCase


@tagged("post_install", "-at_install")
class TestHandlingInformal(HandlingCase):
    """Talking first: SB25-27, BA3-5, KK14, KK23-30, SJ23, SJ47, BB7-8, T3."""

    SOURCES = ("sb", "ba", "kk", "bb")

    def test_a_talk_is_on_record_with_whom_when_and_what_it_brought(self):
        """SB25-26, BA3-5: and moves no legal date."""
        complaint = self.file_under("sb", handler_id=self.users["handler"].id)
        people = [
            {"role": "complainant", "name": "Kees Klager"},
            {"role": "supervisor", "name": "De leidinggevende"},
        ]
        with local_noon("2026-06-03"):
            talk = self.talk(
                complaint,
                purpose="talk",
                held_on="2026-06-03",
                report="<p>Goed gesprek.</p>",
                people=people,
                result_ids=self.env.ref("klachtenbeheer.hearing_result_solved").ids,
            )
            talk.action_hold()
            self.assertEqual(self.codes(complaint), ["received"])
            complaint.write({"solution": "<p>Excuses.</p>"})
            self.as_role(complaint, "handler").record_event("resolved_informally")
            complaint.action_close()
        self.assertEqual(complaint.outcome, "resolved_informally")
        self.assertFalse(complaint.verdict, "no verdict is asked")
        self.assertTrue(complaint.in_register, "SB45")

    def test_a_mediation_is_a_conversation_of_its_own(self):
        """BA5: beside a talk; neither is asked of who goes to the policy at once."""
        straight = self.file_under("ba")
        self.assertEqual(straight.kind, "formal")
        self.assertIn("answer", straight.deadline_ids.mapped("code"))
        complaint = self.file_under("ba", handler_id=self.users["handler"].id)
        with local_noon("2026-06-03"):
            for purpose in ("talk", "mediation"):
                report = "<p>Geen oplossing.</p>"
                talk = self.talk(complaint, purpose=purpose, held_on="2026-06-03", report=report)
                talk.action_hold()
        self.assertEqual(set(complaint.hearing_ids.mapped("purpose")), {"talk", "mediation"})
        self.assertNotIn("hearing_held", self.codes(complaint), "no step of the procedure")
        self.assertTrue(complaint.deadline_ids.filtered("is_open"), "the policy applies as before")

    def test_going_formal_starts_a_clock_of_its_own(self):
        """SB27-28, SB33."""
        complaint = self.file_under("sb", handler_id=self.users["handler"].id)
        self.assertFalse(complaint.deadline_ids)
        with local_noon("2026-06-08"):
            self.as_role(complaint, "handler").record_event("formalised")
        self.assertEqual(complaint.kind, "formal")
        self.assertEqual(str(complaint.formalised_on), "2026-06-08")
        self.assertEqual(str(self.deadline(complaint, "acknowledge").due_on), "2026-06-15")
        self.assertEqual(str(self.deadline(complaint, "decide").due_on), "2026-07-06")

    def test_a_formal_complaint_has_a_number_of_its_own(self):
        """SB27, T4: beside the reference in the one register; without gaps, and kept."""
        first = self.file_under("sb", kind="formal")
        informal = self.file_under("sb")
        third = self.file_under("sb", "2025-12-31", kind="formal")
        with local_noon("2026-06-08"):
            as_coordinator = self.as_role(informal, "coordinator")
            as_coordinator.record_event("formalised")
            number = informal.formal_number
            event = informal.event_ids.filtered(lambda line: line.code == "formalised")
            self.as_role(event, "coordinator").action_void("Toch niet.")
            self.assertFalse(informal.formalised_on)
            as_coordinator.record_event("formalised")
        self.assertRegex(first.formal_number, r"^F2026-\d{6}$")
        self.assertRegex(third.formal_number, r"^F2025-\d{6}$")
        numbers = (first | informal | third).mapped("formal_register_number")
        self.assertEqual(numbers, [1, 2, 1])
        self.assertEqual(number, informal.formal_number)
        with self.assertRaisesRegex(UserError, "follows from what happened"):
            self.as_role(first, "coordinator").formal_number = "F2026-0099"
        self.assertFalse(self.file_under("ba").formal_number, "no formal phase, no number")

    def test_an_employee_refers_to_who_is_concerned_or_to_their_supervisor(self):
        """KK13, KK24: an affiliated caregiver is no user; the supervisor is on record."""
        boss = self.make_user("zorgcoordinator", "klachtenbeheer.group_handler")
        self.accused.complaint_supervisor_id = boss
        complaint = self.file_under(
            "kk", handler_id=self.users["handler"].id, respondent_ids=self.accused.ids
        )
        first = self.new("referral", complaint_id=complaint.id, target="concerned")
        self.assertEqual(first.name, "Bert Beklaagde")
        instead = self.new(
            "referral",
            complaint_id=complaint.id,
            target="supervisor",
            reason="first_talk",
        )
        self.assertEqual(instead.partner_id, boss.partner_id)
        for referral in (first, instead):
            with self.assertRaisesRegex(UserError, "external body only"):
                referral.action_file()
        self.assertEqual(self.codes(complaint), ["received"], "our own terms run on")
        nobody = self.file_under("kk", handler_id=self.users["handler"].id)
        for target in ("concerned", "body"):
            with self.assertRaisesRegex(ValidationError, "To whom"):
                self.new("referral", complaint_id=nobody.id, target=target)

    def test_an_informal_phase_that_drags_on_is_warned_of_once(self):
        """T3: after 14 days; not where informal is all there is, nor once it is formal."""
        complaint = self.file_under("sb")
        formal = self.file_under("sb", kind="formal")
        internal = self.file_under("kk")
        self.run_job("2026-06-15")
        warning = "Informal for more than 14 days: solve it, or go formal"
        self.assertNotIn(warning, self.alerts(complaint, "coordinator"))
        self.run_job("2026-06-16")
        self.run_job("2026-06-17")
        self.assertEqual(self.alerts(complaint, "coordinator").count(warning), 1)
        for other in (formal, internal):
            self.assertNotIn(warning, other.activity_ids.mapped("summary"))

    def test_a_complainant_who_hears_nothing_is_thought_of(self):
        """BB7-8: every 14 days while the complaint is open."""
        complaint = self.file_under("bb", handler_id=self.users["handler"].id)
        quiet = self.file_under("sb")
        summary = "Let the complainant hear how it is going"
        self.run_job("2026-06-14")
        self.assertNotIn(summary, self.alerts(complaint, "handler"))
        with local_noon("2026-06-15"):
            self.assertEqual(str(complaint.progress_on), "2026-06-15")
        self.run_job("2026-06-15")
        self.assertIn(summary, self.alerts(complaint, "handler"))
        with local_noon("2026-06-20"):
            self.as_role(complaint, "handler").record_event("contacted")
        self.assertEqual(str(complaint.progress_on), "2026-07-04")
        self.assertFalse(quiet.progress_on, "only where the policy promises it")

    def test_contact_counts_when_the_assignee_makes_it(self):
        """KK30, T35."""
        complaint = self.file_under("kk", handler_id=self.users["handler"].id)
        with local_noon("2026-06-02"):
            with self.assertRaisesRegex(UserError, "assigned"):
                self.as_role(complaint, "coordinator").record_event("contacted")
            talk = self.talk(
                complaint,
                "coordinator",
                purpose="contact",
                held_on="2026-06-02",
                report="<p>Gebeld.</p>",
            )
            talk.action_hold()
            self.assertFalse(self.deadline(complaint, "contact").met_on)
            own = self.talk(
                complaint, purpose="contact", held_on="2026-06-02", report="<p>Gebeld.</p>"
            )
            own.action_hold()
        self.assertEqual(str(self.deadline(complaint, "contact").met_on), "2026-06-02")

    def test_a_promised_improvement_becomes_a_measure(self):
        """KK23-25."""
        complaint = self.file_under("kk", handler_id=self.users["handler"].id)
        with local_noon("2026-06-02"):
            talk = self.talk(
                complaint,
                purpose="talk",
                held_on="2026-06-02",
                report="<p>Fout toegegeven.</p>",
                result_ids=self.env.ref("klachtenbeheer.hearing_result_improvement").ids,
            )
            talk.action_hold()
        measure = complaint.measure_ids
        self.assertRecordValues(
            measure, [{"state": "adopted", "owner_id": self.users["handler"].id}]
        )
        self.assertTrue(complaint.measures_told, "it was promised to the complainant")

    def test_agreements_with_the_supervisor_are_written_down(self):
        """KK27-29, SJ30, SJ47, SJ56."""
        complaint = self.file_under("kk", handler_id=self.users["handler"].id)
        with local_noon("2026-06-02"):
            talk = self.talk(
                complaint,
                purpose="supervisor_talk",
                held_on="2026-06-02",
                report="<p>Gesproken met de medewerker erbij.</p>",
                people=[
                    {"role": "complainant", "name": "Kees Klager"},
                    {"role": "respondent", "partner_id": self.accused.id},
                    {"role": "supervisor", "name": "De leidinggevende"},
                ],
                result_ids=self.env.ref("klachtenbeheer.hearing_result_agreements").ids,
            )
            with self.assertRaisesRegex(UserError, "write them down"):
                talk.action_hold()
            self.new(
                "agreement",
                complaint_id=complaint.id,
                kind="agreement",
                name="De medewerker belt voortaan vooraf.",
                owner_name="Bert",
                due_on="2026-06-09",
            )
            talk.action_hold()
        self.assertEqual(talk.state, "held")
