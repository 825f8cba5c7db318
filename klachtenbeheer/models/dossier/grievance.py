from odoo import fields, models


class Grievance(models.Model):
    """Klachtonderdeel: one point of a complaint with its own findings and verdict."""

    _name = "klachtenbeheer.grievance"
    _description = "Grievance"
    _inherit = ["klachtenbeheer.dossier.line", "klachtenbeheer.judged"]
    _order = "sequence, id"

    policy_id = fields.Many2one(related="complaint_id.policy_id")
    sequence = fields.Integer(default=10)
    name = fields.Char("Grievance", required=True)
    findings = fields.Html()
    motivation = fields.Html()
