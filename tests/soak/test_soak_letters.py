"""Letters leave through a mail server that refuses, breaks off and keeps silent, while workers are
killed (issue 9, 15-17): none is lost, none says what is not so, and none goes twice unless the
receiving server took it and said that it did not.
"""

import pytest
import system
import template
from faults import Faults
from faulty_mail_server import FAULTS, SECRETLY, FaultyMailServer
from letters import Post, show
from odoo_server import OdooServer

FULL_SIZE, SMALL = 1000, 36
KILL_EVERY = {True: 8, False: 6}  # seconds
PATIENCE = "2"  # seconds for a mail server to answer


@pytest.fixture
def faulty_mail_server():
    with FaultyMailServer(system.free_port()) as found:
        yield found


@pytest.fixture
def server(ready, world_name, faulty_mail_server):
    with (
        template.temporary_copy(ready, world_name, "letters") as name,
        OdooServer(
            ready, name, faulty_mail_server.port, workers=2, SMTP_PATIENCE=PATIENCE
        ) as found,
    ):
        yield found


def test_what_a_letter_says_is_what_the_mail_server_has(ready, server, faulty_mail_server, is_full):
    post = Post(ready, server, faulty_mail_server, FULL_SIZE if is_full else SMALL)
    with Faults(server, None, KILL_EVERY[is_full]) as faults:
        post.send_all()
        post.work_the_queue_off(2)
    post.settle()
    table = post.table()
    print(show(table), f"{faults.killed} workers killed", sep="\n")  # noqa: T201  # figures
    assert faults.killed
    assert not post.wrong()
    for fault, line in table.items():
        assert not line["lost"], fault
        assert not line["wrong state"], fault
        assert not line["doubled"] or fault == "take_and_refuse", fault
    assert table["fine"]["sent once"]
    assert set(SECRETLY) < set(FAULTS)
