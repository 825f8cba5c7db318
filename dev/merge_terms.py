"""Merges the terms of klachtenbeheer.pot into nl.po; part of dev/translations.py.

What has been translated is kept, what no longer occurs is dropped. The order is that of the .pot,
and nothing in either file depends on the moment or the machine: a diff shows terms only.
"""

import sys
from pathlib import Path

import polib

FOLDER = Path(__file__).resolve().parent.parent / "klachtenbeheer/i18n"
TERMS, DUTCH = FOLDER / "klachtenbeheer.pot", FOLDER / "nl.po"
HEADERS = {
    "Project-Id-Version": "klachtenbeheer",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}
DUTCH_HEADERS = HEADERS | {
    "Language": "nl",
    "Language-Team": "Dutch",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


def merge(terms, dutch):
    """Return the terms as a Dutch catalogue, with the translations that are there already."""
    known = {entry.msgid: entry for entry in dutch if not entry.obsolete}
    result = catalogue(DUTCH_HEADERS)
    for entry in terms:
        old = known.get(entry.msgid)
        new = polib.POEntry(
            msgid=entry.msgid,
            msgstr=old.msgstr if old else "",
            comment=entry.comment,
            tcomment=old.tcomment if old else "",
            occurrences=entry.occurrences,
            flags=list(old.flags) if old else [],
        )
        result.append(new)
    return result


def catalogue(headers, entries=()):
    """Return a catalogue with our own headers."""
    result = polib.POFile()
    result.metadata = dict(headers)
    result.extend(entries)
    return result


def untranslated(dutch):
    """Return the terms that have no Dutch, or Dutch that somebody has to look at."""
    return [entry for entry in dutch if not entry.msgstr or entry.fuzzy]


def main():
    """Rewrite both files and print what is left to translate; return 1 if there is some."""
    terms = catalogue(HEADERS, polib.pofile(str(TERMS)))
    dutch = polib.pofile(str(DUTCH))
    merged = merge(terms, dutch)
    terms.save(str(TERMS))
    merged.save(str(DUTCH))
    left = untranslated(merged)
    dropped = {entry.msgid for entry in dutch} - {entry.msgid for entry in merged}
    for entry in left:
        print(f"{entry.occurrences[0][0]}\n    {entry.msgid!r}")
    print(f"{len(merged)} terms, {len(dropped)} dropped, {len(left)} without Dutch")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
