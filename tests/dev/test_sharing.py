"""What makes the tests quick leaves nothing out, and lets no test see what another one did."""

import importlib.util

import claims
from common import ADDON, REPO


def load(path):
    spec = importlib.util.spec_from_file_location("kept_caches", REPO / ADDON / path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


KeptCaches = load("tests/support/kept_caches.py").KeptCaches


class Cache(dict):
    @property
    def snapshot(self):
        return dict(self)


class Registry:
    NAMES = ("default", "templates", "routing", "routing.rewrites", "assets", "stable", "groups")

    def __init__(self):
        self._Registry__caches = {name: Cache() for name in self.NAMES}
        self._Registry__caches["default"]["user"] = "of the class"
        self._Registry__caches["templates"]["page"] = "of the class"

    def __getitem__(self, name):
        return self._Registry__caches[name]

    def clear(self):
        for cache in self._Registry__caches.values():
            cache.clear()

    def run(self, test):
        """As the platform does: everything is emptied after a test."""
        caches = KeptCaches(self)
        test(self)
        caches.look()
        self.clear()
        caches.put_back()


def test_each_piece_of_work_is_claimed_once(tmp_path, monkeypatch):
    monkeypatch.setenv(claims.FOLDER, str(tmp_path))
    assert [claims.claim(name) for name in ("a", "b", "a", "b", "c")] == [
        True,
        True,
        False,
        False,
        True,
    ]


def test_who_works_alone_does_everything(monkeypatch):
    monkeypatch.delenv(claims.FOLDER, raising=False)
    assert claims.claim("a") and claims.claim("a")


def test_what_one_test_found_out_is_gone_in_the_next():
    registry = Registry()

    def test(registry):
        registry["default"]["user"] = "of the test"
        registry["default"]["other"] = "of the test"

    registry.run(test)
    assert dict(registry["default"]) == {"user": "of the class"}


def test_what_was_compiled_stays():
    registry = Registry()
    registry.run(lambda registry: registry["templates"].update(letter="of the test"))
    assert dict(registry["templates"]) == {"page": "of the class", "letter": "of the test"}


def test_what_was_compiled_of_something_else_does_not_stay():
    """A test that changes a template makes the platform forget all of them."""
    registry = Registry()

    def test(registry):
        registry["templates"].clear()
        registry["templates"]["page"] = "of the test"

    registry.run(test)
    assert dict(registry["templates"]) == {"page": "of the class"}
    registry.run(test)
    assert dict(registry["templates"]) == {"page": "of the class"}
