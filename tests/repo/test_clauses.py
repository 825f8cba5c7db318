"""docs/clauses.csv against the clauses of the five policies and the tests that exist.

A row per clause: `clause,kind,area,status,tests,shown_by`. `kind` is E (the system must enforce
it) or S (it supports it), `area` what the clause is about. `tests` names tests as
`test_file:Class.method` (or `test_file:function`), separated by spaces; `shown_by` tells what else
shows it, what is still missing, or which issue will bring it.

Handling is complete: every clause of it is covered, and every E clause of it by a test.
"""

import ast
import csv
import io
import re
from collections import Counter
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
CLAUSES = REPO / "docs/clauses.csv"
# The clauses themselves, where the checkout has them beside it.
SOURCE = REPO.parent / "shared/spec/clauses.md"
TEST_FOLDERS = (REPO / "klachtenbeheer/tests", REPO / "tests")
HEADER = ["clause", "kind", "area", "status", "tests", "shown_by"]
KINDS = {"E", "S"}
HANDLING = "handling"
AREAS = {HANDLING, "confidentiality", "intake", "policy", "reports", "privacy"}
# How many clauses each source policy has; they are numbered from 1.
SIZES = {"SB": 53, "BA": 41, "SJ": 56, "KK": 50, "BB": 18}
COVERED, PARTLY, OPEN, LATER = "covered", "partly", "open", "later"
ISSUE = re.compile(r"\bissue \d+")
SOURCE_ROW = re.compile(r"^\| ([A-Z]{2}\d+) \|.*?\| ([ES]) \|", re.MULTILINE)


def known_clauses():
    return [f"{prefix}{n}" for prefix, size in SIZES.items() for n in range(1, size + 1)]


def read_rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def existing_tests(folders=TEST_FOLDERS):
    """`file:Class.method` and `file:function` of all tests, with how often each occurs."""
    found = Counter()
    for folder in folders:
        for path in folder.rglob("test_*.py"):
            found.update(f"{path.stem}:{name}" for name in names_of_tests(path.read_text()))
    return found


def names_of_tests(source):
    """Names of test functions at the top level and of test methods in classes."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                if is_test(part):
                    yield f"{node.name}.{part.name}"
        elif is_test(node):
            yield node.name


def is_test(node):
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return isinstance(node, functions) and node.name.startswith("test_")


def problems(rows, tests):
    """What is wrong with the table, as sentences; empty when nothing is."""
    counts = Counter(row["clause"] for row in rows)
    known = known_clauses()
    yield from (f"{clause}: unknown clause" for clause in counts if clause not in set(known))
    yield from (f"{clause}: missing" for clause in known if clause not in counts)
    yield from (f"{clause}: more than once" for clause, count in counts.items() if count > 1)
    for row in rows:
        yield from (f"{row['clause']}: {problem}" for problem in row_problems(row, tests))


def row_problems(row, tests):
    named = row["tests"].split()
    yield from (f"no test {name}" for name in named if not tests[name])
    yield from (f"{name} names more than one test" for name in named if tests[name] > 1)
    if row["status"] in (COVERED, PARTLY):
        if not named and not row["shown_by"]:
            yield "neither a test nor anything else shows it"
    elif row["status"] == LATER:
        if not ISSUE.search(row["shown_by"]):
            yield "later, but in which issue?"
    elif row["status"] != OPEN:
        yield f"status {row['status']!r} does not exist"
    if row["kind"] not in KINDS:
        yield f"kind {row['kind']!r} does not exist"
    if row["area"] not in AREAS:
        yield f"area {row['area']!r} does not exist"
    elif row["area"] == HANDLING:
        yield from handling_problems(row)


def handling_problems(row):
    """Handling is done: nothing of it is left for later, and what is enforced is tested."""
    if row["status"] != COVERED:
        yield "about handling, but not covered"
    if row["kind"] == "E" and not row["tests"].split():
        yield "enforced, but no test shows it"


def test_every_clause_has_a_row_and_every_named_test_exists():
    text = CLAUSES.read_text()
    assert text.splitlines()[0] == ",".join(HEADER)
    assert list(problems(read_rows(text), existing_tests())) == []


def test_rows_are_in_the_order_of_the_policies():
    order = [row["clause"] for row in read_rows(CLAUSES.read_text())]
    assert order == known_clauses()


@pytest.mark.skipif(not SOURCE.exists(), reason="the clauses are not beside this checkout")
def test_kinds_are_those_of_the_clauses():
    expected = dict(SOURCE_ROW.findall(SOURCE.read_text()))
    assert {row["clause"]: row["kind"] for row in read_rows(CLAUSES.read_text())} == expected


def test_every_area_has_clauses():
    assert {row["area"] for row in read_rows(CLAUSES.read_text())} == AREAS


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda rows: rows.pop(0), "SB1: missing"),
        (lambda rows: rows.append(rows[0]), "SB1: more than once"),
        (lambda rows: rows[0].update(clause="SB54"), "SB54: unknown clause"),
        (
            lambda rows: rows[0].update(tests="test_x:X.test_gone"),
            "SB1: no test test_x:X.test_gone",
        ),
        (
            lambda rows: rows[0].update(tests="twice:test_a"),
            "SB1: twice:test_a names more than one",
        ),
        (lambda rows: rows[0].update(status="done"), "SB1: status 'done' does not exist"),
        (lambda rows: rows[0].update(status=LATER), "SB1: later, but in which issue?"),
        (lambda rows: rows[0].update(status=COVERED), "SB1: neither a test nor anything else"),
        (lambda rows: rows[0].update(kind="X"), "SB1: kind 'X' does not exist"),
        (lambda rows: rows[0].update(area="x"), "SB1: area 'x' does not exist"),
        (lambda rows: rows[0].update(area=HANDLING), "SB1: about handling, but not covered"),
        (
            lambda rows: rows[0].update(
                area=HANDLING, kind="E", status=COVERED, shown_by="a screen"
            ),
            "SB1: enforced, but no test",
        ),
    ],
)
def test_the_check_finds(change, problem):
    rows = [
        {
            "clause": clause,
            "kind": "S",
            "area": "reports",
            "status": OPEN,
            "tests": "",
            "shown_by": "",
        }
        for clause in known_clauses()
    ]
    tests = Counter({"twice:test_a": 2})
    assert list(problems(rows, tests)) == []
    change(rows)
    assert any(line.startswith(problem) for line in problems(rows, tests))


def test_tests_are_found_by_file_class_and_name():
    source = (
        "class TestA:\n    def test_b(self): ...\n    def helper(self): ...\ndef test_c(): ...\n"
    )
    assert list(names_of_tests(source)) == ["TestA.test_b", "test_c"]
