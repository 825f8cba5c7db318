"""Makes the page of help that the screens lead to out of docs/handleiding.md. See `make help`.

The addon is installed without docs/, so the page is kept in the addon, as the list of terms is;
tests/repo/test_manual.py finds one that is older than the manual. Pictures are left out: they
stand in docs/, and the reader has the screen in sight.
"""

import html
import re
import sys
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
SOURCE = REPO / "docs/handleiding.md"
PAGE = REPO / "klachtenbeheer/static/manual/handleiding.html"
SHELL = """<!DOCTYPE html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="stylesheet" href="handleiding.css">
</head>
<body>
<nav aria-label="Inhoud">
{contents}
</nav>
<main>
{text}
</main>
</body>
</html>
"""
PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
ITEM = re.compile(r"(?:-|\d+\.) ")
MARKS = ((r"`([^`]+)`", "code"), (r"\*\*(.+?)\*\*", "strong"), (r"\*(.+?)\*", "em"))


def main():
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(make_page(SOURCE.read_text()))


def make_page(source):
    """Return the manual as a web page, with a list of its sections.

    :param source: Markdown with headings, paragraphs, lists of one level and tables
    """
    blocks = [block for block in source.split("\n\n") if PICTURE.sub("", block).strip()]
    parts = [part for block in blocks for part in split_block(block.strip("\n"))]
    headings = [read_heading(part) for part in parts if part.startswith("#")]
    contents = [
        f'<li class="level-{level}"><a href="#{anchor}">{inline(text)}</a></li>'
        for level, text, anchor in headings
        if level > 1
    ]
    return SHELL.format(
        title=headings[0][1],
        contents="\n".join(["<ul>", *contents, "</ul>"]),
        text="\n".join(part for part in map(make_part, parts) if part),
    )


def split_block(block):
    """A list may follow its paragraph at once."""
    lines = block.split("\n")
    first = next((number for number, line in enumerate(lines) if ITEM.match(line)), 0)
    return ["\n".join(lines[:first]), "\n".join(lines[first:])] if first else [block]


def get_anchor(text):
    """Return the name of a section, as the pages of a repository make it of its heading."""
    return re.sub(r"[^\w -]", "", text.lower()).replace(" ", "-")


def get_anchors(source):
    """Return the names of all sections of the manual."""
    return [read_heading(line)[2] for line in source.splitlines() if line.startswith("#")]


def read_heading(line):
    """Return (level, text, anchor) of a heading."""
    marks, text = line.split(" ", 1)
    return len(marks), text, get_anchor(text)


def make_part(part):
    """Return a heading, table, list or paragraph as HTML."""
    if part.startswith("#"):
        level, text, anchor = read_heading(part)
        return f'<h{level} id="{anchor}">{inline(text)}</h{level}>'
    if part.startswith("|"):
        return "" if PICTURE.search(part) else make_table(part)
    if ITEM.match(part):
        return make_list(part)
    return f"<p>{inline(part)}</p>"


def make_list(part):
    """Return a list; a line that does not begin an item goes on with the one before."""
    items = []
    for line in part.split("\n"):
        if found := ITEM.match(line):
            items.append(line[found.end() :])
        else:
            items[-1] += " " + line.strip()
    tag = "ul" if part.startswith("-") else "ol"
    return "\n".join([f"<{tag}>", *(f"<li>{inline(item)}</li>" for item in items), f"</{tag}>"])


def make_table(part):
    """Return a table; its second line only draws a rule."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.split("\n")]
    head, body = rows[0], rows[2:]
    lines = [make_row(head, "th"), *(make_row(row, "td") for row in body)]
    return "\n".join(["<table>", *lines, "</table>"])


def make_row(cells, tag):
    """Return one row of a table."""
    return f"<tr>{''.join(f'<{tag}>{inline(cell)}</{tag}>' for cell in cells)}</tr>"


def inline(text):
    """Return a text with its marks as HTML, without pictures; of a link to another document
    only the words stay, as that is not in the addon."""
    text = html.escape(" ".join(PICTURE.sub("", text).split()), quote=False)
    text = LINK.sub(lambda found: make_link(*found.groups()), text)
    for mark, tag in MARKS:
        text = re.sub(mark, rf"<{tag}>\1</{tag}>", text)
    return text


def make_link(words, target):
    """Return a link within the page, or its words."""
    return f'<a href="{target}">{words}</a>' if target.startswith("#") else words


if __name__ == "__main__":
    sys.exit(main())
