"""Makes the demo database and serves it on localhost. See `make help`."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import environment
import system
import template
from common import ADDON, Problem, cache_dir, log_file, main, say, tail, timed

# DEMO_DB gives another checkout on the same machine a demo of its own.
NAME = os.environ.get("DEMO_DB") or "klachtenbeheer_demo"
OLD = f"{NAME}_old"
MARK = "klachtenbeheer_dev.version"
OTHER_ROLES = {"admin": "systeembeheer", "f": "medewerker", "t": "portaal"}
SERVER_TIMEOUT = 120  # seconds until the server has to answer

# Only our module's demo files are loaded: no companies and users of the platform's own around it.
FILL = """
from odoo.modules.loading import load_data
from odoo.modules.module_graph import ModuleGraph

env["ir.default"].set("res.partner", "lang", "nl_NL")
env["ir.default"].set("res.partner", "tz", "Europe/Amsterdam")
env["res.users"].with_context(active_test=False).search([]).write({{"lang": "nl_NL"}})
env.ref("base.main_company").partner_id.lang = "nl_NL"
modules = env["ir.module.module"].search([("state", "=", "installed")])
graph = ModuleGraph(env.cr, mode="load")
graph.extend(modules.mapped("name"))
load_data(env(su=True), {{}}, "init", kind="demo", package=graph["{addon}"])
modules.filtered(lambda module: module.name == "{addon}").demo = True
env.cr.commit()
env["ir.qweb"]._pregenerate_assets_bundles()
env["ir.config_parameter"].set_param("{mark}", "{version}")
env.cr.commit()
"""

REMEMBER = """
env["ir.config_parameter"].set_param("{mark}", "{version}")
env.cr.commit()
"""

# One row per user: login, name, roles. The groups that the addon defines are the roles.
ACCOUNTS = """
SELECT users.login, partner.name, string_agg(
    coalesce(role.name->>'nl_NL', role.name->>'en_US'), ', ' ORDER BY role.sequence, role.id
), users.share
FROM res_users users
JOIN res_partner partner ON partner.id = users.partner_id
LEFT JOIN (
    res_groups_users_rel member
    JOIN ir_model_data label
        ON label.model = 'res.groups' AND label.res_id = member.gid AND label.module = '{addon}'
    JOIN res_groups role ON role.id = member.gid
) ON member.uid = users.id
WHERE users.active AND users.id > 1
GROUP BY users.id, partner.id
ORDER BY users.share, users.id
"""


def demo(arguments):
    """Make or update the database, then serve it until Ctrl-C, or open a Python prompt in it."""
    if arguments == ["shell"]:
        return shell()
    return serve_demo()


def shell():
    """Open a Python prompt in the demo database; return Odoo's exit code."""
    with environment.ready() as ready:
        ensure_database(ready)
        return ready.odoo_command(["shell", "-d", NAME, "--no-http"])


def serve_demo():
    """Make or update the database, then serve it until Ctrl-C."""
    port = chosen_port()
    with environment.ready() as ready:
        system.ensure(system.FOR_LETTERS)
        ensure_database(ready)
        with mailbox(ready) as (mail_port, folder):
            serve(ready, port, mail_port, folder)
    say("stopped; nothing is left running. The demo data are kept (make clean removes them).")


def chosen_port():
    """Return the port that PORT names, if it is free."""
    text = os.environ.get("PORT") or "8069"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Problem(f"PORT has to be a number between 1 and 65535, not {text!r}.")
    if not system.is_free(int(text)):
        raise Problem(
            f"Port {text} is in use, by another demo perhaps. "
            f"Choose another: make demo PORT={int(text) + 1}"
        )
    return int(text)


def ensure_database(ready):
    """Make the demo database if there is no finished one; update it if the addon changed.

    Odoo loads demo data once, so when these change the database is made anew.
    """
    code, data = template.addon_version(), template.demo_version()
    found = built_version(ready)
    if found == [code, data]:
        return
    if found and found[-1] == data:
        with timed("the addon changed: updating the demo database"):
            if update(ready, f"{code} {data}"):
                return
        say("the update failed, so the demo database is made anew")
    if found:
        template.rename(ready, NAME, OLD)
        say(f"the demo database as it was is kept as {OLD}")
    with timed("demo database (a minute)"):
        build(ready, f"{code} {data}")


