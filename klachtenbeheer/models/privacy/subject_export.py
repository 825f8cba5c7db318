import json

from odoo import models


class SubjectExport(models.AbstractModel):
    """What somebody gets who asked for their data: a file for machines and one to read. What is
    blacked out is not in them; of what is withheld only that, and why."""

    _name = "klachtenbeheer.subject.export"
    _description = "What Is Given to Who Asks"
    _inherit = ["klachtenbeheer.privacy.document"]

    def action_export(self):
        """Make both files; earlier ones are replaced.

        :return: the action that downloads the one to read
        """
        self.ensure_one()
        self._check_identity_known()
        self.env["ir.attachment"].sudo().search(  # this request's own, made here
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        ).unlink()
        values = self._prepare_export()
        content = json.dumps(values, ensure_ascii=False, indent=2).encode()
        self._keep_file(f"{self.reference}.json", content, "application/json")
        title = self.env._("Your data: %s", self.reference)
        printed = self._print("klachtenbeheer.subject_export", {"page": values}, title)
        attachment, _hash = self._keep_file(f"{self.reference}.pdf", printed, "application/pdf")
        self._note_readings()
        return self._download(attachment)

    def _prepare_export(self):
        """What is given and what is withheld, by dossier, as plain values."""
        return {
            "request": self.reference,
            "organisation": self.company_id.name,
            "person": self.person_name,
            "received_on": self.received_on.isoformat(),
            "dossiers": [
                {
                    "reference": reference,
                    "as": dict(items._fields["capacity"]._description_selection(self.env)).get(
                        items[0].capacity
                    ),
                    "given": [
                        {"what": item.label, "text": item.given_text}
                        for item in items.filtered("give")
                    ],
                    "withheld": [
                        {"what": item.label, "why": item.withheld_reason}
                        for item in items.filtered(lambda item: not item.give)
                    ],
                }
                for reference, items in self.item_ids.grouped("reference").items()
            ],
        }
