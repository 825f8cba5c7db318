from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import WorkCalendar, explain, reminder_day, target_day
from ..policy.term import COMPLAINANT, ORGANISATION, WAIVED
from .task import ACTIVITY_DUTY

RUNNING, MET, MET_LATE, OVERDUE, LAPSED, VOID = (
    "running",
    "met",
    "met_late",
    "overdue",
    "lapsed",
    "void",
)
OPEN = Domain("is_open", "=", True)


def _met_in_time_sql(model, alias, query):
    return SQL(
        "(%s <= %s)",
        model._field_to_sql(alias, "met_on", query),
        model._field_to_sql(alias, "due_on", query),
    )


def _void_in_time_sql(model, alias, query):
    return SQL(
        "(%s <= %s)",
        model._field_to_sql(alias, "void_on", query),
        model._field_to_sql(alias, "due_on", query),
    )


def _met_late_sql(model, alias, query):
    return SQL(
        "(%s > %s)",
        model._field_to_sql(alias, "met_on", query),
        model._field_to_sql(alias, "due_on", query),
    )


class Deadline(models.Model):
    """What a term became on one complaint: the stored result of `tools.project`.

    Never edited: `complaint._project` is the only writer. Whether it is overdue is a
    question asked of `due_on` today, not a stored flag (design.md 4.9).
    """

    _name = "klachtenbeheer.deadline"
    _description = "Complaint Deadline"
    _inherit = ["klachtenbeheer.dossier.part"]
    _order = "due_on, id"

    complaint_id = fields.Many2one(
        "klachtenbeheer.complaint", required=True, ondelete="cascade", index=False
    )
    company_id = fields.Many2one("res.company", required=True)
    policy_id = fields.Many2one(related="complaint_id.policy_id")
    term_id = fields.Many2one(
        "klachtenbeheer.term", "Duty", required=True, ondelete="restrict", index=True
    )
    code = fields.Char(required=True)
    # This and `is_open`: not read-only to the ORM, which else works out what `_prepare_vals` gives.
    duty_of = fields.Selection(
        lambda self: (
            self.env["klachtenbeheer.term"]._fields["duty_of"]._description_selection(self.env)
        ),
        compute="_compute_duty_of",
        store=True,
        precompute=True,
        readonly=False,
    )
    round = fields.Integer(default=1, required=True)

    # dates, all local
    started_on = fields.Date("Counts from", required=True)
    first_due_on = fields.Date("First due date", required=True)
    due_on = fields.Date("Due date", required=True)
    target_on = fields.Date("Last werkdag in time", required=True)
    remind_on = fields.Date("Reminder on", required=True)
    met_on = fields.Date()
    void_on = fields.Date("Fell away on")
    void_by = fields.Char(readonly=True)
    is_open = fields.Boolean(
        compute="_compute_is_open", store=True, precompute=True, readonly=False
    )
    state = fields.Selection(
        [
            (RUNNING, "Running"),
            (MET, "Met"),
            (MET_LATE, "Met late"),
            (OVERDUE, "Overdue"),
            (LAPSED, "Lapsed"),
            (VOID, "Not applicable"),
        ],
        compute="_compute_state",
        search="_search_state",
    )
    days_left = fields.Integer(compute="_compute_state", help="Calendar days until the due date.")
    details = fields.Json(readonly=True)
    explanation = fields.Char(compute="_compute_explanation")

    # what the daily job did
    reminded_on = fields.Date()
    signalled_on = fields.Date(help="When the daily job acted on its expiry.")
    activity_id = fields.Many2one("mail.activity", ondelete="set null", index="btree_not_null")
    responsible_id = fields.Many2one("res.users", compute="_compute_responsible_id")

    _term_uniq = models.Constraint(
        "UNIQUE(complaint_id, term_id, round)", "A term runs once in each round of a complaint."
    )
    # The daily job asks for what is due and not done: its cost follows that, not the register.
    _remind_idx = models.Index(
        "(company_id, remind_on) WHERE is_open IS TRUE AND reminded_on IS NULL"
    )
    _signal_idx = models.Index(
        "(company_id, due_on) WHERE is_open IS TRUE AND signalled_on IS NULL"
    )
    _open_idx = models.Index("(due_on) WHERE is_open IS TRUE")
    # Figures of duties come from here alone, without the explanations that make a line wide; it
    # is the index of `complaint_id` as well.
    _figures_idx = models.Index(
        "(complaint_id, term_id, duty_of, due_on, met_on, void_on, void_by)"
    )

    # ---------------------------------------------------------------- compute

    @api.depends("term_id.name")
    def _compute_display_name(self):
        for deadline in self:
            deadline.display_name = deadline.term_id.name

    @api.depends("term_id.duty_of")
    def _compute_duty_of(self):
        for deadline in self:
            deadline.duty_of = deadline.term_id.duty_of

    @api.depends("met_on", "void_on")
    def _compute_is_open(self):
        for deadline in self:
            deadline.is_open = not (deadline.met_on or deadline.void_on)

    @api.depends("met_on", "void_on", "due_on", "duty_of")
    @api.depends_context("uid")
    def _compute_state(self):
        for deadline in self:
            today = deadline.complaint_id._today()
            deadline.state = deadline._get_state_on(today)
            deadline.days_left = (deadline.due_on - today).days if deadline.due_on else 0

    def _get_state_on(self, day):
        """The state on a local date; a term ends at 24.00 on its due date (T56). What
        falls away after that was overdue and stays so, unless it never applied."""
        self.ensure_one()
        if self.met_on:
            return MET if self.met_on <= self.due_on else MET_LATE
        if self.void_on and (self.void_on <= self.due_on or self._is_waived()):
            return VOID
        if not self.void_on and (not self.due_on or day <= self.due_on):
            return RUNNING
        return LAPSED if self.duty_of == COMPLAINANT else OVERDUE

    def _is_waived(self):
        return (self.void_by or "").startswith(f"{WAIVED}:")

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain.OR(self._get_state_domain(state) for state in value)

    @api.model
    def _get_state_domain(self, state):
        """The domain of a state today. Companies in other time zones share the date of
        the current company, as a list must have one."""
        today = self.env.company._complaint_today()
        waived = Domain("void_by", "=like", f"{WAIVED}:%")
        void = Domain("void_on", "!=", False) & (Domain.custom(to_sql=_void_in_time_sql) | waived)
        past = (
            Domain("met_on", "=", False)
            & Domain("due_on", "<", today)
            & (OPEN | (Domain("void_on", "!=", False) & ~void))
        )
        domains = {
            RUNNING: OPEN & Domain("due_on", ">=", today),
            OVERDUE: past & Domain("duty_of", "=", ORGANISATION),
            LAPSED: past & Domain("duty_of", "=", COMPLAINANT),
            MET: Domain.custom(to_sql=_met_in_time_sql),
            MET_LATE: Domain.custom(to_sql=_met_late_sql),
            VOID: void,
        }
        return domains.get(state, Domain.FALSE)

    @api.depends("details")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for deadline in self:
            deadline.explanation = deadline._get_explanation()

    def _get_explanation(self):
        """One sentence in the user's language: from which event, which days were
        skipped and why (design.md 4.3)."""
        self.ensure_one()
        details = self._get_details()
        return explain(details, self.env.lang or "nl_NL") if details else ""

    def _get_details(self):
        """`details` to be read only: each look at the field itself makes a copy."""
        known = self._fields["details"]._get_cache(self.env)
        if self.id not in known:
            return self.details
        return known[self.id]

    @api.depends("complaint_id.handler_id", "complaint_id.policy_id.coordinator_id")
    def _compute_responsible_id(self):
        for deadline in self:
            deadline.responsible_id = deadline._get_duty_user()

    def _get_duty_user(self):
        """Whose duty this is: somebody in the role that the policy names, or whoever has the
        complaint."""
        complaint_su = self.complaint_id.sudo()  # who has which role is no secret
        role = self.sudo().term_id.duty_role_id
        people = complaint_su._without_respondents(role.user_ids)
        return people.filtered(lambda user: user._is_internal())[:1] or (
            self.complaint_id._get_responsible()
        )

    # ---------------------------------------------------------------- the daily job

    @api.model
    def _get_reminder_domain(self, today):
        """Open duties to remind of; on days off nobody is reminded."""
        if not WorkCalendar().is_workday(today):
            return Domain.FALSE
        return (
            OPEN
            & Domain("company_id", "=", self.env.company.id)
            & Domain("remind_on", "<=", today)
            & Domain("due_on", ">=", today)
            & Domain("reminded_on", "=", False)
            & Domain("duty_of", "!=", COMPLAINANT)
        )

    @api.model
    def _get_expired_domain(self, today):
        return (
            OPEN
            & Domain("company_id", "=", self.env.company.id)
            & Domain("due_on", "<", today)
            & Domain("signalled_on", "=", False)
        )

    def _remind(self, today):
        """An activity for whoever has the duty, on the first werkdag from `remind_on`."""
        policies = self.complaint_id.policy_id
        policies._recall()
        working = policies.filtered(lambda policy: policy.get_calendar().is_workday(today))
        duties = self.filtered(lambda duty: duty.complaint_id.policy_id in working)
        asked = [
            (duty, duty._prepare_reminder(user))
            for duty in duties
            if (user := duty._get_duty_user())
        ]
        activities = self.complaint_id._create_activities([vals for _duty, vals in asked])
        duties.reminded_on = today
        for (duty, _vals), activity in zip(asked, activities, strict=True):
            duty.activity_id = activity

    def _prepare_reminder(self, user):
        return self.complaint_id._prepare_activity(
            ACTIVITY_DUTY, user, self.term_id.name, self.target_on, self._get_explanation()
        )

    def _signal(self, today):
        """An overdue duty climbs one role, once; a lapsed right is put on record."""
        self.complaint_id.policy_id._recall()
        for deadlines in self._take_one_of_each():
            rights = deadlines.filtered(lambda line: line.duty_of == COMPLAINANT)
            rights._lapse()
            (deadlines - rights).complaint_id._escalate(deadlines - rights)
        self.signalled_on = today

    def _take_one_of_each(self):
        """These deadlines in portions with one of each dossier, in order: a dossier climbs one
        role at a time."""
        rest = self
        while rest:
            first = rest.browse([lines[0].id for lines in rest.grouped("complaint_id").values()])
            yield first
            rest -= first

    def _lapse(self, day=None):
        """The complainants did not use a right; one deadline of each dossier.

        :param day: local date on which it lapsed, today by default
        """
        if not self:
            return
        # the system puts on record what nobody did
        complaints = self.complaint_id.sudo()
        event_type = self.env["klachtenbeheer.event.type"]._get("lapsed")
        complaints._check_event_date(day, {})
        complaints._raise_refusals(complaints._get_cannot_record_reason(event_type))
        about = {
            right.complaint_id: {
                "note": right._get_explanation(),
                "term_ids": [fields.Command.set(right.term_id.ids)],
            }
            for right in self
        }
        complaints._do_record_event(event_type, day, None, {}, about)

    # ---------------------------------------------------------------- business

    @api.model
    def _prepare_vals(self, complaint, term, result, calendar):
        """The stored values of one result of `tools.project`."""
        return {
            "complaint_id": complaint.id,
            "company_id": complaint.company_id.id,
            "term_id": term.id,
            "code": result.term,
            "duty_of": term.duty_of,
            "is_open": not (result.met_on or result.void_on),
            "round": result.round,
            "started_on": result.started_on,
            "first_due_on": result.first_due_on,
            "due_on": result.due_on,
            "target_on": target_day(result.due_on, calendar),
            "remind_on": reminder_day(
                result.due_on, complaint.policy_id.reminder_workdays, calendar
            ),
            "met_on": result.met_on or False,
            "void_on": result.void_on or False,
            "void_by": result.void_by or False,
            "details": result.explanation,
        }

    def _get_changes(self, vals):
        """The part of projected values that differs from what is stored."""
        self.ensure_one()
        changed = {
            fname: value
            for fname, value in vals.items()
            if self._fields[fname].convert_to_write(self[fname], self) != value
        }
        if changed.get("due_on"):
            # a new date is a new duty to remind of
            changed |= {"reminded_on": False, "signalled_on": False}
        return changed

    def _describe_change(self, changed):
        """Old and new due date in words, for the dossier."""
        if "due_on" not in changed:
            return []
        return [
            self.env._(
                "%(duty)s: %(old)s → %(new)s",
                duty=self.term_id.name,
                old=self.complaint_id._format_date(self.due_on),
                new=self.complaint_id._format_date(changed["due_on"]),
            )
        ]

    def _describe_removal(self):
        return self.env._(
            "%(duty)s: no longer runs (was due %(old)s)",
            duty=self.term_id.name,
            old=self.complaint_id._format_date(self.due_on),
        )
