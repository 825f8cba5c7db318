"""What the whole-system tests share: the development environment and databases to work on.

They run the addon as a black box, through Odoo's command line and its server. The scripts of dev/
give them Odoo and PostgreSQL; what concerns one transaction only is tested in the addon itself.
"""

import os
import sys
from itertools import chain, groupby, pairwise
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(REPO / "dev"), str(REPO / "tests/e2e")]
BUILD = "{code}\nbuild(env)\n"
# What costs much to make, and is shared by the tests of several files.
COSTLY = ("workers_server", "office_server", "own_database")
# Which take longest; they come first, so that nothing long is left in the end.
LONGEST = ("office_server", "workers_server", "own_database", "test_soak_letters", "test_digest")


def pytest_runtestloop(session):
    """Run what no other process has claimed, file by file: see dev/claims.py."""
    from claims import FOLDER, claim

    if FOLDER not in os.environ or session.testsfailed or session.config.option.collectonly:
        return None  # as pytest does it
    parts = groupby(sorted(session.items, key=place), part_of)
    mine = (item for name, items in parts if claim(name) for item in items)
    for item, following in pairwise(chain(mine, [None])):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    return True


def part_of(item):
    """Return what is run by one process: the tests of a file, or of what costs much to make."""
    return next((name for name in COSTLY if name in item.fixturenames), item.path.stem)


def place(item):
    """Return where a test stands in the order: with its part, the longest first."""
    name = part_of(item)
    return (LONGEST.index(name) if name in LONGEST else len(LONGEST), name)


@pytest.fixture(scope="session")
def ready():
    """Give the environment: Odoo, Python and a running database server."""
    import environment

    with environment.ready() as found:
        yield found


@pytest.fixture(scope="session")
def template_name(ready):
    """Give the name of the template database: what the addon depends on, without the addon."""
    import template

    return template.ensure_template(ready)


@pytest.fixture(scope="session")
def addon_template_name(ready, template_name):
    """Give the name of a database with the addon freshly installed, to be copied by tests."""
    import odoo_tests
    import template

    if given := os.environ.get("TEST_INSTALLED"):  # several processes have the same
        yield given
        return
    with template.temporary_copy(ready, template_name, "installed") as name:
        template.install(ready, name, "installed")
        ready.script(name, odoo_tests.MAKE_ASSETS)
        yield name


@pytest.fixture
def bare_database(ready, template_name):
    """Give a database of one's own without the addon."""
    import template

    with template.temporary_copy(ready, template_name, "bare") as name:
        yield name


@pytest.fixture
def addon_database(ready, addon_template_name):
    """Give a database of one's own with the addon installed."""
    import template

    with template.temporary_copy(ready, addon_template_name, "system") as name:
        yield name


@pytest.fixture(scope="session")
def world_name(ready, addon_template_name):
    """Give the name of a database with an organisation in it, to be copied by tests."""
    import template

    if given := os.environ.get("TEST_WORLD"):
        yield given
        return
    code = (REPO / "tests/e2e/world.py").read_text()
    with template.temporary_copy(ready, addon_template_name, "world") as name:
        ready.script(name, BUILD.format(code=code))
        yield name


@pytest.fixture(scope="session")
def mail_server():
    """Give the mail server that all Odoo servers of these tests send to."""
    import system
    from mail_server import MailServer

    with MailServer(system.free_port()) as server:
        yield server
