from odoo import api, models
from odoo.exceptions import UserError, ValidationError

# A JSON context can't carry this object: only our own code writes the fields below.
PROCEDURE_SENTINEL = object()
PROCEDURE_FIELDS = {
    "name",
    "register_number",
    "formal_number",
    "formal_register_number",
    "round",
    "is_closed",
    "closed_on",
    "next_due_on",
    "next_deadline_id",
    "waits_for_complainant",
    "escalation_level",
    "company_id",
    "involved_user_ids",
    "called_in_role_ids",
    "acting_role_ids",
    "triaged_by_id",
    "triaged_on",
    "triage_reason",
    "is_before_policy",
    "is_imported",
    "is_repeated",
    "registration_checked_by_id",
    "registration_checked_on",
    "informal_warned_on",
    "progress_warned_on",
    "retention_due_on",
    "retention_announce_on",
    "retention_erase_on",
    "erased_kinds",
    "anonymised_on",
}
# Written by hand these ask for a step of the procedure, which then stores them.
STEP_FIELDS = {"stage_id", "received_on"}
# What the system alone fills in: which privacy text somebody was shown.
SYSTEM_FIELDS = {"privacy_policy_id"}


class ComplaintStoring(models.Model):
    """What storing values does, in order: check, write, react. No other file overrides
    `write` on a complaint."""

    _inherit = "klachtenbeheer.complaint"

    def write(self, vals):
        """Check, write, react. What the procedure itself stores (`_as_procedure`) is not
        checked again; what follows from it follows all the same."""
        by_hand = not self._is_procedure_write()
        if by_hand:
            self._check_write(vals)
        mild = self._filter_mild(vals)
        self._release_named(vals)
        result = super(ComplaintStoring, self._as_told()).write(
            self._without_procedure(vals) if by_hand else vals
        )
        self._forget_barred(vals)
        if by_hand:
            self._move_procedure(vals)
        self._react_to_write(vals, mild)
        return result

    def _as_told(self):
        """These complaints, with their changes in the history; taking over a register tells of
        none."""
        return self if self._is_import() else self._with_history()

    def _check_write(self, vals):
        """What is asked before values are stored, in this order."""
        if not self.env.su:
            self._check_not_archived(vals)
            self._check_open_for(vals)
            self._check_privacy()
        self._check_not_procedural(vals)
        self._check_writable_fields(vals)
        self._check_handler_change(vals)
        self._check_sent_away(vals)
        self._check_same_policy(vals)

    def _move_procedure(self, vals):
        """What written values mean for events, deadlines and stage, in this order."""
        if "channel" in vals:
            self._project(reason=self.env._("the channel was changed"))
        # which terms a policy has is no secret to who writes the dossier
        if self.sudo().policy_id.term_ids._get_asked_facts() & set(vals):
            self._project(reason=self.env._("a fact on which a term depends was changed"))
        if vals.get("received_on"):
            self.correct_receipt(vals["received_on"])
        if vals.get("stage_id"):
            self._move_to_stage(self.env["klachtenbeheer.stage"].browse(vals["stage_id"]))

    def _react_to_write(self, vals, mild):
        """What follows from values that were stored, in this order.

        :param mild: those of these complaints that were not serious before
        """
        if vals.get("handler_id"):
            self.sudo()._finish_new_activities()  # they may be somebody else's
        if vals.get("respondent_ids") or vals.get("conflicted_partner_ids"):
            self._end_ties_of_respondents()
            self._replace_in_conversations()
        self._sync_identity(vals)
        if {"category_id", "respondent_ids"} & set(vals):
            self._detect_repetition()
        if vals.get("unwanted_behaviour"):
            self._report_to_register()
        mild.filtered(lambda complaint: complaint._is_serious())._alert_serious()
        if {"respondent_ids", "conflicted_partner_ids"} & set(vals):
            self._sync_acting_roles()
            self._take_over_by_board()
            self._tell_end_of_chain()

    # ---------------------------------------------------------------- the procedure's own

    def _is_procedure_write(self):
        return self.env.context.get("procedure_sentinel") is PROCEDURE_SENTINEL

    def _as_procedure(self):
        """These complaints, allowed to write what only the procedure writes."""
        return self.with_context(procedure_sentinel=PROCEDURE_SENTINEL)

    @api.model
    def _without_procedure(self, vals):
        kept_out = PROCEDURE_FIELDS | STEP_FIELDS
        return {key: value for key, value in vals.items() if key not in kept_out}

    def _check_not_procedural(self, vals):
        """What follows from events is not written by hand; saying what it is already may
        be."""
        protected = PROCEDURE_FIELDS if self.env.su else PROCEDURE_FIELDS | SYSTEM_FIELDS
        for fname in protected & set(vals):
            field = self._fields[fname]
            value = field.convert_to_write(field.convert_to_cache(vals[fname], self[:1]), self)
            if any(field.convert_to_write(line[fname], line) != value for line in self):
                raise UserError(
                    self.env._(
                        "“%s” follows from what happened; it can't be filled in by hand.",
                        field._description_string(self.env),
                    )
                )

    # ---------------------------------------------------------------- policy

    def _check_same_policy(self, vals):
        if "policy_id" in vals and any(line.policy_id.id != vals["policy_id"] for line in self):
            raise UserError(
                self.env._("A complaint keeps the policy that was in force when it was received.")
            )

    @api.constrains("policy_id", "category_id", "complainant_kind_id")
    def _check_lines_of_policy(self):
        """Lists belong to a policy, and so to a company."""
        # whoever registers a complaint may see neither it nor the lists of another company
        for complaint in self.sudo():
            for line in (complaint.category_id, complaint.complainant_kind_id):
                if line and line.policy_id != complaint.policy_id:
                    raise ValidationError(
                        self.env._("Choose from the lists of this complaint's own policy.")
                    )
