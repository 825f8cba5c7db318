import logging

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...controllers import portal_actions, public_page
from ..support.portal_common import PDF, PortalCase
from ..support.public_common import Page

OURS = "odoo.addons.klachtenbeheer."
LOUD = ("odoo.http", "werkzeug", "odoo.addons.base.models.ir_http")


@tagged("post_install", "-at_install")
class TestHeaders(PortalCase):
    """What a browser keeps of our pages, and who may show them: every route that we have."""

    SOURCES = ("bb",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.file_of_client("bb")

    def get_routes(self):
        """Each of our routes: (url, method, whether it is for visitors who are not known)."""
        policy = self.policies["bb"]
        given = {
            "complaint_id": self.complaint.id,
            "policy_id": policy.id,
            "code": policy.code,
            "kind": "follow_up",
        }
        for rule in self.env["ir.http"].routing_map().iter_rules():
            routing = rule.endpoint.routing
            if not self.is_ours(rule.endpoint):
                continue
            url = "".join(
                str(given.get(part, 1)) if is_dynamic else part
                for is_dynamic, part in self.get_parts(rule)
            )
            for method in routing["methods"] or ["GET"]:
                yield url, method, routing["auth"] == "public"

    def is_ours(self, endpoint):
        """Whether a controller of ours answers, not one of the platform that we extend."""
        function = endpoint.func.__func__ if hasattr(endpoint.func, "__func__") else endpoint.func
        return function.__module__.startswith(OURS) and "klacht" in endpoint.routing["routes"][0]

    def get_parts(self, rule):
        """The parts of an address, as (whether it is a name, text)."""
        for step in rule.rule.replace(">", "<").split("<"):
            yield ":" in step, step.rpartition(":")[2]

    def request(self, url, method):
        self.env.flush_all()
        options = {"timeout": 60, "allow_redirects": False}
        return self.opener.request(method, self.base_url() + url, **options)

    @mute_logger(*LOUD)
    def test_every_page_of_ours_protects_what_is_on_it(self):
        routes = list(self.get_routes())
        urls = [url for url, _method, _public in routes]
        self.assertIn(f"/my/klachten/{self.complaint.id}", urls)
        self.assertIn(f"/klacht/{self.policies['bb'].code}", urls)
        self.assertGreater(len(routes), 15)
        for name in ("client", None):
            if name:
                self.log_in(name)
            else:
                self.logout()
            for url, method, is_public in routes:
                with self.subTest(url=url, method=method, who=name):
                    self.assert_protected(self.request(url, method), url, is_public)

    def assert_protected(self, response, url, is_public):
        """Also where another address is told, because of the language."""
        self.assert_has_headers(response, url, is_public)
        place = response.headers.get("Location", "")
        if place.endswith(url):
            response = self.request(place.removeprefix(self.base_url()), "GET")
            self.assert_has_headers(response, url, is_public)

    def assert_has_headers(self, response, url, is_public):
        headers = response.headers
        self.assertLess(response.status_code, 500)
        if is_public:
            self.assertNotIn("Set-Cookie", headers)
            self.assertEqual(headers["Referrer-Policy"], "no-referrer")
        else:
            self.assertEqual(headers["Referrer-Policy"], "same-origin")
            self.assertEqual(headers["X-Frame-Options"], "SAMEORIGIN")
        if url != "/klacht" and not url.startswith("/klachtenregeling"):  # those are to be found
            self.assertRegex(headers["Cache-Control"], "no-store|no-cache, private")
        for part in ("frame-ancestors", "object-src 'none'", "base-uri", "form-action"):
            self.assertIn(part, headers["Content-Security-Policy"])
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")

    def test_the_pages_of_the_account_are_not_kept_either(self):
        self.log_in("client")
        for url in ("/my", "/my/home", "/my/account"):
            self.assertEqual(self.url_open(url).headers["Cache-Control"], "no-store", url)

    def test_public_pages_have_no_scripts_and_set_no_cookie(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        code = self.policies["bb"].code
        for path in (f"/klacht/{code}", "/klacht/volgen", f"/klachtenregeling/{code}", "/klacht/x"):
            for prefix in ("", "/nl", "/nl_NL", "/en"):
                response = self.request(f"{prefix}{path}", "GET")
                self.assertNotIn("Set-Cookie", response.headers, prefix + path)
                if response.status_code == 200:
                    self.assert_has_only_our_script(response)

    def assert_has_only_our_script(self, response):
        """None of the platform or of anybody else: none, or the one that the policy of the page
        names by a number used once."""
        policy = response.headers["Content-Security-Policy"]
        scripts = Page(response).root.xpath("//script")
        if not scripts:
            self.assertIn("script-src 'none'", policy)
            return
        [script] = scripts
        nonce = script.get("nonce")
        self.assertGreater(len(nonce), 16)
        self.assertIn(f"script-src 'nonce-{nonce}'", policy)
        self.assertTrue(script.get("src").startswith("/klachtenbeheer/static/src/public/public.js"))
        self.assertFalse(script.text)

    def test_the_language_goes_along_without_a_cookie(self):
        code = self.policies["bb"].code
        page = Page(self.url_open(f"/klacht/{code}?lang=nl_NL"))
        self.assertEqual(page.root.get("lang"), "nl-NL")
        self.assertEqual(page.value("lang"), "nl_NL")
        others = page.root.xpath("//ul[@class='kb-languages']//a/@href")
        self.assertIn("?lang=en_US", others)
        [link] = set(page.root.xpath("//a[contains(@href, '/klachtenregeling/')]/@href"))
        self.assertIn("lang=nl_NL", link)

    def test_the_log_tells_no_address_of_what_our_pages_fetch(self):
        hide = public_page.WithoutAddress()
        for path, hidden in (
            ("/klacht/regeling", True),
            ("/nl/klacht/regeling", True),
            ("/klachtenregeling/regeling", True),
            ("/klacht", True),
            ("/ar/klacht?lang=ar_001", True),
            ("/klachtenregeling", True),
            ("/klachten", True),
            ("/klachtenbeheer/static/src/public/public.js?v=1", True),
            ("/logo.png?company=1", True),
            ("/web/image/res.company/1/logo", True),
            ("/web/binary/company_logo", True),
            ("/web/assets/1/abc/web.assets_frontend.min.css", True),
            ("/web/static/img/favicon.ico", True),
            ("/klachtenbeheer/static/src/public/public.css", True),
            ("/web/login", False),
            ("/my/klachten", False),
            ("/my/klachten/3", False),
        ):
            text = f'192.0.2.7 - - [01/Jan/2026 10:00:00] "GET {path} HTTP/1.1" 200 -'
            record = logging.LogRecord("werkzeug", logging.INFO, "", 0, text, None, None)
            hide.filter(record)
            self.assertEqual("192.0.2.7" not in record.getMessage(), hidden, path)

    @mute_logger(*LOUD)
    def test_far_too_much_on_the_portal_is_explained_too(self):
        self.log_in("client")
        limit = portal_actions.MAX_BODY
        content = PDF.ljust(limit + 1000)
        response = self.send(self.complaint, "bericht", text="Zie hier", files=[("a.pdf", content)])
        self.assertEqual(response.status_code, 413)
        self.assertIn("25 MB", Page(response).text)
        self.assertEqual(response.headers["Cache-Control"], "no-store")
