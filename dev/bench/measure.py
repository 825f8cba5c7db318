"""Measuring inside `odoo shell`: medians of repeated work."""

import statistics
import time

ONE_BY_ONE = 100
BULK = 1000
BULK_ROUNDS = 3


def seconds(env, work, *, commit=True):
    """Return how long some work takes until it is in the database.

    :param commit: commit, which also forgets everything read, as the end of a request does
    """
    start = time.perf_counter()
    work()
    env.flush_all()
    if commit:
        env.cr.commit()
    return time.perf_counter() - start


def median(env, work, times, *, commit=True):
    """Return the median of doing some work a number of times, after doing it once to warm up."""
    seconds(env, work, commit=commit)
    return statistics.median(seconds(env, work, commit=commit) for _ in range(times))


def creation(env, model, values):
    """Return the seconds per record for creating records, and the queries for one.

    :param values: a function that returns the values of one record
    """

    def one():
        model.create(values())

    def many():
        model.create([values() for _ in range(BULK)])

    figures = {
        "request": median(env, one, ONE_BY_ONE),
        "one": median(env, one, ONE_BY_ONE, commit=False),
        "bulk": median(env, many, BULK_ROUNDS) / BULK,
    }
    one()
    before = env.cr.sql_log_count
    seconds(env, one, commit=False)
    return {**figures, "queries": env.cr.sql_log_count - before}
