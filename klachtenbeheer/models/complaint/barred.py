from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .assignment import BARRING_FIELDS

BARRED = "klachtenbeheer.barred"  # what a transaction remembers of who is barred from what


class ComplaintBarred(models.Model):
    """Whether a dossier is about the user, or about something in which they took part: the one
    question of the record rules that keep it from them (BA21, design.md 4.2)."""

    _inherit = "klachtenbeheer.complaint"

    user_is_barred = fields.Boolean(
        "Is about the user",
        compute="_compute_user_is_barred",
        search="_search_user_is_barred",
        groups=fields.NO_ACCESS,
        help="The user is complained about, or was involved otherwise.",
    )

    @api.depends(*BARRING_FIELDS)
    @api.depends_context("uid")
    def _compute_user_is_barred(self):
        for complaint in self:
            complaint.user_is_barred = self.env.user.partner_id in complaint._get_barred()

    @api.model
    def _search_user_is_barred(self, operator, value):
        """By ids, which are few: whoever is barred from nothing pays nothing for it in lists,
        counts and figures. As SQL: of an id that is among them the platform would otherwise not
        ask the database at all, and answer sooner than of one that does not exist."""
        if operator != "in":
            return NotImplemented
        ids = self._get_ids_barred_from()
        among = Domain.custom(to_sql=partial(self._among_to_sql, ids)) if ids else Domain.FALSE
        return among if True in value else ~among

    @api.model
    def _among_to_sql(self, ids, complaints, alias, query):
        return SQL("%s IN %s", complaints._field_to_sql(alias, "id", query), ids)

    @api.model
    def _get_ids_barred_from(self):
        """Ids of the dossiers from which the user is barred; asked once in a transaction."""
        known = self.env.cr.cache.setdefault(BARRED, {})
        partner_id = self.env.user.partner_id.id
        if partner_id not in known:
            parts = [self._get_naming_query(fname, partner_id) for fname in BARRING_FIELDS]
            rows = self.env.execute_query(SQL(" UNION ").join(parts))
            known[partner_id] = tuple(id_ for [id_] in rows)
        return known[partner_id]

    @api.model
    def _get_naming_query(self, fname, partner_id):
        field = self._fields[fname]
        return SQL(
            "SELECT %s FROM %s WHERE %s = %s",
            SQL.identifier(field.column1),
            SQL.identifier(field.relation),
            SQL.identifier(field.column2),
            partner_id,
            to_flush=field,
        )

    @api.model
    def _forget_barred(self, *vals_list):
        """Somebody may be barred from more, or from less, by values that were stored."""
        if any(fname in vals for vals in vals_list for fname in BARRING_FIELDS):
            self.env.cr.cache.pop(BARRED, None)
