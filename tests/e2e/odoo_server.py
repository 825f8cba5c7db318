"""A real Odoo server process, and sessions that talk to it as the web client does."""

import contextlib
import itertools
import os
import subprocess
import time
from pathlib import Path

import environment
import requests
import system
from common import log_file, tail
from world import PASSWORD

START = 90  # seconds until a server has to answer
ANSWER = 60  # seconds for one call


class OdooServer:
    """One server on one database, which sends its mail to a given port."""

    numbers = itertools.count(1)

    def __init__(self, ready, database, mail_port, workers=0, crons=0, **variables):
        self.ready = ready
        self.database = database
        self.variables = variables  # of its environment
        self.port = system.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log_file(f"e2e-server-{os.getpid()}-{next(self.numbers)}")
        self._arguments = [
            *("-d", database, "--db-filter", f"^{database}$", "--no-database-list"),
            *("--http-port", self.port, "--gevent-port", system.free_port()),
            *("--workers", workers, "--max-cron-threads", crons),
            *("--smtp", "127.0.0.1", "--smtp-port", mail_port),
            *("--email-from", "klachten@wilgenbrug.example"),
        ]

    def __enter__(self):
        self.start()
        self.wait_until_it_answers()
        return self

    def __exit__(self, *_exception):
        environment.stop(self.process)

    def start(self):
        """Start the process, or start it again after it ended; what it says is added to the log."""
        launcher = Path(__file__).with_name("launch_odoo.py")
        with open(self.log, "a") as output:
            self.process = subprocess.Popen(
                [str(part) for part in (self.ready.python, launcher, *self._arguments)],
                env={**self.ready.variables(), **self.variables},
                pass_fds=self.ready.kept_open(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def wait_until_it_answers(self):
        """Wait until a page comes; AssertionError with the end of the log if none does."""
        end = time.monotonic() + START
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(requests.RequestException):
                requests.get(f"{self.url}/web/login", timeout=ANSWER).raise_for_status()
                return
            time.sleep(0.2)
        self.__exit__()
        raise AssertionError(f"the server does not answer:\n{tail(self.log)}")

    def session(self, login):
        """Log in and return a session."""
        return Session(self, login)

    def sql(self, statement):
        """Run a statement in the database; return its rows, each a list of texts."""
        output = self.ready.database.sql(statement, self.database)
        return [line.split("\t") for line in output.splitlines()]


class RpcError(Exception):
    """What the server refused; `kind` is the class of the exception there."""

    def __init__(self, error):
        data = error.get("data", {})
        self.kind = data.get("name", "").rsplit(".", 1)[-1]
        super().__init__(data.get("message") or error.get("message"))


class Session:
    """Somebody who is logged in and calls methods, as the web client does."""

    def __init__(self, server, login):
        self.server = server
        self.http = requests.Session()
        password = "admin" if login == "admin" else PASSWORD.format(login=login)
        found = self._post(
            "/web/session/authenticate",
            {"db": server.database, "login": login, "password": password},
        )
        self.uid = found["uid"]

    def _post(self, path, params):
        answer = self.http.post(
            self.server.url + path, json={"jsonrpc": "2.0", "params": params}, timeout=ANSWER
        )
        answer.raise_for_status()
        found = answer.json()
        if "error" in found:
            raise RpcError(found["error"])
        return found.get("result")

    def call(self, model, method, *args, **kwargs):
        """Call a method of a model; a model without a dot is one of ours."""
        name = model if "." in model else f"klachtenbeheer.{model}"
        kwargs = {"context": {"lang": "nl_NL"}, **kwargs}
        params = {"model": name, "method": method, "args": args, "kwargs": kwargs}
        return self._post(f"/web/dataset/call_kw/{name}/{method}", params)

    def search_read(self, model, domain, fields):
        """Return records as dictionaries."""
        return self.call(model, "search_read", domain, fields)

    def read(self, model, record_id, *fields):
        """Return one record as a dictionary."""
        return self.call(model, "read", [record_id], list(fields))[0]

    def policy(self, source):
        """Return the id of the organisation's own policy made from a model."""
        domain = [("code", "=", f"regeling-{source}"), ("state", "=", "published")]
        return self.call("policy", "search", domain)[0]

    def register(self, source="sb", **vals):
        """Register a complaint and return its id."""
        return self.call("complaint", "create", [complaint_vals(self.policy(source), **vals)])[0]


def complaint_vals(policy_id, **vals):
    """Return what a complaint is registered with."""
    return {
        "policy_id": policy_id,
        "kind": "formal",
        "channel": "email",
        "description": "De bus kwam drie keer niet en niemand belde terug.",
        "complainant_name": "Kees Klager",
        "complainant_email": "kees@klager.example",
        **vals,
    }
