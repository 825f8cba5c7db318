"""The whole development environment: Odoo, Python, PostgreSQL, and how to run Odoo in it."""

import contextlib
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import database
from common import REPO, Problem, cache_dir, digest, log_file, tail
from odoo_source import OdooSource, find_odoo
from python_env import ensure_python

CONFIG = """[options]
addons_path = {addons_path}
data_dir = {data_dir}
without_demo = True
http_interface = 127.0.0.1
list_db = True
admin_passwd = admin
max_cron_threads = {cron_threads}
workers = 0
geoip_city_db = {no_geoip}
geoip_country_db = {no_geoip}
log_handler = :INFO,odoo.addons.base.models.ir_actions_report:ERROR,odoo.tools.pdf:ERROR
"""


@dataclass
class Environment:
    """What is needed to run Odoo."""

    odoo: OdooSource
    python: Path
    database: database.Database
    extra_python_path: tuple = ()

    def config(self, addons=(REPO,), cron_threads=0):
        """Return Odoo's configuration file for some addons folders, written if it differs."""
        folders = [str(folder) for folder in (*addons, *self.odoo.addons)]
        text = CONFIG.format(
            addons_path=",".join(folders),
            data_dir=data_dir(),
            cron_threads=cron_threads,
            no_geoip=cache_dir() / "no-geoip",
        )
        path = cache_dir() / f"odoo-{digest(text)}.conf"
        if not path.is_file() or path.read_text() != text:
            path.write_text(text)
        return path

    def variables(self, config=None):
        """Return the environment variables under which Odoo runs."""
        found = self.database.environment()
        found["ODOO_RC"] = str(config or self.config())
        python_path = [self.odoo.python_path, *self.extra_python_path]
        found["PYTHONPATH"] = os.pathsep.join(map(str, python_path))
        found.update(bytecode(keep=not self.extra_python_path))
        found["PATH"] = f"{self.python.parent}{os.pathsep}{found.get('PATH', '')}"
        found.setdefault("PYTHONWARNINGS", "ignore::DeprecationWarning,ignore::SyntaxWarning")
        return found

    def start(self, arguments, config=None, program=("-m", "odoo"), **options):
        """Start Odoo's command line and return the running process.

        :param program: a script that starts it in another way
        """
        command = [str(part) for part in (self.python, *program, *arguments)]
        return subprocess.Popen(
            command, env=self.variables(config), pass_fds=self.kept_open(), **options
        )

    def kept_open(self):
        """Return the files that a child keeps open: the lock that says the server is in use."""
        return [number for number in [self.database.lock_number] if number is not None]

    def odoo_command(self, arguments, config=None, **options):
        """Run Odoo's command line to its end and return the exit code."""
        return wait(self.start(arguments, config, **options))

    def logged(self, name, arguments, config=None):
        """Run Odoo's command line with its output in a log; return the exit code and the log."""
        path = log_file(name)
        with open(path, "w") as log:
            process = self.start(
                arguments,
                config,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            return wait(process, forward=True), path

    def script(self, name, code, config=None, on_line=None):
        """Run code in `odoo shell` on a database; return what it printed, or raise a Problem.

        :param on_line: is given each line as soon as it is printed
        """
        errors = log_file(f"script-{name}")
        with open(errors, "w") as log:
            process = self.start(
                ["shell", "-d", name, "--no-http", "--log-level=warn"],
                config,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )
            try:
                output = _converse(process, code, on_line)
            except KeyboardInterrupt:
                stop(process)
                raise
        if process.returncode:
            raise Problem(f"A script in the database {name} failed:\n{tail(errors)}")
        return output


def bytecode(*, keep):
    """Return the variables by which Python compiles Odoo once, and not in each process again.

    :param keep: what is compiled; outside the folders of the sources
    """
    where = {"PYTHONPYCACHEPREFIX": str(cache_dir() / "bytecode")}
    return {**where, "PYTHONDONTWRITEBYTECODE": "" if keep else "1"}


def _converse(process, code, on_line):
    """Give a process its input; return its output when it has ended."""
    with contextlib.suppress(BrokenPipeError):
        process.stdin.write(code)
        process.stdin.close()
    lines = []
    for line in process.stdout:
        lines.append(line)
        if on_line:
            on_line(line.rstrip("\n"))
    process.wait()
    return "".join(lines)


def wait(process, *, forward=False):
    """Wait for a process; on Ctrl-C give it time to end by itself.

    :param forward: pass Ctrl-C on to it; false where the terminal does that
    """
    try:
        return process.wait()
    except KeyboardInterrupt:
        stop(process, signal.SIGINT if forward else None)
        raise


def stop(process, first_signal=signal.SIGTERM):
    """End a process: kindly, then firmly. Another Ctrl-C does not interrupt this."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        for number in (first_signal, signal.SIGTERM, signal.SIGKILL):
            if process.poll() is None and number is not None:
                process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=15)
    finally:
        signal.signal(signal.SIGINT, before)


def data_dir():
    """Return the folder of Odoo's own files: attachments and sessions."""
    folder = cache_dir() / "odoo-data"
    folder.mkdir(exist_ok=True)
    return folder


@contextlib.contextmanager
def ready():
    """Give an environment with everything in place and the database server running."""
    odoo = find_odoo()
    python = ensure_python()
    with database.server(python) as server:
        server.check()
        yield Environment(odoo, python, server)
