import hashlib
import secrets
from contextlib import contextmanager

from werkzeug.exceptions import Forbidden

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..tools import uploads as rules
from ..tools.uploads import Upload

MAX_BODY = rules.MAX_TOTAL + 2 * rules.MEGABYTE  # the files and what was typed


class PortalBase(CustomerPortal):
    """What all pages of complainants share: whose complaint it is, files, sending twice,
    refusals."""

    # ---------------------------------------------------------------- whose

    def _get_own_domain(self):
        """Complaints that the user follows, never about them."""
        return self._get_complaints()._get_portal_domain(request.env.user.partner_id)

    def _get_complaints(self):
        # complainants have no rights on dossiers: a page shows what it shows and no field more
        return request.env["klachtenbeheer.complaint"].sudo()

    def _get_policies(self):
        # the text of a published policy may be read by everybody
        policies = request.env["klachtenbeheer.policy"].sudo()
        return policies._get_portal_policies(request.env.user.company_ids)

    def _get_own_complaint(self, complaint_id):
        """The complaint as the system sees it.

        :raise NotFound: it does not exist, or is not the user's
        """
        domain = self._get_own_domain() & Domain("id", "=", complaint_id)
        complaint = self._get_complaints().search(domain, limit=1)
        if not complaint:
            raise request.not_found()
        complaint._note_own_page(request.env.user)
        return complaint

    def _get_acting_complaint(self, complaint_id):
        """A complaint in which the user may act.

        :raise NotFound: it is not theirs to see
        :raise Forbidden: they only follow it
        """
        complaint = self._get_own_complaint(complaint_id)
        if not complaint._may_act(request.env.user.partner_id):
            raise Forbidden()
        return complaint

    def _prepare_portal_layout_values(self):
        """The platform's pages do not say in which language they are; screen readers have to
        know."""
        values = super()._prepare_portal_layout_values()
        return values | {"html_data": {"lang": (request.env.lang or "nl").replace("_", "-")}}

    # ---------------------------------------------------------------- files

    def _get_uploads(self):
        # whoever sends a form has no rights on files, and may want to stay unknown
        return request.env["klachtenbeheer.form.upload"].with_user(SUPERUSER_ID)

    def _get_kept(self, form_key):
        """Files that came with an earlier attempt to send this form."""
        return self._get_uploads()._get_kept(self._get_nonce(form_key))

    def _store_files(self, form_key, files):
        if files and form_key:
            self._get_uploads()._store_files(self._get_nonce(form_key), files)

    def _read_files(self):
        chosen = [file for file in request.httprequest.files.getlist("files") if file.filename]
        for file in chosen:
            file.seek(0)  # the request may have been started again
        return [Upload(file.filename, file.read()) for file in chosen]

    def _accept_files(self, files, kept):
        """Which files are accepted, and what is wrong with the others.

        :param files: list of `Upload`
        :param kept: files that were accepted before
        :return: (list of `Upload`, {name of a field: sentences})
        """
        reader = request.env["klachtenbeheer.intake.reader"]
        accepted, sentences = reader._judge_files(files, kept)
        return accepted, {"files": " ".join(sentences)} if sentences else {}

    def _drop_unwanted(self, kept):
        """Leave out the files of which the tick was taken away."""
        wanted = request.httprequest.form.getlist("keep")
        kept.filtered(lambda line: str(line.id) not in wanted)._drop()
        return kept.exists()

    # ---------------------------------------------------------------- doing it

    def _send(self, form_key, act, field, errors=None):
        """Carry out what a form asks, once, or not at all; keep its files meanwhile.

        :param act: gets (files, files kept before), does it, and returns (code for the
            confirmation, complaint)
        :param field: name of the field to point at when it is refused
        :param errors: what is wrong already, as {name of a field: sentence}
        :return: (submission, all errors)
        """
        files = self._read_files()
        nonce = self._get_submission_nonce(form_key, files)
        submission = self._get_submissions()._find(nonce)
        if submission:
            return submission, {}
        kept = self._drop_unwanted(self._get_kept(form_key))
        files, wrong = self._accept_files(files, kept)
        errors = {**(errors or {}), **wrong}
        if not errors:
            submission, errors = self._do_once(nonce, act, field, files, kept)
        if errors:
            self._store_files(form_key, files)
        return submission, errors

    def _do_once(self, nonce, act, field, files, kept):
        try:
            with self._written_by_the_system(), request.env.cr.savepoint():
                submission, is_new = self._get_submissions()._claim(nonce)
                if is_new:
                    result, complaint = act(files, kept)
                    submission.write({"result": result, "complaint_id": complaint.id})
        except UserError as refusal:
            request.env.invalidate_all(flush=False)
            return None, {field: str(refusal)}
        return submission, {}

    @contextmanager
    def _written_by_the_system(self):
        """What the platform writes by itself in the meantime does not name the account that
        is signed in: somebody may want to stay unknown (KK22)."""
        transaction = request.env.transaction
        before = transaction.default_env
        transaction.default_env = request.env(user=SUPERUSER_ID)
        try:
            yield
        finally:
            transaction.default_env = before

    def _get_submission_nonce(self, form_key, files):
        """What is the same when a form is sent twice, and not when somebody went back in the
        browser to write something else."""
        form = request.httprequest.form
        typed = [(name, form.getlist(name)) for name in sorted(form) if name != "csrf_token"]
        sent = [request.httprequest.path, typed, [(file.name, file.content) for file in files]]
        digest = hashlib.sha256(repr(sent).encode()).hexdigest()
        return f"{self._get_nonce(form_key)}:{digest}"

    def _get_nonce(self, form_key):
        """The secret of a form, which is of nobody else."""
        return f"{request.env.uid}:{form_key or self._make_form_key()}"

    def _get_submissions(self):
        # the system keeps which forms were sent; nobody else has rights on them
        return request.env["klachtenbeheer.form.submission"].with_user(SUPERUSER_ID)

    def _get_form_values(self, errors, form, form_key=""):
        """What every page with a form needs: after a refusal the same form again, with what
        was typed and chosen."""
        form_key = form_key if errors and form_key else self._make_form_key()
        return {
            "errors": errors or {},
            "form": form or {},
            "form_key": form_key,
            "kept": [
                {"id": line.id, "name": line.attachment_id.name}
                for line in self._get_kept(form_key)
            ],
        }

    def _make_form_key(self):
        """A random key in each form, by which a second sending of it is recognised."""
        return secrets.token_urlsafe(18)

    def _redirect_done(self, submission):
        """To the page of the complaint, so that going back or reloading sends nothing again."""
        url = f"/my/klachten/{submission.complaint_id.id}?done={submission.result}"
        return request.redirect(url)
