"""Stopping the clock, which these tests do thousands of times, takes less time.

Each time freezegun compares all names in all modules with those that it has seen, to find what
was imported meanwhile. Here it compares how many there are.
"""

from freezegun import api, freeze_time

__all__ = ["freeze_time"]


def _count_names(module):
    return f"{id(module)}-{len(getattr(module, '__dict__', ()))}"


api._get_module_attributes_hash = _count_names
