"""What a screen reader is told of a PDF: its tags, in the order in which they are read."""

from typing import NamedTuple


class Tag(NamedTuple):
    """A tag: its role (“/H1”), the words instead of a picture, its own id, and the ids of the
    headers of a cell."""

    role: str
    alternative: str
    key: str
    headers: tuple


def read_tags(reader):
    """All tags of a PDF in reading order.

    :param reader: a pypdf.PdfReader
    """
    return list(_walk(reader.trailer["/Root"]["/StructTreeRoot"]))


def _walk(node):
    if "/S" in node:
        attributes = node.get("/A", {})
        headers = tuple(map(str, attributes.get("/Headers", ())))
        yield Tag(node["/S"], node.get("/Alt", ""), str(node.get("/ID", "")), headers)
    children = node.get("/K", [])
    children = children.get_object() if hasattr(children, "get_object") else children
    for child in children if isinstance(children, list) else [children]:
        child = child.get_object() if hasattr(child, "get_object") else child
        if isinstance(child, dict) and ("/S" in child or "/K" in child):
            yield from _walk(child)
