"""Debian packages: unpacked privately from any suite, or installed on the system."""

import contextlib
import os
import shutil
import threading
from pathlib import Path

from common import Problem, run, say

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
LARGE = 20_000_000  # bytes from which a download shows how far it is
PROGRESS_EVERY = 3  # seconds
NETWORK_HINT = "Is the network up? Nothing half-finished was kept; run the same command again."


class Progress:
    """Says what is downloaded and, for something large, now and then how far it is."""

    def __init__(self, text, size, folder):
        """Remember what is downloaded, how many bytes it is, and the folder in which it grows."""
        self.text = text
        self.size = size
        self.folder = folder
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self):
        """Start watching."""
        say(f"{self.text}, {self.size / 1e6:.1f} MB")
        if self.size > LARGE:
            self.thread.start()

    def __exit__(self, *_error):
        """Stop watching."""
        self.done.set()

    def _watch(self):
        """Look every few seconds how large the file is by now."""
        while not self.done.wait(PROGRESS_EVERY):
            with contextlib.suppress(OSError):
                here = sum(path.stat().st_size for path in self.folder.iterdir())
                say(f"{self.text}: {100 * here // self.size} %")


class PrivateApt:
    """An apt with its own lists and cache in a folder: no root, no change to the system."""

    def __init__(self, folder, suites):
        """Prepare apt in a folder for some suites, from the places the machine itself uses."""
        self.folder = Path(folder)
        self.suites = suites
        for name in ("lists/partial", "archives/partial", "download", "preferences.d"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        signed = f" [signed-by={KEYRING}]" if KEYRING.exists() else ""
        lines = [f"deb{signed} {uri} {suite} main" for uri in archive_uris() for suite in suites]
        (self.folder / "sources.list").write_text("\n".join(lines) + "\n")

    def _options(self):
        """Return the options that point apt to our folder."""
        settings = {
            "Dir::Etc::SourceList": self.folder / "sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::Etc::Preferences": "/dev/null",
            "Dir::Etc::PreferencesParts": self.folder / "preferences.d",
            "Dir::State::Lists": self.folder / "lists",
            "Dir::Cache": self.folder,
            "Dir::Cache::Archives": self.folder / "archives",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            "APT::Update::Error-Mode": "any",  # a list that can't be fetched is a failure
        }
        if os.geteuid() == 0:
            settings["APT::Sandbox::User"] = "root"
        return [f"-o{name}={value}" for name, value in settings.items()]

    def update(self):
        """Fetch the package lists of the suites."""
        try:
            run(["apt-get", *self._options(), "-qq", "update"])
        except Problem as problem:
            raise Problem(
                f"The package lists could not be fetched. {NETWORK_HINT}\n{problem}"
            ) from None

    def unpack(self, package, suite, target):
        """Download one package of a suite and unpack it into a folder."""
        place = self.folder / "download"
        command = ["apt-get", *self._options(), "-qq", "download", f"{package}/{suite}"]
        try:
            with Progress(f"downloading {package} ({suite})", self._size(package, suite), place):
                run(command, cwd=place)
        except Problem as problem:
            raise Problem(f"{package} could not be downloaded. {NETWORK_HINT}\n{problem}") from None
        for archive in place.glob(f"{package}_*.deb"):
            if archive.stat().st_size > LARGE:
                say(f"unpacking {package}")
            run(["dpkg-deb", "-x", archive, target])
            archive.unlink()

    def _size(self, package, suite):
        """Return how many bytes a package is, 0 if apt does not tell."""
        shown = run(["apt-cache", *self._options(), "show", f"{package}/{suite}"])
        sizes = [line.split()[1] for line in shown.splitlines() if line.startswith("Size:")]
        return int(sizes[0]) if sizes else 0

    def version(self, package):
        """Return the newest version of a package in these suites, or None."""
        shown = run(["apt-cache", *self._options(), "madison", package])
        return shown.split("|")[1].strip() if "|" in shown else None


def is_debian():
    """Say whether this machine has Debian's own package tools and archive keys."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg-deb") and archive_uris())


def archive_uris():
    """Return the addresses from which the machine itself gets Debian's main archive."""
    shown = run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN) $(RELEASE)"])
    uris = [line.split()[0] for line in shown.splitlines() if line.strip()]
    return [uri for uri in dict.fromkeys(uris) if uri.rstrip("/").endswith("/debian")]


def ensure_system_packages(wanted):
    """Install missing system packages where that is possible, else say with which command.

    :param wanted: {package: function that says whether what it brings is there}
    """
    missing = [package for package, is_there in wanted.items() if not is_there()]
    if not missing:
        return
    command = f"apt-get install --no-install-recommends {' '.join(missing)}"
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        prefix = "sudo " if shutil.which("sudo") else ""
        say(f"missing on this system: {', '.join(missing)}. Install with: {prefix}{command}")
        return
    say(f"installing {', '.join(missing)}")
    try:
        _apt_install(missing)
    except Problem as problem:
        say(f"{problem}\n   Install them yourself: {command}")


def _apt_install(packages):
    """Install packages with the system's apt, with fresh lists when the first try fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    try:
        run(install, env=environment)
    except Problem:
        run(["apt-get", "update", "-qq"], env=environment)
        run(install, env=environment)
