from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .report_type import STRICTER

WRITING, APPROVAL, APPROVED, SENT, FAILED, NOT_MADE = (
    "writing",
    "approval",
    "approved",
    "sent",
    "failed",
    "not_made",
)
FINAL = (APPROVED, SENT, FAILED)
# A JSON context can't carry this object: only the methods below write what is frozen.
REPORT_SENTINEL = object()
CHOSEN_FIELDS = {"type_id", "policy_id", "date_from"}
OPEN_FIELDS = {
    "text_ids",
    "discussion_ids",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "activity_ids",
}


class Report(models.Model):
    """The figures of a policy over a period, taken once, with the texts that only a human can
    write.

    ==========  ===================  ====================================================
    Action      Who                  Condition
    ==========  ===================  ====================================================
    make        coordinator          of the policy: one of each kind and period
    write text  coordinator          figures were taken, not approved
    submit      coordinator          texts complete, nobody named in them
    approve     role of the kind     submitted; then it never changes and is mailed
    send back   role of the kind     submitted
    send again  coordinator          did not arrive
    read        coordinator          all under their policies
    ..          who it is addressed  once it was approved
    ..          who approves         once it was submitted
    ==========  ===================  ====================================================

    Figures are taken by `report_figures.py` and `report_duties.py`, hidden where they are small by
    `report_hiding.py`, printed by `report_printing.py`, mailed by `report_mail.py` and made on
    time by `report_schedule.py`.
    """

    _name = "klachtenbeheer.report"
    _description = "Complaint Report"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"
    _rec_name = "title"
    _check_company_auto = True

    # what it is about
    type_id = fields.Many2one(
        "klachtenbeheer.report.type", "Report", required=True, ondelete="restrict", index=True
    )
    # as the kind was when the figures were taken: who reads along decided what is in it
    kind = fields.Char(readonly=True, index=True)
    audience = fields.Selection(
        selection=lambda self: self._get_audiences(),
        readonly=True,
    )
    policy_id = fields.Many2one(
        "klachtenbeheer.policy", required=True, ondelete="restrict", index=True
    )
    policy_code = fields.Char("Policy, whatever version", related="policy_id.code", store=True)
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    date_from = fields.Date("From", required=True)
    date_to = fields.Date("Up to and including", required=True, readonly=True)
    title = fields.Char(readonly=True)
    lang = fields.Char(readonly=True)

    # what was counted
    figures = fields.Json(readonly=True, help="As they were when they were taken.")
    figures_html = fields.Html(
        "Report as it reads", compute="_compute_figures_html", sanitize=False
    )
    breakdowns = fields.Json(
        groups=fields.NO_ACCESS, help="What was counted behind what is hidden, for later reports."
    )
    threshold = fields.Integer("Numbers hidden below", readonly=True)
    frozen_on = fields.Date("Figures taken on", readonly=True)
    made_by_id = fields.Many2one("res.users", readonly=True)
    refusal = fields.Text("Why it was not made", readonly=True)

    # life
    state = fields.Selection(
        [
            (WRITING, "Texts to write"),
            (APPROVAL, "Waiting for approval"),
            (APPROVED, "Approved"),
            (SENT, "Sent"),
            (FAILED, "Did not arrive"),
            (NOT_MADE, "Not made: too few complaints"),
        ],
        default=WRITING,
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    text_ids = fields.One2many("klachtenbeheer.report.text", "report_id", "Texts")
    due_on = fields.Date("To be received by", readonly=True)
    is_late = fields.Boolean(compute="_compute_is_late")
    escalated_on = fields.Date(readonly=True)
    approver_ids = fields.Many2many(
        "res.users", "klachtenbeheer_report_approver_rel", string="Approvers", readonly=True
    )
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True)
    approved_on = fields.Date(readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", "PDF", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    recipient_ids = fields.One2many(
        "klachtenbeheer.report.recipient", "report_id", "Recipients", readonly=True
    )
    reader_ids = fields.Many2many(
        "res.users", "klachtenbeheer_report_reader_rel", string="Readers", readonly=True
    )
    can_make = fields.Boolean(compute="_compute_can")
    can_approve = fields.Boolean(compute="_compute_can")

    # Whatever makes it, twice or on two nodes at once: there is one.
    _once_uniq = models.Constraint(
        "UNIQUE(company_id, policy_code, type_id, date_from, date_to)",
        "This report over this period has been made already.",
    )

    @api.model
    def _get_audiences(self):
        kinds = self.env["klachtenbeheer.report.type"]
        return kinds._fields["audience"]._description_selection(self.env)

    # ---------------------------------------------------------------- compute

    @api.depends("due_on", "state")
    def _compute_is_late(self):
        for report in self:
            today = (report.company_id or self.env.company)._complaint_today()
            waits = report.state not in (SENT, NOT_MADE)
            report.is_late = bool(waits and report.due_on and report.due_on < today)

    @api.depends("approver_ids", "state")
    @api.depends_context("uid")
    def _compute_can(self):
        for report in self:
            report.can_make = report._may("make")
            report.can_approve = report._may("approve")

    def _may(self, power):
        """Whether the user may do that with these reports, by their roles in the policies that
        they are on (`report_access.py`). The only place that asks for it.

        :param power: "make", or "approve"
        """
        if self.env.su:
            return True
        complaints = self.env["klachtenbeheer.complaint"]
        reports_su = self.sudo()  # of which policy they are
        if power == "make":
            return complaints._get_accounting_policies().issuperset(reports_su.policy_id.ids)
        receiving = complaints._get_policies_giving("reports")
        return all(
            self.env.user in report.approver_ids and report.policy_id.id in receiving
            for report in reports_su
        )

    def _check_may(self, power):
        for report in self:
            report.check_access("read")
            if not report._may(power):
                raise AccessError(
                    self.env._("Reports are made by the coordinator.")
                    if power == "make"
                    else self.env._(
                        "This report is approved by: %s.",
                        ", ".join(report.sudo().approver_ids.mapped("name")),
                    )
                )

    # ---------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        """What, of which policy, over which period; the rest is counted."""
        if not self.env.su:
            mine = self.env["klachtenbeheer.complaint"]._get_accounting_policies()
            if not mine.issuperset(vals.get("policy_id") for vals in vals_list):
                raise AccessError(self.env._("Reports are made by the coordinator."))
        reports = self.browse()
        for vals in vals_list:
            chosen = {name: value for name, value in vals.items() if name in CHOSEN_FIELDS}
            reports |= super().create(self._prepare_report_vals(chosen))._freeze_and_ask()
        return reports

    @api.model
    def _prepare_report_vals(self, chosen):
        """The values that follow from what was chosen."""
        policy = self.env["klachtenbeheer.policy"].browse(chosen.get("policy_id"))
        policy.check_access("read")
        if policy.company_id not in self.env.companies and not self.env.su:
            raise AccessError(self.env._("This policy is of another organisation."))
        lang = self._get_report_lang(policy)
        kind = self.env["klachtenbeheer.report.type"].browse(chosen.get("type_id"))
        kind = kind.with_context(lang=lang)
        first, last = kind._get_period(fields.Date.to_date(chosen["date_from"]))
        today = policy.company_id._complaint_today()
        if last >= today:
            raise UserError(self.env._("This period is not over yet."))
        return {
            **chosen,
            "date_from": first,
            "date_to": last,
            "lang": lang,
            "title": kind._get_title(first, last),
            "due_on": kind._get_due_date(last),
            "frozen_on": today,
            "made_by_id": self.env.uid,
            **kind._prepare_frozen_vals(),
        }

    @api.model
    def _get_report_lang(self, policy):
        installed = dict(self.env["res.lang"].get_installed())
        wanted = (policy.company_id.partner_id.lang, "nl_NL", self.env.lang)
        return next((lang for lang in wanted if lang in installed), "en_US")

    def write(self, vals):
        if self.env.context.get("report_sentinel") is not REPORT_SENTINEL:
            if not set(vals) <= OPEN_FIELDS:
                raise UserError(self.env._("What a report says does not change any more."))
            if not vals.keys().isdisjoint({"text_ids", "discussion_ids"}):
                self._check_may("make")
        return super().write(vals)

    def _as_procedure(self):
        """These reports, allowed to write what only their own methods write."""
        return self.sudo().with_context(report_sentinel=REPORT_SENTINEL)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A report is kept: it accounts for what was done."))

    def copy_data(self, default=None):
        """A report is made once over a period; nothing of it is taken over into another."""
        return [
            {name: value for name, value in vals.items() if name in CHOSEN_FIELDS}
            for vals in super().copy_data(default)
        ]

    # ---------------------------------------------------------------- start

    def _freeze_and_ask(self):
        """Take the figures, and ask for the texts."""
        self._as_procedure()._set_people()
        if self._freeze_unless_refused():
            self._ask_coordinator(self.env._("Complete the report: %s", self.title))
        return self

    def _freeze_unless_refused(self):
        """Take the figures, unless whoever reads them could tell who they are about.

        :return: whether they were taken
        """
        refusal = self._get_refusal()
        if not refusal:
            self._freeze()
            return True
        self._end_tasks()
        report = self._as_procedure()
        report.text_ids.unlink()
        report.write({"state": NOT_MADE, "refusal": refusal, "figures": False})
        self._ask_coordinator(self.env._("Report not made: %s", self.title), refusal)
        return False

    def _get_refusal(self):
        """Why a report over so few complaints must name somebody, with advice; or False."""
        if self.audience not in STRICTER:
            return False
        counter = self.env["klachtenbeheer.report.counter"]
        versions = self.policy_id._get_all_versions()
        total = counter._count(versions, self.date_from, self.date_to)
        if not 0 < total < self.threshold:
            return False
        return self.with_context(lang=self.lang).env._(
            "There were fewer than %(threshold)s complaints. Whoever reads a report on so few can"
            " tell who they were. Take them into a report over a longer period, or tell the board"
            " in a conversation.",
            threshold=self.threshold,
        )

    def _set_people(self):
        """Who approves, and who gets it, as the policy has it now."""
        policy = self.policy_id
        roles = self.type_id.recipient_role_ids.mapped("role")
        lines = policy.role_ids.filtered(lambda line: line.role in roles)
        self.write(
            {
                "approver_ids": [(6, 0, self._find_approvers().ids)],
                "reader_ids": [(6, 0, lines.user_ids.ids)],
            }
        )
        self._make_recipients(lines)

    def _find_approvers(self):
        """The role that the kind names; who coordinates where the policy has nobody in it."""
        role, policy = self.type_id.approver_role, self.policy_id
        if not role:
            return self.env["res.users"]
        return policy._get_role_users(role) or policy.coordinator_id

    def action_refresh(self):
        """Take the figures anew, after the register was corrected and before it is approved."""
        self._check_may("make")
        self._check_state(WRITING)
        for report in self:
            today = report.company_id._complaint_today()
            report._as_procedure().write(
                {"frozen_on": today, **report.type_id._prepare_frozen_vals()}
            )
            report._freeze_unless_refused()

    # ---------------------------------------------------------------- approval

    def action_submit(self):
        """Offer it to who approves; without anybody to approve it is sent."""
        self._check_may("make")
        self._check_state(WRITING)
        for report in self:
            report._check_texts()
            report._end_tasks()
            if report.type_id.approver_role:
                report._as_procedure().state = APPROVAL
                report._schedule_task(report.approver_ids, self.env._("Approve: %s", report.title))
            else:
                report._do_approve()

    def action_approve(self):
        self._check_may("approve")
        self._check_state(APPROVAL)
        for report in self:
            report._do_approve()

    def action_send_back(self):
        """It needs other words; who approves says why in a message."""
        self._check_may("approve")
        self._check_state(APPROVAL)
        for report in self:
            report_su = report._as_procedure()  # whoever sent it back reads it no more
            report_su._end_tasks()
            report_su.state = WRITING
            report_su._ask_coordinator(self.env._("Sent back: %s", report_su.title))

    def _do_approve(self):
        """From now on it never changes: the PDF is made, and mailed."""
        self._end_tasks()
        today = self.company_id._complaint_today()
        report_su = self._as_procedure()
        report_su.write({"state": APPROVED, "approved_by_id": self.env.uid, "approved_on": today})
        report_su._make_final_pdf()
        report_su._send_to_recipients(report_su.recipient_ids)

    def _check_state(self, *states):
        if any(report.state not in states for report in self):
            raise UserError(self.env._("This can't be done with the report as it is now."))

    # ---------------------------------------------------------------- tasks

    def _ask_coordinator(self, summary, note=None):
        self._schedule_task(self.policy_id.sudo().coordinator_id, summary, note)

    def _schedule_task(self, users, summary, note=None):
        for user in users:
            # the report asks, whoever made it go on
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.due_on,
                summary=summary,
                note=note,
                user_id=user.id,
            )

    def _end_tasks(self):
        self.sudo().activity_ids.unlink()
