"""A report names nobody and repeats nobody's words."""

import pytest
from klachtenbeheer_tools.quoting import PHRASE, Texts

TEXT = "Bel mevrouw De Vries-Özgür, 000-123 45 67 8, over de bus die drie keer niet kwam."
OTHER = "De rit viel uit."


def find(look, words):
    return list(getattr(Texts([TEXT, OTHER]), look)(words))


@pytest.mark.parametrize("name", ["De Vries", "de vries-özgür", "VRIES", "mevrouw de vries Özgür"])
def test_a_name_is_found_however_it_is_written(name):
    assert find("naming", name) == [TEXT]


@pytest.mark.parametrize("name", ["Bus", "bus", "De Vriess", "Vries De", "", None, "ries özgür"])
def test_what_is_no_name_is_not(name):
    assert find("naming", name) == []


def test_a_name_longer_than_a_phrase_is_found_in_full_only():
    name = "bus die drie keer niet kwam"
    assert find("naming", f"de {name}") == [TEXT]
    assert find("naming", f"de {name} opdagen") == []


@pytest.mark.parametrize(
    ("phone", "found"),
    [("0001234567 8", True), ("00012345678", True), ("000-1234", False), ("0001234569", False)],
)
def test_a_number_is_found_however_it_is_written(phone, found):
    assert bool(find("ringing", phone)) is found


def test_a_phrase_of_what_was_said():
    assert find("quoting", "Ik wachtte, want de bus die drie keer niet kwam is de mijne.") == [TEXT]
    assert find("quoting", "De bus die drie keer kwam, en toen niet meer.") == []


@pytest.mark.parametrize(
    ("said", "found"), [("de rit viel uit", True), ("viel uit", True), ("rit", False), ("", False)]
)
def test_a_few_words_are_repeated_as_a_whole(said, found):
    assert len(said.split()) < PHRASE
    assert bool(find("quoting", said)) is found


def test_nothing_to_look_through():
    assert not Texts([])
    assert Texts([TEXT]).most_words == 18
    assert Texts([TEXT, OTHER]).length == len(TEXT)
