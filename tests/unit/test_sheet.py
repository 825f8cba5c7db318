"""Reading a spreadsheet: what users really save, and what they send by mistake."""

import io
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

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


# ---------------------------------------------------------------- far more than it looks

MEASURE = """
import resource, sys, tracemalloc
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
sys.path.insert(0, {here!r})
import conftest
from klachtenbeheer_tools.sheet import SheetError, read_rows
content = open(sys.argv[1], "rb").read()
import openpyxl
tracemalloc.start()
try:
    rows = read_rows(content)
    print(len(rows), max(len(cells) for _number, cells in rows), end=" ")
except SheetError as error:
    print(error, end=" ")
print(tracemalloc.get_traced_memory()[1] >> 20)
"""
MOST = 150  # megabytes; Python's own count, while each object is counted reading takes longer
TYPES = "[Content_Types].xml"
STRINGS = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.spreadsheetml.sharedStrings+xml"/>'
)
SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def remake(**parts):
    """Make a spreadsheet with some of its parts replaced: {name of a part: content}."""
    source, stream = io.BytesIO(make_xlsx([["a"], ["b"]])), io.BytesIO()
    with (
        zipfile.ZipFile(source) as found,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in found.namelist():
            key = name.rpartition("/")[2].partition(".")[0]
            content = parts.pop(key, None) or found.read(name)
            if name == TYPES and "sharedStrings" in parts:
                content = content.replace(b"</Types>", STRINGS + b"</Types>")
            made.writestr(name, content)
        for name, content in parts.items():
            made.writestr(f"xl/{name}.xml", content)
    return stream.getvalue()


def sheet_of(rows, dimension="A1"):
    size = f'<dimension ref="{dimension}"/>'
    return f"<worksheet {SPACE}>{size}<sheetData>{rows}</sheetData></worksheet>"


CELLS = '<row r="{number}">' + "<c><v>1</v></c>" * 16_000 + "</row>"
CRAFTED = {
    # 300 kB that took 1.2 GB
    "many cells": lambda: remake(
        sheet1=sheet_of("".join(CELLS.format(number=n) for n in range(1, 60)))
    ),
    "many strings": lambda: remake(
        sharedStrings=f"<sst {SPACE}>" + "<si><t>woord</t></si>" * 1_000_000 + "</sst>"
    ),
    "many formats": lambda: remake(
        styles=f"<styleSheet {SPACE}><fonts>"
        + "<font><b/></font>" * 1_000_000
        + "</fonts></styleSheet>"
    ),
    "one long text": lambda: remake(
        sharedStrings=f"<sst {SPACE}><si><t>{'a' * 60_000_000}</t></si></sst>"
    ),
    "entities": lambda: remake(
        sharedStrings='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'
        + f"<sst {SPACE}><si><t>&a;</t></si></sst>"
    ),
}


def measure(content, tmp_path):
    """Read a file in a process of its own; return what came out, and the megabytes it took."""
    path = tmp_path / "register.xlsx"
    path.write_bytes(content)
    code = MEASURE.format(here=str(Path(__file__).parent))
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, timeout=120
    )
    assert not done.returncode, done.stderr
    *found, megabytes = done.stdout.split()
    return found, int(megabytes)


@pytest.mark.parametrize("name", CRAFTED)
def test_a_small_file_with_very_much_inside_is_refused_in_little_memory(name, tmp_path):
    content = CRAFTED[name]()
    assert len(content) < 1_000_000
    found, megabytes = measure(content, tmp_path)
    assert found == [SheetError.UNREADABLE if name == "entities" else SheetError.TOO_LARGE]
    assert megabytes < MOST


def test_a_size_that_is_not_true_costs_nothing(tmp_path):
    rows = "".join(f'<row r="{n}"><c><v>{n}</v></c></row>' for n in range(1, 4_001))
    content = remake(sheet1=sheet_of(rows, dimension="A1:XFD1048576"))
    found, megabytes = measure(content, tmp_path)
    assert found == ["4000", "1"]
    assert megabytes < MOST


def test_a_full_register_is_read(tmp_path):
    text = "De bus reed drie ochtenden door zonder te stoppen. " * 10
    content = make_xlsx([[f"{text}{n}.{c}" for c in range(21)] for n in range(500)])
    found, megabytes = measure(content, tmp_path)
    assert found == ["500", "21"]
    assert megabytes < MOST
