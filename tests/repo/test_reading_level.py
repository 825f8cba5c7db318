"""What complainants read is plain: Dutch of level B1, as far as a count can tell.

The score is that of Flesch-Douma, 206.84 - 0.77 * words of 100 in syllables - 0.93 * words in a
sentence: 60 and more is what people of twelve and older read with ease. No sentence is long.
"""

import html
import re
import sys
from pathlib import Path

import polib
import pytest

REPO = Path(__file__).resolve().parents[2]
FOLDER = REPO / "klachtenbeheer/i18n"
sys.path.insert(0, str(REPO / "dev"))

import outside_terms  # noqa: E402  # needs the path above

LEAST_SCORE = 65
LONGEST = 28  # words in a sentence
MOST_RELATIVE = 2  # words in a sentence that open a clause inside another
# What nobody needs.
STIFF = re.compile(
    r"\b(middels|teneinde|derhalve|dienaangaande|uiterlijk binnen|conform|jegens|omtrent|inzake"
    r"|betreffende|aldus|alsmede|desbetreffende|haar af|bewoordingen)\b",
    re.IGNORECASE,
)
RELATIVE = re.compile(r"\b(die|dat|wie|waar\w*|welke)\b", re.IGNORECASE)
VOWELS = re.compile(r"(?:ij|[aeiouyáéíóúäëïöü])+", re.IGNORECASE)
CODE = re.compile(r"%\(\w+\)s|%[sd]|%\d|\{\{.*?\}\}|<[^<>]*>|\S+@\S+|[\w-]*\d[\w-]*")
WORD = re.compile(r"[^\W\d_][\w'’-]*")


def get_sentences(text):
    """The sentences of a term, without tags and what is filled in."""
    plain = html.unescape(CODE.sub(" ", text.replace("</p>", ". ").replace("</li>", ". ")))
    return [part for part in re.split(r"[.!?:;\n]+(?:\s|$)", plain) if WORD.search(part)]


def get_score(sentences):
    words = [word for sentence in sentences for word in WORD.findall(sentence)]
    syllables = sum(max(1, len(VOWELS.findall(word))) for word in words)
    return 206.84 - 0.77 * 100 * syllables / len(words) - 0.93 * len(words) / len(sentences)


@pytest.fixture(scope="module")
def dutch():
    """What complainants read in Dutch: {term: text}."""
    known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(FOLDER / "nl.po"))}
    terms = outside_terms.pick(polib.pofile(str(FOLDER / "klachtenbeheer.pot")))
    return {entry.msgid: known[entry.msgid] for entry in terms if known.get(entry.msgid)}


def test_all_of_it_together_is_easy(dutch):
    sentences = [sentence for text in dutch.values() for sentence in get_sentences(text)]
    whole = [sentence for sentence in sentences if len(WORD.findall(sentence)) > 3]
    assert len(whole) > 150
    assert get_score(whole) >= LEAST_SCORE


def test_no_sentence_is_long(dutch):
    long = [
        sentence
        for text in dutch.values()
        for sentence in get_sentences(text)
        if len(WORD.findall(sentence)) > LONGEST
    ]
    assert long == []


def test_no_clause_inside_a_clause_inside_a_clause(dutch):
    deep = [
        sentence
        for text in dutch.values()
        for sentence in get_sentences(text)
        if len(RELATIVE.findall(sentence)) > MOST_RELATIVE
    ]
    assert deep == []


def test_no_stiff_words(dutch):
    assert [text for text in dutch.values() if STIFF.search(text)] == []


def test_the_score_tells_easy_from_hard():
    easy = get_sentences("Vertel wat er is gebeurd. U hoeft uw naam niet te zeggen.")
    hard = get_sentences(
        "Overeenkomstig de toepasselijke klachtenregeling wordt belanghebbende dientengevolge"
        " geïnformeerd aangaande de verwerkingsverantwoordelijkheid."
    )
    assert get_score(easy) > 80
    assert get_score(hard) < 20
