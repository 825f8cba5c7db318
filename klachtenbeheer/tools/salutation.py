"""How a letter addresses somebody, from the name as it was written down: the Dutch rules for
prefixes and initials. «de heer P. van den Berg» is addressed as «heer Van den Berg».

Whose sex the name does not tell is addressed by the whole name, never by a guess.
"""

import re
from dataclasses import dataclass

SIR, MADAM, BOTH, FAMILY = "sir", "madam", "both", "family"

_FORMS = (
    (BOTH, r"(?:de\s+)?(?:heer|hr\.?|dhr\.?)\s+(?:en|&)\s+(?:mevrouw|mevr\.?|mw\.?)"),
    (BOTH, r"(?:mevrouw|mevr\.?|mw\.?)\s+(?:en|&)\s+(?:de\s+)?(?:heer|hr\.?|dhr\.?)"),
    (FAMILY, r"(?:de\s+)?(?:familie|fam\.?)"),
    (SIR, r"(?:de\s+)?(?:heer|hr\.?)|dhr\.?|meneer"),
    (MADAM, r"mevrouw|mevr\.?|mw\.?|mej\.?|mejuffrouw"),
)
_TITLES = re.compile(
    r"(?:(?:prof|dr|drs|ir|ing|mr|ds|bc|jhr|jkvr)\.?(?=\s)|em\.?\s*prof\.?)\s+", re.IGNORECASE
)
_SUFFIX = re.compile(
    r"(?:\s*,\s*|\s+)(?:(?:MSc|BSc|MA|BA|LLM|LLB|PhD|MBA|RA|RN|jr\.?|sr\.?|junior|senior)\b\.?)$",
    re.IGNORECASE,
)
# Letters with a point behind each, also two or three together: «A.», «J.P.», «Th.M.», «IJ.»
_INITIALS = re.compile(r"^(?:[A-ZÀ-Þ][a-zß-ÿ]{0,2}\.-?)+$")
_PREFIXES = frozenset(
    "van von de den der het 't ’t ter ten te tot op in uit aan bij over onder voor 's ’s d' d’"
    " la le les du des da das dos do di del della el al bin ben ibn ould af zu zum zur".split()
)
_APOSTROPHES = ("'", "’")


@dataclass(frozen=True)
class Salutation:
    """`form` is one of SIR, MADAM, BOTH, FAMILY, or '' where the name does not tell; `name` comes
    behind it: the family name, or else the name as it was."""

    form: str
    name: str


def find_salutation(name: str) -> Salutation:
    """How to address somebody.

    >>> find_salutation("de heer P. van den Berg")
    Salutation(form='sir', name='Van den Berg')
    >>> find_salutation("Sam Jansen")
    Salutation(form='', name='Sam Jansen')
    """
    name = " ".join((name or "").split())
    for form, words in _FORMS:
        match = re.match(rf"(?:{words})(?=\s)\s+", name, re.IGNORECASE)
        if match:
            family = _get_family_name(name[match.end() :])
            return Salutation(form, family) if family else Salutation("", name)
    return Salutation("", name)


def _get_family_name(name: str) -> str:
    """A name without titles, initials and first names; a prefix then gets a capital."""
    while match := _TITLES.match(name):
        name = name[match.end() :]
    while match := _SUFFIX.search(name):
        name = name[: match.start()]
    words = name.replace(" ,", ",").strip(" ,").split()
    initials = [index for index, word in enumerate(words) if _INITIALS.match(word)]
    if initials:
        words = words[initials[-1] + 1 :]
    elif len(words) > 1:
        words = words[_find_start(words) :]
    return _capitalise(" ".join(words))


def _find_start(words: list[str]) -> int:
    """Where the family name begins after first names: at the first prefix, at a double name that
    goes on with one («Bakker-de Boer»), else at the last word."""
    for index, word in enumerate(words[:-1]):
        if "-" in word and word.rsplit("-", 1)[1].lower() in _PREFIXES:
            return index
    for index, word in enumerate(words[:-1]):
        if word.lower() in _PREFIXES and (word.islower() or index == 0):
            return index
    capitals = [
        index for index, word in enumerate(words[:-1]) if index and word.lower() in _PREFIXES
    ]
    return capitals[0] if capitals else len(words) - 1


def _capitalise(name: str) -> str:
    """A prefix without a first name before it has a capital, but for «'t» and «'s»."""
    if name.startswith(_APOSTROPHES):
        return name
    return name[:1].upper() + name[1:]
