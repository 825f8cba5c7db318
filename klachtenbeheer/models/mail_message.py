from odoo import api, fields, models
from odoo.fields import Domain

COMPLAINT = "klachtenbeheer.complaint"


class MailMessage(models.Model):
    _inherit = "mail.message"

    is_barred_complaint = fields.Boolean(
        compute="_compute_is_barred_complaint",
        search="_search_is_barred_complaint",
        help="Belongs to a complaint about the user: hidden, even from its own author.",
    )

    @api.depends_context("uid")
    def _compute_is_barred_complaint(self):
        barred = set(self._get_barred_complaints().ids)
        for message in self:
            message.is_barred_complaint = message.model == COMPLAINT and message.res_id in barred

    @api.model
    def _search_is_barred_complaint(self, operator, value):
        if operator != "in":
            return NotImplemented
        barred = Domain("model", "=", COMPLAINT) & Domain(
            "res_id", "in", self._get_barred_complaints().ids
        )
        return barred if True in value else ~barred

    @api.model
    def _get_barred_complaints(self):
        # the complaints that the user may not know of can only be found without the rules
        return (
            self.env[COMPLAINT]
            .sudo()
            .with_context(active_test=False)
            .search([("respondent_ids", "in", self.env.user.partner_id.ids)])
        )
