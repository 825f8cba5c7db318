"""Letters that go through a mail server that misbehaves, and what becomes of each of them."""

import collections
import itertools
import random
import time
from concurrent.futures import ThreadPoolExecutor

import requests
from faulty_mail_server import FAULTS
from odoo_server import RpcError

CLIENTS = 8
ROUNDS = 8  # of the queue, after the pauses that a real mail would wait
BUTTON = 40  # how often somebody presses Send who gets no answer
PAUSE = 0.5  # seconds before pressing again
CRON = "SELECT res_id FROM ir_model_data WHERE module = 'klachtenbeheer' AND name = 'cron_deliver'"
COLUMNS = ("sent once", "refused, and says so", "lost", "doubled", "wrong state", "asked a person")
MAKE = """
policy = env["klachtenbeheer.policy"].search([("code", "=", "regeling-ba")])
coordinator = env["res.users"].search([("login", "=", "coordinator")])
complaints = env["klachtenbeheer.complaint"].with_user(coordinator).create([
    {{
        "policy_id": policy.id, "kind": "formal", "channel": "email",
        "description": "De bus kwam niet.",
        "complainant_name": "Kees Klager", "complainant_email": address,
    }}
    for address in {addresses}
])
for complaint in complaints:
    complaint.prepare_letter("acknowledgement")
env.cr.commit()
"""
LETTERS = """
SELECT letter.id, letter.addressee_email, letter.state, coalesce(letter.is_unsure, false),
       letter.event_id IS NOT NULL
  FROM klachtenbeheer_letter letter ORDER BY letter.id
"""


class Letter:
    """One letter as the database has it."""

    def __init__(self, row):
        number, self.address, self.state, unsure, event = row
        self.id = int(number)
        self.fault = self.address.partition(".")[0]
        self.is_unsure = unsure == "t"
        self.has_event = event == "t"


class Post:
    """An organisation that sends many letters, each of them to an address with a fault."""

    def __init__(self, ready, server, mail_server, count, seed=1):
        self.server = server
        self.mail_server = mail_server
        addresses = [
            f"{fault}.{number}@post.example"
            for number, fault in zip(range(count), itertools.cycle(FAULTS))
        ]
        random.Random(seed).shuffle(addresses)
        ready.script(server.database, MAKE.format(addresses=addresses))
        self.asked = collections.Counter()
        # logged in before anybody is killed
        self.clients = [server.session("coordinator") for _ in range(CLIENTS)]
        self.admin = server.session("admin")

    def letters(self):
        return [Letter(row) for row in self.server.sql(LETTERS)]

    def send_all(self):
        """Every client presses Send for its letters; who gets no answer looks, and tries again."""
        waiting = [letter.id for letter in self.letters()]

        def work(session, mine):
            for letter_id in mine:
                for _press in range(BUTTON):
                    if press_send(session, letter_id):
                        break
                    time.sleep(PAUSE)

        with ThreadPoolExecutor(CLIENTS) as pool:
            shares = [waiting[client::CLIENTS] for client in range(CLIENTS)]
            list(pool.map(work, self.clients, shares))

    def work_the_queue_off(self, rounds=ROUNDS):
        """Let the scheduled action run as often as it would in a day, without the pauses."""
        [[cron]] = self.server.sql(CRON) or [["0"]]
        for _round in range(rounds):
            self.server.sql("UPDATE mail_mail SET scheduled_date = now() - interval '1 hour'")
            try:
                if cron != "0":
                    self.admin.call("ir.cron", "method_direct_trigger", [int(cron)])
                self.admin.call("mail.mail", "process_email_queue")
            except (requests.RequestException, RpcError):
                continue  # a worker was killed

    def let_people_decide(self):
        """Of each letter that was perhaps delivered somebody asks the addressee."""
        session = self.clients[0]
        for letter in self.letters():
            if not letter.is_unsure:
                continue
            self.asked[letter.fault] += 1
            arrived = self.mail_server.taken[letter.address]
            method = "action_confirm_delivered" if arrived else "action_send_again"
            session.call("letter", method, [letter.id])

    def settle(self):
        """Work the queue off and ask, until nothing is left to do."""
        for _day in range(4):
            self.work_the_queue_off()
            if not any(letter.is_unsure for letter in self.letters()):
                break
            self.let_people_decide()

    def table(self):
        """Return {fault: Counter of COLUMNS}: what was seen of letters with each fault."""
        found = {fault: collections.Counter() for fault in FAULTS}
        for letter in self.letters():
            line = found[letter.fault]
            line.update(self.judge(letter))
            line["asked a person"] = self.asked[letter.fault]
        return found

    def wrong(self):
        """Return what is wrong, for whoever has to find out why."""
        return [
            (letter.address, letter.state, letter.has_event, self.mail_server.taken[letter.address])
            for letter in self.letters()
            if {"lost", "wrong state"} & set(self.judge(letter))
        ]

    def judge(self, letter):
        taken = self.mail_server.taken[letter.address]
        if taken > 1:
            yield "doubled"
        if letter.state == "sent" and letter.has_event:
            if taken < 2:
                yield "sent once" if taken else "lost"
        elif letter.state == "failed" and not letter.has_event and not taken:
            yield "refused, and says so"
        else:
            yield "wrong state"


def press_send(session, letter_id):
    """Press the button; return whether there is nothing more to press."""
    try:
        session.call("letter", "action_send", [letter_id])
    except RpcError as error:
        # it was sent or is being sent; or the product made an error of what it did (as it did)
        return error.kind in ("UserError", "SMTPServerDisconnected")
    except requests.RequestException:
        return False  # the worker was killed: there is no telling what happened
    return True


def show(table):
    """Return a table of faults as text."""
    width = max(map(len, table)) + 2
    lines = ["".ljust(width) + "  ".join(COLUMNS)]
    for fault, line in table.items():
        cells = (str(line[column]).rjust(len(column)) for column in COLUMNS)
        lines.append(fault.ljust(width) + "  ".join(cells))
    return "\n".join(lines)
