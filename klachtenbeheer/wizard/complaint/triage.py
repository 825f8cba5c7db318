from odoo import fields, models
from odoo.exceptions import UserError


class Triage(models.TransientModel):
    """Dialog: is this a complaint that we handle under this policy (SB7, BA13, SJ9, SJ29)?"""

    _name = "klachtenbeheer.triage"
    _description = "Decide on Admissibility"

    complaint_id = fields.Many2one("klachtenbeheer.complaint", required=True, readonly=True)
    decision = fields.Selection(
        [
            ("handle", "Handle as a complaint"),
            ("remedied", "Remedied at once"),
            ("suggestion", "It is a suggestion"),
            ("out_of_scope", "Not handled: outside the policy"),
        ],
        required=True,
        default="handle",
    )
    reason = fields.Text(
        help="Needed for everything but handling, and for what came before the policy."
    )
    is_before_policy = fields.Boolean(related="complaint_id.is_before_policy")

    def action_decide(self):
        """Carry the decision out and put the reason on the dossier.

        :raise UserError: the reason is missing
        """
        self.ensure_one()
        if self.decision != "handle" and not (self.reason or "").strip():
            raise UserError(self.env._("Give the reason; it stays on the dossier."))
        complaint = self.complaint_id
        complaint._mark_triaged(self.reason)
        complaint._message_log(
            body=self.env._(
                "Admissibility: %(decision)s. %(reason)s",
                decision=self._get_decision_label(),
                reason=self.reason or "",
            )
        )
        return self._get_decisions()[self.decision](complaint)

    def _get_decisions(self):
        """{decision: what is done}."""
        return {
            "handle": self._do_handle,
            "remedied": self._do_remedied,
            "suggestion": self._do_suggestion,
            "out_of_scope": self._do_out_of_scope,
        }

    def _get_decision_label(self):
        return dict(self._fields["decision"]._description_selection(self.env))[self.decision]

    def _do_handle(self, complaint):
        if complaint.nature == "suggestion":
            complaint.action_convert()
        return {"type": "ir.actions.act_window_close"}

    def _do_remedied(self, complaint):
        complaint.outcome_note = self.reason
        complaint.record_event("remedied", note=self.reason)

    def _do_suggestion(self, complaint):
        if complaint.nature != "suggestion":
            complaint.action_convert()

    def _do_out_of_scope(self, complaint):
        """The complainant gets a letter with the reason; where nobody can be written to, it
        is on record all the same."""
        complaint.out_of_scope_reason = self.reason
        if complaint._get_addressee()["delivery"]:
            return complaint.action_open_letter("out_of_scope")
        complaint._check_power(self.env.ref("klachtenbeheer.event_type_out_of_scope"))
        complaint._record_event("out_of_scope", note=self.reason)
        return {"type": "ir.actions.act_window_close"}
