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
        if not self._may_read_ratings():
            for rating in self:
                # of what it is, decides who may see it
                if rating.sudo().res_model == COMPLAINT:
                    rating.is_dossier_hidden = True
        return result

    @api.model
    def _of_readable_to_sql(self, attached, alias, query):
        if not self._may_read_ratings():
            return SQL("FALSE")
        return super()._of_readable_to_sql(attached, alias, query)

    @api.model
    def _may_read_ratings(self):
        return any(self.env.user.has_group(group) for group in RATERS)
