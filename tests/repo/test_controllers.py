"""Controllers that share a base become one class in the platform: a method of the one would replace
a method of the same name in the other, without a word."""

import ast
from collections import Counter
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "klachtenbeheer/controllers"


def get_methods(sources):
    """Count (base, method) over all controllers."""
    classes = [
        found
        for text in sources
        for found in ast.parse(text).body
        if isinstance(found, ast.ClassDef)
    ]
    return Counter(
        (ast.unparse(base), part.name)
        for found in classes
        for base in found.bases
        for part in found.body
        if isinstance(part, ast.FunctionDef)
    )


def test_no_controller_replaces_a_method_of_another():
    found = get_methods(path.read_text() for path in FOLDER.glob("*.py"))
    assert len(found) > 50
    assert not [name for name, count in found.items() if count > 1]


def test_the_check_finds_one():
    twice = ("class A(B):\n    def f(self): ...", "class C(B):\n    def f(self): ...")
    assert get_methods(twice) == {("B", "f"): 2}
