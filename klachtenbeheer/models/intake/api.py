import base64
import binascii
import json
import time

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.uploads import Upload
from ..platform.groups import INTAKE_API
from ..portal.form_submission import get_nonce_hash
from .form_filing import WEB
from .reader import CHOICES, GENERAL, SURE, TEXTS, TICKS, digest

LONGEST_ID = 200  # characters
# What another system may send besides the fields of the public form.
OTHERS = {"complainant_kind", "channel"}


class OtherContentError(UserError):
    """The id is of another complaint that the same account handed in."""

    http_status = 409  # Conflict


class IntakeApi(models.AbstractModel):
    """Complaints from another system, such as a website elsewhere or a municipality, by the
    platform's JSON API (docs/api.md): the public form without its pages.

    The account that calls it can hand complaints in and see nothing: what it gets back is
    what a sender gets, the reference, what happens next and by when.
    """

    _name = "klachtenbeheer.intake.api"
    _description = "Complaints from Another System"
    _inherit = ["klachtenbeheer.public.intake"]

    @api.model
    def register(self, policy, external_id, values, files=None):
        """Register a complaint, once for each external id of the last fourteen days.

        :param policy: code of a published policy
        :param external_id: what the other system knows the complaint by; the same id with the
            same content again gives the same answer and no second complaint
        :param values: {field of the public form: text, or true and false}
        :param files: list of {"name": text, "content": base64}
        :return: dict(reference, received_on, promises, follow_code, follow_url, is_new)
        :raise AccessError: the account may not hand complaints in
        :raise ValidationError: what is wrong, a line for each field
        :raise OtherContentError: this id was used for another content
        """
        self._check_account()
        regulation = self._get_regulation(policy)
        intake = self._as_system(regulation)
        form = intake._read_call(regulation, self.env.uid, external_id, values, files or [])
        intake._refuse(form.errors)
        complaint, code, is_new = intake._submit(regulation, form)
        if is_new:
            intake._send_proof(complaint, intake._get_proof_address(form.values))
        return intake._prepare_proof(complaint, code, is_new)

    def _check_account(self):
        if not self.env.user.has_group(INTAKE_API):
            raise AccessError(self.env._("This account may not hand complaints in."))

    def _get_regulation(self, code):
        policy = self.env["klachtenbeheer.policy"]._get_public(str(code))
        if not policy:
            raise ValidationError(self.env._("There is no published policy “%s”.", code))
        return policy

    # ---------------------------------------------------------------- what was sent

    def _read_call(self, policy, uid, external_id, values, files):
        """A form as if it had been filled in on the page."""
        form = self._open(policy)
        form.errors += self._check_call(policy, external_id, values)
        if form.errors:
            return form
        form.digest = digest(json.dumps([policy.code, values, files], sort_keys=True))
        # of this account only: nobody gets the answer, and the code in it, of another one
        form.nonce = form.key = f"api:{uid}:{external_id}"
        self._check_same_content(form, self._find_sent(form))
        form.issued = time.time()
        form.values = self._pick(self._prepare_params(policy, values))
        form.values["channel"] = values.get("channel") or WEB
        # nobody is there who could be asked about a slip
        form.values |= {sure: form.values[name] for name, sure in SURE.items()}
        form.files = self._read_files(form, files)
        if not self._find_sent(form) and not form.errors:
            # a system has the words, and what it sends as files is no recording of its own
            self._check(policy, form, needs_words=True)
        return form

    def _claim(self, form):
        content_hash = self._get_content_hash(form)
        submission, is_new = self.env["klachtenbeheer.form.submission"]._claim(
            form.key, content_hash=content_hash
        )
        self._check_same_content(form, submission)
        return submission, is_new

    def _get_content_hash(self, form):
        return get_nonce_hash(self.env, f"{form.key}:{form.digest}")

    def _check_same_content(self, form, submission):
        """The same id is the same complaint; another content is not thrown away in silence."""
        if submission and submission.content_hash != self._get_content_hash(form):
            raise OtherContentError(
                self.env._(
                    "external_id: this id was used before for another content. Nothing was"
                    " registered. Give a new complaint an id of its own, and a change to an"
                    " earlier one too."
                )
            )

    def _check_call(self, policy, external_id, values):
        """What the other system does wrong, whoever filled its form in."""
        if not isinstance(external_id, str) or not 0 < len(external_id) <= LONGEST_ID:
            yield "external_id", self.env._("Give each complaint an id of your own, as text.")
        if not isinstance(values, dict):
            yield "values", self.env._("The fields of the complaint are sent as an object.")
            return
        known = {*TEXTS, *CHOICES, *TICKS, *OTHERS}
        for name in values.keys() - known:
            yield name, self.env._("There is no such field.")
        for name, options in CHOICES.items():
            if values.get(name) and values[name] not in options:
                yield name, self._explain_options(options)
        yield from self._check_lists(policy, values)

    def _check_lists(self, policy, values):
        channels = dict(self.env["klachtenbeheer.channel"]._get_selection())
        if values.get("channel") and values["channel"] not in channels:
            yield "channel", self._explain_options(channels)
        kinds = policy.complainant_kind_ids.mapped("name")
        if values.get("complainant_kind") and values["complainant_kind"] not in kinds:
            yield "complainant_kind", self._explain_options(kinds)

    def _explain_options(self, options):
        if not options:
            return self.env._("The policy has no list here; leave it out.")
        return self.env._("One of: %s.", ", ".join(options))

    def _prepare_params(self, policy, values):
        """The values as a page would send them: kinds of complainant go by number there."""
        kind = policy.complainant_kind_ids.filtered(
            lambda line: line.name == values.get("complainant_kind")
        )
        return {**values, "complainant_kind": str(kind[:1].id or "")}

    def _read_files(self, form, files):
        found = []
        for file in files:
            try:
                content = base64.b64decode(file["content"], validate=True)
                found.append(Upload(str(file["name"]), content))
            except (TypeError, KeyError, ValueError, binascii.Error):
                form.errors.append(("files", self.env._("Send files as name and base64 content.")))
        return found

    def _prepare_complaint(self, policy, form):
        return super()._prepare_complaint(policy, form) | {"channel": form.values["channel"]}

    # ---------------------------------------------------------------- what is answered

    def _refuse(self, errors):
        if errors:
            lines = [text if name == GENERAL else f"{name}: {text}" for name, text in errors]
            raise ValidationError("\n".join(lines))

    def _prepare_proof(self, complaint, code, is_new):
        """What the sender is told: nothing of the dossier but its reference and dates."""
        return {
            "reference": complaint.name,
            "received_on": complaint.received_on.isoformat(),
            "promises": [
                {"on": promise.due_on.isoformat(), "what": promise.text}
                for promise in complaint._get_promises()
            ],
            "follow_code": code,
            "follow_url": complaint._get_follow_url(),
            "is_new": is_new,
        }
