from odoo import api, models

from ...tools.email_address import judge, normalise
from ...tools.typed import clean_line, drop_controls, is_line


def explain_email(env, typed):
    """What is wrong with a typed e-mail address, as a sentence; None where nothing is.

    An address that can be one but looks like a slip is not wrong (`suggest_email`).
    """
    plain = (typed or "").strip()
    if not plain or normalise(plain):
        return None
    if (found := judge(plain)).suggestion:
        return env._(
            "“%(typed)s” is no e-mail address. Did you mean %(suggestion)s?",
            typed=typed,
            suggestion=found.suggestion,
        )
    return env._("“%s” is no e-mail address. An address looks like this: name@example.com", typed)


def suggest_email(env, typed):
    """The question that an address that looks like a slip calls for, or None."""
    found = judge(typed or "")
    if not (found.address and found.suggestion):
        return None
    return env._("Did you mean %s?", found.suggestion)


def clean_vals(model, vals):
    """Values to write, without line breaks in lines and without control characters in texts.

    A line break in a name adds lines to a letter or a mail that nobody wrote.
    """
    result = dict(vals)
    for fname, value in vals.items():
        field = model._fields.get(fname)
        if not field or not isinstance(value, str):
            continue
        if field.type == "char" and not is_line(value):
            result[fname] = clean_line(value)
        elif field.type == "text":
            result[fname] = drop_controls(value)
    return result


class TypedLines(models.AbstractModel):
    """A record whose lines stay lines, whichever way they come in."""

    _name = "klachtenbeheer.typed"
    _description = "Typed Lines"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([clean_vals(self, vals) for vals in vals_list])

    def write(self, vals):
        return super().write(clean_vals(self, vals))


class Partner(models.Model):
    """Names of contacts stand in letters, too."""

    _name = "res.partner"
    _inherit = ["res.partner", "klachtenbeheer.typed"]
