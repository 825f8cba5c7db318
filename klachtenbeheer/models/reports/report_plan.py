from odoo import api, fields, models
from odoo.fields import Domain

from ..policy.policy import PUBLISHED


class ReportPlan(models.Model):
    """That a policy asks for a kind of report, and who gets it besides the roles of it.

    No part of the regulation that is frozen on publication: an organisation may report more
    than its policy asks.
    """

    _name = "klachtenbeheer.report.plan"
    _description = "Report of a Policy"
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one(
        "klachtenbeheer.policy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    type_id = fields.Many2one(
        "klachtenbeheer.report.type", "Report", required=True, ondelete="restrict", index=True
    )
    sequence = fields.Integer(default=10)
    clause = fields.Char("Asked for by", help="Where the policy or the law asks for it.")
    scheduled = fields.Boolean(
        "By itself", default=True, help="Made when its period is over; otherwise on request."
    )
    start_on = fields.Date(
        "From", help="Periods that end before this day get no report. Empty: since publication."
    )
    recipient_ids = fields.Many2many(
        "res.partner",
        string="Also goes to",
        help="People without an account, such as board members, or a supervisor.",
    )

    _type_uniq = models.Constraint(
        "UNIQUE(policy_id, type_id)", "This policy has that report already."
    )

    @api.depends("type_id.name", "policy_id.name")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = f"{plan.type_id.name} – {plan.policy_id.name}"

    # ---------------------------------------------------------------- when

    @api.model
    def _get_running_domain(self, today):
        """What the policies in force of the current company report by themselves."""
        return Domain(
            [
                ("company_id", "=", self.env.company.id),
                ("scheduled", "=", True),
                ("policy_id.state", "=", PUBLISHED),
                ("policy_id.is_template", "=", False),
                ("policy_id.is_practice", "=", False),
                ("type_id.active", "=", True),
            ]
        )

    def _get_run_day(self, last):
        """On which day the figures are taken of a period that ends on this day: a number of
        werkdagen after the first werkdag that follows."""
        calendar = self.policy_id.get_calendar()
        first_workday = calendar.add_workdays(last, 1)
        return calendar.add_workdays(first_workday, self.type_id.start_workdays)

    def _get_due_periods(self, today):
        """Periods that are over and whose figures are to be taken by now, oldest first."""
        self.ensure_one()
        since = self.start_on or self.policy_id.published_on or today
        first, last = self.type_id._get_period_before(self.type_id._get_period(today)[0])
        found = []
        while last >= since:
            if self._get_run_day(last) <= today:
                found.append((first, last))
            first, last = self.type_id._get_period_before(first)
        return found[::-1]


class Policy(models.Model):
    _inherit = "klachtenbeheer.policy"

    report_plan_ids = fields.One2many(
        "klachtenbeheer.report.plan", "policy_id", "Reports", copy=True
    )

    def _get_all_versions(self):
        """This policy and its other versions, retired ones too: complaints came in under them."""
        return self.with_context(active_test=False)._get_versions()
