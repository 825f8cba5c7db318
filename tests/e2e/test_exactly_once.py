"""An official letter goes out exactly once, or is visibly not sent (design.md 4, invariant 4)."""

import itertools
import subprocess
import sys
from email.message import EmailMessage

import pytest
from odoo_server import RpcError
from together import together

WRITERS = 4
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def server(workers_server):
    return workers_server


@pytest.fixture(scope="module")
def coordinator(server):
    return server.session("coordinator")


@pytest.fixture
def address():
    """Give an e-mail address that no other test mails to."""
    return f"klager{next(numbers)}@post.example"


@pytest.fixture
def letter_id(coordinator, address):
    """Give an acknowledgement that is ready to be sent."""
    return make_letter(coordinator, address)


def make_letter(coordinator, address, **vals):
    complaint_id = coordinator.register("ba", complainant_email=address, **vals)
    action = coordinator.call("complaint", "action_open_letter", [complaint_id], "acknowledgement")
    return action["res_id"]


def try_to_send(session, letter_id):
    """Press send; return what the server refused, or None."""
    try:
        session.call("letter", "action_send", [letter_id])
    except RpcError as error:
        return error
    return None


def acknowledgements(server, letter_id):
    """Return whether each event that a letter recorded was voided."""
    statement = "SELECT coalesce(voided, false) FROM klachtenbeheer_event WHERE letter_id = "
    return server.sql(f"{statement} {letter_id}")


def duty(coordinator, letter_id):
    """Return the duty that an acknowledgement meets."""
    [complaint_id, _name] = coordinator.read("letter", letter_id, "complaint_id")["complaint_id"]
    domain = [("complaint_id", "=", complaint_id), ("code", "=", "acknowledge")]
    [found] = coordinator.search_read("deadline", domain, ["is_open", "met_on", "state"])
    return found


def alerts(server, letter_id):
    """Return for whom warnings stand on the dossier of a letter."""
    return server.sql(
        f"""
        SELECT login FROM mail_activity
          JOIN klachtenbeheer_letter letter ON letter.id = {letter_id}
          JOIN res_users ON res_users.id = mail_activity.user_id
         WHERE res_model = 'klachtenbeheer.complaint' AND res_id = letter.complaint_id
           AND mail_activity.active AND activity_type_id = (
               SELECT res_id FROM ir_model_data
                WHERE module = 'klachtenbeheer' AND name = 'activity_type_alert')
        """
    )


def assert_not_delivered(server, coordinator, letter_id, reason, accepted=False):
    """The letter says so, the duty is open, and the coordinator is warned; what had counted
    since the mail server accepted it was voided."""
    letter = coordinator.read("letter", letter_id, "state", "failure_reason", "sent_on")
    assert letter["state"] == "failed"
    assert reason in letter["failure_reason"]
    assert not letter["sent_on"]
    assert acknowledgements(server, letter_id) == ([["t"]] if accepted else [])
    assert duty(coordinator, letter_id)["is_open"]
    assert alerts(server, letter_id) == [["coordinator"]]


def test_people_who_press_send_at_once_send_one_letter(server, coordinator, mail_server, address):
    """Several rounds, so that different moments of sending coincide."""
    senders = [server.session(login) for login in ("coordinator", "handler") for _ in range(2)]
    for turn in range(1, 4):
        letter_id = make_letter(coordinator, address, handler_id=senders[-1].uid)
        refusals = together(*[(try_to_send, sender, letter_id) for sender in senders])
        assert refusals.count(None) == 1
        assert {error.kind for error in refusals if error} == {"UserError"}
        assert acknowledgements(server, letter_id) == [["f"]]
        assert len(mail_server.wait_for(address, turn)) == turn
    together(*[(try_to_send, sender, letter_id) for sender in senders])
    assert len(mail_server.to(address)) == turn


def test_the_mail_queue_does_not_send_what_is_being_sent(
    server, coordinator, mail_server, letter_id, address
):
    """Another process works the queue off while the mail server is still thinking."""
    admin, sender = server.session("admin"), server.session("coordinator")

    def work_the_queue_off():
        assert mail_server.arriving.wait(timeout=30)
        admin.call("mail.mail", "process_email_queue")
        mail_server.release()

    with mail_server.holding(at_most=10):
        together((try_to_send, sender, letter_id), (work_the_queue_off,))
    admin.call("mail.mail", "process_email_queue")
    assert len(mail_server.wait_for(address)) == 1
    assert coordinator.read("letter", letter_id, "state")["state"] == "sent"


def test_a_refused_addressee_is_seen_and_reopens_the_duty(
    server, coordinator, mail_server, letter_id, address
):
    mail_server.refused.add(address)
    coordinator.call("letter", "action_send", [letter_id])
    assert_not_delivered(server, coordinator, letter_id, "no such mailbox here")
    assert not mail_server.to(address)
    # and a next try succeeds, with one event that counts
    mail_server.refused.remove(address)
    coordinator.call("letter", "action_send", [letter_id])
    assert len(mail_server.wait_for(address)) == 1
    assert acknowledgements(server, letter_id) == [["f"]]
    assert duty(coordinator, letter_id)["state"] == "met"


def test_a_bounce_is_seen_and_reopens_the_duty(
    ready, server, coordinator, mail_server, letter_id, address
):
    """The mail was accepted; the notice that it was not delivered comes later, by mail."""
    coordinator.call("letter", "action_send", [letter_id])
    [mail] = mail_server.wait_for(address)
    assert duty(coordinator, letter_id)["state"] == "met"
    deliver(ready, server, bounce(mail))
    assert_not_delivered(server, coordinator, letter_id, "user unknown", accepted=True)
    # the same notice once more changes nothing
    deliver(ready, server, bounce(mail))
    assert_not_delivered(server, coordinator, letter_id, "user unknown", accepted=True)


def bounce(mail):
    """Return the notice of a mail server that could not deliver a mail."""
    [recipient] = mail.recipients
    notice = EmailMessage()
    notice["From"] = "MAILER-DAEMON@post.example"
    notice["To"] = mail.sender
    notice["Subject"] = "Undelivered Mail Returned to Sender"
    notice["Message-Id"] = f"<bounce-{next(numbers)}@post.example>"
    notice.set_content(f"<{recipient}>: user unknown")
    notice.make_mixed()
    notice.replace_header("Content-Type", 'multipart/report; report-type="delivery-status"')
    original = EmailMessage()
    for name in ("From", "To", "Subject", "Message-Id"):
        original[name] = mail.message[name]
    notice.add_attachment(original)
    return notice.as_bytes()


def deliver(ready, server, content):
    """Feed a mail through Odoo's own gateway script, as a mail server does."""
    script = ready.odoo.addons[0] / "mail/static/scripts/odoo-mailgate.py"
    command = [
        *(sys.executable, script, "-d", server.database, "-u", 2, "-p", "admin"),
        *("--host", "127.0.0.1", "--port", server.port),
    ]
    subprocess.run([str(part) for part in command], input=content, check=True, timeout=60)
