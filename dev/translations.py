"""Brings the addon's terms up to date: klachtenbeheer.pot from a database, nl.po from that.

Without an argument a fresh database is made for it; with one, the database of that name is read,
which has to have the addon as it is now. Prints what is still without Dutch. See `make help`.
"""

import os
import subprocess
from pathlib import Path

import environment
import template
from common import ADDON, Problem, main, say, tail

MERGE = Path(__file__).resolve().parent / "merge_terms.py"


def update(arguments):
    """Export the terms and merge them into nl.po; return 1 if one is without Dutch."""
    if len(arguments) > 1:
        raise Problem("usage: dev/translations.py [DATABASE]")
    with environment.ready() as ready:
        if arguments:
            export(ready, *arguments)
        else:
            source = template.ensure_template(ready)
            with template.temporary_copy(ready, source, "terms") as name:
                template.install(ready, name, "terms-install")
                export(ready, name)
        return subprocess.call([str(ready.python), str(MERGE)], env=os.environ | ready.variables())


def export(ready, name):
    """Let Odoo write the .pot from a database; it puts the file into the addon."""
    say(f"reading the terms from {name}")
    # The module comes first: -l takes all that follows it.
    code, log = ready.logged("terms", ["i18n", "export", "-d", name, ADDON, "-l", "pot"])
    if code:
        raise Problem(f"Odoo could not export the terms (exit {code}). {log}:\n{tail(log)}")


main(update)
