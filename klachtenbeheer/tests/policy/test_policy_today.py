from datetime import date

from odoo.tests import tagged

from ..support.common import ComplaintCase, local_time

TODAY = date(2026, 7, 9)


@tagged("post_install", "-at_install")
class TestPolicyToday(ComplaintCase):
    """Today is the organisation's local date, also for somebody who works elsewhere: shortly
    after and shortly before midnight it is another day where they are."""

    def at_each_end(self, **vals):
        """A user elsewhere, and the policy as they see it, at both ends of the same day."""
        for clock, zone in (("00:30", "America/New_York"), ("23:30", "Pacific/Auckland")):
            for user in self.users.values():
                user.tz = zone
            with self.subTest(clock=clock, zone=zone), local_time(str(TODAY), clock):
                yield self.as_role(self.env["klachtenbeheer.policy"], "manager").with_context(
                    tz=zone
                )

    def test_publishing(self):
        for number, policies in enumerate(self.at_each_end()):
            policy = policies.browse(
                self.policy.copy({"code": f"eigen-{number}", "effective_from": False}).id
            )
            policy.action_publish()
            self.assertEqual((policy.effective_from, policy.published_on), (TODAY, TODAY))

    def test_approval(self):
        for number, policies in enumerate(self.at_each_end()):
            policy = self.policy.copy(
                {"code": f"anders-{number}", "approval_role": "director", "effective_from": False}
            )
            policies.browse(policy.id).action_submit()
            tz = self.users["director"].tz
            self.as_role(policy, "director").with_context(tz=tz).action_publish()
            self.assertEqual((policy.approved_on, policy.published_on), (TODAY, TODAY))

    def test_evaluation_and_timeline(self):
        for policies in self.at_each_end():
            policy = policies.browse(self.policy.id)
            policy.invalidate_recordset()
            policy.action_record_evaluation()
            self.assertEqual((policy.last_evaluated_on, policy.timeline_on), (TODAY, TODAY))

    def test_setting_a_policy_up(self):
        for policies in self.at_each_end():
            values = policies.env["klachtenbeheer.policy.setup"].default_get(
                ["effective_from", "received_on"]
            )
            self.assertEqual((values["effective_from"], values["received_on"]), (TODAY, TODAY))
