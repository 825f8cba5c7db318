"""The tests inside Odoo, all of them: on as many copies of one database as there are cores, each
with a process that takes class after class until none is left."""

import concurrent.futures
import contextlib
import os
from pathlib import Path

import template
from common import ADDON

WORKER = Path(__file__).with_name("odoo_worker.py")
AT_MOST = 4  # processes
EVERYTHING = f"/{ADDON}"

# What pages load: scripts and styles are put together once, not by each who opens a page.
MAKE_ASSETS = """
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""


@contextlib.contextmanager
def workers(ready, source, run):
    """Start the tests, each core on a copy of its own of an installed database.

    :param run: called with a database, tags and a number; returns a Result
    :return: a function that waits for them and returns their Results
    """
    count = max(1, min(os.cpu_count() or 1, AT_MOST))
    with contextlib.ExitStack() as stack:
        names = [
            stack.enter_context(template.temporary_copy(ready, source, f"test{number}"))
            for number in range(1, count + 1)
        ]
        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(count))
        results = [pool.submit(run, name, EVERYTHING, n) for n, name in enumerate(names, 1)]
        yield lambda: [result.result() for result in results]
