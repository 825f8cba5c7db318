"""Stopping the clock, which these tests do thousands of times, takes less time.

Each time freezegun compares all names in all modules with those that it has seen, to find what
was imported meanwhile. Here it compares how many there are.
"""

from freezegun import api, freeze_time

__all__ = ["freeze_time"]

_known = {}  # {id of a module: (the module, how many names it has, those that tell the time)}


def _get_clocks(module):
    """[(name, value)] of what tells the time in a module."""
    count = len(getattr(module, "__dict__", ()))
    known = _known.get(id(module))
    if not known or known[1] != count:
        api._setup_module_cache(module)
        _hash, clocks = api._GLOBAL_MODULES_CACHE[module.__name__]
        known = _known[id(module)] = (module, count, clocks)
    return known[2]


api._get_cached_module_attributes = _get_clocks
