from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...tools import Event, Term, WorkCalendar, project, reminder_day
from ...tools.terms import add_months

COMPLAINT = "klachtenbeheer.complaint"
ACCESS, PORTABILITY, RECTIFICATION, ERASURE, OBJECTION, RESTRICTION = (
    "access",
    "portability",
    "rectification",
    "erasure",
    "objection",
    "restriction",
)
GRANTED, PARTLY, REFUSED = "granted", "partly", "refused"
# Within a month after receipt; two more with notice in that month (AVG art. 12(3)).
TERM = Term(
    code="respond",
    start="received",
    stops={"answered"},
    amount=1,
    unit="month",
    end_rule="next_workday",
    extendable=True,
)
MOST_MONTHS = 3  # in all
REMIND_WORKDAYS = 5
KEEP_MONTHS = 24  # after the answer
PROCEDURE_FIELDS = {"answered_on", "reminded_on", "forgotten_on"}


class SubjectRequest(models.Model):
    """What somebody asks about their own data, and what became of it (AVG art. 15-21).

    The term is counted by the same engine as those of complaints. It starts with receipt, or,
    where there was reason to ask who it is, with knowing that.
    """

    _name = "klachtenbeheer.subject.request"
    _description = "Request of a Data Subject"
    _inherit = [
        "klachtenbeheer.protected",
        "klachtenbeheer.subject.data",
        "klachtenbeheer.subject.export",
    ]
    _order = "id desc"
    _rec_name = "reference"

    reference = fields.Char(compute="_compute_reference")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [
            (ACCESS, "See their data (art. 15)"),
            (RECTIFICATION, "Have data corrected (art. 16)"),
            (ERASURE, "Have data erased (art. 17)"),
            (RESTRICTION, "Have use restricted (art. 18)"),
            (PORTABILITY, "Take data along (art. 20)"),
            (OBJECTION, "Object (art. 21)"),
        ],
        "Asks to",
        required=True,
        default=ACCESS,
    )
    person_name = fields.Char("Who asks", required=True)
    email = fields.Char("E-mail")
    partner_id = fields.Many2one("res.partner", "Contact", index="btree_not_null")
    description = fields.Text("What is asked")

    # who it is
    identity_asked_on = fields.Date(help="Where there is reason to doubt who it is.")
    identity_checked_on = fields.Date()
    identity_how = fields.Char("How it was checked", help="No copy of a document is kept.")

    # time
    received_on = fields.Date(
        required=True, default=lambda self: self.env.company._complaint_today()
    )
    extended_on = fields.Date("Told of more time on")
    extended_to = fields.Date("More time until")
    extension_reason = fields.Char("Why more time is needed")
    answered_on = fields.Date(readonly=True)
    first_due_on = fields.Date(compute="_compute_due", store=True)
    due_on = fields.Date("Answer by", compute="_compute_due", store=True)
    remind_on = fields.Date(compute="_compute_due", store=True)
    reminded_on = fields.Date(readonly=True)

    # what became of it
    item_ids = fields.One2many("klachtenbeheer.subject.item", "request_id", "Their data")
    decision = fields.Selection(
        [(GRANTED, "Granted"), (PARTLY, "Granted in part"), (REFUSED, "Refused")]
    )
    refusal_ground = fields.Selection(
        [
            ("claims", "Needed for legal claims (art. 17(3)(e))"),
            ("obligation", "Required by law (art. 17(3)(b))"),
            ("handled", "Still being handled"),
            ("others", "Rights of others (art. 15(4))"),
            ("unfounded", "Plainly unfounded or too many (art. 12(5))"),
            ("unknown", "Not known who it is (art. 12(6))"),
            ("elsewhere", "No data of this person here"),
        ]
    )
    motivation = fields.Text(help="Told to who asks, with the right to complain to the AP.")
    forgotten_on = fields.Date(readonly=True)

    _due_idx = models.Index("(company_id, remind_on) WHERE answered_on IS NULL")
    _answered_idx = models.Index("(company_id, answered_on) WHERE forgotten_on IS NULL")

    @api.depends("company_id")
    def _compute_reference(self):
        for request in self:
            request.reference = f"AVG-{request.id or ''}"

    # ---------------------------------------------------------------- the term

    @api.depends(
        "received_on",
        "identity_asked_on",
        "identity_checked_on",
        "extended_on",
        "extended_to",
        "answered_on",
    )
    def _compute_due(self):
        calendar = WorkCalendar()
        for request in self:
            [deadline] = project([TERM], request._get_events(), calendar) or [None]
            request.first_due_on = deadline and deadline.first_due_on
            request.due_on = deadline and deadline.due_on
            request.remind_on = deadline and reminder_day(
                deadline.due_on, REMIND_WORKDAYS, calendar
            )

    def _get_events(self):
        """What happened, for the engine of terms; nothing runs while nobody knows who asks."""
        started_on = self.identity_checked_on if self.identity_asked_on else self.received_on
        if not started_on:
            return []
        events = [Event("received", started_on)]
        if self.extended_on and self.extended_to:
            events.append(Event("delay_notified", self.extended_on, promised=self.extended_to))
        if self.answered_on:
            events.append(Event("answered", max(self.answered_on, started_on)))
        return events

    @api.constrains("extended_on", "extended_to", "received_on", "identity_checked_on")
    def _check_extension(self):
        for request in self.filtered("extended_to"):
            start = request._get_events()[0].on if request._get_events() else request.received_on
            if not request.extended_on or not (request.extension_reason or "").strip():
                raise ValidationError(
                    self.env._("Say when and why somebody was told that it takes longer.")
                )
            if request.extended_on > request.first_due_on:
                raise ValidationError(
                    self.env._("More time is told within the first month (art. 12(3)).")
                )
            if request.extended_to > add_months(start, MOST_MONTHS):
                raise ValidationError(self.env._("It takes two months more at most."))

    @api.model
    def _get_request_reminder_domain(self, today):
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("answered_on", "=", False)
            & Domain("remind_on", "<=", today)
            & Domain("reminded_on", "=", False)
        )

    def _remind_protectors(self, today):
        """Who protects data hears of it before the last day, neutrally."""
        for company, requests in self.grouped("company_id").items():
            self.env[COMPLAINT]._tell_protectors(
                company,
                self.env._("Requests of data subjects have to be answered"),
                self.env._("Answer by %s at the latest.", min(requests.mapped("due_on"))),
            )
        self.reminded_on = today

    # ---------------------------------------------------------------- answering

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._without_procedure(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._without_procedure(vals))

    def _without_procedure(self, vals):
        """When it was answered and forgotten is put on record by that alone."""
        if self.env.su:
            return vals
        return {key: value for key, value in vals.items() if key not in PROCEDURE_FIELDS}

    def action_gather(self):
        """Look the person up in all dossiers, anew; what was decided of an item stays."""
        self._check_identity_known()
        for request in self:
            request.item_ids.filtered(lambda item: not item.is_decided).unlink()
            known = {item._get_key() for item in request.item_ids}
            # who protects data reads no dossiers, and gives somebody their own
            request_su = request.sudo()
            values = request_su._gather_items()
            request_su.item_ids = [
                (0, 0, vals)
                for vals in values
                if (vals["dossier_id"], vals["label"], vals["found_text"]) not in known
            ]
            request._note_readings()

    def _note_readings(self):
        numbers = set(self.sudo().item_ids.mapped("dossier_id"))
        self.env["klachtenbeheer.reading"]._note_dossiers(numbers, "export")

    def action_answer(self):
        """It was answered today.

        :raise UserError: nothing was decided, or a refusal has no ground and no words
        """
        self._check_identity_known()
        for request in self:
            request._check_decided()
            request.sudo().answered_on = request.company_id._complaint_today()  # see above

    def _check_identity_known(self):
        self.check_access("write")
        if not self.env[COMPLAINT]._may_protect_data():
            raise AccessError(self.env._("Only who protects data answers these requests."))
        for request in self:
            if not request.identity_checked_on and request.refusal_ground != "unknown":
                raise UserError(self.env._("Note first when and how it was checked who asks."))

    def _check_decided(self):
        if not self.decision:
            raise UserError(self.env._("Say first what is decided."))
        explained = self.refusal_ground and (self.motivation or "").strip()
        if self.decision != GRANTED and not explained:
            raise UserError(self.env._("A refusal, also of a part, has a ground and a motivation."))

    def action_erase(self):
        """Anonymise the dossiers of the items that were ticked, at somebody's request.

        :raise UserError: this is no such request, or something keeps a dossier
        """
        self._check_identity_known()
        for request in self:
            request._check_kind(ERASURE)
            dossiers = request._get_chosen_dossiers()
            dossiers._check_erasable()
            dossiers._erase("complaint", self.env._("request %s (art. 17)", request.reference))

    def action_restrict(self):
        """The dossiers of the items that were ticked are only kept from now on."""
        self._check_identity_known()
        for request in self:
            request._check_kind(RESTRICTION)
            self.env["klachtenbeheer.legal.hold"].sudo().create(  # reads no dossiers
                [
                    {
                        "complaint_id": dossier.id,
                        "kind": "restriction",
                        "reason": self.env._("Request %s", request.reference),
                    }
                    for dossier in request._get_chosen_dossiers()
                ]
            )

    def _check_kind(self, kind):
        if self.kind != kind or self.decision not in (GRANTED, PARTLY):
            raise UserError(self.env._("This was not asked for, or not granted."))

    def _get_chosen_dossiers(self):
        numbers = set(self.item_ids.filtered("give").mapped("dossier_id"))
        if not numbers:
            raise UserError(self.env._("Tick first which data it is about."))
        return self.env[COMPLAINT].sudo().browse(numbers)  # reads no dossiers

    def action_lookup(self):
        """What the platform finds of this person outside the dossiers."""
        self.check_access("read")
        if "privacy.lookup.wizard" not in self.env:
            raise UserError(self.env._("The platform's privacy lookup is not installed."))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "privacy_lookup.action_privacy_lookup_wizard"
        )
        return action | {"context": {"default_name": self.person_name, "default_email": self.email}}

    # ---------------------------------------------------------------- retention

    @api.model
    def _get_answered_domain(self, today):
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("answered_on", "<=", add_months(today, -KEEP_MONTHS))
            & Domain("forgotten_on", "=", False)
        )

    def _forget_person(self, today):
        """What was asked and decided stays, who asked does not."""
        self.item_ids.unlink()
        self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).unlink()
        self.write(
            {
                "person_name": "–",
                **dict.fromkeys(
                    ("email", "partner_id", "description", "identity_how", "motivation"), False
                ),
                "extension_reason": "–",
                "forgotten_on": today,
            }
        )
