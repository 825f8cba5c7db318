"""Work that takes long, with real processes: it goes on while its user does something else, and
when a server is killed halfway, the next one finishes it without doing anything twice."""

import base64
import re
import subprocess
import time

import pytest
import template
from backoffice import Backoffice
from odoo_server import OdooServer
from playwright.sync_api import expect

LINES = 300  # more than are taken over while somebody waits
PATIENCE = 300  # seconds
HEADER = "former_reference;received_on;description;complainant_name"
# How far it is; of 600 steps the first half checks, the second half keeps.
HOW_FAR = """
SELECT state, coalesce(done, 0), coalesce(total, 0) FROM klachtenbeheer_long_work
 ORDER BY id DESC LIMIT 1
"""
IMPORTED = "SELECT former_reference FROM klachtenbeheer_complaint WHERE is_imported"
WORK = 'env["klachtenbeheer.long.work"]._cron_run()\n'


def make_register(prefix):
    lines = [f"{prefix}-{number};03-03-2026;Geen bus;Kees" for number in range(LINES)]
    return "\n".join([HEADER, *lines]).encode()


@pytest.fixture(scope="module")
def database(ready, world_name):
    with template.temporary_copy(ready, world_name, "longwork") as name:
        yield name


@pytest.fixture(scope="module")
def server(ready, database, mail_server):
    """Give a server that works scheduled actions off."""
    with OdooServer(ready, database, mail_server.port, crons=1) as server:
        yield server


@pytest.fixture(scope="module")
def idle_server(ready, database, mail_server):
    """Give a server that leaves scheduled actions to others."""
    with OdooServer(ready, database, mail_server.port) as server:
        yield server


def begin(server, prefix):
    """Ask for a register to be taken over, without looking at it."""
    session = server.session("coordinator")
    values = {
        "policy_id": session.policy("kk"),
        "file": base64.b64encode(make_register(prefix)).decode(),
        "file_name": "register.csv",
    }
    [wizard] = session.call("klachtenbeheer.register.import", "create", [values])
    action = session.call("klachtenbeheer.register.import", "action_import", [wizard])
    assert action["res_model"] == "klachtenbeheer.long.work"


def work(ready, database):
    """A process that works off what waits, as the scheduled action does."""
    process = ready.start(
        ["shell", "-d", database, "--no-http", "--log-level=warn"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    with process.stdin as pipe:
        pipe.write(WORK)
    return process


def wait_until(server, condition):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        [[state, done, total]] = server.sql(HOW_FAR)
        if condition(state, int(done), int(total)):
            return
        time.sleep(0.1)
    raise AssertionError(f"{state}: {done} of {total}")


def test_killed_halfway_the_next_process_finishes_it(ready, database, idle_server):
    begin(idle_server, "A")
    killed = work(ready, database)
    wait_until(idle_server, lambda _state, done, total: done > total / 2 + 20)
    killed.kill()
    killed.wait()
    [[state, done, total]] = idle_server.sql(HOW_FAR)
    assert (state, int(done) < int(total)) == ("running", True)
    halfway = len(idle_server.sql(IMPORTED))
    assert 0 < halfway < LINES
    assert work(ready, database).wait(PATIENCE) == 0
    assert idle_server.sql(HOW_FAR) == [["done", str(2 * LINES), str(2 * LINES)]]
    found = sorted(reference for [reference] in idle_server.sql(IMPORTED))
    assert found == sorted(f"A-{number}" for number in range(LINES))


def test_it_shows_how_far_it_is_and_comes_back_with_its_result(browser, server):
    office = Backoffice(browser, server, "coordinator")
    page = office.page
    office.open("action-klachtenbeheer.register_import_action")
    office.write(policy_id="(KK)")
    page.locator(".modal input[type=file]").set_input_files(
        {"name": "register.csv", "mimeType": "text/csv", "buffer": make_register("B")}
    )
    office.press("action_check")
    expect(page.locator(".modal .o_progressbar")).to_be_visible()
    shown = page.locator(".modal .o_field_widget[name=explanation]")
    expect(shown).not_to_have_text(re.compile(r"^\s*0 "), timeout=PATIENCE * 1000)
    page.locator(".modal:visible .btn-close").click()
    wait_until(server, lambda state, _done, _total: state == "done")
    # whoever comes back finds a task, and the list of what went on
    office.open("action-klachtenbeheer.long_work_action")
    page.locator('button[name="action_open_result"]').first.click()
    office.settle()
    office.press("action_import")
    expect(page.locator('.modal button[name="action_open_result"]')).to_be_visible(
        timeout=PATIENCE * 1000
    )
    assert len([line for [line] in server.sql(IMPORTED) if line.startswith("B-")]) == LINES
    office.press("action_open_result")
    expect(page.locator(".o_data_row").first).to_be_visible()
    office.close()
