from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import pager

from .portal_base import PortalBase


class ComplaintPortal(PortalBase):
    """A complainant with an account sees their own complaints, and what was sent to them.

    Everything goes through `_get_own_complaint`; what is not theirs does not exist for them.
    Complainants have no rights on any model of the addon: templates get plain values only.
    """

    _complaints_per_page = 20

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            values["complaint_count"] = self._get_complaints().search_count(self._get_own_domain())
        return values

    @route(["/my/klachten", "/my/klachten/page/<int:page>"], type="http", auth="user", website=True)
    def portal_my_complaints(self, page=1, **kw):
        complaints = self._get_complaints()
        domain = self._get_own_domain()
        paging = pager(
            url="/my/klachten",
            total=complaints.search_count(domain),
            page=page,
            step=self._complaints_per_page,
        )
        own = complaints.search(domain, limit=self._complaints_per_page, offset=paging["offset"])
        own._note_own_page(request.env.user)
        values = self._prepare_portal_layout_values() | {
            "complaints": [complaint._get_portal_line() for complaint in own],
            "may_file": bool(self._get_policies()),
            "pager": paging,
            "page_name": "complaints",
        }
        return request.render("klachtenbeheer.portal_my_complaints", values)

    @route("/my/klachten/<int:complaint_id>", type="http", auth="user", website=True)
    def portal_my_complaint(self, complaint_id, done=None, **kw):
        return self._show_complaint(self._get_own_complaint(complaint_id), done=done)

    def _show_complaint(self, complaint, done=None, errors=None, form=None, form_key=""):
        """The page of one complaint.

        :param done: code of what was just done, from an address: only what we know is shown
        :param errors: {name of a field: sentence}
        :param form: what was typed
        """
        values = {
            **self._prepare_portal_layout_values(),
            **self._get_form_values(errors, form, form_key),
            "complaint": complaint._get_portal_page(request.env.user.partner_id),
            "done": complaint._get_portal_confirmation(done),
            "page_name": "complaint",
        }
        return request.render("klachtenbeheer.portal_my_complaint", values)

    @route(
        "/my/klachten/<int:complaint_id>/brief/<int:letter_id>",
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_letter(self, complaint_id, letter_id, **kw):
        letters = self._get_own_complaint(complaint_id)._get_portal_letters()
        letter = letters.filtered(lambda letter: letter.id == letter_id)
        if not letter:
            raise request.not_found()
        attachment = letter.attachment_id
        return self._send_file(letter._get_stored_pdf(), "application/pdf", attachment.name)

    @route(
        "/my/klachten/<int:complaint_id>/bestand/<int:attachment_id>",
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_file(self, complaint_id, attachment_id, **kw):
        file = self._get_own_complaint(complaint_id)._get_portal_file(attachment_id)
        if not file:
            raise request.not_found()
        # whatever it is, it is saved and not opened
        return self._send_file(file.raw or b"", "application/octet-stream", file.name)

    def _send_file(self, content, mimetype, name):
        return request.make_response(
            content,
            headers=[
                ("Content-Type", mimetype),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )
