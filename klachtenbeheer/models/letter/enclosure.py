import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import Missing
from ...tools.papers import Paper, append_papers, clean_picture, count_pages
from ...tools.redaction import black_out
from ..platform.groups import HANDLERS
from .letter import SENT

PDF = "application/pdf"
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")


class LetterTypeEnclosure(models.Model):
    _inherit = "klachtenbeheer.letter.type"

    encloses_papers = fields.Boolean(
        "Goes with the complaint",
        help="A copy of the complaint and of the papers is part of the letter, by mail and by"
        " post alike: telling of it is not enough (art. 9:9 Awb).",
    )


class LetterEnclosure(models.Model):
    """A letter with a copy of the complaint and the papers. They are in its PDF of record, so what
    is mailed, printed, posted or put on the portal can't leave without them."""

    _inherit = "klachtenbeheer.letter"

    encloses_papers = fields.Boolean(related="type_id.encloses_papers")
    enclosure_ids = fields.Many2many(
        "ir.attachment",
        "klachtenbeheer_letter_enclosure_rel",
        string="Papers enclosed",
        compute="_compute_enclosure_ids",
        store=True,
        readonly=False,
        domain="[('res_model', '=', 'klachtenbeheer.complaint'), ('res_id', '=', complaint_id)]",
        help="At first those that came in with the complaint.",
    )

    @api.depends("type_id", "complaint_id")
    def _compute_enclosure_ids(self):
        for letter in self:
            wanted = letter.encloses_papers and not letter.enclosure_ids
            if wanted and not letter.complaint_id.sudo().hide_identity:
                letter.enclosure_ids = letter.complaint_id._get_papers_handed_in()
            else:
                letter.enclosure_ids = letter.enclosure_ids

    def _get_missing_enclosures(self):
        """Why the papers can't be part of the letter: list of `Missing`."""
        if not self.encloses_papers:
            return []
        papers = self.enclosure_ids
        if papers and self.complaint_id.hide_identity:
            text = self.env._("no papers: the complainant stays unknown")
            return [Missing(text, "enclosure_ids")]
        return [
            Missing(self.env._("“%s” as a PDF or a picture", file.name), "enclosure_ids")
            for file in papers
            if not file._is_printable()
        ]

    @api.constrains("enclosure_ids")
    def _check_enclosures(self):
        """Naming a file of another dossier would send it, and tell what it is called."""
        for letter in self.sudo():  # whose file it is decides
            own = (letter.complaint_id._name, letter.complaint_id.id)
            if any((file.res_model, file.res_id) != own for file in letter.enclosure_ids):
                raise ValidationError(self.env._("Choose from the files of this dossier."))

    def _add_papers(self, letter):
        """The letter, and behind it the PDFs that go with it; pictures are laid out with it.

        :param letter: bytes of a PDF
        :raise UserError: one of them can't be read after all
        """
        # who sends the letter chose them
        files_su = self.sudo().enclosure_ids.filtered(lambda file: file.mimetype == PDF)
        if not self.encloses_papers or not files_su:
            return letter
        papers = [Paper(file.name, file.raw) for file in files_su]
        try:
            return append_papers(letter, papers)
        except Exception as error:
            names = ", ".join(files_su.mapped("name"))
            raise UserError(
                self.env._("“%s” can't be printed. Make a new PDF or a picture of it.", names)
            ) from error

    # ---------------------------------------------------------------- printed

    def _get_enclosed_pictures(self):
        """(name, the picture itself as an address) of the pictures that go with it."""
        files_su = self.sudo().enclosure_ids.filtered(lambda file: file.mimetype in PICTURES)
        for file in files_su.filtered(lambda file: file._is_printable()):
            kind, content = clean_picture(file.raw)
            yield file.name, f"data:{kind};base64,{base64.b64encode(content).decode()}"

    def _get_complaint_copy(self):
        """The complaint as it came in, for whoever is complained about; who complained is told
        unless they stay unknown."""
        complaint = self.complaint_id
        lines = [complaint.description, complaint.desired_solution]
        text = "\n\n".join(filter(None, lines))
        if complaint.hide_identity:
            return {"name": "", "text": black_out(text, self._get_private_words())}
        return {"name": complaint._get_complainant()["complainant_name"] or "", "text": text}

    def _get_enclosure_names(self):
        """In the order in which they are printed."""
        files_su = self.sudo().enclosure_ids
        return files_su.sorted(lambda file: file.mimetype == PDF).mapped("name")


class EnclosedFile(models.Model):
    _inherit = "ir.attachment"

    def _is_printable(self):
        """Whether a page can be made of it."""
        file_su = self.sudo()  # whoever writes the letter sees what is asked of them
        if file_su.mimetype not in (PDF, *PICTURES) or not file_su.raw:
            return False
        try:
            if file_su.mimetype == PDF:
                return count_pages(file_su.raw) > 0
            return bool(clean_picture(file_su.raw))
        except Exception:  # noqa: BLE001 - whatever is in a file that somebody handed in
            return False


class ComplaintPapers(models.Model):
    _inherit = "klachtenbeheer.complaint"

    respondents_have_copy = fields.Boolean(
        compute="_compute_respondents_have_copy",
        groups=HANDLERS,
        help="Everybody complained about has a copy of the complaint and the papers (9:9 Awb).",
    )

    @api.depends("respondent_ids", "letter_ids.state")
    def _compute_respondents_have_copy(self):
        for complaint in self:
            sent = complaint.letter_ids.filtered(
                lambda letter: letter.state == SENT and letter.type_id.encloses_papers
            )
            complaint.respondents_have_copy = not (complaint.respondent_ids - sent.partner_id)

    def _get_papers_handed_in(self):
        """The files that came in with the complaint: were there on the day it was registered."""
        files = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id), ("res_field", "=", False)],
            order="id",
        )
        return files.filtered(
            lambda file: file.create_date.date() <= self.create_date.date() and file._is_printable()
        )
