from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.phone import get_phone_key, is_phone

# Where words are looked for. Nothing of the handling: whoever sees the list may search these.
SEARCHED = (
    "name",
    "title",
    "description",
    "complainant_name",
    "complainant_organisation",
    "complainant_email",
    "respondent_text",
)
MOST_WORDS = 8


class ComplaintSearch(models.Model):
    """One box that finds a dossier by whatever somebody has of it: reference, name, telephone
    number in any notation, e-mail address, words of the complaint."""

    _inherit = "klachtenbeheer.complaint"

    phone_key = fields.Char(
        compute="_compute_phone_key",
        store=True,
        index="btree_not_null",
        help="The last digits of the telephone number, the same in every notation.",
    )
    search_text = fields.Char(
        "Anything", compute="_compute_search_text", search="_search_search_text", store=False
    )

    @api.depends("complainant_phone")
    def _compute_phone_key(self):
        for complaint in self:
            complaint.phone_key = get_phone_key(complaint.complainant_phone) or False

    def _compute_search_text(self):
        self.search_text = False

    @api.model
    def _search_search_text(self, operator, value):
        if operator not in ("ilike", "like", "=") or not isinstance(value, str):
            return NotImplemented
        found = Domain.AND(self._get_word_domain(word) for word in value.split()[:MOST_WORDS])
        if is_phone(value):
            found |= Domain("phone_key", "=", get_phone_key(value))
        return found

    @api.model
    def _get_word_domain(self, word):
        return Domain.OR(Domain(fname, "ilike", word) for fname in SEARCHED)
