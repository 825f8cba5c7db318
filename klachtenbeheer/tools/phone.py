"""Telephone numbers as people write them, and what they have in common. No Odoo import."""

import re

PHONE = re.compile(r"^[\s()+./\-–0-9]+$")
KEPT = 9  # digits of a Dutch number without its 0 or +31
FEWEST = 6  # digits by which a number is looked for


def get_phone_key(text: str | None) -> str:
    """The last digits of a number, the same in every notation; empty without a number.

    >>> get_phone_key("+31 (0)6 - 1234 5678") == get_phone_key("06-12345678") == "612345678"
    True
    """
    return re.sub(r"\D", "", text or "")[-KEPT:]


def is_phone(text: str) -> bool:
    """Whether somebody types a telephone number rather than words.

    >>> is_phone("06 12345678"), is_phone("2026"), is_phone("K2026-123456")
    (True, False, False)
    """
    return bool(PHONE.match(text)) and len(re.sub(r"\D", "", text)) >= FEWEST
