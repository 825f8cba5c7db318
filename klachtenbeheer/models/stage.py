from odoo import fields, models


class Stage(models.Model):
    """A stage of a policy. Events bring a complaint there; nobody moves it by hand."""

    _name = "klachtenbeheer.stage"
    _description = "Stage of a Complaint Policy"
    _inherit = ["klachtenbeheer.policy.line"]

    name = fields.Char(required=True)
    event_ids = fields.Many2many(
        "klachtenbeheer.event.type",
        "klachtenbeheer_stage_event_rel",
        string="Reached by",
        help="A complaint is in the last stage of which one of these events happened.",
    )
    requirement_ids = fields.Many2many(
        "klachtenbeheer.requirement",
        "klachtenbeheer_stage_requirement_rel",
        string="Required before",
    )
    is_closed = fields.Boolean("Closed")
    fold = fields.Boolean("Folded in the board")
