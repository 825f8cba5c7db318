"""Which addresses are accepted, and what is suggested in their place."""

import doctest

import pytest
from klachtenbeheer_tools import email_address, typed
from klachtenbeheer_tools.email_address import judge


@pytest.mark.parametrize("module", [email_address, typed])
def test_the_examples_in_the_text(module):
    found = doctest.testmod(module)
    assert found.attempted
    assert not found.failed


@pytest.mark.parametrize(
    ("typed_text", "suggestion"),
    [
        ("jan@@x", ""),
        ("jan@@gmail.com", "jan@gmail.com"),
        ("jan@gmail,com", "jan@gmail.com"),
        ("jan@gmailcom", "jan@gmail.com"),
        ("jan@gmail", ""),
        ("jan@ziggo.nl.", "jan@ziggo.nl"),
        ("jan @ziggo.nl", "jan@ziggo.nl"),
        ("Jan Klager <jan@klager.example>", "jan@klager.example"),
        ("jan.@klager.example", "jan@klager.example"),
        ("jan@klager..example", "jan@klager.example"),
        ("kees", ""),
        ("@gmail.com", ""),
        ("jan@localhost", ""),
        ("jan@[192.0.2.1]", ""),
        ("jan@klager.example, piet@klager.example", ""),
        ("jan@klager.example\nBcc: piet@klager.example", ""),
        ("j" * 300 + "@klager.example", ""),
        ("", ""),
    ],
)
def test_what_is_no_address_is_refused(typed_text, suggestion):
    assert judge(typed_text) == email_address.Judgement("", suggestion)


@pytest.mark.parametrize(
    ("typed_text", "address"),
    [
        ("Kees@Example.com", "kees@example.com"),
        (" kees@klager.example ", "kees@klager.example"),
        ("kees+klacht@gmail.com", "kees+klacht@gmail.com"),
        ("o'neill@ziggo.nl", "o'neill@ziggo.nl"),
        ("info@bedrijf.amsterdam", "info@bedrijf.amsterdam"),
        ("jan@mail.com", "jan@mail.com"),
        ("jan@live.com", "jan@live.com"),
        ("jan@hotmail.nl", "jan@hotmail.nl"),
    ],
)
def test_what_can_be_an_address_is_accepted(typed_text, address):
    assert judge(typed_text).address == address


@pytest.mark.parametrize(
    ("typed_text", "suggestion"),
    [
        ("jan@gmial.com", "jan@gmail.com"),
        ("jan@gmail.con", "jan@gmail.com"),
        ("jan@hotmial.com", "jan@hotmail.com"),
        ("jan@zigo.nl", "jan@ziggo.nl"),
        ("jan@outlok.com", "jan@outlook.com"),
        ("jan@example.com", ""),
        ("jan@klager.example", ""),
        ("jan@gmail.com", ""),
    ],
)
def test_a_likely_slip_is_asked_about(typed_text, suggestion):
    assert judge(typed_text).suggestion == suggestion
