"""What an incoming e-mail is: to whom, from whom, whether a person wrote it, and its text.

Works on the raw bytes, because mails arrive in any state: cut off, in an unknown or wrongly
declared character set, without the headers that every mail must have. Nothing here raises for
what a stranger sends.
"""

import contextlib
import functools
import hashlib
import re
from datetime import timezone
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import SMTP, compat32
from email.utils import getaddresses, parsedate_to_datetime
from html.parser import HTMLParser

# ---------------------------------------------------------------- vocabulary

AUTO_REPLY, RECEIPT, BULK, AUTOMATIC = "auto_reply", "receipt", "bulk", "automatic"
FAILED, NOT_FAILED = "failed", "not_failed"

# To whom the mail really went comes first: `To` says nothing about a blind copy.
RECIPIENT_HEADERS = (
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "To",
    "Cc",
    "Resent-To",
    "Resent-Cc",
    "Apparently-To",
)
AUTO_REPLY_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "X-Mail-Autoreply")
BULK_HEADERS = ("List-Id", "List-Unsubscribe", "List-Post", "X-Mailing-List")
BULK_PRECEDENCE = {"bulk", "list", "junk"}
SUPPRESS = {"all", "oof", "autoreply"}
NOBODY = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|niet[-_.]?beantwoorden|postmaster)\b"
)
# What a subject tells is weak: somebody may complain about an automatic reply.
AUTOMATIC_SUBJECT = re.compile(
    r"^(?:(?:re|aw|antw|sv)\s*:\s*)*"
    r"(?:automatic reply|automatisch antwoord|automatische reactie|auto(?:matic)?[- ]?reply"
    r"|auto\s*:|autosvar|out of (?:the )?office|afwezigheid|ik ben (?:\w+ )?afwezig"
    r"|abwesenheit|automatische antwort|r[eé]ponse automatique|read:|gelezen:)",
    re.IGNORECASE,
)
PREFIXES = re.compile(r"^(?:\s*(?:re|aw|antw|sv|fwd?|fw|doorst|wg|tr)\s*:\s*)+", re.IGNORECASE)
ENCRYPTED_TYPES = {
    "multipart/encrypted",
    "application/pkcs7-mime",
    "application/x-pkcs7-mime",
}
PGP_BLOCK = "-----BEGIN PGP MESSAGE-----"
MEETING_METHODS = {"request", "reply", "cancel", "counter", "refresh"}

ADDRESS = re.compile(r"[^\s<>\"(),:;@\[\]\\]+@[^\s<>\"(),:;@\[\]\\]+")
ENVELOPE_FOR = re.compile(r"\bfor\s+<?([^\s<>;]+@[^\s<>;]+)>?", re.IGNORECASE)
MESSAGE_ID = re.compile(r"<[^<>\s]+>")
# Control characters, and the ones that make a text or a file name read otherwise than it is.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
LONGEST_ID = 500  # characters; what is indexed can't be of any length
LONGEST_NAME = 150  # characters of a file name


# ---------------------------------------------------------------- headers


def read_headers(raw):
    """Read the headers of raw bytes, however broken."""
    return BytesHeaderParser(policy=compat32).parsebytes(raw)


def get_header(headers, name):
    """One header as clean text on one line, empty where it is missing."""
    return next((decode_words(text) for text in _get_all(headers, name)), "")


def _get_all(headers, name):
    """All headers of a name as text, 8-bit characters made right, on one line each."""
    return [
        " ".join(clean(decode(str(value))).split())
        for key, value in headers.raw_items()
        if key.lower() == name.lower()
    ]


def decode_words(text):
    """Text of a header with encoded words, however they are encoded."""
    parts = [(text, None)]
    # an encoded word may have been cut off
    with contextlib.suppress(MessageError, ValueError, LookupError):
        parts = decode_header(text)
    words = [
        decode_bytes(part, charset or "") if isinstance(part, bytes) else part
        for part, charset in parts
    ]
    return " ".join(clean("".join(words)).split())


def get_recipients(headers):
    """Distinct addresses to which a mail went, in small letters, the surest first."""
    texts = [text for name in RECIPIENT_HEADERS for text in _get_all(headers, name)]
    found = [address for text in texts for address in ADDRESS.findall(text)]
    for trace in _get_all(headers, "Received"):
        found += ENVELOPE_FOR.findall(trace)
    return list(dict.fromkeys(address.strip(".'").lower() for address in found))


