from odoo import api, fields, models

from ...tools import Bar, Mark, draw
from ..platform.groups import HANDLERS
from ..policy.term import COMPLAINANT
from .deadline import OVERDUE, VOID


class ComplaintTimePicture(models.Model):
    """One line from receipt to end: what happened, what runs, and what the complainant may
    still do. For colleagues, and without inside words for the complainant."""

    _inherit = "klachtenbeheer.complaint"

    time_picture = fields.Json(
        "Course of the complaint", compute="_compute_time_picture", groups=HANDLERS
    )

    @api.depends(
        "is_closed",
        "event_ids.voided",
        "event_ids.occurred_on",
        "deadline_ids.due_on",
        "deadline_ids.is_open",
    )
    @api.depends_context("uid", "lang")
    def _compute_time_picture(self):
        for complaint in self:
            complaint.time_picture = (
                complaint._origin._get_time_picture() if complaint._origin else False
            )

    def _get_time_picture(self, outside=False):
        """The drawing of this complaint, see `tools.picture.draw`.

        :param outside: as the complainant sees it: only what is told outside, in those words,
            and nothing to open
        """
        self.ensure_one()
        marks = self._get_outside_marks() if outside else self._get_marks()
        bars = self._get_outside_bars() if outside else self._get_bars()
        return draw(
            marks,
            bars,
            self._today(),
            format_day=self._format_date,
            show_today=not self.is_closed,
        )

    # ---------------------------------------------------------------- inside

    def _get_marks(self):
        conversations = self._get_conversation_marks()
        held = {mark.day for mark in conversations}
        events = self._get_valid_events().filtered(
            lambda event: event.code != "hearing_held" or event.occurred_on not in held
        )
        readable = events.letter_id._filtered_access("read")
        return [
            *(event._get_mark(event.letter_id & readable) for event in events),
            *conversations,
            *self._get_letter_marks(),
        ]

    def _get_bars(self):
        return [deadline._get_bar() for deadline in self.deadline_ids.sorted("started_on")]

    # ---------------------------------------------------------------- for the complainant

    def _get_outside_marks(self):
        events = self._get_valid_events().filtered("type_id.told_outside")
        told = {
            (event.sent_on or event.occurred_on, event.type_id._get_public_text())
            for event in events
        }
        return [Mark(day, sentence) for day, sentence in sorted(told)]

    def _get_outside_bars(self):
        """What is promised to the complainant, and what the complainant may still do."""
        by_letter = self.policy_id.letter_type_ids.event_type_id
        bars = []
        for deadline in self.deadline_ids.sorted("started_on"):
            promise = self._get_promise(deadline, by_letter)
            if deadline.state == VOID:
                continue
            if deadline.duty_of == COMPLAINANT:
                bars.append(deadline._get_bar(self.env._("You can let us know"), outside=True))
            elif promise:
                bars.append(deadline._get_bar(promise.text, outside=True))
        return bars


class EventMark(models.Model):
    _inherit = "klachtenbeheer.event"

    def _get_mark(self, letter):
        """This event on the picture of time.

        :param letter: the letter that recorded it, where the user may open that
        """
        self.ensure_one()
        opens = letter or self
        kind = "letter" if self.letter_id else "event"
        if self.type_id.about == "hearing":
            kind = "conversation"
        return Mark(
            self.sent_on or self.occurred_on,
            self.type_id.name,
            kind,
            self.note or "",
            (opens._name, opens.id),
        )


class DeadlineBar(models.Model):
    _inherit = "klachtenbeheer.deadline"

    def _get_bar(self, label=None, outside=False):
        """This deadline on the picture of time.

        :param label: what the complainant reads, the name of the duty by default
        """
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        return Bar(
            label=label or self.term_id.name,
            start=self.started_on,
            first_due=self.first_due_on,
            due=self.due_on,
            state=self.state,
            state_label=self._get_outside_state() if outside else states[self.state],
            ended=self.met_on or self.void_on or None,
            kind="right" if self.duty_of == COMPLAINANT else "duty",
            text="" if outside else self.explanation or "",
            opens=None if outside else (self._name, self.id),
        )

    def _get_outside_state(self):
        """Where it stands, in words for the complainant."""
        day = self.complaint_id._format_date(self.due_on)
        if self.met_on:
            return self.env._("done")
        if self.state == OVERDUE:
            return self.env._("should have been done by %s; we are sorry", day)
        return self.env._("up to and including %s", day)
