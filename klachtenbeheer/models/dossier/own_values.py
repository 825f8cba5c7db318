from odoo import api, fields, models

from ..platform.groups import HANDLERS


class ComplaintOwnValues(models.Model):
    """What was filled in of the fields that the policy adds."""

    _inherit = "klachtenbeheer.complaint"

    own_values = fields.Properties(
        "Fields of the policy",
        definition="policy_id.own_definition",
        copy=False,
        groups=HANDLERS,
    )
    has_own_fields = fields.Boolean(compute="_compute_has_own_fields", groups=HANDLERS)

    @api.depends("policy_id.own_fields")
    def _compute_has_own_fields(self):
        for complaint in self:
            # what a policy asks is no secret
            complaint.has_own_fields = bool(complaint.policy_id.sudo().own_fields)
