"""What the whole-system tests share: the development environment and databases to work on.

They run the addon as a black box, through Odoo's command line and its server. The scripts of dev/
give them Odoo and PostgreSQL; what concerns one transaction only is tested in the addon itself.
"""

import sys
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(REPO / "dev"), str(REPO / "tests/e2e")]
BUILD = "{code}\nbuild(env)\n"


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
    import template

    with template.temporary_copy(ready, template_name, "installed") as name:
        template.install(ready, name, "installed")
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
