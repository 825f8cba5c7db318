from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..platform.groups import (
    COORDINATOR,
    DIRECTOR,
    DOSSIER_ROLES,
    HANDLER,
    MANAGER,
    REGISTRAR,
)
from .policy import IN_FORCE_STATES

PROPOSED, CONFIRMED, REFUSED, ENDED = "proposed", "confirmed", "refused", "ended"
SYSTEM = "base.group_system"
# The menus and rights on models that come with a power, for who has none yet.
GROUP_OF_POWER = (
    ("assign", COORDINATOR),
    ("decide", DIRECTOR),
    ("approve", DIRECTOR),
    ("handle", HANDLER),
    ("advise", HANDLER),
    ("sign", HANDLER),
    ("register", REGISTRAR),
)


class Appointment(models.Model):
    """That somebody has a role under a policy: proposed by one person, confirmed by another,
    from when until when. Only the methods here write it, and nobody deletes it.

    ==========  ==============================================================================
    Action      Whose
    ==========  ==============================================================================
    propose     who sets up policies, by naming people in a role
    confirm     who decides under that policy; as long as nobody does: who is to decide or
                coordinate there, another who sets up policies, an administrator. Never who
                proposed it, nor who is appointed
    refuse      who may confirm, and who sets up policies
    end         who sets up policies, by taking people from a role; the last day that was set
    ==========  ==============================================================================

    While it is proposed it opens no dossier: the person is not in the role yet.
    """

    _name = "klachtenbeheer.appointment"
    _description = "Appointment in a Complaint Policy"
    _order = "id desc"

    role_id = fields.Many2one(
        "klachtenbeheer.policy.role", required=True, readonly=True, index=True, ondelete="cascade"
    )
    policy_id = fields.Many2one(related="role_id.policy_id", store=True, index=True)
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    user_id = fields.Many2one("res.users", "Person", required=True, readonly=True, index=True)
    state = fields.Selection(
        [
            (PROPOSED, "To be confirmed"),
            (CONFIRMED, "In effect"),
            (REFUSED, "Refused"),
            (ENDED, "Ended"),
        ],
        required=True,
        readonly=True,
        default=PROPOSED,
    )
    proposed_by_id = fields.Many2one("res.users", "Proposed by", readonly=True)
    proposed_on = fields.Date(readonly=True)
    confirmed_by_id = fields.Many2one("res.users", "Confirmed by", readonly=True)
    date_from = fields.Date("From", readonly=True)
    date_until = fields.Date("Until", help="The last day; the role ends by itself.")
    can_confirm = fields.Boolean(compute="_compute_can_confirm")

    _open_idx = models.UniqueIndex(
        "(role_id, user_id) WHERE state IN ('proposed', 'confirmed')",
        "This person is in that role, or proposed for it, already.",
    )
    _until_idx = models.Index("(date_until) WHERE state = 'confirmed'")

    @api.depends("role_id.name", "user_id.name")
    def _compute_display_name(self):
        for appointment in self:
            appointment.display_name = f"{appointment.user_id.name} – {appointment.role_id.name}"

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_confirm(self):
        for appointment in self:
            appointment.can_confirm = (
                appointment.state == PROPOSED and self.env.user in appointment._get_confirmers()
            )

    # ---------------------------------------------------------------- who confirms

    def _get_confirmers(self):
        """Who may put this in effect: never who proposed it, nor who is appointed."""
        self.ensure_one()
        users = self.sudo()._get_deciders()
        return users - self.sudo().proposed_by_id - self.user_id

    def _get_deciders(self):
        """Who decides under the policy, or puts its first people in their roles."""
        roles = self.policy_id.role_ids
        deciding = roles.filtered(lambda role: role.may_decide or role.may_approve).user_ids
        if self.policy_id.state in IN_FORCE_STATES and deciding - self.user_id:
            return deciding
        coordinating = roles.filtered("may_assign").user_ids
        groups = self.env.ref(MANAGER) | self.env.ref(SYSTEM)
        of_company = groups.all_user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        return deciding | coordinating | of_company

    def _get_all_confirmers(self):
        return self.env["res.users"].sudo().union(*(line._get_confirmers() for line in self))

    def _ask_to_confirm(self):
        """An activity on the policy for everybody who may confirm; one of them is enough."""
        for appointment in self:
            users = appointment._get_confirmers()
            deciding = users & appointment.policy_id.role_ids.filtered("may_decide").user_ids
            for user in deciding or users:
                appointment.policy_id.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Confirm an appointment: %s", appointment.display_name),
                    user_id=user.id,
                )

    # ---------------------------------------------------------------- actions

    def action_confirm(self):
        """Put appointments in effect.

        :raise UserError: by somebody who may not, or not for this one
        """
        for appointment in self:
            appointment._check_may_confirm()
            appointment.sudo()._take_effect(self.env.user)  # who decides need not change policies

    def action_refuse(self):
        for appointment in self:
            appointment.check_access("read")
            if appointment.state != PROPOSED:
                raise UserError(self.env._("This appointment is not waiting to be confirmed."))
            if self.env.user != appointment.proposed_by_id:
                appointment._check_may_confirm()
            appointment.sudo().state = REFUSED
            appointment.sudo()._tell(self.env._("%s: not appointed.", appointment.display_name))

    def _check_may_confirm(self):
        self.check_access("read")
        if self.state != PROPOSED:
            raise UserError(self.env._("This appointment is not waiting to be confirmed."))
        user = self.env.user
        if user in (self.user_id, self.sudo().proposed_by_id):
            raise UserError(
                self.env._(
                    "Appointing takes two: somebody else than who proposed it, or who is"
                    " appointed, confirms it."
                )
            )
        if user not in self._get_confirmers():
            raise UserError(
                self.env._(
                    "This appointment is confirmed by: %s.",
                    ", ".join(self._get_confirmers().sudo().mapped("name")) or "–",
                )
            )

    # ---------------------------------------------------------------- in effect

    def _take_effect(self, user):
        """From today this person is in the role."""
        self.write(
            {
                "state": CONFIRMED,
                "confirmed_by_id": user.id,
                "date_from": self.policy_id._today(),
            }
        )
        self.role_id.user_ids |= self.user_id
        self._give_group()

    def _give_group(self):
        """Menus and rights on models, for who has none that belong to a role on dossiers."""
        user = self.user_id
        own = self.env["res.groups"].union(*map(self.env.ref, DOSSIER_ROLES))
        if not user._is_internal() or user.all_group_ids & own:
            return
        for power, group in GROUP_OF_POWER:
            if self.role_id._gives(power):
                user.group_ids += self.env.ref(group)
                return

    def _tell(self, body):
        for appointment in self:
            appointment.role_id._announce(body)

    # ---------------------------------------------------------------- by the daily job

    @api.model
    def _get_over_domain(self, today):
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("state", "=", CONFIRMED)
            & Domain("date_until", "<", today)
        )

    def _end_over(self, today):
        """Whose last day has passed leaves the role."""
        for appointment in self:
            appointment.role_id.user_ids -= appointment.user_id
