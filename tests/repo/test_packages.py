"""Who installs the addon by hand gets every Python package that it needs."""

import re
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]


def test_the_readme_installs_what_the_addon_imports():
    lines = (REPO / "dev/requirements-addon.txt").read_text().splitlines()
    wanted = [line.partition("#")[0].strip() for line in lines if not line.startswith("#")]
    command = re.search(r"`pip install (.*?python-dateutil.*?)`", (REPO / "README.md").read_text())
    assert sorted(command[1].replace('"', "").split()) == sorted(wanted)
