"""Which files a stranger may send in: by name and by what is in them. No Odoo here.

An allow-list: what is not known to be a document, picture, mail or recording is refused. Programs,
scripts, web pages, archives and documents with macros are the ways in which viruses travel. This
is no virus scanner; an organisation that has one puts it before its server.

Each kind of file is recognised by its first bytes, so that renaming a program does not help.
"""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

MEGABYTE = 1024 * 1024
MAX_FILES = 10
MAX_FILE = 10 * MEGABYTE
MAX_TOTAL = 25 * MEGABYTE
NAME_LENGTH = 100  # characters
# Reasons why a file is refused; the words for the sender are in the form.
EMPTY, TOO_LARGE, TYPE, CONTENT, MACROS, TOO_MANY, TOTAL = (
    "empty",
    "too_large",
    "type",
    "content",
    "macros",
    "too_many",
    "total",
)
OFFICE_PARTS = 2000  # files inside a document; more is no document
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
# How programs and scripts begin, whatever their name.
PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"#!/",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
)
WEB_PAGE = re.compile(rb"^\s*(<!doctype html|<html|<script|<svg|<\?php)", re.IGNORECASE)
NOT_IN_A_NAME = re.compile(r"[^\w .()&+,'-]+")


@dataclass(frozen=True)
class Upload:
    """A file as it was sent in."""

    name: str
    content: bytes


def extension(name: str) -> str:
    """The part after the last dot, in small letters."""
    return name.rpartition(".")[2].strip().lower() if "." in name else ""


def clean_name(name: str) -> str:
    """A name without folders or characters that mean something to a computer."""
    base = re.split(r"[\\/]", name or "")[-1]
    base = NOT_IN_A_NAME.sub("_", base).strip(" .") or "bestand"
    if len(base) <= NAME_LENGTH:
        return base
    stem, dot, ending = base.rpartition(".")
    return stem[: NAME_LENGTH - len(ending) - 1] + dot + ending


def refusal(upload: Upload) -> str | None:
    """Why one file is refused: one of the reasons above, or None."""
    kind = KINDS.get(extension(upload.name))
    if not kind:
        return TYPE
    if not upload.content:
        return EMPTY
    if len(upload.content) > MAX_FILE:
        return TOO_LARGE
    if upload.content.startswith(PROGRAMS) or not kind.fits(upload.content):
        return CONTENT
    return MACROS if kind.has_macros(upload.content) else None


def refusals(uploads: Iterable[Upload], kept: int = 0, kept_size: int = 0) -> list:
    """Which of some files are refused, and why.

    :param kept: how many files were accepted before
    :param kept_size: bytes of those
    :return: a list as long as `uploads`, with a reason or None for each
    """
    reasons, count, size = [], kept, kept_size
    for upload in uploads:
        reason = refusal(upload)
        if not reason and count >= MAX_FILES:
            reason = TOO_MANY
        if not reason and size + len(upload.content) > MAX_TOTAL:
            reason = TOTAL
        if not reason:
            count, size = count + 1, size + len(upload.content)
        reasons.append(reason)
    return reasons


def mimetype(name: str) -> str:
    """The type of an accepted file, which follows from its name."""
    kind = KINDS.get(extension(name))
    return kind.mimetype if kind else "application/octet-stream"


# ---------------------------------------------------------------- kinds of files


@dataclass(frozen=True)
class Kind:
    """A kind of file: its type, and bytes at some place that all such files have."""

    mimetype: str
    marks: tuple = ()

    def fits(self, content: bytes) -> bool:
        return any(
            content[place : place + len(mark)] == mark
            for place, marks in self.marks
            for mark in marks
        )

    def has_macros(self, content: bytes) -> bool:
        return False


class Text(Kind):
    def fits(self, content: bytes) -> bool:
        return b"\0" not in content[:8192] and not WEB_PAGE.match(content[:1024])


class Portable(Kind):
    def fits(self, content: bytes) -> bool:
        return b"%PDF-" in content[:1024]


