from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .appointment import CONFIRMED, ENDED, OPEN, PLANNED, PROPOSED, REFUSED
from .policy import IN_FORCE_STATES


class RoleAppointments(models.Model):
    """Naming people in a role that opens dossiers is proposing them."""

    _inherit = "klachtenbeheer.policy.role"

    appointment_ids = fields.One2many("klachtenbeheer.appointment", "role_id", "Appointments")
    proposed_user_ids = fields.Many2many(
        "res.users",
        compute="_compute_proposed_user_ids",
        string="To be confirmed",
        help="Named here by one, to be confirmed by another.",
    )

    @api.depends("appointment_ids.state")
    def _compute_proposed_user_ids(self):
        for role in self:
            role.proposed_user_ids = role._get_proposed().user_id

    def _get_proposed(self):
        return self.sudo().appointment_ids.filtered(lambda line: line.state == PROPOSED)

    def _get_waiting(self):
        """Who was named, and is not in the role yet."""
        return self.sudo().appointment_ids.filtered(lambda line: line.state in (PROPOSED, PLANNED))

    def _get_people_named(self, vals):
        """Who is in a role after writing these values."""
        return self.user_ids.browse(
            self._fields["user_ids"].convert_to_cache(vals["user_ids"], self)
        )

    def _get_unconfirmed_names(self, vals):
        """Who is new in roles that open dossiers, where this takes a second person.

        :return: {role: users}
        :raise UserError: somebody names themself
        """
        if "user_ids" not in vals or self.env.su:
            return {}
        new = {
            role: role._get_people_named(vals) - role.user_ids
            for role in self
            if role.is_in_force and role._opens_dossiers()
        }
        if any(self.env.user in users for users in new.values()):
            raise UserError(
                self.env._(
                    "Nobody gives themself a role: have a colleague who sets up policies do it."
                )
            )
        return {role: users for role, users in new.items() if users}

    def _propose(self, users):
        """Put on record who is proposed by whom, and ask who confirms."""
        users -= self._get_waiting().user_id
        if not users:
            return
        # only the methods of an appointment write it
        appointments = self.env["klachtenbeheer.appointment"].sudo()
        proposed = appointments.create(
            [
                {
                    "role_id": role.id,
                    "user_id": user.id,
                    "proposed_by_id": self.env.uid,
                    "proposed_on": role.policy_id._today(),
                }
                for role in self
                for user in users
            ]
        )
        for appointment in proposed.filtered(lambda line: line.role_id.is_in_force):
            appointment._tell_coordinator(
                self.env._(
                    "%(role)s: %(name)s proposed by %(user)s; to be confirmed.",
                    role=appointment.role_id.name,
                    name=appointment.user_id.name,
                    user=self.env.user.name,
                )
            )
            appointment._ask_to_confirm()

    def _propose_first(self):
        """Of a new role: who named these people, and that others have to confirm it."""
        if self.env.su:
            return
        for role in self.filtered(lambda role: role.user_ids and role._opens_dossiers()):
            role._propose(role.user_ids)

    def _end_appointments(self, before):
        """Keep the appointments of a role as its people are."""
        for role in self.sudo():
            gone = before[role] - role.user_ids
            open_lines = role.appointment_ids.filtered(lambda line: line.state in OPEN)
            over = open_lines.filtered(
                lambda line: line.user_id in gone and line.state != PLANNED  # noqa: B023
            )
            over.filtered(lambda line: line.state == CONFIRMED).write(
                {"state": ENDED, "date_until": role.policy_id._today()}
            )
            over.filtered(lambda line: line.state == PROPOSED).write({"state": REFUSED})
            if not role.is_in_force and not self.env.su:
                role.with_env(self.env)._propose(
                    (role.user_ids - before[role] - open_lines.user_id)
                    if role._opens_dossiers()
                    else role.user_ids.browse()
                )

    def _sync_versions(self):
        """Dossiers under an earlier version have the people of the version in force."""
        for role in self.sudo().filtered(lambda role: role.policy_id.state == "published"):
            earlier = role.policy_id._get_other_versions().filtered(
                lambda policy: policy.state == "retired"
            )
            twins = earlier.role_ids.filtered(lambda twin: twin.code == role.code)  # noqa: B023
            for twin in twins:
                vals = {}
                if twin.user_ids != role.user_ids:
                    vals["user_ids"] = [Command.set(role.user_ids.ids)]
                if twin.absent_until != role.absent_until:
                    vals["absent_until"] = role.absent_until
                if vals:
                    twin.write(vals)


class PolicyConfirming(models.Model):
    _inherit = "klachtenbeheer.policy"

    appointment_ids = fields.One2many(
        "klachtenbeheer.appointment", "policy_id", "Appointments", copy=False
    )
    proposed_ids = fields.One2many(
        "klachtenbeheer.appointment",
        "policy_id",
        "To be confirmed",
        domain=[("state", "=", PROPOSED)],
        copy=False,
    )

    def _get_known_people(self):
        """Who is in effect already, by code of the role, in versions that have dossiers."""
        others = self._get_other_versions().filtered(lambda other: other.state in IN_FORCE_STATES)
        known = {}
        for role in others.role_ids:
            known[role.code] = known.get(role.code, self.env["res.users"]) | role.user_ids
        return known

    def _get_unconfirmed(self):
        """Of a draft the people whose appointment still takes a second person."""
        known = self._get_known_people()
        nobody = self.env["res.users"]
        return self.sudo().appointment_ids.filtered(
            lambda line: (
                line.state == PROPOSED and line.user_id not in known.get(line.role_id.code, nobody)
            )
        )

    def _check_second_person(self):
        """A first version is put in force by somebody else than who named its people: nobody
        decides there yet who could confirm them."""
        if self.env.uid == SUPERUSER_ID or self._get_known_people():
            return
        unconfirmed = self._get_unconfirmed()
        others = unconfirmed.filtered(
            lambda line: self.env.user not in (line.proposed_by_id, line.user_id)
        )
        if unconfirmed and not others:
            raise UserError(
                self.env._(
                    "Appointing takes two: you named the people of this policy, so somebody else"
                    " publishes it: %s.",
                    ", ".join(sorted(set(unconfirmed._get_all_confirmers().mapped("name")))),
                )
            )

    def _settle_appointments(self):
        """On publication: who had the role already keeps it, whoever publishes confirms the
        others; who they named themself, or are, waits for somebody else."""
        user, by_system = self.env.user, self.env.uid == SUPERUSER_ID
        for policy in self.sudo():
            known = policy._get_known_people()
            nobody = self.env["res.users"]
            for line in policy.appointment_ids.filtered(lambda line: line.state == PROPOSED):
                has_it = line.user_id in known.get(line.role_id.code, nobody)
                second = user not in (line.proposed_by_id, line.user_id)
                second = second and (by_system or policy._may_confirm_first(user, known))
                if line.user_id not in line.role_id.user_ids:
                    line.state = REFUSED
                elif has_it or second or by_system:
                    line._take_effect(user.browse() if has_it else user)
                else:
                    line.role_id.user_ids -= line.user_id
                    line.state = PROPOSED
                    line._ask_to_confirm()

    def _may_confirm_first(self, user, known):
        """Whether who publishes may confirm: of a next version only who decides there."""
        if not known:
            return True
        deciding = self.role_ids.filtered(lambda role: role.may_decide or role.may_approve)
        return any(user in known.get(role.code, user.browse()) for role in deciding)
