"""Fields in the texts of a policy: «{term:answer}» stands for the length of the term with that
code. What a field becomes is asked of a function, so that a page, a letter and a check can each
answer in their own way.

A field is a kind, and for most kinds a code behind a colon. A capital letter gives the text one:
«{The:director}» begins a sentence.
"""

import re
from collections.abc import Callable

FIELD = re.compile(r"\{([A-Za-z]+)(?::([A-Za-z_]+))?\}")
# Names of roles that Dutch calls «het»; every other one is «de».
NEUTER = frozenset(
    "bestuur bestuursorgaan bureau college hoofd kantoor klachtenbureau klachtenloket"
    " klachtenmeldpunt dagelijks klachtenteam"
    " management managementteam meldpunt secretariaat team".split()
)

Resolve = Callable[[str, str], str | None]


def find_fields(text: str) -> list[tuple[str, str, str]]:
    """The fields of a text, each once: (as written, kind in small letters, code or '')."""
    found = {match.group(): match for match in FIELD.finditer(text or "")}
    return [(words, match[1].lower(), match[2] or "") for words, match in found.items()]


def fill_fields(text: str, resolve: Resolve) -> str:
    """The text with every field that `resolve` knows in words; another one stays as it is.

    :param resolve: called with kind and code; None for a field that it does not know

    >>> fill_fields("{The:x} beslist.", lambda kind, code: "het bestuur")
    'Het bestuur beslist.'
    """

    def replace(match: re.Match[str]) -> str:
        value = resolve(match[1].lower(), match[2] or "")
        if value is None:
            return match.group()
        return capitalise(value) if match[1][0].isupper() else value

    return FIELD.sub(replace, text or "")


def capitalise(text: str) -> str:
    """The text with a capital, the rest as it was.

    >>> capitalise("directeur-bestuurder van De Proef")
    'Directeur-bestuurder van De Proef'
    """
    return text[:1].upper() + text[1:]


def with_article(title: str) -> str:
    """The title of a role as a sentence names it.

    >>> with_article("bestuur"), with_article("klachtenfunctionaris")
    ('het bestuur', 'de klachtenfunctionaris')
    """
    first = title.split(" ")[0].lower() if title else ""
    return f"{'het' if first in NEUTER else 'de'} {title}" if title else ""
