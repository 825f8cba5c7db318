from odoo import api, fields, models

from .report_record import SENT

BODIES = [
    ("management", "Management"),
    ("team", "Team meeting"),
    ("board", "Board"),
    ("request", "Given on request"),
]
ASKED = {"management": "discuss_management", "team": "discuss_team", "board": "discuss_board"}


class ReportDiscussion(models.Model):
    """Where a report was discussed, or to whom it was given on request (SB47, SJ38)."""

    _name = "klachtenbeheer.report.discussion"
    _description = "Discussion of a Report"
    _inherit = ["klachtenbeheer.report.part"]
    _order = "held_on, id"
    _rec_name = "body"

    report_id = fields.Many2one(
        "klachtenbeheer.report", required=True, ondelete="cascade", index=True
    )
    body = fields.Selection(BODIES, "Where", required=True)
    held_on = fields.Date(
        "On", required=True, default=lambda self: self.env.company._complaint_today()
    )
    note = fields.Char("What was agreed")
    user_id = fields.Many2one(
        "res.users", "Noted by", default=lambda self: self.env.user, readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.report_id._check_may("make")
        lines.report_id._check_discussed()
        return lines

    def write(self, vals):
        self.report_id._check_may("make")
        result = super().write(vals)
        self.report_id._check_discussed()
        return result


class ReportDiscussed(models.Model):
    _inherit = "klachtenbeheer.report"

    discussion_ids = fields.One2many("klachtenbeheer.report.discussion", "report_id", "Discussed")
    still_to_discuss = fields.Char(compute="_compute_still_to_discuss")

    @api.depends("discussion_ids.body", "type_id")
    @api.depends_context("lang")
    def _compute_still_to_discuss(self):
        names = dict(
            self.env["klachtenbeheer.report.discussion"]
            ._fields["body"]
            ._description_selection(self.env)
        )
        for report in self:
            report.still_to_discuss = ", ".join(names[body] for body in report._get_undiscussed())

    def _get_undiscussed(self):
        done = set(self.discussion_ids.mapped("body"))
        return [body for body, asked in ASKED.items() if self.type_id[asked] and body not in done]

    def _ask_discussion(self):
        """The coordinator is reminded until it was discussed wherever the policy wants that."""
        if self._get_undiscussed():
            self._ask_coordinator(self._get_discussion_summary())

    def _get_discussion_summary(self):
        return self.env._("Have it discussed: %s", self.title)

    def _check_discussed(self):
        for report in self.filtered(lambda report: report.state == SENT):
            if not report._get_undiscussed():
                summary = report._get_discussion_summary()
                # the task may have been of somebody else
                report.sudo().activity_ids.filtered(
                    lambda activity: activity.summary == summary  # noqa: B023
                ).action_done()
