"""The back-office in a real browser, driven by somebody with a role.

Fields and buttons are found by their technical names, menu entries by the words that the Dutch
user reads.
"""

import io
import time
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import polib
from common import ADDON, REPO
from PIL import Image
from playwright.sync_api import expect
from world import PASSWORD

FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    " --disable-sync --no-first-run"
).split()
SIZE = {"width": 1440, "height": 1000}
SMALL = 768  # pixels: below these the platform shows its screens for a phone
PATIENCE = 60_000  # milliseconds for something to appear
FIRST_PAGE = 90_000  # milliseconds: the server puts scripts and styles together first
SCREEN = ".o_action_manager :is(.o_view_controller, .o_complaint_start), .modal .o_form_view"
QUIET = 3  # drawn frames without a call to the server: then a page has settled
WRONG_WIDGET = "don't support the type"  # of a field, which the platform only warns of
NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)))"

# What a person reads on the page: texts, and the hints in and on fields and buttons.
TEXTS_ON_PAGE = """
() => {
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (parent.checkVisibility() && !parent.closest("script, style, .o-mail-Thread")) {
            found.add(walker.currentNode.textContent.trim().replace(/\\s+/g, " "));
        }
    }
    for (const element of document.querySelectorAll("[placeholder], [title], [aria-label]")) {
        if (element.checkVisibility()) {
            for (const name of ["placeholder", "title", "aria-label"]) {
                found.add((element.getAttribute(name) || "").trim());
            }
        }
    }
    return [...found].filter(Boolean);
}
"""


@cache
def translations():
    """Return {English source text: Dutch text} of the addon."""
    entries = polib.pofile(str(REPO / ADDON / "i18n/nl.po"))
    return {entry.msgid: entry.msgstr for entry in entries if not entry.obsolete}


@cache
def english_texts():
    """Return the addon's English texts that no Dutch user should see."""
    found = translations()
    return {source for source, dutch in found.items() if source not in {dutch, *found.values()}}


def dutch(source):
    """Return what a Dutch user reads instead of an English source text."""
    return translations().get(source) or source


# Counts what a person clicks, across pages of one window. To put the cursor in a field in which is
# typed is part of filling it in, which is counted apart: see `write`.
COUNT_CLICKS = """
document.addEventListener(
    "click",
    (event) => {
        const typed = "textarea, input[type=text], [contenteditable=true], [class*=_date] button";
        if (event.isTrusted && !event.target.closest(typed)) {
            const button = event.target.closest("button, a, label, [role]") || event.target;
            const words = button.name || button.innerText || button.className;
            const line = words.replace(/\\s+/g, " ").slice(0, 40);
            sessionStorage.clicks = (sessionStorage.clicks || "") + line + "\\n";
        }
    },
    true,
);
"""


