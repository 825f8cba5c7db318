from odoo import models
from odoo.exceptions import AccessError, UserError

from ..policy.event_type import HAND


class ComplaintRecording(models.Model):
    """Who may put what on record. By what an event is recorded, and which power that asks, are
    fields of its type; whether the user has that power is asked of `permission.py`."""

    _inherit = "klachtenbeheer.complaint"

    def _check_may_record(self, event_type):
        """Refuse what is not recorded by hand, and who may not record it.

        :raise UserError: it belongs to a letter, a conversation or a line of the dossier
        :raise AccessError: the user has not the power that this kind of event asks
        """
        if self.env.su:
            return
        self._check_power(event_type)
        if event_type.recorded_by != HAND:
            raise UserError(event_type._explain_recorded_by())

    def _check_power(self, event_type):
        if not self.env.su and not all(line._may_record(event_type) for line in self):
            raise AccessError(
                self.env._("You may not record “%s” on this dossier.", event_type.name)
            )

    def _may_record(self, event_type):
        """Whether the user has the permission on this dossier that a kind of event asks."""
        match event_type.power:
            case "complete":
                return self._may_complete()
            case "assign":
                return self._may_assign()
        return self._may_handle()
