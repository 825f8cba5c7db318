"""The page of help in the addon is the manual of docs/; each screen leads to a section of it."""

import re
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
ADDON = REPO / "klachtenbeheer"
sys.path.insert(0, str(REPO / "dev"))

import manual  # noqa: E402  # needs the path above

SOURCE = manual.SOURCE.read_text()
SCRIPT = (ADDON / "static/src/backoffice/help_link.js").read_text()
ACTION = re.compile(r'model="ir\.actions\.act_window".*?</record>', re.DOTALL)
OURS = re.compile(r'name="res_model">(klachtenbeheer\.[\w.]+)<')


def get_sections():
    """{model or tag: section}, as the script has it."""
    constants = dict(re.findall(r'^const (\w+) = "(.+)";$', SCRIPT, re.MULTILINE))
    found = re.findall(
        r'^\s+"(klachtenbeheer\.[\w.]+)":\s*(?:"(.+)"|(\w+)),$', SCRIPT, re.MULTILINE
    )
    return {name: section or constants[constant] for name, section, constant in found}


def test_the_page_is_the_manual():
    assert manual.make_page(SOURCE) == manual.PAGE.read_text(), "run: make manual"


def test_each_screen_leads_to_a_section():
    anchors = manual.get_anchors(SOURCE)
    assert len(anchors) == len(set(anchors))
    assert not set(get_sections().values()) - set(anchors)


def test_no_screen_is_left_out():
    files = [*ADDON.glob("views/**/*.xml"), *ADDON.glob("wizard/**/*.xml")]
    texts = [action for path in files for action in ACTION.findall(path.read_text())]
    models = {model for text in texts for model in OURS.findall(text)}
    assert len(models) > 20
    assert not models - set(get_sections())


def test_a_page_has_what_markdown_says():
    page = manual.make_page(
        "# Titel\n\n## Een & twee (drie)\n\nEerst **dit**:\n- `a`\n  gaat *door*\n- [b](#c)\n\n"
        "| x | y |\n|---|---|\n| 1 | 2 |\n\n![weg](plaatje.png)\n\nZie [daar](api.md)."
    )
    for part in (
        '<h2 id="een--twee-drie">Een &amp; twee (drie)</h2>',
        "<p>Eerst <strong>dit</strong>:</p>",
        "<li><code>a</code> gaat <em>door</em></li>",
        '<a href="#c">b</a>',
        "<tr><th>x</th><th>y</th></tr>",
        "<p>Zie daar.</p>",
    ):
        assert part in page
    assert "plaatje" not in page