class Backoffice:
    """One person's browser window; `problems` collects what should never happen in it."""

    def __init__(self, browser, server, login, *, password=None, size=None):
        """:param size: of the window: {"width", "height"}"""
        self.size = size or SIZE
        self.fields = 0  # that were typed in
        context = browser.new_context(
            viewport=self.size,
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.add_init_script(COUNT_CLICKS)
        self.page = context.new_page()
        self.server = server
        self.problems = []
        self.page.on("console", self._note_console)
        self._calls = set()
        self.page.on("request", lambda call: self._calls.add(call))
        self.page.on("requestfinished", lambda call: self._calls.discard(call))
        self.page.on("requestfailed", lambda call: self._calls.discard(call))
        self.page.on("pageerror", lambda error: self.problems.append(f"script: {error}"))
        self._log_in(login, password or PASSWORD.format(login=login))

    def close(self):
        """Close the window, and forget who was logged in."""
        self.page.context.close()

    def _note_console(self, message):
        if message.type == "error" or WRONG_WIDGET in message.text:
            self.problems.append(f"console: {message.text}")

    def _log_in(self, login, password):
        self.page.goto(f"{self.server.url}/web/login", timeout=FIRST_PAGE)
        self.page.fill("#login", login)
        self.page.fill("#password", password)
        self.page.press("#password", "Enter")
        self.page.wait_for_selector(".o_main_navbar", timeout=FIRST_PAGE)
        if self.size["width"] >= SMALL:
            self.open_app()

    # ---------------------------------------------------------------- going somewhere

    def open_app(self):
        """Open the addon from the menu of applications."""
        self.page.click(".o_navbar_apps_menu button")
        self.page.click(f'.o-dropdown--menu [data-menu-xmlid="{ADDON}.root_menu"]')
        self.page.wait_for_selector(f'.o_main_navbar [data-menu-xmlid="{ADDON}.intake_menu"]')
        self.settle()

    def open(self, path):
        """Go to an address of the back-office and wait for its view."""
        self.page.goto(f"{self.server.url}/odoo/{path}")
        self.settle()

    def choose_menu(self, *xmlids):
        """Click through the menu of the addon."""
        for xmlid in xmlids:
            self.page.locator(f'[data-menu-xmlid="{ADDON}.{xmlid}"]:visible').click()
        self.settle()

    def open_row(self, text):
        """Open the record of a list whose row has a text."""
        row = self.page.locator(".o_data_row", has_text=text).first
        row.locator(".o_data_cell").first.click()
        self.page.wait_for_selector(".o_form_view")
        self.settle()

    def go_back(self):
        """Return to the record from which this one was opened."""
        self.page.locator(".o_breadcrumb .o_back_button, .breadcrumb-item a").last.click()
        self.settle()

    def settle(self):
        """Wait until the page shows a view and nothing is being loaded or saved."""
        self.page.wait_for_selector(SCREEN)
        end = time.monotonic() + PATIENCE / 1000
        quiet = 0
        while quiet < QUIET and time.monotonic() < end:
            self.page.evaluate(NEXT_FRAME)
            quiet = 0 if any("/web/" in call.url for call in self._calls) else quiet + 1
        expect(self.page.locator(".o_blockUI")).to_have_count(0)
        self.check()

    # ---------------------------------------------------------------- looking

    def check(self):
        """Nothing went wrong that a person or a developer would notice."""
        self.note_dialog()
        assert not self.problems, self.problems

    def note_dialog(self):
        dialog = self.page.locator(".o_error_dialog")
        if dialog.count():
            self.problems.append(f"dialog: {dialog.first.inner_text()}")

    def english_on_page(self):
        """Return the addon's English texts that are visible now."""
        return sorted(set(self.page.evaluate(TEXTS_ON_PAGE)) & english_texts())

    def field(self, name):
        """Return the place of a field, in the dialog if there is one."""
        dialog = self.page.locator(".modal:visible")
        root = dialog if dialog.count() else self.page.locator(".o_action_manager")
        return root.locator(f'.o_field_widget[name="{name}"]:visible').first

    def text(self, name):
        """Return what a field shows."""
        place = self.field(name)
        entry = place.locator("input:visible, textarea:visible")
        return entry.first.input_value() if entry.count() else place.inner_text()

    def screenshot(self):
        """Return the window as PNG bytes, with nothing half faded in or pointed at."""
        self.page.mouse.move(self.size["width"] - 1, self.size["height"] - 1)
        return self.page.screenshot(animations="disabled", caret="hide")

    # ---------------------------------------------------------------- acting

    def open_tab(self, name):
        """Open a tab of the form, in the dialog if there is one."""
        self._find_tab(name).click()

    def has_tab(self, name):
        """Return whether the form has that tab."""
        return bool(self._find_tab(name).count())

    def _find_tab(self, name):
        dialog = self.page.locator(".modal:visible")
        root = dialog if dialog.count() else self.page.locator(".o_action_manager")
        return root.locator(f'.o_notebook .nav-link[name="{name}"]')

    def close_dialog(self):
        """Close the dialog if it is still there."""
        dialog = self.page.locator(".modal:visible")
        if dialog.count():
            dialog.locator(".btn-close").click()
        self.settle()

    def write(self, **values):
        """Fill fields in; the kind of field decides how."""
        for name, value in values.items():
            place = self.field(name)
            kind = place.get_attribute("class")
            expect(place).to_be_visible()
            self.fields += not any(word in kind for word in ("radio", "selection", "many2one"))
            if value is True:
                place.locator("input[type=checkbox]").check()
            elif "o_field_html" in kind:
                place.locator(".odoo-editor-editable[contenteditable=true]").click()
                self.page.keyboard.type(value)
            elif "o_field_radio" in kind:
                place.locator(f'input[data-value="{value}"]').check()
            elif "o_field_selection" in kind:
                place.locator("input").click()
                self.page.locator(".o_select_menu_item", has_text=dutch(value)).first.click()
            elif "many2one" in kind:
                place.locator("input").fill(value)
                self.page.locator(".o-autocomplete--dropdown-item", has_text=value).first.click()
            elif "date" in kind:
                self._write_date(place, value)
            else:
                place.locator("input, textarea").first.fill(value)

    def _write_date(self, place, value):
        place.locator("button, input").first.click()
        entry = place.locator("input")
        entry.fill(f"{value:%d-%m-%Y}")
        entry.press("Enter")

    def press(self, method):
        """Press the button that calls a method, in the dialog if there is one."""
        dialog = self.page.locator(".modal:visible")
        root = dialog if dialog.count() else self.page.locator(".o_action_manager")
        root.locator(f'button[name="{method}"]:visible').first.click()
        self.settle()

    def choose_more(self, label):
        """Choose an entry of the menu “More” by a part of its Dutch words, or else search it as
        the menu says."""
        self.page.locator(".o_complaint_more").click()
        entries = self.page.locator(".o-dropdown--menu .o-dropdown-item")
        entries.first.wait_for()
        entry = entries.filter(has_text=label)
        if entry.count():
            entry.first.click()
        else:
            self.page.keyboard.press("Escape")
            self.search_command(label)
        self.settle()

    def search_command(self, label):
        """Do something that is found by searching for it."""
        self.page.keyboard.press("Control+K")
        self.page.locator(".o_command_palette input").fill(label)
        self.page.locator(".o_command", has_text=label).first.click()

    def confirm(self):
        """Say yes to what is asked once."""
        self.page.locator(".modal:visible .modal-footer .btn-primary").click()
        self.settle()

    def clicks(self):
        """Return what was clicked on in this window since the last time this was asked."""
        return self.page.evaluate(
            "() => {const found = sessionStorage.clicks || '';"
            " sessionStorage.clicks = ''; return found.split('\\n').slice(0, -1)}"
        )

    @contextmanager
    def more_menu(self):
        """Hold the menu “More” open; gives the words of its entries."""
        self.page.locator(".o_complaint_more").click()
        entries = self.page.locator(".o-dropdown--menu .o-dropdown-item")
        entries.first.wait_for()
        yield entries.all_inner_texts()
        self.page.keyboard.press("Escape")
        entries.first.wait_for(state="detached")

    def start(self, label):
        """Do what is called like this: the next step, or else an entry of “More”."""
        step = self.page.locator('button[name="action_next_step"]:visible')
        if step.count() and label in step.inner_text():
            self.press("action_next_step")
        else:
            self.choose_more(label)


def save_picture(content, path: Path):
    """Keep a screenshot small: of a PNG fewer colours, which nobody sees; or else as WebP."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    if path.suffix == ".png":
        picture = picture.quantize(128, dither=0)
    picture.save(path, optimize=True, quality=25, method=6)
