from datetime import timedelta

from odoo.fields import Command
from odoo.tests import tagged

from .test_powers import NeighbourCase

COMPLAINT = "klachtenbeheer.complaint"


@tagged("post_install", "-at_install")
class TestRolesInForce(NeighbourCase):
    """Who has which role is asked of the database once by a process, and not a moment too long."""

    def get_policies(self, actor, power):
        complaints = self.env[COMPLAINT].with_user(self.users[actor])
        return complaints._get_policies_giving(power)

    def assert_loses(self, actor, power, change):
        """Before the change they have it under the policy next door, and after it no more."""
        self.assertIn(self.next_door.id, self.get_policies(actor, power))
        change()
        self.assertNotIn(self.next_door.id, self.get_policies(actor, power))

    def get_role(self, code):
        return self.next_door.role_ids.filtered(lambda role: role.code == code)

    def test_a_next_request_asks_no_more(self):
        self.get_policies("next_coordinator", "reports")
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            self.assertIn(self.next_door.id, self.get_policies("next_coordinator", "reports"))

    def test_who_leaves_a_role_has_no_power_at_once(self):
        def leave():
            self.get_role("coordinator").user_ids -= self.users["next_coordinator"]

        self.assert_loses("next_coordinator", "assign", leave)

    def test_who_comes_into_a_role_has_its_power_at_once(self):
        self.assertFalse(self.get_policies("colleague", "decide"))
        self.get_role("director").user_ids |= self.users["colleague"]
        self.assertIn(self.next_door.id, self.get_policies("colleague", "decide"))

    def test_from_the_side_of_the_user_too(self):
        user = self.users["next_director"]
        self.assert_loses(
            "next_director",
            "decide",
            lambda: user.sudo().write({"complaint_role_ids": [Command.clear()]}),
        )

    def test_a_policy_out_of_force_gives_nothing(self):
        policy = self.next_door
        self.assert_loses(
            "next_coordinator", "assign", lambda: policy._as_procedure().write({"state": "draft"})
        )

    def test_a_last_day_counts_on_its_next_day(self):
        """No change is needed for that, so no memory may hide it."""
        role, user = self.get_role("director"), self.users["next_director"]
        appointments = self.env["klachtenbeheer.appointment"]
        today = self.next_door._today()
        line = appointments.create({"role_id": role.id, "user_id": user.id, "state": "confirmed"})
        line.date_until = today
        self.assertIn(self.next_door.id, self.get_policies("next_director", "decide"))
        line.date_until = today - timedelta(days=1)
        self.assertNotIn(self.next_door.id, self.get_policies("next_director", "decide"))

    def test_standing_in_ends_at_once(self):
        user = self.users["colleague"].sudo()

        def dossiers():
            return self.env[COMPLAINT].with_user(user)._get_power_policies("assign")

        user.standing_in_policy_ids = self.next_door
        self.assertIn(self.next_door.id, dossiers())
        user.standing_in_policy_ids = False
        self.assertNotIn(self.next_door.id, dossiers())
