from odoo import api, fields, models


class ComplaintTranslation(models.Model):
    """What somebody wrote in another language stays as it was written; beside it is room for a
    translation, for who handles it."""

    _inherit = "klachtenbeheer.complaint"

    description_translation = fields.Text(
        "In our language",
        help="What the complainant wrote, translated. Their own words stay above it, and count.",
    )
    is_foreign = fields.Boolean(compute="_compute_is_foreign")

    @api.depends("complainant_lang", "company_id")
    def _compute_is_foreign(self):
        for complaint in self:
            ours = complaint.company_id.partner_id.lang or self.env.lang
            theirs = complaint.complainant_lang or ours
            complaint.is_foreign = theirs.partition("_")[0] != (ours or "").partition("_")[0]
