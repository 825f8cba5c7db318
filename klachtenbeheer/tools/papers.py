"""Papers that go with a letter: pages of other PDFs behind one that was laid out here, without what
makes that one accessible and archival being lost; and pictures, to be laid out with it.

Each page becomes a picture of itself, with its fonts: actions, forms, scripts and files of the
paper stay behind. It is tagged, so that it is read aloud after the letter: its own words, or that
it is a picture. The file goes on saying that it is PDF/A only where that is true of every paper.
"""

import io
import logging
import re
from collections.abc import Iterable
from typing import NamedTuple

from PIL import Image, ImageOps
from pypdf import PdfReader, PdfWriter, Transformation
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

# What it thinks of files that somebody handed in is of no use to who runs the server.
logging.getLogger("pypdf").setLevel(logging.ERROR)

HEADER = "%PDF-1.7"
HIDDEN, PRINTED = 2, 4  # flags of an annotation
# PDF/A-4 is another PDF than that of a letter.
ARCHIVAL_PARTS = ("1", "2", "3")
COLOURS_OF_LETTER = 3  # red, green, blue: those of the output intent of a letter
PDFA_CLAIM = re.compile(rb"""\bpdfaid:(part|conformance)(?:\s*=\s*["']|>)(\w)""")
PDFA_LINE = re.compile(rb"""\s*<rdf:Description[^>]*pdfaid:part[^>]*/>""")


PHOTO, DRAWING = "JPEG", "PNG"


class Paper(NamedTuple):
    """A PDF that goes behind a letter, and what it is called."""

    title: str
    content: bytes


def append_papers(letter: bytes, papers: Iterable[Paper]) -> bytes:
    """The letter with the pages of the papers behind it.

    :param letter: a tagged PDF/A-3 of `render_pdf`
    :raise pypdf.errors.PyPdfError: a paper can't be read
    """
    writer = PdfWriter(clone_from=io.BytesIO(letter))
    writer.pdf_header = HEADER
    claims = []
    for paper in papers:
        reader = PdfReader(io.BytesIO(paper.content), strict=False)
        claims.append(read_claim(reader))
        first = len(writer.pages)
        part = _add_element(writer, _get_document(writer), "/Part", T=TextStringObject(paper.title))
        for number, page in enumerate(reader.pages, start=1):
            _append_page(writer, part, page, f"{paper.title}, {number}/{len(reader.pages)}")
        writer.add_outline_item(title=paper.title, page_number=first)
    _set_claim(writer, claims)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def count_pages(content: bytes) -> int:
    """How many pages of a PDF can be appended; 0 for what is none, or is locked.

    :raise pypdf.errors.PyPdfError: it can't be read
    """
    return len(PdfReader(io.BytesIO(content), strict=False).pages)


def clean_picture(content: bytes) -> tuple[str, bytes]:
    """A picture as it is printed: upright, on white, in the colours of the letter, without what
    a camera notes in it (where it was taken).

    :return: its kind, e.g. "image/png", and its bytes
    """
    with Image.open(io.BytesIO(content)) as source:
        kind = PHOTO if source.format == PHOTO else DRAWING
        upright = ImageOps.exif_transpose(source).convert("RGBA")
    paper = Image.new("RGBA", upright.size, "white")
    paper.alpha_composite(upright)
    stream = io.BytesIO()
    paper.convert("RGB").save(stream, format=kind, quality=90)
    return f"image/{kind.lower()}", stream.getvalue()


# ---------------------------------------------------------------- PDF/A


def read_claim(reader: PdfReader) -> str:
    """As which level of PDF/A a paper can be part of a letter: "U" (its words can be read), "B"
    (it looks the same), or "" where it does not say that it is archival, or in other colours."""
    metadata = reader.root_object.get("/Metadata")
    if metadata is None:
        return ""
    claim = dict(PDFA_CLAIM.findall(metadata.get_object().get_data()))
    if claim.get(b"part", b"").decode() not in ARCHIVAL_PARTS or not _has_our_colours(reader):
        return ""
    return "U" if claim.get(b"conformance") in (b"A", b"U") else "B"


def _has_our_colours(reader):
    intents = reader.root_object.get("/OutputIntents") or ()
    profiles = [line.get_object().get("/DestOutputProfile") for line in intents]
    found = {profile.get_object().get("/N") for profile in profiles if profile is not None}
    return found <= {COLOURS_OF_LETTER}


def _set_claim(writer, claims):
    """Level A, with tags that say what is what, is no longer true of pages that we only know as
    text or picture."""
    metadata = writer.root_object.get("/Metadata")
    if metadata is None or not claims:
        return
    metadata = metadata.get_object()
    xmp = metadata.get_data()
    if all(claims):
        level = min(claims)
        xmp = re.sub(rb'(pdfaid:conformance=")\w', rb"\g<1>" + level.encode(), xmp)
    else:
        xmp = PDFA_LINE.sub(b"", xmp)
    metadata.set_data(xmp)


# ---------------------------------------------------------------- tags


def _get_document(writer):
    """The tag that holds all others."""
    return writer.root_object["/StructTreeRoot"]["/K"][0]


