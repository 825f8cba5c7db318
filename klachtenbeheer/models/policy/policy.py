import re

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools import ClosedDay, Event, WorkCalendar, project
from ..platform.memory import forget

DRAFT, APPROVAL, PUBLISHED, RETIRED = "draft", "approval", "published", "retired"
IN_FORCE_STATES = (PUBLISHED, RETIRED)
EVALUATION_NOTICE = relativedelta(months=1)
LINE_FIELDS = (
    "role_ids",
    "category_ids",
    "complainant_kind_ids",
    "term_ids",
    "stage_ids",
    "letter_type_ids",
    "passage_ids",
)
# Bookkeeping about a policy, as opposed to what the policy says.
BOOKKEEPING_FIELDS = {
    "state",
    "coordinator_id",
    "deputy_id",
    # these lines say themselves what of them may change
    "role_ids",
    "appointment_ids",
    "proposed_ids",
    "category_ids",
    "last_evaluated_on",
    "next_evaluation_on",
    "approved_by_id",
    "approved_on",
    "published_on",
    "evaluation_announced_on",
    "pattern_months",
    "pattern_least",
    "evaluation_ids",
    "report_plan_ids",
    "embed_origins",
    # words around the regulation, for who reads another language too
    "public_label",
    "translation_ids",
    "published_internal_on",
    "published_internal_how",
    "published_external_on",
    "published_external_how",
    "publication_reminded_on",
    "alias_id",
    "alias_name",
    "alias_domain_id",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
    "activity_ids",
}
# A JSON context can't carry this object: only the actions below write these fields.
PROCEDURE_SENTINEL = object()
PROCEDURE_FIELDS = {"state", "approved_by_id", "approved_on", "published_on", "is_practice"}
CODE = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")


