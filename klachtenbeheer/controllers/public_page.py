import hashlib
import logging
import re
import secrets

from odoo import http
from odoo.http import DEFAULT_LANG, request
from odoo.tools import file_open

from ..models.platform.http import FETCHED_PATHS
from ..tools.uploads import Upload

# Room for a form with too much in it, so that it can be shown again with a clear sentence.
MAX_REQUEST = 64 * 1024 * 1024
HEADERS = {"Referrer-Policy": "no-referrer"}
PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
# A browser that goes back to it finds what was typed.
EMPTY_FORM = {"Cache-Control": "no-cache, private", "X-Robots-Tag": "noindex"}
OWN_FRAMES = "frame-ancestors 'self'"
SCRIPT = "klachtenbeheer/static/src/public/public.js"
# Nothing on our pages runs but that; the website of an organisation around them may count visitors.
NO_SCRIPTS = "script-src 'none'"
OWN_CONTENT = "object-src 'none'; base-uri 'self'; form-action 'self'"
# “Arabic of the world” is a code of the platform; programs that read aloud know the language.
HTML_LANGUAGES = {"ar_001": "ar"}
# Our pages, and what a browser fetches for them in the same second: logo, style sheet, icon.
OUR_PAGE = re.compile(
    r"\"[A-Z]+ (/(?!my/)\w{2,5})?/"
    rf"(klacht[/ ?]|klachten[ ?]|klachtenregeling[/ ?]|{FETCHED_PATHS})"
)


def get_script_version():
    """What is another one for another script, so that a browser does not keep an old one."""
    with file_open(SCRIPT, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()[:8]


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
        languages = request.env["res.lang"]
        lang = params.get("lang")
        if lang not in languages._get_offered():
            lang = languages._get_nearest_offered(
                self._get_asked_language() or languages._get_own()
            )
        if lang != request.env.lang:
            request.update_context(lang=lang)

    def _get_asked_language(self):
        """The language that the browser, a cookie or the address asks for; False where none
        does and the platform takes English for granted."""
        asked = request.best_lang or request.cookies.get("frontend_lang")
        return request.env.lang if asked or request.env.lang != DEFAULT_LANG else False

    def _get_address(self):
        return request.httprequest.remote_addr or ""

    def _get_throttle(self):
        # counting is for nobody to see or change
        return request.env["klachtenbeheer.throttle"].sudo()

    def _get_files(self):
        files = request.httprequest.files.getlist("files")
        return [Upload(file.filename, file.read()) for file in files if file.filename]

    def _render(
        self, template, values, status=200, frames=OWN_FRAMES, extra=None, own_script=False
    ):
        """:param own_script: whether our own script helps on this page; it is the only one that
        may run, and has no part in what the server accepts"""
        has_script = own_script and not self._has_captcha()
        nonce = secrets.token_urlsafe(16) if has_script else ""
        script = {"script_nonce": nonce, "script_version": get_script_version()}
        values = self._get_page_values() | script | values
        if policy := values.get("policy"):
            values["res_company"] = policy.company_id  # whose logo and name are on the page
        response = request.render(template, values, status=status)
        csp = {"Content-Security-Policy": self._get_content_policy(frames, nonce)}
        response.headers.update(HEADERS | csp | (PRIVATE if extra is None else extra))
        return response

    def _get_content_policy(self, frames, nonce=""):
        """What a browser may do with a page: no scripts but one of ours, unless a captcha needs
        them."""
        scripts = f"script-src 'nonce-{nonce}'" if nonce else NO_SCRIPTS
        return "; ".join((frames, OWN_CONTENT, *(() if self._has_captcha() else (scripts,))))

    def _get_page_values(self):
        """What each page needs around its text."""
        languages = request.env["res.lang"]._get_offered()
        lang = request.env.lang or "nl_NL"
        return {
            "page_lang": HTML_LANGUAGES.get(lang) or lang.replace("_", "-"),
            "page_direction": self._get_direction(lang),
            "page_languages": [
                {
                    "code": code,
                    "html": HTML_LANGUAGES.get(code) or code.replace("_", "-"),
                    "name": self._get_language_name(data, languages),
                    "data": data,
                }
                for code, data in languages.items()
            ],
            # a language that was chosen goes along; that of the address does so by itself
            "lang_query": f"?lang={request.env.lang}" if self._is_language_chosen() else "",
            "embed": bool(request.params.get("embed")),
            "has_captcha": self._has_captcha(),
        }

    def _get_language_name(self, data, languages):
        """Its name in itself; of which country where that tells two apart."""
        names = {line.code: line.name.split("/")[-1].strip() for line in languages.values()}
        short = {code: name.partition("(")[0].strip() for code, name in names.items()}
        is_only = list(short.values()).count(short[data.code]) == 1
        return (short if is_only else names)[data.code]

    def _get_direction(self, lang):
        is_rtl = request.env["res.lang"]._get_data(code=lang).direction == "rtl"
        return "rtl" if is_rtl else "ltr"

    def _is_language_chosen(self):
        return request.env.lang != request.lang.code

    def _has_captcha(self):
        """Whether the platform has one configured; the page then needs its scripts."""
        info = request.env["ir.http"].get_frontend_session_info()
        return bool(info.get("recaptcha_public_key") or info.get("turnstile_site_key"))

    def _render_not_found(self):
        policies = request.env["klachtenbeheer.policy"]._get_public_policies()
        values = {"policies": policies.with_context(lang=request.env.lang)}
        return self._render("klachtenbeheer.public_not_found", values, status=404)
