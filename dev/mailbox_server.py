"""A mail server on localhost that keeps every message as a file. Arguments: port, folder.

It runs in the Python environment (it needs aiosmtpd), as a process beside the demo server.
"""

import signal
import sys
import time
from pathlib import Path

from aiosmtpd.controller import Controller


class Keeper:
    """Writes each message to a file of its own, named by time and number."""

    def __init__(self, folder):
        """Remember the folder."""
        self.folder = Path(folder)
        self.count = 0

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802  # aiosmtpd's name
        """Keep one message."""
        self.count += 1
        name = f"{time.strftime('%Y%m%d-%H%M%S')}-{self.count:04d}.eml"
        (self.folder / name).write_bytes(envelope.content)
        return "250 kept"


def main():
    """Serve until a signal comes."""
    port, folder = int(sys.argv[1]), sys.argv[2]
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    controller = Controller(Keeper(folder), hostname="127.0.0.1", port=port)
    controller.start()
    signal.sigwait(signals)
    controller.stop()


if __name__ == "__main__":
    main()
