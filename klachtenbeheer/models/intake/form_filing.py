from odoo import api, models
from odoo.fields import Command

from ...tools.email_address import judge
from ...tools.typed import clean_text
from ..portal.follow_up import PROOF
from ..portal.form_submission import get_nonce_hash
from .form import CHANGE
from .reader import IDENTITY, LONG, REPRESENTATIVE, Form

WEB = "web"
ADDRESS = "klachtenbeheer_address"  # key of the context: from where a form came, never stored


class PublicFiling(models.AbstractModel):
    """From a form without errors to a complaint, or to an answer on one: each once."""

    _inherit = "klachtenbeheer.public.intake"

    # ---------------------------------------------------------------- the complaint

    @api.model
    def _find_sent(self, form):
        """What this form, with the same content, gave earlier: a submission, or none."""
        return self.env["klachtenbeheer.form.submission"]._find(form.key)

    @api.model
    def _find_answer(self, form):
        """The same, while its answer may still be given again."""
        return self._find_sent(form).filtered(lambda submission: submission._is_fresh())

    @api.model
    def _submit(self, policy, form):
        """Register the complaint of a form without errors, once.

        :return: (complaint, code to follow it with, whether it is new)
        """
        codes = self.env["klachtenbeheer.access.code"]
        submission, is_new = self._claim(form)
        code = submission._draw_code(form.key)
        if is_new:
            complaint = self.env["klachtenbeheer.complaint"].create(
                self._prepare_complaint(policy, form)
            )
            submission.complaint_id = complaint
            codes._issue(complaint, code)
            self._add_details(policy, form, complaint)
            self.env.flush_all()  # as the system: what waits would be written by who is logged in
        return submission.complaint_id, codes._format(code), is_new

    @api.model
    def _claim(self, form):
        submissions = self.env["klachtenbeheer.form.submission"]
        return submissions._claim(form.key, self._get_form_hash(form), self._get_text_hash(form))

    @api.model
    def _get_form_hash(self, form):
        return get_nonce_hash(self.env, form.nonce)

    @api.model
    def _get_text_hash(self, form):
        """What is the same for the same text from near by; no text nor address can be found
        back in it, and who is elsewhere does not hear that somebody wrote the same."""
        near = self.env["klachtenbeheer.throttle"]._get_bucket(self.env.context.get(ADDRESS))
        told = form.content if form.values["description"] else form.make_key()
        return get_nonce_hash(self.env, f"{near}:{form.policy_id}:{told}")

    # ---------------------------------------------------------------- once more

    @api.model
    def _find_earlier(self, form):
        """What was sent before and may be the same complaint, as long as the sender did not
        say what it is.

        :return: (submission or none, whether it came from the same page with another text)
        """
        submissions = self.env["klachtenbeheer.form.submission"]
        if sent := self._find_sent(form):
            return sent, False
        if form.again:
            return submissions, False
        first = submissions._find_form(self._get_form_hash(form))
        same = submissions._find_content(self._get_text_hash(form))
        return same or first, bool(first and not same)

    @api.model
    def _may_change(self, form, submission):
        """Whether a form can be put on the complaint of an earlier one. Not where somebody
        stays unknown: what is typed on a dossier would tell."""
        hidden = submission.complaint_id.hide_identity or form.values["hide_identity"]
        return bool(submission.complaint_id and not hidden)

    @api.model
    def _find_changed(self, form):
        """The earlier submission that the sender says this form changes, or none."""
        submissions = self.env["klachtenbeheer.form.submission"]
        if form.again != CHANGE:
            return submissions
        first = submissions._find_form(self._get_form_hash(form))
        return first if self._may_change(form, first) else submissions

    @api.model
    def _submit_change(self, submission, form):
        """Put a form on the complaint that an earlier sending of it gave, once."""
        claim, is_new = self._claim(form)
        if not is_new:
            return
        complaint = submission.complaint_id
        claim.write({"complaint_id": complaint.id, "is_change": True})
        attachments = self._add_files(form, complaint)
        complaint._post_from_complainant(self._describe_change(form.values), attachments)
        self.env.flush_all()  # as in `_submit`

    @api.model
    def _describe_change(self, values):
        """Everything that was filled in, in words."""
        env = self.env
        labels = env["klachtenbeheer.complaint"]._fields
        lines = [
            env._("Sent with the form once more, as a change of what was sent before."),
            values["description"],
        ]
        names = {name: name for name in ("respondent_text", "incident_on", "incident_place")}
        names |= {"desired_solution": "desired_solution"}
        names |= {name: f"complainant_{name}" for name in IDENTITY}
        lines += [
            f"{labels[fname]._description_string(env)}: {values[name]}"
            for name, fname in names.items()
            if values[name]
        ]
        helper = ", ".join(values[name] for name in REPRESENTATIVE if values[name])
        lines += [env._("Speaks or helps: %s", helper)] if helper else []
        return "\n\n".join(lines)

    # ---------------------------------------------------------------- what it becomes

    @api.model
    def _prepare_complaint(self, policy, form):
        """What a complaint is created with."""
        return {
            "policy_id": policy.id,
            "privacy_policy_id": form.policy_id,
            "channel": WEB,
            "received_on": policy.company_id._complaint_today(),
            "received_by_id": False,
            "complainant_lang": self.env.lang,
            "respondent_ids": [Command.set(self._get_respondents(policy, form.values).ids)],
            **({"kind": form.values["kind"]} if policy.formal_phase == "internal" else {}),
            **self._prepare_content(policy, form.values),
            **self._prepare_sender(policy, form.values),
        }

    @api.model
    def _prepare_sender(self, policy, values):
        if self._is_anonymous(values):
            return {"is_anonymous": True}
        vals = {f"complainant_{name}": values[name] for name in IDENTITY}
        vals["complainant_email"] = judge(values["email"]).address or False
        return vals | self._prepare_secrecy(policy, values)

    @api.model
    def _is_anonymous(self, values):
        """By choice, or because nothing tells who it is."""
        known = any(values[name] for name in (*IDENTITY, *REPRESENTATIVE))
        return bool(values["is_anonymous"]) or not known

    @api.model
    def _add_details(self, policy, form, complaint):
        """What belongs to a complaint that exists: representative, files, who is told."""
        if form.values["rep_name"] and not complaint.is_anonymous:
            self._add_representative(form.values, complaint)
        attachments = self._add_files(form, complaint)
        if attachments:
            # who gets the new complaint to look at sees what came with it
            complaint._add_from_complainant(self.env._("Sent with the form."), attachments)
        if policy.form_role:
            complaint._ask_role(policy.form_role, self.env._("New complaint from the form"))

    @api.model
    def _add_files(self, form, complaint):
        """The files of a form, those kept from an earlier try included, on the dossier."""
        files = self.env["klachtenbeheer.form.upload"]
        of_complaint = {"res_model": complaint._name, "res_id": complaint.id}
        self.env["klachtenbeheer.throttle"]._count_stored(
            sum(len(upload.content) for upload in form.files)
        )
        return files._get_kept(form.nonce)._move_to(complaint) | self.env["ir.attachment"].create(
            [files._prepare_attachment(upload) | of_complaint for upload in form.files]
        )

    @api.model
    def _add_representative(self, values, complaint):
        """Who speaks for the complainant; somebody still has to see the authorisation, and
        decides whether they become a contact."""
        self.env["klachtenbeheer.assistance"].create(
            {
                "complaint_id": complaint.id,
                "name": values["rep_name"],
                "email": values["rep_email"],
                "phone": values["rep_phone"],
                "kind": values["rep_kind"],
                "relation": values["rep_relation"],
            }
        )

    # ---------------------------------------------------------------- answers

    @api.model
    def _read_answer(self, complaint, params, files):
        """What was written on the follow-up page, with the errors in it."""
        form = Form(
            {"text": clean_text(params.get("text"))},
            files,
            self._pick_numbers(params.get("keep")),
        )
        if found := self._verify(params.get("token")):
            form.token = params["token"]
            form.policy_id, form.nonce, form.issued = found
        else:
            self._renew(complaint.policy_id, form)
            form.may_keep = False
        form.key = form.make_key(complaint.id)
        if not self._find_sent(form):
            form.errors += self._check_answer(complaint.policy_id, form)
        return form

    @api.model
    def _check_answer(self, policy, form):
        text = form.values["text"]
        if not text and not form.files and not form.keep:
            yield "text", self.env._("Write a message, or choose a file.")
        yield from self._check_length("text", text, LONG)
        yield from self._check_files(policy, form)

    @api.model
    def _submit_answer(self, complaint, form):
        """Put an answer on the dossier, once."""
        submission, is_new = self.env["klachtenbeheer.form.submission"]._claim(form.key)
        if not is_new:
            return
        submission.complaint_id = complaint
        attachments = self._add_files(form, complaint)
        complaint._post_from_complainant(form.values["text"], attachments)
        self.env.flush_all()  # as in `_submit`

    @api.model
    def _get_proof_address(self, values):
        """Where proof of receipt goes: who filled the form in."""
        if self._is_anonymous(values):
            return None
        return judge(values["rep_email"]).address or judge(values["email"]).address

    @api.model
    def _send_proof(self, complaint, address):
        """By mail, but not so often to one address that somebody could be pestered by it.

        :return: the address to which it was sent, if it was
        """
        throttle = self.env["klachtenbeheer.throttle"]
        if not address or throttle._is_exceeded("mail", address):
            return None
        throttle._count_one("mail", address)
        complaint._send_public_mail(PROOF, address)
        return address
