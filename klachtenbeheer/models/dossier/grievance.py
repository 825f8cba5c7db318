from odoo import fields, models


class Grievance(models.Model):
    """Klachtonderdeel: one point of a complaint with its own findings and verdict."""

    _name = "klachtenbeheer.grievance"
    _description = "Grievance"
    _inherit = ["klachtenbeheer.dossier.line"]
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    name = fields.Char("Grievance", required=True)
    findings = fields.Html()
    verdict = fields.Selection(
        [("upheld", "Upheld"), ("partly_upheld", "Partly upheld"), ("not_upheld", "Not upheld")]
    )
    motivation = fields.Html()
