"""Makes the Python environment in which Odoo, the tests and the checks run."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import debian
from common import (
    Problem,
    cache_dir,
    digest,
    is_complete,
    lock,
    mark_complete,
    remove,
    run,
    say,
    timed,
)

DEV = Path(__file__).resolve().parent
LISTS = [DEV / f"requirements-{name}.txt" for name in ("odoo", "addon", "dev")]
UV = "uv==0.13.8"
KEPT = 3
OLDEST, NEWEST = (3, 10), (3, 13)


def environment_digest():
    """Return a hash of what the environment consists of."""
    return digest(*LISTS, UV, f"{sys.version_info[:2]}")


def runtime_digest():
    """Return a hash of what Odoo and the addon run on: what a database can depend on."""
    return digest(*LISTS[:2])


def ensure_python():
    """Return the environment's interpreter; build it if the lists changed or it is unfinished."""
    _check_version()
    key = environment_digest()
    place = cache_dir() / f"venv-{key}"
    with lock("python"):
        if not is_complete(place, key):
            _build(place, key)
            _forget_old()
    return place / "bin/python"


def _forget_old():
    """Remove all environments but the newest ones; a running process may use one of those."""
    places = sorted(cache_dir().glob("venv-*"), key=lambda place: place.stat().st_mtime)
    for place in places[:-KEPT]:
        remove(place)


def _check_version():
    """Refuse a Python for which Odoo 19's packages do not exist."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        shown = ".".join(map(str, sys.version_info[:2]))
        raise Problem(
            f"Odoo 19 runs on Python 3.10–3.13, this is {shown}. "
            "Choose one: make PYTHON=python3.12 …"
        )


def _build(place, key):
    """Make the environment at its place: its scripts know their address, so it can't move."""
    remove(place)
    with timed("Python environment (once; about 300 MB)"):
        try:
            _make_venv(place)
            _install(place / "bin/python")
        except BaseException:
            remove(place)
            raise
        mark_complete(place, key)


def _make_venv(place):
    """Make an empty virtual environment; get the missing part where Debian split it off."""
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        debian.ensure_system_packages({f"python{version}-venv": lambda: False})
    run([sys.executable, "-m", "venv", place])


def _install(python):
    """Install the lists: with uv, or with pip where uv can't."""
    wanted = [f"-r{path}" for path in LISTS]
    say("installing the Python packages")
    if _succeeds([python, "-m", "pip", "install", "--quiet", UV]):
        if _succeeds([python, "-m", "uv", "pip", "install", "--python", python, *wanted]):
            return
        say("uv could not install everything, trying pip")
    if not _succeeds([python, "-m", "pip", "install", "--prefer-binary", *wanted]):
        raise Problem(
            "The Python packages could not be installed; see above. "
            "Is the network up? Then run it again."
        )


def _succeeds(command):
    """Run an installer, showing its progress but no long lists; say whether it succeeded."""
    environment = {key: value for key, value in os.environ.items() if key != "VIRTUAL_ENV"}
    process = subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )
    for line in process.stdout:
        if not line.startswith((" + ", "WARNING: Location")):
            print(f"   {line.rstrip()}", file=sys.stderr, flush=True)
    return process.wait() == 0
