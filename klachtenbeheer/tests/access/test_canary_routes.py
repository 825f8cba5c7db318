import json
import logging

from odoo import fields, http
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from ..support.access_common import ACCESS_LOGGERS
from ..support.canary_common import COMPLAINT, CONTENT, MARK
from ..support.sampling import EVERYTHING
from .test_canary_crawl import ONCE_MORE, CrawlCase

_table = logging.getLogger(f"{__name__}.table")

HTTP_LOGGERS = ("odoo.http", "odoo.addons.web.controllers.export", "odoo.addons.rpc", "werkzeug")
LETTER = "klachtenbeheer.letter"
ACTORS = (
    *("employee", "registrar", "handler", "clerk", "coordinator", "director", "board"),
    *("manager", "administrator", "colleague", "foreign"),
    *("portal", "other_portal", "portal_accused", "public"),
)
ASKING = [actor for actor in ACTORS if EVERYTHING or actor not in ONCE_MORE]
# What the client of dossier `other` reads on their own page.
OWN_PAGE = {"portal": {f"{MARK}br"}}
MODELS = (COMPLAINT, LETTER, "klachtenbeheer.event", "mail.message", "ir.attachment")


@tagged("post_install", "-at_install")
class TestCanaryRoutes(CrawlCase, HttpCase):
    """The same over HTTP: no route tells a word to somebody for whom it is not."""

    def get_password(self, login):
        return login + "x" * (8 - len(login))

    def log_in(self, actor):
        login = self.users[actor].login if actor != "public" else None
        self.authenticate(login, login and self.get_password(login))

    # ---------------------------------------------------------------- asking

    def rpc(self, route, **params):
        try:
            return json.dumps(self.make_jsonrpc_request(route, params))
        except JsonRpcException as refusal:
            return str(refusal)

    def call(self, model, method, *args, **kwargs):
        return self.rpc(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=args,
            kwargs=kwargs,
        )

    def get_texts(self, model):
        """Text fields that are for everybody who may read the model."""
        return [fname for fname in self.filled[model] if not self.env[model]._fields[fname].groups]

    def ask_client(self, _actor):
        """Lists, counts and exports, as the client of the platform asks for them."""
        for model in MODELS:
            names = self.get_texts(model)
            specification = {fname: {} for fname in names}
            yield self.call(model, "web_search_read", [], specification)
            yield self.call(model, "web_read_group", [], names[:1], aggregates=["__count"])
            yield self.call(model, "name_search", MARK)

    def ask_export(self, _actor):
        for model in (COMPLAINT, LETTER):
            for ids in (False, self.get_canary_ids(model)):
                params = {
                    "model": model,
                    "fields": [{"name": fname, "label": fname} for fname in self.get_texts(model)],
                    "ids": ids,
                    "domain": [],
                    "import_compat": False,
                    "groupby": [],
                }
                data = {"data": json.dumps(params), "csrf_token": http.Request.csrf_token(self)}
                yield self.url_open("/web/export/csv", data=data).text

    def ask_json(self, actor):
        """The JSON API, with the key of the user."""
        if actor == "public":
            return
        keys = self.env["res.users.apikeys"].with_user(self.users[actor]).sudo()
        key = keys._generate("rpc", "test", fields.Datetime.add(fields.Datetime.now(), days=1))
        headers = {"Authorization": f"Bearer {key}"}
        for model in MODELS:
            names = self.get_texts(model)
            for method, params in (
                ("search_read", {"domain": [], "fields": names}),
                ("read", {"ids": self.get_canary_ids(model), "fields": names}),
            ):
                url = f"/json/2/{model}/{method}"
                yield self.url_open(url, json=params, headers=headers).text

    def ask_thread(self, _actor):
        """Messages, followers, files and activities of a dossier, and the own mailboxes."""
        for complaint in self.dossiers.values():
            of_thread = {"thread_model": COMPLAINT, "thread_id": complaint.id}
            wanted = {**of_thread, "request_list": ["followers", "attachments", "activities"]}
            yield self.rpc("/mail/thread/messages", **of_thread)
            yield self.rpc("/mail/data", fetch_params=[["mail.thread", wanted]])
            yield self.rpc("/mail/chatter_fetch", **of_thread, token="x")
            yield self.rpc("/mail/thread/recipients", **of_thread)
        for box in ("inbox", "history", "starred"):
            yield self.rpc(f"/mail/{box}/messages")
        yield self.rpc("/mail/data", fetch_params=["failures", "systray_get_activities"])
        yield self.rpc("/calendar/notify")

    def ask_start_page(self, _actor):
        """What pages of our own are told by a call of their own."""
        yield self.call("klachtenbeheer.start.page", "get_sections")
        yield self.call("klachtenbeheer.dashboard", "get_figures")

    def ask_files(self, _actor):
        for number in self.get_canary_ids("ir.attachment"):
            yield self.url_open(f"/web/content/{number}?download=1")
            yield self.url_open(f"/web/image/{number}")
        for complaint in self.dossiers.values():
            for fname in ("description", "message_main_attachment_id"):
                yield self.url_open(f"/web/content/{COMPLAINT}/{complaint.id}/{fname}")

    def ask_reports(self, _actor):
        for complaint in self.dossiers.values():
            number = complaint.letter_ids[:1].id
            yield self.url_open(f"/report/html/klachtenbeheer.letter_document/{number}")

    def ask_portal(self, _actor):
        for page in ("/my", "/my/home", "/my/klachten"):
            yield self.url_open(page)
        for complaint in self.dossiers.values():
            page = f"/my/klachten/{complaint.id}"
            yield self.url_open(page)
            yield self.url_open(f"{page}/brief/{complaint.letter_ids[:1].id}")

    def get_hits(self, actor, answers):
        forbidden = self.get_forbidden(actor) - OWN_PAGE.get(actor, set())
        hits = set()
        for answer in answers:
            text = answer if isinstance(answer, str) else f"{answer.text} {answer.headers}"
            for key, what in self.find_words(text).items():
                if key in forbidden and not (key[4] == "x" and self.users[actor]._is_internal()):
                    hits |= {f"{key} {name}" for name in what}
        return hits

    # ---------------------------------------------------------------- tests

    @mute_logger(*ACCESS_LOGGERS, *HTTP_LOGGERS)
    def test_no_route_tells_a_word_to_whom_it_is_not_for(self):
        groups = (
            *(self.ask_client, self.ask_export, self.ask_json, self.ask_thread),
            *(self.ask_start_page, self.ask_files, self.ask_reports, self.ask_portal),
        )
        rows = [f"{'':16}" + "".join(f"{ask.__name__[4:]:>11}" for ask in groups)]
        found = []
        for actor in ASKING:
            self.log_in(actor)
            hits = [self.get_hits(actor, ask(actor)) for ask in groups]
            rows.append(f"{actor:16}" + "".join(f"{len(words):11}" for words in hits))
            for ask, words in zip(groups, hits, strict=True):
                found += [f"{actor} {ask.__name__[4:]}: {word}" for word in sorted(words)]
        _table.info("Canary table, routes: hits\n   %s", "\n   ".join(rows))
        self.assertFalse("\n".join(found))

    @mute_logger(*ACCESS_LOGGERS, *HTTP_LOGGERS)
    def test_who_may_see_is_told_by_the_same_routes(self):
        self.log_in("witness")
        for ask in (
            *(self.ask_client, self.ask_export, self.ask_json, self.ask_thread),
            *(self.ask_start_page, self.ask_files, self.ask_reports),
        ):
            with self.subTest(route=ask.__name__):
                answers = [
                    answer if isinstance(answer, str) else answer.text for answer in ask("witness")
                ]
                self.assertIn(f"{MARK}b", "".join(answers))
        self.log_in("portal")
        pages = "".join(answer.text for answer in self.ask_portal("portal"))
        self.assertIn(f"{MARK}br", pages)


