"""Measures the main operations, and OCA's helpdesk on the same database server. See `make help`."""

import json
import subprocess
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
    main,
    mark_complete,
    run,
    say,
    timed,
)

BENCH = Path(__file__).resolve().parent / "bench"
# AGPL-3: unpacked beside us and run for comparison, never copied, never a dependency.
PEERS = ("odoo-addon-helpdesk-mgmt==19.0.1.3.2", "odoo-addon-helpdesk-mgmt-sla==19.0.1.0.0.4")
PEER_MODULES = ("helpdesk_mgmt", "helpdesk_mgmt_sla")
MARK = "FIGURES "
AIMS = {"one": "≥ 2", "bulk": "≥ 10", "job": "< 1.3"}
CODE = """
import json, sys
sys.path.insert(0, {folder!r})
import {side}
print({mark!r} + json.dumps({side}.run(env)))
"""


def bench(_arguments):
    """Measure both sides one after the other, and print the figures."""
    with environment.ready() as ready:
        system.ensure(system.FOR_LETTERS)
        source = template.ensure_template(ready)
        peer = measure_peer(ready, source)
        ours = measure_ours(ready, source)
    print(table(ours, peer))


def measure_ours(ready, source):
    """Return our figures."""
    with template.temporary_copy(ready, source, "bench") as name:
        template.install(ready, name, "bench-install")
        with timed("measuring klachtenbeheer"):
            return figures(ready, name, "ours", ready.config())


def measure_peer(ready, source):
    """Return the peer's figures, or None when its packages can't be had."""
    try:
        config = ready.config(addons=(peer_addons(ready),))
    except Problem as problem:
        say(f"no comparison: {problem}")
        return None
    with template.temporary_copy(ready, source, "peer") as name:
        template.install(ready, name, "peer-install", config, PEER_MODULES)
        with timed("measuring OCA helpdesk_mgmt + helpdesk_mgmt_sla"):
            return figures(ready, name, "peer", config)


def figures(ready, name, side, config):
    """Run one side's script in a database and return what it measured; show what else it says."""
    code = CODE.format(folder=str(BENCH), side=side, mark=MARK)
    output = ready.script(name, code, config, on_line=show)
    found = [line for line in output.splitlines() if line.startswith(MARK)]
    if not found:
        raise Problem(f"dev/bench/{side}.py gave no figures.")
    return json.loads(found[-1].removeprefix(MARK))


def show(line):
    """Print a line that is no result."""
    if not line.startswith(MARK):
        print(line, flush=True)


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


def table(ours, peer):
    """Return the figures as text."""
    ratio = ours["job_large"] / ours["job_small"]
    lines = [
        "",
        f"{revision()}; medians",
        "",
        f"{'':34}{'klachtenbeheer':>16}{'helpdesk + SLA':>16}{'ratio':>8}{'aim':>8}",
        creation_row("created one by one, in a row", "one", ours, peer),
        creation_row("created, each in a transaction", "request", ours, peer),
        creation_row("created in one call of 1,000", "bulk", ours, peer),
        plain_row("queries for one in a row", "queries", ours, peer),
        plain_row("terms or service levels of one", "terms", ours, peer),
        "",
        f"{'daily job, 10 due of 1,000':34}{milliseconds(ours['job_small']):>16}",
        f"{'daily job, 10 due of 100,000':34}{milliseconds(ours['job_large']):>16}"
        f"{'':16}{ratio:>8.2f}{AIMS['job']:>8}",
        f"{'letter as PDF':34}{milliseconds(ours['letter']):>16}",
        "",
    ]
    return "\n".join(f"   {line}" for line in lines)


def milliseconds(seconds):
    """Return a duration as text."""
    return f"{seconds * 1000:.1f} ms"


def plain_row(label, key, ours, peer):
    """Return the line of a count."""
    return f"{label:34}{ours[key]:>16}{peer[key] if peer else '':>16}"


def creation_row(label, key, ours, peer):
    """Return the line of one way of creating records."""
    line = f"{label:34}{milliseconds(ours[key]):>16}"
    if not peer:
        return line
    ratio = f"{peer[key] / ours[key]:.1f}"
    return f"{line}{milliseconds(peer[key]):>16}{ratio:>8}{AIMS.get(key, ''):>8}"


def revision():
    """Return which state of the repository was measured."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty"], cwd=REPO, capture_output=True, text=True
        )
    except OSError:
        return "unknown revision"
    return done.stdout.strip() or "unknown revision"


if __name__ == "__main__":
    main(bench)
