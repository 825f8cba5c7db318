from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache


class Channel(models.Model):
    """A way in which complaints arrive. Some terms run for written ones only."""

    _name = "klachtenbeheer.channel"
    _description = "Complaint Channel"
    _inherit = ["klachtenbeheer.remembered"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    is_written = fields.Boolean("In writing")
    sequence = fields.Integer(default=10)

    _code_uniq = models.Constraint("UNIQUE(code)", "The code of a channel is used only once.")

    def write(self, vals):
        fixed = {"code", "is_written"} & set(vals)
        if not self.env.su and any(line[fname] != vals[fname] for fname in fixed for line in self):
            # terms of dossiers that came this way depend on it
            raise UserError(self.env._("Make another way to file instead: terms depend on this."))
        return super().write(vals)

    @api.model
    def _get_selection(self):
        return list(self._get_names(self.env.lang))

    @api.model
    def _get_written_codes(self):
        return self._get_codes_of_written()

    @api.model
    @ormcache("lang")
    def _get_names(self, lang):
        channels = self.sudo().with_context(lang=lang).search(Domain.TRUE)  # not secret
        return tuple((channel.code, channel.name) for channel in channels)

    @api.model
    @ormcache()
    def _get_codes_of_written(self):
        return frozenset(self.sudo().search([("is_written", "=", True)]).mapped("code"))
