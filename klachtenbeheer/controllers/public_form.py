from odoo.exceptions import UserError
from odoo.http import request, route

from ..models.intake.form import GENERAL
from ..models.portal.follow_up import PROOF
from .public_page import EMPTY_FORM, MAX_REQUEST, PublicPage

CAPTCHA = "complaint_form"


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
        form = intake._read(policy, params, self._get_files())
        sent = intake._find_sent(form)
        problem = not sent and (self._get_obstacle(policy) or self._get_captcha_problem())
        if problem:
            form.errors.insert(0, (GENERAL, problem))
        if form.errors:
            intake._keep_files(form)
            return self._render_form(policy, form)
        return self._register(policy, intake, form)

    def _register(self, policy, intake, form):
        complaint, code, is_new = intake._submit(policy, form)
        address = intake._get_proof_address(form.values)
        if is_new:
            self._get_throttle()._note("form", self._get_address())
            address = self._send_proof(complaint, address)
        return self._render(
            "klachtenbeheer.public_confirmation",
            {
                "policy": policy,
                "complaint": complaint,
                "code": code,
                "proof_address": address,
                "description": complaint.description,
            },
            frames=policy._get_frame_policy(),
        )

    def _send_proof(self, complaint, address):
        """By mail, but not so often to one address that somebody could be pestered by it.

        :return: the address to which it was sent, if it was
        """
        throttle = self._get_throttle()
        if not address or throttle._is_exceeded("mail", address):
            return None
        throttle._note("mail", address)
        complaint._send_public_mail(PROOF, address)
        return address

    # ---------------------------------------------------------------- obstacles

    def _get_obstacle(self, policy):
        """Why nothing more is accepted from here now, as a sentence."""
        throttle, address = self._get_throttle(), self._get_address()
        throttle._note("post", address)
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
        uploads = request.env["klachtenbeheer.form.upload"].sudo()  # of this form only
        values = {
            "policy": policy,
            "form": form,
            "values": form.values,
            "errors": form.errors,
            "kept": uploads._get_kept(form.nonce) if form.errors else uploads,
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
        )
