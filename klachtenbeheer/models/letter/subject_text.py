from odoo import fields, models
from odoo.tools import format_time


class LetterSubjectText(models.Model):
    """What letters say about a conversation, a disagreement, an external route, a ruling,
    measures and grievances. Texts call these on `object`, the letter."""

    _inherit = "klachtenbeheer.letter"

    # ---------------------------------------------------------------- conversation

    def _format_moment(self, moment):
        """A local day and time, e.g. «maandag 15 juni 2026, 11:00 uur»."""
        zone = self.hearing_id._get_zone()
        local = fields.Datetime.context_timestamp(self.with_context(tz=zone), moment)
        return self.env._(
            "%(day)s, %(time)s",
            day=self._format_day(local.date()),
            time=format_time(self.env, local.time(), time_format="HH:mm", lang_code=self.lang),
        )

    def _get_moments(self):
        """The moment that was planned, or else those that are proposed."""
        hearing = self.hearing_id
        if hearing.planned_at:
            return [self._format_moment(hearing.planned_at)]
        proposed = hearing.slot_ids.filtered(lambda slot: slot.state == "proposed")
        return [self._format_moment(moment) for moment in sorted(proposed.mapped("start_at"))]

    def _get_form(self):
        """In which form it is held, as a sentence says it; and once it was held, where."""
        form = {
            "phone": self.env._("by telephone"),
            "office": self.env._("at our office"),
            "video": self.env._("by video call"),
            "visit": self.env._("at another place"),
            "writing": self.env._("in writing"),
        }.get(self.hearing_id.form, "")
        place = self.hearing_id.location if self.hearing_id.state == "held" else False
        return f"{form} ({place})" if place else form

    def _get_participants(self, present=False):
        """Who is invited or was there: name and in what capacity, and who leads it."""
        hearing = self.hearing_id
        people = hearing.participant_ids.filtered(lambda line: line.present or not present)
        lines = [self._describe_participant(person) for person in people]
        led = hearing.leader_id
        if led.partner_id not in people.partner_id:
            leads = self.env._("leads the conversation")
            lines.insert(0, f"{led.name} ({leads})")
        return lines

    def _invites_respondent(self):
        """Whether somebody complained about is there as well (KK28)."""
        return "respondent" in self.hearing_id.participant_ids.mapped("role")

    def _describe_participant(self, person):
        capacity = {
            "complainant": self.env._("complainant"),
            "respondent": self.env._("employee concerned"),
            "representative": self.env._("representative of the complainant"),
            "expert": self.env._("expert of the complainant"),
            "handler": self.env._("handler of the complaint"),
            "supervisor": self.env._("supervisor"),
            "second_representative": self.env._("second representative of the organisation"),
        }.get(person.role)
        return f"{person.name} ({capacity})" if capacity else person.name or ""

    def _get_reaction(self):
        return {
            "agreed": self.env._("You agree with it."),
            "not_agreed": self.env._("You do not agree with it."),
            "time_to_think": self.env._("You want time to think about it."),
        }.get(self.hearing_id.reaction, "")

    def _get_waive_term(self):
        """How long a final decision takes when the opportunity is not used (BA34), e.g.
        «2 weken»; empty where the policy gives no term for it."""
        terms = self.policy_id.term_ids.filtered(
            lambda term: term.start_event_id.code == "hearing_waived"
        )
        term = terms[:1]
        return term and {
            "day": self.env._("%s days", term.amount),
            "workday": self.env._("%s working days", term.amount),
            "week": self.env._("%s weeks", term.amount),
            "month": self.env._("%s months", term.amount),
        }.get(term.unit)

    def _get_agreements(self):
        """What was agreed in this conversation, or, where none of it has that date, at all."""
        agreements = self.complaint_id.agreement_ids.filtered(
            lambda line: line.kind in ("agreement", "action")
        )
        on_the_day = agreements.filtered(lambda line: line.date == self.hearing_id.held_on)
        return [self._describe_agreement(line) for line in on_the_day or agreements]

    def _describe_agreement(self, line):
        who = line.owner_name and self.env._("who: %s", line.owner_name)
        when = line.due_on and self.env._("by %s", self._format_day(line.due_on))
        extra = "; ".join(filter(None, (who, when)))
        return f"{line.name} ({extra})" if extra else line.name

    # ---------------------------------------------------------------- external route

    def _get_body_name(self):
        """The external body, as the policy knows it."""
        role = self._get_contact_role()
        return role.partner_id.name or role.name

    def _get_contact_title(self):
        """What the policy calls the role that can be reached, e.g. «Bestuur»."""
        name = self._get_contact_role().name or ""
        return name[:1].upper() + name[1:]

    def _without_scheme(self, url):
        """A web address as people write it."""
        return (url or "").removeprefix("https://").removeprefix("http://").rstrip("/")

    # ---------------------------------------------------------------- measures, grievances

    def _get_measures(self):
        """Measures with the day by which they are realised: those that the complainant does
        not know yet, or all where there are none."""
        links = self._get_measure_links()
        untold = links.filtered(lambda link: not link.communicated_on)
        return [self._describe_measure(measure) for measure in (untold or links).measure_id]

    def _describe_measure(self, measure):
        if measure.realised_on:
            when = self.env._("done on %s", self._format_day(measure.realised_on))
        else:
            when = measure.due_on and self.env._("by %s", self._format_day(measure.due_on))
        return {"name": measure.name, "when": when}

    def _get_grievances(self):
        """The points of the complaint, each with what was found and decided."""
        return [
            {
                "name": point.name,
                "findings": point.findings,
                "verdict": self._get_verdict_of(point.verdict_id),
                "motivation": point.motivation,
            }
            for point in self.complaint_id.grievance_ids
        ]

    # ---------------------------------------------------------------- escalation

    def _get_level(self):
        """Who was called in, with the title that the policy uses."""
        return self.policy_id._get_role_title(self._get_internal_role())

    def _get_dossier_url(self):
        """Opens the dossier for who may see it."""
        complaint = self.complaint_id
        base = complaint.get_base_url()
        return f"{base}/mail/view?model={complaint._name}&res_id={complaint.id}"