def _add_element(writer, parent, role, **values):
    element = DictionaryObject(
        {NameObject("/Type"): NameObject("/StructElem"), NameObject("/S"): NameObject(role)}
    )
    element[NameObject("/P")] = getattr(parent, "indirect_reference", None) or parent
    element.update({NameObject(f"/{key}"): value for key, value in values.items()})
    reference = writer._add_object(element)
    holder = parent.get_object()
    children = holder.get("/K")
    if children is None:
        holder[NameObject("/K")] = ArrayObject([reference])
    else:
        children.get_object().append(reference)
    return reference


def _tag_page(writer, part, page, words):
    """One tag for all that is on the page: its own text, or words for who can't see it."""
    role, values = "/P", {}
    if words:
        box = ArrayObject(FloatObject(value) for value in page.mediabox)
        layout = {"/O": NameObject("/Layout"), "/BBox": box, "/Placement": NameObject("/Block")}
        attributes = DictionaryObject({NameObject(key): line for key, line in layout.items()})
        role, values = "/Figure", {"Alt": TextStringObject(words), "A": attributes}
    reference = page.indirect_reference
    element = _add_element(writer, part, role, Pg=reference, K=NumberObject(0), **values)
    numbers = writer.root_object["/StructTreeRoot"]["/ParentTree"].get_object()["/Nums"]
    key = NumberObject(max(numbers[::2], default=-1) + 1)
    numbers.extend([key, writer._add_object(ArrayObject([element]))])
    page[NameObject("/StructParents")] = key
    page[NameObject("/Tabs")] = NameObject("/S")
    return role


# ---------------------------------------------------------------- pages


def _append_page(writer, part, page, words):
    added = writer.add_blank_page(page.mediabox.width, page.mediabox.height)
    for key in ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit"):
        if key in page:
            added[NameObject(key)] = page[key].clone(writer)
    drawn = {"/Paper": _draw_page(writer, page), **_draw_annotations(writer, page)}
    pictures = DictionaryObject({NameObject(name): form for name, (form, _place) in drawn.items()})
    added[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): pictures})
    role = _tag_page(writer, part, added, "" if page.extract_text().strip() else words)
    lines = [f"q {place} cm {name} Do Q" for name, (_form, place) in drawn.items()]
    content = DecodedStreamObject()
    content.set_data("\n".join([f"{role} <</MCID 0>> BDC", *lines, "EMC"]).encode())
    added[NameObject("/Contents")] = writer._add_object(content)


def _draw_page(writer, page):
    """(the page as a picture, where it is drawn)."""
    contents = page.get_contents()
    form = DecodedStreamObject()
    form.set_data(contents.get_data() if contents is not None else b"")
    form = form.flate_encode()
    form[NameObject("/Type")] = NameObject("/XObject")
    form[NameObject("/Subtype")] = NameObject("/Form")
    form[NameObject("/BBox")] = page.mediabox.clone(writer)
    resources = page.get("/Resources", DictionaryObject()).get_object()
    form[NameObject("/Resources")] = resources.clone(writer)
    if "/Group" in page:
        form[NameObject("/Group")] = page["/Group"].get_object().clone(writer)
    return writer._add_object(form), "1 0 0 1 0 0"


def _draw_annotations(writer, page):
    """What was filled in on a form or stamped on it, as it would be printed."""
    drawn = {}
    for number, annotation in enumerate(page.get("/Annots", ArrayObject()).get_object()):
        look = _get_look(annotation.get_object())
        if look is not None:
            place = _get_place(look, annotation.get_object()["/Rect"])
            drawn[f"/Note{number}"] = (look.clone(writer).indirect_reference, place)
    return drawn


def _get_look(annotation):
    """How an annotation is printed; None where it isn't."""
    flags = annotation.get("/F", 0)
    look = annotation.get("/AP", DictionaryObject()).get_object().get("/N")
    look = look.get_object() if look is not None else None
    if isinstance(look, DictionaryObject) and not isinstance(look, StreamObject):
        look = look.get(annotation.get("/AS", ""))
        look = look.get_object() if look is not None else None
    is_printed = flags & PRINTED and not flags & HIDDEN
    return look if is_printed and isinstance(look, StreamObject) else None


def _get_place(look, rectangle):
    """The matrix that puts a picture on its place (ISO 32000-1, 12.5.5)."""
    box = [float(value) for value in look.get("/BBox", (0, 0, 1, 1))]
    matrix = Transformation([float(value) for value in look.get("/Matrix", (1, 0, 0, 1, 0, 0))])
    corners = [matrix.apply_on((x, y)) for x in box[::2] for y in box[1::2]]
    left, bottom = (min(corner[axis] for corner in corners) for axis in (0, 1))
    width = max(corner[0] for corner in corners) - left
    height = max(corner[1] for corner in corners) - bottom
    x1, y1, x2, y2 = (float(value) for value in rectangle)
    wide, high = (abs(x2 - x1) / (width or 1), abs(y2 - y1) / (height or 1))
    across, up = min(x1, x2) - left * wide, min(y1, y2) - bottom * high
    return " ".join(f"{value:.4f}" for value in (wide, 0, 0, high, across, up))
