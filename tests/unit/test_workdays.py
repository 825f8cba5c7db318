"""The calendar: the nine days of art. 3 Atw, its self-check, and the extra days of a policy."""

from datetime import date

import holidays
import pytest
from dateutil.easter import easter
from klachtenbeheer_tools import (
    FIRST_YEAR,
    LAST_YEAR,
    STATUTORY_DAYS,
    CalendarError,
    ClosedDay,
    WorkCalendar,
    statutory_days,
    workdays,
)
from unit_helpers import DECREE_DAYS, PLAIN, WITH_DECREE, day

# law.md 3.2: Goede Vrijdag, 2e Paasdag, Koningsdag, Hemelvaart, 2e Pinksterdag (MM-DD)
LAW_TABLE = {
    2024: "03-29 04-01 04-27 05-09 05-20",
    2025: "04-18 04-21 04-26 05-29 06-09",
    2026: "04-03 04-06 04-27 05-14 05-25",
    2027: "03-26 03-29 04-27 05-06 05-17",
    2028: "04-14 04-17 04-27 05-25 06-05",
    2029: "03-30 04-02 04-27 05-10 05-21",
    2030: "04-19 04-22 04-27 05-30 06-10",
    2031: "04-11 04-14 04-26 05-22 06-02",
    2032: "03-26 03-29 04-27 05-06 05-17",
    2033: "04-15 04-18 04-27 05-26 06-06",
    2034: "04-07 04-10 04-27 05-18 05-29",
    2035: "03-23 03-26 04-27 05-03 05-14",
}
MOVING = ("good_friday", "easter_monday", "kings_day", "ascension_day", "whit_monday")
FIXED = {
    "new_year": "01-01",
    "liberation_day": "05-05",
    "christmas_day": "12-25",
    "boxing_day": "12-26",
}


@pytest.fixture
def package(monkeypatch):
    """Replaces `holidays.country_holidays`; the caches are emptied before and after."""

    def clear():
        workdays.statutory_days.cache_clear()
        workdays._closed_days.cache_clear()

    def replace(function):
        monkeypatch.setattr(workdays.holidays, "country_holidays", function)
        clear()

    yield replace
    clear()


@pytest.mark.parametrize("year", LAW_TABLE)
def test_nine_days_of_law_md(year):
    expected = {**FIXED, **dict(zip(MOVING, LAW_TABLE[year].split(), strict=True))}
    assert {code: f"{on:%m-%d}" for on, code in statutory_days(year).items()} == expected


@pytest.mark.parametrize("year", range(2014, LAST_YEAR + 1))
def test_every_year_has_the_nine_days(year):
    codes = set(statutory_days(year).values())
    coincide = easter(year) == date(year, 3, 27)  # Hemelvaartsdag on 5 mei
    assert codes == set(STATUTORY_DAYS) - ({"ascension_day"} if coincide else set())


def test_ascension_day_on_5_may_is_one_closed_day():
    assert statutory_days(2016)[date(2016, 5, 5)] == "liberation_day"
    assert len(statutory_days(2016)) == 8


@pytest.mark.parametrize("year", [2025, 2031, 2036, 2042])
def test_kings_day_is_never_on_a_sunday(year):
    assert date(year, 4, 27).isoweekday() == 7
    assert statutory_days(year)[date(year, 4, 26)] == "kings_day"
    assert date(year, 4, 27) not in statutory_days(year)


@pytest.mark.parametrize(
    ("year", "queens_day"), [(2013, "2013-04-30"), (2006, "2006-04-29"), (2000, "2000-04-29")]
)
def test_before_2014_the_30th_of_april(year, queens_day):
    assert statutory_days(year)[day(queens_day)] == "kings_day"


@pytest.mark.parametrize("year", [1, FIRST_YEAR - 1, LAST_YEAR + 1, 9999])
def test_other_years_are_refused_with_the_year_in_the_message(year):
    with pytest.raises(CalendarError, match=f"{FIRST_YEAR} to {LAST_YEAR} only, not for {year}"):
        statutory_days(year)
    with pytest.raises(CalendarError):
        PLAIN.is_workday(date(year, 6, 1))


@pytest.mark.parametrize(
    "text", ["2026-12-24", "2026-12-31", "2026-05-01", "2026-05-04", "2026-02-16"]
)
def test_days_that_only_look_like_holidays_are_workdays(text):
    assert PLAIN.is_workday(day(text))


def test_statutory_days_cannot_be_changed_by_a_caller():
    with pytest.raises(TypeError):
        statutory_days(2026)[date(2026, 6, 1)] = "birthday"


# The self-check


@pytest.mark.parametrize("code", STATUTORY_DAYS)
@pytest.mark.parametrize("year", [2025, 2026])
def test_a_set_without_one_of_the_nine_days_is_refused(package, code, year):
    missing = next(on for on, name in statutory_days(year).items() if name == code)
    complete = set(statutory_days(year))
    package(lambda *args, **kw: complete - {missing})
    with pytest.raises(CalendarError, match=rf"{code} \({missing}\) in {year}"):
        statutory_days(year)
    with pytest.raises(CalendarError):
        WorkCalendar().add_workdays(date(year, 6, 1), 1)


def test_every_missing_day_is_named(package):
    package(lambda *args, **kw: set())
    with pytest.raises(CalendarError) as error:
        statutory_days(2026)
    assert all(code in str(error.value) for code in STATUTORY_DAYS)


