"""The dossier at a glance: on a desk, a tablet and a phone, by keyboard, and what axe says of it.

With SCREENSHOTS=1 the pictures of the manual are taken.
"""

import os

import pytest
from backoffice import Backoffice, save_picture
from common import REPO
from playwright.sync_api import expect
from portal_pages import RULES, axe_source

PICTURES = REPO / "docs/screenshots"
DESK, TABLET, PHONE = (1440, 900), (1024, 768), (390, 844)
STORY = "De hulp kwam deze maand drie keer niet, zonder bericht. " * 12
# What is ours on a screen; the rest is the platform's.
OURS = [
    ".o_complaint_head",
    ".o_complaint_next_card",
    ".o_time_picture",
    ".o_complaint_message",
    ".o_complaint_start_sections",
    ".o_letter_beside",
]
IN_SIGHT = """
selector => {
    const box = document.querySelector(selector).getBoundingClientRect();
    return box.height > 0 && box.top >= 0 && box.top + 20 < innerHeight && box.left >= 0;
}
"""


@pytest.fixture(scope="module")
def server(office_server):
    return office_server


@pytest.fixture(scope="module")
def office(browser, server):
    return Backoffice(browser, server, "coordinator")


@pytest.fixture(scope="module")
def complaint_id(server):
    return server.session("coordinator").register(
        "sb",
        kind="informal",
        description=STORY,
        complainant_name="Kees Klager",
        complainant_phone="+31 6 1234 5678",
        respondent_text="Team Oost",
    )


def resize(office, size):
    office.page.set_viewport_size({"width": size[0], "height": size[1]})


def violations(office):
    """What axe-core has to say about what is ours on the page."""
    page = office.page
    page.evaluate(axe_source())
    places = [place for place in OURS if page.locator(place).count()]
    assert places
    found = page.evaluate(
        """([places, rules]) => axe.run(
            {include: places.map((place) => [place])}, {runOnly: {type: 'tag', values: rules}}
        )""",
        [places, RULES],
    )
    return [
        (line["id"], [node["html"][:200] for node in line["nodes"][:3]])
        for line in found["violations"]
    ]


@pytest.mark.parametrize("size", [DESK, TABLET, PHONE], ids=["desk", "tablet", "phone"])
def test_first_the_complaint(office, complaint_id, size):
    resize(office, size)
    office.open(f"complaints/{complaint_id}")
    assert office.page.evaluate(IN_SIGHT, ".o_complaint_words")
    assert office.page.evaluate(IN_SIGHT, ".o_complaint_who")
    if size != TABLET:
        assert office.page.evaluate(IN_SIGHT, ".o_complaint_next_card")
    text = office.page.locator(".o_complaint_head").inner_text()
    assert "Kees Klager" in text
    assert "Team Oost" in text
    wide = "() => document.documentElement.scrollWidth <= innerWidth"
    assert office.page.evaluate(wide), "nothing sticks out"
    assert not violations(office)
    if os.environ.get("SCREENSHOTS"):
        save_picture(office.screenshot(), PICTURES / f"dossier-{size[0]}.png")


def test_the_picture_by_keyboard(office, complaint_id):
    """Each mark says what it is when it has the focus, and Enter opens it."""
    resize(office, DESK)
    office.open(f"complaints/{complaint_id}")
    page = office.page
    mark = page.locator(".o_time_picture_mark").first
    mark.focus()
    told = page.locator(".o_time_picture_explanation")
    expect(told).to_have_text(mark.get_attribute("aria-label"))
    page.keyboard.press("Enter")
    page.locator(".modal:visible .o_form_view").wait_for()
    office.close_dialog()
    page.locator(".o_time_picture_list summary").click()
    marks = page.locator(".o_time_picture_mark, .o_time_picture_track[role=button]").count()
    assert page.locator(".o_time_picture_list li").count() == marks


def test_search_finds_what_is_closed(office, complaint_id):
    """A number in any notation, from the list of what is open."""
    resize(office, DESK)
    office.open("complaints")
    box = office.page.locator(".o_searchview_input")
    box.fill("06-12345678")
    box.press("Enter")
    expect(office.page.locator(".o_searchview_facet")).to_have_count(1)  # closed ones, too
    expect(office.page.locator(".o_data_row")).to_have_count(1)


def test_nobody_writes_to_the_complainant_by_mistake(office, complaint_id):
    resize(office, DESK)
    office.open(f"complaints/{complaint_id}")
    page = office.page
    assert not page.locator(".o-mail-Chatter-sendMessage").count()
    page.locator(".o_complaint_note").first.click()
    page.locator(".o-mail-Composer").wait_for()
    assert page.locator(".o_complaint_note_readers").is_visible()
    assert not page.locator(".o-mail-RecipientsInput").count()
    page.locator(".o_complaint_message").click()
    page.locator('.modal:visible .o_field_widget[name="body"]').wait_for()
    office.close_dialog()


def test_a_letter_beside_its_preview(office, server, complaint_id):
    resize(office, DESK)
    session = server.session("coordinator")
    action = session.call("complaint", "action_open_letter", [complaint_id], "acknowledgement")
    office.open(f"m-klachtenbeheer.letter/{action['res_id']}")
    page = office.page
    frame = page.frame_locator(".o_letter_preview")
    frame.locator(".kb-text").wait_for()
    page.locator('.o_field_widget[name="body"] .odoo-editor-editable').click()
    page.keyboard.type("Meteen zichtbaar ")
    frame.locator(".kb-text", has_text="Meteen zichtbaar").wait_for()
    assert not violations(office)
    if os.environ.get("SCREENSHOTS"):
        save_picture(office.screenshot(), PICTURES / "brief-1440.png")


def test_the_start_page(office):
    for size in (DESK, PHONE):
        resize(office, size)
        office.open("complaints-start")
        assert not violations(office)
