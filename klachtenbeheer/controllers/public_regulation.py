from odoo import SUPERUSER_ID
from odoo.http import content_disposition, request, route

from .public_page import PublicPage


class PublicRegulation(PublicPage):
    """The regulation as everybody may read and keep it (SB3, SJ40, KK4)."""

    @route(
        "/klachtenregeling/<string:code>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
        save_session=False,
    )
    def regulation(self, code, **params):
        self._choose_language(params)
        policy = self._get_policy(code)
        if not policy:
            return self._render_not_found()
        # this page is meant to be found
        headers = {"Cache-Control": "no-cache"}
        return self._render("klachtenbeheer.public_regulation", {"policy": policy}, extra=headers)

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
