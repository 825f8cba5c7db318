"""Somebody with an account on the portal, in a real browser, on a desk or a phone.

Fields and links are found by what the server calls them, so that a test works in every language.
"""

from functools import cache
from urllib.parse import urlsplit

from lint import node_modules
from world import PASSWORD

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
PATIENCE = 60_000  # milliseconds
FIRST_PAGE = 90_000  # milliseconds: the server puts styles together first
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SMALLEST = 44  # pixels: what a finger can hit
TARGETS = """
() => [...document.querySelectorAll(
    ".kb-portal button, .kb-portal .btn, .kb-portal .form-control, .kb-portal .form-select,"
    + " .kb-portal .form-check"
)].filter(element => element.checkVisibility())
  .map(element => [element.id || element.className, element.getBoundingClientRect().height])
"""


@cache
def axe_source():
    return (node_modules() / "axe-core/axe.min.js").read_text()


class Client:
    """One browser window of a complainant who is logged in."""

    def __init__(self, browser, server, login, size=DESK, password=None):
        self.server = server
        self.context = browser.new_context(
            viewport=size, locale="nl-NL", timezone_id="Europe/Amsterdam", reduced_motion="reduce"
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.hosts, self.problems = set(), []
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self._log_in(login, password or PASSWORD.format(login=login))

    def _note_console(self, message):
        if message.type == "error":
            self.problems.append(message.text)

    def _log_in(self, login, password):
        self.page.goto(f"{self.server.url}/web/login?redirect=/my/klachten", timeout=FIRST_PAGE)
        self.page.fill("#login", login)
        self.page.fill("#password", password)
        self.page.press("#password", "Enter")
        self.page.wait_for_selector(".kb-portal", timeout=FIRST_PAGE)

    def close(self):
        self.context.close()

    # ---------------------------------------------------------------- acting

    def open(self, path):
        self.page.goto(self.server.url + path)
        return self

    def follow(self, part):
        """Click the link to an address that ends like this."""
        self.page.locator(f'.kb-portal a[href*="{part}"]').first.click()
        self.page.wait_for_load_state()
        return self

    def fill(self, form, **values):
        """Type into the fields of the form that goes to an address; a list chooses files."""
        root = self.form(form)
        for name, value in values.items():
            place = root.locator(f"[name={name}]")
            kind = place.first.get_attribute("type")
            if isinstance(value, list):
                place.set_input_files(value)
            elif kind == "radio":
                root.locator(f'[name={name}][value="{value}"]').check()
            elif kind == "checkbox":
                place.check()
            else:
                place.fill(value)
        return self

    def send(self, form):
        self.form(form).locator("button[type=submit]").click()
        self.page.wait_for_load_state()
        return self

    def form(self, part):
        return self.page.locator(f'.kb-portal form[action*="{part}"]').first

    # ---------------------------------------------------------------- looking

    def text(self, selector=".kb-portal"):
        return self.page.locator(selector).first.inner_text()

    def confirmation(self):
        return self.text(".kb-portal [role=status]")

    def check(self):
        """Nothing on this page bars somebody out, or asks anybody else for anything."""
        violations = self.violations()
        assert not violations, violations
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        small = [line for line in self.page.evaluate(TARGETS) if line[1] < SMALLEST]
        assert not small, small
        assert self.hosts <= {urlsplit(self.server.url).netloc}
        assert not self.problems, self.problems
        return self

    def violations(self):
        """What axe-core has to say about what is ours on the page."""
        self.page.evaluate(axe_source())
        found = self.page.evaluate(
            "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
        )
        return [
            (violation["id"], [node["html"][:200] for node in violation["nodes"][:3]])
            for violation in found["violations"]
        ]

    def screenshot(self):
        return self.page.screenshot(animations="disabled", caret="hide", full_page=True)
