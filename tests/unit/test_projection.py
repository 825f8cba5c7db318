"""project(): rounds, met, void, extension and late notices, one rule per test."""

import json
from dataclasses import replace
from datetime import datetime

import pytest
from klachtenbeheer_tools import (
    ClosedDay,
    Deadline,
    Event,
    WorkCalendar,
    compute_due,
    project,
)
from unit_helpers import BA, PLAIN, SB, WITH_DECREE, day, term

ANSWER = term(14, "day", extendable=True, voids={"withdrawn"})  # due 2026-06-15 below
RECEIVED = "ma 2026-06-01"


def event(code, on, sent=None, **kw):
    promised = day(kw.pop("promised")) if "promised" in kw else None
    return Event(code, day(on), day(sent) if sent else None, promised=promised, **kw)


def notice(sent, promised, **kw):
    return event("delay_notified", sent, promised=promised, **kw)


def one(*events, of=ANSWER, calendar=PLAIN):
    """The only deadline of `of`, for a complaint received on RECEIVED."""
    [deadline] = project([of], [event("received", RECEIVED), *events], calendar)
    return deadline


def met(deadline):
    return deadline.met_on and (deadline.met_on.isoformat(), deadline.met_by)


def void(deadline):
    return deadline.void_on and (deadline.void_on.isoformat(), deadline.void_by)


# Start and rounds


def test_nothing_starts_without_its_event():
    assert project(BA, [], PLAIN) == []
    assert project([], [event("received", RECEIVED)], PLAIN) == []
    assert [each.term for each in project(SB, [event("received", RECEIVED)], PLAIN)] == []


def test_a_deadline_in_full():
    assert one(event("answered", "do 2026-06-11", "wo 2026-06-10")) == Deadline(
        term="answer",
        round=1,
        started_on=day(RECEIVED),
        started_by="received",
        first_due_on=day("ma 2026-06-15"),
        due_on=day("ma 2026-06-15"),
        met_on=day("wo 2026-06-10"),
        met_by="answered",
        void_on=None,
        void_by=None,
        explanation={
            "term": "answer",
            "amount": 14,
            "unit": "day",
            "count_from": "event",
            "end_rule": "literal",
            "duty_of": "organisation",
            "start_event": "received",
            "started_on": "2026-06-01",
            "counted_from": "2026-06-01",
            "skipped": [],
            "weekend_days": 0,
            "moved_from": None,
            "moved_why": None,
            "first_due_on": "2026-06-15",
            "due_on": "2026-06-15",
            "extensions": [],
            "late_notices": [],
        },
    )


def test_the_earliest_start_counts():
    deadline = one(event("received", "vr 2026-06-05"), event("received", "vr 2026-05-29"))
    assert deadline.started_on == day("vr 2026-05-29")


def test_a_letter_starts_a_term_on_the_day_it_counts_as_received():
    object_term = BA[3]
    [deadline] = project([object_term], [event("answered", "2026-04-23", "2026-04-21")], PLAIN)
    assert deadline.started_on == day("do 2026-04-23")
    assert deadline.due_on == day("di 2026-05-26")


def test_rounds_do_not_touch_each_other():
    events = [
        event("received", RECEIVED),
        event("answered", "2026-06-10"),
        event("received", "2026-06-10", round=2),
        notice("2026-06-12", "2026-07-01", round=2),
        event("answered", "2026-06-30", round=2),
    ]
    first, second = project([ANSWER], events, PLAIN)
    assert (first.round, met(first)) == (1, ("2026-06-10", "answered"))
    assert (second.round, met(second)) == (2, ("2026-06-30", "answered"))
    assert (first.due_on, second.due_on) == (day("2026-06-15"), day("2026-07-01"))


def test_sorted_by_round_due_date_and_code():
    events = [event("received", "2026-04-02", round=2), event("received", "2026-04-02")]
    order = [(each.round, each.due_on, each.term) for each in project(BA[::-1], events, PLAIN)]
    assert order == sorted(order) and len(order) == 6


def test_terms_of_the_same_due_date_are_sorted_by_code():
    same = [replace(ANSWER, code=code) for code in ("decide", "contact", "answer")]
    deadlines = project(same, [event("received", RECEIVED)], PLAIN)
    assert [each.term for each in deadlines] == ["answer", "contact", "decide"]


