"""Whoever writes to us does not learn when, where or by whom it is read (issue 9, 5)."""

import pytest
from backoffice import Backoffice
from playwright.sync_api import expect

HOST = "pictures.example"
BODY = f'<p>Zie dit plaatje: <img src="http://{HOST}/who-reads.png"/></p>'


@pytest.fixture(scope="module")
def server(office_server):
    return office_server


def test_reading_a_message_asks_nothing_of_the_sender(browser, server):
    session = server.session("coordinator")
    complaint_id = session.register()
    session.call("complaint", "message_post", [complaint_id], body=BODY, body_is_html=True)
    office = Backoffice(browser, server, "coordinator")
    asked = []
    office.page.on("request", lambda call: asked.append(call.url))
    office.open(f"klachtenbeheer.complaint/{complaint_id}")
    message = office.page.locator(".o-mail-Message-body", has_text="Zie dit plaatje")
    expect(message).to_contain_text(HOST)  # as a link, for who wants to see it
    office.settle()
    assert asked
    assert not [url for url in asked if HOST in url]
