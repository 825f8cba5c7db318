"""Whoever may not see a dossier gets, for whatever they ask of it and of all that hangs on it, to
the letter the answer that they would get if it did not exist.

What is asked is found in the registry: every model that belongs to a dossier, every model of
the platform that hangs on a record, every dialog that starts from one. A new one is asked without
a word here; one that hangs on a record in a new way fails until there is a row for it.
"""

import json
import logging
import re
import time
from itertools import product

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from ..support.access_common import ACCESS_LOGGERS
from ..support.canary_common import ADDON, COMPLAINT, CanaryCase
from ..support.rpc_common import RpcMixin
from ..support.sampling import sample

_table = logging.getLogger(f"{__name__}.table")

# Who attacks: in no position to see the dossier `a`, which is about most of them.
ATTACKERS = (
    *("employee", "registrar", "handler", "clerk", "coordinator", "deputy", "director", "board"),
    *("manager", "administrator", "stand_in", "foreign", "portal", "portal_accused", "public"),
)
# One for each way to be kept out, who may make records of some models.
NAMERS = ("employee", "registrar", "handler", "director", "coordinator", "portal_accused")
LOGGERS = (
    *ACCESS_LOGGERS,
    "odoo.addons.klachtenbeheer.models.access.refusal",
    *("odoo.http", "odoo.sql_db", "odoo.addons.base.models.ir_model", "odoo.tests.common"),
)
MISSING = 98_765_432
# what is new in each record that is made: its number
NEW = re.compile(r"\b7[67]\d{6}\b|\b20\d\d-\d\d-\d\d [\d:.]+|\bK20\d\d-\d{6}\b")

# What the platform keeps beside a record, who may make one on a dossier: coordinator of it,
# handler of it, registrar (sees the registration), employee, administrator without a role.
# An `s` is what only the system makes. A new model that hangs on a record needs a row.
HANGS = """
model                   coordinator handler registrar employee administrator
mail.message            +           +       -         -        -
mail.activity           +           +       -         -        -
mail.scheduled.message  +           +       -         -        -
mail.followers          -           -       -         -        -
mail.notification       +           +       -         -        -
ir.attachment           +           +       +         -        -
rating.rating           -           -       -         -        -
calendar.event          +           +       -         -        -
mail.mail               -           -       -         -        -
mail.message.schedule   -           -       -         -        -
mail.tracking.value     -           -       -         -        -
mail.message.reaction   -           -       -         -        -
"""
# Models that have such fields, and hang on no dossier: why.
ELSEWHERE = {
    "ir.model.data": "names what modules made; administrators only",
    "ir.actions.act_window": "where a window opens",
    "ir.profile": "measures of the platform",
    "ir.logging": "the log of the platform",
    "mail.activity.plan": "what is planned for a model, of no record",
    "mail.link.preview": "what a link on the web looks like, by address",
    "mail.message.link.preview": "the same, read with the message",
    "mail.message.translation": "read with the message",
    "snailmail.letter": "looks up the record before it asks for rights; tells not whose it is",
    "res.users.settings.embedded.action": "which buttons a user sees; their own",
    "bus.bus": "sent to whom it is for",
    "mail.push": "sent to whom it is for",
}


def differ(one, other):
    """Where two answers begin to differ."""
    place = next(
        (at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), 0
    )
    return [text[max(0, place - 120) : place + 120] for text in (one, other)]


