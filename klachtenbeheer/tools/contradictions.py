"""What a text of a policy says against the policy itself: a length of time that none of its terms
has, a role or body that it does not know. Pure reading of Dutch; nothing is guessed: a number is
only looked at beside a day, werkdag, week, month or year.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from .dutch import number_words
from .text_fields import FIELD

TERM, ROLE = "term", "role"
# How long a unit is in the smallest one that it can be compared in.
_MEASURES = {
    "workday": ("workday", 1),
    "day": ("day", 1),
    "week": ("day", 7),
    "month": ("month", 1),
    "year": ("month", 12),
}
_UNITS = {
    "werkdag": "workday",
    "werkdagen": "workday",
    "dag": "day",
    "dagen": "day",
    "kalenderdag": "day",
    "kalenderdagen": "day",
    "week": "week",
    "weken": "week",
    "maand": "month",
    "maanden": "month",
    "kalendermaand": "month",
    "kalendermaanden": "month",
    "jaar": "year",
    "jaren": "year",
}
_ONE_AND_A_HALF = {"anderhalf": 1.5, "anderhalve": 1.5}
# «Een» is a number where it says how long, and an article elsewhere («op een werkdag»).
_BEFORE_ONE = (
    "binnen na over gedurende uiterlijk maximaal hoogstens hooguit minstens minimaal hoogste"
    " minste slechts"
).split()
_AFTER_ONE = r"na(?:dat)?\b|later\b|eerder\b|de tijd\b|tijd\b"
_AGE = re.compile(r"\b(oud|ouder|jonger|leeftijd)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+")

# Roles and bodies that complaint policies know: a name, and the words for it.
_BODIES_FILE = Path(__file__).resolve().parent.parent / "data" / "bodies.txt"


@dataclass(frozen=True)
class Contradiction:
    """A sentence with words that the policy does not bear out. `kind` is 'term' or 'role'."""

    kind: str
    words: str
    sentence: str


@cache
def _length_pattern() -> re.Pattern[str]:
    words = sorted([*number_words(), *_ONE_AND_A_HALF], key=len, reverse=True)
    number = rf"(?:\d+(?:[.,]5)?(?:e|de|ste)?|{'|'.join(words)})"
    units = "|".join(sorted(_UNITS, key=len, reverse=True))
    between = r"(?:\s*\(\s*\w+\s*\))?\s+(?:volle |hele |aaneengesloten |opeenvolgende )?"
    one = rf"(?<=\b)(?:(?:{'|'.join(_BEFORE_ONE)})\s+een\s+(?P<one_unit>{units})\b)"
    other_one = rf"\been\s+(?P<later_unit>{units})\s+(?:{_AFTER_ONE})"
    return re.compile(
        rf"(?<![\w.,])(?:(?P<low>{number})(?:\s+(?:tot|à|of|en)\s+|\s*[-–]\s*))?"
        rf"(?P<number>{number}){between}(?P<unit>{units})\b|{one}|{other_one}",
        re.IGNORECASE,
    )


def find_lengths(sentence: str) -> Iterator[tuple[str, float, str]]:
    """(words, amount, unit) of every length of time that a sentence gives.

    >>> list(find_lengths("Op de vijfde werkdag, of binnen een maand."))
    [('vijfde werkdag', 5, 'workday'), ('binnen een maand', 1, 'month')]
    """
    for match in _length_pattern().finditer(sentence):
        unit_word = match["unit"] or match["one_unit"] or match["later_unit"]
        unit = _UNITS[unit_word.lower()]
        if unit == "year" and _AGE.search(sentence):
            continue
        for number in (match["low"], match["number"]):
            if number:
                yield match.group(), _to_number(number), unit
        if not match["number"]:
            yield match.group(), 1, unit


def _to_number(word: str) -> float:
    word = word.lower()
    if word in _ONE_AND_A_HALF:
        return _ONE_AND_A_HALF[word]
    if word[0].isdigit():
        return float(re.sub(r"(e|de|ste)$", "", word).replace(",", "."))
    return number_words()[word]


def find_contradictions(
    blocks: Iterable[str], lengths: Iterable[tuple[int, str]], titles: Iterable[str]
) -> list[Contradiction]:
    """The sentences that say something else than the policy.

    A length agrees when some term is as long, whatever the words: 14 days are two weeks and
    24 months two years, but werkdagen are compared with werkdagen only.

    :param blocks: paragraphs of plain text; fields in them come from the policy and always agree
    :param lengths: (amount, unit) of what the policy counts in
    :param titles: names of its roles and bodies
    """
    known = {_measure(amount, unit) for amount, unit in lengths}
    unknown_bodies = _get_unknown_bodies(titles)
    found = [
        line
        for sentence in _split(blocks)
        for line in (
            *_find_wrong_lengths(sentence, known),
            *_find_wrong_bodies(sentence, unknown_bodies),
        )
    ]
    return list(dict.fromkeys(found))


def _measure(amount: float, unit: str) -> tuple[str, float]:
    name, size = _MEASURES[unit]
    return name, amount * size


def _split(blocks: Iterable[str]) -> Iterator[str]:
    for block in blocks:
        for sentence in _SENTENCE_END.split(" ".join(block.split())):
            if sentence:
                yield sentence


def _find_wrong_lengths(sentence: str, known: set) -> Iterator[Contradiction]:
    for words, amount, unit in _get_lengths(FIELD.sub("…", sentence)):
        if _measure(amount, unit) not in known:
            yield Contradiction(TERM, words, sentence)


@lru_cache(maxsize=4096)  # the same texts are read on each step towards publishing
def _get_lengths(sentence: str) -> tuple:
    return tuple(find_lengths(sentence))


@cache
def _get_bodies() -> dict[str, re.Pattern[str]]:
    """{name: its words} of the roles and bodies that a text can name."""
    lines = _BODIES_FILE.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {name: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE) for name, words in pairs}


def _get_unknown_bodies(titles: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """The roles and bodies that occur in none of the titles."""
    named = " · ".join(titles)
    return {name: pattern for name, pattern in _get_bodies().items() if not pattern.search(named)}


def _find_wrong_bodies(sentence: str, unknown: dict) -> Iterator[Contradiction]:
    text = FIELD.sub("…", sentence)
    for pattern in unknown.values():
        for match in pattern.finditer(text):
            yield Contradiction(ROLE, match.group(), sentence)
