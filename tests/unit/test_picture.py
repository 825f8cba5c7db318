"""The picture of time: marks, bars and today as percentages of one line."""

from datetime import date

import pytest
from klachtenbeheer_tools.picture import Bar, Mark, draw

TODAY = date(2026, 11, 21)
RECEIVED = Mark(date(2026, 11, 2), "Ontvangen")


def bar(state="running", **values):
    values.setdefault("first_due", date(2026, 11, 30))
    values.setdefault("due", values["first_due"])
    return Bar("Besluit", date(2026, 11, 2), state=state, **values)


def segments(picture):
    return [(part["kind"], part["width"] > 0) for part in picture["rows"][0]["segments"]]


def test_nothing_to_draw():
    assert draw([], [], TODAY) is None


def test_it_lies_on_one_line_in_order():
    picture = draw([Mark(date(2026, 11, 9), "Bevestigd"), RECEIVED], [bar()], TODAY)
    [received, confirmed] = picture["marks"]
    assert received["label"] == "Ontvangen"
    assert 0 <= received["at"] < confirmed["at"] < picture["today"]["at"] < 100
    [row] = picture["rows"]
    assert row["segments"][0]["at"] == received["at"]
    assert picture["today"]["at"] < row["segments"][0]["at"] + row["segments"][0]["width"] <= 100


def test_an_extension_is_another_part():
    extended = bar(due=date(2026, 12, 7))
    assert segments(draw([RECEIVED], [extended], TODAY)) == [("running", True), ("extended", True)]
    assert draw([RECEIVED], [extended], TODAY)["rows"][0]["extended"]


def test_what_is_late_is_a_part_up_to_today():
    late = bar("overdue", first_due=date(2026, 11, 16))
    picture = draw([RECEIVED], [late], TODAY)
    assert segments(picture) == [("running", True), ("late", True)]
    last = picture["rows"][0]["segments"][-1]
    assert last["at"] + last["width"] > picture["today"]["at"]


def test_what_was_done_ends_there():
    done = bar("met", ended=date(2026, 11, 9))
    [part] = draw([RECEIVED], [done], TODAY)["rows"][0]["segments"]
    ends = draw([RECEIVED, Mark(date(2026, 11, 10), "x")], [done], TODAY)["marks"][1]["at"]
    assert part["kind"] == "met"
    assert part["at"] + part["width"] == pytest.approx(ends, abs=0.1)
    too_late = bar("met_late", first_due=date(2026, 11, 9), ended=date(2026, 11, 12))
    assert segments(draw([], [too_late], TODAY)) == [("met", True), ("late", True)]


def test_a_right_is_of_the_complainant():
    right = bar("running", kind="right")
    assert segments(draw([], [right], TODAY)) == [("right", True)]


def test_what_is_over_has_no_today():
    picture = draw([RECEIVED], [bar()], date(2027, 11, 1), show_today=False)
    assert picture["today"] is None
    assert picture["marks"][0]["at"] < 10, "and is not drawn up to then"


@pytest.mark.parametrize("days", [3, 40, 400, 4000])
def test_a_handful_of_dates_stand_above_it(days):
    end = date.fromordinal(RECEIVED.day.toordinal() + days)
    ticks = draw([RECEIVED, Mark(end, "Einde")], [], TODAY, show_today=False)["ticks"]
    assert 1 <= len(ticks) <= 8


def test_names_stay_apart():
    """Names of one day go below each other; without room they are left out."""
    picture = draw([RECEIVED] * 5, [bar()], TODAY)
    assert [mark["lane"] for mark in picture["marks"]] == [0, 1, 2, -1, -1]
    assert [mark["beside"] for mark in picture["marks"]] == [0, 1, 2, 3, 4]


def test_a_name_at_the_end_turns_round():
    picture = draw([RECEIVED, Mark(date(2026, 12, 1), "Antwoord verzonden")], [], TODAY)
    assert picture["marks"][-1]["flipped"]
