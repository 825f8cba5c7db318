from odoo import api, models
from odoo.exceptions import UserError

from .letter import DRAFT, LETTER_SENTINEL

LETTER = "klachtenbeheer.letter"
FROZEN_FIELDS = {"raw", "datas", "db_datas", "store_fname", "name", "res_model", "res_id", "public"}


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if not FROZEN_FIELDS.isdisjoint(vals):
            self._check_no_final_letter()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_final_letter(self):
        self._check_no_final_letter()

    def _check_no_final_letter(self):
        """The PDF of a letter never changes, also one that did not arrive (T51)."""
        if self.env.context.get("letter_sentinel") is LETTER_SENTINEL:
            return
        # superusers and who can't see the letter are refused as well
        letter_ids = [
            attachment.res_id for attachment in self.sudo() if attachment.res_model == LETTER
        ]
        if letter_ids and self.env[LETTER].sudo().search_count(
            [("id", "in", letter_ids), ("state", "!=", DRAFT)], limit=1
        ):
            raise UserError(
                self.env._("This is the PDF of an official letter; it does not change any more.")
            )
