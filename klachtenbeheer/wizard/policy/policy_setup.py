import re

from markupsafe import escape

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import format_date

from ...models.policy.policy import CODE, LINE_FIELDS

EXCERPT_LENGTH = 70  # characters around a placeholder, enough to see what is asked


class PolicySetup(models.TransientModel):
    """Make a company's own policy from a model policy, in four steps.

    Choose a model, name the people, fill in the blanks, look at the timeline; then
    publish, or keep the draft. What is missing is listed on the form all along.
    """

    _name = "klachtenbeheer.policy.setup"
    _description = "Set Up a Complaint Policy"

    # 1. policy
    template_id = fields.Many2one(
        "klachtenbeheer.policy",
        "Model policy",
        required=True,
        domain=[("is_template", "=", True)],
    )
    introduction = fields.Html(related="template_id.introduction")
    law_note = fields.Html(related="template_id.law_note")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    name = fields.Char(
        "Title",
        compute="_compute_from_template",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    code = fields.Char(
        "Name in web addresses",
        compute="_compute_from_template",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help="Small letters, digits and dashes, e.g. klachtenregeling.",
    )
    effective_from = fields.Date("In force from", required=True, default=lambda self: self._today())

    # 2. people
    role_ids = fields.One2many(
        "klachtenbeheer.policy.setup.role",
        "setup_id",
        "People",
        compute="_compute_lines",
        store=True,
        readonly=False,
    )

    # 3. blanks
    placeholder_ids = fields.One2many(
        "klachtenbeheer.policy.setup.placeholder",
        "setup_id",
        "Blanks",
        compute="_compute_lines",
        store=True,
        readonly=False,
    )

    # 4. timeline
    received_on = fields.Date(
        "A complaint arrives on", required=True, default=lambda self: self._today()
    )
    timeline = fields.Html(compute="_compute_timeline", sanitize=False)

    # outcome
    approval_role = fields.Selection(related="template_id.approval_role")
    approver_title = fields.Char(compute="_compute_approver_title")
    missing_text = fields.Text("Still missing", compute="_compute_missing_text")
    tried = fields.Boolean(help="Publishing was asked for while something was missing.")

    # ---------------------------------------------------------------- compute

    @api.depends("template_id", "company_id")
    def _compute_from_template(self):
        for setup in self:
            template = setup.template_id
            setup.name = template.name
            setup.code = template and setup._get_free_code()

    def _today(self):
        return (self.company_id or self.env.company)._complaint_today()

    def _get_free_code(self):
        code = self.env["ir.http"]._slugify(self.template_id.name)
        taken = set(self._get_company_policies().mapped("code"))
        return next(
            candidate
            for candidate in (code, *(f"{code}-{n}" for n in range(2, len(taken) + 3)))
            if candidate not in taken
        )

    def _get_company_policies(self):
        policies = self.env["klachtenbeheer.policy"].with_context(active_test=False)
        return policies.search([("company_id", "=", self.company_id.id)])

    @api.depends("template_id", "company_id")
    def _compute_lines(self):
        for setup in self:
            template = setup.template_id
            setup.role_ids = [
                Command.clear(),
                *(Command.create(setup._prepare_role_vals(role)) for role in template.role_ids),
            ]
            setup.placeholder_ids = [
                Command.clear(),
                *(Command.create(vals) for vals in setup._prepare_placeholder_vals()),
            ]

    def _prepare_role_vals(self, role):
        return {
            "code": role.code,
            "role": role.role,
            "name": role.name,
            "required": role.required,
            "user_ids": [Command.set(role.user_ids.ids)],
            "partner_id": role.partner_id.id,
        }

    def _prepare_placeholder_vals(self):
        if not self.template_id:
            return []
        texts = list(self.template_id._get_texts())
        return [
            {"name": placeholder, "excerpt": self._get_excerpt(placeholder, texts)}
            for placeholder in self.template_id._find_placeholders()
        ]

    def _get_excerpt(self, placeholder, texts):
        """The words around the first use of a placeholder; a whole line if it is short."""
        text = next(text for text in texts if placeholder in text).replace("*", "")
        text = " ".join(text.split())
        margin = (EXCERPT_LENGTH - len(placeholder)) // 2
        start = text.find(placeholder)
        first, last = max(start - margin, 0), start + len(placeholder) + margin
        words = text[first:last]
        return f"{'…' if first else ''}{words}{'…' if last < len(text) else ''}"

    @api.depends("template_id", "received_on")
    @api.depends_context("lang")
    def _compute_timeline(self):
        for setup in self:
            setup.timeline = setup.template_id._render_timeline(setup.received_on)

    @api.depends("template_id")
    def _compute_approver_title(self):
        for setup in self:
            template = setup.template_id
            setup.approver_title = (
                template._get_role_title(template.approval_role)
                if template and template.approval_role != "none"
                else False
            )

    @api.depends(
        "template_id",
        "code",
        "company_id",
        "role_ids.user_ids",
        "role_ids.partner_id",
        "placeholder_ids.value",
    )
    def _compute_missing_text(self):
        for setup in self:
            missing = setup._get_missing() if setup.template_id else []
            setup.missing_text = "\n".join(f"• {line}" for line in missing)

    # ---------------------------------------------------------------- missing

    def _get_missing(self):
        """What has to be filled in before the policy can be published, as sentences."""
        vacant = self.role_ids.filtered(lambda role: role._is_vacant())
        blank = self.placeholder_ids.filtered(lambda line: not (line.value or "").strip())
        return [
            *self._get_code_problems(),
            *(self.env._("nobody has the role “%s”", role.name) for role in vacant),
            *(self.env._("“%s” has not been filled in", line.name) for line in blank),
        ]

    def _get_code_problems(self):
        if not CODE.match(self.code or ""):
            return [
                self.env._(
                    "“%s” can't be used in a web address: use small letters, digits and dashes.",
                    self.code or "",
                )
            ]
        if self.code in self._get_company_policies().mapped("code"):
            return [
                self.env._(
                    "“%s” is the name of another policy of this organisation: choose another"
                    " name, or make a next version of that policy.",
                    self.code,
                )
            ]
        return []

    # ---------------------------------------------------------------- actions

    def action_publish(self):
        """Make the policy and put it in force, or offer it to whoever approves it.

        Where something is missing the form stays open and lists it.
        """
        self.ensure_one()
        if self._get_missing():
            self.tried = True
            return self._get_dialog_action()
        policy = self._make_policy()
        blockers = policy._get_publish_blockers()
        if blockers:
            return self._get_draft_action(policy, blockers)
        if self._can_release(policy):
            policy.action_publish()
        else:
            policy.action_submit()
        return policy._get_form_action()

    def action_keep_draft(self):
        """Make the policy as a draft, blanks and all, to work on later."""
        self.ensure_one()
        if self._get_code_problems():
            self.tried = True
            return self._get_dialog_action()
        return self._make_policy()._get_form_action()

    def _can_release(self, policy):
        releasers = policy._get_releasers()
        return self.env.user in releasers or not (releasers or policy.approval_role != "none")

    def _get_dialog_action(self):
        actions = self.env["ir.actions.act_window"]
        return actions._for_xml_id("klachtenbeheer.policy_setup_action") | {"res_id": self.id}

    def _get_draft_action(self, policy, blockers):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Kept as a draft. Still missing:"),
                "message": "; ".join(blockers),
                "next": policy._get_form_action() | {"views": [(False, "form")]},
            },
        }

    # ---------------------------------------------------------------- business

    def _make_policy(self):
        """The company's own draft of the model policy, people and blanks filled in."""
        policy = self.template_id.copy(self._prepare_policy_vals())
        for line in self.role_ids:
            role = policy.role_ids.filtered(lambda role: role.code == line.code)  # noqa: B023
            role.write(line._prepare_policy_role_vals())
        self._fill_placeholders(policy)
        return policy

    def _prepare_policy_vals(self):
        return {
            "name": self.name,
            "code": self.code,
            "company_id": self.company_id.id,
            "effective_from": self.effective_from,
            "is_template": False,
        }

    def _fill_placeholders(self, policy):
        """Replace the blanks in every text of a policy and its lines."""
        values = {line.name: line.value for line in self.placeholder_ids if line.value}
        if not values:
            return
        fill = _Filler(values)
        for record in (policy, *(line for fname in LINE_FIELDS for line in policy[fname])):
            changed = {
                fname: fill(record[fname], is_html=field.type == "html")
                for fname, field in record._fields.items()
                if field.store and field.type in ("char", "text", "html") and record[fname]
            }
            changed = {fname: value for fname, value in changed.items() if value != record[fname]}
            if changed:
                record.write(changed)

    def _get_known_values(self):
        """What the blanks of the five model policies usually stand for here."""
        company = self.company_id
        holders = {line.role: line.user_ids[:1] for line in self.role_ids}
        nobody = self.env["res.users"]
        coordinator = holders.get("coordinator", nobody)
        lines = company.partner_id._display_address(without_company=True).split("\n")
        address = ", ".join(line.strip() for line in lines if line.strip())
        effective_from = self.effective_from and format_date(
            self.env, self.effective_from, lang_code="nl_NL", date_format="d MMMM y"
        )
        return {
            "[naam organisatie]": company.name,
            "<naam bedrijf>": company.name,
            "[naam klachtenfunctionaris]": coordinator.name,
            "[e-mailadres contactpersoon]": coordinator.email or company.email,
            "[e-mailadres tweede contactpersoon]": holders.get("deputy", nobody).email,
            "[e-mailadres bestuur]": holders.get("board", nobody).email,
            "[mailadres organisatie]": company.email,
            "[telefoonnummer organisatie]": company.phone,
            "[adres organisatie]": address,
            "[Naam + adres organisatie]": address and f"{company.name}, {address}",
            "[website organisatie]": company.website,
            "[link naar klachtenformulier]": company.website,
            "[dd mm jjjj]": effective_from,
        }


