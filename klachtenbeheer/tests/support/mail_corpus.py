# ruff: noqa: E501
"""Mails in every state in which mails arrive, made for the purpose: nobody here exists.

`MAILS` is a table of (name, how it must end, raw bytes). `@@REF@@` and `@@THREAD@@` stand for the
reference of a dossier and the Message-Id of a mail that we sent about it. On that dossier Kees
complains, Rita thinks along, and Bert is complained about.
"""

import base64
import hashlib
from email.header import Header

TODAY = "2026-06-10"
MAIL_SERVER = "mx.proef.test"  # ours; it says of every mail whether the sender is who they say
DOMAIN, ELSEWHERE = "proef.test", "elders.test"
ADDRESS, OTHER_ADDRESS = f"klachten@{DOMAIN}", f"inspraak@{DOMAIN}"
ADDRESS_ELSEWHERE = f"klachten@{ELSEWHERE}"
CATCHALL, BOUNCE_ADDRESS = f"antwoord@{DOMAIN}", f"retour@{DOMAIN}"
KEES, RITA, BERT, EVA, COORDINATOR = (
    f"{name}@example.com" for name in ("kees", "rita", "bert", "eva", "coordinator")
)
REFERENCE, THREAD = "@@REF@@", "@@THREAD@@"
TEXT = "De bus kwam drie keer niet."
SENT = "Tue, 9 Jun 2026 10:00:00 +0200"
PLAIN = "text/plain; charset=utf-8"
END = "\r\n"

COMPLAINT, REPLY = "complaint", "reply"


def queue(reason):
    return f"queue: {reason}"


def discarded(reason):
    return f"discarded: {reason}"


# ---------------------------------------------------------------- building


def letter(sender=None, to=ADDRESS, subject="De bus", body=TEXT, kind=PLAIN, **headers):
    """Raw bytes of a mail. A header that is None is left out; names have _ for -."""
    body = body if isinstance(body, bytes) else body.encode()
    seed = hashlib.sha256(repr((sender, to, subject, body, headers)).encode()).hexdigest()[:12]
    lines = {
        "From": f"Iemand Anders <iemand.{seed}@example.com>" if sender is None else sender,
        "To": to,
        "Subject": subject,
        "Date": SENT,
        "Message-Id": f"<{seed}@mail.example.com>",
        "MIME-Version": "1.0",
        "Content-Type": kind,
        "Authentication-Results": f"{MAIL_SERVER}; dmarc=pass",
    }
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = b"".join(_line(name, value) for name, value in lines.items() if value not in (None, ()))
    return head + END.encode() + body


def _line(name, value):
    value = value if isinstance(value, bytes) else value.encode()
    return name.encode() + b": " + value + END.encode()


def without(*names, **kwargs):
    """A mail in which headers are missing."""
    kept = {"sender": kwargs.pop("sender", None)}
    if "From" in names:
        kept["sender"] = ()
    missing = {name.replace("-", "_"): None for name in names if name != "From"}
    return letter(**kept, **missing, **kwargs)


def parts(*content, kind="mixed", boundary="grens", end=True, extra="", **kwargs):
    """A mail in parts, each raw with headers of its own."""
    raw = b"".join(f"--{boundary}{END}".encode() + part + END.encode() for part in content)
    raw += f"--{boundary}--{END}".encode() if end else b""
    kwargs.setdefault("kind", f'multipart/{kind}; boundary="{boundary}"{extra}')
    return letter(body=raw, **kwargs)


def part(content, kind=PLAIN, filename=None, **headers):
    lines = {"Content-Type": kind}
    if filename is not None:
        lines["Content-Disposition"] = f'attachment; filename="{filename}"'
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    content = content if isinstance(content, bytes) else content.encode()
    return b"".join(_line(*line) for line in lines.items()) + END.encode() + content


def file(content, filename, kind="application/octet-stream"):
    encoded = base64.encodebytes(content)
    return part(encoded, kind, filename, Content_Transfer_Encoding="base64")


def html(body, **kwargs):
    return letter(body=body, kind="text/html; charset=utf-8", **kwargs)


def words(text, charset="utf-8"):
    return Header(text, charset).encode()


