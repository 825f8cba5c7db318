from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.access_common import ACCESS_LOGGERS
from ..support.common import local_noon
from ..support.handling_common import HandlingCase

SERIOUS = "Very serious or sensitive complaint"


@tagged("post_install", "-at_install")
class TestHandlingEscalation(HandlingCase):
    """Serious complaints, calling in, unforeseen cases: SB18, SB53, SJ12, SJ24-25, T8, T26."""

    SOURCES = ("sb", "sj", "kk")

    def test_a_serious_complaint_alerts_coordinator_and_directie(self):
        """SJ12, SJ25."""
        for vals in (
            {"severity": "critical"},
            {"is_sensitive": True, "sensitive_reason": "reputation"},
        ):
            complaint = self.file_under("sj")
            self.assertNotIn(SERIOUS, complaint.activity_ids.mapped("summary"))
            self.as_role(complaint, "coordinator").write(vals)
            self.assertIn(SERIOUS, self.alerts(complaint, "coordinator"), vals)
            self.assertIn(SERIOUS, self.alerts(complaint, "director"), vals)
            self.assertTrue(complaint.is_exceptional, "T26")
        at_once = self.file_under("sj", severity="critical")
        self.assertIn(SERIOUS, self.alerts(at_once, "director"))
        elsewhere = self.file_under("sb", severity="critical")
        self.assertNotIn(SERIOUS, elsewhere.activity_ids.mapped("summary"), "SB asks nothing")

    @mute_logger(*ACCESS_LOGGERS)
    def test_the_board_is_consulted_and_may_read_that_complaint(self):
        """SJ25: the complaint is not closed without it."""
        complaint = self.file_under("sj")
        self.assertFalse(self.as_role(complaint, "board").has_access("read"))
        self.as_role(complaint, "coordinator").severity = "critical"
        self.assertTrue(self.as_role(complaint, "board").has_access("read"))
        self.assertIn("Consult the board", self.alerts(complaint, "coordinator"))
        self.register_fully(complaint)
        complaint.severity = "critical"
        complaint.record_event("resolved_informally")
        complaint.action_check_registration()
        with self.assertRaisesRegex(UserError, "Consultation with the board"):
            self.as_role(complaint, "coordinator").action_close()
        self.new(
            "consultation",
            "coordinator",
            complaint_id=complaint.id,
            with_whom="De voorzitter",
            question="Hoe houden wij dit klein?",
            advice="Zelf bellen.",
        )
        self.assertNotIn("Consult the board", self.alerts(complaint, "coordinator"))
        self.as_role(complaint, "coordinator").action_close()
        self.assertTrue(complaint.is_closed)

    def test_no_solution_calls_in_the_next_role_with_a_reason(self):
        """SJ24: first directie, then the board; nobody twice on one dossier."""
        complaint = self.file_under("sj", handler_id=self.users["handler"].id)
        with self.assertRaisesRegex(UserError, "Say why"):
            self.as_role(complaint, "handler").action_escalate()
        levels = []
        for _step in range(3):
            self.as_role(complaint, "handler").action_escalate("Wij komen er samen niet uit.")
            levels.append(complaint.escalation_level)
        self.assertEqual(levels, ["coordinator", "deputy", "board"], "the director is the deputy")
        self.assertIn("Called in: no solution found", self.alerts(complaint, "director"))
        self.assertTrue(complaint.board_involved)
        with self.assertRaisesRegex(UserError, "external"):
            self.as_role(complaint, "handler").action_escalate("Nog steeds niet.")

    def test_the_chain_skips_who_is_complained_about_and_who_is_away(self):
        complaint = self.file_under("sj", respondent_ids=self.users["coordinator"].partner_id.ids)
        self.assertEqual(
            [role for role, _users in complaint._get_chain()], ["deputy", "director", "board"]
        )
        role = self.policies["sj"].role_ids.filtered(lambda line: line.role == "deputy")
        self.as_role(role, "director").action_set_absent("2099-01-01")
        self.assertEqual([role for role, _users in complaint._get_chain()], ["director", "board"])

    @mute_logger(*ACCESS_LOGGERS)
    def test_a_complaint_about_a_contact_person_goes_to_the_board(self):
        """SB18: and the contact person loses it, also when named later."""
        complaint = self.file_under("sb")
        self.assertIn("New complaint", self.alerts(complaint, "coordinator"))
        complaint.respondent_ids = self.users["coordinator"].partner_id
        self.env.flush_all()
        self.assertTrue(self.as_role(complaint, "board").has_access("read"))
        self.assertIn("Complaint about a contact person", self.alerts(complaint, "board"))
        self.assertFalse(self.as_role(complaint, "coordinator").has_access("read"))
        self.assertFalse(self.alerts(complaint, "coordinator"))
        elsewhere = self.file_under("sj", respondent_ids=self.users["coordinator"].partner_id.ids)
        self.assertFalse(elsewhere.board_involved)

    def test_directie_decides_where_the_policy_does_not_provide(self):
        """SB53."""
        complaint = self.file_under("sb", handler_id=self.users["handler"].id)
        ruling = self.new("ruling", complaint_id=complaint.id, question="Mag dit per video?")
        self.assertIn(
            "The policy does not provide: please decide", self.alerts(complaint, "director")
        )
        with self.assertRaises(AccessError):
            self.as_role(ruling, "handler").action_decide("Ja.")
        with local_noon("2026-06-04"):
            self.as_role(ruling, "director").action_decide("Ja.")
        self.assertRecordValues(
            ruling, [{"decision": "Ja.", "decided_by_id": self.users["director"].id}]
        )

    def test_the_board_decides_where_directie_is_concerned(self):
        """T8."""
        complaint = self.file_under(
            "sb",
            handler_id=self.users["handler"].id,
            respondent_ids=self.users["director"].partner_id.ids,
        )
        ruling = self.new("ruling", complaint_id=complaint.id, question="En nu?")
        with self.assertRaises(AccessError):
            ruling.with_user(self.users["director"]).sudo(False).action_decide("Niets.")
        self.as_role(ruling, "board").action_decide("Een ander beslist.")
        self.assertEqual(ruling.decided_by_id, self.users["board"])

    def test_a_colleague_in_directie_does_not_decide_either(self):
        """SB9, T8: the right to decide moves away from directie, not within it."""
        second = self.make_user("tweede.directeur", "klachtenbeheer.group_director")
        role = self.policies["sb"].role_ids.filtered(lambda line: line.role == "director")
        role.user_ids += second
        complaint = self.file_under(
            "sb", kind="formal", respondent_ids=self.users["director"].partner_id.ids
        )
        self.assertEqual(complaint._get_deciding_role(), "board")
        letter = self.as_role(complaint, "coordinator").prepare_letter("decision")
        self.assertEqual(letter.sudo()._get_approvers(), self.users["board"])
        self.assertEqual(letter.signatory_id, self.users["board"])
        other = self.file_under("sb", kind="formal")
        self.assertEqual(other._get_deciding_role(), "director")
