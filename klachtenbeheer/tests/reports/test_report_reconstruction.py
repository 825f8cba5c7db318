import random
import re
from datetime import date, timedelta
from unittest.mock import patch

import numpy as np
from scipy.optimize import linprog

from odoo.tests import tagged

from ...models.reports import report_hiding
from ..support.common import local_noon
from ..support.report_common import ReportCase

HALVES = ("2025-07-01", "2026-01-01", "2026-07-01")
LEAST = 5  # what the least strict of these reports hides
NUMBER = 66  # complaints
SEEDS = range(5)
# (audience, numbers hidden below it, period, first day), in the order of making.
ORDERS = (
    (
        ("board", 5, "half_year", "2026-01-01"),
        ("team", 10, "half_year", "2026-01-01"),
        ("public", 10, "year", "2026-01-01"),
        ("board", 5, "half_year", "2026-07-01"),
        ("board", 5, "year", "2026-01-01"),
    ),
    (
        ("public", 12, "year", "2026-01-01"),
        ("director", 5, "year", "2026-01-01"),
        ("board", 5, "half_year", "2026-07-01"),
        ("team", 10, "half_year", "2026-07-01"),
        ("board", 5, "half_year", "2026-01-01"),
    ),
)


class Reader:
    """Somebody who has all of these reports, and solves for the cells behind them: so many
    complaints of each subject in each half-year.

    Takes from a report what is printed in it: rows, what is taken together, totals, the period
    before, the trend and the figures in large type.
    """

    def __init__(self, subjects):
        self.cells = [(half, subject) for half in HALVES for subject in subjects]
        self.subjects = subjects
        self.equations, self.values = [], []

    def read_report(self, report):
        inside = self.halves_in(report.date_from, report.date_to)
        first, _last = report.type_id._get_period_before(report.date_from)
        before = self.halves_in(first, report.date_from - timedelta(days=1))
        for section in report.figures["sections"]:
            getattr(self, f"read_{section['kind']}")(section, inside, before)

    def halves_in(self, first, last):
        """Those between two days, or None where nothing is known of some of them."""
        if str(first) < HALVES[0]:
            return None
        return [half for half in HALVES if first <= date.fromisoformat(half) <= last]

    def read_key_figures(self, section, inside, before):
        received = section["items"][0]
        self.learn(inside, self.subjects, int(received["value"]))
        said = re.match(r"\d+", received["note"])
        if said:
            self.learn(before, self.subjects, int(said[0]))

    def read_count(self, section, inside, before):
        shown = {row["label"]: row for row in section["rows"]}
        self.learn(inside, self.subjects, section["total"])
        for subject, row in shown.items():
            self.learn(inside, [subject], row["count"])
            if row["before"] is not None:
                self.learn(before, [subject], row["before"])
        hidden = [subject for subject in self.subjects if subject not in shown]
        self.learn(inside, hidden, section["together"] or 0)

    def read_trend(self, section, inside, before):
        if section["rows"][-1]["count"] is not None:
            self.learn(inside, self.subjects, section["rows"][-1]["count"])
        if section["rows"][-2]["count"] is not None:
            self.learn(before, self.subjects, section["rows"][-2]["count"])

    def learn(self, halves, subjects, number):
        if halves is not None:
            cells = {(half, subject) for half in halves for subject in subjects}
            self.equations.append([cell in cells for cell in self.cells])
            self.values.append(number)

    def bounds(self, cells):
        """Between which numbers the sum of some cells must lie."""
        goal = np.array([cell in cells for cell in self.cells], dtype=float)
        found = []
        for sign in (1, -1):
            result = linprog(sign * goal, A_eq=self.equations, b_eq=self.values, bounds=(0, None))
            assert result.success, result.message
            found.append(round(sign * result.fun, 6))
        return found


