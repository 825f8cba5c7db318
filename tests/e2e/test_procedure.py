"""A coordinator handles a complaint from registration to closing, under each of the five policies.

In a real browser, with real mail. With SCREENSHOTS=1 the pictures of docs/rondleiding.md are taken
on the way. Three of them are walked in `make soak`: `make test` walks those to count the clicks.
"""

import os
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from backoffice import Backoffice, dutch, save_picture
from common import REPO
from odoo_server import RpcError
from playwright.sync_api import expect

PICTURES = REPO / "docs/screenshots"
SUMMARY = "U vroeg drie keer om hulp en kreeg geen antwoord."
SOLUTION = "U hebt nu een vaste contactpersoon, die u elke vrijdag belt."
MEASURE = "Het team noteert vragen voortaan op één lijst."
REPORT = "U vertelde wat er gebeurde. Het team vertelde hoe een vraag wordt genoteerd."
REASON = "Een collega die erbij was, is met vakantie. Wij willen ook haar verhaal horen."
MANNER = "Wij bellen u en zoeken daarna uit wat er misging."
WEEK = timedelta(days=7)


@dataclass
class Road:
    """What differs between the policies on the way to the end of a complaint."""

    source: str
    story: str
    about: str
    answer: str  # what the last letter is called
    content: dict  # what that letter tells
    registration: dict = field(default_factory=dict)  # besides what everybody fills in
    dossier: dict = field(default_factory=dict)  # what the policy wants to know
    event: str = ""  # what the policy wants to see recorded on the way
    manner: bool = False  # acknowledgement and delay notice tell how the complaint is handled
    extendable: bool = False
    approved: bool = False  # by the director
    heard: bool = False  # both sides are heard before the answer
    by_itself: bool = False  # the acknowledgement leaves on registration
    checked: bool = False  # the coordinator checks the registration before closing

    @property
    def email(self):
        return f"klager-{self.source}@post.example"


# From registering to closed, with what is chosen from lists, as measured once the dossier led
# somebody through: it never takes more.
MOST_CLICKS = {"sb": 45, "ba": 29, "sj": 35, "kk": 40, "bb": 40}

ROADS = [
    Road(
        "sb",
        story="Ik heb drie keer gebeld over de dagbesteding van mijn moeder. Niemand belde terug.",
        about="Team dagbesteding",
        registration={"kind": "formal"},
        dossier={"category_id": "Communicatie", "complainant_kind_id": "Ouders"},
        event="Taken up",
        heard=True,
        extendable=True,
        answer="Besluit",
        content={
            "summary": SUMMARY,
            "findings": "De drie telefoontjes staan in het logboek. Er is niet teruggebeld.",
            "verdict_id": "Upheld",
            "verdict_motivation": "Wij beloven binnen één werkdag terug te bellen.",
            "measures": MEASURE,
        },
        approved=True,
    ),
    Road(
        "ba",
        story="De rekening van mei klopt niet en op mijn mail kwam geen antwoord.",
        about="Administratie",
        heard=True,
        answer="Schriftelijk antwoord",
        content={"summary": SUMMARY, "solution": SOLUTION},
    ),
    Road(
        "sj",
        story="De begeleider zegt telkens op het laatste moment af.",
        about="Ambulant team",
        dossier={"category_id": "Werkprocessen", "severity": "Low"},
        checked=True,
        event="Taken up",
        extendable=True,
        answer="Antwoord",
        content={"summary": SUMMARY, "solution": SOLUTION, "measures": MEASURE},
    ),
    Road(
        "kk",
        story="De zorg kwam deze week twee keer een uur te laat.",
        about="Thuiszorg",
        by_itself=True,
        event="Contact with the complainant",
        answer="Antwoord",
        content={"summary": SUMMARY, "solution": SOLUTION},
    ),
    Road(
        "bb",
        story="Het inloopspreekuur was zonder bericht gesloten.",
        about="Inloop",
        event="Taken up",
        manner=True,
        extendable=True,
        answer="Officiële reactie",
        content={"summary": SUMMARY, "solution": SOLUTION},
    ),
]
EVERYTHING = any(os.environ.get(name) for name in ("SOAK", "SCREENSHOTS"))
COUNTED = ("sb", "ba", "kk")  # test_clicks
WALKED = [road for road in ROADS if EVERYTHING or road.source not in COUNTED]


