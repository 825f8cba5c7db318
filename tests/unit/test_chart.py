"""Charts that can be read on paper, in black and white."""

import re

import pytest
from klachtenbeheer_tools.chart import HATCH, LABEL_LENGTH, Bar, bar_chart, column_chart

COLOUR = "#0b5d5b"


def texts(svg):
    return [text.strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg) if text.strip()]


def quarters(number):
    return [Bar(f"K{place % 4 + 1} 20{24 + place // 4}", place + 20) for place in range(number)]


@pytest.mark.parametrize("draw", [bar_chart, column_chart])
def test_each_bar_has_its_number_and_its_label(draw):
    bars = [Bar("Bejegening", 7), Bar("Planning", 12)]
    assert set(texts(draw(bars, COLOUR))) == {"Bejegening", "Planning", "7", "12"}


@pytest.mark.parametrize(("number", "labels"), [(2, 2), (6, 6), (8, 4), (9, 5), (12, 6)])
def test_labels_do_not_run_into_each_other(number, labels):
    """Of many periods every second one is named, the last of them always."""
    bars = quarters(number)
    shown = [text for text in texts(column_chart(bars, COLOUR)) if text.startswith("K")]
    assert len(shown) == labels
    assert bars[-1].label in shown
    assert len(texts(column_chart(bars, COLOUR))) == number + labels


def test_what_was_taken_together_is_hatched():
    svg = bar_chart([Bar("Planning", 12), Bar("Overig, samen", 9, together=True)], COLOUR)
    assert svg.count(f"url(#{HATCH})") == 1
    assert HATCH not in bar_chart([Bar("Planning", 12)], COLOUR).replace(f'id="{HATCH}"', "")


def test_a_long_label_is_cut_between_words():
    [label] = [
        text
        for text in texts(bar_chart([Bar("Handelen of nalaten van een medewerker", 3)], COLOUR))
        if text.startswith("Handelen")
    ]
    assert len(label) <= LABEL_LENGTH
    assert label.endswith(" …")


def test_there_is_no_script_and_no_style_sheet_in_it():
    svg = column_chart(quarters(3), COLOUR)
    assert not re.search("<script|<style|onclick|href", svg)
