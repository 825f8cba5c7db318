import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from .policy import CODE, PUBLISHED
from .role import ROLES

ORIGIN = re.compile(r"^https?://[a-z0-9.-]+(:\d+)?$")
FOLLOW = "volgen"
CONTACT_ROLES = ("coordinator", "deputy")
SNIPPET = (
    '<iframe src="%s/klacht/%s?embed=1" title="%s" width="100%%" height="1400" '
    'style="border:0" loading="lazy"></iframe>'
)


class PolicyPublic(models.Model):
    """The public form of a policy, and where the policy was made known."""

    _inherit = "klachtenbeheer.policy"

    accepts_suggestions = fields.Boolean(
        "Form takes suggestions too", help="The sender chooses: a complaint or a suggestion."
    )
    form_role = fields.Selection(
        ROLES, "Forms arrive at", help="The people in this role hear of each form, too."
    )
    embed_origins = fields.Text(
        "Websites that may show the form",
        help="Addresses such as https://www.example.org, one a line.",
    )
    embed_snippet = fields.Char("To paste into that website", compute="_compute_public_urls")
    address_conflict = fields.Char(compute="_compute_address_conflict")
    form_url = fields.Char("Complaint form", compute="_compute_public_urls")
    regulation_url = fields.Char("Published regulation", compute="_compute_public_urls")

    # SJ39: where and when it was made known, inside and outside
    published_internal_on = fields.Date("Made known inside on", tracking=True, copy=False)
    published_internal_how = fields.Char("Inside through", tracking=True, copy=False)
    published_external_on = fields.Date("Made known outside on", tracking=True, copy=False)
    published_external_how = fields.Char("Outside through", tracking=True, copy=False)
    publication_reminded_on = fields.Date(readonly=True, copy=False)

    # ---------------------------------------------------------------- which

    @api.model
    def _get_public(self, code):
        """The version in force of a published policy, by its name in web addresses.

        :return: an empty recordset for an unknown, retired or not yet published one
        """
        if not CODE.match(code or ""):
            return self.browse()
        # visitors have no rights on policies; what is published is meant for everybody
        published = self.sudo().search(
            [("code", "=", code), ("state", "=", PUBLISHED), ("is_practice", "=", False)]
        )
        own = published.filtered(lambda policy: policy.company_id == self.env.company)
        policy = (own or published.sorted(lambda policy: policy.company_id.id))[:1]
        return policy and policy._get_version_in_force(policy.company_id._complaint_today())

    def _get_contact_users(self):
        """To whom complaints go: who may be what the complaint is about (SB18, BA21)."""
        return self._get_role_users("coordinator") | self._get_role_users("deputy")

    def _get_contact_titles(self):
        titles = [self._get_public_title(role) for role in CONTACT_ROLES if self._has_people(role)]
        return list(dict.fromkeys(titles))

    def _get_public_title(self, role):
        """What the policy calls a role, in the language of the reader where that is known."""
        return self._translate(self._get_role_title(role))

    def _are_titles_translated(self):
        """Whether what the form calls people by is in the language of the reader."""
        roles = [role for role in (*CONTACT_ROLES, "director") if self._has_people(role)]
        return all(self._is_shown_translated(self._get_role_title(role)) for role in roles)

    def _has_people(self, role):
        return bool(self._get_role_users(role))

    def _get_contact_line(self):
        """Whom to reach, in one line."""
        contact = self._get_contact()
        return ", ".join(filter(None, (contact["name"], contact["phone"], contact["email"])))

    # ---------------------------------------------------------------- addresses

    @api.depends("code", "name")
    def _compute_public_urls(self):
        for policy in self:
            base = policy.get_base_url()
            policy.form_url = f"{base}/klacht/{policy.code}"
            policy.regulation_url = f"{base}/klachtenregeling/{policy.code}"
            name = str(Markup.escape(policy.name or ""))
            policy.embed_snippet = SNIPPET % (base, policy.code, name)

    @api.depends("code", "state", "company_id")
    def _compute_address_conflict(self):
        """Where policies of two companies were published under one code, before that was
        refused: whose page the address opens."""
        for policy in self:
            opened = policy._get_others_address() if policy.state == PUBLISHED else self.browse()
            policy.address_conflict = bool(opened) and self.env._(
                "The web address with the code “%(code)s” is also that of a policy of"
                " %(company)s, so it may open theirs. Make a new policy with another code, and"
                " retire this one.",
                code=policy.code,
                company=", ".join(opened.company_id.mapped("name")),
            )

    def _get_others_address(self):
        """Published policies of other companies with the same web address."""
        # whose they are has to be known to whoever wants the address, not what is in them
        policies_su = self.sudo()
        return policies_su.search(
            [
                ("code", "=", self.code),
                ("state", "=", PUBLISHED),
                ("company_id", "!=", self.company_id.id),
                ("is_template", "=", False),
            ]
        )

    def _get_address_blockers(self):
        """An address that opens the page of somebody else: a list of at most one sentence."""
        if self.is_template or not self._get_others_address():
            return []
        return [
            self.env._(
                "another organisation here has the web address of “%s” already: give this"
                " policy another code",
                self.code,
            )
        ]

    @api.constrains("code")
    def _check_code_is_free(self):
        """The page on which complaints are followed has an address like that of a form."""
        if any(policy.code == FOLLOW for policy in self):
            raise ValidationError(
                self.env._("“%s” is the address of another page: choose another name.", FOLLOW)
            )

    @api.constrains("embed_origins")
    def _check_embed_origins(self):
        for policy in self:
            for origin in policy._get_embed_origins():
                if not ORIGIN.match(origin):
                    raise ValidationError(
                        self.env._(
                            "“%s” is no address of a website. Write it like this, without a"
                            " page behind it: https://www.example.org",
                            origin,
                        )
                    )

    def _get_embed_origins(self):
        return (self.embed_origins or "").split()

    def _get_frame_policy(self):
        """In which websites a browser may show the form."""
        return " ".join(("frame-ancestors", "'self'", *self._get_embed_origins()))

    # ---------------------------------------------------------------- texts

    def _has_text(self, html):
        return bool(html2plaintext(html or "").strip())

    def _get_html_lang(self):
        """The language in which the policy was written, for a reader of the page aloud."""
        lang = self.company_id.partner_id.lang or self.env.lang or "nl"
        return lang.replace("_", "-")

    # ---------------------------------------------------------------- publication

    def _get_missing_publication(self):
        """Where a published policy still has to be made known, in words."""
        missing = []
        if not self.published_internal_on:
            missing.append(self.env._("inside the organisation"))
        if not self.published_external_on:
            missing.append(self.env._("outside the organisation"))
        return missing

    @api.model
    def _get_untold_domain(self, today):
        """Published versions that nobody was told of yet, each once."""
        unknown = Domain("published_internal_on", "=", False) | Domain(
            "published_external_on", "=", False
        )
        return (
            unknown
            & Domain("company_id", "=", self.env.company.id)
            & Domain("state", "=", PUBLISHED)
            & Domain("publication_reminded_on", "=", False)
        )

    def _remind_publication(self, today):
        """Ask the coordinator to make a new version known (SJ39)."""
        for policy in self.filtered("coordinator_id"):
            policy.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._(
                    "Make the complaint policy known: %s",
                    ", ".join(policy._get_missing_publication()),
                ),
                note=self.env._("Then fill in the date on the policy, at “Publication”."),
                user_id=policy.coordinator_id.id,
            )
        self.publication_reminded_on = today
