from odoo import api, models
from odoo.fields import Domain

from .letter import SENT


class ComplaintPortal(models.Model):
    """What the complainant sees: status in plain words, and what was sent (design.md 8)."""

    _inherit = "klachtenbeheer.complaint"

    @api.model
    def _get_portal_domain(self, partner):
        """Complaints that somebody follows: their own, also where they stay unknown to
        others, and those of whom they assist with the complainant's consent (BA17). Never
        one about them."""
        own = Domain("partner_id", "=", partner.id) | Domain(
            "identity_ids", "any", [("partner_id", "=", partner.id)]
        )
        assisted = Domain(
            "assistance_ids",
            "any",
            [("partner_id", "=", partner.id), ("sees_portal", "=", True)],
        )
        return (own | assisted) & Domain("respondent_ids", "not in", partner.ids)

    def _get_portal_status(self):
        """Where the complaint stands, in words for the complainant."""
        self.ensure_one()
        if self.is_closed:
            return self.env._("We have finished handling your complaint.")
        due_on = self._get_promised_answer()
        if not due_on:
            return self._get_portal_waiting_text()
        day = self._format_date(due_on, "EEEE d MMMM y")
        if due_on < self._today():
            return self.env._(
                "We are working on your complaint. You should have heard from us no later than %s."
                " We are late, and we are sorry for that.",
                day,
            )
        return self.env._(
            "We are working on your complaint. You hear from us no later than %s.", day
        )

    def _get_portal_waiting_text(self):
        rights = self.deadline_ids.filtered(
            lambda right: right.is_open and right.duty_of == "complainant"
        )
        due_on = max(rights.mapped("due_on"), default=False)
        if due_on and due_on >= self._today():
            return self.env._(
                "You have had our answer. Do you not agree? You can tell us up to and"
                " including %s.",
                self._format_date(due_on, "EEEE d MMMM y"),
            )
        return self.env._("We are working on your complaint.")

    def _get_promised_answer(self):
        """When the last letter that the policy owes the complainant is due."""
        by_letter = self.policy_id.letter_type_ids.event_type_id
        duties = self.deadline_ids.filtered(
            lambda duty: (
                duty.is_open
                and duty.duty_of == "organisation"
                and duty.term_id.stop_event_ids & by_letter
            )
        )
        return max(duties.mapped("due_on"), default=False)

    def _get_portal_letters(self):
        """The letters that were sent to the complainant, the newest first."""
        letters = self.letter_ids.filtered(
            lambda letter: letter.state == SENT and letter.type_id.audience == "complainant"
        )
        return letters.sorted(lambda letter: (letter.sent_on, letter.id), reverse=True)
