"""The user's own road: the built wheel, put into an Odoo that knows nothing of this repository."""

import ast
import email
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent.parent
ADDON = "klachtenbeheer"
INSIDE = f"odoo/addons/{ADDON}"
STATE = f"""
import json
import odoo.addons.{ADDON} as addon
module = env.ref("base.module_{ADDON}")
print(json.dumps({{"state": module.state, "path": addon.__path__[0]}}))
"""


@pytest.fixture(scope="module")
def wheel(ready, tmp_path_factory):
    """Build the wheel as a maintainer does."""
    from common import run

    folder = tmp_path_factory.mktemp("wheel")
    command = [ready.python, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, REPO]
    run(command)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def manifest():
    return ast.literal_eval((REPO / ADDON / "__manifest__.py").read_text())


def names(requirements):
    """Return the bare names of some requirements."""
    return {re.split(r"[<>=;\[ ]", line, maxsplit=1)[0].lower() for line in requirements}


def metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(archive.read(name))


def test_the_wheel_holds_the_addon_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        found = archive.namelist()
    strangers = [name for name in found if not re.match(rf"{INSIDE}/|[^/]+\.dist-info/", name)]
    assert not strangers
    assert not [name for name in found if "__pycache__" in name]
    # A package file here would hide all other addons of the installation.
    assert not {"odoo/__init__.py", "odoo/addons/__init__.py"} & set(found)
    assert any(name.endswith("licenses/LICENSE") for name in found)


def test_the_wheel_holds_every_file_that_the_manifest_names(wheel, manifest):
    with zipfile.ZipFile(wheel) as archive:
        found = set(archive.namelist())
    wanted = [*manifest.get("data", []), *manifest.get("demo", [])]
    assert not [name for name in wanted if f"{INSIDE}/{name}" not in found]


def test_the_wheel_has_the_version_of_the_manifest(wheel, manifest):
    assert metadata(wheel)["Version"] == manifest["version"]


def test_the_dependencies_are_the_same_wherever_they_are_named(wheel, manifest):
    lines = (REPO / "dev/requirements-addon.txt").read_text().splitlines()
    listed = names(line for line in lines if line and not line.startswith("#"))
    external = manifest.get("external_dependencies", {}).get("python", [])
    assert names(metadata(wheel).get_all("Requires-Dist")) == listed
    assert names(external) <= listed


def test_odoo_installs_the_addon_from_the_wheel(ready, wheel, bare_database, tmp_path):
    import template
    from common import run

    target = tmp_path / "site"
    command = [
        ready.python,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        target,
        wheel,
    ]
    run(command)
    # This Odoo knows the wheel's folder as it knows a site-packages folder; its addons path names
    # nothing of ours.
    elsewhere = replace(ready, extra_python_path=(target,))
    config = elsewhere.config(addons=())
    log = template.install(elsewhere, bare_database, "install-wheel", config)
    printed = elsewhere.script(bare_database, STATE, config)
    found = json.loads(printed.strip().splitlines()[-1])
    assert found == {"state": "installed", "path": str(target / INSIDE)}
    assert f"Loading module {ADDON}" in log.read_text()
