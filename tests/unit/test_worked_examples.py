"""The worked examples of terms.md 2.0 to 2.4, one row per sentence of that page."""

import pytest
from klachtenbeheer_tools import Event, compute_due, project, reminder_day, target_day
from unit_helpers import BA, BB, KK, PLAIN, SB, SJ, WITH_DECREE, ba, day, term

RIGHT = {"end_rule": "next_workday"}  # a right of the complainant (BA27, SB40)


def due(one, received, calendar=PLAIN):
    return compute_due(one, day(received), calendar).on


@pytest.mark.parametrize(
    ("due_on", "target", "reminder"),
    [
        ("za 2026-08-08", "vr 2026-08-07", "wo 2026-08-05"),
        ("di 2026-05-05", "ma 2026-05-04", "do 2026-04-30"),
        ("zo 2026-12-27", "do 2026-12-24", "di 2026-12-22"),
    ],
)
def test_2_0_target_and_reminder(due_on, target, reminder):
    assert target_day(day(due_on), PLAIN) == day(target)
    assert reminder_day(day(due_on), 2, PLAIN) == day(reminder)


def test_2_0_days_of_the_atw_in_2026():
    days = (
        "do 2026-01-01", "vr 2026-04-03", "ma 2026-04-06", "ma 2026-04-27", "di 2026-05-05",
        "do 2026-05-14", "ma 2026-05-25", "vr 2026-12-25", "za 2026-12-26",
    )  # fmt: skip
    assert not any(PLAIN.is_workday(day(text)) for text in days)
    assert PLAIN.is_workday(day("vr 2026-01-02")) and PLAIN.is_workday(day("vr 2026-05-15"))
    assert not WITH_DECREE.is_workday(day("vr 2026-01-02"))
    assert not WITH_DECREE.is_workday(day("vr 2026-05-15"))


@pytest.mark.parametrize(
    ("received", "two", "five"),
    [
        ("za 2026-01-31", "di 2026-02-03", "vr 2026-02-06"),
        ("vr 2026-01-30", "di 2026-02-03", "vr 2026-02-06"),
        ("vr 2026-04-03", "wo 2026-04-08", "ma 2026-04-13"),
        ("do 2026-04-02", "wo 2026-04-08", "ma 2026-04-13"),
        ("di 2026-04-28", "do 2026-04-30", "wo 2026-05-06"),
        ("ma 2026-04-27", "wo 2026-04-29", "ma 2026-05-04"),
        ("wo 2026-05-13", "ma 2026-05-18", "do 2026-05-21"),
        ("do 2026-12-24", "di 2026-12-29", "ma 2027-01-04"),
        ("do 2026-12-31", "di 2027-01-05", "vr 2027-01-08"),
    ],
)
def test_2_1_workdays(received, two, five):
    assert due(term(2, "workday"), received) == day(two)
    assert due(term(5, "workday"), received) == day(five)


def test_2_1_eve_of_ascension_day_with_decree_days():
    assert due(term(5, "workday"), "wo 2026-05-13", WITH_DECREE) == day("vr 2026-05-22")


@pytest.mark.parametrize(
    ("weeks", "received", "start", "end"),
    [
        (3, "za 2026-01-31", "ma 2026-02-02", "ma 2026-02-23"),
        (3, "vr 2026-01-30", "vr 2026-01-30", "vr 2026-02-20"),
        (3, "vr 2026-04-03", "di 2026-04-07", "di 2026-04-28"),
        (3, "do 2026-04-02", "do 2026-04-02", "do 2026-04-23"),
        (1, "ma 2026-04-27", "di 2026-04-28", "di 2026-05-05"),
        (2, "do 2026-04-30", "do 2026-04-30", "do 2026-05-14"),
        (3, "di 2026-05-05", "wo 2026-05-06", "wo 2026-05-27"),
        (3, "vr 2026-12-25", "ma 2026-12-28", "ma 2027-01-18"),
        (3, "zo 2026-08-30", "ma 2026-08-31", "ma 2026-09-21"),
    ],
)
def test_2_2_weeks_of_ba(weeks, received, start, end):
    result = compute_due(ba(weeks, "week"), day(received), PLAIN)
    assert (result.counted_from, result.on) == (day(start), day(end))


def test_2_2_end_on_a_holiday():
    assert target_day(day("di 2026-05-05"), PLAIN) == day("ma 2026-05-04")
    assert target_day(day("do 2026-05-14"), PLAIN) == day("wo 2026-05-13")
    assert due(ba(1, "week", **RIGHT), "ma 2026-04-27") == day("wo 2026-05-06")


@pytest.mark.parametrize(
    ("weeks", "received", "end", "target"),
    [
        (4, "za 2026-01-31", "za 2026-02-28", "vr 2026-02-27"),
        (4, "ma 2026-03-30", "ma 2026-04-27", "vr 2026-04-24"),
        (4, "vr 2026-04-03", "vr 2026-05-01", "vr 2026-05-01"),
        (2, "do 2026-04-30", "do 2026-05-14", "wo 2026-05-13"),
        (2, "za 2026-01-31", "za 2026-02-14", "vr 2026-02-13"),
        (2, "do 2026-12-24", "do 2027-01-07", "do 2027-01-07"),
    ],
)
def test_2_2_plain_weeks(weeks, received, end, target):
    assert due(term(weeks, "week"), received) == day(end)
    assert target_day(day(end), PLAIN) == day(target)


