"""Numbers and lengths of time in Dutch words: read from a text, and written in one."""

from functools import cache

UNIT_WORDS = {
    "workday": ("werkdag", "werkdagen"),
    "day": ("dag", "dagen"),
    "week": ("week", "weken"),
    "month": ("maand", "maanden"),
    "year": ("jaar", "jaar"),
}
SAME_DAY = "dezelfde dag"
_ONES = (
    "nul een twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien"
    " zestien zeventien achttien negentien"
).split()
_TENS = dict(
    zip(
        range(20, 100, 10),
        "twintig dertig veertig vijftig zestig zeventig tachtig negentig".split(),
        strict=True,
    )
)
_IRREGULAR_ORDINALS = {"eerste": 1, "derde": 3, "achtste": 8}


def _spell(number: int) -> str:
    """A number under 100 in letters.

    >>> _spell(42)
    'tweeënveertig'
    """
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = number // 10 * 10, number % 10
    if not ones:
        return _TENS[tens]
    link = "ën" if _ONES[ones].endswith("e") else "en"
    return f"{_ONES[ones]}{link}{_TENS[tens]}"


@cache
def number_words() -> dict[str, int]:
    """{word: number} of the Dutch numbers from one to 99, as count and as rank.

    «een» is left out: it is an article as well; «één» is here.
    """
    words = {_spell(number): number for number in range(2, 100)}
    words |= {word.replace("ë", "e"): number for word, number in list(words.items())}
    for word, number in list(words.items()):
        words[f"{word}{'ste' if number >= 20 else 'de'}"] = number
    return words | {"één": 1} | _IRREGULAR_ORDINALS


def describe_length(amount: int, unit: str) -> str:
    """A length of time as it stands in a sentence, a year or more in years.

    >>> describe_length(3, "week"), describe_length(1, "month"), describe_length(24, "month")
    ('3 weken', 'een maand', '2 jaar')

    :param unit: one of UNIT_WORDS; 0 of any of them is the same day
    """
    if not amount:
        return SAME_DAY
    if unit == "month" and amount % 12 == 0:
        amount, unit = amount // 12, "year"
    one, more = UNIT_WORDS[unit]
    return f"een {one}" if amount == 1 else f"{amount} {more}"
