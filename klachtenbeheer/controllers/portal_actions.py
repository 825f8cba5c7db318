from odoo.http import request, route

from .portal import ComplaintPortal
from .portal_base import MAX_BODY

POST = {
    "type": "http",
    "auth": "user",
    "website": True,
    "methods": ["POST"],
    "max_content_length": MAX_BODY,
}
FORM = {**POST, "methods": ["GET", "POST"]}


class PortalActions(ComplaintPortal):
    """What a complainant does on the portal: resolve whose complaint it is, check that they
    may act, ask the complaint, confirm."""

    # ---------------------------------------------------------------- conversation

    @route("/my/klachten/<int:complaint_id>/bericht", **POST)
    def portal_complaint_message(self, complaint_id, form_key="", **form):
        complaint = self._get_acting_complaint(complaint_id)
        author = request.env.user.partner_id

        def act(files, kept):
            attachments = complaint._attach_uploads(files, kept)
            complaint._write_from_portal(form.get("text"), attachments, author)
            return "message", complaint

        submission, errors = self._send(form_key, act, "text")
        if errors:
            return self._show_complaint(complaint, errors=errors, form=form, form_key=form_key)
        return self._redirect_done(submission)

    # ---------------------------------------------------------------- appointments

    @route("/my/klachten/<int:complaint_id>/gesprek/<int:hearing_id>", **POST)
    def portal_complaint_hearing(self, complaint_id, hearing_id, form_key="", **form):
        complaint = self._get_acting_complaint(complaint_id)
        if hearing_id not in [line["id"] for line in complaint._get_portal_hearings()]:
            raise request.not_found()

        def act(_files, _kept):
            return self._answer_invitation(complaint, hearing_id, form), complaint

        submission, errors = self._send(form_key, act, f"choice_{hearing_id}")
        if errors:
            form = {f"{name}_{hearing_id}": value for name, value in form.items()}
            return self._show_complaint(complaint, errors=errors, form=form)
        return self._redirect_done(submission)

    def _answer_invitation(self, complaint, hearing_id, form):
        """Carry out the choice of the complainant; return the code of the confirmation."""
        choice = form.get("choice") or ""
        text = form.get("reason") or ""
        if choice == "other":
            text = complaint._ask_other_moment(hearing_id, text)
            complaint._post_from_complainant(text, author=request.env.user.partner_id)
            return "other_moment"
        if choice == "decline":
            complaint._decline_hearing(hearing_id, text)
            return "declined"
        return complaint._choose_slot(
            hearing_id,
            self._read_number(choice),
            wants_employee=bool(form.get("wants_employee")),
            wants_second=bool(form.get("wants_second")),
        )

    def _read_number(self, text):
        return int(text) if text and text.isascii() and text.isdecimal() else 0

    # ---------------------------------------------------------------- not agreeing

    @route("/my/klachten/<int:complaint_id>/niet-eens/<string:kind>", **FORM)
    def portal_complaint_disagree(self, complaint_id, kind, form_key="", **form):
        complaint = self._get_acting_complaint(complaint_id)
        rights = {line["kind"]: line for line in complaint._get_portal_rights()}
        author = request.env.user.partner_id
        errors = {}

        def act(files, kept):
            attachments = complaint._attach_uploads(files, kept)
            in_time = complaint._disagree(
                kind, form.get("text"), attachments, form.get("late_reason"), author
            )
            return "disagreed" if in_time else "disagreed_late", complaint

        if request.httprequest.method == "POST":
            field = "late_reason" if (form.get("text") or "").strip() else "text"
            submission, errors = self._send(form_key, act, field)
            if not errors:
                return self._redirect_done(submission)
        if kind not in rights:
            raise request.not_found()
        template = "klachtenbeheer.portal_disagree"
        return self._show_form(template, complaint, errors, form, form_key, right=rights[kind])

    # ---------------------------------------------------------------- withdrawing, rating

    @route("/my/klachten/<int:complaint_id>/intrekken", **FORM)
    def portal_complaint_withdraw(self, complaint_id, form_key="", **form):
        complaint = self._get_acting_complaint(complaint_id)

        def act(_files, _kept):
            complaint._withdraw(form.get("text"))
            return "withdrawn", complaint

        if request.httprequest.method == "POST":
            submission, errors = self._send(form_key, act, "text")
            if not errors:
                return self._redirect_done(submission)
        if not complaint._may_withdraw():
            raise request.not_found()
        return self._show_form("klachtenbeheer.portal_withdraw", complaint)

    @route("/my/klachten/<int:complaint_id>/beoordelen", **FORM)
    def portal_complaint_rate(self, complaint_id, form_key="", **form):
        complaint = self._get_acting_complaint(complaint_id)
        errors = {}

        def act(_files, _kept):
            complaint._rate(self._read_number(form.get("rating")), form.get("text"))
            return "rated", complaint

        if request.httprequest.method == "POST":
            submission, errors = self._send(form_key, act, "rating")
            if not errors:
                return self._redirect_done(submission)
        if not complaint._may_be_rated():
            raise request.not_found()
        labels = complaint._get_rating_labels()
        template = "klachtenbeheer.portal_rate"
        return self._show_form(template, complaint, errors, form, form_key, labels=labels)

    def _show_form(self, template, complaint, errors=None, form=None, form_key="", **values):
        """A form on a page of its own."""
        values = {
            **self._prepare_portal_layout_values(),
            **self._get_form_values(errors, form, form_key),
            "complaint": complaint._get_portal_line(),
            "page_name": "complaint_form",
            **values,
        }
        return request.render(template, values)
