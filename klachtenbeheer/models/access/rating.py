from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from .attached_records import COMPLAINT


class RatingRating(models.Model):
    """What a complainant thinks of the handling is read by who receives the reports on all
    dossiers of a policy, not by whoever handled it."""

    _inherit = "rating.rating"

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_dossier_hidden(self):
        result = super()._compute_is_dossier_hidden()
        of_dossiers = self._get_dossier_ids()
        dossiers = self.env[COMPLAINT].browse(set(of_dossiers.values()))
        reported = dossiers.sudo(False)._filter_rating_told()  # this is computed for everybody
        for rating in self:
            if rating.id in of_dossiers and of_dossiers[rating.id] not in reported.ids:
                rating.is_dossier_hidden = True
        return result

    @api.model
    def _of_readable_to_sql(self, attached, alias, query):
        complaints = attached.env[COMPLAINT].sudo(False)
        policies = complaints._get_power_policies("reports")
        if not policies or not complaints.has_access("read"):
            return SQL("FALSE")
        domain = complaints._get_readable_domain() & Domain("policy_id", "in", sorted(policies))
        return attached._exists_to_sql(complaints._search(domain, active_test=False), alias, query)
