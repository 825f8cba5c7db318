import inspect
import time
from contextlib import suppress
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.privacy import reading as reading_log
from ..access.test_canary_crawl import CrawlCase, Crawler
from ..access.test_canary_routes import HTTP_LOGGERS, TestCanaryRoutes
from ..support.access_common import ACCESS_LOGGERS
from ..support.canary_common import BESIDE, COMPLAINT, MARK
from ..support.privacy_common import PrivacyCase

# Routes of ours, and by what is shown that they note who looked; empty: tells of no dossier.
OWN = "ask_portal; all of them start with _get_own_complaint"
FOLLOW = "test_public_follow: test_opening_the_page_is_on_record_without_an_account"
COMMITTEE = "test_committee: test_a_member_from_outside_reads_advises_and_signs"
ROUTES = {
    **dict.fromkeys(
        [
            *("/klacht", "/klacht/<string:code>", "/klachten"),
            *("/klachtenregeling", "/klachtenregeling/<string:code>"),
            *("/klachtenregeling/<string:code>/pdf", "/klachtenregeling/sitemap.xml"),
            *("/klachtenbeheer/register-template/<int:policy_id>", "/my/klachten/nieuw"),
        ],
        "",
    ),
    "/klacht/volgen": FOLLOW,
    **dict.fromkeys(
        [
            *("/my/klachten", "/my/klachten/page/<int:page>", "/my/klachten/<int:complaint_id>"),
            "/my/klachten/<int:complaint_id>/beoordelen",
            "/my/klachten/<int:complaint_id>/bericht",
            "/my/klachten/<int:complaint_id>/bestand/<int:attachment_id>",
            "/my/klachten/<int:complaint_id>/brief/<int:letter_id>",
            "/my/klachten/<int:complaint_id>/gesprek/<int:hearing_id>",
            "/my/klachten/<int:complaint_id>/intrekken",
            "/my/klachten/<int:complaint_id>/niet-eens/<string:kind>",
        ],
        OWN,
    ),
    **dict.fromkeys(
        [
            *("/my/commissie", "/my/commissie/<int:complaint_id>"),
            "/my/commissie/<int:complaint_id>/advies/<int:advice_id>",
            "/my/commissie/<int:complaint_id>/bestand/<int:attachment_id>",
        ],
        COMMITTEE,
    ),
}