def test_an_old_package_that_ignores_categories_is_refused_where_5_may_is_missing(package):
    """holidays 0.35 and 0.36 silently ignore `categories`: 5 mei in lustrum years only."""
    real = holidays.country_holidays
    package(lambda country, years, categories, language: real(country, years=years))
    with pytest.raises(CalendarError, match=r"liberation_day \(2026-05-05\) in 2026"):
        statutory_days(2026)
    assert statutory_days(2025)[date(2025, 5, 5)] == "liberation_day"


@pytest.mark.parametrize("error", [NotImplementedError, TypeError])
def test_a_package_without_categories_is_refused(package, error):
    """holidays 0.29 raises on `categories`."""

    def old(*args, **kw):
        raise error("categories")

    package(old)
    with pytest.raises(CalendarError, match=r"2026; version 0\.37 or newer is needed"):
        statutory_days(2026)


def test_a_package_that_moves_kings_day_to_sunday_is_refused(package):
    """What `observed=False` does."""
    real = holidays.country_holidays
    package(lambda *args, **kw: real(*args, **kw, observed=False))
    with pytest.raises(CalendarError, match=r"kings_day \(2025-04-26\) in 2025"):
        statutory_days(2025)


def test_a_refusal_is_not_remembered(package):
    complete = set(statutory_days(2026))
    answers = [set(), complete]
    package(lambda *args, **kw: answers.pop(0))
    with pytest.raises(CalendarError):
        statutory_days(2026)
    assert len(statutory_days(2026)) == 9


def test_how_the_package_is_asked(package):
    real, calls = holidays.country_holidays, []

    def spy(*args, **kw):
        calls.append((args, kw))
        return real(*args, **kw)

    package(spy)
    statutory_days(2026)
    statutory_days(2026)
    expected = {"years": 2026, "categories": ("public", "optional"), "language": "nl"}
    assert calls == [(("NL",), expected)]


# The calendar of a policy


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("za 2026-01-31", "weekend", "saturday"),
        ("zo 2026-02-01", "weekend", "sunday"),
        ("za 2026-12-26", "weekend", "saturday"),  # a holiday in a weekend
        ("vr 2026-04-03", "statutory", "good_friday"),
        ("vr 2026-05-15", "decree", "brugdag"),
    ],
)
def test_why_a_day_is_closed(text, kind, name):
    assert WITH_DECREE.closed_day(day(text)) == ClosedDay(day(text), kind, name)
    assert not WITH_DECREE.is_workday(day(text))


def test_a_workday_is_not_closed():
    assert PLAIN.closed_day(day("vr 2026-05-15")) is None
    assert PLAIN.is_workday(day("vr 2026-05-15"))


def test_the_law_comes_before_the_organisation():
    calendar = WorkCalendar([ClosedDay(day("vr 2026-04-03"), "organisation", "Dicht")])
    assert calendar.closed_day(day("vr 2026-04-03")).kind == "statutory"


def test_two_records_of_one_day_are_one_closed_day_in_any_order():
    records = [
        ClosedDay(day("2026-05-15"), "organisation", "Dicht"),
        ClosedDay(day("2026-05-15"), "decree", "Besluit"),
    ]
    for order in (records, records[::-1]):
        assert WorkCalendar(order).closed_day(day("2026-05-15")).kind == "decree"


@pytest.mark.parametrize("kind", ["weekend", "statutory", "holiday", ""])
def test_an_extra_day_is_a_decree_or_closing_day(kind):
    with pytest.raises(ValueError, match="kind decree or organisation"):
        WorkCalendar([ClosedDay(day("2026-05-15"), kind, "x")])


def test_calendars_with_the_same_days_are_equal_and_hashable():
    same = WorkCalendar(reversed(DECREE_DAYS))
    assert same == WITH_DECREE and hash(same) == hash(WITH_DECREE)
    assert PLAIN != WITH_DECREE and PLAIN != "calendar"
    assert {WITH_DECREE: 1}[same] == 1
    assert "brugdag" in repr(same)


def test_next_and_previous_workday_include_the_day_itself():
    assert PLAIN.next_workday(day("do 2026-04-02")) == day("do 2026-04-02")
    assert PLAIN.next_workday(day("vr 2026-04-03")) == day("di 2026-04-07")
    assert PLAIN.previous_workday(day("ma 2026-04-06")) == day("do 2026-04-02")
    assert PLAIN.previous_workday(day("di 2026-04-07")) == day("di 2026-04-07")


@pytest.mark.parametrize("text", ["do 2026-04-02", "za 2026-01-31"])
def test_zero_workdays_is_the_same_day(text):
    assert PLAIN.add_workdays(day(text), 0) == day(text)
    assert PLAIN.subtract_workdays(day(text), 0) == day(text)


def test_subtract_workdays():
    assert PLAIN.subtract_workdays(day("di 2026-04-07"), 1) == day("do 2026-04-02")
    assert PLAIN.subtract_workdays(day("zo 2026-04-05"), 2) == day("wo 2026-04-01")


@pytest.mark.parametrize("method", ["add_workdays", "subtract_workdays"])
def test_a_negative_number_of_workdays_is_refused(method):
    with pytest.raises(ValueError, match="0 or more, not -1"):
        getattr(PLAIN, method)(day("2026-04-02"), -1)


def test_the_end_of_the_known_years_is_refused_not_guessed():
    with pytest.raises(CalendarError, match="2101"):
        PLAIN.add_workdays(date(2100, 12, 31), 1)
