from typing import NamedTuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import ormcache

from ..complaint.conflict import ACTING
from ..policy.role import ALL, CALLED_IN, COORDINATING, QUEUE

# What comes with a dossier that somebody handles, or for which they were called in as the
# independent officer.
OF_HANDLERS = {"read", "handle", "sign", "advise"}
# What comes with doing the work of a coordinator who is away or complained about.
OF_STAND_INS = COORDINATING - {"reports"} | {"read"}


class Reach(NamedTuple):
    """On which dossiers a user has a power, apart from those that are in their own hands."""

    policies: frozenset  # ids: all dossiers under these
    queues: frozenset  # ids of policies: dossiers under these that nobody handles yet
    called: frozenset  # ids of roles: dossiers on which these were called in
    boards: frozenset  # ids of policies: dossiers under these that are before who approves
    # where they are called in, which is the board
    acting: frozenset  # ids of dossiers on which they do the coordinator's work

    def covers(self, number, policy_id, waits, before_board, called_in):
        """Whether a dossier is in reach.

        :param waits: tells whether nobody handles it yet
        :param before_board: tells whether it is before the board
        :param called_in: tells the ids of the roles that were called in on it
        """
        if not policy_id:
            return bool(self.policies)
        return (
            policy_id in self.policies
            or (policy_id in self.queues and waits())
            or (bool(self.called) and bool(self.called.intersection(called_in())))
            or (policy_id in self.boards and before_board())
            or number in self.acting
        )


class PolicyRole(models.Model):
    _inherit = "klachtenbeheer.policy.role"

    def _get_acting_complaints(self):
        """Ids of the dossiers on which these roles do the work of the coordinator: few, as a
        coordinator is seldom complained about. Asked once in a transaction."""
        known = self.env.cr.cache.setdefault(ACTING, {})
        if self._ids not in known:
            # who may do something is asked whoever asks
            complaints_su = self.env["klachtenbeheer.complaint"].sudo()
            complaints_su = complaints_su.with_context(active_test=False)
            found = complaints_su._search(Domain("acting_role_ids", "in", self.ids))
            known[self._ids] = frozenset(found)
        return known[self._ids]

    @api.model
    def _get_assigning_users(self):
        """Whoever replaces a coordinator on some dossier as well."""
        complaints_su = self.env["klachtenbeheer.complaint"].sudo()  # as above
        acting = complaints_su.with_context(active_test=False)._read_group(
            Domain("acting_role_ids", "!=", False), ["acting_role_ids"]
        )
        users = self.env["res.users"].sudo().union(*(role.sudo().user_ids for [role] in acting))
        internal = users.filtered(lambda user: user._is_internal())
        return super()._get_assigning_users() | internal


