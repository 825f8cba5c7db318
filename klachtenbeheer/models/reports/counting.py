from contextlib import contextmanager
from copy import deepcopy
from datetime import date, timedelta
from functools import wraps
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Date, Domain
from odoo.tools import SQL

from ..complaint.event import ANSWERS
from ..policy.term import ORGANISATION, WAIVED

COMPLAINT = "klachtenbeheer.complaint"
# What counts, of a complaint `c`: as `ReportCounter._get_counted_domain`; a test compares them.
COUNTED = SQL(
    """(c.is_practice IS NOT TRUE AND c.nature = 'complaint'
        AND c.outcome IS DISTINCT FROM 'out_of_scope' AND (c.in_register OR c.kind = 'formal'))"""
)
# What is counted of all that was received in a month.
TOTALS = {
    "counted": COUNTED,
    "formal": SQL("%s AND c.kind = 'formal'", COUNTED),
    "exceptional": SQL("%s AND c.is_exceptional", COUNTED),
    "led": SQL("%s AND c.id IN (SELECT complaint_id FROM klachtenbeheer_measure_link)", COUNTED),
    "suggestions": SQL("c.nature = 'suggestion'"),
    "out_of_scope": SQL("c.nature = 'complaint' AND c.outcome = 'out_of_scope'"),
    "unregistered": SQL(
        """c.nature = 'complaint' AND c.outcome IS DISTINCT FROM 'out_of_scope'
           AND (c.in_register OR c.kind = 'formal') IS NOT TRUE"""
    ),
}
APART = ("suggestions", "out_of_scope", "unregistered")
MONTH = "received_on:month"
ASKED = "klachtenbeheer.report.asked"  # what a transaction knows while a report is made
TAKEN = "klachtenbeheer.report.taken"  # what was counted at once for all of its sections
# Of events: in the words of an index, that of the answers alone (`complaint/event.py`).
IS_ANSWER = SQL("e.code IN %s AND e.voided IS NOT TRUE", ANSWERS)


def get_overdue(today):
    """Whether a duty was or is late without having been done, as part of a query."""
    return SQL(
        """d.met_on IS NULL AND d.due_on < %(today)s AND (d.void_on IS NULL
           OR (d.void_on > d.due_on AND COALESCE(d.void_by, '') NOT LIKE %(waived)s))""",
        today=today,
        waived=f"{WAIVED}:%",
    )


