"""A complainant with an account, from filing to rating, on a desk and on a small phone.

In a real browser, with real mail. With SCREENSHOTS=1 the pictures of the manual are taken.
"""

import contextlib
import os
from base64 import b64encode
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from backoffice import save_picture
from common import REPO
from playwright.sync_api import Error as PlaywrightError
from portal_pages import DESK, PHONE, Client
from world import PASSWORD

PICTURES = REPO / "docs/screenshots"
STORY = "De bus kwam drie keer niet.\nNiemand belde terug."
QUESTION = "Op welke dagen was dat? Hebt u een foto?"
PDF = {"name": "foto.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 klein"}
PROGRAM = {"name": "spel.exe", "mimeType": "application/pdf", "buffer": b"MZ"}


@pytest.fixture(scope="module")
def server(office_server):
    return office_server


@pytest.fixture(scope="module")
def staff(server):
    return server.session("coordinator")


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def client(request, browser, server):
    login = f"sam-{request.node.callspec.id}"
    make_account(server.session("admin"), login)
    found = Client(browser, server, login, request.param)
    found.login, found.kind = login, request.node.callspec.id
    yield found
    found.close()


def make_account(admin, login):
    [group] = admin.search_read(
        "ir.model.data", [("module", "=", "base"), ("name", "=", "group_portal")], ["res_id"]
    )
    admin.call(
        "res.users",
        "create",
        [
            {
                "name": "Sam de Vries",
                "login": login,
                "password": PASSWORD.format(login=login),
                "email": f"{login}@klager.example",
                "lang": "nl_NL",
                "group_ids": [(6, 0, [group["res_id"]])],
            }
        ],
        context={"no_reset_password": True},
    )


def test_from_filing_to_rating(client, staff, mail_server):
    complaint_id = file_complaint(client, staff)
    answer_a_question(client, staff, mail_server, complaint_id)
    disagree(client, staff, complaint_id)
    choose_a_moment(client, staff, complaint_id)
    withdraw(client)
    rate(client, staff, complaint_id)


def test_after_logging_out_back_shows_nothing(browser, server):
    make_account(server.session("admin"), "sam-weg")
    found = Client(browser, server, "sam-weg")
    try:
        found.open("/my/klachten/nieuw?policy=regeling-ba")
        found.fill("nieuw", description=STORY).send("nieuw")
        assert STORY.split("\n")[0] in found.page.content()
        dossier = found.page.url
        found.open("/web/session/logout")
        found.page.go_back()
        found.page.wait_for_load_state()
        assert STORY.split("\n")[0] not in found.page.content()
        found.page.goto(dossier)
        assert STORY.split("\n")[0] not in found.page.content()
    finally:
        found.close()


def today():
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date()


def look(client, name):
    """The page can be used by everybody; take a picture where these are wanted."""
    client.check()
    if os.environ.get("SCREENSHOTS"):
        path = PICTURES / f"portaal-{name}{'-telefoon' if client.kind == 'phone' else ''}.png"
        save_picture(client.screenshot(), path)


def file_complaint(client, staff):
    look(client, "0-lijst")
    client.follow("/my/klachten/nieuw")
    look(client, "1-regeling")
    client.follow("policy=regeling-ba")
    client.fill("nieuw", description=STORY, incident_on="morgen", files=[PDF])
    look(client, "2-nieuw")
    client.send("nieuw")
    look(client, "3-verbeteren")
    assert client.page.evaluate("document.activeElement.id") == "errors"
    assert client.form("nieuw").locator("[name=description]").input_value() == STORY
    assert "foto.pdf" in client.text(), "a file that was chosen is kept"
    client.fill("nieuw", incident_on=f"{today():%d-%m-%Y}").send("nieuw")
    found = staff.search_read(
        "complaint", [("complainant_email", "=", f"{client.login}@klager.example")], ["name"]
    )
    [complaint] = found
    assert complaint["name"] in client.confirmation()
    assert "foto.pdf" in client.text()
    look(client, "4-ontvangen")
    confirmed = client.page.url
    with contextlib.suppress(PlaywrightError):  # nothing of a form is kept by the browser
        client.page.go_back()
    client.page.wait_for_timeout(1000)  # until the browser shows that
    client.page.goto(confirmed)
    client.page.reload()
    assert staff.call("complaint", "search_count", [("id", ">=", complaint["id"])]) == 1
    return complaint["id"]