@pytest.mark.parametrize(
    ("received", "start", "literal", "moved"),
    [
        ("za 2026-01-31", "ma 2026-02-02", "ma 2026-03-02", "ma 2026-03-02"),
        ("vr 2026-01-30", "vr 2026-01-30", "za 2026-02-28", "ma 2026-03-02"),
        ("do 2026-04-23", "do 2026-04-23", "za 2026-05-23", "di 2026-05-26"),
        ("di 2026-05-05", "wo 2026-05-06", "za 2026-06-06", "ma 2026-06-08"),
        ("vr 2026-04-03", "di 2026-04-07", "do 2026-05-07", "do 2026-05-07"),
        ("ma 2026-04-27", "di 2026-04-28", "do 2026-05-28", "do 2026-05-28"),
        ("vr 2026-12-25", "ma 2026-12-28", "do 2027-01-28", "do 2027-01-28"),
        ("do 2026-12-31", "do 2026-12-31", "zo 2027-01-31", "ma 2027-02-01"),
        ("ma 2026-08-31", "ma 2026-08-31", "wo 2026-09-30", "wo 2026-09-30"),
    ],
)
def test_2_3_month_of_ba(received, start, literal, moved):
    result = compute_due(ba(1, "month"), day(received), PLAIN)
    assert (result.counted_from, result.on) == (day(start), day(literal))
    assert due(ba(1, "month", **RIGHT), received) == day(moved)


def due_dates(terms, *events):
    projected = project(terms, [Event(code, day(text)) for code, text in events], PLAIN)
    return {deadline.term: deadline.due_on for deadline in projected}


def days(**expected):
    return {code: day(text) for code, text in expected.items()}


# (policy, events so far, due date per term)
CHAINS = {
    "BA, received before Easter": (
        BA,
        [("received", "do 2026-04-02")],
        days(forward="do 2026-04-02", acknowledge="ma 2026-04-13", answer="do 2026-04-23"),
    ),
    "BA, to the final decision": (
        BA,
        [
            ("received", "do 2026-04-02"),
            ("answered", "do 2026-04-23"),
            ("objected", "vr 2026-05-22"),
            ("hearing_waived", "vr 2026-05-29"),
        ],
        days(
            forward="do 2026-04-02",
            acknowledge="ma 2026-04-13",
            answer="do 2026-04-23",
            object="di 2026-05-26",
            hear="vr 2026-05-29",
            final_decision="vr 2026-06-12",
        ),
    ),
    "BA, received on a Saturday": (
        BA,
        [("received", "za 2026-01-31")],
        days(forward="za 2026-01-31", acknowledge="vr 2026-02-06", answer="ma 2026-02-23"),
    ),
    "SB": (
        SB,
        [("formalised", "ma 2026-05-18"), ("decided", "ma 2026-06-15")],
        days(acknowledge="di 2026-05-26", decide="ma 2026-06-15", refer="ma 2026-06-22"),
    ),
    "SJ, Good Friday": (
        SJ,
        [("received", "vr 2026-04-03")],
        days(acknowledge="wo 2026-04-08", answer="ma 2026-04-13"),
    ),
    "SJ, Saturday": (
        SJ,
        [("received", "za 2026-01-31")],
        days(acknowledge="di 2026-02-03", answer="vr 2026-02-06"),
    ),
    "SJ, Christmas Eve": (
        SJ,
        [("received", "do 2026-12-24")],
        days(acknowledge="di 2026-12-29", answer="ma 2027-01-04"),
    ),
    "KK, before Easter": (
        KK,
        [("received", "do 2026-04-02")],
        days(contact="do 2026-04-16", answer="za 2026-05-02"),
    ),
    "KK, Saturday": (
        KK,
        [("received", "za 2026-01-31")],
        days(contact="za 2026-02-14", answer="ma 2026-03-02"),
    ),
    "KK, 5 May": (
        KK,
        [("received", "di 2026-05-05")],
        days(contact="di 2026-05-19", answer="do 2026-06-04"),
    ),
    "KK, Christmas Eve": (
        KK,
        [("received", "do 2026-12-24")],
        days(contact="do 2027-01-07", answer="za 2027-01-23"),
    ),
    "BB (2 weeks of 2.2, callback of T47)": (
        BB,
        [("received", "do 2026-04-30")],
        days(take_up="do 2026-05-14", answer="do 2026-05-14", callback="ma 2026-05-04"),
    ),
}


@pytest.mark.parametrize(("terms", "events", "expected"), CHAINS.values(), ids=CHAINS)
def test_2_4_chain(terms, events, expected):
    assert due_dates(terms, *events) == expected


def test_2_4_targets_of_kk():
    assert target_day(day("za 2026-05-02"), PLAIN) == day("vr 2026-05-01")
    assert target_day(day("za 2026-02-14"), PLAIN) == day("vr 2026-02-13")


@pytest.mark.parametrize(
    ("received", "literal", "moved", "with_decree", "workdays"),
    [
        ("ma 2026-06-15", "za 2026-06-20", "ma 2026-06-22", "ma 2026-06-22", "ma 2026-06-22"),
        ("do 2026-04-30", "di 2026-05-05", "wo 2026-05-06", "wo 2026-05-06", "vr 2026-05-08"),
        ("ma 2026-12-21", "za 2026-12-26", "ma 2026-12-28", "ma 2026-12-28", "di 2026-12-29"),
        ("za 2026-05-09", "do 2026-05-14", "vr 2026-05-15", "ma 2026-05-18", "ma 2026-05-18"),
        ("wo 2026-05-20", "ma 2026-05-25", "di 2026-05-26", "di 2026-05-26", None),
    ],
)
def test_2_4_to_the_vertrouwenspersoon(received, literal, moved, with_decree, workdays):
    refer = SB[2]
    result = compute_due(refer, day(received), PLAIN)
    assert (result.moved_from, result.on) == (day(literal), day(moved))
    assert due(refer, received, WITH_DECREE) == day(with_decree)
    if workdays:
        assert due(term(5, "workday"), received) == day(workdays)
