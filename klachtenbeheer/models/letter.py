import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, is_html_empty

from .complaint import HANDLERS
from .policy_role import ESCALATION_CHAIN

DRAFT, APPROVAL, READY, SENT, FAILED, NOT_APPLICABLE = (
    "draft",
    "approval",
    "ready",
    "sent",
    "failed",
    "not_applicable",
)
EMAIL, POST, PORTAL = "email", "post", "portal"
DELIVERIES = [(EMAIL, "E-mail"), (POST, "Post"), (PORTAL, "Portal")]

# The PDF takes nothing from outside the text (tools/pdf.py).
OUTSIDE_PICTURE = re.compile(r"""<img(?![^>]*\ssrc=["']data:)""")
# A JSON context can't carry this object: only the methods of a letter write these fields.
LETTER_SENTINEL = object()
PROCEDURE_FIELDS = {
    "state",
    "date",
    "sent_on",
    "counts_on",
    "event_id",
    "attachment_id",
    "message_id",
    "submitted_by_id",
    "approved_by_id",
    "approved_on",
    "approval_note",
    "failure_reason",
    "company_id",
    "hide_identity",
    "task_ids",
}
# Where it goes may still change after approval: the address is not what was approved.
ADDRESS_FIELDS = {
    "delivery",
    "partner_id",
    "addressee_name",
    "addressee_email",
    "addressee_address",
    "posted_on",
}
# What the text of a letter is made from.
TEXT_INPUTS = (
    "type_id.template_id",
    "lang",
    "promised_on",
    "reason",
    "expected_manner",
    "requested_items",
    "reply_by",
    "route_text",
    "term_ids",
    "complaint_id.title",
    "complaint_id.summary",
    "complaint_id.received_on",
    "complaint_id.handler_id",
    "complaint_id.findings",
    "complaint_id.verdict",
    "complaint_id.verdict_motivation",
    "complaint_id.solution",
    "complaint_id.measures",
    "complaint_id.no_measures",
    "complaint_id.expected_manner",
    "complaint_id.out_of_scope_reason",
    "complaint_id.deadline_ids.due_on",
    "complaint_id.deadline_ids.is_open",
)


