import re
from contextlib import contextmanager

from psycopg2 import DatabaseError, InterfaceError
from psycopg2.pool import PoolError
from werkzeug.exceptions import HTTPException, NotFound, RequestEntityTooLarge, ServiceUnavailable

from odoo import models
from odoo.exceptions import AccessDenied
from odoo.http import Response, request

LANG = r"^(/(?!my/)[a-z]{2,3}(_\w+)?(@\w+)?)?"
# Pages for who is not known, and those with personal content: ours, and the account around them.
PUBLIC = re.compile(LANG + r"/(klacht|klachten|klachtenregeling)(/|$)")
OURS = re.compile(LANG + r"/(my/klachten|klachtenbeheer)(/|$)")
PERSONAL = re.compile(LANG + r"/my(/|$)")
# What a browser fetches for a page in the same second: style sheet, logo, icon.
FETCHED_PATHS = r"web/assets/|web/image|web/binary/company_logo|logo|favicon\.ico|[\w-]+/static/"
FETCHED = re.compile(rf"{LANG}/({FETCHED_PATHS})")
NO_TRACES = {"Cache-Control": "no-store"}
# `default-src` would take the letters and pictures of an organisation's own website away.
OWN_CONTENT = "frame-ancestors 'self'; object-src 'none'; base-uri 'self'"
OWN_FORMS = f"{OWN_CONTENT}; form-action 'self'"
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
}
UNKNOWN = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}
# A connection that breaks halfway is a bare DatabaseError.
AWAY = (DatabaseError, InterfaceError, PoolError)


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    # ---------------------------------------------------------------- what a browser keeps

    @classmethod
    def _match(cls, path):
        if not path.isprintable():  # the platform would redirect to it, and fail
            raise NotFound()
        with cls._protected_redirects():
            return super()._match(path)

    @classmethod
    def _pre_dispatch(cls, rule, args):
        with cls._protected_redirects():
            return super()._pre_dispatch(rule, args)

    @classmethod
    @contextmanager
    def _protected_redirects(cls):
        """To the address in another language: such an answer does not come past below."""
        try:
            yield
        except HTTPException as redirect:
            if redirect.response is not None:
                cls._protect(redirect.response)
            if PUBLIC.match(request.httprequest.path):
                request.session.can_save = False  # as the page itself says; it was not reached
            raise

    @classmethod
    def _post_dispatch(cls, response):
        if FETCHED.match(request.httprequest.path) and not request.session.uid:
            request.session.can_save = False  # a picture needs to know nobody
        result = super()._post_dispatch(response)
        cls._protect(response)
        return result

    @classmethod
    def _protect(cls, response):
        """Pages with personal content leave nothing behind in a browser and are shown in no other
        website; pages for who is not known leave nothing at all (SB24). What a page says
        itself goes first."""
        path = request.httprequest.path
        if PUBLIC.match(path):
            response.headers.remove("Set-Cookie")
            csp = {"Content-Security-Policy": OWN_FORMS}
            cls._add_headers(response, NO_TRACES | csp | UNKNOWN)
        elif OURS.match(path):
            csp = {"Content-Security-Policy": OWN_FORMS}
            cls._add_headers(response, NO_TRACES | SAFE | csp)
        elif PERSONAL.match(path):
            csp = {"Content-Security-Policy": OWN_CONTENT}
            cls._add_headers(response, NO_TRACES | SAFE | csp)

    @classmethod
    def _add_headers(cls, response, headers):
        for name, value in headers.items():
            response.headers.setdefault(name, value)

    @classmethod
    def _frontend_pre_dispatch(cls):
        """A page without cookies keeps its language in its own address."""
        result = super()._frontend_pre_dispatch()
        if PUBLIC.match(request.httprequest.path):
            request.future_response.headers.remove("Set-Cookie")
        return result

    # ---------------------------------------------------------------- errors

    @classmethod
    def _authenticate_explicit(cls, auth):
        """A database that is away is no wrong key and no wrong password: whoever calls tries
        again (503), and does not think to be refused (403)."""
        try:
            return super()._authenticate_explicit(auth)
        except AccessDenied as error:
            if isinstance(error.__context__, AWAY):
                raise ServiceUnavailable() from error
            raise

    @classmethod
    def _handle_error(cls, exception):
        """A form with far too much in it is not read at all; the sender is told what to do."""
        path = request.httprequest.path
        too_large = isinstance(exception, RequestEntityTooLarge)
        if too_large and (PUBLIC.match(path) or PERSONAL.match(path)):
            return cls._explain_too_large()
        if isinstance(exception, NotFound) and PUBLIC.match(path):
            return cls._explain_not_found()
        response = super()._handle_error(exception)
        if isinstance(response, HTTPException) and OURS.match(path):
            response = response.get_response(request.httprequest.environ)
        if not isinstance(response, HTTPException):
            cls._protect(response)
        return response

    @classmethod
    def _explain_too_large(cls):
        request.params = {}  # reading what was sent would fail again
        return cls._render_bare("klachtenbeheer.public_too_large", 413)

    @classmethod
    def _explain_not_found(cls):
        """An address that looks like one of our public pages."""
        return cls._render_bare("klachtenbeheer.public_not_found", 404)

    @classmethod
    def _render_bare(cls, template, status):
        """A page without the platform's layout, where a request went wrong before it began."""
        if not request.env.uid:
            cls._auth_method_public()
        asked = request.lang.code if hasattr(request, "lang") else request.env.lang
        languages = request.env["res.lang"]
        lang = languages._get_nearest_offered(asked)
        request.update_context(lang=lang)
        values = {
            "page_lang": lang.replace("_", "-"),
            "page_direction": "rtl" if languages._get_data(code=lang).direction == "rtl" else "ltr",
            "page_languages": [],
            "policies": (),
            "lang_query": f"?lang={lang}",
            "embed": True,
            "has_captcha": False,
        }
        html = request.env["ir.ui.view"]._render_template(template, values)
        response = Response(html, status=status, content_type="text/html;charset=utf-8")
        cls._post_dispatch(response)
        return response
