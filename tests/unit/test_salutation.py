"""How a letter addresses somebody: prefixes, initials, and who may be what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from klachtenbeheer_tools import find_salutation

CASES = {
    "de heer P. van den Berg": ("sir", "Van den Berg"),
    "mevrouw A. de Wit": ("madam", "De Wit"),
    "De heer Jansen": ("sir", "Jansen"),
    "dhr. J.P. Bakker": ("sir", "Bakker"),
    "Dhr J.P. Bakker": ("sir", "Bakker"),
    "mevr. A.M. de Vries-van der Meer": ("madam", "De Vries-van der Meer"),
    "mw. Th. van 't Hof": ("madam", "Van 't Hof"),
    "de heer K. 't Hart": ("sir", "'t Hart"),
    "Mevrouw Anna de Wit": ("madam", "De Wit"),
    "mevrouw Anna Maria Jansen": ("madam", "Jansen"),
    "de heer Jan Willem van der Meer": ("sir", "Van der Meer"),
    "de heer Mohamed El Amrani": ("sir", "El Amrani"),
    "de heer M. el Amrani": ("sir", "El Amrani"),
    "mevrouw S. García López": ("madam", "García López"),
    "de heer IJ. IJsbrands": ("sir", "IJsbrands"),
    "de heer dr. P. de Boer": ("sir", "De Boer"),
    "mevrouw prof. dr. E. Visser": ("madam", "Visser"),
    "de heer mr. drs. K. op den Kamp, MSc": ("sir", "Op den Kamp"),
    "de heer J. Smit jr.": ("sir", "Smit"),
    "de heer en mevrouw Bakker-de Boer": ("both", "Bakker-de Boer"),
    "mevrouw en de heer De Groot": ("both", "De Groot"),
    "dhr. en mw. P. de Groot": ("both", "De Groot"),
    "familie Van Dijk": ("family", "Van Dijk"),
    "fam. van Dijk": ("family", "Van Dijk"),
    "meneer Van Dam": ("sir", "Van Dam"),
    # what the name does not tell is not guessed
    "Sam Jansen": ("", "Sam Jansen"),
    "P. van den Berg": ("", "P. van den Berg"),
    "mr. P. Jansen": ("", "mr. P. Jansen"),
    "Bakkerij De Vries": ("", "Bakkerij De Vries"),
    "Heerlijk & Co": ("", "Heerlijk & Co"),
    "de heer": ("", "de heer"),
    "Mevrouwtje Theelepel": ("", "Mevrouwtje Theelepel"),
    "": ("", ""),
}


@pytest.mark.parametrize(("name", "expected"), CASES.items())
def test_salutation(name, expected):
    found = find_salutation(name)
    assert (found.form, found.name) == expected


@given(st.text(max_size=40))
def test_no_name_is_lost(name):
    found = find_salutation(name)
    assert bool(found.name) == bool(name.split())
    assert " ".join(found.name.split()) == found.name


@given(
    st.sampled_from(["A.", "J.P.", "Th.", "IJ."]),
    st.sampled_from(["Jansen", "de Wit", "van den Berg"]),
)
def test_initials_are_never_in_a_salutation(initials, family):
    for title in ("de heer", "mevrouw", "dhr.", "mw."):
        found = find_salutation(f"{title} {initials} {family}")
        assert found.name == family[0].upper() + family[1:]
