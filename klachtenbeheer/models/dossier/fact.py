from odoo import fields, models


class Fact(models.Model):
    """Something the investigation brought to light, with its author and date (SB30)."""

    _name = "klachtenbeheer.fact"
    _description = "Fact in a Complaint Investigation"
    _inherit = ["klachtenbeheer.dossier.line"]
    _order = "date, id"
    _procedure_fields = frozenset({"author_id"})

    date = fields.Date(required=True, default=lambda self: self.env.company._complaint_today())
    name = fields.Char("What was found", required=True)
    description = fields.Html()
    author_id = fields.Many2one(
        "res.users", "Found by", required=True, readonly=True, default=lambda self: self.env.user
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Documents")
