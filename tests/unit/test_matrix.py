"""Every cell of the computed matrix of terms.md 2.5, copied as it stands there.

A `*` marks a date that is not a werkdag. `=` in the third column means: the same as without the
days that were equated by royal decree.
"""

import pytest
from klachtenbeheer_tools import compute_due
from unit_helpers import PLAIN, WITH_DECREE, ba, day, term

# | event day R | 2 wd | 5 wd | 5 wd, KB days also off | 5 cd | 14 cd / 2 weken | 28 cd | 30 cd |
PLAIN_TERMS = """
| vr 2026-01-02 | di 2026-01-06 | vr 2026-01-09 | =  | wo 2026-01-07 | vr 2026-01-16 | vr 2026-01-30 | zo 2026-02-01* |
| vr 2026-01-30 | di 2026-02-03 | vr 2026-02-06 | =  | wo 2026-02-04 | vr 2026-02-13 | vr 2026-02-27 | zo 2026-03-01* |
| za 2026-01-31 | di 2026-02-03 | vr 2026-02-06 | =  | do 2026-02-05 | za 2026-02-14* | za 2026-02-28* | ma 2026-03-02 |
| ma 2026-03-30 | wo 2026-04-01 | wo 2026-04-08 | =  | za 2026-04-04* | ma 2026-04-13 | ma 2026-04-27* | wo 2026-04-29 |
| do 2026-04-02 | wo 2026-04-08 | ma 2026-04-13 | =  | di 2026-04-07 | do 2026-04-16 | do 2026-04-30 | za 2026-05-02* |
| vr 2026-04-03 | wo 2026-04-08 | ma 2026-04-13 | =  | wo 2026-04-08 | vr 2026-04-17 | vr 2026-05-01 | zo 2026-05-03* |
| ma 2026-04-27 | wo 2026-04-29 | ma 2026-05-04 | =  | za 2026-05-02* | ma 2026-05-11 | ma 2026-05-25* | wo 2026-05-27 |
| di 2026-04-28 | do 2026-04-30 | wo 2026-05-06 | =  | zo 2026-05-03* | di 2026-05-12 | di 2026-05-26 | do 2026-05-28 |
| do 2026-04-30 | ma 2026-05-04 | vr 2026-05-08 | =  | di 2026-05-05* | do 2026-05-14* | do 2026-05-28 | za 2026-05-30* |
| di 2026-05-05 | do 2026-05-07 | di 2026-05-12 | =  | zo 2026-05-10* | di 2026-05-19 | di 2026-06-02 | do 2026-06-04 |
| wo 2026-05-13 | ma 2026-05-18 | do 2026-05-21 | vr 2026-05-22 | ma 2026-05-18 | wo 2026-05-27 | wo 2026-06-10 | vr 2026-06-12 |
| vr 2026-05-22 | wo 2026-05-27 | ma 2026-06-01 | =  | wo 2026-05-27 | vr 2026-06-05 | vr 2026-06-19 | zo 2026-06-21* |
| wo 2026-07-08 | vr 2026-07-10 | wo 2026-07-15 | =  | ma 2026-07-13 | wo 2026-07-22 | wo 2026-08-05 | vr 2026-08-07 |
| zo 2026-08-30 | di 2026-09-01 | vr 2026-09-04 | =  | vr 2026-09-04 | zo 2026-09-13* | zo 2026-09-27* | di 2026-09-29 |
| do 2026-12-24 | di 2026-12-29 | ma 2027-01-04 | =  | di 2026-12-29 | do 2027-01-07 | do 2027-01-21 | za 2027-01-23* |
| vr 2026-12-25 | di 2026-12-29 | ma 2027-01-04 | =  | wo 2026-12-30 | vr 2027-01-08 | vr 2027-01-22 | zo 2027-01-24* |
| do 2026-12-31 | di 2027-01-05 | vr 2027-01-08 | =  | di 2027-01-05 | do 2027-01-14 | do 2027-01-28 | za 2027-01-30* |
"""  # noqa: E501