def test_terms_and_events_may_be_any_iterable():
    deadlines = project(iter(BA), iter([event("received", RECEIVED)]), PLAIN)
    assert [each.term for each in deadlines] == ["forward", "acknowledge", "answer"]


# Met


def test_met_by_the_earliest_stop():
    both = term(14, "day", stops={"answered", "decided"})
    deadline = one(event("decided", "2026-06-09"), event("answered", "2026-06-08"), of=both)
    assert met(deadline) == ("2026-06-08", "answered")


def test_two_stops_on_one_day_are_met_by_the_first_code():
    both = term(14, "day", stops={"answered", "decided"})
    deadline = one(event("decided", "2026-06-08"), event("answered", "2026-06-08"), of=both)
    assert met(deadline) == ("2026-06-08", "answered")


def test_a_stop_before_the_start_does_not_count():
    assert met(one(event("answered", "vr 2026-05-29"))) is None
    assert met(one(event("answered", RECEIVED))) == ("2026-06-01", "answered")


def test_a_stop_of_another_round_or_code_does_not_count():
    assert met(one(event("answered", "2026-06-08", round=2))) is None
    assert met(one(event("acknowledged", "2026-06-08"))) is None


@pytest.mark.parametrize(
    ("met_when", "duty_of", "expected"),
    [
        ("sent", "organisation", "2026-06-15"),
        ("received", "organisation", "2026-06-17"),
        ("sent", "complainant", "2026-06-17"),
        ("received", "complainant", "2026-06-17"),
    ],
)
def test_sent_or_received(met_when, duty_of, expected):
    """T16: posted on the last day, received two days later."""
    one_term = replace(ANSWER, met_when=met_when, duty_of=duty_of)
    deadline = one(event("answered", "wo 2026-06-17", "ma 2026-06-15"), of=one_term)
    assert met(deadline) == (expected, "answered")


def test_a_letter_sent_before_the_start_does_not_meet_by_sending():
    letter = event("answered", "di 2026-06-02", "vr 2026-05-29")
    assert met(one(letter)) is None
    assert met(one(letter, of=replace(ANSWER, met_when="received"))) == ("2026-06-02", "answered")


def test_met_late_keeps_its_due_date():
    deadline = one(event("answered", "2026-06-20"))
    assert met(deadline) == ("2026-06-20", "answered")
    assert deadline.due_on == day("2026-06-15")


# Void


def test_void_by_the_earliest():
    voids = replace(ANSWER, voids=frozenset({"withdrawn", "out_of_scope"}))
    deadline = one(event("withdrawn", "2026-06-09"), event("out_of_scope", "2026-06-08"), of=voids)
    assert void(deadline) == ("2026-06-08", "out_of_scope") and met(deadline) is None


def test_met_before_or_on_the_day_it_would_fall_away_is_met():
    for answered in ("2026-06-07", "2026-06-08"):
        deadline = one(event("withdrawn", "2026-06-08"), event("answered", answered))
        assert met(deadline) == (answered, "answered") and void(deadline) is None


def test_an_answer_after_the_withdrawal_changes_nothing():
    deadline = one(event("withdrawn", "2026-06-08"), event("answered", "2026-06-09"))
    assert void(deadline) == ("2026-06-08", "withdrawn") and met(deadline) is None


def test_a_void_before_the_start_or_in_another_round_does_not_count():
    assert void(one(event("withdrawn", "2026-05-29"))) is None
    assert void(one(event("withdrawn", "2026-06-08", round=2))) is None
    assert void(one(event("withdrawn", RECEIVED))) == ("2026-06-01", "withdrawn")


# Extension


def test_a_notice_before_expiry_moves_the_due_date():
    deadline = one(notice("wo 2026-06-10", "ma 2026-06-29"))
    assert (deadline.first_due_on, deadline.due_on) == (day("2026-06-15"), day("2026-06-29"))
    assert deadline.explanation["due_on"] == "2026-06-29"
    assert deadline.explanation["extensions"] == [
        {
            "event": "delay_notified",
            "notified_on": "2026-06-10",
            "from": "2026-06-15",
            "to": "2026-06-29",
        }
    ]
    assert deadline.explanation["late_notices"] == []