class Policy(models.Model):
    """One version of a klachtenregeling.

    ==========  ==========================  =====================================
    Action      Group                       Condition
    ==========  ==========================  =====================================
    edit        manager                     draft
    submit      manager                     draft, nothing missing
    publish     manager                     nothing missing; where the policy names
                                            an approver: somebody in that role
    retire      manager                     published
    evaluate    manager, coordinator        published
    ==========  ==========================  =====================================

    A published version never changes (design.md 4.5): it is copied into a next one.
    """

    _name = "klachtenbeheer.policy"
    _description = "Complaint Policy"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "name, version desc, id desc"

    # identity
    name = fields.Char(required=True, tracking=True)
    code = fields.Char(
        required=True, index=True, help="Short name in web addresses: letters, digits and dashes."
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    version = fields.Integer(default=1, required=True, readonly=True, copy=False)
    previous_id = fields.Many2one(
        "klachtenbeheer.policy",
        "Previous version",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    state = fields.Selection(
        [
            (DRAFT, "Draft"),
            (APPROVAL, "Waiting for approval"),
            (PUBLISHED, "Published"),
            (RETIRED, "Retired"),
        ],
        default=DRAFT,
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    is_template = fields.Boolean(
        "Model policy", copy=False, help="Shipped as an example to make one's own policy from."
    )
    # A draft is deleted and what was in force retired: no screen offers to archive either.
    active = fields.Boolean(default=True, readonly=True)
    source = fields.Char("Source document")
    edition = fields.Char()
    effective_from = fields.Date(tracking=True)
    approval_role = fields.Selection(
        [("none", "Nobody"), ("director", "Director"), ("board", "Board")],
        "Approved by",
        default="none",
        required=True,
    )
    approved_by_id = fields.Many2one("res.users", "Approved by user", readonly=True, copy=False)
    approved_on = fields.Date(readonly=True, copy=False)
    published_on = fields.Date(readonly=True, copy=False)

    # people
    role_ids = fields.One2many("klachtenbeheer.policy.role", "policy_id", "Roles", copy=True)
    coordinator_id = fields.Many2one(
        "res.users",
        compute="_compute_role_holders",
        inverse="_inverse_coordinator_id",
        store=True,
        index="btree_not_null",
    )
    deputy_id = fields.Many2one(
        "res.users",
        "Deputy coordinator",
        compute="_compute_role_holders",
        inverse="_inverse_deputy_id",
        store=True,
    )

    # procedure
    formal_phase = fields.Selection(
        [
            ("none", "No separate formal phase"),
            ("internal", "Formal phase inside the organisation"),
            ("external", "Formal means: at an external body"),
        ],
        default="none",
        required=True,
    )
    default_kind = fields.Selection(
        [("informal", "Informal"), ("formal", "Formal")], default="formal", required=True
    )
    verdict_required = fields.Boolean()
    handover_on_intake = fields.Boolean(
        "Hand over on registration",
        help="The complaint counts as handed over to the coordinator when it is registered.",
    )
    stage_ids = fields.One2many("klachtenbeheer.stage", "policy_id", "Stages", copy=True)
    category_ids = fields.One2many("klachtenbeheer.category", "policy_id", "Categories", copy=True)
    complainant_kind_ids = fields.One2many(
        "klachtenbeheer.complainant.kind", "policy_id", "Kinds of complainant", copy=True
    )
    channel_ids = fields.Many2many("klachtenbeheer.channel", string="Channels")
    letter_type_ids = fields.One2many(
        "klachtenbeheer.letter.type", "policy_id", "Letter types", copy=True
    )

    # time
    term_ids = fields.One2many("klachtenbeheer.term", "policy_id", "Terms", copy=True)
    count_decree_days = fields.Boolean(
        "Decree days are days off", help="Days equated by royal decree (art. 3 lid 3 Atw)."
    )
    count_organisation_days = fields.Boolean("Closing days are days off")
    reminder_workdays = fields.Integer(
        "Remind ahead (werkdagen)", default=2, help="Counted back from the last werkdag in time."
    )
    delivery_workdays = fields.Integer(
        "Delivery by post (werkdagen)",
        default=2,
        help="A letter sent by post counts as received this many werkdagen later.",
    )
    evaluation_months = fields.Integer("Evaluate every (months)")
    last_evaluated_on = fields.Date(tracking=True, copy=False)
    next_evaluation_on = fields.Date(compute="_compute_next_evaluation_on", store=True, index=True)
    evaluation_announced_on = fields.Date(readonly=True, copy=False)
    retention_months = fields.Integer("Retention after closing (months)", default=24)

    # texts
    introduction = fields.Html(sanitize_attributes=True)
    procedure_text = fields.Html("Further procedure")
    objection_text = fields.Html("When you do not agree")
    privacy_text = fields.Html("Privacy")
    respondent_privacy_text = fields.Html(
        "Privacy of who is complained about",
        help="Told in the first letter to somebody who is complained about, and in the published"
        " regulation (art. 14 AVG). Empty: the standard text.",
    )
    external_body_text = fields.Html("External body")
    contact_name = fields.Char()
    contact_email = fields.Char()
    contact_phone = fields.Char()
    contact_address = fields.Text()
    website_url = fields.Char("Website")

    complaint_count = fields.Integer(compute="_compute_complaint_count")
    publish_blockers = fields.Text(
        "Missing before publication", compute="_compute_publish_blockers"
    )

    _version_uniq = models.Constraint(
        "UNIQUE(company_id, code, version)", "This version of the policy exists already."
    )

    # ---------------------------------------------------------------- constraints

    @api.constrains("code")
    def _check_code(self):
        for policy in self:
            if not CODE.match(policy.code or ""):
                raise ValidationError(
                    self.env._(
                        "“%s” can't be used in a web address: use small letters, digits and"
                        " dashes.",
                        policy.code,
                    )
                )

    @api.constrains("reminder_workdays", "delivery_workdays", "retention_months")
    def _check_not_negative(self):
        for policy in self:
            if min(policy.reminder_workdays, policy.delivery_workdays, policy.retention_months) < 0:
                raise ValidationError(self.env._("A number of days or months can't be negative."))

    # ---------------------------------------------------------------- compute

    @api.depends("name", "version", "is_template", "source")
    def _compute_display_name(self):
        for policy in self:
            name, version = policy.name, policy.version
            if policy.is_template and policy.source:
                name = f"{name} – {policy.source}"
            elif version > 1:
                name = self.env._("%(name)s (version %(version)s)", name=name, version=version)
            policy.display_name = name

    @api.depends("role_ids.role", "role_ids.user_ids")
    def _compute_role_holders(self):
        for policy in self:
            policy.coordinator_id = policy._get_role_users("coordinator")[:1]
            policy.deputy_id = policy._get_role_users("deputy")[:1]

    def _inverse_coordinator_id(self):
        self._set_role_holder("coordinator", "coordinator_id")

    def _inverse_deputy_id(self):
        self._set_role_holder("deputy", "deputy_id")

    def _set_role_holder(self, role, fname):
        titles = self._get_generic_titles()
        for policy in self:
            line = policy.role_ids.filtered(lambda line: line.role == role)[:1]
            if not line:
                line = self.env["klachtenbeheer.policy.role"].create(
                    {"policy_id": policy.id, "role": role, "name": titles[role]}
                )
            line.user_ids = policy[fname]

    @api.depends("effective_from", "last_evaluated_on", "evaluation_months")
    def _compute_next_evaluation_on(self):
        for policy in self:
            since = policy.last_evaluated_on or policy.effective_from
            policy.next_evaluation_on = (
                since + relativedelta(months=policy.evaluation_months)
                if since and policy.evaluation_months
                else False
            )

    def _compute_complaint_count(self):
        counts = dict(
            self.env["klachtenbeheer.complaint"]._read_group(
                [("policy_id", "in", self.ids)], ["policy_id"], ["__count"]
            )
            if self.env["klachtenbeheer.complaint"].has_access("read")
            else []
        )
        for policy in self:
            policy.complaint_count = counts.get(policy, 0)

    @api.depends(
        "state",
        "role_ids.name",
        "role_ids.user_ids",
        "role_ids.partner_id",
        "name",
        "effective_from",
        "term_ids.amount",
        "term_ids.unit",
        "term_ids.in_use",
        "retention_months",
        "introduction",
        "procedure_text",
        "objection_text",
        "external_body_text",
        "privacy_text",
        "respondent_privacy_text",
        "passage_ids.body",
    )
    def _compute_publish_blockers(self):
        for policy in self:
            drafted = policy.state in (DRAFT, APPROVAL)
            policy.publish_blockers = (
                "\n".join(policy._get_publish_blockers()) if drafted else False
            )

    # ---------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        states = [vals.get("state") for vals in vals_list]
        policies = super().create([self._strip_protected(vals) for vals in vals_list])
        for policy, state in zip(policies, states, strict=True):
            policy._change_state(state)
        return policies

    def write(self, vals):
        state = False if self._is_procedure_write() else vals.get("state")
        vals = self._strip_protected(self._without_timeline(vals))
        if not set(vals) <= BOOKKEEPING_FIELDS:
            self._check_editable()
        if vals.get("state") == PUBLISHED:
            self.filtered(lambda policy: policy.state != PUBLISHED)._check_can_publish()
            self._settle_appointments()
        result = super(Policy, self._with_history()).write(vals)
        self._change_state(state)
        if "state" in vals:  # a version that comes or goes may change who has a role, or stands in
            forget(self.env)
            self.env["klachtenbeheer.policy.role"]._sync_stand_ins()
            if vals["state"] == PUBLISHED:
                self._log_appointments()
        return result

    def _change_state(self, state):
        """Writing a state takes the road of its button, with all that is asked there."""
        for policy in self.filtered(lambda policy: state and policy.state != state):
            if state == DRAFT and policy.state in IN_FORCE_STATES:
                policy._check_editable()
            roads = {
                DRAFT: policy.action_back_to_draft,
                APPROVAL: policy.action_submit,
                PUBLISHED: policy.action_publish,
                RETIRED: policy.action_retire,
            }
            roads[state]()

    def _strip_protected(self, vals):
        """Values without what only the procedure, or only the addon itself, decides: a
        policy is not published past its approver, and does not become a draft again."""
        protected = set() if self._is_procedure_write() else PROCEDURE_FIELDS
        if not self.env.su:
            protected = protected | {"is_template"}
        return {fname: value for fname, value in vals.items() if fname not in protected}

    def _is_procedure_write(self):
        return self.env.context.get("policy_sentinel") is PROCEDURE_SENTINEL

    def _as_procedure(self):
        """These policies, allowed to write what only the procedure writes."""
        return self.with_context(policy_sentinel=PROCEDURE_SENTINEL)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(policy.state != DRAFT for policy in self):
            raise UserError(self.env._("Only a draft policy can be deleted; retire it instead."))

    def _check_editable(self):
        frozen = self.filtered(lambda policy: policy.state in IN_FORCE_STATES)
        if frozen:
            raise UserError(
                self.env._(
                    "“%s” has been published and does not change any more. Make a next version"
                    " and change that.",
                    frozen[0].display_name,
                )
            )

    # ---------------------------------------------------------------- actions

    def action_record_evaluation(self):
        """The policy was evaluated today (SB52, SJ41, KK49)."""
        for policy in self:
            policy.write({"last_evaluated_on": policy._today(), "evaluation_announced_on": False})

    def action_view_complaints(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("klachtenbeheer.complaint_action")
        return action | {"domain": [("policy_id", "=", self.id)], "context": {}}

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }

    # ---------------------------------------------------------------- business

    def _today(self):
        """Today's local date of the organisation, whoever asks (design.md 4.8)."""
        return (self.company_id or self.env.company)[:1]._complaint_today()

    def _get_roles(self, code):
        """The roles that a letter, a term or a screen names: the one with that code, or all of
        that kind.

        :param code: code of a role, e.g. "committee-2", or kind of roles, e.g. "committee"
        """
        return self.role_ids.filtered(lambda line: code in (line.code, line.role))

    def _get_role_users(self, code):
        """The people in a role, as `res.users`; all of them, where it has more than one."""
        return self._get_roles(code).user_ids

    def _get_role_title(self, code):
        """What the policy calls a role, e.g. «klachtenfunctionaris»."""
        own_title = self._get_roles(code)[:1].name
        return own_title or self._get_generic_titles().get(code, "")

    def _get_committees(self):
        """The roles that advise on what is put before them."""
        return self.role_ids.filtered(
            lambda line: line.may_advise and line.read_scope == "called_in" and not line.may_assign
        )

    def _get_chain_roles(self):
        """The kinds of role through which a duty climbs, the first one first; who handles it
        comes before all of them."""
        lines = self.role_ids.filtered("chain_place").sorted("chain_place")
        return tuple(dict.fromkeys(["handler", *lines.mapped("role")]))

    def _get_generic_titles(self):
        roles = self.env["klachtenbeheer.policy.role"]._fields["role"]
        return dict(roles._description_selection(self.env))

    @api.model
    def _get_evaluation_domain(self, today):
        """Policies that are to be evaluated within a month (SB52, SJ41, KK49)."""
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("state", "=", PUBLISHED)
            & Domain("next_evaluation_on", "<=", today + EVALUATION_NOTICE)
            & Domain("evaluation_announced_on", "=", False)
        )

    def _announce_evaluation(self, today):
        """Ask the coordinator to evaluate the policy before the date that it sets."""
        for policy in self.filtered("coordinator_id"):
            policy.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=policy.next_evaluation_on,
                summary=self.env._("Evaluate the complaint policy"),
                user_id=policy.coordinator_id.id,
            )
        self.evaluation_announced_on = today

    @api.private
    def get_calendar(self):
        """The `WorkCalendar` of the policy: statutory days, and the company's decree
        and closing days where the policy lets them count."""
        self.ensure_one()
        return WorkCalendar([*self._get_extra_days(), *self._get_shipped_days()])

    def _get_extra_days(self):
        """The closed days of the company that this policy counts, as `ClosedDay`."""
        kinds = [
            kind
            for kind, counts in (
                ("decree", self.count_decree_days),
                ("organisation", self.count_organisation_days),
            )
            if counts
        ]
        days = (
            self.env["klachtenbeheer.closed.day"]
            .sudo()  # every reader of a date needs the days behind it
            .search_fetch(
                [("company_id", "=", self.company_id.id), ("kind", "in", kinds)],
                ["date", "kind", "name"],
            )
            if kinds
            else ()
        )
        return [ClosedDay(day.date, day.kind, day.name) for day in days]

    def _project(self, received_on):
        """Deadlines of an imagined complaint that arrives in writing on a local date,
        is handled here, and is formal at once where the policy knows a formal phase."""
        self.ensure_one()
        events = [Event("received", received_on)]
        if self.formal_phase == "internal":
            events.append(Event("formalised", received_on))
        terms = self.term_ids._get_written_ones()
        return project([term._to_tool() for term in terms], events, self.get_calendar())

    def preview(self, received_on):
        """Due dates of a complaint that arrives in writing on a day, saving nothing.

        :param received_on: local date of receipt (date or ISO string)
        :return: {term code: due date} of the terms that start then
        """
        deadlines = self._project(fields.Date.to_date(received_on))
        return {deadline.term: deadline.due_on for deadline in deadlines}
