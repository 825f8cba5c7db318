from odoo import fields, models

from ...models.portal.follow_up import CODE


class MessageCompose(models.TransientModel):
    _inherit = "klachtenbeheer.message.compose"

    way = fields.Selection(
        selection_add=[(CODE, "Read on the follow-up page, with the code of the complaint")]
    )
