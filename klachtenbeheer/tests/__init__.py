"""The tests inside Odoo, in the rooms of the code they test; `support` is what they share.

Odoo looks for test modules in this package only, so those of the rooms are named here."""

import importlib
import pkgutil

for _finder, _path, _is_package in pkgutil.walk_packages(__path__, f"{__name__}."):
    _name = _path.rpartition(".")[2]
    if _name.startswith("test_"):
        globals()[_name] = importlib.import_module(_path)
