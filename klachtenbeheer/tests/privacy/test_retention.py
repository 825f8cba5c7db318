from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.common import ComplaintCase
from ..support.privacy_common import PrivacyCase

JOB_LOGGER = "odoo.addons.klachtenbeheer.models.daily.job"


@tagged("post_install", "-at_install")
class TestRetention(PrivacyCase):
    """What of a closed dossier goes when, who is told of it, and what keeps it (SB44, BA38)."""

    def test_the_period_counts_from_closing(self):
        complaint = self.file_closed(months_ago=1)
        queue, whole = (complaint.closed_on + relativedelta(months=months) for months in (3, 24))
        self.assertEqual(complaint.retention_due_on, queue)
        complaint._as_procedure().erased_kinds = "queue,log"
        self.assertEqual(complaint.retention_due_on, whole)

    def test_an_open_dossier_has_no_period(self):
        complaint = self.file_complaint()
        self.assertFalse(complaint.retention_due_on)

    def test_reopening_ends_it(self):
        complaint = self.file_closed(months_ago=23)
        self.run_job()
        self.assertTrue(complaint.retention_erase_on)
        complaint.action_reopen()
        self.assertFalse(complaint.retention_due_on)
        self.assertFalse(complaint.retention_erase_on)

    def test_nothing_goes_before_it_was_announced_so_many_days(self):
        complaint = self.file_closed(months_ago=30)
        self.run_job()
        self.assertFalse(complaint.anonymised_on)
        self.assertEqual(complaint.retention_erase_on, self.today + timedelta(days=30))
        self.run_job(days=29)
        self.assertFalse(complaint.anonymised_on)
        self.run_job(days=30)
        self.assertTrue(complaint.anonymised_on)

    def test_the_coordinator_is_told_once(self):
        self.file_closed(months_ago=30)
        self.file_closed(months_ago=31)
        self.run_job()
        self.run_job(days=1)
        activities = self.policy.activity_ids.filtered(
            lambda activity: "anonymised" in activity.summary
        )
        self.assertEqual(activities.user_id, self.users["coordinator"])
        self.assertEqual(len(activities), 1)

    def test_a_coordinator_who_is_complained_about_is_not_told(self):
        complaint = self.file_closed(months_ago=30)
        complaint.respondent_ids = self.users["coordinator"].partner_id
        self.run_job()
        self.assertNotIn(self.users["coordinator"], self.policy.activity_ids.user_id)

    def test_the_list_of_what_goes_within_a_month(self):
        action = self.env.ref("klachtenbeheer.complaint_action_retention")
        soon = self.file_closed(months_ago=24, description="Eerdaags")
        later = self.file_closed(months_ago=0, description="Later")
        found = self.as_role(self.env["klachtenbeheer.complaint"], "coordinator").search(
            [("retention_due_on", "!=", False), ("retention_due_on", "<=", "today +1m")]
        )
        self.assertIn(soon, found)
        self.assertNotIn(later, found)
        self.assertIn("today +1m", action.domain)

    # ---------------------------------------------------------------- parts

    def test_a_part_may_go_earlier(self):
        policy = self.make_policy(
            code="delen",
            retention_rule_ids=[Command.create({"kind": "letter", "months": 6})],
        )
        complaint = self.file_closed(months_ago=7, policy_id=policy.id)
        self.env["klachtenbeheer.objection"].create(
            {"complaint_id": complaint.id, "description": "Niet eens"}
        )
        self.run_job()
        self.run_job(days=31)
        self.assertEqual(complaint.erased_kinds, "letter")
        self.assertTrue(complaint.objection_ids.description)
        self.assertEqual(self.certificates(complaint).mapped("kind"), ["letter"])
        # and the dossier itself is announced anew, in its own time
        self.assertEqual(complaint.retention_due_on, complaint.closed_on + relativedelta(months=24))
        self.assertFalse(complaint.retention_erase_on)

    def test_a_part_is_not_kept_longer_than_the_dossier(self):
        with self.assertRaises(ValidationError):
            self.make_policy(
                code="langer",
                retention_rule_ids=[Command.create({"kind": "letter", "months": 25})],
            )

    def test_the_neutral_line_of_the_register_goes_by_a_rule_of_its_own(self):
        policy = self.make_policy(
            code="regel",
            retention_rule_ids=[Command.create({"kind": "register", "months": 36})],
        )
        complaint = self.file_closed(months_ago=25, policy_id=policy.id)
        complaint.neutral_summary = "Bus te laat"
        self.run_job()
        self.run_job(days=31)
        self.assertTrue(complaint.anonymised_on)
        self.assertEqual(complaint.neutral_summary, "Bus te laat")
        self.assertEqual(complaint.retention_due_on, complaint.closed_on + relativedelta(months=36))
        self.run_job(days=340)
        self.assertTrue(complaint.neutral_summary)
        self.run_job(days=380)
        self.assertFalse(complaint.neutral_summary)
        self.assertFalse(complaint.retention_due_on)

    def test_rules_are_frozen_with_the_policy(self):
        with self.assertRaises(UserError):
            self.policy.retention_rule_ids[0].months = 1

    def test_a_policy_without_a_period_is_not_published(self):
        draft = self.policy.copy({"code": "zonder", "retention_months": 0})
        self.assertIn("how long", draft.publish_blockers)

    # ---------------------------------------------------------------- holds

    def hold(self, complaint, role="coordinator", **vals):
        holds = self.as_role(self.env["klachtenbeheer.legal.hold"], role)
        return holds.create({"complaint_id": complaint.id, "reason": "Claim", **vals})

    def test_a_hold_keeps_the_dossier(self):
        complaint = self.file_closed(months_ago=30)
        self.run_job()
        hold = self.hold(complaint)
        self.run_job(days=90)
        self.assertFalse(complaint.anonymised_on)
        self.assertEqual(hold.create_uid, self.users["coordinator"])
        hold.action_lift()
        self.assertEqual(hold.lifted_by_id, self.users["coordinator"])
        self.run_job(days=91)
        self.assertFalse(complaint.anonymised_on, "announced anew")
        self.run_job(days=121)
        self.assertTrue(complaint.anonymised_on)

    def test_a_hold_until_a_day(self):
        complaint = self.file_closed(months_ago=30)
        until = self.today + timedelta(days=100)
        self.hold(complaint, until=until)
        self.assertEqual(complaint.retention_due_on, until + timedelta(days=1))

    def test_legal_proceedings_keep_it_too(self):
        complaint = self.file_closed(months_ago=30)
        complaint.is_in_court = True
        self.assertFalse(complaint.retention_due_on)

    def test_a_hold_is_not_deleted(self):
        hold = self.hold(self.file_closed(months_ago=30))
        with self.assertRaises(UserError):
            hold.sudo().unlink()

    def test_a_hold_comes_too_late_in_words(self):
        complaint = self.file_closed(months_ago=30)
        complaint._erase("complaint", "proef")
        with self.assertRaisesRegex(UserError, "anonymised"):
            self.hold(complaint)

    def test_a_hold_in_the_same_minute_wins(self):
        """The job has chosen a dossier, and then a hold is committed: after locking it looks
        again at what is due."""
        complaint = self.file_closed(months_ago=30)
        self.run_job()
        complaints = self.env["klachtenbeheer.complaint"].with_company(self.company)
        domain = complaints._get_retention_domain(self.today + timedelta(days=30))
        chosen = complaints.search(domain)
        self.hold(complaint)
        self.assertFalse(chosen.filtered_domain(domain))

    def test_a_restricted_dossier_is_only_kept(self):
        complaint = self.file_complaint()
        hold = self.hold(complaint, kind="restriction")
        handled = self.as_role(complaint, "coordinator")
        with self.assertRaisesRegex(UserError, "restricted"):
            handled.incident_place = "Halte"
        with self.assertRaisesRegex(UserError, "restricted"):
            handled.record_event("contacted")
        hold.action_lift()
        handled.record_event("contacted")

    # ---------------------------------------------------------------- the job

    def test_the_job_resumes(self):
        """Each dossier is done once; one that fails leaves the others to be done."""
        first, second = self.file_closed(months_ago=30), self.file_closed(months_ago=30)
        self.run_job()
        cls = type(first)
        erase = cls._erase

        def fail_for_first(records, kind, rule):
            if first in records:
                raise ValueError("midden in het werk")
            return erase(records, kind, rule)

        self.patch(cls, "_erase", fail_for_first)
        with mute_logger(JOB_LOGGER):
            self.run_job(days=30)
        self.assertFalse(first.anonymised_on)
        self.assertTrue(first.description)
        self.assertTrue(second.anonymised_on)
        self.patch(cls, "_erase", erase)
        self.run_job(days=31)
        self.assertTrue(first.anonymised_on)
        self.assertEqual(
            len(self.certificates(second).filtered(lambda c: c.kind == "complaint")), 1
        )

    def test_what_is_not_due_costs_nothing(self):
        """The question is answered from an index of what is due."""
        complaints = self.env["klachtenbeheer.complaint"].with_company(self.company)
        for domain in (
            complaints._get_retention_domain(self.today),
            complaints._get_retention_notice_domain(self.today),
        ):
            query = complaints._search(domain)
            self.env.cr.execute("SET LOCAL enable_seqscan = off")
            self.env.cr.execute("EXPLAIN " + self.env.cr.mogrify(query.select()).decode())
            plan = " ".join(line for [line] in self.env.cr.fetchall())
            self.assertRegex(plan, "klachtenbeheer_complaint_(erase|announce|kept_until)_idx")


@tagged("post_install", "-at_install")
class TestRetentionCost(ComplaintCase):
    def test_anonymising_many_takes_few_queries_each(self):
        complaints = self.env["klachtenbeheer.complaint"].browse()
        for _number in range(20):
            complaints |= self.file_complaint()
        complaints._as_procedure().write(
            {"is_closed": True, "closed_on": self.company._complaint_today()}
        )
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        complaints._erase("complaint", "proef")
        self.env.flush_all()
        self.assertLess((self.env.cr.sql_log_count - before) / 20, 60)
