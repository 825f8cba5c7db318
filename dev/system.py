"""What the system has to offer: libraries, programs (with the packages they are in), ports."""

import ctypes
import shutil
import socket

import debian


def _has_program(*names):
    """Return a test for one of some programs."""
    return lambda: any(shutil.which(name) for name in names)


def _has_library(name):
    """Return a test for a shared library."""

    def loads():
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return loads


# Letters are laid out with pango.
FOR_LETTERS = {
    "libpango-1.0-0": _has_library("libpango-1.0.so.0"),
    "libpangoft2-1.0-0": _has_library("libpangoft2-1.0.so.0"),
}
# The tests click through pages in a browser and read letters back with poppler.
FOR_TESTS = {
    **FOR_LETTERS,
    "chromium": _has_program(
        "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"
    ),
    "poppler-utils": _has_program("pdftotext"),
}


def ensure(wanted):
    """Install what is missing, or say how to."""
    debian.ensure_system_packages(wanted)


def free_port():
    """Return a port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(port):
    """Say whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