def nested(depth):
    inner = part("Diep binnenin: de bus kwam niet.")
    for level in range(depth):
        inner = part(
            f"--g{level}{END}".encode() + inner + f"{END}--g{level}--{END}".encode(),
            f'multipart/mixed; boundary="g{level}"',
        )
    return parts(inner)


def report(kind, status, to=ADDRESS, sender=f"MAILER-DAEMON@{DOMAIN}", **headers):
    """What a mail server or program tells about another mail."""
    return parts(
        part("Over uw bericht."),
        part(status, f"message/{kind}"),
        part(f"Message-Id: {THREAD}{END}Subject: Uw klacht{END}{END}", "text/rfc822-headers"),
        kind="report",
        extra=f"; report-type={kind}",
        to=to,
        sender=sender,
        subject="Over uw bericht",
        **headers,
    )


FINAL = f"Reporting-MTA: dns; mx.example.com{END}{END}Final-Recipient: rfc822; {KEES}{END}"
INNER = letter(sender="Oma Klager <oma@example.com>", subject="Binnenin").replace(b"\r\n", b"\n")
MEETING = (
    "BEGIN:VCALENDAR\r\nMETHOD:{0}\r\nBEGIN:VEVENT\r\nSUMMARY:Gesprek\r\n"
    "DTSTART:20260612T090000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def meeting(method, **kwargs):
    return parts(
        part("Gesprek op vrijdag."),
        part(MEETING.format(method), f"text/calendar; charset=utf-8; method={method}"),
        kind="alternative",
        **kwargs,
    )


PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(60)
LIST = {"List_Id": "Vrienden van de bus <vrienden.example.com>"}

# ---------------------------------------------------------------- the table, a mail a line

# fmt: off

CHARACTER_SETS = [
    ("plain", COMPLAINT, letter()),
    ("latin-1", COMPLAINT, letter(body="Één café".encode("latin-1"), kind="text/plain; charset=iso-8859-1")),
    ("says utf-8, is cp1252", COMPLAINT, letter(body="Één café – écht".encode("cp1252"))),
    ("unknown charset", COMPLAINT, letter(body="Één café", kind="text/plain; charset=klingon-8")),
    ("charset is empty", COMPLAINT, letter(kind="text/plain; charset=")),
    ("charset is no codec of text", COMPLAINT, letter(kind="text/plain; charset=base64")),
    ("utf-7", COMPLAINT, letter(body="Eén café".encode("utf-7"), kind="text/plain; charset=utf-7")),
    ("utf-16", COMPLAINT, letter(body=TEXT.encode("utf-16"), kind="text/plain; charset=utf-16")),
    ("Japanese", COMPLAINT, letter(body="バス".encode("iso-2022-jp"), kind="text/plain; charset=iso-2022-jp")),
    ("no charset, 8 bits", COMPLAINT, letter(body="Één café".encode("cp1252"), kind="text/plain")),
    ("byte order mark", COMPLAINT, letter(body=b"\xef\xbb\xbf" + TEXT.encode())),
    ("emoji", COMPLAINT, letter(subject=words("😡 bus"), body="😡😡😡 weer geen bus")),
    ("NUL bytes", COMPLAINT, letter(body=b"De bus\x00 kwam\x00 niet")),
    ("control characters", COMPLAINT, letter(body=b"De \x1b[31mbus\x07 kwam\x08 niet", subject="B\x07us")),
    ("broken base64", COMPLAINT, letter(body=b"RGUgYnVzIGt3YW0gbmlldC4=!!%%QQ", Content_Transfer_Encoding="base64")),
    ("broken quoted-printable", COMPLAINT, letter(body=b"De bus =E9=ZZ=4 kwam niet=", Content_Transfer_Encoding="quoted-printable")),
    ("unknown transfer encoding", COMPLAINT, letter(Content_Transfer_Encoding="x-rot13")),
    ("uuencoded", COMPLAINT, letter(body=b"begin 644 x\n#0V%T\n`\nend\n", Content_Transfer_Encoding="x-uuencode")),
]
HEADERS = [
    ("no subject", COMPLAINT, without("Subject")),
    ("empty subject", COMPLAINT, letter(subject="")),
    ("very long subject", COMPLAINT, letter(subject="bus " * 2000)),
    ("folded subject", COMPLAINT, letter(subject="De bus\r\n kwam\r\n\tniet")),
    ("8-bit subject, latin-1", COMPLAINT, letter(subject="Één café".encode("latin-1"))),
    ("8-bit subject, utf-8", COMPLAINT, letter(subject="Één café".encode())),
    ("8-bit sender", COMPLAINT, letter(sender="Jérôme Één <jerome@example.com>".encode("latin-1"))),
    ("encoded words", COMPLAINT, letter(sender=f"{words('Zoë Klager')} <zoe@example.com>", subject=words("Één café"))),
    ("broken encoded words", COMPLAINT, letter(subject="=?utf-8?B?w6l?= =?nope?Q?x?= =?utf-8?Q?=C3")),
    ("no Message-Id", COMPLAINT, without("Message-Id")),
    ("endless Message-Id", COMPLAINT, letter(Message_Id=f"<{'x' * 5000}@example.com>")),
    ("Message-Id of spaces", COMPLAINT, letter(Message_Id="   ")),
    ("endless References", COMPLAINT, letter(References=" ".join(f"<{n}@example.com>" for n in range(500)))),
    ("no Date", COMPLAINT, without("Date")),
    ("Date in the future", COMPLAINT, letter(Date="Fri, 1 Jan 2038 10:00:00 +0100")),
    ("Date long ago", COMPLAINT, letter(Date="Thu, 1 Jan 1970 00:00:00 +0000")),
    ("Date is nonsense", COMPLAINT, letter(Date="gisteren rond het eten")),
    ("Date with an impossible zone", COMPLAINT, letter(Date="Tue, 9 Jun 2026 10:00:00 +9999")),
    ("no MIME-Version", COMPLAINT, without("MIME-Version", "Content-Type")),
    ("Content-Type is nonsense", COMPLAINT, letter(kind="ja hoor; nee=;=;")),
    ("two senders", COMPLAINT, letter(sender="An <an@example.com>, Bo <bo@example.com>")),
    ("sender with a comment", COMPLAINT, letter(sender="(privé) cor@example.com (Cor)")),
    ("sender shows our address", COMPLAINT, letter(sender=f'"{ADDRESS}" <truc@example.com>')),
    ("other Reply-To", COMPLAINT, letter(Reply_To="ergens@example.com")),
    ("address in capitals", COMPLAINT, letter(to="KLACHTEN@PROEF.TEST")),
    ("address in a group", COMPLAINT, letter(to=f"Organisatie: {ADDRESS}, x@example.com;")),
    ("many addressees", COMPLAINT, letter(to=", ".join([f"m{n}@example.com" for n in range(300)] + [ADDRESS]))),
    ("blind copy", COMPLAINT, letter(to="undisclosed-recipients:;", Delivered_To=ADDRESS)),
    ("blind copy, seen in the trace", COMPLAINT, without("To", Received=f"from a by b for <{ADDRESS}>; {SENT}")),
    ("resent", COMPLAINT, letter(to="fout@example.com", Resent_To=ADDRESS)),
    ("people in copy", COMPLAINT, letter(Cc=f"Journalist <pers@example.com>, {BERT}, {EVA}")),
    ("two addresses of ours", COMPLAINT, letter(to=f"{OTHER_ADDRESS}, {ADDRESS}")),
    ("twice the same address", COMPLAINT, letter(to=f"{ADDRESS}, {ADDRESS}", Delivered_To=ADDRESS)),
    ("answer to a mail we don't know", COMPLAINT, letter(subject="Re: uw brief", In_Reply_To="<weg@example.com>")),
    ("reference that we never gave", COMPLAINT, letter(subject="K1999-0001 weer de bus")),
    ("new sender, forged", COMPLAINT, letter(Authentication_Results="mx.test; spf=fail; dmarc=fail")),
    ("line ends of Unix", COMPLAINT, letter().replace(b"\r\n", b"\n")),
    ("starts with a Unix From", COMPLAINT, b"From kees Tue Jun  9\r\n" + letter()),
    ("complains about automatic replies", COMPLAINT, letter(subject="Steeds een automatisch antwoord")),
    ("unsubscribe in the text", COMPLAINT, letter(body=f"{TEXT}\nUnsubscribe: List-Unsubscribe")),
]
CONTENT = [
    ("HTML only", COMPLAINT, html("<p>De bus kwam <b>niet</b>.</p>")),
    ("HTML with hidden text", COMPLAINT, html('<div style="display:none">Negeer dit<p>weg</p></div><p>De bus</p>')),
    ("HTML with a script", COMPLAINT, html("<script>alert(1)</script><p onclick='x()'>De bus</p>")),
    ("HTML that is broken", COMPLAINT, html("<p><table><tr><td>De bus</p><b><i></tr></div><![CDATA[")),
    ("XHTML", COMPLAINT, html('<?xml version="1.0" encoding="utf-8"?><html><body>De bus</body></html>')),
    ("HTML and plain", COMPLAINT, parts(part(TEXT), part("<p>De bus</p>", "text/html; charset=utf-8"), kind="alternative")),
    ("two texts", COMPLAINT, parts(part(TEXT), part("En nog iets."))),
    ("a megabyte of text", COMPLAINT, letter(body="De bus kwam niet. " * 60_000)),
    ("one endless line", COMPLAINT, letter(body="bus" * 50_000)),
    ("40 attachments", COMPLAINT, parts(part(TEXT), *(file(b"bewijs", f"foto {n}.jpg", "image/jpeg") for n in range(40)))),
    ("a large attachment", COMPLAINT, parts(part(TEXT), file(bytes(3_000_000), "film.mp4", "video/mp4"))),
    ("only an attachment", COMPLAINT, parts(file(b"%PDF-1.4", "brief.pdf", "application/pdf"), subject="")),
    ("file name with a path", COMPLAINT, parts(part(TEXT), file(b"x", "../../etc/passwd"), file(b"x", "C:\\x.txt"))),
    ("file name that hides itself", COMPLAINT, parts(part(TEXT), file(b"x", "foto\u202egpj.exe"), file(b"x", f"{'a' * 500}.pdf"))),
    ("file without a name", COMPLAINT, parts(part(TEXT), part(b"x", "application/x-iets"), file(b"x", ""))),
    ("text file in a strange charset", COMPLAINT, parts(part(TEXT), part("Één".encode("cp1252"), "text/csv; charset=nope", "lijst.csv"))),
    ("web page as a file", COMPLAINT, parts(part(TEXT), file(b"<script>alert(1)</script>", "x.html", "text/html"))),
    ("drawing with a script", COMPLAINT, parts(part(TEXT), file(b"<svg onload='x()'/>", "x.svg", "image/svg+xml"))),
    ("picture in the text", COMPLAINT, parts(part('<p>Zie</p><img src="cid:a1">', "text/html; charset=utf-8"), part(PICTURE, 'image/png; name="a.png"', Content_ID="<a1>"), kind="related")),
    ("winmail.dat", COMPLAINT, parts(part(TEXT), file(b"\x78\x9f\x3e\x22", "winmail.dat", "application/ms-tnef"))),
    ("only winmail.dat", COMPLAINT, parts(file(b"\x78\x9f\x3e\x22", "winmail.dat", "application/ms-tnef"))),
    ("mail in a mail", COMPLAINT, parts(part("Zie bijlage"), part(INNER, "message/rfc822"))),
    ("nothing but a mail in a mail", COMPLAINT, letter(body=INNER, kind="message/rfc822")),
    ("mail in a mail, encoded", COMPLAINT, parts(part(TEXT), file(INNER, "mail.eml", "message/rfc822"))),
    ("part of a mail", COMPLAINT, letter(kind='message/partial; id="x"; number=1; total=3')),
    ("signed", COMPLAINT, parts(part(TEXT), file(b"handtekening", "smime.p7s", "application/pkcs7-signature"), kind="signed")),
    ("agenda as a file", COMPLAINT, parts(part(TEXT), file(MEETING.format("PUBLISH").encode(), "afspraak.ics", "text/calendar"))),
    ("parts without a boundary", COMPLAINT, letter(kind="multipart/mixed")),
    ("parts that never end", COMPLAINT, parts(part(TEXT), part("Nog"), end=False)),
    ("parts with another boundary", COMPLAINT, letter(body=f"--a{END}{END}{TEXT}", kind='multipart/mixed; boundary="b"')),
    ("thirty parts deep", COMPLAINT, nested(30)),
    ("no body but a subject", COMPLAINT, letter(subject="De bus kwam weer niet", body="")),
]
COLLEAGUES = [
    ("forwarded by a colleague", COMPLAINT, letter(sender=f"Eva <{EVA}>", subject="Fwd: De bus", body=f"Van: Oma <oma@example.com>\n\n{TEXT}")),
    ("a colleague tells of a call", COMPLAINT, letter(sender=f"Eva <{EVA}>", subject="Telefoontje", body="Mevrouw De Boer belde.")),
    ("a colleague, forged", queue("forged"), letter(sender=EVA, subject="FW: bus", Authentication_Results="mx.test; dmarc=fail")),
]
REPLIES = [
    ("by reference", REPLY, letter(sender=f"Kees <{KEES}>", subject=f"Re: brief [{REFERENCE}]")),
    ("by reference, other capitals", REPLY, letter(sender="KEES@Example.COM", subject=f"nog iets over {REFERENCE}.")),
    ("by thread", REPLY, letter(sender=KEES, subject="Antw: uw brief", In_Reply_To=THREAD)),
    ("by thread, further back", REPLY, letter(sender=KEES, subject="Iets anders", References=f"{THREAD} <weg@example.com>")),
    ("by thread, to another address", REPLY, letter(sender=KEES, to=CATCHALL, subject="Re", In_Reply_To=THREAD)),
    ("by reference, to the reply address", REPLY, letter(sender=KEES, to=CATCHALL, subject=f"Re: {REFERENCE}", body="Dank")),
    ("by thread, nothing found out", REPLY, letter(sender=KEES, subject="Re: uw brief", In_Reply_To=THREAD, Authentication_Results=None)),
    ("with a file", REPLY, parts(part(TEXT), file(b"x", "bewijs.pdf"), sender=KEES, subject=f"Re: {REFERENCE}")),
    ("by who thinks along", REPLY, letter(sender=RITA, subject=f"Re: {REFERENCE}")),
    ("by the coordinator", REPLY, letter(sender=COORDINATOR, subject=f"Re: {REFERENCE}")),
    ("empty answer", REPLY, letter(sender=KEES, subject=f"Re: {REFERENCE}", body="")),
]
STRANGERS = [
    ("guessed reference", queue("stranger"), letter(subject=f"Re: {REFERENCE}")),
    ("answer by somebody else", queue("stranger"), letter(subject="Re: uw brief", In_Reply_To=THREAD)),
    ("a colleague who has nothing to do with it", queue("stranger"), letter(sender=EVA, subject=f"Re: {REFERENCE}")),
    ("who is complained about", queue("barred"), letter(sender=BERT, subject=f"Re: {REFERENCE}")),
    ("the complainant, forged", queue("forged"), letter(sender=KEES, subject=f"Re: {REFERENCE}", Authentication_Results="mx.test; dmarc=fail")),
    ("the complainant, nothing found out", queue("unproven"), letter(sender=KEES, subject=f"Re: {REFERENCE}", Authentication_Results=None)),
    ("the complainant, as they say themself", queue("unproven"), letter(sender=KEES, subject=f"Re: {REFERENCE}", Authentication_Results="mx.elders.test; dmarc=pass")),
    ("the complainant, no opinion", queue("unproven"), letter(sender=KEES, subject=f"Re: {REFERENCE}", Authentication_Results=f"{MAIL_SERVER}; dmarc=none")),
    ("the coordinator, nothing found out", queue("unproven"), letter(sender=COORDINATOR, subject=f"Re: {REFERENCE}", Authentication_Results=None)),
    ("answer without a sender", queue("stranger"), without("From", subject=f"Re: {REFERENCE}")),
    ("no sender", queue("no_sender"), without("From")),
    ("empty sender", queue("no_sender"), letter(sender="<>")),
    ("sender is nonsense", queue("no_sender"), letter(sender="de buurman")),
    ("our own address", queue("automatic"), letter(sender=ADDRESS)),
    ("not addressed to us", queue("unaddressed"), letter(to="iemand@example.com")),
    ("nothing at all", queue("unaddressed"), b""),
    ("no headers at all", queue("unaddressed"), b"\r\n\r\nDe bus kwam niet"),
    ("noise", queue("unaddressed"), bytes(range(256)) * 20),
    ("empty", queue("empty"), letter(subject="", body="")),
    ("empty HTML", queue("empty"), html("<p>&nbsp;</p><br>", subject="Re:")),
    ("encrypted, PGP", queue("encrypted"), parts(part("Version: 1", "application/pgp-encrypted"), file(b"x", "encrypted.asc"), kind="encrypted")),
    ("encrypted, PGP in the text", queue("encrypted"), letter(body="-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----")),
    ("encrypted, S/MIME", queue("encrypted"), letter(body="MIAGCSqGSIb3", kind='application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"', Content_Transfer_Encoding="base64")),
    ("invitation", queue("meeting"), meeting("REQUEST")),
    ("accepts an invitation", queue("meeting"), meeting("REPLY", sender=KEES, subject=f"Geaccepteerd: {REFERENCE}")),
]
MACHINES = [
    ("newsletter", queue("bulk"), letter(List_Unsubscribe="<mailto:weg@example.com>", Precedence="bulk")),
    ("only Precedence", queue("bulk"), letter(Precedence="bulk")),
    ("through a group", queue("bulk"), letter(**LIST)),
    ("made by a program", queue("automatic"), letter(Auto_Submitted="auto-generated")),
    ("asks for no replies", queue("automatic"), letter(X_Auto_Response_Suppress="DR, OOF, AutoReply")),
    ("holiday, only in the subject", queue("automatic"), letter(subject="Automatisch antwoord: De bus")),
    ("holiday of the complainant, only in the subject", queue("automatic"), letter(sender=KEES, subject=f"Out of office: {REFERENCE}")),
    ("web form elsewhere", queue("automatic"), letter(sender="noreply@example.com", Reply_To="Mia <mia@example.com>")),
    ("no return path", queue("automatic"), letter(Return_Path="<>")),
    ("automatic reply", discarded("auto_reply"), letter(Auto_Submitted="auto-replied (vacation)")),
    ("automatic reply of Exchange", discarded("auto_reply"), letter(sender=KEES, Auto_Submitted="auto-generated", X_Auto_Response_Suppress="All", In_Reply_To=THREAD)),
    ("automatic reply, old style", discarded("auto_reply"), letter(X_Autoreply="yes")),
    ("automatic reply by precedence", discarded("auto_reply"), letter(Precedence="auto_reply")),
    ("bounce", discarded("bounce"), report("delivery-status", f"{FINAL}Action: failed{END}")),
    ("bounce to the address for bounces", discarded("bounce"), report("delivery-status", f"{FINAL}Action: failed{END}", to=BOUNCE_ADDRESS, References=THREAD)),
    ("bounce of an old server", discarded("bounce"), letter(sender=f"Mailer-Daemon@{DOMAIN}", subject="failure notice")),
    ("delay", discarded("bounce"), report("delivery-status", f"{FINAL}Action: delayed{END}")),
    ("read receipt", discarded("receipt"), report("disposition-notification", f"{FINAL}Disposition: manual-action; displayed{END}", sender=KEES)),
    ("answer to a loop", discarded("loop"), letter(References="<1234-loop-detection-bounce-email@example.com>")),
]
# fmt: on
MAILS = [
    *CHARACTER_SETS,
    *HEADERS,
    *CONTENT,
    *COLLEAGUES,
    *REPLIES,
    *STRANGERS,
    *MACHINES,
]


def fill_in(raw, reference, thread):
    """A mail about a dossier that exists."""
    filled = raw.replace(REFERENCE.encode(), reference.encode())
    return filled.replace(THREAD.encode(), thread.encode())
