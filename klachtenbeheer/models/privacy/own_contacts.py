from psycopg2 import Error

from odoo import models
from odoo.tools import SQL

from . import personal

# Beside the address book: it goes with the contact.
OF_THE_CONTACT = {
    *("mail.followers", "mail.notification", "mail.message.reaction", "mail.push.device"),
    *("discuss.channel.member", "mail.guest", "res.partner"),
}


class ComplaintOwnContacts(models.Model):
    """Contacts that are in the address book for a complaint alone go with it."""

    _inherit = "klachtenbeheer.complaint"

    def _get_own_contacts(self):
        """Contacts of these dossiers that were made when the complaint came in, or later."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT contact.partner_id
                  FROM (%(mentions)s) contact
                  JOIN klachtenbeheer_complaint complaint ON complaint.id = contact.complaint_id
                  JOIN res_partner partner ON partner.id = contact.partner_id
                 WHERE partner.create_date >= complaint.create_date - interval '1 hour'
                   AND NOT EXISTS (SELECT 1 FROM res_users WHERE partner_id = partner.id)
                   AND NOT EXISTS (SELECT 1 FROM res_company WHERE partner_id = partner.id)
                """,
                mentions=SQL(" UNION ALL ").join(self._get_mentions()),
            )
        )
        return self.env["res.partner"].browse(number for [number] in rows)

    def _get_mentions(self):
        """Where a contact stands in a dossier, as SQL: in its fields, and as who wrote or received
        a message on it, or follows it."""
        for model in (*personal.FIELDS, *personal.DELETED):
            for field in self.env[model]._fields.values():
                if field.comodel_name == "res.partner" and field.store and not field.inherited:
                    yield from self._mention_to_sql(self.env[model], field)
        yield SQL(
            "SELECT res_id, author_id FROM mail_message WHERE %s AND author_id IS NOT NULL",
            self._of_these_to_sql("model"),
        )
        yield SQL(
            "SELECT message.res_id, link.res_partner_id FROM mail_message_res_partner_rel link"
            " JOIN mail_message message ON message.id = link.mail_message_id WHERE %s",
            self._of_these_to_sql("model"),
        )
        yield SQL(
            "SELECT res_id, partner_id FROM mail_followers WHERE %s",
            self._of_these_to_sql("res_model"),
        )

    def _of_these_to_sql(self, model_field):
        return SQL(
            "%s = %s AND res_id IN %s", SQL.identifier(model_field), self._name, tuple(self.ids)
        )

    def _mention_to_sql(self, model, field):
        own = SQL.identifier("line", "id" if model._name == self._name else "complaint_id")
        table, ids = SQL.identifier(model._table), tuple(self.ids)
        if field.type == "many2one" and field.column_type:
            contact = SQL.identifier("line", field.name)
            yield SQL(
                "SELECT %(own)s AS complaint_id, %(contact)s AS partner_id FROM %(table)s line"
                " WHERE %(own)s IN %(ids)s AND %(contact)s IS NOT NULL",
                own=own,
                contact=contact,
                table=table,
                ids=ids,
            )
        elif field.type == "many2many":
            yield SQL(
                "SELECT %(own)s AS complaint_id, link.%(contact)s AS partner_id FROM %(table)s line"
                " JOIN %(relation)s link ON link.%(line)s = line.id WHERE %(own)s IN %(ids)s",
                own=own,
                contact=SQL.identifier(field.column2),
                table=table,
                relation=SQL.identifier(field.relation),
                line=SQL.identifier(field.column1),
                ids=ids,
            )

    def _erase_contacts(self, contacts, counts):
        """Remove those that nothing else needs; one that the platform does not let go stays."""
        gone = 0
        for contact in contacts - self._get_needed(contacts):
            try:
                with self.env.cr.savepoint():
                    contact.with_context(tracking_disable=True).unlink()
                gone += 1
            except Exception as error:
                if isinstance(error, Error) and getattr(error, "pgcode", "") == "40001":
                    raise
        if gone:
            line = counts[self[:1]]
            line["contacts"] = line.get("contacts", 0) + gone

    def _get_needed(self, contacts):
        """Contacts to which something else points."""
        needed = contacts.browse()
        for table, column in self._get_contact_columns() if contacts else ():
            rows = self.env.execute_query(
                SQL(
                    "SELECT DISTINCT %(column)s FROM %(table)s WHERE %(column)s IN %(ids)s",
                    column=SQL.identifier(column),
                    table=SQL.identifier(table),
                    ids=tuple(contacts.ids),
                )
            )
            needed |= contacts.browse(number for [number] in rows)
        parents = contacts.search([("parent_id", "in", contacts.ids)]).parent_id
        return needed | parents

    def _get_contact_columns(self):
        """(table, column) of every stored reference to a contact."""
        found = set()
        for name, model in self.env.registry.items():
            if not model._auto or model._abstract or model._transient or name in OF_THE_CONTACT:
                continue
            for field in model._fields.values():
                if not field.store or field.comodel_name != "res.partner":
                    continue
                if field.type == "many2one" and field.column_type and not field.inherited:
                    found.add((model._table, field.name))
                elif field.type == "many2many":
                    found.add((field.relation, field.column2))
        return sorted(found)
