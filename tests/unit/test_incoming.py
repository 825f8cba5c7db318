"""What can be told of a mail from its raw bytes."""

import random
from datetime import datetime, timezone

import pytest
from klachtenbeheer_tools import incoming
from klachtenbeheer_tools.incoming import IncomingMail

BODY = b"De bus kwam niet."


def raw(*headers, body=BODY):
    lines = [header if isinstance(header, bytes) else header.encode() for header in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def read(*headers, body=BODY):
    return IncomingMail(raw(*headers, body=body))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["From: Kees <kees@example.com>"], ("Kees", "kees@example.com")),
        (["From: KEES@Example.COM"], ("", "kees@example.com")),
        (["From: =?utf-8?B?Wm/Dqw==?= <zoe@example.com>"], ("Zoë", "zoe@example.com")),
        ([b"From: J\xe9r\xf4me <j@example.com>"], ("Jérôme", "j@example.com")),
        (['From: "klacht@proef.test" <x@example.com>'], ("klacht@proef.test", "x@example.com")),
        (["From: de buurman"], ("", "")),
        (["From: <>"], ("", "")),
        ([], ("", "")),
        (
            ["From: noreply@example.com", "Reply-To: Mia <mia@example.com>"],
            ("Mia", "mia@example.com"),
        ),
        (["From: an@example.com", "Reply-To: mia@example.com"], ("", "an@example.com")),
    ],
)
def test_sender(headers, expected):
    mail = read(*headers)
    assert (mail.sender_name, mail.email) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("To: Klachten <K@proef.test>, x@example.com", ["k@proef.test", "x@example.com"]),
        ("To: undisclosed-recipients:;", []),
        ("Delivered-To: k@proef.test", ["k@proef.test"]),
        ("X-Original-To: k@proef.test", ["k@proef.test"]),
        ("Received: from a by b for <k@proef.test>; Tue", ["k@proef.test"]),
        ("Cc: 'k@proef.test'", ["k@proef.test"]),
        ("To: k\x00@proef.test, \x00@\x00", ["k@proef.test"]),
    ],
)
def test_recipients(header, expected):
    assert read(header).recipients == expected


def test_the_envelope_comes_before_the_letter_head():
    mail = read("To: a@example.com", "Delivered-To: k@proef.test")
    assert mail.recipients == ["k@proef.test", "a@example.com"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], None),
        (["Auto-Submitted: no"], None),
        (["Auto-Submitted: auto-replied"], incoming.AUTO_REPLY),
        (["Auto-Submitted: auto-generated"], incoming.AUTOMATIC),
        (["Auto-Submitted: auto-generated", "In-Reply-To: <a@b>"], incoming.AUTO_REPLY),
        (["Auto-Submitted: auto-notified", "Return-Path: <>"], incoming.AUTO_REPLY),
        (["X-Autoreply: yes"], incoming.AUTO_REPLY),
        (["X-Autoreply: no"], None),
        (["Precedence: auto_reply"], incoming.AUTO_REPLY),
        (["Precedence: bulk"], incoming.BULK),
        (["Precedence: first-class"], None),
        (["List-Id: <x.example.com>"], incoming.BULK),
        (["List-Unsubscribe: <mailto:x@example.com>"], incoming.BULK),
        (["X-Auto-Response-Suppress: OOF, AutoReply"], incoming.AUTOMATIC),
        (["X-Auto-Response-Suppress: None"], None),
        (["Return-Path: <>"], incoming.AUTOMATIC),
        (["From: no-reply@example.com"], incoming.AUTOMATIC),
        (["From: norepla@example.com"], None),
        (["Subject: Automatic reply: De bus"], incoming.AUTOMATIC),
        (["Subject: Re: Out of Office"], incoming.AUTOMATIC),
        (["Subject: Ik ben momenteel afwezig"], incoming.AUTOMATIC),
        (["Subject: De docent is steeds afwezig"], None),
        (["Subject: Steeds een automatisch antwoord"], None),
        (
            ["Content-Type: multipart/report; report-type=disposition-notification; boundary=x"],
            incoming.RECEIPT,
        ),
    ],
)
def test_whether_a_machine_wrote_it(headers, expected):
    assert read(*headers).automation == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tue, 9 Jun 2026 10:00:00 +0200", datetime(2026, 6, 9, 8, tzinfo=timezone.utc)),
        ("Tue, 9 Jun 2026 10:00:00 -0000", datetime(2026, 6, 9, 10, tzinfo=timezone.utc)),
        ("gisteren", None),
        ("Tue, 99 Jun 2026 10:00:00 +0200", None),
        ("Fri, 31 Dec 9999 23:59:59 -2300", None),
    ],
)
def test_date(text, expected):
    assert read(f"Date: {text}").date == expected