# | event day R | S | S + 1 week | S + 2 weken | S + 3 weken | S + 1 maand | moved to next wd |
BA_TERMS = """
| vr 2026-01-02 | vr 2026-01-02 | vr 2026-01-09 | vr 2026-01-16 | vr 2026-01-23 | ma 2026-02-02 | ma 2026-02-02 |
| vr 2026-01-30 | vr 2026-01-30 | vr 2026-02-06 | vr 2026-02-13 | vr 2026-02-20 | za 2026-02-28* | ma 2026-03-02 |
| za 2026-01-31 | ma 2026-02-02 | ma 2026-02-09 | ma 2026-02-16 | ma 2026-02-23 | ma 2026-03-02 | ma 2026-03-02 |
| ma 2026-03-30 | ma 2026-03-30 | ma 2026-04-06* | ma 2026-04-13 | ma 2026-04-20 | do 2026-04-30 | do 2026-04-30 |
| do 2026-04-02 | do 2026-04-02 | do 2026-04-09 | do 2026-04-16 | do 2026-04-23 | za 2026-05-02* | ma 2026-05-04 |
| vr 2026-04-03 | di 2026-04-07 | di 2026-04-14 | di 2026-04-21 | di 2026-04-28 | do 2026-05-07 | do 2026-05-07 |
| ma 2026-04-27 | di 2026-04-28 | di 2026-05-05* | di 2026-05-12 | di 2026-05-19 | do 2026-05-28 | do 2026-05-28 |
| di 2026-04-28 | di 2026-04-28 | di 2026-05-05* | di 2026-05-12 | di 2026-05-19 | do 2026-05-28 | do 2026-05-28 |
| do 2026-04-30 | do 2026-04-30 | do 2026-05-07 | do 2026-05-14* | do 2026-05-21 | za 2026-05-30* | ma 2026-06-01 |
| di 2026-05-05 | wo 2026-05-06 | wo 2026-05-13 | wo 2026-05-20 | wo 2026-05-27 | za 2026-06-06* | ma 2026-06-08 |
| wo 2026-05-13 | wo 2026-05-13 | wo 2026-05-20 | wo 2026-05-27 | wo 2026-06-03 | za 2026-06-13* | ma 2026-06-15 |
| vr 2026-05-22 | vr 2026-05-22 | vr 2026-05-29 | vr 2026-06-05 | vr 2026-06-12 | ma 2026-06-22 | ma 2026-06-22 |
| wo 2026-07-08 | wo 2026-07-08 | wo 2026-07-15 | wo 2026-07-22 | wo 2026-07-29 | za 2026-08-08* | ma 2026-08-10 |
| zo 2026-08-30 | ma 2026-08-31 | ma 2026-09-07 | ma 2026-09-14 | ma 2026-09-21 | wo 2026-09-30 | wo 2026-09-30 |
| do 2026-12-24 | do 2026-12-24 | do 2026-12-31 | do 2027-01-07 | do 2027-01-14 | zo 2027-01-24* | ma 2027-01-25 |
| vr 2026-12-25 | ma 2026-12-28 | ma 2027-01-04 | ma 2027-01-11 | ma 2027-01-18 | do 2027-01-28 | do 2027-01-28 |
| do 2026-12-31 | do 2026-12-31 | do 2027-01-07 | do 2027-01-14 | do 2027-01-21 | zo 2027-01-31* | ma 2027-02-01 |
"""  # noqa: E501

PLAIN_COLUMNS = (
    ("2 wd", (term(2, "workday"),)),
    ("5 wd", (term(5, "workday"),)),
    ("5 wd with decree days", (term(5, "workday"),)),
    ("5 cd", (term(5, "day"),)),
    ("14 cd / 2 weeks", (term(14, "day"), term(2, "week"))),
    ("28 cd / 4 weeks", (term(28, "day"), term(4, "week"))),
    ("30 cd", (term(30, "day"),)),
)
BA_COLUMNS = (
    ("start S", (ba(0, "day"), ba(0, "week"))),
    ("1 week", (ba(1, "week"), ba(7, "day"))),
    ("2 weeks", (ba(2, "week"),)),
    ("3 weeks", (ba(3, "week"),)),
    ("1 month", (ba(1, "month"),)),
    ("1 month, next werkdag", (ba(1, "month", end_rule="next_workday"),)),
)
# terms.md below the matrix: with decree days the BA rows change only for R on vr 2 jan 2026.
BA_WITH_DECREE = {
    "vr 2026-01-02": (
        "| vr 2026-01-02 | ma 2026-01-05 | ma 2026-01-12 | ma 2026-01-19 | ma 2026-01-26 "
        "| do 2026-02-05 | do 2026-02-05 |"
    )
}


def rows(table):
    """Per line of a table the event day and the other cells."""
    for line in table.strip().splitlines():
        first, *cells = (cell.strip() for cell in line.strip("| ").split("|"))
        yield first, cells


def cases(table, columns):
    return list(each_cell(table, columns))


def each_cell(table, columns):
    """(id, event day, terms of the column, expected date, expected mark) per cell."""
    for received, cells in rows(table):
        assert len(cells) == len(columns)
        for index, (name, terms) in enumerate(columns):
            cell = cells[index - 1] if cells[index] == "=" else cells[index]
            yield pytest.param(
                name, day(received), terms, day(cell.rstrip("*")), cell[-1] == "*",
                id=f"{received[3:]}, {name}",
            )  # fmt: skip


def check(calendar, received, terms, expected, marked):
    for one in terms:
        assert compute_due(one, received, calendar).on == expected
    assert PLAIN.is_workday(expected) is not marked


def test_the_tables_are_complete():
    assert len(list(rows(PLAIN_TERMS))) == len(list(rows(BA_TERMS))) == 17
    assert [first for first, _ in rows(PLAIN_TERMS)] == [first for first, _ in rows(BA_TERMS)]


@pytest.mark.parametrize(
    ("name", "received", "terms", "expected", "marked"), cases(PLAIN_TERMS, PLAIN_COLUMNS)
)
def test_plain_term(name, received, terms, expected, marked):
    calendar = WITH_DECREE if "decree" in name else PLAIN
    check(calendar, received, terms, expected, marked)


@pytest.mark.parametrize(
    ("name", "received", "terms", "expected", "marked"), cases(BA_TERMS, BA_COLUMNS)
)
def test_week_and_month_of_ba(name, received, terms, expected, marked):
    check(PLAIN, received, terms, expected, marked)


@pytest.mark.parametrize(
    ("name", "received", "terms", "expected", "marked"),
    cases(
        "\n".join(BA_WITH_DECREE.get(line[2:15], line) for line in BA_TERMS.strip().splitlines()),
        BA_COLUMNS,
    ),
)
def test_decree_days_change_the_ba_rows_of_2_january_only(name, received, terms, expected, marked):
    check(WITH_DECREE, received, terms, expected, marked)


def test_a_moved_end_on_a_decree_day_moves_on():
    month = ba(1, "month", end_rule="next_workday")
    assert compute_due(month, day("wo 2026-04-15"), PLAIN).on == day("vr 2026-05-15")
    assert compute_due(month, day("wo 2026-04-15"), WITH_DECREE).on == day("ma 2026-05-18")
