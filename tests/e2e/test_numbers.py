"""Reference numbers run on without gaps or doubles, whoever registers at the same moment."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from odoo_server import RpcError
from together import together

THIS_YEAR = datetime.now(ZoneInfo("Europe/Amsterdam")).year
PEOPLE = ("coordinator", "deputy", "registrar", "employee")
EACH = 3  # registrations by each person


@pytest.fixture(scope="module")
def coordinator(workers_server):
    return workers_server.session("coordinator")


@pytest.fixture(scope="module")
def sessions(workers_server):
    return [workers_server.session(login) for login in PEOPLE]


def numbers(server, year):
    """Return the numbers of the register in a year, in order; references tell nothing of them."""
    rows = server.sql(
        "SELECT register_number FROM klachtenbeheer_complaint"
        f" WHERE name LIKE 'K{year}-%' ORDER BY register_number"
    )
    return [int(number) for [number] in rows]


def register_some(session, policy_id, day):
    """Register complaints one after the other, through the quick entry that everybody has."""
    for _ in range(EACH):
        vals = {
            "policy_id": policy_id,
            "channel": "phone",
            "kind": "formal",
            "description": "De telefoon wordt niet opgenomen.",
            "received_on": day,
        }
        [intake_id] = session.call("intake", "create", [vals])
        session.call("intake", "action_register", [intake_id])


def register_or_fail(session, succeeds):
    """Register a complaint; the one that fails names a handler who does not exist."""
    if succeeds:
        return session.register("bb")
    with pytest.raises(RpcError):
        session.register("bb", handler_id=10**9)
    return None


@pytest.mark.parametrize("year", [THIS_YEAR, THIS_YEAR - 1])
def test_people_at_once_get_consecutive_numbers(workers_server, coordinator, sessions, year):
    """The very first complaint of a year too: then the numbering itself is being made."""
    count = len(numbers(workers_server, year))
    policy_id = coordinator.policy("bb")
    together(*[(register_some, session, policy_id, f"{year}-01-05") for session in sessions])
    total = count + len(sessions) * EACH
    assert numbers(workers_server, year) == list(range(1, total + 1))


def test_a_refused_registration_leaves_no_gap(workers_server, coordinator):
    """It had its number already when it was refused."""
    before = numbers(workers_server, THIS_YEAR)
    with pytest.raises(RpcError) as refusal:
        coordinator.register("bb", received_on=f"{THIS_YEAR + 1}-01-01")
    assert refusal.value.kind == "ValidationError"
    register_or_fail(coordinator, False)
    coordinator.register("bb")
    assert numbers(workers_server, THIS_YEAR) == [*before, len(before) + 1]


def test_failures_between_others_leave_no_gap(workers_server, coordinator):
    """Half of them fail after they took a number, while the others go on."""
    before = numbers(workers_server, THIS_YEAR)
    sessions = [workers_server.session("coordinator") for _ in range(6)]
    together(*[(register_or_fail, session, bool(n % 2)) for n, session in enumerate(sessions)])
    total = len(before) + len(sessions) // 2
    assert numbers(workers_server, THIS_YEAR) == list(range(1, total + 1))
