from datetime import date
from typing import NamedTuple

from odoo import models

from ..policy.term import ORGANISATION


class Promise(NamedTuple):
    """What the complainant gets from us, and by when."""

    due_on: date
    text: str
    is_late: bool
    event_type: models.Model
    term: models.Model


class ComplaintPromise(models.Model):
    """The dates that the complainant is told, the same on every road: proof of receipt, code
    page, portal, JSON API and letters."""

    _inherit = "klachtenbeheer.complaint"

    def _get_promises(self):
        """What the complainant still gets from us: each open duty of the organisation of which
        the complainant notices that it is met. What only concerns ourselves is no promise.

        :return: list of `Promise`, the first date first
        """
        self.ensure_one()
        if self.is_closed:
            return []
        by_letter = self.policy_id.letter_type_ids.event_type_id
        duties = self.deadline_ids.filtered(
            lambda duty: duty.is_open and duty.duty_of == ORGANISATION
        )
        promises = [
            self._get_promise(duty, by_letter)
            for duty in duties.sorted(lambda duty: (duty.due_on, duty.id))
        ]
        return [promise for promise in promises if promise]

    def _get_letter_promises(self):
        """The promises that the complainant hears of from us: with a letter or in a contact."""
        by_letter = self.policy_id.letter_type_ids.event_type_id
        return [
            promise
            for promise in self._get_promises()
            if (promise.term.stop_event_ids & by_letter)
            or any(promise.term.stop_event_ids.mapped("counts_as_contact"))
        ]

    def _get_promised_answer(self):
        """When the last word that we owe the complainant is due; False when there is none."""
        return max((promise.due_on for promise in self._get_letter_promises()), default=False)

    def _get_promise(self, duty, by_letter):
        """A duty as the complainant is promised it, or None.

        :param by_letter: kinds of events that a letter of the policy records
        """
        told = duty.term_id.stop_event_ids.filtered(
            lambda event_type: event_type.promise_text or event_type in by_letter
        ).sorted(lambda event_type: (not event_type.promise_text, event_type.sequence))[:1]
        if not told:
            return None
        return Promise(
            due_on=duty.due_on,
            text=told.promise_text or duty.term_id.name,
            is_late=duty.due_on < self._today(),
            event_type=told,
            term=duty.term_id,
        )
