from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.common import ComplaintCase, local_noon

JOB_LOGGER = "odoo.addons.klachtenbeheer.models.daily.job"


@tagged("post_install", "-at_install")
class TestDailyProblem(ComplaintCase):
    """A dossier that the daily job can't process is told once, in words (issue 9, 18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with local_noon("2026-04-02"):
            cls.complaint = cls.file_complaint()
        cls.complaint.handler_id = cls.users["handler"]
        cls.env["res.lang"]._activate_lang("en_US")
        cls.users["coordinator"].lang = "en_US"  # who is told reads it in their language

    def run_job(self, day, error=None):
        cron = self.env.ref("klachtenbeheer.cron_daily")
        deadlines = type(self.env["klachtenbeheer.deadline"])
        with local_noon(day), self.enter_registry_test_mode():
            if not error:
                cron.with_user(self.env.ref("base.user_root")).method_direct_trigger()
            else:
                with (
                    patch.object(deadlines, "_remind", side_effect=error),
                    patch.object(deadlines, "_signal", side_effect=error),
                    mute_logger(JOB_LOGGER),
                ):
                    cron.with_user(self.env.ref("base.user_root")).method_direct_trigger()
        self.env.invalidate_all()

    def alerts(self):
        alerts = self.complaint.activity_ids.filtered(
            lambda line: "daily job" in (line.summary or "")
        )
        return alerts.sorted("id")

    def test_it_is_told_once_and_without_words_of_a_program(self):
        for day in ("2026-04-09", "2026-04-10"):
            self.run_job(day, KeyError("handler_id"))
        self.assertEqual(len(self.alerts()), 1)
        note = str(self.alerts().note)
        self.assertNotIn("handler_id", note)
        self.assertIn("look after its terms yourself", note)
        self.assertIn(self.complaint.name, note)

    def test_done_does_not_mean_told_again(self):
        self.run_job("2026-04-09", KeyError("handler_id"))
        self.alerts().action_feedback()
        self.run_job("2026-04-10", KeyError("handler_id"))
        self.assertFalse(self.alerts())

    def test_what_was_refused_in_words_is_told_in_those(self):
        self.run_job("2026-04-09", UserError("The policy has no director."))
        self.assertIn("The policy has no director. Mend that", str(self.alerts().note))

    def test_what_works_of_the_job_does_not_hide_what_does_not(self):
        """Another step that succeeds on the same dossier is no reason to be told each day."""
        failed = self.complaint._as_procedure()
        failed._tell_daily_problem("_remind", KeyError("handler_id"))
        failed._clear_daily_problem("_warn_progress")
        failed._tell_daily_problem("_remind", KeyError("handler_id"))
        self.assertEqual(len(self.alerts()), 1)

    def test_another_problem_or_the_same_after_it_worked_is_told_again(self):
        self.run_job("2026-04-09", KeyError("handler_id"))
        self.run_job("2026-04-10", KeyError("partner_id"))
        self.assertEqual(len(self.alerts()), 2)
        self.run_job("2026-04-13")
        self.assertFalse(self.complaint.daily_problem)
        self.run_job("2026-04-14", KeyError("partner_id"))
        self.assertEqual(len(self.alerts()), 3)
