"""Clauses that are words and no rule: the policies say them to who complains."""

import re
from pathlib import Path

import pytest
from lxml import etree

DATA = Path(__file__).parents[2] / "klachtenbeheer" / "data"
WORDS = {
    "SB2": (
        "sb",
        "klachten van mensen en organisaties van buiten",
        "eigen medewerkers vallen niet",
    ),
    "BA1": (
        "ba",
        "over de behandeling of over de manier waarop wij met u omgaan",
        "andere cliënten",
    ),
    "BA2": ("ba", "wij behandelen een klacht eerst in eigen huis"),
    "BA7": ("ba", "Wij leggen klachten schriftelijk vast"),
    "SJ5": ("sj", "een open organisatie zijn en voldoen aan de (CBF-)normen"),
    "SJ7": ("sj", "Een klacht is belangrijk", "u vertrouwt erop", "fouten mee voorkomen"),
    "SJ10": ("sj", "Een klacht indienen is eenvoudig en kost u niets"),
    "SJ28": ("sj", "Wij maken deze regeling binnen en buiten de organisatie bekend"),
    "SJ44": ("sj", "door {the:board} vastgesteld op {adopted}"),
    "KK12": ("kk", "Waar uw klacht ook over gaat"),
    "BB1": ("bb", "Daarom horen wij het graag als iets niet naar wens verloopt"),
    "BB2": (
        "bb",
        "Ten eerste om de fout te herstellen",
        "onze richtlijnen zo nodig bij te stellen",
    ),
    "BB9": ("bb", "Wij handelen snel en herstellen fouten", "respectvol, open en behulpzaam"),
    "BB10": ("bb", "hoe goed wij werken en welk beeld anderen van ons hebben"),
}


@pytest.mark.parametrize("clause", WORDS)
def test_the_introduction_says_it(clause):
    source, *expected = WORDS[clause]
    tree = etree.parse(DATA / f"policy_{source}.xml")
    [introduction] = tree.iterfind(".//field[@name='introduction']")
    text = re.sub(r"\s+", " ", "".join(introduction.itertext()))
    for words in expected:
        assert words in text
