"""The world of a class of tests is made once, and put back as it was for the next class.

Making an organisation with its people and publishing its policies takes seconds, and hundreds of
classes begin with the same. The first one makes it, as a user does; what that wrote to the
database is kept as rows. A later class that begins the same way gets those rows, with the same
ids: its own transaction was rolled back, and numbers of records are never given twice.

What is the same is not guessed. A step is known by the step before it, by the methods that make
it as the class has them, and by the clock where that stands still; whatever else is written
between two steps makes all that follows be made anew.
"""

import io
from datetime import date, datetime
from functools import partial

from freezegun import api as clock

from odoo import sql_db
from odoo.api import Environment
from odoo.models import BaseModel
from odoo.tests import HttpCase
from odoo.tools import SQL

OURS = "odoo.addons.klachtenbeheer.tests."
PLAIN = (str, bytes, int, float, bool, type(None), date, datetime)
_kept = {}  # {(database, step): what it made, or None where that can't be put back}

WRITTEN = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del, n_tup_del
      FROM pg_stat_xact_user_tables
     WHERE schemaname = 'public' AND n_tup_ins + n_tup_upd + n_tup_del > 0
"""
# A line of this transaction, and of none before the savepoint.
MARK = """
    UPDATE ir_config_parameter SET id = id WHERE key = 'database.uuid' RETURNING xmin::text::bigint
"""
KEYS = """
    SELECT relation.relname, array_agg(attribute.attname)
      FROM pg_index
      JOIN pg_class relation ON relation.oid = pg_index.indrelid
      JOIN pg_attribute attribute
        ON attribute.attrelid = relation.oid AND attribute.attnum = ANY(pg_index.indkey)
     WHERE pg_index.indisprimary AND relation.relname = ANY(%s)
     GROUP BY relation.relname
"""


class _CannotBeKeptError(Exception):
    """What a step made is more than rows and names of records."""


def make_once(cls, owner, name, *arguments):
    """Make a part of the world of a class of tests, or put back what was made before.

    :param owner: the class that the part belongs to
    :param name: its class method that makes it, and writes nothing but to the database; and to
        `cls`, but not in a test
    :return: what that method returns
    """
    make = partial(getattr(cls, name), *arguments)
    step = _begin(cls, owner, name, *arguments)
    if step is None:
        result = make()
        cls.made_once_step = None
        return result
    if kept := _kept.get(step):
        result = kept.put_back(cls)
    elif step in _kept:
        result = make()
    else:
        result, _kept[step] = _make_and_keep(cls, make)
    cls.made_once_step = step if _kept[step] else None
    cls.made_once_count = _count(cls.env.cr)
    return result


def begin_test(case):
    """A test begins with what its class made, if nothing else was written since."""
    cls, cr = type(case), case.env.cr
    if cls.made_once_step is None or cls.made_once_cursor is not cr:
        return
    count = _count(cr)
    if not _is_in_test(cls) and count != cls.made_once_count:
        cls.made_once_step = None
        return
    cls.made_once_tests, cls.made_once_count = cr, count
    case.addCleanup(setattr, cls, "made_once_step", cls.made_once_step)


def _is_in_test(cls):
    return getattr(cls, "made_once_tests", None) is cls.env.cr


def _begin(cls, owner, name, *arguments):
    """What is going to be made, or None where that is not known for sure."""
    cr = cls.env.cr
    cls.env.flush_all()
    if not hasattr(cls, "made_once_step") or cls.made_once_cursor is not cr:
        _begin_class(cls)
    if cls.made_once_step is None or _count(cr) != cls.made_once_count:
        return None
    known = (cr.dbname, owner, name, arguments, _get_makers(cls, owner), _get_circumstances(cls))
    return (*cls.made_once_step, known)


def _get_circumstances(cls):
    """What else it can depend on that is in no table."""
    people = getattr(cls, "users", None) or {}
    return (
        str(getattr(cls, "company", None)),
        str({name: user.id for name, user in people.items()}),
        str(dict(cls.env.context)),
        tuple(str(tell()) for tell in clock.freeze_factories),
    )


def _begin_class(cls):
    """Where there is nothing yet; but for the address of pages, which is always the same."""
    cr = cls.env.cr
    cr.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
    [is_empty] = cr.fetchone()
    known = (is_empty or issubclass(cls, HttpCase)) and _may(cr)
    cls.made_once_step = (is_empty,) if known else None
    cls.made_once_cursor, cls.made_once_before = cr, dict(vars(cls))
    cr.execute("SAVEPOINT made_once")
    cr.execute(MARK)
    [cls.made_once_mark] = cr.fetchone()
    cls.made_once_count = _count(cr)


def _may(cr):
    """Only a superuser of PostgreSQL puts rows back in any order."""
    cr.execute("SELECT current_setting('is_superuser') = 'on'")
    return cr.fetchone()[0]


def _count(cr):
    """How much was written in this transaction."""
    cr.execute(WRITTEN)
    return sum(row[1] for row in cr.fetchall())


def _get_makers(cls, owner):
    """The methods and constants of a class that what it makes can depend on."""
    makers = set()
    for base in owner.__mro__:
        if not base.__module__.startswith(OURS):
            continue
        for name, value in vars(base).items():
            if isinstance(value, classmethod) and name != "setUpClass":
                makers.add((name, getattr(cls, name).__func__))
            elif name.isupper():
                makers.add((name, repr(getattr(cls, name))))
    return frozenset(makers)


def _make_and_keep(cls, make):
    """Make it; return the result, and what was made or None where it can't be put back."""
    cleanups = len(cls._class_cleanups)
    result = make()
    cls.env.flush_all()
    cls.env.cr.precommit.clear()
    if len(cls._class_cleanups) != cleanups:
        return result, None
    try:
        return result, _Made(cls, result)
    except _CannotBeKeptError:
        return result, None


