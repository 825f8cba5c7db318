"""Mails that arrive while workers are killed and the database is restarted (issue 9): each ends as
exactly one thing, whatever a mail server sends again because it got no answer.
"""

import collections
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import template
from faults import Faults
from odoo_server import OdooServer, RpcError

CLIENTS = 8
FULL_SIZE, SMALL = 1000, 36
TRIES = 400  # of a mail server that gets no answer; a real one goes on for days
PAUSE = 0.5  # seconds
KILL_EVERY = {True: 6, False: 5}  # seconds
TURNS = 10
BUSY = "SELECT count(*) FROM klachtenbeheer_incoming WHERE state = 'queue' AND reason = 'busy'"
ADDRESS = "klachten@wilgenbrug.example"
SETTLE = """
company = env.ref("base.main_company")
domain = env["mail.alias.domain"].create({
    "name": "wilgenbrug.example", "bounce_alias": "retour", "catchall_alias": "antwoord",
    "default_from": "post", "company_ids": [(6, 0, company.ids)],
})
policy = env["klachtenbeheer.policy"].search([("code", "=", "regeling-ba")])
policy.alias_name = "klachten"
env.cr.commit()
"""
# {kind: (headers, how it must end)}
KINDS = {
    "complaint": ("", "complaint"),
    "group": ("List-Id: <groep.example>\n", "queue: bulk"),
    "machine": ("Auto-Submitted: auto-replied\n", "discarded: auto_reply"),
}
# What arrived at a busy moment is tried again by itself.
CRON = """
SELECT res_id FROM ir_model_data WHERE module = 'klachtenbeheer' AND name = 'cron_incoming'
"""
ENDINGS = """
SELECT title, 'complaint' FROM klachtenbeheer_complaint
 UNION ALL
SELECT name, state || ': ' || reason
  FROM klachtenbeheer_incoming WHERE reason != 'duplicate'
"""


@pytest.fixture
def server(own_ready, own_world, mail_server):
    with template.temporary_copy(own_ready, own_world, "mails") as name:
        own_ready.script(name, SETTLE)
        with OdooServer(own_ready, name, mail_server.port, workers=2) as found:
            yield found


class Arriving:
    """A mail that a mail server hands over, again and again until it hears that it was taken."""

    def __init__(self, number):
        self.kind = list(KINDS)[number % len(KINDS)]
        self.subject = f"Bericht {number}"
        headers, self.ending = KINDS[self.kind]
        self.raw = (
            f"From: Afzender {number} <afzender{number}@post.example>\nTo: {ADDRESS}\n"
            f"Subject: {self.subject}\nMessage-Id: <m{number}@post.example>\n{headers}"
            f"\nDe bus kwam niet, zegt nummer {number}.\n"
        )
        self.tries = 0

    def hand_over(self, session):
        for self.tries in range(1, TRIES + 1):
            try:
                session.call("mail.thread", "message_process", False, self.raw)
            except (requests.RequestException, RpcError):
                time.sleep(PAUSE)
            else:
                return
        raise AssertionError(f"never taken: {self.subject}")


def try_again(server, admin):
    """Let the scheduled action run as often as there is something left for it."""
    [[cron]] = server.sql(CRON)
    for _turn in range(TURNS):
        admin.call("ir.cron", "method_direct_trigger", [int(cron)])
        if server.sql(BUSY) == [["0"]]:
            break


def test_each_mail_ends_once_under_faults(server, own_database, is_full):
    mails = [Arriving(number) for number in range(FULL_SIZE if is_full else SMALL)]
    sessions = [server.session("admin") for _ in range(CLIENTS)]
    done = []

    def work(session, mine):
        for mail in mine:
            mail.hand_over(session)
            done.append(mail)
            if len(done) in (len(mails) // 3, 2 * len(mails) // 3):
                faults.restart_database()

    shares = [mails[client::CLIENTS] for client in range(CLIENTS)]
    with (
        Faults(server, own_database, KILL_EVERY[is_full]) as faults,
        ThreadPoolExecutor(CLIENTS) as pool,
    ):
        list(pool.map(work, sessions, shares))
    try_again(server, sessions[0])
    endings = collections.defaultdict(list)
    for subject, ending in server.sql(ENDINGS):
        endings[subject].append(ending)
    print(  # noqa: T201  # figures for docs and closing note
        f"{len(mails)} mails in {sum(mail.tries for mail in mails)} tries, {faults.killed} workers"
        f" killed, {faults.restarts} restarts, {faults.starts} starts:"
        f" {collections.Counter(map(len, endings.values()))}"
    )
    assert faults.restarts
    assert {mail.subject: endings[mail.subject] for mail in mails} == {
        mail.subject: [mail.ending] for mail in mails
    }
