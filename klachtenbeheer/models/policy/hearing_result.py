from odoo import fields, models


class HearingResult(models.Model):
    """What a conversation brought (KK25)."""

    _name = "klachtenbeheer.hearing.result"
    _description = "Result of a Conversation"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    needs_agreement = fields.Boolean("Asks for agreements in writing")
    makes_measure = fields.Boolean("Promises an improvement")
