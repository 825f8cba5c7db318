from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from .role import ESCALATION_CHAIN

MANAGER = "klachtenbeheer.group_manager"
STAND_INS = ("coordinator", "deputy", "director")
COORDINATOR = "coordinator"


class PolicyAbsence(models.Model):
    """Who is away: the next role takes over what is asked of it until then (SJ15).

    Whoever stands in for a coordinator gets the rights of one for as long as that lasts,
    through a group that only the code below fills.
    """

    _inherit = "klachtenbeheer.policy.role"

    absent_until = fields.Date(
        "Absent until", help="Up to and including this day the next role takes over."
    )

    def _get_always_writable_fields(self):
        return super()._get_always_writable_fields() | {"absent_until"}

    def write(self, vals):
        result = super().write(vals)
        if {"absent_until", "user_ids"} & set(vals):
            self._sync_stand_ins()
        return result

    def action_set_absent(self, until):
        """Report a role absent up to and including a local date, or present again.

        :param until: date, or False
        :raise AccessError: by somebody who has nothing to do with it
        """
        for role in self:
            stand_ins = role.policy_id.role_ids.filtered(lambda line: line.role in STAND_INS)
            user = self.env.user
            if user not in (role | stand_ins).user_ids and not user.has_group(MANAGER):
                raise AccessError(
                    self.env._("Absence is reported by: %s.", ", ".join(stand_ins.mapped("name")))
                )
        self.sudo().absent_until = until  # being away changes nothing of the regulation

    def _is_absent(self):
        today = (self.company_id or self.env.company)._complaint_today()
        return bool(self.absent_until) and self.absent_until >= today

    @api.model
    def _sync_stand_ins(self):
        """Give the rights of coordinators to those who stand in for one now, and take them
        back from everybody else who had them that way."""
        # who may report an absence need not have rights on users
        group = self.env.ref("klachtenbeheer.group_stand_in").sudo()
        absent = self.sudo().search(
            [
                ("role", "=", COORDINATOR),
                ("absent_until", "!=", False),
                ("policy_id.state", "=", "published"),
            ]
        )
        users = self.env["res.users"].union(
            *(role._get_stand_ins() for role in absent if role._is_absent())
        )
        commands = [
            *(Command.unlink(user.id) for user in group.user_ids - users),
            *(Command.link(user.id) for user in users - group.user_ids),
        ]
        if commands:
            group.user_ids = commands

    def _get_stand_ins(self):
        """Who does the work of this role while it is away: the first role above it that is
        not away itself."""
        above = ESCALATION_CHAIN[ESCALATION_CHAIN.index(self.role) + 1 :]
        present = self.policy_id.role_ids.filtered(
            lambda role: role.role in above and role.user_ids and not role._is_absent()
        )
        return present.sorted(lambda role: above.index(role.role))[:1].user_ids


class PolicyStandIn(models.Model):
    _inherit = "klachtenbeheer.policy"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:  # a version that comes or goes may change who stands in
            self.env["klachtenbeheer.policy.role"]._sync_stand_ins()
        return result


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
        if self and all(user in complaint._get_acting_coordinators() for complaint in self):
            return
        super()._check_may_assign()
