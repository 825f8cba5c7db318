from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

COMPLAINT = "klachtenbeheer.complaint"
PROPOSED, ADOPTED, DEFERRED, REJECTED, DONE = "proposed", "adopted", "deferred", "rejected", "done"
DECISIONS = (ADOPTED, DEFERRED, REJECTED)
RECOMMENDATION = "recommendation"
EFFECT_AFTER = relativedelta(months=3)
# What who carries a measure out, without a role on dossiers, says of it.
OWNER_FIELDS = {
    *("feedback_on", "feedback_to", "effect", "effect_note"),
    *("activity_ids", "message_ids", "message_follower_ids"),
}
# What only the methods of a measure put on record: who decided, and what was asked since.
PROCEDURE_FIELDS = {
    *("decided_by_id", "decided_on", "recommendation_id", "warned_on", "asked_again_on"),
    *("effect_asked_on", "effect_checked_on", "effect_checked_by_id"),
}
# Which complaints led to it: that asks for rights on those complaints.
LINKS = {"complaint_ids", "link_ids"}


class Measure(models.Model):
    """A remedy for the complainant, an improvement of the organisation, or a
    recommendation to directie."""

    _name = "klachtenbeheer.measure"
    _description = "Measure or Recommendation"
    _inherit = ["klachtenbeheer.refusing.thread"]
    _order = "due_on, id"

    name = fields.Char("Measure", required=True, tracking=True)
    description = fields.Html()
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    link_ids = fields.One2many("klachtenbeheer.measure.link", "measure_id", "Complaints")
    complaint_ids = fields.Many2many(
        "klachtenbeheer.complaint",
        string="Complaints that led to it",
        compute="_compute_complaint_ids",
        compute_sudo=True,  # it asks for the rights of the user itself, for all at once
        inverse="_inverse_complaint_ids",
        search="_search_complaint_ids",
    )
    kind = fields.Selection(
        [
            ("remedy", "Remedy for the complainant"),
            ("corrective", "Corrective measure"),
            ("preventive", "Improvement measure"),
            (RECOMMENDATION, "Recommendation"),
        ],
        required=True,
        default="preventive",
        tracking=True,
    )
    structural = fields.Boolean(tracking=True)
    owner_id = fields.Many2one("res.users", tracking=True)
    due_on = fields.Date("Realised by", tracking=True)
    realised_on = fields.Date(tracking=True)
    state = fields.Selection(
        [
            (PROPOSED, "Proposed"),
            (ADOPTED, "Adopted"),
            (DEFERRED, "Deferred"),
            (REJECTED, "Not adopted"),
            (DONE, "Done"),
        ],
        required=True,
        default=PROPOSED,
        tracking=True,
    )
    recommendation_id = fields.Many2one(
        "klachtenbeheer.measure", "Follows from", readonly=True, index="btree_not_null"
    )
    warned_on = fields.Date(readonly=True, copy=False, help="When it was found overdue.")
    feedback_on = fields.Date("Reported back on")
    feedback_to = fields.Char("Reported back to")
    decision = fields.Text(help="Why it was adopted or not.")
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True)
    decided_on = fields.Date(readonly=True)
    deferred_until = fields.Date("Held over until", help="Then it is decided on anew.")
    asked_again_on = fields.Date(readonly=True, copy=False)
    follow_up_ids = fields.One2many(
        "klachtenbeheer.measure", "recommendation_id", "Measures that follow from it", readonly=True
    )

    # whether it helped
    effect_due_on = fields.Date(
        "Effect looked at on", copy=False, help="Some months after it was realised, by itself."
    )
    effect_asked_on = fields.Date(readonly=True, copy=False)
    effect = fields.Selection(
        [("helped", "It helped"), ("partly", "It helped in part"), ("none", "It did not help")],
        copy=False,
        tracking=True,
    )
    effect_note = fields.Text("How that is seen", copy=False)
    effect_checked_on = fields.Date("Effect noted on", readonly=True, copy=False)
    effect_checked_by_id = fields.Many2one(
        "res.users", "Effect noted by", readonly=True, copy=False
    )

    # what the screens need to know
    can_decide = fields.Boolean(compute="_compute_can_decide")
    can_carry_out = fields.Boolean(compute="_compute_can_decide")
    asks_feedback = fields.Boolean(
        compute="_compute_asks_feedback", help="The policy wants its result reported back (SB50)."
    )

    _overdue_idx = models.Index(
        "(company_id, due_on) WHERE warned_on IS NULL AND state IN ('proposed', 'adopted')"
    )

    # ---------------------------------------------------------------- whose

    @api.model
    def _get_dossier_domain(self, operation):
        """Their owners carry them out, and whoever handles or decides on a complaint follows what
        it led to. Who receives the reports of its policy reads that: a measure names nobody."""
        domain = Domain("owner_id", "=", self.env.uid) | self._get_followed_domain()
        if operation != "read":
            return domain
        policies = self.env[COMPLAINT]._get_policies_giving("reports")
        return domain | self._get_policies_domain(policies)

    @api.model
    def _get_followed_domain(self):
        """Measures that the user makes and changes, besides carrying out their own: of dossiers
        that they handle or decide on; those of no dossier are of who leads a policy."""
        complaints = self.env[COMPLAINT]
        in_hand = complaints._get_power_domain("handle") | complaints._get_power_domain("decide")
        domain = Domain("link_ids", "any!", Domain("complaint_id", "any!", in_hand))
        if self.browse().has_access("create"):
            domain |= Domain("create_uid", "=", self.env.uid)
        leads = complaints._get_power_policies("assign") | complaints._get_power_policies("decide")
        return domain | self._get_unlinked_domain(leads)

    @api.model
    def _get_policies_domain(self, policy_ids):
        """What complaints under these policies led to, and what no complaint led to."""
        if not policy_ids:
            return Domain.FALSE
        of_policies = Domain("complaint_id", "any!", Domain("policy_id", "in", list(policy_ids)))
        return Domain("link_ids", "any!", of_policies) | self._get_unlinked_domain(policy_ids)

    @api.model
    def _get_unlinked_domain(self, policy_ids):
        # of which organisation a policy is, is no secret
        companies_su = self.env["klachtenbeheer.policy"].sudo().browse(policy_ids).company_id
        return Domain("link_ids", "=", False) & Domain("company_id", "in", companies_su.ids)

    def _filter_followed(self):
        """Those that the user changes as somebody who handles or decides."""
        if self.env.su:
            return self
        followed = self._get_followed_domain()
        return self & self.sudo().search(Domain("id", "in", self.ids) & followed).sudo(False)

    # ---------------------------------------------------------------- complaints

    @api.depends("link_ids.complaint_id")
    @api.depends_context("uid")
    def _compute_complaint_ids(self):
        """Those that the user may see: a measure may come from several complaints."""
        visible = self._get_visible_links()
        if not visible:  # who only carries it out may not even ask for the links
            self.complaint_ids = False
            return
        for measure in self:
            # `&` alone would read line by line
            links = (measure.link_ids & visible).with_prefetch(visible.ids)
            measure.complaint_ids = links.complaint_id

    def _get_visible_links(self):
        links = self.env["klachtenbeheer.measure.link"].sudo(False)
        if not links.has_access("read"):
            return links
        # what the system has read before is not for everybody
        return self.sudo(False).link_ids._filtered_access("read")

    def _inverse_complaint_ids(self):
        for measure in self:
            wanted, links = measure.complaint_ids, measure._get_visible_links()
            links.filtered(lambda link: link.complaint_id not in wanted).unlink()  # noqa: B023
            measure.link_ids = [
                (0, 0, {"complaint_id": complaint.id})
                for complaint in wanted - links.exists().complaint_id
            ]

    @api.model
    def _search_complaint_ids(self, operator, value):
        return Domain("link_ids.complaint_id", operator, value)

    # ---------------------------------------------------------------- screen

    @api.depends("kind")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        """Directie decides on recommendations (SJ36), whoever handles the complaint on measures;
        who carries one out says when it is done."""
        followed = self._origin._filter_followed()
        for measure in self:
            is_new = not measure._origin
            measure.can_carry_out = is_new or measure.has_access("write")
            if measure.kind == RECOMMENDATION:
                measure.can_decide = measure.can_carry_out and measure._may_decide()
            else:
                measure.can_decide = is_new or measure._origin in followed

    @api.depends("link_ids.complaint_id.policy_id.measure_feedback")
    def _compute_asks_feedback(self):
        for measure in self:
            measure.asks_feedback = measure._asks_feedback()

    def _asks_feedback(self):
        # whoever carries a measure out need not see the complaints that led to it
        policies = self.sudo().link_ids.complaint_id.policy_id
        return any(policies.mapped("measure_feedback"))

    # ---------------------------------------------------------------- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        measures = super().create([self._without_procedure(vals) for vals in vals_list])
        measures._check_starts_open()
        return measures

    def write(self, vals):
        vals = self._without_procedure(vals)
        if "state" in vals:
            self._check_may_change_state(vals["state"])
        self._check_kind_change(vals)
        self._check_owner_writes(vals)
        if "due_on" in vals:
            vals = {**vals, "warned_on": False}
        if "deferred_until" in vals:
            vals = {**vals, "asked_again_on": False}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_accounted_for(self):
        """What was decided, carried out or told, or belongs to a dossier that is closed, is what
        an organisation accounts for; only what was typed in by mistake goes."""
        measures_su = self.sudo()  # whether it was told follows from its dossiers
        for measure in measures_su:
            links = measure.link_ids
            if (
                measure.state in (DEFERRED, REJECTED, DONE)
                or measure.decided_on
                or measure.realised_on
                or links.filtered("communicated_on")
                or links.complaint_id.filtered("is_closed")
            ):
                raise UserError(
                    self.env._(
                        "“%s” stays: it was decided on, carried out or told, or is part of a closed"
                        " dossier.",
                        measure.name,
                    )
                )

    def _without_procedure(self, vals):
        if self.env.su:
            return vals
        return {fname: value for fname, value in vals.items() if fname not in PROCEDURE_FIELDS}

    def _check_owner_writes(self, vals):
        """Who only carries a measure out says how that goes, and changes nothing else."""
        if self.env.su or set(vals) <= OWNER_FIELDS | LINKS:
            return
        self.check_access("write")
        if self - self._filter_followed():
            raise AccessError(
                self.env._("You carry this measure out; what it is, is for who handles complaints.")
            )

    def _check_starts_open(self):
        decided = self.filtered(lambda measure: measure.state not in (PROPOSED, ADOPTED))
        recommended = self.filtered(
            lambda measure: measure.kind == RECOMMENDATION and measure.state != PROPOSED
        )
        if (decided | recommended) and not self.env.su:
            raise UserError(self.env._("A recommendation is proposed first, then decided on."))

    def _check_may_change_state(self, state):
        """Directie decides on recommendations (SJ36); what is done was adopted before."""
        recommended = self.filtered(
            lambda measure: measure.kind == RECOMMENDATION and measure.state != state
        )
        done = recommended.filtered(lambda measure: (measure.state, state) == (ADOPTED, DONE))
        if recommended - done and not self._may_decide():
            raise AccessError(self.env._("Directie decides on recommendations."))

    def _check_kind_change(self, vals):
        """What was decided as a recommendation, or as something else, stays that."""
        if self.env.su or "kind" not in vals:
            return
        for measure in self.filtered(lambda measure: measure.kind != vals["kind"]):
            if RECOMMENDATION in (measure.kind, vals["kind"]) and measure.state != PROPOSED:
                raise UserError(self.env._("This was decided on; make another measure instead."))

    def _may_decide(self):
        """Whether the user decides, on a complaint that led to each of these; on what no complaint
        led to, under a policy of that organisation."""
        return self.env.su or all(measure._is_decided_by_user() for measure in self)

    def _is_decided_by_user(self):
        complaints = self.sudo().link_ids.complaint_id.sudo(False)  # not shown which they are
        if complaints:
            return any(complaint._has_power("decide") for complaint in complaints)
        policies = complaints._get_power_policies("decide")
        companies_su = self.env["klachtenbeheer.policy"].sudo().browse(policies).company_id
        return self.company_id in companies_su

    @api.model
    def _get_decided_domain(self):
        """The same as a domain: what the user decides on, if it is a recommendation."""
        complaints = self.env[COMPLAINT]
        deciding = Domain("complaint_id", "any!", complaints._get_power_domain("decide"))
        unlinked = self._get_unlinked_domain(complaints._get_power_policies("decide"))
        return Domain("link_ids", "any!", deciding) | unlinked

    # ---------------------------------------------------------------- decisions

    def action_adopt(self):
        """What is adopted is carried out: a recommendation becomes a measure (SJ36)."""
        self._decide(ADOPTED)
        for measure in self.filtered(lambda measure: measure.kind == RECOMMENDATION):
            measure._make_adopted_measure()

    def action_defer(self):
        """Held over: without a day it is asked again after three months."""
        today = self.env.company._complaint_today()
        for measure in self.filtered(
            lambda measure: not measure.deferred_until or measure.deferred_until <= today
        ):
            measure.deferred_until = today + EFFECT_AFTER
        self._decide(DEFERRED)

    def action_reject(self):
        """Directie does not adopt a recommendation; it says why (SJ36)."""
        if any(not (measure.decision or "").strip() for measure in self):
            raise UserError(self.env._("Say why this is not adopted."))
        self._decide(REJECTED)

    def action_done(self):
        """The measure was realised, and its result reported back where a policy asks for
        that (SB50)."""
        for measure in self:
            if measure._asks_feedback() and not (measure.feedback_on and measure.feedback_to):
                raise UserError(self.env._("Note when and to whom the result was reported back."))
        today = self.env.company._complaint_today()
        self.check_access("write")
        if any(line.kind == RECOMMENDATION and line.state != ADOPTED for line in self):
            raise UserError(self.env._("A recommendation is proposed first, then decided on."))
        measures_su = self.sudo()  # whoever carries it out says that it is done
        measures_su.write({"state": DONE, "realised_on": today})
        for measure_su in measures_su.filtered(lambda measure: not measure.effect_due_on):
            measure_su.effect_due_on = today + EFFECT_AFTER

    def action_note_effect(self):
        """Whether it helped, on record, with how that is seen."""
        for measure in self:
            if measure.state != DONE:
                raise UserError(self.env._("The effect is looked at after the measure was done."))
            if not measure.effect or not (measure.effect_note or "").strip():
                raise UserError(self.env._("Say whether it helped, and how that is seen."))
        self.check_access("write")
        self.sudo().write(
            {
                "effect_checked_on": self.env.company._complaint_today(),
                "effect_checked_by_id": self.env.uid,
            }
        )
        summary = self._get_effect_summary()
        # the task may be of somebody else
        self.sudo().activity_ids.filtered(lambda task: task.summary == summary).action_done()

    def _decide(self, state):
        self.write({"state": state})
        self.sudo().write(  # only this puts it on record
            {
                "decided_by_id": self.env.uid,
                "decided_on": self.env.company._complaint_today(),
            }
        )

    def _make_adopted_measure(self):
        self.sudo().create(  # who decides need not be allowed to edit the dossiers
            {
                "name": self.name,
                "description": self.description,
                "kind": "preventive",
                "structural": self.structural,
                "state": ADOPTED,
                "owner_id": self.owner_id.id,
                "due_on": self.due_on,
                "company_id": self.company_id.id,
                "recommendation_id": self.id,
                "link_ids": [
                    (0, 0, {"complaint_id": complaint.id})
                    for complaint in self.sudo().link_ids.complaint_id
                ],
            }
        )

    def _concerns_complainant(self):
        """Whether it was or will be taken, so that the complainant hears of it (SJ22): a
        recommendation first becomes a measure."""
        return self.kind != RECOMMENDATION and self.state != REJECTED

    # ---------------------------------------------------------------- monitoring

    @api.model
    def _get_late_domain(self, today):
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("due_on", "<", today)
            & Domain("warned_on", "=", False)
            & Domain("state", "in", (PROPOSED, ADOPTED))
            # an adopted recommendation goes on as a measure
            & (Domain("kind", "!=", RECOMMENDATION) | Domain("state", "=", PROPOSED))
        )

    @api.model
    def _get_resumed_domain(self, today):
        """What was held over until now."""
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("state", "=", DEFERRED)
            & Domain("deferred_until", "<=", today)
            & Domain("asked_again_on", "=", False)
        )

    def _ask_again(self, today):
        """Who held it over, or coordinates, is asked to decide now (SJ36)."""
        for measure in self:
            coordinators = measure.link_ids.complaint_id.policy_id.coordinator_id
            measure._schedule_task(
                measure.decided_by_id or coordinators or measure.owner_id,
                self.env._("Held over until now: decide on it"),
            )
        self.asked_again_on = today

    @api.model
    def _get_unchecked_domain(self, today):
        """What was done, and of which it is time to see whether it helped."""
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("state", "=", DONE)
            & Domain("effect_due_on", "<=", today)
            & Domain("effect_checked_on", "=", False)
            & Domain("effect_asked_on", "=", False)
        )

    def _ask_effect(self, today):
        for measure in self:
            coordinators = measure.link_ids.complaint_id.policy_id.coordinator_id
            measure._schedule_task(coordinators or measure.owner_id, self._get_effect_summary())
        self.effect_asked_on = today

    @api.model
    def _get_effect_summary(self):
        return self.env._("Did this measure help?")

    def _schedule_task(self, users, summary):
        for user in users:
            self.activity_schedule("mail.mail_activity_data_todo", summary=summary, user_id=user.id)

    def _warn_overdue(self, today):
        """Owner and coordinator hear of a measure that is late (SB49)."""
        summary = self.env._("Overdue measure")
        for measure in self:
            coordinators = measure.link_ids.complaint_id.policy_id.coordinator_id
            measure._schedule_task(measure.owner_id | coordinators, summary)
        self.warned_on = today


class MeasureLink(models.Model):
    """That a complaint led to a measure, and when the complainant was told (SJ22)."""

    _name = "klachtenbeheer.measure.link"
    _description = "Measure of a Complaint"
    _inherit = ["klachtenbeheer.dossier.part"]
    _part_of = ("complaint_id", "measure_id")
    _table = "klachtenbeheer_measure_link"

    complaint_id = fields.Many2one(
        "klachtenbeheer.complaint", required=True, ondelete="cascade", index=True
    )
    measure_id = fields.Many2one(
        "klachtenbeheer.measure", required=True, ondelete="cascade", index=True
    )
    communicated_on = fields.Date("Complainant told on")

    _pair_uniq = models.Constraint(
        "UNIQUE(complaint_id, measure_id)", "This measure is linked already."
    )

    @api.depends("measure_id.name")
    def _compute_display_name(self):
        for link in self:
            link.display_name = link.measure_id.name
