"""Many people file at once, and other systems hand in, while workers are killed and the database is
restarted (issues 4 and 9): nobody's complaint is lost, and nobody's is there twice.
"""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import template
from faults import Faults
from odoo_server import ANSWER, OdooServer

CLIENTS = 8
FULL_SIZE, SMALL = 1000, 36  # forms, and as many calls
TRIES = 400  # how often somebody presses the button before giving up, on a busy machine too
PATIENCE = 0.5  # seconds before pressing it again
PAUSE = 3.2  # seconds: nobody writes a complaint in less
KILL_EVERY = 6  # seconds: a new worker takes a few to be ready
FORM = "/klacht/regeling-bb"
CALL = "/json/2/klachtenbeheer.intake.api/register"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
REFERENCE = re.compile(r'class="kb-reference">([^<]+)<')
CODE = re.compile(r'class="kb-code"[^>]*>([^<]+)<')
LIMITS = ("post", "form")
ACCOUNT = """
users = env["res.users"].with_context(no_reset_password=True)
groups = env.ref("base.group_portal") | env.ref("klachtenbeheer.group_intake_api")
user = users.create({"name": "Gemeente", "login": "gemeente", "group_ids": [(6, 0, groups.ids)]})
print("KEY", env["res.users.apikeys"].with_user(user).sudo()._generate("rpc", "soak", None))
env.cr.commit()
"""


@pytest.fixture
def server(own_ready, own_world, mail_server):
    with (
        template.temporary_copy(own_ready, own_world, "load") as name,
        OdooServer(own_ready, name, mail_server.port, workers=2) as found,
    ):
        admin = found.session("admin")
        for purpose in LIMITS:
            name = f"klachtenbeheer.limit_{purpose}"
            admin.call("ir.config_parameter", "set_param", name, "100000")
        yield found


@pytest.fixture
def api_key(own_ready, server):
    return own_ready.script(server.database, ACCOUNT).split("KEY ")[1].split()[0]


class Sender:
    """Somebody who hands in one complaint, and tries again until there is an answer."""

    def __init__(self, server, number):
        self.server = server
        self.number = number
        self.story = f"{type(self).__name__} {number}: de maaltijd kwam koud aan."
        self.seen = set()  # (reference, code) of each answer
        self.failures = 0

    def prepare(self):
        """What comes before: opening a page."""

    def send(self):
        for _try in range(TRIES):
            try:
                found = self.read(self.post())
            except requests.RequestException:
                found = None  # the connection broke: there is no telling what happened
            if found:
                self.seen.add(found)
                return
            self.failures += 1
            time.sleep(PATIENCE)


class Form(Sender):
    """Somebody who fills in the form and presses the button."""

    def prepare(self):
        self.token = TOKEN.search(requests.get(self.server.url + FORM, timeout=ANSWER).text)[1]

    def post(self):
        data = {"token": self.token, "description": self.story}
        return requests.post(self.server.url + FORM, data=data, timeout=ANSWER)

    def read(self, answer):
        found = answer.ok and REFERENCE.search(answer.text)
        return found and (found[1], CODE.search(answer.text)[1])


class Call(Sender):
    """Another system that hands in, with an id of its own."""

    key = ""

    def post(self):
        payload = {
            "policy": "regeling-bb",
            "external_id": f"gemeente-{self.number}",
            "values": {"description": self.story},
        }
        headers = {"Authorization": f"bearer {self.key}"}
        return requests.post(self.server.url + CALL, json=payload, headers=headers, timeout=ANSWER)

    def read(self, answer):
        # 4xx would be a refusal, and there is nothing wrong with what is sent
        assert answer.ok or answer.status_code >= 500 or answer.status_code == 404, answer.text
        found = answer.json() if answer.ok else {}
        return found and (found["reference"], found["follow_code"])


def hand_in_all(senders, at):
    """Every client hands in its complaints one after the other; each fifth one twice at once.

    :param at: {how many are done: what happens then}
    """
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
                happens = at.get(len(done))
            if happens:
                happens()

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(work, [senders[client::CLIENTS] for client in range(CLIENTS)]))


def check_each_is_there_once(server, senders):
    """Whoever saw a reference saw one, and it has exactly their text."""
    query = "SELECT name, description, register_number FROM klachtenbeheer_complaint"
    rows = server.sql(query)
    complaints = {story: name for name, story, _number in rows}
    assert len(rows) == len(complaints), "the same complaint twice"
    # whoever tried often enough saw a reference, each time the same one
    assert [len(sender.seen) for sender in senders] == [1] * len(senders)
    for sender in senders:
        [(reference, _code)] = sender.seen
        assert complaints.pop(sender.story) == reference
    assert not complaints, "complaints of nobody"
    codes = {code for sender in senders for _reference, code in sender.seen}
    assert len(codes) == len(senders)
    numbers = sorted(int(number) for _name, _story, number in rows)
    assert numbers == list(range(1, len(senders) + 1))


def test_no_complaint_is_lost_or_doubled_under_faults(server, own_database, api_key, is_full):
    count = FULL_SIZE if is_full else SMALL
    Call.key = api_key
    senders = [kind(server, number) for number in range(1, count + 1) for kind in (Form, Call)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda sender: sender.prepare(), senders))
    time.sleep(PAUSE)
    with Faults(server, own_database, KILL_EVERY) as faults:
        restarts = {
            len(senders) // 3: faults.restart_database,
            2 * len(senders) // 3: faults.restart_database,
        }
        hand_in_all(senders, restarts)
    assert faults.restarts == 2
    assert faults.killed
    check_each_is_there_once(server, senders)
    # what failed in between can be sent again, and so can what did not: the answer is the same
    assert any(sender.failures for sender in senders)
    hand_in_all(senders[:: max(1, len(senders) // 50)], {})
    check_each_is_there_once(server, senders)
    print(  # noqa: T201  # figures for docs and closing note
        f"{len(senders)} handed in, {faults.killed} workers killed, {faults.restarts} restarts,"
        f" {faults.starts} starts, {sum(sender.failures for sender in senders)} tries failed"
    )
