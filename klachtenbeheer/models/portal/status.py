from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..complaint.deadline import LAPSED, RUNNING
from ..dossier.assistance import REPRESENTATIVES
from ..dossier.objection import EVENTS
from ..letter.letter import SENT
from ..platform.company import DEFAULT_TZ
from ..policy.term import COMPLAINANT

LONG_DATE = "EEEE d MMMM y"
LONG_MOMENT = "EEEE d MMMM y, HH:mm"


class ComplaintPortal(models.Model):
    """What the complainant sees: status in plain words, dates promised, and what was sent
    (design.md 8).

    ==============  ===========================================================
    Who             May
    ==============  ===========================================================
    complainant     see and do everything on these pages
    representative  the same, when authorised and where the complainant agrees
    expert, other   see, where the complainant agrees
    respondent      nothing, in whatever other capacity
    ==============  ===========================================================

    Portal users have no rights on any model of the addon. Pages ask the methods of these
    rooms, which return plain values of what may be shown: `conversation.py`
    (messages and files), `appointment.py` (appointments) and
    `action.py` (what the complainant does).
    """

    _inherit = "klachtenbeheer.complaint"

    # ---------------------------------------------------------------- who

    @api.model
    def _get_portal_domain(self, partner):
        """Complaints that somebody follows: their own, also where they stay unknown to
        others, and those of whom they assist with the complainant's consent (BA17). Never
        one about them, at whatever entry of theirs in the address book."""
        own = Domain("partner_id", "=", partner.id) | Domain(
            "identity_ids", "any", [("partner_id", "=", partner.id)]
        )
        assisted = Domain(
            "assistance_ids",
            "any",
            [("partner_id", "=", partner.id), ("sees_portal", "=", True)],
        )
        allowed = (own | assisted) & Domain("respondent_ids", "not in", partner.ids)
        if email := partner.email_normalized:
            allowed &= Domain("respondent_ids", "not any", [("email_normalized", "=", email)])
        return allowed

    def _may_act(self, partner):
        """Whether somebody who follows the complaint may act in it: the complainant, or who
        was authorised to."""
        self.ensure_one()
        if partner in (self.partner_id | self.identity_ids.partner_id):
            return True
        line = self.assistance_ids.filtered(lambda line: line.partner_id == partner)
        return bool(line.kind in REPRESENTATIVES and line.is_authorised and line.sees_portal)

    def _as_outside(self):
        """These complaints with the rights of the system, and without the account that is
        signed in: what is made on behalf of somebody who stays unknown must not tell who
        made it (KK22)."""
        return self.with_user(SUPERUSER_ID).with_company(self.company_id)

    # ---------------------------------------------------------------- the pages

    def _get_portal_line(self):
        """What the list of complaints shows of one."""
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "heading": self._get_portal_heading(),
            "received": self._format_date(self.received_on, LONG_DATE),
            "status": self._get_portal_status(),
            "is_closed": self.is_closed,
        }

    def _get_portal_page(self, reader):
        """All that the page of one complaint shows, as plain values.

        :param reader: the partner who looks
        """
        may_act = self._may_act(reader)
        rights = self._get_portal_rights()
        return {
            **self._get_portal_line(),
            "may_act": may_act,
            "description": self.description,
            "desired_solution": self.desired_solution,
            "promises": self._get_portal_promises(),
            "picture": self._get_time_picture(outside=True),
            "history": self._get_portal_history(),
            "letters": [letter._get_portal_line() for letter in self._get_portal_letters()],
            "messages": self._get_portal_messages(reader),
            "hearings": self._get_portal_hearings(),
            "objections": self._get_portal_objections(),
            "rights": rights if may_act else [],
            "may_withdraw": may_act and self._may_withdraw(),
            "may_rate": may_act and self._may_be_rated(),
            "is_rated": bool(self._get_rating()),
            "contact": self._get_portal_contact(),
        }

    def _get_portal_heading(self):
        if self.nature == "suggestion":
            return self.env._("Suggestion %s", self.name)
        return self.env._("Complaint %s", self.name)

    def _get_portal_contact(self):
        """Whom to reach, as the policy says; never who the complaint is about."""
        return self._get_contact()

    # ---------------------------------------------------------------- status

    def _get_portal_status(self):
        """Where the complaint stands, in words for the complainant."""
        self.ensure_one()
        if self.nature == "suggestion" and not self.is_closed:
            return self.env._("We have your suggestion. Thank you for thinking along.")
        if self.is_closed:
            return self.env._("We have finished handling your complaint.")
        due_on = self._get_promised_answer()
        if not due_on:
            return self._get_portal_waiting_text()
        day = self._format_date(due_on, LONG_DATE)
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
        if self._has_told("withdrawn"):
            return self.env._("You have withdrawn your complaint. We will close it.")
        rights = self.deadline_ids.filtered(
            lambda right: right.is_open and right.duty_of == COMPLAINANT
        )
        due_on = max(rights.mapped("due_on"), default=False)
        if due_on and due_on >= self._today():
            return self.env._(
                "You have had our answer. Do you not agree? You can tell us up to and"
                " including %s.",
                self._format_date(due_on, LONG_DATE),
            )
        return self.env._("We are working on your complaint.")

    def _has_told(self, code):
        """Whether an event stands in this round of the complaint."""
        return any(
            event.code == code and event.round == self.round for event in self._get_valid_events()
        )

    # ---------------------------------------------------------------- dates

    def _get_portal_promises(self):
        """What the complainant still gets from us, and when: list of dict(what, day, late)."""
        return [
            {
                "what": promise.text,
                "day": self._format_date(promise.due_on, LONG_DATE),
                "late": promise.is_late,
            }
            for promise in self._get_promises()
        ]

    def _get_public_timeline(self):
        """What happened so far, as far as the complainant is told it: list of (date, sentence).
        The date is that of what we did: a letter was sent then."""
        events = self._get_valid_events().filtered("type_id.told_outside")
        dated = [(event.sent_on or event.occurred_on, event) for event in events]
        lines = [
            (day, event.type_id._get_public_text())
            for day, event in sorted(dated, key=lambda pair: (pair[0], pair[1].id))
        ]
        return list(dict.fromkeys(lines))

    def _get_portal_history(self):
        """The same for the portal: list of dict(what, day)."""
        return [
            {"what": sentence, "day": self._format_date(day, LONG_DATE)}
            for day, sentence in self._get_public_timeline()
        ]

    def _format_moment(self, moment):
        """A moment in the organisation's own time, in words."""
        zone = self.company_id.partner_id.tz or DEFAULT_TZ
        return format_datetime(self.env, moment, tz=zone, dt_format=LONG_MOMENT)

    # ---------------------------------------------------------------- not agreeing

    def _get_portal_right(self, kind):
        """The complainant's deadline in this round for not agreeing in a way."""
        return self.deadline_ids.filtered(
            lambda line: (
                line.duty_of == COMPLAINANT
                and line.round == self.round
                and EVENTS[kind] in line.term_id.stop_event_ids.mapped("code")
            )
        )[-1:]

    def _get_portal_rights(self):
        """How the complainant can disagree now: list of dict(kind, last_day, late, text).

        After the last day it is still possible; somebody then decides on it.
        """
        waiting = self.objection_ids.filtered(lambda line: line.state == "draft")
        rights = []
        for kind in EVENTS:
            deadline = self._get_portal_right(kind)
            if deadline.state in (RUNNING, LAPSED) and kind not in waiting.mapped("kind"):
                rights.append(
                    {
                        "kind": kind,
                        "last_day": self._format_date(deadline.due_on, LONG_DATE),
                        "late": deadline.state == LAPSED,
                        "text": self._get_policy_text("objection"),
                    }
                )
        return rights

    def _get_portal_objections(self):
        """That the complainant does not agree, and what became of it. What they wrote is in
        the conversation; what is on record may be in the words of a colleague."""
        states = {
            "draft": self.env._("We are looking at it."),
            "accepted": self.env._("We have registered this."),
            "refused": self.env._("We did not accept this. You hear or heard from us why."),
        }
        return [
            {
                "day": self._format_date(line.received_on, LONG_DATE),
                "state": states[line.state],
            }
            for line in self.objection_ids
        ]

    # ---------------------------------------------------------------- letters

    def _get_portal_letters(self):
        """The letters that were sent to the complainant, the newest first."""
        letters = self.letter_ids.filtered(
            lambda letter: letter.state == SENT and letter.type_id.audience == "complainant"
        )
        return letters.sorted(lambda letter: (letter.sent_on, letter.id), reverse=True)


class LetterPortal(models.Model):
    _inherit = "klachtenbeheer.letter"

    def _get_portal_line(self):
        return {
            "id": self.id,
            "subject": self.subject,
            "sent": self.complaint_id._format_date(self.sent_on, LONG_DATE),
        }


class PolicyPortal(models.Model):
    _inherit = "klachtenbeheer.policy"

    @api.model
    def _get_portal_policies(self, companies):
        """The policies in force today under which somebody can file on the portal, the
        newest version of each."""
        found = self._get_policies_in_force(companies)
        return found.filtered(
            lambda policy: not policy.channel_ids or "portal" in policy.channel_ids.mapped("code")
        )
