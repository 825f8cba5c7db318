import json
from itertools import product

from odoo.models import MAGIC_COLUMNS
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..support.letter_common import LetterCase
from ..support.sampling import sample
from .test_rpc_surface import PUBLIC

OURS = "klachtenbeheer."
SENTENCES = ("UserError", "ValidationError", "AccessError", "MissingError", "RedirectWarning")
AWKWARD = {
    "nothing": None,
    "a number": 7,
    "minus one": -1,
    "a huge number": 10**30,
    "a fraction": 1.5,
    "a text": "zomaar",
    "NUL": "bus\0kwam",
    "half a character": "bus \ud800",
    "no date": "2026-13-45",
    "a list": [1],
    "commands": [[6, 0, [1]]],
    "an object": {"a": {"b": 1}},
    "true": True,
    "very deep": json.loads("[" * 60 + "]" * 60),
}
LONG = "x" * 10_000_000
LONG_SUBJECT = {"subject": LONG}
# These are about the whole model or are the platform's own; the rest is tried with everything.
NOT_TRIED = {"onchange", "copy_data", "web_save", "unlink", "load_web_menus"}
LOGGERS = (
    "odoo.http",
    "odoo.addons.rpc.controllers.jsonrpc",
    "odoo.sql_db",
    "odoo.tools.mail.html_sanitize",
    "odoo.models",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.klachtenbeheer.models.platform.arguments",
)


@tagged("post_install", "-at_install")
class TestAwkwardArguments(LetterCase, HttpCase):
    """A program that sends nonsense gets a sentence, and nothing of it is kept (issue 9, 19)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.file_under(cls.publish_source("ba"))
        cls.letter = cls.complaint.prepare_letter("acknowledgement")
        cls.user = cls.users["coordinator"]
        cls.user.password = "wachtwoord-coordinator"

    def setUp(self):
        super().setUp()
        self.authenticate(self.user.login, "wachtwoord-coordinator")

    def call(self, model, method, args, kwargs=None):
        """Call a method as a program does; what it answers: None, or the class of the error."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs or {}}
        return self.post(f"/web/dataset/call_kw/{model}/{method}", params)

    def post(self, address, params):
        with mute_logger(*LOGGERS), self.env.cr.savepoint():
            answer = self.url_open(
                address,
                data=json.dumps({"jsonrpc": "2.0", "params": params}),
                headers={"Content-Type": "application/json"},
                timeout=60,
            )
        self.env.invalidate_all()
        error = answer.json().get("error")
        return error and error["data"]["name"].rpartition(".")[2] + ": " + error["data"]["message"]

    def is_sentence(self, error):
        return not error or error.partition(":")[0] in SENTENCES

    # ---------------------------------------------------------------- what was found

    def test_what_was_found(self):
        ids, letter_ids = self.complaint.ids, self.letter.ids
        calls = [
            ("letter", "action_send_back", [letter_ids, 5]),
            ("letter", "action_send_back", [letter_ids, "x\0y"]),
            ("letter", "action_not_applicable", [letter_ids, 5]),
            ("letter", "action_mark_posted", [letter_ids, "2026-13-45"]),
            ("complaint", "write", [ids, {"addressee_id": -1}]),
            ("complaint", "write", [ids, {"outcome": [[6, 0, [1]]]}]),
            ("complaint", "write", [ids, {"received_on": "gisteren"}]),
            ("complaint", "write", [ids, {"description": LONG}]),
            ("complaint", "write", [ids, {"description": "bus\0kwam"}]),
            ("complaint", "record_event", [ids, "contacted", "2026-13-45"]),
            ("complaint", "record_event", [ids, ["contacted"]]),
            ("complaint", "prepare_letter", [ids, 10**30]),
            ("complaint", "action_open_letter", [ids]),
        ]
        before = self.complaint.read()[0]
        for model, method, args in calls:
            with self.subTest(method=method, args=str(args)[:60]):
                error = self.call(f"{OURS}{model}", method, args)
                self.assertTrue(error)
                self.assertTrue(self.is_sentence(error), error[:300])
        after = self.complaint.read()[0]
        self.assertEqual(before, after)

    def test_the_older_way_in_answers_the_same(self):
        """`/jsonrpc` calls the same methods (odoo.service.model), with the password each time."""
        wrong = [
            ("action_send_back", [self.letter.ids, 5]),
            ("write", [self.letter.ids, LONG_SUBJECT]),
        ]
        for method, args in wrong:
            with self.subTest(method=method):
                error = self.call_older(f"{OURS}letter", method, args)
                self.assertTrue(error)
                self.assertTrue(self.is_sentence(error), error[:300])
        fine = self.call_older(f"{OURS}letter", "read", [self.letter.ids, ["subject"]])
        self.assertFalse(fine)

    def call_older(self, model, method, args):
        """Call a method as an older program does; what it answers, as `call` does."""
        user = (self.env.cr.dbname, self.user.id, "wachtwoord-coordinator")
        params = {"service": "object", "method": "execute_kw", "args": [*user, model, method, args]}
        return self.post("/jsonrpc", params)

    # ---------------------------------------------------------------- all of it

    def get_methods(self):
        for model, methods in sorted(PUBLIC.items()):
            if model.startswith(OURS) and model in self.env:
                yield from ((model, method) for method in sorted(methods - NOT_TRIED))

    def test_every_public_method_with_every_awkward_argument(self):
        """In `make test` each method with one in five of them; in `make soak` all."""
        wrong = []
        for (model, method), (name, value) in sample(
            product(self.get_methods(), AWKWARD.items()), 5
        ):
            records = self.env[model]
            ids = [] if records._abstract else records.search([], limit=1).ids or [1]
            args = [value] if method in ("create", "message_new") else [ids, value]
            error = self.call(model, method, args)
            if not self.is_sentence(error):
                wrong.append(f"{model}.{method}, {name}: {error[:150]}")
        self.assertFalse("\n".join(wrong))

    def get_awkward_fields(self, record):
        """[(field, what is awkward, value)] for all of a record."""
        for fname, field in record._fields.items():
            values = AWKWARD
            if field.type in ("one2many", "many2many") or fname in MAGIC_COLUMNS:
                values = {"commands": [[6, 0, [-1]]], "a text": "zomaar"}
            for name, value in values.items():
                yield fname, name, value

    def test_every_field_with_every_awkward_value(self):
        """In `make test` one in nine fields with each value; in `make soak` all of them."""
        wrong = []
        for record in (self.complaint, self.letter):
            for fname, name, value in sample(self.get_awkward_fields(record), 9):
                error = self.call(record._name, "write", [record.ids, {fname: value}])
                if not self.is_sentence(error):
                    wrong.append(f"{record._name}.{fname}, {name}: {error[:150]}")
        self.assertFalse("\n".join(wrong))

    def test_a_file_may_be_large(self):
        """What is long because it is a file is none of this."""
        error = self.call(
            f"{OURS}register.import", "create", [{"file": "A" * 1_500_000, "name": "x.csv"}]
        )
        self.assertNotIn("longer than", error or "")
