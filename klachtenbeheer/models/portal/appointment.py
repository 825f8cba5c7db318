from odoo import fields, models
from odoo.exceptions import UserError

from ..dossier.hearing import COMPLAINANT_SIDE, OFFERED, ORAL_EXPLANATION, PLANNED, WAIVED
from .status import LONG_DATE

CHOOSE, NOTED, SEARCHING, PASSED, FIXED, DECLINED = (
    "choose",
    "noted",
    "searching",
    "passed",
    "fixed",
    "declined",
)


class ComplaintHearingPortal(models.Model):
    """Conversations as the complainant sees them: choosing a moment, asking for another one,
    or not wanting the conversation at all (BA28, BA31-34)."""

    _inherit = "klachtenbeheer.complaint"

    def _get_portal_hearings(self):
        """Conversations to which the complainant's side is invited: list of dict."""
        visible = self.hearing_ids.filtered(
            lambda hearing: hearing._is_for_complainant() and hearing._get_portal_state()
        )
        return [hearing._get_portal_values() for hearing in visible]

    def _find_portal_hearing(self, hearing_id):
        """A conversation that still waits for a choice.

        :raise UserError: there is none (any more)
        """
        hearing = self.hearing_ids.filtered(
            lambda hearing: hearing.id == hearing_id and hearing._is_for_complainant()
        )
        if not hearing or hearing._get_portal_state() != CHOOSE:
            raise UserError(self.env._("You can't choose a moment any more. Please contact us."))
        return hearing._as_outside()

    def _choose_slot(self, hearing_id, slot_id, wants_employee=False, wants_second=False):
        """The complainant takes one of the proposed moments.

        :return: `fixed` when the appointment is made, `noted` when we have to confirm it
        :raise UserError: it can't be chosen (any more)
        """
        hearing = self._find_portal_hearing(hearing_id)
        slot = hearing._get_open_slots().filtered(lambda slot: slot.id == slot_id)
        if not slot:
            raise UserError(self.env._("Choose one of the moments."))
        if hearing.purpose == ORAL_EXPLANATION:
            hearing.write(
                {
                    "employee_wanted_by_complainant": wants_employee and bool(self.respondent_ids),
                    "second_wanted_by_complainant": wants_second,
                }
            )
        return hearing._take_slot(slot)

    def _ask_other_moment(self, hearing_id, text):
        """None of the moments suits; somebody proposes others."""
        hearing = self._find_portal_hearing(hearing_id)
        text = self._check_text(text, self.env._("Write when it does suit you."))
        hearing._get_open_slots().state = "declined"
        hearing.reply_by = False  # there was a reply; what comes is ours to do
        hearing._tell_leader(lambda env: env._("No proposed moment suits: propose others"))
        return text

    def _decline_hearing(self, hearing_id, reason):
        """The complainant does not want the conversation, and says why (BA34)."""
        hearing = self._find_portal_hearing(hearing_id)
        reason = self._check_text(reason, self.env._("Write why you do not want this."))
        hearing.waived_by = self.env._("the complainant, through the portal")
        hearing.action_waive(reason)
        hearing._tell_leader(lambda env: env._("The complainant does not want the conversation"))


class HearingPortal(models.Model):
    _inherit = "klachtenbeheer.hearing"

    def _as_outside(self):
        """As the complaint itself: the account that is signed in leaves no trace."""
        return self.with_env(self.complaint_id._as_outside().env)

    def _is_for_complainant(self):
        return bool(set(COMPLAINANT_SIDE).intersection(self.participant_ids.mapped("role")))

    def _get_open_slots(self):
        """The proposed moments that still lie ahead."""
        now = fields.Datetime.now()
        return self.slot_ids.filtered(lambda slot: slot.state == "proposed" and slot.start_at > now)

    def _get_portal_state(self):
        """Where an appointment stands for the complainant: one of the constants, or False for
        what is not shown."""
        if self.state == PLANNED:
            return FIXED
        if self.state == WAIVED:
            return DECLINED
        if self.state != OFFERED:
            return False
        states = set(self.slot_ids.mapped("state"))
        if "accepted" in states:
            return NOTED
        if self._get_open_slots() and not self._is_past_reply():
            return CHOOSE
        return SEARCHING if states == {"declined"} else PASSED

    def _is_past_reply(self):
        return bool(self.expires_on and self.expires_on < self.complaint_id._today())

    def _get_portal_values(self):
        complaint = self.complaint_id
        labels = {
            fname: dict(self._fields[fname]._description_selection(self.env))[self[fname]]
            for fname in ("purpose", "form")
        }
        moment = (
            self.planned_at
            or self.slot_ids.filtered(lambda slot: slot.state == "accepted")[:1].start_at
        )
        return {
            "id": self.id,
            "what": labels["purpose"],
            "form": labels["form"],
            "place": self.location if self.form != "phone" else False,
            "state": self._get_portal_state(),
            "moment": complaint._format_moment(moment) if moment else False,
            "reply_by": complaint._format_date(self.reply_by, LONG_DATE),
            "slots": [
                {"id": slot.id, "text": complaint._format_moment(slot.start_at)}
                for slot in self._get_open_slots()
            ],
            "asks_second": self.purpose == ORAL_EXPLANATION,
            "asks_employee": self.purpose == ORAL_EXPLANATION and bool(complaint.respondent_ids),
        }

    def _take_slot(self, slot):
        """Plan it; where something is missing on our side (BA31, BA32) the choice is noted
        and whoever leads the conversation makes the appointment."""
        try:
            with self.env.cr.savepoint():
                self.action_plan(slot)
        except UserError:
            (self._get_open_slots() - slot).state = "declined"
            slot.state = "accepted"
            self.reply_by = False
            self._tell_leader(lambda env: env._("A moment was chosen: make the appointment"))
            return NOTED
        self._tell_leader(lambda env: env._("A moment was chosen: the appointment is made"))
        return FIXED

    def _tell_leader(self, summary_of):
        """Ask whoever leads the conversation to look, in their language."""
        user = self.leader_id
        complaint = self.complaint_id.with_context(lang=user.lang)
        complaint._schedule("klachtenbeheer.activity_type_alert", user, summary_of(complaint.env))
