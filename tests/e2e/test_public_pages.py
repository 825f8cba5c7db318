"""The public pages as people meet them: in a real browser, on a phone, with a keyboard, without
scripts, inside another website. With SCREENSHOTS=1 the pictures of docs/handleiding.md are taken.
"""

import os
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from backoffice import save_picture
from common import REPO
from playwright.sync_api import expect
from public_pages import DESK, PHONE, Visitor

PICTURES = REPO / "docs/screenshots"
# The pages that docs/handleiding.md shows.
SHOWN = {
    "formulier-sb-telefoon",
    "formulier-fouten-telefoon",
    "ontvangen-telefoon",
    "volgen-bureau",
}
SOURCES = ("sb", "ba", "sj", "kk", "bb")
STORY = "De bus naar de dagbesteding kwam drie keer niet. Niemand belde mij terug."
ANSWER = "Het was op dinsdag 3 november, om negen uur."
CODE = re.compile(r"^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$")
PDF = {"name": "brief.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 brief"}
VIRUS = {"name": "foto.exe", "mimeType": "image/jpeg", "buffer": b"MZ"}
# All of them in `make soak`; one from right to left, and one that is not Latin, each time.
LOCALES = ["ar", "uk-UA"]
if os.environ.get("SOAK"):
    LOCALES += ["en-US", "pl-PL", "tr-TR", "de-DE", "fr-FR"]
# All four in `make soak`; the two that differ most each time.
SIZES = {
    "phone": (PHONE, True),
    "desk-without-scripts": (DESK, False),
}
if os.environ.get("SOAK"):
    SIZES |= {"desk": (DESK, True), "phone-without-scripts": (PHONE, False)}
WAYS = pytest.mark.parametrize(("size", "scripts"), SIZES.values(), ids=SIZES)


@pytest.fixture(scope="module")
def server(workers_server):
    admin = workers_server.session("admin")
    for purpose in ("post", "form", "code", "message"):
        name = f"klachtenbeheer.limit_{purpose}"
        admin.call("ir.config_parameter", "set_param", name, "1000")
    [english] = admin.call(
        "res.lang", "search", [("code", "=", "en_US")], context={"active_test": False}
    )
    admin.call("res.lang", "write", [english], {"active": True})
    return workers_server


@pytest.fixture
def make_visitor(browser, server):
    """Give a function that opens a window; all are closed at the end."""
    found = []

    def make(**options):
        found.append(Visitor(browser, server, **options))
        return found[-1]

    yield make
    for visitor in found:
        visitor.close()


@pytest.fixture
def visitor(make_visitor):
    return make_visitor()


@pytest.fixture(scope="module")
def coordinator(server):
    return server.session("coordinator")


def picture(visitor, name):
    if os.environ.get("SCREENSHOTS") and name in SHOWN:
        save_picture(visitor.screenshot(), PICTURES / f"{name}.png")


def wait_a_moment(visitor):
    """Nobody writes a complaint within three seconds of opening the page."""
    visitor.page.wait_for_timeout(3100)


def send(visitor, source="sb", **values):
    visitor.open(f"/klacht/regeling-{source}").fill(description=STORY, **values)
    wait_a_moment(visitor)
    return visitor.press()


def find(coordinator, reference):
    [found] = coordinator.search_read(
        "complaint",
        [("name", "=", reference)],
        ["description", "is_anonymous", "complainant_name", "message_ids", "create_uid"],
    )
    return found


# ---------------------------------------------------------------- journeys