def answer_a_question(client, staff, mail_server, complaint_id):
    compose = "klachtenbeheer.message.compose"
    dialog = staff.call(compose, "create", [{"complaint_id": complaint_id, "body": QUESTION}])
    staff.call(compose, "action_send", dialog)
    [mail] = mail_server.wait_for(f"{client.login}@klager.example")
    body = mail.message.get_body(("html", "plain")).get_content()
    assert QUESTION not in mail.message.as_string()
    assert f"/my/klachten/{complaint_id}" in body
    assert "access_token" not in body
    client.page.reload()
    assert QUESTION in client.text()
    client.fill("bericht", text="Op maandag.", files=[PROGRAM]).send("bericht")
    assert "spel.exe" in client.text("#errors")
    assert client.form("bericht").locator("[name=text]").input_value() == "Op maandag."
    client.send("bericht")
    assert client.confirmation()
    assert "Op maandag." in client.text("#messages ~ ol")
    look(client, "5-berichten")


def put_letter(staff, letter):
    """A letter that was mailed otherwise goes on the dossier, with its scan."""
    scan = b64encode(b"%PDF-1.4 gescand").decode()
    vals = {"letter_id": letter, "delivery": "email", "scan": scan}
    [dialog] = staff.call("klachtenbeheer.letter.outside", "create", [vals])
    staff.call("klachtenbeheer.letter.outside", "action_confirm", [dialog])


def answer_complaint(staff, complaint_id):
    """What an answer needs, and the two letters."""
    content = {
        "summary": "De bus kwam drie keer niet.",
        "solution": "<p>U betaalt de ritten niet.</p>",
        "respondent_text": "de planning",
    }
    staff.call("complaint", "write", [complaint_id], content)
    talk = {
        "complaint_id": complaint_id,
        "purpose": "hearing",
        "held_on": str(today()),
        "report": "<p>Sam vertelde wat er gebeurde.</p>",
        "participant_ids": [(0, 0, {"role": "complainant", "name": "Sam de Vries"})],
    }
    [hearing] = staff.call("hearing", "create", [talk])
    staff.call("hearing", "action_hold", [hearing])
    for code in ("acknowledgement", "answer"):
        [letter] = staff.call("complaint", "prepare_letter", [complaint_id], code)
        put_letter(staff, letter)


def disagree(client, staff, complaint_id):
    answer_complaint(staff, complaint_id)
    client.page.reload()
    client.follow("niet-eens/objection")
    client.fill("niet-eens", text="De bus kwam vijf keer niet.")
    look(client, "6-niet-eens")
    client.send("niet-eens")
    look(client, "7-niet-eens-ontvangen")
    [objection] = staff.search_read(
        "objection", [("complaint_id", "=", complaint_id)], ["state", "description"]
    )
    assert objection["state"] == "accepted"
    assert client.page.locator('a[href*="niet-eens"]').count() == 0


def choose_a_moment(client, staff, complaint_id):
    day = today() + timedelta(days=6)
    moments = [(0, 0, {"start_at": f"{day} {hour:02}:00:00"}) for hour in (9, 13)]
    [hearing] = staff.call(
        "hearing",
        "create",
        [
            {
                "complaint_id": complaint_id,
                "purpose": "oral_explanation",
                "location": "Vestiging Oost",
                "form": "phone",
                "slot_ids": moments,
                "participant_ids": [(0, 0, {"role": "complainant", "name": "Sam de Vries"})],
            }
        ],
    )
    invitation = staff.call("hearing", "action_offer", [hearing])
    put_letter(staff, invitation["res_id"])
    client.page.reload()
    look(client, "8-uitnodiging")
    slots = [("hearing_id", "=", hearing), ("state", "=", "proposed")]
    first, _second = staff.search_read("klachtenbeheer.hearing.slot", slots, ["id"])
    client.fill("gesprek", choice=str(first["id"])).send("gesprek")
    assert staff.read("hearing", hearing, "state")["state"] == "planned"
    look(client, "9-afspraak")
    staff.call("hearing", "action_cancel", [hearing])


def withdraw(client):
    client.follow("intrekken")
    look(client, "10-intrekken")
    client.fill("intrekken", text="Het is opgelost.").send("intrekken")
    assert client.confirmation()
    assert client.page.locator('.kb-portal a[href*="intrekken"]').count() == 0


def rate(client, staff, complaint_id):
    staff.call("complaint", "record_event", [complaint_id], "closed")
    client.page.reload()
    client.follow("beoordelen")
    client.fill("beoordelen", rating="4", text="Netjes gebeld.")
    look(client, "11-beoordelen")
    client.send("beoordelen")
    assert client.confirmation()
    look(client, "12-gesloten")
    assert staff.read("complaint", complaint_id, "rating_feedback") == {
        "id": complaint_id,
        "rating_feedback": "Netjes gebeld.",
    }
