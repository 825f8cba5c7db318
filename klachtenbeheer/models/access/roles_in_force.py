from odoo import fields, models
from odoo.tools import ormcache

from ..platform.memory import forget, recall, remember
from ..policy.appointment import CONFIRMED
from ..policy.role import POWERS

# What is asked of a role in nearly every request.
ASKED_OF_ROLES = ("policy_id", "role", "code", "read_scope", *(f"may_{power}" for power in POWERS))
# Fields of a user by which they have roles.
BY_USER = {"complaint_role_ids", "standing_in_policy_ids"}


class ResUsers(models.Model):
    """Which roles somebody has. Processes remember it, and forget it with every change of a role,
    of an appointment, or of which policies are in force."""

    _inherit = "res.users"

    complaint_role_ids = fields.Many2many(
        "klachtenbeheer.policy.role",
        "klachtenbeheer_policy_role_res_users_rel",
        "res_users_id",
        "klachtenbeheer_policy_role_id",
        "Roles under complaint policies",
        groups=fields.NO_ACCESS,
        copy=False,
    )

    complaint_limited_ids = fields.One2many(
        "klachtenbeheer.appointment",
        "user_id",
        "Roles until a day",
        domain=[("state", "=", CONFIRMED), ("date_until", "!=", False)],
        groups=fields.NO_ACCESS,
    )

    def write(self, vals):
        result = super().write(vals)
        if BY_USER & vals.keys():
            forget(self.env)
        return result

    def _get_roles_in_force(self):
        """The roles of this user in policies that have dossiers, with all rights."""
        # whoever asks what somebody may do need not read their roles
        roles_su = self.env["klachtenbeheer.policy.role"].sudo()
        if self.id:
            recall(self.env, self._remember_roles()[0])
        return roles_su.browse(self._get_role_ids_in_force())

    def _get_role_ids_in_force(self):
        if not self.id:
            return ()
        (_model, ids, _values), limited, _standing_in = self._remember_roles()
        if not limited:
            return ids
        lines_su = self.env["klachtenbeheer.appointment"].sudo().browse(limited)  # as above
        over = lines_su.filtered(lambda line: line._is_over()).role_id._ids
        return tuple(id_ for id_ in ids if id_ not in over)

    def _get_standing_in_policy_ids(self):
        """Ids of the policies under which this user stands in for the coordinator."""
        return self._remember_roles()[2] if self.id else ()

    @ormcache("self.id")
    def _remember_roles(self):
        """Roles in force and what they give, ids of appointments with a last day, and of the
        policies under which they stand in."""
        user_su = self.sudo().with_context(active_test=True)
        roles = user_su.complaint_role_ids.filtered("is_in_force")
        limited = user_su.complaint_limited_ids
        return remember(roles, ASKED_OF_ROLES), limited._ids, user_su.standing_in_policy_ids._ids


class PolicyRole(models.Model):
    _name = "klachtenbeheer.policy.role"
    _inherit = ["klachtenbeheer.policy.role", "klachtenbeheer.remembered"]


class Appointment(models.Model):
    _name = "klachtenbeheer.appointment"
    _inherit = ["klachtenbeheer.appointment", "klachtenbeheer.remembered"]
