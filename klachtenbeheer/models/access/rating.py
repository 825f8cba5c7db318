from odoo import api, models
from odoo.tools import SQL

from ..platform.groups import RATERS
from .attached_records import COMPLAINT


class RatingRating(models.Model):
    """What a complainant thinks of the handling is read by coordinator and director, not by
    whoever handled it."""

    _inherit = "rating.rating"

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_dossier_hidden(self):
        result = super()._compute_is_dossier_hidden()
        of_dossiers = self._get_dossier_ids()
        dossiers = self.env[COMPLAINT].browse(set(of_dossiers.values()))
        reporting = dossiers.filtered(lambda line: line._has_power("reports"))
        for rating in self:
            if rating.id in of_dossiers and not (
                self._may_read_ratings() and of_dossiers[rating.id] in reporting.ids
            ):
                rating.is_dossier_hidden = True
        return result

    @api.model
    def _of_readable_to_sql(self, attached, alias, query):
        complaints = attached.env[COMPLAINT].sudo(False)
        if not (self._may_read_ratings() and complaints.has_access("read")):
            return SQL("FALSE")
        domain = complaints._get_readable_domain() & complaints._get_power_domain("reports")
        return attached._exists_to_sql(complaints._search(domain, active_test=False), alias, query)

    @api.model
    def _may_read_ratings(self):
        return any(self.env.user.has_group(group) for group in RATERS)
