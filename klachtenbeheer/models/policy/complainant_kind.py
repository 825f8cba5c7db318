from odoo import fields, models


class ComplainantKind(models.Model):
    """In what capacity somebody complains (hoedanigheid), as the policy lists it."""

    _name = "klachtenbeheer.complainant.kind"
    _description = "Kind of Complainant"
    _inherit = ["klachtenbeheer.policy.line"]

    name = fields.Char(required=True)
