import logging
import re

from odoo import http
from odoo.http import request

from ..models.platform.http import FETCHED_PATHS
from ..tools.uploads import Upload

# Room for a form with too much in it, so that it can be shown again with a clear sentence.
MAX_REQUEST = 64 * 1024 * 1024
HEADERS = {"Referrer-Policy": "no-referrer"}
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
# A browser that goes back to it finds what was typed.
EMPTY_FORM = {"Cache-Control": "no-cache, private", "X-Robots-Tag": "noindex"}
OWN_FRAMES = "frame-ancestors 'self'"
# Nothing on our pages runs; the website of an organisation around them may count visitors.
NO_SCRIPTS = "script-src 'none'"
OWN_CONTENT = "object-src 'none'; base-uri 'self'; form-action 'self'"
# Our pages, and what a browser fetches for them in the same second: logo, style sheet, icon.
OUR_PAGE = re.compile(
    r"\"[A-Z]+ (/\w{2,5})?/"
    rf"(klacht/|klachtenregeling/|{FETCHED_PATHS})"
)


class WithoutAddress(logging.Filter):
    """Leaves the address of the visitor out of the server's own log, where somebody may be
    filing a complaint without a name (SB24)."""

    def filter(self, record):
        message = record.getMessage()
        if OUR_PAGE.search(message):
            _address, _space, rest = message.partition(" ")
            record.msg, record.args = f"- {rest}", ()
        return True


logging.getLogger("werkzeug").addFilter(WithoutAddress())


class PublicPage(http.Controller):
    """What the public pages share.

    They work without session and cookies, so that they also work inside another website, and
    leave nothing behind on a shared computer. Nothing is done on behalf of who is logged in,
    so there is nothing that a forged request could abuse: that is why there is no CSRF token.
    What a form may do is proved by what it carries itself: a signed token, or the code.
    """

    def _get_policy(self, code):
        policy = request.env["klachtenbeheer.policy"]._get_public(code)
        return policy.with_context(lang=request.env.lang)

    def _read_params(self, params):
        """The texts of a request: a file or list in the place of one is not asked for."""
        params = {name: value for name, value in params.items() if isinstance(value, str)}
        self._choose_language(params)
        return params

    def _choose_language(self, params):
        """A language in the address wins: inside another website a browser keeps no cookie
        that could remember the choice."""
        lang = params.get("lang")
        if lang and lang in request.env["res.lang"]._get_frontend():
            request.update_context(lang=lang)

    def _get_address(self):
        return request.httprequest.remote_addr or ""

    def _get_throttle(self):
        # counting is for nobody to see or change
        return request.env["klachtenbeheer.throttle"].sudo()

    def _get_files(self):
        files = request.httprequest.files.getlist("files")
        return [Upload(file.filename, file.read()) for file in files if file.filename]

    def _render(self, template, values, status=200, frames=OWN_FRAMES, extra=None):
        values = self._get_page_values() | values
        if policy := values.get("policy"):
            values["res_company"] = policy.company_id  # whose logo and name are on the page
        response = request.render(template, values, status=status)
        csp = {"Content-Security-Policy": self._get_content_policy(frames)}
        response.headers.update(HEADERS | csp | (PRIVATE if extra is None else extra))
        return response

    def _get_content_policy(self, frames):
        """What a browser may do with a page: no scripts, unless a captcha needs them."""
        parts = (frames, OWN_CONTENT, *(() if self._has_captcha() else (NO_SCRIPTS,)))
        return "; ".join(parts)

    def _get_page_values(self):
        """What each page needs around its text."""
        languages = request.env["res.lang"]._get_frontend()
        return {
            "page_lang": (request.env.lang or "nl_NL").replace("_", "-"),
            "page_languages": [
                {"code": code, "name": data.name.split("/")[-1].strip(), "data": data}
                for code, data in languages.items()
            ],
            # a language that was chosen goes along; that of the address does so by itself
            "lang_query": f"?lang={request.env.lang}" if self._is_language_chosen() else "",
            "embed": bool(request.params.get("embed")),
            "has_captcha": self._has_captcha(),
        }

    def _is_language_chosen(self):
        return request.env.lang != request.lang.code

    def _has_captcha(self):
        """Whether the platform has one configured; the page then needs its scripts."""
        info = request.env["ir.http"].get_frontend_session_info()
        return bool(info.get("recaptcha_public_key") or info.get("turnstile_site_key"))

    def _render_not_found(self):
        return self._render("klachtenbeheer.public_not_found", {}, status=404)
