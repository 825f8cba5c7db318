from odoo import api, fields, models

from .complaint import FORMAL

INTERNAL = "internal"


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

    def _start_procedure(self):
        # whoever registers has no rights on the dossier; the number follows from registering
        formal_su = self.sudo().filtered(
            lambda complaint: (
                complaint.kind == FORMAL and complaint.policy_id.formal_phase == INTERNAL
            )
        )
        for day, complaints in formal_su.grouped("received_on").items():
            complaints._give_formal_numbers(day)
        return super()._start_procedure()

    def _do_record_event(self, event_type, day, note, vals):
        if event_type.code == "formalised":
            self._give_formal_numbers(day or self._today())
        return super()._do_record_event(event_type, day, note, vals)

    def _give_formal_numbers(self, day):
        """The next numbers of the year; a complaint that has one keeps it."""
        # the number follows from the event
        unnumbered = self.sudo()._as_procedure().filtered(lambda line: not line.formal_number)
        for company, complaints in unnumbered.grouped("company_id").items():
            numbers = company._next_formal_numbers(day.year, len(complaints))
            for complaint, (reference, number) in zip(complaints, numbers, strict=True):
                complaint.write({"formal_number": reference, "formal_register_number": number})
