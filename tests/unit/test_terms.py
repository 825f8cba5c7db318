"""Term and compute_due: what is refused, what 0 means, how an end moves, what was skipped."""

from datetime import timedelta

import pytest
from klachtenbeheer_tools import (
    COUNT_FROM,
    END_RULES,
    UNITS,
    ClosedDay,
    Term,
    WorkCalendar,
    compute_due,
    reminder_day,
    target_day,
)
from unit_helpers import PLAIN, WITH_DECREE, ba, day, term


def skipped(one, received, calendar=PLAIN):
    """Names of the closed days that are no weekend, and the number of weekend days."""
    days = compute_due(one, day(received), calendar).skipped
    return [each.name for each in days if each.kind != "weekend"], len(
        [each for each in days if each.kind == "weekend"]
    )


@pytest.mark.parametrize("amount", [-1, 1.5, "5", None, True])
def test_an_amount_is_a_whole_number_of_0_or_more(amount):
    with pytest.raises(ValueError, match=f"Term answer: amount must be .* not {amount!r}"):
        term(amount, "day")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("unit", "year"),
        ("count_from", "next_workday"),
        ("end_rule", "first_workday"),
        ("duty_of", "handler"),
        ("met_when", "read"),
    ],
)
def test_a_choice_that_does_not_exist_is_refused_with_the_ones_that_do(field, wrong):
    values = {"amount": 5, "unit": "day", field: wrong}
    with pytest.raises(ValueError, match=f"{field} must be one of .*, not '{wrong}'"):
        term(**values)


@pytest.mark.parametrize("field", ["stops", "voids"])
def test_event_codes_are_a_set_and_not_one_text(field):
    with pytest.raises(ValueError, match=f"{field} is a set of codes, not the text 'answered'"):
        term(5, "day", **{field: "answered"})


def test_a_term_is_a_value():
    one = term(5, "day", stops=["answered", "decided"])
    assert one == term(5, "day", stops={"decided", "answered"})
    assert one.stops == frozenset({"answered", "decided"}) and {one: 1}[one] == 1


def test_defaults_are_those_of_the_plainest_duty():
    one = Term("answer", "received", {"answered"}, 5, "day")
    assert (one.count_from, one.end_rule, one.duty_of) == ("event", "literal", "organisation")
    assert (one.extendable, one.voids, one.met_when) == (False, frozenset(), "sent")


@pytest.mark.parametrize("unit", UNITS)
def test_0_is_the_same_day(unit):
    for received in ("do 2026-04-02", "za 2026-01-31"):
        due = compute_due(term(0, unit), day(received), PLAIN)
        assert (due.on, due.counted_from, due.skipped) == (day(received), day(received), ())


@pytest.mark.parametrize("unit", UNITS)
def test_0_with_a_rule(unit):
    saturday = day("za 2026-01-31")
    first = compute_due(ba(0, unit), saturday, PLAIN)
    assert (first.on, first.counted_from) == (day("ma 2026-02-02"), day("ma 2026-02-02"))
    later = compute_due(term(0, unit, end_rule="next_workday"), saturday, PLAIN)
    assert (later.on, later.moved_from) == (day("ma 2026-02-02"), saturday)


def test_workdays_from_the_first_workday():
    assert compute_due(ba(1, "workday"), day("vr 2026-04-03"), PLAIN).on == day("wo 2026-04-08")
    assert compute_due(term(1, "workday"), day("vr 2026-04-03"), PLAIN).on == day("di 2026-04-07")


@pytest.mark.parametrize(
    ("received", "months", "end"),
    [
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-01-31", 2, "2026-03-31"),  # clamped once, at the end
        ("2026-05-31", 1, "2026-06-30"),
        ("2026-11-30", 1, "2026-12-30"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2026-05-01", 24, "2028-05-01"),  # SB52: two years
    ],
)
def test_months(received, months, end):
    assert compute_due(term(months, "month"), day(received), PLAIN).on == day(end)


def test_previous_workday():
    one = term(10, "day", end_rule="previous_workday")
    due = compute_due(one, day("wo 2026-05-06"), PLAIN)  # za 16 mei, after Hemelvaart
    assert (due.on, due.moved_from) == (day("vr 2026-05-15"), day("za 2026-05-16"))
    due = compute_due(one, day("wo 2026-05-06"), WITH_DECREE)
    assert (due.on, due.moved_from) == (day("wo 2026-05-13"), day("za 2026-05-16"))


@pytest.mark.parametrize("amount", [0, 1])
def test_previous_workday_never_moves_an_end_to_before_the_event(amount):
    one = term(amount, "day", end_rule="previous_workday")
    due = compute_due(one, day("za 2026-01-31"), PLAIN)
    assert due.on == day("za 2026-01-31") + timedelta(days=amount)
    assert due.moved_from is None and due.skipped == ()


def test_skipped_lists_what_made_the_date_later():
    assert skipped(term(5, "workday"), "do 2026-04-02") == (["good_friday", "easter_monday"], 4)
    assert skipped(term(5, "workday"), "vr 2026-04-03") == (["easter_monday"], 4)
    assert skipped(term(5, "workday"), "wo 2026-07-08") == ([], 2)
    assert skipped(ba(3, "week"), "vr 2026-04-03") == (["good_friday", "easter_monday"], 2)
    right = ba(1, "month", end_rule="next_workday")
    assert skipped(right, "do 2026-04-23") == (["whit_monday"], 2)


def test_a_calendar_term_that_did_not_move_skipped_nothing():
    for one in (term(30, "day"), ba(3, "week"), ba(1, "month")):
        assert compute_due(one, day("do 2026-04-02"), PLAIN).skipped == ()


def test_a_closing_day_of_the_organisation_counts_like_a_holiday():
    closed = WorkCalendar([ClosedDay(day("vr 2026-07-10"), "organisation", "Teamdag")])
    assert compute_due(term(5, "workday"), day("wo 2026-07-08"), closed).on == day("do 2026-07-16")
    assert skipped(term(5, "workday"), "wo 2026-07-08", closed) == (["Teamdag"], 2)


def test_targets_and_reminders():
    assert target_day(day("wo 2026-07-15"), PLAIN) == day("wo 2026-07-15")
    assert reminder_day(day("wo 2026-07-15"), 0, PLAIN) == day("wo 2026-07-15")
    assert target_day(day("za 2026-05-16"), WITH_DECREE) == day("wo 2026-05-13")
    assert reminder_day(day("za 2026-05-16"), 2, WITH_DECREE) == day("ma 2026-05-11")


def test_the_choices_are_those_of_design_md():
    assert UNITS == ("workday", "day", "week", "month")
    assert COUNT_FROM == ("event", "first_workday")
    assert END_RULES == ("literal", "next_workday", "previous_workday")
