"""Texts against the policy: lengths of time and roles that it does not have."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from klachtenbeheer_tools import describe_length, find_contradictions
from klachtenbeheer_tools.contradictions import find_lengths
from klachtenbeheer_tools.dutch import number_words
from unit_helpers import BA, BB, KK, SB, SJ

TITLES = {
    "sb": ("contactpersoon klachten", "directie", "bestuur", "vertrouwenspersoon"),
    "ba": ("klachtenfunctionaris", "directie"),
    "sj": ("klachtencoördinator", "directeur", "Financiële Administratie", "bestuur"),
    "kk": (
        "Kwaliteitsmanager",
        "Servicedesk",
        "Directeur-bestuurder",
        "klachtenfunctionaris van Klachtenportaal Zorg",
    ),
    "bb": ("bevoegde vertegenwoordiger",),
}
TERMS = {"sb": SB, "ba": BA, "sj": SJ, "kk": KK, "bb": BB}

# findings/law.md 3: the sentence of each policy, and a changed one that every test let pass
LEGAL_TEXTS = [
    (
        "sb",
        "Doe dat schriftelijk, binnen {} nadat u de uitkomst en het besluit hebt ontvangen.",
        "5 dagen",
        "14 dagen",
    ),
    (
        "ba",
        "Binnen {} nadat wij uw klacht hebben ontvangen, krijgt u antwoord.",
        "drie weken",
        "zes weken",
    ),
    ("sj", "U krijgt niet later dan {} na ontvangst antwoord.", "5 werkdagen", "10 werkdagen"),
    (
        "kk",
        "Degene aan wie uw klacht is toegewezen, neemt binnen {} contact op.",
        "14 dagen",
        "21 dagen",
    ),
    ("bb", "Wij nemen uw klacht binnen {} in behandeling.", "2 weken", "4 weken"),
]


def check(source, text):
    lengths = [(term.amount, term.unit) for term in TERMS[source]]
    return find_contradictions([text], lengths, TITLES[source])


@pytest.mark.parametrize(("source", "text", "right", "wrong"), LEGAL_TEXTS)
def test_a_changed_legal_text_is_found(source, text, right, wrong):
    assert check(source, text.format(right)) == []
    [found] = check(source, text.format(wrong))
    assert (found.kind, found.words, found.sentence) == ("term", wrong, text.format(wrong))


def test_a_version_with_six_weeks_whose_letter_says_four():
    text = ["Wij handelen de klacht binnen 4 weken af. Hebben wij meer tijd nodig?"]
    assert not find_contradictions(text, [(4, "week")], ())
    [found] = find_contradictions(text, [(6, "week")], ())
    assert found.sentence == "Wij handelen de klacht binnen 4 weken af."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("uiterlijk op de vijfde werkdag na de dag van ontvangst", [(5, "workday")]),
        ("binnen een week", [(1, "week")]),
        ("Na één maand", [(1, "month")]),
        ("U hebt een maand de tijd", [(1, "month")]),
        ("in 2 tot 4 weken", [(2, "week"), (4, "week")]),
        ("twee of drie weken", [(2, "week"), (3, "week")]),
        ("binnen vier (4) weken", [(4, "week")]),
        ("14 kalenderdagen later", [(14, "day")]),
        ("anderhalve maand", [(1.5, "month")]),
        ("eenentwintig dagen, tweeënveertig dagen", [(21, "day"), (42, "day")]),
        ("ten minste eenmaal per twee jaar", [(2, "year")]),
        # not a length of time
        ("op de dag van ontvangst, elke week", []),
        ("vanaf een werkdag, tot en met 24.00 uur", []),
        ("op 5 mei 2026; versie 2.1; artikel 8", []),
        ("voor kinderen van 12 jaar en ouder", []),
        ("een goed gesprek van een werkdag", []),
    ],
)
def test_lengths_in_a_sentence(text, expected):
    assert [(amount, unit) for _words, amount, unit in find_lengths(text)] == expected


@pytest.mark.parametrize(
    ("lengths", "text", "agrees"),
    [
        ([(14, "day")], "binnen 2 weken", True),
        ([(2, "week")], "binnen veertien dagen", True),
        ([(24, "month")], "eenmaal per twee jaar", True),
        ([(10, "workday")], "binnen 2 weken", False),
        ([(5, "workday")], "binnen 5 dagen", False),
        ([(5, "day")], "binnen 5 werkdagen", False),
        ([(1, "month")], "binnen 4 weken", False),
    ],
)
def test_the_same_length_in_other_words(lengths, text, agrees):
    assert (not find_contradictions([text], lengths, ())) is agrees


@pytest.mark.parametrize(
    ("source", "text", "words"),
    [
        ("bb", "Ga dan naar de vertrouwenspersoon.", "vertrouwenspersoon"),
        ("ba", "Het bestuur beslist.", "bestuur"),
        ("sb", "De klachtenfunctionaris bespreekt uw klacht.", "klachtenfunctionaris"),
        ("sj", "U kunt naar de Nationale ombudsman.", "ombudsman"),
        ("ba", "U kunt naar de Geschillencommissie Zorg.", "Geschillencommissie"),
        ("bb", "Zie Klachtenportaal Zorg.", "Klachtenportaal Zorg"),
    ],
)
def test_a_role_that_the_policy_does_not_have(source, text, words):
    [found] = check(source, text)
    assert (found.kind, found.words, found.sentence) == ("role", words, text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("sb", "De directie beslist; het bestuur hoort ervan. De vertrouwenspersoon helpt."),
        ("sj", "De Directie beslist welke aanbevelingen wij overnemen."),
        ("kk", "De klachtenfunctionaris van Klachtenportaal Zorg kan bemiddelen."),
        ("kk", "Alleen de Directeur-bestuurder kan deze procedure laten aanpassen."),
        ("ba", "Klachten over het bestuurlijk klimaat."),
    ],
)
def test_a_role_that_it_has(source, text):
    assert check(source, text) == []


def test_fields_agree_always():
    assert check("bb", "Binnen {term:answer} hoort u van {the:board}; 3 {term:x}.") == []


numbers = st.integers(2, 99)
units = st.sampled_from(["workday", "day", "week", "month"])
words = {
    number: word for word, number in number_words().items() if not word.endswith(("de", "ste"))
}


@given(numbers, units, st.booleans())
def test_a_term_agrees_with_its_own_length(amount, unit, in_letters):
    length = describe_length(amount, unit)
    if in_letters and amount in words and length.startswith(str(amount)):
        length = length.replace(str(amount), words[amount], 1)
    assert find_contradictions([f"Wij antwoorden binnen {length}."], [(amount, unit)], ()) == []


@given(numbers, numbers, units, st.booleans())
def test_another_number_never_agrees(amount, said, unit, in_letters):
    assume(amount != said)
    number = words.get(said, said) if in_letters else said
    plural = {"workday": "werkdagen", "day": "dagen", "week": "weken", "month": "maanden"}[unit]
    text = f"Wij antwoorden binnen {number} {plural}."
    assert len(find_contradictions([text], [(amount, unit)], ())) == 1


@given(st.text(max_size=80))
def test_any_text_can_be_read(text):
    for line in find_contradictions([text], [], ()):
        assert line.words in line.sentence or line.words.lower() in line.sentence.lower()
