from odoo import api, fields, models
from odoo.fields import Domain

from ..platform.groups import COORDINATOR


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
    """Who coordinates: all of the organisation by group, or what is filed under a policy
    whose coordinator is away, for as long as that lasts."""

    _inherit = "klachtenbeheer.complaint"

    @api.model
    def _get_coordinated_domain(self):
        """The dossiers that the user coordinates, as far as record rules let them see those."""
        user = self.env.user
        if user.has_group(COORDINATOR):
            return Domain.TRUE
        policy_ids = user.standing_in_policy_ids.ids
        return Domain("policy_id", "in", policy_ids) if policy_ids else Domain.FALSE

    def _is_coordinated_by(self, user):
        """Whether somebody has the powers of the coordinator on this dossier, or on a new one
        of which the policy is not chosen yet."""
        if user.has_group(COORDINATOR):
            return True
        policies_su = user.sudo().standing_in_policy_ids  # a field that nobody reads
        return bool(policies_su) and self.policy_id in policies_su
