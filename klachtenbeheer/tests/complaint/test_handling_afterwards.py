from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.handling_common import HandlingCase


@tagged("post_install", "-at_install")
class TestHandlingAfterwards(HandlingCase):
    """Not agreeing, external routes, measures, closing and reopening: SB37, SB39-40, SB48-49,
    BA9, BA27, BA38, SJ22, SJ34-36, KK11, KK40-43, T17, T30, T39, T60."""

    SOURCES = ("sb", "ba", "sj", "kk")

    def answered(self, source="ba", **vals):
        complaint = self.file_under(source, handler_id=self.users["handler"].id, **vals)
        with local_noon("2026-06-03"):
            complaint.record_event("acknowledged")
            complaint.record_event("answered")
        return complaint

    def object(self, complaint, day, **vals):
        return self.new("objection", complaint_id=complaint.id, received_on=day, **vals)

    # ---------------------------------------------------------------- objection

    def test_an_objection_in_time_and_in_writing_starts_its_own_terms(self):
        """BA27-28."""
        complaint = self.answered()
        with local_noon("2026-07-03"):
            objection = self.object(complaint, "2026-07-03")
            self.assertFalse(objection.is_late)
            objection.action_register()
            with self.assertRaisesRegex(UserError, "can't be refused"):
                objection.action_refuse()
        self.assertEqual(str(self.deadline(complaint, "object").met_on), "2026-07-03")
        self.assertEqual(str(self.deadline(complaint, "hear").due_on), "2026-07-10")

    def test_late_or_oral_is_accepted_only_with_a_reason(self):
        """BA27, SB40: flagged, with the last day."""
        complaint = self.answered()
        with local_noon("2026-07-06"):
            late = self.object(complaint, "2026-07-06")
            self.assertTrue(late.is_late)
            self.assertEqual(str(late.due_on), "2026-07-03")
            with self.assertRaisesRegex(UserError, "after the last day"):
                late.action_register()
            late.acceptance_reason = "Klager lag in het ziekenhuis."
            late.action_register()
            self.assertIn("objected", self.codes(complaint))
        with local_noon("2026-06-20"):
            oral = self.object(self.answered(), "2026-06-20", in_writing=False)
            with self.assertRaisesRegex(UserError, "in writing"):
                oral.action_register()
            oral.action_refuse()
        self.assertEqual(oral.state, "refused")

    def test_late_is_heard_for_a_reason_also_where_it_is_just_recorded(self):
        """BA27: without a form of its own."""
        complaint = self.answered()
        with local_noon("2026-07-06"):
            with self.assertRaisesRegex(UserError, "after the last day"):
                complaint.record_event("objected", "2026-07-06")
            complaint.record_event("objected", "2026-07-06", "Klager lag in het ziekenhuis.")
        self.assertIn("objected", self.codes(complaint))

    def test_silence_is_acceptance_and_closes_by_itself(self):
        """BA27, T17."""
        complaint = self.answered()
        self.run_job("2026-07-03")
        self.assertFalse(complaint.is_closed)
        self.run_job("2026-07-04")
        self.assertEqual(complaint.outcome, "no_objection")
        self.assertTrue(complaint.is_closed)

    def test_a_late_objection_that_is_accepted_opens_it_again(self):
        """T60: a new round of the same complaint."""
        complaint = self.answered()
        self.run_job("2026-07-04")
        with local_noon("2026-07-07"):
            self.object(
                complaint, "2026-07-07", acceptance_reason="Was lang op reis."
            ).action_register()
        self.assertFalse(complaint.is_closed)
        self.assertEqual(complaint.round, 2)
        self.assertEqual(str(self.deadline(complaint, "hear", 2).due_on), "2026-07-14")

    def test_lapse_asks_the_coordinator_where_something_is_missing(self):
        """BA9: who is complained about has not been told."""
        complaint = self.answered(respondent_ids=self.accused.ids)
        self.run_job("2026-07-04")
        self.assertFalse(complaint.is_closed)
        self.assertIn(
            "No objection came: close this complaint", self.alerts(complaint, "coordinator")
        )
        with local_noon("2026-07-05"), self.assertRaisesRegex(UserError, "complained about told"):
            complaint.action_close()

    def test_who_is_complained_about_need_not_be_told_of_what_was_withdrawn(self):
        """BA9 is about our position; there is none."""
        complaint = self.file_under("ba", respondent_ids=self.accused.ids)
        with local_noon("2026-06-05"):
            complaint.record_event("withdrawn")
            complaint.action_close()
        self.assertTrue(complaint.is_closed)

    def test_a_draft_objection_keeps_the_complaint_open(self):
        complaint = self.answered()
        with local_noon("2026-06-20"):
            self.object(complaint, "2026-06-20")
            complaint.outcome = "answered"
            with self.assertRaisesRegex(UserError, "register it, or note"):
                complaint.action_close()

    def test_the_confidant_is_asked_in_writing_within_five_days(self):
        """SB39-40: also after the dossier was closed."""
        complaint = self.file_under("sb", kind="formal", handler_id=self.users["handler"].id)
        self.register_fully(complaint)
        complaint.write(
            {
                "findings": "<p>De rit was niet ingevoerd.</p>",
                "verdict": "upheld",
                "verdict_motivation": "<p>Wij hadden moeten bellen.</p>",
                "no_measures": True,
            }
        )
        with local_noon("2026-06-08"):
            self.hear_both_sides(complaint)
            complaint.record_event("acknowledged")
            complaint.record_event("decided")
            complaint.action_close()
        with local_noon("2026-06-15"):
            request = self.object(complaint, "2026-06-15", kind="follow_up")
            self.assertFalse(request.is_late, "za 13 juni moves to ma 15 juni")
            request.action_register()
        self.assertIn("referral_requested", self.codes(complaint))
        self.assertTrue(complaint.is_closed)

    # ---------------------------------------------------------------- external

    def refer(self, complaint, **vals):
        body = self.policies["kk"].role_ids.filtered(lambda line: line.role == "external_body")
        return self.new("referral", complaint_id=complaint.id, role_id=body.id, **vals)

    def test_pointing_out_the_body_is_possible_at_once_and_expects_nothing(self):
        """KK11, KK43, T39."""
        complaint = self.file_under("kk", handler_id=self.users["handler"].id)
        referral = self.refer(complaint, reason="no_contact")
        self.assertEqual(referral.state, "referred")
        self.assertTrue(complaint.deadline_ids.filtered("is_open"), "our own terms run on")
        complaint.record_event("acknowledged", "2026-06-01")
        before = complaint.activity_ids
        self.run_job("2026-06-02")
        self.assertEqual(complaint.activity_ids - before, self.env["mail.activity"])

    def test_filing_there_stops_our_terms(self):
        """KK40."""
        complaint = self.file_under("kk", handler_id=self.users["handler"].id)
        referral = self.refer(complaint)
        with local_noon("2026-06-05"):
            with self.assertRaisesRegex(UserError, "When was it filed"):
                referral.action_file()
            referral.filed_on = "2026-06-04"
            referral.action_file()
        self.assertEqual(referral.state, "filed")
        self.assertFalse(complaint.deadline_ids.filtered("is_open"))
        self.assertEqual(complaint.kind, "informal", "until it is admitted")

    def test_admission_is_registered_with_its_reference_by_who_keeps_the_register(self):
        """KK42, KK45, T38."""
        complaint = self.file_under("kk", handler_id=self.users["handler"].id)
        referral = self.refer(complaint, filed_on="2026-06-04")
        with local_noon("2026-06-12"):
            with self.assertRaises(AccessError):
                referral.action_admit()
            referral = self.as_role(referral, "coordinator")
            with self.assertRaisesRegex(UserError, "reference"):
                referral.action_admit()
            referral.write({"admitted_on": "2026-06-11", "reference": "KPZ-26-117"})
            referral.action_admit()
        self.assertRecordValues(
            complaint,
            [{"kind": "formal", "in_register": True, "source": "external", "outcome": "external"}],
        )

    # ---------------------------------------------------------------- measures

    def measure(self, complaint, role="handler", **vals):
        return self.new(
            "measure",
            role,
            **{"name": "Rooster aanpassen", "state": "adopted", **vals},
            link_ids=[(0, 0, {"complaint_id": complaint.id})],
        )

    def test_nothing_is_closed_before_the_complainant_knows_the_measures(self):
        """SJ22, SB37, T30."""
        complaint = self.answered("sj")
        self.register_fully(complaint)
        complaint.action_check_registration()
        measure = self.measure(complaint)
        with local_noon("2026-06-10"):
            with self.assertRaisesRegex(UserError, "told of every measure"):
                complaint.action_close()
            self.as_role(complaint, "handler").record_event("measures_communicated")
            self.assertEqual(str(measure.link_ids.communicated_on), "2026-06-10")
            complaint.action_close()
        self.assertTrue(complaint.is_closed)
        later = self.measure(complaint)
        self.assertFalse(complaint.measures_told, "a later measure is told, too")
        with local_noon("2026-06-20"):
            self.as_role(complaint, "handler").record_event("measures_communicated")
        self.assertTrue(later.link_ids.communicated_on)

    def test_directie_decides_on_recommendations(self):
        """SJ34, SJ36: what is adopted becomes a measure; what is not, has a reason."""
        complaint = self.answered("sj")
        advice = self.measure(complaint, kind="recommendation", state="proposed", structural=True)
        for role in ("handler", "coordinator"):
            with self.assertRaisesRegex(AccessError, "Directie decides"):
                self.as_role(advice, role).action_adopt()
            with self.assertRaisesRegex(AccessError, "Directie decides"):
                self.as_role(advice, role).state = "adopted"
        self.as_role(advice, "director").action_adopt()
        self.assertEqual(advice.decided_by_id, self.users["director"])
        follow_up = complaint.measure_ids - advice
        self.assertRecordValues(
            follow_up,
            [{"kind": "preventive", "structural": True, "recommendation_id": advice.id}],
        )
        other = self.measure(complaint, kind="recommendation", state="proposed")
        with self.assertRaisesRegex(UserError, "why"):
            self.as_role(other, "director").action_reject()
        self.as_role(other, "director").decision = "Te duur."
        self.as_role(other, "director").action_reject()
        self.assertEqual(other.state, "rejected")

    def test_measures_are_monitored(self):
        """SB48-49: owner and coordinator hear once that one is late."""
        complaint = self.answered("sb", kind="formal")
        measure = self.measure(complaint, owner_id=self.users["director"].id, due_on="2026-06-30")
        self.run_job("2026-06-30")
        self.assertFalse(measure.activity_ids)
        self.run_job("2026-07-01")
        self.run_job("2026-07-02")
        self.assertEqual(
            measure.activity_ids.user_id, self.users["director"] | self.users["coordinator"]
        )
        self.assertEqual(len(measure.activity_ids), 2)

    def test_a_measure_is_done_when_its_result_was_reported_back(self):
        """SB50: where the policy says so."""
        measure = self.measure(self.answered("sb", kind="formal"))
        with self.assertRaisesRegex(UserError, "reported back"):
            measure.action_done()
        measure.write({"feedback_on": "2026-06-20", "feedback_to": "Teamoverleg"})
        measure.action_done()
        self.assertEqual(measure.state, "done")
        elsewhere = self.measure(self.answered("sj"))
        elsewhere.action_done()
        self.assertEqual(elsewhere.state, "done")

    # ---------------------------------------------------------------- reopening

    def test_reopening_starts_a_round_and_is_the_same_complaint(self):
        """T60."""
        complaint = self.answered()
        self.run_job("2026-07-04")
        count = self.env["klachtenbeheer.complaint"].search_count([])
        with local_noon("2026-08-03"):
            self.as_role(complaint, "coordinator").action_reopen()
        self.assertRecordValues(complaint, [{"round": 2, "is_closed": False, "outcome": False}])
        self.assertEqual(self.env["klachtenbeheer.complaint"].search_count([]), count)
        self.assertTrue(self.deadline(complaint, "answer", 1).met_on, "the first round stays")
