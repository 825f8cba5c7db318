"""Databases made by copying: a template with everything the addon stands on, and copies of it.

Making a database with mail, portal and rating takes most of a minute, copying one takes a second.
The template is made anew only when Odoo, the Python packages or the addon's dependencies change.
"""

import ast
import contextlib
import os
import shutil
from pathlib import Path

from common import ADDON, REPO, Problem, digest, lock, remove, say, tail, timed
from environment import data_dir
from python_env import runtime_digest

PREFIX = "klachtenbeheer_tpl_"
KEPT = 3
TEMPORARY = "klachtenbeheer_tmp_"

# Dutch surroundings: language (not forced on users: tests read English sources), country, currency,
# time zone.
SETTLE = """
company = env.ref("base.main_company")
company.write({"country_id": env.ref("base.nl").id})
env.ref("base.EUR").active = True
company.currency_id = env.ref("base.EUR")
users = env["res.users"].with_context(active_test=False).search([])
users.write({"tz": "Europe/Amsterdam"})
env.cr.commit()
"""


def addon_folder():
    """Return the folder of the addon."""
    return REPO / ADDON


def manifest():
    """Return the addon's manifest."""
    path = addon_folder() / "__manifest__.py"
    if not path.is_file():
        raise Problem(f"There is no addon at {path.parent}.")
    return ast.literal_eval(path.read_text())


def ensure_template(ready, modules=None):
    """Return the name of a finished template database with some modules.

    :param ready: the Environment
    :param modules: their names; by default what the addon depends on
    """
    modules = sorted(modules or manifest()["depends"])
    name = PREFIX + digest(ready.odoo.version, runtime_digest(), SETTLE, *modules)
    with lock("template"):
        if not is_intact(ready, name):
            with timed(f"template database with {', '.join(modules)} (once, about a minute)"):
                _make(ready, name, modules)
            _forget_old(ready)
    return name


def _forget_old(ready):
    """Drop all templates but the newest ones."""
    query = "SELECT datname FROM pg_database ORDER BY oid"
    names = [name for name in ready.database.sql(query).split() if name.startswith(PREFIX)]
    for name in names[:-KEPT]:
        drop(ready, name)


def _make(ready, name, modules):
    """Make the template under another name, and give it its own name when everything succeeded."""
    work = f"{name}_part"
    drop(ready, name)
    drop(ready, work)
    arguments = [
        "-d",
        work,
        "-i",
        ",".join(modules),
        "--load-language",
        "nl_NL",
        "--stop-after-init",
        "--no-http",
    ]
    code, log = ready.logged("template", arguments)
    if code:
        raise Problem(
            f"Odoo could not make the template database (exit {code}). "
            f"The end of {log}:\n{tail(log)}"
        )
    ready.script(work, SETTLE)
    rename(ready, work, name)


def is_intact(ready, name):
    """Say whether a database is there, with its files."""
    return ready.database.exists(name) and filestore(name).is_dir()


def filestore(name):
    """Return the folder with the attachments of a database."""
    return data_dir() / "filestore" / name


def copy(ready, source, target):
    """Make a database as a copy of another. Attachments never change, so they are linked."""
    drop(ready, target)
    ready.database.copy(source, target)
    shutil.copytree(filestore(source), filestore(target), copy_function=_link)


def _link(source, target):
    """Link a file, or copy it where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def rename(ready, old, new):
    """Give a database another name, attachments included."""
    drop(ready, new)
    if filestore(old).is_dir():
        filestore(old).rename(filestore(new))
    else:
        filestore(new).mkdir(parents=True)
    ready.database.rename(old, new)


def drop(ready, name):
    """Drop a database with its attachments, if it is there."""
    ready.database.drop(name)
    remove(filestore(name))


@contextlib.contextmanager
def temporary_copy(ready, source, purpose):
    """Give a copy of a database that is dropped afterwards (KEEP=1 keeps it and says its name)."""
    name = f"{TEMPORARY}{purpose}_{os.getpid()}"
    _drop_orphans(ready)
    copy(ready, source, name)
    try:
        yield name
    finally:
        if os.environ.get("KEEP"):
            say(f"kept the database {name} until the next run")
        else:
            drop(ready, name)


def _drop_orphans(ready):
    """Drop the temporary databases of processes that were killed (and those kept with KEEP=1).

    Only on the private server: on another one they may belong to another machine.
    """
    if ready.database.lock_number is None:
        return
    for name in ready.database.names(TEMPORARY):
        number = name.rpartition("_")[2]
        if number.isdigit() and not Path(f"/proc/{number}").exists() and Path("/proc/1").exists():
            drop(ready, name)


def addon_version():
    """Return a hash of the addon as it is now; its tests change nothing in a database."""
    apart = ("demo", "tests", "__pycache__")
    return digest(*(path for path in sorted(addon_folder().iterdir()) if path.name not in apart))


def demo_version():
    """Return a hash of the addon's demo data as they are now."""
    return digest(addon_folder() / "demo", str(manifest().get("demo")))


def install(ready, name, log_name, config=None, modules=(ADDON,)):
    """Install the addon (or other modules) in a database; return the path of Odoo's log."""
    arguments = ["-d", name, "-i", ",".join(modules), "--stop-after-init", "--no-http"]
    code, log = ready.logged(log_name, arguments, config)
    missing = set(modules) - set(installed_modules(ready, name))
    if code or missing:
        what = ", ".join(sorted(missing)) or ", ".join(modules)
        raise Problem(f"Not installed: {what} (exit {code}). The end of {log}:\n{tail(log)}")
    return log


def installed_modules(ready, name):
    """Return the names of the modules that are installed in a database."""
    query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    return ready.database.sql(query, name).split()
