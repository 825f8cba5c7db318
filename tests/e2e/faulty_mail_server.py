"""A mail server that misbehaves in the way that an address names: `drop_in.12@post.example`.

What it does is done for the first tries of an address; then it takes the mail. What it has taken
is counted when it has the whole mail, also where it does not say so.
"""

import asyncio
import collections

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from mail_server import MailServer

ALWAYS = 1000
SLOW, SILENCE = 1, 30  # seconds
# {fault: for how many tries}
FAULTS = {
    "fine": 0,
    "slow": ALWAYS,
    "refuse": ALWAYS,  # 550 to the addressee
    "later": 2,  # 451 to the addressee, as greylisting does
    "refuse_after": ALWAYS,  # 554 to the mail itself, which is thrown away
    "drop_before": 2,  # the connection, at the addressee
    "drop_in": 2,  # the connection, in the middle of the mail
    "take_and_drop": 2,  # the connection, after the whole mail
    "take_and_silence": 2,  # no answer after the whole mail
    "take_and_refuse": 1,  # keeps the mail, and says that it does not: the only honest double
}
SECRETLY = ("take_and_drop", "take_and_silence", "take_and_refuse")


class FaultyProtocol(SMTP):
    """Breaks the connection off where asyncio's server has no hook."""

    async def smtp_DATA(self, arg):  # the name is aiosmtpd's
        if self.event_handler.fault_of(self.envelope.rcpt_tos) == "drop_in":
            await self.push("354 go on")
            await self._reader.read(10)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class FaultyController(Controller):
    """Serves that protocol."""

    def factory(self):
        return FaultyProtocol(self.handler, **self.SMTP_kwargs)


class FaultyMailServer(MailServer):
    """Keeps mails, or not; `taken` counts the whole mails that it got for each address."""

    def __init__(self, port):
        super().__init__(port)
        self.taken = collections.Counter()
        self.tries = collections.Counter()
        self._controller = FaultyController(self, hostname="127.0.0.1", port=port)

    def fault_of(self, addresses):
        """Return what goes wrong in this try with a mail to some addresses, or None."""
        for address in addresses:
            fault = address.partition(".")[0]
            if self.tries[address] <= FAULTS.get(fault, 0):
                return fault
        return None

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.tries[address] += 1
        match self.fault_of([address]):
            case "refuse":
                return "550 5.1.1 no such mailbox here"
            case "later":
                return "451 4.7.1 greylisted, come back later"
            case "drop_before":
                server.transport.abort()
                return "421 gone"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server, session, envelope):
        fault = self.fault_of(envelope.rcpt_tos)
        if fault == "refuse_after":
            return "554 5.7.1 we do not like what it says"
        if fault == "slow":
            await asyncio.sleep(SLOW)
        self.taken.update(envelope.rcpt_tos)
        answer = await super().handle_DATA(server, session, envelope)
        match fault:
            case "take_and_drop":
                server.transport.abort()
            case "take_and_silence":
                await asyncio.sleep(SILENCE)
            case "take_and_refuse":
                return "451 4.3.0 try again"
        return answer
