import logging

from dateutil.relativedelta import relativedelta
from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import WorkCalendar
from .complaint.deadline import OPEN
from .complaint.task import ACTIVITY_DUTY
from .policy.term import COMPLAINANT

_logger = logging.getLogger(__name__)

BATCH = 100  # deadlines between two commits
EVALUATION_NOTICE = relativedelta(months=1)


class DailyJob(models.AbstractModel):
    """What happens by itself every day: remind, escalate, note lapsed rights, announce
    evaluations.

    Safe to run twice, late, or on two nodes at once: each deadline carries the day on
    which it was dealt with, and is locked and looked at again before it is. The work
    follows what is due (partial indexes), not the size of the register.
    """

    _name = "klachtenbeheer.daily.job"
    _description = "Daily Job of the Complaint Register"

    @api.model
    def _cron_run(self):
        """Entry point of the scheduled action."""
        skipped = 0
        for company in self._get_companies():
            skipped += self.with_company(company)._run_company(company._complaint_today())
        if skipped:
            self.env["ir.cron"]._commit_progress(0, remaining=skipped)  # the platform comes back

    @api.model
    def _run_company(self, today):
        """Hook: the work of one company on a local date.

        :return: how many records were skipped because somebody was working on their dossier
        """
        skipped = 0
        if WorkCalendar().is_workday(today):
            skipped += self._work_off(self._get_reminder_domain(today), "_do_remind", today)
        skipped += self._work_off(self._get_expired_domain(today), "_do_signal", today)
        self._announce_evaluations(today)
        return skipped

    @api.model
    def _get_companies(self):
        """The companies that have a policy, retired ones included."""
        policies = self.env["klachtenbeheer.policy"].with_context(active_test=False)
        return self.env["res.company"].union(
            *(company for [company] in policies._read_group([], ["company_id"]))
        )

    # ---------------------------------------------------------------- what is due

    @api.model
    def _get_reminder_domain(self, today):
        return (
            OPEN
            & Domain("company_id", "=", self.env.company.id)
            & Domain("remind_on", "<=", today)
            & Domain("due_on", ">=", today)
            & Domain("reminded_on", "=", False)
            & Domain("duty_of", "!=", COMPLAINANT)
        )

    @api.model
    def _get_expired_domain(self, today):
        return (
            OPEN
            & Domain("company_id", "=", self.env.company.id)
            & Domain("due_on", "<", today)
            & Domain("signalled_on", "=", False)
        )

    # ---------------------------------------------------------------- batches

    @api.model
    def _work_off(self, domain, method, today, model="klachtenbeheer.deadline"):
        """Apply a method to all records of a domain, in batches that are committed.

        A dossier that fails is reported and left for the next day.

        :return: how many were skipped because somebody was working on their dossier
        """
        records = self.env[model]
        seen, skipped = set(), 0
        cron = self.env["ir.cron"]
        while batch := records.search(domain & Domain("id", "not in", list(seen)), limit=BATCH):
            try:
                locked = self._lock(batch)
            except SerializationFailure:
                cron._commit_progress(0, remaining=1)  # changed since the search: look again
                continue
            seen.update(batch.ids)
            skipped += len(batch) - len(locked)
            for record in locked.filtered_domain(domain):
                self._do_safely(record, method, today)
            remaining = len(batch) == BATCH
            if not cron._commit_progress(len(batch), remaining=int(remaining)):
                break
        return skipped

    @api.model
    def _lock(self, records):
        """Those records on whose dossier nobody else is working, locked until the commit.

        The dossier too: another node may be busy with another duty of the same complaint.

        :raise SerializationFailure: one of them was changed since this transaction began
        """
        with self.env.cr.savepoint():
            records = records.try_lock_for_update(allow_referencing=True)
            complaints = self._get_dossiers(records).try_lock_for_update(allow_referencing=True)
        return records.filtered(lambda record: self._get_dossiers(record) <= complaints)

    @api.model
    def _do_safely(self, record, method, today):
        try:
            with self.env.cr.savepoint():
                getattr(self, method)(record, today)
                self._get_dossiers(record)._clear_daily_problem()
        except Exception as error:
            dossiers = self._get_dossiers(record)
            _logger.exception("Daily job failed on %s of %s", record, dossiers.mapped("name"))
            dossiers._tell_daily_problem(error)

    @api.model
    def _get_dossiers(self, record):
        """Hook: the complaints that a record is about."""
        complaints = self.env["klachtenbeheer.complaint"]
        if record._name == complaints._name:
            return record
        return record.complaint_id if "complaint_id" in record else complaints

    # ---------------------------------------------------------------- steps

    @api.model
    def _do_remind(self, deadline, today):
        """An activity for whoever has the duty, on the first werkdag from `remind_on`."""
        complaint = deadline.complaint_id
        if not complaint.policy_id.get_calendar().is_workday(today):
            return
        user = complaint._get_responsible()
        activity = user and complaint.activity_schedule(
            ACTIVITY_DUTY,
            date_deadline=deadline.target_on,
            summary=deadline.term_id.name,
            note=deadline._get_explanation(),
            user_id=user.id,
        )
        deadline.write({"reminded_on": today, "activity_id": activity and activity.id})

    @api.model
    def _do_signal(self, deadline, today):
        """An overdue duty climbs one role, once; a lapsed right is put on record."""
        if deadline.duty_of == COMPLAINANT:
            self._do_lapse(deadline)
        else:
            deadline.complaint_id._escalate(deadline)
        deadline.signalled_on = today
        deadline.complaint_id._as_procedure()._sync_state()

    @api.model
    def _do_lapse(self, deadline):
        deadline.complaint_id.record_event(
            "lapsed",
            note=deadline._get_explanation(),
            term_ids=[fields.Command.set(deadline.term_id.ids)],
        )

    @api.model
    def _announce_evaluations(self, today):
        """Policies that are to be evaluated within a month (SB52, SJ41, KK49)."""
        policies = self.env["klachtenbeheer.policy"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("state", "=", "published"),
                ("next_evaluation_on", "<=", today + EVALUATION_NOTICE),
                ("evaluation_announced_on", "=", False),
            ]
        )
        for policy in policies.try_lock_for_update(allow_referencing=True):
            policy._announce_evaluation(today)
        self.env["ir.cron"]._commit_progress(len(policies))
