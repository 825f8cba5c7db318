"""Stopping the clock, which these tests do thousands of times, takes less time.

Each time freezegun compares all names in all modules with those that it has seen, to find what
was imported meanwhile. Here it compares how many there are, and looks again at those modules alone
in which something tells the time, until another module is there.
"""

import sys
from types import SimpleNamespace

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
_start = api._freeze_time.start
_telling = {}  # {how many modules there are: those of them that tell the time}


def _begin(freezer):
    """Stop the clock in the modules that tell the time; of the others nothing is to be changed."""
    count = len(sys.modules)
    if count not in _telling:
        _telling.clear()
        _telling[count] = {
            name: module
            for name, module in [*sys.modules.items()]
            if hasattr(module, "__name__") and _get_clocks(module)
        }
    api.sys = SimpleNamespace(modules=_telling[count])
    try:
        return _start(freezer)
    finally:
        api.sys = sys
        freezer.modules_at_start = set(sys.modules)


api._freeze_time.start = _begin
