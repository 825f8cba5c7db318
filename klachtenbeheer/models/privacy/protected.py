from odoo import api, models
from odoo.fields import Domain


class Protected(models.AbstractModel):
    """What is for who protects the data of an organisation: has the power to under one of its
    policies. Added to the record rules, as for a dossier (`complaint/part.py`)."""

    _name = "klachtenbeheer.protected"
    _description = "For Who Protects Data"

    @api.model
    def _get_dossier_domain(self, _operation):
        companies = self.env["klachtenbeheer.complaint"]._get_protected_companies()
        return Domain("company_id", "in", (companies & self.env.companies).ids)
