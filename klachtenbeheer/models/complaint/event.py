from odoo import api, fields, models
from odoo.exceptions import UserError

# What ends the way from receipt to an answer, whichever comes first.
ANSWERS = (
    "answered",
    "decided",
    "final_decided",
    "settled",
    "resolved_informally",
    "remedied",
)


class Event(models.Model):
    """Something that happened to a complaint, on a local date.

    Events are only added (by `complaint.record_event`) and voided with a reason, never
    edited away; nobody has the right to write or delete them.
    """

    _name = "klachtenbeheer.event"
    _description = "Complaint Event"
    _inherit = ["klachtenbeheer.dossier.part"]
    _order = "occurred_on, id"
    _rec_name = "type_id"

    complaint_id = fields.Many2one(
        "klachtenbeheer.complaint", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="complaint_id.company_id")
    type_id = fields.Many2one(
        "klachtenbeheer.event.type",
        "What happened",
        required=True,
        ondelete="restrict",
        index=True,
    )
    # Not read-only to the ORM, which else works out what `create` gives.
    code = fields.Char(compute="_compute_code", store=True, precompute=True, readonly=False)
    occurred_on = fields.Date(
        "Date", required=True, help="Local date that counts; for a letter the day of receipt."
    )
    sent_on = fields.Date(help="When the organisation sent it; empty when that is the same day.")
    round = fields.Integer(default=1, required=True)
    user_id = fields.Many2one(
        "res.users", "Recorded by", required=True, default=lambda self: self.env.user
    )
    note = fields.Text()
    promised_on = fields.Date("New date promised")
    consented_on = fields.Date("Complainant agreed on")
    term_ids = fields.Many2many("klachtenbeheer.term", string="About these terms")
    letter_id = fields.Many2one("klachtenbeheer.letter", index="btree_not_null")

    # voiding
    voided = fields.Boolean()
    void_reason = fields.Char("Reason for voiding")
    voided_by_id = fields.Many2one("res.users", "Voided by")
    voided_on = fields.Date("Voided on")

    # Lead times come from this one alone.
    _answer_idx = models.Index(
        f"(complaint_id, occurred_on) WHERE code IN {ANSWERS} AND voided IS NOT TRUE"
    )

    @api.depends("type_id.code")
    def _compute_code(self):
        for event in self:
            event.code = event.type_id.code

    @api.model_create_multi
    def create(self, vals_list):
        types = self.env["klachtenbeheer.event.type"].sudo()  # its code is no secret
        vals_list = [{**vals, "code": types.browse(vals.get("type_id")).code} for vals in vals_list]
        return super(Event, self.with_context(mail_notrack=True)).create(vals_list)

    def action_void(self, reason=None):
        """Declare events not to have happened and project the deadlines anew.

        :param reason: why, shown on the dossier
        :raise UserError: no reason is given
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the event did not happen."))
        complaints = self.complaint_id
        complaints.check_access("write")
        for event_type, events in self.grouped("type_id").items():
            events.complaint_id._check_power(event_type)
        self._check_may_be_voided()
        for event in self.filtered(lambda event: not event.voided):
            event._do_void(reason)
        complaints._project(reason=reason)

    def _check_may_be_voided(self):
        """Without its receipt a complaint has no duties at all, and what a closed dossier was
        decided on stays."""
        for event in self if not self.env.su else ():
            if event.code == "received":
                raise UserError(self.env._("Correct the date of receipt instead."))
            complaint = event.complaint_id
            if not (event.type_id.after_closing or complaint._closes(event.type_id)):
                complaint._check_not_closed()

    def _do_void(self, reason):
        # events can only be changed here: nobody has write access
        self.sudo().write(
            {
                "voided": True,
                "void_reason": reason,
                "voided_by_id": self.env.uid,
                "voided_on": self.complaint_id._today(),
            }
        )
        self._after_void()
        self.complaint_id._message_log(
            body=self.env._(
                "Voided: %(event)s of %(date)s. Reason: %(reason)s",
                event=self.type_id.name,
                date=self.complaint_id._format_date(self.occurred_on),
                reason=reason,
            )
        )

    def _after_void(self):
        """What an event changed besides deadlines and stage is undone with it."""
        complaints_su = self.complaint_id.sudo()  # voiding was allowed, and so is its effect
        for complaint in complaints_su if self.code == "formalised" else ():
            if "formalised" not in complaint._get_valid_events().mapped("code"):
                complaint.kind = "informal"

    def action_open_void_dialog(self):
        """Ask for the reason before voiding."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Void event"),
            "res_model": "klachtenbeheer.event.void",
            "view_mode": "form",
            "target": "new",
            "context": {"default_event_id": self.id},
        }
