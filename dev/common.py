"""What every script in dev/ shares: where things are, how to say something, how to run it."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

REPO = Path(__file__).resolve().parent.parent
ADDON = "klachtenbeheer"
STAMP = ".complete"


class Problem(Exception):  # noqa: N818  # what a person meets, not a programmer
    """Something a person has to know or do; shown as a message, never as a traceback."""


def cache_dir():
    """Return the folder in which everything fetched or built is kept, outside the repository."""
    chosen = os.environ.get("KLACHTENBEHEER_CACHE")
    base = Path(chosen) if chosen else _user_cache() / "klachtenbeheer"
    base.mkdir(parents=True, exist_ok=True)
    return base.resolve()


def _user_cache():
    """Return the user's own cache folder, as the XDG convention has it."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def say(text):
    """Tell the person what happens now; on stderr, so that the output of a command stays clean."""
    print(f"-- {text}", file=sys.stderr, flush=True)


def fail(text, *, code=1):
    """Stop with a message."""
    print(f"\n** {text}\n", file=sys.stderr, flush=True)
    raise SystemExit(code)


@contextlib.contextmanager
def timed(text):
    """Say what starts, and how long it took when it is done."""
    say(f"{text} …")
    start = time.monotonic()
    yield
    say(f"{text}: done in {time.monotonic() - start:.1f} s")


def run(command, **options):
    """Run a program silently; on failure raise a Problem with the end of its output."""
    try:
        done = subprocess.run(
            [str(part) for part in command],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=options.pop("stdin", subprocess.DEVNULL),
            text=True,
            **options,
        )
    except OSError as error:
        raise Problem(f"{command[0]} could not be started: {error.strerror}") from error
    if done.returncode:
        tail = "\n".join(done.stdout.strip().splitlines()[-15:])
        raise Problem(f"{Path(command[0]).name} failed (exit {done.returncode}):\n{tail}")
    return done.stdout


def main(function):
    """Run a script's function; turn what can be expected to go wrong into a message."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # however it is ended: clean up
        signal.signal(number, signal.default_int_handler)
    try:
        sys.exit(function(sys.argv[1:]) or 0)
    except KeyboardInterrupt:
        fail("stopped", code=130)
    except Problem as problem:
        fail(str(problem))
    except OSError as error:
        fail(f"{error.strerror}: {error.filename or ''} (is the disk full or read-only?)")


def log_file(name):
    """Return the path of a log in the cache, made empty."""
    folder = cache_dir() / "logs"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.log"
    path.write_text("")
    return path


def tail(path, lines=25):
    """Return the end of a log."""
    return "\n".join(Path(path).read_text(errors="replace").splitlines()[-lines:])


@contextlib.contextmanager
def lock(name):
    """Hold a lock that other processes of this environment wait for."""
    folder = cache_dir() / "locks"
    folder.mkdir(exist_ok=True)
    with open(folder / f"{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"waiting for another process that prepares '{name}'")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def is_complete(folder, content=None):
    """Say whether a folder was finished, and (if content is given) finished with that content."""
    stamp = Path(folder) / STAMP
    return stamp.is_file() and (content is None or stamp.read_text() == content)


def mark_complete(folder, content=""):
    """Record that a folder is finished: the last thing that is written into it."""
    unfinished = Path(folder) / f"{STAMP}.tmp"
    unfinished.write_text(content)
    unfinished.replace(Path(folder) / STAMP)


@contextlib.contextmanager
def build_folder(final):
    """Give a folder to fill; it gets its name only when everything in it succeeded."""
    final = Path(final)
    work = final.with_name(f"{final.name}.part")
    remove(work)
    work.mkdir(parents=True)
    try:
        yield work
    except BaseException:
        remove(work)
        raise
    remove(final)
    work.replace(final)


def remove(path):
    """Remove a file or folder if it is there."""
    path = Path(path)
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def digest(*parts):
    """Return a short hash of texts and of the contents of files and folders."""
    result = hashlib.sha256()
    for part in parts:
        for text in _contents(part):
            result.update(text)
            result.update(b"\0")
    return result.hexdigest()[:12]


def _contents(part):
    """Yield the bytes that decide the hash of a text, a file, or all files of a folder."""
    if not isinstance(part, Path):
        yield str(part).encode()
    elif part.is_dir():
        for path in sorted(part.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield str(path.relative_to(part)).encode()
                yield path.read_bytes()
    else:
        yield part.read_bytes()
