"""A mail as plain text that says the same as its HTML. No Odoo here."""

import re

from lxml import html as lxml_html

BLOCKS = {"p", "div", "ul", "ol", "dl", "dt", "dd", "table", "tr", "h1", "h2", "h3", "h4"}
TITLES = {"h1", "h2", "h3", "h4"}
MARK = "- "
# What a browser makes one space of. A line end that was typed is kept where that is asked for.
SPACE = re.compile(r"[ \t\r\n\f]+")


def to_plain_text(html: str) -> str:
    """The text of an HTML fragment: paragraphs apart, list items with a mark, titles on a line of
    their own, the address of a link behind its words."""
    if not (html or "").strip():
        return ""
    root = lxml_html.fragment_fromstring(str(html), create_parent="div")
    text = "".join(_walk(root, keep=False))
    lines = [line.strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _walk(element, keep):
    """The text of an element, in pieces.

    :param keep: whether line ends stand as they were typed
    """
    if not isinstance(element.tag, str):  # a comment
        return
    keep = keep or "pre-" in (element.get("style") or "")
    yield _get_start(element)
    yield _fold(element.text, keep)
    for child in element:
        yield from _walk(child, keep)
        yield _fold(child.tail, keep)
    yield _get_end(element)


def _fold(text, keep):
    return (text or "") if keep else SPACE.sub(" ", text or "")


def _get_start(element):
    if element.tag == "li":
        return f"\n{MARK}"
    if element.tag == "br":
        return "\n"
    return "\n\n" if element.tag in TITLES else "\n" if element.tag in BLOCKS else ""


def _get_end(element):
    if element.tag == "a":
        address = element.get("href") or ""
        known = address in element.text_content() or not address.startswith("http")
        return "" if known else f" ({address})"
    if element.tag == "p":
        return "\n\n"
    return "\n" if element.tag in BLOCKS else ""
