from odoo import api, fields, models
from odoo.exceptions import UserError


class IncomingSort(models.TransientModel):
    """Dialog: what to do with mails that nobody but a person can place."""

    _name = "klachtenbeheer.incoming.sort"
    _description = "Sort Incoming Mail"

    incoming_ids = fields.Many2many("klachtenbeheer.incoming", required=True, readonly=True)
    purpose = fields.Selection(
        [("complaint", "Make it a complaint"), ("dossier", "Put on"), ("discard", "Put aside")],
        required=True,
        readonly=True,
    )
    company_id = fields.Many2one("res.company", compute="_compute_company_id")
    policy_id = fields.Many2one(
        "klachtenbeheer.policy",
        "Under which policy",
        domain="[('company_id', '=', company_id), ('state', '=', 'published')]",
    )
    complaint_id = fields.Many2one(
        "klachtenbeheer.complaint",
        "On which dossier",
        domain="[('company_id', '=', company_id)]",
    )
    by_complainant = fields.Boolean(
        "It is from the complainant",
        help="Then the complainant sees it on the dossier as well; otherwise it is a note.",
    )
    reason = fields.Text("Why nothing has to be done with it")

    @api.depends("incoming_ids")
    def _compute_company_id(self):
        for dialog in self:
            dialog.company_id = dialog.incoming_ids.company_id[:1]

    def action_confirm(self):
        """Do what was asked, for every mail that is still to be sorted."""
        self.ensure_one()
        mails = self.incoming_ids
        mails._check_may_sort()
        return self._get_purposes()[self.purpose](mails)

    def _get_purposes(self):
        """{purpose: what is done}."""
        return {
            "complaint": self._do_complaint,
            "dossier": self._do_dossier,
            "discard": self._do_discard,
        }

    def _do_complaint(self, mails):
        policy = self.policy_id
        if not policy or not policy._is_in_force() or policy.company_id != mails.company_id:
            raise UserError(self.env._("Choose a policy of your organisation that is in force."))
        complaints = self.env["klachtenbeheer.complaint"].union(
            *(mail._make_complaint(mail._get_policy() or policy) for mail in mails)
        )
        return mails._open_complaint(complaints)

    def _do_dossier(self, mails):
        complaint = self.complaint_id
        if not complaint or complaint not in complaint._filter_readable():
            raise UserError(self.env._("Choose a dossier that you may look into."))
        if mails.company_id != complaint.company_id:
            raise UserError(self.env._("This mail was sent to another organisation."))
        for mail in mails:
            mail._put_on(complaint, self.by_complainant)
        return mails._open_complaint(complaint)

    def _do_discard(self, mails):
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why; the reason stays on record."))
        mails._discard(self.reason)
        return {"type": "ir.actions.act_window_close"}
