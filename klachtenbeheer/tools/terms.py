"""Terms of a policy and the date on which one ends.

A term is counted in werkdagen, calendar days, weeks or calendar months from the date of the event
that starts it. Results are dates; the term ends that day at 24.00 hours local time.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from .workdays import ONE_DAY, ClosedDay, WorkCalendar

UNITS = ("workday", "day", "week", "month")
COUNT_FROM = ("event", "first_workday")
END_RULES = ("literal", "next_workday", "previous_workday")
DUTY_OF = ("organisation", "complainant")
MET_WHEN = ("sent", "received")


def as_codes(name: str, codes: Iterable[str]) -> frozenset[str]:
    """`codes` as a set; one text is refused because it would become a set of letters."""
    if isinstance(codes, str):
        raise ValueError(f"{name} is a set of codes, not the text {codes!r}.")
    return frozenset(codes)


@dataclass(frozen=True)
class Term:
    """One term of a policy: what starts it, what stops it, how long it is and how it is counted.

    `start`, `stops` and `voids` are event codes: a stop meets the term, a void makes it fall away.
    `count_from` = 'first_workday' is the week and month of clauses BA15-16: counted from the first
    werkdag on or after the event. `end_rule` moves an end that is not a werkdag. `met_when` says
    which date of the organisation's letter counts: the day of sending or the day of receipt; for a
    duty of the complainant it is always the day of receipt.

    :raise ValueError: for a negative amount or a value that does not exist
    """

    code: str
    start: str
    stops: frozenset[str]
    amount: int
    unit: str
    count_from: str = "event"
    end_rule: str = "literal"
    duty_of: str = "organisation"
    extendable: bool = False
    voids: frozenset[str] = frozenset()
    met_when: str = "sent"

    def __post_init__(self) -> None:
        object.__setattr__(self, "stops", as_codes("stops", self.stops))
        object.__setattr__(self, "voids", as_codes("voids", self.voids))
        self._check_amount()
        self._check_choice("unit", UNITS)
        self._check_choice("count_from", COUNT_FROM)
        self._check_choice("end_rule", END_RULES)
        self._check_choice("duty_of", DUTY_OF)
        self._check_choice("met_when", MET_WHEN)

    def _check_amount(self) -> None:
        if isinstance(self.amount, bool) or not isinstance(self.amount, int) or self.amount < 0:
            raise ValueError(
                f"Term {self.code}: amount must be a whole number of 0 or more, "
                f"not {self.amount!r}."
            )

    def _check_choice(self, name: str, allowed: tuple[str, ...]) -> None:
        value = getattr(self, name)
        if value not in allowed:
            raise ValueError(
                f"Term {self.code}: {name} must be one of {', '.join(allowed)}, not {value!r}."
            )


@dataclass(frozen=True)
class Due:
    """Where a term ends and how that date came about.

    `counted_from` is day 0 of the count. `moved_from` is the end before `end_rule` moved it, None
    if it did not. `skipped` are the closed days that made the date later or earlier: passed over
    while looking for the first werkdag, while counting werkdagen, or while moving the end.
    """

    on: date
    counted_from: date
    moved_from: date | None
    skipped: tuple[ClosedDay, ...]


def add_months(day: date, months: int) -> date:
    """The same day number `months` calendar months later, or the last day of a shorter month (T14).

    >>> add_months(date(2026, 1, 30), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def compute_due(term: Term, started_on: date, calendar: WorkCalendar) -> Due:
    """The date on which `term` ends when its start event is dated `started_on`.

    The start day itself is never counted; an amount of 0 is that same day.

    >>> week = Term("answer", "received", {"answered"}, 3, "week", count_from="first_workday")
    >>> compute_due(week, date(2026, 4, 3), WorkCalendar()).on  # Goede Vrijdag
    datetime.date(2026, 4, 28)
    """
    first = _counted_from(term, started_on, calendar)
    end = _literal_end(term, first, calendar)
    due = _moved_end(term, end, first, calendar)
    skipped = _skipped(term, (started_on, first, end, due), calendar)
    return Due(due, first, end if due != end else None, skipped)


def target_day(due_on: date, calendar: WorkCalendar) -> date:
    """The last werkdag on or before the due date: the day to aim for internally.

    It can lie before the start of a very short term; the due date stays the legal one.
    """
    return calendar.previous_workday(due_on)


def reminder_day(due_on: date, n: int, calendar: WorkCalendar) -> date:
    """The day `n` werkdagen before the target day of `due_on`.

    >>> reminder_day(date(2026, 8, 8), 2, WorkCalendar())  # a Saturday: target Friday 7 August
    datetime.date(2026, 8, 5)
    """
    return calendar.subtract_workdays(target_day(due_on, calendar), n)


def _counted_from(term: Term, started_on: date, calendar: WorkCalendar) -> date:
    if term.count_from == "first_workday":
        return calendar.next_workday(started_on)
    return started_on


def _literal_end(term: Term, first: date, calendar: WorkCalendar) -> date:
    if term.unit == "workday":
        return calendar.add_workdays(first, term.amount)
    if term.unit == "month":
        return add_months(first, term.amount)
    return first + timedelta(days=term.amount * (7 if term.unit == "week" else 1))


def _moved_end(term: Term, end: date, first: date, calendar: WorkCalendar) -> date:
    """Apply the end rule. A term is never moved to before the day from which it is counted."""
    if term.end_rule == "next_workday":
        return calendar.next_workday(end)
    if term.end_rule == "previous_workday":
        earlier = calendar.previous_workday(end)
        return earlier if earlier >= first else end
    return end


def _skipped(
    term: Term, dates: tuple[date, date, date, date], calendar: WorkCalendar
) -> tuple[ClosedDay, ...]:
    started_on, first, end, due = dates
    days = list(calendar.closed_between(started_on, first - ONE_DAY))
    if term.unit == "workday":
        days += calendar.closed_between(first + ONE_DAY, end - ONE_DAY)
    days += calendar.closed_between(end, due - ONE_DAY)
    days += calendar.closed_between(due + ONE_DAY, end)
    return tuple(days)