def get_sender(headers):
    """Name and address of the sender; of a robot that passes a form on, whom to answer.

    :return: (name, address), both empty where nobody can be found
    """
    senders = _get_addresses(headers, "From")
    answers = _get_addresses(headers, "Reply-To")
    if answers and (not senders or NOBODY.match(senders[0][1])):
        return answers[0]
    return senders[0] if senders else ("", "")


def _get_addresses(headers, name):
    texts = _get_all(headers, name)
    found = [
        (decode_words(shown)[:LONGEST_NAME], address.strip("'").lower())
        for shown, address in getaddresses(texts)
        if ADDRESS.fullmatch(address.strip("'"))
    ]
    if found:
        return found
    hidden = [address for text in texts for address in ADDRESS.findall(decode_words(text))]
    return [("", address.strip(".'").lower()) for address in hidden]


def get_message_id(headers, raw):
    """What tells this mail from others: its own Message-Id, or else a fingerprint, so that
    the same mail is known when it arrives again."""
    message_id = get_header(headers, "Message-Id").strip()
    if message_id and len(message_id) <= LONGEST_ID:
        return message_id
    return fingerprint(raw)


def fingerprint(raw):
    """Make a Message-Id of the content, but for what the mail servers add on the way."""
    _headers, _separator, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    headers = read_headers(raw)
    names = ("From", "To", "Date", "Subject", "Message-Id")
    parts = [text for name in names for text in _get_all(headers, name)]
    seed = "\n".join(parts).encode("utf-8", "replace") + body
    return f"<{hashlib.sha256(seed).hexdigest()[:40]}@fingerprint.invalid>"


def get_references(headers):
    """Message-Ids to which a mail says to reply, the nearest first."""
    texts = [get_header(headers, "In-Reply-To"), get_header(headers, "References")]
    found = MESSAGE_ID.findall(texts[0]) + MESSAGE_ID.findall(texts[1])[::-1]
    return list(dict.fromkeys(found))[:32]


def get_date(headers):
    """When the mail says to have been sent, with a time zone; None where it does not tell."""
    # what the standard library makes of nonsense differs by version
    with contextlib.suppress(ValueError, TypeError, IndexError, OverflowError):
        moment = parsedate_to_datetime(get_header(headers, "Date"))
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=timezone.utc)
        return moment.astimezone(timezone.utc)
    return None


# ---------------------------------------------------------------- who wrote it


def get_report(headers):
    """Whether this is a report about another mail: RECEIPT, FAILED, or None.

    A delay or a delivery that a server reports is no failure; `get_delivery` tells.
    """
    if headers.get_content_type() != "multipart/report":
        return None
    kind = str(headers.get_param("report-type") or "").lower()
    return RECEIPT if kind == "disposition-notification" else FAILED


def get_delivery(message):
    """What a delivery report says: FAILED, or NOT_FAILED for delayed, delivered, relayed."""
    actions = re.findall(
        r"^action:\s*(\w+)", _get_delivery_status(message), re.IGNORECASE | re.MULTILINE
    )
    if actions and all(action.lower() != "failed" for action in actions):
        return NOT_FAILED
    return FAILED


def _get_delivery_status(message):
    parts = [p for p in message.walk() if p.get_content_type() == "message/delivery-status"]
    return "\n".join(
        f"{name}: {value}"
        for part in parts
        for block in (part.get_payload() if part.is_multipart() else [])
        for name, value in block.items()
    )


def get_automation(headers):
    """Whether a machine wrote this: AUTO_REPLY and RECEIPT surely, BULK and AUTOMATIC perhaps,
    so that a person has to look; None for a person."""
    if get_report(headers) == RECEIPT:
        return RECEIPT
    if _is_auto_reply(headers):
        return AUTO_REPLY
    if _is_bulk(headers):
        return BULK
    return AUTOMATIC if _seems_automatic(headers) else None


def _is_auto_reply(headers):
    declared = get_header(headers, "Auto-Submitted").lower()
    answers = get_header(headers, "In-Reply-To") or get_header(headers, "Return-Path") == "<>"
    if declared.startswith("auto-replied"):
        return True
    if declared.startswith("auto") and answers:
        return True
    if get_header(headers, "Precedence").lower().replace("-", "_") == "auto_reply":
        return True
    return any(get_header(headers, name) not in ("", "no") for name in AUTO_REPLY_HEADERS)


def _is_bulk(headers):
    if get_header(headers, "Precedence").lower() in BULK_PRECEDENCE:
        return True
    return any(get_header(headers, name) for name in BULK_HEADERS)


