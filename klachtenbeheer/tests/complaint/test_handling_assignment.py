from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.access_common import ACCESS_LOGGERS
from ..support.common import local_noon
from ..support.handling_common import HandlingCase


@tagged("post_install", "-at_install")
class TestHandlingAssignment(HandlingCase):
    """Who handles a complaint: SB12, SB29, BA21, SJ15-17, SJ53, BB5."""

    SOURCES = ("sb", "sj", "bb")

    def test_only_the_coordinator_assigns(self):
        """SJ16."""
        complaint = self.file_under("sj")
        complaint.handler_id = self.users["handler"]
        with self.assertRaises(AccessError):
            self.as_role(complaint, "handler").action_assign(self.colleague)
        self.as_role(complaint, "coordinator").action_assign(self.colleague)
        self.assertEqual(complaint.handler_id, self.colleague)
        self.assertIn("Complaint assigned to you", self.alerts(complaint, user=self.colleague))

    def test_passing_on_is_put_on_record_with_date_and_person(self):
        """SJ17, SJ53: passed on; BB5: assigning is taking up."""
        with local_noon("2026-06-03"):
            for source, code in (("sj", "forwarded"), ("bb", "taken_up")):
                complaint = self.file_under(source)
                self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
                event = complaint.event_ids.filtered(lambda line: line.code == code)  # noqa: B023
                self.assertEqual(event.note, self.users["handler"].name, source)
                self.assertEqual(event.user_id, self.users["coordinator"], source)
            self.assertEqual(str(self.deadline(complaint, "take_up").met_on), "2026-06-03")

    def test_a_complaint_is_never_assigned_to_who_it_is_about(self):
        """SB29, SB32."""
        complaint = self.file_under("sb", respondent_ids=self.users["handler"].partner_id.ids)
        with self.assertRaisesRegex(UserError, "complained about"):
            self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
        self.assertEqual(
            complaint._propose_handler(),
            self.env["res.users"],
            "the only one in the role is complained about",
        )
        self.assertNotIn(
            self.users["handler"],
            self.new(
                "assign",
                "coordinator",
                complaint_ids=complaint.ids,
                handler_id=self.colleague.id,
            ).candidate_ids,
        )

    def test_the_best_equipped_is_proposed(self):
        """SJ17: who knows the subject, and of those who has least to do."""
        category = self.policies["sj"].category_ids[:1]
        category.handler_ids = self.users["handler"] | self.colleague
        self.file_under("sj", handler_id=self.users["handler"].id)
        complaint = self.file_under("sj", category_id=category.id)
        self.assertEqual(complaint._propose_handler(), self.colleague)

    def test_the_supervisor_is_proposed_where_the_policy_says_so(self):
        """SB29, T7: of who is complained about; one up where that is about the supervisor."""
        boss = self.make_user("chef", "klachtenbeheer.group_handler")
        top = self.make_user("bovenchef", "klachtenbeheer.group_handler")
        self.accused.complaint_supervisor_id = boss
        boss.partner_id.complaint_supervisor_id = top
        complaint = self.file_under("sb", respondent_ids=self.accused.ids)
        self.assertEqual(complaint._propose_handler(), boss)
        complaint.respondent_ids = self.accused | boss.partner_id
        self.assertEqual(complaint._propose_handler(), top)
        elsewhere = self.file_under("sj", respondent_ids=self.accused.ids)
        self.assertEqual(elsewhere._propose_handler(), self.users["handler"])

    @mute_logger(*ACCESS_LOGGERS)
    def test_who_is_named_later_loses_the_dossier_and_somebody_else_is_warned(self):
        complaint = self.file_under("sj")
        self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
        meeting = self.talk(complaint, purpose="hearing")
        self.as_role(complaint, "coordinator").respondent_ids = self.users["handler"].partner_id
        self.assertFalse(complaint.handler_id)
        self.assertFalse(self.as_role(complaint, "handler").has_access("read"))
        self.assertFalse(self.alerts(complaint, "handler"))
        self.assertIn(
            "The handler is complained about: assign somebody else",
            self.alerts(complaint, "coordinator"),
        )
        self.assertEqual(meeting.sudo().leader_id, self.users["coordinator"])

    def test_the_deputy_takes_over_when_the_coordinator_is_away(self):
        """SJ15: new complaints and assigning go to the directeur."""
        role = self.policies["sj"].role_ids.filtered(lambda line: line.role == "coordinator")
        complaint = self.file_under("sj")
        with local_noon("2026-06-01"), self.assertRaises(AccessError):
            self.as_role(complaint, "director").action_assign(self.users["handler"])
        with self.assertRaises(AccessError):
            self.as_role(role, "employee").action_set_absent("2026-06-12")
        self.as_role(role, "coordinator").action_set_absent("2026-06-12")
        with local_noon("2026-06-12"):
            later = self.file_under("sj", "2026-06-12")
            self.assertIn("New complaint", self.alerts(later, "director"))
            self.assertFalse(self.alerts(later, "coordinator"))
            self.as_role(later, "director").action_assign(self.users["handler"])
            self.assertEqual(later.handler_id, self.users["handler"])
        with local_noon("2026-06-15"):
            back = self.file_under("sj", "2026-06-15")
            self.assertIn("New complaint", self.alerts(back, "coordinator"))
            with self.assertRaises(AccessError):
                self.as_role(back, "director").action_assign(self.users["handler"])

    @mute_logger(*ACCESS_LOGGERS)
    def test_who_stands_in_has_the_rights_until_the_coordinator_is_back(self):
        """SJ15: rights go to the substitute, and back."""
        role = self.policies["sj"].role_ids.filtered(lambda line: line.role == "coordinator")
        complaint = self.file_under("sj")
        as_substitute = self.as_role(complaint, "director")
        with local_noon("2026-06-02"):
            with self.assertRaises(AccessError):
                as_substitute.summary = "Door de directeur."
            self.as_role(role, "coordinator").action_set_absent("2026-06-05")
            as_substitute.summary = "Door de directeur."
            as_substitute.prepare_letter("acknowledgement")
            self.assertTrue(self.as_role(complaint, "coordinator").has_access("write"))
        self.run_job("2026-06-05")
        with local_noon("2026-06-05"):
            as_substitute.summary = "Nog steeds."
        self.run_job("2026-06-06")
        with local_noon("2026-06-06"), self.assertRaises(AccessError):
            as_substitute.summary = "Te laat."
        with local_noon("2026-06-08"):
            self.as_role(role, "coordinator").action_set_absent("2026-06-12")
            as_substitute.summary = "Weer weg."
            self.as_role(role, "coordinator").action_set_absent(False)
            with self.assertRaises(AccessError):
                as_substitute.summary = "Weer terug."

    def test_rights_of_a_coordinator_of_ones_own_stay(self):
        """SJ15: only what came with standing in goes with it."""
        role = self.policies["sj"].role_ids.filtered(lambda line: line.role == "coordinator")
        self.users["director"].group_ids += self.env.ref("klachtenbeheer.group_coordinator")
        with local_noon("2026-06-02"):
            self.as_role(role, "coordinator").action_set_absent("2026-06-05")
            self.as_role(role, "coordinator").action_set_absent(False)
        self.assertTrue(self.users["director"].has_group("klachtenbeheer.group_coordinator"))

    def test_who_stood_in_is_not_called_in_again(self):
        """T25: the directeur replaced the coordinator, so the board is next."""
        role = self.policies["sj"].role_ids.filtered(lambda line: line.role == "coordinator")
        with local_noon("2026-06-02"):
            self.as_role(role, "coordinator").action_set_absent("2026-06-05")
            complaint = self.file_under("sj", "2026-06-02")
            self.assertIn("New complaint", self.alerts(complaint, "director"))
            self.as_role(complaint, "director").action_assign(self.users["handler"])
        with local_noon("2026-06-08"):
            as_handler = self.as_role(complaint, "handler")
            as_handler.action_escalate("Wij komen er niet uit.")
            self.assertEqual(complaint.escalation_level, "coordinator")
            as_handler.action_escalate("Ook samen niet.")
        self.assertEqual(complaint.escalation_level, "board")

    def test_the_substitute_is_responsible_where_the_coordinator_is_complained_about(self):
        """BA21: the chain goes on without who is complained about."""
        complaint = self.file_under("sj", respondent_ids=self.users["coordinator"].partner_id.ids)
        self.assertEqual(complaint._get_responsible(), self.users["director"])
        self.as_role(complaint, "director").action_assign(self.users["handler"])
        self.assertEqual(complaint.handler_id, self.users["handler"])

    @mute_logger(*ACCESS_LOGGERS)
    def test_an_independent_officer_sees_the_dossier_and_is_not_complained_about(self):
        """SB12."""
        complaint = self.file_under("sb", respondent_ids=self.accused.ids)
        officer = complaint.with_user(self.colleague)
        self.assertFalse(officer.has_access("read"))
        self.as_role(complaint, "coordinator").independent_id = self.colleague
        self.env.flush_all()
        self.assertTrue(officer.has_access("read"))
        self.assertTrue(officer.event_ids)
        officer.message_post(body="Ik kijk mee.")
        with self.assertRaisesRegex(UserError, "not independent"):
            other = self.file_under("sb", respondent_ids=self.colleague.partner_id.ids)
            self.as_role(other, "coordinator").independent_id = self.colleague
        self.as_role(complaint, "coordinator").respondent_ids = self.colleague.partner_id
        self.assertFalse(complaint.independent_id)
        self.assertFalse(officer.has_access("read"))