class ReadingCase:
    def get_readings(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.env["klachtenbeheer.reading"].search([])

    def forget(self):
        self.get_readings().unlink()
        reading_log._noted.clear()


@tagged("post_install", "-at_install")
class TestReading(ReadingCase, PrivacyCase):
    """Who looked at what, when, and why that was allowed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.file_complaint(handler_id=cls.users["handler"].id)
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.forget()

    def look(self, role, records, *names):
        self.env.invalidate_all()
        return self.as_role(records, role).read(list(names) or ["description"])

    def test_a_line_says_who_what_when_and_why(self):
        self.look("handler", self.complaint)
        self.assertRecordValues(
            self.get_readings(),
            [
                {
                    "user_id": self.users["handler"].id,
                    "company_id": self.company.id,
                    "dossier_id": self.complaint.id,
                    "reference": self.complaint.name,
                    "what": "dossier",
                    "ground": "handler",
                    "hour": fields.Datetime.now().replace(minute=0, second=0, microsecond=0),
                }
            ],
        )

    def test_why_it_was_allowed(self):
        self.complaint.board_involved = True
        for role in ("coordinator", "director", "board", "registrar"):
            self.look(role, self.complaint, "title")
        self.assertEqual(
            set(self.get_readings().mapped(lambda line: (line.user_id.login, line.ground))),
            {
                *(("coordinator", "coordinator"), ("registrar", "registrar")),
                *(("director", "decider"), ("board", "decider")),
            },
        )

    def test_a_reference_alone_is_no_reading(self):
        self.look("coordinator", self.complaint, "display_name", "name")
        self.assertFalse(self.get_readings())

    def test_what_the_system_reads_is_no_reading(self):
        self.complaint.read(["description"])
        self.assertFalse(self.get_readings())

    def test_a_refusal_is_no_reading(self):
        with mute_logger(*ACCESS_LOGGERS), self.assertRaises(AccessError):
            self.look("employee", self.complaint)
        self.assertFalse(self.get_readings())

    def test_parts_lists_exports_and_identities(self):
        self.users["coordinator"].group_ids += self.env.ref("base.group_allow_export")
        self.complaint.hide_identity = True
        other = self.file_complaint()
        letter = self.complaint.prepare_letter("answer") if self.policy.letter_type_ids else None
        by = self.as_role(self.env[COMPLAINT], "coordinator")
        by.search_read([("id", "in", (self.complaint | other).ids)], ["title"])
        by.browse(self.complaint.id).export_data(["description"])
        self.look("coordinator", self.complaint.identity_ids, "complainant_name")
        self.look("coordinator", self.complaint.event_ids, "note")
        by.formatted_read_group([], ["title"], ["__count"])
        found = set(self.get_readings().mapped("what"))
        self.assertEqual(found, {"list", "export", "identity", "content", "group"}, letter)

    def test_a_second_look_in_the_hour_costs_nothing(self):
        self.look("handler", self.complaint)
        readings = self.env["klachtenbeheer.reading"]
        [line] = self.get_readings()
        readings._remember({(line.user_id.id, line.dossier_id, line.what, line.hour)})
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        readings.with_user(self.users["handler"])._note_dossiers(self.complaint.ids, "dossier")
        self.env.cr.precommit.run()
        self.assertEqual(self.env.cr.sql_log_count, before)
        self.assertEqual(self.get_readings(), line)

    def test_a_first_look_costs_a_millisecond_at_most(self):
        """One insert, and what the ground asks; measured on lists of eighty."""
        complaints = self.env[COMPLAINT].browse([self.file_complaint().id for _number in range(80)])
        readings = self.env["klachtenbeheer.reading"].with_user(self.users["coordinator"])
        self.env.flush_all()
        took = []
        for _try in range(5):
            start = time.perf_counter()
            readings._note_dossiers(complaints.ids, "list")
            self.env.cr.precommit.run()
            took.append((time.perf_counter() - start) / 80)
        self.assertLess(sorted(took)[2], 0.001)

    def test_a_first_look_asks_two_questions(self):
        """What of the dossier is needed, and the line itself; why it was allowed is known from
        reading it."""
        for role in ("handler", "coordinator", "registrar", "director"):
            self.forget()
            self.look(role, self.complaint)
            before = self.env.cr.sql_log_count
            self.env.cr.precommit.run()
            self.assertLessEqual(self.env.cr.sql_log_count - before, 2, role)
            self.assertEqual(len(self.get_readings()), 1)

    # ---------------------------------------------------------------- who reads the log

    def test_nobody_reads_what_is_noted_of_themself(self):
        readings = self.env["klachtenbeheer.reading"].with_user(self.users["protector"])
        readings._note_dossiers(self.complaint.ids, "dossier")
        self.look("handler", self.complaint)
        self.get_readings()
        seen = self.as_role(self.env["klachtenbeheer.reading"], "protector").search([])
        self.assertEqual(seen.user_id, self.users["handler"])

    def test_nobody_reads_of_a_dossier_about_themself(self):
        self.look("handler", self.complaint)
        self.complaint.respondent_ids = self.users["protector"].partner_id
        self.get_readings()
        self.assertFalse(self.as_role(self.env["klachtenbeheer.reading"], "protector").search([]))

    def test_nobody_else_reads_or_changes_it(self):
        self.look("handler", self.complaint)
        line = self.get_readings()
        for role in ("coordinator", "director", "manager", "employee"):
            self.assertFalse(self.as_role(line, role).has_access("read"), role)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(self.as_role(line, "protector").has_access(operation))

    def test_unusual_reading_is_shown(self):
        self.patch(reading_log, "MANY", 3)
        dossiers = self.env[COMPLAINT].browse([self.file_complaint().id for _number in range(3)])
        for dossier in dossiers:
            self.look("coordinator", dossier)
        self.look("handler", self.complaint)
        self.get_readings()
        log = self.as_role(self.env["klachtenbeheer.reading"], "protector")
        unusual = log.search([("is_unusual", "=", True)])
        self.assertEqual(unusual.user_id, self.users["coordinator"])
        self.assertEqual(len(unusual), 3)
        self.assertEqual(log.search([]).filtered("is_unusual"), unusual)

    def test_the_log_itself_is_not_kept_for_ever(self):
        self.look("handler", self.complaint)
        line = self.get_readings()
        line.hour -= timedelta(days=800)
        self.run_job()
        self.assertFalse(line.exists())

    def test_anonymising_removes_it(self):
        self.look("handler", self.complaint)
        self.get_readings()
        [certificate] = self.complaint._erase("complaint", "proef")
        self.assertEqual(certificate.counts["readings"], 1)
        self.assertFalse(self.get_readings())


@tagged("post_install", "-at_install")
class TestReadingOfModels(ReadingCase, CrawlCase):
    """Whoever finds a word of a dossier by asking a model is on record for it."""

    def tells(self, what):
        """Whether more is told than the reference of a dossier."""
        told = set(what.partition(": ")[2].split(", ")) - {f"{COMPLAINT}.name"}
        return any(not name.startswith("klachtenbeheer.measure.") for name in told)

    def get_ways(self, crawler):
        """All but searching: who finds a number reads nothing yet."""
        return (
            *(crawler.read_fields, crawler.read_nested, crawler.read_by_number),
            *(crawler.search_names, crawler.group, crawler.export, crawler.take_defaults),
        )

    @mute_logger(*ACCESS_LOGGERS)
    def test_every_way_of_every_model_is_noted(self):
        missing = []
        dialogs = self.get_dossier_models(transient=True)
        crawler = Crawler(self, "witness", self.get_dossier_models() | dialogs | {*BESIDE})
        crawler.forbidden = {f"{MARK}{key}" for key in self.get_allowed()}
        for name in sorted(crawler.models):
            model = crawler.env[name]
            # a measure is of the organisation, wherever it came from
            if not model.has_access("read") or name == "klachtenbeheer.measure":
                continue
            for way in self.get_ways(crawler):
                self.forget()
                crawler.hits = []
                crawler.ask(model, way)
                told = {what[3] for _model, _way, what in crawler.hits if self.tells(what)}
                told &= set("abeh")
                if told and not self.get_readings().filtered(
                    lambda line: line.user_id == self.users["witness"]
                ):
                    missing.append(f"{name}.{way.__name__}")
        self.assertFalse(missing)

    def test_who_is_told_nothing_is_not_on_record(self):
        """Naming a dossier that is not for somebody in a dialog accuses nobody of looking."""
        self.forget()
        dossier = self.dossiers["b"]
        lines = self.env["klachtenbeheer.letter"].with_user(self.users["neighbour"])
        with mute_logger(*ACCESS_LOGGERS), suppress(AccessError):
            lines.with_context(default_complaint_id=dossier.id).default_get(["subject", "body"])
        self.assertNotIn(dossier.id, self.get_readings().mapped("dossier_id"))


@tagged("post_install", "-at_install")
class TestReadingOfRoutes(ReadingCase, TestCanaryRoutes):
    """The same over HTTP, by every route that the canary tests ask; a new one is asked here
    without a word."""

    # the tests of the class that it asks the routes of are its own
    test_no_route_tells_a_word_to_whom_it_is_not_for = None
    test_who_may_see_is_told_by_the_same_routes = None

    def get_routes(self):
        return [
            method
            for name, method in inspect.getmembers(self, inspect.ismethod)
            if name.startswith("ask_")
        ]

    @mute_logger(*ACCESS_LOGGERS, *HTTP_LOGGERS)
    def test_every_route_writes_a_line(self):
        told = set()
        for actor in ("witness", "portal"):
            self.log_in(actor)
            for ask in self.get_routes():
                told |= self.check_route(actor, ask)
        self.assertEqual(told, {ask.__name__ for ask in self.get_routes()}, "each tells something")

    def test_every_route_of_ours_was_looked_at(self):
        """A route that is new is asked above or in the test that stands here, or tells of no
        dossier."""
        ours = {
            rule.rule
            for rule in self.env["ir.http"].routing_map().iter_rules()
            if rule.endpoint.func.__module__.startswith("odoo.addons.klachtenbeheer.")
        }
        self.assertEqual(ours - {"/robots.txt"}, {*ROUTES})

    def check_route(self, actor, ask):
        found = set()
        for number, answer in enumerate(self.follow_route(ask, actor)):
            text = answer if isinstance(answer, str) else answer.text
            words = {
                key
                for key, what in self.find_words(text).items()
                # more than a reference, or who somebody is in the address book
                if key[3] in "abeh" and key[4] != "x" and what != {f"{COMPLAINT}.name"}
            }
            if words:
                found.add(ask.__name__)
                lines = self.get_readings().filtered(lambda line: line.user_id == self.users[actor])
                self.assertTrue(lines, f"{actor} {ask.__name__} answer {number}: {words}")
            self.forget()
        return found

    def follow_route(self, ask, actor):
        self.forget()
        yield from ask(actor) or ()
