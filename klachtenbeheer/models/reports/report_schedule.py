import logging

from psycopg2.errors import UniqueViolation

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..platform.delivery import CONCURRENCY
from .report_record import APPROVED, NOT_MADE, SENT

_logger = logging.getLogger(__name__)


class ReportPlanSchedule(models.Model):
    """Reports are made when their period is over, each exactly once, however often the daily
    job runs or was missed."""

    _inherit = "klachtenbeheer.report.plan"

    def _make_due(self, today):
        """Step of the daily job: the reports whose figures are to be taken by now."""
        for plan in self:
            for first, last in plan._get_due_periods(today):
                if not plan._find_made(first, last):
                    plan._make_safely(first)

    def _find_made(self, first, last):
        return self.env["klachtenbeheer.report"].search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("policy_code", "=", self.policy_id.code),
                ("type_id", "=", self.type_id.id),
                ("date_from", "=", first),
                ("date_to", "=", last),
            ],
            limit=1,
        )

    def _make_safely(self, first):
        """One report; one that fails does not keep the others from being made."""
        reports = self.env["klachtenbeheer.report"]
        vals = {"type_id": self.type_id.id, "policy_id": self.policy_id.id, "date_from": first}
        try:
            with self.env.cr.savepoint():
                return reports.create(vals)
        except UniqueViolation:
            _logger.info("Report %s of %s was made by another process", self.id, first)
        except CONCURRENCY:
            # another process was quicker, and this one still sees what was before that
            _logger.info("Report plan %s over %s is looked at again", self.id, first)
            self.env.ref("klachtenbeheer.cron_daily").sudo()._trigger()
        except Exception as error:
            _logger.exception("Report plan %s could not be made over %s", self.id, first)
            self._tell_failed(error)
        return reports

    def _tell_failed(self, error):
        summary = self.env._("The report “%s” could not be made", self.type_id.name)
        coordinator = self.policy_id.coordinator_id
        told = self.policy_id.activity_ids.filtered(lambda activity: activity.summary == summary)
        if coordinator and not told:
            self.policy_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=self._explain_failure(error),
                user_id=coordinator.id,
            )

    def _explain_failure(self, error):
        """What somebody can do about it; the words of a program are for its log."""
        if isinstance(error, UserError):
            return error.args[0]
        return self.env._(
            "It is tried again every day. Ask the administrator to look in the log of the server."
        )


class ReportSchedule(models.Model):
    _inherit = "klachtenbeheer.report"

    @api.model
    def _get_late_domain(self, today):
        """What should have been received by now, and of which nobody was told."""
        return Domain(
            [
                ("company_id", "=", self.env.company.id),
                ("due_on", "<", today),
                ("state", "not in", (SENT, NOT_MADE, APPROVED)),
                ("escalated_on", "=", False),
            ]
        )

    def _warn_late(self, today):
        """Directie, and the coordinator, hear once of a report that is not there in time."""
        for report in self:
            policy = report.policy_id
            users = policy._get_role_users("director") | report.approver_ids | policy.coordinator_id
            report._schedule_task(users, self.env._("Late: %s", report.title))
            report._as_procedure().escalated_on = today
