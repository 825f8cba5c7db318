"""A mail as plain text says what its HTML says."""

import pytest
from klachtenbeheer_tools.plain_text import to_plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p>One<br/>two</p>", "One\ntwo"),
        ("<ul><li>One</li><li>Two</li></ul>", "- One\n- Two"),
        ("<p>See  <b>this</b>\n one</p>", "See this one"),
        ('<a href="https://a.example/b">here</a>', "here (https://a.example/b)"),
        ('<a href="https://a.example/b">https://a.example/b</a>', "https://a.example/b"),
        ('<a href="tel:000">000</a>', "000"),
        ("<h2>Title</h2><p>Text</p>", "Title\n\nText"),
        ("<p>a &lt; b &amp; c</p><!-- no -->", "a < b & c"),
        ('<div style="white-space: pre-wrap">One\n two</div>', "One\ntwo"),
    ],
)
def test_it_says_the_same(html, text):
    assert to_plain_text(html) == text
