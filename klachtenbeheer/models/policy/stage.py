from odoo import api, fields, models


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
    is_end = fields.Boolean(
        "Ends the handling",
        help="From here a complaint is closed without what other stages require, as when it was"
        " withdrawn.",
    )
    is_optional = fields.Boolean(
        "Not for every complaint",
        help="Some complaints never come here, so later stages don't ask for what it requires.",
    )
    fold = fields.Boolean("Folded in the board")

    @api.depends("name", "policy_id.name")
    @api.depends_context("stage_with_policy")
    def _compute_display_name(self):
        """Stages of several policies side by side are told apart by their policy."""
        for stage in self:
            stage.display_name = (
                self.env._(
                    "%(stage)s (%(policy)s)", stage=stage.name, policy=stage.policy_id.display_name
                )
                if self.env.context.get("stage_with_policy")
                else stage.name
            )
