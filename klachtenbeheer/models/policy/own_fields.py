from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.own_fields import OwnFieldError, get_code, parse_own_fields


class PolicyOwnFields(models.Model):
    """Fields that a policy adds to its complaints: properties of the platform, whose definition
    is written down on the policy and frozen with it."""

    _inherit = "klachtenbeheer.policy"

    own_fields = fields.Text(
        "Fields of its own",
        help="One on a line, with its kind between brackets: Location, Day of the trip (date),"
        " Branch (choice: North, South). Kinds: text, number, date, yes/no, choice.",
    )
    own_definition = fields.PropertiesDefinition(compute="_compute_own_definition", store=True)

    @api.depends("own_fields")
    def _compute_own_definition(self):
        for policy in self:
            policy.own_definition = policy._parse_own_fields()

    def _parse_own_fields(self):
        try:
            return parse_own_fields(self.own_fields)
        except OwnFieldError as error:
            raise ValidationError(
                self.env._(
                    "“%s” is no field: write a name, and between brackets text, number, date,"
                    " yes/no, or choice with its options; each name once.",
                    error.args[0],
                )
            ) from error

    def _get_own_codes(self):
        return {field["name"] for field in self._parse_own_fields()}

    def _get_unmet_requirements(self):
        """Requirements for a field that this policy does not have can't be met: sentences."""
        known = self._get_own_codes()
        asked = self.stage_ids.requirement_ids | self.letter_type_ids.requirement_ids
        return [
            self.env._("“%s” asks for a field that this policy does not have", requirement.name)
            for requirement in asked
            if requirement.own_field and get_code(requirement.own_field) not in known
        ]
