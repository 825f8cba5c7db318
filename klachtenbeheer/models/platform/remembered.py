from odoo import api, models

from .memory import forget


class Remembered(models.AbstractModel):
    """A catalogue that processes remember: whatever changes it, they forget it."""

    _name = "klachtenbeheer.remembered"
    _description = "Remembered Catalogue"

    @api.model_create_multi
    def create(self, vals_list):
        forget(self.env)
        return super().create(vals_list)

    def write(self, vals):
        forget(self.env)
        return super().write(vals)

    def unlink(self):
        forget(self.env)
        return super().unlink()
