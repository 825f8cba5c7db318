"""What became of a mail, from what a mail server did (tools/smtp.py)."""

import smtplib
from datetime import datetime, timedelta

import pytest
from klachtenbeheer_tools import smtp

REFUSED_550 = smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no such mailbox")})
GREYLISTED = smtplib.SMTPRecipientsRefused({"a@b.example": (451, b"later")})
ONE_OF_TWO = smtplib.SMTPRecipientsRefused(
    {"a@b.example": (550, b"no"), "c@b.example": (450, b"x")}
)
DROPPED = smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
SILENT = smtplib.SMTPServerDisconnected("Connection unexpectedly closed: timed out")


@pytest.mark.parametrize(
    ("error", "handed", "kind", "why"),
    [
        (REFUSED_550, False, smtp.REFUSED, smtp.SAID_NO),
        (GREYLISTED, False, smtp.LATER, smtp.SAID_LATER),
        (ONE_OF_TWO, False, smtp.LATER, smtp.SAID_LATER),
        # an answer is an answer, also after the whole mail
        (smtplib.SMTPDataError(554, b"no"), True, smtp.REFUSED, smtp.SAID_NO),
        (smtplib.SMTPDataError(452, b"full"), True, smtp.LATER, smtp.SAID_LATER),
        (smtplib.SMTPSenderRefused(550, b"no", "x@y.example"), False, smtp.REFUSED, smtp.SAID_NO),
        # no answer: nothing was delivered before the end had left, and nobody knows after it
        (DROPPED, False, smtp.LATER, smtp.DISCONNECTED),
        (DROPPED, True, smtp.UNSURE, smtp.DISCONNECTED),
        (SILENT, True, smtp.UNSURE, smtp.SILENT),
        (TimeoutError("timed out"), True, smtp.UNSURE, smtp.SILENT),
        (BrokenPipeError(), False, smtp.LATER, smtp.DISCONNECTED),
        # an answer that can't be read is none
        (smtplib.SMTPDataError(-1, b"?"), True, smtp.UNSURE, smtp.DISCONNECTED),
        # what is wrong with the mail itself does not pass
        (AssertionError("no recipient"), False, smtp.REFUSED, smtp.WRONG),
        (UnicodeEncodeError("ascii", "é", 0, 1, "no"), False, smtp.REFUSED, smtp.WRONG),
    ],
)
def test_what_became_of_it(error, handed, kind, why):
    outcome = smtp.judge(error, handed)
    assert (outcome.kind, outcome.why) == (kind, why)


def test_what_the_server_said_is_kept_on_one_line():
    outcome = smtp.judge(smtplib.SMTPDataError(550, b"5.7.1\r\nno\0pe"), False)
    assert outcome.answer == "550 5.7.1 nope"


def test_not_reaching_a_server_is_never_the_mail():
    error = smtplib.SMTPAuthenticationError(535, b"bad password")
    outcome = smtp.unreachable(error)
    assert (outcome.kind, outcome.answer) == (smtp.LATER, "535 bad password")


class Session:
    """What smtplib sends."""

    def __init__(self, breaks=False):
        self.sent = []
        self.breaks = breaks

    def send(self, data):
        if self.breaks:
            raise smtplib.SMTPServerDisconnected
        self.sent.append(data)


def test_the_end_is_told_before_it_leaves_and_known_after():
    session, told = Session(), []
    watch = smtp.Watch(session, lambda: told.append(list(session.sent)))
    session.send("rcpt TO:<a@b.example>\r\n")
    assert not watch.handed
    session.send(b"text\r\n.\r\n")
    assert told == [["rcpt TO:<a@b.example>\r\n"]]
    assert watch.handed


def test_what_did_not_leave_whole_was_not_handed_over():
    watch = smtp.Watch(Session(breaks=True), lambda: None)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        watch.send(b"text\r\n.\r\n")
    assert not watch.handed


def test_pauses_grow_for_a_day():
    first = now = datetime(2026, 11, 21)
    pauses, tries = [], 0
    while next_try := smtp.get_next_try(first, tries := tries + 1, now):
        pauses.append(next_try - now)
        now = next_try
    assert pauses == sorted(pauses)
    assert timedelta(days=1) <= now - first < timedelta(days=1, hours=5)
