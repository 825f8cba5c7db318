"""nl.po against the terms of klachtenbeheer.pot: complete, and the same placeholders and tags.

That the .pot itself has every term is shown in Odoo, by klachtenbeheer/tests/test_translations.py.
"""

import re
import sys
from collections import Counter
from pathlib import Path

import polib
import pytest

REPO = Path(__file__).resolve().parents[2]
FOLDER = REPO / "klachtenbeheer/i18n"
sys.path.insert(0, str(REPO / "dev"))

import merge_terms  # noqa: E402  # needs the path above

PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\{.*?\}\}|\$\{.*?\}")
TAG = re.compile(r"""<(?:[^<>"']|"[^"]*"|'[^']*')+>""")
# What of a tag is text for people, and so is translated.
SPOKEN = re.compile(r"""\b(title|alt|placeholder|aria-label)=("[^"]*"|'[^']*')""")
# Records that are Dutch in the source: the letters of the five model policies.
DUTCH_SOURCE = (
    "model:klachtenbeheer.letter.type,name:klachtenbeheer.policy_",
    "model:klachtenbeheer.letter.type,only_when_text:klachtenbeheer.policy_",
)
SAME_IN_DUTCH = {
    "(PDF)",
    "(PDF),",
    "Alias",
    "Code",
    "DPIA",
    "Details",
    "Dossier",
    "Dossier %s",
    "Dossiers",
    "Directie",
    "E-mail",
    "Effect",
    "Exports",
    "Geschilleninstantie",
    "ID",
    "Jeugdwet",
    "Klachtenportaal Zorg",
    "Later",
    "Management",
    "Menu",
    "Message-Id",
    "Ombudsman",
    "Open",
    "PDF",
    "Post",
    "Privacy",
    "Procedure",
    "Salt",
    "Selector",
    "Spreadsheet",
    "Teams",
    "Vertrouwenspersoon",
    "Was",
    "Week",
    "Website",
    "Werkdagen",
    "Wet kinderopvang",
    "Wkkgz",
    "was %s",
    "https://www.example.org",
    "https://…",
    "mails",
    # not texts, but Odoo lists them
    "object._get_filename()[:-4]",
    "object._get_form_filename()",
    "object._get_regulation_filename()[:-4]",
    "open",
}


@pytest.fixture(scope="module")
def terms():
    return polib.pofile(str(FOLDER / "klachtenbeheer.pot"))


@pytest.fixture(scope="module")
def dutch():
    return polib.pofile(str(FOLDER / "nl.po"))


def problems(entry):
    """What is wrong with the Dutch of a term, as sentences; empty when nothing is."""
    if entry.fuzzy or not entry.msgstr.strip():
        yield "no Dutch"
        return
    if placeholders(entry.msgid) != placeholders(entry.msgstr):
        yield "other placeholders"
    if tags(entry.msgid) != tags(entry.msgstr):
        yield "other tags"
    if entry.msgid == entry.msgstr and not is_same_in_dutch(entry):
        yield "still English"


def placeholders(text):
    found = PLACEHOLDER.findall(text)
    positional = [part for part in found if part.startswith("%") and "(" not in part]
    return Counter(found), positional  # without names the order counts


def tags(text):
    return Counter(SPOKEN.sub(r"\1", " ".join(tag.split())) for tag in TAG.findall(text))


def is_same_in_dutch(entry):
    words = re.search(r"[^\W\d_]", PLACEHOLDER.sub("", TAG.sub("", entry.msgid)))
    sources = [source for source, _line in entry.occurrences]
    return (
        not words
        or entry.msgid in SAME_IN_DUTCH
        or any(source.startswith(DUTCH_SOURCE) for source in sources)
    )


def test_every_term_has_good_dutch(terms, dutch):
    found = {entry.msgid: entry for entry in dutch if not entry.obsolete}
    wrong = [f"no Dutch: {entry.msgid}" for entry in terms if entry.msgid not in found]
    wrong += [f"{problem}: {e.msgid}" for e in found.values() for problem in problems(e)]
    assert wrong == []


def test_nothing_is_left_over(terms, dutch):
    assert [e.msgid for e in dutch if e.obsolete] == []
    assert {entry.msgid for entry in dutch} == {entry.msgid for entry in terms}
    assert {entry.msgid for entry in terms} >= SAME_IN_DUTCH


def test_files_are_as_our_own_script_writes_them(terms, dutch):
    """Neither a date nor a host in the headers, and the order of the terms."""
    assert terms.metadata == merge_terms.HEADERS
    assert dutch.metadata == merge_terms.DUTCH_HEADERS
    assert [entry.msgid for entry in dutch] == [entry.msgid for entry in terms]


@pytest.mark.parametrize(
    ("english", "translated", "problem"),
    [
        ("Complaint", "", "no Dutch"),
        ("Complaint", "Complaint", "still English"),
        ("%(a)s by %(b)s", "%(a)s uiterlijk", "other placeholders"),
        ("%s and %d", "%d en %s", "other placeholders"),
        ("Letter {{ object.name }}", "Brief {{ object.id }}", "other placeholders"),
        ("<b>One</b>", "<i>Een</i>", "other tags"),
        ('<t t-if="a > b">x</t> y', '<t t-if="a > c">x</t> z', "other tags"),
        ('<i title="One"/> a', '<i title="Een" class="b"/> b', "other tags"),
    ],
)
def test_the_check_finds(english, translated, problem):
    assert list(problems(polib.POEntry(msgid=english, msgstr=translated))) == [problem]


@pytest.mark.parametrize(
    ("english", "translated"),
    [
        ("%(a)s by %(b)s", "vóór %(b)s: %(a)s"),
        ('<i\n title="One"/> a', '<i title="Een"/> b'),
        ("“%s”", "“%s”"),
        ("Website", "Website"),
    ],
)
def test_the_check_accepts(english, translated):
    assert list(problems(polib.POEntry(msgid=english, msgstr=translated))) == []


def test_merging_keeps_drops_and_adds():
    terms = [polib.POEntry(msgid="kept"), polib.POEntry(msgid="new")]
    dutch = [
        polib.POEntry(msgid="gone", msgstr="weg"),
        polib.POEntry(msgid="kept", msgstr="gebleven"),
    ]
    merged = merge_terms.merge(terms, dutch)
    assert [(e.msgid, e.msgstr) for e in merged] == [("kept", "gebleven"), ("new", "")]
    assert [e.msgid for e in merge_terms.untranslated(merged)] == ["new"]
