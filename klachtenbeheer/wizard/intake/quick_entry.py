from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import email_normalize, escape_psql, format_date

from ...models.platform.typed import explain_email, suggest_email
from ...tools.phone import get_phone_key, is_phone

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
        default=lambda self: self._default_policy_id(),
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
    incident_place = fields.Char("Happened at")
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
    can_go_on = fields.Boolean(
        default=lambda self: self.env["klachtenbeheer.complaint"].has_access("read"),
        readonly=True,
        store=False,
        help="The user handles complaints, and may go on with this one at once.",
    )
    can_take_on = fields.Boolean(
        compute="_compute_can_take_on", help="The user assigns complaints under this policy."
    )
    earlier_text = fields.Text(
        "Earlier complaints of this caller",
        compute="_compute_earlier_text",
        help="Only those that you may see.",
    )
    first_due_text = fields.Char("First", compute="_compute_first_due_text")

    @api.model
    def _default_policy_id(self):
        """The only policy there is, or else the one that this user registered under last."""
        complaints = self.env["klachtenbeheer.complaint"]
        only = complaints._default_policy_id()
        if only:
            return only
        # under which policy somebody registered is known to them
        last = complaints.sudo().search(
            [("received_by_id", "=", self.env.uid), ("company_id", "=", self.env.company.id)],
            order="id desc",
            limit=1,
        )
        if not last:
            return only
        in_force = last.policy_id._get_version_in_force(self.env.company._complaint_today())
        usable = in_force.filtered(
            lambda policy: policy.state == "published" and not policy.is_practice
        )
        return usable.sudo(False)

    @api.depends("complainant_phone", "complainant_email")
    @api.depends_context("uid", "lang")
    def _compute_earlier_text(self):
        """Known while the caller is on the line: by number or address."""
        for intake in self:
            intake.earlier_text = "\n".join(
                f"{line.name} · {line.title} · {line._format_date(line.received_on)}"
                f" · {line.stage_id.name}"
                for line in intake._find_earlier()
            )

    def _find_earlier(self):
        """What this caller complained about before, the latest first: only what this user may
        see."""
        complaints = self.env["klachtenbeheer.complaint"]
        domain = self._get_caller_domain()
        if domain.is_false() or not complaints.has_access("read"):
            return complaints
        return complaints.search(domain, order="received_on desc, id desc", limit=5)

    def _get_caller_domain(self):
        domain = Domain.FALSE
        if self.complainant_phone and is_phone(self.complainant_phone):
            domain |= Domain("phone_key", "=", get_phone_key(self.complainant_phone))
        if email := email_normalize(self.complainant_email):
            domain |= Domain("complainant_email", "=ilike", email)
        return domain

    @api.onchange("complainant_phone", "complainant_email", "incident_place")
    def _onchange_known(self):
        """Somebody who called before most likely calls about the same service, and what happened
        in a place falls under what fell under there: both come before the policy used last,
        none before what the user chose."""
        chosen = self.policy_id and self.policy_id != self._default_policy_id()
        known = self._find_earlier()[:1] or self._find_at_place()
        if known and not chosen:
            in_force = known.policy_id._get_version_in_force(self.received_on)
            self._propose_policy(in_force.filtered(lambda policy: not policy.is_practice))

    def _propose_policy(self, policy):
        """Go over to a policy; “formal” or “informal” stays what the user made of it."""
        if not policy or policy == self.policy_id:
            return
        usual = self.policy_id.default_kind or "formal"
        chosen_kind = self.policy_id and self.kind != usual and self.kind
        self.policy_id = policy
        if chosen_kind and policy.formal_phase == "internal":
            self.kind = chosen_kind

    def _find_at_place(self):
        """The latest complaint about a place, of those that this user may see."""
        complaints = self.env["klachtenbeheer.complaint"]
        place = (self.incident_place or "").strip()
        if not place or not complaints.has_access("read"):
            return complaints
        domain = Domain("incident_place", "=ilike", escape_psql(place))
        return complaints.search(domain, order="received_on desc, id desc", limit=1)

    @api.depends("policy_id", "received_on", "kind", "nature")
    @api.depends_context("lang")
    def _compute_first_due_text(self):
        """What the caller can be told: what comes first, and by when."""
        for intake in self:
            intake.first_due_text = intake._get_first_due_text()

    def _get_first_due_text(self):
        policy_su = self.policy_id.sudo()  # what a policy promises is no secret
        if not (policy_su and self.received_on) or self.nature != "complaint":
            return False
        duties = {term.code: term for term in policy_su.term_ids if term.duty_of == "organisation"}
        days = policy_su.preview(self.received_on)
        dates = [(day, code) for code, day in days.items() if code in duties]
        if not dates:
            return False
        day, code = min(dates)
        return self.env._(
            "%(duty)s by %(date)s",
            duty=duties[code].name,
            date=format_date(self.env, day, date_format="EEE d MMM y"),
        )

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

    @api.depends("policy_id")
    @api.depends_context("uid")
    def _compute_can_take_on(self):
        assigning = self.env["klachtenbeheer.complaint"]._get_power_policies("assign")
        for intake in self:
            intake.can_take_on = intake.policy_id.id in assigning

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
        return self._show_reference()

    def action_register_and_open(self):
        """Register the complaint, once, and go on with it where the user may see it."""
        self.ensure_one()
        self._register_complaint()
        return self.action_open_complaint() if self.can_open else self._show_reference()

    def action_register_and_take_on(self):
        """Register the complaint, once, as the one who handles it, and go on with it.

        :raises AccessError: by who may not assign under this policy; nothing is registered
        """
        if not self.can_take_on:
            raise AccessError(self.env._("Whoever assigns complaints under this policy does this."))
        action = self.action_register_and_open()
        complaint = self._find_complaint()  # none where it is about them
        if complaint and not complaint.handler_id:
            complaint.action_assign_to_me()
        return action

    def _show_reference(self):
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
            "incident_place",
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
