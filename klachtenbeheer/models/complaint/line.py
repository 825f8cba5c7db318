from odoo import api, fields, models

from .storing import PROCEDURE_SENTINEL


class DossierLine(models.AbstractModel):
    """What belongs to one dossier: seen by whoever sees the dossier, by nobody else."""

    _name = "klachtenbeheer.dossier.line"
    _description = "Line of a Complaint Dossier"
    _inherit = ["klachtenbeheer.dossier.part"]
    _order = "id"

    # Fields that only the methods of the line write, not a form or a call from outside.
    _procedure_fields = frozenset()
    # Whether it is part of what still follows when the dossier has been closed.
    _follows_closing = False

    complaint_id = fields.Many2one(
        "klachtenbeheer.complaint", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([self._without_procedure_fields(vals) for vals in vals_list])
        lines._check_dossier_open()
        lines._keep_documents()
        return lines

    def write(self, vals):
        self._check_dossier_open()
        result = super().write(self._without_procedure_fields(vals))
        self._keep_documents()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_dossier_open()

    def _check_dossier_open(self):
        if not self._follows_closing:
            self.complaint_id._check_not_closed()

    def _keep_documents(self):
        """What somebody uploads on a line belongs to the dossier, and is seen as that is."""
        fnames = [
            fname
            for fname, field in self._fields.items()
            if field.type == "many2many" and field.comodel_name == "ir.attachment"
        ]
        for line in self if fnames else ():
            # loose files are for who uploaded them only; that is this user
            for documents in (line.sudo()[fname] for fname in fnames):
                loose = documents.filtered(
                    lambda file: not file.res_id and file.create_uid == self.env.user
                )
                if loose:
                    complaint = line.complaint_id
                    loose.write({"res_model": complaint._name, "res_id": complaint.id})

    def onchange(self, values, field_names, fields_spec):
        """A form that is being filled in shows what it computes before any right to the line
        is asked for: it starts from a dossier of the user's own."""
        complaint_id = values.get("complaint_id") or self.env.context.get("default_complaint_id")
        if complaint_id and not self:
            self.env["klachtenbeheer.complaint"].browse(complaint_id).check_access("read")
        return super().onchange(values, field_names, fields_spec)

    def _without_procedure_fields(self, vals):
        if self.env.context.get("procedure_sentinel") is PROCEDURE_SENTINEL:
            return vals
        return {key: value for key, value in vals.items() if key not in self._procedure_fields}

    def _as_procedure(self):
        """These lines, allowed to write what only their own methods write."""
        return self.with_context(procedure_sentinel=PROCEDURE_SENTINEL)
