import hashlib
import io
import json
import zipfile

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.uploads import clean_name
from .subject_data import OWN_FIELDS
from .transfer_format import SOURCES

COMPLAINANT_SOURCES = [name for name in SOURCES if name.startswith("complainant_")]
PRINTED, CONTENT, MANIFEST = "dossier.pdf", "dossier.json", "manifest.json"
FOLDER = "bijlagen"


class DossierTransfer(models.Model):
    """The same file with one for machines beside it: a zip with the PDF/A-3, the JSON that the
    external body asks for, the attachments that were chosen, and a manifest with the hash of each.
    Who made it for whom is on record; the hash on record is that of the zip."""

    _inherit = "klachtenbeheer.dossier.file"

    body_id = fields.Many2one(
        "res.partner", "External body", index="btree_not_null", help="Whom it is given to."
    )
    format_id = fields.Many2one(
        "klachtenbeheer.transfer.format",
        "Format for transfer",
        compute="_compute_format_id",
        store=True,
        readonly=False,
        ondelete="restrict",
        index="btree_not_null",
        help="With a format it is a zip that a program can read as well.",
    )
    file_ids = fields.Many2many(
        "ir.attachment",
        "klachtenbeheer_dossier_file_attachment_rel",
        string="Attachments",
        domain="[('id', 'in', available_file_ids)]",
        help="Those that go along; none chosen: all of them.",
    )
    available_file_ids = fields.Many2many("ir.attachment", compute="_compute_available_file_ids")
    made_by_id = fields.Many2one("res.users", "Made by", readonly=True)

    @api.depends("body_id")
    def _compute_format_id(self):
        formats = self.env["klachtenbeheer.transfer.format"]
        for line in self:
            bodies = line.body_id | line.body_id.commercial_partner_id
            found = formats.search([("partner_ids", "in", bodies.ids)], limit=1)
            line.format_id = found or line.format_id

    @api.depends("complaint_id", "with_letters")
    def _compute_available_file_ids(self):
        for line in self:
            line.available_file_ids = line._find_files()

    @api.constrains("file_ids")
    def _check_files(self):
        """Nothing of another dossier goes along."""
        for line in self:
            if line.file_ids - line._find_files():
                raise UserError(self.env._("Only files of this dossier can go along."))

    # ---------------------------------------------------------------- the zip

    def _get_recipient(self):
        """Who gets it, in words."""
        return ", ".join(filter(None, (self.body_id.name, self.recipient)))

    def _pack(self, printed):
        """The zip for an external body.

        :param printed: the PDF/A-3
        """
        files = {PRINTED: printed}
        attachments = []
        for number, (name, content, _description) in enumerate(self._get_embedded_files(), 1):
            path = f"{FOLDER}/{number:03}-{clean_name(name)}"
            files[path] = content
            attachments.append({"name": name, "path": path, "sha256": _hash(content)})
        told = self.format_id._fill_in(self._get_transfer_values(attachments))
        files[CONTENT] = _to_json(told)
        files[MANIFEST] = _to_json(self._get_manifest(files))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, content in files.items():
                archive.writestr(path, content)
        return packed.getvalue()

    def _get_manifest(self, files):
        return {
            "format": self.format_id.code,
            "version": self.format_id.version,
            "dossier": self.complaint_id.name,
            "organisation": self.company_id.name,
            "for": self._get_recipient(),
            "made_by": self._clean(self.env.user.name),
            "made_on": fields.Datetime.now().isoformat(timespec="seconds") + "Z",
            "blacked_out": self._is_blacked_out(),
            "files": [
                {"path": path, "sha256": _hash(content), "size": len(content)}
                for path, content in files.items()
            ],
        }

    # ---------------------------------------------------------------- what is told

    def _get_transfer_values(self, attachments):
        """{source of a format: value}, of the parts that were chosen, blacked out as the printed
        one is."""
        values = {
            **self._get_plain_values(),
            **self._get_complaint_values(),
            "attachments": attachments,
            "events": self._pair(self._get_events_lines(), "what", "note"),
            "conversations": self._pair(self._get_hearings_lines(), "what", "text"),
            "letters": self._pair(self._get_letters_lines(), "what", "text"),
            "facts": self._pair(self._get_facts_lines(), "what", "text"),
            "messages": self._pair(self._get_messages_lines(), "what", "text"),
        }
        return {
            source: values[source]
            for source, part in SOURCES.items()
            if values[source] and (not part or self[f"with_{part}"])
        }

    def _get_plain_values(self):
        """Dates and where it stands, which name nobody."""
        dossier = self.complaint_id
        dates = {name: dossier[name] for name in ("received_on", "closed_on")}
        return {
            "reference": dossier.name,
            "organisation": dossier.company_id.name,
            "policy": dossier.policy_id.name,
            "subject": dossier.category_id.name,
            "stage": dossier.stage_id.name,
            **{name: day and day.isoformat() for name, day in dates.items()},
            **{name: dossier[name] for name in ("kind", "outcome", "verdict")},
        }

    def _get_complaint_values(self):
        dossier, own = self.complaint_id, self.complaint_id._get_complainant()
        texts = ("title", "description", "desired_solution")
        content = ("findings", "verdict_motivation", "solution", "measures")
        respondents = [*dossier.respondent_ids.mapped("name"), dossier.respondent_text]
        who = () if dossier.hide_identity else OWN_FIELDS
        values = {name: own[name] if name in who else None for name in COMPLAINANT_SOURCES}
        values |= {name: dossier[name] for name in (*texts, *content)}
        return {
            "respondents": [self._clean(name) for name in respondents if name],
            **{name: self._clean(text) for name, text in values.items() if text},
            **{name: None for name, text in values.items() if not text},
        }

    def _pair(self, lines, what, text):
        return [{what: self._clean(head), text: self._clean(said)} for head, said in lines if said]


def _hash(content):
    return hashlib.sha256(content).hexdigest()


def _to_json(value):
    return json.dumps(value, ensure_ascii=False, indent=2).encode()
