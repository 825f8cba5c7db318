from odoo import api, fields, models
from odoo.fields import Domain

from .counting import COMPLAINT

DIGEST = "digest.digest"
FIGURES = "klachtenbeheer.complaint.figures"
RECEIVED, CLOSED, OVERDUE = "received", "closed", "overdue"
KPI = "x_kpi_complaints_%s"  # fields of this name are figures of a digest, says the platform
COMPUTE = """for digest in self:
    digest['%s_value'] = digest.env['klachtenbeheer.digest']._count(digest, '%s')
"""


class Digest(models.AbstractModel):
    """Figures of complaints in the platform's periodic e-mail, where its module is installed.

    The addon does not depend on that module, which by itself subscribes every employee to a
    weekly e-mail. So the daily job adds the figures when it finds the module, as the fields that
    the platform lets anybody add to a digest; they go with the addon.
    """

    _name = "klachtenbeheer.digest"
    _description = "Complaints in the Digest by E-mail"

    @api.model
    def _count(self, digest, figure):
        """A figure within the rights of the reader, in the days that the digest asks for.

        :raise AccessError: for who has no figures; the digest leaves it out then
        """
        self.env[FIGURES].check_access("read")
        start, end, companies = digest._get_kpi_compute_parameters()
        domain = Domain("company_id", "in", companies.ids)
        if figure == OVERDUE:
            today = self.env.company._complaint_today()
            late = Domain("is_closed", "=", False) & Domain("next_due_on", "<", today)
            return self.env[COMPLAINT].search_count(domain & late)
        column = {RECEIVED: "received_on", CLOSED: "closed_on"}[figure]
        domain &= Domain(column, ">", start[:10]) & Domain(column, "<=", end[:10])
        return self.env[FIGURES].search_count(domain & Domain("counted", "=", True))

    @api.model
    def _add_fields(self):
        """The figures, as fields of a digest that belong to this addon."""
        names = {
            RECEIVED: self.env._("Complaints received"),
            CLOSED: self.env._("Complaints closed"),
            OVERDUE: self.env._("Complaints overdue"),
        }
        missing = [figure for figure in names if KPI % figure not in self.env[DIGEST]._fields]
        vals_list = [
            vals for figure in missing for vals in self._prepare_fields(figure, names[figure])
        ]
        for field in self.env["ir.model.fields"].sudo().create(vals_list):
            self.env["ir.model.data"].sudo().create(
                {
                    "module": "klachtenbeheer",
                    "name": f"digest_{field.name}",
                    "model": field._name,
                    "res_id": field.id,
                    "noupdate": True,
                }
            )

    @api.model
    def _prepare_fields(self, figure, label):
        name = KPI % figure
        shared = {"model_id": self.env["ir.model"]._get_id(DIGEST), "field_description": label}
        value = {"store": False, "readonly": True, "compute": COMPUTE % (name, figure)}
        return [
            {**shared, "name": name, "ttype": "boolean"},
            {**shared, "name": f"{name}_value", "ttype": "integer", **value},
        ]


class Company(models.Model):
    _inherit = "res.company"

    complaint_digest_on = fields.Date(
        "Digest of complaints since", readonly=True, copy=False, help="Made once; then it is yours."
    )

    @api.model
    def _get_digest_domain(self, today):  # as every step is asked
        """The company at work, where digests exist and it has none of complaints yet."""
        if DIGEST not in self.env:
            return Domain.FALSE
        return Domain("id", "=", self.env.company.id) & Domain("complaint_digest_on", "=", False)

    def _offer_digest(self, today):
        """Step of the daily job: a weekly digest for who coordinates or leads; it is theirs to
        change, or to end."""
        self.env["klachtenbeheer.digest"]._add_fields()
        roles = self.env["klachtenbeheer.policy.role"].search([("company_id", "in", self.ids)])
        following = roles.filtered(lambda role: role.may_reports and role.is_in_force)
        for company in self:
            users = following.filtered(lambda role, own=company: role.company_id == own).user_ids
            figures = {KPI % figure: True for figure in (RECEIVED, CLOSED, OVERDUE)}
            self.env[DIGEST].create(
                {
                    "name": self.env._("Complaints"),
                    "company_id": company.id,
                    "periodicity": "weekly",
                    "user_ids": [fields.Command.set(users.ids)],
                    **figures,
                }
            )
            company.complaint_digest_on = today
