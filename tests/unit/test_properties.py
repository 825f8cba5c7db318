"""What must hold for every term, calendar and history (hypothesis)."""

import json
from dataclasses import fields
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from klachtenbeheer_tools import (
    COUNT_FROM,
    DUTY_OF,
    END_RULES,
    MET_WHEN,
    UNITS,
    ClosedDay,
    Event,
    Term,
    WorkCalendar,
    compute_due,
    explain,
    project,
    reminder_day,
    target_day,
)

CODES = ("received", "acknowledged", "answered", "objected", "withdrawn", "delay_notified")
ONE_DAY = timedelta(days=1)

days = st.dates(date(2014, 1, 1), date(2090, 12, 31))
amounts = st.integers(0, 40)
codes = st.sampled_from(CODES)
code_sets = st.frozensets(codes, max_size=3)
# Histories are short and dense, so that events meet each other and the ends of terms.
near_days = st.dates(date(2026, 3, 20), date(2026, 6, 10))


@st.composite
def calendars(draw, on=days):
    kinds = st.sampled_from(("decree", "organisation"))
    return WorkCalendar(draw(st.lists(st.builds(ClosedDay, on, kinds, st.just("x")), max_size=8)))


def terms(amount=amounts, **kw):
    values = {
        "code": st.sampled_from(("acknowledge", "answer", "object")),
        "start": codes,
        "stops": code_sets,
        "amount": amount,
        "unit": st.sampled_from(UNITS),
        "count_from": st.sampled_from(COUNT_FROM),
        "end_rule": st.sampled_from(END_RULES),
        "duty_of": st.sampled_from(DUTY_OF),
        "extendable": st.booleans(),
        "voids": code_sets,
        "met_when": st.sampled_from(MET_WHEN),
    }
    return st.builds(Term, **(values | kw))


@st.composite
def events(draw):
    on = draw(near_days)
    return Event(
        code=draw(codes),
        on=on,
        sent=draw(st.none() | st.integers(0, 4).map(lambda n: on - n * ONE_DAY)),
        round=draw(st.integers(1, 2)),
        promised=draw(st.none() | near_days),
        terms=draw(st.just(frozenset()) | st.frozensets(st.sampled_from(("answer", "object")))),
    )


term_lists = st.lists(terms(st.integers(0, 20)), max_size=4, unique_by=lambda term: term.code)
histories = st.lists(events(), max_size=10)
near_calendars = calendars(near_days)


def changed(term, **kw):
    return Term(**{field.name: getattr(term, field.name) for field in fields(Term)} | kw)


# Dates


@given(terms(), days, st.integers(1, 10), calendars())
def test_monotone_in_the_receipt_date(term, received, later, calendar):
    first = compute_due(term, received, calendar)
    assert first.on <= compute_due(term, received + later * ONE_DAY, calendar).on


@given(terms(), days, calendars())
def test_never_before_the_event(term, received, calendar):
    due = compute_due(term, received, calendar)
    assert received <= due.counted_from <= due.on


@given(terms(), days, calendars())
def test_one_more_is_never_earlier(term, received, calendar):
    longer = changed(term, amount=term.amount + 1)
    assert compute_due(term, received, calendar).on <= compute_due(longer, received, calendar).on


@given(terms(), days, calendars())
def test_the_end_rules_are_ordered(term, received, calendar):
    earlier, literal, later = (
        compute_due(changed(term, end_rule=rule), received, calendar).on
        for rule in ("previous_workday", "literal", "next_workday")
    )
    assert earlier <= literal <= later
    assert calendar.is_workday(later)
    assert earlier == later or not calendar.is_workday(literal)


@given(terms(), days, calendars())
def test_what_was_skipped_is_closed_and_explains_the_move(term, received, calendar):
    due = compute_due(term, received, calendar)
    assert all(not calendar.is_workday(day.date) for day in due.skipped)
    assert len({day.date for day in due.skipped}) == len(due.skipped)
    assert (due.moved_from in {day.date for day in due.skipped}) is (due.moved_from is not None)


@given(days, amounts, calendars())
def test_workdays_are_counted_one_by_one(received, n, calendar):
    due = calendar.add_workdays(received, n)
    span = [received + k * ONE_DAY for k in range(1, (due - received).days + 1)]
    assert sum(calendar.is_workday(day) for day in span) == n
    assert n == 0 or calendar.is_workday(due)


@given(days, amounts, calendars())
def test_subtracting_undoes_adding(received, n, calendar):
    start = calendar.next_workday(received)
    assert calendar.subtract_workdays(calendar.add_workdays(start, n), n) == start


@given(days, st.integers(0, 10), calendars())
def test_target_and_reminder_are_workdays_in_time(due_on, n, calendar):
    target, reminder = target_day(due_on, calendar), reminder_day(due_on, n, calendar)
    assert reminder <= target <= due_on
    assert calendar.is_workday(target) and calendar.is_workday(reminder)


@given(days, st.integers(1, 20), calendars(), days)
def test_one_more_closed_day_never_makes_a_term_shorter(received, n, calendar, closed):
    more = WorkCalendar([*calendar._extra.values(), ClosedDay(closed, "organisation", "x")])
    assert calendar.add_workdays(received, n) <= more.add_workdays(received, n)


