from odoo import api, fields, models

from .complaint import FORMAL

INTERNAL, EXTERNAL = "internal", "external"


class ComplaintFormal(models.Model):
    """Formal registration, where a policy knows an informal phase before it (SB27): its own
    date and number. The register stays one (T4): the reference identifies the dossier."""

    _inherit = "klachtenbeheer.complaint"

    formalised_on = fields.Date(
        "Formally registered on", compute="_compute_formalised_on", store=True
    )
    formal_number = fields.Char(readonly=True, copy=False)
    # runs on without gaps, see `register_number`
    formal_register_number = fields.Integer(copy=False, groups=fields.NO_ACCESS)

    _formal_number_uniq = models.Constraint(
        "UNIQUE(company_id, formal_number)", "This formal number has been given out already."
    )

    @api.depends("event_ids.code", "event_ids.occurred_on", "event_ids.voided", "event_ids.round")
    def _compute_formalised_on(self):
        for complaint in self:
            dates = complaint.event_ids.filtered(
                lambda event: not event.voided and event.code == "formalised"
            ).mapped("occurred_on")
            complaint.formalised_on = max(dates, default=False)

    # ---------------------------------------------------------------- at registration

    def _number_registered_formally(self):
        """What is formal from the start has a number from the start."""
        formal = self.filtered(
            lambda complaint: (
                complaint.kind == FORMAL and complaint.policy_id.formal_phase == INTERNAL
            )
        )
        for day, complaints in formal.grouped("received_on").items():
            complaints._give_formal_numbers(day)

    def _record_admitted_outside(self):
        """A complaint that we hear of through the external body is handled there, and is
        registered as such from the start (KK42, KK45)."""
        for complaint in self:
            if complaint.channel == EXTERNAL and complaint.policy_id.formal_phase == EXTERNAL:
                complaint._record_event("external_admitted", complaint.received_on)

    # ---------------------------------------------------------------- at an event

    def _become_formal(self, day):
        """Formally registered on a local date: from then on with a number."""
        self._give_formal_numbers(day)
        self.filtered(lambda complaint: complaint.kind != FORMAL).kind = FORMAL

    def _become_formal_outside(self):
        """Where formal means external, an admitted complaint is formal (KK42, T41)."""
        self.filtered(lambda complaint: complaint.policy_id.formal_phase == EXTERNAL).kind = FORMAL

    def _give_formal_numbers(self, day):
        """The next numbers of the year; a complaint that has one keeps it."""
        # the number follows from the event
        unnumbered = self.sudo()._as_procedure().filtered(lambda line: not line.formal_number)
        for company, complaints in unnumbered.grouped("company_id").items():
            numbers = company._next_formal_numbers(day.year, len(complaints))
            for complaint, (reference, number) in zip(complaints, numbers, strict=True):
                complaint.write({"formal_number": reference, "formal_register_number": number})
