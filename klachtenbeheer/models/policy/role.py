from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

ROLES = [
    ("handler", "Handler"),
    ("coordinator", "Coordinator"),
    ("deputy", "Deputy coordinator"),
    ("registrar", "Registrar"),
    ("committee", "Complaints committee"),
    ("director", "Director"),
    ("board", "Board"),
    ("confidant", "Confidential adviser"),
    ("external_body", "External body"),
    ("data_protector", "Data-protection officer"),
    ("other", "Another role"),
]
# The order in which a duty that nobody fulfils climbs, as long as a policy says nothing else
# (letters_reports_roles 6, rule 3).
ESCALATION_CHAIN = ("handler", "coordinator", "deputy", "director", "board")
NOTHING, CALLED_IN, QUEUE, ASSIGNED, ALL = "none", "called_in", "queue", "assigned", "all"
POWERS = (
    "register",
    "handle",
    "assign",
    "advise",
    "sign",
    "approve",
    "decide",
    "identity",
    "reports",
    "protect",
)
COORDINATING = {"register", "handle", "assign", "advise", "sign", "identity", "reports"}
# What a kind of role may do where a policy says nothing else (design.md 8).
USUAL_POWERS = {
    "handler": (ASSIGNED, {"handle", "sign"}),
    "coordinator": (ALL, COORDINATING),
    "deputy": (CALLED_IN, COORDINATING),
    "registrar": (NOTHING, {"register"}),
    "committee": (CALLED_IN, {"advise", "sign"}),
    "director": (ALL, {"sign", "approve", "decide", "reports"}),
    "board": (CALLED_IN, {"sign", "approve", "decide", "reports"}),
    "data_protector": (NOTHING, {"protect"}),
}
# Powers that open no dossier by themselves.
HARMLESS = {"reports"}


