from odoo import api, models
from odoo.tools import clean_context, ormcache

from .arguments import OURS

DEFAULT = "default_"


class Base(models.AbstractModel):
    """What a new record of ours starts with is said in its values, which guards look at.

    The platform adds to those what `default_…` in the context of a call says, after the guards:
    a letter would be made as one that was sent and approved, a dossier as one that was assigned.
    Forms ask for these defaults first (`default_get`), and send them along as values. Dialogs keep
    nothing, and ask when they do something.
    """

    _inherit = "base"

    @api.model
    def _add_missing_default_values(self, values):
        if not self._name.startswith(OURS) or self._transient:
            return super()._add_missing_default_values(values)
        if not any(key.startswith(DEFAULT) for key in self.env.context):
            return super()._add_missing_default_values(values)
        plain = self.with_context(clean_context(self.env.context))
        return super(Base, plain)._add_missing_default_values(values)

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._without_computed(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._without_computed(vals))

    @api.model
    def _without_computed(self, vals):
        """Values without what follows from others and can't be edited: the platform would store
        what a call says of it, until it is computed anew."""
        computed = () if self.env.su else self._get_computed_names()
        if not computed or computed.isdisjoint(vals):
            return vals
        return {fname: value for fname, value in vals.items() if fname not in computed}

    def _with_history(self):
        """These records, whose changes are told in their history whatever a call says in its
        context; the system alone leaves that out."""
        unsaid = {"tracking_disable", "mail_notrack"}
        if self.env.su or not any(map(self.env.context.get, unsaid)):
            return self
        return self.with_context(**dict.fromkeys(unsaid, False))

    @api.model
    @ormcache("self._name")
    def _get_computed_names(self):
        if not self._name.startswith(OURS):
            return frozenset()
        return frozenset(
            fname
            for fname, field in self._fields.items()
            if field.store and field.compute and field.readonly
        )
