from odoo import models
from odoo.tools import SQL

# Rows that stay for their figure, without what was said: rating.rating; files go by themselves.
APART = {"rating.rating", "ir.attachment", "mail.message"}
# Points at records of other kinds for reasons of its own.
ELSEWHERE = {
    "ir.model.data",
    "ir.actions.act_window",
    "ir.profile",
    "ir.logging",
    "mail.activity.plan",
    "res.users.settings.embedded.action",
}
DOCUMENT_FIELDS = (("model", "res_id"), ("res_model", "res_id"))


class ComplaintEraseBeside(models.Model):
    """What the platform keeps beside the records of a dossier: messages with their tracked
    values, notifications and mails, activities, followers, files, ratings. Found in the registry:
    whatever has a model and an id of a record, of whichever module."""

    _inherit = "klachtenbeheer.complaint"

    def _erase_beside(self, counts, parts):
        """Remove what hangs on records.

        :param parts: {model: {id of a record: id of its dossier}}
        """
        counted = {complaint.id for complaint in counts}
        for model, owners in parts.items():
            if owners:
                own = {key: value for key, value in owners.items() if value in counted}
                self._empty_ratings(model, owners)
                self._delete_messages(model, owners, counts)
                self._delete_hanging(model, owners, counts)
                self._erase_files({model: own}, counts)

    # ---------------------------------------------------------------- messages

    def _delete_messages(self, model, owners, counts):
        """In SQL: what belongs to a message goes with it (the database cascades), and nobody is
        told."""
        queries = [
            SQL(
                "SELECT id, res_id FROM mail_message WHERE model = %s AND res_id IN %s",
                model,
                tuple(owners),
            ),
            *self._mails_to_sql(SQL("message.id, message.res_id"), model, owners),
        ]
        found = self.env.execute_query(SQL(" UNION ").join(queries))
        if not found:
            return
        message_ids = tuple(number for number, _owner in found)
        self._delete_of_messages(message_ids)
        self.env.cr.execute(SQL("DELETE FROM mail_message WHERE id IN %s", message_ids))
        self._count_known("messages", [owners.get(owner) for _number, owner in found], counts)

    def _mails_to_sql(self, columns, model, ids):
        """Mails in the queue that are of a record without being on it, found by each field that
        says so: a UNION of these uses the indexes."""
        for field in self.env["mail.mail"]._fields.values():
            if field.comodel_name == model and field.type == "many2one" and field.store:
                yield SQL(
                    "SELECT %s FROM mail_mail mail"
                    " JOIN mail_message message ON message.id = mail.mail_message_id"
                    " WHERE mail.%s IN %s",
                    columns,
                    SQL.identifier(field.name),
                    tuple(ids),
                )

    def _delete_of_messages(self, message_ids):
        """What does not go by itself: a rating stays, without what was said; texts in letters
        and texts sent by phone, files, and what links looked like."""
        self.env.cr.execute(
            SQL("UPDATE rating_rating SET message_id = NULL WHERE message_id IN %s", message_ids)
        )
        for model, field in self._get_message_references():
            self.env.cr.execute(
                SQL(
                    "DELETE FROM %s WHERE %s IN %s",
                    SQL.identifier(self.env[model]._table),
                    SQL.identifier(field),
                    message_ids,
                )
            )
        self._delete_message_files(message_ids)
        self._delete_link_previews(message_ids)

    def _get_message_references(self):
        """Models of the platform of which a line is nothing without its message."""
        return [
            (name, field.name)
            for name, model in self.env.registry.items()
            if model._auto and not model._abstract and not name.startswith("klachtenbeheer.")
            for field in model._fields.values()
            if field.type == "many2one"
            and field.store
            and field.comodel_name == "mail.message"
            and field.name in ("mail_message_id", "message_id")
            and name not in (*APART, "mail.notification")
        ]

    def _delete_message_files(self, message_ids):
        """Files that were sent along, unless they are of another record."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT rel.attachment_id FROM message_attachment_rel rel
                  JOIN ir_attachment file ON file.id = rel.attachment_id
                 WHERE rel.message_id IN %(ids)s
                   AND (file.res_id IS NULL OR file.res_id = 0
                        OR file.res_model IN ('mail.message', 'mail.compose.message', 'mail.mail'))
                   AND NOT EXISTS (
                       SELECT 1 FROM message_attachment_rel other
                        WHERE other.attachment_id = rel.attachment_id
                          AND other.message_id NOT IN %(ids)s
                   )
                """,
                ids=message_ids,
            )
        )
        self.env["ir.attachment"].browse(number for [number] in rows).unlink()

    def _delete_link_previews(self, message_ids):
        self.env.cr.execute(
            SQL(
                """
                WITH gone AS (
                    DELETE FROM mail_message_link_preview WHERE message_id IN %(ids)s
                    RETURNING link_preview_id
                )
                DELETE FROM mail_link_preview preview USING gone
                 WHERE preview.id = gone.link_preview_id
                   AND NOT EXISTS (
                       SELECT 1 FROM mail_message_link_preview other
                        WHERE other.link_preview_id = preview.id
                          AND other.message_id NOT IN %(ids)s
                   )
                """,
                ids=message_ids,
            )
        )

    # ---------------------------------------------------------------- the rest

    def _delete_hanging(self, model, owners, counts):
        for name, model_field, id_field in self._get_hanging():
            rows = self.env.execute_query(
                SQL(
                    "DELETE FROM %s WHERE %s = %s AND %s IN %s RETURNING %s",
                    SQL.identifier(self.env[name]._table),
                    SQL.identifier(model_field),
                    model,
                    SQL.identifier(id_field),
                    tuple(owners),
                    SQL.identifier(id_field),
                )
            )
            if name == "mail.activity":
                self._count_known("activities", [owners[owner] for [owner] in rows], counts)

    def _get_hanging(self):
        """(model, field with a model, field with an id) of all that hangs on records."""
        found = []
        for name, model in self.env.registry.items():
            if not model._auto or model._abstract or name in APART | ELSEWHERE:
                continue
            for model_field, id_field in DOCUMENT_FIELDS:
                if all(
                    fname in model._fields
                    and model._fields[fname].store
                    and model._fields[fname].column_type
                    for fname in (model_field, id_field)
                ) and model._fields[id_field].type in ("integer", "many2one_reference"):
                    found.append((name, model_field, id_field))
        return found

    def _empty_ratings(self, model, owners):
        """How satisfied somebody was counts; who it was and in which words does not."""
        self.env.cr.execute(
            SQL(
                "UPDATE rating_rating SET feedback = NULL, partner_id = NULL,"
                " rated_partner_id = NULL, publisher_comment = NULL, publisher_id = NULL,"
                " message_id = NULL, access_token = NULL, create_uid = 1, write_uid = 1,"
                " res_name = NULL, parent_res_name = NULL"
                " WHERE res_model = %s AND res_id IN %s",
                model,
                tuple(owners),
            )
        )

    def _erase_queue(self, counts):
        """Mails that were sent, or will not be any more, with their addresses; what they said is
        on the dossier."""
        columns = SQL("mail.id, message.id, message.res_id")
        letters = [number for number, _dossier in self._select_part("klachtenbeheer.letter")]
        queries = [
            SQL(
                "SELECT %s FROM mail_mail mail"
                " JOIN mail_message message ON message.id = mail.mail_message_id"
                " WHERE message.model = %s AND message.res_id IN %s",
                columns,
                self._name,
                tuple(self.ids),
            ),
            *self._mails_to_sql(columns, self._name, self.ids),
            *self._mails_to_sql(columns, "klachtenbeheer.letter", letters or [0]),
        ]
        rows = self.env.execute_query(SQL(" UNION ").join(queries))
        mails = tuple(mail for mail, _message, _owner in rows)
        if mails:
            self.env.cr.execute(SQL("DELETE FROM mail_mail WHERE id IN %s", mails))
            self._delete_loose_messages([message for _mail, message, _owner in rows])
        owned = {number: number for number in self.ids}
        self._count_known("mails", [owned.get(owner) for _mail, _message, owner in rows], counts)

    def _delete_loose_messages(self, message_ids):
        """What stands behind a mail and on no record: nothing leads to it any more."""
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM mail_message WHERE id IN %s AND COALESCE(res_id, 0) = 0",
                tuple(message_ids) or (0,),
            )
        )
        loose = tuple(number for [number] in rows)
        if loose:
            self._delete_of_messages(loose)
            self.env.cr.execute(SQL("DELETE FROM mail_message WHERE id IN %s", loose))

    def _count_known(self, what, dossier_ids, counts):
        known = {complaint.id for complaint in counts}
        self._count(what, [number for number in dossier_ids if number in known], counts)

    def _erase_pushes(self, _counts):
        """What waits for open screens. Older than a day the platform removes it, and two who
        remove the same would meet."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM bus_bus WHERE message LIKE %s"
                " AND create_date > now() AT TIME ZONE 'UTC' - interval '23 hours'",
                '%"klachtenbeheer.%',
            )
        )

    def _erase_dialogs(self, _counts):
        """What somebody has just typed in a dialog about these; older ones are gone anyway."""
        parts = {model: tuple(owners) for model, owners in self._get_parts().items() if owners}
        for name, field in self._get_dialog_fields(parts):
            about = SQL("%s IN %s", SQL.identifier(field.name), parts[field.comodel_name])
            if field.type == "many2many":
                about = SQL(
                    "id IN (SELECT %s FROM %s WHERE %s IN %s)",
                    SQL.identifier(field.column1),
                    SQL.identifier(field.relation),
                    SQL.identifier(field.column2),
                    parts[field.comodel_name],
                )
            table = SQL.identifier(self.env[name]._table)
            self.env.cr.execute(SQL("DELETE FROM %s WHERE %s", table, about))

    def _get_dialog_fields(self, parts):
        """(name of a dialog of ours, its field that points at records of a dossier)."""
        for name, model in self.env.registry.items():
            if name.startswith("klachtenbeheer.") and model._transient and not model._abstract:
                for field in model._fields.values():
                    is_stored = field.store and field.type in ("many2one", "many2many")
                    if field.comodel_name in parts and is_stored:
                        yield name, field
