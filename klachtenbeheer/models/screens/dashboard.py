from datetime import timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Date, Domain
from odoo.tools import SQL, format_date

from ..complaint.event import ANSWERS
from ..dossier.measure import ADOPTED, DEFERRED, PROPOSED, RECOMMENDATION
from ..policy.term import ORGANISATION
from ..reports.counting import IS_ANSWER, get_overdue

COMPLAINT, MEASURE = "klachtenbeheer.complaint", "klachtenbeheer.measure"
FIGURES = "klachtenbeheer.complaint.figures"
RECEIVED, DUTY, ANSWER = "received", "duty", "answer"  # what a line of the figures is about
MONTHS = (3, 6, 12)
DEFAULT_MONTHS = 12
THEMES = 8  # the rest is in the reports
PLACES = 12
PHASES = 8
WEEK = 7  # days
OPEN = Domain("is_closed", "=", False)


class Scope(NamedTuple):
    """What somebody looks at: which policies, which place, which days, and those before."""

    policies: models.BaseModel
    place: str
    months: int
    first: Date
    last: Date
    before: Date  # first day of as many months before


class Counts(NamedTuple):
    """What is counted at once, of this period and the one before."""

    received: list
    duties: dict
    answers: dict  # {is it of this period: the middle number of days to the first answer}


