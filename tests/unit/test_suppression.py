"""What a report hides can't be computed back from what it, and every other report, shows."""

import os
import random
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from klachtenbeheer_tools.suppression import (
    Earlier,
    connected,
    hidden_in_report,
    hidden_in_table,
    stretches,
)
from scipy.optimize import linprog

SEEDS = range(0, 25, 1 if os.environ.get("SOAK") else 4)  # of the numbers in the tables
KEYS = ("bus", "desk", "phone", "bill", "other")
H1 = (date(2026, 1, 1), date(2026, 7, 1))
H2 = (date(2026, 7, 1), date(2027, 1, 1))
YEAR = (date(2026, 1, 1), date(2027, 1, 1))
QUARTER = (date(2026, 4, 1), date(2026, 7, 1))
CROSSING = (date(2026, 4, 1), date(2026, 10, 1))


class Reader:
    """Somebody who has every report of one breakdown, and solves for what is hidden.

    :param tables: {stretch of time: {key: count}}
    """

    def __init__(self, tables):
        self.tables = tables
        self.cells = [(stretch, key) for stretch in tables for key in KEYS]
        self.equations, self.values = [], []

    def read(self, period, hidden):
        """A report shows its total and each key that is not hidden."""
        inside = [stretch for stretch in self.tables if within(stretch, period)]
        self._learn({(stretch, key) for stretch in inside for key in KEYS})
        for key in set(KEYS) - hidden:
            self._learn({(stretch, key) for stretch in inside})

    def _learn(self, cells):
        self.equations.append([cell in cells for cell in self.cells])
        self.values.append(sum(self.tables[stretch][key] for stretch, key in cells))

    def bounds(self, cells):
        """Between which numbers the sum of some cells must lie."""
        goal = np.array([cell in cells for cell in self.cells], dtype=float)
        found = []
        for sign in (1, -1):
            result = linprog(sign * goal, A_eq=self.equations, b_eq=self.values, bounds=(0, None))
            assert result.success, result.message
            found.append(round(sign * result.fun, 6))
        return found


def within(stretch, period):
    return period[0] <= stretch[0] and stretch[1] <= period[1]


def make_tables(periods, rng, most):
    return {
        stretch: {key: rng.choice([0, 0, 1, 2, 3, rng.randrange(most)]) for key in KEYS}
        for stretch in stretches(periods)
    }


def count(tables, period):
    inside = [tables[stretch] for stretch in tables if within(stretch, period)]
    return {key: sum(table[key] for table in inside) for key in KEYS}


def publish(tables, reports):
    """Make reports one after the other; what a reader of all of them has.

    :param reports: (period, threshold) in the order of making
    """
    reader, done = Reader(tables), []
    for period, threshold in reports:
        near = connected(period, {other for other, _threshold, _hidden in done})
        about = [entry for entry in done if entry[0] in near or entry[0] == period]
        cut = stretches([period, *(entry[0] for entry in about)])
        hidden = hidden_in_report(
            [count(tables, stretch) for stretch in cut],
            threshold,
            [Earlier(old, limit, {}, {}) for _period, limit, old in about],
        )
        reader.read(period, hidden)
        done.append((period, threshold, hidden))
    return reader, done


def assert_unrecognisable(tables, reports):
    reader, done = publish(tables, reports)
    least = min(threshold for _period, threshold in reports)
    for period, _threshold, hidden in done:
        everything = count(tables, period)
        if sum(everything.values()) < least:
            continue  # nothing but the total is shown, which can't hide that they are few
        for key, number in everything.items():
            if 0 < number < least:
                assert key in hidden, (key, everything)
                inside = {(stretch, key) for stretch in tables if within(stretch, period)}
                low, high = reader.bounds(inside)
                assert low < high and high >= least, (key, everything, low, high)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("threshold", [3, 5, 10])
def test_one_report(seed, threshold):
    tables = make_tables([H1], random.Random(seed), 15)
    assert_unrecognisable(tables, [(H1, threshold)])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("order", [(3, 5, 10), (10, 5, 3), (5, 10, 5), (10, 3, 5)])
def test_versions_of_one_half_year(seed, order):
    tables = make_tables([H1], random.Random(seed), 20)
    assert_unrecognisable(tables, [(H1, threshold) for threshold in order])


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "reports",
    [
        [(H1, 5), (H2, 5), (YEAR, 5)],
        [(H1, 5), (YEAR, 5), (H2, 5)],
        [(YEAR, 5), (H2, 5)],
        [(YEAR, 10), (H1, 5), (H2, 5)],
        [(H1, 3), (YEAR, 10)],
        [(QUARTER, 5), (H1, 5), (CROSSING, 5), (YEAR, 5)],
        [(YEAR, 5), (CROSSING, 5), (H1, 10), (H1, 3)],
    ],
)
def test_years_and_their_parts(seed, reports):
    tables = make_tables([period for period, _ in reports], random.Random(seed), 30)
    assert_unrecognisable(tables, reports)


@pytest.mark.parametrize("seed", range(25))
def test_without_complements_it_is_computed_back(seed):
    """The reader of these tests does find what is hidden badly: the small cell alone."""
    tables = make_tables([H1], random.Random(seed), 15)
    table = count(tables, H1)
    small = [key for key, number in table.items() if 0 < number < 5]
    if len(small) != 1:
        return
    reader = Reader(tables)
    reader.read(H1, frozenset(small))
    assert reader.bounds({(H1, small[0])}) == [table[small[0]]] * 2


def test_a_year_and_one_half_give_the_other_half_away():
    """Made as if there were one report only, two reports show what neither does."""
    tables = {
        H1: dict.fromkeys(KEYS, 9),
        H2: {**dict.fromkeys(KEYS, 9), "bus": 1},
    }
    careless = Reader(tables)
    for period in (H1, YEAR):
        careless.read(period, hidden_in_table(count(tables, period), 5))
    assert careless.bounds({(H2, "bus")}) == [1, 1]
    careful, _done = publish(tables, [(H1, 5), (YEAR, 5)])
    low, high = careful.bounds({(H2, "bus")})
    assert low < high and high >= 5


def test_stricter_hides_more():
    rng = random.Random(1)
    for _round in range(200):
        table = {key: rng.randrange(15) for key in KEYS}
        hidden = [hidden_in_table(table, threshold) for threshold in range(2, 12)]
        assert all(less <= more for less, more in pairwise(hidden))


def test_a_late_registration_is_not_seen_between_two_reports():
    then = {"bus": 9, "desk": 9, "phone": 9}
    now = {**then, "desk": 10}
    hidden = hidden_in_report([now], 5, [Earlier(frozenset(), 5, now, then)])
    assert "desk" in hidden and len(hidden) == 2


def test_no_threshold_hides_nothing():
    assert hidden_in_table({"bus": 1, "desk": 2}, 0) == frozenset()


def test_a_table_of_large_numbers_is_shown():
    assert hidden_in_table(dict.fromkeys(KEYS, 5), 5) == frozenset()


def test_periods_that_touch_nothing_are_left_alone():
    assert connected(H1, [H2]) == []
    assert connected(H1, [H2, YEAR]) == [YEAR, H2]
