from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import format_date

from ..platform.groups import COORDINATOR as COORDINATORS
from ..platform.groups import DOSSIER_ROLES, MANAGER, STAND_IN
from .role import ALL

STAND_INS = ("coordinator", "deputy", "director")
COORDINATOR = "coordinator"


class PolicyAbsence(models.Model):
    """Who is away: the next role takes over what is asked of it until then (SJ15).

    Whoever stands in for a coordinator gets the rights of one under that policy, for as long
    as that lasts: from a group and a list of policies that only the code below fills. Nobody
    brings that about for themself, and everybody can read that it happened.
    """

    _inherit = "klachtenbeheer.policy.role"

    absent_until = fields.Date(
        "Absent until", help="Up to and including this day the next role takes over."
    )

    def action_set_absent(self, until):
        """Report a role absent up to and including a local date, or present again.

        :param until: date, or False
        :raise AccessError: by somebody who has nothing to do with it, or who would stand in
        """
        for role in self:
            stand_ins = role.policy_id.role_ids.filtered(lambda line: line.role in STAND_INS)
            user = self.env.user
            if user not in (role | stand_ins).user_ids and not user.has_group(MANAGER):
                raise AccessError(
                    self.env._("Absence is reported by: %s.", ", ".join(stand_ins.mapped("name")))
                )
        self.sudo().absent_until = until  # being away changes nothing of the regulation

    def _log_absence(self):
        for role in self:
            if role.absent_until:
                body = self.env._(
                    "%(role)s: away up to and including %(day)s; %(names)s stands in.",
                    role=role.name,
                    day=format_date(self.env, role.absent_until, date_format="EEE d MMM y"),
                    names=", ".join(role._get_stand_ins().mapped("name")) or "–",
                )
            else:
                body = self.env._("%s: back again.", role.name)
            role._announce(body)

    def _is_absent(self):
        today = (self.company_id or self.env.company)._complaint_today()
        return bool(self.absent_until) and self.absent_until >= today

    @api.model
    def _sync_stand_ins(self):
        """Give the rights of the coordinator of a policy to those who stand in for one now, and
        take them back from everybody else who had them that way.

        :raise AccessError: by somebody who would give them to themself
        """
        # who may report an absence need not have rights on users
        group = self.env.ref(STAND_IN).sudo()
        policies = self._get_stand_in_policies()
        users = self.env["res.users"].sudo().union(*policies)
        no_policy = self.env["klachtenbeheer.policy"].sudo()
        changed = (users | group.user_ids).filtered(
            lambda user: user.standing_in_policy_ids != policies.get(user, no_policy)
        )
        mine = policies.get(self.env.user.sudo(), no_policy)
        if mine - self.env.user.sudo().standing_in_policy_ids:
            raise AccessError(
                self.env._(
                    "You would stand in yourself, with the rights of the coordinator: have a"
                    " colleague report this."
                )
            )
        for user in changed:
            user.standing_in_policy_ids = policies.get(user, no_policy)
        users |= self._get_assigning_users()
        commands = [
            *(Command.unlink(user.id) for user in group.user_ids - users),
            *(Command.link(user.id) for user in users - group.user_ids),
        ]
        if commands:
            group.user_ids = commands

    @api.model
    def _get_assigning_users(self):
        """Who assigns under some policy by their role, and needs the rights on models that go
        with it; who coordinates by a group of their own has those."""
        roles_su = self.sudo().search(
            [("is_in_force", "=", True), ("may_assign", "=", True), ("read_scope", "=", ALL)]
        )
        own = self.env.ref(COORDINATORS).sudo()
        return roles_su.user_ids.filtered(
            lambda user: user._is_internal() and own not in user.all_group_ids
        )

    @api.model
    def _get_stand_in_policies(self):
        """Who stands in for a coordinator now, under which policies: all versions of it.

        :return: {user: policies}, with all rights
        """
        absent = self.sudo().search(
            [
                ("role", "=", COORDINATOR),
                ("absent_until", "!=", False),
                ("policy_id.state", "=", "published"),
            ]
        )
        result = {}
        for role in absent.filtered(lambda role: role._is_absent()):
            versions = role.policy_id | role.policy_id._get_other_versions()
            for user in role._get_stand_ins():
                result[user] = result.get(user, versions.browse()) | versions
        return {user: policies.sorted("id") for user, policies in result.items()}

    def _get_stand_ins(self):
        """Who does the work of this role while it is away: the first role above it that is
        not away itself, as far as they have to do with dossiers anyhow."""
        if not self.chain_place:
            return self.env["res.users"]
        roles_su = self.sudo().policy_id.role_ids  # who has which group is no secret here
        takes_over = roles_su.filtered(lambda role: role.chain_place > self.chain_place)
        for role in takes_over.sorted("chain_place"):
            if not role._is_absent() and (users := role.user_ids._filter_dossier_roles()):
                return users
        return self.env["res.users"]


class ResUsers(models.Model):
    _inherit = "res.users"

    def _filter_dossier_roles(self):
        """Those who have a role on dossiers by a group that somebody gave them."""
        own = self.env["res.groups"].union(*map(self.env.ref, DOSSIER_ROLES))
        lent = self.env.ref(STAND_IN)
        return self.filtered(lambda user: (user.group_ids - lent).all_implied_ids & own)


class PolicyAppointments(models.Model):
    _inherit = "klachtenbeheer.policy"

    def _log_appointments(self):
        """Tell who has which role from now on, as far as the version before said otherwise."""
        for policy in self:
            others = policy._get_other_versions().filtered("published_on")
            earlier = others.sorted(lambda other: (other.published_on, other.version))[-1:]
            before = {role.code: role.user_ids for role in earlier.role_ids}
            nobody = self.env["res.users"]
            lines = [
                role._describe_people(before.get(role.code, nobody))
                for role in policy.role_ids
                if role.user_ids != before.get(role.code, nobody)
            ]
            if lines:
                policy.role_ids[:1]._announce(Markup("<br/>").join(lines))
