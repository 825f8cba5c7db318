from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import is_html_empty

from ...tools import Missing
from ..platform.groups import HANDLERS

ASKED, ADVISED, WITHDRAWN = "asked", "advised", "withdrawn"
# What the committee itself writes.
OWN_FIELDS = {"text", "verdict", "verdict_id"}


class Advice(models.Model):
    """A dossier that was put before a committee, and what it advises (or decides).

    Putting it before a committee lets its members see the dossier, inside and outside the
    organisation; a term of the policy may start then, and end when the advice is signed. Only
    members write the advice, and the chair, where there is one, signs it.
    """

    _name = "klachtenbeheer.advice"
    _description = "Advice of a Committee"
    _inherit = ["klachtenbeheer.dossier.line", "klachtenbeheer.judged"]
    _order = "asked_on, id"
    _procedure_fields = frozenset({"state", "asked_by_id", "advised_on", "signed_by_id"})

    policy_id = fields.Many2one(related="complaint_id.policy_id")
    role_id = fields.Many2one(
        "klachtenbeheer.policy.role",
        "Committee",
        required=True,
        ondelete="restrict",
        index=True,
        domain="[('policy_id', '=', policy_id), ('may_advise', '=', True),"
        " ('may_assign', '=', False), ('read_scope', '=', 'called_in')]",
    )
    question = fields.Text(required=True)
    asked_on = fields.Date(required=True, default=lambda self: self.env.company._complaint_today())
    asked_by_id = fields.Many2one(
        "res.users", "Asked by", readonly=True, default=lambda self: self.env.user
    )
    state = fields.Selection(
        [(ASKED, "Asked"), (ADVISED, "Advised"), (WITHDRAWN, "Withdrawn")],
        required=True,
        readonly=True,
        default=ASKED,
    )
    text = fields.Html("Advice")
    signed_by_id = fields.Many2one("res.users", "Signed by", readonly=True)
    advised_on = fields.Date(readonly=True)
    can_advise = fields.Boolean(compute="_compute_can_advise")

    @api.depends("role_id.name", "asked_on")
    def _compute_display_name(self):
        for advice in self:
            advice.display_name = advice.role_id.name

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_advise(self):
        for advice in self:
            advice.can_advise = advice.state == ASKED and advice._is_member(self.env.user)

    # ---------------------------------------------------------------- asking

    @api.model_create_multi
    def create(self, vals_list):
        advices = super().create(
            [
                {key: value for key, value in vals.items() if key not in OWN_FIELDS}
                for vals in vals_list
            ]
        )
        for advice in advices:
            advice._check_committee()
            complaint_su = advice.complaint_id.sudo()  # whoever handles puts it before them
            complaint_su._put_before(advice.role_id.code)
            if complaint_su.policy_has_committee:
                complaint_su.committee_advises = True  # terms may depend on it
            complaint_su._record_event("advice_asked", advice.asked_on, advice.role_id.name)
            advice._ask_members()
        return advices

    def _check_committee(self):
        if self.role_id.policy_id != self.complaint_id.policy_id or not self.role_id.may_advise:
            raise UserError(self.env._("Choose a committee of this complaint's own policy."))

    def _ask_members(self):
        for user in self._get_members().filtered(lambda user: user._is_internal()):
            self.complaint_id.sudo().activity_schedule(
                "klachtenbeheer.activity_type_alert",
                summary=self.env._("Your advice is asked"),
                user_id=user.id,
            )

    # ---------------------------------------------------------------- advising

    @api.model
    def _get_dossier_operation(self, operation):
        """Members write their advice on a dossier that they read only."""
        return "read" if operation == "write" else super()._get_dossier_operation(operation)

    def write(self, vals):
        own = OWN_FIELDS & set(vals)
        if not self.env.su:
            for advice in self:
                advice._check_may_write(own, set(vals) - own)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        """What a committee was asked, and advised, stays on the dossier."""
        if not self.env.su and any(advice.state == ADVISED for advice in self):
            raise UserError(self.env._("An advice that was signed stays on the dossier."))

    def _check_may_write(self, own, others):
        if self.state != ASKED:
            raise UserError(self.env._("An advice that was signed does not change any more."))
        if "role_id" in others:  # members of the one see the dossier, of another would sign
            raise UserError(self.env._("Put the dossier before another committee instead."))
        if own and not self._is_member(self.env.user):
            raise AccessError(self.env._("The advice is written by: %s.", self.role_id.name))
        if others and not self.complaint_id._has_power("handle"):
            raise AccessError(self.env._("This is filled in by whoever handles the complaint."))

    def _get_members(self):
        """Who advises on this dossier: nobody who is complained about or involved."""
        # who is in a committee is no secret
        return self.complaint_id._without_respondents(self.sudo().role_id.user_ids)

    def _is_member(self, user):
        return user in self._get_members()

    def _get_signers(self):
        """The chair, or every member where there is none, or the chair has no part in it."""
        members = self._get_members()
        return members & self.sudo().role_id.chair_id or members

    def action_sign(self):
        """The committee gives its advice, as it stands.

        :raise AccessError: by somebody else than who signs for it
        :raise UserError: nothing was written yet
        """
        for advice in self:
            advice.check_access("read")
            advice._do_sign(self.env.user)

    def _do_sign(self, user):
        """:param user: who signs: a member, perhaps from outside"""
        if self.state != ASKED:
            raise UserError(self.env._("An advice that was signed does not change any more."))
        if user not in self._get_signers():
            raise AccessError(
                self.env._(
                    "The advice is signed by: %s.", ", ".join(self._get_signers().mapped("name"))
                )
            )
        if is_html_empty(self.text):
            raise UserError(self.env._("Write the advice first."))
        advice_su = self.sudo()  # see above who may
        advice_su._as_procedure().write(
            {
                "state": ADVISED,
                "signed_by_id": user.id,
                "advised_on": self.complaint_id._today(),
            }
        )
        advice_su._take_over_ruling()
        advice_su.complaint_id._record_event("advised", note=advice_su.role_id.name)
        advice_su.complaint_id._alert_coordinator(
            self.env._("Advice received: %s", advice_su.role_id.name)
        )

    def _take_over_ruling(self):
        """What a committee that decides ruled is the verdict on the complaint, with its words; of
        a complaint with points of its own, each point has one."""
        complaint_su = self.complaint_id
        if self.role_id.may_decide and self.verdict_id and not complaint_su.grievance_ids:
            complaint_su.write({"verdict_id": self.verdict_id.id, "verdict_motivation": self.text})

    def action_withdraw(self):
        """It is not asked any more; the members see the dossier no longer."""
        self.check_access("read")
        for advice in self:
            if not self.env.su and not advice.complaint_id._has_power("handle"):
                raise AccessError(self.env._("This is filled in by whoever handles the complaint."))
            advice_su = advice.sudo()  # see above who may
            advice_su._as_procedure().state = WITHDRAWN
            others = advice_su.complaint_id.advice_ids.filtered(
                lambda line: line.role_id == advice_su.role_id and line.state != WITHDRAWN  # noqa: B023
            )
            if not others:
                advice_su.complaint_id._as_procedure().called_in_role_ids -= advice_su.role_id


