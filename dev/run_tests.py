"""Runs the tests: pure ones, those inside Odoo, and those of the whole system. See `make help`."""

import os
import shlex
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial

import claims
import environment
import odoo_tests
import system
import template
import test_results
from common import ADDON, REPO, log_file, main, remove, say, timed
from test_results import Result

UNIT, WHOLE = REPO / "tests/unit", REPO / "tests"
SYSTEMS = 2  # processes for the whole-system tests, in which much waits for browsers and clocks
BUILD_WORLD = f"{(WHOLE / 'e2e/world.py').read_text()}\nbuild(env)\n"


def run_tests(_arguments):
    """Run what TAGS (Odoo tests) or ARGS (pytest) select, or everything; return the exit code."""
    start = time.monotonic()
    tags, arguments = os.environ.get("TAGS"), os.environ.get("ARGS")
    with environment.ready() as ready:
        system.ensure(system.FOR_TESTS)
        if arguments:
            results = [Pytest(ready, "pytest", shlex.split(arguments), shown=True).result()]
        elif tags:
            results = odoo_suites(ready, tags)
        else:
            results = everything(ready)
    return report(results, time.monotonic() - start)


def everything(ready):
    """Run all suites; the pure tests run on the second core while Odoo installs the addon."""
    pure = Pytest(ready, "pure tests", [str(UNIT)])
    try:
        with template.temporary_copy(ready, template.ensure_template(ready), "test") as name:
            with timed("installing the addon"):
                installed = install_suite(ready, name)
            others = [] if installed.failed > 1 else in_database(ready, name)
    except BaseException:
        pure.stop()
        raise
    return [pure.result(), installed, *others]


def in_database(ready, name):
    """Run the tests inside Odoo, and beside them those of the whole system; return both results.

    :param name: a database with the addon freshly installed, to be copied only
    """
    ready.script(name, odoo_tests.MAKE_ASSETS)
    with (
        tempfile.TemporaryDirectory() as folder,
        template.temporary_copy(ready, name, "world") as world,
    ):
        os.environ[claims.FOLDER] = folder
        with odoo_tests.workers(ready, name, partial(odoo_suite, ready)) as in_odoo:
            ready.script(world, BUILD_WORLD)
            os.environ.update({"TEST_INSTALLED": name, "TEST_WORLD": world})
            whole = [whole_system_tests(ready, number) for number in range(1, SYSTEMS + 1)]
            try:
                results = [run.result() for run in whole], in_odoo()
            except BaseException:
                for run in whole:
                    run.stop()
                raise
    names = ("whole-system tests", "Odoo tests")
    return [
        replace(test_results.total(found), name=name)
        for found, name in zip(results, names, strict=True)
    ]


def whole_system_tests(ready, number):
    """Start a process for the tests of the whole system, which takes what no other one has."""
    arguments = [str(WHOLE), f"--ignore={UNIT}"]
    return Pytest(ready, f"whole-system tests {number}", arguments)


def report(results, seconds):
    """Print each suite's result and, as the very last line, the sum; return the exit code."""
    print()
    for result in results:
        print(f"   {result}")
    found = test_results.total(results)
    if found.skipped:
        print(f"   {found.skipped} skipped")
    if not found.passed + found.failed:
        print("   no test ran")
    print(f"   {seconds:.0f} s\n")
    print(f"{found.passed} passed, {found.failed} failed", flush=True)
    return 1 if found.failed or not found.passed else 0


class Pytest:
    """One run of pytest, started at once, with the result read from its report."""

    def __init__(self, ready, name, arguments, *, shown=False):
        """Start it; its output is shown as it comes, or at the end."""
        self.name = name
        slug = f"{name.replace(' ', '-')}-{os.getpid()}"
        self.log = None if shown else log_file(slug)
        self.report = log_file(f"{slug}-report")
        remove(self.report)
        variables = {**os.environ, **ready.variables()}
        output = sys.stdout if shown else self.log.open("w")
        self.process = subprocess.Popen(
            [str(ready.python), "-m", "pytest", "-q", f"--junit-xml={self.report}", *arguments],
            cwd=REPO,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=ready.kept_open(),
        )

    def result(self):
        """Wait for it and return its result."""
        code = environment.wait(self.process)
        if self.log:
            print(f"\n== {self.name}\n{self.log.read_text().rstrip()}", flush=True)
        return test_results.from_pytest(self.name, self.report, code)

    def stop(self):
        """End it before its time."""
        environment.stop(self.process)


def odoo_suites(ready, tags):
    """Install the addon on a copy of the template, run some of its tests; return the results."""
    with template.temporary_copy(ready, template.ensure_template(ready), "test") as name:
        installed = install_suite(ready, name)
        if installed.failed > 1:
            return [installed]
        return [installed, odoo_suite(ready, name, tags)]


def install_suite(ready, name):
    """Install the addon, without a warning: a test by itself. Not at all: two failures."""
    arguments = ["-d", name, "-i", ADDON, "--stop-after-init", "--no-http"]
    code, log = ready.logged(f"install-{os.getpid()}", arguments)
    complaints = test_results.loud_lines(log)
    for line in complaints:
        print(line)
    state = ready.database.sql(f"SELECT state FROM ir_module_module WHERE name = '{ADDON}'", name)
    if code or state != "installed":
        print(
            f"the addon does not install (exit {code}, state {state or 'unknown'}); the log: {log}"
        )
        return Result("installation", failed=2)
    return Result("installation", failed=1) if complaints else Result("installation", passed=1)


def odoo_suite(ready, name, tags, worker=None):
    """Run tests inside Odoo on an installed database.

    :param worker: the number of one of the processes that share the tests
    """
    path = log_file(f"odoo-tests-{os.getpid()}-{worker or 1}")
    say(f"Odoo tests; the whole log: {path}")
    arguments = [
        "-d",
        name,
        "--test-tags",
        tags,
        "--stop-after-init",
        "--http-port",
        system.free_port(),
    ]
    process = ready.start(
        arguments,
        program=[odoo_tests.WORKER] if worker else ["-m", "odoo"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    with open(path, "w") as log:
        try:
            show(process.stdout, log)
        except KeyboardInterrupt:
            environment.stop(process)
            raise
    return test_results.from_odoo("Odoo tests", path, environment.wait(process))


def show(lines, log):
    """Write a log to its file; show its loud lines, and one line per test class."""
    loud, shown_class = False, None
    for line in lines:
        log.write(line)
        parts = test_results.LOG_LINE.match(line)
        if parts:
            loud = (
                parts["level"] in test_results.LOUD
                or parts["logger"].endswith(test_results.TABLE)
                or bool(os.environ.get("VERBOSE"))
            )
            started = (
                parts["text"].startswith("Starting Test") and parts["text"].split()[1].split(".")[0]
            )
            if started and started != shown_class:
                shown_class = started
                print(f"   {started}", flush=True)
        if loud:
            print(line, end="", flush=True)


if __name__ == "__main__":
    main(run_tests)
