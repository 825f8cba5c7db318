from ast import literal_eval

from odoo import api, models
from odoo.fields import Command
from odoo.tools import ormcache

TAKES_ID = (Command.UPDATE, Command.DELETE, Command.UNLINK, Command.LINK)
MODEL_FIELDS = ("res_model", "model")
ID_FIELDS = ("res_id", "res_ids")


class Base(models.AbstractModel):
    """Whoever names a dossier in a new record learns nothing of it that they may not know.

    The platform computes names of records with all rights: of what a rating is about, what a
    field points at, what a preview starts with. So whatever can name a dossier or a line of
    one, in whichever module, takes those that the user may read; of one that is not for them and
    one that does not exist it says the same, before the database does.
    """

    _inherit = "base"

    def onchange(self, values, field_names, fields_spec):
        if not self.env.su and (naming := self._get_naming_fields()):
            known = self._get_known(naming & values.keys())
            self._check_named({**self._get_defaults_given(), **values}, known)
        return super().onchange(values, field_names, fields_spec)

    @api.model
    def default_get(self, fields):
        if not self.env.su and self._get_naming_fields():
            self._check_named(self._get_defaults_given())
        return super().default_get(fields)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and self._get_naming_fields():
            for vals in vals_list:
                self._check_named(vals)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and not self._get_naming_fields().isdisjoint(vals):
            self._check_named(vals, self._get_known(self._get_naming_fields() & vals.keys()))
        return super().write(vals)

    @api.model
    @ormcache("self._name")
    def _get_naming_fields(self):
        """Names of fields in which a dossier, a line of one or a measure can stand."""
        fnames = {
            fname
            for fname, field in self._fields.items()
            if field.type == "reference"
            or hasattr(self.pool.get(field.comodel_name), "_make_refusal")
        }
        if self._fields.keys() & {*MODEL_FIELDS, "res_model_id"}:
            fnames |= self._fields.keys() & set(ID_FIELDS)
        return frozenset(fnames)

    def _get_known(self, fnames):
        """What a record named before: that was checked when it was made."""
        if not self:
            return {}
        wanted = {*fnames, *MODEL_FIELDS, "res_model_id"} & self._fields.keys()
        # the platform shows who has a task what it is about, and no more
        known = {}
        for vals in self.sudo().read([*wanted], load=None):
            for model, ids in self._get_named(vals).items():
                known.setdefault(model, set()).update(ids)
        return known

    @api.model
    def _get_defaults_given(self):
        """What the context says that a new record starts with."""
        context = self.env.context
        given = {}
        if context.get("active_model") and "res_model" in self._fields:
            ids = context.get("active_ids") or [context.get("active_id")]
            given = {"res_model": context["active_model"], "res_ids": ids}
        prefix = "default_"
        return given | {
            key.removeprefix(prefix): value
            for key, value in context.items()
            if key.startswith(prefix)
        }

    @api.model
    def _check_named(self, vals, known=None):
        """:raise AccessError: values name a dossier, or a line of one, that is not for the
        user, or does not exist"""
        for model, ids in self._get_named(vals).items():
            ids -= (known or {}).get(model, set())
            if ids:
                self.env[model].browse(ids).check_access("read")

    @api.model
    def _get_named(self, vals):
        """Dossiers and lines of them that are in values.

        :return: {model: set of ids}
        """
        named = {}
        for fname in self._get_naming_fields() & vals.keys():
            field, value = self._fields[fname], vals[fname]
            if not value or fname in ID_FIELDS:
                continue
            if field.type == "reference":
                model, _comma, number = str(value).partition(",")
                self._add_named(named, model, [number])
            else:
                self._add_named(named, field.comodel_name, self._get_ids(field, value))
        for fname in ID_FIELDS:
            if vals.get(fname):
                self._add_named(named, self._get_model_named(vals), self._to_list(vals[fname]))
        return named

    @api.model
    def _add_named(self, named, model, ids):
        if model in self.env and hasattr(self.env[model], "_make_refusal"):
            numbers = {int(number) for number in ids if str(number).isdecimal()}
            named.setdefault(model, set()).update(numbers)

    @api.model
    def _get_ids(self, field, value):
        if field.type == "many2one":
            value = value.get("id") if isinstance(value, dict) else value
            return self._to_list(value)[:1]
        ids = []
        for command in value:
            if not isinstance(command, (list, tuple)):
                ids.append(command)
            elif command[0] in TAKES_ID:
                ids.append(command[1])
            elif command[0] == Command.SET:
                ids += command[2]
        return ids

    @api.model
    def _get_model_named(self, vals):
        for fname in MODEL_FIELDS:
            if vals.get(fname):
                return vals[fname]
        number = self._to_list(vals.get("res_model_id") or 0)[0]
        # which models there are is no secret
        return self.env["ir.model"].sudo().browse(number).model if number else None

    @api.model
    def _to_list(self, value):
        if isinstance(value, str):
            try:
                value = literal_eval(value)
            except (SyntaxError, ValueError):
                return []
        return [*value] if isinstance(value, (list, tuple)) else [value]


class IrRule(models.Model):
    _inherit = "ir.rule"

    def _make_access_error(self, operation, records):
        """Nor do the platform's own refusals name record and rule, of what can belong to a
        dossier: messages, files, tasks, appointments."""
        if hasattr(records, "_make_refusal"):
            return records._make_refusal(operation)
        if records._get_naming_fields():
            return self.env["klachtenbeheer.complaint"]._make_refusal(operation)
        return super()._make_access_error(operation, records)
