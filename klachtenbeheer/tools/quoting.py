"""Whether texts name somebody, hold a phone number, or repeat what somebody wrote.

Many dossiers are held against a few texts. So the texts are cut into runs of words once, and what a
dossier says is looked up among them.
"""

import re
from collections.abc import Collection, Iterable

WORD = re.compile(r"\w+")
NO_DIGIT = re.compile(r"\D")
PHRASE = 6  # so many words in a row are nobody's own
PHONE_DIGITS = 8
NAME_LENGTH = 5  # letters: a shorter single word may be any word


class Texts:
    """Texts that are looked through; each method returns those in which something is found.

    >>> texts = Texts(["Bel mevrouw De Vries, 000-123 4500", "De bus kwam niet"])
    >>> texts.naming("de vries")
    {'Bel mevrouw De Vries, 000-123 4500'}
    >>> texts.ringing("0001234500")
    {'Bel mevrouw De Vries, 000-123 4500'}
    >>> texts.quoting("De bus kwam niet!")
    {'De bus kwam niet'}
    """

    def __init__(self, texts: Iterable[str]):
        self._words = {text: _get_words(text) for text in texts}
        self._digits = {text: NO_DIGIT.sub("", text) for text in self._words}
        self._runs = {}
        for text, words in self._words.items():
            for length in range(1, PHRASE + 1):
                for run in _get_runs(words, length):
                    self._runs.setdefault(run, set()).add(text)

    def __bool__(self) -> bool:
        return bool(self._words)

    @property
    def most_words(self) -> int:
        """The number of words of the longest of them."""
        return max(map(len, self._words.values()), default=0)

    @property
    def length(self) -> int:
        """The number of characters of the longest of them."""
        return max(map(len, self._words), default=0)

    def naming(self, name: str | None) -> Collection[str]:
        """Those that hold a name or an address in full."""
        words = _get_words(name)
        telling = len(words) > 1 or len("".join(words)) >= NAME_LENGTH
        return self._having(words) if telling else ()

    def ringing(self, phone: str | None) -> Collection[str]:
        """Those that hold a phone number, however it is written."""
        digits = NO_DIGIT.sub("", phone or "")
        if len(digits) < PHONE_DIGITS:
            return ()
        return {text for text, own in self._digits.items() if digits in own}

    def quoting(self, said: str | None) -> Collection[str]:
        """Those that repeat some words in a row, or all of what was said in a few words."""
        words = _get_words(said)
        if len(words) < PHRASE:
            return self._having(words) if len(words) > 1 else ()
        return set().union(*(self._runs.get(run, ()) for run in _get_runs(words, PHRASE)))

    def _having(self, words):
        found = self._runs.get(tuple(words[:PHRASE]), ())
        if len(words) <= PHRASE:
            return found
        return {text for text in found if tuple(words) in _get_runs(self._words[text], len(words))}


def _get_words(text):
    return WORD.findall((text or "").lower())


def _get_runs(words, length):
    """All runs of so many words, in order."""
    return [tuple(words[place : place + length]) for place in range(len(words) - length + 1)]
