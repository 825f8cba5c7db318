import re

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import html2plaintext, ormcache

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
PROCEDURE_FIELDS = {"state", "approved_by_id", "approved_on", "published_on"}
# Something to be filled in, as in «[naam organisatie]» or «<naam bedrijf>».
PLACEHOLDER = re.compile(r"\[[^\W\d][^\[\]\n]{1,60}\]|<[^\W\d][^<>\n]{1,60}>")
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
    active = fields.Boolean(default=True)
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
        result = super().write(vals)
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

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for policy, vals in zip(self, vals_list, strict=True):
            vals.setdefault(
                "version", policy._get_next_version(vals.get("code"), vals.get("company_id"))
            )
        return vals_list

    def _get_next_version(self, code=None, company_id=None):
        domain = Domain("code", "=", code or self.code) & Domain(
            "company_id", "=", company_id or self.company_id.id
        )
        [(latest,)] = self.with_context(active_test=False)._read_group(domain, [], ["version:max"])
        return (latest or 0) + 1

    def copy(self, default=None):
        copies = super().copy(default)
        for policy, new in zip(self, copies, strict=True):
            new._relink_lines(policy)
        return copies

    def _relink_lines(self, original):
        """Let references between lines of the copy point at lines of the copy."""
        self._relink(original, "category_ids", "parent_id")
        self._relink(original, "letter_type_ids", "term_ids")
        for fname in ("signatory_role_id", "approval_role_id", "contact_role_id"):
            self._relink(original, "letter_type_ids", fname)
        self._relink(original, "letter_type_ids", "internal_role_id")
        self._relink(original, "term_ids", "duty_role_id")

    def _relink(self, original, lines, reference):
        if reference not in self[lines]._fields:
            return
        comodel = self[lines]._fields[reference].comodel_name
        line_field = next(
            fname for fname in LINE_FIELDS if self._fields[fname].comodel_name == comodel
        )
        twins = self._get_twins(original[line_field], self[line_field])
        for line in self[lines].filtered(reference):
            line[reference] = line[reference].browse(
                twin.id for target in line[reference] if (twin := twins.get(target, target))
            )

    def _get_twins(self, originals, copies):
        """{line: the line of the copy that stands for it}; other lines than those of the
        original, given with the copy, stand for those of the same code."""
        if len(originals) == len(copies):
            return dict(zip(originals, copies, strict=True))
        by_code = {line.code: line for line in copies}
        return {line: by_code.get(line.code, line.browse()) for line in originals}

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

    def action_submit(self):
        """Offer a complete draft to the approver."""
        for policy in self.filtered(lambda policy: policy.state == DRAFT):
            policy._raise_blockers()
            policy._as_procedure().state = APPROVAL
            for user in policy._get_releasers():
                policy.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Approve complaint policy"),
                    user_id=user.id,
                )

    def action_publish(self):
        """Put a complete policy in force; earlier published versions retire."""
        for policy in self.filtered(lambda policy: policy.state in (DRAFT, APPROVAL)):
            # the approver need not be allowed to change the text
            policy = policy._check_approval()._as_procedure()
            today = policy._today()
            if not policy.effective_from:
                policy._raise_blockers()  # a next version asks for its date
                policy.effective_from = today
            policy.write({"state": PUBLISHED, "published_on": today})
            policy.activity_feedback(["mail.mail_activity_data_todo"])
            policy._get_other_versions().filtered(
                lambda other: other.state == PUBLISHED
            ).state = RETIRED
            policy.role_ids._sync_versions()

    def action_retire(self):
        published = self.filtered(lambda policy: policy.state == PUBLISHED)
        published._as_procedure().state = RETIRED

    def action_back_to_draft(self):
        offered = self.filtered(lambda policy: policy.state == APPROVAL)
        offered._as_procedure().state = DRAFT

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

    # ---------------------------------------------------------------- publishing

    def _check_can_publish(self):
        for policy in self:
            policy._raise_blockers()

    def _raise_blockers(self):
        blockers = self._get_publish_blockers()
        if blockers:
            raise UserError(
                self.env._(
                    "“%(policy)s” can't be published yet:\n%(list)s",
                    policy=self.display_name,
                    list="\n".join(f"• {line}" for line in blockers),
                )
            )

    def _check_approval(self):
        """Only the role that the policy names releases it (KK5, SJ43).

        :return: the policy, as it may be published
        """
        if self.approval_role == "none":
            self._check_second_person()
            if self.env.user in self._get_releasers():
                return self.sudo()  # confirms the people that somebody else named
            self.check_access("write")
            return self
        if self.env.user not in self._get_role_users(self.approval_role) and not self.env.su:
            raise UserError(
                self.env._(
                    "This policy is approved and published by: %s.",
                    self._get_role_title(self.approval_role),
                )
            )
        self._check_second_person()
        policy_su = self.sudo()  # the approver approves; changing it is the manager's
        policy_su._as_procedure().write(
            {"approved_by_id": self.env.uid, "approved_on": self._today()}
        )
        return policy_su

    def _get_releasers(self):
        """Who is asked to publish: the role that approves, or a second person where the first
        people of a policy have to be confirmed."""
        if self.approval_role != "none":
            return self._get_role_users(self.approval_role)
        if self._get_known_people():
            return self.env["res.users"]
        return self._get_unconfirmed()._get_all_confirmers()

    def _get_publish_blockers(self):
        """What stands in the way of publication, as a list of sentences."""
        self.ensure_one()
        vacant = self.role_ids.filtered(lambda role: role.required and role._is_vacant())
        blockers = [self.env._("nobody has the role “%s”", role.name) for role in vacant]
        if not self._get_role_users("coordinator") and "coordinator" not in vacant.mapped("role"):
            blockers.append(
                self.env._("nobody has the role “%s”", self._get_role_title("coordinator"))
            )
        blockers += [
            self.env._("“%s” has not been filled in", placeholder)
            for placeholder in self._find_placeholders()
        ]
        blockers += self._get_unmet_requirements() + self._get_address_blockers()
        return blockers + self._get_incomplete_parts()

    def _get_incomplete_parts(self):
        """Parts without which a policy can't work."""
        parts = []
        if not self.stage_ids.filtered("is_closed"):
            parts.append(self.env._("there is no stage for closed complaints"))
        if not self.term_ids:
            parts.append(self.env._("there are no terms"))
        if not self.retention_months:
            parts.append(self.env._("nothing says how long dossiers are kept after closing"))
        return [*parts, *self._get_date_problems(), *self._get_text_problems()]

    def _find_placeholders(self):
        """Distinct placeholders left in the texts, in order of appearance."""
        self.ensure_one()
        found = {}
        for text in self._get_texts():
            found.update(dict.fromkeys(PLACEHOLDER.findall(text)))
        return list(found)

    def _get_texts(self):
        """Plain texts of the policy and its lines that a reader gets to see."""
        for records in (self, *(self[fname] for fname in LINE_FIELDS)):
            for record in records:
                for fname, field in record._fields.items():
                    if field.store and field.type in ("char", "text", "html") and record[fname]:
                        value = record[fname]
                        yield html2plaintext(value) if field.type == "html" else value

    def _get_other_versions(self):
        return self.search(
            [
                ("code", "=", self.code),
                ("company_id", "=", self.company_id.id),
                ("id", "not in", self.ids),
            ]
        )

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

    def _get_version_in_force(self, day):
        """The version that governs what is received on a local date (T50).

        :return: the policy itself where no published version was in force that day.
        """
        self.ensure_one()
        self._recall()
        begun = [version_id for start, version_id in self._get_starts() if start <= day]
        return self.browse(begun[-1:]) or self

    def _get_starts(self):
        """From which local date each version of this policy was in force, in order.

        :return: ((date, id), …)
        """
        return self._remember_starts(self.code, self.company_id.id) if self.code else ()

    @api.model
    @ormcache("code", "company_id")
    def _remember_starts(self, code, company_id):
        """Once in a process: forgotten when a version comes or goes."""
        # when a policy took effect is no secret
        versions_su = self.sudo().search(
            Domain("code", "=", code)
            & Domain("company_id", "=", company_id)
            & Domain("state", "in", IN_FORCE_STATES)
            & Domain("effective_from", "!=", False)
        )
        versions_su = versions_su.sorted(lambda line: (line.effective_from, line.version))
        return tuple((version.effective_from, version.id) for version in versions_su)

    def _get_versions(self):
        """This policy and its other versions; what may change of them is read at once."""
        return (
            self.search_fetch(
                [
                    "|",
                    ("id", "=", self.id),
                    "&",
                    ("code", "=", self.code),
                    ("company_id", "=", self.company_id.id),
                ],
                ["state", "effective_from", "version", "coordinator_id", "deputy_id"],
            )
            | self
        )

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
