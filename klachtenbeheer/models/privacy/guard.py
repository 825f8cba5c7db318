from odoo import models

from .legal_hold import RESTRICTION


class ComplaintGuard(models.Model):
    """Nothing changes on a dossier that was anonymised, or whose use is restricted."""

    _inherit = "klachtenbeheer.complaint"

    def _get_privacy_refusal(self):
        """Why nothing may be done with this dossier: text, or False."""
        if self.anonymised_on:
            return self.env._(
                "this dossier was anonymised on %s and does not change any more.",
                self._format_date(self.anonymised_on),
            )
        if self._is_restricted():
            return self.env._(
                "use of this dossier is restricted at somebody's request (art. 18 AVG); it is only"
                " kept."
            )
        return False

    def _is_restricted(self):
        today = self._today()
        holds_su = self.sudo().hold_ids  # whoever acts on the dossier hears of it
        return any(
            hold.kind == RESTRICTION
            and not hold.lifted_on
            and (not hold.until or hold.until >= today)
            for hold in holds_su
        )

    def _check_privacy(self):
        """Refuse a change by hand.

        :raise UserError: one of these was anonymised, or is restricted
        """
        self._raise_refusals({line: line._get_privacy_refusal() for line in self})

    def _check_not_anonymised(self):
        gone = self.filtered("anonymised_on")
        gone._raise_refusals({line: line._get_privacy_refusal() for line in gone})