@WAYS
def test_a_complaint_with_a_mistake_mended(make_visitor, coordinator, size, scripts):
    visitor = make_visitor(size=size, scripts=scripts)
    visitor.open("/klacht/regeling-sb")
    visitor.fill(
        name="Kees Klager", email="kees", desired_solution="Een excuus", files=[PDF, VIRUS]
    )
    wait_a_moment(visitor)
    visitor.press()
    summary = visitor.page.locator("#kb-message")
    expect(summary).to_be_focused()
    links = summary.locator("a")
    expect(links).to_have_count(1 if scripts else 2)
    expect(visitor.page.locator("#kb-name")).to_have_value("Kees Klager")
    expect(visitor.page.locator("[name=keep]")).to_have_count(1)
    visitor.fill(description=STORY).press()
    links = visitor.page.locator("#kb-message a")
    expect(links).to_have_count(1)
    links.first.click()
    expect(visitor.page.locator("#kb-email")).to_be_focused()
    visitor.fill(email="kees@klager.example").press()
    assert STORY in visitor.text()
    assert CODE.match(visitor.code)
    complaint = find(coordinator, visitor.reference)
    assert complaint["complainant_name"] == "Kees Klager"
    assert complaint["message_ids"], "the file"


@WAYS
def test_an_anonymous_complaint_there_and_back(make_visitor, coordinator, size, scripts):
    visitor = make_visitor(size=size, scripts=scripts)
    send(visitor, "ba", is_anonymous=True)
    reference, code = visitor.reference, visitor.code
    complaint = find(coordinator, reference)
    assert complaint["is_anonymous"]
    write_to(coordinator, complaint["id"], "Op welke dag was dat?")
    visitor.open("/klacht/volgen").fill(code=code.lower()).press()
    assert reference in visitor.text()
    assert "Op welke dag was dat?" in visitor.text()
    visitor.fill(text=ANSWER, files=[PDF]).press()
    assert ANSWER in visitor.text()
    with visitor.page.expect_download() as download:
        visitor.page.locator(".kb-messages button", has_text="brief.pdf").click()
    assert download.value.path().read_bytes() == PDF["buffer"]
    # sending the same page again by reloading it changes nothing
    messages = visitor.page.locator(".kb-messages > li").count()
    visitor.page.reload()
    expect(visitor.page.locator(".kb-messages > li")).to_have_count(messages)
    assert code not in visitor.page.url


def write_to(session, complaint_id, text):
    vals = {"complaint_id": complaint_id, "body": text}
    [dialog] = session.call("klachtenbeheer.message.compose", "create", [vals])
    session.call("klachtenbeheer.message.compose", "action_send", [dialog])


@pytest.mark.parametrize("locale", ["nl-NL", *LOCALES])
def test_sending_by_keyboard_alone(make_visitor, locale):
    """The order of the keyboard is that of the page, and nothing catches it, in each language."""
    visitor = make_visitor(locale=locale, size=PHONE if locale != "nl-NL" else DESK)
    visitor.open("/klacht/regeling-kk")
    language = visitor.page.locator("html").get_attribute("lang")
    assert language.partition("-")[0] == locale.partition("-")[0]
    visitor.page.locator("h1").click()
    keyboard = visitor.page.keyboard
    seen = []
    for _step in range(120):
        keyboard.press("Tab")
        name = visitor.page.evaluate("document.activeElement.name || ''")
        seen.append(name)
        if name == "description":
            keyboard.type(f"{STORY} {locale}")
        if visitor.page.evaluate("document.activeElement.matches('[data-next]')"):
            keyboard.press("Enter")
        if visitor.page.evaluate("document.activeElement.matches('.kb-page [type=submit]')"):
            break
    assert "homepage" not in seen
    names = [name for name in seen if name]
    assert names.index("description") < names.index("name") < names.index("desired_solution")
    wait_a_moment(visitor)
    keyboard.press("Enter")
    visitor.page.wait_for_load_state()
    code = visitor.code
    assert CODE.match(code)
    follow_by_keyboard(visitor, visitor.reference, code)


def follow_by_keyboard(visitor, reference, code):
    """And from there to the page on which the complaint is followed."""
    visitor.open("/klacht/volgen")
    visitor.page.locator("h1").click()
    keyboard = visitor.page.keyboard
    for _step in range(40):
        keyboard.press("Tab")
        if visitor.page.evaluate("document.activeElement.name") == "code":
            keyboard.type(code)
            keyboard.press("Enter")
            break
    expect(visitor.page.locator("h1")).to_contain_text(reference)


