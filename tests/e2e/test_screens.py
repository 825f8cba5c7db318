"""Every screen of the demo, inside and outside, as whoever has it in the menu sees it: it shows
itself without a complaint of the browser, in Dutch, no wider than the window, and axe-core has
nothing to say.

All of it takes long: with SOAK=1 (`make soak`) or SCREENSHOTS=1 (`make pictures`), as everybody and
at three widths. The latter takes the pictures of docs/schermen.md. A sample runs each time.
"""

import os
import re
from functools import partial

import pytest
import template
from backoffice import Backoffice, save_picture
from common import ADDON, REPO
from demo import FILL, MARK
from odoo_server import OdooServer
from portal_pages import RULES, Client, axe_source
from public_pages import Visitor

PICTURES = REPO / "docs/screens"
DESK = {"width": 1440, "height": 900}
TABLET = {"width": 1024, "height": 768}
PHONE = {"width": 390, "height": 844}
SIZES = {"desk": DESK, "tablet": TABLET, "phone": PHONE}
WIDE = "() => document.documentElement.scrollWidth - innerWidth"
CONTENT = ".o_action_manager .o_content, .o_complaint_start, .modal-body"
CALENDAR = ".fc"
# What the platform's own parts do wrong on every screen of every application, which no addon can
# mend: {rule of axe: what such an element looks like}. Of anything else every rule holds.
PLATFORM = {
    # its chooser of columns, folded columns of a board, panels beside a calendar
    "button-name": r'class="[^"]*(o-dropdown|o_toggle_fold|oi-panel-right)|oi-panel-right',
    # columns of a list in which buttons, ticks and handles stand, and what is beside a group
    "empty-table-header": r'<th (class="[^"]*o_list_|class="p-0"|colspan=|.*data-name="sequence")',
    # avatars, beside which the name stands
    "image-alt": r'src="[^"]*/web/image/res\.(users|partner)/',
    "label": r'id="(checkbox-comp-|boolean_checkbox)',  # ticks in a list
    # menus of choices, and labels in a field
    "aria-allowed-attr": r'class="[^"]*(o-dropdown|o-autocomplete|o_tag |o_select_menu)',
    "aria-required-parent": r'class="nav-link[^>]*role="tab"',
    "autocomplete-valid": r'class="[^"]*o_select_menu',
    # icons of activities on a board, of an empty avatar, of a search
    "role-img-alt": r'<i class="(fa fa-fw|oi oi-search)[^>]*role="img"',
    # a card, and what changed
    "aria-allowed-role": r'class="(o_kanban_record|o-mail-Message-tracking)',
    "list": r'<ul class="mb-0 list-unstyled d-flex flex-column',  # of what changed
    # activities and messages beside a record: whose face it is
    "aria-command-name": r'class="o-mail-Activity-avatarContainer',
    "aria-prohibited-attr": r'class="o-mail-Message-avatarContainer',
    "target-size": r'class="(o-mail-Activity-\w+ )?btn btn-link btn-\w+ p-0',  # of an activity
    # a dialog is a second main part
    "landmark-main-is-top-level": r'<main class="o_content',
    "landmark-no-duplicate-main": r'<main class="modal-body',
    "landmark-unique": r'<main class="modal-body',
    "label-content-name-mismatch": r'name="Open in form view"',
}
SHOOTING = bool(os.environ.get("SCREENSHOTS"))
EVERYTHING = SHOOTING or bool(os.environ.get("SOAK"))
# Whoever has most of the menu comes first: a screen is looked at once.
LOGINS = ("coordinator", "manager", "director", "protector", "handler", "registrar", "employee")
ROW = ".o_data_row .o_data_cell, .o_kanban_record:not(.o_kanban_ghost)"
LIST = REPO / "docs/schermen.md"
HEAD = """# Alle schermen

Gemaakt door de tests (`make pictures`), met de gegevens van de demo: op een bureau (1440 pixels),
een tablet (1024) en een telefoon (390). Wat een scherm doet, staat in de
[handleiding](handleiding.md).
"""
SHOWN_AS = {"desk": "bureau", "tablet": "tablet", "phone": "telefoon"}
# On these pages a first record opens something else, or nothing.
NO_RECORD = {"deadline_menu", "complaint_menu_analysis", "complaint_figures_menu"}
NO_RECORD |= {"duty_figures_menu", "own_measure_menu", "complaint_menu_todo"}
in_soak = pytest.mark.skipif(not EVERYTHING, reason="`make soak` looks at every screen")
ANSWER = "De bus kwam drie keer niet. Niemand belde mij terug."


