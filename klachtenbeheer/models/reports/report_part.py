from odoo import api, models
from odoo.fields import Domain


class ReportPart(models.AbstractModel):
    """What is read and written as the report that it is part of."""

    _name = "klachtenbeheer.report.part"
    _description = "Part of a Report"

    @api.model
    def _get_dossier_domain(self, operation):
        reports = self.env["klachtenbeheer.report"]
        operation = "read" if operation == "read" else "write"
        return Domain("report_id", "any", reports._get_dossier_domain(operation))
