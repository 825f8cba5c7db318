"""Servers for the whole-system tests: Odoo, mail, and a browser."""

import shutil

import pytest
import system
import template
from backoffice import FLAGS
from common import REPO
from mail_server import MailServer
from odoo_server import OdooServer
from playwright.sync_api import sync_playwright

__all__ = ["REPO"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BUILD = "{code}\nbuild(env)\n"


@pytest.fixture(scope="session")
def world_name(ready, addon_template_name):
    """Give the name of a database with an organisation in it, to be copied by tests."""
    code = (REPO / "tests/e2e/world.py").read_text()
    with template.temporary_copy(ready, addon_template_name, "world") as name:
        ready.script(name, BUILD.format(code=code))
        yield name


@pytest.fixture(scope="session")
def mail_server():
    """Give the mail server that all Odoo servers of these tests send to."""
    with MailServer(system.free_port()) as server:
        yield server


@pytest.fixture(scope="session")
def workers_server(ready, world_name, mail_server):
    """Give a server with two worker processes: what two people do at once really is at once."""
    with (
        template.temporary_copy(ready, world_name, "workers") as name,
        OdooServer(ready, name, mail_server.port, workers=2) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def browser():
    """Give the system's own Chromium, without a window."""
    program = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    )
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()