class Letter(models.Model):
    """An official letter about a complaint to the complainant or who acts for them.

    =============  ====================  ============================================
    Action         From                  Condition
    =============  ====================  ============================================
    edit           draft                 write access
    submit         draft                 nothing missing
    approve        approval              in the approving role, not complained about
    send back      approval, ready,      a reason is given
                   failed
    send           draft (no approval    nothing missing; by post: makes the PDF, ready
                   asked), ready,
                   failed
    mark posted    ready, printed        the date is not in the future
    =============  ====================  ============================================

    Sending happens exactly once and records the event of the type (`letter_sending.py`).
    A letter that was sent never changes. What is printed: `letter_text.py`.
    """

    _name = "klachtenbeheer.letter"
    _description = "Complaint Letter"
    _order = "id desc"
    _rec_name = "subject"

    complaint_id = fields.Many2one(
        "klachtenbeheer.complaint", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True, index=True)
    policy_id = fields.Many2one(related="complaint_id.policy_id")
    hide_identity = fields.Boolean(related="complaint_id.hide_identity", store=True)
    type_id = fields.Many2one(
        "klachtenbeheer.letter.type",
        "Kind",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    name = fields.Char("Letter", related="type_id.name")
    state = fields.Selection(
        [
            (DRAFT, "Draft"),
            (APPROVAL, "Waiting for approval"),
            (READY, "Ready to send"),
            (SENT, "Sent"),
            (FAILED, "Not delivered"),
            (NOT_APPLICABLE, "Not applicable"),
        ],
        default=DRAFT,
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )

    # addressee
    partner_id = fields.Many2one(
        "res.partner", "Addressee", compute="_compute_addressee", store=True, readonly=False
    )
    addressee_name = fields.Char("Name", compute="_compute_addressee", store=True, readonly=False)
    addressee_email = fields.Char(
        "E-mail", compute="_compute_addressee", store=True, readonly=False
    )
    addressee_address = fields.Text(
        "Address", compute="_compute_addressee", store=True, readonly=False
    )
    delivery = fields.Selection(
        DELIVERIES, "Send by", compute="_compute_addressee", store=True, readonly=False
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        compute="_compute_addressee",
        store=True,
        readonly=False,
    )
    salutation = fields.Char(compute="_compute_salutation", store=True, readonly=False)

    # content
    subject = fields.Char(compute="_compute_text", store=True, readonly=False)
    body = fields.Html(compute="_compute_text", store=True, readonly=False)
    # The text as it was generated last: what an edit was based on. The form sends it along.
    generated_subject = fields.Char(compute="_compute_text", store=True, readonly=False)
    generated_body = fields.Html(compute="_compute_text", store=True, readonly=False)
    text_state = fields.Selection(
        [
            ("generated", "As generated"),
            ("edited", "Edited"),
            ("outdated", "Edited, but the dossier has changed since"),
        ],
        compute="_compute_text_state",
    )
    reason = fields.Text(help="Why more time is needed, as the letter tells it.")
    promised_on = fields.Date("New date", help="When the complainant gets the answer.")
    expected_manner = fields.Text("Expected handling")
    term_ids = fields.Many2many(
        "klachtenbeheer.term",
        "klachtenbeheer_letter_term_rel",
        string="Promise is about",
        compute="_compute_term_ids",
        store=True,
        readonly=False,
    )
    requested_items = fields.Text("What is asked", help="One thing on each line.")
    reply_by = fields.Date("Reply before or on")
    route_text = fields.Text("Where to go instead")

    # signing and approval
    signatory_id = fields.Many2one(
        "res.users", "Signed by", compute="_compute_signatory_id", store=True, readonly=False
    )
    signatory_ids = fields.Many2many("res.users", compute="_compute_signatory_ids")
    signatory_title = fields.Char(
        "Signs as", compute="_compute_signatory_title", store=True, readonly=False
    )
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    can_approve = fields.Boolean(compute="_compute_can_approve")
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Date(readonly=True, copy=False)
    approval_note = fields.Text("Why it was sent back", readonly=True, copy=False)

    # form
    primary_action = fields.Selection(
        [
            ("submit", "Ask for approval"),
            ("send", "Send"),
            ("print", "Print"),
            ("posted", "Mark as posted"),
        ],
        compute="_compute_primary_action",
    )
    can_write = fields.Boolean(compute="_compute_can_write")
    is_address_editable = fields.Boolean(compute="_compute_can_write")
    asked_fields = fields.Char(compute="_compute_asked_fields")
    engine_warning = fields.Char(compute="_compute_engine_warning")

    # sending
    missing_text = fields.Text("Still missing", compute="_compute_missing_text")
    date = fields.Date("Date of the letter", readonly=True, copy=False)
    posted_on = fields.Date(copy=False, help="When it was put in the post; empty is today.")
    sent_on = fields.Date(readonly=True, copy=False)
    counts_on = fields.Date(
        "Counts as received on",
        readonly=True,
        copy=False,
        help="By e-mail or portal the day of sending; by post some werkdagen later.",
    )
    event_id = fields.Many2one(
        "klachtenbeheer.event", readonly=True, copy=False, index="btree_not_null", groups=HANDLERS
    )
    attachment_id = fields.Many2one("ir.attachment", "PDF", readonly=True, copy=False)
    message_id = fields.Many2one(
        "mail.message", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    failure_reason = fields.Text(readonly=True, copy=False)
    task_ids = fields.Many2many(
        "mail.activity", "klachtenbeheer_letter_activity_rel", readonly=True, copy=False
    )

    # ---------------------------------------------------------------- compute

    @api.depends("name", "complaint_id.name")
    def _compute_display_name(self):
        for letter in self:
            letter.display_name = f"{letter.name or ''} {letter.complaint_id.name or ''}".strip()

    @api.depends(
        "complaint_id.partner_id",
        "complaint_id.addressee_id",
        "complaint_id.complainant_name",
        "complaint_id.complainant_email",
        "complaint_id.complainant_address",
        "complaint_id.complainant_lang",
        "complaint_id.preferred_delivery",
        "complaint_id.is_anonymous",
    )
    def _compute_addressee(self):
        for letter in self:
            if letter.state == DRAFT:
                letter.update(letter.complaint_id._get_addressee())
            else:
                letter._keep(ADDRESS_FIELDS - {"posted_on"} | {"lang"})

    @api.depends("addressee_name", "lang")
    def _compute_salutation(self):
        for letter in self:
            if letter.state == DRAFT:
                letter.salutation = letter._get_salutation()
            else:
                letter._keep({"salutation"})

    @api.depends(*TEXT_INPUTS)
    def _compute_text(self):
        for letter in self:
            if letter.state == DRAFT and not letter._is_edited():
                letter.update(letter._generate_text())
            else:
                letter._keep({"subject", "body", "generated_subject", "generated_body"})

    @api.depends(*TEXT_INPUTS, "subject", "body", "generated_subject", "generated_body", "state")
    def _compute_text_state(self):
        for letter in self:
            if letter.state != DRAFT or not letter._is_edited():
                letter.text_state = "generated"
            else:
                letter.text_state = "outdated" if letter._is_outdated() else "edited"

    @api.depends("type_id", "complaint_id.deadline_ids.is_open")
    def _compute_term_ids(self):
        for letter in self:
            if letter.state == DRAFT:
                letter.term_ids = letter._get_extendable_deadlines().term_id
            else:
                letter._keep({"term_ids"})

    @api.depends("type_id.signatory_role", "complaint_id.handler_id", "complaint_id.respondent_ids")
    def _compute_signatory_ids(self):
        for letter in self:
            letter.signatory_ids = letter._get_signatories()

    @api.depends("type_id.signatory_role", "complaint_id.handler_id", "complaint_id.respondent_ids")
    def _compute_signatory_id(self):
        for letter in self:
            candidates = letter._get_signatories()
            if letter.state == DRAFT and letter.signatory_id not in candidates:
                letter.signatory_id = candidates[:1]
            else:
                letter._keep({"signatory_id"})

    @api.depends("signatory_id")
    def _compute_signatory_title(self):
        for letter in self:
            if letter.state == DRAFT:
                letter.signatory_title = letter._get_signatory_title()
            else:
                letter._keep({"signatory_title"})

    @api.depends("type_id.approval_role")
    def _compute_needs_approval(self):
        for letter in self:
            letter.needs_approval = letter.type_id._needs_approval()

    @api.depends("state", "complaint_id.respondent_ids")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        for letter in self:
            letter.can_approve = not letter._get_approval_refusal()

    @api.depends(*TEXT_INPUTS, "subject", "body", "state", "signatory_id", "lang", *ADDRESS_FIELDS)
    @api.depends_context("lang")
    def _compute_missing_text(self):
        for letter in self:
            editable = letter.state in (DRAFT, READY, FAILED)
            parts = letter._get_missing_parts() if editable else []
            letter.missing_text = "\n".join(f"• {part}" for part in parts)

    @api.depends("state", "delivery", "needs_approval", "attachment_id")
    def _compute_primary_action(self):
        for letter in self:
            letter.primary_action = letter._get_primary_action()

    def _get_primary_action(self):
        """What to do next with this letter."""
        if self.state == DRAFT and self.needs_approval:
            return "submit"
        if self.state not in (DRAFT, READY, FAILED):
            return False
        if self.delivery != POST:
            return "send"
        return "posted" if self.state == READY and self.attachment_id else "print"

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_write(self):
        for letter in self:
            letter.can_write = letter.has_access("write")
            letter.is_address_editable = letter.can_write and letter.state in (
                DRAFT,
                READY,
                FAILED,
            )

    @api.depends("type_id")
    def _compute_asked_fields(self):
        """Names of the fields of the letter itself that its type asks for."""
        for letter in self:
            # names of fields are no secret, but ir.model.fields is for administrators
            asked = letter.type_id.requirement_ids.sudo().field_ids
            names = asked.filtered(lambda field: field.model == self._name).mapped("name")
            if letter.type_id.extends_terms:
                names += ["promised_on", "expected_manner"]
            letter.asked_fields = ",".join(dict.fromkeys(names))

    def _compute_engine_warning(self):
        self.engine_warning = self.env["ir.actions.report"]._get_engine_warning()

    def _keep(self, fnames):
        """A letter that is no draft any more keeps what it has."""
        for fname in fnames:
            self[fname] = self[fname]

    # ---------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """Create drafts. Values for computed fields are written afterwards: given to
        `create` they would keep the other fields of their compute empty."""
        given, late = [], []
        for vals in vals_list:
            vals = {key: value for key, value in vals.items() if key not in PROCEDURE_FIELDS}
            computed = {key for key in vals if self._fields[key].compute}
            given.append({key: value for key, value in vals.items() if key not in computed})
            late.append({key: vals[key] for key in computed})
        letters = super().create(given)
        for letter, vals in zip(letters, late, strict=True):
            letter.write(vals)
        return letters

    def write(self, vals):
        if not self._is_procedure_write():
            vals = {key: value for key, value in vals.items() if key not in PROCEDURE_FIELDS}
            self._check_editable(set(vals))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final(self):
        """A letter that was printed or sent stays in the dossier."""
        if any(letter.state != DRAFT or letter.attachment_id for letter in self):
            raise UserError(
                self.env._("Only a draft that was never printed or sent can be deleted.")
            )

    def _is_procedure_write(self):
        return self.env.context.get("letter_sentinel") is LETTER_SENTINEL

    def _as_procedure(self):
        """These letters, allowed to write what only the procedure writes."""
        return self.with_context(letter_sentinel=LETTER_SENTINEL)

    def _check_editable(self, fnames):
        """Refuse a change to what was approved, printed or sent, to superusers too.

        Recomputed values pass through `_write`, which does not come here.
        """
        if not fnames:
            return
        for letter in self:
            open_states = (READY, FAILED) if fnames <= ADDRESS_FIELDS else ()
            if letter.state not in (DRAFT, *open_states):
                raise UserError(letter._explain_frozen())

    def _explain_frozen(self):
        if self.state == SENT:
            return self.env._(
                "“%(letter)s” was sent on %(date)s and does not change any more.",
                letter=self.display_name,
                date=self.complaint_id._format_date(self.sent_on),
            )
        return self.env._(
            "“%s” is not a draft. Send it back with a reason to change it.", self.display_name
        )

    # ---------------------------------------------------------------- text

    def _is_edited(self):
        """Whether somebody changed the generated text."""
        return bool(
            self.generated_body
            and (self.body != self.generated_body or self.subject != self.generated_subject)
        )

    def _is_outdated(self):
        """Whether the text would be another one if it were generated now."""
        text_now = self.sudo()._generate_text()  # a template may show what a user may not read
        field = self._fields["body"]
        return text_now["subject"] != self.generated_subject or field.convert_to_cache(
            text_now["body"], self
        ) != (self.generated_body)

    def action_renew_text(self):
        """Throw edits away and generate the text from the dossier."""
        for letter in self:
            letter._check_editable({"body"})
            letter._as_procedure().write(letter.sudo()._generate_text())

    def action_keep_text(self):
        """The edited text has been checked against the dossier as it is now."""
        for letter in self:
            letter._check_editable({"body"})
            text_now = letter.sudo()._generate_text()
            letter._as_procedure().write(
                {key: text_now[key] for key in ("generated_subject", "generated_body")}
            )

    # ---------------------------------------------------------------- people

    def _get_signing_chain(self):
        """The role that signs and the roles that replace it (BA21), with the people in
        them; never somebody who is complained about.

        :return: {role: users}, the first choice first
        """
        complaint, role = self.complaint_id, self.type_id.signatory_role
        chain = dict(complaint._get_chain()) if complaint else {}
        if role in ESCALATION_CHAIN:
            start = ESCALATION_CHAIN.index(role)
            return {role: chain[role] for role in ESCALATION_CHAIN[start:] if role in chain}
        own = complaint._without_respondents(self.policy_id._get_role_users(role))
        return {role: own} | {role: users for role, users in chain.items() if role != "handler"}

    def _get_signatories(self):
        return self.env["res.users"].union(*self._get_signing_chain().values())

    def _get_signatory_title(self):
        """The title that the policy gives the signatory."""
        for role, users in self._get_signing_chain().items():
            if self.signatory_id and self.signatory_id in users:
                return self.policy_id._get_role_title(role)
        return False

    def _get_approvers(self):
        """Who may approve. Where everybody in the role is complained about, the board
        decides (T8)."""
        policy, complaint = self.policy_id, self.complaint_id
        users = complaint._without_respondents(policy._get_role_users(self.type_id.approval_role))
        return users or complaint._without_respondents(policy._get_role_users("board"))

    def _get_approval_refusal(self):
        """Why the user can't approve, in words; False where nothing stands in the way."""
        self.ensure_one()
        user = self.env.user
        letter_su = self.sudo()  # roles of the policy are no secret to who sees the letter
        if self.state != APPROVAL:
            return self.env._("“%s” is not waiting for approval.", self.display_name)
        if user not in letter_su._get_approvers():
            return self.env._(
                "“%(letter)s” is approved by: %(role)s.",
                letter=self.display_name,
                role=letter_su.policy_id._get_role_title(self.type_id.approval_role),
            )
        return False

    # ---------------------------------------------------------------- completeness

    def _get_missing_parts(self):
        """What must still be filled in before this letter can go out, in words."""
        self.ensure_one()
        letter_su = self.sudo()  # whether a part is there is no secret to who sends it
        complaint_su, letter_type = letter_su.complaint_id, letter_su.type_id
        missing = letter_type.requirement_ids._get_missing(complaint_su, letter_su)
        parts = missing.mapped("name") + letter_su._get_missing_promise()
        if letter_type.event_type_id:
            parts += complaint_su._get_missing_for_event(letter_type.event_type_id)
        parts += letter_su._get_missing_address() + letter_su._get_missing_text()
        return list(dict.fromkeys(parts))

    def _get_missing_text(self):
        parts = []
        if not self.subject:
            parts.append(self.env._("the subject"))
        if is_html_empty(self.body):
            parts.append(self.env._("the text"))
        elif OUTSIDE_PICTURE.search(self.body):
            parts.append(self.env._("a text without pictures: they would not be printed"))
        if self.signatory_id not in self._get_signatories():
            parts.append(self.env._("somebody who signs and is not complained about"))
        return parts

    def _get_missing_address(self):
        match self.delivery:
            case "email" if not email_normalize(self.addressee_email):
                return [self.env._("a valid e-mail address")]
            case "post" if not (self.addressee_address or "").strip():
                return [self.env._("a postal address")]
            case "portal" if not self._has_portal_account():
                return [self.env._("an addressee who can log in to the portal")]
            case "email" | "post" | "portal":
                return []
            case _:
                return [self.env._("a way to send it: e-mail address or postal address")]

    def _has_portal_account(self):
        complainant = self.complaint_id.partner_id
        return self.partner_id == complainant and bool(
            complainant.user_ids.filtered(lambda user: user.share and user.active)
        )

    def _get_missing_promise(self):
        """A notice that only promises a date must promise one after the date in force."""
        if not self._is_delay_notice() or not self.promised_on:
            return []
        due_on = self._get_due_before()
        if due_on and self.promised_on <= due_on:
            return [
                self.env._(
                    "a new date after %s, the date until now",
                    self.complaint_id._format_date(due_on),
                )
            ]
        if self.promised_on < self.complaint_id._today():
            return [self.env._("a new date that has not passed")]
        return []

    def _is_delay_notice(self):
        """Whether promising a new date is all this letter does: unlike an acknowledgement
        that also tells when the answer comes (BB16)."""
        duties = self.policy_id.term_ids.filtered(lambda term: term.duty_of == "organisation")
        event_type = self.type_id.event_type_id
        return self.type_id.extends_terms and not event_type & duties.stop_event_ids

    def _get_extendable_deadlines(self):
        """The running deadlines that a promise in this letter is about."""
        if not self.type_id.extends_terms:
            return self.env["klachtenbeheer.deadline"]
        about = self.type_id.term_ids
        complaint = self.complaint_id
        return complaint.deadline_ids.filtered(
            lambda deadline: (
                deadline.is_open
                and deadline.round == complaint.round
                and deadline.term_id.extendable
                and (not about or deadline.term_id in about)
            )
        )

    def _get_due_before(self):
        """The due date that a promise in this letter moves."""
        deadlines = self._get_extendable_deadlines()
        chosen = deadlines.filtered(lambda deadline: deadline.term_id in self.term_ids)
        return min((chosen or deadlines).mapped("due_on"), default=False)
