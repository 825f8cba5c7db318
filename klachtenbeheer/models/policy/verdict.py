from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from .policy import IN_FORCE_STATES

UPHELD, PARTLY, NOT_UPHELD, NOT_ADMISSIBLE, WITHHELD = (
    "upheld",
    "partly_upheld",
    "not_upheld",
    "not_admissible",
    "withheld",
)
# As what a verdict counts, whatever a policy calls it: figures compare policies by it.
COUNTS_AS = [
    (UPHELD, "Upheld"),
    (PARTLY, "Partly upheld"),
    (NOT_UPHELD, "Not upheld"),
    (NOT_ADMISSIBLE, "Not admissible"),
    (WITHHELD, "No verdict given"),
]
FROZEN_FIELDS = {"code", "counts_as"}


class Verdict(models.Model):
    """A verdict that a policy knows, in its own words. Each policy has its own list of them."""

    _name = "klachtenbeheer.verdict"
    _description = "Verdict on a Complaint"
    _order = "sequence, id"

    name = fields.Char("Verdict", required=True, translate=True)
    phrase = fields.Char(
        "In a sentence",
        required=True,
        translate=True,
        help="After “We declare your complaint”, e.g. partly upheld.",
    )
    sentence = fields.Char(
        "Sentence of its own",
        translate=True,
        help="Where “We declare your complaint …” does not fit, e.g. We give no verdict.",
    )
    code = fields.Char(required=True, help="Small letters; by which imports know it.")
    counts_as = fields.Selection(COUNTS_AS, required=True, help="In figures and reports.")
    sequence = fields.Integer(default=10)
    usual = fields.Boolean("In new policies", help="New policies start with it.")

    _code_uniq = models.Constraint("UNIQUE(code)", "The code of a verdict is used only once.")

    def write(self, vals):
        if FROZEN_FIELDS & set(vals):
            self._check_not_in_force()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        self._check_not_in_force()

    def _check_not_in_force(self):
        """What a published policy judges by keeps its meaning."""
        policies_su = self.env["klachtenbeheer.policy"].sudo().with_context(active_test=False)
        used = policies_su.search_count(
            [("verdict_ids", "in", self.ids), ("state", "in", IN_FORCE_STATES)], limit=1
        )
        if used:
            raise UserError(
                self.env._("A published policy has this verdict: make another one for a new list.")
            )


class PolicyVerdicts(models.Model):
    _inherit = "klachtenbeheer.policy"

    verdict_ids = fields.Many2many(
        "klachtenbeheer.verdict",
        "klachtenbeheer_policy_verdict_rel",
        string="Verdicts",
        copy=True,
        default=lambda self: [Command.set(self._get_usual_verdicts().ids)],
        help="What a complaint under this policy can be declared.",
    )

    @api.model
    def _get_usual_verdicts(self):
        return self.env["klachtenbeheer.verdict"].search([("usual", "=", True)])

    def _find_verdict(self, counts_as):
        """The first verdict of this policy that counts as something; none where it has none."""
        verdicts_su = self.sudo().verdict_ids  # what a policy judges by is no secret
        return verdicts_su.filtered(lambda verdict: verdict.counts_as == counts_as)[:1].sudo(False)
