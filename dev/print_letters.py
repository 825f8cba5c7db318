"""Prints letters of every kind under every policy as PDF, to be read as a recipient reads them.

They are made on a database that is thrown away, in a folder of their own. See `make help`.
"""

import os
import shutil

import environment
import run_tests
import system
import template
from common import Problem, cache_dir, main, say, timed

TAGS = "print_letters"


def print_letters(_arguments):
    """Fill the folder with the letters and say where it is."""
    folder = cache_dir() / "letters" / os.environ.get("LETTERS", "all")
    shutil.rmtree(folder, ignore_errors=True)
    os.environ["KLACHTENBEHEER_LETTERS"] = str(folder)
    with environment.ready() as ready:
        system.ensure(system.FOR_LETTERS)
        source = template.ensure_template(ready)
        with template.temporary_copy(ready, source, "letters") as name:
            with timed("installing the addon"):
                template.install(ready, name, "letters")
            result = run_tests.odoo_suite(ready, name, TAGS)
    letters = sorted(folder.glob("*.pdf"))
    if result.failed or not letters:
        raise Problem(f"not every letter was printed ({len(letters)} are in {folder})")
    say(f"{len(letters)} letters are in {folder}")


main(print_letters)
