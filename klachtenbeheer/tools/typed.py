"""What people type: dates, and text without characters that nobody typed on purpose. No Odoo."""

import re
import unicodedata
from datetime import date, datetime

DATE_FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")
# Turn the direction of what follows: a name shows as another one than it is.
DIRECTIONS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
BLANKS = re.compile(r"\s+")


def parse_date(text: str, formats=DATE_FORMATS) -> date | None:
    """Return a date as people write it, or None."""
    for pattern in formats:
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007  # a local date
        except ValueError:
            continue
    return None


def clean_text(text) -> str:
    """Return text of several lines without what no database, page or letter can hold.

    What is no text (a number, a list, a file) is nothing.

    >>> clean_text(" Beste\\r\\nheer\\0 ")
    'Beste\\nheer'
    """
    return drop_controls(text).strip()


def drop_controls(text) -> str:
    """Return text with its blanks as they are, but without those characters."""
    text = LINE_ENDS.sub("\n", text) if isinstance(text, str) else ""
    return "".join(char for char in text if char in "\n\t" or not _is_control(char))


def clean_line(text) -> str:
    """Return text on one line: in a name or a title a line break is a way to forge a letter.

    >>> clean_line("Jan\\nBcc: piet@example.com")
    'Jan Bcc: piet@example.com'
    """
    return BLANKS.sub(" ", clean_text(text)).strip()


def is_line(text: str) -> bool:
    """Say whether a text is fit to stand on one line."""
    return not any(char in "\n\t\u2028\u2029" or _is_control(char) for char in text)


def _is_control(char):
    # Cc: control characters; Cs: halves of a pair, which no encoding knows
    return char in DIRECTIONS or unicodedata.category(char) in ("Cc", "Cs")
