"""Files that a stranger sends in: accepted by name and content, or refused with a reason."""

import io
import zipfile

import pytest
from klachtenbeheer_tools import uploads
from klachtenbeheer_tools.uploads import Upload

GOOD = {
    "brief.pdf": b"%PDF-1.7\n...",
    "FOTO.JPG": b"\xff\xd8\xff\xe0rest",
    "foto.jpeg": b"\xff\xd8\xff\xe1rest",
    "scherm.png": b"\x89PNG\r\n\x1a\nrest",
    "telefoon.heic": b"\0\0\0\x18ftypheicrest",
    "notitie.txt": "Wéér niet gekomen.\n".encode(),
    "doorgestuurd.eml": b"From: a@example.com\r\nSubject: Bus\r\n\r\nTekst",
    "oud.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 tekst",
    "tekst.rtf": b"{\\rtf1 tekst}",
    "voicemail.m4a": b"\0\0\0\x1cftypM4A rest",
    "opname.mp3": b"ID3rest",
}
BAD = {
    "virus.exe": (b"MZ\x90", "type"),
    "script.js": (b"alert(1)", "type"),
    "pagina.html": (b"<html>", "type"),
    "plaatje.svg": (b"<svg>", "type"),
    "alles.zip": (b"PK\x03\x04", "type"),
    "macro.docm": (b"PK\x03\x04", "type"),
    "zonder": (b"tekst", "type"),
    "dubbel.pdf.exe": (b"%PDF-1.7", "type"),
    "program.pdf": (b"MZ\x90 %PDF-1.7", "content"),
    "program.txt": (b"MZ\x90", "content"),
    "pagina.txt": (b"  <!DOCTYPE html><script>", "content"),
    "pagina.jpg": (b"<html>", "content"),
    "leeg.pdf": (b"", "empty"),
    "binair.txt": (b"a\0b", "content"),
    "macros.doc": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"),
        "macros",
    ),
    "object.rtf": (b"{\\rtf1 {\\object\\objdata 0105}}", "macros"),
}


def office(*names):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize("name", GOOD)
def test_documents_pictures_and_recordings_are_accepted(name):
    assert uploads.refusal(Upload(name, GOOD[name])) is None


@pytest.mark.parametrize("name", BAD)
def test_what_can_carry_a_virus_is_refused(name):
    content, reason = BAD[name]
    assert uploads.refusal(Upload(name, content)) == reason


def test_office_documents_without_macros_are_accepted():
    assert uploads.refusal(Upload("brief.docx", office("[Content_Types].xml"))) is None
    assert uploads.refusal(Upload("brief.odt", office("mimetype", "content.xml"))) is None


def test_office_documents_with_macros_or_without_a_document_are_refused():
    with_macros = office("[Content_Types].xml", "word/vbaProject.bin")
    assert uploads.refusal(Upload("brief.docx", with_macros)) == "macros"
    assert uploads.refusal(Upload("brief.odt", office("mimetype", "Basic/a.xml"))) == "macros"
    assert uploads.refusal(Upload("brief.docx", office("setup.exe"))) == "content"
    assert uploads.refusal(Upload("brief.docx", b"PK\x03\x04 broken")) == "content"


def test_one_file_may_be_as_large_as_the_limit_and_no_larger():
    head = b"%PDF-"
    assert uploads.refusal(Upload("a.pdf", head.ljust(uploads.MAX_FILE, b" "))) is None
    assert uploads.refusal(Upload("a.pdf", head.ljust(uploads.MAX_FILE + 1, b" "))) == "too_large"


def test_number_and_total_count_what_was_accepted_before():
    small = Upload("a.txt", b"tekst")
    count = uploads.MAX_FILES
    assert uploads.refusals([small] * (count + 1)) == [None] * count + ["too_many"]
    assert uploads.refusals([small], kept=count) == ["too_many"]
    assert uploads.refusals([small], kept=1, kept_size=uploads.MAX_TOTAL) == ["total"]
    # a refused file takes no place
    wrong = Upload("a.exe", b"MZ")
    assert uploads.refusals([wrong, small], kept=count - 1) == ["type", None]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\piet\\klacht.pdf", "klacht.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("foto <van> de\nbus.jpg", "foto _van_ de_bus.jpg"),
        ("", "bestand"),
        ("...", "bestand"),
        ("één.pdf", "één.pdf"),
    ],
)
def test_names_lose_folders_and_odd_characters(given, kept):
    assert uploads.clean_name(given) == kept


def test_a_long_name_keeps_its_ending():
    name = uploads.clean_name("a" * 300 + ".pdf")
    assert len(name) == uploads.NAME_LENGTH
    assert name.endswith(".pdf")


def test_the_type_follows_from_the_name():
    assert uploads.mimetype("a.PDF") == "application/pdf"
    assert uploads.mimetype("a.exe") == "application/octet-stream"
