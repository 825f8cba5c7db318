"""Servers for the whole-system tests: Odoo and a browser."""

import shutil

import pytest
import template
from backoffice import FLAGS
from common import REPO
from odoo_server import OdooServer
from playwright.sync_api import sync_playwright

__all__ = ["REPO"]


@pytest.fixture(scope="session")
def workers_server(ready, world_name, mail_server):
    """Give a server with two worker processes: what two people do at once really is at once."""
    with (
        template.temporary_copy(ready, world_name, "workers") as name,
        OdooServer(ready, name, mail_server.port, workers=2) as server,
    ):
        yield server


@pytest.fixture(scope="session")
def office_server(ready, world_name, mail_server):
    """Give a server for tests to which it is the same what else was registered meanwhile."""
    with (
        template.temporary_copy(ready, world_name, "office") as name,
        OdooServer(ready, name, mail_server.port) as server,
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
