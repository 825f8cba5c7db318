from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..platform.groups import HANDLERS

DRAFT, APPROVAL, READY, SENDING, SENT, FAILED, NOT_APPLICABLE = (
    "draft",
    "approval",
    "ready",
    "sending",
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
    "sent_by_id",
    "handed_on",
    "is_unsure",
    "next_try_on",
    "company_id",
    "hide_identity",
    "task_ids",
    "round",
    "copy_ids",
    "told_measure_ids",
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
# What decides who signs.
SIGNED_BY = (
    "type_id.signatory_role",
    "complaint_id.handler_id",
    "complaint_id.respondent_ids",
    "complaint_id.escalation_level",
)


class Letter(models.Model):
    """An official letter about a complaint: to the complainant or who acts for them, to
    somebody complained about, or inside the organisation.

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
    delivered      being sent,           the mail server did not confirm it
    send again     perhaps delivered
    =============  ====================  ============================================

    By mail a letter is being sent until the mail server accepted it, and sent from then on
    (`mail/letter_outcome.py`). Sending happens once and records the event of the type. A letter
    that was sent never changes. Beside it: `addressee.py` (to whom, and copies), `content.py`
    (what is filled in, and the text made of it), `subject.py` (the conversation, disagreement,
    route or ruling that it is about), `completeness.py` (who signs, who approves, what is
    missing), `text.py` (what is printed).
    """

    _name = "klachtenbeheer.letter"
    _description = "Complaint Letter"
    _inherit = ["klachtenbeheer.dossier.part"]
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
    round = fields.Integer(default=1, readonly=True, copy=False)
    state = fields.Selection(
        [
            (DRAFT, "Draft"),
            (APPROVAL, "Waiting for approval"),
            (READY, "Ready to send"),
            (SENDING, "Being sent"),
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

    # sending
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
    attachment_id = fields.Many2one(
        "ir.attachment", "PDF", readonly=True, copy=False, index="btree_not_null"
    )
    message_id = fields.Many2one(
        "mail.message", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )
    failure_reason = fields.Text(readonly=True, copy=False)
    sent_by_id = fields.Many2one("res.users", "Sent by", readonly=True, copy=False)
    handed_on = fields.Datetime(
        "Handed to the mail server",
        readonly=True,
        copy=False,
        help="The moment at which it left, where the mail server did not confirm that.",
    )
    is_unsure = fields.Boolean(
        "Perhaps delivered",
        readonly=True,
        copy=False,
        help="It left, but the mail server did not confirm that. It is not sent again by itself.",
    )
    next_try_on = fields.Datetime("Tried again on", readonly=True, copy=False)
    task_ids = fields.Many2many(
        "mail.activity", "klachtenbeheer_letter_activity_rel", readonly=True, copy=False
    )

    # ---------------------------------------------------------------- compute

    @api.depends("name", "complaint_id.name")
    def _compute_display_name(self):
        for letter in self:
            letter.display_name = f"{letter.name or ''} {letter.complaint_id.name or ''}".strip()

    @api.depends(*SIGNED_BY)
    def _compute_signatory_ids(self):
        for letter in self:
            letter.signatory_ids = letter._get_signatories()

    @api.depends(*SIGNED_BY)
    def _compute_signatory_id(self):
        for letter in self:
            candidates = letter._get_signatories()
            if letter.state == DRAFT and letter.signatory_id not in candidates:
                letter.signatory_id = candidates[:1]
            else:
                letter._freeze_values({"signatory_id"})

    @api.depends("signatory_id")
    def _compute_signatory_title(self):
        for letter in self:
            if letter.state == DRAFT:
                letter.signatory_title = letter._get_signatory_title()
            else:
                letter._freeze_values({"signatory_title"})

    @api.depends("type_id.approval_role")
    def _compute_needs_approval(self):
        for letter in self:
            letter.needs_approval = letter.type_id._needs_approval()

    @api.depends("state", "complaint_id.respondent_ids")
    @api.depends_context("uid")
    def _compute_can_approve(self):
        for letter in self:
            letter.can_approve = not letter._get_approval_refusal()

    def _freeze_values(self, fnames):
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
            if not self.env.su:  # before the dossier is looked into
                self._check_named(vals)
            vals = {key: value for key, value in vals.items() if key not in PROCEDURE_FIELDS}
            computed = {key for key in vals if self._fields[key].compute}
            complaint = self.env["klachtenbeheer.complaint"].browse(vals.get("complaint_id"))
            given.append(
                {key: value for key, value in vals.items() if key not in computed}
                | {"round": complaint.round or 1}
            )
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
        if "state" in vals:
            self.flush_recordset()  # what a draft computes is computed while it is one
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
            readdressed = letter.is_unsure and fnames <= ADDRESS_FIELDS
            if letter.state not in (DRAFT, *open_states) and not readdressed:
                raise UserError(letter._explain_frozen())

    def _explain_frozen(self):
        if self.state == SENT:
            return self.env._(
                "“%(letter)s” was sent on %(date)s and does not change any more.",
                letter=self.display_name,
                date=self.complaint_id._format_date(self.sent_on),
            )
        if self.state == SENDING:
            return self._explain_sending()
        return self.env._(
            "“%s” is not a draft. Send it back with a reason to change it.", self.display_name
        )

    def _explain_sending(self):
        if self.is_unsure:
            return self.env._(
                "“%s” was perhaps delivered. Open it and say whether it was, or send it again.",
                self.display_name,
            )
        return self.env._("“%s” is being sent right now.", self.display_name)
