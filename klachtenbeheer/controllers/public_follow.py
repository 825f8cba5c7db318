from odoo.http import content_disposition, request, route
from odoo.tools import hash_sign, verify_hash_signed

from ..tools import uploads
from .public_page import MAX_REQUEST, PublicPage

SCOPE = "klachtenbeheer.follow"
HOURS = 2  # how long a page that was opened with the code can be used


class PublicFollow(PublicPage):
    """The way back for who has a code: status, dates, messages and answers (SB24).

    The code is never in an address, where histories and logs would keep it. The page that it
    opens carries a signed ticket for the next step instead.
    """

    @route(
        "/klacht/volgen",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        sitemap=False,
        save_session=False,
    )
    def ask_code(self, **params):
        self._choose_language(params)
        return self._render_ask()

    @route(
        "/klacht/volgen",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        sitemap=False,
        csrf=False,
        save_session=False,
        max_content_length=MAX_REQUEST,
    )
    def follow(self, **params):
        params = self._read_params(params)
        complaint = self._open_with_ticket(params.get("ticket"))
        if complaint:
            return self._act(complaint, params)
        if params.get("ticket"):
            problem = request.env._("This page was open for a long time. Type your code again.")
            return self._render_ask(problem, text=params.get("text"))
        return self._open_with_code(params)

    def _act(self, complaint, params):
        if params.get("download"):
            return self._download(complaint, params["download"])
        if "answer" in params:
            return self._answer(complaint, params)
        return self._render_follow(complaint)

    # ---------------------------------------------------------------- opening

    def _open_with_code(self, params):
        throttle, address = self._get_throttle(), self._get_address()
        if throttle._is_exceeded("code", address):
            problem = request.env._(
                "A wrong code was typed too often. Please try again in an hour or two."
            )
            return self._render_ask(problem, 429, params.get("text"))
        codes = request.env["klachtenbeheer.access.code"].sudo()  # of everybody, to find one
        complaint = self._as_system(codes._find_complaint(params.get("code")))
        if not complaint:
            throttle._count_one("code", address)
            problem = request.env._(
                "We know no complaint with this code. Look at it again: it has 16 letters and"
                " figures."
            )
            return self._render_ask(problem, 403, params.get("text"))
        return self._render_follow(complaint, text=params.get("text"))

    def _as_system(self, complaint):
        """The complaint for its sender, whatever account the browser is logged in with."""
        return complaint._as_outside().with_context(lang=request.env.lang)

    def _make_ticket(self, complaint):
        return hash_sign(request.env(su=True), SCOPE, complaint.id, expiration_hours=HOURS)

    def _open_with_ticket(self, ticket):
        complaints = request.env["klachtenbeheer.complaint"].sudo()  # see _as_system
        try:
            found = ticket and verify_hash_signed(request.env(su=True), SCOPE, ticket)
        except ValueError:
            found = None
        return self._as_system(complaints.browse(found or ()).exists())

    # ---------------------------------------------------------------- answering

    def _answer(self, complaint, params):
        """Put an answer on the dossier, once."""
        intake = request.env["klachtenbeheer.public.intake"]._as_system(complaint.policy_id)
        params["keep"] = request.httprequest.form.getlist("keep")
        form = intake._read_answer(complaint, params, self._get_files())
        if params.get("draft") and not intake._find_sent(form):
            return self._keep_answer(complaint, intake, form)
        if not form.errors and not intake._find_sent(form):
            self._count_message(form)
        if form.errors:
            intake._store_files(form)
            return self._render_follow(complaint, form)
        intake._submit_answer(complaint, form)
        return self._render_follow(complaint, sent=True)

    def _keep_answer(self, complaint, intake, form):
        """Files that a script sends before the rest, to tell how far it is."""
        form.errors = [error for error in form.errors if error[0] == "files" or not form.may_keep]
        self._count_message(form)
        intake._store_files(form)
        return self._render_follow(complaint, form)

    def _count_message(self, form):
        throttle, address = self._get_throttle(), self._get_address()
        if throttle._is_exceeded("message", address):
            problem = request.env._(
                "Many messages came from your network in a short time. Please try again in an hour."
            )
            form.errors.append(("text", problem))
            form.may_keep = False
        throttle._count_one("message", address)

    def _download(self, complaint, key):
        """A file of the conversation, or a letter; anything else does not exist here."""
        attachment = complaint._get_public_file(key)
        if not attachment:
            return self._render_not_found()
        complaint._note_own_page()
        content = attachment.raw
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/octet-stream"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(uploads.clean_name(attachment.name))),
                ("X-Content-Type-Options", "nosniff"),
                ("Cache-Control", "no-store"),
            ],
        )

    # ---------------------------------------------------------------- pages

    def _render_ask(self, problem=None, status=200, text=None):
        """Ask for the code; what was typed on a page that is too old comes along."""
        values = {"problem": problem, "text": text or ""}
        return self._render("klachtenbeheer.public_ask_code", values, status=status)

    def _render_follow(self, complaint, form=None, sent=False, text=None):
        policy = complaint.policy_id
        complaint._note_own_page()
        form = form or request.env["klachtenbeheer.public.intake"]._as_system(policy)._open(policy)
        form.values.setdefault("text", text or "")
        uploads_su = request.env["klachtenbeheer.form.upload"].sudo()  # of this form only
        values = {
            "complaint": complaint,
            "policy": policy,
            "ticket": self._make_ticket(complaint),
            "form": form,
            "values": form.values,
            "errors": form.errors,
            "kept": uploads_su._get_kept(form.nonce),
            "sent": sent,
        }
        status = 422 if form.errors else 200
        template = "klachtenbeheer.public_follow"
        return self._render(template, values, status=status, own_script=True)
