"""Fields in texts, lengths in words, what AVG 13 asks, and what the law allows at most."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from klachtenbeheer_tools import (
    DECREE_DAYS,
    FIRST_DECREE_YEAR,
    LAST_DECREE_YEAR,
    REGIMES,
    describe_length,
    fill_fields,
    find_breaches,
    find_fields,
    find_missing_privacy,
    with_article,
)
from klachtenbeheer_tools.dutch import number_words
from unit_helpers import PLAIN, term

PRIVACY = (
    "Wij gebruiken uw gegevens om uw klacht te behandelen. De grondslag is ons gerechtvaardigd"
    " belang. Wij bewaren ze {retention}. U mag uw gegevens inzien en laten verbeteren. Niet"
    " tevreden? Dien een klacht in bij de Autoriteit Persoonsgegevens."
)


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (0, "day", "dezelfde dag"),
        (1, "workday", "een werkdag"),
        (5, "workday", "5 werkdagen"),
        (1, "month", "een maand"),
        (6, "week", "6 weken"),
        (12, "month", "een jaar"),
        (24, "month", "2 jaar"),
        (18, "month", "18 maanden"),
    ],
)
def test_a_length_in_words(amount, unit, words):
    assert describe_length(amount, unit) == words


def test_numbers_in_letters():
    words = number_words()
    assert [words[word] for word in ("drie", "vijfde", "tweeëntwintig", "dertigste")] == [
        3,
        5,
        22,
        30,
    ]
    assert len(set(words.values())) == 99


def test_fields_are_filled():
    values = {("term", "answer"): "3 weken", ("the", "board"): "het bestuur"}
    text = "{The:board} antwoordt binnen {term:answer}; {onbekend:x} en {} blijven."
    filled = fill_fields(text, lambda kind, code: values.get((kind, code)))
    assert filled == "Het bestuur antwoordt binnen 3 weken; {onbekend:x} en {} blijven."
    assert find_fields(text) == [
        ("{The:board}", "the", "board"),
        ("{term:answer}", "term", "answer"),
        ("{onbekend:x}", "onbekend", "x"),
    ]


@given(st.text(max_size=60))
def test_what_is_filled_in_is_not_read_again(value):
    assert fill_fields("{role:board}", lambda kind, code: value) == value


def test_article():
    assert with_article("Directeur-bestuurder") == "de Directeur-bestuurder"
    assert with_article("managementteam") == "het managementteam"
    assert with_article("") == ""


def test_a_privacy_text_that_says_it_all():
    assert find_missing_privacy(PRIVACY) == []


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("om uw klacht te behandelen", "purpose"),
        ("De grondslag is ons gerechtvaardigd belang.", "ground"),
        ("Wij bewaren ze {retention}.", "retention"),
        ("U mag uw gegevens inzien en laten verbeteren.", "rights"),
        ("bij de Autoriteit Persoonsgegevens", "supervisor"),
    ],
)
def test_a_privacy_text_that_leaves_something_out(words, part):
    assert find_missing_privacy(PRIVACY.replace(words, "")) == [part]


def test_decree_days():
    assert len(DECREE_DAYS) == 10
    assert all(day.weekday() < 5 for day in DECREE_DAYS)
    assert {day.year for day in DECREE_DAYS} == set(range(FIRST_DECREE_YEAR, LAST_DECREE_YEAR + 1))


def breaches(regime, *terms, **extensions):
    found = find_breaches(terms, REGIMES[regime], PLAIN, extensions)
    return [(line.kind, line.term) for line in found]


@pytest.mark.parametrize(
    ("regime", "line", "expected"),
    [
        ("wkkgz", term(6, "week"), []),
        ("wkkgz", term(42, "day", end_rule="next_workday"), []),
        ("wkkgz", term(7, "week"), [("longer", "answer")]),
        ("wkkgz", term(6, "week", count_from="first_workday"), [("longer", "answer")]),
        ("wkkgz", term(30, "workday"), [("longer", "answer")]),
        ("awb_committee", term(10, "week"), []),
        ("awb", term(10, "week"), [("longer", "answer")]),
        ("awb", term(4, "week", start="formalised"), [("later_start", "answer")]),
        ("awb", term(6, "week", stops={"acknowledged"}), [("no_term", "")]),
    ],
)
def test_a_term_against_the_law(regime, line, expected):
    assert breaches(regime, line) == expected


@pytest.mark.parametrize(
    ("regime", "extension", "is_too_long"),
    [
        ("wkkgz", (4, "week"), False),
        ("wkkgz", (28, "day"), False),
        ("wkkgz", (1, "month"), True),
        ("wkkgz", (5, "week"), True),
        ("wkkgz", None, True),
        ("childcare", (1, "week"), True),
    ],
)
def test_an_extension_against_the_law(regime, extension, is_too_long):
    found = breaches(regime, term(6, "week", extendable=True), answer=extension)
    assert (("extension", "answer") in found) is is_too_long


def test_a_longer_term_comes_with_an_example():
    [found] = find_breaches([term(7, "week")], REGIMES["awb"], PLAIN, {})
    received, end, lawful = found.example
    assert received == date(2026, 1, 1)
    assert end > lawful
