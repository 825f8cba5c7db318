from functools import cache
from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError

from ..platform.groups import HANDLER

# What a registrar may write (SJ26, SJ52-56): what belongs in the register.
REGISTRATION_FIELDS = {
    "title",
    "description",
    "channel",
    "received_on",
    "received_by_id",
    "partner_id",
    "complainant_name",
    "complainant_email",
    "complainant_phone",
    "complainant_address",
    "complainant_lang",
    "complainant_kind_id",
    "preferred_delivery",
    "incident_on",
    "incident_place",
    "established_by",
    "responsible_employee",
    "source_url",
    "complainant_organisation",
    "category_id",
    "respondent_text",
    "description_translation",
    "desired_solution",
    "outcome_note",
    "activity_ids",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
}


# As what somebody looks at a dossier, by what they may do under its policy; the first that fits.
GROUND_OF_POWER = {
    "assign": "coordinator",
    "decide": "decider",
    "approve": "decider",
    "advise": "adviser",
    "register": "registrar",
}


class LoggedDossier(NamedTuple):
    """What the log of who looked has to know of a dossier, as it is stored."""

    id: int
    company_id: int
    name: str
    policy_id: int
    handler_id: int
    independent_id: int
    is_closed: bool
    board_involved: bool
    called_in: list

    def is_in(self, reach):
        """Whether it is in reach by a role."""
        return reach.covers(
            self.id,
            self.policy_id,
            lambda: not self.handler_id and not self.is_closed,
            lambda: self.board_involved,
            lambda: self.called_in,
        )


class ComplaintPermission(models.Model):
    """What a user may do with a dossier beyond what rights on records and fields say. Methods
    refuse by it, and screens only show it.

    ==============  ===============================================================
    Permission      Whose
    ==============  ===============================================================
    handle          who has the power to, among whom who has the dossier in hand
    complete        who handles or registers: what belongs in the register
    assign          who has the power to, and who replaces the coordinator here
    protect data    who has the power to under a policy of that organisation
    account         who coordinates and receives reports: makes reports, evaluates
    export          who registers under some policy: the register as a spreadsheet
    ==============  ===============================================================
    """

    _inherit = "klachtenbeheer.complaint"

    def _may_handle(self):
        """Whether the user does what handling asks: decide, write letters, record events."""
        if not self._origin:  # any handler fills in a new one
            return self.env.user.has_group(HANDLER) or self._has_power("handle")
        return self._has_power("handle")

    def _may_complete(self):
        """Whether the user writes what belongs in the register."""
        return self._may_handle() or self._has_power("register")

    def _may_assign(self):
        """Only the coordinator, or who stands in with the same rights, says who handles
        complaints (SJ15, SJ16, BA21); a handler neither takes nor passes on a dossier."""
        if self.env.su or not self:
            return self.env.su or self._has_power("assign")
        return all(
            line._has_power("assign") or self.env.user in line._get_acting_coordinators()
            for line in self
        )

    @api.model
    def _may_protect_data(self):
        """Whether the user protects data: reads who looked and what was erased, and answers the
        requests of data subjects. Which is not reading dossiers."""
        return self.env.su or bool(self._get_policies_giving("protect"))

    @api.model
    def _get_protected_companies(self):
        """The organisations under one of whose policies the user protects data."""
        policies = self.env["klachtenbeheer.policy"].browse(self._get_policies_giving("protect"))
        return policies.sudo().company_id  # who protects data need not set policies up

    @api.model
    def _get_accounting_policies(self):
        """Ids of the policies for which the user accounts: makes the reports on them, evaluates
        them. Which is coordinating them, for who receives reports: not for who stands in."""
        return self._get_power_policies("assign") & self._get_policies_giving("reports")

    @api.model
    def _get_reading_grounds(self, user, dossiers):
        """Why a user may look at dossiers, for the log of who looked. Asked of what is stored and
        not of records: every first look pays for it. Whoever is barred from one does not get here.

        :param dossiers: of `LoggedDossier`
        :return: {id: key of `ground` of klachtenbeheer.reading}
        """
        reach = cache(lambda power: self._get_reach(power, user))  # asked where it decides

        def find(dossier):
            if user.id == dossier.independent_id:
                return "independent"
            if user.id == dossier.handler_id:
                return "handler"
            if dossier.policy_id in user._get_standing_in_policy_ids():
                return "stand_in"
            for power, ground in GROUND_OF_POWER.items():
                if dossier.is_in(reach(power)):
                    return ground
            return self._get_ground_without_power(user, dossier)

        return {dossier.id: find(dossier) for dossier in dossiers}

    @api.model
    def _get_ground_without_power(self, user, dossier):
        if user.share and not dossier.is_in(self._get_reach("read", user)):
            return "own"
        protects = self.with_user(user)._get_policies_giving("protect")
        return "protector" if dossier.policy_id in protects else "other"

    @api.model
    def _may_export_register(self):
        """Whether the user takes the register along as a spreadsheet: who keeps it (SB45, SJ26)."""
        return self.env.su or self.browse()._has_power("register")

    def _filter_rating_told(self):
        """Those of which the user hears what the complainant thinks of the handling: who receives
        the reports on all dossiers of the policy, not whoever handled it."""
        if self.env.su:
            return self
        policies = self._get_power_policies("reports")
        return self.filtered(
            lambda line: line.sudo().policy_id.id in policies and line._has_power("reports")
        )

    def _is_assigned_to(self, user):
        return user in self.handler_id | self.independent_id

    # ---------------------------------------------------------------- refusing

    def _check_may_assign(self):
        if not self._may_assign():
            raise AccessError(self.env._("Only the coordinator assigns complaints."))

    def _check_may_keep_register(self, vals):
        """What belongs in the register is for who keeps it (KK7), not for all who handle."""
        moved = self.filtered(lambda line: line.in_register != vals.get("in_register"))
        if "in_register" in vals and moved and not moved._has_power("register"):
            raise AccessError(
                self.env._("What is in the register is decided by who keeps the register.")
            )

    def _check_writable_fields(self, vals):
        """A registrar who does not handle these complaints writes the registration only."""
        foreign = set(vals) - REGISTRATION_FIELDS
        if self.env.su or not foreign:
            return
        self._check_may_keep_register(vals)
        registered_only = self.filtered(lambda line: not line._has_power("handle"))
        if registered_only and registered_only._has_power("register"):
            labels = [self._fields[fname]._description_string(self.env) for fname in foreign]
            raise AccessError(
                self.env._(
                    "A registrar completes the registration only, not: %s.", ", ".join(labels)
                )
            )
