from odoo import api, models

from .personal import TELLING
from .reading import (
    COMPLAINT,
    CONTENT,
    DOSSIER,
    EXPORT,
    FILE,
    GROUP,
    IDENTITY,
    LIST,
    OWN_PAGE,
    PRINT,
)

# What every list of names and every field that points at a dossier shows: its reference.
HARMLESS = {"id", "display_name", "write_date", "create_date"}
# What the platform keeps beside anything, and of which kind: no word of a dossier.
TECHNICAL = {"model", "res_model", "res_field", "res_id", "message_type", "type", "mimetype"}
TEXTS = {"char", "text", "html"}


class ReadLogged(models.AbstractModel):
    """Models whose reading is noted: the dossier, its parts, and what the platform keeps beside
    it. In the two methods through which every road of the platform gives values away; prints and
    files have roads of their own, below."""

    _name = "klachtenbeheer.read.logged"
    _description = "What Is Noted When It Is Read"

    _read_as = CONTENT
    _read_as_nothing = frozenset(HARMLESS)

    def _read_format(self, fnames, load="_classic_read"):
        result = super()._read_format(fnames, load=load)
        if not self.env.su and result and set(fnames) - self._read_as_nothing:
            self._note_reading(self._get_read_as())
        return result

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        found = super().name_search(name, domain, operator, limit)
        if found and not self.env.su and "display_name" not in self._read_as_nothing:
            self.browse(number for number, _name in found)._note_reading(self._get_read_as())
        return found

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        result = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        if not self.env.su:
            self._note_reading(EXPORT)
        return result

    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        if not self.env.su and any(self._is_telling_group(name) for name in groupby):
            self.env["klachtenbeheer.reading"]._note_dossiers([0], GROUP)
        return super()._read_group(domain, groupby, aggregates, having, offset, limit, order)

    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), order=None):
        names = {name for names in grouping_sets for name in names}
        if not self.env.su and any(self._is_telling_group(name) for name in names):
            self.env["klachtenbeheer.reading"]._note_dossiers([0], GROUP)
        return super()._read_grouping_sets(domain, grouping_sets, aggregates, order)

    def _is_telling_group(self, name):
        """Whether the groups themselves tell something: texts, or who it is about."""
        field = self._fields.get(name.partition(":")[0].partition(".")[0])
        return (
            field is not None
            and field.name not in self._read_as_nothing
            and (field.type in TEXTS or field.comodel_name in TELLING)
        )

    def _get_read_as(self):
        return self._read_as

    def _note_reading(self, what):
        dossier_ids = self._get_read_dossiers()
        if dossier_ids:
            self.env["klachtenbeheer.reading"]._note_dossiers(dossier_ids, what)

    def _get_read_dossiers(self):
        """Hook: ids of the dossiers that these tell of."""
        records = self.filtered("id") if "complaint_id" in self._fields else self.browse()
        return records.sudo().complaint_id.ids  # whose it is, for the log


class Complaint(models.Model):
    _name = "klachtenbeheer.complaint"
    _inherit = ["klachtenbeheer.complaint", "klachtenbeheer.read.logged"]

    _read_as_nothing = frozenset(HARMLESS | {"name"})

    def _get_read_as(self):
        return DOSSIER if len(self) == 1 else LIST

    def _get_read_dossiers(self):
        return self._origin.ids

    def _note_own_page(self, user=None):
        """The complainant, or who acts for them, opened the page of a complaint. Where they stay
        unknown, or came with a code, it is not noted with which account.

        :param user: whose account it was, if that may be known
        """
        public = self.env.ref("base.public_user")
        for complaint in self:
            who = public if complaint.hide_identity or not user else user
            self.env["klachtenbeheer.reading"].with_user(who)._note_dossiers(
                complaint.ids, OWN_PAGE
            )


class DossierPart(models.AbstractModel):
    _name = "klachtenbeheer.dossier.part"
    _inherit = ["klachtenbeheer.dossier.part", "klachtenbeheer.read.logged"]

    # what a line is called was written about the dossier
    _read_as_nothing = frozenset(HARMLESS - {"display_name"})


