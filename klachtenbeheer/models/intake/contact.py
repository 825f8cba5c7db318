from odoo import api, models
from odoo.exceptions import ValidationError

from ..platform.typed import explain_email


class ComplaintContact(models.Model):
    """What is typed about a complaint and who complains, whichever way it comes in: lines stay
    lines, and an address is one."""

    _name = "klachtenbeheer.complaint"
    _inherit = ["klachtenbeheer.complaint", "klachtenbeheer.typed"]

    @api.constrains("complainant_email")
    def _check_complainant_email(self):
        for complaint in self:
            if problem := explain_email(self.env, complaint.complainant_email):
                raise ValidationError(problem)


class AssistanceLines(models.Model):
    """Who helps stands in letters as well."""

    _name = "klachtenbeheer.assistance"
    _inherit = ["klachtenbeheer.assistance", "klachtenbeheer.typed"]