class Dashboard(models.AbstractModel):
    """Figures beside the work of who coordinates, or leads the organisation.

    Everything is counted with the rights of the user, and each figure leads to the dossiers
    that it counts. A call costs some ten questions to the database, none of which reads
    dossiers one by one.
    """

    _name = "klachtenbeheer.dashboard"
    _description = "Figures beside the Work"

    @api.model
    def get_figures(self, policy="", place="", months=DEFAULT_MONTHS):
        """The figures of a policy (by its code; empty for all), place and number of months.

        :return: dict(filters, tiles, charts), or False for who has no figures
        """
        if not self.env[FIGURES].has_access("read"):
            return False
        scope = self._get_scope(policy, place, months)
        rows, duties, answers = self._count(scope)
        return {
            "filters": self._get_filters(scope, policy),
            "tiles": [tile for tile in self._get_tiles(scope, rows, duties, answers) if tile],
            "charts": [
                self._get_trend(scope, rows),
                self._get_phases(scope),
                self._get_duties(scope, duties),
                self._get_groups(scope, rows, "theme", self.env._("Subjects"), THEMES),
                self._get_groups(scope, rows, "verdict", self.env._("Verdicts")),
            ],
        }

    # ---------------------------------------------------------------- what is looked at

    @api.model
    def _get_scope(self, policy, place, months):
        months = months if months in MONTHS else DEFAULT_MONTHS
        today = self.env.company._complaint_today()
        first = today.replace(day=1) - relativedelta(months=months - 1)
        domain = Domain("is_template", "=", False)
        if policy:
            domain &= Domain("code", "=", policy)
        policies = self.env["klachtenbeheer.policy"].with_context(active_test=False)
        return Scope(
            policies.search(domain),
            str(place or ""),
            months,
            first,
            today,
            first - relativedelta(months=months),
        )

    @api.model
    def _get_dossier_domain(self, scope, first=None, last=None):
        """What counts of what was received, as a domain of dossiers; without days of any time."""
        counter = self.env["klachtenbeheer.report.counter"]
        first = first or Date.to_date("1900-01-01")
        domain = counter._get_counted_domain(scope.policies, first, last or scope.last)
        return domain & Domain("incident_place", "=", scope.place) if scope.place else domain

    @api.model
    def _get_filters(self, scope, policy):
        policies = self.env["klachtenbeheer.policy"].search([("is_template", "=", False)])
        places = self.env[FIGURES]._read_group(
            Domain("received_on", ">=", scope.before) & Domain("place", "!=", False),
            ["place"],
            ["__count"],
            order="__count DESC, place",
            limit=PLACES,
        )
        return {
            "policy": policy or "",
            "place": scope.place,
            "months": scope.months,
            "policies": sorted({(line.code, line.name) for line in policies}, key=lambda p: p[1]),
            "places": sorted({*(place for place, _count in places), scope.place} - {""}),
            "periods": [(number, self.env._("%s months", number)) for number in MONTHS],
        }

    # ---------------------------------------------------------------- counting

    @api.model
    def _count(self, scope):
        """What was received, which duties were in time, and how long an answer took, from one
        question: the dossiers of both periods are looked up once, within the rights of the user.

        :return: Counts
        """
        rows = self.env.execute_query(
            SQL(
                """
                WITH dossier AS MATERIALIZED (%(dossiers)s)
                SELECT %(received)s, now, date_trunc('month', received_on::timestamp)::date,
                       category_id, verdict, COUNT(*)
                  FROM dossier GROUP BY 2, 3, 4, 5
             UNION ALL
                SELECT %(duties)s, now, NULL, d.term_id,
                       CASE WHEN d.met_on <= d.due_on THEN 'in_time' ELSE 'late' END, COUNT(*)
                  FROM dossier c JOIN klachtenbeheer_deadline d ON d.complaint_id = c.id
                 WHERE d.duty_of = %(organisation)s AND (d.met_on IS NOT NULL OR (%(overdue)s))
              GROUP BY 2, 4, 5
             UNION ALL
                SELECT %(answers)s, now, NULL, NULL, NULL,
                       PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY answered_on - received_on)
                  FROM (SELECT now, received_on, MIN(e.occurred_on) AS answered_on
                          FROM dossier c JOIN klachtenbeheer_event e ON e.complaint_id = c.id
                         WHERE %(is_answer)s GROUP BY c.id, now, received_on) answered
              GROUP BY 2
                """,
                dossiers=self._select_received(scope),
                organisation=ORGANISATION,
                overdue=get_overdue(scope.last),
                is_answer=IS_ANSWER,
                received=RECEIVED,
                duties=DUTY,
                answers=ANSWER,
            )
        )
        found = {RECEIVED: [], DUTY: [], ANSWER: []}
        for what, *row in rows:
            found[what].append(row)
        return Counts(
            self._name_received(found[RECEIVED]),
            self._name_duties(found[DUTY]),
            {now: days for now, *_rest, days in found[ANSWER]},
        )

    @api.model
    def _select_received(self, scope):
        """The dossiers that count of the period and of the one before, as part of a query."""
        self.env.flush_all()
        complaints = self.env[COMPLAINT].with_context(active_test=False)
        domain = self._get_dossier_domain(scope, scope.before, scope.last)
        # as `DossierPart`: what the user may look into, not what they only register
        query = complaints._search(domain & complaints._get_readable_domain())
        names = ("id", "received_on", "category_id", "verdict")
        id_, received_on, *rest = (SQL.identifier(complaints._table, name) for name in names)
        now = SQL("%s >= %s AS now", received_on, scope.first)
        return query.select(id_, received_on, *rest, now)

    @api.model
    def _name_received(self, rows):
        """[(is it of this period, month, theme, verdict, number)]."""
        # a name beside a number tells nothing of a dossier
        themes_su = (
            self.env["klachtenbeheer.category"].sudo().browse({row[2] for row in rows if row[2]})
        )
        names = {theme.id: theme.name for theme in themes_su}
        return [(now, month, names.get(theme), *rest) for now, month, theme, *rest in rows]

    @api.model
    def _name_duties(self, rows):
        """{code: [name, in time, late, in time before, late before]}."""
        duties = {}
        for now, _month, term_id, result, number in rows:
            term_su = self.env["klachtenbeheer.term"].sudo().browse(term_id)  # as the themes
            line = duties.setdefault(term_su.code, [term_su.name, 0, 0, 0, 0])
            line[(1 if now else 3) + (result != "in_time")] += number
        return duties

    # ---------------------------------------------------------------- tiles

    @api.model
    def _get_tiles(self, scope, rows, duties, answers):
        return [
            self._get_open_tile(scope),
            self._get_overdue_tile(scope),
            self._get_received_tile(scope, rows),
            self._get_in_time_tile(scope, duties),
            self._get_answer_tile(scope, answers),
            self._get_formal_tile(scope),
            self._get_measure_tile(),
            self._get_satisfaction_tile(scope),
        ]

    @api.model
    def _pack_tile(self, key, value, label, note="", tone="", action=None):
        return {
            "key": key,
            "value": str(value),
            "label": label,
            "note": note,
            "tone": tone,
            "action": action,
        }

    @api.model
    def _get_open_tile(self, scope):
        domain = self._get_dossier_domain(scope) & OPEN
        due = domain & Domain("next_due_on", ">=", scope.last)
        due &= Domain("next_due_on", "<=", scope.last + timedelta(days=WEEK))
        number = self.env[COMPLAINT].search_count(due)
        label = self.env._("open")
        return self._pack_tile(
            "open",
            self.env[COMPLAINT].search_count(domain),
            label,
            self.env._("%s due this week", number),
            action=self._open_dossiers(label, domain),
        )

    @api.model
    def _get_overdue_tile(self, scope):
        domain = self._get_dossier_domain(scope) & OPEN & Domain("next_due_on", "<", scope.last)
        number, label = self.env[COMPLAINT].search_count(domain), self.env._("overdue")
        return self._pack_tile(
            "overdue",
            number,
            label,
            tone="danger" if number else "",
            action=self._open_dossiers(label, domain),
        )

    @api.model
    def _get_received_tile(self, scope, rows):
        now = sum(row[-1] for row in rows if row[0])
        label = self.env._("received")
        domain = self._get_dossier_domain(scope, scope.first, scope.last)
        return self._pack_tile(
            "received",
            now,
            label,
            self._say_before(sum(row[-1] for row in rows if not row[0])),
            action=self._open_dossiers(label, domain),
        )

    @api.model
    def _say_before(self, value):
        return self.env._("%s in the period before", value) if value not in ("", None) else ""

    @api.model
    def _get_in_time_tile(self, scope, duties):
        in_time, late, was_in_time, was_late = (
            sum(line[place] for line in duties.values()) for place in range(1, 5)
        )
        if not in_time + late:
            return None
        return self._pack_tile(
            "in_time",
            _get_share(in_time, late),
            self.env._("of duties in time"),
            self._say_before(_get_share(was_in_time, was_late)),
            action=self._open_late(scope),
        )

    @api.model
    def _open_late(self, scope, code=None):
        """The dossiers of this period on which a duty was or is late."""
        duty = Domain("received_on", ">=", scope.first)
        duty &= Domain("result", "=", "late") | (
            Domain("result", "=", "open") & Domain("due_on", "<", scope.last)
        )
        if code:
            duty &= Domain("code", "=", code)
        domain = Domain("duty_figure_ids", "any", duty)
        domain &= self._get_dossier_domain(scope, scope.first, scope.last)
        return self._open_dossiers(self.env._("Late"), domain)

    @api.model
    def _get_answer_tile(self, scope, days):
        if days.get(True) is None:
            return None
        return self._pack_tile(
            "answer",
            days[True],
            self.env._("days to an answer (middle)"),
            self._say_before(days.get(False)),
            action=self._open_answered(scope),
        )

    @api.model
    def _open_answered(self, scope):
        """The dossiers of this period of which the answer is the middle one."""
        answer = Domain("code", "in", ANSWERS) & Domain("voided", "=", False)
        domain = self._get_dossier_domain(scope, scope.first, scope.last)
        domain &= Domain("event_ids", "any", answer)
        return self._open_dossiers(self.env._("Answered"), domain)

    @api.model
    def _get_formal_tile(self, scope):
        """KK48: where an external body handles the formal ones, the aim is none in a year."""
        within = self.env[COMPLAINT]._get_power_policies("read")
        policies = scope.policies.filtered(
            lambda policy: policy.formal_phase == "external" and policy.id in within
        )
        if not policies:
            return None
        aimed = scope._replace(policies=policies)
        domain = self._get_dossier_domain(aimed, scope.last.replace(month=1, day=1), scope.last)
        domain &= Domain("kind", "=", "formal")
        number = self.env[COMPLAINT].search_count(domain)
        label = self.env._("formal this year")
        return self._pack_tile(
            "formal",
            number,
            label,
            self.env._("aim: none"),
            tone="danger" if number else "",
            action=self._open_dossiers(label, domain),
        )

    @api.model
    def _get_measure_tile(self):
        """Measures come from several complaints: no filter narrows them."""
        if not self.env[MEASURE].has_access("read"):
            return None
        domain = Domain("state", "in", (PROPOSED, ADOPTED, DEFERRED))
        domain &= Domain("kind", "!=", RECOMMENDATION) | Domain("state", "!=", ADOPTED)
        today = self.env.company._complaint_today()
        late = domain & Domain("state", "!=", DEFERRED) & Domain("due_on", "<", today)
        number, label = self.env[MEASURE].search_count(late), self.env._("measures open")
        return self._pack_tile(
            "measures",
            self.env[MEASURE].search_count(domain),
            label,
            self.env._("%s late", number),
            tone="danger" if number else "",
            action=self._open(MEASURE, label, domain),
        )

    @api.model
    def _get_satisfaction_tile(self, scope):
        ratings = self.env["rating.rating"]
        if not self.env[COMPLAINT]._get_power_policies("reports"):
            return None
        given = Domain("consumed", "=", True)
        given &= Domain("create_date", ">=", Date.to_string(scope.first))
        looked_at = self._get_dossier_domain(scope)
        domain = given & Domain("res_model", "=", COMPLAINT)
        domain &= Domain("res_id", "in", self.env[COMPLAINT]._search(looked_at))
        [(average, number)] = ratings._read_group(domain, [], ["rating:avg", "__count"])
        if not number:
            return None
        return self._pack_tile(
            "satisfaction",
            f"{average:.1f}".replace(".", ","),
            self.env._("satisfied, of 5"),
            self.env._("%s answers", number),
            action=self._open_dossiers(
                self.env._("Rated"), looked_at & Domain("rating_ids", "any", given)
            ),
        )

    # ---------------------------------------------------------------- charts

    @api.model
    def _pack_chart(self, key, title, labels, rows, kind="bar", unit=""):
        """A chart, with its figures as a table: the header, and a line for each row.

        :param rows: list of (label, numbers, action)
        """
        return {
            "key": key,
            "title": title,
            "kind": kind,
            "unit": unit,
            "labels": labels,
            "rows": [
                {"label": label, "values": values, "action": action}
                for label, values, action in rows
            ],
        }

    @api.model
    def _get_trend(self, scope, rows):
        """Each month beside the same place in the period before."""
        counts = {}
        for _now, month, _theme, _verdict, number in rows:
            counts[month] = counts.get(month, 0) + number
        lines = []
        for step in range(scope.months):
            month = scope.first + relativedelta(months=step)
            label = format_date(self.env, month, date_format="MMM y")
            before = month - relativedelta(months=scope.months)
            last = month + relativedelta(months=1) - timedelta(days=1)
            domain = self._get_dossier_domain(scope, month, last)
            numbers = [counts.get(month, 0), counts.get(before, 0)]
            lines.append((label, numbers, self._open_dossiers(label, domain)))
        headers = [self.env._("Received"), self.env._("Period before")]
        return self._pack_chart("trend", self.env._("Received by month"), headers, lines, "line")

    @api.model
    def _get_phases(self, scope):
        domain = self._get_dossier_domain(scope) & OPEN
        found = self.env[COMPLAINT]._read_group(domain, ["stage_id"], ["__count"])
        counts, places = {}, {}
        for stage, number in found:
            name = stage.name or self.env._("No phase")
            counts[name] = counts.get(name, 0) + number
            places[name] = min(places.get(name, stage.sequence), stage.sequence)
        most = sorted(counts, key=lambda name: (-counts[name], name))[:PHASES]
        lines = [
            (name, [counts[name]], self._open_phase(name, domain))
            for name in sorted(most, key=lambda name: (places[name], name))
        ]
        return self._pack_chart("phases", self.env._("Open, by phase"), [self.env._("Open")], lines)

    @api.model
    def _open_phase(self, name, domain):
        return self._open_dossiers(name, domain & Domain("stage_id.name", "=", name))

    @api.model
    def _get_duties(self, scope, duties):
        lines = [
            (
                name,
                [_get_number(in_time, late), _get_number(was, was_late)],
                self._open_late(scope, code),
            )
            for code, (name, in_time, late, was, was_late) in duties.items()
            if in_time + late
        ]
        headers = [self.env._("In time, %"), self.env._("Period before, %")]
        lines.sort(key=lambda line: line[0])
        return self._pack_chart("duties", self.env._("In time, by duty"), headers, lines, unit="%")

    @api.model
    def _get_groups(self, scope, rows, fname, title, most=None):
        """Received, by subject or verdict."""
        place = {"theme": 2, "verdict": 3}[fname]
        counts = {}
        for row in rows:
            if row[place]:
                numbers = counts.setdefault(row[place], [0, 0])
                numbers[0 if row[0] else 1] += row[-1]
        labels = self._get_choices(fname)
        column = {"theme": "category_id.name", "verdict": "verdict"}[fname]
        lines = [
            (
                labels.get(key, key),
                numbers,
                self._open_dossiers(
                    labels.get(key, key),
                    self._get_dossier_domain(scope, scope.first, scope.last)
                    & Domain(column, "=", key),
                ),
            )
            for key, numbers in sorted(counts.items(), key=lambda item: (-item[1][0], item[0]))
        ]
        headers = [self.env._("Received"), self.env._("Period before")]
        return self._pack_chart(fname, title, headers, lines[:most])

    @api.model
    def _get_choices(self, fname):
        field = self.env[FIGURES]._fields[fname]
        return dict(field._description_selection(self.env)) if field.type == "selection" else {}

    # ---------------------------------------------------------------- what is behind it

    @api.model
    def _open_dossiers(self, title, domain):
        return self._open(COMPLAINT, title, domain)

    @api.model
    def _open(self, model, title, domain):
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
        }


def _get_share(in_time, late):
    """As printed; never rounded up to all."""
    return f"{in_time * 100 // (in_time + late)} %" if in_time + late else ""


def _get_number(in_time, late):
    return in_time * 100 // (in_time + late) if in_time + late else None
