from odoo import api, fields, models
from odoo.exceptions import UserError

ALERT = "triage"


class ComplaintTriage(models.Model):
    """Is it a complaint that we handle? What comes in through some channels waits for that
    decision (SJ9); and what was settled while it was registered (SJ18, BB11)."""

    _inherit = "klachtenbeheer.complaint"

    triaged_by_id = fields.Many2one("res.users", "Admissibility decided by", readonly=True)
    triaged_on = fields.Date("Admissibility decided on", readonly=True, copy=False)
    triage_reason = fields.Text("Reason of that decision", readonly=True, copy=False)
    triage_done = fields.Boolean(
        compute="_compute_triage_done",
        store=True,
        help="It was decided to handle this, where that is a question at all.",
    )
    is_before_policy = fields.Boolean(
        "Received before the policy took effect",
        readonly=True,
        copy=False,
        help="It falls under no policy until somebody decides that this one applies (SB51).",
    )
    handled_by_id = fields.Many2one("res.users", "Handled at once by", copy=False)
    source_url = fields.Char("Where it was said", help="Link to the message on social media.")
    respondent_noted = fields.Boolean(
        compute="_compute_respondent_noted",
        help="It is on record who the complaint is about, where it is about somebody (BA12).",
    )

    @api.depends("triaged_on", "channel", "policy_id.triage_channel_ids", "is_before_policy")
    def _compute_triage_done(self):
        for complaint in self:
            asked = complaint.policy_id.triage_channel_ids.mapped("code")
            is_asked = complaint.is_before_policy or complaint.channel in asked
            complaint.triage_done = bool(complaint.triaged_on) or not is_asked

    @api.depends("category_id", "respondent_ids", "respondent_text")
    def _compute_respondent_noted(self):
        for complaint in self:
            complaint.respondent_noted = (
                not complaint.category_id._is_about_person()
                or bool(complaint.respondent_ids)
                or bool((complaint.respondent_text or "").strip())
            )

    def _ask_to_triage(self):
        self._alert_coordinator(self.env._("Decide whether this is a complaint"), alert=ALERT)

    def _mark_triaged(self, reason=None):
        """Put on record that somebody decided on admissibility, and why.

        :raise UserError: it came before the policy, and nothing says why that applies (SB51)
        """
        self.check_access("write")
        if self.filtered("is_before_policy") and not (reason or "").strip():
            raise UserError(
                self.env._("It came before the policy: say why that applies, or does not.")
            )
        self._as_procedure().write(
            {
                "triaged_by_id": self.env.uid,
                "triaged_on": self._today(),
                "triage_reason": reason,
            }
        )
        self.filtered("is_before_policy")._project(
            reason=self.env._("it was decided that this policy applies")
        )
        # the question may have been put to somebody else
        self.sudo().activity_ids.filtered(
            lambda activity: activity.complaint_alert == ALERT
        ).action_feedback()

    @api.model
    def _prepare_before_policy_vals(self, policy, received_on, versions):
        """Whether a complaint came before there was a policy (SB51). Taking over a register is
        deciding under which policy it goes on.

        :param versions: what was found so far for this batch
        """
        key = (policy.id, received_on, "before")
        if key not in versions:
            versions[key] = policy._starts_after(received_on)
        return {"is_before_policy": versions[key] and not self._is_import()}

    def _falls_under_no_policy(self):
        """Whether it was received before there was a policy, and nobody decided yet (SB51)."""
        return self.is_before_policy and not self.triaged_on

    # ---------------------------------------------------------------- handled at once

    def _handle_at_once(self, answer, user):
        """It was settled with the complainant on the spot: registered, and for the
        coordinator to check.

        :param answer: what was explained, corrected or promised
        :param user: who settled it
        :raise UserError: no answer is given, or that user may not do so
        """
        if not (answer or "").strip():
            raise UserError(self.env._("Write down what was answered or done."))
        for complaint in self.sudo():  # any employee may register; the policy says who settles
            complaint._check_may_handle_at_once(user)
            complaint.write({"handled_by_id": user.id, "outcome_note": answer})
            complaint._record_event("remedied", note=answer)
            complaint._alert_coordinator(self.env._("Handled at once: check and close"))

    def _check_may_handle_at_once(self, user):
        if not self._without_respondents(user):
            raise UserError(
                self.env._("%s is complained about and can't handle this complaint.", user.name)
            )
        allowed = self.policy_id._get_role_users("handler") | self._get_acting_coordinators()
        if self.policy_id.at_once_by == "handler" and user not in allowed:
            raise UserError(
                self.env._(
                    "A complaint is settled at once by: %s.",
                    self.policy_id._get_role_title("handler"),
                )
            )
