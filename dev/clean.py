"""Removes everything that was fetched or built, databases first. See `make help`."""

import fcntl

import database
import template
from common import REPO, Problem, cache_dir, is_complete, main, remove, say
from demo import NAME
from python_env import environment_digest

OURS = (template.PREFIX, template.TEMPORARY, NAME)


def clean(_arguments):
    """Drop our databases, stop the private server, remove the cache."""
    refuse_while_in_use()
    clean_given_server()
    python = current_python()
    if python:
        database.PrivateServer(python).stop()
    remove(database.private_folder())
    say(f"removing {cache_dir()}")
    remove(cache_dir())
    for folder in REPO.rglob("__pycache__"):
        remove(folder)


def refuse_while_in_use():
    """Stop when a server, a test run or another command still uses the private database server."""
    with open(cache_dir() / "database-users.lock", "w") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(
                "A demo, a test run or another command still runs: end it first."
            ) from None


def current_python():
    """Return the interpreter of the environment if there is one."""
    place = cache_dir() / f"venv-{environment_digest()}"
    return place / "bin/python" if is_complete(place) else None


def clean_given_server():
    """On a server that the person chose, drop our databases only."""
    python = current_python()
    if python and database.given_server() is not None:
        with database.server(python) as server:
            for name in server.names():
                if name.startswith(OURS):
                    say(f"dropping the database {name}")
                    server.drop(name)


if __name__ == "__main__":
    main(clean)
