from odoo import fields, models

from .role import ROLES

NO_APPROVAL = "none"
CALLED_IN = "called_in"
SIGNATORY_ROLES = [
    ("handler", "Handler"),
    ("coordinator", "Coordinator"),
    ("registrar", "Registrar"),
    ("committee", "Complaints committee"),
    ("director", "Director"),
    ("board", "Board"),
]


class LetterType(models.Model):
    """A kind of letter under a policy: its text, who signs and approves it, what it must
    contain and which event it records. Another kind of letter is another record."""

    _name = "klachtenbeheer.letter.type"
    _description = "Kind of Letter in a Complaint Policy"
    _inherit = ["klachtenbeheer.policy.line"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    active = fields.Boolean(default=True)
    template_id = fields.Many2one(
        "mail.template",
        "Text",
        required=True,
        ondelete="restrict",
        index=True,
        domain=[("model", "=", "klachtenbeheer.letter")],
        help="Subject and text of the letter, in each language. Letters that were sent keep"
        " their text.",
    )
    event_type_id = fields.Many2one(
        "klachtenbeheer.event.type",
        "Recorded on sending",
        ondelete="restrict",
        index="btree_not_null",
    )
    signatory_role = fields.Selection(
        SIGNATORY_ROLES, "Signed by", required=True, default="coordinator"
    )
    approval_role = fields.Selection(
        [(NO_APPROVAL, "Nobody"), ("director", "Director"), ("board", "Board")],
        "Approved by",
        required=True,
        default=NO_APPROVAL,
    )
    requirement_ids = fields.Many2many(
        "klachtenbeheer.requirement",
        "klachtenbeheer_letter_type_requirement_rel",
        string="Required content",
        help="The letter can't be sent while one of these is missing.",
    )
    extends_terms = fields.Boolean(
        "Promises a new date",
        help="The date promised in the letter becomes the due date of the extendable terms.",
    )
    term_ids = fields.Many2many(
        "klachtenbeheer.term",
        "klachtenbeheer_letter_type_term_rel",
        string="Promise is about",
        domain="[('policy_id', '=', policy_id), ('extendable', '=', True)]",
        help="Empty: every extendable term that runs when the letter is sent.",
    )
    audience = fields.Selection(
        [
            ("complainant", "The complainant"),
            ("respondent", "Everybody complained about"),
            ("internal", "Inside the organisation"),
        ],
        "Written to",
        required=True,
        default="complainant",
    )
    prints_objection = fields.Boolean(
        "Says what you can do",
        help="Prints what the policy says about not agreeing, and until which date.",
    )
    prints_external = fields.Boolean(
        "Names the external body", help="Prints what the policy says about an external body."
    )
    tells_measures = fields.Boolean(
        "Names the measures", help="The complainant has been told of them when this is sent."
    )
    offers_hearing = fields.Boolean(
        "Offers a conversation", help="Sending it offers the moments that are proposed."
    )
    names_nobody = fields.Boolean(
        "Names nobody",
        help="Refused while the text names the complainant or somebody complained about.",
    )
    signed_by_both = fields.Boolean(
        "Signed by both sides", help="Prints a line for each signature."
    )
    contact_role = fields.Selection(
        ROLES, "Tells how to reach", help="Whose contact details the letter gives."
    )
    internal_role = fields.Selection(
        [(CALLED_IN, "Who was called in"), *ROLES],
        "Mailed to",
        help="For letters inside the organisation: the people in this role.",
    )
    # one role by its own title, where a policy has more than one of a kind
    signatory_role_id = fields.Many2one(
        "klachtenbeheer.policy.role",
        "Signed by the role",
        domain="[('policy_id', '=', policy_id), ('may_sign', '=', True)]",
        ondelete="restrict",
        index="btree_not_null",
        help="Where the policy has more than one role of a kind, or a role of its own.",
    )
    approval_role_id = fields.Many2one(
        "klachtenbeheer.policy.role",
        "Approved by the role",
        domain="[('policy_id', '=', policy_id), ('may_approve', '=', True)]",
        ondelete="restrict",
        index="btree_not_null",
    )
    contact_role_id = fields.Many2one(
        "klachtenbeheer.policy.role",
        "Tells how to reach the role",
        domain="[('policy_id', '=', policy_id)]",
        ondelete="restrict",
        index="btree_not_null",
    )
    internal_role_id = fields.Many2one(
        "klachtenbeheer.policy.role",
        "Mailed to the role",
        domain="[('policy_id', '=', policy_id)]",
        ondelete="restrict",
        index="btree_not_null",
    )
    engine_warning = fields.Char(compute="_compute_engine_warning")

    _code_uniq = models.Constraint(
        "UNIQUE(policy_id, code)", "A policy has each kind of letter only once."
    )

    def _compute_engine_warning(self):
        self.engine_warning = self.env["ir.actions.report"]._get_engine_warning()

    def action_edit_text(self):
        """Open the text of this kind of letter."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "mail.template",
            "res_id": self.template_id.id,
            "view_mode": "form",
        }

    def action_own_text(self):
        """Give this kind of letter a text of its own, to change it for this policy alone."""
        self.ensure_one()
        self.template_id = self.template_id.copy({"name": f"{self.name} ({self.policy_id.name})"})
        return self.action_edit_text()

    def _needs_approval(self):
        return self._get_approval_code() != NO_APPROVAL

    # ---------------------------------------------------------------- roles, by code or kind

    def _get_signatory_code(self):
        return self.signatory_role_id.code or self.signatory_role

    def _get_approval_code(self):
        return self.approval_role_id.code or self.approval_role

    def _get_contact_code(self):
        return self.contact_role_id.code or self.contact_role

    def _get_internal_code(self):
        return self.internal_role_id.code or self.internal_role

    def _get_complainant_terms(self):
        """Rights of the complainant that begin when he receives this letter."""
        return self.policy_id.term_ids.filtered(
            lambda term: (
                term.duty_of == "complainant"
                and self.event_type_id
                and term.start_event_id == self.event_type_id
            )
        )
