from odoo import api, models
from odoo.fields import Domain


class LetterIdentity(models.Model):
    """A letter names its addressee. Where that is secret, letters are read, and so approved,
    by the coordinator's level only; director and board read the decision on the dossier
    itself (KK22)."""

    _inherit = "klachtenbeheer.letter"

    @api.model
    def _get_untold_domain(self):
        return Domain.FALSE

    @api.model
    def _get_dossier_operation(self, operation):
        """Who approves writes on the letter, and need not be who handles the dossier."""
        return "read" if operation == "write" else super()._get_dossier_operation(operation)

    def _get_informed(self, approvers):
        """Of who approves those who may know the complainant, or else who coordinates."""
        return self._filter_may_know(approvers) or self._filter_may_know(
            self.complaint_id._get_acting_coordinators()
            or self.policy_id._get_role_users("coordinator")
        )

    def onchange(self, values, field_names, fields_spec):
        """A form that is being filled in shows the addressee before any right to the letter
        is asked for: a dossier must be the user's own to start from."""
        complaint_id = values.get("complaint_id") or self.env.context.get("default_complaint_id")
        if complaint_id and not self:
            complaint = self.env["klachtenbeheer.complaint"].browse(complaint_id)
            complaint.check_access("write")
            complaint._check_may_know_addressee()
        return super().onchange(values, field_names, fields_spec)

    def _filter_may_know(self, users):
        return users.filtered(lambda user: self.complaint_id._has_power("identity", user))
