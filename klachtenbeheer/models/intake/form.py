import binascii
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime

from odoo import SUPERUSER_ID, api, models
from odoo.tools import email_normalize, hash_sign, verify_hash_signed

from ...tools import uploads
from ...tools.uploads import MAX_FILE, MAX_FILES, MAX_TOTAL, MEGABYTE, Upload
from ..complaint.complaint import FORMAL, INFORMAL
from ..portal.form_submission import FORM_DAYS

SCOPE = "klachtenbeheer.form"
LEAST_SECONDS = 3  # nobody reads the page and writes a complaint in less
LONG, SHORT, LINE = 50_000, 5_000, 250  # characters
# What can be typed, with how much of it is accepted. Nothing else is taken from a request.
TEXTS = {
    "description": LONG,
    "respondent_text": LINE,
    "incident_on": 20,
    "incident_place": LINE,
    "desired_solution": SHORT,
    "name": LINE,
    "email": LINE,
    "phone": LINE,
    "address": SHORT,
    "rep_name": LINE,
    "rep_email": LINE,
    "rep_phone": LINE,
    "rep_relation": LINE,
}
CHOICES = {
    "nature": ("complaint", "suggestion"),
    "kind": (FORMAL, INFORMAL),
    "rep_kind": ("representative", "legal_representative", "expert"),
}
TICKS = (
    "about_contacts",
    "about_directors",
    "is_anonymous",
    "hide_identity",
    "accepts_limited",
)
IDENTITY = ("name", "email", "phone", "address")
REPRESENTATIVE = ("rep_name", "rep_email", "rep_phone", "rep_relation")
DATE_FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")
# Programs fill in every field, people don't see this one.
HONEYPOT = "homepage"
GENERAL = "form"
# In which order the fields stand on the page.
ORDER = (
    GENERAL,
    "description",
    "respondent_text",
    "incident_on",
    "incident_place",
    "files",
    "is_anonymous",
    *IDENTITY,
    *REPRESENTATIVE,
    "accepts_limited",
    "desired_solution",
)


@dataclass
class Form:
    """What somebody filled in, as it was typed; `errors` is [(field, sentence)]."""

    values: dict
    files: list = field(default_factory=list)
    keep: list = field(default_factory=list)
    token: str = ""
    nonce: str = ""
    issued: float = 0
    policy_id: int = 0
    errors: list = field(default_factory=list)

    def error(self, name):
        return next((text for fname, text in self.errors if fname == name), "")


def parse_date(text):
    """A date as people type it, or None."""
    for pattern in DATE_FORMATS:
        try:
            return datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007  # a local date
        except ValueError:
            continue
    return None


