"""What the platform computed once is not computed anew for each test.

After each test the platform empties all its caches, and compiles every page and letter again for
the next one: a quarter of the time of these tests. Here a cache gets back what was in it when the
test began, to which the database was rolled back as well. Compiled templates and the like may even
stay as they are, unless the test itself made the platform forget them: then nothing that they were
made of has changed.
"""

# What is made of the modules and their views alone; nothing in them is of one user or record.
LASTING = ("templates", "routing", "routing.rewrites", "assets", "stable")
BEGIN = ("the beginning of a test",)  # a key that disappears when a cache is emptied


class KeptCaches:
    """The caches of a registry, from the beginning of a test or a class of tests to its end."""

    def __init__(self, registry):
        self._caches = {
            name: cache
            for name, cache in registry._Registry__caches.items()
            if name != "templates.cached_values"  # finished pages
        }
        self._kept = {name: cache.snapshot for name, cache in self._caches.items()}
        self._key = (*BEGIN, id(self))
        for name in LASTING:
            self._caches[name][self._key] = None

    def look(self):
        """At the end, before everything is emptied: keep what still holds."""
        for name in LASTING:
            found = self._caches[name].snapshot
            if self._key in found:
                found.pop(self._key)
                self._kept[name] = found

    def put_back(self):
        """After everything was emptied."""
        for name, content in self._kept.items():
            for key, value in content.items():
                self._caches[name][key] = value
