from odoo import api, fields, models

from ..complaint.deadline import LAPSED, OVERDUE
from .complaint import COLORS


class DeadlineScreen(models.Model):
    """How lists and calendar show a deadline. Nothing here is stored."""

    _inherit = "klachtenbeheer.deadline"

    urgency = fields.Selection(
        [
            ("overdue", "Overdue"),
            ("soon", "Soon"),
            ("later", "Later"),
            ("waiting", "Waiting for somebody else"),
            ("none", "Nothing due"),
        ],
        compute="_compute_urgency",
    )
    color = fields.Integer(compute="_compute_urgency")

    @api.depends("state", "remind_on")
    @api.depends_context("uid")
    def _compute_urgency(self):
        for deadline in self:
            deadline.urgency = deadline._get_urgency()
            deadline.color = COLORS.get(deadline.urgency, 0)

    def _get_urgency(self):
        """As `complaint.next_due_state`, for any deadline."""
        if self.state == OVERDUE:
            return "overdue"
        if not self.is_open or self.state == LAPSED:
            return "none"
        if self.duty_of == "complainant":
            return "waiting"
        soon = self.remind_on and self.remind_on <= self.complaint_id._today()
        return "soon" if soon else "later"

    @api.depends_context("with_reference")
    def _compute_display_name(self):
        """In the calendar a duty says of which complaint it is; elsewhere that is clear."""
        result = super()._compute_display_name()
        if self.env.context.get("with_reference"):
            for deadline in self:
                deadline.display_name = self.env._(
                    "%(reference)s %(duty)s",
                    reference=deadline.complaint_id.name,
                    duty=deadline.term_id.name,
                )
        return result

    def action_open_complaint(self):
        """Open the dossier that this deadline belongs to."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "klachtenbeheer.complaint",
            "res_id": self.complaint_id.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