def _seems_automatic(headers):
    if get_header(headers, "Auto-Submitted").lower() not in ("", "no"):
        return True
    suppressed = get_header(headers, "X-Auto-Response-Suppress").lower()
    if SUPPRESS & set(re.split(r"[,\s]+", suppressed)):
        return True
    senders = _get_addresses(headers, "From")
    if senders and NOBODY.match(senders[0][1]):
        return True
    if get_header(headers, "Return-Path") == "<>":
        return True
    return bool(AUTOMATIC_SUBJECT.match(get_subject(headers)))


def is_forged(headers):
    """Whether a mail server on the way found that somebody else sent it."""
    results = " ".join(_get_all(headers, "Authentication-Results"))
    return bool(re.search(r"\bdmarc=fail\b", results, re.IGNORECASE))


def is_proven(headers, server):
    """Whether our own mail server found that the sender is who they say.

    Anybody can write such a header; a mail server removes those that bear its own name
    (RFC 8601, 5), and the one that it adds is the first.

    :param server: the name under which our mail server signs its findings; empty: none counts
    """
    for result in _get_all(headers, "Authentication-Results") if server else ():
        name, _semicolon, findings = result.partition(";")
        if name.split()[:1] == [server]:
            return bool(re.search(r"\bdmarc=pass\b", findings, re.IGNORECASE))
    return False


def get_subject(headers):
    return get_header(headers, "Subject")


# ---------------------------------------------------------------- content


def repair(message):
    """Make every part of a mail readable, whatever it says to be. Files keep their bytes."""
    for part in list(message.walk()):
        if part.get_content_maintype() == "multipart":
            if not part.is_multipart():  # no boundary, so the parts are lost in one text
                _set_text(part, "plain")
        elif part.is_multipart():
            continue
        elif _is_attached(part):
            _keep_bytes(part)
        elif part.get_content_maintype() == "text":
            _set_text(part, part.get_content_subtype())
        elif not _is_readable(part):
            _keep_bytes(part)


def _set_text(part, subtype):
    text = clean(decode_bytes(_get_payload(part), str(part.get_content_charset("") or "")))
    method = part.get_param("method")
    part.clear_content()
    params = {"method": str(method)} if method else None
    part.set_content(text, subtype=subtype, charset="utf-8", params=params)


def _keep_bytes(part):
    """A file as it is: decoding and encoding a text might change it."""
    if part.get_content_maintype() not in ("text", "multipart") and _is_readable(part):
        return
    content, filename = _get_payload(part), clean_filename(part.get_filename())
    part.clear_content()
    part.set_content(content, "application", "octet-stream", filename=filename)


def _is_readable(part):
    try:
        part.get_content()
    except (LookupError, ValueError, TypeError, AttributeError):
        return False
    return True


def _get_payload(part):
    payload = part.get_payload(decode=True)
    if payload is None:  # a container without anything in it
        payload = str(part.get_payload() or "").encode("utf-8", "surrogateescape")
    return payload


def decode_bytes(payload, charset):
    """Text in the character set it says, or in one that fits."""
    for name in (charset, "utf-8"):
        with contextlib.suppress(LookupError, UnicodeError, ValueError):
            if name:
                return payload.decode(name)
    return payload.decode("cp1252", "replace")


def decode(text):
    """Text of a header with 8-bit characters that it may not have, made right."""
    raw = text.encode("utf-8", "surrogateescape")
    return decode_bytes(raw, "utf-8")


def clean(text):
    """Text without characters that a database refuses or that hide what it says."""
    text = UNPRINTABLE.sub("", text or "")
    return text.encode("utf-8", "replace").decode("utf-8")