# -------------------------------------------------------------------- fixtures


@pytest.fixture(scope="module")
def server(office_server):
    return office_server


@pytest.fixture(scope="module")
def coordinator(browser, server):
    return Backoffice(browser, server, "coordinator")


@pytest.fixture(scope="module")
def director(browser, server):
    return Backoffice(browser, server, "director")


@pytest.fixture(scope="module")
def session(server):
    return server.session("coordinator")


class Case:
    """One complaint on its way, seen by the coordinator."""

    def __init__(self, road, office, session, mail_server):
        self.road, self.office, self.session = road, office, session
        self.mail_server = mail_server
        self.english = {}
        self.mails = 0
        self.reference = self.id = None

    def look(self, step):
        """Note English words on the page, and take a picture where these are wanted."""
        if found := self.office.english_on_page():
            self.english[step] = found
        if os.environ.get("SCREENSHOTS"):
            path = PICTURES / f"{self.road.source}-{step}.png"
            save_picture(self.office.screenshot(), path)

    def read(self, *fields):
        return self.session.read("complaint", self.id, *fields)

    def deadlines(self):
        """Return {term code: deadline}."""
        found = self.session.search_read(
            "deadline",
            [("complaint_id", "=", self.id), ("duty_of", "=", "organisation")],
            ["code", "due_on", "first_due_on", "state", "met_on"],
        )
        return {line["code"]: line for line in found}

    def answer_due(self):
        """Return until when the complaint has to be answered or decided."""
        lines = self.deadlines()
        return date.fromisoformat((lines.get("answer") or lines.get("decide"))["due_on"])

    def next_letter(self):
        """Wait for the next mail to the complainant; return the text of its letter."""
        self.mails += 1
        mail = self.mail_server.wait_for(self.road.email, self.mails)[-1]
        assert mail.recipients == [self.road.email]
        text = mail.only_pdf_text()
        assert self.reference in text
        return text


# -------------------------------------------------------------------- the road


@pytest.mark.parametrize("road", WALKED, ids=lambda road: road.source)
def test_from_registration_to_closing(road, coordinator, director, session, mail_server):
    case = Case(road, coordinator, session, mail_server)
    coordinator.clicks()
    register(case)
    registered = coordinator.clicks()
    acknowledge(case)
    take_up(case)
    if road.extendable:
        announce_delay(case)
    else:
        find_no_delay(case)
    if road.heard:
        hear(case)
    answer(case, director)
    close(case)
    clicks = registered + coordinator.clicks()
    assert len(clicks) <= MOST_CLICKS[road.source], clicks
    assert not case.english


def register(case):
    """Fill the quick entry in, as with the caller on the line, and open the complaint."""
    office, road = case.office, case.road
    office.choose_menu("intake_menu")
    office.write(
        description=road.story,
        respondent_text=road.about,
        complainant_name="Kees Klager",
        complainant_email=road.email,
        channel="email",
        policy_id=f"({road.source.upper()})",
        **road.registration,
    )
    case.look("1-registreren")
    office.press("action_register")
    case.reference = office.text("reference")
    office.press("action_open_complaint")
    [found] = case.session.search_read("complaint", [("name", "=", case.reference)], ["policy_id"])
    case.id = found["id"]
    assert found["policy_id"][1].endswith(f"({road.source.upper()})")
    office.choose_more(dutch("Assign to me"))
    expect(office.field("handler_id")).to_contain_text("Noor Hendriks")
    case.look("2-dossier")


