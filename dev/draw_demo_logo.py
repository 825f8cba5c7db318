"""Draws the logo of the demo organisation (our own work): a willow leaf over a roof, and the name.

Run by hand when it has to change: PYTHON dev/draw_demo_logo.py FONT.ttf
"""

import sys

from common import ADDON, REPO
from PIL import Image, ImageDraw, ImageFont

GREEN, ORANGE, PAPER = "#0b5d5b", "#c4512d", "#ffffff"
SCALE = 4  # drawn larger and then made smaller: smooth edges
WIDTH, HEIGHT = 490, 180
TARGET = REPO / ADDON / "demo" / "logo.png"


def draw(font_file):
    """Return the logo as a picture."""
    picture = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), PAPER)
    pen = ImageDraw.Draw(picture)
    pen.polygon(_points((14, 96), (84, 34), (154, 96), (140, 112), (84, 62), (28, 112)), ORANGE)
    for x, top, bottom in ((58, 92, 164), (84, 76, 164), (110, 92, 164)):
        _leaf(pen, x, top, bottom)
    large, small = (ImageFont.truetype(font_file, size * SCALE) for size in (58, 34))
    pen.text((182 * SCALE, 62 * SCALE), "Wilgerode", GREEN, large)
    pen.text((185 * SCALE, 22 * SCALE), "Stichting Welzijn", ORANGE, small)
    return picture.resize((WIDTH, HEIGHT), Image.LANCZOS)


def _leaf(pen, x, top, bottom):
    middle = (top + bottom) / 2
    pen.polygon(_points((x, top), (x + 10, middle), (x, bottom), (x - 10, middle)), GREEN)


def _points(*points):
    return [(x * SCALE, y * SCALE) for x, y in points]


if __name__ == "__main__":
    draw(sys.argv[1]).save(TARGET, optimize=True)
