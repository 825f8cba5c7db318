"""Reads what test runs reported, and adds it up."""

import re
import xml.etree.ElementTree
from dataclasses import dataclass
from pathlib import Path

LOG_LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \S+ \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+): (?P<text>.*)"
)
TOTALS = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading database")
CLASS_FAILED = re.compile(r": (?:ERROR|FAIL): (?:setUpClass|tearDownClass) \(")
CLASS_SKIPPED = re.compile(r": skipped setUpClass \(")
TEST_SKIPPED = re.compile(r": skipped \w+\.\w+ : ")
NO_TESTS = 5  # pytest's exit code when it found none
LOUD = ("WARNING", "ERROR", "CRITICAL")
TABLE = ".table"  # what a test shows under a logger of this name is printed


@dataclass
class Result:
    """How many tests of a suite passed, failed and were skipped."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __str__(self):
        """Return one line for people."""
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.name}: {self.passed} passed, {self.failed} failed{skipped}"


def total(results):
    """Return the sum of some results."""
    return Result(
        "total",
        passed=sum(result.passed for result in results),
        failed=sum(result.failed for result in results),
        skipped=sum(result.skipped for result in results),
    )


def from_pytest(name, report, exit_code):
    """Return pytest's result from its report; a run that broke off is one failure."""
    if not Path(report).is_file():
        return Result(name, failed=1)
    suites = xml.etree.ElementTree.parse(report).getroot().iter("testsuite")
    counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in suites:
        for key in counts:
            counts[key] += int(suite.get(key, 0))
    failed = counts["failures"] + counts["errors"]
    passed = max(counts["tests"] - failed - counts["skipped"], 0)
    broke_off = exit_code not in (0, 1, NO_TESTS) and not failed
    return Result(name, passed, failed + broke_off, counts["skipped"])


def from_odoo(name, log, exit_code):
    """Return the result of Odoo's tests from the log; a run that broke off is one failure."""
    text = Path(log).read_text(errors="replace")
    found = TOTALS.findall(text)
    failures, errors, run = (sum(int(row[column]) for row in found) for column in range(3))
    broke_off = not found or (exit_code and not failures + errors)
    # What goes wrong or is skipped for a class as a whole is no test that ran.
    failed_tests = failures + errors - len(CLASS_FAILED.findall(text))
    skipped_tests = len(TEST_SKIPPED.findall(text))
    return Result(
        name,
        passed=max(run - max(failed_tests, 0) - skipped_tests, 0),
        failed=failures + errors + bool(broke_off),
        skipped=skipped_tests + len(CLASS_SKIPPED.findall(text)),
    )


def loud_lines(log):
    """Return the warnings and errors in a log, with the lines that belong to them."""
    found, keep = [], False
    for line in Path(log).read_text(errors="replace").splitlines():
        parts = LOG_LINE.match(line)
        if parts:
            keep = parts["level"] in LOUD
        if keep:
            found.append(line)
    return found
