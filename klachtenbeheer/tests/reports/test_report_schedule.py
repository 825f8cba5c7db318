import random
from datetime import date, timedelta
from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.daily.job import STEPS
from ..support.common import local_noon
from ..support.report_common import ReportCase

CRON = "klachtenbeheer.report"


@tagged("post_install", "-at_install")
class TestReportSchedule(ReportCase):
    """Each report exactly once, on its day or as soon after that as the job runs."""

    def run_on(self, day):
        job = self.env["klachtenbeheer.daily.job"].with_user(self.env.ref("base.user_root"))
        with local_noon(str(day)):
            for step in STEPS:
                if step.model.startswith("klachtenbeheer.report"):
                    today = self.company._complaint_today()
                    job.with_company(self.company)._work_off(step, today)

    def made(self):
        reports = self.env[CRON].search([("company_id", "=", self.company.id)])
        return sorted((report.kind, str(report.date_from)) for report in reports)

    def expect(self, until):
        """What the policy asks for by a day in 2026 or 2027, written out by hand."""
        return sorted(
            (kind, first)
            for day, kind, first in (
                ("2025-07-08", "board_half_year", "2025-01-01"),
                ("2025-07-08", "recommendations", "2025-01-01"),
                ("2026-01-09", "board_half_year", "2025-07-01"),
                ("2026-01-09", "recommendations", "2025-07-01"),
                ("2026-01-09", "annual_handling", "2025-01-01"),
                ("2026-01-16", "policy_evaluation", "2025-01-01"),
                ("2026-07-08", "board_half_year", "2026-01-01"),
                ("2026-07-08", "recommendations", "2026-01-01"),
                ("2027-01-11", "board_half_year", "2026-07-01"),
                ("2027-01-11", "recommendations", "2026-07-01"),
                ("2027-01-11", "annual_handling", "2026-01-01"),
                ("2027-01-18", "policy_evaluation", "2026-01-01"),
            )
            if day <= str(until)
        )

    def test_every_day_of_two_years(self):
        """Only the days around the turn of a period are of interest; the job runs on each."""
        for first in ("2025-07-01", "2025-12-30", "2026-06-29", "2026-12-30"):
            for after in range(20):
                day = date.fromisoformat(first) + timedelta(days=after)
                self.run_on(day)
                self.assertEqual(self.made(), self.expect(day), str(day))
        self.assertEqual(len(self.made()), 12)

    def test_a_year_without_the_job(self):
        """What was missed is made at the first run, each over its own period."""
        self.run_on("2026-12-27")  # a Sunday
        self.assertEqual(self.made(), self.expect("2026-12-27"))
        self.run_on("2026-12-27")
        self.assertEqual(self.made(), self.expect("2026-12-27"))

    def test_a_job_that_runs_now_and_then(self):
        """Two years in which the server is up on some days, holidays and weekends among them:
        after each run there is what there should be by then, once."""
        chance = random.Random(2025)
        holidays = ("2025-12-25", "2026-01-01", "2026-04-06", "2026-05-14", "2027-01-01")
        days = {date.fromisoformat(day) for day in holidays}
        day = date(2025, 7, 1)
        while day < date(2027, 1, 31):
            days.add(day)
            day += timedelta(days=chance.choice((1, 2, 9, 16, 40)))
        for day in sorted(days | {date(2027, 1, 31)}):
            self.run_on(day)
            self.assertEqual(self.made(), self.expect(day), str(day))
        self.assertEqual(len(self.made()), 12)
        taken = self.env[CRON].search([("company_id", "=", self.company.id)]).mapped("frozen_on")
        self.assertTrue(all(day in days for day in taken))

    def test_closing_days_of_the_organisation_are_waited_for(self):
        policy = self.policies["sj"]
        plan = policy.report_plan_ids.filtered(lambda line: line.type_id.code == "board_half_year")
        self.assertEqual(str(plan._get_run_day(date(2026, 6, 30))), "2026-07-08")
        self.env["klachtenbeheer.closed.day"].create(
            {
                "company_id": self.company.id,
                "date": "2026-07-02",
                "name": "Dicht",
                "kind": "organisation",
            }
        )
        counts = policy.count_organisation_days
        self.assertEqual(
            str(plan._get_run_day(date(2026, 6, 30))), "2026-07-09" if counts else "2026-07-08"
        )

    def test_two_at_once_make_one(self):
        """The other process made it between looking and making."""
        self.run_on("2025-07-08")
        made = self.made()
        plans = type(self.env["klachtenbeheer.report.plan"])
        with patch.object(plans, "_find_made", lambda *_args: False), mute_logger("odoo.sql_db"):
            self.run_on("2025-07-09")
        self.assertEqual(self.made(), made)
        with (
            self.assertRaises(UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.make_report("board_half_year", day="2026-01-20", period="2025-01-01")

    def test_one_that_fails_keeps_no_other_from_being_made(self):
        figures = type(self.env[CRON])
        take = figures._take_recommendations

        def fail(report, section, versions):
            if report.kind == "recommendations":
                raise ValueError("no figures")
            return take(report, section, versions)

        with (
            patch.object(figures, "_take_recommendations", fail),
            mute_logger("odoo.addons.klachtenbeheer.models.reports.report_schedule"),
        ):
            self.run_on("2025-07-08")
        self.assertEqual(self.made(), [("board_half_year", "2025-01-01")])
        self.assertTrue(self.policies["sj"].activity_ids)
        self.run_on("2025-07-09")
        self.assertEqual(self.made(), self.expect("2025-07-09"))

    def test_a_next_version_makes_no_second_report(self):
        self.run_on("2025-07-08")
        policy = self.policies["sj"]
        with local_noon("2025-07-08"):
            vals = {"company_id": policy.company_id.id, "effective_from": "2025-07-08"}
            new = policy.copy({"code": policy.code, **vals})
            new.with_user(self.users["board"]).action_publish()
        self.assertEqual(len(new.report_plan_ids), len(policy.report_plan_ids))
        new.report_plan_ids.start_on = "2025-01-01"
        self.run_on("2025-07-10")
        self.assertEqual(self.made(), self.expect("2025-07-10"))

    def test_late_reports_are_told_of_once(self):
        self.run_on("2025-07-08")
        report = self.env[CRON].search([("kind", "=", "board_half_year")])
        self.assertEqual(str(report.due_on), "2025-08-31")
        self.run_on("2025-08-31")
        self.assertFalse(report.escalated_on)
        self.run_on("2025-09-01")
        self.assertIn(self.users["director"], report.activity_ids.user_id)
        self.assertTrue(report.is_late)
        told = len(report.activity_ids)
        self.run_on("2025-09-02")
        self.assertEqual(len(report.activity_ids), told)

    def test_which_policy_asks_for_which(self):
        """letters_reports_roles 5: SB46-47, SJ32-37, KK9, KK46-50; BA and BB ask for none."""
        asked = {
            source: set(
                self.env.ref(f"klachtenbeheer.policy_{source}")
                .report_plan_ids.filtered("scheduled")
                .type_id.mapped("code")
            )
            for source in ("sb", "ba", "sj", "kk", "bb")
        }
        self.assertEqual(
            asked,
            {
                "sb": {"annual_analysis", "annual_analysis_team", "policy_evaluation_two_years"},
                "ba": set(),
                "sj": {
                    "board_half_year",
                    "annual_handling",
                    "recommendations",
                    "policy_evaluation",
                },
                "kk": {"management_review", "public_annual", "kpi"},
                "bb": set(),
            },
        )

    def test_mandatory_sections(self):
        sections = {
            "annual_analysis": {"category_id", "complainant_kind_id", "channel", "verdict"},
            "board_half_year": {
                "category_id",
                "severity",
                "exceptional",
                "recommendations",
                "measures",
            },
            "annual_handling": {"category_id", "terms"},
            "management_review": {"kind", "terms", "misses", "measures", "text"},
            "public_annual": {"kind", "category_id", "outcome", "verdict", "text"},
            "kpi": {"terms", "misses", "key_figures"},
        }
        for code, expected in sections.items():
            lines = self.env.ref(f"klachtenbeheer.report_type_{code}").section_ids
            found = set(lines.mapped("kind")) | set(lines.filtered("dimension").mapped("dimension"))
            self.assertLessEqual(expected, found, code)
