from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .complaint import HANDLERS

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
# Chosen when a letter is made: it does not move to a dossier that its writer may not see.
FIXED_FIELDS = {"complaint_id", "type_id"}
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
    "complaint_id.description",
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
    A letter that was sent never changes. Who signs, who approves and what is missing:
    `letter_completeness.py`. What is printed: `letter_text.py`.
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
            fixed = PROCEDURE_FIELDS | FIXED_FIELDS
            vals = {key: value for key, value in vals.items() if key not in fixed}
            self._check_editable(set(vals))
        return super().write(vals)

    @api.constrains("complaint_id", "type_id")
    def _check_type_of_policy(self):
        for letter in self:
            if letter.type_id.policy_id != letter.complaint_id.policy_id:
                raise ValidationError(
                    self.env._("“%s” is a letter of another policy.", letter.type_id.name)
                )

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
