from odoo import api, fields, models
from odoo.exceptions import UserError


class PolicyLine(models.AbstractModel):
    """What a policy consists of: a line follows its policy and is frozen with it."""

    _name = "klachtenbeheer.policy.line"
    _description = "Line of a Complaint Policy"
    _order = "sequence, id"

    policy_id = fields.Many2one(
        "klachtenbeheer.policy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="policy_id.company_id")
    sequence = fields.Integer(default=10)

    @api.model_create_multi
    def create(self, vals_list):
        policies = self.env["klachtenbeheer.policy"].browse(
            {vals["policy_id"] for vals in vals_list if vals.get("policy_id")}
        )
        policies._check_editable()
        return super().create(vals_list)

    def write(self, vals):
        if not set(vals) <= self._get_always_writable_fields():
            self.policy_id._check_editable()
        self._check_stays(vals)
        return super().write(vals)

    def _check_stays(self, vals):
        """A line that moved would change a published policy, and bring people along into a role
        whom nobody confirmed."""
        if "policy_id" in vals and any(line.policy_id.id != vals["policy_id"] for line in self):
            raise UserError(self.env._("What a policy consists of stays with that policy."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.policy_id._check_editable()

    def _get_always_writable_fields(self):
        """Names of fields that may change after publication, because they are not
        part of the regulation itself."""
        return set()