class Taken(NamedTuple):
    """What is counted at once while a report is made: by month, of its policies."""

    policies: tuple
    since: date  # from when on there are totals
    before: date  # first day of the period before, from when on there are tables
    first: date  # first day of the period of the report
    last: date
    totals: dict  # {first day of a month: {name: number}}
    tables: dict  # {dimension: {first day of a month: {key: number}}}

    def has_totals(self, policies, first, last):
        return self.policies == policies._ids and self.since <= first and last <= self.last

    def has_table(self, policies, dimension, first, last):
        known = dimension in self.tables and self.before <= first
        return known and self.has_totals(policies, first, last)

    def has_period(self, policies, first, last):
        """Whether it is the period of the report, or the one before."""
        known = (self.first, self.last), (self.before, self.first - timedelta(days=1))
        return self.policies == policies._ids and (first, last) in known


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
    def _asking_once(self, policies, since, before, first, last, dimensions):
        """Nothing changes meanwhile: the sections of one report tell of the same moment, and
        what most of them ask is counted at once.

        :param since: the first day of which any section tells
        :param before: the first day of the period before
        :param dimensions: by what complaints of both periods are counted
        """
        cache = self.env.cr.cache
        cache[ASKED] = {}
        cache[TAKEN] = Taken(
            policies._ids,
            since,
            before,
            first,
            last,
            self._count_totals(policies, since, last),
            self._count_tables(policies, dimensions, before, last),
        )
        try:
            yield
        finally:
            del cache[ASKED], cache[TAKEN]

    @api.model
    def _get_taken(self):
        return self.env.cr.cache.get(TAKEN)

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
    def _select(self, policies, first, cut, last):
        """The complaints that count, as a part of a query: id, received_on, and whether that was
        on or after a day."""
        self.env.flush_all()
        return SQL(
            """SELECT c.id, c.received_on, c.received_on >= %(cut)s AS now
                 FROM klachtenbeheer_complaint c
                WHERE c.policy_id = ANY(%(policies)s) AND %(counted)s
                  AND c.received_on BETWEEN %(first)s AND %(last)s""",
            cut=cut,
            policies=policies.ids,
            counted=COUNTED,
            first=first,
            last=last,
        )

    # ---------------------------------------------------------------- numbers

    @api.model
    def _count(self, policies, first, last, what="counted"):
        """How many complaints of some days.

        :param what: of TOTALS
        """
        return sum(line[what] for line in self._get_totals(policies, first, last).values())

    @api.model
    def _count_apart(self, policies, first, last):
        """{what is received but not counted: number}."""
        return {name: self._count(policies, first, last, name) for name in APART}

    @api.model
    def _count_by_period(self, policies, periods):
        """The number of complaints in each of some periods, in that order."""
        totals = self._get_totals(policies, periods[0][0], periods[-1][1])
        return [
            sum(line["counted"] for month, line in totals.items() if start <= month <= end)
            for start, end in periods
        ]

    @api.model
    def _get_totals(self, policies, first, last):
        """{first day of a month: {what of TOTALS: number}}."""
        first, last = Date.to_date(first), Date.to_date(last)
        taken = self._get_taken()
        if not taken or not taken.has_totals(policies, first, last):
            return self._count_totals(policies, first, last)
        return {month: line for month, line in taken.totals.items() if first <= month <= last}

    @api.model
    def _count_totals(self, policies, first, last):
        """As `_get_totals`, from one question."""
        self.env.flush_all()
        numbers = (SQL("COUNT(*) FILTER (WHERE %s)", rule) for rule in TOTALS.values())
        rows = self.env.execute_query(
            SQL(
                """
                SELECT date_trunc('month', c.received_on::timestamp)::date, %(numbers)s
                  FROM klachtenbeheer_complaint c
                 WHERE c.policy_id = ANY(%(policies)s) AND c.is_practice IS NOT TRUE
                   AND c.received_on BETWEEN %(first)s AND %(last)s
              GROUP BY 1
                """,
                numbers=SQL(", ").join(numbers),
                policies=policies.ids,
                first=first,
                last=last,
            )
        )
        return {month: dict(zip(TOTALS, line, strict=True)) for month, *line in rows}

    @api.model
    def _count_by(self, policies, dimension, stretches):
        """{stretch: {key: number}} of one dimension.

        :param stretches: list of (first day of a month, first day after)
        """
        first, last = stretches[0][0], stretches[-1][1] - timedelta(days=1)
        taken = self._get_taken()
        if taken and taken.has_table(policies, dimension, first, last):
            months = taken.tables[dimension]
        else:
            months = self._count_tables(policies, [dimension], first, last)[dimension]
        found = {stretch: {} for stretch in stretches}
        for start, end in stretches:
            for month, table in months.items():
                if start <= month < end:
                    _add_to(found[start, end], table)
        return found

    @api.model
    def _count_tables(self, policies, dimensions, first, last):
        """{dimension: {first day of a month: {key: number}}}, from one question."""
        tables = {dimension: {} for dimension in dimensions}
        if not tables:
            return tables
        found = self._get_complaints_sudo()._read_grouping_sets(
            self._get_counted_domain(policies, first, last),
            [[dimension, MONTH] for dimension in tables],
            ["__count"],
        )
        for table, rows in zip(tables.values(), found, strict=True):
            for value, month, number in rows:
                _add_to(table.setdefault(month, {}), {self._get_key(value): number})
        return tables

    @api.model
    def _get_key(self, value):
        """By name: each version of a policy has categories of its own."""
        return (value.display_name if isinstance(value, models.BaseModel) else value) or ""

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
    def _measure_duties(self, policies, first, last, today):
        """{term code: (in time, late, longest delay in days)} of duties of the organisation."""
        start, cut, end = self._get_days_asked(policies, first, last)
        found = self._measure_duties_at_once(policies, start, cut, end, today)
        return found[first >= cut]

    @api.model
    def _get_days_asked(self, policies, first, last):
        """What is asked of the database: of a report both of its periods at once.

        :return: (first day, first day of the second period, last day)
        """
        taken = self._get_taken()
        if taken and taken.has_period(policies, first, last):
            return taken.before, taken.first, taken.last
        return first, first, last

    @api.model
    @asked_once
    def _measure_duties_at_once(self, policies, first, cut, last, today):
        """{is it from a day on: {term code: (in time, late, longest delay)}}."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH dossier AS MATERIALIZED (%(dossiers)s)
                SELECT c.now, d.term_id,
                       COUNT(*) FILTER (WHERE d.met_on <= d.due_on),
                       COUNT(*) FILTER (WHERE d.met_on IS NULL OR d.met_on > d.due_on),
                       MAX(COALESCE(d.met_on, d.void_on, %(today)s) - d.due_on)
                           FILTER (WHERE d.met_on IS NULL OR d.met_on > d.due_on)
                  FROM dossier c
                  JOIN klachtenbeheer_deadline d ON d.complaint_id = c.id
                 WHERE d.duty_of = %(organisation)s AND (d.met_on IS NOT NULL OR (%(overdue)s))
              GROUP BY 1, 2
                """,
                dossiers=self._select(policies, first, cut, last),
                overdue=get_overdue(today),
                today=today,
                organisation=ORGANISATION,
            )
        )
        found = {True: {}, False: {}}
        terms_su = self.env["klachtenbeheer.term"].sudo()  # as for the complaints
        for now, term_id, *line in rows:
            code = terms_su.browse(term_id).code
            found[now][code] = _add_duty(found[now].get(code, (0, 0, 0)), line)
        return found

    @api.model
    def _measure_lead_time(self, policies, first, last):
        """The middle number of days from receipt to the first answer, and of how many."""
        start, cut, end = self._get_days_asked(policies, first, last)
        return self._measure_lead_times(policies, start, cut, end).get(first >= cut, (None, 0))

    @api.model
    @asked_once
    def _measure_lead_times(self, policies, first, cut, last):
        """{is it from a day on: (middle number of days, of how many)}."""
        rows = self.env.execute_query(
            SQL(
                """
                WITH dossier AS MATERIALIZED (%(dossiers)s)
                SELECT now, PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY days), COUNT(*)
                  FROM (SELECT c.now, MIN(e.occurred_on) - c.received_on AS days
                          FROM dossier c
                          JOIN klachtenbeheer_event e ON e.complaint_id = c.id
                         WHERE %(is_answer)s
                      GROUP BY c.id, c.received_on, c.now) answered
              GROUP BY 1
                """,
                dossiers=self._select(policies, first, cut, last),
                is_answer=IS_ANSWER,
            )
        )
        return {now: (days, number) for now, days, number in rows}

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


def _add_to(table, other):
    for key, number in other.items():
        table[key] = table.get(key, 0) + number


def _add_duty(line, other):
    """In time and late together, and the longest delay, of a duty in several versions."""
    return line[0] + other[0], line[1] + other[1], max(line[2], other[2] or 0)
