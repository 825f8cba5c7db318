from odoo import api, fields, models
from odoo.exceptions import UserError

CLAIM, COURT, DISPUTE, RESTRICTION, OTHER = "claim", "court", "dispute", "restriction", "other"


class LegalHold(models.Model):
    """Why a dossier is kept although its period has passed: by whom, and until when.

    A restriction (AVG art. 18) is a hold as well: the data stay, and nothing is done with them
    meanwhile (`guard.py`). A hold that comes in the same minute as the job wins: both lock the
    dossier, and the job looks again at what it has locked.
    """

    _name = "klachtenbeheer.legal.hold"
    _description = "Legal Hold on a Complaint Dossier"
    _inherit = ["klachtenbeheer.coordinated.line"]
    _follows_closing = True
    _procedure_fields = frozenset({"lifted_on", "lifted_by_id", "lift_reason"})
    _order = "id desc"
    _rec_name = "kind"

    kind = fields.Selection(
        [
            (CLAIM, "Claim for damages"),
            (COURT, "Legal proceedings"),
            (DISPUTE, "External body handles it"),
            (RESTRICTION, "Restricted at the request of somebody (art. 18 AVG)"),
            (OTHER, "Something else"),
        ],
        required=True,
        default=CLAIM,
    )
    reason = fields.Text(required=True)
    until = fields.Date(help="Empty: until somebody lifts it.")
    lifted_on = fields.Date(readonly=True)
    lifted_by_id = fields.Many2one("res.users", "Lifted by", readonly=True)
    lift_reason = fields.Text("Why it was lifted")

    @api.model_create_multi
    def create(self, vals_list):
        holds = super().create(vals_list)
        holds.complaint_id._check_not_anonymised()
        return holds

    def action_lift(self):
        """The reason fell away; from now on the period of the policy counts again."""
        self.check_access("write")
        for hold in self.filtered(lambda hold: not hold.lifted_on):
            hold._as_procedure().write(
                {"lifted_on": hold.complaint_id._today(), "lifted_by_id": self.env.uid}
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A hold is lifted, not deleted: it shows why a dossier stayed."))
