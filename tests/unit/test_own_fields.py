"""Fields that an organisation adds, as its manager writes them down."""

import pytest
from klachtenbeheer_tools.own_fields import OwnFieldError, get_code, parse_own_fields


def test_each_kind():
    text = """
        Kenteken
        Aantal ritten (getal)
        Datum van de rit (datum)
        Was u erbij? (ja/nee)
        Vestiging (keuze: Noord, Zuid)
    """
    assert [(line["name"], line["type"]) for line in parse_own_fields(text)] == [
        ("kenteken", "char"),
        ("aantal_ritten", "integer"),
        ("datum_van_de_rit", "date"),
        ("was_u_erbij", "boolean"),
        ("vestiging", "selection"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Vestiging (keuze)",
        "Vestiging (noord)",
        "Vestiging (tekst: a, b)",
        "(datum)",
        "A\na",
        "Vestiging (keuze: Noord",
    ],
)
def test_what_is_no_field_is_refused(text):
    with pytest.raises(OwnFieldError):
        parse_own_fields(text)


def test_the_code_is_the_same_in_each_version():
    assert get_code("  Plaats, waar? ") == get_code("Plaats waar") == "plaats_waar"
    assert parse_own_fields("") == []
