from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

from ..platform.groups import MANAGER
from ..policy.policy import PUBLISHED

OPEN, HELD = "open", "held"
OPEN_FIELDS = {"message_ids", "message_follower_ids", "activity_ids", "next_version_id"}


class Evaluation(models.Model):
    """That a policy was evaluated: when, by whom, what was found, what is to change (SB52, SJ41,
    KK49). Once it is closed it is the record of that."""

    _name = "klachtenbeheer.evaluation"
    _description = "Evaluation of a Complaint Policy"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "held_on desc, id desc"
    _rec_name = "policy_id"

    policy_id = fields.Many2one(
        "klachtenbeheer.policy", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    due_on = fields.Date("To be held before", related="policy_id.next_evaluation_on")
    asked_on = fields.Date("Was to be held before", readonly=True)
    held_on = fields.Date(
        "Held on", required=True, default=lambda self: self.env.company._complaint_today()
    )
    present = fields.Char("Held by", help="Who took part, by what they are: MT, coordinator, team.")
    report_id = fields.Many2one(
        "klachtenbeheer.report", "On the figures of", ondelete="restrict", index="btree_not_null"
    )
    findings = fields.Html(sanitize_attributes=True)
    conclusion = fields.Selection([("keep", "Stays as it is"), ("change", "Is to change")])
    changes = fields.Html("Changes proposed", sanitize_attributes=True)
    state = fields.Selection(
        [(OPEN, "Being held"), (HELD, "Held")], default=OPEN, required=True, readonly=True
    )
    next_version_id = fields.Many2one(
        "klachtenbeheer.policy", "Next version", readonly=True, index="btree_not_null"
    )

    # what became of the next version: its own record says so
    next_state = fields.Selection(related="next_version_id.state", string="State of that version")
    next_approved_on = fields.Date(related="next_version_id.approved_on", string="Approved on")
    next_approved_by_id = fields.Many2one(
        related="next_version_id.approved_by_id", string="Approved by"
    )
    next_published_on = fields.Date(
        related="next_version_id.published_internal_on", string="Published inside on"
    )
    next_public_on = fields.Date(
        related="next_version_id.published_external_on", string="Published outside on"
    )

    @api.constrains("policy_id", "report_id")
    def _check_report(self):
        for line in self:
            if line.report_id and line.report_id.policy_code != line.policy_id.code:
                raise UserError(self.env._("These are the figures of another policy."))

    def write(self, vals):
        if not set(vals) <= OPEN_FIELDS and not self.env.su:
            if any(line.state == HELD for line in self):
                raise UserError(
                    self.env._("This evaluation was held; it does not change any more.")
                )
            if "state" in vals:
                raise UserError(self.env._("An evaluation is closed with “Held”."))
        return super().write(vals)

    def _explain_held(self):
        return self.env._("This evaluation was held; it does not change any more.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_held(self):
        if any(line.state == HELD for line in self):
            raise UserError(self._explain_held())

    def action_close(self):
        """The evaluation was held: findings and conclusion are on record, the next one is due
        from this day."""
        self._check_may()
        for line in self.filtered(lambda line: line.state == OPEN):
            line._check_complete()
            policy_su = line.policy_id.sudo()  # whoever may evaluate
            asked_on = policy_su.next_evaluation_on
            line.sudo().write({"state": HELD, "asked_on": asked_on})
            policy_su.write({"last_evaluated_on": line.held_on, "evaluation_announced_on": False})

    def _check_complete(self):
        if self.held_on > self.company_id._complaint_today():
            raise UserError(self.env._("An evaluation is not held in the future."))
        if not html2plaintext(self.findings or "").strip() or not self.conclusion:
            raise UserError(self.env._("Note what was found, and whether the policy is to change."))
        if self.conclusion == "change" and not html2plaintext(self.changes or "").strip():
            raise UserError(self.env._("Note which changes are proposed."))

    def _check_may(self):
        self.check_access("write")
        mine = self.env["klachtenbeheer.complaint"]._get_accounting_policies()
        if not self.env.su and not (
            self.env.user.has_group(MANAGER) or mine.issuperset(self.policy_id.ids)
        ):
            raise AccessError(self.env._("A policy is evaluated by its manager or coordinator."))

    def action_make_next_version(self):
        """The changes go into a copy, which is approved and published on its own."""
        self.ensure_one()
        if self.state != HELD or self.conclusion != "change":
            raise UserError(self.env._("First close an evaluation that says what is to change."))
        if not self.next_version_id:
            day = self.company_id._complaint_today()
            self.next_version_id = self.policy_id.make_next_version(day)
        return self.next_version_id._get_records_action()


class PolicyEvaluation(models.Model):
    _inherit = "klachtenbeheer.policy"

    evaluation_ids = fields.One2many("klachtenbeheer.evaluation", "policy_id", "Evaluations")

    def action_evaluate(self):
        """Open the evaluation that is being held, or begin one."""
        self.ensure_one()
        if self.state != PUBLISHED:
            raise UserError(self.env._("Only a policy in force is evaluated."))
        evaluations = self.env["klachtenbeheer.evaluation"]
        found = evaluations.search([("policy_id", "=", self.id), ("state", "=", OPEN)], limit=1)
        return (found or evaluations.create({"policy_id": self.id}))._get_records_action()