class ComplaintAdvice(models.Model):
    """What was advised, and where and why the decision departs from it."""

    _inherit = "klachtenbeheer.complaint"

    advice_ids = fields.One2many(
        "klachtenbeheer.advice", "complaint_id", "Advice of committees", groups=HANDLERS
    )
    is_advised = fields.Boolean(compute="_compute_is_advised", groups=HANDLERS)
    departs_from_advice = fields.Selection(
        [
            ("no", "Follows the advice"),
            ("partly", "Departs from a part of it"),
            ("yes", "Departs from the advice"),
        ],
        "The decision",
        groups=HANDLERS,
    )
    departure_reason = fields.Html("Where and why it departs", groups=HANDLERS)

    @api.depends("advice_ids.state")
    def _compute_is_advised(self):
        for complaint in self:
            states = complaint.advice_ids.mapped("state")
            complaint.is_advised = ADVISED in states and ASKED not in states

    def _get_missing_departure(self):
        """What a decision after an advice says of that: list of `Missing`. Of a committee that
        decides itself, nothing: its word is the decision."""
        advised = self.advice_ids.filtered(lambda advice: advice.state == ADVISED)
        if not advised.filtered(lambda advice: not advice.role_id.may_decide):
            return []
        if not self.departs_from_advice:
            text = self.env._("whether the decision follows the advice of the committee")
            return [Missing(text, "departs_from_advice")]
        if self.departs_from_advice != "no" and is_html_empty(self.departure_reason):
            text = self.env._("where and why the decision departs from the advice")
            return [Missing(text, "departure_reason")]
        return []
