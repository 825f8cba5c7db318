from psycopg2 import Error

from odoo import models
from odoo.tools import SQL

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
        """Where a contact stands in a dossier, as SQL."""
        ids = tuple(self.ids)
        columns = (
            ("klachtenbeheer_complaint", "id", "partner_id"),
            ("klachtenbeheer_complaint", "id", "addressee_id"),
            ("klachtenbeheer_identity", "complaint_id", "partner_id"),
            ("klachtenbeheer_assistance", "complaint_id", "partner_id"),
            ("klachtenbeheer_hearing_participant", "complaint_id", "partner_id"),
            ("klachtenbeheer_letter", "complaint_id", "partner_id"),
        )
        for table, own, contact in columns:
            yield SQL(
                "SELECT %(own)s AS complaint_id, %(contact)s AS partner_id FROM %(table)s"
                " WHERE %(own)s IN %(ids)s AND %(contact)s IS NOT NULL",
                own=SQL.identifier(own),
                contact=SQL.identifier(contact),
                table=SQL.identifier(table),
                ids=ids,
            )
        for name in ("respondent_ids", "representative_ids"):
            field = self._fields[name]
            yield SQL(
                "SELECT %(own)s, %(contact)s FROM %(table)s WHERE %(own)s IN %(ids)s",
                own=SQL.identifier(field.column1),
                contact=SQL.identifier(field.column2),
                table=SQL.identifier(field.relation),
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
