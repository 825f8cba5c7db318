"""The pictures of the documentation: each that is shown is there, each that is there is shown, and
together they stay small."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")
MOST = 8_000_000  # bytes


def test_pictures_are_there_and_shown():
    shown = {
        (path.parent / target).resolve()
        for path in DOCS.glob("*.md")
        for target in PICTURE.findall(path.read_text())
    }
    there = {path.resolve() for kind in ("png", "webp") for path in DOCS.rglob(f"*.{kind}")}
    assert not shown - there
    assert not {path.name for path in there - shown if path.suffix == ".webp"}
    assert 0 < sum(path.stat().st_size for path in there) < MOST