def clean_filename(name):
    """Return a file name to show and to save: no path, nothing hidden, not too long."""
    name = " ".join(clean(decode(str(name or ""))).split())
    name = re.split(r"[/\\:]", name)[-1].strip(". ") or "attachment"
    stem, dot, extension = name.rpartition(".")
    if len(name) <= LONGEST_NAME or not dot or len(extension) > 10:
        return name[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"


def is_encrypted(message):
    """Whether only somebody with a key can read this mail."""
    if message.get_content_type() in ENCRYPTED_TYPES:
        return True
    plain = _join_plain(message).strip()
    return plain.startswith(PGP_BLOCK)


def is_meeting(message):
    """Whether this is an invitation, or an answer to one, and not a mail about it."""
    return any(
        part.get_content_type() == "text/calendar"
        and not str(part.get("Content-Disposition") or "").startswith("attachment")
        and str(part.get_param("method") or "").lower() in MEETING_METHODS
        for part in message.walk()
    )


def get_text(message, html=""):
    """What the sender wrote, as plain text: the plain version, or the HTML without what it
    hides. Call `repair` first.

    :param html: the body as HTML, for where there is no plain version
    """
    return clean(_join_plain(message)).strip() or html_to_text(html)


def _join_plain(message):
    return "\n\n".join(
        _get_content(part)
        for part in message.walk()
        if part.get_content_type() == "text/plain" and not _is_attached(part)
    )


def _is_attached(part):
    disposition = str(part.get("Content-Disposition") or "").strip().lower()
    return bool(part.get_filename()) or disposition.startswith("attachment")


def _get_content(part):
    payload = _get_payload(part)
    return decode_bytes(payload, str(part.get_content_charset("") or "")).replace("\r\n", "\n")


class _Text(HTMLParser):
    """Collects what a reader of a web page sees."""

    SILENT = {"script", "style", "head", "title", "template", "noscript", "svg", "object"}
    BLOCKS = {"p", "div", "br", "li", "tr", "table", "blockquote", "h1", "h2", "h3", "hr", "pre"}
    VOID = {"br", "img", "hr", "input", "meta", "link", "area", "base", "col", "wbr"}
    HIDDEN = re.compile(
        r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|;|$)"
        r"|opacity\s*:\s*0(?:;|$)|mso-hide\s*:\s*all",
        re.IGNORECASE,
    )

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.texts = []
        self.unseen = []  # open elements, from the first that is not shown

    def handle_starttag(self, tag, attrs):
        if tag in self.BLOCKS and not self.unseen:
            self.texts.append("\n")
        if tag in self.VOID:
            return
        if self.unseen or tag in self.SILENT or self._is_hidden(dict(attrs)):
            self.unseen.append(tag)

    def _is_hidden(self, attrs):
        return "hidden" in attrs or bool(self.HIDDEN.search(attrs.get("style") or ""))

    def handle_endtag(self, tag):
        if tag in self.unseen:
            while self.unseen.pop() != tag:
                pass
        elif tag in self.BLOCKS - self.VOID:
            self.texts.append("\n")

    def handle_data(self, data):
        if not self.unseen:
            self.texts.append(data)


def html_to_text(html):
    """Return what a reader of HTML sees, as plain text."""
    parser = _Text()
    # the parser of the standard library knows malformed HTML, but not every kind of it
    with contextlib.suppress(AssertionError, ValueError):
        parser.feed(html or "")
        parser.close()
    lines = [" ".join(line.split()) for line in clean("".join(parser.texts)).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


# ---------------------------------------------------------------- one mail


def _safely(function, otherwise, *args):
    """What is found, also where the standard library stumbles over what a stranger sent."""
    try:
        return function(*args)
    except Exception:  # noqa: BLE001
        return otherwise


class IncomingMail:
    """A mail as it arrived, and what its headers tell; the content is read when asked for."""

    def __init__(self, raw):
        self.raw = raw
        self.headers = headers = _safely(read_headers, Message(), raw)
        self.message_id = _safely(get_message_id, fingerprint(b""), headers, raw)
        self.subject = _safely(get_subject, "", headers)[:LONGEST_ID]
        self.sender_name, self.email = _safely(get_sender, ("", ""), headers)
        self.recipients = _safely(get_recipients, [], headers)
        self.references = _safely(get_references, [], headers)
        self.date = _safely(get_date, None, headers)
        self.automation = _safely(get_automation, None, headers)
        self.is_forged = _safely(is_forged, False, headers)

    @property
    def title(self):
        """The subject without what mail programs put before it."""
        return PREFIXES.sub("", self.subject)

    @functools.cached_property
    def message(self):
        """The whole mail with every part readable; its date is read from the headers."""
        message = message_from_bytes(self.raw, policy=SMTP)
        repair(message)
        del message["Date"]
        return message

    @functools.cached_property
    def html(self):
        parts = [part for part in self.message.walk() if part.get_content_type() == "text/html"]
        return "".join(_get_content(part) for part in parts if not _is_attached(part))

    @functools.cached_property
    def text(self):
        return get_text(self.message, self.html)

    @functools.cached_property
    def filenames(self):
        """Names of what is attached."""
        return [
            clean_filename(part.get_filename())
            for part in self.message.walk()
            if _is_attached(part)
        ]

    def get_preview(self, length):
        """Return the beginning of what the sender wrote, also where the mail can't be read."""
        text = _safely(lambda: self.text, None)
        if text is None:
            _headers, _separator, body = self.raw.replace(b"\r\n", b"\n").partition(b"\n\n")
            text = clean(decode_bytes(body, "utf-8"))
        return text[:length]
