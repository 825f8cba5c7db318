from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import format_date

from .role import ESCALATION_CHAIN

MANAGER = "klachtenbeheer.group_manager"
STAND_INS = ("coordinator", "deputy", "director")
COORDINATOR = "coordinator"
DOSSIER_GROUPS = tuple(
    f"klachtenbeheer.group_{role}"
    for role in ("registrar", "handler", "coordinator", "director", "board")
)


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

    def _get_always_writable_fields(self):
        return super()._get_always_writable_fields() | {"absent_until"}

    @api.model_create_multi
    def create(self, vals_list):
        roles = super().create(vals_list)
        roles.filtered("absent_until")._log_absence()
        self._sync_stand_ins()
        return roles

    def write(self, vals):
        before = {role: role.absent_until for role in self}
        result = super().write(vals)
        self.filtered(lambda role: role.absent_until != before[role])._log_absence()
        if {"absent_until", "user_ids", "role", "policy_id"} & set(vals):
            self._sync_stand_ins()
        return result

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
                    day=format_date(self.env, role.absent_until),
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
        group = self.env.ref("klachtenbeheer.group_stand_in").sudo()
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
        commands = [
            *(Command.unlink(user.id) for user in group.user_ids - users),
            *(Command.link(user.id) for user in users - group.user_ids),
        ]
        if commands:
            group.user_ids = commands
        if changed:
            self.env.registry.clear_cache()  # record rules tell of which policies

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
        if self.role not in ESCALATION_CHAIN:
            return self.env["res.users"]
        above = ESCALATION_CHAIN[ESCALATION_CHAIN.index(self.role) + 1 :]
        roles_su = self.sudo().policy_id.role_ids  # who has which group is no secret here
        takes_over = roles_su.filtered(lambda role: role.role in above)
        for role in takes_over.sorted(lambda role: above.index(role.role)):
            if not role._is_absent() and (users := role.user_ids._filter_dossier_roles()):
                return users
        return self.env["res.users"]


class ResUsers(models.Model):
    _inherit = "res.users"

    def _filter_dossier_roles(self):
        """Those who have a role on dossiers by a group that somebody gave them."""
        own = self.env["res.groups"].union(*map(self.env.ref, DOSSIER_GROUPS))
        lent = self.env.ref("klachtenbeheer.group_stand_in")
        return self.filtered(lambda user: (user.group_ids - lent).all_implied_ids & own)


class PolicyStandIn(models.Model):
    _inherit = "klachtenbeheer.policy"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:  # a version that comes or goes may change who stands in
            self.env["klachtenbeheer.policy.role"]._sync_stand_ins()
            if vals["state"] == "published":
                self._log_appointments()
        return result

    def _log_appointments(self):
        """Tell who has which role from now on, as far as the version before said otherwise."""
        for policy in self:
            others = policy._get_other_versions().filtered("published_on")
            earlier = others.sorted(lambda other: (other.published_on, other.version))[-1:]
            before = {role.role: role.user_ids for role in earlier.role_ids}
            nobody = self.env["res.users"]
            lines = [
                role._describe_people(before.get(role.role, nobody))
                for role in policy.role_ids
                if role.user_ids != before.get(role.role, nobody)
            ]
            if lines:
                policy.role_ids[:1]._announce(Markup("<br/>").join(lines))


class DailyJobAbsence(models.AbstractModel):
    _inherit = "klachtenbeheer.daily.job"

    @api.model
    def _run_company(self, today):
        self.env["klachtenbeheer.policy.role"]._sync_stand_ins()
        return super()._run_company(today)


class ComplaintAbsence(models.Model):
    _inherit = "klachtenbeheer.complaint"

    def _get_chain(self):
        """Without who is away; unless nobody would be left."""
        chain = super()._get_chain()
        absent = self.policy_id.role_ids.filtered(lambda role: role._is_absent()).mapped("role")
        return [(role, users) for role, users in chain if role not in absent] or chain

    def _get_acting_coordinators(self):
        """Who coordinates this dossier now: the first role above the handler that is not
        away, and not complained about."""
        self.ensure_one()
        chain = self.sudo()._get_chain()  # who has which role is no secret
        return next((users for role, users in chain if role != "handler"), self.env["res.users"])

    def _hand_over(self):
        """Who stands in for the coordinator is called in by that, and so can't be the one to
        whom this dossier climbs (letters_reports_roles 6.3)."""
        result = super()._hand_over()
        for policy, complaints in self.grouped("policy_id").items():
            is_away = any(role._is_absent() for role in policy.role_ids)
            # of a large batch only those where somebody can stand in at all
            affected = complaints if is_away else complaints.filtered("respondent_ids")
            for complaint in affected:
                complaint._note_stand_in(complaint._get_responsible())
        return result

    def _note_stand_in(self, user):
        """Who does the coordinator's work without being it was called in on this dossier."""
        # who has which role is no secret, and being called in follows from it
        for complaint in self.sudo():
            if user in complaint.policy_id._get_role_users("coordinator"):
                continue
            if user in complaint._get_acting_coordinators():
                complaint._as_procedure().involved_user_ids = [Command.link(user.id)]

    def _check_may_assign(self):
        """Whoever stands in for the coordinator assigns, too (SJ15, BA21)."""
        user = self.env.user
        if self and all(
            complaint._is_coordinated_by(user) or user in complaint._get_acting_coordinators()
            for complaint in self
        ):
            return
        super()._check_may_assign()
