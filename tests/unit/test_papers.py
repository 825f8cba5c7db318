"""Papers behind a letter: it stays accessible, and says that it is archival where that is true."""

import io

import pytest
from klachtenbeheer_tools import papers, pdf
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject
from reportlab.pdfgen import canvas

CLAIM, U, B, NONE = "pdfaid:conformance", '="U"', '="B"', ""


def lay_out(text, title="Brief"):
    html = f"<html lang='nl'><body><h1>{title}</h1><p>{text}</p></body></html>"
    return pdf.render_pdf(html, "", title, "nl-NL", lambda url: None)


def make_plain(pages=1):
    """A PDF of an office program: no tags, no claim, a form with a script."""
    stream = io.BytesIO()
    page = canvas.Canvas(stream)
    for number in range(pages):
        page.drawString(100, 700, f"Gewone tekst {number + 1}")
        page.acroForm.textfield(name=f"veld{number}", value="Ingevuld", x=100, y=600, width=200)
        page.linkURL("http://elders.example", (0, 0, 50, 50))
        page.showPage()
    page.save()
    return stream.getvalue()


def make_scan():
    stream = io.BytesIO()
    page = canvas.Canvas(stream)
    page.rect(10, 10, 100, 100)
    page.showPage()
    page.save()
    return stream.getvalue()


def change(content, do):
    """The same paper with something else in its root."""
    writer, stream = PdfWriter(clone_from=io.BytesIO(content)), io.BytesIO()
    do(writer.root_object)
    writer.write(stream)
    return stream.getvalue()


def claim_level(content, level):
    def lower(root):
        metadata = root["/Metadata"].get_object()
        xmp = metadata.get_data().replace(b'conformance="A"', b'conformance="%s"' % level)
        metadata.set_data(xmp)

    return change(content, lower)


def four_colours(content):
    def ink(root):
        profile = root["/OutputIntents"][0].get_object()["/DestOutputProfile"].get_object()
        profile[NameObject("/N")] = type(profile["/N"])(4)

    return change(content, ink)


def append(*contents):
    done = papers.append_papers(
        lay_out("Beste Bert"),
        [papers.Paper(f"stuk{number}.pdf", content) for number, content in enumerate(contents, 1)],
    )
    return PdfReader(io.BytesIO(done))


def walk(node, found=None):
    """[(role, alternative)] of the tags, in reading order."""
    found = [] if found is None else found
    node = node.get_object()
    if not isinstance(node, dict):
        return found
    if "/S" in node:
        found.append((node["/S"], node.get("/Alt", node.get("/T", ""))))
    children = node.get("/K", ArrayObject()).get_object()
    for child in children if isinstance(children, list) else [children]:
        walk(child, found)
    return found


def read_tags(reader):
    return walk(reader.root_object["/StructTreeRoot"])


def test_what_made_the_letter_accessible_is_still_there():
    before = PdfReader(io.BytesIO(lay_out("Beste Bert")))
    after = append(make_plain())
    root = after.root_object
    assert root["/MarkInfo"]["/Marked"] and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/Lang"] == "nl-NL"
    assert after.metadata.title == before.metadata.title == "Brief"
    assert after.pdf_header == before.pdf_header
    tags = read_tags(before)
    assert read_tags(after)[: len(tags)] == tags


def test_the_pages_are_read_after_the_letter():
    reader = append(make_plain(2), make_scan())
    text = [page.extract_text() for page in reader.pages]
    assert len(text) == 4
    assert "Beste Bert" in text[0] and "tekst 1" in text[1] and "tekst 2" in text[2]
    assert [line.title for line in reader.outline if not isinstance(line, list)][-2:] == [
        *("stuk1.pdf", "stuk2.pdf")
    ]


def test_every_page_has_a_tag():
    """Its own words, or for who can't see it that it is a picture."""
    tags = read_tags(append(make_plain(2), make_scan()))[-5:]
    assert tags == [
        *(("/Part", "stuk1.pdf"), ("/P", ""), ("/P", "")),
        *(("/Part", "stuk2.pdf"), ("/Figure", "stuk2.pdf, 1/1")),
    ]


def test_every_tag_is_found_from_its_page():
    reader = append(make_plain(2), make_scan())
    root = reader.root_object["/StructTreeRoot"]
    numbers = root["/ParentTree"].get_object()["/Nums"]
    lines = dict(zip(numbers[::2], numbers[1::2], strict=True))
    assert len(lines) == len(numbers) / 2 == len({page["/StructParents"] for page in reader.pages})
    for page in reader.pages[1:]:
        [element] = lines[page["/StructParents"]].get_object()
        assert element.get_object()["/Pg"] == page
        assert element.get_object()["/K"] == 0
        assert b"/MCID 0" in page.get_contents().get_data()


def test_what_was_filled_in_stays_and_what_acts_does_not():
    reader = append(make_plain())
    assert "Ingevuld" in reader.pages[1].extract_text()
    assert "/Annots" not in reader.pages[1]
    assert "/AcroForm" not in reader.root_object


@pytest.mark.parametrize(
    ("contents", "level"),
    [
        pytest.param([lay_out("Bijlage")], U, id="tagged by who made it"),
        pytest.param([claim_level(lay_out("Bijlage"), b"B")], B, id="looks the same"),
        pytest.param(
            [lay_out("Bijlage"), claim_level(lay_out("Bijlage"), b"B")], B, id="the lowest of both"
        ),
        pytest.param([make_plain()], NONE, id="not archival"),
        pytest.param([lay_out("Bijlage"), make_scan()], NONE, id="one of both not"),
        pytest.param([four_colours(lay_out("Bijlage"))], NONE, id="in other colours"),
    ],
)
def test_it_claims_to_be_archival_where_every_paper_is(contents, level):
    reader = append(*contents)
    xmp = reader.root_object["/Metadata"].get_data().decode()
    assert (f"{CLAIM}{level}" in xmp) if level else ("pdfaid:" not in xmp.split("rdf:about", 1)[1])
    assert "<dc:title>" in xmp


def test_what_is_no_pdf_is_no_paper():
    assert papers.count_pages(make_plain(3)) == 3
    with pytest.raises(Exception):  # noqa: B017 - whatever the file is
        papers.count_pages(b"%PDF-1.7 niets")


def test_a_picture_is_upright_on_white_and_says_nothing_of_its_camera():
    source = Image.new("RGBA", (40, 20), (255, 0, 0, 0))
    stream = io.BytesIO()
    source.save(stream, format="png")
    kind, content = papers.clean_picture(stream.getvalue())
    assert kind == "image/png"
    assert Image.open(io.BytesIO(content)).getpixel((0, 0)) == (255, 255, 255)
    photo = Image.new("CMYK", (40, 20))
    exif = photo.getexif()
    exif[0x0112], exif[0x010E] = 6, "Genomen bij Kees thuis"
    stream = io.BytesIO()
    photo.save(stream, format="jpeg", exif=exif)
    kind, content = papers.clean_picture(stream.getvalue())
    picture = Image.open(io.BytesIO(content))
    assert (kind, picture.mode, picture.size) == ("image/jpeg", "RGB", (20, 40))
    assert not picture.getexif()
    assert b"Kees" not in content
