"""Blacking out: what others are called, and passages that somebody marked, are taken out of a text.

A bar is put in their place, always of the same length: nothing is left under it, and its length
tells nothing either.
"""

import re
from collections.abc import Iterable

BAR = "█████"
# A passage between double square brackets was marked by a person.
MARKED = re.compile(r"\[\[.*?\]\]", re.DOTALL)
PART = re.compile(r"[^\W\d_][\w'’.-]*", re.UNICODE)
DIGITS = re.compile(r"\d")
# Words in names that are words of the language as well.
PARTICLES = {"van", "der", "den", "het", "ter", "ten", "bij", "aan", "uit", "the", "and", "von"}
SHORTEST = 3  # letters of a part of a name that is looked for by itself
SHORTEST_NUMBER = 6  # digits of a phone number


def black_out(text: str, names: Iterable[str], kept: Iterable[str] = ()) -> str:
    """A text without names and marked passages.

    :param names: names, e-mail addresses, phone numbers and addresses of others
    :param kept: names of whoever gets the text; what they share with others stays

    >>> black_out("Jan sprak met Piet de Vries.", ["Piet de Vries"])
    'Jan sprak met █████.'
    >>> black_out("Er was [[iets geheims]].", [])
    'Er was █████.'
    >>> black_out("bel 06-1234 5678", ["0612345678"])
    'bel █████'
    """
    text = MARKED.sub(BAR, text or "")
    own = {part.lower() for name in kept for part in get_parts(name)}
    for pattern in get_patterns(names, own):
        text = pattern.sub(BAR, text)
    return re.sub(rf"{BAR}(?:[ \t]+{BAR})+", BAR, text)


def get_patterns(names: Iterable[str], own: set[str]) -> list[re.Pattern]:
    """What to look for, the longest first: whole names before their parts."""
    wholes, parts = set(), set()
    for name in filter(None, names):
        for line in filter(None, (line.strip() for line in name.splitlines())):
            digits = "".join(DIGITS.findall(line))
            if len(digits) >= SHORTEST_NUMBER and not re.search(r"[^\W\d_]", line):
                wholes.add(r"\+?" + r"[\s().-]*".join(digits))
                continue
            wholes.add(r"\s+".join(map(re.escape, line.split())))
            if "@" in line:
                continue  # a domain is shared by many
            parts.update(part for part in get_parts(line) if part.lower() not in own)
    found = sorted(wholes, key=len, reverse=True) + sorted(map(re.escape, parts), key=len)[::-1]
    return [re.compile(rf"(?<!\w){text}(?!\w)", re.IGNORECASE) for text in found]


def get_parts(name: str) -> list[str]:
    """The parts of a name that lead to somebody by themselves."""
    return [
        part.strip(".-'’")
        for part in PART.findall(name or "")
        if len(part.strip(".-'’")) >= SHORTEST and part.lower() not in PARTICLES
    ]
