"""A real mail server on localhost that keeps what it gets, can refuse people, and can wait.

It listens in a thread of the tests, so that they see its mails without reading files.
"""

import contextlib
import email
import email.policy
import io
import threading
import time
from dataclasses import dataclass
from email.message import EmailMessage

import pypdf
from aiosmtpd.controller import Controller

PATIENCE = 20  # seconds for a mail to arrive: it is sent right after the transaction


@dataclass
class Mail:
    """One delivery: to whom it really went, and the message."""

    sender: str
    recipients: list
    message: EmailMessage

    def pdfs(self):
        """Return the PDF attachments as {file name: bytes}."""
        return {
            part.get_filename(): part.get_content()
            for part in self.message.iter_attachments()
            if part.get_content_type() == "application/pdf"
        }

    def only_pdf_text(self):
        """Return the text of the one PDF, with single spaces."""
        [content] = self.pdfs().values()
        assert content.startswith(b"%PDF-")
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())


class MailServer:
    """Keeps mails; `refused` are addresses that it does not know."""

    def __init__(self, port):
        self.port = port
        self.mails = []
        self.refused = set()
        self.arriving = threading.Event()
        self._go_on = threading.Event()
        self._go_on.set()
        self._controller = Controller(self, hostname="127.0.0.1", port=port)

    def __enter__(self):
        self._controller.start()
        return self

    def __exit__(self, *_exception):
        self._go_on.set()
        self._controller.stop()

    # aiosmtpd calls these two in its own thread; the names are its own

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address in self.refused:
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):
        self.arriving.set()
        await server.loop.run_in_executor(None, self._go_on.wait)
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.mails.append(Mail(envelope.mail_from, list(envelope.rcpt_tos), message))
        return "250 kept"

    @contextlib.contextmanager
    def holding(self, at_most):
        """Let senders wait for the answer to their mail until `release`, or some seconds."""
        self.arriving.clear()
        self._go_on.clear()
        timer = threading.Timer(at_most, self.release)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            self.release()

    def release(self):
        """Answer the senders who wait."""
        self._go_on.set()

    def to(self, address):
        """Return the mails that went to an address."""
        return [mail for mail in self.mails if address in mail.recipients]

    def wait_for(self, address, count=1):
        """Wait until an address has got some mails, and return them all."""
        end = time.monotonic() + PATIENCE
        while len(self.to(address)) < count and time.monotonic() < end:
            time.sleep(0.05)
        found = self.to(address)
        assert len(found) >= count, f"{len(found)} of {count} mails to {address}"
        return found
