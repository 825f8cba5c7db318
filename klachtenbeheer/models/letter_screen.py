from odoo import models


class LetterScreen(models.Model):
    """How the dossier leads to its letters."""

    _inherit = "klachtenbeheer.letter"

    def action_open(self):
        """Open the letter in full, from the list on the dossier."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
