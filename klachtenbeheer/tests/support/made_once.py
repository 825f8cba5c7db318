"""The world of a class of tests is made once, and put back as it was for the next class.

Making an organisation with its people and publishing its policies takes seconds, and hundreds of
classes begin with the same. The first one makes it, as a user does; what that wrote to the
database is kept as rows. A later class that begins the same way gets those rows, with the same
ids: its own transaction was rolled back, and numbers of records are never given twice.

What is the same is not guessed. A step is known by the step before it, by the methods that make
it as the class has them, and by the clock where that stands still; whatever else is written
between two steps makes all that follows be made anew.
"""
# pylint: disable=sql-injection
# names of tables and keys come from the database itself

import io
from datetime import date, datetime

from freezegun import api as clock

from odoo import sql_db
from odoo.api import Environment
from odoo.models import BaseModel
from odoo.tests import HttpCase

OURS = "odoo.addons.klachtenbeheer.tests."
PLAIN = (str, bytes, int, float, bool, type(None), date, datetime)
BEGIN = "made_once_begin"  # a savepoint
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
    SELECT relation.relname, array_agg(quote_ident(attribute.attname))
      FROM pg_index
      JOIN pg_class relation ON relation.oid = pg_index.indrelid
      JOIN pg_attribute attribute
        ON attribute.attrelid = relation.oid AND attribute.attnum = ANY(pg_index.indkey)
     WHERE pg_index.indisprimary AND relation.relname = ANY(%s)
     GROUP BY relation.relname
"""


class _CannotBeKeptError(Exception):
    """What a step made is more than rows and names of records."""


def make_once(cls, owner, name):
    """Make a part of the world of a class of tests, or put back what was made before.

    :param owner: the class that the part belongs to
    :param name: its class method that makes it, and writes nothing but to the database and `cls`
    """
    make = getattr(cls, name)
    step = _begin(cls, owner, name)
    if step is None:
        make()
        cls.made_once_step = None
        return
    kept = _kept.get(step)
    if kept:
        kept.put_back(cls)
    elif step in _kept:
        make()
    else:
        _kept[step] = _make_and_keep(cls, make)
    cls.made_once_step = step if _kept[step] else None
    cls.made_once_count = _count(cls.env.cr)


def _begin(cls, owner, name):
    """What is going to be made, or None where that is not known for sure."""
    cr = cls.env.cr
    cls.env.flush_all()
    if not hasattr(cls, "made_once_step") or cls.made_once_cursor is not cr:
        _begin_class(cls)
    if cls.made_once_step is None or _count(cr) != cls.made_once_count:
        return None
    moment = tuple(str(tell()) for tell in clock.freeze_factories)
    return (*cls.made_once_step, (cr.dbname, owner, name, _get_makers(cls, owner), moment))


def _begin_class(cls):
    """Where there is nothing yet; but for the address of pages, which is always the same."""
    cr = cls.env.cr
    cr.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
    [is_empty] = cr.fetchone()
    known = (is_empty or issubclass(cls, HttpCase)) and _may(cr)
    cls.made_once_step = (is_empty,) if known else None
    cls.made_once_cursor, cls.made_once_before = cr, dict(vars(cls))
    cr.execute(f"SAVEPOINT {BEGIN}")
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
    """Make it; return what was made, or None where it can't be put back."""
    cleanups = len(cls._class_cleanups)
    make()
    cls.env.flush_all()
    cls.env.cr.precommit.clear()
    if len(cls._class_cleanups) != cleanups:
        return None
    try:
        return _Made(cls)
    except _CannotBeKeptError:
        return None


class _Made:
    """What was written since the beginning of a transaction, and what a class knows of it."""

    def __init__(self, cls):
        cr, before = cls.env.cr, cls.made_once_before
        self.mark = cls.made_once_mark
        self.names = {
            name: _pack(value)
            for name, value in vars(cls).items()
            if before.get(name) is not value and not name.startswith("made_once")
        }
        self.context = dict(cls.env.context)
        self.invalidated = tuple(cls.registry.cache_invalidated)
        self.rows, self.removals = {}, []
        self._read_tables(cr)
        self.files = self._read_files(cls)

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
        names = ", ".join(key)
        is_ours = f"xmin::text::bigint >= {self.mark}"
        cr.execute(f'SELECT {names} FROM "{table}" WHERE {is_ours}')
        ours = set(cr.fetchall())
        lost = set()
        if ours or deleted:
            outside.execute(f'SELECT {names} FROM "{table}"')
            lost = set(outside.fetchall())
        if deleted:
            cr.execute(f'SELECT {names} FROM "{table}"')
            lost -= set(cr.fetchall()) - ours
        else:
            lost &= ours
        if lost:
            values = ", ".join(cr._obj.mogrify("%s", [row]).decode() for row in sorted(lost))
            self.removals.append(f'DELETE FROM "{table}" WHERE ({names}) IN ({values})')
        if ours:
            rows = io.BytesIO()
            query = f'COPY (SELECT * FROM "{table}" WHERE {is_ours}) TO STDOUT'
            cr._obj.copy_expert(query, rows)
            self.rows[table] = rows.getvalue()

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
        cr = cls.env.cr
        cr.execute(f"ROLLBACK TO SAVEPOINT {BEGIN}")
        cr.execute("SET LOCAL session_replication_role = replica")  # whatever refers to whatever
        if self.removals:
            cr._obj.execute(";".join(self.removals))
        for table, rows in self.rows.items():
            cr._obj.copy_expert(f'COPY "{table}" FROM STDIN', io.BytesIO(rows))
        cr.execute("SET LOCAL session_replication_role = origin")
        for name, content in self.files.items():
            cls.env["ir.attachment"]._file_write(content, name.rpartition("/")[2])
        cls.env.transaction.clear()
        if self.invalidated:
            cls.registry.clear_cache(*self.invalidated)
        cls.env = Environment(cr, cls.env.uid, self.context, cls.env.su)
        for name, packed in self.names.items():
            if name != "env":
                setattr(cls, name, _unpack(cls.env, packed))


def _pack(value):
    """A value that outlives its transaction."""
    if isinstance(value, BaseModel):
        return ("records", value._name, value._ids, value.env.uid, value.env.context, value.env.su)
    if isinstance(value, Environment):
        return ("environment",)
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
