from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.http import request, route

from ..models.privacy.reading import DOSSIER, LIST
from .portal_base import PortalBase


class CommitteePortal(PortalBase):
    """A member of a committee from outside sees the dossiers that were put before it, reads the
    documents, and writes the advice. They have no rights on any model: every page starts from
    `_get_dossier`, and what is not before their committee does not exist for them."""

    def _get_committee_domain(self):
        complaints = request.env["klachtenbeheer.complaint"]
        about_them = complaints._get_excluded_domain()
        return complaints._get_power_domain("advise") & ~about_them

    def _get_dossier(self, complaint_id):
        domain = self._get_committee_domain() & Domain("id", "=", complaint_id)
        complaint = self._get_complaints().search(domain, limit=1)
        if not complaint:
            raise request.not_found()
        complaint._note_reading(DOSSIER)
        return complaint

    @route("/my/commissie", type="http", auth="user", website=True)
    def portal_committee(self, **kw):
        complaints = self._get_complaints().search(self._get_committee_domain(), limit=200)
        complaints._note_reading(LIST)
        values = self._prepare_portal_layout_values() | {
            "dossiers": [complaint._get_committee_line() for complaint in complaints],
            "page_name": "committee",
        }
        return request.render("klachtenbeheer.portal_committee", values)

    @route("/my/commissie/<int:complaint_id>", type="http", auth="user", website=True)
    def portal_committee_dossier(self, complaint_id, **kw):
        return self._show_dossier(self._get_dossier(complaint_id))

    def _show_dossier(self, complaint, error=None):
        values = self._prepare_portal_layout_values() | {
            "dossier": complaint._get_committee_page(request.env.user),
            "error": error,
            "page_name": "committee",
        }
        return request.render("klachtenbeheer.portal_committee_dossier", values)

    @route(
        "/my/commissie/<int:complaint_id>/bestand/<int:attachment_id>",
        type="http",
        auth="user",
        website=True,
    )
    def portal_committee_file(self, complaint_id, attachment_id, **kw):
        complaint = self._get_dossier(complaint_id)
        file = complaint._get_committee_files().filtered(lambda line: line.id == attachment_id)
        if not file:
            raise request.not_found()
        # whatever it is, it is saved and not opened
        return self._send_file(file.raw or b"", "application/octet-stream", file.name)

    @route(
        "/my/commissie/<int:complaint_id>/advies/<int:advice_id>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_committee_advise(self, complaint_id, advice_id, text="", verdict="", sign="", **kw):
        complaint = self._get_dossier(complaint_id)
        advice = complaint.advice_ids.filtered(lambda line: line.id == advice_id)
        if not advice:
            raise request.not_found()
        try:
            with request.env.cr.savepoint():
                advice._write_by_member(request.env.user, text, verdict, sign=bool(sign))
        except (AccessError, UserError) as refusal:
            request.env.invalidate_all(flush=False)
            return self._show_dossier(complaint, error=str(refusal))
        return request.redirect(f"/my/commissie/{complaint.id}")
