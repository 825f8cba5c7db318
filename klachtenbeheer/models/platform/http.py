import re

from werkzeug.exceptions import RequestEntityTooLarge

from odoo import models
from odoo.http import Response, request

OUR_FORM = re.compile(r"^(/\w{2,5})?/klacht/")


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _handle_error(cls, exception):
        """A form with far too much in it is not read at all; the sender is told what to do."""
        too_large = isinstance(exception, RequestEntityTooLarge)
        if too_large and OUR_FORM.match(request.httprequest.path):
            return cls._explain_too_large()
        return super()._handle_error(exception)

    @classmethod
    def _explain_too_large(cls):
        if not request.env.uid:
            cls._auth_method_public()
        request.params = {}  # reading what was sent would fail again
        request.update_context(lang=request.lang.code)
        values = {
            "page_lang": request.env.lang.replace("_", "-"),
            "page_languages": [],
            "embed": True,
            "has_captcha": False,
        }
        html = request.env["ir.ui.view"]._render_template("klachtenbeheer.public_too_large", values)
        response = Response(html, status=413, content_type="text/html;charset=utf-8")
        cls._post_dispatch(response)
        return response
