from odoo import SUPERUSER_ID, models
from odoo.tools import SQL

from ..letter.letter import LETTER_SENTINEL
from . import personal
from .retention_rule import (
    COMPLAINT,
    CONVERSATION,
    LETTER,
    LOG,
    QUEUE,
    REGISTER,
    UPLOAD,
    WITHIN,
)

DOSSIER = "klachtenbeheer.complaint"
# How a whole dossier is emptied: first what leads to something else, last what it was found by.
STEPS = (
    "_erase_appointments",
    "_erase_all_beside",
    "_erase_loose_files",
    "_empty_parts",
    "_delete_parts",
    "_erase_measures",
    "_erase_patterns",
    "_erase_readings",
    "_erase_given_copies",
    "_erase_dialogs",
    "_erase_pushes",
)


class ComplaintAnonymise(models.Model):
    """Anonymising in place: what tells of people goes, what counts stays (design.md 4.7).

    In SQL, past computes and guards: a figure that was computed from a text stays as it was, and
    a letter that never changes is emptied all the same. A dossier is emptied wholly or not at
    all: everything is one transaction with its certificate. There is no way back.
    """

    _inherit = "klachtenbeheer.complaint"

    def _is_erased(self, kind):
        return bool({kind, COMPLAINT} & set((self.erased_kinds or "").split(","))) and not (
            kind == REGISTER and REGISTER not in self.erased_kinds
        )

    def _erase(self, kind, rule):
        """Remove one kind of data of these dossiers, or all that is personal.

        :param kind: a kind of `retention_rule.py`
        :param rule: by what it goes, in words, for the certificate
        :return: the certificates
        """
        complaints = self.sudo()._as_procedure()  # the rule decides, whoever carries it out
        complaints._check_still_there(kind)
        complaints._track_discard()  # what was just changed is not told any more
        self.env.flush_all()
        counts = {complaint: {} for complaint in complaints}
        erasers = {
            LETTER: complaints._erase_letters,
            CONVERSATION: complaints._erase_conversations,
            UPLOAD: complaints._erase_uploads,
            QUEUE: complaints._erase_queue,
            LOG: complaints._erase_readings,
            REGISTER: complaints._erase_register_line,
            COMPLAINT: complaints._anonymise,
        }
        erasers[kind](counts)
        self.env.invalidate_all(flush=False)
        complaints._note_erased(kind)
        # what is on disk goes with the next round of the platform's garbage collection
        self.env.ref("base.autovacuum_job")._trigger()
        return self.env["klachtenbeheer.erasure"].sudo()._certify(complaints, kind, rule, counts)

    def _check_still_there(self, kind):
        """An anonymised dossier is not anonymised twice."""
        if kind != REGISTER:
            self._check_not_anonymised()

    def _note_erased(self, kind):
        gone = {kind, *(WITHIN if kind == COMPLAINT else ())}
        for complaint in self:
            kinds = gone | set(filter(None, (complaint.erased_kinds or "").split(",")))
            vals = {"erased_kinds": ",".join(sorted(kinds))}
            if kind == COMPLAINT:
                vals["anonymised_on"] = complaint._today()
            complaint.write(vals)

    # ---------------------------------------------------------------- the whole dossier

    def _anonymise(self, counts):
        """Everything that tells of people, and the contacts that nothing else needs then."""
        contacts = self._get_own_contacts()
        for step in STEPS:
            getattr(self, step)(counts)
        self._erase_contacts(contacts, counts)

    def _erase_all_beside(self, counts):
        self._erase_beside(counts, self._get_parts())

    def _empty_parts(self, counts):
        for model, treatments in personal.FIELDS.items():
            self._empty_part(model, treatments, counts)

    def _delete_parts(self, counts):
        for model in personal.DELETED:
            self._delete_part(model, counts)

    def _get_parts(self):
        """{model: {id of a record: id of its dossier}} of all that belongs to these."""
        parts = {self._name: {number: number for number in self.ids}}
        for model in (*personal.FIELDS, *personal.DELETED):
            if model != self._name:
                parts[model] = dict(self._select_part(model))
        return parts

    def _select_part(self, model):
        return self.env.execute_query(
            SQL(
                "SELECT id, complaint_id FROM %s WHERE complaint_id IN %s",
                SQL.identifier(self.env[model]._table),
                tuple(self.ids),
            )
        )

    # ---------------------------------------------------------------- fields

    def _empty_part(self, model, treatments, counts):
        """Empty the fields of a kind of records, and who made them."""
        records = self.env[model]
        own = "id" if model == self._name else "complaint_id"
        names = [*treatments.get(personal.CLEAR, ()), *treatments.get(personal.FORGET, ())]
        columns = [name for name in names if records._fields[name].column_type]
        assignments = [self._empty_column(records, name) for name in columns]
        if records._log_access:
            assignments += [
                SQL("create_uid = %s", SUPERUSER_ID),
                SQL("write_uid = %s", SUPERUSER_ID),
            ]
        for name in names:
            if records._fields[name].type == "many2many":
                self._unlink_relation(records, name, own)
        if not assignments:
            return
        rows = self.env.execute_query(
            SQL(
                "UPDATE %s SET %s WHERE %s IN %s RETURNING %s",
                SQL.identifier(records._table),
                SQL(", ").join(assignments),
                SQL.identifier(own),
                tuple(self.ids),
                SQL.identifier(own),
            )
        )
        self._count("records", [number for [number] in rows], counts)

    def _empty_column(self, records, name):
        field = records._fields[name]
        column = SQL.identifier(name)
        if not field.required:
            return SQL("%s = NULL", column)
        if field.comodel_name == "res.users":
            return SQL("%s = %s", column, SUPERUSER_ID)
        return SQL("%s = %s", column, personal.CLEARED)

    def _unlink_relation(self, records, name, own):
        field = records._fields[name]
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE %s IN (SELECT id FROM %s WHERE %s IN %s)",
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
                SQL.identifier(records._table),
                SQL.identifier(own),
                tuple(self.ids),
            )
        )

    def _delete_part(self, model, counts):
        rows = self.env.execute_query(
            SQL(
                "DELETE FROM %s WHERE complaint_id IN %s RETURNING complaint_id",
                SQL.identifier(self.env[model]._table),
                tuple(self.ids),
            )
        )
        self._count("records", [number for [number] in rows], counts)

    def _count(self, what, dossier_ids, counts):
        for number in dossier_ids:
            line = counts[self.browse(number)]
            line[what] = line.get(what, 0) + 1

    # ---------------------------------------------------------------- parts by themselves

    def _erase_letters(self, counts):
        self._erase_some(LETTER, counts)

    def _erase_conversations(self, counts):
        self._erase_appointments(counts)
        self._erase_some(CONVERSATION, counts)

    def _erase_some(self, kind, counts):
        models_ = personal.PARTS[kind]
        parts = {model: dict(self._select_part(model)) for model in models_}
        self._erase_beside(counts, parts)
        for model in models_:
            self._empty_part(model, personal.FIELDS[model], counts)

    def _erase_uploads(self, counts):
        self._erase_files({self._name: {number: number for number in self.ids}}, counts)

    def _erase_register_line(self, _counts):
        self.write({"neutral_summary": False})
        self.env.flush_all()

    # ---------------------------------------------------------------- measures

    def _erase_measures(self, counts):
        """What is done about complaints stays, and its text when somebody has said that it
        names nobody, or while another dossier that it came from is still there."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT link.measure_id, min(link.complaint_id)
                  FROM klachtenbeheer_measure_link link
                  JOIN klachtenbeheer_measure measure ON measure.id = link.measure_id
                 WHERE link.complaint_id IN %(ids)s AND measure.names_nobody IS NOT TRUE
                   AND NOT EXISTS (
                       SELECT 1 FROM klachtenbeheer_measure_link other
                         JOIN klachtenbeheer_complaint complaint
                           ON complaint.id = other.complaint_id
                        WHERE other.measure_id = link.measure_id
                          AND complaint.anonymised_on IS NULL
                          AND complaint.id NOT IN %(ids)s
                   )
                 GROUP BY link.measure_id
                """,
                ids=tuple(self.ids),
            )
        )
        owners = dict(rows)
        if owners:
            self._erase_from_drafts(self.env["klachtenbeheer.measure"].browse(owners))
            self._erase_beside(counts, {"klachtenbeheer.measure": owners})
            self._empty_shared("klachtenbeheer.measure", tuple(owners))

    def _erase_from_drafts(self, measures):
        """Reports that are still being written say what was done as well; one that was approved
        is frozen."""
        told = {text for line in measures for text in (line.name, line.decision) if text}
        reports = self.env["klachtenbeheer.report"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("state", "in", ("writing", "approval")),
            ]
        )
        for report in reports:
            figures = _leave_out(report.figures, told)
            if figures != report.figures:
                report._as_procedure().figures = figures

    def _empty_shared(self, model, ids):
        records = self.env[model]
        treatments = personal.SHARED[model]
        names = [*treatments[personal.CLEAR], *treatments[personal.FORGET]]
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s, create_uid = %s, write_uid = %s WHERE id IN %s",
                SQL.identifier(records._table),
                SQL(", ").join(self._empty_column(records, name) for name in names),
                SUPERUSER_ID,
                SUPERUSER_ID,
                ids,
            )
        )

    # ---------------------------------------------------------------- patterns

    def _erase_patterns(self, counts):
        """That complaints had something in common stays, with its numbers; the person, the place
        and what was said of it go with the last of them."""
        field = self.env["klachtenbeheer.pattern"]._fields["complaint_ids"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT link.%(pattern)s, min(link.%(complaint)s)
                  FROM %(relation)s link
                 WHERE link.%(complaint)s IN %(ids)s
                   AND NOT EXISTS (
                       SELECT 1 FROM %(relation)s other
                         JOIN klachtenbeheer_complaint complaint
                           ON complaint.id = other.%(complaint)s
                        WHERE other.%(pattern)s = link.%(pattern)s
                          AND complaint.anonymised_on IS NULL
                          AND complaint.id NOT IN %(ids)s
                   )
                 GROUP BY link.%(pattern)s
                """,
                pattern=SQL.identifier(field.column1),
                complaint=SQL.identifier(field.column2),
                relation=SQL.identifier(field.relation),
                ids=tuple(self.ids),
            )
        )
        owners = dict(rows)
        if owners:
            self._erase_beside(counts, {"klachtenbeheer.pattern": owners})
            self._empty_shared("klachtenbeheer.pattern", tuple(owners))
            self._forget_places(tuple(owners))

    def _forget_places(self, pattern_ids):
        # a subject is a choice of the policy; where it happened was written in a dossier
        self.env.cr.execute(
            SQL(
                "UPDATE klachtenbeheer_pattern SET key = NULL WHERE id IN %s AND kind != 'theme'",
                pattern_ids,
            )
        )

    # ---------------------------------------------------------------- appointments

    def _erase_appointments(self, counts):
        """Out of the calendars of those invited; nobody is mailed about it."""
        hearings = self.hearing_ids
        events = hearings.calendar_event_id.with_context(dont_notify=True, mail_notrack=True)
        self._count("appointments", hearings.filtered("calendar_event_id").complaint_id.ids, counts)
        parts = {"calendar.event": dict.fromkeys(events.ids, self.ids[0])}
        self._erase_beside({complaint: {} for complaint in self}, parts)
        events.unlink()
        self.env.flush_all()

    # ---------------------------------------------------------------- files

    def _erase_files(self, parts, counts):
        """Files with all that the platform keeps of them."""
        for model, owners in parts.items():
            files = self.env["ir.attachment"].search(
                [
                    ("res_model", "=", model),
                    ("res_id", "in", list(owners)),
                    "|",
                    ("res_field", "=", False),
                    ("res_field", "!=", False),
                ]
            )
            self._count("files", [owners[file.res_id] for file in files], counts)
            self._unlink_files(files)

    def _unlink_files(self, files):
        # the PDF of a letter never changes, but for this
        files.with_context(letter_sentinel=LETTER_SENTINEL).unlink()

    def _erase_loose_files(self, counts):
        """Files that a line of the dossier points at and that are of no other record: what is
        added to a line before it is stored belongs to none."""
        found = {}
        for model, treatments in personal.FIELDS.items():
            for name in treatments.get(personal.FORGET, ()):
                if self.env[model]._fields[name].comodel_name == "ir.attachment":
                    found.update(self._select_loose_files(model, name))
        self._count("files", found.values(), counts)
        self._unlink_files(self.env["ir.attachment"].browse(found))

    def _select_loose_files(self, model, name):
        """(id of a file, id of the dossier) for all loose files of a field."""
        field = self.env[model]._fields[name]
        if not field.store or not (field.column_type or field.type == "many2many"):
            return []
        link = SQL("file.id = line.%s", SQL.identifier(name))
        if field.type == "many2many":
            link = SQL(
                "file.id IN (SELECT %s FROM %s WHERE %s = line.id)",
                SQL.identifier(field.column2),
                SQL.identifier(field.relation),
                SQL.identifier(field.column1),
            )
        return self.env.execute_query(
            SQL(
                "SELECT file.id, line.complaint_id FROM %s line JOIN ir_attachment file ON %s"
                " WHERE line.complaint_id IN %s AND COALESCE(file.res_id, 0) = 0",
                SQL.identifier(self.env[model]._table),
                link,
                tuple(self.ids),
            )
        )


def _leave_out(value, told):
    """A value of JSON with a dash in place of the texts that were told."""
    if isinstance(value, dict):
        return {key: _leave_out(part, told) for key, part in value.items()}
    if isinstance(value, list):
        return [_leave_out(part, told) for part in value]
    return personal.CLEARED if isinstance(value, str) and value in told else value
