from odoo import fields, models

from .letter import SENT


class LetterTypeJoint(models.Model):
    _inherit = "klachtenbeheer.letter.type"

    counts_with = fields.Char(
        "Counts together with",
        help="Code of the letter to whoever is complained about. What this letter puts on record,"
        " like a new date, counts when each of them had theirs with the same date.",
    )


class LetterJoint(models.Model):
    """A notice that counts only when every addressee had it: complainant and whoever is
    complained about (art. 9:11 lid 2 Awb)."""

    _inherit = "klachtenbeheer.letter"

    def _record_own_event(self):
        """Put on record what this letter does, or wait for the letters that it counts with."""
        if not self.type_id.event_type_id:
            return
        if self._get_untold_parties():
            self.complaint_id._message_log(
                body=self.env._(
                    "%s: counts when everybody complained about was told of the same date",
                    self.name,
                )
            )
            return
        self._do_record_own_event(self.sent_on, self.counts_on)

    def _do_record_own_event(self, sent_on, counts_on):
        self._as_procedure().event_id = self.complaint_id._record_event(
            self.type_id.event_type_id.code,
            occurred_on=counts_on,
            **self._prepare_event_vals(sent_on),
        )

    def _get_untold_parties(self):
        """Who is complained about and was not told of the date that this letter gives."""
        counts_with = self.type_id.counts_with
        if not counts_with:
            return self.partner_id.browse()
        told = self._get_same_date().filtered(lambda letter: letter.type_id.code == counts_with)
        return self.complaint_id.respondent_ids - told.partner_id

    def _get_same_date(self):
        """The letters of this round that were sent and give the same date."""
        return self.complaint_id.letter_ids.filtered(
            lambda letter: (
                letter.state == SENT
                and letter.round == self.round
                and letter.promised_on == self.promised_on
            )
        )

    def _get_joint(self):
        """The letters that count together with this one."""
        return self._get_same_date().filtered(
            lambda letter: letter.type_id.counts_with == self.type_id.code
        )

    def _record_joint_events(self):
        """This letter may be the last one that another waited for."""
        for letter in self._get_joint().filtered(lambda letter: not letter.event_id):
            if not letter._get_untold_parties():
                letter._do_record_own_event(
                    max(letter.sent_on, self.sent_on), max(letter.counts_on, self.counts_on)
                )

    def _undo_joint_events(self, reason):
        """This letter did not arrive, so what counted with it does not count."""
        joint = self._get_joint().filtered("event_id")
        joint.event_id.filtered(lambda event: not event.voided).action_void(reason)
        joint._as_procedure().event_id = False
