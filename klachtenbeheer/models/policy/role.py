from odoo import api, fields, models
from odoo.exceptions import UserError

ROLES = [
    ("handler", "Handler"),
    ("coordinator", "Coordinator"),
    ("deputy", "Deputy coordinator"),
    ("registrar", "Registrar"),
    ("director", "Director"),
    ("board", "Board"),
    ("confidant", "Confidential adviser"),
    ("external_body", "External body"),
]
# The order in which a duty that nobody fulfils climbs (letters_reports_roles 6, rule 3).
ESCALATION_CHAIN = ("handler", "coordinator", "deputy", "director", "board")


class PolicyRole(models.Model):
    """Who does what under a policy, with the title that the policy itself uses.

    The people in a role may change after publication: the regulation stays, staff
    comes and goes.
    """

    _name = "klachtenbeheer.policy.role"
    _description = "Role in a Complaint Policy"
    _inherit = ["klachtenbeheer.policy.line"]

    role = fields.Selection(ROLES, required=True)
    name = fields.Char("Title in the policy", required=True)
    user_ids = fields.Many2many("res.users", string="People")
    partner_id = fields.Many2one("res.partner", "Outside party", index="btree_not_null")
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

    _role_uniq = models.Constraint("UNIQUE(policy_id, role)", "A policy knows each role only once.")

    def _get_always_writable_fields(self):
        return {"user_ids", "partner_id", "email", "phone", "address", "absent_until"}

    def _is_vacant(self):
        self.ensure_one()
        return not (self.user_ids or self.partner_id)

    @api.model_create_multi
    def create(self, vals_list):
        held = self._get_own_roles()
        roles = super().create(vals_list)
        self._check_own_roles(held)
        roles._log_people_changes(dict.fromkeys(roles, self.env["res.users"]))
        roles.filtered("absent_until")._log_absence()
        self._sync_stand_ins()
        return roles

    def write(self, vals):
        held = self._get_own_roles()
        before = {role: role.user_ids for role in self}
        away = {role: role.absent_until for role in self}
        result = super().write(vals)
        self._check_own_roles(held)
        if "user_ids" in vals:
            self._log_people_changes(before)
        self.filtered(lambda role: role.absent_until != away[role])._log_absence()
        if {"absent_until", "user_ids", "role", "policy_id"} & set(vals):
            self._sync_stand_ins()
        return result

    @api.model
    def _get_own_roles(self):
        """What the user is, under which policy: {(company, code of the policy, role)}."""
        roles_su = self.sudo().search([("user_ids", "in", self.env.uid)])  # drafts elsewhere, too
        return {(role.company_id, role.policy_id.code, role.role) for role in roles_su}

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
