from odoo import fields, models


class NextVersion(models.TransientModel):
    """Dialog: from which day a next version of a policy is in force."""

    _name = "klachtenbeheer.next.version"
    _description = "Next Version of a Complaint Policy"

    policy_id = fields.Many2one("klachtenbeheer.policy", required=True, readonly=True)
    effective_from = fields.Date("In force from", required=True)

    def action_make(self):
        """Make the draft and open it."""
        self.ensure_one()
        return self.policy_id.make_next_version(self.effective_from)._get_form_action()
