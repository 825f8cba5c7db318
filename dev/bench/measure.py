"""Measuring inside `odoo shell`: medians of repeated work, committed as a request commits it."""

import statistics
import time

ONE_BY_ONE = 100
BULK = 1000
BULK_ROUNDS = 3


def seconds(env, work, *, cold=True):
    """Return how long some work takes, up to and including the commit.

    :param cold: begin with nothing read yet, as a request does
    """
    if cold:
        env.invalidate_all()
    start = time.perf_counter()
    work()
    env.flush_all()
    env.cr.commit()
    return time.perf_counter() - start


def median(env, work, times, *, cold=True):
    """Return the median of doing some work a number of times, after doing it once to warm up."""
    seconds(env, work, cold=cold)
    return statistics.median(seconds(env, work, cold=cold) for _ in range(times))


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
        "one": median(env, one, ONE_BY_ONE, cold=False),
        "bulk": median(env, many, BULK_ROUNDS) / BULK,
    }
    before = env.cr.sql_log_count
    one()
    env.flush_all()
    return {**figures, "queries": env.cr.sql_log_count - before}
