from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..platform.groups import (
    COORDINATOR,
    DIRECTOR,
    DOSSIER_ROLES,
    HANDLER,
    HANDLERS,
    MANAGER,
    PROTECTOR,
    REGISTRAR,
)
from .policy import IN_FORCE_STATES
from .role import ALL, QUEUE

PROPOSED, PLANNED, CONFIRMED, REFUSED, ENDED = (
    "proposed",
    "planned",
    "confirmed",
    "refused",
    "ended",
)
OPEN = (PROPOSED, PLANNED, CONFIRMED)
DATES = {"date_from", "date_until"}
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
    set days    who sets up policies, until it is confirmed; afterwards they only make it shorter
    end         who sets up policies, by taking people from a role; the last day that was set
    ==========  ==============================================================================

    While it is proposed, or before its first day, it opens no dossier: the person is not in the
    role yet. After its last day it opens none either, also before the daily job has ended it.
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
            (PLANNED, "Confirmed, starts later"),
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
    date_from = fields.Date("From", help="Empty: from the day on which it is confirmed.")
    date_until = fields.Date("Until", help="The last day; the role ends by itself.")
    can_confirm = fields.Boolean(compute="_compute_can_confirm")

    _open_idx = models.UniqueIndex(
        "(role_id, user_id) WHERE state IN ('proposed', 'planned', 'confirmed')",
        "This person is in that role, or proposed for it, already.",
    )
    _until_idx = models.Index("(date_until) WHERE state = 'confirmed'")
    _from_idx = models.Index("(date_from) WHERE state = 'planned'")

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
        coordinating = roles.filtered(
            lambda role: role.may_assign and role.read_scope != QUEUE
        ).user_ids
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
            if appointment.state not in (PROPOSED, PLANNED):
                raise UserError(self.env._("This appointment is not waiting to be confirmed."))
            if self.env.user != appointment.proposed_by_id:
                appointment._check_is_confirmer()
            appointment.sudo().state = REFUSED
            appointment.sudo()._tell_coordinator(
                self.env._("%s: not appointed.", appointment.display_name)
            )

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
        self._check_is_confirmer()

    def _check_is_confirmer(self):
        if self.env.user not in self._get_confirmers():
            raise UserError(
                self.env._(
                    "This appointment is confirmed by: %s.",
                    ", ".join(self._get_confirmers().sudo().mapped("name")) or "–",
                )
            )

    # ---------------------------------------------------------------- days

    def write(self, vals):
        """From outside the methods here, only the days change.

        :raise UserError: it was confirmed by another, and would start sooner or last longer
        """
        if not self.env.su:
            if set(vals) - DATES:
                raise UserError(self.env._("An appointment is changed by confirming or ending it."))
            for appointment in self:
                appointment._check_days(vals)
        return super().write(vals)

    def _check_days(self, vals):
        if self.state == PROPOSED:
            return
        until = fields.Date.to_date(vals.get("date_until"))
        shorter = until and (not self.date_until or until <= self.date_until)
        if self.state not in OPEN or "date_from" in vals or not shorter:
            raise UserError(
                self.env._(
                    "Somebody else confirmed this appointment as it is: it can only end sooner."
                    " Propose another one for what comes after."
                )
            )

    @api.constrains("date_from", "date_until")
    def _check_order(self):
        for appointment in self:
            first, last = appointment.date_from, appointment.date_until
            if first and last and last < first and appointment.state in (PROPOSED, PLANNED):
                raise ValidationError(self.env._("The last day comes before the first."))

    # ---------------------------------------------------------------- in effect

    def _take_effect(self, user):
        """It is confirmed: from today this person is in the role, or from its first day."""
        today = self.policy_id._today()
        later = bool(self.date_from and self.date_from > today)
        self.write(
            {
                "state": PLANNED if later else CONFIRMED,
                "confirmed_by_id": user.id,
                "date_from": self.date_from if later else today,
            }
        )
        if later:
            self.role_id.user_ids -= self.user_id
        else:
            self._begin()

    def _begin(self):
        self.state = CONFIRMED
        self.role_id.user_ids |= self.user_id
        self._give_group()

    def _is_over(self):
        return bool(self.date_until) and self.date_until < self.policy_id._today()

    def _give_group(self):
        """Menus and rights on models, for who has none that belong to a role on dossiers; who has
        all dossiers of a policy gets those of what they do there."""
        user, role = self.user_id, self.role_id
        if not user._is_internal():
            return
        if role._gives("protect"):
            user.group_ids += self.env.ref(PROTECTOR)
        wanted = self._get_wanted_group()
        if wanted and not user.all_group_ids & (wanted | self._get_enough_groups()):
            user.group_ids += wanted

    def _get_wanted_group(self):
        """The group of the first power in the list that the role gives, if any."""
        role = self.role_id
        for power, group in GROUP_OF_POWER:
            # who hands dossiers out from a queue needs no rights of a coordinator
            queue = power == "assign" and role.read_scope == QUEUE
            if role._gives(power) and not queue:
                return self.env.ref(group)
        return self.env["res.groups"]

    def _get_enough_groups(self):
        """Groups with which somebody needs no other for this role."""
        role = self.role_id
        if role.read_scope == ALL:
            return self.env["res.groups"]
        # who registered only needs more for what is inside a dossier
        inside = any(role._gives(power) for power, group in GROUP_OF_POWER if group != REGISTRAR)
        enough = HANDLERS.split(",") if inside else DOSSIER_ROLES
        return self.env["res.groups"].union(*map(self.env.ref, enough))

    def _tell_coordinator(self, body):
        for appointment in self:
            appointment.role_id._announce(body)

    # ---------------------------------------------------------------- by the daily job

    @api.model
    def _get_starting_domain(self, today):
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("state", "=", PLANNED)
            & Domain("date_from", "<=", today)
        )

    def _start_planned(self, today):
        """Whose first day has come is in the role."""
        for appointment in self:
            appointment._begin()

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