def test_the_last_day_is_before_expiry_and_the_next_day_is_not():
    """T56: a term ends at 24.00 hours."""
    assert one(notice("2026-06-15", "2026-06-29")).due_on == day("2026-06-29")
    late = one(notice("2026-06-16", "2026-06-29"))
    assert late.due_on == day("2026-06-15") and late.explanation["extensions"] == []
    assert late.explanation["late_notices"] == [
        {
            "event": "delay_notified",
            "notified_on": "2026-06-16",
            "from": "2026-06-15",
            "to": "2026-06-29",
        }
    ]


def test_a_notice_counts_on_the_day_it_was_sent():
    posted = event("delay_notified", "wo 2026-06-17", "ma 2026-06-15", promised="2026-06-29")
    assert one(posted).due_on == day("2026-06-29")


def test_the_promised_date_is_taken_as_it_is():
    """T59: a Saturday, with an end rule that would move it."""
    moving = replace(ANSWER, end_rule="next_workday")
    assert one(notice("2026-06-10", "za 2026-06-27"), of=moving).due_on == day("za 2026-06-27")


def test_a_second_notice_counts_from_the_first_new_date():
    deadline = one(notice("2026-06-26", "2026-07-10"), notice("2026-06-10", "2026-06-29"))
    assert deadline.due_on == day("2026-07-10")
    steps = [(step["from"], step["to"]) for step in deadline.explanation["extensions"]]
    assert steps == [("2026-06-15", "2026-06-29"), ("2026-06-29", "2026-07-10")]


def test_a_notice_recorded_twice_is_one_notice():
    for sent in ("2026-06-10", "2026-06-16"):
        assert one(notice(sent, "2026-06-29"), notice(sent, "2026-06-29")) == one(
            notice(sent, "2026-06-29")
        )


def test_after_a_breach_no_notice_helps():
    deadline = one(notice("2026-06-16", "2026-06-29"), notice("2026-06-20", "2026-07-10"))
    assert deadline.due_on == day("2026-06-15")
    assert len(deadline.explanation["late_notices"]) == 2


def test_a_promise_never_makes_a_deadline_earlier():
    for promised in ("2026-06-12", "2026-06-15"):
        deadline = one(notice("2026-06-10", promised))
        assert deadline.due_on == deadline.first_due_on
        assert deadline.explanation["extensions"] == deadline.explanation["late_notices"] == []


def test_two_notices_of_one_day_in_any_order():
    notices = [notice("2026-06-10", "2026-07-10"), notice("2026-06-10", "2026-06-29")]
    assert one(*notices) == one(*notices[::-1])
    assert one(*notices).due_on == day("2026-07-10")


def test_notices_are_taken_in_the_order_of_sending():
    """The first one was posted and arrived after the second."""
    posted = event("delay_notified", "2026-06-25", "2026-06-10", promised="2026-06-22")
    assert one(notice("2026-06-16", "2026-06-29"), posted).due_on == day("2026-06-29")


def test_two_equal_promises_are_one_extension_by_the_first_code():
    promises = [
        event(code, "2026-06-10", promised="2026-06-29")
        for code in ("delay_notified", "acknowledged")
    ]
    [extension] = one(*promises).explanation["extensions"]
    assert extension["event"] == "acknowledged" and one(*promises) == one(*promises[::-1])


def test_a_term_without_extension_ignores_notices():
    """BA40, T23: overdue cannot be extended away."""
    deadline = one(notice("2026-06-10", "2026-06-29"), of=replace(ANSWER, extendable=False))
    assert deadline.due_on == day("2026-06-15")
    assert deadline.explanation["extensions"] == deadline.explanation["late_notices"] == []


def test_a_notice_is_about_the_terms_it_names():
    other = replace(ANSWER, code="take_up", stops=frozenset({"taken_up"}))
    named = notice("2026-06-10", "2026-06-29", terms=frozenset({"answer"}))
    deadlines = project([ANSWER, other], [event("received", RECEIVED), named], PLAIN)
    due = {each.term: each.due_on.isoformat() for each in deadlines}
    assert due == {"answer": "2026-06-29", "take_up": "2026-06-15"}


