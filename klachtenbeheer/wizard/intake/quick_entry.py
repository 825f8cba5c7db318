from odoo import api, fields, models

from ...models.platform.typed import explain_email, suggest_email

SOCIAL = "social"  # the channel for what is said in public, at some address


class Intake(models.TransientModel):
    """Quick entry for any employee: in two minutes, with the caller on the line.

    Whoever registers a complaint this way sees its reference and nothing more
    (design.md 8, SB16, BA18).
    """

    _name = "klachtenbeheer.intake"
    _description = "Register a Complaint"
    _rec_name = "reference"

    policy_id = fields.Many2one(
        "klachtenbeheer.policy",
        required=True,
        domain=[("state", "=", "published")],
        default=lambda self: self.env["klachtenbeheer.complaint"]._default_policy_id(),
    )
    description = fields.Text("What is the complaint?", required=True)
    channel = fields.Selection(
        selection=lambda self: self.env["klachtenbeheer.channel"]._get_selection(),
        required=True,
        default="phone",
    )
    received_on = fields.Date(
        "Received on", required=True, default=lambda self: self.env.company._complaint_today()
    )
    kind = fields.Selection(
        [("informal", "Informal"), ("formal", "Formal")],
        compute="_compute_kind",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    formal_phase = fields.Selection(related="policy_id.formal_phase")
    is_anonymous = fields.Boolean("Anonymous")
    hides_identity = fields.Boolean(related="policy_id.hidden_accepts_limited")
    hide_identity = fields.Boolean("Wants to stay unknown to who is complained about")
    accepts_limited_answer = fields.Boolean(
        "Accepts a general answer",
        help="Whoever stays unknown can get a general answer only; ask whether that is accepted.",
    )
    complainant_name = fields.Char("Name")
    complainant_organisation = fields.Char("Organisation", help="Where an institution complains.")
    complainant_phone = fields.Char("Phone")
    complainant_email = fields.Char("E-mail")
    email_hint = fields.Char(compute="_compute_email_hint")
    complainant_address = fields.Text("Address")
    respondent_text = fields.Char("About whom")
    desired_solution = fields.Text("What would help?")
    source_url = fields.Char("Where it was said", help="Web address of the message.")
    nature = fields.Selection(
        [("complaint", "Complaint"), ("suggestion", "Suggestion")],
        default="complaint",
        required=True,
    )
    attachment_ids = fields.Many2many(
        "ir.attachment", string="Documents", help="A scan of the letter, a photo, a message."
    )
    handled_at_once = fields.Boolean(
        "Settled on the spot", help="With the complainant, while it was being registered."
    )
    at_once_by = fields.Selection(related="policy_id.at_once_by")
    handled_how = fields.Text("What was answered or done")
    handled_by_id = fields.Many2one(
        "res.users",
        "Settled by",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
    )
    reference = fields.Char(readonly=True)
    can_open = fields.Boolean(compute="_compute_can_open")

    @api.depends("policy_id")
    def _compute_kind(self):
        for intake in self:
            intake.kind = intake.policy_id.default_kind or "formal"

    @api.depends("complainant_email")
    def _compute_email_hint(self):
        """Said while the caller is still on the line."""
        for intake in self:
            email = intake.complainant_email
            intake.email_hint = explain_email(self.env, email) or suggest_email(self.env, email)

    @api.depends("reference")
    @api.depends_context("uid")
    def _compute_can_open(self):
        for intake in self:
            intake.can_open = bool(intake._find_complaint())

    def _find_complaint(self):
        """The complaint that was registered, if the user may see it."""
        complaints = self.env["klachtenbeheer.complaint"]
        if not self.reference or not complaints.has_access("read"):
            return complaints
        return complaints.search(
            [("name", "=", self.reference), ("company_id", "=", self.policy_id.company_id.id)]
        )

    def action_open_complaint(self):
        """Go on with the complaint, for those who may see it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "klachtenbeheer.complaint",
            "res_id": self._find_complaint().id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "main",
        }

    def web_save(self, vals, specification, next_id=None):
        """Saving the screen, or walking away from it, registers too: what was typed with a
        caller on the line is never lost."""
        [saved] = super().web_save(vals, {"id": {}}, next_id=next_id)
        intake = self.browse(saved["id"])
        intake._register_complaint()
        return intake.web_read(specification)

    def action_register(self):
        """Register the complaint, once, and show its reference."""
        self.ensure_one()
        self._register_complaint()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Complaint registered"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(self.env.ref("klachtenbeheer.intake_view_form_done").id, "form")],
            "target": "main",
        }

    def _register_complaint(self):
        if self.reference:
            return
        complaint = self.env["klachtenbeheer.complaint"].create(self._prepare_complaint_vals())
        self._hand_over_documents(complaint)
        if self.handled_at_once:
            complaint._handle_at_once(self.handled_how, self.handled_by_id)
        # the reference is the one thing that the employee takes home
        self.reference = complaint.sudo().name

    def _hand_over_documents(self, complaint):
        """What came with the complaint belongs to the dossier, and is seen as that is."""
        # whoever registers may not see the dossier; only own uploads of this screen are taken
        uploads = self.sudo().attachment_ids.filtered(
            lambda file: file.create_uid == self.env.user and file.res_model == self._name
        )
        uploads.write({"res_model": complaint._name, "res_id": complaint.id})
        self.sudo().attachment_ids = False

    def _prepare_complaint_vals(self):
        fnames = (
            "description",
            "channel",
            "received_on",
            "kind",
            "is_anonymous",
            "respondent_text",
            "desired_solution",
            "nature",
        )
        contact = (
            "complainant_name",
            "complainant_organisation",
            "complainant_phone",
            "complainant_email",
            "complainant_address",
        )
        vals = {fname: self[fname] for fname in fnames}
        if not self.is_anonymous:
            vals |= {fname: self[fname] for fname in contact}
        if self.channel == SOCIAL:
            vals["source_url"] = self.source_url
        if self.hides_identity and self.hide_identity and not self.is_anonymous:
            # together: the one is refused without the other
            vals |= {"hide_identity": True, "accepts_limited_answer": self.accepts_limited_answer}
        return vals | {"policy_id": self.policy_id.id, "received_by_id": self.env.uid}
