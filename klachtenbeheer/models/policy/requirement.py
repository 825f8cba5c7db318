from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import is_html_empty

from ...tools import Missing
from ...tools.own_fields import get_code
from .policy import IN_FORCE_STATES

SUBJECTS = (
    "klachtenbeheer.complaint",
    "klachtenbeheer.letter",
    "klachtenbeheer.policy",
    # what a letter can be about, and the role whose details it gives
    "klachtenbeheer.hearing",
    "klachtenbeheer.objection",
    "klachtenbeheer.referral",
    "klachtenbeheer.ruling",
    "klachtenbeheer.policy.role",
)


# What is asked; and where a policy asks it.
FROZEN_FIELDS = {"code", "field_ids", "own_field"}
ASKED_IN = ("klachtenbeheer.stage", "klachtenbeheer.letter.type")
# Where a complaint holds what its policy asks beside these.
OWN_VALUES = "own_values"
# Where one of several fields will do, these are offered first.
PREFERRED = ("outcome_note", "solution")


class Requirement(models.Model):
    """Something that must be filled in before a stage or a letter: one of some fields."""

    _name = "klachtenbeheer.requirement"
    _description = "Required Content"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    field_ids = fields.Many2many(
        "ir.model.fields",
        string="Any of",
        domain=[("model", "in", SUBJECTS)],
        help="Fields of the complaint, the policy, the letter, or what the letter is about; one"
        " filled field is enough.",
    )

    own_field = fields.Char(
        "Field of the policy",
        help="The name of a field that policies add to their complaints.",
    )

    _code_uniq = models.Constraint("UNIQUE(code)", "The code of a requirement is used only once.")

    def write(self, vals):
        if FROZEN_FIELDS & set(vals) and not self.env.su:
            self._check_not_in_force()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_force(self):
        if not self.env.su:
            self._check_not_in_force()

    def _check_not_in_force(self):
        """What a published policy asks before a stage or a letter stays what it asks."""
        asked = Domain("requirement_ids", "in", self.ids)
        asked &= Domain("policy_id.state", "in", IN_FORCE_STATES)
        for model in ASKED_IN:
            lines_su = self.env[model].sudo().with_context(active_test=False)  # whoever asks
            if lines_su.search_count(asked, limit=1):
                raise UserError(
                    self.env._("A published policy asks this: make another requirement for it.")
                )

    @api.constrains("field_ids", "own_field")
    def _check_field_ids(self):
        for requirement in self:
            if not requirement.field_ids and not requirement.own_field:
                raise ValidationError(self.env._("Name at least one field."))
            if set(requirement.sudo().field_ids.mapped("model")) - set(SUBJECTS):
                raise ValidationError(
                    self.env._(
                        "A requirement is about fields of a complaint, a letter, what a letter is"
                        " about, or a policy."
                    )
                )

    def _get_missing(self, complaint, letter=None):
        """The requirements for which none of the fields is filled on a complaint, its
        policy, a letter of it or what that letter is about."""
        about = letter._get_subjects() if letter else ()
        subjects = (complaint, complaint.policy_id, letter, *about)
        return self.filtered(
            lambda requirement: (
                not any(requirement._is_filled(subject) for subject in subjects if subject)
            )
        )

    def _as_missing(self, *subjects):
        """These requirements as what is missing: list of `Missing`.

        :param subjects: records; the field is that of the first one that has it
        """
        models = [subject._name for subject in subjects]
        return [
            Missing(
                requirement.name,
                next(filter(None, map(requirement._get_field, models)), None),
            )
            for requirement in self
        ]

    def _get_field(self, model):
        """The name of the field of a model that this requirement is about, or None."""
        # names of fields are no secret, but ir.model.fields is for administrators
        own_fields = self.sudo().field_ids.filtered(lambda field: field.model == model)
        names = sorted(own_fields.mapped("name"), key=lambda name: (name not in PREFERRED, name))
        if self.own_field and model == SUBJECTS[0]:
            names.append(OWN_VALUES)
        return names[0] if names else None

    def _is_filled(self, subject):
        # names of fields are no secret, but ir.model.fields is for administrators
        own_fields = self.sudo().field_ids.filtered(lambda field: field.model == subject._name)
        return self._is_own_filled(subject) or any(
            has_content(subject[field.name]) for field in own_fields
        )

    def _is_own_filled(self, subject):
        """Whether a field that the policy itself adds is filled in."""
        if not self.own_field or subject._name != SUBJECTS[0]:
            return False
        values = dict(subject[OWN_VALUES] or {})
        return has_content(values.get(get_code(self.own_field)))


def has_content(value):
    """Whether a field value says something; empty HTML says nothing."""
    if isinstance(value, str):
        return bool(value.strip()) and not is_html_empty(value)
    return bool(value)
