from odoo import api, fields, models


class Channel(models.Model):
    """A way in which complaints arrive. Some terms run for written ones only."""

    _name = "klachtenbeheer.channel"
    _description = "Complaint Channel"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    is_written = fields.Boolean("In writing")
    sequence = fields.Integer(default=10)

    _code_uniq = models.Constraint("UNIQUE(code)", "The code of a channel is used only once.")

    @api.model
    def _get_selection(self):
        return [(channel.code, channel.name) for channel in self.sudo().search([])]

    @api.model
    def _get_written_codes(self):
        return set(self.sudo().search([("is_written", "=", True)]).mapped("code"))
