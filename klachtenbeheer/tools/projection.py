"""From the terms of a policy and the events of a complaint to its deadlines.

`project` is the only thing that moves a legal date. It is a pure function of what it is given:
projecting twice gives the same, and the order in which events were recorded does not matter.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import attrgetter

from .terms import Due, Term, as_codes, compute_due
from .workdays import WEEKEND, ClosedDay, WorkCalendar


@dataclass(frozen=True)
class Event:
    """Something that happened to a complaint, on local dates.

    `on` is the date that counts legally: for a letter the day on which it counts as received.
    `sent` is the day the organisation sent it, None when that is the same day. `round` is 1 until
    the complaint is reopened (T60). `promised` is the new date in a delay notice; `terms` are the
    codes of the terms it is about, empty meaning every extendable term that runs then.
    """

    code: str
    on: date
    sent: date | None = None
    round: int = 1
    promised: date | None = None
    terms: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name in ("on", "sent", "promised"):
            if isinstance(getattr(self, name), datetime):
                raise ValueError(f"Event {self.code}: {name} must be a local date without a time.")
        object.__setattr__(self, "terms", as_codes("terms", self.terms))

    @property
    def sent_on(self) -> date:
        return self.sent or self.on


@dataclass(frozen=True)
class Deadline:
    """What a term became in one round of one complaint. Met and void exclude each other.

    `first_due_on` is the due date before any delay notice. `explanation` is JSON-serialisable data
    with ISO dates, see `explain`.
    """

    term: str
    round: int
    started_on: date
    started_by: str
    first_due_on: date
    due_on: date
    met_on: date | None
    met_by: str | None
    void_on: date | None
    void_by: str | None
    explanation: dict = field(hash=False)


def project(
    terms: Iterable[Term], events: Iterable[Event], calendar: WorkCalendar
) -> list[Deadline]:
    """The deadlines of a complaint: one per term and round that was started.

    :return: sorted by round, due date and term code

    >>> ack = Term("acknowledge", "received", {"acknowledged"}, 5, "workday")
    >>> events = [Event("received", date(2026, 4, 2)), Event("acknowledged", date(2026, 4, 9))]
    >>> [deadline] = project([ack], events, WorkCalendar())
    >>> deadline.due_on.isoformat(), deadline.met_on.isoformat()
    ('2026-04-13', '2026-04-09')
    """
    rounds: dict[int, list[Event]] = {}
    for event in events:
        rounds.setdefault(event.round, []).append(event)
    terms = list(terms)
    deadlines = [
        _deadline(term, rounds[number], min(starts), calendar)
        for number in rounds
        for term in terms
        if (starts := [event.on for event in rounds[number] if event.code == term.start])
    ]
    return sorted(deadlines, key=attrgetter("round", "due_on", "term"))


def _deadline(
    term: Term, events: list[Event], started_on: date, calendar: WorkCalendar
) -> Deadline:
    due = compute_due(term, started_on, calendar)
    met_on, met_by = _met(term, events, started_on)
    void_on, void_by = _void(term, events, started_on)
    if met_on and (not void_on or met_on <= void_on):
        void_on = void_by = None
    else:
        met_on = met_by = None
    due_on, extensions, late = _extend(term, events, started_on, due.on, met_on or void_on)
    return Deadline(
        term=term.code,
        round=events[0].round,
        started_on=started_on,
        started_by=term.start,
        first_due_on=due.on,
        due_on=due_on,
        met_on=met_on,
        met_by=met_by,
        void_on=void_on,
        void_by=void_by,
        explanation={
            **_explain_due(term, started_on, due),
            "due_on": due_on.isoformat(),
            "extensions": extensions,
            "late_notices": late,
        },
    )


def _met(term: Term, events: list[Event], started_on: date) -> tuple[date | None, str | None]:
    """The earliest stop on or after the start. The complainant's own act counts when received."""
    by_sending = term.met_when == "sent" and term.duty_of == "organisation"
    stops = [
        (event.sent_on if by_sending else event.on, event.code)
        for event in events
        if event.code in term.stops
    ]
    return min((stop for stop in stops if stop[0] >= started_on), default=(None, None))


def _void(term: Term, events: list[Event], started_on: date) -> tuple[date | None, str | None]:
    voids = (
        (event.on, event.code)
        for event in events
        if event.code in term.voids and event.on >= started_on
    )
    return min(voids, default=(None, None))


def _notices(term: Term, events: list[Event], started_on: date) -> list[Event]:
    """Delay notices about this term in the order of sending; none where it knows no extension.

    A notice that was recorded twice is one notice.
    """
    if not term.extendable:
        return []
    notices = {
        event
        for event in events
        if event.promised
        and (not event.terms or term.code in event.terms)
        and event.sent_on >= started_on
    }
    return sorted(notices, key=attrgetter("sent_on", "promised", "code"))


def _extend(
    term: Term, events: list[Event], started_on: date, due_on: date, ended_on: date | None
) -> tuple[date, list[dict], list[dict]]:
    """Due date after the delay notices, the notices that moved it and those that came too late.

    SB34, SJ21, BB6: informed in time means before expiry, so a notice sent after the due date in
    force never moves it; the breach stays. A promised date is taken as it is, weekend or not (T59).
    """
    extensions, late = [], []
    for notice in _notices(term, events, started_on):
        if ended_on and ended_on < notice.sent_on:
            continue
        if notice.sent_on > due_on:
            late.append(_notice_data(notice, due_on))
        elif notice.promised > due_on:
            extensions.append(_notice_data(notice, due_on))
            due_on = notice.promised
    return due_on, extensions, late


def _notice_data(notice: Event, due_on: date) -> dict:
    return {
        "event": notice.code,
        "notified_on": notice.sent_on.isoformat(),
        "from": due_on.isoformat(),
        "to": notice.promised.isoformat(),
    }


def _explain_due(term: Term, started_on: date, due: Due) -> dict:
    listed = [day for day in due.skipped if day.kind != WEEKEND]
    return {
        "term": term.code,
        "amount": term.amount,
        "unit": term.unit,
        "count_from": term.count_from,
        "end_rule": term.end_rule,
        "duty_of": term.duty_of,
        "start_event": term.start,
        "started_on": started_on.isoformat(),
        "counted_from": due.counted_from.isoformat(),
        "skipped": [_day_data(day) for day in listed],
        "weekend_days": len(due.skipped) - len(listed),
        "moved_from": due.moved_from and due.moved_from.isoformat(),
        "moved_why": _moved_why(due),
        "first_due_on": due.on.isoformat(),
    }


def _moved_why(due: Due) -> dict | None:
    """The closed day on which the term would have ended."""
    if not due.moved_from:
        return None
    return next(_day_data(day) for day in due.skipped if day.date == due.moved_from)


def _day_data(day: ClosedDay) -> dict:
    return {"date": day.date.isoformat(), "kind": day.kind, "name": day.name}
