"""How many clicks the usual roads take, of somebody who knows the way: a quarter fewer than when
they were counted first (register 5, assign 4, SB formal to closed 41 and 14 fields typed in, BA to
objection 24, KK to closed 17). A choice from a list is a click, or two where the list
has to be opened; the cursor in a text is part of typing it.
"""

from dataclasses import dataclass

import pytest
from backoffice import Backoffice, dutch
from playwright.sync_api import expect

STORY = "De hulp kwam deze maand drie keer niet, zonder bericht."
WORDS = "Wij spraken met u en met het team. De hulp kwam drie keer niet."


@dataclass
class Limit:
    """What a road may take."""

    clicks: int
    fields: int


MOST = {
    "register": Limit(3, 3),
    "assign": Limit(3, 0),
    "sb": Limit(28, 10),
    "ba": Limit(18, 10),
    "kk": Limit(12, 10),
}


@pytest.fixture(scope="module")
def server(office_server):
    return office_server


class Walk:
    """Somebody at work, from the page on which they are, counted."""

    def __init__(self, browser, server, login="coordinator"):
        self.office = Backoffice(browser, server, login)
        self.session = server.session(login)
        self.id = None

    def begin(self):
        self.office.clicks()
        self.office.fields = 0

    def check(self, road, others=()):
        """The road took no more than it may, with what others did on it."""
        walkers = (self, *others)
        # where to type in an editor has no name: that is a field, clicked on until it is ready
        clicks = [name for walk in walkers for name in walk.office.clicks() if name.strip()]
        fields = sum(walk.office.fields for walk in walkers)
        print(f"{road}: {len(clicks)} clicks, {fields} fields: {clicks}")  # noqa: T201  # shown with -s
        assert len(clicks) <= MOST[road].clicks, "\n".join(clicks)
        assert fields <= MOST[road].fields, f"{fields} fields"

    def register(self, *choices, button="action_register_and_open", **values):
        """Fill the quick entry in and go on with the complaint, under the policy used last."""
        office = self.office
        office.choose_menu("intake_menu")
        office.write(description=STORY, complainant_name="Kees Klager", **values)
        for name, value in choices:
            office.write(**{name: value})
        office.press(button)
        expect(office.page.locator(".o_complaint_head")).to_be_visible()
        domain = [("description", "=", STORY)]
        [self.id] = self.session.call("complaint", "search", domain, order="id desc", limit=1)

    def take_on(self, *choices, **values):
        """The same as the one who handles it."""
        self.register(*choices, button="action_register_and_take_on", **values)

    def send(self):
        """Send the letter that is open."""
        self.office.press("action_send_and_return")
        self.office.confirm()
        expect(self.office.page.locator(".o_complaint_head")).to_be_visible()

    def close(self):
        """While the complainant may still do something closing is no next step, but is found."""
        self.office.start(dutch("Close"))
        self.office.press("action_close")

    def next_step(self):
        self.office.press("action_next_step")

    def read(self, *fields):
        return self.session.read("complaint", self.id, *fields)


@pytest.fixture
def walk(browser, server):
    found = Walk(browser, server)
    yield found
    found.office.close()


def use_last(walk, source):
    """Under which policy somebody registers is the one used last."""
    walk.session.register(source, complainant_name="Anders")


def test_registering(walk):
    use_last(walk, "kk")
    walk.begin()
    walk.register(complainant_email="kees@klager.example")
    walk.check("register")
    assert walk.read("complainant_name")["complainant_name"] == "Kees Klager"


def test_assigning(walk):
    walk.id = walk.session.register("kk")
    walk.office.open(f"complaints/{walk.id}")
    walk.begin()
    walk.office.choose_more(dutch("Assign…"))
    walk.office.press("action_assign")
    walk.check("assign")
    assert walk.read("handler_id")["handler_id"]


def test_a_formal_complaint_from_registering_to_closed(walk, browser, server):
    """Under the policy with most steps: assigned, acknowledged, heard, decided and approved."""
    use_last(walk, "sb")
    director = Walk(browser, server, "director")
    office = walk.office
    walk.begin()
    director.begin()
    # somebody who complained under another policy would be proposed that one
    walk.take_on(kind="formal", complainant_email="kees.sb@klager.example")
    office.open_tab("content")
    office.write(summary=WORDS)
    walk.next_step()  # the acknowledgement
    walk.send()
    office.open_tab("complaint")
    office.write(category_id="Communicatie", complainant_kind_id="Ouders")
    office.choose_more(dutch("Note a conversation that was held…"))
    office.write(report=WORDS)
    office.press("action_save")
    office.open_tab("content")
    office.write(findings=WORDS, verdict_id=dutch("Upheld"), verdict_motivation=WORDS)
    office.open_tab("measures")
    office.write(measures=WORDS)
    walk.next_step()  # the decision
    office.press("action_submit_and_return")
    approve(director, walk.read("name")["name"])
    office.page.reload()
    office.settle()
    walk.next_step()
    walk.send()
    walk.close()
    assert walk.read("is_closed")["is_closed"]
    walk.check("sb", [director])
    director.office.close()


def approve(director, reference):
    """The start page leads to what waits for a decision."""
    page = director.office.page
    page.reload()
    director.office.settle()
    page.locator(".o_complaint_start_line", has_text=reference).click()
    director.office.settle()
    director.office.press("action_approve_and_return")


def test_until_the_complainant_disagrees(walk):
    use_last(walk, "ba")
    office = walk.office
    walk.begin()
    walk.take_on(complainant_email="kees.ba@klager.example")
    office.open_tab("content")
    office.write(summary=WORDS)
    walk.next_step()  # the acknowledgement
    walk.send()
    office.choose_more(dutch("Note a conversation that was held…"))
    office.write(report=WORDS)
    office.press("action_save")
    office.open_tab("content")
    office.write(solution=WORDS)
    walk.next_step()  # the answer
    walk.send()
    office.choose_more(dutch("Register a disagreement…"))
    office.write(description=WORDS)
    office.press("action_save")
    [found] = walk.session.search_read("objection", [("complaint_id", "=", walk.id)], ["state"])
    assert found["state"] == "accepted"
    walk.check("ba")


def test_a_short_road_to_closed(walk):
    use_last(walk, "kk")
    office = walk.office
    walk.begin()
    walk.take_on(("channel", "email"), complainant_email="kees.kk@klager.example")
    walk.next_step()  # contact with the complainant
    office.press("action_record")
    office.open_tab("content")
    office.write(summary=WORDS, solution=WORDS)
    walk.next_step()  # the answer
    walk.send()
    walk.close()
    assert walk.read("is_closed")["is_closed"]
    walk.check("kk")
