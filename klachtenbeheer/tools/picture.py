"""A procedure drawn along one line of time: what happened as marks, what runs as bars.

Pure values in, plain values out (JSON): where something stands is a percentage of the line, so
that whoever draws it only draws. The same drawing serves a dossier, the complainant's pages and a
policy.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

DUTY, RIGHT = "duty", "right"
RUNNING, MET, MET_LATE, OVERDUE, LAPSED, VOID = (
    "running",
    "met",
    "met_late",
    "overdue",
    "lapsed",
    "void",
)
STEPS = (1, 7, 14, 28, 56, 91, 182, 364, 728)  # days between two dates at the top
MOST_TICKS = 7
LANES = 3  # lines of names below the marks
LETTER_WIDTH = 1.2  # of a name, as a percentage of the line
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Mark:
    """Something that happened, or will at an appointed day.

    :param kind: event, letter, conversation or planned
    :param opens: (model, id) of what it stands for, where that can be opened
    """

    day: date
    label: str
    kind: str = "event"
    text: str = ""
    opens: tuple[str, int] | None = None


@dataclass(frozen=True)
class Bar:
    """A term from its start to its last day.

    :param first_due: the last day before any extension
    :param ended: the day on which it was met or fell away
    """

    label: str
    start: date
    first_due: date
    due: date
    state: str
    state_label: str = ""
    ended: date | None = None
    kind: str = DUTY
    text: str = ""
    opens: tuple[str, int] | None = None


@dataclass
class _Line:
    """The stretch of time that is drawn; a day ends at 24.00 hours."""

    first: date
    last: date
    segments: list = field(default_factory=list)

    def at(self, day: date) -> float:
        days = (self.last - self.first).days or 1
        share = (day - self.first).days / days
        return round(100 * min(max(share, 0), 1), 2)


def draw(
    marks: Iterable[Mark],
    bars: Iterable[Bar],
    today: date,
    format_day: Callable[[date], str] = date.isoformat,
    show_today: bool = True,
) -> dict | None:
    """The drawing of a procedure.

    :param format_day: a date in words
    :param show_today: whether today belongs on it; of what is over it does not
    :return: dict(ticks, today, marks, rows), positions as percentages; None without anything
    """
    marks, bars = sorted(marks, key=lambda mark: mark.day), list(bars)
    if not (marks or bars):
        return None
    line = _get_line(marks, bars, today if show_today else None)
    drawn = [_draw_mark(mark, line, format_day) for mark in marks]
    _set_beside(drawn)
    _set_lanes(drawn)
    return {
        "ticks": _get_ticks(line),
        "today": {"at": line.at(today), "day": today.isoformat(), "date": format_day(today)}
        if show_today
        else None,
        "marks": drawn,
        "rows": [_draw_bar(bar, line, today, format_day) for bar in bars],
    }


def _get_line(marks, bars, today) -> _Line:
    days = [mark.day for mark in marks]
    for bar in bars:
        days += [bar.start, bar.due + DAY, *([bar.ended] if bar.ended else [])]
    days += [today + DAY] if today else []
    first, last = min(days), max(days)
    margin = max(1, (last - first).days // 40) * DAY
    return _Line(first - margin, last + margin)


def _get_ticks(line):
    days = (line.last - line.first).days
    step = next((step for step in STEPS if days / step <= MOST_TICKS), STEPS[-1])
    day = line.first + DAY * (-line.first.weekday() % 7 if step > 1 else 1)
    ticks = []
    while day < line.last:
        ticks.append({"at": line.at(day), "day": day.isoformat()})
        day += DAY * step
    return ticks


def _draw_mark(mark, line, format_day):
    return {
        "at": line.at(mark.day),
        "day": mark.day.isoformat(),
        "date": format_day(mark.day),
        "kind": mark.kind,
        "label": mark.label,
        "text": mark.text,
        "opens": list(mark.opens) if mark.opens else None,
    }


def _set_beside(drawn):
    """How many marks stand on the same spot before this one: they are drawn beside it."""
    spots: dict[float, int] = {}
    for mark in drawn:
        mark["beside"] = spots.get(mark["at"], 0)
        spots[mark["at"]] = mark["beside"] + 1


def _set_lanes(drawn):
    """On which line below the marks a name fits; -1 where there is no room for it."""
    ends = [-1.0] * LANES
    for mark in drawn:
        width = LETTER_WIDTH * len(mark["label"]) + 1
        mark["flipped"] = mark["at"] + width > 100
        start = mark["at"] - width if mark["flipped"] else mark["at"]
        fits = [lane for lane, end in enumerate(ends) if end < start]
        mark["lane"] = fits[0] if fits else -1
        if fits:
            ends[fits[0]] = start + width


def _draw_bar(bar, line, today, format_day):
    return {
        "kind": bar.kind,
        "label": bar.label,
        "state": bar.state,
        "state_label": bar.state_label,
        "start": bar.start.isoformat(),
        "due": bar.due.isoformat(),
        "date": format_day(bar.due),
        "extended": bar.due > bar.first_due,
        "text": bar.text,
        "opens": list(bar.opens) if bar.opens else None,
        "segments": [
            {"at": line.at(start), "width": round(line.at(end) - line.at(start), 2), "kind": kind}
            for start, end, kind in _get_segments(bar, today)
            if end > start
        ],
    }


def _get_segments(bar: Bar, today: date):
    """The parts of a bar: (from, to, kind), in order; the last day belongs to it."""
    first_due, due = bar.first_due + DAY, bar.due + DAY
    if bar.kind == RIGHT:
        return [(bar.start, min(due, bar.ended + DAY) if bar.ended else due, RIGHT)]
    if bar.state == VOID:
        return [(bar.start, (bar.ended or bar.due) + DAY, VOID)]
    plain = MET if bar.state in (MET, MET_LATE) else RUNNING
    end = due if bar.state in (RUNNING, OVERDUE) else min(due, (bar.ended or bar.due) + DAY)
    segments = [
        (bar.start, min(first_due, end), plain),
        (first_due, end, "extended"),
    ]
    if bar.state == OVERDUE:
        segments.append((due, max(due, bar.ended or today) + DAY, "late"))
    if bar.state == MET_LATE and bar.ended:
        segments.append((due, bar.ended + DAY, "late"))
    return segments
