from datetime import timedelta
from functools import lru_cache
from textwrap import shorten

from babel.dates import format_date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import babel_locale_parse, get_lang

from ..platform.groups import HANDLERS

INFORMAL, FORMAL = "informal", "formal"
TITLE_LENGTH = 80  # characters


@lru_cache(maxsize=4096)
def _write_day(day, pattern, lang):
    """A date in words: in a list many lines have the same one."""
    return format_date(day, pattern, babel_locale_parse(lang))


class Complaint(models.Model):
    """The dossier: who complains, about what and whom, and what was found and done.

    ===============  =======================  ==========================================
    Action           Group                    Restriction
    ===============  =======================  ==========================================
    create           employee                 sees nothing but the reference afterwards
    read             handler                  assigned to them
    ..               registrar                registration fields
    ..               coordinator, director    all of the company
    ..               board                    escalated to the board
    write            handler                  assigned to them
    ..               registrar                registration fields
    ..               coordinator              all of the company
    assign           coordinator
    delete           nobody
    ===============  =======================  ==========================================

    Over all of it: a person complained about sees nothing (`access/respondent.py`).

    What happens in which order is written in one place each: registering in
    `registration.py` `_after_registration`, storing values in `storing.py` `write`, recording
    an event (closing is one) in `procedure.py` `_do_record_event`, every day in
    `daily/job.py` `STEPS`. Other rooms take part by filling in `extension_points.py`.
    """

    _name = "klachtenbeheer.complaint"
    _description = "Complaint"
    _inherit = [
        "klachtenbeheer.refusal",
        "portal.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "klachtenbeheer.complaint.extension",
    ]
    _order = "received_on desc, id desc"
    _rec_names_search = ["name", "title", "complainant_name"]
    _primary_email = "complainant_email"
    _mail_post_access = "read"
    _check_company_auto = True

    # identity
    name = fields.Char("Reference", readonly=True, copy=False, index="trigram", default="/")
    # Runs on without gaps in a year. No user reads it: whoever sees all but one dossier would
    # count out that one is about them.
    register_number = fields.Integer(copy=False, groups=fields.NO_ACCESS)
    title = fields.Char(
        "Subject",
        tracking=True,
        compute="_compute_title",
        store=True,
        readonly=False,
        index="trigram",
    )
    description = fields.Text(required=True, help="What happened, in the words of the sender.")
    policy_id = fields.Many2one(
        "klachtenbeheer.policy",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self._default_policy_id(),
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    is_practice = fields.Boolean(
        related="policy_id.is_practice", store=True, help="To practise with: it never counts."
    )
    stage_id = fields.Many2one(
        "klachtenbeheer.stage",
        index=True,
        tracking=True,
        copy=False,
        ondelete="restrict",
        group_expand="_read_group_stage_ids",
        domain="[('policy_id', '=', policy_id)]",
    )
    is_closed = fields.Boolean(readonly=True, copy=False)
    closed_on = fields.Date(readonly=True, copy=False)
    kind = fields.Selection(
        [(INFORMAL, "Informal"), (FORMAL, "Formal")],
        tracking=True,
        compute="_compute_from_policy",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    channel = fields.Selection(
        selection=lambda self: self.env["klachtenbeheer.channel"]._get_selection(),
        required=True,
        default="email",
    )
    is_written = fields.Boolean(compute="_compute_is_written")
    received_on = fields.Date(
        "Received on",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.company._complaint_today(),
        help="Local date of receipt, from which the terms count.",
    )
    round = fields.Integer(default=1, readonly=True, copy=False)
    # a dossier is never archived, so no screen offers it
    active = fields.Boolean(default=True, readonly=True)

    # complainant
    partner_id = fields.Many2one("res.partner", "Complainant", index="btree_not_null")
    complainant_name = fields.Char(
        "Name",
        compute="_compute_complainant_name",
        store=True,
        readonly=False,
        index="trigram",
    )
    complainant_organisation = fields.Char(
        "Organisation",
        compute="_compute_complainant_organisation",
        store=True,
        readonly=False,
        help="Where an institution complains: its name; the name above is of whom to speak to.",
    )
    complainant_email = fields.Char(
        "E-mail", compute="_compute_complainant_email", store=True, readonly=False
    )
    complainant_phone = fields.Char(
        "Phone", compute="_compute_complainant_phone", store=True, readonly=False
    )
    complainant_address = fields.Text(
        "Address", compute="_compute_complainant_address", store=True, readonly=False
    )
    complainant_lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        default=lambda self: self._default_complainant_lang(),
    )
    complainant_kind_id = fields.Many2one(
        "klachtenbeheer.complainant.kind",
        "Complains as",
        domain="[('policy_id', '=', policy_id)]",
        index="btree_not_null",
    )
    is_anonymous = fields.Boolean("Anonymous")
    hide_identity = fields.Boolean(
        "Keep identity hidden",
        tracking=True,
        help="Only the coordinator knows who complained; the answer can only be general.",
    )
    preferred_delivery = fields.Selection(
        [("email", "E-mail"), ("post", "Post"), ("portal", "Portal")], "Prefers letters by"
    )

    # about whom
    respondent_ids = fields.Many2many(
        "res.partner",
        "klachtenbeheer_complaint_respondent_rel",
        string="Complained about",
        help="These people see nothing of the dossier.",
    )
    respondent_text = fields.Char("Complained about (in words)")

    # registration
    received_by_id = fields.Many2one(
        "res.users", "Received by", default=lambda self: self.env.user, copy=False
    )
    incident_on = fields.Date("Happened on")
    incident_place = fields.Char("Happened at")
    category_id = fields.Many2one(
        "klachtenbeheer.category",
        tracking=True,
        domain="[('policy_id', '=', policy_id)]",
        index="btree_not_null",
    )
    severity = fields.Selection(
        [("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Very serious")],
        tracking=True,
    )
    is_sensitive = fields.Boolean("Complex or sensitive", tracking=True)

    # handling
    coordinator_id = fields.Many2one(related="policy_id.coordinator_id", store=True)
    handler_id = fields.Many2one("res.users", index="btree_not_null", tracking=True, copy=False)
    escalation_level = fields.Selection(
        [
            ("none", "Not escalated"),
            ("coordinator", "Coordinator"),
            ("deputy", "Deputy"),
            ("committee", "Complaints committee"),
            ("director", "Director"),
            ("board", "Board"),
            ("other", "Another role"),
        ],
        default="none",
        readonly=True,
        copy=False,
        tracking=True,
    )
    board_involved = fields.Boolean(tracking=True, copy=False, help="The board reads this dossier.")

    # content
    desired_solution = fields.Text("What would help", help="In the words of the complainant.")
    summary = fields.Text(
        "Summary for letters", help="The complaint in a few sentences, as letters repeat it."
    )
    findings = fields.Html(groups=HANDLERS)
    verdict_motivation = fields.Html("Motivation", groups=HANDLERS)
    solution = fields.Html(groups=HANDLERS, help="What is offered or done for the complainant.")
    measures = fields.Html(groups=HANDLERS, help="What the organisation does to prevent it.")
    no_measures = fields.Boolean("No measures needed", groups=HANDLERS)
    expected_manner = fields.Text("Expected handling", groups=HANDLERS)
    out_of_scope_reason = fields.Text("Why it is not handled", groups=HANDLERS)
    outcome = fields.Selection(
        [
            ("answered", "Answered"),
            ("decided", "Decided"),
            ("final_decided", "Final decision"),
            ("settled", "Settled in a conversation"),
            ("not_resolved", "Not resolved in a conversation"),
            ("resolved_informally", "Resolved informally"),
            ("remedied", "Remedied at once"),
            ("no_objection", "Accepted: no objection"),
            ("withdrawn", "Withdrawn"),
            ("external", "Handled externally"),
            ("out_of_scope", "Out of scope"),
            ("no_response", "Complainant did not respond"),
        ],
        tracking=True,
        copy=False,
    )
    outcome_note = fields.Text("How it was solved", copy=False)

    # procedure
    event_ids = fields.One2many(
        "klachtenbeheer.event", "complaint_id", "Events", readonly=True, groups=HANDLERS
    )
    deadline_ids = fields.One2many(
        "klachtenbeheer.deadline", "complaint_id", "Deadlines", readonly=True, groups=HANDLERS
    )
    next_deadline_id = fields.Many2one(
        "klachtenbeheer.deadline",
        compute="_compute_next_duty",
        store=True,
        groups=HANDLERS,
        ondelete="set null",
        index="btree_not_null",
    )
    next_due_on = fields.Date(compute="_compute_next_duty", store=True)
    waits_for_complainant = fields.Boolean(compute="_compute_next_duty", store=True)
    next_due_state = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("soon", "Soon"),
            ("later", "Later"),
            ("waiting", "Waiting for somebody else"),
            ("none", "Nothing due"),
        ],
        compute="_compute_next_due",
    )
    next_due_text = fields.Char("Next", compute="_compute_next_due")

    _name_uniq = models.Constraint(
        "UNIQUE(company_id, name)", "This reference has been given out already."
    )
    # In the order of the lists, and in the words that `is_closed = False` becomes: what is open
    # costs what is open.
    _open_idx = models.Index("(company_id, next_due_on, id DESC) WHERE is_closed IS NOT TRUE")
    _due_idx = models.Index("(company_id, next_due_on, id DESC)")
    # Counts and groups of the whole register need no look at the dossiers themselves.
    _board_idx = models.Index("(company_id, next_due_on) WHERE board_involved IS TRUE")
    _stage_idx = models.Index(
        "(company_id, stage_id, policy_id, handler_id, independent_id) WHERE active IS TRUE"
    )

    # ---------------------------------------------------------------- defaults

    def _default_policy_id(self):
        policies = self.env["klachtenbeheer.policy"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("state", "=", "published"),
                ("is_practice", "=", False),
            ],
            limit=2,
        )
        return policies if len(policies) == 1 else policies.browse()

    def _default_complainant_lang(self):
        installed = dict(self.env["res.lang"].get_installed())
        return self.env.lang if self.env.lang in installed else next(iter(installed), False)

    # ---------------------------------------------------------------- compute

    @api.depends("name")
    def _compute_display_name(self):
        """The reference alone: tab titles, activities and mails must not tell more."""
        for complaint in self:
            complaint.display_name = complaint.name if complaint.name != "/" else False

    @api.depends("description")
    def _compute_title(self):
        for complaint in self:
            complaint.title = complaint.title or complaint._get_default_title()

    def _get_default_title(self):
        """The beginning of the complaint, in whole words."""
        first_line = (self.description or "").strip().partition("\n")[0]
        return shorten(first_line, TITLE_LENGTH, placeholder=" …")

    @api.depends("policy_id")
    def _compute_from_policy(self):
        for complaint in self:
            complaint.kind = complaint.kind or complaint.policy_id.default_kind or FORMAL

    @api.depends("channel")
    def _compute_is_written(self):
        written = self.env["klachtenbeheer.channel"]._get_written_codes()
        for complaint in self:
            complaint.is_written = complaint.channel in written

    # One method a field: values typed for one of them must not keep the others empty.

    @api.depends("partner_id")
    def _compute_complainant_name(self):
        self._fill_from_partner("complainant_name", lambda complaint: complaint.partner_id.name)

    @api.depends("partner_id")
    def _compute_complainant_organisation(self):
        """The institution behind the complainant, where there is one (SJ6)."""
        self._fill_from_partner(
            "complainant_organisation",
            lambda complaint: (
                complaint.partner_id.commercial_partner_id.filtered("is_company").name
            ),
        )

    @api.depends("partner_id")
    def _compute_complainant_email(self):
        self._fill_from_partner("complainant_email", lambda complaint: complaint.partner_id.email)

    @api.depends("partner_id")
    def _compute_complainant_phone(self):
        self._fill_from_partner("complainant_phone", lambda complaint: complaint.partner_id.phone)

    @api.depends("partner_id")
    def _compute_complainant_address(self):
        self._fill_from_partner(
            "complainant_address",
            lambda complaint: complaint._get_postal_address(complaint.partner_id),
        )

    def _fill_from_partner(self, fname, get_value):
        """What is known of the complainant; without one, what was typed stays."""
        for complaint in self:
            known = complaint.partner_id and not complaint.is_anonymous
            complaint[fname] = get_value(complaint) if known else complaint[fname]

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for complaint in self:
            complaint.access_url = f"/my/klachten/{complaint.id}"
        return result

    @api.depends(
        "next_due_on",
        "waits_for_complainant",
        "is_closed",
        "outcome",
        "informal_warn_on",
        "progress_on",
    )
    @api.depends_context("uid", "lang")
    def _compute_next_due(self):
        todays = {company: company._complaint_today() for company in self.company_id}
        # the reminder day of a duty is not for everybody's eyes; its colour and its name are
        for complaint, complaint_su in zip(self, self.sudo(), strict=True):
            today = todays.get(complaint.company_id) or complaint._today()
            duty_su = complaint_su.next_deadline_id
            complaint.next_due_state = complaint._get_next_due_state(duty_su, today)
            complaint.next_due_text = complaint._get_next_due_text(duty_su)

    def _get_next_due_state(self, duty, today):
        """How urgent the next duty is, as the lists colour it (ux.md)."""
        if not self.next_due_on:
            return "waiting" if self.waits_for_complainant else "none"
        if self.next_due_on < today:
            return "overdue"
        return "soon" if duty.remind_on and duty.remind_on <= today else "later"

    def _get_next_due_text(self, duty):
        """What is next and by when: never empty while something waits."""
        if self.next_due_on:
            return self.env._(
                "%(duty)s by %(date)s",
                duty=duty.term_id.name or "",
                date=self._format_date(self.next_due_on),
            )
        if self.is_closed:
            return self.env._("Closed")
        if self.waits_for_complainant:
            day = self._get_waiting_until()
            return self.env._("Waiting for the complainant until %s", self._format_date(day))
        return self._get_undated_text()

    def _get_waiting_until(self):
        """The last day of what the complainant may still do; False where nothing runs."""
        # until when it waits is shown to whoever sees that it waits
        rights = self.sudo().deadline_ids.filtered(
            lambda right: right.is_open and right.duty_of == "complainant"
        )
        return max(rights.mapped("due_on"), default=False)

    def _get_undated_text(self):
        """No term runs: what is wise to do by when, or that it can be closed."""
        if not self._origin:
            return ""
        if self.outcome:
            waiting = self._get_open_lines()
            unfinished = waiting[0].text if waiting else self._get_unfinished_text()
            return unfinished or self.env._("Ready to close")
        if self.informal_warn_on:
            last = self._format_date(self.informal_warn_on - timedelta(days=1))
            return self.env._("Solve it or go formal, by %s", last)
        if self.progress_on:
            return self.env._(
                "Let the complainant hear from us by %s", self._format_date(self.progress_on)
            )
        return self.env._("No term runs")

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        """Columns of the board. With one policy in view all its stages; with several only
        those where there is something, policy by policy and named after it."""
        policies = self._get_policies_in_view(domain)
        if len(policies) == 1:
            return policies.stage_ids | stages
        stages = stages.with_context(stage_with_policy=True)
        return stages.sorted(lambda stage: (stage.policy_id.id, stage.sequence, stage.id))

    @api.model
    def _get_policies_in_view(self, domain):
        """The policies that a domain asks for, else all that are in force here."""
        policies = self.env["klachtenbeheer.policy"]
        for condition in Domain(domain).iter_conditions():
            if condition.field_expr == "policy_id" and condition.operator in ("=", "in"):
                ids = condition.value if condition.operator == "in" else [condition.value]
                return policies.browse([number for number in ids if isinstance(number, int)])
        return policies.search(
            [("company_id", "in", self.env.companies.ids), ("state", "=", "published")]
        )

    # ---------------------------------------------------------------- CRUD

    @api.constrains("description")
    def _check_described(self):
        """What was told, too, ends as a record with text (BA7)."""
        if any(not (complaint.description or "").strip() for complaint in self):
            raise ValidationError(self.env._("Write down what the complaint is."))

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("A complaint can't be duplicated; register a new one."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """A complaint that was confirmed to its sender is never lost (design.md 4.1)."""
        raise UserError(
            self.env._("A complaint is never deleted. Close it with an outcome instead.")
        )

    # ---------------------------------------------------------------- helpers

    def _today(self):
        """Today's local date of the organisation."""
        return (self.company_id or self.env.company)[:1]._complaint_today()

    def _get_postal_address(self, partner):
        """An address as it stands on an envelope; our own country goes without saying."""
        home = self.company_id.country_id
        country = home.name if partner.country_id == home else False
        lines = partner._display_address(without_company=True).splitlines()
        return "\n".join(line.strip() for line in lines if line.strip() not in ("", country))

    def _format_date(self, day, pattern="EEE d MMM y"):
        """A local date with its weekday in the user's language, e.g. «vr 3 apr 2026»."""
        return _write_day(day, pattern, self.env.lang or get_lang(self.env).code) if day else ""
