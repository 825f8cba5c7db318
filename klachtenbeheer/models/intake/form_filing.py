from odoo import api, models
from odoo.fields import Command
from odoo.tools import email_normalize

from .form import IDENTITY, LONG, REPRESENTATIVE, Form, parse_date

WEB = "web"


class PublicFiling(models.AbstractModel):
    """From a form without errors to a complaint, or to an answer on one: each once."""

    _inherit = "klachtenbeheer.public.intake"

    # ---------------------------------------------------------------- the complaint

    @api.model
    def _find_sent(self, form):
        """The complaint that this form gave earlier, if it was sent before."""
        return self.env["klachtenbeheer.form.submission"]._find(form.nonce).complaint_id

    @api.model
    def _submit(self, policy, form):
        """Register the complaint of a form without errors, once.

        :return: (complaint, code to follow it with, whether it is new)
        """
        codes = self.env["klachtenbeheer.access.code"]
        submission, is_new = self.env["klachtenbeheer.form.submission"]._claim(form.nonce)
        code = codes._derive(form.nonce)
        if is_new:
            complaint = self.env["klachtenbeheer.complaint"].create(
                self._prepare_complaint(policy, form)
            )
            submission.complaint_id = complaint
            codes._give(complaint, code)
            self._add_details(policy, form, complaint)
            self.env.flush_all()  # as the system: what waits would be written by who is logged in
        return submission.complaint_id, codes._format(code), is_new

    @api.model
    def _prepare_complaint(self, policy, form):
        """What a complaint is created with."""
        values = form.values
        vals = {
            "policy_id": policy.id,
            "privacy_policy_id": form.policy_id,
            "channel": WEB,
            "received_on": policy.company_id._complaint_today(),
            "received_by_id": False,
            "complainant_lang": self.env.lang,
            "description": values["description"],
            "desired_solution": values["desired_solution"],
            "respondent_text": values["respondent_text"],
            "incident_on": parse_date(values["incident_on"]),
            "incident_place": values["incident_place"],
            "respondent_ids": [Command.set(self._get_respondents(policy, values).ids)],
        }
        return vals | self._prepare_choices(policy, values) | self._prepare_sender(policy, values)

    @api.model
    def _prepare_choices(self, policy, values):
        """What was chosen, where the policy gives that choice."""
        kinds = policy.complainant_kind_ids.filtered(
            lambda kind: str(kind.id) == values["complainant_kind"]
        )
        vals = {"complainant_kind_id": kinds.id}
        if policy.accepts_suggestions:
            vals["nature"] = values["nature"]
        if policy.formal_phase == "internal":
            vals["kind"] = values["kind"]
        return vals

    @api.model
    def _prepare_sender(self, policy, values):
        if self._is_anonymous(values):
            return {"is_anonymous": True}
        vals = {f"complainant_{name}": values[name] for name in IDENTITY}
        vals["complainant_email"] = email_normalize(values["email"]) or False
        if policy.hidden_accepts_limited and values["hide_identity"]:
            vals |= {"hide_identity": True, "accepts_limited_answer": True}
        return vals

    @api.model
    def _is_anonymous(self, values):
        """By choice, or because nothing tells who it is."""
        known = any(values[name] for name in (*IDENTITY, *REPRESENTATIVE))
        return bool(values["is_anonymous"]) or not known

    @api.model
    def _get_respondents(self, policy, values):
        """The people whom the sender ticked: they see nothing of it from the start (SB18)."""
        partners = self.env["res.partner"]
        if values["about_contacts"]:
            partners |= policy._get_contact_users().partner_id
        if values["about_directors"]:
            partners |= policy._get_role_users("director").partner_id
        return partners

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
                "email": email_normalize(values["rep_email"]) or values["rep_email"],
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
            {"text": self._clean(params.get("text"))},
            files,
            self._pick_numbers(params.get("keep")),
        )
        if found := self._verify(params.get("token")):
            form.token = params["token"]
            form.policy_id, form.nonce, form.issued = found
        else:
            self._renew(complaint.policy_id, form)
        if not self._find_sent(form):
            form.errors += self._check_answer(form)
        return form

    @api.model
    def _check_answer(self, form):
        text = form.values["text"]
        if not text and not form.files and not form.keep:
            yield "text", self.env._("Write a message, or choose a file.")
        yield from self._check_length("text", text, LONG)
        yield from self._check_files(form)

    @api.model
    def _submit_answer(self, complaint, form):
        """Put an answer on the dossier, once."""
        submission, is_new = self.env["klachtenbeheer.form.submission"]._claim(form.nonce)
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
        return email_normalize(values["rep_email"]) or email_normalize(values["email"])
