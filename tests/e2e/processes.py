"""Processes of Odoo that do something at the same moment, each with the whole system to itself."""

import subprocess
import time

import environment

READY = 60  # seconds until a process has loaded everything
# Loads what the work needs, says so, and starts on a sign that all processes see.
RUN = """
import pathlib, time
from freezegun import freeze_time

env["klachtenbeheer.deadline"].search([], limit=1).explanation
pathlib.Path("{folder}/ready-{number}").touch()
while not pathlib.Path("{folder}/start").exists():
    time.sleep(0.001)
with freeze_time("{moment}", tick=True):
    {work}
env.cr.commit()
"""


class Process:
    """A process that is ready to do some work, in a time of its own."""

    def __init__(self, ready, database, folder, number, script, options=()):
        self.sign = folder / f"ready-{number}"
        self.log = folder / f"log-{number}"
        arguments = ["shell", "-d", database, "--no-http", "--log-level=warn", *options]
        with self.log.open("w") as log:
            self.process = ready.start(
                arguments, stdin=subprocess.PIPE, stdout=log, stderr=log, text=True
            )
        with self.process.stdin as pipe:
            pipe.write(script)

    def wait_until_ready(self):
        end = time.monotonic() + READY
        while not self.sign.exists() and time.monotonic() < end and self.process.poll() is None:
            time.sleep(0.05)
        assert self.sign.exists(), self.log.read_text()

    def check_end(self):
        """Wait for its end; it may have met the other one, but nothing may have gone wrong."""
        code = environment.wait(self.process)
        log = self.log.read_text()
        assert code == 0, log
        assert "Traceback" not in log, log


def run_at_once(ready, database, folder, count, work, moment, options=()):
    """Do some work in some processes at one moment and wait until all have ended well.

    :param work: a line of Python with `env`
    :param moment: what time it is there
    """
    folder.mkdir(exist_ok=True)
    processes = [
        Process(
            *(ready, database, folder, number),
            RUN.format(folder=folder, number=number, moment=moment, work=work),
            options,
        )
        for number in range(count)
    ]
    for process in processes:
        process.wait_until_ready()
    (folder / "start").touch()
    for process in processes:
        process.check_end()
