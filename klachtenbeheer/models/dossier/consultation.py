from odoo import api, fields, models

from ..complaint.escalation import ACTIVITY_CONSULT
from ..platform.groups import HANDLERS


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


class ComplaintConsultation(models.Model):
    _inherit = "klachtenbeheer.complaint"

    consultation_ids = fields.One2many(
        "klachtenbeheer.consultation", "complaint_id", "Consultations", groups=HANDLERS
    )
    is_consulted = fields.Boolean(
        compute="_compute_is_consulted",
        groups=HANDLERS,
        help="The board was consulted where the policy asks for that.",
    )

    @api.depends("consultation_ids.with_role", "severity", "is_sensitive")
    def _compute_is_consulted(self):
        for complaint in self:
            needed = complaint.policy_id.consult_board and complaint._is_serious()
            done = "board" in complaint.consultation_ids.mapped("with_role")
            complaint.is_consulted = done or not needed

    def _finish_consultation_tasks(self):
        """The board was consulted; the task may have been of somebody else."""
        self.sudo().activity_feedback([ACTIVITY_CONSULT], only_automated=False)
