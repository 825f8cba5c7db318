from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ..platform.groups import HANDLERS
from .complaint import FORMAL

# Outcomes that a rule keeps out of the register.
EXEMPT_OUTCOMES = {
    "always": (),
    "unless_remedied": ("remedied",),
    "unless_solved": ("resolved_informally", "remedied"),
}


class ComplaintRegister(models.Model):
    """What is entered in the register: everything, but for what a policy exempts; and what
    is forced back in (KK32-35)."""

    _inherit = "klachtenbeheer.complaint"

    nature = fields.Selection(
        [("complaint", "Complaint"), ("suggestion", "Suggestion")],
        default="complaint",
        required=True,
        tracking=True,
        help="A suggestion has no terms and is not counted as a complaint.",
    )
    in_register = fields.Boolean(
        "In the register",
        compute="_compute_in_register",
        store=True,
        readonly=False,
        tracking=True,
    )
    register_forced = fields.Char("Why it is in the register", compute="_compute_register_forced")
    unwanted_behaviour = fields.Boolean(tracking=True)
    is_repeated = fields.Boolean("Repeated", readonly=True, copy=False, tracking=True)
    related_ids = fields.Many2many(
        "klachtenbeheer.complaint",
        "klachtenbeheer_complaint_related_rel",
        "complaint_id",
        "related_id",
        string="Earlier complaints",
        copy=False,
    )
    registration_checked_by_id = fields.Many2one(
        "res.users", "Registration checked by", readonly=True, copy=False
    )
    registration_checked_on = fields.Date(readonly=True, copy=False)

    registration_complete = fields.Boolean(
        compute="_compute_registration_complete", groups=HANDLERS
    )

    # how it became known
    established_by = fields.Char("Established by")
    source = fields.Selection(
        [("internal", "Reported here"), ("external", "Reported at an external body")],
        compute="_compute_source",
        store=True,
    )

    @api.depends("channel", "event_ids.code", "event_ids.voided")
    def _compute_source(self):
        for complaint in self:
            codes = complaint.event_ids.filtered(lambda event: not event.voided).mapped("code")
            external = complaint.channel == "external" or "external_admitted" in codes
            complaint.source = "external" if external else "internal"

    # ---------------------------------------------------------------- exemption

    @api.depends(
        "policy_id.register_rule", "outcome", "nature", "unwanted_behaviour", "is_repeated", "kind"
    )
    def _compute_in_register(self):
        for complaint in self:
            rule = complaint.policy_id.register_rule or "always"
            exempt = (
                complaint.nature == "suggestion"
                or complaint.policy_id.is_practice
                or complaint.outcome in EXEMPT_OUTCOMES[rule]
            )
            complaint.in_register = bool(complaint._get_forced_reason()) or not exempt

    @api.depends("unwanted_behaviour", "is_repeated", "kind", "policy_id")
    @api.depends_context("lang")
    def _compute_register_forced(self):
        for complaint in self:
            complaint.register_forced = complaint._get_forced_reason()

    def _get_forced_reason(self):
        """Why a complaint is in the register whatever else: text, or False."""
        if self.nature == "suggestion" or self.policy_id.is_practice:
            return False
        if self.unwanted_behaviour:
            return self.env._("unwanted behaviour")
        if self.is_repeated:
            return self.env._("repeated: same subject or same person")
        if self.policy_id.register_rule == "always":
            return self.env._("the policy registers every complaint")
        if self.kind == FORMAL and self.policy_id.formal_phase != "none":
            return self.env._("formal complaint")
        return False

    def _is_forced_exception(self):
        """Whether this would not be registered but for unwanted behaviour or repetition."""
        return self.policy_id.register_rule != "always" and (
            self.unwanted_behaviour or self.is_repeated
        )

    @api.constrains("in_register", "unwanted_behaviour", "is_repeated", "kind", "nature")
    def _check_in_register(self):
        for complaint in self:
            reason = complaint._get_forced_reason()
            if reason and not complaint.in_register:
                raise UserError(
                    self.env._("This stays in the register: %(reason)s.", reason=reason)
                )

    # ---------------------------------------------------------------- repetition

    def _detect_repetition(self):
        """Link earlier complaints on the same subject or person; from the threshold of the
        policy on they count as repeated and the register's keeper is warned (KK34)."""
        for complaint in self.sudo():  # a pattern shows whoever may see the single cases
            earlier = complaint._find_earlier()
            if earlier - complaint.related_ids:
                complaint.related_ids = [(6, 0, earlier.ids)]
            threshold = complaint.policy_id.repeat_threshold
            repeated = bool(threshold) and len(earlier) + 1 >= threshold
            if repeated and not complaint.is_repeated:
                complaint._as_procedure().is_repeated = True
                complaint._report_to_register()

    def _find_earlier(self):
        """Complaints on the same subject or person within the window of the policy."""
        since = self.received_on - relativedelta(months=self.policy_id.repeat_months)
        same = Domain.FALSE
        if self.category_id:
            # by name: each version of a policy has categories of its own
            same |= Domain("category_id.name", "=", self.category_id.name)
        if self.respondent_ids:
            same |= Domain("respondent_ids", "in", self.respondent_ids.ids)
        return self.search(
            same
            & Domain("company_id", "=", self.company_id.id)
            & Domain("id", "!=", self.id)
            & Domain("nature", "=", "complaint")
            & Domain("received_on", ">=", since)
            & Domain("received_on", "<=", self.received_on)
        )

    def _report_to_register(self):
        """Tell who keeps the register (KK35)."""
        for complaint in self:
            complaint._alert_coordinator(
                self.env._("Belongs in the register: %s", complaint._get_forced_reason())
            )

    # ---------------------------------------------------------------- check

    @api.depends(
        "policy_id.check_registration",
        "policy_id.register_rule",
        "registration_checked_on",
        "unwanted_behaviour",
        "is_repeated",
    )
    def _compute_registration_complete(self):
        for complaint in self:
            needed = complaint.policy_id.check_registration or complaint._is_forced_exception()
            complaint.registration_complete = bool(complaint.registration_checked_on or not needed)

    def action_check_registration(self):
        """The coordinator, or who stands in, found the registration complete (SJ31)."""
        self.check_access("read")  # before anything tells whether it exists
        for complaint in self:
            if not self.env.su and self.env.user not in complaint._get_registration_checkers():
                raise AccessError(
                    self.env._(
                        "The registration is checked by: %s.",
                        complaint.policy_id._get_role_title("coordinator"),
                    )
                )
            complaint_su = complaint.sudo()  # see above who may
            complaint_su._as_procedure().write(
                {
                    "registration_checked_by_id": self.env.uid,
                    "registration_checked_on": complaint._today(),
                }
            )

    def _get_registration_checkers(self):
        policy_su = self.sudo().policy_id  # who has which role is no secret
        keepers = policy_su._get_role_users("coordinator") | policy_su._get_role_users("deputy")
        return self._without_respondents(keepers) | self._get_acting_coordinators()

    def action_convert(self):
        """A suggestion turns out to be a complaint, or the other way round (SJ29)."""
        for complaint in self:
            complaint.nature = "suggestion" if complaint.nature == "complaint" else "complaint"
            complaint._mark_triaged(complaint.triage_reason)
        self._project(reason=self.env._("the kind of message was changed"))
