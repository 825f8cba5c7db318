"""References: one for each running number, without order, with a digit that shows mistakes."""

from itertools import pairwise

import pytest
from klachtenbeheer_tools.reference import scramble
from stdnum import damm


def references(numbers, year=2026, key="sleutel"):
    return [scramble(number, year, key) for number in numbers]


def test_each_number_has_its_own():
    assert len(set(references(range(1, 30_000)))) == 29_999


@pytest.mark.parametrize(("number", "length"), [(1, 6), (99_999, 6), (100_000, 7), (999_999, 7)])
def test_short_and_longer_where_the_year_needs_it(number, length):
    assert len(scramble(number, 2026, "sleutel")) == length


def test_no_two_near_one_another_stay_near():
    numbers = [int(text[:-1]) for text in references(range(1, 2001))]
    near = [abs(later - earlier) < 100 for earlier, later in pairwise(numbers)]
    assert sum(near) < 20, "as many as by chance: 4"


def test_another_year_or_key_tells_nothing():
    first, second, third = (
        references(range(1, 500)),
        references(range(1, 500), 2027),
        references(range(1, 500), key="x"),
    )
    for other in (second, third):
        assert sum(one == two for one, two in zip(first, other, strict=True)) < 5


@pytest.mark.parametrize("number", range(1, 40))
def test_a_slip_of_the_hand_is_no_other_dossier(number):
    text = f"2026{scramble(number, 2026, 'sleutel')}"
    assert damm.is_valid(text)
    for place, digit in enumerate(text):
        for other in "0123456789".replace(digit, ""):
            assert not damm.is_valid(text[:place] + other + text[place + 1 :])
        swapped = text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
        assert swapped == text or not damm.is_valid(swapped)
