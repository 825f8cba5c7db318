"""Reading a spreadsheet (xlsx or csv) row by row, with the line numbers that its user sees."""

import csv
import io
import zipfile
from datetime import date, datetime
from xml.parsers import expat

from . import typed

MAX_ROWS = 5000
MAX_COLUMNS = 200
# A small archive can hold very much: what may come out of it before it is read at all.
MAX_PARTS = 500
MAX_UNPACKED = 48 * 1024 * 1024  # bytes
MAX_ELEMENTS = 800_000  # cells, strings, formats: a register of 5,000 lines has about 350,000
CHUNK = 1 << 16  # bytes
SHORT_YEAR = "%d-%m-%y"  # as spreadsheets write it; nobody means it in a form
YES = {"yes", "y", "ja", "j", "true", "waar", "1", "x"}
NO = {"", "no", "n", "nee", "false", "onwaar", "0"}


class SheetError(ValueError):
    """The file can't be read at all; its text is one of these codes."""

    UNREADABLE, TOO_LONG, TOO_LARGE = "unreadable", "too_long", "too_large"


def read_rows(content):
    """Return the rows of a spreadsheet as [(line number, [cells])], without the empty ones.

    :param content: bytes of an xlsx file, or of a csv file in UTF-8 or Windows-1252
    :raise SheetError: neither of them, more than MAX_ROWS rows, or far more inside than that
    """
    rows = _read_xlsx(content) if content[:2] == b"PK" else _read_csv(content)
    found = []
    for number, cells in rows:
        if any(cell not in (None, "") for cell in cells):
            found.append((number, cells))
        if number > MAX_ROWS:
            raise SheetError(SheetError.TOO_LONG)
    return found


def _read_xlsx(content):
    from openpyxl import load_workbook  # slow, and only who takes a register over needs it

    try:
        _check_archive(content)
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        # what a sheet says of its own size need not be true
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), 1):
            yield number, _cut([_tidy(cell) for cell in row])
    except (SheetError, GeneratorExit):
        raise
    except Exception as error:  # whatever is wrong inside the archive: it is no spreadsheet
        raise SheetError(SheetError.UNREADABLE) from error


def _cut(cells):
    """The cells of a row up to the last one with something in it."""
    while cells and cells[-1] == "":
        cells.pop()
    return cells


def _check_archive(content):
    """Look through an archive in little memory, before anything keeps what is in it.

    :raise SheetError: there is too much in it
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        # the size that an archive names is the most that is read of a part
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise SheetError(SheetError.TOO_LARGE)
        counter = _ElementCounter()
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as stream:
                    counter.scan(stream)


class _ElementCounter:
    """Counts what has to be kept of XML: elements, and no declarations of its own."""

    def __init__(self):
        self.count = 0

    def scan(self, stream):
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._count_one
        parser.StartDoctypeDeclHandler = self._refuse  # a spreadsheet has none
        while chunk := stream.read(CHUNK):
            parser.Parse(chunk)
        parser.Parse(b"", True)

    def _count_one(self, _name, attributes):
        self.count += 1 + len(attributes) // 4
        if self.count > MAX_ELEMENTS:
            raise SheetError(SheetError.TOO_LARGE)

    def _refuse(self, *_declaration):
        raise SheetError(SheetError.UNREADABLE)


def _read_csv(content):
    text = _decode(content)
    if "\0" in text:
        raise SheetError(SheetError.UNREADABLE)
    header = text.partition("\n")[0]
    separator = max(";,\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        first = 1
        for row in reader:
            yield first, [_tidy(cell) for cell in row[:MAX_COLUMNS]]
            first = reader.line_num + 1  # a cell may hold several lines
    except csv.Error as error:
        raise SheetError(SheetError.UNREADABLE) from error


def _decode(content):
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetError(SheetError.UNREADABLE)


def _tidy(cell):
    """A cell as text, or as a date where the sheet says that it is one."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell if isinstance(cell, date) else str(cell).strip()


def parse_date(cell):
    """Return a date from a cell; None for an empty one.

    :raise ValueError: not a date, or not written as one
    """
    if isinstance(cell, date) or not cell:
        return cell or None
    day = typed.parse_date(cell.partition(" 00:00")[0], (*typed.DATE_FORMATS, SHORT_YEAR))
    if day:
        return day
    raise ValueError(cell)


def parse_yes_no(cell):
    """Return True or False from a cell in Dutch or English; an empty one is no.

    :raise ValueError: neither
    """
    word = str(cell).casefold()
    if word in YES | NO:
        return word in YES
    raise ValueError(cell)
