"""Reading a spreadsheet (xlsx or csv) row by row, with the line numbers that its user sees."""

import csv
import io
import time
from datetime import date, datetime

MAX_ROWS = 5000
DATE_FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%y")
YES = {"yes", "y", "ja", "j", "true", "waar", "1", "x"}
NO = {"", "no", "n", "nee", "false", "onwaar", "0"}


class SheetError(ValueError):
    """The file can't be read at all; its text is one of the codes UNREADABLE and TOO_LONG."""

    UNREADABLE, TOO_LONG = "unreadable", "too_long"


def read_rows(content):
    """Return the rows of a spreadsheet as [(line number, [cells])], without the empty ones.

    :param content: bytes of an xlsx file, or of a csv file in UTF-8 or Windows-1252
    :raise SheetError: neither of them, or more than MAX_ROWS rows
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
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, [_tidy(cell) for cell in row]
    except Exception as error:  # whatever is wrong inside the archive: it is no spreadsheet
        raise SheetError(SheetError.UNREADABLE) from error


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
            yield first, [_tidy(cell) for cell in row]
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
    text = cell.partition(" 00:00")[0]
    for date_format in DATE_FORMATS:
        try:
            return date(*time.strptime(text, date_format)[:3])
        except ValueError:
            continue
    raise ValueError(cell)


def parse_yes_no(cell):
    """Return True or False from a cell in Dutch or English; an empty one is no.

    :raise ValueError: neither
    """
    word = str(cell).casefold()
    if word in YES | NO:
        return word in YES
    raise ValueError(cell)
