from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.access_common import ACCESS_LOGGERS
from ..support.common import ComplaintCase, local_noon
from ..support.handling_common import HandlingCase

COMPLAINT = "klachtenbeheer.complaint"


@tagged("post_install", "-at_install")
class TestServicedesk(HandlingCase):
    """Klimkoord 4.1: the servicedesk picks up what came in, or hands it out, and acknowledges;
    it reads what nobody handles yet, nothing else, and keeps no register (KK7, KK15)."""

    SOURCES = ("kk",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        roles = (cls.policies["kk"] | cls.policy).role_ids
        # in the role that the policy names, and in no other
        roles.filtered(lambda role: role.code == "extra-registrar").user_ids = False
        cls.desk = cls.users["registrar"]

    def setUp(self):
        super().setUp()
        self.complaint = self.file_under("kk")
        self.as_desk = self.complaint.with_user(self.desk)

    def test_it_has_the_powers_that_the_policy_gives_it(self):
        for power in ("read", "handle", "assign", "sign"):
            self.assertTrue(self.complaint._has_power(power, self.desk), power)
        for power in ("register", "identity", "decide", "reports"):
            self.assertFalse(self.complaint._has_power(power, self.desk), power)
        self.assertTrue(self.desk.has_group("klachtenbeheer.group_handler"))
        self.assertFalse(self.desk.has_group("klachtenbeheer.group_coordinator"))

    @mute_logger(*ACCESS_LOGGERS)
    def test_it_hands_out_what_nobody_handles_and_then_sees_it_no_longer(self):
        with local_noon("2026-06-02"):
            dialog = (
                self.env["klachtenbeheer.assign"]
                .with_user(self.desk)
                .create({"complaint_ids": self.complaint.ids, "handler_id": self.colleague.id})
            )
            action = dialog.action_assign()
        self.assertEqual(action["type"], "ir.actions.client", "back to what still waits")
        self.assertEqual(self.complaint.handler_id, self.colleague)
        event = self.complaint.event_ids.filtered(lambda line: line.code == "forwarded")
        self.assertEqual(event.user_id, self.desk, "who handed it out is on record")
        complaints = self.env[COMPLAINT].with_user(self.desk)
        self.assertFalse(complaints.search([("id", "=", self.complaint.id)]))
        with self.assertRaises(AccessError):
            self.as_desk.read(["description"])
        with self.assertRaises(AccessError):
            self.as_desk.action_assign(self.desk)

    def test_it_picks_up_and_acknowledges(self):
        with local_noon("2026-06-02"):
            letter = self.as_desk.prepare_letter("acknowledgement")
            self.assertEqual(letter.signatory_id, self.desk)
            self.as_desk.action_assign_to_me()
        self.assertEqual(self.complaint.handler_id, self.desk)
        self.assertIn(self.complaint, self.env[COMPLAINT].with_user(self.desk).search([]))

    @mute_logger(*ACCESS_LOGGERS)
    def test_the_register_is_of_the_quality_manager(self):
        self.as_desk.action_assign_to_me()
        with self.assertRaises(AccessError):
            self.as_desk.in_register = not self.complaint.in_register
        keeper = self.as_role(self.complaint, "coordinator")
        keeper.in_register = not self.complaint.in_register
        self.assertFalse(self.env[COMPLAINT].with_user(self.desk)._may_export_register())
        with self.assertRaises(AccessError):
            self.as_desk.action_check_registration()

    def test_a_closed_dossier_is_not_in_the_queue(self):
        self.complaint.with_context(mail_notrack=True)._as_procedure().is_closed = True
        self.assertFalse(self.complaint._has_power("read", self.desk))


@tagged("post_install", "-at_install")
class TestAppointmentDays(ComplaintCase):
    """An appointment starts on its first day and ends with its last, on every road."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.newcomer = cls.make_user("nieuw", "klachtenbeheer.group_handler")
        cls.complaint = cls.file_complaint()
        cls.role = cls.policy.role_ids.filtered(lambda role: role.code == "coordinator")
        cls.today = cls.company._complaint_today()

    def propose(self, **days):
        self.role.with_user(self.users["manager"]).user_ids += self.newcomer
        appointment = self.role.appointment_ids.filtered(
            lambda line: line.user_id == self.newcomer and line.state == "proposed"
        )
        if days:
            appointment.with_user(self.users["manager"]).write(days)
        return appointment

    def confirm(self, appointment):
        appointment.with_user(self.users["director"]).action_confirm()

    def test_a_handler_who_becomes_coordinator_gets_what_goes_with_it(self):
        """Powers come with the role, menus and rights on models with the group."""
        hidden = self.file_complaint(hide_identity=True)
        self.assertFalse(self.newcomer.has_group("klachtenbeheer.group_coordinator"))
        self.confirm(self.propose())
        self.env.invalidate_all()
        self.assertTrue(self.newcomer.has_group("klachtenbeheer.group_coordinator"))
        identity = hidden.with_user(self.newcomer).identity_ids
        self.assertEqual(identity.complainant_name, "Kees Klager")

    def run_steps(self, today):
        lines = self.env["klachtenbeheer.appointment"].with_company(self.company)
        lines.search(lines._get_over_domain(today))._end_over(today)
        lines.search(lines._get_starting_domain(today))._start_planned(today)
        self.env.invalidate_all()

    def may_read(self):
        self.env.flush_all()
        self.env.invalidate_all()
        found = self.env[COMPLAINT].with_user(self.newcomer).search([])
        self.assertEqual(self.complaint in found, self.complaint._has_power("read", self.newcomer))
        return self.complaint in found

    def test_it_starts_on_its_first_day(self):
        appointment = self.propose(date_from=self.today + timedelta(days=3))
        self.confirm(appointment)
        self.assertEqual(appointment.state, "planned")
        self.assertFalse(self.may_read())
        self.run_steps(self.today + timedelta(days=2))
        self.assertFalse(self.may_read())
        self.run_steps(self.today + timedelta(days=3))
        self.assertEqual(appointment.state, "confirmed")
        self.assertTrue(self.may_read())

    def test_it_is_over_after_its_last_day_before_any_job(self):
        appointment = self.propose(date_until=self.today)
        self.confirm(appointment)
        self.assertTrue(self.may_read())
        with local_noon((self.today + timedelta(days=1)).isoformat()):
            self.assertFalse(self.may_read())
            self.run_steps(self.today + timedelta(days=1))
            self.assertEqual(appointment.state, "ended")
            self.assertFalse(self.may_read())

    def test_who_set_the_days_does_not_stretch_what_another_confirmed(self):
        appointment = self.propose(date_until=self.today + timedelta(days=9))
        self.confirm(appointment)
        as_manager = appointment.with_user(self.users["manager"])
        as_manager.date_until = self.today + timedelta(days=5)
        for vals in (
            {"date_until": self.today + timedelta(days=20)},
            {"date_until": False},
            {"date_from": self.today - timedelta(days=9)},
            {"state": "proposed"},
            {"user_id": self.users["manager"].id},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                as_manager.write(vals)

    def test_the_last_day_is_not_before_the_first(self):
        with self.assertRaises(ValidationError):
            self.propose(date_from=self.today, date_until=self.today - timedelta(days=1))

    def test_who_starts_later_can_still_be_taken_off(self):
        appointment = self.propose(date_from=self.today + timedelta(days=3))
        self.confirm(appointment)
        appointment.with_user(self.users["manager"]).action_refuse()
        self.run_steps(self.today + timedelta(days=3))
        self.assertEqual(appointment.state, "refused")
        self.assertFalse(self.may_read())
