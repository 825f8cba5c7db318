from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

BODY, CONCERNED, SUPERVISOR = "body", "concerned", "supervisor"


class Referral(models.Model):
    """Where the complainant was referred to: who it is about or that person's supervisor
    (KK24), or an external body: pointed out, filed there, admitted by it.

    What the body does not tell us is not expected either (KK43): a referral may stay as it
    is for ever.
    """

    _name = "klachtenbeheer.referral"
    _description = "External Referral"
    _inherit = ["klachtenbeheer.dossier.line"]
    _follows_closing = True
    _order = "referred_on, id"

    target = fields.Selection(
        [
            (CONCERNED, "The person concerned"),
            (SUPERVISOR, "Supervisor of that person"),
            (BODY, "External body"),
        ],
        "Referred to",
        required=True,
        default=BODY,
    )
    role_id = fields.Many2one(
        "klachtenbeheer.policy.role",
        "External body",
        domain="[('policy_id', '=', policy_id), ('role', 'in', ('external_body', 'confidant'))]",
        ondelete="restrict",
        index="btree_not_null",
    )
    policy_id = fields.Many2one(related="complaint_id.policy_id")
    partner_id = fields.Many2one(
        "res.partner",
        "Person",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    name = fields.Char(compute="_compute_name")
    reason = fields.Selection(
        [
            ("first_talk", "Talk to each other first"),
            ("not_desirable", "A talk with the person concerned is not desirable"),
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

    @api.depends("target", "complaint_id.respondent_ids")
    def _compute_partner_id(self):
        """Who it is about, or the supervisor that is on record of that person (KK13)."""
        for referral in self:
            person = referral.partner_id
            # the supervisor is proposed to whoever handles it
            concerned = referral.complaint_id.respondent_ids[:1].sudo()
            match referral.target:
                case "concerned":
                    person = person or concerned
                case "supervisor":
                    person = person or concerned.complaint_supervisor_id.partner_id
                case _:
                    person = False
            referral.partner_id = person

    @api.depends("target", "role_id.name", "partner_id.name")
    def _compute_name(self):
        for referral in self:
            referral.name = (
                referral.role_id.name if referral.target == BODY else referral.partner_id.name
            )

    @api.constrains("target", "role_id", "partner_id")
    def _check_whereto(self):
        for referral in self:
            if not (referral.role_id if referral.target == BODY else referral.partner_id):
                raise ValidationError(self.env._("To whom, or to which body?"))

    def _check_is_body(self):
        if any(referral.target != BODY for referral in self):
            raise UserError(self.env._("A complaint is filed at an external body only."))

    def action_file(self):
        """The complainant filed at the body: its own rules apply from then on (KK40)."""
        self._check_is_body()
        for referral in self:
            if not referral.filed_on:
                raise UserError(self.env._("When was it filed there?"))
            referral.complaint_id._record_event("referred", referral.filed_on, referral.name)

    def _check_keeps_register(self):
        """What the body reports is registered by who keeps the register (KK42)."""
        if not self.env.su and not self.complaint_id._has_power("assign"):
            raise AccessError(
                self.env._(
                    "This is registered by: %s.",
                    self.policy_id._get_role_title("coordinator"),
                )
            )

    def action_admit(self):
        """The body told us that it handles the complaint (KK42, KK45)."""
        self._check_is_body()
        for referral in self:
            referral._check_keeps_register()
            if not (referral.admitted_on and referral.reference):
                raise UserError(
                    self.env._("Fill in on which day and under which reference it was admitted.")
                )
            referral.complaint_id._record_event(
                "external_admitted", referral.admitted_on, referral.reference
            )
