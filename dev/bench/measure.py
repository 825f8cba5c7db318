"""Measuring inside `odoo shell`: work that the driver asks for, one round after another."""

import contextlib
import json
import statistics
import time
from pathlib import Path

import psycopg2

from odoo.sql_db import connection_info_for

MARK = "FIGURES "


def serve(side, orders):
    """Do what is ordered, line by line, and print each answer after MARK.

    :param side: has a method for each order
    :param orders: path of a named pipe with JSON lines [name of a method, arguments…]
    """
    with open(orders) as pipe:
        for line in pipe:
            name, *arguments = json.loads(line)
            if name == "stop":
                break
            print(MARK + json.dumps(getattr(side, name)(*arguments)), flush=True)


class Side:
    """One of the two that are compared: how it is filled, and the work that is measured.

    `works` is {name of the work: (function to measure, how it ends, records in one go)}.
    """

    KEPT, UNDONE, PREPARED = "kept", "undone", "prepared"

    def __init__(self, env):
        self.env = env
        self.works = {}
        env.cr.execute("SELECT pg_backend_pid()")
        [backend] = env.cr.fetchone()
        self.schedstat = Path(f"/proc/{backend}/schedstat")

    def names(self):
        """Return the names of all work that this side knows."""
        return list(self.works)

    def measure(self, name, times):
        """Return the median seconds for one record or page, and the queries that it took.

        Each time starts as a request does: with nothing read yet, in a warm process.
        """
        function, end, count = self.works[name]
        self._measure_once(function, end)
        figures = [self._measure_once(function, end) for _ in range(times)]
        seconds, cpu, queries = map(statistics.median, zip(*figures, strict=True))
        return {
            "seconds": seconds / count,
            "cpu": cpu / count,
            "queries": round(queries / count, 1),
        }

    def compare(self, name, other, times):
        """Return how many times longer one work takes than another, in turns."""
        pairs = [
            [self._measure_once(*self.works[which][:2])[0] for which in (name, other)]
            for _ in range(times)
        ]
        return statistics.median(one / two for one, two in pairs)

    def memory(self, name):
        """Return by how many megabytes the process grows at most while it does some work."""
        function, _end, _count = self.works[name]
        function()  # what is loaded once is there
        self.env.cr.rollback()
        Path("/proc/self/clear_refs").write_text("5")  # forget the highest use so far
        before = _read_memory("VmHWM")
        function()
        self.env.flush_all()
        grown = _read_memory("VmHWM") - before
        self.env.cr.rollback()
        return grown / 1024

    def _measure_once(self, function, end):
        self.env.cr.rollback()
        # one process does all the work: what others leave of this machine differs
        self.env.cr.execute("SET max_parallel_workers_per_gather = 0")
        prepared = function() if end == self.PREPARED else None
        work = prepared or function
        before = self._read_clocks()
        work()
        self.env.flush_all()
        if end != self.UNDONE:
            self.env.cr.commit()
        after = self._read_clocks()
        self.env.cr.rollback()
        return [late - early for early, late in zip(before, after, strict=True)]

    def _read_clocks(self):
        """Return seconds passed, seconds of processor spent, and queries so far.

        On a machine that others use too, the processor time differs much less.
        """
        cpu = time.process_time()
        if self.schedstat.is_file():  # else the database is on another machine
            cpu += int(self.schedstat.read_text().split()[0]) / 1e9
        return time.perf_counter(), cpu, self.env.cr.sql_log_count

    # ---------------------------------------------------------------- creating

    def add_creation(self, model, values, many):
        """Measure creating records: in a row, each in its own transaction, many in one call."""

        def create(count):
            return lambda: model.create([values() for _ in range(count)])

        def in_a_row():
            model.create([values()])  # what a transaction reads once has been read
            return create(1)

        self.works |= {
            "one": (in_a_row, self.PREPARED, 1),
            "request": (create(1), self.KEPT, 1),
            "bulk": (create(many), self.UNDONE, many),
        }

    # ---------------------------------------------------------------- screens

    def add_screen(self, name, user, function):
        """Measure a function of an environment of a user, as a request of theirs."""
        env = self.env(user=user.id, su=False, context=dict(user.context_get()))
        env = env(context={**env.context, "allowed_company_ids": user.company_ids.ids})
        self.works[name] = (lambda: function(env), self.UNDONE, 1)

    def analyze(self):
        """Let the database tidy up and know what is in its tables, as it does by itself after some
        time; beside our transaction, as it can't within one."""
        self.env.cr.commit()
        _name, connection = connection_info_for(self.env.cr.dbname)
        beside = psycopg2.connect(**connection)
        beside.autocommit = True
        with contextlib.closing(beside), beside.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _read_memory(name):
    """Return a figure of the memory of this process, in kilobytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
