"""Nothing of what a stranger wrote is fetched when it is shown (tools/remote_content.py)."""

import re

import pytest
from klachtenbeheer_tools.remote_content import block_remote_content

LABEL = "Show the picture from {}"
EVIL = "evil.example"
FETCHING = [
    f'<img src="http://{EVIL}/a.png">',
    f'<img src="//{EVIL}/a.png" width="1">',
    f'<img src="HTTPS://{EVIL}/a.png"/>',
    f'<img src=" http://{EVIL}/a.png">',
    f'<img srcset="http://{EVIL}/a.png 2x" src="cid:a">',
    f'<picture><source srcset="http://{EVIL}/a"><img src="cid:a"></picture>',
    f'<p style="color: red; background: url(http://{EVIL}/a)">tekst</p>',
    f"<p style=\"background-image: \\75 rl('http://{EVIL}/a')\">tekst</p>",
    f"<p style=\"background: image-set('http://{EVIL}/a' 1x)\">tekst</p>",
    f'<table background="http://{EVIL}/a"><tr><td background="http://{EVIL}/b">x</td></tr></table>',
    f"<style>@import url(http://{EVIL}/a.css); p {{background: url(http://{EVIL}/b)}}</style>",
    f'<link rel="prefetch" href="http://{EVIL}/a"><link rel="stylesheet" href="http://{EVIL}/b">',
    f'<link rel="dns-prefetch" href="//{EVIL}">',
    f'<svg><image href="http://{EVIL}/a"/><use xlink:href="http://{EVIL}/b#c"/></svg>',
    f'<svg><style>@import "http://{EVIL}/a";</style></svg>',
    f'<video poster="http://{EVIL}/a" src="http://{EVIL}/b"></video>',
    f'<audio src="http://{EVIL}/a" autoplay></audio>',
    f'<iframe src="http://{EVIL}/a"></iframe>',
    f'<object data="http://{EVIL}/a"></object><embed src="http://{EVIL}/b">',
    f'<input type="image" src="http://{EVIL}/a">',
    f'<meta http-equiv="refresh" content="0; url=http://{EVIL}/a">',
    f'<base href="http://{EVIL}/"><img src="a.png">',
    f'<form action="http://{EVIL}/a"><button formaction="http://{EVIL}/b">x</button></form>',
    f'<a href="https://ergens.example/" ping="http://{EVIL}/a">x</a>',
    f'<body background="http://{EVIL}/a">x</body>',
    '<img src="/web/session/logout">',
    '<img src="data:image/svg+xml;base64,PHN2Zy8+">',
    f'<!--[if mso]><img src="http://{EVIL}/a"><![endif]-->',
    f'<div><img src="http://{EVIL}/a"',
]
# What a browser follows by itself: every address but the one that somebody clicks on.
FOLLOWED = re.compile(r"""<(?!a )[^>]*(evil\.example|/web/session|svg\+xml)""")
STYLED = re.compile(r"style=[^>]*(url|image-set|\\)", re.IGNORECASE)


@pytest.mark.parametrize("html", FETCHING)
def test_nothing_is_fetched(html):
    shown = block_remote_content(html, LABEL)
    assert not FOLLOWED.search(shown), shown
    assert not STYLED.search(shown), shown
    assert not re.search(r"(ping|background|srcset|poster)=", shown), shown
    assert "<style" not in shown
    assert "<link" not in shown


def test_a_picture_becomes_a_link_that_tells_not_from_where():
    shown = block_remote_content('<p>Zie <img src="https://foto.example/a?x=1"> hier</p>', LABEL)
    assert shown == (
        '<p>Zie <a href="https://foto.example/a?x=1" target="_blank"'
        ' rel="noopener noreferrer nofollow">[Show the picture from foto.example]</a> hier</p>'
    )


def test_the_host_is_the_real_one():
    shown = block_remote_content('<img src="http://bank.example@evil.example/a">', LABEL)
    assert "[Show the picture from evil.example]" in shown


@pytest.mark.parametrize(
    "html",
    [
        "De bus kwam niet.",
        "<p>De bus &amp; de tram</p><p>kwamen <b>niet</b>.</p>",
        '<img src="cid:a1">',
        '<img src="/web/image/12?access_token=x" alt="foto">',
        '<img src="data:image/png;base64,iVBORw0KGgo=">',
        '<p style="color: red">rood</p>',
        "",
    ],
)
def test_what_is_inside_stays(html):
    assert block_remote_content(html, LABEL) == html


def test_links_stay_but_tell_not_from_where():
    shown = block_remote_content('<a href="https://ergens.example/">hier</a>', LABEL)
    assert 'href="https://ergens.example/"' in shown
    assert "noreferrer" in shown
    assert "href" not in block_remote_content('<a href="javascript:x()">hier</a>', LABEL)


def test_text_in_what_is_taken_out_stays():
    shown = block_remote_content("<form>Naam <button>Ja</button></form> en <svg/> verder", LABEL)
    assert re.sub(r"<[^>]*>", "", shown) == "Naam Ja en  verder"
