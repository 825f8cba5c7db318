from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..platform.groups import HANDLERS


class Ruling(models.Model):
    """What directie decides where the policy does not provide (SB53)."""

    _name = "klachtenbeheer.ruling"
    _description = "Ruling in an Unforeseen Case"
    _inherit = ["klachtenbeheer.dossier.line"]
    _order = "asked_on, id"
    _procedure_fields = frozenset({"decision", "decided_by_id", "decided_on"})

    asked_on = fields.Date(required=True, default=lambda self: self.env.company._complaint_today())
    question = fields.Text(required=True)
    decision = fields.Text(readonly=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True)
    decided_on = fields.Date(readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        rulings = super().create(vals_list)
        for ruling in rulings:
            ruling.complaint_id._ask_role(
                ruling.complaint_id._get_deciding_role(),
                self.env._("The policy does not provide: please decide"),
            )
        return rulings

    def write(self, vals):
        if not self.env.su and any(ruling.decided_on for ruling in self):
            raise UserError(self.env._("What was decided does not change any more."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        if not self.env.su and any(ruling.decided_on for ruling in self):
            raise UserError(self.env._("What was decided stays on the dossier."))

    def action_decide(self, decision):
        """Record the decision of directie, or of the board where directie is concerned.

        :raise AccessError: somebody else decides
        """
        for ruling in self:
            complaint = ruling.complaint_id
            role = complaint._get_deciding_role()
            if self.env.user not in complaint._get_role_people(role):
                raise AccessError(
                    self.env._("This is decided by: %s.", complaint.policy_id._get_role_title(role))
                )
            # whoever decides need not be allowed to edit the dossier
            ruling.sudo()._as_procedure().write(
                {
                    "decision": decision,
                    "decided_by_id": self.env.uid,
                    "decided_on": complaint._today(),
                }
            )

    def action_open_decision(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide"),
            "res_model": "klachtenbeheer.ruling.decide",
            "view_mode": "form",
            "target": "new",
            "context": {"default_ruling_id": self.id},
        }


class ComplaintRuling(models.Model):
    _inherit = "klachtenbeheer.complaint"

    ruling_ids = fields.One2many(
        "klachtenbeheer.ruling", "complaint_id", "Rulings in unforeseen cases", groups=HANDLERS
    )
