"""Makes a large register quickly: copies records with what belongs to them, in SQL.

The rows are the same as those that the addon writes, under new numbers and on earlier days;
creating 100,000 of them one by one would take longer than everything that is measured.
"""

from odoo.tools import SQL

COLUMNS = """
    SELECT attribute.attname, target.relname, format_type(attribute.atttypid, NULL) = 'date'
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
DAYS = 1500  # copies are spread over about four years


def multiply(env, ids, times, tables, unique=(), words=None, people=None, *, days=DAYS):
    """Copy records a number of times. Needs a superuser: rows that refer to each other are
    copied table by table, so the references are checked by nobody until all are there.

    :param tables: {table: column that says to which record a row belongs}
    :param unique: columns of the first table that get the number of the copy behind them
    :param words: column of the first table that gets a word of its own behind it
    :param people: (column, ids) of the first table, to hand out copies of what somebody has
    :param days: over how many days before the present ones the copies are spread
    """
    env.flush_all()
    env.cr.execute("SET LOCAL session_replication_role = replica")
    stride = max(_highest_id(env, table) for table in tables)
    first = next(iter(tables))
    for table, key in tables.items():
        special = (days, *((unique, words, people) if table == first else ((), None, None)))
        _copy_rows(env, table, key, ids, stride, times, set(tables), special)
    for table in tables:
        if _has_id(env, table):
            query = SQL("SELECT setval(%s, %s)", f"{table}_id_seq", _highest_id(env, table))
            env.cr.execute(query)
    env.cr.commit()


def _has_id(env, table):
    """Say whether a table has ids, which one of a many2many has not."""
    env.cr.execute(COLUMNS, [table])
    return "id" in {name for name, *_rest in env.cr.fetchall()}


def _highest_id(env, table):
    """Return the highest id in a table."""
    if not _has_id(env, table):
        return 0
    env.cr.execute(SQL("SELECT coalesce(max(id), 0) FROM %s", SQL.identifier(table)))
    return env.cr.fetchone()[0]


def _copy_rows(env, table, key, ids, stride, times, tables, special):
    """Copy the rows of a table that belong to some records."""
    env.cr.execute(COLUMNS, [table])
    columns = env.cr.fetchall()
    query = SQL(
        "INSERT INTO %(table)s (%(columns)s) SELECT %(values)s FROM %(table)s AS source,"
        " generate_series(1, %(times)s) AS copy (nr) WHERE source.%(key)s = ANY(%(ids)s)",
        table=SQL.identifier(table),
        columns=SQL(", ").join(SQL.identifier(name) for name, *_rest in columns),
        values=SQL(", ").join(
            _value(name, target in tables, is_date, stride, special)
            for name, target, is_date in columns
        ),
        times=times,
        key=SQL.identifier(key),
        ids=list(ids),
    )
    env.cr.execute(query)


def _value(column, copied_too, is_date, stride, special):
    """Return what a column gets in a copy: ids move along, days go back."""
    name = SQL.identifier("source", column)
    days, unique, words, people = special
    if column == "id" or copied_too:
        return SQL("%s + copy.nr * %s", name, stride)
    if is_date and days:
        return SQL("%s - (copy.nr * 7 %% %s)::int", name, days)
    if column in unique:
        return SQL("%s || '-' || copy.nr", name)
    if column == words:
        return SQL("%s || ' ' || left(md5((source.id + copy.nr * %s)::text), 8)", name, stride)
    if people and column == people[0]:
        somebody = SQL("(%s::int[])[1 + (source.id + copy.nr) %% %s]", people[1], len(people[1]))
        return SQL("CASE WHEN %s IS NULL AND %s = 0 THEN NULL ELSE %s END", name, days, somebody)
    return name
