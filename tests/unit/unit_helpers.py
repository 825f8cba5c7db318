"""What several unit tests share: readable dates, calendars and the terms of the five policies."""

from datetime import date

from klachtenbeheer_tools import ClosedDay, Term, WorkCalendar

WEEKDAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")

# Royal decree for 2026-2028 (law.md 3.1, art. 3 lid 3 Atw).
DECREE_DAYS = tuple(
    ClosedDay(date.fromisoformat(day), "decree", "brugdag")
    for day in ("2026-01-02", "2026-05-15", "2027-05-07", "2028-04-28", "2028-05-26")
)
PLAIN = WorkCalendar()
WITH_DECREE = WorkCalendar(DECREE_DAYS)


def day(text):
    """'vr 2026-04-03' or '2026-04-03' as a date; a weekday that is named must be right."""
    *weekday, iso = text.split()
    result = date.fromisoformat(iso)
    if weekday and WEEKDAYS[result.weekday()] != weekday[0]:
        raise AssertionError(f"{iso} is not a {weekday[0]}")
    return result


def term(amount, unit, count_from="event", end_rule="literal", **kw):
    """A term that runs from `received` until `answered`, unless told otherwise."""
    kw = {"code": "answer", "start": "received", "stops": {"answered"}, **kw}
    return Term(amount=amount, unit=unit, count_from=count_from, end_rule=end_rule, **kw)


def ba(amount, unit, **kw):
    """A week or month as BA15-16 define it: from the first werkdag on or after the event."""
    return term(amount, unit, count_from="first_workday", **kw)


# terms.md 2.4 and 2.6, one tuple per policy
SB = (
    term(5, "workday", code="acknowledge", start="formalised", stops={"acknowledged"}),
    term(4, "week", code="decide", start="formalised", stops={"decided"}, extendable=True),
    term(
        5,
        "day",
        end_rule="next_workday",
        code="refer",
        start="decided",
        stops={"referral_requested"},
        duty_of="complainant",
    ),
)
BA = (
    term(0, "day", code="forward", stops={"forwarded"}),
    term(5, "workday", code="acknowledge", stops={"acknowledged"}),
    ba(3, "week"),
    ba(
        1,
        "month",
        end_rule="next_workday",
        code="object",
        start="answered",
        stops={"objected"},
        duty_of="complainant",
    ),
    ba(1, "week", code="hear", start="objected", stops={"hearing_offered"}),
    ba(2, "week", code="final_decision", start="hearing_waived", stops={"final_decided"}),
)
SJ = (
    term(2, "workday", code="acknowledge", stops={"acknowledged"}),
    term(5, "workday", extendable=True),
)
KK = (
    term(14, "day", code="contact", stops={"contacted"}),
    term(30, "day"),
)
BB = (
    term(14, "day", code="take_up", stops={"taken_up"}),
    term(2, "week", extendable=True),
    term(2, "workday", code="callback", stops={"contacted"}),
)
