from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ...tools.redaction import black_out
from ..platform.groups import HANDLERS
from .subject_data import OWN_FIELDS

PARTS = ("events", "complaint", "content", "hearings", "letters", "messages", "facts")


class DossierFile(models.Model):
    """A whole dossier as one PDF/A-3 for a court, an external body or a vertrouwenspersoon: parts
    that were chosen, with contents, numbered pages and the files embedded. What was made is on
    record with its hash, so that a copy can be told from another."""

    _name = "klachtenbeheer.dossier.file"
    _description = "Dossier as One File"
    _inherit = ["klachtenbeheer.coordinated.line", "klachtenbeheer.privacy.document"]
    _follows_closing = True
    _procedure_fields = frozenset({"attachment_id", "sha256", "made_on", "made_by_id"})
    _order = "id desc"
    _rec_name = "purpose"

    purpose = fields.Selection(
        [
            ("court", "Court"),
            ("body", "External body (geschilleninstantie, ombudsman, …)"),
            ("confidant", "Vertrouwenspersoon"),
            ("other", "Somebody else"),
        ],
        "For",
        required=True,
        default="body",
    )
    recipient = fields.Char(help="Where it is nobody of the address book, or a person there.")
    with_events = fields.Boolean("What happened", default=True)
    with_complaint = fields.Boolean("The complaint", default=True)
    with_content = fields.Boolean("Findings and verdict", default=True)
    with_hearings = fields.Boolean("Conversations", default=True)
    with_letters = fields.Boolean("Letters", default=True)
    with_messages = fields.Boolean("Messages", default=False)
    with_facts = fields.Boolean("Facts", default=True)
    with_files = fields.Boolean("Embed the files", default=True)
    hide_names = fields.Boolean(
        "Black names out", help="Of everybody on the dossier; files are not embedded then."
    )
    stays_unknown = fields.Boolean(related="complaint_id.hide_identity")
    passages = fields.Text("Black out also", help="A passage on each line.")
    made_on = fields.Datetime(readonly=True)
    sha256 = fields.Char("Hash (SHA-256)", readonly=True)
    attachment_id = fields.Many2one("ir.attachment", "File", readonly=True, index="btree_not_null")

    @api.model
    def _get_untold_domain(self):
        """It tells who complained."""
        return Domain.FALSE

    def action_make(self):
        """Make the file, once; another choice of parts is another file."""
        self.ensure_one()
        self.check_access("write")
        if self.attachment_id:
            raise UserError(self.env._("This file was made already; make another one."))
        dossier = self.complaint_id
        dossier._check_not_anonymised()
        title = self.env._("Dossier %s", dossier.name)
        values = {"line": self, "dossier": dossier, "parts": self._get_parts()}
        content = self._print(
            "klachtenbeheer.dossier_file", values, title, self._get_embedded_files()
        )
        name, mimetype = f"{dossier.name}.pdf", "application/pdf"
        if self.format_id:
            content, name, mimetype = self._pack(content), f"{dossier.name}.zip", "application/zip"
        attachment, digest = self._keep_file(name, content, mimetype)
        self._as_procedure().write(
            {
                "attachment_id": attachment.id,
                "sha256": digest,
                "made_on": fields.Datetime.now(),
                "made_by_id": self.env.uid,
            }
        )
        self.env["klachtenbeheer.reading"]._note_dossiers(dossier.ids, "export")
        return self._download(attachment)

    # ---------------------------------------------------------------- content

    def _get_sources(self):
        """{part: what gives its lines}."""
        return {
            "events": self._get_events_lines,
            "complaint": self._get_complaint_lines,
            "content": self._get_content_lines,
            "hearings": self._get_hearings_lines,
            "letters": self._get_letters_lines,
            "messages": self._get_messages_lines,
            "facts": self._get_facts_lines,
        }

    def _get_parts(self):
        """(key, title, [(heading, text)]) of the parts that were chosen and hold something."""
        titles = {
            part: self._fields[f"with_{part}"]._description_string(self.env) for part in PARTS
        }
        parts = []
        for part in PARTS:
            lines = self._get_sources()[part]() if self[f"with_{part}"] else ()
            lines = [(self._clean(head), self._clean(text)) for head, text in lines if text]
            if lines:
                parts.append((part, titles[part], lines))
        return parts

    def _clean(self, text):
        """Plain text, blacked out where that was asked."""
        text = html2plaintext(text) if "<" in (text or "") else str(text or "")
        for passage in filter(None, map(str.strip, (self.passages or "").splitlines())):
            text = text.replace(passage, f"[[{passage}]]")
        return black_out(text, self._get_hidden_names())

    def _get_hidden_names(self):
        """Names to black out: of everybody where that was chosen, and always of who stays unknown
        (KK22). Who wants to be known to a court or an external body shows who they are first."""
        dossier_su = self.complaint_id.sudo()  # what is not told has to be known
        if self.hide_names:
            return dossier_su._get_names_of_others(self._nobody())
        return dossier_su._get_names_of_hidden()

    def _nobody(self):
        return self.env["res.partner"], "", ""

    def _label(self, record, fname):
        return record._fields[fname]._description_string(self.env)

    def _get_events_lines(self):
        for event in self.complaint_id.event_ids.filtered(lambda event: not event.voided):
            day = self.complaint_id._format_date(event.occurred_on)
            yield f"{day}: {event.type_id.name}", event.note or "–"

    def _get_complaint_lines(self):
        dossier, own = self.complaint_id, self.complaint_id._get_complainant()
        for fname in () if dossier.hide_identity else OWN_FIELDS:
            yield self._label(dossier, fname), own[fname]
        for fname in ("title", "description", "desired_solution", "respondent_text"):
            yield self._label(dossier, fname), dossier[fname]
        yield (
            self._label(dossier, "respondent_ids"),
            ", ".join(dossier.respondent_ids.mapped("name")),
        )

    def _get_content_lines(self):
        dossier = self.complaint_id
        for fname in ("findings", "verdict_motivation", "solution", "measures", "outcome_note"):
            yield self._label(dossier, fname), dossier[fname]
        for grievance in dossier.grievance_ids:
            yield grievance.name, grievance.motivation or "–"

    def _get_hearings_lines(self):
        for hearing in self.complaint_id.hearing_ids.filtered("held_on"):
            day = self.complaint_id._format_date(hearing.held_on)
            for fname in ("report", "settlement"):
                yield f"{day}: {self._label(hearing, fname)}", hearing[fname]

    def _get_letters_lines(self):
        for letter in self.complaint_id.letter_ids.filtered("sent_on"):
            day = self.complaint_id._format_date(letter.sent_on)
            yield (
                f"{day}: {letter.name}",
                f"{letter.subject or ''}\n{html2plaintext(letter.body or '')}",
            )

    def _get_messages_lines(self):
        for message in self.complaint_id.message_ids.sorted("date"):
            yield f"{message.date:%d-%m-%Y} {message.author_id.name or ''}", message.body

    def _get_facts_lines(self):
        for fact in self.complaint_id.fact_ids:
            yield fact.name, fact.description or "–"

    def _is_blacked_out(self):
        chosen = self.hide_names or (self.passages or "").strip()
        return bool(chosen or self.complaint_id.hide_identity)

    def _get_embedded_files(self):
        """(name, content, description) of what goes along; a file can't be blacked out, so none
        does where something is."""
        if not self.with_files or self._is_blacked_out():
            return []
        files = self.file_ids or self._find_files()
        return [(file.name, file.raw, file.description or file.name) for file in files if file.raw]

    def _find_files(self):
        """Files on the dossier and PDFs of letters, as the user may read them."""
        files = self.env["ir.attachment"].search(
            [
                ("res_model", "=", self.complaint_id._name),
                ("res_id", "=", self.complaint_id.id),
            ]
        )
        return files | self.complaint_id.letter_ids.attachment_id if self.with_letters else files


class ComplaintFiles(models.Model):
    _inherit = "klachtenbeheer.complaint"

    dossier_file_ids = fields.One2many(
        "klachtenbeheer.dossier.file", "complaint_id", "The dossier as one file", groups=HANDLERS
    )
