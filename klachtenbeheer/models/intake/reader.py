import hashlib
from dataclasses import dataclass, field

from odoo import api, models

from ...tools import uploads
from ...tools.typed import clean_line, clean_text, parse_date
from ...tools.uploads import MAX_FILE, MAX_FILES, MAX_TOTAL, MEGABYTE, Upload
from ..complaint.complaint import FORMAL, INFORMAL
from ..platform.typed import explain_email, suggest_email

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
# Texts of several lines; the others stay on one.
LINES = ("description", "desired_solution", "address")
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
# Which hidden field says that the sender stays with an address that looks like a slip.
SURE = {"email": "email_sure", "rep_email": "rep_email_sure"}
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
    "complainant_kind",
    *REPRESENTATIVE,
    "accepts_limited",
    "desired_solution",
)


@dataclass
class Form:
    """What somebody filled in, as it was typed.

    `errors` is [(field, sentence)], `again` what the sender answered about sending once more,
    `key` what is the same only for the same form with the same content, `digest` what another
    system sent, `may_keep` whether its
    files are kept while the rest is mended.
    """

    values: dict
    files: list = field(default_factory=list)
    keep: list = field(default_factory=list)
    token: str = ""
    nonce: str = ""
    issued: float = 0
    policy_id: int = 0
    errors: list = field(default_factory=list)
    again: str = ""
    key: str = ""
    digest: str = ""
    may_keep: bool = True

    def error(self, name):
        return next((text for fname, text in self.errors if fname == name), "")

    @property
    def content(self):
        """A digest of what was typed, files apart."""
        seen = set(SURE.values())
        return digest(sorted(item for item in self.values.items() if item[0] not in seen))

    def make_key(self, *parts):
        """The key of this form with what it now holds."""
        files = [(file.name, digest(file.content)) for file in self.files]
        return f"{self.nonce}:{digest((self.content, self.keep, files, self.again, parts))}"


def digest(content):
    """What is the same for the same content."""
    content = content if isinstance(content, bytes) else repr(content).encode()
    return hashlib.sha256(content).hexdigest()


class IntakeReader(models.AbstractModel):
    """What somebody fills in to complain, read and checked the same way whether it comes from
    the public form, the portal or another system."""

    _name = "klachtenbeheer.intake.reader"
    _description = "Reader of Submitted Forms"

    # ---------------------------------------------------------------- what was typed

    @api.model
    def _pick(self, params, texts=None):
        """The values of a form; what is not asked for is not taken.

        :param params: {name: whatever was sent}
        :param texts: {name of a text: how long it may be}; by default those of the public form
        """
        values = {name: self._clean(name, params.get(name)) for name in texts or TEXTS}
        for name, options in CHOICES.items():
            values[name] = params.get(name) if params.get(name) in options else options[0]
        values |= {name: "1" if params.get(name) else "" for name in TICKS}
        values |= {name: clean_line(params.get(name)) for name in SURE.values()}
        kind = str(params.get("complainant_kind") or "")
        return values | {"complainant_kind": kind if kind.isdecimal() else ""}

    @api.model
    def _clean(self, name, text):
        """Text as typed, without characters that no database or page can hold."""
        return clean_text(text) if name in LINES else clean_line(text)

    # ---------------------------------------------------------------- what is wrong with it

    @api.model
    def _check_values(self, policy, values, texts=None):
        """What has to be mended, as (name, sentence)."""
        if not values["description"]:
            yield "description", self.env._("Please write down what happened.")
        for name, limit in (texts or TEXTS).items():
            yield from self._check_length(name, values[name], limit)
        yield from self._check_incident(policy, values["incident_on"])
        yield from self._check_kind(policy, values["complainant_kind"])
        yield from self._check_secrecy(policy, values)

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
    def _check_kind(self, policy, chosen):
        if chosen and not self._get_kind(policy, chosen):
            yield "complainant_kind", self.env._("Choose one of the list.")

    @api.model
    def _check_secrecy(self, policy, values):
        """Whoever wants to stay unknown accepts what that means (KK22)."""
        asked = policy.hidden_accepts_limited and values["hide_identity"]
        if asked and not values["accepts_limited"]:
            yield (
                "accepts_limited",
                self.env._(
                    "If your name may not be known, we can only answer in general terms. Tick"
                    " that you accept this, or that your name may be known."
                ),
            )

    @api.model
    def _check_sender(self, values):
        """What is wrong with what was typed about oneself; an account needs no such check."""
        for name, sure in SURE.items():
            yield from self._check_email(name, values[name], values[sure])
        if values["is_anonymous"] and any(values[name] for name in (*IDENTITY, *REPRESENTATIVE)):
            yield (
                "is_anonymous",
                self.env._(
                    "You want to stay anonymous, but your name or address is filled in too. Make"
                    " those fields empty, or remove the tick at “anonymous”."
                ),
            )

    @api.model
    def _check_email(self, name, typed, seen):
        """:param seen: the address about which the sender was asked before, and stays with"""
        if problem := explain_email(self.env, typed):
            yield name, problem
        elif typed != seen and (question := suggest_email(self.env, typed)):
            sure = self.env._("If %s is right, press the button once more.", typed)
            yield name, f"{question} {sure}"

    # ---------------------------------------------------------------- files

    @api.model
    def _judge_files(self, files, kept):
        """Which files are accepted, and what is wrong with the others.

        :param files: list of `Upload`
        :param kept: files that were accepted before
        :return: (list of `Upload`, list of sentences)
        """
        sizes = kept.attachment_id.mapped("file_size")
        reasons = uploads.refusals(files, len(kept), sum(sizes))
        judged = list(zip(files, reasons, strict=True))
        accepted = [file for file, reason in judged if not reason]
        return accepted, [self._explain_refusal(file, reason) for file, reason in judged if reason]

    @api.model
    def _explain_refusal(self, upload: Upload, reason):
        """Why a file is not accepted, in words for whoever sends it."""
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

    # ---------------------------------------------------------------- what becomes of it

    @api.model
    def _prepare_content(self, policy, values):
        """What a complaint is created with, apart from who complains."""
        return {
            "description": values["description"] or self._describe_files_only(policy),
            "desired_solution": values["desired_solution"],
            "respondent_text": values["respondent_text"],
            "incident_on": parse_date(values["incident_on"]),
            "incident_place": values["incident_place"],
            "complainant_kind_id": self._get_kind(policy, values["complainant_kind"]).id,
            **({"nature": values["nature"]} if policy.accepts_suggestions else {}),
        }

    @api.model
    def _describe_files_only(self, policy):
        """What stands on a dossier of somebody who spoke, or sent a picture of a letter."""
        lang = self.env["res.lang"]._get_nearest_offered(policy.company_id.partner_id.lang)
        reader = self.with_context(lang=lang)
        return reader.env._("Told in a recording or picture, that came with the form as a file.")

    @api.model
    def _get_kind(self, policy, chosen):
        return policy.complainant_kind_ids.filtered(lambda kind: str(kind.id) == chosen)

    @api.model
    def _prepare_secrecy(self, policy, values):
        if policy.hidden_accepts_limited and values["hide_identity"]:
            return {"hide_identity": True, "accepts_limited_answer": True}
        return {}

    @api.model
    def _get_respondents(self, policy, values):
        """The people whom the sender ticked: they see nothing of it from the start (SB18)."""
        partners = self.env["res.partner"]
        if values["about_contacts"]:
            partners |= policy._get_contact_users().partner_id
        if values["about_directors"]:
            partners |= policy._get_role_users("director").partner_id
        return partners
