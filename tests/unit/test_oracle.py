"""All days of 2020-2040 against numpy's busday functions.

The holidays are computed here from dateutil's easter; nothing of the code under test is used.
"""

from datetime import date, timedelta

import numpy as np
import pytest
from dateutil.easter import easter
from klachtenbeheer_tools import compute_due
from unit_helpers import DECREE_DAYS, PLAIN, WITH_DECREE, ba, term

YEARS = range(2020, 2041)
FIRST = date(YEARS[0], 1, 1)
LAST = date(YEARS[-1], 12, 31)
ALL_DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


def oracle_holidays(year):
    sunday = easter(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == 6:
        kings_day = date(year, 4, 26)
    fixed = [date(year, 1, 1), kings_day, date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)]
    return fixed + [sunday + timedelta(days=n) for n in (-2, 1, 39, 50)]


STATUTORY = [day for year in range(2019, 2043) for day in oracle_holidays(year)]
CALENDARS = {
    "statutory": (PLAIN, np.busdaycalendar(holidays=STATUTORY)),
    "with decree days": (
        WITH_DECREE,
        np.busdaycalendar(holidays=STATUTORY + [day.date for day in DECREE_DAYS]),
    ),
}
both_calendars = pytest.mark.parametrize(
    ("calendar", "oracle"), CALENDARS.values(), ids=list(CALENDARS)
)


def offset(oracle, days, n, roll):
    return np.busday_offset(np.array(days, "datetime64[D]"), n, roll, busdaycal=oracle).tolist()


def add_month(day):
    """One month later, clamped, by looking for the day number from the end of the month."""
    later = np.datetime64(day, "M") + np.timedelta64(1, "M")
    one_day = np.timedelta64(1, "D")
    last = (later + np.timedelta64(1, "M")).astype("datetime64[D]") - one_day
    return min(later.astype("datetime64[D]") + (day.day - 1) * one_day, last).item()


def test_there_are_21_years_of_days():
    assert len(ALL_DAYS) == 7671


@both_calendars
def test_is_workday(calendar, oracle):
    expected = np.is_busday(np.array(ALL_DAYS, "datetime64[D]"), busdaycal=oracle).tolist()
    assert [calendar.is_workday(day) for day in ALL_DAYS] == expected


@both_calendars
@pytest.mark.parametrize("n", [1, 2, 5, 10])
def test_add_workdays(calendar, oracle, n):
    one = term(n, "workday")
    expected = offset(oracle, ALL_DAYS, n, "backward")
    assert [calendar.add_workdays(day, n) for day in ALL_DAYS] == expected
    assert [compute_due(one, day, calendar).on for day in ALL_DAYS] == expected


@both_calendars
@pytest.mark.parametrize("n", [1, 2, 5])
def test_subtract_workdays(calendar, oracle, n):
    expected = offset(oracle, ALL_DAYS, -n, "forward")
    assert [calendar.subtract_workdays(day, n) for day in ALL_DAYS] == expected


@both_calendars
def test_next_and_previous_workday(calendar, oracle):
    assert list(map(calendar.next_workday, ALL_DAYS)) == offset(oracle, ALL_DAYS, 0, "forward")
    assert list(map(calendar.previous_workday, ALL_DAYS)) == offset(oracle, ALL_DAYS, 0, "backward")


@both_calendars
@pytest.mark.parametrize("weeks", [1, 2, 3])
def test_weeks_of_ba(calendar, oracle, weeks):
    starts = offset(oracle, ALL_DAYS, 0, "forward")
    expected = [start + timedelta(days=7 * weeks) for start in starts]
    assert [compute_due(ba(weeks, "week"), day, calendar).on for day in ALL_DAYS] == expected


@both_calendars
def test_month_of_ba_moved_to_the_next_workday(calendar, oracle):
    literal = [add_month(start) for start in offset(oracle, ALL_DAYS, 0, "forward")]
    moved = offset(oracle, literal, 0, "forward")
    month, right = ba(1, "month"), ba(1, "month", end_rule="next_workday")
    assert [compute_due(month, day, calendar).on for day in ALL_DAYS] == literal
    assert [compute_due(right, day, calendar).on for day in ALL_DAYS] == moved


@both_calendars
@pytest.mark.parametrize("days", [5, 14, 28, 30])
def test_calendar_days_with_each_end_rule(calendar, oracle, days):
    literal = [day + timedelta(days=days) for day in ALL_DAYS]
    for rule, roll in (("next_workday", "forward"), ("previous_workday", "backward")):
        one = term(days, "day", end_rule=rule)
        expected = offset(oracle, literal, 0, roll)
        assert [compute_due(one, day, calendar).on for day in ALL_DAYS] == expected
