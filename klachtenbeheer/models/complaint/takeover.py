from odoo import api, fields, models

# A JSON context can't carry this object: only the import of a register sets it.
IMPORT_SENTINEL = object()
RECEIVED_ONLY = {"received", "formalised"}


class ComplaintImport(models.Model):
    """Complaints of an earlier register: with what is known of their past, without letters,
    alerts or tasks about what is over."""

    _inherit = "klachtenbeheer.complaint"

    former_reference = fields.Char(
        "Earlier reference",
        index="btree_not_null",
        copy=False,
        help="The number in the register that this was taken over from.",
    )
    is_imported = fields.Boolean("From an earlier register", readonly=True, copy=False)

    _former_reference_uniq = models.UniqueIndex(
        "(company_id, former_reference) WHERE former_reference IS NOT NULL",
        "This reference has been taken over already.",
    )

    @api.model
    def _import_register(self, lines):
        """Take complaints over with their past.

        :param lines: list of (values of a complaint, {event code: local date})
        :return: the complaints
        """
        complaints = self._as_import().create([vals for vals, _past in lines])
        for complaint, (_vals, past) in zip(complaints, lines, strict=True):
            complaint._import_past(past)
        complaints.filtered(lambda complaint: not complaint.is_closed)._hand_over_imported()
        return complaints.with_env(self.env)

    def _as_import(self):
        return self.with_context(import_sentinel=IMPORT_SENTINEL, mail_notrack=True)

    def _is_import(self):
        return self.env.context.get("import_sentinel") is IMPORT_SENTINEL

    @api.model
    def _prepare_import_vals(self):
        return {"is_imported": True} if self._is_import() else {}

    @api.model
    def _keep_known_dates(self, dates):
        """When an imported complaint was handed over is not known."""
        return {code: day for code, day in dates.items() if code in RECEIVED_ONLY}

    def _import_past(self, past):
        """Record what the earlier register knows, as it was: no guard asks for more now."""
        event_types = self.env["klachtenbeheer.event.type"]
        note = self.env._("Taken over from an earlier register")
        outcome = self.outcome  # what the register says goes before what an event proposes
        for code, day in sorted(past.items(), key=lambda item: (item[1], item[0] == "closed")):
            if code == "closed":
                self.outcome = outcome
                self._waive_unknown(past, note)
            self._do_record_event(event_types._get(code), day, note, {})

    def _waive_unknown(self, past, note):
        """Of a closed complaint the register does not tell when every duty was done: those
        are not counted as overdue."""
        unknown = self.policy_id.term_ids.filtered(
            lambda term: (
                term.duty_of == "organisation"
                and not set(term.stop_event_ids.mapped("code")) & set(past)
            )
        )
        if unknown:
            waived = self.env["klachtenbeheer.event.type"]._get("waived")
            vals = {"term_ids": [fields.Command.set(unknown.ids)]}
            self._do_record_event(waived, past["closed"], note, vals)

    def _hand_over_imported(self):
        """What still has to be done gets its task."""
        complaints = self.with_context(import_sentinel=None)
        complaints.sudo()._hand_over()  # as any other registration