def built_version(ready):
    """Return for which code and demo data of the addon the database was finished, or None."""
    if not template.is_intact(ready, NAME):
        return None
    query = f"SELECT value FROM ir_config_parameter WHERE key = '{MARK}'"
    try:
        return ready.database.sql(query, NAME).split()
    except Problem:
        return None


def build(ready, version):
    """Make the database under another name; it gets its own when everything succeeded."""
    work = f"{NAME}_part"
    template.copy(ready, template.ensure_template(ready), work)
    template.install(ready, work, "demo-install")
    say("loading the addon's demo data")
    ready.script(work, FILL.format(addon=ADDON, mark=MARK, version=version))
    template.rename(ready, work, NAME)


def update(ready, version):
    """Update the addon in the database; say whether that succeeded."""
    arguments = ["-d", NAME, "-u", ADDON, "--stop-after-init", "--no-http"]
    code, log = ready.logged("demo-update", arguments)
    if code:
        say(f"the end of {log}:\n{tail(log)}")
        return False
    ready.script(NAME, REMEMBER.format(mark=MARK, version=version))
    return True


@contextlib.contextmanager
def mailbox(ready):
    """Run a mail server that keeps every message as a file: the demo mails nobody."""
    port, folder = system.free_port(), cache_dir() / "demo-mail"
    folder.mkdir(exist_ok=True)
    script = Path(__file__).with_name("mailbox_server.py")
    process = subprocess.Popen(
        [str(ready.python), str(script), str(port), str(folder)], start_new_session=True
    )
    try:
        yield port, folder
    finally:
        environment.stop(process)


def serve(ready, port, mail_port, folder):
    """Start Odoo, say where it is and who can log in, and wait until Ctrl-C."""
    log = log_file("demo")
    arguments = ["-d", NAME, "--db-filter", f"^{NAME}$", "--no-database-list", "--http-port", port]
    arguments += [
        "--smtp",
        "127.0.0.1",
        "--smtp-port",
        mail_port,
        "--email-from",
        "demo@example.com",
    ]
    with open(log, "w") as output:
        process = ready.start(
            arguments,
            ready.config(cron_threads=1),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until_it_answers(process, port, log)
        welcome(port, accounts(ready), log, folder)
        process.wait()
        raise Problem(f"The server stopped by itself. The end of {log}:\n{tail(log)}")
    except KeyboardInterrupt:
        print(file=sys.stderr)
        say("stopping")
    finally:
        environment.stop(process, signal.SIGINT)


def wait_until_it_answers(process, port, log):
    """Wait until the login page is there."""
    deadline = time.monotonic() + SERVER_TIMEOUT
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            urllib.request.urlopen(
                f"http://127.0.0.1:{port}/web/login", timeout=SERVER_TIMEOUT
            ).close()
            return
        time.sleep(0.3)
    raise Problem(f"The server does not answer. The end of {log}:\n{tail(log)}")


def accounts(ready):
    """Return login, name and role of everybody who can log in."""
    found = ready.database.sql(ACCOUNTS.format(addon=ADDON), NAME)
    for row in found.splitlines():
        login, name, roles, is_portal = row.split("\t")
        yield login, name, roles or OTHER_ROLES.get(login) or OTHER_ROLES[is_portal]


def welcome(port, rows, log, folder):
    """Print the address and the accounts."""
    rows = list(rows)
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    print(f"\n   http://localhost:{port}\n")
    print("   Accounts (the password equals the login):")
    for login, name, roles in rows:
        print(f"     {login:{widths[0]}}  {name:{widths[1]}}  {roles}")
    print(f"\n   Outgoing mail is kept in {folder}")
    print(f"   The server's log is {log}")
    print("   Ctrl-C stops it.\n", flush=True)


if __name__ == "__main__":
    main(demo)
