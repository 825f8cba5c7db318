from odoo import api, fields, models
from odoo.exceptions import UserError

from ...models.policy.absence import STAND_INS


class Absence(models.TransientModel):
    """Dialog: somebody is away, and the next role takes over until then (SJ15)."""

    _name = "klachtenbeheer.absence"
    _description = "Report an Absence"

    role_ids = fields.Many2many(
        "klachtenbeheer.policy.role",
        string="As",
        required=True,
        domain="[('id', 'in', candidate_ids)]",
        default=lambda self: self._default_role_ids(),
    )
    candidate_ids = fields.Many2many("klachtenbeheer.policy.role", compute="_compute_candidate_ids")
    until = fields.Date("Away up to and including")

    @api.model
    def _default_role_ids(self):
        return self._get_candidates().filtered(lambda role: self.env.user in role.user_ids)

    @api.model
    def _get_candidates(self):
        """The roles that somebody takes over, under the policies in which the user has one
        of them: a deputy may report the coordinator ill."""
        roles = self.env["klachtenbeheer.policy.role"].search(
            [("role", "in", STAND_INS), ("policy_id.state", "=", "published")]
        )
        own = roles.filtered(lambda role: self.env.user in role.user_ids)
        return roles.filtered(lambda role: role.policy_id in own.policy_id)

    def _compute_candidate_ids(self):
        self.candidate_ids = self._get_candidates()

    def action_report(self):
        """Report the absence.

        :raise UserError: no day was chosen, or one that has passed
        """
        if not self.until or self.until < self.env.company._complaint_today():
            raise UserError(self.env._("Choose the last day of the absence: today or later."))
        self.role_ids.action_set_absent(self.until)

    def action_return(self):
        """Back again: the roles do their own work from now on."""
        self.role_ids.action_set_absent(False)
