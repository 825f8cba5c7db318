from odoo import api, models
from odoo.fields import Domain

from ..platform.groups import MANAGER
from .report_record import APPROVAL, FINAL


class ReportAccess(models.Model):
    """Who sees which report follows from their roles in the policy that it is on: who accounts
    for it all of them, who receives reports those that are addressed to them once they are
    approved, and those that they approve once they are offered. Added to the record rules, as
    for a dossier (`complaint/part.py`)."""

    _inherit = "klachtenbeheer.report"

    @api.model
    def _get_dossier_domain(self, operation):
        complaints = self.env["klachtenbeheer.complaint"]
        here = Domain("company_id", "in", self.env.companies.ids)
        made = here & Domain("policy_id", "in", sorted(complaints._get_accounting_policies()))
        if operation != "read":
            return made
        me = [self.env.uid]
        addressed = Domain("reader_ids", "in", me) & Domain("state", "in", FINAL)
        offered = Domain("approver_ids", "in", me) & Domain("state", "in", (APPROVAL, *FINAL))
        receiving = Domain("policy_id", "in", sorted(complaints._get_policies_giving("reports")))
        return made | (here & receiving & (addressed | offered))


class EvaluationAccess(models.Model):
    """A policy is evaluated by who sets policies up and who accounts for it; read by who
    receives the reports on it as well."""

    _inherit = "klachtenbeheer.evaluation"

    @api.model
    def _get_dossier_domain(self, operation):
        if self.env.user.has_group(MANAGER):  # a policy has no role for who sets it up
            return Domain.TRUE
        complaints = self.env["klachtenbeheer.complaint"]
        policies = complaints._get_accounting_policies()
        if operation == "read":
            policies |= complaints._get_policies_giving("reports")
        return Domain("policy_id", "in", sorted(policies))
