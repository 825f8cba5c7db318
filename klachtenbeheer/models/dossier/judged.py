from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..policy.verdict import COUNTS_AS


class Judged(models.AbstractModel):
    """What gets a verdict: one of the list of the policy, which counts as one of a few."""

    _name = "klachtenbeheer.judged"
    _description = "Judged by a Verdict of the Policy"
    _inherit = ["klachtenbeheer.dossier.line"]

    policy_id = fields.Many2one(related="complaint_id.policy_id")
    verdict_choice_ids = fields.Many2many(related="policy_id.verdict_ids", string="Verdicts")
    verdict_id = fields.Many2one(
        "klachtenbeheer.verdict",
        domain="[('id', 'in', verdict_choice_ids)]",
        ondelete="restrict",
        index="btree_not_null",
    )
    verdict = fields.Selection(
        COUNTS_AS,
        "Counts as",
        compute="_compute_verdict",
        inverse="_inverse_verdict",
        store=True,
    )

    @api.depends("verdict_id")
    def _compute_verdict(self):
        for line in self:
            line.verdict = line.verdict_id.counts_as

    def _inverse_verdict(self):
        for line in self:
            line.verdict_id = line._choose_verdict(line.policy_id, line.verdict, line.verdict_id)

    @api.model
    def _choose_verdict(self, policy, counts_as, chosen):
        """The verdict of a policy that counts as something.

        :param chosen: the one until now, which is kept where it counts as that
        :raise UserError: the policy has none
        """
        if chosen.counts_as == (counts_as or False):
            return chosen
        found = policy._find_verdict(counts_as)
        if counts_as and not found:
            names = dict(self._fields["verdict"]._description_selection(self.env))
            raise UserError(
                self.env._("This policy has no verdict that counts as “%s”.", names[counts_as])
            )
        return found

    @api.constrains("verdict_id")
    def _check_verdict(self):
        for line in self.sudo():  # whoever judges need not read all of the policy
            if line.verdict_id and line.verdict_id - line.policy_id.verdict_ids:
                raise ValidationError(
                    self.env._("Choose from the lists of this complaint's own policy.")
                )
