from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class Referral(models.Model):
    """The road to an external body: pointed out, filed there, admitted by it.

    What the body does not tell us is not expected either (KK43): a referral may stay as it
    is for ever.
    """

    _name = "klachtenbeheer.referral"
    _description = "External Referral"
    _inherit = ["klachtenbeheer.dossier.line"]
    _order = "referred_on, id"

    role_id = fields.Many2one(
        "klachtenbeheer.policy.role",
        "Body",
        required=True,
        domain="[('policy_id', '=', policy_id), ('role', 'in', ('external_body', 'confidant'))]",
        ondelete="restrict",
    )
    policy_id = fields.Many2one(related="complaint_id.policy_id")
    name = fields.Char(related="role_id.name")
    reason = fields.Selection(
        [
            ("not_solved", "Not solved here"),
            ("no_contact", "No direct contact wanted"),
            ("own_choice", "Own choice of the complainant"),
        ],
        required=True,
        default="not_solved",
    )
    referred_on = fields.Date(
        required=True, default=lambda self: self.env.company._complaint_today()
    )
    filed_on = fields.Date(help="When the complainant filed it there, as far as we know.")
    admitted_on = fields.Date(help="When the body told us that it handles the complaint.")
    reference = fields.Char("Reference of the body")
    content = fields.Text()
    outcome = fields.Text("Outcome there")
    state = fields.Selection(
        [
            ("referred", "Pointed out"),
            ("filed", "Filed there"),
            ("admitted", "Handled there"),
            ("decided", "Decided there"),
        ],
        compute="_compute_state",
        store=True,
    )

    @api.depends("filed_on", "admitted_on", "outcome")
    def _compute_state(self):
        for referral in self:
            referral.state = (
                "decided"
                if referral.outcome
                else "admitted"
                if referral.admitted_on
                else "filed"
                if referral.filed_on
                else "referred"
            )

    def action_file(self):
        """The complainant filed at the body: its own rules apply from then on (KK40)."""
        for referral in self:
            if not referral.filed_on:
                raise UserError(self.env._("When was it filed there?"))
            referral.complaint_id.record_event("referred", referral.filed_on, referral.name)

    def _check_keeps_register(self):
        """What the body reports is registered by who keeps the register (KK42)."""
        if not self.env.su and not self.env.user.has_group("klachtenbeheer.group_coordinator"):
            raise AccessError(
                self.env._(
                    "This is registered by: %s.",
                    self.policy_id._get_role_title("coordinator"),
                )
            )

    def action_admit(self):
        """The body told us that it handles the complaint (KK42, KK45)."""
        for referral in self:
            referral._check_keeps_register()
            if not (referral.admitted_on and referral.reference):
                raise UserError(
                    self.env._("Fill in on which day and under which reference it was admitted.")
                )
            referral.complaint_id.record_event(
                "external_admitted", referral.admitted_on, referral.reference
            )
