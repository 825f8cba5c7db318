from odoo import api, fields, models


class Category(models.Model):
    """What a complaint is about, in the words of the policy."""

    _name = "klachtenbeheer.category"
    _description = "Complaint Category"
    _inherit = ["klachtenbeheer.policy.line"]
    _parent_name = "parent_id"

    name = fields.Char(required=True)
    handler_ids = fields.Many2many(
        "res.users", string="Best equipped", help="Proposed as handlers of this subject."
    )
    about_person = fields.Boolean(
        "About somebody", help="Note who the complaint is about, or that this is unknown."
    )
    parent_id = fields.Many2one("klachtenbeheer.category", "Main category", index="btree_not_null")

    @api.depends("name", "parent_id.name")
    def _compute_display_name(self):
        for category in self:
            parent = category.parent_id
            category.display_name = f"{parent.name} / {category.name}" if parent else category.name

    def _get_always_writable_fields(self):
        return {"handler_ids"}

    def _is_about_person(self):
        return self.about_person or self.parent_id.about_person
