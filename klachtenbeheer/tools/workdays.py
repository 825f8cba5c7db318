"""Werkdagen: days that are no Saturday, Sunday or holiday of the Algemene termijnenwet (Atw).

Clause BA14 defines a werkdag that way; the other source policies use the word in the same sense.
The Atw itself does not govern these terms: only its list of nine days is borrowed (art. 3 lid 1
and 2). Whether days equated by royal decree (lid 3) count is for each policy to say; those of the
decrees that were published are in DECREE_DAYS, later ones and an organisation's own closing days
are passed in (T15).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

import holidays
from dateutil.easter import easter

ONE_DAY = timedelta(days=1)
SATURDAY = 5  # date.weekday(); Sunday is 6
FIRST_YEAR = 2000  # earlier the list of art. 3 Atw was not checked
LAST_YEAR = 2100  # later the `holidays` package knows no days
FIRST_KINGS_DAY = 2014  # until 2013 Koninginnedag, 30 April

WEEKEND = "weekend"
STATUTORY = "statutory"
DECREE = "decree"
ORGANISATION = "organisation"
EXTRA_KINDS = (DECREE, ORGANISATION)

# The nine days of art. 3 lid 1 and 2 Atw, in the order in which a year meets them.
STATUTORY_DAYS = (
    "new_year",
    "good_friday",
    "easter_monday",
    "kings_day",
    "liberation_day",
    "ascension_day",
    "whit_monday",
    "christmas_day",
    "boxing_day",
)

# Art. 3 lid 3 Atw: the decrees for 2023-2025 and 2026-2028. A year after these is asked for.
DECREE_DAYS = tuple(
    date.fromisoformat(day)
    for day in (
        "2023-04-28",
        "2023-05-19",
        "2024-05-10",
        "2024-12-27",
        "2025-05-30",
        "2026-01-02",
        "2026-05-15",
        "2027-05-07",
        "2028-04-28",
        "2028-05-26",
    )
)
FIRST_DECREE_YEAR, LAST_DECREE_YEAR = 2023, 2028


class CalendarError(ValueError):
    """The days of a year are not known with certainty, so nothing may be computed with it."""


@dataclass(frozen=True)
class ClosedDay:
    """A day that is not a werkdag.

    `kind` is weekend, statutory, decree or organisation. `name` is a code of STATUTORY_DAYS for a
    statutory day, 'saturday' or 'sunday' for a weekend day, and free text otherwise.
    """

    date: date
    kind: str
    name: str = ""


def _kings_day(year: int) -> date:
    """The day on which the King's birthday is celebrated: never a Sunday, then the day before."""
    day = date(year, 4, 27) if year >= FIRST_KINGS_DAY else date(year, 4, 30)
    return day - ONE_DAY if day.isoweekday() == 7 else day


def _nine_days(year: int) -> dict[str, date]:
    """{code: date} of art. 3 lid 1 and 2 Atw, computed without the `holidays` package."""
    sunday = easter(year)
    return {
        "new_year": date(year, 1, 1),
        "good_friday": sunday - 2 * ONE_DAY,
        "easter_monday": sunday + ONE_DAY,
        "kings_day": _kings_day(year),
        "liberation_day": date(year, 5, 5),  # every year, not in lustrum years only
        "ascension_day": sunday + 39 * ONE_DAY,
        "whit_monday": sunday + 50 * ONE_DAY,
        "christmas_day": date(year, 12, 25),
        "boxing_day": date(year, 12, 26),
    }


def _package_days(year: int) -> frozenset[date]:
    """The days that the `holidays` package gives for a year; 0.37 or newer is needed.

    The optional category holds 5 mei outside lustrum years (and Goede Vrijdag before 0.83). The
    language is fixed because the default depends on the process. `observed` stays at its default:
    without it Koningsdag would fall on a Sunday.
    """
    try:
        days = holidays.country_holidays(
            "NL", years=year, categories=("public", "optional"), language="nl"
        )
    except (NotImplementedError, TypeError) as error:
        raise CalendarError(
            f"The installed 'holidays' package cannot give the optional Dutch days of {year}; "
            "version 0.37 or newer is needed."
        ) from error
    return frozenset(days)


