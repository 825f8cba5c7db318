"""The tests inside Odoo, all of them: in batches of files, on as many copies of one database as
there are cores. The long files come first and the batches grow smaller, so that no core waits for
the other in the end."""

import concurrent.futures
import contextlib
import os
import queue
import re

import template
from common import ADDON

CLASS = re.compile(r"^class (Test\w+)\(", re.MULTILINE)
# Files whose tests take longest; what is not named here goes along in batches by size.
SLOW = (
    "test_canary",
    "test_access_rights",
    "test_views",
    "test_company_isolation",
    "test_policy_terms",
)
SMALLEST = 40_000  # bytes of source of a batch: starting Odoo takes ten seconds
AT_MOST = 4  # processes


def make_batches(count):
    """Return the tags of batches of test files for some processes, the slow ones first."""
    files = sorted((template.addon_folder() / "tests").rglob("test_*.py"))
    slow = [file for file in files if file.name.startswith(SLOW)]
    others = [file for file in files if file not in slow]
    batches = [slow[first::count] for first in range(count)]
    left, room = sum(size_of(file) for file in others), 0
    for file in others:
        if room <= 0:
            batches.append([])
            room = max(SMALLEST, left // (2 * count))
        batches[-1].append(file)
        room -= size_of(file)
        left -= size_of(file)
    return [tags for batch in batches if (tags := make_tags(batch))]


def size_of(file):
    """Return how large a file is: about as long as its tests take."""
    return file.stat().st_size


def make_tags(files):
    """Return what selects the test classes of some files."""
    names = [name for file in files for name in CLASS.findall(file.read_text())]
    return ",".join(f"/{ADDON}:{name}" for name in names)


def run_batches(ready, source, run, beside):
    """Run all batches, each core on a copy of its own of an installed database.

    :param run: called with a database, tags and the number of the batch; returns a Result
    :param beside: other tests, which wait for browsers and clocks much of the time
    :return: list of Results, and what `beside` returned
    """
    count = max(1, min(os.cpu_count() or 1, AT_MOST))
    batches = queue.SimpleQueue()
    for number, tags in enumerate(make_batches(count), 1):
        batches.put((number, tags))

    def work(database):
        results = []
        with contextlib.suppress(queue.Empty):
            while True:
                number, tags = batches.get_nowait()
                results.append(run(database, tags, number))
        return results

    with contextlib.ExitStack() as stack:
        copies = [
            stack.enter_context(template.temporary_copy(ready, source, f"test{number}"))
            for number in range(1, count)
        ]
        with concurrent.futures.ThreadPoolExecutor(count + 1) as pool:
            other = pool.submit(beside)
            lists = pool.map(work, [source, *copies])
            return [result for results in lists for result in results], other.result()
