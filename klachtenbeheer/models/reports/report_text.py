import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

from .report_record import WRITING
from .report_section import TEXT

WORD = re.compile(r"\w+")
PHRASE = 6  # so many words in a row are nobody's own
PHONE_DIGITS = 8
NAME_LENGTH = 5  # letters: a shorter single word may be any word
NO_DIGIT = re.compile(r"\D")


class ReportText(models.Model):
    """What only a human can write in a report: exceptional complaints in neutral words, points
    to decide on, advice."""

    _name = "klachtenbeheer.report.text"
    _description = "Text of a Report"
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
        looked_at = [_Text(text) for text in set(texts) if text and text.strip()]
        problems = {}
        for record in self._get_dossier_words() if looked_at else ():
            for text in looked_at:
                if text.original not in problems and (problem := self._get_problem(text, record)):
                    problems[text.original] = problem
        return problems

    def _get_problem(self, text, record):
        if any(text.has_words(name) for name in record["names"]):
            return self.env._("this names somebody who has to do with a complaint.")
        if any(text.has_number(phone) for phone in record["phones"]):
            return self.env._("this holds the phone number of a complainant.")
        if any(text.repeats(said) for said in record["said"]):
            return self.env._("this repeats the words of a complaint; use other words.")
        return False

    def _get_dossier_words(self):
        """Of each complaint that the report may be about: who has to do with it, and what was
        said."""
        complaints_su = (
            self.env["klachtenbeheer.complaint"]
            .sudo()  # looked for in a text, never shown
            .with_context(active_test=False)
            .search(
                [
                    ("policy_id", "in", self.policy_id._get_all_versions().ids),
                    ("received_on", ">=", self.type_id._get_period_before(self.date_from)[0]),
                    ("received_on", "<=", self.date_to),
                ]
            )
        )
        for complaint in complaints_su:
            known = [complaint, *complaint.identity_ids]  # hidden names as well
            people = complaint.respondent_ids | complaint.representative_ids
            people = people.union(*(line.partner_id for line in known))
            yield {
                "names": [
                    *(line.complainant_name for line in known),
                    *(line.complainant_email for line in known),
                    *people.mapped("name"),
                    *people.mapped("email"),
                ],
                "phones": [line.complainant_phone for line in known],
                "said": [complaint.description, complaint.desired_solution],
            }


class _Text:
    """A text that is looked through: its words, and every run of some of them."""

    def __init__(self, original):
        self.original = original
        words = _get_words(original)
        self.plain = f" {' '.join(words)} "
        self.digits = NO_DIGIT.sub("", original)
        self.phrases = _get_phrases(words)

    def has_words(self, name):
        words = _get_words(name)
        telling = len(words) > 1 or len("".join(words)) >= NAME_LENGTH
        return telling and f" {' '.join(words)} " in self.plain

    def has_number(self, phone):
        digits = NO_DIGIT.sub("", phone or "")
        return len(digits) >= PHONE_DIGITS and digits in self.digits

    def repeats(self, said):
        words = _get_words(said)
        if len(words) < PHRASE:
            return len(words) > 1 and f" {' '.join(words)} " in self.plain
        return not self.phrases.isdisjoint(_get_phrases(words))


def _get_words(text):
    return WORD.findall((text or "").lower())


def _get_phrases(words):
    """All runs of some words; what is shorter than that has none."""
    return {tuple(words[place : place + PHRASE]) for place in range(len(words) - PHRASE + 1)}
