import logging

from psycopg2.errors import UniqueViolation

from odoo import api, models

from .report_record import APPROVED, FAILED, NOT_MADE, SENT

_logger = logging.getLogger(__name__)


class ReportSchedule(models.Model):
    """Reports are made when their period is over: each exactly once, however often the
    scheduled action runs or was missed."""

    _inherit = "klachtenbeheer.report"

    @api.model
    def _cron_make_reports(self):
        """Entry point of the scheduled action: make what is due, mail again what did not
        arrive, warn of what is late."""
        for company in self.env["klachtenbeheer.daily.job"]._get_companies():
            reports = self.with_company(company)
            today = company._complaint_today()
            reports._make_due(company, today)
            reports._send_waiting(company)
            reports._warn_late(company, today)

    @api.model
    def _make_due(self, company, today):
        for plan in self.env["klachtenbeheer.report.plan"]._get_running(company):
            for first, last in plan._get_due_periods(today):
                if not self._find_made(plan, first, last):
                    self._make_safely(plan, first)
                    self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _find_made(self, plan, first, last):
        return self.search_count(
            [
                ("company_id", "=", plan.company_id.id),
                ("policy_code", "=", plan.policy_id.code),
                ("type_id", "=", plan.type_id.id),
                ("date_from", "=", first),
                ("date_to", "=", last),
            ],
            limit=1,
        )

    @api.model
    def _make_safely(self, plan, first):
        """One report; one that fails does not keep the others from being made."""
        try:
            with self.env.cr.savepoint():
                return self.create(
                    {
                        "type_id": plan.type_id.id,
                        "policy_id": plan.policy_id.id,
                        "date_from": first,
                    }
                )
        except UniqueViolation:
            _logger.info("Report %s of %s was made by another process", plan.id, first)
        except Exception as error:
            _logger.exception("Report plan %s could not be made over %s", plan.id, first)
            self._tell_failed(plan, error)
        return self.browse()

    @api.model
    def _tell_failed(self, plan, error):
        summary = self.env._("The report “%s” could not be made", plan.type_id.name)
        coordinator = plan.policy_id.coordinator_id
        told = plan.policy_id.activity_ids.filtered(lambda activity: activity.summary == summary)
        if coordinator and not told:
            plan.policy_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=summary,
                note=str(error),
                user_id=coordinator.id,
            )

    @api.model
    def _send_waiting(self, company):
        """Approved ones whose mail never was queued, and those that did not arrive."""
        waiting = self.search([("company_id", "=", company.id), ("state", "=", FAILED)])
        for report in waiting.try_lock_for_update(allow_referencing=True):
            report._as_procedure()._send_to_recipients()
        if waiting:
            self.env["ir.cron"]._commit_progress(len(waiting))

    @api.model
    def _warn_late(self, company, today):
        """Directie, and the coordinator, hear once of a report that is not there in time."""
        late = self.search(
            [
                ("company_id", "=", company.id),
                ("due_on", "<", today),
                ("state", "not in", (SENT, NOT_MADE, APPROVED)),
                ("escalated_on", "=", False),
            ]
        )
        for report in late.try_lock_for_update(allow_referencing=True):
            report._escalate(today)
        if late:
            self.env["ir.cron"]._commit_progress(len(late))

    def _escalate(self, today):
        policy = self.policy_id
        users = policy._get_role_users("director") | self.approver_ids | policy.coordinator_id
        self._ask(users, self.env._("Late: %s", self.title))
        self._as_procedure().escalated_on = today
