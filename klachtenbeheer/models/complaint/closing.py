from odoo import api, fields, models

from ...tools import Missing
from ..policy.term import COMPLAINANT, ORGANISATION

NOT_RESOLVED = "not_resolved"
# Reports count complaints by these.
COUNTED_BY = ("category_id", "severity", "complainant_kind_id")


class ComplaintClosing(models.Model):
    """Closing and reopening, and the outcome of a complaint.

    Closing is an event as any other (`procedure.py`): what is asked first is what the policy
    requires of the stage, and what `_get_open_duties` lists.
    """

    _inherit = "klachtenbeheer.complaint"

    has_proposed_outcome = fields.Boolean(
        compute="_compute_has_proposed_outcome",
        help="The outcome is empty or follows from an event, not chosen by somebody.",
    )
    is_in_court = fields.Boolean(
        "Legal proceedings", tracking=True, help="Keeps the dossier from being destroyed (BA38)."
    )

    def action_close(self):
        """Close with the outcome that was chosen; refused in words when something misses."""
        self.record_event("closed")

    def action_reopen(self):
        """Start a new round; the first round stays as it was (T60)."""
        self.record_event("reopened")

    def _start_round(self):
        for complaint in self:
            complaint._as_procedure().write({"round": complaint.round + 1, "outcome": False})

    # ---------------------------------------------------------------- what is still open

    def _get_open_duties(self):
        """What must be done or waived before closing, a list of `Missing`: the duties of the
        organisation (design.md 4.6), and who waits for a word or a conversation."""
        return [*self._get_running_duties(), *self._get_open_lines()]

    def _get_running_duties(self):
        duties = self.sudo().deadline_ids.filtered(
            lambda deadline: deadline.is_open and deadline.duty_of == ORGANISATION
        )
        return [
            Missing(
                self.env._(
                    "%(duty)s (by %(date)s): do it, or note why it does not apply",
                    duty=duty.term_id.name,
                    date=self._format_date(duty.due_on),
                ),
                "deadline_ids",
            )
            for duty in duties
        ]

    def _get_closing_problems(self):
        """What has to be filled in or done before this can be closed: list of `Missing`."""
        return self._get_missing_for_event(self.env["klachtenbeheer.event.type"]._get("closed"))

    def _get_running_rights(self):
        """What the complainant can still do under the policy, in words: closing ends none of
        it, so who closes should know."""
        rights = self.sudo().deadline_ids.filtered(  # the complainant's own dates
            lambda deadline: deadline.is_open and deadline.duty_of == COMPLAINANT
        )
        return [
            self.env._(
                "%(right)s, until %(date)s",
                right=right.term_id.name,
                date=self._format_date(right.due_on),
            )
            for right in rights
        ]

    def _get_empty_fields(self):
        """The labels of what reports count by and nobody filled in."""
        return [
            self._fields[fname]._description_string(self.env)
            for fname in COUNTED_BY
            if self.nature != "suggestion" and not self[fname]
        ]

    # ---------------------------------------------------------------- outcome

    @api.depends("outcome", "event_ids.type_id.outcome")
    def _compute_has_proposed_outcome(self):
        """After a conversation without a settlement, too, something better may follow."""
        for complaint in self:
            # whether somebody chose it is no secret to who sees the outcome
            outcomes = complaint.sudo().event_ids.type_id.mapped("outcome")
            proposed = (False, NOT_RESOLVED, *outcomes)
            complaint.has_proposed_outcome = complaint.outcome in proposed

    def _propose_not_resolved(self):
        """A conversation was held and has not solved the complaint (BA38)."""
        self.filtered("has_proposed_outcome").outcome = NOT_RESOLVED

    def _has_taken_position(self):
        """Whether the complainant was told where we stand."""
        return bool(
            self.sudo().event_ids.filtered(  # who closes may know that there was an answer
                lambda event: not event.voided and event.type_id.takes_position
            )
        )

    # ---------------------------------------------------------------- by itself

    def _close_lapsed(self):
        """Without objection the handling is over by itself, where the policy says so
        (BA27, T17)."""
        closed = self.env["klachtenbeheer.event.type"]._get("closed")
        for complaint in self.filtered(
            lambda complaint: complaint.policy_id.lapse_closes and not complaint.is_closed
        ):
            if complaint.has_proposed_outcome:
                complaint.outcome = "no_objection"
            if complaint._get_event_refusal(closed):
                complaint._alert_coordinator(self.env._("No objection came: close this complaint"))
            else:
                complaint._record_event("closed")

    def _close_settled(self):
        """A settlement ends the handling, as soon as nothing else is missing (BA37)."""
        closed = self.env["klachtenbeheer.event.type"]._get("closed")
        for complaint in self.filtered(lambda complaint: not complaint.is_closed):
            if not complaint._get_event_refusal(closed):
                complaint._record_event("closed")
