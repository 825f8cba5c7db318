from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.handling_common import HandlingCase


@tagged("post_install", "-at_install")
class TestHandlingIntake(HandlingCase):
    """Scope, suggestions, social media, settled at once: SB7, BA12-13, SJ9, SJ18, SJ29, KK10,
    BB11-13."""

    SOURCES = ("sb", "ba", "sj", "kk", "bb")

    def decide(self, complaint, decision, reason=None):
        return self.new(
            "triage",
            "coordinator",
            complaint_id=complaint.id,
            decision=decision,
            reason=reason,
        ).action_decide()

    def take_in(self, source, role="employee", **vals):
        """Quick entry by somebody in a role; the complaint."""
        with local_noon("2026-06-01"):
            entry = self.as_role(self.env["klachtenbeheer.intake"], role).create(
                {
                    "policy_id": self.policies[source].id,
                    "description": "De bus kwam niet.",
                    "complainant_name": "Kees Klager",
                    "kind": self.policies[source].default_kind,
                    **vals,
                }
            )
            entry.action_register()
        return self.env["klachtenbeheer.complaint"].search([("name", "=", entry.reference)])

    # ---------------------------------------------------------------- admissibility

    def test_social_media_wait_for_the_decision_of_the_coordinator(self):
        """SJ9, T32: a message can be handled as a complaint; somebody decides."""
        complaint = self.file_under("sj", channel="social", handler_id=self.users["handler"].id)
        self.assertFalse(complaint.triage_done)
        self.assertIn("Decide whether this is a complaint", self.alerts(complaint, "coordinator"))
        forwarded = self.env.ref("klachtenbeheer.event_type_forwarded")
        with self.assertRaisesRegex(UserError, "Decision whether we handle"):
            complaint._check_requirements(forwarded)
        self.decide(complaint, "handle")
        self.assertTrue(complaint.triage_done)
        self.assertEqual(complaint.triaged_by_id, self.users["coordinator"])
        self.assertNotIn(
            "Decide whether this is a complaint", self.alerts(complaint, "coordinator")
        )
        complaint._check_requirements(forwarded)
        self.assertTrue(self.file_under("sj").triage_done, "a mail is a complaint")
        self.assertTrue(self.file_under("ba", channel="social").triage_done, "not in this policy")

    def test_out_of_scope_asks_for_a_reason_and_a_letter(self):
        """SB7: complaints of our own staff are not covered."""
        complaint = self.file_under("sb", kind="formal")
        with self.assertRaisesRegex(UserError, "reason"):
            self.decide(complaint, "out_of_scope")
        action = self.decide(complaint, "out_of_scope", "Medewerkers vallen hier niet onder.")
        letter = self.env["klachtenbeheer.letter"].browse(action["res_id"])
        self.assertEqual(letter.type_id.code, "out_of_scope")
        self.assertEqual(complaint.out_of_scope_reason, "Medewerkers vallen hier niet onder.")
        self.assertEqual(complaint.triage_reason, "Medewerkers vallen hier niet onder.")

    def test_out_of_scope_without_an_address_is_on_record_all_the_same(self):
        complaint = self.file_under(
            "sj", channel="social", complainant_name="@kees", complainant_email=False
        )
        self.decide(complaint, "out_of_scope", "Gaat over een andere organisatie.")
        self.assertEqual(complaint.outcome, "out_of_scope")
        self.assertFalse(complaint.deadline_ids.filtered("is_open"))

    def test_a_suggestion_has_no_terms_and_no_place_in_the_register(self):
        """SJ29, T33: stored apart, and can turn out to be a complaint."""
        suggestion = self.take_in("sj", nature="suggestion")
        self.assertFalse(suggestion.deadline_ids)
        self.assertFalse(suggestion.in_register)
        self.as_role(suggestion, "coordinator").action_convert()
        self.assertEqual(set(suggestion.deadline_ids.mapped("code")), {"acknowledge", "answer"})
        self.assertTrue(suggestion.in_register)
        complaint = self.file_under("sj")
        self.decide(complaint, "suggestion", "Een idee, geen klacht.")
        self.assertFalse(complaint.deadline_ids)
        complaint.action_close()
        self.assertTrue(complaint.is_closed)

    def test_a_complaint_about_an_employee_names_somebody_or_says_unknown(self):
        """BA12."""
        policy = self.policies["ba"]
        about = policy.category_ids.filtered(lambda line: line._is_about_person())
        self.assertEqual(len(about), 3, "a main category and what is under it")
        complaint = self.file_under("ba", category_id=about[-1].id)
        self.assertFalse(complaint.respondent_noted)
        complaint.respondent_text = "Onbekend, iemand van de balie"
        self.assertTrue(complaint.respondent_noted)
        self.assertTrue(
            self.file_under("ba", category_id=policy.category_ids[0].id).respondent_noted
        )

    # ---------------------------------------------------------------- settled at once

    def test_an_employee_settles_it_on_the_telephone_and_the_coordinator_hears(self):
        """SJ18: registered, for the coordinator to check."""
        complaint = self.take_in(
            "sj", handled_at_once=True, handled_how="Excuses gemaakt, de rit is alsnog geregeld."
        )
        self.assertEqual(complaint.outcome, "remedied")
        self.assertEqual(complaint.handled_by_id, self.users["employee"])
        self.assertFalse(complaint.deadline_ids.filtered("is_open"))
        self.assertIn("Handled at once: check and close", self.alerts(complaint, "coordinator"))
        self.assertTrue(complaint.in_register)
        complaint.write({"severity": "low", "category_id": complaint.policy_id.category_ids[0].id})
        with self.assertRaisesRegex(UserError, "Registration checked"):
            self.as_role(complaint, "coordinator").action_close()
        self.as_role(complaint, "coordinator").action_check_registration()
        self.as_role(complaint, "coordinator").action_close()
        self.assertTrue(complaint.is_closed)

    def test_settling_asks_what_was_done(self):
        with self.assertRaisesRegex(UserError, "answered or done"):
            self.take_in("sj", handled_at_once=True)

    def test_only_who_is_authorised_settles_at_once_where_the_policy_says_so(self):
        """BB11."""
        with self.assertRaisesRegex(UserError, "bevoegde vertegenwoordiger"):
            self.take_in("bb", handled_at_once=True, handled_how="Uitgelegd.")
        complaint = self.take_in("bb", "handler", handled_at_once=True, handled_how="Uitgelegd.")
        self.assertEqual(complaint.outcome, "remedied")
        self.assertTrue(complaint.in_register, "BB13: always registered")

    def test_an_oral_complaint_that_cannot_be_settled_is_called_back(self):
        """BB12, T47: within two werkdagen."""
        complaint = self.take_in("bb", "handler", channel="phone", complainant_phone="06")
        self.assertEqual(str(self.deadline(complaint, "callback").due_on), "2026-06-03")

    def test_who_calls_back_is_asked_at_once_with_the_number(self):
        """BB12: the coordinator, until somebody else handles it."""
        complaint = self.take_in("bb", channel="phone", complainant_phone="0570 123456")
        duty = self.deadline(complaint, "callback")
        activity = duty.activity_id
        self.assertEqual(activity.user_id, self.users["coordinator"])
        self.assertEqual(activity.date_deadline, duty.due_on)
        self.assertIn("0570 123456", activity.note)
        with local_noon("2026-06-02"):
            self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
            self.assertEqual(activity.user_id, self.users["handler"])
            self.as_role(complaint, "handler").record_event("contacted", note="Gebeld.")
        self.assertFalse(complaint.activity_ids & activity)

    def test_handing_over_later_than_the_day_of_receipt_shows_as_a_breach(self):
        """BA20."""
        in_time = self.take_in("ba", received_on="2026-06-01")
        late = self.take_in("ba", received_on="2026-05-29")
        self.assertEqual(self.deadline(in_time, "forward").state, "met")
        self.assertEqual(self.deadline(late, "forward").state, "met_late")
        forwarded = late.event_ids.filtered(lambda event: event.code == "forwarded")
        self.assertEqual(str(forwarded.occurred_on), "2026-06-01")
        self.assertEqual(forwarded.note, self.users["coordinator"].name)

    def test_what_is_remedied_at_once_is_a_signal_and_no_complaint(self):
        """BA13, T10: kept, without terms and outside the register."""
        complaint = self.file_under("ba")
        self.decide(complaint, "remedied", "Meteen rechtgezet.")
        self.assertFalse(complaint.in_register)
        self.assertEqual(
            complaint.deadline_ids.filtered("is_open"), self.env["klachtenbeheer.deadline"]
        )
        self.assertEqual(complaint.outcome_note, "Meteen rechtgezet.")

    def test_everything_said_here_starts_informally(self):
        """KK10: formal is elsewhere."""
        self.assertEqual(self.take_in("kk").kind, "informal")
