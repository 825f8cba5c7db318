from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .letter import DRAFT, NOT_APPLICABLE, SENDING, SENT

COMPLAINT = "klachtenbeheer.complaint"
# What a letter can be about beside the complaint: {key: model}. The letter has a field
# «key_id», the complaint «key_ids».
SUBJECTS = {key: f"klachtenbeheer.{key}" for key in ("hearing", "objection", "referral", "ruling")}


class LetterTypeOffer(models.Model):
    """When a kind of letter makes sense, as data: on which complaints, about which
    conversation, disagreement, external route or ruling, and how often."""

    _inherit = "klachtenbeheer.letter.type"

    only_when = fields.Char(
        "Only when", help="Complaints on which this letter makes sense; empty: all."
    )
    only_when_text = fields.Char(
        "In words", translate=True, help="Told to whoever tries it on another complaint."
    )
    about = fields.Selection(
        [
            ("hearing", "A conversation"),
            ("objection", "A disagreement"),
            ("referral", "An external route"),
            ("ruling", "A ruling"),
        ],
        help="Which record of the dossier each letter of this kind is about.",
    )
    about_domain = fields.Char("About which", help="The records that fit; empty: any.")
    owed_domain = fields.Char(
        "Owed about which",
        help="The records about which the complainant gets this letter before the complaint is"
        " closed; empty: it may be written, nobody has to.",
    )
    can_repeat = fields.Boolean(
        "More than once",
        help="Offered again after it was sent. A letter about something is"
        " offered for each of those anyhow.",
    )

    @api.constrains("only_when", "about", "about_domain", "owed_domain")
    def _check_domains(self):
        for letter_type in self:
            for model, text in (
                (COMPLAINT, letter_type.only_when),
                (SUBJECTS.get(letter_type.about), letter_type.about_domain),
                (SUBJECTS.get(letter_type.about), letter_type.owed_domain),
            ):
                if model and text:
                    letter_type._check_domain(model, text)

    def _check_domain(self, model, text):
        try:
            Domain(literal_eval(text)).validate(self.env[model].sudo())
        except (ValueError, SyntaxError, TypeError) as error:
            raise ValidationError(
                self.env._("“%s” is no condition that can be looked up.", text)
            ) from error

    # ---------------------------------------------------------------- does it make sense?

    def _is_offered(self, complaint):
        """Whether the menu of a complaint shows this kind: it is being written, or makes
        sense and was not sent yet."""
        self.ensure_one()
        unsent = complaint._get_unsent_letter(self)
        if unsent and unsent.state != DRAFT:
            return True
        return not self._get_refusal(complaint) and bool(unsent or self._is_wanted(complaint))

    def _get_refusal(self, complaint):
        """Why a letter of this kind makes no sense on a complaint whatever is filled in.

        :return: a sentence, or False
        """
        self.ensure_one()
        if self._is_delay_notice() and not self._get_extendable_deadlines(complaint):
            return self.env._(
                "“%(policy)s” knows no extension for what is still to be done: a date can't"
                " be moved by a letter here.",
                policy=self.policy_id.name,
            )
        if complaint._falls_under_no_policy() and self.event_type_id.code != "out_of_scope":
            return self.env._(
                "%s was received before this policy took effect. Decide first whether it is"
                " handled under it.",
                complaint.name,
            )
        if self.event_type_id and complaint.is_closed and not self.event_type_id.after_closing:
            return self.env._("%s is closed; reopen it first.", complaint.name)
        return not self._fits(complaint) and self._explain_only_when()

    def _fits(self, complaint):
        return complaint in self._filter_by(self.only_when, complaint)

    def _explain_only_when(self):
        if self.only_when_text:
            return self.env._(
                "“%(letter)s” does not fit this complaint. It is meant for: %(when)s.",
                letter=self.name,
                when=self.only_when_text,
            )
        return self.env._("“%s” does not fit this complaint.", self.name)

    def _is_wanted(self, complaint):
        """Whether there is somebody or something that such a letter was not sent for yet."""
        if self.about:
            return bool(self._get_open_subjects(complaint))
        if self.audience == "respondent":
            return bool(self._get_untold(complaint))
        finished = self._get_letters(complaint, (SENDING, SENT, NOT_APPLICABLE))
        return self.can_repeat or not finished

    def _is_step(self):
        """Whether this letter is how a duty is met. One that goes at any time, like a question
        for the complainant, is only one way to make contact."""
        return bool(self.about) or not (self.can_repeat and self.event_type_id.manual)

    def _get_letters(self, complaint, states):
        """Letters of this kind in the present round of a complaint."""
        return complaint.letter_ids.filtered(
            lambda letter: (
                letter.type_id == self
                and letter.state in states
                and letter.round == complaint.round
            )
        )

    def _get_open_subjects(self, complaint):
        """What this letter could be about and was not sent for yet, the latest first."""
        told = self._get_letters(complaint, (SENDING, SENT))[f"{self.about}_id"]
        found = self._filter_by(self.about_domain, complaint[f"{self.about}_ids"]) - told
        return found.sorted("id", reverse=True)

    def _is_owed(self, complaint):
        """Whether the complainant still gets this letter about something on the dossier."""
        if not (self.active and self.about and self.owed_domain) or self._get_refusal(complaint):
            return False
        return bool(self._filter_by(self.owed_domain, self._get_open_subjects(complaint)))

    def _describe_subject(self):
        """What a letter of this kind is about, as one that is missing."""
        return {
            "hearing": self.env._("the conversation that this letter is about"),
            "objection": self.env._("the disagreement that this letter is about"),
            "referral": self.env._("the external route that this letter is about"),
            "ruling": self.env._("the ruling that this letter is about"),
        }.get(self.about)

    def _get_untold(self, complaint):
        """Who is complained about and did not get this letter yet."""
        informed = self._get_letters(complaint, (SENDING, SENT)).partner_id
        return complaint.respondent_ids - informed

    def _filter_by(self, domain, records):
        return records.filtered_domain(Domain(literal_eval(domain))) if domain else records

    # ---------------------------------------------------------------- promises

    def _is_delay_notice(self):
        """Whether promising a new date is all this letter does: unlike an acknowledgement
        that also tells when the answer comes (BB16)."""
        duties = self.policy_id.term_ids.filtered(lambda term: term.duty_of == "organisation")
        return self.extends_terms and not self.event_type_id & duties.stop_event_ids

    def _get_extendable_deadlines(self, complaint):
        """The running deadlines that a promise in such a letter is about."""
        if not self.extends_terms:
            return self.env["klachtenbeheer.deadline"]
        return complaint._get_extendable_deadlines(self.term_ids)
