from datetime import date, timedelta

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.platform.delivery import CONCURRENCY

AT_ONCE = 3  # reports that somebody waits for


class ReportMaking(models.TransientModel):
    """Dialog: the reports that policies ask over a year, those that are not there yet."""

    _name = "klachtenbeheer.report.making"
    _description = "Making of Reports"

    policy_ids = fields.Many2many(
        "klachtenbeheer.policy",
        "klachtenbeheer_report_making_policy_rel",
        string="Policies",
        default=lambda self: self._get_own_policies(),
        domain=lambda self: [("id", "in", self._get_own_policies().ids)],
    )
    date_from = fields.Date(
        "Periods from", required=True, default=lambda self: self._get_last_year()[0]
    )
    date_to = fields.Date(
        "Up to and including", required=True, default=lambda self: self._get_last_year()[1]
    )

    @api.model
    def _get_own_policies(self):
        """The policies for which the user accounts."""
        found = self.env["klachtenbeheer.complaint"]._get_accounting_policies()
        policies = self.env["klachtenbeheer.policy"].browse(sorted(found))
        return policies.filtered(lambda policy: policy.report_plan_ids)

    @api.model
    def _get_last_year(self):
        year = self.env.company._complaint_today().year - 1
        return date(year, 1, 1), date(year, 12, 31)

    def action_make(self):
        """Make them: a few at once, many as long work."""
        self.ensure_one()
        asked = self._find_missing()
        if not asked:
            raise UserError(
                self.env._(
                    "There is nothing to make: these reports were made already, or their periods"
                    " are not over."
                )
            )
        if len(asked) > AT_ONCE:
            return self.env["klachtenbeheer.long.work"]._start(
                "klachtenbeheer.report.work",
                self.env._("Make reports"),
                {"ids": asked},
                len(asked),
            )
        worker = self.env["klachtenbeheer.report.work"]
        return worker._open(worker._make(asked)[0].ids)

    def _find_missing(self):
        """What is to be made: list of [id of the plan, first day of the period]."""
        today = self.env.company._complaint_today()
        return [
            [plan.id, str(first)]
            for plan in self.policy_ids.report_plan_ids
            for first, last in self._get_periods(plan.type_id)
            if last < today and not plan._find_made(first, last)
        ]

    def _get_periods(self, kind):
        """The periods of a kind of report that lie within the days asked for."""
        found = []
        first, last = kind._get_period(self.date_from)
        while last <= self.date_to:
            if first >= self.date_from:
                found.append((first, last))
            first, last = kind._get_period(last + timedelta(days=1))
        return found


class ReportWork(models.AbstractModel):
    """Many reports, each by itself: one that can't be made keeps no other from being made, and
    what was made meanwhile by the daily job is not made twice."""

    _name = "klachtenbeheer.report.work"
    _description = "Making of Many Reports"
    _inherit = ["klachtenbeheer.long.worker"]

    _pieces_at_once = 1

    def _make(self, asked):
        """Make reports.

        :param asked: list of [id of the plan, first day of the period]
        :return: the reports, and list of (which, why not)
        """
        made, refused = self.env["klachtenbeheer.report"], []
        for plan_id, first in asked:
            plan = self.env["klachtenbeheer.report.plan"].browse(plan_id).exists()
            vals = {
                "type_id": plan.type_id.id,
                "policy_id": plan.policy_id.id,
                "date_from": fields.Date.to_date(first),
            }
            try:
                with self.env.cr.savepoint():
                    made |= made.create(vals) if plan else made
            except UniqueViolation:
                continue  # the daily job was quicker
            except CONCURRENCY:
                raise
            except UserError as refusal:
                refused.append((plan.display_name, str(refusal)))
        return made, refused

    def _do_pieces(self, work, pieces):
        made, refused = self._make(pieces)
        work._note_result(*made.ids)
        for place, text in refused:
            work._note_problem(place, text)

    def _describe_result(self, work):
        return self.env._("%s reports were made.", len(work.result or []))

    def _get_result_action(self, work):
        return self._open(work.result or [])

    def _open(self, report_ids):
        action = self.env["ir.actions.act_window"]._for_xml_id("klachtenbeheer.report_action")
        return action | {
            "domain": [("id", "in", report_ids)],
            "context": {},
            "target": "main",
        }
