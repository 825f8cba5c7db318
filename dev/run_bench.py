"""Measures the main operations and screens, and OCA's helpdesk on the same database server, in
turns. See `make help`."""

import contextlib
import json
import os
import statistics
import subprocess
import tempfile
import zipfile
from pathlib import Path

import environment
import system
import template
from common import (
    REPO,
    Problem,
    build_folder,
    cache_dir,
    digest,
    is_complete,
    lock,
    log_file,
    main,
    mark_complete,
    run,
    say,
    tail,
    timed,
)

BENCH = Path(__file__).resolve().parent / "bench"
# AGPL-3: unpacked beside us and run for comparison, never copied, never a dependency.
PEERS = ("odoo-addon-helpdesk-mgmt==19.0.1.3.2", "odoo-addon-helpdesk-mgmt-sla==19.0.1.0.0.4")
PEER_MODULES = ("helpdesk_mgmt", "helpdesk_mgmt_sla")
MARK = "FIGURES "
CODE = """
import sys
sys.path.insert(0, {folder!r})
import measure, {module}
measure.serve({module}.{side}(env), {orders!r})
"""
ROLES = ("coordinator", "handler")
SCREENS = (
    "list of all",
    "list of open",
    "board by stage",
    "count",
    "groups by stage",
    "search by name",
    "search box",
    "start page",
    "dashboard",
    "measures",
)
SMALL, LARGE = 1_000, int(os.environ.get("LARGE") or 100_000)
ROUNDS = int(os.environ.get("ROUNDS") or 5)
ONLY = os.environ.get("ONLY")  # a word: nothing but the work that has it in its name, ours alone
# work: (label, rounds, times in a round, what it should be)
CREATION = {
    "one": ("created one by one, in a row", ROUNDS, 20, "≥ 2"),
    "request": ("created, each in a transaction", ROUNDS, 20, "≥ 2"),
    "bulk": ("created in one call of 200", min(ROUNDS, 3), 1, "≥ 10"),
}
OWN = {
    "job": ("daily job, of each due dossier", min(ROUNDS, 3), 1, "≤ 10 ms"),
    "retention": ("anonymising, of each due dossier", min(ROUNDS, 3), 1, "≤ 10 ms"),
    "retention idle": ("retention when nothing is due", ROUNDS, 20, "≤ 5 ms"),
    "letter": ("letter as PDF", 1, 9, ""),
    "report": ("figures of a half-year report", min(ROUNDS, 3), 1, "≤ 1.5 × SQL"),
    "report sql": ("the same in bare SQL", min(ROUNDS, 3), 1, ""),
}
LARGE_TOO = ("job", "retention", "retention idle", "report", "report sql")
AIMS = {
    "list of open": "≤ 25 ms",
    "search by name": "≤ 10 ms",
    "start page": "≤ 60 ms",
    "dashboard": "≤ 300 ms",
    "measures": "≤ 60 ms",
    "count": "≥ 1",
    "groups by stage": "≥ 1",
}
SCREEN_TIMES = 5


def bench(_arguments):
    """Measure both sides in turns, and print the figures."""
    with environment.ready() as ready, contextlib.ExitStack() as stack:
        system.ensure(system.FOR_LETTERS)
        source = template.ensure_template(ready)
        ours = stack.enter_context(open_ours(ready, source))
        peer = None if ONLY else stack.enter_context(open_peer(ready, source))
        print(f"\n   {revision()}; medians of {ROUNDS} rounds, in turns\n", flush=True)
        measure_all([side for side in (ours, peer) if side])


def measure_all(sides):
    """Measure everything, in a small register and in a large one, and print each line."""
    grow(sides, SMALL)
    measure_works(sides, CREATION | OWN)
    measure_report(sides)
    measure_works(sides, screens())
    grow(sides, LARGE)
    measure_works(sides, CREATION | {name: OWN[name] for name in LARGE_TOO})
    measure_report(sides)
    measure_works(sides, screens())


def screens():
    """Return the screens as each role asks for them, like CREATION."""
    return {
        f"{screen}, {role}": (f"{screen}, {role}", ROUNDS, SCREEN_TIMES, AIMS.get(screen, ""))
        for screen in SCREENS
        for role in ROLES
    }


def grow(sides, size):
    """Fill both registers, and say how large they are now."""
    with timed(f"filling registers of {size}"):
        for side in sides:
            side.order("grow", size)
        counts = [side.answer() for side in sides]
    heading = " beside ".join(f"{count:,}" for count in counts)
    print(
        f"\n   {heading:38}{'ours':>10}{'cpu':>9}{'queries':>8}{'peer':>12}{'cpu':>9}{'queries':>8}"
        f"{'ratio':>8}  {'from – to':12}{'of cpu':>7}  aim",
        flush=True,
    )


# ---------------------------------------------------------------- measuring


def measure_report(sides):
    """Print how much the figures of a report cost beside bare SQL, in time and in memory."""
    if not is_wanted("report"):
        return
    ours = sides[0]
    ours.order("compare", "report", "report sql", ROUNDS)
    ratio = ours.answer()
    ours.order("memory", "report")
    megabytes = ours.answer()
    print(f"   {'figures of that report / bare SQL':38}{ratio:>10.2f}{'':80} ≤ 1.5")
    print(f"   {'memory that they take':38}{megabytes:>7.1f} MB{'':80} flat", flush=True)


