from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal, pager


class ComplaintPortal(CustomerPortal):
    """A complainant with an account sees their own complaints, and what was sent to them.

    Everything goes through `_get_own_domain`; what is not theirs does not exist for them.
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
        values = self._prepare_portal_layout_values() | {
            "complaints": own,
            "pager": paging,
            "page_name": "complaints",
        }
        return request.render("klachtenbeheer.portal_my_complaints", values)

    @route("/my/klachten/<int:complaint_id>", type="http", auth="user", website=True)
    def portal_my_complaint(self, complaint_id, **kw):
        values = self._prepare_portal_layout_values() | {
            "complaint": self._get_own_complaint(complaint_id),
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
        content = letter._get_stored_pdf()
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(letter.attachment_id.name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )

    # ---------------------------------------------------------------- whose

    def _get_own_domain(self):
        """Complaints that the user follows, never about them."""
        return self._get_complaints()._get_portal_domain(request.env.user.partner_id)

    def _get_complaints(self):
        # complainants have no rights on dossiers: a page shows what it shows and no field more
        return request.env["klachtenbeheer.complaint"].sudo()

    def _get_own_complaint(self, complaint_id):
        """The complaint as the system sees it.

        :raise NotFound: it does not exist, or is not the user's
        """
        domain = self._get_own_domain() & Domain("id", "=", complaint_id)
        complaint = self._get_complaints().search(domain, limit=1)
        if not complaint:
            raise request.not_found()
        return complaint