@pytest.fixture(scope="module")
def server(ready, addon_template_name, mail_server):
    """Give a server with the demo."""
    with template.temporary_copy(ready, addon_template_name, "screens") as name:
        version = f"{template.addon_version()} {template.demo_version()}"
        ready.script(name, FILL.format(addon=ADDON, mark=MARK, version=version))
        with OdooServer(ready, name, mail_server.port) as server:
            yield server


@pytest.fixture(scope="module")
def album():
    """What was looked at: {name: (what it is called, sizes)}; at the end the list of pictures."""
    found = {}
    yield found
    if SHOOTING:
        LIST.write_text(make_list(found))


def make_list(album):
    """Return docs/schermen.md."""
    lines = [HEAD]
    for name, (title, sizes) in album.items():
        shown = [f"![{title}](screens/{name}-{SIZES[size]['width']}.webp)" for size in sizes]
        lines += [f"## {title}", "", f"| {' | '.join(SHOWN_AS[size] for size in sizes)} |"]
        lines += ["|---" * len(sizes) + "|", f"| {' | '.join(shown)} |", ""]
    return "\n".join(lines)


class Onlooker(Backoffice):
    """Goes on where something is wrong, to see the rest as well."""

    def check(self):
        """Note what a dialog says; the test looks at all problems at the end."""
        self.note_dialog()


@pytest.fixture(scope="module")
def small_server(office_server):
    """Give a server with a few policies, for the sample of each run."""
    return office_server


def get_cases():
    for login in LOGINS:
        for size in SIZES:
            yield pytest.param(login, size, id=f"{login}-{size}")


# -------------------------------------------------------------------- sample


SAMPLE = [("start", "desk"), ("regeling", "desk"), ("dossier", "desk"), ("dossier", "phone")]


@pytest.mark.skipif(EVERYTHING, reason="every screen is looked at")
def test_the_screens_that_matter_most(browser, small_server):
    session = small_server.session("coordinator")
    complaint_id = session.register("sb", kind="informal", complainant_name="Kees Klager")
    paths = {
        "start": "action-klachtenbeheer.start_page_action",
        "dossier": f"complaints/{complaint_id}",
        "regeling": f"complaint-policies/{session.policy('sb')}",
    }
    office = Onlooker(browser, small_server, "coordinator", size=DESK)
    problems = []
    for name, size in SAMPLE:
        office.page.set_viewport_size(SIZES[size])
        office.open(paths[name])
        problems += look(office, {}, name, name, size)
    office.close()
    assert not problems, "\n".join(problems)


@pytest.mark.skipif(EVERYTHING, reason="every page is looked at")
def test_the_pages_that_matter_most(browser, small_server):
    visitor = Visitor(browser, small_server, size=PHONE)
    for path in ("/klacht", "/klachtenregeling", "/klacht/regeling-kk", "/klacht/volgen"):
        visitor.open(path).check()
    visitor.close()


# -------------------------------------------------------------------- inside


@in_soak
@pytest.mark.parametrize(("login", "size"), get_cases())
def test_every_screen_of(browser, server, album, login, size):
    office = Onlooker(browser, server, login, password=login, size=SIZES[size])
    problems = []
    for name, title, action in get_screens(office):
        if size in album.get(name, ((), ()))[1]:
            continue
        office.open(f"action-{action}")
        problems += look(office, album, name, title, size)
        if name not in NO_RECORD and open_first(office):
            problems += look(office, album, f"{name}-een", f"{title}: één", size)
    office.close()
    assert not problems, "\n".join(problems)


def get_screens(office):
    """The entries of the menu: [(name, what it is called, id of the action)]."""
    menus = office.page.request.get(f"{office.server.url}/web/webclient/load_menus").json()
    screens = []

    def walk(menu_id):
        menu = menus[str(menu_id)]
        if menu["actionID"] and not menu["children"]:
            name = menu["xmlid"].partition(".")[2]
            screens.append((name, menu["name"], menu["actionID"]))
        for child in menu["children"]:
            walk(child)

    [root] = [menu["id"] for menu in menus.values() if menu.get("xmlid") == f"{ADDON}.root_menu"]
    walk(root)
    return screens