@tagged("post_install", "-at_install")
class TestCanaryMails(CrawlCase):
    """What leaves by mail, or is pushed to open screens, reaches nobody for whom it is not."""

    def test_no_mail_and_no_push_reaches_who_may_not_see(self):
        self.env["bus.bus"].search([]).unlink()
        with self.mock_mail_gateway():
            for letter, complaint in self.dossiers.items():
                self.talk_about(letter, complaint)
            self.env.cr.precommit.run()
            self.env.flush_all()
        self.assertTrue(self._mails)
        self.assertFalse(list(self.find_in_mails()))
        self.assertFalse(list(self.find_in_pushes()))

    def talk_about(self, letter, complaint):
        """Write to everybody at once, with a file, and ask somebody something."""
        colleague = "foreign" if letter == "f" else "witness"
        people = self.env["res.partner"].union(
            *(self.users[actor].partner_id for actor in (colleague, *self.get_accused(letter)))
        )
        complaint.message_subscribe(people.ids)
        complaint.message_post(
            body=self.word(letter, CONTENT, "mail"),
            subject=self.word(letter, CONTENT, "subject"),
            partner_ids=people.ids,
            subtype_xmlid="mail.mt_comment",
            attachments=[("a.txt", self.word(letter, CONTENT, "file").encode())],
        )

    def get_accused(self, letter):
        accused = {
            "a": ("handler", "director", "portal_accused", "other_portal", "employee"),
            "h": ("colleague", "deputy"),
        }
        return accused.get(letter, ())

    def find_in_mails(self):
        for mail in self._mails:
            for actor, user in self.users.items():
                if user.email and any(user.email in address for address in mail["email_to"]):
                    words = self.find_words([mail["subject"], mail["body"], *mail["attachments"]])
                    yield from self.get_strange(actor, words)

    def find_in_pushes(self):
        for push in self.env["bus.bus"].search([]):
            for actor, user in self.users.items():
                if f'"res.partner",{user.partner_id.id}]' in push.channel.replace(" ", ""):
                    yield from self.get_strange(actor, self.find_words(push.message))

    def get_strange(self, actor, words):
        """What was not meant for somebody; a client gets what is sent to their followers."""
        own = {f"{MARK}bc", f"{MARK}br"} if actor == "portal" else set()
        for key in words:
            if key in self.get_forbidden(actor) - own and key[4] != "x":
                yield f"{actor}: {key}"
