from odoo import api, models
from odoo.exceptions import AccessError

from ..platform.groups import COORDINATOR, HANDLER, REGISTRAR

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
    "desired_solution",
    "outcome_note",
    "activity_ids",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
}


class ComplaintPermission(models.Model):
    """What a user may do with a dossier beyond what rights on records and fields say. Methods
    refuse by it, and screens only show it.

    ==============  ===============================================================
    Permission      Whose
    ==============  ===============================================================
    handle          coordinator; handler or independent officer of this dossier
    complete        who handles, and the registrar: what belongs in the register
    assign          coordinator, and who stands in for one on this dossier
    export          coordinator, registrar: the register as a spreadsheet
    ==============  ===============================================================
    """

    _inherit = "klachtenbeheer.complaint"

    def _may_handle(self):
        """Whether the user does what handling asks: decide, write letters, record events."""
        user = self.env.user
        if self._is_coordinated_by(user):
            return True
        return user.has_group(HANDLER) and (not self._origin or self._is_assigned_to(user))

    def _may_complete(self):
        """Whether the user writes what belongs in the register."""
        return self._may_handle() or self.env.user.has_group(REGISTRAR)

    def _may_assign(self):
        """Only the coordinator, or who stands in with the same rights, says who handles
        complaints (SJ15, SJ16, BA21); a handler neither takes nor passes on a dossier."""
        user = self.env.user
        if self.env.su or user.has_group(COORDINATOR):
            return True
        return bool(self) and all(
            line._is_coordinated_by(user) or user in line._get_acting_coordinators()
            for line in self
        )

    @api.model
    def _may_export_register(self):
        """Whether the user takes the register along as a spreadsheet: who keeps it (SB45, SJ26)."""
        user = self.env.user
        return self.env.su or user.has_group(COORDINATOR) or user.has_group(REGISTRAR)

    def _is_assigned_to(self, user):
        return user in self.handler_id | self.independent_id

    # ---------------------------------------------------------------- refusing

    def _check_may_assign(self):
        if not self._may_assign():
            raise AccessError(self.env._("Only the coordinator assigns complaints."))

    def _check_writable_fields(self, vals):
        """A registrar who does not handle these complaints writes the registration only."""
        user = self.env.user
        if self.env.su or not user.has_group(REGISTRAR):
            return
        foreign = set(vals) - REGISTRATION_FIELDS
        if foreign and not all(
            line._is_assigned_to(user) or line._is_coordinated_by(user) for line in self
        ):
            labels = [self._fields[fname]._description_string(self.env) for fname in foreign]
            raise AccessError(
                self.env._(
                    "A registrar completes the registration only, not: %s.", ", ".join(labels)
                )
            )
