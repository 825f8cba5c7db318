from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.tools import format_date

from ...tools import describe_length, fill_fields, find_fields, with_article

POLICY_LANGUAGE = "nl_NL"  # a policy is a Dutch document, whatever its reader speaks
ROLE_DETAILS = {"email": "email", "phone": "phone", "address": "address"}
BODY_PAGES = {"form": "form_url", "rules": "rules_url"}
ROLE_KINDS = {"role", "the", "name", "body", *ROLE_DETAILS, *BODY_PAGES}
CONTACT_DETAILS = {
    "email": "contact_email",
    "phone": "contact_phone",
    "address": "contact_address",
    "website": "website_url",
}
# What only a dossier can tell: fields for passages and letters.
DOSSIER_KINDS = {"reference", "stage", "date", "due"}
PAGE_TEXTS = (
    "introduction",
    "procedure_text",
    "objection_text",
    "external_body_text",
    "privacy_text",
    "respondent_privacy_text",
)


class PolicyTextFields(models.Model):
    """Fields in the texts of a policy, so that what a text says follows what the policy is:
    «{term:answer}» is the length of a term, «{the:director}» a role with its title."""

    _inherit = "klachtenbeheer.policy"

    text_field_list = fields.Html(
        "Fields for texts", compute="_compute_text_field_list", sanitize=False
    )

    @api.depends(
        "term_ids.amount", "term_ids.unit", "role_ids.name", "retention_months", "evaluation_months"
    )
    def _compute_text_field_list(self):
        line = Markup("<li><code>%s</code> %s</li>")
        for policy in self:
            # who reads a text, reads what its fields become
            fields_su = policy.sudo()._get_text_fields()
            policy.text_field_list = Markup("<ul>%s</ul>") % Markup().join(
                line % field for field in fields_su
            )

    def _get_text_fields(self):
        """The fields that a text of this policy can hold: list of (as written, what it becomes
        now)."""
        codes = [
            *(("term", code) for code in self.term_ids.filtered("in_use").mapped("code")),
            *((kind, line.code) for line in self.role_ids for kind in ("role", "the", "name")),
            *(("contact", detail) for detail in CONTACT_DETAILS),
            *((kind, "") for kind in ("organisation", "retention", "evaluation", "adopted")),
        ]
        found = [
            (f"{{{kind}:{code}}}" if code else f"{{{kind}}}", self._get_text_value(kind, code))
            for kind, code in codes
        ]
        only_in_letters = self.env._("in letters: number, stage, date of an event, end of a term")
        return [
            *((name, value) for name, value in found if value),
            ("{reference} {stage} {date:received} {due:answer}", only_in_letters),
        ]

    # ---------------------------------------------------------------- values

    def _get_text_value(self, kind, code):
        """What a field becomes on a page of the policy.

        :return: text, '' for a part that is not filled in, None for an unknown field
        """
        if kind == "term":
            term = self.term_ids.filtered(lambda line: line.code == code and line.in_use)
            return describe_length(term.amount, term.unit) if term else None
        if kind in ROLE_KINDS:
            line = self._get_roles(code)[:1]
            return self._get_role_value(kind, line, line.user_ids) if line else None
        if kind == "contact" and code in ("email", "phone"):
            return self._get_contact()[code] or ""
        if kind == "contact":
            return (self[CONTACT_DETAILS[code]] or "") if code in CONTACT_DETAILS else None
        return None if code else self._get_own_value(kind)

    def _get_role_value(self, kind, line, users):
        """What a field about a role becomes.

        :param users: the people who are meant, of those in the role
        """
        names = users.mapped("name") or [line.partner_id.name or line.name]
        match kind:
            case "role":
                return line.name
            case "the":
                return with_article(line.name)
            case "name":
                return " en ".join(filter(None, (", ".join(names[:-1]), names[-1])))
            case "body":
                return line.partner_id.name or line.name
            case "form" | "rules":
                url = line[BODY_PAGES[kind]] or ""
                return url.removeprefix("https://").removeprefix("http://").rstrip("/")
        detail = ROLE_DETAILS[kind]
        if detail == "address":
            return line.address or ""
        return line[detail] or line.partner_id[detail] or users[:1].partner_id[detail] or ""

    def _get_own_value(self, kind):
        match kind:
            case "organisation":
                # the name of the organisation is no secret; who may read a company is
                return self.company_id.sudo().name
            case "retention":
                return describe_length(self.retention_months, "month")
            case "evaluation":
                months = self.evaluation_months
                return describe_length(months, "month") if months else ""
            case "adopted":
                day = self.approved_on or self.published_on or self.effective_from
                return self._format_policy_date(day) if day else ""
        return None

    def _format_policy_date(self, day):
        return format_date(self.env, day, lang_code=self._get_text_lang(), date_format="d MMMM y")

    def _get_text_lang(self):
        """The language of the texts, where it is there."""
        installed = dict(self.env["res.lang"].get_installed())
        return POLICY_LANGUAGE if POLICY_LANGUAGE in installed else self.env.lang

    # ---------------------------------------------------------------- texts

    def _fill_html(self, html, resolve=None):
        """An HTML text with its fields filled in, as safe as it was."""
        policy_su = self.sudo()  # titles and terms of a policy are for every reader of its text
        resolve = resolve or policy_su._get_text_value

        def as_html(kind, code):
            value = resolve(kind, code)
            lines = None if value is None else str(value).strip().splitlines()
            return lines if lines is None else str(Markup("<br/>").join(map(escape, lines)))

        return Markup(fill_fields(str(html or ""), as_html))

    def _fill_plain(self, text, resolve=None):
        policy_su = self.sudo()  # see _fill_html
        return fill_fields(text or "", resolve or policy_su._get_text_value)

    def _get_page_text(self, fname):
        """A text of the policy as its page, form and regulation show it."""
        self.ensure_one()
        return self._fill_html(self.sudo()[fname]) if self.sudo()[fname] else Markup()

    def _get_contact(self):
        """Whom to reach about complaints: dict(name, email, phone)."""
        policy_su, company_su = self.sudo(), self.company_id.sudo()  # printed in every letter
        return {
            "name": self._fill_plain(policy_su.contact_name) or company_su.name,
            "email": policy_su.contact_email or company_su.email,
            "phone": policy_su.contact_phone or company_su.phone,
        }

    def _get_unknown_fields(self, text, of_dossier=False):
        """The fields in a text that this policy can't fill, as written.

        :param of_dossier: whether the text is printed about a dossier, in letters only
        """
        return [
            words
            for words, kind, code in find_fields(str(text or ""))
            if not (of_dossier and self._is_dossier_field(kind, code))
            and self._get_text_value(kind, code) is None
        ]

    def _is_dossier_field(self, kind, code):
        match kind:
            case "reference" | "stage":
                return not code
            case "date":
                return bool(
                    self.env["klachtenbeheer.event.type"].search_count([("code", "=", code)])
                )
            case "due":
                return code in self.term_ids.mapped("code")
        return False
