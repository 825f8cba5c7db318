from contextlib import contextmanager
from copy import deepcopy
from datetime import timedelta
from functools import wraps

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..policy.term import ORGANISATION, WAIVED

COMPLAINT = "klachtenbeheer.complaint"
# What ends the way from receipt to an answer, whichever comes first.
ANSWERS = (
    "answered",
    "decided",
    "final_decided",
    "settled",
    "resolved_informally",
    "remedied",
)
ASKED = "klachtenbeheer.report.asked"  # what a transaction knows while a report is made


def asked_once(question):
    """While one report is made its sections ask the same question of the database once."""

    @wraps(question)
    def ask(self, *args):
        answers = self.env.cr.cache.get(ASKED)
        if answers is None:
            return question(self, *args)
        key = (question.__name__, str(args))
        if key not in answers:
            answers[key] = question(self, *args)
        return deepcopy(answers[key])

    return ask


class ReportCounter(models.AbstractModel):
    """The figures of reports, each from one question to the database.

    Counting rule: a complaint counts in the period in which it was received, under whichever
    version of the policy, and once, however often it was reopened (T60). Suggestions, what was
    out of scope, and what the policy keeps out of the register are counted apart; formal
    complaints always count. Duties count with their complaint, as they stood on the day on which
    the figures were taken: in time, or late (done late, or undone after the last day). What is
    not due yet, fell away in time, or was declared not applicable does not count.
    """

    _name = "klachtenbeheer.report.counter"
    _description = "Figures of Reports"

    @contextmanager
    def _asking_once(self):
        """Nothing changes meanwhile: the sections of one report tell of the same moment."""
        self.env.cr.cache[ASKED] = {}
        try:
            yield
        finally:
            del self.env.cr.cache[ASKED]

    # ---------------------------------------------------------------- what counts

    @api.model
    def _get_received_domain(self, policies, first, last):
        return (
            Domain("policy_id", "in", policies.ids)
            & Domain("is_practice", "=", False)
            & Domain("received_on", ">=", first)
            & Domain("received_on", "<=", last)
        )

    @api.model
    def _get_counted_domain(self, policies, first, last):
        return (
            self._get_received_domain(policies, first, last)
            & Domain("nature", "=", "complaint")
            & (Domain("outcome", "!=", "out_of_scope") | Domain("outcome", "=", False))
            & (Domain("in_register", "=", True) | Domain("kind", "=", "formal"))
        )

    @api.model
    def _get_complaints_sudo(self):
        # who may make a report gets numbers without anybody in them, whatever they may read
        return self.env[COMPLAINT].sudo().with_context(active_test=False)

    @api.model
    def _select(self, policies, first, last):
        """The complaints that count, as a part of a query."""
        self.env.flush_all()
        domain = self._get_counted_domain(policies, first, last)
        return self._get_complaints_sudo()._search(domain, order="id").subselect()

    # ---------------------------------------------------------------- numbers

    @api.model
    def _count(self, policies, first, last, *domain):
        counted = self._get_counted_domain(policies, first, last) & Domain(list(domain))
        return self._get_complaints_sudo().search_count(counted)

    @api.model
    def _count_apart(self, policies, first, last):
        """{what is received but not counted: number}."""
        received = self._get_received_domain(policies, first, last)
        complaints = Domain("nature", "=", "complaint")
        out_of_scope = complaints & Domain("outcome", "=", "out_of_scope")
        counted = self._get_counted_domain(policies, first, last)
        apart = {
            "suggestions": received & Domain("nature", "=", "suggestion"),
            "out_of_scope": out_of_scope,
            "unregistered": received & complaints & ~counted & ~out_of_scope,
        }
        complaints_su = self._get_complaints_sudo()
        return {name: complaints_su.search_count(received & rule) for name, rule in apart.items()}

    @api.model
    @asked_once
    def _count_by(self, policies, dimension, stretches):
        """{stretch: {key: number}} of one dimension.

        :param stretches: list of (first day of a month, first day after)
        """
        first, after = stretches[0][0], stretches[-1][1]
        rows = self._get_complaints_sudo()._read_group(
            self._get_counted_domain(policies, first, after - timedelta(days=1)),
            [dimension, "received_on:month"],
            ["__count"],
        )
        found = {stretch: {} for stretch in stretches}
        for value, month, number in rows:
            key = self._get_key(value)
            for start, end in stretches:
                if start <= month < end:
                    table = found[start, end]
                    table[key] = table.get(key, 0) + number
        return found

    @api.model
    def _get_key(self, value):
        """By name: each version of a policy has categories of its own."""
        return (value.display_name if isinstance(value, models.BaseModel) else value) or ""

    @api.model
    def _count_by_period(self, policies, periods):
        """The number of complaints in each of some periods, in that order."""
        first, last = periods[0][0], periods[-1][1]
        months = dict(
            self._get_complaints_sudo()._read_group(
                self._get_counted_domain(policies, first, last), ["received_on:month"], ["__count"]
            )
        )
        return [
            sum(number for month, number in months.items() if start <= month <= end)
            for start, end in periods
        ]

    @api.model
    def _count_open(self, policies, last, today):
        """How many of what was received up to a day are open, and how many of them late."""
        complaints_su = self._get_complaints_sudo()
        domain = self._get_counted_domain(policies, last - relativedelta(years=100), last) & Domain(
            "is_closed", "=", False
        )
        late = domain & Domain("next_due_on", "<", today)
        return complaints_su.search_count(domain), complaints_su.search_count(late)

    # ---------------------------------------------------------------- time

    @api.model
    @asked_once
    def _measure_duties(self, policies, first, last, today):
        """{term code: (in time, late, longest delay in days)} of duties of the organisation."""
        overdue = SQL(
            """d.met_on IS NULL AND d.due_on < %(today)s AND (d.void_on IS NULL
               OR (d.void_on > d.due_on AND COALESCE(d.void_by, '') NOT LIKE %(waived)s))""",
            today=today,
            waived=f"{WAIVED}:%",
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.code,
                       COUNT(*) FILTER (WHERE d.met_on <= d.due_on),
                       COUNT(*) FILTER (WHERE d.met_on > d.due_on OR (%(overdue)s)),
                       MAX(COALESCE(d.met_on, d.void_on, %(today)s) - d.due_on)
                           FILTER (WHERE d.met_on > d.due_on OR (%(overdue)s))
                  FROM klachtenbeheer_deadline d
                 WHERE d.complaint_id IN %(complaints)s AND d.duty_of = %(organisation)s
              GROUP BY d.code
                """,
                overdue=overdue,
                today=today,
                complaints=self._select(policies, first, last),
                organisation=ORGANISATION,
            )
        )
        return {
            code: (in_time, late, delay or 0)
            for code, in_time, late, delay in rows
            if in_time + late
        }

    @api.model
    @asked_once
    def _measure_lead_time(self, policies, first, last):
        """The middle number of days from receipt to the first answer, and of how many."""
        [(days, number)] = self.env.execute_query(
            SQL(
                """
                SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY answered.days), COUNT(*)
                  FROM (SELECT MIN(e.occurred_on) - c.received_on AS days
                          FROM klachtenbeheer_event e
                          JOIN klachtenbeheer_complaint c ON c.id = e.complaint_id
                         WHERE e.complaint_id IN %(complaints)s
                           AND e.code IN %(answers)s AND e.voided IS NOT TRUE
                      GROUP BY c.id) answered
                """,
                complaints=self._select(policies, first, last),
                answers=ANSWERS,
            )
        )
        return days, number

    # ---------------------------------------------------------------- measures

    @api.model
    def _find_measures(self, policies, first, last):
        """Measures that were open in a period, or realised in it (SJ35)."""
        return self._search_measures(
            policies,
            last,
            Domain("kind", "!=", "recommendation")
            & (
                Domain("state", "in", ("proposed", "adopted", "deferred"))
                | (Domain("state", "=", "done") & Domain("realised_on", ">=", first))
            ),
        )

    @api.model
    def _find_recommendations(self, policies, first, last):
        """Recommendations that wait, or were made or decided on in a period (SJ34, SJ36)."""
        return self._search_measures(
            policies,
            last,
            Domain("kind", "=", "recommendation")
            & (
                Domain("state", "in", ("proposed", "deferred"))
                | Domain("decided_on", ">=", first)
                | Domain("create_date", ">=", first)
            ),
        )

    @api.model
    def _search_measures(self, policies, last, domain):
        # as for the complaints; what is told of them is looked through for names
        return (
            self.env["klachtenbeheer.measure"]
            .sudo()
            .search(
                domain
                & Domain("link_ids.complaint_id.policy_id", "in", policies.ids)
                & Domain("create_date", "<", last + timedelta(days=1)),
                order="due_on, id",
            )
        )
