"""How a report is laid out on pages, whatever it holds."""

import io

import pytest
from klachtenbeheer_tools import pdf
from pypdf import PdfReader
from test_package import FOLDER

STYLES = ("letter.css", "report.css")


def lay_out(sections):
    """Return the pages of a report as text."""
    css = "".join((FOLDER.parent / "report" / name).read_text() for name in STYLES)
    html = f'<html lang="nl"><body><div class="article">{sections}</div></body></html>'
    content = pdf.render_pdf(
        html, css.replace("PRIMARY_COLOUR", "#123456"), "Proef", "nl", lambda url: None
    )
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("height", range(84, 116, 4))
def test_how_was_counted_never_stands_alone_on_a_page(height):
    """Sections end in a figure: after a heading alone no page breaks anyhow."""
    page = lay_out(
        f"""<div class="kb-section" style="height: 140mm"><h2>Eerst</h2><p>12</p></div>
            <div class="kb-section" style="height: {height}mm"><h2>Laatst</h2><p>3</p></div>
            <p class="kb-closing-note">Geteld naar datum van ontvangst.</p>"""
    )[-1]
    assert "Geteld" in page and "Laatst" in page


@pytest.mark.parametrize("height", range(196, 236, 4))
def test_what_introduces_a_table_stays_with_it(height):
    pages = lay_out(
        f"""<div class="kb-section" style="height: {height}mm"><h2>Eerst</h2></div>
            <div class="kb-section kb-section-flowing"><h2>Laatst</h2>
            <p class="kb-lead">Inleiding</p>
            <table class="kb-table"><thead><tr><th>Kop</th></tr></thead>
            <tbody>{"<tr><th>Regel</th></tr>" * 3}</tbody></table></div>"""
    )
    [page] = [page for page in pages if "Inleiding" in page]
    assert "Laatst" in page and "Regel" in page
