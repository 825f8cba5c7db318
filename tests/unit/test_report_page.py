"""How a report is laid out on pages, whatever it holds."""

import io

import pytest
from klachtenbeheer_tools import pdf
from pypdf import PdfReader
from test_package import FOLDER

STYLES = ("letter.css", "report.css")


@pytest.mark.parametrize("height", range(84, 116, 4))
def test_how_was_counted_never_stands_alone_on_a_page(height):
    """Sections end in a figure: after a heading alone no page breaks anyhow."""
    css = "".join((FOLDER.parent / "report" / name).read_text() for name in STYLES)
    html = f"""
        <html lang="nl"><body><div class="article">
            <div class="kb-section" style="height: 140mm"><h2>Eerst</h2><p>12</p></div>
            <div class="kb-section" style="height: {height}mm"><h2>Laatst</h2><p>3</p></div>
            <p class="kb-closing-note">Geteld naar datum van ontvangst.</p>
        </div></body></html>"""
    content = pdf.render_pdf(
        html, css.replace("PRIMARY_COLOUR", "#123456"), "Proef", "nl", lambda url: None
    )
    page = PdfReader(io.BytesIO(content)).pages[-1].extract_text()
    assert "Geteld" in page and "Laatst" in page