def test_going_back_loses_nothing(visitor):
    visitor.open("/klacht/regeling-bb").fill(description=STORY, name="Kees")
    visitor.page.locator("[data-goto=what]").click()
    visitor.page.locator(".kb-page a[href*=klachtenregeling]").first.click()
    visitor.page.wait_for_load_state()
    visitor.page.go_back()
    expect(visitor.page.locator("#kb-description")).to_have_value(STORY)
    expect(visitor.page.locator("#kb-name")).to_have_value("Kees")


def test_a_double_click_gives_one_complaint(visitor, coordinator):
    story = f"{STORY} Dubbel."
    visitor.open("/klacht/regeling-bb").fill(description=story)
    wait_a_moment(visitor)
    button = visitor.page.locator(".kb-page form button").last
    visitor.reach(button)
    button.dblclick()
    visitor.page.wait_for_load_state()
    assert CODE.match(visitor.code)
    found = coordinator.search_read("complaint", [("description", "=", story)], ["name"])
    assert [complaint["name"] for complaint in found] == [visitor.reference]


def test_going_back_to_send_another_text_loses_neither(visitor, coordinator):
    stories = (f"{STORY} Eerst.", f"{STORY} Daarna.")
    visitor.open("/klacht/regeling-bb").fill(description=stories[0])
    wait_a_moment(visitor)
    visitor.press()
    first, code = visitor.reference, visitor.code
    visitor.page.go_back()
    visitor.fill(description=stories[1])
    wait_a_moment(visitor)
    visitor.press(new=False)
    if visitor.page.locator("button[name=again]").count():
        # the same page: what is it? Nothing of the first one is told
        assert code not in visitor.text()
        assert stories[0] not in visitor.text()
        visitor.check()
        visitor.page.locator("button[name=again][value=new]").click()
        visitor.page.wait_for_load_state()
    assert visitor.reference != first
    for story in stories:
        assert len(coordinator.search_read("complaint", [("description", "=", story)], ["name"]))


def test_the_same_text_on_another_page_is_asked_about(visitor, coordinator):
    story = f"{STORY} Twee keer."
    for _time in range(2):
        visitor.open("/klacht/regeling-bb").fill(description=story)
        wait_a_moment(visitor)
        visitor.press(new=False)
    assert not visitor.page.locator(".kb-reference").count()
    assert visitor.page.locator("button[name=again]").count() == 1
    visitor.check()
    found = coordinator.search_read("complaint", [("description", "=", story)], ["name"])
    assert len(found) == 1


@WAYS
def test_nothing_is_left_behind(make_visitor, size, scripts):
    """No cookie, from our pages or from anything that a browser fetches for them (SB24)."""
    visitor = make_visitor(size=size, scripts=scripts)
    answers = []
    visitor.page.on("response", lambda response: answers.append(response))
    for path in (
        "/klachtenregeling/regeling-bb",
        "/klacht/volgen",
        "/klacht/regeling-bb?lang=en_US",
    ):
        visitor.open(path)
    send(visitor, "bb", is_anonymous=True)
    code = visitor.code
    visitor.open("/klacht/volgen").fill(code=code).press()
    visitor.page.wait_for_load_state("networkidle")
    told = [response.url for response in answers if "set-cookie" in response.all_headers()]
    assert not told
    assert visitor.context.cookies() == []
    assert not scripts or visitor.page.evaluate("document.cookie + localStorage.length") == "0"
    assert not visitor.problems, visitor.problems


