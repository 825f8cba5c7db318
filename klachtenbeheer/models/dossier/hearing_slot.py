from odoo import fields, models


class HearingSlot(models.Model):
    """A moment that was proposed for a conversation."""

    _name = "klachtenbeheer.hearing.slot"
    _description = "Proposed Moment of a Conversation"
    _inherit = ["klachtenbeheer.dossier.part"]
    _part_of = ("hearing_id",)
    _order = "start_at, id"
    _rec_name = "start_at"

    hearing_id = fields.Many2one(
        "klachtenbeheer.hearing", required=True, ondelete="cascade", index=True
    )
    complaint_id = fields.Many2one(related="hearing_id.complaint_id", store=True, index=True)
    start_at = fields.Datetime("Start", required=True)
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("accepted", "Chosen"),
            ("declined", "Declined"),
            ("expired", "Passed"),
        ],
        default="proposed",
        required=True,
        readonly=True,
    )

    def action_accept(self):
        """The complainant chose this moment."""
        self.ensure_one()
        self.hearing_id.action_plan(self)
