from odoo import api, fields, models


class Consultation(models.Model):
    """Asking the board or directie for advice on a serious complaint (SJ25)."""

    _name = "klachtenbeheer.consultation"
    _description = "Consultation"
    _inherit = ["klachtenbeheer.dossier.line"]
    _order = "date, id"

    date = fields.Date(required=True, default=lambda self: self.env.company._complaint_today())
    with_role = fields.Selection(
        [("board", "Board"), ("director", "Director"), ("other", "Somebody else")],
        required=True,
        default="board",
    )
    with_whom = fields.Char("With", required=True)
    question = fields.Text(required=True)
    advice = fields.Text(required=True)

    @api.model_create_multi
    def create(self, vals_list):
        consultations = super().create(vals_list)
        with_board = consultations.filtered(lambda line: line.with_role == "board")
        with_board.complaint_id._finish_consultation_tasks()
        return consultations
