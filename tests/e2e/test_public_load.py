"""Many people file at once while a part of the server dies (issue 4): nobody's complaint is lost,
and nobody's is there twice.
"""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest
import requests
import template
from odoo_server import ANSWER, OdooServer

CLIENTS = 8
EACH = 25  # forms of each client
TRIES = 20  # how often somebody presses the button before giving up
PAUSE = 3.2  # seconds: nobody writes a complaint in less
FORM = "/klacht/regeling-bb"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
REFERENCE = re.compile(r'class="kb-reference">([^<]+)<')
CODE = re.compile(r'class="kb-code">([^<]+)<')


@pytest.fixture
def server(ready, world_name, mail_server):
    with (
        template.temporary_copy(ready, world_name, "load") as name,
        OdooServer(ready, name, mail_server.port, workers=2) as found,
    ):
        admin = found.session("admin")
        for purpose in ("post", "form"):
            name = f"klachtenbeheer.limit_{purpose}"
            admin.call("ir.config_parameter", "set_param", name, "100000")
        yield found


class Sender:
    """Somebody who fills in one form, and presses the button until there is an answer."""

    def __init__(self, server, number):
        self.server = server
        self.story = f"Klacht {number}: de maaltijd kwam koud aan."
        self.token = TOKEN.search(requests.get(server.url + FORM, timeout=ANSWER).text)[1]
        self.seen = set()  # (reference, code) of each answer

    def send(self):
        for _try in range(TRIES):
            try:
                answer = requests.post(
                    self.server.url + FORM,
                    data={"token": self.token, "description": self.story},
                    timeout=ANSWER,
                )
            except requests.RequestException:
                continue  # the connection broke: there is no telling what happened
            if answer.ok:
                found = REFERENCE.search(answer.text)[1], CODE.search(answer.text)[1]
                self.seen.add(found)
                return True
        return False


def file_all(senders, after_half):
    """Every client sends its forms one after the other; each fifth one twice at once."""
    done, lock = [], threading.Lock()

    def work(mine):
        for number, sender in enumerate(mine):
            if number % 5 == 0:
                with ThreadPoolExecutor(2) as pool:
                    list(pool.map(lambda one: one.send(), [sender, sender]))
            else:
                sender.send()
            with lock:
                done.append(sender)
                if len(done) == len(senders) // 2:
                    after_half()

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, [senders[client::CLIENTS] for client in range(CLIENTS)]))


def workers_of(server):
    """The processes that answer requests, with the time that they worked."""
    children = psutil.Process(server.process.pid).children()
    return [child for child in children if "gevent" not in child.cmdline()]


def test_no_complaint_is_lost_or_doubled_when_a_worker_dies(server):
    with ThreadPoolExecutor(CLIENTS) as pool:
        senders = list(
            pool.map(lambda number: Sender(server, number), range(1, CLIENTS * EACH + 1))
        )
    time.sleep(PAUSE)
    killed = []

    def kill_a_worker():
        worker = max(workers_of(server), key=lambda child: sum(child.cpu_times()[:2]))
        worker.kill()
        killed.append(worker.pid)

    file_all(senders, kill_a_worker)
    assert killed
    assert killed[0] not in [worker.pid for worker in workers_of(server)]
    rows = server.sql("SELECT name, description FROM klachtenbeheer_complaint")
    complaints = {story: name for name, story in rows}
    assert len(rows) == len(complaints), "the same complaint twice"
    # whoever pressed the button often enough saw a reference, each time the same one
    assert [len(sender.seen) for sender in senders] == [1] * len(senders)
    for sender in senders:
        [(reference, _code)] = sender.seen
        assert complaints.pop(sender.story) == reference
    assert not complaints, "complaints of nobody"
    codes = {code for sender in senders for _reference, code in sender.seen}
    assert len(codes) == len(senders)
    numbers = sorted(int(name.rpartition("-")[2]) for name, _story in rows)
    assert numbers == list(range(1, len(senders) + 1))
