from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

COMPLAINT = "klachtenbeheer.complaint"


class DossierPart(models.AbstractModel):
    """What is read and written as the dossier it is part of, said once for all of them.

    To the record rules of such a model the platform's own `_compute_domain` gets the rules of
    the dossier added, and how far the user looks into it: so lists, groups, exports, paths
    through other records and single records all obey, in one join. A line that tells who
    complained is, where that stays unknown, for who coordinates (KK22).
    """

    _name = "klachtenbeheer.dossier.part"
    _description = "Part of a Complaint Dossier"
    _inherit = ["klachtenbeheer.refusal"]

    # Fields that tell of what it is part.
    _part_of = ("complaint_id",)

    def write(self, vals):
        if not self.env.su:
            self._check_stays(vals)
        return super().write(vals)

    def _check_stays(self, vals):
        """Moved to another dossier, it would be missing where it was decided on, and appear where
        nothing is changed any more."""
        for fname in self._part_of:
            if fname in vals and any(part[fname].id != vals[fname] for part in self):
                raise UserError(self.env._("What is on a dossier stays on that dossier."))

    @api.model
    def _get_dossier_domain(self, operation):
        """Lines of the dossiers on which the user may do that.

        :param operation: read, write, create or unlink
        """
        operation = self._get_dossier_operation(operation)
        complaints = self.env[COMPLAINT]
        if not complaints.has_access(operation):
            return Domain.FALSE
        # the rules of the dossier stand here, so they need not be added once more
        allowed = self.env["ir.rule"]._compute_domain(COMPLAINT, operation)
        domain = Domain("complaint_id", "any!", allowed & complaints._get_readable_domain())
        untold = self._get_untold_domain()
        if untold.is_true():
            return domain
        known = Domain("hide_identity", "=", False) | complaints._get_power_domain("identity")
        return domain & (untold | Domain("complaint_id", "any!", known))

    @api.model
    def _get_dossier_operation(self, operation):
        """Hook: what somebody must be allowed on the dossier to do that with a line of it."""
        return "read" if operation == "read" else "write"

    @api.model
    def _get_untold_domain(self):
        """Hook: lines that tell nobody who complained."""
        return Domain.TRUE


class IrRule(models.Model):
    _inherit = "ir.rule"

    @api.model
    def _compute_domain(self, model_name, mode="read"):
        domain = super()._compute_domain(model_name, mode)
        model = self.env[model_name]
        if self.env.su or not hasattr(model, "_get_dossier_domain"):
            return domain
        return (domain & model._get_dossier_domain(mode)).optimize(model)
