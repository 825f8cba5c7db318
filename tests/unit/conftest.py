"""Makes klachtenbeheer/tools importable as `klachtenbeheer_tools`, without Odoo or the addon."""

import importlib.util
import os
import sys
from pathlib import Path

from hypothesis import settings

HERE = Path(__file__).parent
NAME = "klachtenbeheer_tools"
EXAMPLES = 200 if os.environ.get("SOAK") else 60  # of each property; others each time
TOOLS = HERE.parents[1] / "klachtenbeheer" / "tools"


def _load_tools():
    spec = importlib.util.spec_from_file_location(
        NAME, TOOLS / "__init__.py", submodule_search_locations=[str(TOOLS)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules[NAME] = module
    spec.loader.exec_module(module)


if NAME not in sys.modules:
    _load_tools()
if str(HERE) not in sys.path:  # for unit_helpers, whatever import mode pytest uses
    sys.path.insert(0, str(HERE))

settings.register_profile("unit", deadline=None, max_examples=EXAMPLES, database=None)
settings.load_profile("unit")
