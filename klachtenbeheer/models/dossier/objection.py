from odoo import api, fields, models
from odoo.exceptions import UserError

EVENTS = {"objection": "objected", "follow_up": "referral_requested"}


class Objection(models.Model):
    """The complainant does not agree: with the answer (BA27), or with the handling, to a
    follow-up body (SB40). Late or oral ones are accepted only with a reason."""

    _name = "klachtenbeheer.objection"
    _description = "Disagreement of the Complainant"
    _inherit = ["klachtenbeheer.dossier.line"]
    _follows_closing = True
    _order = "received_on, id"
    _rec_name = "kind"
    _procedure_fields = frozenset({"state"})

    kind = fields.Selection(
        [("objection", "Does not agree"), ("follow_up", "Turns to the follow-up body")],
        required=True,
        default="objection",
    )
    received_on = fields.Date(
        required=True, default=lambda self: self.env.company._complaint_today()
    )
    in_writing = fields.Boolean(default=True)
    description = fields.Text("What the complainant says")
    attachment_ids = fields.Many2many("ir.attachment", string="Documents")
    due_on = fields.Date("Last day", compute="_compute_is_late", store=True)
    is_late = fields.Boolean("Late", compute="_compute_is_late", store=True)
    acceptance_reason = fields.Text("Why it is accepted all the same")
    state = fields.Selection(
        [("draft", "New"), ("accepted", "Registered"), ("refused", "Not accepted")],
        default="draft",
        required=True,
        readonly=True,
    )

    @api.depends("kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for objection in self:
            objection.display_name = kinds.get(objection.kind)

    @api.depends("received_on", "kind", "complaint_id.deadline_ids.due_on")
    def _compute_is_late(self):
        for objection in self:
            objection.due_on = objection._get_right().due_on
            objection.is_late = bool(objection.due_on and objection.received_on > objection.due_on)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        """That somebody does not agree, and what became of that, stays on the dossier."""
        if not self.env.su and any(objection.state != "draft" for objection in self):
            raise UserError(self.env._("What the complainant said stays on the dossier."))

    def _get_right(self):
        """The deadline of the complainant that this disagreement uses."""
        event = EVENTS.get(self.kind)
        return self.complaint_id.deadline_ids.filtered(
            lambda line: (
                line.duty_of == "complainant"
                and event in line.term_id.stop_event_ids.mapped("code")
            )
        ).sorted("round")[-1:]

    def action_register(self):
        """Put the disagreement on record; its own terms start.

        :raise UserError: it is late or oral and there is no reason to accept it
        """
        for objection in self:
            irregular = objection.is_late or not objection.in_writing
            if irregular and not (objection.acceptance_reason or "").strip():
                raise UserError(objection._explain_irregular())
            objection._as_procedure().state = "accepted"
            objection._reopen_for_late()
            objection.complaint_id._record_event(
                EVENTS[objection.kind], objection.received_on, objection.acceptance_reason
            )

    def _reopen_for_late(self):
        """An objection that is accepted after the complaint was closed opens it again."""
        complaint = self.complaint_id
        if self.kind == "objection" and complaint.is_closed:
            complaint._record_event("reopened", note=self.acceptance_reason)

    def action_refuse(self):
        """Late or oral, and there is no reason to accept it; the complainant is told."""
        for objection in self:
            if not (objection.is_late or not objection.in_writing):
                raise UserError(self.env._("This was in time and in writing; it can't be refused."))
            objection._as_procedure().state = "refused"

    def _explain_irregular(self):
        if self.is_late:
            return self.env._(
                "This came after the last day (%s). Say why it is accepted all the same, or"
                " do not accept it.",
                self.complaint_id._format_date(self.due_on),
            )
        return self.env._(
            "The policy asks for this in writing. Say why it is accepted all the same."
        )