class PublicIntake(models.AbstractModel):
    """From what a stranger typed in the public form to a complaint (SB21, BA19, SJ49, KK15).

    Everything runs as the system, whoever is logged in: nothing tells whose account or
    machine a form came from (SB24).
    """

    _name = "klachtenbeheer.public.intake"
    _description = "Public Complaint Form"

    # ---------------------------------------------------------------- the form

    @api.model
    def _as_system(self, policy):
        """This model, acting for the organisation of a policy and for nobody in particular."""
        context = {"lang": self.env.lang, "allowed_company_ids": policy.company_id.ids}
        return self.with_user(SUPERUSER_ID).with_context(**context)

    @api.model
    def _open(self, policy):
        """An empty form."""
        values = dict.fromkeys((*TEXTS, *TICKS), "") | {
            name: options[0] for name, options in CHOICES.items()
        }
        return self._renew(policy, Form(values))

    @api.model
    def _renew(self, policy, form):
        """Give a form a new token, that tells when it was opened and what was on it."""
        form.nonce = secrets.token_urlsafe(18)
        form.issued, form.policy_id = time.time(), policy.id
        form.token = hash_sign(
            self.env(su=True),
            SCOPE,
            [policy.id, form.nonce, form.issued],
            expiration_hours=FORM_DAYS * 24,
        )
        return form

    @api.model
    def _read(self, policy, params, files):
        """What was sent, with the errors in it.

        :param params: dictionary of the request
        :param files: list of `Upload`
        """
        form = Form(self._pick(params), files, self._pick_numbers(params.get("keep")))
        self._read_token(policy, form, params.get("token"))
        if not self._find_sent(form):
            if not form.errors and params.get(HONEYPOT):
                form.errors.append((GENERAL, self._explain_again()))
            self._check(policy, form)
        return form

    @api.model
    def _pick(self, params):
        values = {name: self._clean(params.get(name)) for name in TEXTS}
        for name, options in CHOICES.items():
            values[name] = params.get(name) if params.get(name) in options else options[0]
        values |= {name: "1" if params.get(name) else "" for name in TICKS}
        kind = params.get("complainant_kind")
        return values | {"complainant_kind": kind if str(kind).isdecimal() else ""}

    @api.model
    def _clean(self, text):
        """Text as typed, without characters that no database or page can hold."""
        text = text if isinstance(text, str) else ""
        return text.replace("\r\n", "\n").replace("\0", "").strip()

    @api.model
    def _pick_numbers(self, values):
        values = values if isinstance(values, list) else [values]
        return [int(value) for value in values if str(value).isdecimal()]

    # ---------------------------------------------------------------- token

    @api.model
    def _read_token(self, policy, form, token):
        """When the page was opened and of which version the privacy text was on it; a page
        that is too old, or not ours, gets a new token and is sent once more."""
        found = self._verify(token)
        if not found:
            form.errors.append((GENERAL, self._explain_again()))
            self._renew(policy, form)
            return
        form.token = token
        form.policy_id, form.nonce, form.issued = found
        if time.time() - form.issued < LEAST_SECONDS:
            form.errors.append((GENERAL, self._explain_again()))

    @api.model
    def _verify(self, token):
        try:
            return verify_hash_signed(self.env(su=True), SCOPE, token or "")
        except (ValueError, binascii.Error, UnicodeError, IndexError):
            return None

    @api.model
    def _explain_again(self):
        return self.env._(
            "Your message has not been sent yet. Nothing is lost: please press the button at the"
            " bottom once more."
        )

    # ---------------------------------------------------------------- errors

    @api.model
    def _check(self, policy, form):
        """Add what has to be mended, in the order of the page."""
        values, errors = form.values, form.errors
        if not values["description"]:
            errors.append(("description", self.env._("Please write down what happened.")))
        errors += self._check_lengths(values)
        errors += self._check_incident(policy, values["incident_on"])
        errors += self._check_files(form)
        errors += self._check_sender(policy, values)
        errors.sort(key=lambda error: ORDER.index(error[0]))

    @api.model
    def _check_lengths(self, values):
        for name, limit in TEXTS.items():
            yield from self._check_length(name, values[name], limit)

    @api.model
    def _check_length(self, name, text, limit):
        if len(text) > limit:
            yield (
                name,
                self.env._(
                    "This text is %(length)s characters long, and %(limit)s is the most that"
                    " fits. Please shorten it, or add the rest as a file.",
                    length=len(text),
                    limit=limit,
                ),
            )

    @api.model
    def _check_incident(self, policy, text):
        if not text:
            return
        day = parse_date(text)
        if not day or day.year < 1900:
            example = policy.company_id._complaint_today().strftime("%d-%m-%Y")
            yield (
                "incident_on",
                self.env._("We do not understand this date. Write it like this: %s", example),
            )
        elif day > policy.company_id._complaint_today():
            yield (
                "incident_on",
                self.env._("This date is in the future. On which day did it happen?"),
            )

    @api.model
    def _check_sender(self, policy, values):
        for name in ("email", "rep_email"):
            if values[name] and not email_normalize(values[name]):
                yield (
                    name,
                    self.env._("This is no e-mail address. It looks like this: name@example.com"),
                )
        if values["is_anonymous"] and any(values[name] for name in (*IDENTITY, *REPRESENTATIVE)):
            yield (
                "is_anonymous",
                self.env._(
                    "You want to stay anonymous, but your name or address is filled in too. Make"
                    " those fields empty, or remove the tick at “anonymous”."
                ),
            )
        asked = policy.hidden_accepts_limited and values["hide_identity"]
        if asked and not values["accepts_limited"]:
            yield (
                "accepts_limited",
                self.env._(
                    "If your name may not be known, we can only answer in general terms. Tick"
                    " that you accept this, or that your name may be known."
                ),
            )

    # ---------------------------------------------------------------- files

    @api.model
    def _check_files(self, form):
        """Accept files, and keep those while the rest is mended."""
        kept = self.env["klachtenbeheer.form.upload"]._get_kept(form.nonce)
        if set(form.keep) - set(kept.ids):
            yield (
                "files",
                self.env._("Files that you chose before are not here any more: choose them again."),
            )
        kept.filtered(lambda upload: upload.id not in form.keep)._drop()
        kept = kept.exists()
        size = sum(kept.attachment_id.mapped("file_size"))
        reasons = uploads.refusals(form.files, len(kept), size)
        for upload, reason in zip(form.files, reasons, strict=True):
            if reason:
                yield "files", self._explain_refusal(upload, reason)
        form.files = [
            upload for upload, reason in zip(form.files, reasons, strict=True) if not reason
        ]

    @api.model
    def _explain_refusal(self, upload: Upload, reason):
        name = uploads.clean_name(upload.name)
        size = f"{len(upload.content) / MEGABYTE:.1f}"
        sentences = {
            uploads.EMPTY: self.env._("“%s” is empty. Choose the file again.", name),
            uploads.TOO_LARGE: self.env._(
                "“%(name)s” is %(size)s MB. A file can be %(limit)s MB at most.",
                name=name,
                size=size,
                limit=MAX_FILE // MEGABYTE,
            ),
            uploads.TYPE: self.env._(
                "We can't accept files of the type of “%s”. Send a document (PDF, Word), a"
                " picture, a mail or a recording.",
                name,
            ),
            uploads.CONTENT: self.env._(
                "“%s” is not what its name says, so we can't accept it. Save it again as a PDF or"
                " a picture.",
                name,
            ),
            uploads.MACROS: self.env._(
                "“%s” contains macros (small programs), so we can't accept it. Save it as a PDF"
                " and send that.",
                name,
            ),
            uploads.TOO_MANY: self.env._(
                "“%(name)s” is one file too many: you can send %(limit)s at most.",
                name=name,
                limit=MAX_FILES,
            ),
            uploads.TOTAL: self.env._(
                "With “%(name)s” your files are more than %(limit)s MB together. Leave one out.",
                name=name,
                limit=MAX_TOTAL // MEGABYTE,
            ),
        }
        return sentences[reason]

    @api.model
    def _keep_files(self, form):
        """Keep the files of a form that has to be sent again."""
        self.env["klachtenbeheer.form.upload"]._keep(form.nonce, form.files)
        form.files = []