class Rich(Kind):
    def has_macros(self, content: bytes) -> bool:
        return b"\\objdata" in content or b"\\objocx" in content


class OldOffice(Kind):
    """Word, Excel and PowerPoint before 2007, and Outlook messages."""

    def has_macros(self, content: bytes) -> bool:
        return any(name.encode("utf-16-le") in content for name in ("_VBA_PROJECT", "Macros"))


class Office(Kind):
    """Documents that are a zip inside: Office since 2007, and OpenDocument."""

    def fits(self, content: bytes) -> bool:
        return content.startswith(ZIP) and bool(
            self._names(content) & {"[Content_Types].xml", "mimetype"}
        )

    def has_macros(self, content: bytes) -> bool:
        return any(
            "vbaproject" in name.lower() or name.startswith(("Basic/", "Scripts/"))
            for name in self._names(content)
        )

    def _names(self, content: bytes) -> set:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                names = archive.namelist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            return set()
        return set(names) if len(names) <= OFFICE_PARTS else set()


START, FOURTH = 0, 4
_OPENXML = "application/vnd.openxmlformats-officedocument."
_OPENDOCUMENT = "application/vnd.oasis.opendocument."
_MEDIA = ((FOURTH, (b"ftyp",)),)
_HEIC = ((8, (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1")),)
KINDS = {
    # documents
    "pdf": Portable("application/pdf"),
    "txt": Text("text/plain"),
    "csv": Text("text/csv"),
    "eml": Text("message/rfc822"),
    "rtf": Rich("application/rtf", ((START, (b"{\\rtf",)),)),
    "docx": Office(_OPENXML + "wordprocessingml.document"),
    "xlsx": Office(_OPENXML + "spreadsheetml.sheet"),
    "pptx": Office(_OPENXML + "presentationml.presentation"),
    "odt": Office(_OPENDOCUMENT + "text"),
    "ods": Office(_OPENDOCUMENT + "spreadsheet"),
    "odp": Office(_OPENDOCUMENT + "presentation"),
    "doc": OldOffice("application/msword", ((START, (OLE,)),)),
    "xls": OldOffice("application/vnd.ms-excel", ((START, (OLE,)),)),
    "ppt": OldOffice("application/vnd.ms-powerpoint", ((START, (OLE,)),)),
    "msg": OldOffice("application/vnd.ms-outlook", ((START, (OLE,)),)),
    # pictures
    "jpg": Kind("image/jpeg", ((START, (b"\xff\xd8\xff",)),)),
    "png": Kind("image/png", ((START, (b"\x89PNG\r\n\x1a\n",)),)),
    "gif": Kind("image/gif", ((START, (b"GIF87a", b"GIF89a")),)),
    "bmp": Kind("image/bmp", ((START, (b"BM",)),)),
    "tif": Kind("image/tiff", ((START, (b"II*\0", b"MM\0*")),)),
    "webp": Kind("image/webp", ((8, (b"WEBP",)),)),
    "heic": Kind("image/heic", _HEIC),
    # recordings
    "mp3": Kind("audio/mpeg", ((START, (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),)),
    "m4a": Kind("audio/mp4", _MEDIA),
    "wav": Kind("audio/wav", ((8, (b"WAVE",)),)),
    "ogg": Kind("audio/ogg", ((START, (b"OggS",)),)),
    "amr": Kind("audio/amr", ((START, (b"#!AMR",)),)),
    "mp4": Kind("video/mp4", _MEDIA),
    "mov": Kind("video/quicktime", _MEDIA),
    "3gp": Kind("video/3gpp", _MEDIA),
    "webm": Kind("video/webm", ((START, (b"\x1a\x45\xdf\xa3",)),)),
}
KINDS |= {
    "jpeg": KINDS["jpg"],
    "tiff": KINDS["tif"],
    "heif": KINDS["heic"],
    "opus": KINDS["ogg"],
}