@tagged("post_install", "-at_install")
class TestReportReconstruction(ReportCase):
    """Whoever has the reports of one period for all their readers, and of the periods around it,
    computes no small number back from them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        policy = cls.policies["sj"]
        cls.categories = policy.category_ids[:5]
        with local_noon("2026-12-01"):
            cls.complaints = cls.env["klachtenbeheer.complaint"].union(
                *(cls.file_complaint(policy_id=policy.id, channel="email") for _ in range(NUMBER))
            )
        cls.kinds = {}
        for order in ORDERS:
            for audience, threshold, period, _first in order:
                cls.make_kind(audience, threshold, period)

    @classmethod
    def make_kind(cls, audience, threshold, period):
        key = (audience, threshold, period)
        count = {"kind": "count", "dimension": "category_id", "compare": True}
        cls.kinds[key] = cls.env["klachtenbeheer.report.type"].create(
            {
                "name": " ".join(map(str, key)),
                "code": "-".join(map(str, key)),
                "title": "In {period}",
                "period": period,
                "audience": audience,
                "threshold": threshold,
                "approver_role": False,
                "section_ids": [
                    (0, 0, {"name": "Kort", "kind": "key_figures"}),
                    (0, 0, {"name": "Onderwerp", **count}),
                    (0, 0, {"name": "Verloop", "kind": "trend", "periods": 2}),
                ],
            }
        )

    def shuffle(self, seed):
        """Give each complaint a subject and a half-year by chance, small numbers among them."""
        chance = random.Random(seed)
        weights = [chance.choice((1, 2, 8, 14)) for _category in self.categories]
        for complaint in self.complaints:
            [category] = chance.choices(self.categories.ids, weights)
            self.env.cr.execute(
                """UPDATE klachtenbeheer_complaint SET category_id = %s, received_on = %s
                    WHERE id = %s""",
                [category, chance.choice(HALVES)[:8] + "15", complaint.id],
            )
        self.env.invalidate_all()

    def publish(self, order):
        reader = Reader(self.categories.mapped("name"))
        for *key, first in order:
            with local_noon("2027-02-01"):
                report = self.as_role(self.env["klachtenbeheer.report"], "coordinator").create(
                    {
                        "type_id": self.kinds[tuple(key)].id,
                        "policy_id": self.policies["sj"].id,
                        "date_from": first,
                    }
                )
            if report.state != "not_made":
                reader.read_report(report)
        return reader

    def count(self):
        """{(half-year, subject): number}, from the table itself."""
        self.env.cr.execute(
            """SELECT c.received_on - 14, k.name, COUNT(*) FROM klachtenbeheer_complaint c
                 JOIN klachtenbeheer_category k ON k.id = c.category_id
                WHERE c.id = ANY(%s) GROUP BY 1, 2""",
            [self.complaints.ids],
        )
        return {(str(day), name): number for day, name, number in self.env.cr.fetchall()}

    def find_given_away(self, reader):
        """Small numbers, of a half-year or of the year, of which a reader knows that they are."""
        counts = self.count()
        found = []
        for subject in reader.subjects:
            for halves in ([HALVES[1]], [HALVES[2]], HALVES[1:]):
                cells = {(half, subject) for half in halves}
                number = sum(counts.get(cell, 0) for cell in cells)
                low, high = reader.bounds(cells)
                self.assertTrue(low <= number <= high, "the reader reads what is printed")
                if 0 < number < LEAST and (low == high or high < LEAST):
                    found.append((halves, subject, number, low, high))
        return found

    def look_at_each(self, look):
        """What is found in each register, with its reports in each order."""
        found = []
        for seed in SEEDS:
            for order in ORDERS:
                with self.env.cr.savepoint() as savepoint:
                    self.shuffle(seed)
                    found.append(look(self.publish(order)))
                    savepoint.rollback()
                self.env.invalidate_all()
        return found

    def test_no_small_number_is_computed_back(self):
        small = []

        def look(reader):
            small.extend(number for number in self.count().values() if number < LEAST)
            return self.find_given_away(reader)

        for given_away in self.look_at_each(look):
            self.assertEqual(given_away, [])
        self.assertTrue(small, "there was something to hide")

    def assert_found_out(self, careless):
        """Hidden in another way, some of them are found: what these tests look for exists."""
        with patch.object(report_hiding, "hidden_in_report", careless):
            self.assertTrue(any(self.look_at_each(self.find_given_away)))

    def test_the_small_cell_alone_is_found_out(self):
        self.assert_found_out(
            lambda tables, threshold, earlier: frozenset(
                key for table in tables for key, number in table.items() if 0 < number < threshold
            )
        )

    def test_each_report_by_itself_is_found_out(self):
        hide = report_hiding.hidden_in_report

        def careless(tables, threshold, earlier):
            total = {}
            for table in tables:
                for key, number in table.items():
                    total[key] = total.get(key, 0) + number
            return hide([total], threshold)

        self.assert_found_out(careless)
