from odoo import api, models

from .memory import forget


class Remembered(models.AbstractModel):
    """What processes remember: whatever changes it, they forget it, before and after, as somebody
    may ask meanwhile."""

    _name = "klachtenbeheer.remembered"
    _description = "Remembered Catalogue"

    @api.model_create_multi
    def create(self, vals_list):
        forget(self.env)
        records = super().create(vals_list)
        forget(self.env)
        return records

    def write(self, vals):
        forget(self.env)
        result = super().write(vals)
        forget(self.env)
        return result

    def unlink(self):
        forget(self.env)
        result = super().unlink()
        forget(self.env)
        return result
