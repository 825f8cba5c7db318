"""What became of one mail that was offered to a mail server. No Odoo import.

A mail server takes the responsibility for a mail by answering 250 to the dot that ends it
(RFC 5321, 4.2.5 and 6.1). Before that dot has left nothing was delivered; between the dot and
the answer nobody but the server knows. So there are four outcomes, and only the last one
can't be settled by sending again or not.
"""

import smtplib
from dataclasses import dataclass
from datetime import timedelta

ACCEPTED, LATER, REFUSED, UNSURE = "accepted", "later", "refused", "unsure"
# Why, for a sentence about it.
SAID_NO, SAID_LATER, DISCONNECTED, SILENT, UNREACHABLE, WRONG = (
    "said_no",
    "said_later",
    "disconnected",
    "silent",
    "unreachable",
    "wrong",
)
END_OF_MAIL = b"\r\n.\r\n"
# Greylisting asks for some minutes, a full mailbox or a server that is down for hours.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 80, 160, 240))
PATIENCE = timedelta(days=1)
LONGEST_ANSWER = 500  # characters of what a server says


@dataclass(frozen=True)
class Outcome:
    """What became of one try, why, and what the server said."""

    kind: str
    why: str = ""
    answer: str = ""


class Watch:
    """Tells when a mail leaves completely: calls `before_end` just before the part that ends
    with the dot, and knows afterwards whether it was written.

    What can't be written whole ends without the dot, so that the server can't accept it.
    """

    def __init__(self, session, before_end):
        self.handed = False
        self._before_end = before_end
        self._send = getattr(session, "send", None)
        if self._send:
            session.send = self.send

    def send(self, data):
        """Stand in for `smtplib.SMTP.send`."""
        is_end = isinstance(data, bytes) and data.endswith(END_OF_MAIL)
        if is_end:
            self._before_end()
        self._send(data)
        self.handed |= is_end


def judge(error, handed):
    """Return the Outcome of a try that raised an error.

    :param handed: whether the end of the mail had left
    """
    code, answer = get_answer(error)
    if code:
        later = code < 500
        return Outcome(LATER, SAID_LATER, answer) if later else Outcome(REFUSED, SAID_NO, answer)
    if isinstance(error, (smtplib.SMTPServerDisconnected, OSError)):
        why = SILENT if is_silence(error) else DISCONNECTED
        return Outcome(UNSURE if handed else LATER, why, shorten(str(error)))
    return Outcome(UNSURE if handed else REFUSED, WRONG, shorten(str(error)))


def unreachable(error):
    """Return the Outcome of not even getting to speak to a server: that is never the mail."""
    _code, answer = get_answer(error)
    return Outcome(LATER, UNREACHABLE, answer or shorten(str(error)))


def get_answer(error):
    """Return the code (0 for none) and the words of a server's refusal."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = list(error.recipients.values())
        # one that may be accepted later is worth trying again
        code, words = min(answers, default=(0, b""))
    elif isinstance(error, smtplib.SMTPResponseException):
        code, words = error.smtp_code, error.smtp_error
    else:
        return 0, ""
    words = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    # -1 is how smtplib says that there was no answer that it could read
    return (code, shorten(f"{code} {words}")) if code > 0 else (0, "")


def is_silence(error):
    """Whether a server was waited for in vain."""
    return isinstance(error, TimeoutError) or "timed out" in str(error)


def shorten(text):
    """Return a text on one line, without what a database refuses, not longer than a few lines."""
    return " ".join(text.replace("\0", "").split())[:LONGEST_ANSWER]


def get_next_try(first, tries, now):
    """When to offer a mail again.

    :param first: moment of the first try
    :param tries: how many there were
    :return: a moment, or None when it was tried for a day
    """
    moment = now + PAUSES[min(tries, len(PAUSES)) - 1]
    return moment if now - first < PATIENCE else None
