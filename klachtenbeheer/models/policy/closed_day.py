from odoo import api, fields, models

DECREE, ORGANISATION_DAY = "decree", "organisation"


class ClosedDay(models.Model):
    """A decree day (art. 3 lid 3 Atw) or closing day of a company.

    Each policy says whether such days count. Adding one projects the open deadlines
    of the company anew; the differences appear on the dossiers.
    """

    _name = "klachtenbeheer.closed.day"
    _description = "Closed Day"
    _order = "date desc, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date = fields.Date(required=True)
    name = fields.Char(required=True)
    kind = fields.Selection(
        [(DECREE, "Equated by royal decree"), (ORGANISATION_DAY, "Closing day")],
        required=True,
        default=ORGANISATION_DAY,
    )

    _date_uniq = models.Constraint(
        "UNIQUE(company_id, date, kind)", "This day is in the list already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        days = super().create(vals_list)
        days._project_complaints()
        return days

    def write(self, vals):
        companies = self.company_id
        result = super().write(vals)
        self._project_complaints(companies)
        return result

    def unlink(self):
        companies = self.company_id
        result = super().unlink()
        self._project_complaints(companies)
        return result

    def _project_complaints(self, companies=None):
        """Project the complaints with open deadlines that such a day may move."""
        companies = (companies or self.env["res.company"]) | self.exists().company_id
        # who keeps the list of days need not be allowed to read dossiers
        complaints = (
            self.env["klachtenbeheer.complaint"]
            .sudo()
            .search(
                [
                    ("company_id", "in", companies.ids),
                    ("deadline_ids.is_open", "=", True),
                    "|",
                    ("policy_id.count_decree_days", "=", True),
                    ("policy_id.count_organisation_days", "=", True),
                ]
            )
        )
        complaints._project(reason=self.env._("the days off have changed"))
