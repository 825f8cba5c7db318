import os
import random

from odoo.tests import tagged

from ..support.mail_common import COMPLAINT_MODEL, MailCase
from ..support.mail_corpus import MAILS
from ..support.sampling import sample

# More rounds look further: MAIL_ROUNDS=20 make test TAGS=/klachtenbeheer:TestMailCorpus
ROUNDS = int(os.environ.get("MAIL_ROUNDS", "1"))
SEED = 20260610


@tagged("post_install", "-at_install")
class TestMailCorpus(MailCase):
    """Every mail ends as exactly one of: complaint, reply, to be sorted, put aside."""

    def test_there_are_enough_awkward_mails(self):
        names = [name for name, _ending, _raw in MAILS]
        self.assertGreaterEqual(len(names), 60)
        self.assertEqual(len(names), len(set(names)))

    def test_each_mail_ends_as_it_must(self):
        wrong = []
        for name, expected, raw in MAILS:
            with self.undone():
                ending = self.receive(raw, model=COMPLAINT_MODEL)
            if ending != expected:
                wrong.append(f"{name}: {ending} instead of {expected}")
        self.assertFalse("\n".join(wrong))

    def test_mail_in_any_state_ends_once(self):
        """Cut off anywhere, and with bytes that were changed on the way; in `make test` one in
        three of them."""
        chance = random.Random(SEED)
        mails = [
            (name, mangled)
            for name, _expected, raw in MAILS
            for mangled in (*self.cut(raw, chance), *self.flip(raw, chance))
        ]
        wrong = []
        for name, mangled in sample(mails, 3):
            with self.undone():
                ending = self.receive(mangled, model=COMPLAINT_MODEL)
            if ending == "lost" or "," in ending:
                wrong.append(f"{name}, {mangled[:60]}: {ending}")
        self.assertFalse("\n".join(wrong))

    def cut(self, raw, chance):
        return [raw[: chance.randrange(len(raw) + 1)] for _time in range(ROUNDS)]

    def flip(self, raw, chance):
        for _time in range(ROUNDS if raw else 0):
            mangled = bytearray(raw)
            for _byte in range(chance.choice((1, 5, 50))):
                # most of what matters is at the beginning
                end = chance.choice((min(len(raw), 1000), len(raw)))
                mangled[chance.randrange(end)] = chance.randrange(256)
            yield bytes(mangled)
