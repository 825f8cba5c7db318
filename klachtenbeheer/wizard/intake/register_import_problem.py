from odoo import fields, models


class RegisterImportProblem(models.TransientModel):
    """What is wrong on one line of a spreadsheet that is taken over."""

    _name = "klachtenbeheer.register.import.problem"
    _description = "Problem in an Imported Register"
    _order = "line, id"

    import_id = fields.Many2one("klachtenbeheer.register.import", required=True, ondelete="cascade")
    line = fields.Integer()
    column = fields.Char()
    problem = fields.Char()
