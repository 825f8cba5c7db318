from odoo import fields, models


class MeasureText(models.Model):
    """A measure is of the organisation and stays; its text only if somebody has looked at it."""

    _inherit = "klachtenbeheer.measure"

    names_nobody = fields.Boolean(
        help="Its text was looked at and leads to nobody: it stays when the dossiers that it came"
        " from are anonymised."
    )