def is_wanted(name):
    """Say whether some work is among what is asked for."""
    return not ONLY or ONLY in name


def measure_works(sides, works):
    """Measure some work, one side after the other in each round, and print what came out."""
    for name, (label, rounds, times, aim) in works.items():
        if not is_wanted(name):
            continue
        able = [side for side in sides if name in side.names]
        figures = {side.name: [] for side in able}
        for number in range(rounds):
            for side in able if number % 2 else reversed(able):
                side.order("measure", name, times)
                figures[side.name].append(side.answer())
        print(f"   {row(label, figures, aim)}", flush=True)


def row(label, figures, aim):
    """Return the line of one kind of work."""
    line = f"{label:38}{columns(figures['ours'])}"
    if "peer" not in figures:
        return f"{line}{'':57} {aim}".rstrip()
    ratios = sorted(ratios_of(figures, "seconds"))
    spread = f"{ratios[0]:.1f} – {ratios[-1]:.1f}"
    of_cpu = statistics.median(ratios_of(figures, "cpu"))
    return (
        f"{line}  {columns(figures['peer'])}{statistics.median(ratios):>8.1f}  {spread:12}"
        f"{of_cpu:>7.1f}  {aim}"
    ).rstrip()


def ratios_of(figures, key):
    """Return how many times the peer needs what we need, round by round."""
    pairs = zip(figures["ours"], figures["peer"], strict=True)
    return [peer[key] / ours[key] for ours, peer in pairs]


def columns(rounds):
    """Return milliseconds passed and of processor, and queries, as text."""
    seconds, cpu, queries = (
        statistics.median(figure[key] for figure in rounds) for key in ("seconds", "cpu", "queries")
    )
    return f"{seconds * 1000:>7.1f} ms{cpu * 1000:>6.1f} ms{queries:>8g}"


# ---------------------------------------------------------------- the two sides


class SideProcess:
    """A process of Odoo that does what it is ordered: lines in by a named pipe, answers out."""

    def __init__(self, name, process, pipe, log):
        self.name, self.process, self.pipe, self.log = name, process, pipe, log
        self.order("names")
        self.names = self.answer()

    def order(self, *order):
        """Ask for something."""
        self.pipe.write(json.dumps(order) + "\n")
        self.pipe.flush()

    def answer(self):
        """Wait for the answer to an order."""
        for line in self.process.stdout:
            if line.startswith(MARK):
                return json.loads(line.removeprefix(MARK))
            print(line, end="", flush=True)
        raise Problem(f"dev/bench/{self.name}.py failed:\n{tail(self.log)}")


@contextlib.contextmanager
def open_side(ready, database, name, config):
    """Give a SideProcess that works in a database, and end it."""
    log = log_file(f"bench-{name}")
    with tempfile.TemporaryDirectory() as folder, open(log, "w") as errors:
        orders = Path(folder) / "orders"
        os.mkfifo(orders)
        process = ready.start(
            ["shell", "-d", database, "--no-http", "--log-level=warn"],
            config,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
        code = CODE.format(
            folder=str(BENCH), module=name, side=name.capitalize(), orders=str(orders)
        )
        process.stdin.write(code)
        process.stdin.close()
        # open for reading as well: that doesn't wait for a process that may have failed
        with open(os.open(orders, os.O_RDWR), "w") as pipe:
            try:
                yield SideProcess(name, process, pipe, log)
            finally:
                environment.stop(process)


@contextlib.contextmanager
def open_ours(ready, source):
    """Give our side."""
    with template.temporary_copy(ready, source, "bench") as database:
        template.install(ready, database, "bench-install")
        with open_side(ready, database, "ours", ready.config()) as side:
            yield side


@contextlib.contextmanager
def open_peer(ready, source):
    """Give the peer's side, or None when its packages can't be had."""
    try:
        config = ready.config(addons=(peer_addons(ready),))
    except Problem as problem:
        say(f"no comparison: {problem}")
        yield None
        return
    with template.temporary_copy(ready, source, "peer") as database:
        template.install(ready, database, "peer-install", config, PEER_MODULES)
        with open_side(ready, database, "peer", config) as side:
            yield side


def peer_addons(ready):
    """Return the folder with the peer's addons, fetched once."""
    place = cache_dir() / "peers"
    key = digest(*PEERS)
    with lock("peers"):
        if not is_complete(place, key):
            with timed("fetching the peer's packages (once)"), build_folder(place) as folder:
                pip = [ready.python, "-m", "pip", "download", "--quiet", "--no-deps", "--pre"]
                run([*pip, "--dest", folder, *PEERS])
                for wheel in folder.glob("*.whl"):
                    with zipfile.ZipFile(wheel) as archive:
                        archive.extractall(folder)
                mark_complete(folder, key)
    return place / "odoo/addons"


def revision():
    """Return which state of the repository is measured."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=REPO, capture_output=True, text=True
        )
    except OSError:
        return "unknown revision"
    return done.stdout.strip() or "unknown revision"


if __name__ == "__main__":
    main(bench)