# Histories


@given(term_lists, histories, near_calendars, st.randoms())
def test_the_order_of_recording_does_not_matter(term_list, history, calendar, random):
    expected = project(term_list, history, calendar)
    random.shuffle(history)
    random.shuffle(term_list)
    assert project(term_list, history, calendar) == expected


@given(term_lists, histories, near_calendars)
def test_replaying_is_idempotent_and_incremental(term_list, history, calendar):
    """A store that projects after every event ends where one projection of all events ends."""
    stored = []
    for count in range(len(history) + 1):
        stored = project(term_list, history[:count], calendar)
    assert stored == project(term_list, history, calendar)
    assert stored == project(term_list, history + history[:1], calendar)


@given(term_lists, histories, near_calendars, events())
def test_what_is_over_is_not_changed_by_a_later_event(term_list, history, calendar, late):
    after = max([event.on for event in history], default=late.on) + ONE_DAY
    shifted = Event(late.code, after, None, late.round, late.promised, late.terms)
    before = project(term_list, history, calendar)
    replayed = project(term_list, [*history, shifted], calendar)
    over = [deadline for deadline in before if deadline.met_on or deadline.void_on]
    assert all(deadline in replayed for deadline in over)


@given(term_lists, histories, near_calendars)
def test_rounds_are_independent(term_list, history, calendar):
    separately = [
        deadline
        for number in (1, 2)
        for deadline in project(
            term_list, [event for event in history if event.round == number], calendar
        )
    ]
    assert project(term_list, history, calendar) == separately


@given(term_lists, histories, near_calendars)
def test_one_deadline_per_started_term_and_round(term_list, history, calendar):
    started = {(event.round, event.code) for event in history}
    expected = {(n, term.code) for term in term_list for n in (1, 2) if (n, term.start) in started}
    keys = [(each.round, each.term) for each in project(term_list, history, calendar)]
    assert set(keys) == expected and len(keys) == len(expected)


@given(term_lists, histories, near_calendars)
def test_met_or_void_and_never_before_the_start(term_list, history, calendar):
    for deadline in project(term_list, history, calendar):
        assert not (deadline.met_on and deadline.void_on)
        assert (deadline.met_on is None) is (deadline.met_by is None)
        assert (deadline.void_on is None) is (deadline.void_by is None)
        assert (deadline.met_on or deadline.void_on or deadline.started_on) >= deadline.started_on


@given(term_lists, histories, near_calendars)
def test_extensions_form_a_chain_of_notices_in_time(term_list, history, calendar):
    extendable = {term.code: term.extendable for term in term_list}
    for deadline in project(term_list, history, calendar):
        due_on = deadline.first_due_on.isoformat()
        for step in deadline.explanation["extensions"]:
            assert extendable[deadline.term]
            assert step["from"] == due_on < step["to"]
            assert deadline.started_on.isoformat() <= step["notified_on"] <= due_on
            due_on = step["to"]
        assert due_on == deadline.due_on.isoformat() == deadline.explanation["due_on"]
        for late in deadline.explanation["late_notices"]:
            assert extendable[deadline.term] and late["notified_on"] > due_on


@given(term_lists, histories, near_calendars)
def test_project_equals_living_through_the_days(term_list, history, calendar):
    """Another formulation of the rules: a clerk who looks at the post of each day in turn."""
    expected = {}
    for number in (1, 2):
        post = [event for event in history if event.round == number]
        for term in term_list:
            if any(event.code == term.start for event in post):
                expected[number, term.code] = live_through(term, post, calendar)
    actual = {
        (each.round, each.term): (each.due_on, each.met_on, each.void_on)
        for each in project(term_list, history, calendar)
    }
    assert actual == expected


def live_through(term, post, calendar):
    """(due, met, void) of one term, found by walking from day to day."""
    today = min(event.on for event in post if event.code == term.start)
    due = compute_due(term, today, calendar).on
    by_receipt = term.duty_of == "complainant" or term.met_when == "received"
    while today <= date(2026, 6, 11):
        due = extended(term, post, today, due)
        stops = [event for event in post if event.code in term.stops]
        if any((event.on if by_receipt else event.sent or event.on) == today for event in stops):
            return due, today, None
        if any(event.on == today for event in post if event.code in term.voids):
            return due, None, today
        today += ONE_DAY
    return due, None, None


def extended(term, post, today, due):
    """The due date after the delay notices of today."""
    promises = [
        event.promised
        for event in post
        if event.promised and (event.sent or event.on) == today
        if not event.terms or term.code in event.terms
    ]
    return max([due, *promises]) if term.extendable and today <= due else due


# Explanations


@given(term_lists, histories, near_calendars)
def test_every_deadline_explains_itself_in_one_sentence(term_list, history, calendar):
    for deadline in project(term_list, history, calendar):
        data = json.loads(json.dumps(deadline.explanation))
        assert data == deadline.explanation
        for lang in ("nl_NL", "en_US"):
            sentence = explain(data, lang)
            assert sentence.index(".") == len(sentence) - 1
            assert sentence[0].isupper() and "  " not in sentence
            assert f"{deadline.first_due_on.day} " in sentence
