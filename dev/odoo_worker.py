"""Odoo's own command line, which runs of the tests those classes that no other worker has claimed.

Starting Odoo takes ten seconds, so each core does it once, and takes class after class.
"""

import gc
from itertools import groupby

import claims

import odoo.cli
from odoo.tests import loader
from odoo.tests.suite import OdooSuite

# Classes that take longest: they come first, so that none is left in the end.
SLOW = (
    *("TestAccessRights", "TestCanaryCrawl", "TestLetterContent", "TestCanaryRoutes"),
    *("TestAttackMatrix", "TestMailCorpus", "TestWorkedChains", "TestLongLetters"),
    *("TestCanaryRules", "TestAwkwardArguments", "TestMore", "TestPortal", "TestTours"),
    *("TestPublicForm", "TestReadingOfModels", "TestAnonymise", "TestPages", "TestRespondent"),
)


class SharedSuite(OdooSuite):
    """The tests of the classes that this process claims, one class after the other."""

    def __iter__(self):
        spare_what_stays()
        classes = [(kind, list(tests)) for kind, tests in groupby(self._tests, type)]
        for kind, tests in sorted(classes, key=place):
            if claims.claim(f"{kind.__module__}.{kind.__name__}"):
                yield from tests

    def has_http_case(self):
        """Nothing to make ready: pages have what they load, made with the database."""
        return False


def spare_what_stays():
    """Python looks less often for what nobody uses any more, and not among modules and models."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def place(entry):
    """Return where a class stands in the order: the slow ones first, the others as they are."""
    name = entry[0].__name__
    return SLOW.index(name) if name in SLOW else len(SLOW)


def share(make_suite):
    """Make the loader's suites shared ones."""

    def make_shared(*arguments):
        return SharedSuite(list(make_suite(*arguments)))

    return make_shared


loader.make_suite = share(loader.make_suite)
odoo.cli.main()
