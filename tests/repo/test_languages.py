"""The languages of the public pages: each has every term that complainants read, with the same
placeholders and tags; what is offered is what is there."""

import re
import sys
from pathlib import Path

import polib
import pytest
from test_translations import placeholders, tags

REPO = Path(__file__).resolve().parents[2]
FOLDER = REPO / "klachtenbeheer/i18n"
sys.path.insert(0, str(REPO / "dev"))

import outside_terms  # noqa: E402  # needs the path above

OTHER_SCRIPTS = {"uk": "\u0400-\u04ff", "ar": "\u0600-\u06ff"}


def read_offered():
    """The languages that the pages offer, as the addon itself says."""
    source = (REPO / "klachtenbeheer/models/platform/languages.py").read_text()
    return set(re.findall(r'"(\w\w)"', re.search(r"^OFFERED = \((.*)\)$", source, re.M)[1]))


@pytest.fixture(scope="module")
def terms():
    return outside_terms.pick(polib.pofile(str(FOLDER / "klachtenbeheer.pot")))


def read(language):
    return {
        entry.msgid: entry
        for entry in polib.pofile(str(FOLDER / f"{language}.po"))
        if not entry.obsolete
    }


def test_what_is_offered_is_there():
    assert read_offered() == {"nl", "en"} | set(outside_terms.LANGUAGES)
    assert {path.stem for path in FOLDER.glob("*.po")} == read_offered() - {"en"}


def test_there_is_much_that_complainants_read(terms):
    assert len(terms) > 250
    sources = {where for entry in terms for where, _line in entry.occurrences}
    for part in ("public_form", "portal_my_complaint", "letter_page", "mail_template_form_proof"):
        assert any(where.endswith(part) for where in sources), part


@pytest.mark.parametrize("language", outside_terms.LANGUAGES)
def test_a_language_that_is_offered_is_complete(language, terms):
    """Run dev/outside_terms.py to see and fill in what is missing."""
    found = read(language)
    missing = [e.msgid for e in terms if e.msgid not in found or not found[e.msgid].msgstr.strip()]
    assert missing == []
    assert [e.msgid for e in found.values() if e.fuzzy] == []


@pytest.mark.parametrize("language", outside_terms.LANGUAGES)
def test_a_translation_has_what_its_term_has(language):
    wrong = []
    for entry in read(language).values():
        if placeholders(entry.msgid) != placeholders(entry.msgstr):
            wrong.append(("placeholders", entry.msgid))
        if tags(entry.msgid) != tags(entry.msgstr):
            wrong.append(("tags", entry.msgid))
        if re.findall(r"%\d", entry.msgid) != re.findall(r"%\d", entry.msgstr):
            wrong.append(("numbers of the script", entry.msgid))
    assert wrong == []


def is_only_a_name(term):
    """Whether there is nothing in it to be said in another way."""
    return not re.search(r"[^\W\d_]", re.sub(r"PDF|\{\{.*?\}\}", "", term))


@pytest.mark.parametrize(("language", "script"), OTHER_SCRIPTS.items())
def test_a_translation_is_in_its_own_script(language, script):
    wrong = [
        entry.msgid
        for entry in read(language).values()
        if not re.search(f"[{script}]", entry.msgstr) and not is_only_a_name(entry.msgid)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", outside_terms.LANGUAGES)
def test_a_native_is_asked_to_read_it(language):
    header = polib.pofile(str(FOLDER / f"{language}.po")).header
    assert "not yet read by a native speaker" in header or "read by a native speaker on" in header