class PolicyRole(models.Model):
    """Who does what under a policy, with the title that the policy itself uses.

    A role is known by its code, has people or bodies, a place in the chain of replacement, and
    powers. Powers reach no further than the dossiers of the policy: all of them, those assigned
    to somebody, or those that the role was called in on. Who asks whether somebody may do
    something asks for a power (`access/power.py`), never for a role.

    The people in a role may change after publication: the regulation stays, staff comes and
    goes (`appointment.py`). Powers don't.
    """

    _name = "klachtenbeheer.policy.role"
    _description = "Role in a Complaint Policy"
    _inherit = ["klachtenbeheer.policy.line"]

    code = fields.Char(
        required=True, help="By which letters and terms name this role: letters, digits, dashes."
    )
    role = fields.Selection(
        ROLES,
        "Kind",
        required=True,
        default="other",
        help="What it usually is: proposes powers and the place in the chain.",
    )
    name = fields.Char("Title in the policy", required=True)
    user_ids = fields.Many2many("res.users", string="People")
    chair_id = fields.Many2one(
        "res.users", help="Of a committee: independent, and signs what it advises."
    )
    secretary_id = fields.Many2one("res.users")
    partner_ids = fields.Many2many(
        "res.partner", "klachtenbeheer_policy_role_partner_rel", string="Outside parties"
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Outside party",
        compute="_compute_partner_id",
        inverse="_inverse_partner_id",
        store=True,
        index="btree_not_null",
    )
    # how to reach this role, where letters tell so; never on the public page (SB19)
    email = fields.Char("E-mail")
    phone = fields.Char()
    address = fields.Text()
    form_url = fields.Char("Complaint form", help="Web address of the form of an outside body.")
    rules_url = fields.Char("Rules", help="Web address of the rules of an outside body.")
    mention = fields.Text(
        "To be mentioned there", help="What a complainant must tell an outside body."
    )
    required = fields.Boolean(
        default=True, help="The policy can't be published while nobody has this role."
    )

    # what it may do; what is not said follows from the kind
    chain_place = fields.Integer(
        "Place in the chain",
        help="Who is away or complained about is replaced by the next one; 0: replaces nobody.",
    )
    read_scope = fields.Selection(
        [
            (NOTHING, "No dossiers"),
            (CALLED_IN, "Where called in"),
            (QUEUE, "Those that nobody handles yet"),
            (ASSIGNED, "Those assigned to them"),
            (ALL, "All of this policy"),
        ],
        "Reads",
        required=True,
        default=NOTHING,
    )
    may_register = fields.Boolean("Register")
    may_handle = fields.Boolean("Handle")
    may_assign = fields.Boolean("Assign")
    may_advise = fields.Boolean("Advise")
    may_sign = fields.Boolean("Sign")
    may_approve = fields.Boolean("Approve")
    may_decide = fields.Boolean("Decide")
    may_identity = fields.Boolean("Know a hidden identity")
    may_reports = fields.Boolean("Receive reports")
    may_protect = fields.Boolean(
        "Protect data",
        help="Reads who looked at dossiers and what was erased, answers the requests of data"
        " subjects and notes breaches; opens no dossier.",
    )
    opens_dossiers = fields.Boolean(compute="_compute_opens_dossiers")
    is_in_force = fields.Boolean(
        compute="_compute_is_in_force", store=True, help="Of a policy that has dossiers."
    )

    _code_uniq = models.Constraint("UNIQUE(policy_id, code)", "A policy knows each role only once.")

    # ---------------------------------------------------------------- powers

    @api.model
    def _get_usual_vals(self, kind):
        """What a kind of role may do where a policy says nothing else, as values."""
        scope, powers = USUAL_POWERS.get(kind, (NOTHING, ()))
        place = (ESCALATION_CHAIN.index(kind) + 1) * 10 if kind in ESCALATION_CHAIN else 0
        may = {f"may_{power}": power in powers for power in POWERS}
        return {"read_scope": scope, "chain_place": place, **may}

    @api.onchange("role")
    def _onchange_role(self):
        self.update(self._get_usual_vals(self.role))
        self.name = self.name or dict(self._fields["role"]._description_selection(self.env)).get(
            self.role
        )

    @api.depends("read_scope", *(f"may_{power}" for power in POWERS))
    def _compute_opens_dossiers(self):
        for line in self:
            line.opens_dossiers = line._opens_dossiers()

    def _opens_dossiers(self):
        """Whether having this role means seeing or doing something on a dossier."""
        powers = {power for power in POWERS if self[f"may_{power}"]}
        return bool(powers - HARMLESS) or self.read_scope not in (NOTHING, False)

    def _gives(self, power):
        """Whether this role has a power, on the dossiers that it reaches."""
        return self.read_scope != NOTHING if power == "read" else self[f"may_{power}"]

    @api.depends("policy_id.state")
    def _compute_is_in_force(self):
        for line in self:
            line.is_in_force = line.policy_id.state in ("published", "retired")

    @api.constrains("user_ids", "read_scope", "may_assign", "may_handle", "may_register")
    def _check_outsiders(self):
        """People from outside, with an account for the portal, see what is put before them."""
        for line in self:
            outside = line.user_ids.filtered("share")
            inside = line.may_assign or line.may_handle or line.may_register
            if outside and (inside or line.read_scope not in (CALLED_IN, NOTHING)):
                raise ValidationError(
                    self.env._(
                        "%(name)s has an account from outside, and can only be in a role that sees"
                        " what is put before it; “%(role)s” is another.",
                        name=outside[0].name,
                        role=line.name,
                    )
                )

    @api.constrains("chair_id", "user_ids", "may_handle", "may_assign")
    def _check_chair(self):
        """A chair is independent: neither handles complaints under the policy, nor coordinates."""
        for line in self.filtered("chair_id"):
            others = (line.policy_id.role_ids - line).filtered(
                lambda role: role.may_handle or role.may_assign or role.may_decide
            )
            if line.chair_id in others.user_ids:
                raise ValidationError(
                    self.env._(
                        "%s has another role in this policy, so is no independent chair.",
                        line.chair_id.name,
                    )
                )

    # ---------------------------------------------------------------- people and bodies

    @api.depends("partner_ids")
    def _compute_partner_id(self):
        for line in self:
            line.partner_id = line.partner_ids[:1]

    def _inverse_partner_id(self):
        for line in self:
            if line.partner_id not in line.partner_ids or not line.partner_id:
                line.partner_ids = line.partner_id

    def _get_always_writable_fields(self):
        return {
            *(
                "chair_id",
                "secretary_id",
                "user_ids",
                "partner_id",
                "partner_ids",
                "email",
                "phone",
                "address",
            ),
            "absent_until",
        }

    def _is_vacant(self):
        self.ensure_one()
        return not (self.user_ids or self.partner_ids)

    @api.model_create_multi
    def create(self, vals_list):
        held = self._get_own_roles()
        roles = super().create(self._with_codes(vals_list))
        self._check_own_roles(held)
        roles._propose_first()
        roles._log_people_changes(dict.fromkeys(roles, self.env["res.users"]))
        roles.filtered("absent_until")._log_absence()
        self._sync_stand_ins()
        return roles

    @api.model
    def _with_codes(self, vals_list):
        """Roles as they are stored: known by a code, which is at first what kind it is, and with
        the usual powers of that kind where none are given."""
        kinds = dict(ROLES)
        taken = {}
        result = []
        for vals in vals_list:
            policy_id = vals.get("policy_id")
            if policy_id not in taken:
                policy = self.env["klachtenbeheer.policy"].browse(policy_id)
                taken[policy_id] = set(policy.role_ids.mapped("code")) if policy_id else set()
            code, kind = vals.get("code"), vals.get("role")
            kind = kind or (code if code in kinds else "other")
            stem = code or kind
            numbered = [f"{stem}-{number}" for number in range(2, len(taken[policy_id]) + 3)]
            code = code or next(c for c in (stem, *numbered) if c not in taken[policy_id])
            taken[policy_id].add(code)
            usual = self._get_usual_vals(kind)
            result.append({**usual, **vals, "code": code, "role": kind})
        return result

    def write(self, vals):
        held = self._get_own_roles()
        before = {role: role.user_ids for role in self}
        away = {role: role.absent_until for role in self}
        proposed = self._get_unconfirmed_names(vals)
        result = super(PolicyRole, self - self.browse().union(*proposed)).write(vals)
        for role, users in proposed.items():
            kept = Command.set((role._get_people_named(vals) - users).ids)
            super(PolicyRole, role).write({**vals, "user_ids": [kept]})
            role._propose(users)
        self._check_own_roles(held)
        if "user_ids" in vals:
            self._log_people_changes(before)
            self._end_appointments(before)
        self.filtered(lambda role: role.absent_until != away[role])._log_absence()
        if {"user_ids", "absent_until", "partner_ids"} & set(vals):
            self._sync_versions()
        if {"absent_until", "user_ids", "role", "policy_id"} & set(vals):
            self._sync_stand_ins()
        return result

    @api.model
    def _get_own_roles(self):
        """What the user is, under which policy: {(company, its code, code of the role)}."""
        roles_su = self.sudo().search([("user_ids", "in", self.env.uid)])  # drafts elsewhere, too
        return {(role.company_id, role.policy_id.code, role.code) for role in roles_su}

    @api.model
    def _check_own_roles(self, before):
        """Nobody appoints themself.

        :param before: what `_get_own_roles` told before the change
        """
        if self._get_own_roles() - before:
            raise UserError(
                self.env._(
                    "Nobody gives themself a role: have a colleague who sets up policies do it."
                )
            )

    def _log_people_changes(self, before):
        for role in self.filtered(lambda role: role.user_ids != before[role]):
            role._announce(role._describe_people(before[role]), before[role])

    def _describe_people(self, before):
        return self.env._(
            "%(role)s: %(old)s → %(new)s",
            role=self.name,
            old=", ".join(before.mapped("name")) or "–",
            new=", ".join(self.user_ids.mapped("name")) or "–",
        )

    def _announce(self, body, before=None):
        """Put on the policy who does what, and tell its coordinators; of a draft not before it
        is published.

        :param before: people who had this role until now
        """
        policy_su = self.policy_id.sudo()  # who reports an absence need not change policies
        if policy_su.state not in ("published", "retired"):
            return
        coordinators = policy_su._get_role_users("coordinator")
        if before and self.role == "coordinator":
            coordinators |= before
        policy_su.message_post(
            body=body,
            subtype_xmlid="mail.mt_note",
            partner_ids=(coordinators - self.env.user).partner_id.ids,
        )
