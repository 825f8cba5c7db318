from base64 import b64decode

from odoo import fields, models
from odoo.exceptions import UserError

from ...models.letter.letter import EMAIL, POST


class LetterOutsideDialog(models.TransientModel):
    """Dialog: a letter left outside the product, by hand or from a mailbox of our own."""

    _name = "klachtenbeheer.letter.outside"
    _description = "Letter that Was Sent Otherwise"

    letter_id = fields.Many2one("klachtenbeheer.letter", required=True, readonly=True)
    sent_on = fields.Date(
        "Sent on", required=True, default=lambda self: self.env.company._complaint_today()
    )
    delivery = fields.Selection(
        [(POST, "By post"), (EMAIL, "By e-mail")], "How", required=True, default=POST
    )
    scan = fields.Binary("Scan (PDF)", required=True, attachment=False)
    scan_name = fields.Char()

    def action_confirm(self):
        """Put the letter on the dossier as sent.

        :raise UserError: there is no scan, or the letter may not be sent as it is
        """
        self.ensure_one()
        if not self.scan:
            raise UserError(self.env._("Add the scan of the letter as a PDF."))
        scan = self.with_context(bin_size=False).scan
        self.letter_id._put_on_dossier(self.sent_on, self.delivery, b64decode(scan))
        return {"type": "ir.actions.act_window_close"}
