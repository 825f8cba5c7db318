from odoo import fields, models

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

    def write(self, vals):
        before = {role: role.user_ids for role in self}
        result = super().write(vals)
        if "user_ids" in vals:
            self._log_people_changes(before)
        if {"absent_until", "user_ids"} & set(vals):
            self._sync_stand_ins()
        return result

    def _log_people_changes(self, before):
        for role in self.filtered(lambda role: role.user_ids != before[role]):
            role.policy_id._message_log(
                body=self.env._(
                    "%(role)s: %(old)s → %(new)s",
                    role=role.name,
                    old=", ".join(before[role].mapped("name")) or "–",
                    new=", ".join(role.user_ids.mapped("name")) or "–",
                )
            )