# ---------------------------------------------------------------- for everybody


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_form_and_regulation_are_for_everybody(make_visitor, size, source):
    visitor = make_visitor(size=size)
    device = "telefoon" if size is PHONE else "bureau"
    visitor.open(f"/klacht/regeling-{source}").check()
    picture(visitor, f"formulier-{source}-{device}")
    for step in ("who", "help", "send"):
        visitor.page.locator(f"[data-goto={step}]").click()
        everything = "all => all.forEach(part => part.open = true)"
        visitor.page.locator("details").evaluate_all(everything)
        visitor.check()
    visitor.open(f"/klachtenregeling/regeling-{source}").check()
    picture(visitor, f"regeling-{source}-{device}")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_each_step_is_for_everybody(make_visitor, coordinator, size):
    visitor = make_visitor(size=size)
    device = "telefoon" if size is PHONE else "bureau"
    visitor.open("/klacht/bestaat-niet").check()
    visitor.open("/klacht/regeling-kk").fill(hide_identity=True, email="kees", files=[PDF, VIRUS])
    visitor.press().check()
    picture(visitor, f"formulier-fouten-{device}")
    send(visitor, "kk", is_anonymous=True).check()
    picture(visitor, f"ontvangen-{device}")
    code = visitor.code
    complaint = find(coordinator, visitor.reference)
    write_to(coordinator, complaint["id"], "Op welke dag was dat?")
    visitor.open("/klacht/volgen").check()
    visitor.fill(code="AAAA-AAAA-AAAA-AAAA").press().check()
    picture(visitor, f"code-{device}")
    visitor.fill(code=code).press().check()
    visitor.press().check()
    visitor.fill(text=ANSWER, files=[PDF]).press().check()
    picture(visitor, f"volgen-{device}")


def test_the_language_can_be_switched(make_visitor):
    visitor = make_visitor(locale="nl-NL")
    visitor.open("/klacht/regeling-sb")
    assert visitor.page.locator("html").get_attribute("lang") == "nl-NL"
    visitor.page.locator(".kb-languages a[hreflang=en-US]").click()
    visitor.page.wait_for_load_state()
    assert visitor.page.locator("html").get_attribute("lang") == "en-US"
    visitor.check()
    visitor.fill(description=STORY)
    wait_a_moment(visitor)
    visitor.press()
    assert "We have received your complaint" in visitor.text("h1")


# ---------------------------------------------------------------- steps


def test_steps_go_on_and_back_and_lose_nothing(visitor):
    page = visitor.open("/klacht/regeling-sb").page
    visitor.fill(description=STORY)
    page.locator(".kb-step:not([hidden]) [data-next]").click()
    expect(page.locator(".kb-step:not([hidden]) h2")).to_be_focused()
    visitor.fill(name="Kees Klager")
    page.go_back()
    expect(page.locator("#kb-description")).to_have_value(STORY)
    page.go_forward()
    expect(page.locator("#kb-name")).to_have_value("Kees Klager")
    page.locator("[data-goto=send]").click()
    check = page.locator(".kb-check")
    expect(check).to_contain_text(STORY)
    expect(check).to_contain_text("Kees Klager")
    visitor.check()
    check.locator("dd", has_text="Kees Klager").locator("button").click()
    expect(page.locator("#kb-name")).to_be_visible()


def test_what_is_typed_is_kept_on_the_device_only_when_asked(visitor):
    page = visitor.open("/klacht/regeling-bb").page
    visitor.fill(description=STORY)
    assert page.evaluate("localStorage.length") == 0
    page.locator("#kb-save").check()
    page.goto(visitor.server.url + "/klacht/regeling-bb")
    expect(page.locator("#kb-description")).to_have_value(STORY)
    page.locator("[data-forget]").click()
    assert page.evaluate("localStorage.length") == 0
    expect(page.locator("#kb-description")).to_have_value("")
    page.locator("#kb-save").check()
    visitor.fill(description=f"{STORY} Bewaard.")
    wait_a_moment(visitor)
    visitor.press()
    assert visitor.reference
    assert page.evaluate("localStorage.length") == 0, "sent, so not kept any more"