def acknowledge(case):
    """Send the acknowledgement; it arrives with the letter as PDF."""
    office = case.office
    if not case.road.by_itself:
        office.start("Ontvangstbevestiging")
        if case.road.manner:
            office.write(promised_on=case.answer_due() + WEEK, expected_manner=MANNER)
        case.look("3-ontvangstbevestiging")
        send(case)
    text = case.next_letter()
    assert "Kees Klager" in text
    assert case.road.story in text
    assert case.deadlines()["acknowledge"]["state"] == "met"


def send(case):
    """Send the letter that is open: asked once, said, and back on the dossier."""
    case.office.press("action_send_and_return")
    case.office.confirm()
    expect(case.office.page.locator(".o_notification")).to_be_visible()
    expect(case.office.page.locator(".o_complaint_head")).to_be_visible()


def take_up(case):
    """Fill in what the policy wants to know, and record what happened."""
    office, road = case.office, case.road
    if road.dossier:
        office.write(**road.dossier)
    if not road.event:
        return
    office.choose_more(dutch("Record what happened…"))
    office.write(type_id=dutch(road.event))
    office.press("action_record")


def announce_delay(case):
    """Ask for more time before the term ends: the date moves, and the complainant is told."""
    office = case.office
    before = case.answer_due()
    office.choose_more(dutch("More time needed…"))
    office.write(promised_on=before + WEEK, reason=REASON)
    if case.road.manner:
        office.write(expected_manner=MANNER)
    case.look("4-uitstel")
    office.press("action_send")
    assert REASON in case.next_letter()
    assert case.answer_due() == before + WEEK


def find_no_delay(case):
    """This policy knows no extension: there is no such entry, and the server says so."""
    office = case.office
    with office.more_menu() as labels:
        assert dutch("More time needed…") not in labels
        case.look("4-geen-uitstel")
    with pytest.raises(RpcError, match=r"\w+ \w+") as refusal:
        case.session.call("complaint", "prepare_letter", [case.id], "delay_notice")
    assert refusal.value.kind == "UserError"


def hear(case):
    """Note the conversation in which both sides told their story."""
    office = case.office
    office.choose_more(dutch("Plan a conversation…"))
    office.write(form="By telephone")
    office.open_tab("report")
    office.write(held_on=datetime.now(ZoneInfo("Europe/Amsterdam")).date(), report=REPORT)
    case.look("gesprek")
    office.press("action_save")
    [hearing] = case.session.search_read(
        "hearing", [("complaint_id", "=", case.id)], ["state", "report"]
    )
    assert hearing["state"] == "held"
    assert REPORT in hearing["report"]


def answer(case, director):
    """Write the answer or decision, have it approved where the policy says so, and send it."""
    office, road = case.office, case.road
    office.open_tab("content")
    for name, value in road.content.items():
        if name == "measures" and office.has_tab("measures"):
            office.open_tab("measures")
        office.write(**{name: value})
    office.start(road.answer)
    if road.approved:
        office.press("action_submit_and_return")
        approve(case, director)
        office.page.reload()
        office.settle()
        office.start(road.answer)
    case.look("5-antwoord")
    send(case)
    text = case.next_letter()
    for part in (value for key, value in road.content.items() if key != "verdict_id"):
        assert part in text


def approve(case, director):
    """The director finds the letter among those that wait, and approves it."""
    director.choose_menu("complaint_menu", "letter_menu")
    director.open_row(case.reference)
    director.press("action_approve_and_return")


def close(case):
    """Note the outcome and close: everything was done, in time."""
    office = case.office
    office.open_tab("closing")
    office.write(outcome_note="Afgehandeld met excuses.")
    if case.road.checked:
        office.choose_more(dutch("The registration is complete"))
    office.start(dutch("Close"))
    office.press("action_close")
    # the dossier is shown anew: nothing is left to do on it
    expect(office.page.locator('button[name="action_next_step"]')).to_have_count(0)
    found = case.read("is_closed", "activity_ids")
    assert found["is_closed"]
    assert not found["activity_ids"], "somebody is still asked to do something"
    case.look("6-gesloten")
    states = {line["code"]: line["state"] for line in case.deadlines().values()}
    assert set(states.values()) <= {"met", "void"}, states
