import logging
from typing import NamedTuple

from psycopg2.errors import SerializationFailure

from odoo import api, models
from odoo.fields import Domain

_logger = logging.getLogger(__name__)

BATCH = 100  # records between two commits


class Step(NamedTuple):
    """A step of the daily job, by the names of two methods of the model that owns it."""

    model: str
    due: str  # (today) → the domain of what is due in the current company
    work: str  # (today), on a batch of those records, in a savepoint of its own
    order: str | None = None  # of an index, where the database else looks for them in a whole table


# What happens every day in each company, in this order.
STEPS = (
    # who is in which role comes before what is asked of them
    Step("klachtenbeheer.appointment", "_get_over_domain", "_end_over"),
    Step("klachtenbeheer.appointment", "_get_starting_domain", "_start_planned"),
    Step("klachtenbeheer.deadline", "_get_reminder_domain", "_remind"),
    Step("klachtenbeheer.deadline", "_get_expired_domain", "_signal", "due_on"),
    Step("klachtenbeheer.policy", "_get_evaluation_domain", "_announce_evaluation"),
    Step("klachtenbeheer.measure", "_get_late_domain", "_warn_overdue"),
    Step("klachtenbeheer.hearing", "_get_unanswered_domain", "_expire"),
    Step("klachtenbeheer.complaint", "_get_long_informal_domain", "_warn_informal"),
    Step("klachtenbeheer.complaint", "_get_silent_domain", "_warn_progress"),
    Step("klachtenbeheer.policy", "_get_untold_domain", "_remind_publication"),
    Step("klachtenbeheer.measure", "_get_resumed_domain", "_ask_again"),
    Step("klachtenbeheer.measure", "_get_unchecked_domain", "_ask_effect"),
    Step("klachtenbeheer.policy", "_get_pattern_domain", "_find_patterns"),
    Step("klachtenbeheer.report.plan", "_get_running_domain", "_make_due"),
    Step("klachtenbeheer.report", "_get_waiting_domain", "_look_after_mails"),
    Step("klachtenbeheer.report", "_get_late_domain", "_warn_late"),
    Step("res.company", "_get_digest_domain", "_offer_digest"),
    Step("klachtenbeheer.complaint", "_get_retention_notice_domain", "_announce_retention"),
    Step("klachtenbeheer.complaint", "_get_retention_domain", "_apply_retention"),
    Step("klachtenbeheer.reading", "_get_old_domain", "_forget_old"),
    Step("klachtenbeheer.subject.request", "_get_request_reminder_domain", "_remind_protectors"),
    Step("klachtenbeheer.subject.request", "_get_answered_domain", "_forget_person"),
    Step("klachtenbeheer.breach", "_get_breach_domain", "_remind_of_breach"),
    Step("klachtenbeheer.breach", "_get_old_breach_domain", "_forget_breach"),
)


class DailyJob(models.AbstractModel):
    """What happens by itself every day; what that is, is written in `STEPS`.

    Safe to run twice, late, or on two nodes at once: each record carries the day on which it
    was dealt with, and is locked and looked at again before it is. The work follows what is
    due (partial indexes), not the size of the register.
    """

    _name = "klachtenbeheer.daily.job"
    _description = "Daily Job of the Complaint Register"

    @api.model
    def _cron_run(self):
        """Entry point of the scheduled action."""
        skipped = 0
        # what people are mailed waits for the queue: the job doesn't wait for a mail server
        job = self.with_context(mail_notify_force_send=False)
        for company in job._get_companies():
            skipped += job.with_company(company)._run_company(company._complaint_today())
        if skipped:
            self.env["ir.cron"]._commit_progress(0, remaining=skipped)  # the platform comes back

    @api.model
    def _run_company(self, today):
        """The work of one company on a local date.

        :return: how many records were skipped because somebody was working on their dossier
        """
        # first of all, as who is away decides who is asked
        self.env["klachtenbeheer.policy.role"]._sync_stand_ins()
        return sum(self._work_off(step, today) for step in STEPS)

    @api.model
    def _get_companies(self):
        """The companies that have a policy, retired ones included."""
        policies = self.env["klachtenbeheer.policy"].with_context(active_test=False)
        return self.env["res.company"].union(
            *(company for [company] in policies._read_group([], ["company_id"]))
        )

    # ---------------------------------------------------------------- batches

    @api.model
    def _work_off(self, step, today):
        """Do a step for all records that are due, in batches that are committed.

        A dossier that fails is reported and left for the next day.

        :return: how many were skipped because somebody was working on their dossier
        """
        records = self.env[step.model]
        domain = getattr(records, step.due)(today)
        seen, skipped = set(), 0
        cron = self.env["ir.cron"]
        while batch := self._find_some(
            records, domain & Domain("id", "not in", list(seen)), step.order
        ):
            try:
                locked = self._lock(batch)
            except SerializationFailure:
                cron._commit_progress(0, remaining=1)  # changed since the search: look again
                continue
            seen.update(batch.ids)
            skipped += len(batch) - len(locked)
            self._do_together(locked.filtered_domain(domain), step.work, today)
            remaining = len(batch) == BATCH
            if not cron._commit_progress(len(batch), remaining=int(remaining)):
                break
        return skipped

    @api.model
    def _find_some(self, records, domain, order=None):
        """A batch, mostly in no order: in that of lists the database might look through all there
        are."""
        return records.browse(records._search(domain, order=order, limit=BATCH))

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
    def _do_together(self, records, work, today):
        """Do a step for a batch at once; where one of them can't, for each by itself, so that
        the others go on."""
        try:
            with self.env.cr.savepoint():
                getattr(records, work)(today)
                self._get_dossiers(records)._clear_daily_problem(work)
        except Exception:
            _logger.info("Daily job: %s, each by itself", records, exc_info=True)
            for record in records:
                self._do_safely(record, work, today)

    @api.model
    def _do_safely(self, record, work, today):
        try:
            with self.env.cr.savepoint():
                getattr(record, work)(today)
                self._get_dossiers(record)._clear_daily_problem(work)
        except Exception as error:
            dossiers = self._get_dossiers(record)
            _logger.exception("Daily job failed on %s of %s", record, dossiers.mapped("name"))
            dossiers._tell_daily_problem(work, error)

    @api.model
    def _get_dossiers(self, record):
        """The complaints that a record is about: none for a policy, or a measure."""
        complaints = self.env["klachtenbeheer.complaint"]
        if record._name == complaints._name:
            return record
        return record.complaint_id if "complaint_id" in record else complaints
