from odoo.tests import TransactionCase, tagged

FOREIGN_KEYS = """
    SELECT link.conrelid::regclass::text, attribute.attname
    FROM pg_constraint link
    JOIN pg_attribute attribute
        ON attribute.attrelid = link.conrelid AND attribute.attnum = link.conkey[1]
    WHERE link.contype = 'f'
        AND link.conrelid::regclass::text LIKE 'klachtenbeheer%%'
        AND link.confrelid::regclass::text NOT IN %(kept)s
        AND NOT EXISTS (
            SELECT FROM pg_index
            WHERE indrelid = link.conrelid
                AND indkey[0] = link.conkey[1]
                AND (
                    indpred IS NULL
                    OR pg_get_expr(indpred, indrelid)
                        = format('(%%I IS NOT NULL)', attribute.attname)
                )
        )
"""
# Users and companies are archived: deleting one looks through every table of the platform.
KEPT = ("res_users", "res_company")
OPEN_PLAN = """
    EXPLAIN SELECT id FROM klachtenbeheer_complaint
    WHERE active IS TRUE AND is_closed IS NOT TRUE AND company_id IN (%s)
    ORDER BY next_due_on, id DESC LIMIT 80
"""


@tagged("post_install", "-at_install")
class TestIndexes(TransactionCase):
    """What is looked up costs what is found, not what the register holds (design.md 7)."""

    def test_a_deletion_finds_what_refers_to_it(self):
        """Without an index each deletion reads a whole table to see who refers to the row.

        The dialogs (transient models) hold the rows of a day.
        """
        self.env.cr.execute(FOREIGN_KEYS, {"kept": KEPT})
        models = {model._table: model for model in map(self.env.get, self.env.registry)}
        missing = {
            (table, column)
            for table, column in self.env.cr.fetchall()
            if not (table in models and models[table]._transient)
        }
        self.assertFalse(missing)

    def test_what_is_open_has_an_index_in_the_order_of_the_lists(self):
        """The words of the index are those that the platform makes of `is_closed = False`."""
        complaints = self.env["klachtenbeheer.complaint"]
        query = complaints._search([("is_closed", "=", False)], order="next_due_on, id desc")
        self.assertIn('"is_closed" IS NOT TRUE', query.select().code)
        # in an empty table all plans cost the same: without sorting only the order counts
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_sort = off")
        self.env.cr.execute("DROP INDEX klachtenbeheer_complaint_due_idx")
        self.env.cr.execute(OPEN_PLAN, [self.env.company.id])
        plan = "\n".join(line for [line] in self.env.cr.fetchall())
        self.assertIn("klachtenbeheer_complaint_open_idx", plan)
