"""Finds Odoo 19.0 on this machine, or fetches it into the cache."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import debian
from common import (
    Problem,
    build_folder,
    cache_dir,
    is_complete,
    lock,
    mark_complete,
    remove,
    run,
    say,
    timed,
)

SERIES = "19.0"
PACKAGE = "odoo-19"
NEEDED = 4_000_000_000  # bytes: Odoo, the Python environment and some databases
UPSTREAM = "https://github.com/odoo/odoo.git"

# Debian replaces the fonts and scripts in Odoo's tree by links to these packages. Odoo needs Font
# Awesome 4.7, which unstable no longer has.
LINKED_PACKAGES = {
    "fonts-montserrat": "sid",
    "fonts-roboto-unhinted": "sid",
    "fonts-ocr-b": "sid",
    "libjs-jquery": "sid",
    "libjs-jquery-form": "sid",
    "libjs-underscore": "sid",
    "fonts-font-awesome": "bookworm",
    "fonts-inconsolata": "bookworm",
}

# Debian strips this file. Without it the back-office logs an error and every tour fails.
STRIPPED_FILE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


@dataclass(frozen=True)
class OdooSource:
    """Where Odoo is: what goes on the Python path, its addons folders, and its exact version."""

    python_path: Path
    addons: tuple
    version: str


def find_odoo():
    """Return Odoo: the one that ODOO_HOME names, else the one in the cache, fetched if need be."""
    named = os.environ.get("ODOO_HOME")
    if named:
        return _inspect(Path(named).expanduser().resolve())
    place = cache_dir() / "odoo"
    with lock("odoo"):
        if not is_complete(place):
            _fetch(place)
    return _inspect(place)


def _inspect(home):
    """Return what Odoo tree a folder holds: a checkout, an unpacked package, an installation."""
    for python_path in (home, home / "usr/lib/python3/dist-packages", home.parent):
        release = python_path / "odoo/release.py"
        if release.is_file():
            return OdooSource(python_path, _addons_folders(python_path), _version(home, release))
    raise Problem(
        f"There is no Odoo in {home}. Let ODOO_HOME name a folder with Odoo {SERIES}, or unset it."
    )


def _addons_folders(python_path):
    """Return the folders with Odoo's modules: one in a package, two in a checkout."""
    inside = python_path / "odoo/addons"
    if (inside / "web").is_dir():
        return (
            inside,
        )  # the package's other folder, named addons, holds only scraps of documentation
    return (python_path / "addons", inside)


def _version(home, release):
    """Return the version of a tree; refuse another series than ours."""
    numbers = re.search(r"version_info = \(([^,]+), ([^,]+),", release.read_text())
    series = ".".join(part.strip("'\" ") for part in numbers.groups()) if numbers else "unknown"
    if series != SERIES:
        raise Problem(f"{home} holds Odoo {series}; this addon is for Odoo {SERIES}.")
    stamp = home / ".complete"
    return stamp.read_text() if stamp.is_file() else f"{SERIES} {release.stat().st_mtime_ns}"


def _fetch(place):
    """Fetch Odoo by the first road that this machine knows."""
    free = shutil.disk_usage(place.parent).free
    if free < NEEDED:
        raise Problem(
            f"{place.parent} has {free / 1e9:.1f} GB left; {NEEDED / 1e9:.0f} GB are needed. "
            "KLACHTENBEHEER_CACHE= names another place."
        )
    reasons = []
    for road in (_from_debian, _from_git):
        try:
            with timed(f"fetching Odoo {SERIES} (once)"), build_folder(place) as folder:
                version = road(folder)
                _inspect(folder)
                mark_complete(folder, version)
            return
        except Problem as problem:
            reasons.append(str(problem))
    raise Problem("Odoo could not be fetched.\n\n" + "\n\n".join(reasons) + f"\n\n{_advice()}")


def _advice():
    """Return what a person can do when no road to Odoo works."""
    return f"Get Odoo {SERIES} yourself and name its folder: ODOO_HOME=/path/to/odoo make demo"


def _from_debian(folder):
    """Unpack Odoo from Debian's package, with what its links point to."""
    if not debian.is_debian():
        raise Problem("This is not a Debian machine, so Debian's package is not tried.")
    apt_folder = cache_dir() / "apt"
    apt = debian.PrivateApt(apt_folder, ["sid", "bookworm"])
    apt.update()
    version = apt.version(PACKAGE)
    if not version:
        raise Problem(f"Debian's unstable suite has no package {PACKAGE} any more.")
    apt.unpack(PACKAGE, "sid", folder)
    for package, suite in LINKED_PACKAGES.items():
        apt.unpack(package, suite, folder)
    remove(apt_folder)
    _mend(folder)
    return f"{PACKAGE} {version}"


def _mend(folder):
    """Make the links in an unpacked package point into it, and put the stripped file back."""
    for link in (path for path in folder.rglob("*") if path.is_symlink()):
        target = Path(os.readlink(link))
        if target.is_absolute():
            link.unlink()
            link.symlink_to(os.path.relpath(folder / target.relative_to("/"), link.parent))
    stripped = folder / "usr/lib/python3/dist-packages/odoo/addons" / STRIPPED_FILE
    stripped.parent.mkdir(parents=True, exist_ok=True)
    stripped.touch()


def _from_git(folder):
    """Clone the tip of upstream's branch; progress is git's own."""
    if not shutil.which("git"):
        raise Problem("git is not installed.")
    address = os.environ.get("ODOO_GIT", UPSTREAM)
    say(f"cloning branch {SERIES} of {address} (about 350 MB)")
    command = [
        "git",
        "clone",
        "--progress",
        "--depth",
        "1",
        "--branch",
        SERIES,
        address,
        str(folder / "odoo-git"),
    ]
    if subprocess.run(command, stdin=subprocess.DEVNULL).returncode:
        raise Problem(
            f"git could not clone {address}. ODOO_GIT= names another address or a local mirror."
        )
    for path in (folder / "odoo-git").iterdir():
        path.rename(folder / path.name)
    return f"git {run(['git', '-C', folder, 'rev-parse', 'HEAD']).strip()}"
