from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..policy.verdict import COUNTS_AS


class Judged(models.AbstractModel):
    """What gets a verdict: a complaint, a point of it, an advice. One of the list of the policy it
    falls under (`policy_id`), which counts as one of a few."""

    _name = "klachtenbeheer.judged"
    _description = "Judged by a Verdict of the Policy"

    policy_id = fields.Many2one("klachtenbeheer.policy")
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
        for judged in self:
            judged.verdict = judged.verdict_id.counts_as

    def _inverse_verdict(self):
        for judged in self:
            judged.verdict_id = judged._choose_verdict(judged.verdict)

    def _choose_verdict(self, counts_as):
        """The verdict of the policy that counts as something: the present one where it does.

        :raise UserError: the policy has none
        """
        if self.verdict_id.counts_as == (counts_as or False):
            return self.verdict_id
        found = self.policy_id._find_verdict(counts_as)
        if counts_as and not found:
            names = dict(self._fields["verdict"]._description_selection(self.env))
            raise UserError(
                self.env._("This policy has no verdict that counts as “%s”.", names[counts_as])
            )
        return found

    @api.constrains("verdict_id")
    def _check_verdict(self):
        for judged in self.sudo():  # whoever judges need not read all of the policy
            if judged.verdict_id and judged.verdict_id - judged.policy_id.verdict_ids:
                raise ValidationError(
                    self.env._("Choose from the lists of this complaint's own policy.")
                )
