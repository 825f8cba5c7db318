from odoo import fields, models


class RulingDecide(models.TransientModel):
    """Dialog: what directie decides where the policy does not provide."""

    _name = "klachtenbeheer.ruling.decide"
    _description = "Decide an Unforeseen Case"

    ruling_id = fields.Many2one("klachtenbeheer.ruling", required=True, readonly=True)
    question = fields.Text(related="ruling_id.question")
    decision = fields.Text(required=True)

    def action_decide(self):
        self.ruling_id.action_decide(self.decision)