class PolicySetupRole(models.TransientModel):
    """Who has a role under the new policy."""

    _name = "klachtenbeheer.policy.setup.role"
    _description = "Role in a New Complaint Policy"

    setup_id = fields.Many2one("klachtenbeheer.policy.setup", required=True, ondelete="cascade")
    code = fields.Char()
    role = fields.Char(required=True)
    name = fields.Char("Title in the policy", required=True)
    required = fields.Boolean()
    user_ids = fields.Many2many(
        "res.users", "klachtenbeheer_policy_setup_role_user_rel", string="People"
    )
    partner_id = fields.Many2one("res.partner", "Outside party")

    def _is_vacant(self):
        self.ensure_one()
        # the coordinator works here: an outside party can't be one
        needs_user = self.role == "coordinator"
        filled = self.user_ids or (self.partner_id and not needs_user)
        return (self.required or needs_user) and not filled

    def _prepare_policy_role_vals(self):
        return {
            "name": self.name,
            "user_ids": [Command.set(self.user_ids.ids)],
            "partner_id": self.partner_id.id,
        }


class PolicySetupPlaceholder(models.TransientModel):
    """A blank in the texts of a model policy and what comes in its place."""

    _name = "klachtenbeheer.policy.setup.placeholder"
    _description = "Blank in a New Complaint Policy"

    setup_id = fields.Many2one("klachtenbeheer.policy.setup", required=True, ondelete="cascade")
    name = fields.Char("Blank", required=True)
    excerpt = fields.Char("For example in")
    suggestion = fields.Char(compute="_compute_value", store=True)
    value = fields.Char("Becomes", compute="_compute_value", store=True, readonly=False)

    @api.depends(
        "name", "setup_id.company_id", "setup_id.effective_from", "setup_id.role_ids.user_ids"
    )
    def _compute_value(self):
        """Suggest a value; what somebody typed stays."""
        for line in self:
            suggestion = line.setup_id._get_known_values().get(line.name)
            if not line.value or line.value == line.suggestion:
                line.value = suggestion
            line.suggestion = suggestion


class _Filler:
    """Replaces placeholders in plain text and, with escaping, in HTML."""

    def __init__(self, values):
        self.plain = values
        self.html = {str(escape(name)): str(escape(value)) for name, value in values.items()}

    def __call__(self, text, is_html):
        values = self.html if is_html else self.plain
        pattern = re.compile("|".join(re.escape(name) for name in values))
        return pattern.sub(lambda match: values[match.group()], str(text))