def test_a_notice_that_names_no_term_is_about_all_that_run():
    other = replace(ANSWER, code="take_up", stops=frozenset({"taken_up"}))
    events = [
        event("received", RECEIVED),
        event("taken_up", "2026-06-03"),
        notice("2026-06-10", "2026-06-29"),
    ]
    due = {each.term: each.due_on.isoformat() for each in project([ANSWER, other], events, PLAIN)}
    assert due == {"answer": "2026-06-29", "take_up": "2026-06-15"}


def test_a_notice_before_the_start_or_in_another_round_is_ignored():
    assert one(notice("2026-05-29", "2026-06-29")).due_on == day("2026-06-15")
    assert one(notice("2026-06-10", "2026-06-29", round=2)).due_on == day("2026-06-15")
    assert one(notice(RECEIVED, "2026-06-29")).due_on == day("2026-06-29")


@pytest.mark.parametrize("code", ["answered", "withdrawn"])
def test_a_notice_after_the_end_is_ignored_and_not_called_late(code):
    for sent in ("2026-06-10", "2026-06-20"):
        deadline = one(event(code, "2026-06-09"), notice(sent, "2026-06-29"))
        assert deadline.due_on == day("2026-06-15")
        assert deadline.explanation["late_notices"] == []


def test_a_notice_on_the_day_of_the_answer_still_counts():
    deadline = one(event("answered", "2026-06-10"), notice("2026-06-10", "2026-06-29"))
    assert deadline.due_on == day("2026-06-29") and met(deadline) == ("2026-06-10", "answered")


def test_an_extension_can_be_carried_by_any_event():
    """BB6: the acknowledgement itself informs about the duration."""
    deadline = one(event("acknowledged", "2026-06-03", promised="2026-07-01"))
    assert deadline.due_on == day("2026-07-01")
    assert deadline.explanation["extensions"][0]["event"] == "acknowledged"


# Data


def test_the_explanation_survives_json():
    for deadline in project(BA, [event("received", "2026-04-02")], WITH_DECREE):
        assert json.loads(json.dumps(deadline.explanation)) == deadline.explanation


def test_the_explanation_of_skipped_and_moved_days():
    data = project([BA[1]], [event("received", "2026-04-02")], PLAIN)[0].explanation
    assert data["weekend_days"] == 4
    assert data["skipped"] == [
        {"date": "2026-04-03", "kind": "statutory", "name": "good_friday"},
        {"date": "2026-04-06", "kind": "statutory", "name": "easter_monday"},
    ]
    data = project([BA[3]], [event("answered", "2026-04-23")], PLAIN)[0].explanation
    assert data["moved_from"] == "2026-05-23"
    assert data["moved_why"] == {"date": "2026-05-23", "kind": "weekend", "name": "saturday"}
    assert [each["name"] for each in data["skipped"]] == ["whit_monday"]


def test_a_new_closing_day_moves_a_running_deadline():
    closed = WorkCalendar([ClosedDay(day("2026-06-03"), "organisation", "Teamdag")])
    five = term(5, "workday")
    assert one(of=five).due_on == day("ma 2026-06-08")
    assert one(of=five, calendar=closed).due_on == day("di 2026-06-09")
    assert one(of=five).due_on == compute_due(five, day(RECEIVED), PLAIN).on


def test_deadlines_are_values():
    assert one() == one() and hash(one()) == hash(one())


@pytest.mark.parametrize("field", ["on", "sent", "promised"])
def test_an_event_has_dates_and_no_times(field):
    """00:30 local time is still the day before in UTC: the caller must choose the local date."""
    moment = datetime(2026, 7, 8, 22, 30)
    with pytest.raises(ValueError, match=f"Event received: {field} must be a local date"):
        Event(**{"code": "received", "on": day(RECEIVED), field: moment})


def test_the_terms_of_a_notice_are_a_set_and_not_one_text():
    assert notice("2026-06-10", "2026-06-29", terms=["answer"]).terms == frozenset({"answer"})
    with pytest.raises(ValueError, match="terms is a set of codes, not the text 'answer'"):
        notice("2026-06-10", "2026-06-29", terms="answer")
