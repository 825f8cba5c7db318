from itertools import chain

from odoo import api, models
from odoo.fields import Domain

from ..platform.groups import HANDLERS


class ComplaintContent(models.Model):
    """Of a dossier that somebody only registers, the content stays closed, also when they
    handle other dossiers (design.md 8).

    The platform knows rights on records and rights on fields; roles add up, so a registrar
    (all records) who also handles (content of some) would read the content of all. For such
    users this room looks at each record: content that is out of their reach is empty in
    lists and forms, can't be read one by one, and is not found by searching or grouping.
    """

    _inherit = "klachtenbeheer.complaint"

    # ---------------------------------------------------------------- whose content

    @api.model
    def _is_content(self, fname):
        """Whether a field, or the first part of a path, belongs to the content."""
        field = self._fields.get(fname.split(":")[0].split(".")[0])
        return field is not None and field.groups == HANDLERS

    @api.model
    def _reads_content_of_some(self):
        """Whether the user sees more dossiers than they may look into, and looks into some."""
        user = self.env.user
        if self.env.su or not any(map(user.has_group, HANDLERS.split(","))):
            return False  # the rights on fields say the rest
        registering = self._get_policies_in_reach("register", user)
        return bool(registering - self._get_policies_in_reach("read", user))

    def _filter_content_closed(self):
        """Those of which the user sees the registration only."""
        if not self or not self._reads_content_of_some():
            return self.browse()
        # by whom a dossier is handled decides what they see of it
        stored_su = self._origin.sudo().with_context(active_test=False)
        # looked up, so that what does not exist is closed like what is hidden
        domain = Domain("id", "in", stored_su.ids) & self._get_readable_domain()
        closed = set(stored_su.ids) - set(stored_su.browse().search(domain).ids)
        return self.filtered(lambda line: line._origin.id in closed)

    # ---------------------------------------------------------------- reading

    def _has_field_access(self, field, operation):
        if not field.groups:  # soon said: it is asked for every field of every line of a list
            return True
        if field.name == "register_number" and operation == "write":
            # whoever registers brings it about, and reads it not (PROCEDURE_FIELDS)
            return True
        allowed = super()._has_field_access(field, operation)
        if field.groups != HANDLERS or not allowed or not self:
            return allowed
        return not self._filter_content_closed()

    def _determine_fields_to_fetch(self, field_names=None, ignore_when_in_cache=False):
        if field_names and self._filter_content_closed():
            field_names = [fname for fname in field_names if not self._is_content(fname)]
        return super()._determine_fields_to_fetch(field_names, ignore_when_in_cache)

    def _fetch_field(self, field):
        readable = self
        if self._is_content(field.name):
            readable -= self._filter_content_closed()
        return super(ComplaintContent, readable)._fetch_field(field)

    def _read_format(self, fnames, load="_classic_read"):
        closed = self._filter_content_closed()
        content = [fname for fname in fnames if self._is_content(fname)] if closed else []
        if not content:
            return super()._read_format(fnames, load)
        plain = [fname for fname in fnames if fname not in content]
        opened = {
            vals["id"]: vals
            for vals in super(ComplaintContent, self - closed)._read_format(content, load)
        }
        nothing = {
            fname: [] if self._fields[fname].type.endswith("2many") else False for fname in content
        }
        return [
            {**vals, **opened.get(vals["id"], nothing)}
            for vals in super()._read_format(plain, load)
        ]

    @api.readonly
    def web_read(self, specification):
        """A form asks for the lines within a field as well; those of content that the user does
        not see are not asked for."""
        closed = self._filter_content_closed()
        if not any(spec and self._is_content(fname) for fname, spec in specification.items()):
            closed = closed.browse()
        if not closed:
            return super().web_read(specification)
        plain = {
            fname: {} if self._is_content(fname) else spec for fname, spec in specification.items()
        }
        told = super(ComplaintContent, closed).web_read(plain)
        told += super(ComplaintContent, self - closed).web_read(specification)
        by_id = {vals["id"]: vals for vals in told}
        return [by_id[number] for number in self.ids]

    def onchange(self, values, field_names, fields_spec):
        """A form of a dossier that the user only registers neither sends nor gets content."""
        if self._filter_content_closed():
            values, fields_spec = (
                {key: value for key, value in given.items() if not self._is_content(key)}
                for given in (values, fields_spec)
            )
            field_names = [fname for fname in field_names if not self._is_content(fname)]
        return super().onchange(values, field_names, fields_spec)

    # ---------------------------------------------------------------- finding

    @api.model
    def _narrow_to_readable(self, domain, *names):
        """A domain, narrowed to the dossiers in reach where the content is asked for."""
        domain = Domain(domain)
        if not self._reads_content_of_some():
            return domain
        asked = chain(names, (condition.field_expr for condition in domain.iter_conditions()))
        if any(self._is_content(name) for name in asked):
            return domain & self._get_readable_domain()
        return domain

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        names = [part.split()[0] for part in (order or "").split(",") if part.strip()]
        domain = self._narrow_to_readable(domain, *names)
        return super()._search(domain, offset=offset, limit=limit, order=order, **kwargs)

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), having=(), **kwargs):
        conditions = [part[0] for part in having if isinstance(part, (list, tuple))]
        domain = self._narrow_to_readable(domain, *groupby, *aggregates, *conditions)
        return super()._read_group(domain, groupby, aggregates, having=having, **kwargs)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        domain = self._narrow_to_readable(domain, *chain(*grouping_sets), *aggregates)
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)