class AttackCase(RpcMixin, CanaryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        debug = cls.env.ref("base.group_no_one")
        for actor in ATTACKERS:
            if cls.users[actor]._is_internal():
                cls.users[actor].group_ids += debug
        cls.env.flush_all()

    @classmethod
    def make_people(cls):
        """And numbers that stand for nothing else in an answer."""
        people = super().make_people()
        for place, name in enumerate(sorted(cls.env.registry)):
            model = cls.env.registry[name]
            if name.startswith(ADDON) and model._auto and not model._abstract:
                sequence = f"{model._table}_id_seq"
                start = 76_000_000 + 10_000 * place
                cls.env.execute_query(SQL("SELECT setval(%s, %s)", sequence, start))
        return people

    @classmethod
    def get_targets(cls, letter="a"):
        """{model: id of a record of a dossier} for all that belongs to it."""
        targets = {}
        for record in cls.records[letter]:
            if record and record._name.startswith(ADDON) and record._name not in targets:
                targets[record._name] = record[:1].id
        return targets

    def strip(self, told, *numbers):
        """An answer without the numbers that were asked for, which every answer may repeat."""
        text = json.dumps(told, default=str, sort_keys=True)
        for number in numbers:
            text = re.sub(rf"\b{number}\b", "#", text)
        return text


@tagged("post_install", "-at_install")
class TestAttackMatrix(AttackCase):
    """Model × operation × role."""

    # ---------------------------------------------------------------- a dossier and its records

    def get_operations(self, actor, model, number):
        """Everything that can be asked of one record by its number."""
        records = self.env[model]
        text = next(
            (f.name for f in records._fields.values() if f.type in ("char", "text") and f.store),
            "id",
        )
        spec = {"display_name": {}, text: {}}
        domain = [("id", "=", number)]
        yield "read", [number], [text]
        yield "write", [number], {text: "x"}
        if not records.with_user(self.users[actor]).has_access("read"):
            return  # what the model itself refuses, it refuses whatever is asked
        yield "web_read", [number], spec
        yield "search", domain
        yield "name_search", "", domain
        yield "export_data", [number], ["id", "display_name"]
        yield "web_save", [number], {text: "x"}, spec
        yield "unlink", [number]
        yield "copy", [number]
        yield "onchange", [number], {}, [], spec
        if model == COMPLAINT:
            yield "read", [number], ["display_name"]
            yield "web_search_read", domain, spec
            yield "search_count", domain
            yield "search_read", domain, [text]
            yield "formatted_read_group", domain, [], ["__count"]
            yield "get_metadata", [number]
            yield "get_formview_action", [number]
            yield "has_access", [number], "read"
            yield "web_resequence", [number], spec
            yield "action_archive", [number]
        if "message_ids" in records._fields:
            yield "message_post", [number]
            yield "message_subscribe", [number], [self.env.user.partner_id.id]
            yield "message_get_suggested_recipients", [number]
            yield "activity_schedule", [number], "mail.mail_activity_data_todo"
        for method in dir(type(records)):
            if method.startswith("action_") and callable(getattr(type(records), method)):
                yield method, [number]
        if model == COMPLAINT:
            yield "record_event", [number], "closed"
            yield "prepare_letter", [number], "answer"
            yield "correct_receipt", [number], "2026-01-01"

    def compare(self, actor, model, number):
        for method, *args in self.get_operations(actor, model, number):
            told = []
            for target in (number, MISSING):
                asked = json.loads(json.dumps(args).replace(str(number), str(target)))
                told.append(self.strip(self.answer(actor, model, method, *asked), target))
            self.asked += 1
            if told[0] != told[1]:
                yield f"{actor} {model}.{method}: {' / '.join(differ(*told))}"

    @mute_logger(*LOGGERS)
    def test_it_takes_as_many_queries(self):
        """Nor does the time tell."""
        wrong = []
        for actor in ("handler", "director", "board", "registrar", "coordinator"):
            for model in (COMPLAINT, "klachtenbeheer.letter", "klachtenbeheer.fact"):
                number = self.get_targets()[model]
                for method, *args in (
                    ("read", ["display_name"]),
                    ("web_read", {"display_name": {}}),
                    ("write", {}),
                    ("unlink",),
                    ("onchange", {}, [], {"display_name": {}}),
                    ("action_archive",),
                ):
                    counts = [
                        self.count_queries(actor, model, method, target, *args)
                        for target in (number, MISSING)
                    ]
                    if counts[0] != counts[1]:
                        wrong.append(f"{actor} {model}.{method}: {counts}")
        self.assertFalse("\n".join(wrong))

    def count_queries(self, actor, model, method, number, *args):
        for _time in range(2):  # the first fills caches
            count = self.env.cr.sql_log_count
            self.answer(actor, model, method, [number], *args)
        return self.env.cr.sql_log_count - count

    @mute_logger(*LOGGERS)
    def test_what_is_hidden_answers_as_what_is_not_there(self):
        self.asked, begin, wrong = 0, time.monotonic(), []
        targets = self.get_targets()
        number = targets.pop(COMPLAINT)
        for actor in ATTACKERS:
            wrong += self.compare(actor, COMPLAINT, number)
        # lines refuse by one method: not everybody has to try each of them
        for actor, line in sample(product((*NAMERS, "clerk", "stand_in"), targets.items()), 3):
            wrong += self.compare(actor, *line)
        _table.info(
            "Attack matrix: %s pairs of calls in %.0f s", self.asked, time.monotonic() - begin
        )
        self.assertFalse("\n".join(wrong))

    @mute_logger(*LOGGERS)
    def test_the_same_for_what_is_somebody_elses(self):
        """Not about them, just not theirs: the same words again."""
        for actor in ("handler", "board", "employee", "manager"):
            wrong = []
            self.asked = 0
            for letter in "bf":
                for model in (COMPLAINT, "klachtenbeheer.letter"):
                    number = self.get_targets(letter)[model]
                    wrong += self.compare(actor, model, number)
            self.assertFalse("\n".join(wrong))

    # ---------------------------------------------------------------- new records that name one

    def get_pointers(self):
        """Every model in which a dossier, or a line of one, can be named: [(model, values)]."""
        targets = self.get_targets()
        for name, model in sorted(self.env.registry.items()):
            if model._abstract or not model._auto or name in ELSEWHERE:
                continue
            for fname, field in model._fields.items():
                if field.comodel_name in targets and field.type in ("many2one", "many2many"):
                    yield name, fname, field.comodel_name
                elif field.type == "reference":
                    yield name, fname, None
            if "res_id" in model._fields or "res_ids" in model._fields:
                yield name, "res_id", None

    def get_naming(self, name, fname, comodel, number):
        """Values that name a record."""
        fields = self.env[name]._fields
        complaints = self.env["ir.model"]._get_id(COMPLAINT)
        if comodel:
            many = fields[fname].type == "many2many"
            return {fname: [[Command.SET, 0, [number]]] if many else number}
        if fname != "res_id":
            return {fname: f"{COMPLAINT},{number}"}
        given = {"res_model": COMPLAINT, "model": COMPLAINT, "res_model_id": complaints}
        given |= {"res_id": number, "res_ids": str([number])}
        return {key: value for key, value in given.items() if key in fields}

    @mute_logger(*LOGGERS)
    def test_nobody_learns_of_a_dossier_by_naming_it(self):
        """Onchange, defaults and new records of all models that can name one."""
        targets, wrong, asked = self.get_targets(), [], 0
        for actor in NAMERS:
            for name, fname, comodel in self.get_pointers():
                if not self.may_create(actor, name):
                    continue
                asked += 1
                told = [
                    self.name_one(actor, name, fname, comodel, number)
                    for number in (targets[comodel or COMPLAINT], MISSING)
                ]
                for (way, there), (_way, missing) in zip(*told, strict=True):
                    if there != missing:
                        wrong.append(
                            f"{actor} {name}.{fname} {way}: {' / '.join(differ(there, missing))}"
                        )
        _table.info("Named in %s new records", asked)
        self.assertFalse("\n".join(wrong))

    def may_create(self, actor, name):
        user = self.users[actor]
        return self.env[name].with_user(user).has_access("create")

    def name_one(self, actor, name, fname, comodel, number):
        vals = self.get_naming(name, fname, comodel, number)
        required = {
            key: "x"
            for key, field in self.env[name]._fields.items()
            if field.required and field.type in ("char", "text", "html") and key not in vals
        }
        spec = {
            key: {"fields": {"display_name": {}}} if field.relational else {}
            for key, field in self.env[name]._fields.items()
            if key in vals or field.compute or field.related
        }
        context = {f"default_{key}": value for key, value in vals.items()}
        context |= {"active_model": COMPLAINT, "active_id": number, "active_ids": [number]}
        ways = {
            "onchange": self.answer(actor, name, "onchange", [], vals, [*vals], spec),
            "defaults": self.answer(actor, name, "default_get", [*spec], context=context),
            "form": self.answer(actor, name, "onchange", [], {}, [], spec, context=context),
            "create": self.answer(
                actor, name, "web_save", [], required | vals, {"display_name": {}} | spec
            ),
        }
        told = [(way, self.strip(told, number)) for way, told in ways.items()]
        return [(way, NEW.sub("@", text)) for way, text in told]

    # ---------------------------------------------------------------- beside a dossier

    def get_hanging(self):
        """Models of the platform that hang on a record, or on what does."""
        found = {"mail.message"}
        for name, model in self.env.registry.items():
            fields = model._fields
            pairs = ("res_model", "res_id"), ("model", "res_id")
            points = any(one in fields and fields[one].store for _of, one in pairs if _of in fields)
            if not model._abstract and not model._transient and points:
                found.add(name)
        for name, model in self.env.registry.items():
            if not model._abstract and not model._transient and model._auto:
                owned = any(
                    field.comodel_name == "mail.message"
                    and field.type == "many2one"
                    and field.required
                    for field in model._fields.values()
                )
                found |= {name} if owned else set()
        return {name for name in found if not name.startswith("klachtenbeheer.")}

    def get_rows(self):
        header, *rows = (line.split() for line in HANGS.strip().splitlines())
        return {row[0]: dict(zip(header[1:], row[1:], strict=True)) for row in rows}

    def test_whatever_hangs_on_a_record_has_a_row(self):
        self.assertFalse(self.get_hanging() - set(self.get_rows()) - set(ELSEWHERE))

    def get_new(self, name, complaint):
        """Values for one more on a dossier."""
        partner = self.users["witness"].partner_id
        message = complaint.message_ids[:1]
        model_id = self.env["ir.model"]._get_id(COMPLAINT)
        of_model = {"model": COMPLAINT, "res_id": complaint.id}
        of_res_model = {"res_model": COMPLAINT, "res_id": complaint.id}
        return {
            "mail.message": of_model | {"body": "x", "message_type": "comment"},
            "mail.activity": {"res_model_id": model_id, "res_id": complaint.id, "summary": "x"},
            "mail.scheduled.message": of_model
            | {"body": "x", "author_id": partner.id, "scheduled_date": "2099-01-01 09:00:00"},
            "mail.followers": of_res_model | {"partner_id": self.outsider.partner_id.id},
            "mail.notification": {
                "mail_message_id": message.id,
                "res_partner_id": self.users["foreign_manager"].partner_id.id,
            },
            "ir.attachment": of_res_model | {"name": "x", "raw": "x"},
            "rating.rating": {"res_model_id": model_id, "res_id": complaint.id, "rating": 5},
            "calendar.event": {
                "name": "x",
                "start": "2099-01-01 09:00:00",
                "stop": "2099-01-01 10:00:00",
                "res_model_id": model_id,
                "res_id": complaint.id,
            },
            "mail.mail": of_model | {"body_html": "x"},
            "mail.message.schedule": {
                "mail_message_id": message.id,
                "scheduled_datetime": "2099-01-01 09:00:00",
            },
            "mail.tracking.value": {
                "mail_message_id": message.id,
                "field_id": self.env["ir.model.fields"]._get(COMPLAINT, "title").id,
            },
            "mail.message.reaction": {
                "message_id": message.id,
                "content": "x",
                "partner_id": partner.id,
            },
        }[name]

    @mute_logger(*LOGGERS)
    def test_what_hangs_on_a_dossier_is_made_by_who_looks_into_it(self):
        """Also by writing: what somebody made elsewhere is not put on it afterwards."""
        complaint = self.dossiers["h"]  # the handler's, and the coordinator's
        wrong = []
        for name, row in self.get_rows().items():
            for actor, cell in row.items():
                vals = self.get_new(name, complaint)
                told = self.answer(actor, name, "create", vals)
                if ("result" in told) != (cell == "+"):
                    wrong.append(f"{actor} {name} create: {str(told)[:300]}")
                told = self.answer_moved(actor, name, vals)
                # an entry in one's own calendar names what the registrar reads, and adds nothing
                naming_only = (name, actor) == ("calendar.event", "registrar")
                if told and "result" in told and cell != "+" and not naming_only:
                    wrong.append(f"{actor} {name} moved: {str(told)[:300]}")
        self.assertFalse("\n".join(wrong))

    def answer_moved(self, actor, name, vals):
        """What putting one's own record on the dossier gives, None where nobody can."""
        pointing = {key: vals[key] for key in vals if key in ("res_model", "res_id", "model")}
        if "res_id" not in pointing or name == "mail.activity" or not self.may_create(actor, name):
            return None
        user = self.users[actor]
        own = {**vals, **dict.fromkeys(pointing, False), "res_model_id": False}
        own = {key: value for key, value in own.items() if key in self.env[name]._fields}
        if name in ("mail.scheduled.message", "rating.rating", "mail.followers"):
            partner = self.env["ir.model"]._get("res.partner")
            own |= {"res_id": user.partner_id.id, "model": "res.partner"}
            own |= {"res_model": "res.partner", "res_model_id": partner.id}
            own = {key: value for key, value in own.items() if key in self.env[name]._fields}
        if "res_model_id" in vals:
            pointing["res_model_id"] = vals["res_model_id"]
        with self.env.cr.savepoint():
            try:
                record_id = self.call(actor, name, "create", own)
            except AccessError:
                return None
            told = self.answer(actor, name, "write", [record_id], pointing)
            self.env[name].browse(record_id).sudo().unlink()
        return told

    @mute_logger(*LOGGERS)
    def test_nobody_forges_a_rating(self):
        """As it was found: the coordinator would read “Very good”."""
        complaint = self.dossiers["b"]
        complaint.invalidate_recordset()
        before = complaint.sudo().rating_ids
        model_id = self.env["ir.model"]._get_id(COMPLAINT)
        vals = {"res_model_id": model_id, "res_id": complaint.id, "rating": 5, "feedback": "x"}
        for actor in (*ATTACKERS, "colleague", "witness"):
            with self.subTest(actor=actor):
                self.assertIn("error", self.answer(actor, "rating.rating", "create", vals))
                for method, *args in (("write", {"rating": 5}), ("unlink",)):
                    told = self.answer(actor, "rating.rating", method, before[:1].ids, *args)
                    self.assertIn("error", told)

    @mute_logger(*LOGGERS)
    def test_who_only_registers_says_nothing_in_the_conversation(self):
        complaint = self.dossiers["b"]
        partner = self.users["registrar"].partner_id.ids
        for method, args, kwargs in (
            ("message_post", [], {"body": "x"}),
            ("activity_schedule", ["mail.mail_activity_data_todo"], {"summary": "x"}),
            ("message_subscribe", [partner], {}),
        ):
            with self.subTest(method=method):
                told = self.answer("registrar", COMPLAINT, method, complaint.ids, *args, **kwargs)
                self.assertIn("error", told)
        self.assertIn(
            "result", self.answer("registrar", COMPLAINT, "write", complaint.ids, {"title": "x"})
        )


@tagged("post_install", "-at_install")
class TestAttackRoutes(AttackCase, HttpCase):
    """The same as a browser gets it, in debug mode, byte by byte."""

    def ask_json(self, path, **params):
        body = {"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}
        response = self.url_open(
            path, json.dumps(body), headers={"Content-Type": "application/json"}
        )
        return response.status_code, response.text

    def ask(self, model, number):
        """{what was asked: answer} of one record."""
        told = {}
        spec = {"display_name": {}}
        for method, args in (
            ("web_read", [[number], spec]),
            ("read", [[number], ["display_name"]]),
            ("write", [[number], {"name": "x"}]),
            ("unlink", [[number]]),
            ("onchange", [[number], {}, [], spec]),
            ("get_formview_action", [[number]]),
            ("web_search_read", [[["id", "=", number]], spec]),
        ):
            told[method] = self.ask_json(
                f"/web/dataset/call_kw/{model}/{method}",
                model=model,
                method=method,
                args=args,
                kwargs={},
            )
        told["thread"] = self.ask_json(
            "/mail/thread/messages", thread_model=model, thread_id=number
        )
        told["post"] = self.ask_json(
            "/mail/message/post",
            thread_model=model,
            thread_id=number,
            post_data={"body": "x"},
        )
        told["store"] = self.ask_json(
            "/mail/data",
            fetch_params=[
                [
                    "mail.thread",
                    {
                        "thread_model": model,
                        "thread_id": number,
                        "request_list": ["followers", "activities", "attachments"],
                    },
                ]
            ],
        )
        for name, path in (
            ("form", f"/odoo/{model}/{number}?debug=1"),
            ("image", f"/web/image/{model}/{number}/image_128"),
            ("content", f"/web/content/{model}/{number}/name"),
            ("mail", f"/mail/view?model={model}&res_id={number}"),
            ("report", f"/report/html/klachtenbeheer.report_letter/{number}"),
            ("portal", f"/my/klachten/{number}"),
        ):
            response = self.url_open(path, allow_redirects=False)
            headers = {key: response.headers.get(key) for key in ("Location", "Content-Type")}
            told[name] = (response.status_code, str(headers), response.text)
        return told

    def clean(self, answer, number):
        text = str(answer)
        # what is new in each answer, whatever is asked
        text = re.sub(r'"?csrf_token"?: ?"[^"]+"|data-csrf[^ ]+|[0-9a-f]{40,}', "", text)
        text = re.sub(r"lastactivity_\w+|t=\d+|unique=\w+|\b\d{10}\b", "", text)
        return text.replace(str(number), "#")

    @mute_logger(*LOGGERS, "werkzeug")
    def test_a_browser_is_told_nothing_either(self):
        complaint = self.dossiers["a"].id
        other = self.dossiers["b"].id  # of somebody else, for most
        for actor in ("handler", "director", "board", "registrar", "employee", "portal_accused"):
            self.authenticate(self.users[actor].login, self.users[actor].login)
            self.url_open("/odoo?debug=1")
            numbers = [complaint, MISSING]
            if actor in ("handler", "board", "employee"):
                numbers.append(other)
            told = [self.ask(COMPLAINT, number) for number in numbers]
            for way in told[0]:
                answers = {
                    self.clean(answers[way], number)
                    for answers, number in zip(told, numbers, strict=True)
                }
                with self.subTest(actor=actor, way=way):
                    self.assertEqual(len(answers), 1, "\n".join(a[:1500] for a in answers))
