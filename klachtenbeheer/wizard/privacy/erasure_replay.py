from odoo import fields, models
from odoo.exceptions import AccessError


class ErasureReplay(models.TransientModel):
    """Carry out again what had been erased, after an older backup was put back."""

    _name = "klachtenbeheer.erasure.replay"
    _description = "Erase Again After a Restore"

    journal = fields.Text(
        required=True,
        help="The lines “erased …” of the log of the server since the backup was made.",
    )
    result = fields.Char("Erased again", readonly=True)

    def action_replay(self):
        """Erase again; what was erased already is left alone."""
        self.ensure_one()
        self.check_access("write")
        if not self.env["klachtenbeheer.complaint"]._may_protect_data():
            raise AccessError(self.env._("Only who protects data erases again."))
        # the journal decides what goes, not the rights on dossiers
        done = self.env["klachtenbeheer.erasure"].sudo()._replay(self.journal)
        self.result = self.env._("%s erasures were carried out again.", len(done))
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
