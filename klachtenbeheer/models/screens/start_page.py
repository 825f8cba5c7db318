from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..dossier.hearing import OFFERED, PLANNED
from ..dossier.measure import ADOPTED, PROPOSED, RECOMMENDATION
from ..letter.letter import APPROVAL
from ..platform.company import DEFAULT_TZ
from ..platform.groups import HANDLER
from ..privacy.reading import LIST

LINES = 5  # in each section; the rest is behind “show all”
AHEAD = 7  # days: what is due within these is due now
COMPLAINT, MEASURE, HEARING, LETTER, RULING = (
    f"klachtenbeheer.{model}" for model in ("complaint", "measure", "hearing", "letter", "ruling")
)
POLICY = "klachtenbeheer.policy"
NO_VIEW = {(POLICY, "kanban")}
OPEN = Domain("is_closed", "=", False)
UNDECIDED = Domain("kind", "=", RECOMMENDATION) & Domain("state", "=", PROPOSED)


class StartPage(models.AbstractModel):
    """What somebody sees first: what is due, what else is theirs, what waits for somebody
    else, and what is theirs to assign or decide.

    Everything is searched with the rights of the user: nothing is shown here that the lists
    do not show. A section costs a count and a search of its first lines.
    """

    _name = "klachtenbeheer.start.page"
    _description = "Start Page of Who Handles Complaints"

    @api.model
    def get_sections(self):
        """The sections of the user's start page.

        :return: list of dict(key, title, empty, count, lines, more)
        """
        if not self.env[COMPLAINT].has_access("read"):
            return []
        user = self.env.user
        sections = [
            self._get_decide_section() if self._decides() else None,
            self._get_due_section(),
            self._get_assign_section() if self._coordinates() else None,
            self._get_mine_section() if user.has_group(HANDLER) else None,
            self._get_waiting_section(),
        ]
        return [section for section in sections if section]

    # ---------------------------------------------------------------- whose

    @api.model
    def _get_own_domain(self):
        """Complaints that the user handles, or was called in for."""
        uid = self.env.uid
        return Domain("handler_id", "=", uid) | Domain("independent_id", "=", uid)

    @api.model
    def _coordinates(self):
        return not self.env[COMPLAINT]._get_power_domain("assign").is_false()

    @api.model
    def _decides(self):
        """Whether the user approves or decides under some policy."""
        roles_su = self.env.user._get_roles_in_force()
        return any(role.may_approve or role.may_decide for role in roles_su)

    @api.model
    def _get_watched_domain(self):
        """Complaints that the user has to keep an eye on, in one role or another."""
        domain = self._get_own_domain() | self.env[COMPLAINT]._get_power_domain("assign")
        deciding_su = self.env.user._get_roles_in_force().filtered("may_decide")
        for role in deciding_su:
            under = Domain("policy_id", "=", role.policy_id.id)
            called_in = Domain("escalation_level", "=", role.role)
            called_in |= Domain("called_in_role_ids", "in", role.ids)
            if role.role == "board":
                called_in |= Domain("board_involved", "=", True)
            domain |= under & called_in
        return domain

    @api.model
    def _get_horizon(self):
        return self.env.company._complaint_today() + timedelta(days=AHEAD)

    # ---------------------------------------------------------------- sections

    @api.model
    def _get_due_section(self):
        horizon = self._get_horizon()
        return self._make_section(
            "due",
            self.env._("Due this week"),
            self.env._("Nothing is due this week."),
            [
                (
                    COMPLAINT,
                    self.env._("Complaints"),
                    OPEN & self._get_watched_domain() & Domain("next_due_on", "<=", horizon),
                    "next_due_on, id",
                ),
                (
                    HEARING,
                    self.env._("Conversations"),
                    self._get_conversation_domain(horizon),
                    "planned_at, id",
                ),
                (MEASURE, self.env._("Measures"), self._get_measure_domain(horizon), "due_on, id"),
            ],
        )

    @api.model
    def _get_conversation_domain(self, horizon):
        with_me = Domain("leader_id", "=", self.env.uid) | Domain(
            "participant_ids.partner_id", "=", self.env.user.partner_id.id
        )
        last = fields.Datetime.to_datetime(horizon + timedelta(days=1))
        return Domain("state", "=", PLANNED) & Domain("planned_at", "<", last) & with_me

    @api.model
    def _get_measure_domain(self, horizon):
        """Measures that the user has to carry out; a recommendation is decided on, and what
        is adopted becomes a measure."""
        carried_out = Domain("state", "in", (PROPOSED, ADOPTED))
        carried_out &= Domain("kind", "!=", RECOMMENDATION)
        mine = Domain("owner_id", "=", self.env.uid)
        return mine & carried_out & Domain("due_on", "<=", horizon)

    @api.model
    def _get_mine_section(self):
        later = Domain("next_due_on", "=", False) | Domain("next_due_on", ">", self._get_horizon())
        waits = Domain("waits_for_complainant", "=", True) & Domain("next_due_on", "=", False)
        return self._make_section(
            "mine",
            self.env._("Also with me"),
            self.env._("You handle no other complaints."),
            [
                (
                    COMPLAINT,
                    self.env._("Complaints"),
                    OPEN & self._get_own_domain() & later & ~waits,
                    "next_due_on, id",
                )
            ],
        )

    @api.model
    def _get_waiting_section(self):
        watched = self._get_watched_domain()
        waits = Domain("waits_for_complainant", "=", True) & Domain("next_due_on", "=", False)
        return self._make_section(
            "waiting",
            self.env._("Waits for somebody else"),
            self.env._("You wait for nobody."),
            [
                (COMPLAINT, self.env._("Complaints"), OPEN & watched & waits, "received_on, id"),
                (
                    LETTER,
                    self.env._("Letters"),
                    Domain("state", "=", APPROVAL)
                    & Domain("complaint_id", "any", watched)
                    & Domain("id", "not in", self._get_letters_to_approve().ids),
                    "id",
                ),
                (
                    HEARING,
                    self.env._("Conversations"),
                    Domain("state", "=", OFFERED) & Domain("leader_id", "=", self.env.uid),
                    "expires_on, id",
                ),
            ],
        )

    @api.model
    def _get_assign_section(self):
        return self._make_section(
            "assign",
            self.env._("Waits for assignment"),
            self.env._("Every complaint is with somebody."),
            [
                (
                    COMPLAINT,
                    self.env._("Complaints"),
                    OPEN
                    & self.env[COMPLAINT]._get_power_domain("assign")
                    & Domain("handler_id", "=", False)
                    & Domain("nature", "=", "complaint"),
                    "next_due_on, received_on, id",
                )
            ],
        )

    @api.model
    def _get_decide_section(self):
        sources = [
            (
                LETTER,
                self.env._("Letters"),
                Domain("id", "in", self._get_letters_to_approve().ids),
                "id",
            ),
            (
                RULING,
                self.env._("Unforeseen cases"),
                Domain("id", "in", self._get_rulings_to_decide().ids),
                "asked_on, id",
            ),
        ]
        sources.append(
            (
                POLICY,
                self.env._("Policies"),
                Domain("id", "in", self._get_policies_to_approve().ids),
                "id",
            )
        )
        if self.env[COMPLAINT]._get_power_policies("decide"):
            decided = self.env[MEASURE]._get_decided_domain()
            # by number, as what leads there is asked again by the browser
            undecided = Domain("id", "in", self.env[MEASURE].search(UNDECIDED & decided).ids)
            sources.append((MEASURE, self.env._("Recommendations"), undecided, "due_on, id"))
        return self._make_section(
            "decide",
            self.env._("To decide"),
            self.env._("Nothing waits for your decision."),
            sources,
        )

    @api.model
    def _get_letters_to_approve(self):
        """Who approves depends on the dossier; few letters wait at any moment."""
        if not self._decides():
            return self.env[LETTER]
        return self.env[LETTER].search([("state", "=", APPROVAL)]).filtered("can_approve")

    @api.model
    def _get_policies_to_approve(self):
        """Policies that wait for the role that this user has in them."""
        waiting = self.env[POLICY].search([("state", "=", "approval")])
        return waiting.filtered(
            lambda policy: self.env.user in policy._get_role_users(policy.approval_role)
        )

    @api.model
    def _get_rulings_to_decide(self):
        def is_mine(ruling):
            complaint = ruling.complaint_id
            return self.env.user in complaint._get_role_people(complaint._get_deciding_role())

        return self.env[RULING].search([("decided_on", "=", False)]).filtered(is_mine)

    # ---------------------------------------------------------------- building

    @api.model
    def _make_section(self, key, title, empty, sources):
        """A section from what was found in one or more models.

        :param sources: list of (model, title, domain, order)
        """
        count, lines, more = 0, [], []
        for model_name, label, domain, order in sources:
            model = self.env[model_name]
            found = model.search_count(domain)
            if not found:
                continue
            count += found
            records = model.search(domain, order=order, limit=LINES)
            records._note_reading(LIST)  # titles are told here past what reads a list
            lines += [self._make_line(key, record) for record in records]
            more.append(self._make_link(model_name, title, label, domain, found))
        lines.sort(key=lambda line: line["day"] or "9999")
        shown = lines[:LINES]
        return {
            "key": key,
            "title": title,
            "empty": empty,
            "count": count,
            "lines": shown,
            "more": more if count > len(shown) else [],
        }

    @api.model
    def _make_link(self, model_name, title, label, domain, count):
        """“Show all”: the list of what a section counts."""
        if model_name in (HEARING, RULING):
            # these are seen on their dossier
            fname = {HEARING: "hearing_ids", RULING: "ruling_ids"}[model_name]
            model_name, domain = COMPLAINT, Domain(fname, "any", domain)
        views = [view for view in ("list", "kanban", "form") if (model_name, view) not in NO_VIEW]
        return {
            "label": label,
            "count": count,
            "action": {
                "type": "ir.actions.act_window",
                "name": title,
                "res_model": model_name,
                "views": [(False, view) for view in views],
                "mobile_view_mode": "kanban",
                "domain": list(domain),
            },
        }

    @api.model
    def _make_line(self, key, record):
        """What a section says of one record: where it leads, of what it is, what to do and by
        when."""
        make = {
            COMPLAINT: self._make_complaint_line,
            HEARING: self._make_hearing_line,
            LETTER: self._make_letter_line,
            RULING: self._make_ruling_line,
            MEASURE: self._make_measure_line,
            POLICY: self._make_policy_line,
        }[record._name]
        return make(key, record)

    @api.model
    def _pack_line(self, record, reference, title, text, day=None, urgency="none", who=None):
        return {
            "model": record._name,
            "id": record.id,
            "reference": reference or "",
            "title": title or "",
            "text": text or "",
            "day": fields.Date.to_string(day) or False,
            "urgency": urgency,
            "who": who or "",
        }

    @api.model
    def _make_complaint_line(self, key, complaint):
        text, day, urgency = complaint.next_step, complaint.next_due_on, complaint.next_due_state
        if key == "waiting":
            text, day = complaint.next_due_text, complaint._get_waiting_until()
        elif key == "assign" and not complaint.triage_done:
            text = self.env._("Decide whether this is a complaint")
        handler = complaint.handler_id
        who = handler.name if handler and handler != self.env.user else None
        return self._pack_line(
            complaint, complaint.name, complaint.title, text, day, urgency, who=who
        )

    @api.model
    def _make_hearing_line(self, key, hearing):
        labels = hearing._fields["purpose"]._description_selection(self.env)
        purpose = dict(labels)[hearing.purpose]
        complaint = hearing.complaint_id
        if key == "waiting":
            text = self.env._("Invited: %s; no reply yet", purpose)
            return self._pack_line(
                complaint, complaint.name, complaint.title, text, hearing.expires_on, "waiting"
            )
        zone = (hearing.company_id.sudo().partner_id.tz) or DEFAULT_TZ  # local time is no secret
        moment = fields.Datetime.context_timestamp(
            hearing.with_context(tz=zone), hearing.planned_at
        )
        text = self.env._(
            "%(conversation)s at %(time)s", conversation=purpose, time=moment.strftime("%H:%M")
        )
        day = moment.date()
        return self._pack_line(
            complaint, complaint.name, complaint.title, text, day, self._get_urgency(day)
        )

    @api.model
    def _make_letter_line(self, key, letter):
        complaint = letter.complaint_id
        text = (
            self.env._("Waits for approval: %s", letter.name)
            if key == "waiting"
            else self.env._("Approve: %s", letter.name)
        )
        urgency = "waiting" if key == "waiting" else complaint.next_due_state
        return self._pack_line(
            letter, complaint.name, complaint.title, text, complaint.next_due_on, urgency
        )

    @api.model
    def _make_ruling_line(self, key, ruling):
        complaint = ruling.complaint_id
        text = self.env._("Decide: the policy does not provide for this")
        return self._pack_line(complaint, complaint.name, complaint.title, text, ruling.asked_on)

    @api.model
    def _make_policy_line(self, key, policy):
        text = self.env._("Approve this policy")
        return self._pack_line(policy, "", policy.display_name, text)

    @api.model
    def _make_measure_line(self, key, measure):
        text = (
            self.env._("Decide on this recommendation")
            if key == "decide"
            else self.env._("Carry out this measure")
        )
        # of the complaints that led to it, those that the user may see
        references = ", ".join(measure.complaint_ids[:3].mapped("name"))
        return self._pack_line(
            measure,
            references,
            measure.name,
            text,
            measure.due_on,
            self._get_urgency(measure.due_on),
        )

    @api.model
    def _get_urgency(self, day):
        """As a deadline: of a day on which something is to be done."""
        today = self.env.company._complaint_today()
        if not day:
            return "none"
        if day < today:
            return "overdue"
        return "soon" if day <= today + timedelta(days=2) else "later"
