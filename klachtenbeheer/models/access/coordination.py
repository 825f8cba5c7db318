from odoo import api, fields, models
from odoo.fields import Domain


class ResUsers(models.Model):
    _inherit = "res.users"

    # written by `policy.role._sync_stand_ins` alone
    standing_in_policy_ids = fields.Many2many(
        "klachtenbeheer.policy",
        "klachtenbeheer_standing_in_rel",
        "user_id",
        "policy_id",
        "Stands in for the coordinator of",
        groups=fields.NO_ACCESS,
        copy=False,
    )


class ComplaintCoordination(models.Model):
    """Who coordinates a dossier: who has the power to assign it (`power.py`), by their role, or
    because they stand in under its policy or replace the coordinator there."""

    _inherit = "klachtenbeheer.complaint"

    @api.model
    def _get_coordinated_domain(self):
        """The dossiers that the user coordinates, as far as record rules let them see those."""
        return self._get_power_domain("assign")

    def _is_coordinated_by(self, user):
        """Whether somebody coordinates this dossier, or a new one of which the policy is not
        chosen yet."""
        return self._has_power("assign", user)


class CoordinatedLine(models.AbstractModel):
    """What is read as the dossier it belongs to, and made and changed by who coordinates that."""

    _name = "klachtenbeheer.coordinated.line"
    _description = "Line of a Dossier for its Coordinator"
    _inherit = ["klachtenbeheer.dossier.line"]

    @api.model
    def _get_dossier_domain(self, operation):
        domain = super()._get_dossier_domain(operation)
        if operation == "read":
            return domain
        coordinated = self.env["klachtenbeheer.complaint"]._get_power_domain("assign")
        return domain & Domain("complaint_id", "any!", coordinated)