def test_a_lost_connection_loses_nothing(visitor):
    page = visitor.open("/klacht/regeling-bb").page
    story = f"{STORY} Zonder verbinding."
    visitor.fill(description=story, files=[PDF])
    wait_a_moment(visitor)
    visitor.context.set_offline(True)
    page.locator("[data-goto=send]").click()
    page.locator(".kb-page [type=submit]").click()
    expect(page.locator(".kb-sending")).not_to_be_empty()
    visitor.context.set_offline(False)
    visitor.problems.clear()
    visitor.press()
    assert story in visitor.text()


def test_a_receipt_to_keep(visitor):
    send(visitor, "bb")
    with visitor.page.expect_download() as download:
        visitor.page.locator("a[download]").click()
    text = download.value.path().read_text()
    assert visitor.code in text
    assert STORY in text
    visitor.check()


# ---------------------------------------------------------------- languages


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
@pytest.mark.parametrize("locale", LOCALES)
def test_the_whole_road_in_each_language(make_visitor, locale, scripts):
    visitor = make_visitor(size=PHONE, scripts=scripts, locale=locale)
    visitor.open("/klacht").check()
    visitor.open("/klacht/regeling-kk").check()
    html = visitor.page.locator("html")
    language = locale.partition("-")[0]
    assert html.get_attribute("lang").partition("-")[0] == language
    assert html.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    visitor.fill(description=f"{STORY} {locale} {scripts}", name="Kees", email="kees")
    wait_a_moment(visitor)
    visitor.press().check()
    visitor.fill(email="").press().check()
    code = visitor.code
    visitor.open("/klacht/volgen").fill(code=code).press().check()
    assert html.get_attribute("lang").partition("-")[0] == language


# ---------------------------------------------------------------- in another website

PAGE = """<!DOCTYPE html><html lang="nl"><title>Gemeente</title>
<iframe src="{address}" width="700" height="900"></iframe>"""


class Website(ThreadingHTTPServer):
    """The website of somebody else, with the form in a frame."""

    def __init__(self, address):
        page = PAGE.format(address=address).encode()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_arguments):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exception):
        self.shutdown()
        self.server_close()


@pytest.fixture
def website(server):
    """Give a website that shows the form of a policy, and is allowed to."""
    manager = server.session("manager")
    policy_id = manager.policy("sj")
    with Website(f"{server.url}/klacht/regeling-sj?embed=1") as found:
        manager.call("policy", "write", [policy_id], {"embed_origins": found.origin})
        yield found
        manager.call("policy", "write", [policy_id], {"embed_origins": False})


@pytest.mark.parametrize("scripts", [True, False], ids=["with-scripts", "without"])
def test_the_form_works_inside_another_website(make_visitor, coordinator, website, scripts):
    visitor = make_visitor(scripts=scripts)
    visitor.page.goto(website.origin)
    frame = visitor.page.frame_locator("iframe")
    story = f"{STORY} {scripts}"
    frame.locator("#kb-description").fill(story)
    wait_a_moment(visitor)
    if scripts:
        frame.locator("[data-goto=send]").click()
    frame.locator("form button[type=submit]").click()
    reference = frame.locator(".kb-reference").inner_text()
    assert find(coordinator, reference)["description"] == story


def test_the_embedded_form_is_for_everybody(make_visitor):
    visitor = make_visitor(size=PHONE)
    visitor.open("/klacht/regeling-sj?embed=1").check()
    assert not visitor.page.locator("header, footer").count()
    assert visitor.page.locator("script").count() == 1, "our own"
    assert visitor.context.cookies() == []


def test_other_websites_do_not_show_the_form(visitor, server):
    with Website(f"{server.url}/klacht/regeling-ba?embed=1") as other:
        visitor.page.goto(other.origin)
        visitor.page.wait_for_timeout(2000)
        expect(visitor.page.frame_locator("iframe").locator("#kb-description")).to_have_count(0)
    assert any("frame-ancestors" in problem for problem in visitor.problems)