def open_first(office):
    """Open the first record of a list or board; False where there is none."""
    first = office.page.locator(ROW).first
    if not office.page.locator(ROW).count():
        return False
    first.click()
    office.settle()
    return bool(office.page.locator(".o_form_view").count())


def look(office, album, name, title, size):
    """What is wrong with the screen that is open, as texts; take a picture where wanted."""
    album.setdefault(name, (title, []))[1].append(size)
    problems = list(office.problems)
    office.problems.clear()
    problems += [f"English: {text}" for text in office.english_on_page()]
    wide = office.page.evaluate(WIDE)
    if wide > 0:
        problems.append(f"{wide} pixels too wide")
    if not office.page.locator(".modal:visible").count():
        leads_to = office.page.locator(".o_complaint_help").get_attribute("href")
        problems += [] if "#" in leads_to else ["the help leads to no section"]
    problems += get_violations(office.page)
    if SHOOTING:
        save_picture(office.screenshot(), PICTURES / f"{name}-{SIZES[size]['width']}.webp")
    return [f"{name} ({size}): {problem}" for problem in problems]


def get_violations(page):
    """What axe-core has to say, as texts: of all that is shown below the bar of the platform, but
    for what the platform's own parts do wrong in every application."""
    page.evaluate(axe_source())
    found = page.evaluate(
        """([content, calendar, rules]) => axe.run(
            {include: [[content]], exclude: [[calendar]]},
            {runOnly: {type: "tag", values: rules}},
        )""",
        [CONTENT, CALENDAR, RULES],
    )
    return [
        f"{line['id']}: {node['target']} {node['html'][:160]}"
        for line in found["violations"]
        for node in line["nodes"]
        if not re.search(PLATFORM.get(line["id"], "^$"), node["html"])
    ]


# -------------------------------------------------------------------- outside


@in_soak
@pytest.mark.parametrize("size", SIZES)
def test_every_page_outside(browser, server, album, size):
    show = partial(look_outside, album, size)
    visitor = Visitor(browser, server, size=SIZES[size])
    show(visitor.open("/klacht"), "buiten-lijst", "Waarover kunt u klagen")
    show(visitor.open("/klachtenregeling"), "buiten-regelingen", "De regelingen")
    show(visitor.open("/klachtenregeling/thuiszorg"), "buiten-regeling", "Een regeling")
    show(
        visitor.open("/klacht/bestaat-niet"), "buiten-verkeerd-adres", "Een adres dat niet bestaat"
    )
    visitor.open("/klacht/thuiszorg")
    show(visitor, "buiten-1-wat", "Formulier, stap 1")
    visitor.fill(description=ANSWER)
    for number, step in enumerate(("who", "help", "send"), 2):
        visitor.page.locator(f"[data-goto={step}]").click()
        show(visitor, f"buiten-{number}-{step}", f"Formulier, stap {number}")
    visitor.page.wait_for_timeout(3100)
    show(visitor.press(), "buiten-ontvangen", "Het bewijs van ontvangst")
    code = visitor.code
    show(visitor.open("/klacht/volgen"), "buiten-code", "Volgen: de code")
    show(visitor.fill(code=code).press(), "buiten-volgen", "Volgen")
    visitor.close()


@in_soak
@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_the_portal(browser, server, album, size):
    show = partial(look_outside, album, size)
    client = Client(browser, server, "client", SIZES[size], password="client")
    show(client, "portaal-lijst", "Portaal: mijn klachten")
    client.follow("/my/klachten/nieuw")
    show(client, "portaal-regeling", "Portaal: waarover")
    show(
        client.open("/my/klachten/nieuw?policy=thuiszorg"),
        "portaal-nieuw",
        "Portaal: een klacht indienen",
    )
    client.open("/my/klachten")
    client.page.locator('.kb-portal a[href^="/my/klachten/"]:not([href*="nieuw"])').first.click()
    client.page.wait_for_load_state()
    show(client, "portaal-dossier", "Portaal: een klacht")
    client.close()


def look_outside(album, size, person, name, title):
    """The page is for everybody; take a picture where wanted."""
    album.setdefault(name, (title, []))[1].append(size)
    person.check()
    if SHOOTING:
        save_picture(person.screenshot(), PICTURES / f"{name}-{SIZES[size]['width']}.webp")
