from odoo import SUPERUSER_ID
from odoo.http import content_disposition, request, route

from ..models.platform.languages import SOURCE_LANGUAGES, get_base
from .public_list import list_pages
from .public_page import PublicPage


class PublicRegulation(PublicPage):
    """The regulation as everybody may read and keep it (SB3, SJ40, KK4)."""

    @route(
        "/klachtenregeling/<string:code>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=list_pages,
        save_session=False,
    )
    def regulation(self, code, **params):
        self._choose_language(params)
        policy = self._get_policy(code)
        if not policy:
            return self._render_not_found()
        # this page is meant to be found
        headers = {"Cache-Control": "no-cache"}
        values = {"policy": policy, "regulation": self._get_readable(policy)}
        return self._render("klachtenbeheer.public_regulation", values, extra=headers)

    def _get_readable(self, policy):
        """The policy in a language in which its regulation is complete: that of the reader, or
        its own."""
        if get_base(request.env.lang) in SOURCE_LANGUAGES:
            return policy
        own = policy._get_html_lang().replace("-", "_")
        return policy.with_context(lang=request.env["res.lang"]._get_nearest_offered(own))

    @route(
        "/klachtenregeling/<string:code>/pdf",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
        save_session=False,
    )
    def regulation_pdf(self, code, **params):
        policy = self._get_policy(code)
        if not policy:
            return self._render_not_found()
        # visitors have no rights on reports
        content = policy.with_user(SUPERUSER_ID)._get_regulation_pdf()
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(policy._get_regulation_filename())),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
