from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

from ...tools.quoting import PHRASE, Texts
from .report_record import WRITING
from .report_section import TEXT

DOSSIERS = 5_000  # looked into at a time, so that memory does not follow the register
# Who has to do with some dossiers (hidden names too), where they are called, and what was said.
DOSSIER_WORDS = {
    "naming": """
        SELECT DISTINCT unnest(ARRAY[known.name, known.email])
          FROM (SELECT complainant_name AS name, complainant_email AS email
                  FROM klachtenbeheer_complaint WHERE id = ANY(%(ids)s)
                 UNION
                SELECT complainant_name, complainant_email
                  FROM klachtenbeheer_identity WHERE complaint_id = ANY(%(ids)s)
                 UNION
                SELECT name, email
                  FROM klachtenbeheer_assistance WHERE complaint_id = ANY(%(ids)s)
                 UNION
                SELECT name, email FROM res_partner WHERE id IN (
                    SELECT partner_id FROM klachtenbeheer_complaint WHERE id = ANY(%(ids)s)
                     UNION ALL
                    SELECT partner_id FROM klachtenbeheer_identity
                     WHERE complaint_id = ANY(%(ids)s)
                     UNION ALL
                    SELECT res_partner_id FROM klachtenbeheer_complaint_respondent_rel
                     WHERE klachtenbeheer_complaint_id = ANY(%(ids)s))) known""",
    "ringing": """
        SELECT DISTINCT complainant_phone
          FROM klachtenbeheer_complaint WHERE id = ANY(%(ids)s)
         UNION
        SELECT complainant_phone FROM klachtenbeheer_identity WHERE complaint_id = ANY(%(ids)s)""",
    # what is much longer than the texts is in none of them, but for a phrase of it
    "quoting": """
        SELECT said.words FROM klachtenbeheer_complaint,
               unnest(ARRAY[description, desired_solution]) AS said (words)
         WHERE id = ANY(%(ids)s) AND (%(phrases)s OR length(said.words) <= 2 * %(length)s)""",
}


class ReportText(models.Model):
    """What only a human can write in a report: exceptional complaints in neutral words, points
    to decide on, advice."""

    _name = "klachtenbeheer.report.text"
    _description = "Text of a Report"
    _inherit = ["klachtenbeheer.report.part"]
    _order = "sequence, id"
    _rec_name = "name"

    report_id = fields.Many2one(
        "klachtenbeheer.report", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer()
    place = fields.Integer(readonly=True, help="Which section of the report it fills.")
    name = fields.Char("Heading", readonly=True)
    help_text = fields.Text("What to write", readonly=True)
    required = fields.Boolean("Must be filled in", readonly=True)
    body = fields.Html("Text", sanitize_attributes=True)
    is_empty = fields.Boolean("Empty", compute="_compute_is_empty")

    @api.depends("body")
    def _compute_is_empty(self):
        for text in self:
            text.is_empty = not html2plaintext(text.body or "").strip()

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("What is to be written follows from the kind of report."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self.report_id._check_may("make")
        self._check_open()
        if not set(vals) <= {"body"} and not self.env.su:
            raise UserError(self.env._("Only the text itself can be written."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_by_system(self):
        self._check_open()
        if not self.env.su:
            raise UserError(self.env._("What is to be written follows from the kind of report."))

    def _check_open(self):
        if any(text.report_id.state != WRITING for text in self):
            raise UserError(self.env._("What a report says does not change any more."))


class ReportWriting(models.Model):
    """The texts of a report, and that no word of a dossier gets into them."""

    _inherit = "klachtenbeheer.report"

    def _make_texts(self):
        """One for each section that asks for words; what was written already is kept."""
        written = {text.name: text.body for text in self.text_ids}
        self.text_ids.unlink()
        self.env["klachtenbeheer.report.text"].create(
            [
                {
                    "report_id": self.id,
                    "sequence": place,
                    "place": place,
                    "name": section["title"],
                    "help_text": section["help"],
                    "required": section["required"],
                    "body": written.get(section["title"]),
                }
                for place, section in enumerate(self.figures["sections"])
                if section["kind"] == TEXT and not section.get("none")
            ]
        )

    def _check_texts(self):
        """Complete, and naming nobody.

        :raise UserError: what is missing, or where somebody is named
        """
        for report in self:
            missing = report.text_ids.filtered(lambda text: text.required and text.is_empty)
            if missing:
                names = ", ".join(missing.mapped("name"))
                raise UserError(self.env._("Still to be written: %s.", names))
            plain = {text.name: html2plaintext(text.body or "") for text in report.text_ids}
            problems = report._find_problems(plain.values())
            for name, text in plain.items():
                if text in problems:
                    raise UserError(
                        self.env._("%(heading)s: %(why)s", heading=name, why=problems[text])
                    )

    def _get_clean_texts(self, texts):
        """{line from elsewhere: what a report may print of it}."""
        problems = self._find_problems(text for text in texts if text)
        instead = self.env._("(left out here: it names somebody, or repeats a complaint)")
        return {text: instead if text in problems else (text or "").strip() for text in texts}

    def _find_problems(self, texts):
        """{text: why it can't stand in a report, in a sentence}."""
        looked_at = Texts(text for text in texts if text and text.strip())
        reasons = {
            "naming": self.env._("this names somebody who has to do with a complaint."),
            "ringing": self.env._("this holds the phone number of a complainant."),
            "quoting": self.env._("this repeats the words of a complaint; use other words."),
        }
        problems = {}
        for look, words in self._get_dossier_words(looked_at) if looked_at else ():
            for text in getattr(looked_at, look)(words):
                problems.setdefault(text, reasons[look])
        return problems

    def _get_dossier_words(self, looked_at):
        """(what to look for, the words) of all that is told in the dossiers."""
        values = {"phrases": looked_at.most_words >= PHRASE, "length": looked_at.length}
        for ids in self._get_dossier_ids():
            for look, query in DOSSIER_WORDS.items():
                self.env.cr.execute(query, {**values, "ids": ids})  # found in a text, never shown
                for [words] in self.env.cr.fetchall():
                    yield look, words

    def _get_dossier_ids(self):
        """Those of each complaint that the report may be about, some at a time."""
        self.env.flush_all()
        complaints_su = self.env["klachtenbeheer.complaint"].sudo().with_context(active_test=False)
        domain = (
            Domain("policy_id", "in", self.policy_id._get_all_versions().ids)
            & Domain("received_on", ">=", self.type_id._get_period_before(self.date_from)[0])
            & Domain("received_on", "<=", self.date_to)
        )
        last = 0
        while ids := list(
            complaints_su._search(domain & Domain("id", ">", last), order="id", limit=DOSSIERS)
        ):
            yield ids
            last = ids[-1]
