from odoo import fields, models


class Agreement(models.Model):
    """A contact with somebody on the settlement, and what was agreed (SJ30, SJ56, KK29)."""

    _name = "klachtenbeheer.agreement"
    _description = "Contact or Agreement"
    _inherit = ["klachtenbeheer.dossier.line"]
    _order = "date, id"

    date = fields.Date(required=True, default=lambda self: self.env.company._complaint_today())
    kind = fields.Selection(
        [("contact", "Contact"), ("agreement", "Agreement"), ("action", "Action")],
        required=True,
        default="agreement",
    )
    with_whom = fields.Char("With")
    name = fields.Text("What", required=True)
    owner_name = fields.Char("Who does it")
    due_on = fields.Date("By")
    done_on = fields.Date()
