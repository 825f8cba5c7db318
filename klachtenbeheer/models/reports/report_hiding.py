from datetime import timedelta

from odoo import api, fields, models

from ...tools.suppression import Earlier, connected, hidden_in_report, stretches
from .counting import asked_once
from .report_record import NOT_MADE


class ReportHiding(models.Model):
    """Counts by a dimension, without those that say who it was.

    What was counted behind each breakdown is kept where no user reads it: a later report about
    the same days must neither show what this one hid, nor a small correction of it.
    """

    _inherit = "klachtenbeheer.report"

    def _break_down(self, dimension, versions, first, last):
        """The rows of a breakdown over a period: [(key, number)], and what is taken together.

        :return: (rows, number taken together or None)
        """
        period = (first, last + timedelta(days=1))
        near = self._get_printed_breakdowns(dimension, period)
        periods = [period, *(entry["period"] for entry in near)]
        tables = self._count_by(dimension, versions, stretches(periods))
        earlier = [
            Earlier(
                frozenset(entry["hidden"]),
                entry["threshold"],
                now=_add_up(tables, entry["period"]),
                then=entry["counts"],
            )
            for entry in near
        ]
        counts = _add_up(tables, period)
        hidden = hidden_in_report(tables.values(), self.threshold, earlier)
        self._keep_breakdown(dimension, first, last, counts, hidden)
        rows = [(key, number) for key, number in counts.items() if number and key not in hidden]
        together = sum(number for key, number in counts.items() if key in hidden)
        return rows, (together or None)

    def _take_turn(self):
        """One report of a policy takes its figures at a time, or two would not see what the
        other hides: the second waits, and is run again by the platform."""
        query = "UPDATE klachtenbeheer_policy SET write_date = write_date WHERE id = %s"
        self.env.cr.execute(query, [min(self.policy_id._get_all_versions().ids)])

    def _count_by(self, dimension, versions, cuts):
        counter = self.env["klachtenbeheer.report.counter"]
        tables = counter._count_by(versions, dimension, cuts)
        keys = {key for table in tables.values() for key in table}
        return {cut: {key: table.get(key, 0) for key in keys} for cut, table in tables.items()}

    def _keep_breakdown(self, dimension, first, last, counts, hidden):
        kept = [
            *(self.sudo().breakdowns or []),  # see the class: read by nobody
            {
                "dimension": dimension,
                "first": str(first),
                "last": str(last),
                "counts": counts,
                "hidden": sorted(hidden),
                "threshold": self.threshold,
            },
        ]
        self._as_procedure().breakdowns = kept

    def _get_printed_breakdowns(self, dimension, period):
        """Those of all reports, and of this one so far, about days that can be compared with
        these."""
        found = [
            {**entry, "period": _get_period(entry)}
            for entry in [*self._get_breakdowns_of_others(), *(self.sudo().breakdowns or [])]
            if entry["dimension"] == dimension
        ]
        near = connected(period, {entry["period"] for entry in found})
        return [entry for entry in found if entry["period"] in {period, *near}]

    def _get_breakdowns_of_others(self):
        counter = self.env["klachtenbeheer.report.counter"]
        return counter._find_breakdowns(self.policy_code, self.company_id.id, self.id)


class ReportCounter(models.AbstractModel):
    _inherit = "klachtenbeheer.report.counter"

    @api.model
    @asked_once
    def _find_breakdowns(self, policy_code, company_id, report_id):
        """What was counted behind the breakdowns of all reports but one: see above."""
        printed_su = (
            self.env["klachtenbeheer.report"]
            .sudo()
            .search(  # read by nobody
                [
                    ("policy_code", "=", policy_code),
                    ("company_id", "=", company_id),
                    ("state", "!=", NOT_MADE),
                    ("id", "!=", report_id),
                ]
            )
        )
        return [line for report in printed_su for line in report.breakdowns or []]


def _get_period(entry):
    first, last = fields.Date.to_date(entry["first"]), fields.Date.to_date(entry["last"])
    return first, last + timedelta(days=1)


def _add_up(tables, period):
    """The counts of a period from those of the stretches in it."""
    total = {}
    for (start, end), table in tables.items():
        if period[0] <= start and end <= period[1]:
            for key, number in table.items():
                total[key] = total.get(key, 0) + number
    return total