@cache
def statutory_days(year: int) -> Mapping[date, str]:
    """{date: code} of the nine days of art. 3 lid 1 and 2 Atw in a year (read-only).

    Eight dates when two of the nine coincide (Hemelvaartsdag on 5 mei, as in 2016); the date then
    has the code that comes first in STATUTORY_DAYS.

    :raise CalendarError: when the `holidays` package misses one of them, or for a year out of range

    >>> statutory_days(2026)[date(2026, 5, 5)]
    'liberation_day'
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise CalendarError(
            f"Working days are known for {FIRST_YEAR} to {LAST_YEAR} only, not for {year}."
        )
    expected = _nine_days(year)
    found = _package_days(year)
    missing = [f"{code} ({day})" for code, day in expected.items() if day not in found]
    if missing:
        raise CalendarError(
            f"The 'holidays' package misses {', '.join(missing)} in {year}; all nine days of "
            "art. 3 Algemene termijnenwet are needed to count working days."
        )
    return MappingProxyType({day: code for code, day in reversed(list(expected.items()))})


@cache
def _closed_days(year: int) -> dict[date, ClosedDay]:
    """Weekends and statutory days of a year; a holiday in a weekend is listed as weekend."""
    closed = {day: ClosedDay(day, STATUTORY, code) for day, code in statutory_days(year).items()}
    first = date(year, 1, 1)
    for day in (first + timedelta(days=n) for n in range(366)):
        if day.weekday() >= SATURDAY:
            name = "saturday" if day.weekday() == SATURDAY else "sunday"
            closed[day] = ClosedDay(day, WEEKEND, name)
    return closed


def _extra_days(extra: Iterable[ClosedDay]) -> dict[date, ClosedDay]:
    """{date: day}, one per date whatever the order in which they were given."""
    days = sorted(extra, key=lambda day: (day.date, day.kind, day.name), reverse=True)
    for day in days:
        if day.kind not in EXTRA_KINDS:
            raise ValueError(
                f"A closed day of a calendar is of kind {' or '.join(EXTRA_KINDS)}, "
                f"not {day.kind!r}."
            )
    return {day.date: day for day in days}


class WorkCalendar:
    """Counts in werkdagen: Atw days plus the `extra` closed days that count for one policy.

    Immutable and hashable; two calendars with the same extra days are equal.

    >>> WorkCalendar().add_workdays(date(2026, 4, 2), 5)  # Goede Vrijdag, Tweede Paasdag
    datetime.date(2026, 4, 13)
    """

    __slots__ = ("_extra", "_hash")

    def __init__(self, extra: Iterable[ClosedDay] = ()) -> None:
        self._extra = _extra_days(extra)
        self._hash = hash(frozenset(self._extra.values()))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkCalendar):
            return NotImplemented
        return self._extra == other._extra

    def __hash__(self) -> int:
        return self._hash

    def __repr__(self) -> str:
        return f"WorkCalendar({list(self._extra.values())!r})"

    def closed_day(self, day: date) -> ClosedDay | None:
        """Why `day` is not a werkdag (the weekend before a holiday in it), or None if it is."""
        return _closed_days(day.year).get(day) or self._extra.get(day)

    def is_workday(self, day: date) -> bool:
        return day not in _closed_days(day.year) and day not in self._extra

    def next_workday(self, day: date) -> date:
        """The first werkdag on or after `day`."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def previous_workday(self, day: date) -> date:
        """The last werkdag on or before `day`."""
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def add_workdays(self, day: date, n: int) -> date:
        """The n-th werkdag after `day`, which is itself never counted; 0 gives `day` (BA22)."""
        return self._walk(day, n, ONE_DAY)

    def subtract_workdays(self, day: date, n: int) -> date:
        """The n-th werkdag before `day`, which is itself never counted; 0 gives `day`."""
        return self._walk(day, n, -ONE_DAY)

    def closed_between(self, first: date, last: date) -> Iterator[ClosedDay]:
        """The days from `first` up to and including `last` that are not werkdagen, in order."""
        day = first
        while day <= last:
            if closed := self.closed_day(day):
                yield closed
            day += ONE_DAY

    def _walk(self, day: date, n: int, step: timedelta) -> date:
        if n < 0:
            raise ValueError(f"The number of working days must be 0 or more, not {n}.")
        while n:
            day += step
            n -= self.is_workday(day)
        return day
