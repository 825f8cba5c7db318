from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import is_html_empty

from ..platform.company import DEFAULT_TZ

DRAFT, OFFERED, PLANNED, HELD, WAIVED, CANCELLED = (
    "draft",
    "offered",
    "planned",
    "held",
    "waived",
    "cancelled",
)
ORAL_EXPLANATION = "oral_explanation"
# Roles of the complainant and who comes along with them.
COMPLAINANT_SIDE = ("complainant", "representative", "expert")
# As what somebody who assists is invited; the others speak for the complainant.
INVITED_AS = {"expert": "expert", "joint": "complainant"}
# Conversations in which somebody gives his side of the matter.
HEARING_PURPOSES = ("hearing", ORAL_EXPLANATION, "supervisor_talk")
DAY = timedelta(days=1)


class Hearing(models.Model):
    """A conversation on a complaint: from an informal talk to hearing both sides.

    ==========  =====================================================================
    Action      What it asks
    ==========  =====================================================================
    offer       somebody to talk with; a proposed moment, unless it is a contact; by the
                invitation where the policy has one (`letter/invitation.py`)
    plan        one of the proposed moments; the second representative that a party
                wants (BA32); a branch where it is at the office (BA29)
    hold        date, form, participants and a report (BA33)
    settle      a settlement, written down on the day of the conversation (BA37)
    unresolved  it was held; that it solved nothing is chosen, not assumed (BA38)
    waive       who does not want it, and why
    ==========  =====================================================================
    """

    _name = "klachtenbeheer.hearing"
    _description = "Conversation on a Complaint"
    _inherit = ["klachtenbeheer.dossier.line"]
    _order = "planned_at, held_on, id"
    _procedure_fields = frozenset(
        {"state", "planned_at", "settled_on", "conclusion", "calendar_event_id"}
    )

    purpose = fields.Selection(
        [
            ("talk", "Informal conversation"),
            ("mediation", "Mediation"),
            ("supervisor_talk", "Conversation with the supervisor"),
            ("hearing", "Hearing"),
            (ORAL_EXPLANATION, "Oral explanation"),
            ("contact", "Contact"),
        ],
        required=True,
        default="hearing",
    )
    form = fields.Selection(
        [
            ("phone", "By telephone"),
            ("office", "At the office"),
            ("video", "Video call"),
            ("visit", "At home or elsewhere"),
            ("writing", "In writing"),
        ],
        required=True,
        default="phone",
    )
    location = fields.Char("Branch or place")
    aim = fields.Char("About what")
    state = fields.Selection(
        [
            (DRAFT, "To be planned"),
            (OFFERED, "Offered"),
            (PLANNED, "Planned"),
            (HELD, "Held"),
            (WAIVED, "Declined"),
            (CANCELLED, "Cancelled"),
        ],
        default=DRAFT,
        required=True,
        readonly=True,
        copy=False,
    )

    # who
    participant_ids = fields.One2many(
        "klachtenbeheer.hearing.participant", "hearing_id", "Participants"
    )
    leader_id = fields.Many2one(
        "res.users",
        "Led by",
        compute="_compute_leader_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    employee_wanted_by_complainant = fields.Boolean(
        "Complainant finds the employee's presence useful"
    )
    employee_wanted_by_organisation = fields.Boolean("We find the employee's presence useful")
    second_wanted_by_complainant = fields.Boolean("Complainant wants a second representative")
    second_wanted_by_organisation = fields.Boolean("We want a second representative")

    # when
    slot_ids = fields.One2many("klachtenbeheer.hearing.slot", "hearing_id", "Proposed moments")
    reply_by = fields.Date(help="After this day the opportunity counts as not used (T19).")
    expires_on = fields.Date(
        compute="_compute_expires_on", store=True, help="The last day on which to react."
    )
    planned_at = fields.Datetime(readonly=True)
    calendar_event_id = fields.Many2one(
        "calendar.event", readonly=True, ondelete="set null", index="btree_not_null"
    )
    held_on = fields.Date()

    # what
    report = fields.Html()
    result_ids = fields.Many2many("klachtenbeheer.hearing.result")
    proposal = fields.Html("Proposal to remedy the complaint")
    reaction = fields.Selection(
        [
            ("agreed", "Agrees"),
            ("not_agreed", "Does not agree"),
            ("time_to_think", "Wants time to think"),
        ]
    )
    reaction_on = fields.Date()
    settlement = fields.Html()
    settled_on = fields.Date(readonly=True)
    conclusion = fields.Selection(
        [("settled", "Settled"), ("not_resolved", "Not solved")],
        "How it ended",
        readonly=True,
        copy=False,
    )
    waived_by = fields.Char("Declined by")
    waive_reason = fields.Text("Why it is not held")

    _expires_idx = models.Index("(company_id, expires_on) WHERE expires_on IS NOT NULL")

    # ---------------------------------------------------------------- constraints

    @api.constrains("form", "location", "state")
    def _check_location(self):
        for hearing in self:
            needs_place = hearing.form == "office" and hearing.state in (OFFERED, PLANNED, HELD)
            if needs_place and not (hearing.location or "").strip():
                raise ValidationError(self.env._("At which branch is the conversation held?"))

    @api.constrains("leader_id", "complaint_id", "purpose")
    def _check_leader(self):
        for hearing in self:
            if not hearing._may_lead(hearing.leader_id):
                title = hearing.complaint_id.policy_id._get_role_title("coordinator")
                raise ValidationError(
                    self.env._("This conversation is led by: %s, or who stands in.", title)
                )
            if hearing.leader_id.partner_id in hearing.complaint_id._get_barred():
                raise ValidationError(
                    self.env._(
                        "%s is complained about and can't lead this conversation.",
                        hearing.leader_id.name,
                    )
                )

    @api.constrains("employee_wanted_by_complainant", "employee_wanted_by_organisation")
    def _check_employee_involved(self):
        """Whether the employee is there is a question only where there is one (BA31)."""
        for hearing in self:
            wanted = (
                hearing.employee_wanted_by_complainant or hearing.employee_wanted_by_organisation
            )
            if wanted and not hearing.complaint_id.respondent_ids:
                raise ValidationError(
                    self.env._("No employee is involved here: name who the complaint is about.")
                )

    def _may_lead(self, user):
        """Whether the policy leaves this conversation to a user (BA30, T11)."""
        complaint_su = self.complaint_id.sudo()  # who has which role is no secret
        policy_su = complaint_su.policy_id
        if self.purpose != ORAL_EXPLANATION or not policy_su.hearing_by_coordinator:
            return True
        keepers = policy_su._get_role_users("coordinator") | policy_su._get_role_users("deputy")
        return user in keepers | complaint_su._get_acting_coordinators()

    # ---------------------------------------------------------------- compute

    @api.depends("purpose", "complaint_id")
    def _compute_leader_id(self):
        for hearing in self:
            user = hearing.leader_id or self.env.user
            hearing.leader_id = hearing._propose_leader(user) if hearing.complaint_id else user

    def _propose_leader(self, user):
        """This user, or else whoever coordinates the dossier now."""
        return user if self._may_lead(user) else self.complaint_id._get_acting_coordinators()[:1]

    @api.depends("purpose", "complaint_id.name")
    def _compute_display_name(self):
        purposes = dict(self._fields["purpose"]._description_selection(self.env))
        for hearing in self:
            purpose = purposes.get(hearing.purpose, "")
            hearing.display_name = f"{purpose} ({hearing.complaint_id.name})"

    @api.depends("state", "reply_by", "slot_ids.start_at", "slot_ids.state")
    def _compute_expires_on(self):
        for hearing in self:
            if hearing.state != OFFERED:
                hearing.expires_on = False
                continue
            hearing.expires_on = hearing._get_last_day()

    def _get_last_day(self):
        """The last day of the opportunity (T19): that of the reply, or of the last moment; where
        the first moment was too near to leave the days of the policy, that of the last one."""
        moments = self.slot_ids.filtered(lambda slot: slot.state == "proposed").mapped("start_at")
        if not moments:
            return self.reply_by
        last_moment = self._get_local_date(max(moments))
        is_cut_short = self.reply_by and self.reply_by == self._get_local_date(min(moments)) - DAY
        ends = (last_moment, self.reply_by if not is_cut_short else False)
        return min(filter(None, ends))

    def _get_local_date(self, moment):
        """The local date of the organisation at a moment."""
        zone = self._get_zone()
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), moment).date()

    def _get_zone(self):
        return (self.company_id or self.env.company).sudo().partner_id.tz or DEFAULT_TZ

    # ---------------------------------------------------------------- CRUD

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        """What was said, or why nothing was, stays on the dossier."""
        if any(hearing.state in (HELD, WAIVED) for hearing in self):
            raise UserError(self.env._("A conversation that is over stays on the dossier."))

    # ---------------------------------------------------------------- actions

    def _do_offer(self, reply_by=None):
        """Propose the moments; an invitation by letter records the event of that letter."""
        self._check_can_offer()
        self._invite()
        reply_by = reply_by or self.reply_by or self._get_reply_by()
        self._check_reply_by(reply_by)
        self._as_procedure().write({"state": OFFERED, "reply_by": reply_by})

    @api.private
    def action_plan(self, slot):
        """One of the proposed moments was chosen; it appears in the calendars."""
        self.ensure_one()
        self._check_state(DRAFT, OFFERED, PLANNED)
        self._invite()
        self._check_company_kept()
        self._check_leader()
        (self.slot_ids - slot).filtered(lambda other: other.state == "proposed").state = "declined"
        slot.state = "accepted"
        self._as_procedure().write({"state": PLANNED, "planned_at": slot.start_at})
        self._sync_calendar()

    def _invite(self):
        """Who comes along by right: everybody who assists the complainant (BA17), and who
        it is about when both sides find that useful (BA31)."""
        complaint = self.complaint_id
        people = []
        complainant_comes = set(COMPLAINANT_SIDE).intersection(self.participant_ids.mapped("role"))
        if complainant_comes and not complaint.hide_identity:
            # who assists decides who is invited, whoever invites
            people += [
                (INVITED_AS.get(line.kind, "representative"), line.partner_id, line.name)
                for line in complaint.sudo().assistance_ids
            ]
        if self._is_employee_wanted():
            people += [("respondent", line, line.name) for line in complaint.respondent_ids]
        invited = self.participant_ids
        self.participant_ids = [
            Command.create({"role": role, "partner_id": partner.id, "name": name})
            for role, partner, name in people
            if partner - invited.partner_id or (not partner and name not in invited.mapped("name"))
        ]

    def _is_employee_wanted(self):
        return self.employee_wanted_by_complainant and self.employee_wanted_by_organisation

    def action_hold(self):
        """The conversation took place; it is on record in which form (BA33)."""
        for hearing in self:
            hearing._check_state(DRAFT, OFFERED, PLANNED)
            hearing._check_held()
            hearing._as_procedure().state = HELD
            if hearing.reaction and not hearing.reaction_on:
                hearing.reaction_on = hearing.held_on  # at once, in the conversation (BA36)
            hearing._record_held()

    def _get_reply_by(self):
        """By when somebody says whether a moment suits: within the days of the policy, and
        before the first moment itself."""
        days = self.complaint_id.policy_id.hearing_reply_days
        today = self.complaint_id._today()
        by_policy = days and today + timedelta(days=days)
        last = self._get_last_reply_day()
        return min(by_policy, last) if by_policy and last else by_policy

    def _get_last_reply_day(self):
        """The day before the first proposed moment, or today when that is sooner."""
        moments = self.slot_ids.filtered(lambda slot: slot.state == "proposed").mapped("start_at")
        if not moments:
            return False
        before = self._get_local_date(min(moments)) - DAY
        return max(before, self.complaint_id._today())

    def _check_reply_by(self, reply_by):
        last = self._get_last_reply_day()
        if reply_by and last and reply_by > last:
            raise UserError(
                self.env._(
                    "The reply is asked for by %(reply_by)s; that has to be before the first"
                    " moment, no later than %(last)s.",
                    reply_by=self.complaint_id._format_date(reply_by),
                    last=self.complaint_id._format_date(last),
                )
            )

    def action_settle(self):
        """The complaint was settled at the end of the conversation (BA37)."""
        for hearing in self:
            hearing._check_can_settle()
            hearing._as_procedure().write({"settled_on": hearing.held_on, "conclusion": "settled"})
            hearing.complaint_id._record_event("settled", hearing.held_on)
            hearing.complaint_id._close_settled()

    def action_end_unresolved(self):
        """The conversation has not solved the complaint: chosen by who led it (BA38)."""
        for hearing in self:
            hearing._check_state(HELD)
            if hearing.conclusion:
                raise UserError(self.env._("How this conversation ended is on record already."))
            hearing._as_procedure().conclusion = "not_resolved"
            hearing.complaint_id._propose_not_resolved()

    def action_waive(self, reason=None):
        """The conversation is not held, and why; asks for the reason when none is given.

        :raise UserError: it was held already
        """
        reason = reason or self[:1].waive_reason
        for hearing in self:
            hearing._check_state(DRAFT, OFFERED, PLANNED)
            if not (reason or "").strip():
                raise UserError(self.env._("Say why the conversation is not held."))
            hearing._as_procedure().write({"state": WAIVED, "waive_reason": reason})
            hearing.slot_ids.filtered(lambda slot: slot.state == "proposed").state = "declined"
            hearing.calendar_event_id.sudo().unlink()  # an appointment of others, too
            hearing._record_hearing_event("hearing_waived", reason)

    def action_cancel(self):
        for hearing in self:
            hearing._check_state(DRAFT, OFFERED, PLANNED)
            hearing._as_procedure().state = CANCELLED
            hearing.calendar_event_id.sudo().unlink()  # an appointment of others, too

    # ---------------------------------------------------------------- guards

    def _check_state(self, *states):
        if self.state not in states:
            raise UserError(self.env._("%s is not at that point (any more).", self.display_name))

    def _check_company_kept(self):
        """Who is present follows from what the parties want (BA31, BA32)."""
        roles = self.participant_ids.mapped("role")
        wants_second = self.second_wanted_by_complainant or self.second_wanted_by_organisation
        if wants_second and "second_representative" not in roles:
            raise UserError(self.env._("A second representative is wanted: add who that is."))
        uninvited = "respondent" in roles and not self._is_employee_wanted()
        if self.purpose == ORAL_EXPLANATION and uninvited:
            raise UserError(
                self.env._("The employee is present only when both sides find that useful.")
            )

    def _check_held(self):
        self._check_company_kept()
        self._check_leader()
        self._check_agreements()
        missing = [
            label
            for label, value in (
                (self.env._("the date"), self.held_on),
                (self.env._("who took part"), self.participant_ids),
                (self.env._("a report"), not is_html_empty(self.report)),
            )
            if not value
        ]
        if missing:
            raise UserError(self.env._("Still missing: %s.", ", ".join(missing)))
        if self.held_on > self.complaint_id._today():
            raise UserError(self.env._("The conversation lies ahead."))

    def _check_agreements(self):
        """Agreements that were made are written down (KK29)."""
        if self.result_ids.filtered("needs_agreement") and not self.complaint_id.agreement_ids:
            raise UserError(self.env._("Agreements were made: write them down first."))

    def _check_can_offer(self):
        self._check_state(DRAFT, CANCELLED)
        if not self.slot_ids:
            raise UserError(self.env._("Propose at least one moment."))
        self._check_leader()

    def _is_undecided(self):
        """Whether it was held, and how it ended still has to be chosen."""
        return self.purpose == ORAL_EXPLANATION and self.state == HELD and not self.conclusion

    def _check_can_settle(self):
        self._check_state(HELD)
        if is_html_empty(self.settlement):
            raise UserError(self.env._("Write down what was settled."))
        if self.held_on != self.complaint_id._today():
            raise UserError(
                self.env._(
                    "A settlement is written down at the end of the conversation, on the same"
                    " day; for a later one record a new conversation."
                )
            )

    # ---------------------------------------------------------------- without a reply

    @api.model
    def _get_unanswered_domain(self, today):
        return Domain("company_id", "=", self.env.company.id) & Domain("expires_on", "<", today)

    def _expire(self, today):
        """Nobody chose a moment in time. The opportunity to explain orally then counts as
        not used (T19); of any other conversation whoever leads it decides."""
        for hearing in self:
            hearing.slot_ids.filtered(lambda slot: slot.state == "proposed").state = "expired"
            if hearing.purpose == ORAL_EXPLANATION:
                hearing.waived_by = self.env._("nobody: there was no reply")
                hearing.action_waive(self.env._("No reply to the invitation"))
            else:
                hearing.reply_by = False
                hearing._warn_leader(self.env._("No reply to the invitation to a conversation"))

    def _warn_leader(self, summary):
        complaint_su = self.complaint_id.sudo()  # the system asks
        complaint_su._schedule("klachtenbeheer.activity_type_alert", self.leader_id, summary)

    def _replace_respondents(self):
        """Who is complained about does not lead a conversation, nor speak for us in it."""
        respondents = self.complaint_id.respondent_ids
        for hearing in self.filtered(lambda line: line.state in (DRAFT, OFFERED, PLANNED)):
            for participant in hearing.participant_ids:
                if participant.partner_id in respondents and participant._speaks_for_us():
                    participant.unlink()
            if hearing.leader_id.partner_id in respondents:
                successor = hearing._propose_leader(hearing.complaint_id._get_responsible())
                if not successor:
                    hearing.action_cancel()  # nobody is left who may lead it
                    continue
                hearing.leader_id = successor
                hearing._warn_leader(self.env._("You lead a conversation instead of a colleague"))
            if hearing.calendar_event_id:
                hearing._sync_calendar()

    # ---------------------------------------------------------------- consequences

    def _record_hearing_event(self, code, note=None):
        """Only the oral explanation that the policy prescribes moves its terms."""
        if self.purpose == ORAL_EXPLANATION:
            self.complaint_id._record_event(code, note=note)

    def _record_held(self):
        if self.purpose == "contact":
            self._record_contact()
        elif self.purpose == ORAL_EXPLANATION:
            # any other conversation is part of the handling, not a step of the procedure
            self.complaint_id._record_event("hearing_held", self.held_on)
        self.complaint_id._message_log(
            body=self.env._(
                "%(conversation)s: held on %(date)s",
                conversation=self.display_name,
                date=self.complaint_id._format_date(self.held_on),
            )
        )
        if self.result_ids.filtered("makes_measure"):
            self._make_promised_measure()

    def _record_contact(self):
        """Where contact is the handler's to make, that of somebody else does not count
        (KK30)."""
        complaint = self.complaint_id
        if complaint._is_contact_of_handler() and self.leader_id != complaint.handler_id:
            return
        # whoever leads it made the contact, also when somebody else notes it
        complaint.sudo()._record_event("contacted", self.held_on)

    def _make_promised_measure(self):
        """An improvement that was promised is followed up (KK25)."""
        self.env["klachtenbeheer.measure"].create(
            {
                "name": self.env._("Promised in a conversation"),
                "description": self.report,
                "kind": "preventive",
                "state": "adopted",
                "owner_id": self.leader_id.id,
                "company_id": self.company_id.id,
                "link_ids": [
                    (0, 0, {"complaint_id": self.complaint_id.id, "communicated_on": self.held_on})
                ],
            }
        )

    # ---------------------------------------------------------------- calendar

    def _sync_calendar(self):
        """The appointment in the calendars of those concerned, telling nobody what it is
        about."""
        # the calendar belongs to the participants, not to who plans; the letter invites them
        calendar_su = (
            self.calendar_event_id.sudo()
            .with_context(dont_notify=True, mail_create_nosubscribe=True, mail_notrack=True)
            .with_context(no_mail_to_attendees=True)
        )
        vals = self._prepare_calendar_vals()
        if calendar_su:
            calendar_su.write(vals)
        else:
            self._as_procedure().calendar_event_id = calendar_su.create(vals)

    def _prepare_calendar_vals(self):
        participants = self.participant_ids
        if self.complaint_id.hide_identity:
            # an appointment tells its attendees who the others are (KK22)
            participants = participants.filtered(lambda line: line.role not in COMPLAINANT_SIDE)
        partners = self.leader_id.partner_id | participants.partner_id
        return {
            "name": self.env._("Appointment"),
            "start": self.planned_at,
            "stop": fields.Datetime.add(self.planned_at, hours=1),
            "location": self.location if self.form == "office" else False,
            "privacy": "private",
            "user_id": self.leader_id.id,
            "partner_ids": [(6, 0, partners.ids)],
        }
