"""The last line of `make test` has to be true: what broke off is no success."""

import pytest
import test_results

LOG = "2026-11-21 04:00:00,000 123 {level} some_database odoo.{logger}: {text} \n"
SUM = "{} failed, {} error(s) of {} tests when loading database 'some_database'"


def log(*entries):
    """Return a log from (level, text) pairs."""
    return "".join(LOG.format(level=level, logger="tests", text=text) for level, text in entries)


def counted(tmp_path, text, exit_code=0):
    """Return what is counted in a log: passed, failed, skipped."""
    path = tmp_path / "odoo.log"
    path.write_text(text)
    result = test_results.from_odoo("Odoo", path, exit_code)
    return result.passed, result.failed, result.skipped


@pytest.mark.parametrize(
    ("entries", "exit_code", "expected"),
    [
        ([("INFO", SUM.format(0, 0, 12))], 0, (12, 0, 0)),
        ([("ERROR", SUM.format(1, 2, 12))], 1, (9, 3, 0)),
        ([("INFO", SUM.format(0, 0, 12)), ("INFO", "skipped TestX.test_y : no")], 0, (11, 0, 1)),
        # A class that can't be set up is a failure, and none of its tests ran.
        (
            [("ERROR", "ERROR: setUpClass (TestX)"), ("ERROR", SUM.format(0, 1, 12))],
            1,
            (12, 1, 0),
        ),
        (
            [("INFO", "skipped setUpClass (TestX) : no"), ("INFO", SUM.format(0, 0, 3))],
            0,
            (3, 0, 1),
        ),
        # No sum: Odoo stopped before the end. A sum without failures and a bad exit: after it.
        ([("INFO", "Starting TestX.test_y ...")], 0, (0, 1, 0)),
        ([("INFO", SUM.format(0, 0, 12))], 255, (12, 1, 0)),
        ([("WARNING", SUM.format(0, 0, 0))], 0, (0, 0, 0)),
    ],
)
def test_odoo_results_are_counted(tmp_path, entries, exit_code, expected):
    assert counted(tmp_path, log(*entries), exit_code) == expected


def test_warnings_are_found_with_the_lines_that_belong_to_them(tmp_path):
    path = tmp_path / "install.log"
    quiet, loud = log(("INFO", "loading")), log(("WARNING", "two fields"))
    path.write_text(quiet + loud + "a second line\n" + quiet + "no part of it\n")
    assert test_results.loud_lines(path) == [loud.rstrip("\n"), "a second line"]


REPORT = '<testsuites><testsuite tests="{}" failures="{}" errors="{}" skipped="{}"/></testsuites>'


@pytest.mark.parametrize(
    ("report", "exit_code", "expected"),
    [
        (REPORT.format(5, 0, 0, 1), 0, (4, 0, 1)),
        (REPORT.format(5, 1, 1, 0), 1, (3, 2, 0)),
        (REPORT.format(0, 0, 0, 0), 5, (0, 0, 0)),
        (REPORT.format(5, 0, 0, 0), 3, (5, 1, 0)),
        (None, 2, (0, 1, 0)),
    ],
)
def test_pytest_results_are_counted(tmp_path, report, exit_code, expected):
    path = tmp_path / "report.xml"
    if report:
        path.write_text(report)
    result = test_results.from_pytest("pytest", path, exit_code)
    assert (result.passed, result.failed, result.skipped) == expected
