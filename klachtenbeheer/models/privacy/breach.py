from datetime import timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools import Event, Term, WorkCalendar, project
from ...tools.terms import add_months

HOURS = 72
# 72 hours end on the third day after; the hour itself is in `due_at` (AVG art. 33(1)).
TERM = Term(code="notify", start="discovered", stops={"notified"}, amount=3, unit="day")
KEEP_MONTHS = 60


class Breach(models.Model):
    """A breach of personal data of complaints: what leaked, whom it concerns, and who was told
    when (AVG art. 33 and 34). It is written down also where nobody has to be told."""

    _name = "klachtenbeheer.breach"
    _description = "Breach of Personal Data"
    _inherit = ["klachtenbeheer.protected"]
    _order = "discovered_at desc, id desc"

    name = fields.Char("What happened, in a few words", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    happened_on = fields.Date()
    discovered_at = fields.Datetime(
        "Known since", required=True, default=lambda self: fields.Datetime.now()
    )
    description = fields.Text(
        "What leaked, and how", help="Name nobody: numbers and kinds will do."
    )
    data_kinds = fields.Text("Which kinds of data")
    references = fields.Text("Which dossiers", help="Their references.")
    people_count = fields.Integer("How many people")
    people_kinds = fields.Char("Which people", help="For example complainants.")
    consequences = fields.Text("What may follow from it")
    measures = fields.Text("What was done about it")
    risk = fields.Selection(
        [("none", "No risk"), ("some", "Risk: tell the AP"), ("high", "High: tell the people too")],
        required=True,
        default="some",
    )
    not_notified_reason = fields.Text("Why nobody has to be told")
    notified_at = fields.Datetime("Told the AP at")
    late_reason = fields.Text("Why it took longer than 72 hours")
    people_told_on = fields.Date("Told the people on")

    due_on = fields.Date("Last day", compute="_compute_due", store=True)
    due_at = fields.Datetime("Tell the AP before", compute="_compute_due", store=True)
    is_late = fields.Boolean(compute="_compute_is_late")
    is_settled = fields.Boolean(compute="_compute_is_settled", store=True)
    reminded_on = fields.Date(readonly=True)
    authority_text = fields.Html("Notification to the AP", compute="_compute_texts")
    people_text = fields.Html("Notification to the people", compute="_compute_texts")

    _open_idx = models.Index("(company_id, due_on) WHERE is_settled IS NOT TRUE")

    @api.depends("discovered_at", "notified_at", "company_id.partner_id.tz")
    def _compute_due(self):
        for breach in self:
            [deadline] = project([TERM], breach._get_events(), WorkCalendar())
            breach.due_on = deadline.due_on
            breach.due_at = breach.discovered_at + timedelta(hours=HOURS)

    def _get_events(self):
        zone = ZoneInfo(self.company_id._get_zone_name())

        def to_day(moment):
            return moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()

        events = [Event("discovered", to_day(self.discovered_at or fields.Datetime.now()))]
        if self.notified_at:
            events.append(Event("notified", to_day(self.notified_at)))
        return events

    @api.depends("due_at", "notified_at", "risk")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for breach in self:
            told = breach.notified_at or now
            breach.is_late = breach.risk != "none" and told > breach.due_at

    @api.depends("risk", "notified_at", "people_told_on", "not_notified_reason")
    def _compute_is_settled(self):
        for breach in self:
            if breach.risk == "none":
                breach.is_settled = bool((breach.not_notified_reason or "").strip())
            else:
                told = breach.risk != "high" or breach.people_told_on
                breach.is_settled = bool(breach.notified_at and told)

    @api.constrains("notified_at", "late_reason", "discovered_at")
    def _check_late(self):
        for breach in self.filtered("notified_at"):
            if breach.notified_at > breach.due_at and not (breach.late_reason or "").strip():
                raise UserError(self.env._("Say why it took longer than 72 hours (art. 33(1))."))

    # ---------------------------------------------------------------- texts

    @api.depends(
        *("name", "description", "data_kinds", "people_count", "people_kinds"),
        *("consequences", "measures", "discovered_at", "company_id.name"),
    )
    @api.depends_context("lang")
    def _compute_texts(self):
        for breach in self:
            breach.authority_text = breach._write_out(breach._get_authority_parts())
            breach.people_text = breach._write_out(breach._get_people_parts())

    def _write_out(self, parts):
        lines = [
            Markup("<p><strong>%s</strong><br/>%s</p>") % (title, text or "–")
            for title, text in parts
        ]
        return Markup("").join(lines)

    def _get_authority_parts(self):
        """What art. 33(3) asks."""
        discovered = fields.Datetime.context_timestamp(self, self.discovered_at)
        people = " ".join(filter(None, [str(self.people_count or ""), self.people_kinds]))
        return [
            (self.env._("Organisation"), self.company_id.name),
            (self.env._("Known since"), discovered.strftime("%d-%m-%Y %H:%M")),
            (self.env._("What happened"), self.description or self.name),
            (self.env._("Which data"), self.data_kinds),
            (self.env._("Whom it concerns"), people),
            (self.env._("What may follow from it"), self.consequences),
            (self.env._("What was done about it"), self.measures),
        ]

    def _get_people_parts(self):
        """What art. 34(2) asks, in plain words."""
        return [
            (self.env._("What happened"), self.description or self.name),
            (self.env._("Which of your data"), self.data_kinds),
            (self.env._("What may follow from it"), self.consequences),
            (self.env._("What we do about it"), self.measures),
            (self.env._("Whom you can ask"), self.company_id.email or self.company_id.name),
        ]

    # ---------------------------------------------------------------- every day

    @api.model
    def _get_breach_domain(self, today):
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("is_settled", "=", False)
            & Domain("due_on", "<=", today + timedelta(days=2))
            & (Domain("reminded_on", "=", False) | Domain("reminded_on", "<", today))
        )

    def _remind_of_breach(self, today):
        """Every day until it is settled."""
        for company in self.company_id:
            self.env["klachtenbeheer.complaint"]._tell_protectors(
                company,
                self.env._("A breach of personal data has to be notified"),
                self.env._("The term is 72 hours."),
            )
        self.reminded_on = today

    @api.model
    def _get_old_breach_domain(self, today):
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("is_settled", "=", True)
            & Domain("due_on", "<", add_months(today, -KEEP_MONTHS))
        )

    def _forget_breach(self, today):
        self.unlink()


class ComplaintProtectors(models.Model):
    _inherit = "klachtenbeheer.complaint"

    @api.model
    def _tell_protectors(self, company, subject, body):
        """A neutral message to who protects data in an organisation."""
        # whoever runs the job
        roles_su = self.env["klachtenbeheer.policy.role"].sudo()
        protecting = Domain("is_in_force", "=", True) & Domain("may_protect", "=", True)
        users = roles_su.search(
            protecting & Domain("policy_id.company_id", "=", company.id)
        ).user_ids.filtered("active")
        if users:
            self.env["mail.thread"].sudo().message_notify(
                partner_ids=users.partner_id.ids, subject=subject, body=body
            )
