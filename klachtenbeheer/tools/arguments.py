"""What a program sends along with a call, before anything is done with it. No Odoo import."""

from collections.abc import Mapping

LONGEST_TEXT = 1_000_000  # characters; a letter has some thousands
LARGEST_NUMBER = 2**31 - 1  # what a whole number in a database holds
DEEPEST = 40  # lists in lists
NUL, TOO_LONG, TOO_LARGE, TOO_DEEP, NOT_TEXT = "nul", "long", "large", "deep", "not_text"


def find_fault(value, files=(), depth=0):
    """What makes a value impossible to store, whatever it is for; None when nothing does.

    :param files: names of keys whose value is the content of a file, which may be long
    :return: NUL, TOO_LONG, TOO_LARGE, TOO_DEEP, NOT_TEXT (half a character), or None
    """
    if depth > DEEPEST:
        return TOO_DEEP
    if isinstance(value, str):
        return _find_fault_in_text(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return None if abs(value) <= LARGEST_NUMBER else TOO_LARGE  # not a number is neither
    if isinstance(value, Mapping):
        lines = [*value, *(item for key, item in value.items() if key not in files)]
    else:
        lines = value if isinstance(value, (list, tuple)) else ()
    return next(filter(None, (find_fault(line, files, depth + 1) for line in lines)), None)


def _find_fault_in_text(text):
    if len(text) > LONGEST_TEXT:
        return TOO_LONG
    if "\0" in text:
        return NUL
    try:
        text.encode()
    except UnicodeEncodeError:
        return NOT_TEXT
    return None
