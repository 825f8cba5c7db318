"""A visitor without an account, in a real browser: on a desk or a phone, with scripts or without.

Fields are found by what the server calls them, so that a test works in every language.
"""

import re
from contextlib import contextmanager
from functools import cache
from urllib.parse import urlsplit

from lint import node_modules

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
PATIENCE = 60_000  # milliseconds
# WCAG 2.2 A and AA, and what axe calls best practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HTML = "text/html; charset=utf-8"
SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)
SMALLEST = 44  # pixels: what a finger can hit
TARGETS = """
() => [...document.querySelectorAll(
    ".kb-page button, .kb-page input:not([type=hidden]), .kb-page select, .kb-page textarea,"
    + " .kb-page summary, .kb-tick"
)].filter(element => element.checkVisibility() && !element.closest(".kb-aside"))
  .map(element => [element.id || element.className || element.tagName,
                   (element.closest(".kb-tick") || element).getBoundingClientRect().height])
"""


@cache
def axe_source():
    return (node_modules() / "axe-core/axe.min.js").read_text()


class Visitor:
    """One browser window of somebody who is not logged in."""

    def __init__(self, browser, server, size=DESK, scripts=True, locale="nl-NL"):
        self.browser, self.server, self.scripts = browser, server, scripts
        self.context = browser.new_context(
            viewport=size,
            locale=locale,
            timezone_id="Europe/Amsterdam",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.hosts = set()
        self.problems = []
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def _note_console(self, message):
        # the platform's answer to a mistake has a status of its own, which a browser reports
        if message.type == "error" and "the server responded with a status" not in message.text:
            self.problems.append(message.text)

    def close(self):
        self.context.close()

    def open(self, path):
        self.page.goto(self.server.url + path)
        return self

    def fill(self, **values):
        """Type into fields; True ticks a box, a list chooses files."""
        for name, value in values.items():
            place = self.page.locator(f".kb-page [name={name}]:not([type=hidden])")
            self.reach(place.first)
            if value is True:
                place.check()
            elif isinstance(value, list):
                self.page.locator("#kb-files").set_input_files(value)
            elif place.first.get_attribute("type") == "radio":
                self.page.locator(f".kb-page [name={name}][value={value}]").check()
            else:
                place.fill(value)
        return self

    def reach(self, place):
        """Open the step of the form in which something stands, where it has steps."""
        step = place.evaluate("element => element.closest('.kb-step[hidden]')?.dataset.step")
        if step:
            self.page.locator(f"[data-goto={step}]").click()

    def press(self, *, new=True):
        """Press the main button of the page.

        :param new: where the same text was sent before, it is a new complaint
        """
        button = self.page.locator(".kb-page form button:not(.kb-plain)").last
        self.reach(button)
        self.page.locator("body").evaluate("body => body.dataset.before = 'this'")
        button.click()
        # another page, or a sentence on this one about files that were refused
        self.page.locator("body:not([data-before]), #kb-message:focus").first.wait_for()
        self.page.wait_for_load_state()
        answer = self.page.locator(".kb-page button[name=again][value=new]")
        if new and answer.count():
            answer.click()
            self.page.wait_for_load_state()
        return self

    def text(self, selector=".kb-page"):
        return self.page.locator(selector).first.inner_text()

    @property
    def reference(self):
        return self.text(".kb-reference")

    @property
    def code(self):
        return self.text(".kb-code")

    # ---------------------------------------------------------------- looking

    def check(self):
        """Nothing that this page shows bars somebody out, or asks anybody else for anything."""
        violations = self.violations()
        assert not violations, violations
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{wide} pixels too wide"
        small = [target for target in self.page.evaluate(TARGETS) if target[1] < SMALLEST]
        assert not small, small
        assert self.hosts <= {urlsplit(self.server.url).netloc}, self.hosts
        assert not self.problems, self.problems

    def violations(self):
        """What axe-core has to say about the whole page."""
        with self._page_for_axe() as page:
            page.evaluate(axe_source())
            found = page.evaluate(
                "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
            )
        return [
            (violation["id"], [node["html"][:200] for node in violation["nodes"][:3]])
            for violation in found["violations"]
        ]

    @contextmanager
    def _page_for_axe(self):
        """The page, or where nothing runs on it a copy as it stands: axe is a script as well."""
        if self.scripts:
            yield self.page
            return
        source = SCRIPT.sub("", self.page.content())
        with self.browser.new_context(viewport=self.page.viewport_size) as context:
            copy = context.new_page()
            copy.route(
                lambda url: url == self.page.url.partition("#")[0],
                lambda route: route.fulfill(body=source, content_type=HTML),
            )
            copy.goto(self.page.url)
            yield copy

    def screenshot(self):
        return self.page.screenshot(animations="disabled", caret="hide", full_page=True)


@contextmanager
def visitor(browser, server, **options):
    found = Visitor(browser, server, **options)
    yield found
    found.close()