class _Made:
    """What was written since the beginning of a transaction, and what a class knows of it."""

    def __init__(self, cls, result):
        cr = cls.env.cr
        self.mark, self.result = cls.made_once_mark, _pack(result)
        self.names = {} if _is_in_test(cls) else self._read_names(cls)
        self.context = dict(cls.env.context)
        self.invalidated = tuple(cls.registry.cache_invalidated)
        self.rows, self.removals = {}, []
        self._read_tables(cr)
        self.files = self._read_files(cls)

    def _read_names(self, cls):
        before = cls.made_once_before
        return {
            name: _pack(value)
            for name, value in vars(cls).items()
            if before.get(name) is not value and name != "env" and name[:9] != "made_once"
        }

    def _read_tables(self, cr):
        cr.execute(WRITTEN)
        tables = {table: deleted for table, _written, deleted in cr.fetchall()}
        cr.execute(KEYS, [list(tables)])
        keys = dict(cr.fetchall())
        if keys.keys() != tables.keys():
            raise _CannotBeKeptError
        # what is in the database without this transaction
        with sql_db.db_connect(cr.dbname).cursor() as outside:
            for table, deleted in tables.items():
                self._read_table(cr, outside, table, keys[table], deleted)

    def _read_table(self, cr, outside, table, key, deleted):
        keys = SQL(
            "SELECT %s FROM %s", SQL(", ").join(map(SQL.identifier, key)), SQL.identifier(table)
        )
        is_ours = SQL("xmin::text::bigint >= %s", self.mark)
        ours = self._fetch(cr, SQL("%s WHERE %s", keys, is_ours))
        gone = ours | (self._fetch(outside, keys) - self._fetch(cr, keys) if deleted else set())
        if ours:
            rows = io.BytesIO()
            query = SQL("SELECT * FROM %s WHERE %s", SQL.identifier(table), is_ours)
            cr._obj.copy_expert(f"COPY ({_to_text(cr, query)}) TO STDOUT", rows)
            self.rows[table] = rows.getvalue()
        if gone:
            removal = SQL(
                "DELETE FROM %s WHERE (%s) IN %s",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, key)),
                tuple(sorted(gone)),
            )
            self.removals.append(_to_text(cr, removal))

    def _fetch(self, cr, query):
        cr.execute(query)
        return set(cr.fetchall())

    def _read_files(self, cls):
        """Files of attachments, which are removed when a class of tests is done."""
        if "ir_attachment" not in self.rows:
            return {}
        attachments = cls.env["ir.attachment"]
        cls.env.cr.execute("SELECT store_fname FROM ir_attachment WHERE store_fname IS NOT NULL")
        return {
            name: attachments._file_read(name)
            for [name] in cls.env.cr.fetchall()
            if name.encode() in self.rows["ir_attachment"]
        }

    def put_back(self, cls):
        cr, there = cls.env.cr, _kept.get(cls.made_once_step)
        cr.execute("SET LOCAL session_replication_role = replica")  # whatever refers to whatever
        cr._obj.execute(";".join([*(there.removals if there else ()), *self.removals]))
        for table, rows in self.rows.items():
            cr._obj.copy_expert(f'COPY "{table}" FROM STDIN', io.BytesIO(rows))
        cr.execute("SET LOCAL session_replication_role = origin")
        for name, content in self.files.items():
            cls.env["ir.attachment"]._file_write(content, name.rpartition("/")[2])
        cls.env.transaction.clear()
        if self.invalidated:
            cls.registry.clear_cache(*self.invalidated)
        if not _is_in_test(cls):
            cls.env = Environment(cr, cls.env.uid, self.context, cls.env.su)
            for name, packed in self.names.items():
                setattr(cls, name, _unpack(cls.env, packed))
        return _unpack(cls.env, self.result)


def _to_text(cr, query):
    return cr._obj.mogrify(query.code, query.params).decode()


def _pack(value):
    """A value that outlives its transaction."""
    if isinstance(value, BaseModel):
        return ("records", value._name, value._ids, value.env.uid, value.env.context, value.env.su)
    if isinstance(value, dict):
        return ("dict", [(_pack(key), _pack(item)) for key, item in value.items()])
    if type(value) in (list, tuple, set):
        return ("many", type(value), [_pack(item) for item in value])
    if isinstance(value, PLAIN):
        return ("plain", value)
    raise _CannotBeKeptError


def _unpack(env, packed):
    match packed:
        case ("records", name, ids, uid, context, su):
            return Environment(env.cr, uid, context, su)[name].browse(ids)
        case ("dict", items):
            return {_unpack(env, key): _unpack(env, item) for key, item in items}
        case ("many", kind, items):
            return kind(_unpack(env, item) for item in items)
        case ("plain", value):
            return value