def test_without_a_message_id_the_content_tells_which_mail_it_is():
    mail = read("From: a@example.com", "Subject: x")
    later = read("Received: from a by b", "From: a@example.com", "Subject: x")
    other = read("From: a@example.com", "Subject: x", body=b"Iets anders")
    assert mail.message_id == later.message_id
    assert mail.message_id != other.message_id


def test_references_come_nearest_first():
    mail = read("References: <a@x> <b@x>\r\n <c@x>", "In-Reply-To: <d@x>")
    assert mail.references == ["<d@x>", "<c@x>", "<b@x>", "<a@x>"]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Hoi <b>daar</b></p><p>En?</p>", "Hoi daar\n\nEn?"),
        ('<div style="display: none">weg<div>weg</div></div>hier', "hier"),
        ('<span style="font-size:0px">weg</span>hier', "hier"),
        ('<span style="font-size:0.9em">hier</span>', "hier"),
        ('<p hidden="">weg</p>hier', "hier"),
        ("<style>p {}</style><script>x()</script><!-- weg -->hier", "hier"),
        ("<p>a<br>b<br/>c", "a\nb\nc"),
        ("</div></p>hier<", "hier<"),
        ("&lt;b&gt; &amp; &eacute;", "<b> & é"),
        (None, ""),
    ],
)
def test_html_as_a_reader_sees_it(html, expected):
    assert incoming.html_to_text(html).replace("\n\n\n", "\n\n") == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("brief.pdf", "brief.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\map\\x.txt", "x.txt"),
        ("foto\u202egpj.exe", "fotogpj.exe"),
        ("", "attachment"),
        (None, "attachment"),
        ("...", "attachment"),
        (f"{'a' * 300}.pdf", f"{'a' * 146}.pdf"),
        ("a\x00b\r\nc.txt", "ab c.txt"),
    ],
)
def test_file_names(name, expected):
    assert incoming.clean_filename(name) == expected


def test_a_file_keeps_its_bytes():
    mail = read(
        'Content-Type: multipart/mixed; boundary="g"',
        body=b"--g\r\nContent-Type: text/csv; charset=nope\r\n"
        b'Content-Disposition: attachment; filename="x.csv"\r\n\r\n\xc9\xe9n\r\n--g--\r\n',
    )
    [part] = list(mail.message.iter_attachments())
    assert part.get_content() == b"\xc9\xe9n"
    assert mail.filenames == ["x.csv"]


@pytest.mark.parametrize("seed", range(300))
def test_noise_is_read_as_well(seed):
    """No header or content of a stranger makes reading the headers or a preview fail."""
    chance = random.Random(seed)
    names = (b"From", b"To", b"Subject", b"Date", b"Content-Type", b"References", b"Message-Id")
    start = chance.choice((b"", b"=?utf-8?B?", b"=?utf-8?Q?", b'"'))
    lines = [
        name + b": " + start + bytes(chance.randrange(256) for _byte in range(chance.randrange(80)))
        for name in names
    ]
    mail = IncomingMail(b"\r\n".join(lines) + b"\r\n\r\n" + BODY)
    assert mail.message_id
    mail.get_preview(100).encode()
