"""Fields that an organisation adds to its complaints, as its manager writes them down: one on a
line, with its kind between brackets.

    Vestiging (keuze: Noord, Zuid)
    Datum van de rit (datum)
    Kenteken
"""

import re
import unicodedata
from typing import Any

KINDS = {
    "tekst": "char",
    "text": "char",
    "datum": "date",
    "date": "date",
    "getal": "integer",
    "number": "integer",
    "ja/nee": "boolean",
    "yes/no": "boolean",
    "keuze": "selection",
    "choice": "selection",
}
LINE = re.compile(r"(?P<label>[^()]+?)\s*(?:\((?P<kind>[^():]+)(?::(?P<options>[^()]+))?\))?\s*")
UNSAFE = re.compile(r"[^a-z0-9]+")


class OwnFieldError(ValueError):
    """A line that is no field; its text is the argument."""


def get_code(label: str) -> str:
    """By what a field is known, whatever version of a policy has it.

    >>> get_code("Datum van de rit")
    'datum_van_de_rit'
    """
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return UNSAFE.sub("_", plain).strip("_")


def parse_own_fields(text: str) -> list[dict[str, Any]]:
    """The fields of a text, as the platform defines properties.

    :raise OwnFieldError: a line can't be read, or two fields have one name

    >>> parse_own_fields("Kenteken")
    [{'name': 'kenteken', 'string': 'Kenteken', 'type': 'char'}]
    >>> parse_own_fields("Vestiging (keuze: Noord, Zuid)")[0]["selection"]
    [['noord', 'Noord'], ['zuid', 'Zuid']]
    """
    found: dict[str, dict[str, Any]] = {}
    for line in filter(None, map(str.strip, (text or "").splitlines())):
        field = _parse_line(line)
        if field["name"] in found:
            raise OwnFieldError(line)
        found[field["name"]] = field
    return list(found.values())


def _parse_line(line: str) -> dict[str, Any]:
    match = LINE.fullmatch(line)
    kind = match and KINDS.get((match["kind"] or "tekst").strip().lower())
    code = get_code(match["label"]) if match else ""
    if not match or not kind or not code or (kind == "selection") != bool(match["options"]):
        raise OwnFieldError(line)
    field = {"name": code, "string": match["label"].strip(), "type": kind}
    if kind == "selection":
        options = [option.strip() for option in match["options"].split(",") if option.strip()]
        field["selection"] = [[get_code(option), option] for option in options]
    return field