class Incoming(models.Model):
    """A mail that seems to be about a dossier."""

    _name = "klachtenbeheer.incoming"
    _inherit = ["klachtenbeheer.incoming", "klachtenbeheer.read.logged"]


class Pattern(models.Model):
    """What several dossiers have in common: a place, or somebody who is often named."""

    _name = "klachtenbeheer.pattern"
    _inherit = ["klachtenbeheer.pattern", "klachtenbeheer.read.logged"]

    _read_as_nothing = frozenset(HARMLESS - {"display_name"})

    def _get_read_dossiers(self):
        return self.sudo().complaint_ids.ids  # whose it is, for the log


class Identity(models.Model):
    _inherit = "klachtenbeheer.identity"

    _read_as = IDENTITY


class AttachedRecord(models.AbstractModel):
    _name = "klachtenbeheer.attached.record"
    _inherit = ["klachtenbeheer.attached.record", "klachtenbeheer.read.logged"]

    # what a message or a file is called, tells what is in it
    _read_as_nothing = frozenset((HARMLESS | TECHNICAL) - {"display_name"})

    def _get_read_dossiers(self):
        return set(self._get_dossier_ids().values())


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    _read_as = FILE

    def _get_read_dossiers(self):
        """Of the dossier itself, or of one of its parts."""
        found = set(super()._get_read_dossiers())
        for model, files in self.sudo().grouped("res_model").items():
            if model and model in self.env and self.env[model]._is_part_of_dossier():
                found.update(
                    self.env[model].browse(files.mapped("res_id")).exists().complaint_id.ids
                )
        return found


class CalendarEvent(models.Model):
    """An appointment for a conversation says who meets whom."""

    _name = "calendar.event"
    _inherit = ["calendar.event", "klachtenbeheer.read.logged"]

    _read_as_nothing = frozenset(HARMLESS - {"display_name"})

    def _get_read_dossiers(self):
        return self.sudo().complaint_hearing_ids.complaint_id.ids  # whose it is, for the log


class Base(models.AbstractModel):
    _inherit = "base"

    def _is_part_of_dossier(self):
        return isinstance(self, self.env.registry["klachtenbeheer.dossier.part"])

    def _note_reading(self, what):
        """Note that the user is told of these by a road of its own, where they belong to
        dossiers."""

    @api.model
    def default_get(self, fields):
        result = super().default_get(fields)
        self._note_shown({})
        return result

    def onchange(self, values, field_names, fields_spec):
        result = super().onchange(values, field_names, fields_spec)
        self._note_shown(values)
        return result

    def _note_shown(self, values):
        """A new line or a dialog of ours tells of the dossier that it starts from."""
        if self.env.su or not self._name.startswith("klachtenbeheer."):
            return
        context = self.env.context
        number = values.get("complaint_id") or context.get("default_complaint_id")
        if not number and context.get("active_model") == COMPLAINT:
            number = context.get("active_id")
        if isinstance(number, int) and number > 0:
            # whoever names a dossier that is not for them was told nothing
            self.env[COMPLAINT].browse(number)._filtered_access("read")._note_reading(CONTENT)


class IrBinary(models.AbstractModel):
    _inherit = "ir.binary"

    def _record_to_stream(self, record, field_name):
        stream = super()._record_to_stream(record, field_name)
        if not self.env.su:
            record.with_user(self.env.user)._note_reading(FILE)
        return stream


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _get_rendering_context(self, report, docids, data):
        context = super()._get_rendering_context(report, docids, data)
        records = self.env[report.model].browse(docids or ())
        if not self.env.su:
            records._note_reading(PRINT)
        return context

    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        """A PDF that is stored is given without being made."""
        model = self._get_report(report_ref).model
        records = self.env[model].browse(res_ids or ())
        result = super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        if not self.env.su:
            records._note_reading(PRINT)
        return result
