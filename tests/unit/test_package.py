"""The package stands on its own, its examples are right, and it is fast enough for bulk work."""

import doctest
import importlib
import subprocess
import sys
from pathlib import Path

import klachtenbeheer_tools
import pytest

MODULES = ("workdays", "terms", "projection", "explain", "suppression")
FOLDER = Path(klachtenbeheer_tools.__file__).parent


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name):
    module = importlib.import_module(f"klachtenbeheer_tools.{name}")
    assert doctest.testmod(module).failed == 0


def test_there_are_docstring_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    modules = [importlib.import_module(f"klachtenbeheer_tools.{name}") for name in MODULES]
    assert sum(len(test.examples) for module in modules for test in finder.find(module)) >= 8


def test_every_exported_name_exists():
    assert all(hasattr(klachtenbeheer_tools, name) for name in klachtenbeheer_tools.__all__)


def test_no_odoo_is_needed():
    """Imported by a path, as a plain package, in a Python that refuses Odoo."""
    script = (
        "import sys; sys.modules['odoo'] = None; sys.path.insert(0, sys.argv[1]); import tools; "
        "print(tools.WorkCalendar().add_workdays(__import__('datetime').date(2026, 4, 2), 5))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(FOLDER.parent)], capture_output=True, text=True
    )
    assert (done.stdout.strip(), done.stderr) == ("2026-04-13", "")
