"""Makes a large register quickly: copies complaints with their events and deadlines, in SQL.

The rows are the same as those that the addon writes, under new numbers; creating 100,000 complaints
one call after another would take longer than everything that is measured.
"""

from odoo.tools import SQL

COMPLAINT = "klachtenbeheer_complaint"
# The tables, with the column that says to which complaint a row belongs.
TABLES = {
    COMPLAINT: "id",
    "klachtenbeheer_event": "complaint_id",
    "klachtenbeheer_deadline": "complaint_id",
}
COLUMNS = """
    SELECT attribute.attname, target.relname
    FROM pg_attribute attribute
    LEFT JOIN pg_constraint link
        ON link.conrelid = attribute.attrelid
        AND link.contype = 'f'
        AND link.conkey = ARRAY[attribute.attnum]
    LEFT JOIN pg_class target ON target.oid = link.confrelid
    WHERE attribute.attrelid = %s::regclass
        AND attribute.attnum > 0
        AND NOT attribute.attisdropped
        AND attribute.attgenerated = ''
"""


def multiply(env, complaints, times):
    """Copy complaints a number of times. Needs a superuser: complaints and deadlines refer to each
    other, so the references are checked by nobody until both are there."""
    env.flush_all()
    env.cr.execute("SET LOCAL session_replication_role = replica")
    stride = max(_highest_id(env, table) for table in TABLES)
    for table, key in TABLES.items():
        _copy_rows(env, table, key, complaints.ids, stride, times)
    for table in TABLES:
        query = SQL("SELECT setval(%s, %s)", f"{table}_id_seq", _highest_id(env, table))
        env.cr.execute(query)
    env.cr.commit()


def _highest_id(env, table):
    """Return the highest id in a table."""
    env.cr.execute(SQL("SELECT coalesce(max(id), 0) FROM %s", SQL.identifier(table)))
    return env.cr.fetchone()[0]


def _copy_rows(env, table, key, ids, stride, times):
    """Copy the rows of a table that belong to some complaints."""
    env.cr.execute(COLUMNS, [table])
    columns = dict(env.cr.fetchall())
    query = SQL(
        "INSERT INTO %(table)s (%(columns)s) SELECT %(values)s FROM %(table)s AS source,"
        " generate_series(1, %(times)s) AS number WHERE source.%(key)s = ANY(%(ids)s)",
        table=SQL.identifier(table),
        columns=SQL(", ").join(map(SQL.identifier, columns)),
        values=SQL(", ").join(
            _value(table, column, target, stride) for column, target in columns.items()
        ),
        times=times,
        key=SQL.identifier(key),
        ids=ids,
    )
    env.cr.execute(query)


def _value(table, column, target, stride):
    """Return what a column gets in a copy: ids move along, references stay unique."""
    name = SQL.identifier("source", column)
    if column == "id" or target in TABLES:
        return SQL("%s + number * %s", name, stride)
    if (table, column) == (COMPLAINT, "name"):
        return SQL("%s || '-' || number", name)
    return name
