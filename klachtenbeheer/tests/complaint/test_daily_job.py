from datetime import date
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.common import ComplaintCase, local_noon

JOB_LOGGER = "odoo.addons.klachtenbeheer.models.daily.job"


@tagged("post_install", "-at_install")
class TestDailyJob(ComplaintCase):
    """What happens by itself every day; acknowledge is due ma 13 april, target and due
    the same; the reminder is two werkdagen before: do 9 april 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with local_noon("2026-04-02"):
            cls.complaint = cls.file_complaint()
        cls.complaint.handler_id = cls.users["handler"]

    def run_job(self, day):
        cron = self.env.ref("klachtenbeheer.cron_daily")
        with local_noon(day), self.enter_registry_test_mode():
            cron.with_user(self.env.ref("base.user_root")).method_direct_trigger()
        self.env.invalidate_all()

    def duty_activities(self, complaint=None):
        duty = self.env.ref("klachtenbeheer.activity_type_duty")
        return (complaint or self.complaint).activity_ids.filtered(
            lambda activity: activity.activity_type_id == duty
        )

    def alerts(self, role):
        alert = self.env.ref("klachtenbeheer.activity_type_alert")
        return self.complaint.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id == alert and activity.user_id == self.users[role]
            )
        )

    def test_reminds_the_handler_two_werkdagen_ahead_and_once(self):
        self.run_job("2026-04-08")
        self.assertFalse(self.duty_activities())
        self.run_job("2026-04-09")
        self.assertRecordValues(
            self.duty_activities(),
            [
                {
                    "user_id": self.users["handler"].id,
                    "summary": "Ontvangstbevestiging",
                    "date_deadline": date(2026, 4, 13),
                }
            ],
        )
        self.run_job("2026-04-09")
        self.run_job("2026-04-10")
        self.assertEqual(len(self.duty_activities()), 1)

    def test_a_missed_day_is_made_up_for(self):
        self.run_job("2026-04-10")
        self.assertEqual(len(self.duty_activities()), 1)

    def test_does_not_remind_on_days_off(self):
        self.run_job("2026-04-11")
        self.run_job("2026-04-12")
        self.assertFalse(self.duty_activities())
        self.run_job("2026-04-13")
        self.assertEqual(len(self.duty_activities()), 1)

    def test_doing_the_duty_ends_the_activity(self):
        self.run_job("2026-04-09")
        with local_noon("2026-04-10"):
            self.complaint.record_event("acknowledged")
        self.assertFalse(self.duty_activities())

    def test_overdue_climbs_one_role_once(self):
        self.run_job("2026-04-13")
        self.assertFalse(self.alerts("coordinator"))
        self.run_job("2026-04-14")
        self.run_job("2026-04-15")
        self.assertEqual(len(self.alerts("coordinator")), 1)
        self.assertEqual(self.complaint.escalation_level, "coordinator")
        self.run_job("2026-04-17")  # the answer was due on the 16th: next role
        self.assertEqual(len(self.alerts("coordinator")), 1)
        self.assertEqual(len(self.alerts("director")), 1)
        self.assertEqual(self.complaint.escalation_level, "deputy")

    def test_escalation_passes_over_who_has_the_duty_already(self):
        self.complaint.handler_id = self.users["coordinator"]
        self.run_job("2026-04-14")
        self.assertFalse(self.alerts("coordinator"))
        self.assertEqual(len(self.alerts("director")), 1)

    def test_escalation_passes_over_who_is_complained_about(self):
        self.complaint.respondent_ids = self.users["coordinator"].partner_id
        self.run_job("2026-04-14")
        self.assertFalse(self.alerts("coordinator"))
        self.assertEqual(len(self.alerts("director")), 1)

    def test_who_practises_troubles_nobody_else(self):
        practice = self.env["klachtenbeheer.policy"]._make_practice_policy()
        with local_noon("2026-04-02"):
            self.complaint = self.file_complaint(policy_id=practice.id)
        self.complaint.handler_id = self.users["handler"]
        self.run_job("2026-04-10")
        self.assertEqual(len(self.duty_activities()), 1, "their own reminders work as they will")
        self.run_job("2026-04-14")
        self.run_job("2026-04-17")
        self.assertFalse(self.alerts("coordinator") | self.alerts("director"))
        self.assertEqual(self.complaint.escalation_level, "none")

    def test_lapsed_right_is_put_on_record_once(self):
        with local_noon("2026-04-10"):
            self.complaint.record_event("acknowledged")
            self.complaint.record_event("answered")
        right = self.deadline(self.complaint, "object")
        self.assertEqual(right.due_on, date(2026, 5, 11))
        self.run_job("2026-05-11")
        self.assertNotIn("lapsed", self.complaint.event_ids.mapped("code"))
        self.run_job("2026-05-12")
        self.run_job("2026-05-13")
        lapsed = self.complaint.event_ids.filtered(lambda event: event.code == "lapsed")
        self.assertRecordValues(
            lapsed, [{"occurred_on": date(2026, 5, 12), "term_ids": right.term_id.ids}]
        )
        self.assertFalse(self.complaint.waits_for_complainant)
        with local_noon("2026-05-13"):
            self.assertEqual(right.state, "lapsed")

    @mute_logger(JOB_LOGGER)
    def test_a_broken_dossier_is_reported_and_does_not_stop_the_others(self):
        with local_noon("2026-04-02"):
            broken, other = self.file_complaint(), self.file_complaint()
        model = type(self.env["klachtenbeheer.complaint"])
        original = model._escalate

        def escalate(complaints, duties):
            if broken in complaints:
                raise ValueError("stuk")
            return original(complaints, duties)

        with patch.object(model, "_escalate", escalate):
            self.run_job("2026-04-14")
        self.assertEqual(other.escalation_level, "deputy")
        self.assertEqual(self.complaint.escalation_level, "coordinator")
        alert = self.env.ref("klachtenbeheer.activity_type_alert")
        report = broken.activity_ids.filtered(lambda line: line.activity_type_id == alert)
        self.assertEqual(report.user_id, self.users["coordinator"])
        self.assertFalse(self.deadline(broken, "acknowledge").signalled_on)

    def get_told(self, role):
        """Subjects of what the job notified somebody of; of roles the policy tells them."""
        notifications = self.env["mail.notification"].search(
            [("res_partner_id", "=", self.users[role].partner_id.id)]
        )
        told = notifications.mail_message_id.filtered(
            lambda message: message.model != "klachtenbeheer.policy"
        )
        return told.mapped("subject")

    def test_whoever_is_asked_one_thing_hears_of_which_dossier(self):
        self.run_job("2026-04-14")
        [subject] = self.get_told("coordinator")
        self.assertIn(self.complaint.name, subject)

    def test_whoever_is_asked_several_things_at_once_is_told_so_once(self):
        """A notification for each would keep the job, and the reader, busy."""
        with local_noon("2026-04-02"):
            others = self.file_complaint() | self.file_complaint()
        others.handler_id = self.users["handler"]
        self.run_job("2026-04-14")
        [subject] = self.get_told("coordinator")
        self.assertTrue(subject.startswith("3 "), subject)
        self.assertFalse([line.name for line in others if line.name in subject])
        self.assertEqual(len(self.alerts("coordinator")), 1)

    def test_the_cost_of_each_due_dossier(self):
        """Work goes in sets: ten more dossiers cost a few queries each at most."""
        with local_noon("2026-04-02"):
            for _ in range(12):
                self.file_complaint().handler_id = self.users["handler"]
        job = self.env["klachtenbeheer.daily.job"]
        deadlines = self.env["klachtenbeheer.deadline"].search(
            [("code", "=", "acknowledge"), ("complaint_id.policy_id", "=", self.policy.id)]
        )

        def signal(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            job._do_together(some, "_signal", date(2026, 4, 14))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        signal(deadlines[:1])
        few, many = signal(deadlines[1:3]), signal(deadlines[3:13])
        self.assertLessEqual(many - few, 8 * 3)

    def test_policy_evaluation_is_announced_a_month_ahead_and_once(self):
        policy = self.make_policy(
            code="evaluatie", evaluation_months=24, effective_from=date(2026, 5, 1)
        )
        self.assertEqual(policy.next_evaluation_on, date(2028, 5, 1))
        self.run_job("2028-03-31")
        self.assertFalse(policy.activity_ids)
        self.run_job("2028-04-03")
        self.run_job("2028-04-04")
        self.assertRecordValues(
            policy.activity_ids,
            [{"user_id": self.users["coordinator"].id, "date_deadline": date(2028, 5, 1)}],
        )
        with local_noon("2028-04-20"):
            policy.with_user(self.users["manager"]).action_record_evaluation()
        self.assertEqual(policy.next_evaluation_on, date(2030, 4, 20))

    def test_work_follows_what_is_due_not_the_size_of_the_register(self):
        """The plan of the query uses a partial index on what is open, whatever is in the table:
        which of the two depends on what the database knows of it."""
        deadlines = self.env["klachtenbeheer.deadline"].with_company(self.company)
        with local_noon("2026-04-14"):
            day = self.company._complaint_today()
            query = deadlines._search(deadlines._get_expired_domain(day), limit=100)
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("EXPLAIN " + self.env.cr.mogrify(query.select()).decode())
        plan = "\n".join(row[0] for row in self.env.cr.fetchall())
        self.assertRegex(plan, "klachtenbeheer_deadline_(signal|open)_idx")
