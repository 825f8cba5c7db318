from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .offer import COMPLAINT

PARTS = {
    "procedure": "procedure_text",
    "objection": "objection_text",
    "external": "external_body_text",
    "privacy": "privacy_text",
}


class Passage(models.Model):
    """What a letter says instead of a text of the policy, on the dossiers that a condition fits:
    a letter tells what happened here, the page of the policy what happens in general."""

    _name = "klachtenbeheer.passage"
    _description = "Passage for Letters in a Complaint Policy"
    _inherit = ["klachtenbeheer.policy.line"]

    part = fields.Selection(
        [
            ("procedure", "Further procedure"),
            ("objection", "When you do not agree"),
            ("external", "External body"),
            ("privacy", "Privacy"),
        ],
        "Instead of",
        required=True,
        help="Letters print this instead of that text of the policy.",
    )
    only_when = fields.Char(
        "Only when", help="Complaints about which letters say this; empty: all."
    )
    body = fields.Html("Text", required=True)

    @api.constrains("only_when")
    def _check_only_when(self):
        for passage in self.filtered("only_when"):
            try:
                domain = Domain(literal_eval(passage.only_when))
                domain.validate(self.env[COMPLAINT].sudo())
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(
                    self.env._("“%s” is no condition that can be looked up.", passage.only_when)
                ) from error

    def _filter_fitting(self, complaint):
        """The passages for a complaint."""
        return self.filtered(
            lambda passage: (
                not passage.only_when
                or complaint.filtered_domain(Domain(literal_eval(passage.only_when)))
            )
        )


class PolicyPassages(models.Model):
    _inherit = "klachtenbeheer.policy"

    passage_ids = fields.One2many(
        "klachtenbeheer.passage", "policy_id", "Passages for letters", copy=True
    )

    def _get_checked_texts(self):
        """Also what letters say: passages, and the texts of every kind of letter."""
        texts = super()._get_checked_texts()
        parts = dict(self.passage_ids._fields["part"]._description_selection(self.env))
        texts += [
            (self.env._("Passage for letters: %s", parts[passage.part]), passage.body, True)
            for passage in self.passage_ids
        ]
        # who publishes a policy need not be allowed to write its letters
        letters_su = self.sudo().letter_type_ids.filtered("active")
        for template, types in letters_su.grouped("template_id").items():
            template = template.with_context(lang=self._get_text_lang())
            texts.append((types[0].name, template.body_html, True))
            texts.append((types[0].name, template.subject, True))
        return [line for line in texts if line[1]]
