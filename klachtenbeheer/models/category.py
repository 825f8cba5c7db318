from odoo import api, fields, models


class Category(models.Model):
    """What a complaint is about, in the words of the policy."""

    _name = "klachtenbeheer.category"
    _description = "Complaint Category"
    _inherit = ["klachtenbeheer.policy.line"]
    _parent_name = "parent_id"

    name = fields.Char(required=True)
    parent_id = fields.Many2one("klachtenbeheer.category", "Main category", index="btree_not_null")

    @api.depends("name", "parent_id.name")
    def _compute_display_name(self):
        for category in self:
            parent = category.parent_id
            category.display_name = f"{parent.name} / {category.name}" if parent else category.name
