"""Faults: a database server that is restarted, and workers that are killed.

A server that has to replace a worker just when the database is away, ends: Odoo leaves starting
again to the service manager of the machine (`Restart=always` of systemd). Here we are that manager.
"""

import contextlib
import random
import shutil
import tempfile
import threading
from pathlib import Path

import psutil
from database import Database, PrivateServer

# Killed at once it has what it said it had: unlike the server that tests share.
SETTINGS = "synchronous_commit = on\nfsync = off\n"
BEAT = 1  # seconds between two looks at whether the server runs


class OwnDatabase(PrivateServer):
    """A database server in a folder that goes when the tests are done."""

    def __init__(self, python):
        super().__init__(python)
        self.folder = Path(tempfile.mkdtemp(prefix="klachtenbeheer-soak-"))
        self.data = self.folder / "data"
        self.log = self.folder / "log"

    def __enter__(self):
        self.folder.chmod(0o755)
        self._give_away(self.folder)
        self._make_cluster()
        with open(self.data / "postgresql.conf", "a") as file:
            file.write(SETTINGS)
        self._start()
        return self

    def __exit__(self, *_exception):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self):
        """Return what statements are sent to."""
        return Database(self.binaries, self.address())

    def restart(self):
        """Break everything off as a crash does, and start again."""
        self._control("restart", "-m", "immediate", "-w", "-t", "60", "-s", "-l", self.log)


def workers_of(server):
    """Return the processes of an Odoo server that answer requests; none if it has ended."""
    try:
        children = psutil.Process(server.process.pid).children()
        return [child for child in children if "gevent" not in child.cmdline()]
    except psutil.Error:
        return []


class Faults:
    """Kills a worker every few seconds, as long as the block runs; restarts the database when told.

    `killed` counts the workers, `restarts` those of the database, `starts` how often the server had
    ended and was started again.
    """

    def __init__(self, server, own_database, every, seed=1):
        self.server, self.own_database, self.every = server, own_database, every
        self.killed = self.restarts = self.starts = 0
        self._random = random.Random(seed)
        self._ended = threading.Event()
        self._threads = [
            threading.Thread(target=work) for work in (self._kill_now_and_then, self._keep_running)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception):
        self._ended.set()
        for thread in self._threads:
            thread.join()
        self._start_if_ended()
        self.server.wait_until_it_answers()

    def _keep_running(self):
        while not self._ended.wait(BEAT):
            self._start_if_ended()

    def _start_if_ended(self):
        if self.server.process.poll() is not None:
            self.server.start()
            self.starts += 1

    def _kill_now_and_then(self):
        while not self._ended.wait(self._random.uniform(0.5, 1.5) * self.every):
            self.kill_a_worker()

    def kill_a_worker(self):
        """Kill the worker that works most, or another one."""
        if workers := workers_of(self.server):
            with contextlib.suppress(psutil.NoSuchProcess):
                self._random.choice(workers).kill()
                self.killed += 1

    def restart_database(self):
        """Break the database off and start it again."""
        self.own_database.restart()
        self.restarts += 1