class ComplaintPower(models.Model):
    """The one question that code asks about dossiers: whether somebody has a power (design.md 8).

    ==========  ==============================================================================
    Power       On which dossiers
    ==========  ==============================================================================
    of a role   all of its policy, those that the role was called in on, or those that nobody
                handles yet, as its scope says
    register    all of the policy, also where they look into none or those assigned to them
    of a        read, handle, sign and advise: those assigned to them, and those on which they
    handler     are the independent officer
    of who      what a coordinator does: under the policy whose coordinator is away, or on the
    replaces    dossier about whom they replace the coordinator
    ==========  ==============================================================================

    Whoever is complained about, or was involved otherwise, has none on that dossier. Groups give
    menus and rights on models, and open no dossier by themselves.
    """

    _inherit = "klachtenbeheer.complaint"

    called_in_role_ids = fields.Many2many(
        "klachtenbeheer.policy.role",
        "klachtenbeheer_complaint_called_in_rel",
        string="Put before",
        readonly=True,
        copy=False,
        help="Roles that see this dossier because they were called in.",
    )

    # ---------------------------------------------------------------- asking

    def _has_power(self, power, user=None):
        """Whether somebody has a power on these dossiers; on none yet, or a new one without a
        policy: whether they have it under any policy.

        :param power: one of `POWERS`, or "read"
        :param user: the user of this environment where none is given
        """
        user = user or self.env.user
        reach = self._get_reach(power, user)
        if not self:
            return bool(reach.policies)
        return all(line._is_in_reach(power, user, reach) for line in self)

    @api.model
    def _get_power_domain(self, power):
        """The dossiers on which the user has a power. Rules of companies and of who is complained
        about come on top of it."""
        user = self.env.user
        reach = self._get_reach(power, user)
        parts = []
        if reach.policies:
            parts.append(Domain("policy_id", "in", sorted(reach.policies)))
        if power in OF_HANDLERS:
            parts.append(Domain("handler_id", "=", user.id))
            parts.append(Domain("independent_id", "=", user.id))
        if reach.queues:
            waiting = Domain("handler_id", "=", False) & Domain("is_closed", "=", False)
            parts.append(Domain("policy_id", "in", sorted(reach.queues)) & waiting)
        if reach.boards:
            under = Domain("policy_id", "in", sorted(reach.boards))
            parts.append(Domain("board_involved", "=", True) & under)
        if reach.called:
            parts.append(Domain("called_in_role_ids", "in", sorted(reach.called)))
        if reach.acting:
            parts.append(Domain("id", "in", sorted(reach.acting)))
        return Domain.OR(parts)

    @api.model
    def _get_power_policies(self, power):
        """Ids of the policies of which all dossiers are in the user's reach."""
        return self._get_policies_in_reach(power, self.env.user)

    @api.model
    def _get_policies_giving(self, *powers):
        """Ids of the policies under which a role of the user has one of these powers, on
        whichever dossiers: for what is about a policy and not about one dossier of it."""
        roles_su = self.env.user._get_roles_in_force()
        giving = roles_su.filtered(lambda role: any(role._gives(power) for power in powers))
        return frozenset(giving.policy_id.ids)

    # ---------------------------------------------------------------- answering

    @api.model
    def _get_reach(self, power, user):
        """Where a user has a power by their roles.

        :return: `Reach`
        """
        roles = user._get_role_ids_in_force()
        reach = self._get_reach_of_roles(power, roles)
        if power not in OF_STAND_INS:
            return reach
        roles_su = self.env["klachtenbeheer.policy.role"].sudo().browse(roles)
        return reach._replace(
            policies=self._get_policies_in_reach(power, user),
            acting=roles_su._get_acting_complaints() if roles else frozenset(),
        )

    @api.model
    def _get_policies_in_reach(self, power, user):
        """Ids of the policies of which all dossiers are in a user's reach."""
        policies = self._get_reach_of_roles(power, user._get_role_ids_in_force()).policies
        if power in OF_STAND_INS:
            return policies.union(user._get_standing_in_policy_ids())
        return policies

    @api.model
    @ormcache("power", "roles")
    def _get_reach_of_roles(self, power, roles):
        """What some roles reach by themselves; forgotten with any change of a role."""
        roles_su = self.env["klachtenbeheer.policy.role"].sudo().browse(roles)
        giving = roles_su.filtered(lambda role: role._gives(power))
        whole = giving.filtered(
            lambda role: (
                role.read_scope == ALL
                or (power == "register" and role.read_scope not in (CALLED_IN, QUEUE))
            )
        )
        queues = giving.filtered(lambda role: role.read_scope == QUEUE)
        called = giving.filtered(lambda role: role.read_scope == CALLED_IN)
        boards = called.filtered("may_approve")
        return Reach(
            frozenset(whole.policy_id.ids),
            frozenset(queues.policy_id.ids),
            frozenset(called.ids),
            frozenset(boards.policy_id.ids),
            acting=frozenset(),
        )

    def _is_in_reach(self, power, user, reach):
        dossier_su = self.sudo()  # whose it is decides, not whether they see it
        if user.partner_id in dossier_su._get_barred():
            return False
        if power in OF_HANDLERS and user in dossier_su.handler_id | dossier_su.independent_id:
            return True
        return reach.covers(
            dossier_su._origin.id,
            dossier_su.policy_id.id,
            dossier_su._waits_in_queue,
            lambda: dossier_su.board_involved,
            lambda: dossier_su.called_in_role_ids.ids,
        )

    def _waits_in_queue(self):
        return not self.handler_id and not self.is_closed

    # ---------------------------------------------------------------- records

    @api.model
    def _get_dossier_domain(self, operation):
        """Dossiers on which the user may do that; asked with the record rules, of which there is
        none for each role (`complaint/part.py`). Every employee registers, and sees nothing of it
        afterwards."""
        match operation:
            case "create":
                return Domain.TRUE
            case "read":
                return self._get_power_domain("read") | self._get_power_domain("register")
            case "write":
                return self._get_power_domain("handle") | self._get_power_domain("register")
            case _:
                return self._get_power_domain("assign")
