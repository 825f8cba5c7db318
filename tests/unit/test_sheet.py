"""Reading a spreadsheet: what users really save, and what they send by mistake."""

import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from klachtenbeheer_tools.sheet import MAX_ROWS, SheetError, parse_date, parse_yes_no, read_rows
from openpyxl import Workbook


def make_xlsx(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_xlsx_keeps_line_numbers_and_dates():
    content = make_xlsx([["a", "b"], [], [datetime(2025, 3, 1), 7.0]])
    assert read_rows(content) == [(1, ["a", "b"]), (3, [date(2025, 3, 1), "7"])]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_in_the_forms_that_spreadsheets_save(separator, encoding):
    text = f'naam{separator}tekst\r\n\r\nZoë{separator}"twee\nregels"\r\nJan{separator}x\r\n'
    assert read_rows(text.encode(encoding)) == [
        (1, ["naam", "tekst"]),
        (3, ["Zoë", "twee\nregels"]),
        (5, ["Jan", "x"]),
    ]


@pytest.mark.parametrize("content", [b"PK\x03\x04 no archive", b"\x00\x01\x02", b"a\n" + b'"' * 3])
def test_what_is_no_spreadsheet_is_said_to_be_none(content):
    try:
        rows = read_rows(content)
    except SheetError as error:
        assert str(error) == SheetError.UNREADABLE
    else:
        assert content.startswith(b"a") and rows


def test_too_many_rows_are_refused():
    with pytest.raises(SheetError) as caught:
        read_rows(b"a\n" * (MAX_ROWS + 1))
    assert str(caught.value) == SheetError.TOO_LONG


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31)))
def test_a_date_reads_the_same_however_it_is_written(day):
    for pattern in ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y"):
        assert parse_date(day.strftime(pattern)) == day
    assert parse_date(day) == day


@pytest.mark.parametrize("cell", ["31-02-2025", "gisteren", "2025", "1-2", "0"])
def test_what_is_no_date_is_refused(cell):
    with pytest.raises(ValueError, match=cell):
        parse_date(cell)


def test_yes_and_no():
    assert (
        parse_yes_no("Ja")
        and parse_yes_no("x")
        and not parse_yes_no("")
        and not parse_yes_no("NEE")
    )
    with pytest.raises(ValueError, match="misschien"):
        parse_yes_no("misschien")


@given(st.binary(max_size=300))
def test_no_bytes_whatever_break_it(content):
    try:
        read_rows(content)
    except SheetError as error:
        assert str(error) in (SheetError.UNREADABLE, SheetError.TOO_LONG)
