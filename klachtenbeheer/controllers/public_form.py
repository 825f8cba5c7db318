from urllib.parse import quote

from odoo.exceptions import UserError
from odoo.http import request, route
from odoo.tools import format_datetime

from ..models.intake.form_filing import ADDRESS
from ..models.intake.reader import GENERAL
from ..models.platform.company import DEFAULT_TZ
from .public_page import EMPTY_FORM, MAX_REQUEST, PublicPage

CAPTCHA = "complaint_form"
MAIL_LENGTH = 1200  # characters that every mail program takes from an address


class PublicForm(PublicPage):
    """The form with which anybody files a complaint (SB21, BA19, SJ48, KK15)."""

    @route(
        "/klacht/<string:code>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
        save_session=False,
    )
    def form(self, code, **params):
        self._choose_language(params)
        policy = self._get_policy(code)
        if not policy:
            return self._render_not_found()
        intake = request.env["klachtenbeheer.public.intake"]._as_system(policy)
        return self._render_form(policy, intake._open(policy))

    @route(
        "/klacht/<string:code>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
        csrf=False,
        save_session=False,
        max_content_length=MAX_REQUEST,
    )
    def submit(self, code, **params):
        params = self._read_params(params)
        policy = self._get_policy(code)
        if not policy:
            return self._render_not_found()
        params["keep"] = request.httprequest.form.getlist("keep")
        intake = request.env["klachtenbeheer.public.intake"]._as_system(policy)
        intake = intake.with_context(**{ADDRESS: self._get_address()})
        form = intake._read(policy, params, self._get_files())
        if answer := intake._find_answer(form):
            return self._answer_again(policy, intake, form, answer)
        if params.get("draft"):
            return self._keep_draft(policy, intake, form)
        if problem := self._get_obstacle(policy) or self._get_captcha_problem():
            form.errors.insert(0, (GENERAL, problem))
            form.may_keep = False
        if form.errors:
            intake._store_files(form)
            return self._render_form(policy, form)
        return self._accept(policy, intake, form)

    def _keep_draft(self, policy, intake, form):
        """Show a form that is not sent yet once more, in another language or with its files: a
        script sends those before the rest, to tell how far it is. Guarded as sending itself."""
        form.errors = [error for error in form.errors if error[0] == "files" or not form.may_keep]
        if problem := self._get_obstacle(policy) or self._get_captcha_problem():
            form.errors.insert(0, (GENERAL, problem))
            form.may_keep = False
        intake._store_files(form)
        return self._render_form(policy, form)

    def _answer_again(self, policy, intake, form, answer):
        """What was shown the first time, to who sends exactly the same again at once."""
        if answer.is_change:
            return self._render_added(policy, form, answer)
        return self._register(policy, intake, form)

    def _accept(self, policy, intake, form):
        """Register what is right; where it was sent before, ask first what it is."""
        if changed := intake._find_changed(form):
            intake._submit_change(changed, form)
            return self._render_added(policy, form, changed)
        earlier, is_changed = intake._find_earlier(form)
        if earlier:
            if intake._find_sent(form):
                intake._renew(policy, form)  # sent once more it is another one
            intake._store_files(form)
            may_change = is_changed and intake._may_change(form, earlier)
            return self._render_question(policy, form, earlier, is_changed, may_change)
        return self._register(policy, intake, form)

    def _register(self, policy, intake, form):
        complaint, code, is_new = intake._submit(policy, form)
        address = intake._get_proof_address(form.values)
        if is_new:
            self._get_throttle()._count_one("form", self._get_address())
            address = intake._send_proof(complaint, address)
        return self._render(
            "klachtenbeheer.public_confirmation",
            {
                "policy": policy,
                "complaint": complaint,
                "code": code,
                "proof_address": address,
                "description": complaint.description,
                "sent_lines": complaint._get_sent_lines(),
                **self._get_receipt(complaint, code),
            },
            frames=policy._get_frame_policy(),
            own_script=True,
        )

    def _get_receipt(self, complaint, code):
        """Addresses with which a browser keeps the receipt by itself: nothing is asked of us."""
        text = complaint._get_receipt_text(code)
        subject = quote(request.env._("My complaint, reference %s", complaint.name))
        mail = text if len(text) <= MAIL_LENGTH else complaint._get_receipt_text(code, short=True)
        return {
            "receipt_file": f"data:text/plain;charset=utf-8,{quote(text)}",
            "receipt_mail": f"mailto:?subject={subject}&body={quote(mail)}",
        }

    # ---------------------------------------------------------------- once more

    def _render_question(self, policy, form, earlier, is_changed, may_change):
        """Ask what a form is that comes once more. Nothing of the earlier one is shown but the
        time: somebody else may sit at the computer now."""
        values = {
            "policy": policy,
            "form": form,
            "values": form.values,
            "kept": self._get_kept(form),
            "sent_at": self._format_time(policy, earlier.sent_at),
            "is_changed": is_changed,
            "may_change": may_change,
            "captcha": CAPTCHA,
        }
        return self._render(
            "klachtenbeheer.public_once_more",
            values,
            status=409,  # it waits for what the sender says
            frames=policy._get_frame_policy(),
        )

    def _render_added(self, policy, form, changed):
        values = {
            "policy": policy,
            "description": form.values["description"],
            "sent_at": self._format_time(policy, changed.sent_at),
        }
        frames = policy._get_frame_policy()
        return self._render("klachtenbeheer.public_added", values, frames=frames)

    def _format_time(self, policy, moment):
        zone = policy.company_id.partner_id.tz or DEFAULT_TZ
        return format_datetime(request.env, moment, tz=zone, dt_format="EEEE d MMMM y, HH:mm")

    def _get_kept(self, form):
        uploads = request.env["klachtenbeheer.form.upload"].sudo()  # of this form only
        return uploads._get_kept(form.nonce)

    # ---------------------------------------------------------------- obstacles

    def _get_obstacle(self, policy):
        """Why nothing more is accepted from here now, as a sentence."""
        throttle, address = self._get_throttle(), self._get_address()
        throttle._count_one("post", address)
        if throttle._is_exceeded("form", address) or throttle._is_exceeded("post", address):
            return request.env._(
                "Many messages came from your network in a short time. Please try again in an"
                " hour, or reach us in another way: %s",
                policy._get_contact_line(),
            )
        return None

    def _get_captcha_problem(self):
        """What the platform's captcha says, where one is configured."""
        try:
            request.env["ir.http"]._verify_request_recaptcha_token(CAPTCHA)
        except UserError as error:
            return str(error)
        return None

    def _render_form(self, policy, form):
        values = {
            "policy": policy,
            "form": form,
            "values": form.values,
            "errors": form.errors,
            "kept": self._get_kept(form),
            "today": policy.company_id._complaint_today(),
            "captcha": CAPTCHA,
        }
        return self._render(
            "klachtenbeheer.public_form",
            values,
            # 422: what was sent can't be processed as it is
            status=422 if form.errors else 200,
            frames=policy._get_frame_policy(),
            extra=None if form.errors else EMPTY_FORM,
            own_script=True,
        )
