import json

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from ..support.access_common import ACCESS_LOGGERS, AccessCase

SECRET = "Vertrouwelijk"
# Everybody who can have something to do with a dossier, and somebody with every role.
SUSPECTS = (
    "employee",
    "registrar",
    "handler",
    "coordinator",
    "director",
    "board",
    "manager",
    "all_roles",
    "director_board",
)


class RespondentCase(AccessCase, MockEmail):
    """Somebody who worked on a dossier, and is then complained about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        export = cls.env.ref("base.group_allow_export")
        for actor, user in cls.users.items():
            user.email = f"{actor}@proef.example"
            if user._is_internal():
                user.group_ids += export

    def file_with_traces(self, actor):
        """A complaint that somebody handled, wrote about, was told of and was asked to act on.

        :return: {name: record}
        """
        user = self.users[actor]
        complaint = self.file_complaint(description=SECRET, handler_id=user.id, board_involved=True)
        complaint.message_subscribe(user.partner_id.ids)
        # what somebody did at work, whatever rights they had for it then
        by_user = complaint.with_user(user).sudo()
        of_complaint = {"res_model": complaint._name, "res_id": complaint.id}
        wrote = by_user.message_post(body=SECRET, message_type="comment")
        received = complaint.message_post(body=SECRET, partner_ids=user.partner_id.ids)
        told = complaint.message_notify(body=SECRET, partner_ids=user.partner_id.ids)
        received.starred_partner_ids = user.partner_id
        self.env["mail.notification"].create(
            {
                "mail_message_id": wrote.id,
                "author_id": user.partner_id.id,
                "mail_email_address": "getuige@example.com",
                "notification_type": "email",
                "notification_status": "bounce",
                "failure_type": "mail_bounce",
            }
        )
        todo = {"act_type_xmlid": "mail.mail_activity_data_todo", "summary": SECRET}
        return {
            "complaint": complaint,
            "event": complaint.event_ids[:1],
            "deadline": complaint.deadline_ids[:1],
            "letter": complaint.prepare_letter("answer"),
            "wrote": wrote,
            "received": received,
            "told": told,
            "asked": complaint.activity_schedule(**todo, user_id=user.id),
            "asked_others": by_user.activity_schedule(**todo, user_id=self.outsider.id),
            "follower": complaint.message_follower_ids.filtered(
                lambda follower: follower.partner_id == user.partner_id
            ),
            "uploaded": self.env["ir.attachment"]
            .with_user(user)
            .sudo()
            .create({"name": "foto.txt", "raw": SECRET.encode(), **of_complaint}),
            "scheduled": self.env["mail.scheduled.message"]
            .with_user(user)
            .sudo()
            .create(
                {
                    "model": complaint._name,
                    "res_id": complaint.id,
                    "author_id": user.partner_id.id,
                    "body": SECRET,
                    "scheduled_date": fields.Datetime.add(fields.Datetime.now(), days=9),
                }
            ),
            "rating": self.env["rating.rating"].create(
                {
                    "res_model_id": self.env["ir.model"]._get_id(complaint._name),
                    "res_id": complaint.id,
                    "rated_partner_id": user.partner_id.id,
                    "feedback": SECRET,
                }
            ),
        }

    def name_respondent(self, complaint, actor):
        complaint.respondent_ids = [Command.link(self.users[actor].partner_id.id)]
        self.env.flush_all()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestRespondent(RespondentCase):
    """Invariant 2 of design.md: a person complained about sees nothing of the dossier."""

    @mute_logger(*ACCESS_LOGGERS)
    def test_who_is_named_later_sees_nothing_of_it_any_more(self):
        for actor in SUSPECTS:
            traces = self.file_with_traces(actor)
            self.name_respondent(traces["complaint"], actor)
            for name, record in traces.items():
                with self.subTest(actor=actor, record=name):
                    self.assertFalse(record.exists() and self.may_read(actor, record))

    @mute_logger(*ACCESS_LOGGERS)
    def test_who_is_named_on_registration_sees_nothing(self):
        for actor in SUSPECTS:
            complaint = self.file_complaint(
                description=SECRET, respondent_ids=self.users[actor].partner_id.ids
            )
            for record in (complaint, complaint.event_ids, complaint.deadline_ids[:1]):
                with self.subTest(actor=actor, record=record):
                    self.assertFalse(self.may_read(actor, record[:1]))

    @mute_logger(*ACCESS_LOGGERS)
    def test_no_way_to_ask_for_it_helps(self):
        """All the reading that a client can ask for."""
        for actor in SUSPECTS:
            complaint = self.file_with_traces(actor)["complaint"]
            self.name_respondent(complaint, actor)
            mine = self.by(actor, complaint)
            for name, ask in self.get_ways(mine.browse(), complaint).items():
                with self.subTest(actor=actor, way=name):
                    self.assertFalse(self._finds(ask))
            for name, ask in self.get_ways_by_id(mine).items():
                with self.subTest(actor=actor, way=name):
                    self.assertFalse(self.succeeds(ask))

    def get_ways(self, mine, complaint):
        """Ways to find a complaint, which then return something."""
        reference, domain = complaint.name, [("id", "=", complaint.id)]
        return {
            "search": lambda: mine.search(domain),
            "search archived": lambda: mine.with_context(active_test=False).search(domain),
            "search_read": lambda: mine.search_read(domain, ["name"]),
            "web_search_read": lambda: mine.web_search_read(domain, {"name": {}})["records"],
            "web_read_group": lambda: mine.web_read_group(domain, ["policy_id"], [])["groups"],
            "name_search": lambda: mine.name_search(reference),
            "search on the name": lambda: mine.search([("display_name", "=", reference)]),
            "read_group": lambda: mine._read_group(domain, ["stage_id"], ["__count"]),
            "formatted_read_group": lambda: mine.formatted_read_group(domain, ["name"]),
            "search through messages": lambda: mine.search(
                [*domain, ("message_ids.body", "like", SECRET)]
            ),
            "search through activities": lambda: mine.search(
                [*domain, ("activity_ids", "!=", False)]
            ),
            "search through children": lambda: mine.search(
                [*domain, ("event_ids.type_id", "!=", False)]
            ),
        }

    def get_ways_by_id(self, mine):
        """Ways to ask about a complaint of which the id is known, which then refuse."""
        return {
            "read": lambda: mine.read(["name"]),
            "web_read": lambda: mine.web_read({"name": {}}),
            "all fields": mine.read,
            "name": lambda: mine.display_name,
            "export": lambda: mine.export_data(["name", "description", "message_ids/body"]),
            "write": lambda: mine.write({"title": "Onzin"}),
            "record_event": lambda: mine.record_event("withdrawn"),
            "correct_receipt": lambda: mine.correct_receipt("2020-01-01"),
            "prepare_letter": lambda: mine.prepare_letter("answer"),
            "next step": mine.action_next_step,
            "message": lambda: mine.message_post(body="Onzin"),
            "activity": lambda: mine.activity_schedule(user_id=mine.env.uid),
        }

    @mute_logger(*ACCESS_LOGGERS)
    def test_nothing_is_mailed_or_notified_from_then_on(self):
        for actor in SUSPECTS:
            partner = self.users[actor].partner_id
            complaint = self.file_with_traces(actor)["complaint"]
            self.name_respondent(complaint, actor)
            same_person = self.env["res.partner"].create(
                {"name": "Dezelfde", "email": partner.email.upper()}
            )
            recipients = (partner | same_person).ids
            complaint.message_subscribe(recipients)
            with self.subTest(actor=actor), self.mock_mail_gateway():
                complaint.message_post(
                    body=SECRET, partner_ids=recipients, subtype_xmlid="mail.mt_comment"
                )
                complaint.message_notify(body=SECRET, partner_ids=recipients)
                complaint.message_post(
                    body=SECRET, message_type="comment", outgoing_email_to=partner.email
                )
                self.assertNotIn(partner.email, self.get_mailed_addresses())
                self.assertFalse(self.get_notifications(complaint, partner | same_person))
                self.assertNotIn(partner, complaint.message_partner_ids)

    def get_mailed_addresses(self):
        sent = [address.lower() for mail in self._mails for address in mail["email_to"]]
        queued = self._new_mails.recipient_ids.mapped("email_normalized")
        return " ".join(sent + [address for address in queued if address])

    def get_notifications(self, complaint, partners):
        return self.env["mail.notification"].search(
            [
                ("mail_message_id.model", "=", complaint._name),
                ("mail_message_id.res_id", "=", complaint.id),
                ("res_partner_id", "in", partners.ids),
            ]
        )

    def test_a_note_is_sent_to_nobody_who_does_not_see_the_dossier(self):
        """Somebody named in a note with @: a colleague who sees it is told, the complainant, a
        colleague elsewhere and an address that was typed in are not."""
        complainant = self.env["res.partner"].create(
            {"name": "Kees", "email": "kees@proef.example"}
        )
        complaint = self.file_complaint(
            partner_id=complainant.id, handler_id=self.users["handler"].id
        )
        colleague, stranger = (self.users[name].partner_id for name in ("handler", "employee"))
        with self.mock_mail_gateway():
            complaint.with_user(self.users["coordinator"]).message_post(
                body=SECRET,
                message_type="comment",
                subtype_xmlid="mail.mt_note",
                partner_ids=(complainant | colleague | stranger).ids,
                outgoing_email_to="elders@proef.example",
            )
        everybody = complainant | colleague | stranger
        told = self.get_notifications(complaint, everybody).res_partner_id
        self.assertEqual(told, colleague)
        for address in (complainant.email, stranger.email, "elders@proef.example"):
            self.assertNotIn(address, self.get_mailed_addresses())

    def test_a_colleague_is_asked_to_do_something_by_mail(self):
        """On a dossier of somebody in the address book, too: the platform would put a link with
        a signature in it."""
        complainant = self.env["res.partner"].create(
            {"name": "Kees", "email": "kees@proef.example"}
        )
        handler = self.users["handler"]
        handler.notification_type = "email"
        complaint = self.file_complaint(partner_id=complainant.id, handler_id=handler.id)
        with self.mock_mail_gateway():
            complaint.with_user(self.users["coordinator"]).activity_schedule(
                "mail.mail_activity_data_todo", summary="Bel eerst", user_id=handler.id
            )
            self.assertIn(handler.email, self.get_mailed_addresses())

    def test_nothing_reaches_the_inbox_of_who_has_no_address(self):
        user = self.users["coordinator"]
        complaint = self.file_with_traces("coordinator")["complaint"]
        self.name_respondent(complaint, "coordinator")
        user.write({"email": False, "notification_type": "inbox"})
        complaint.message_post(body=SECRET, partner_ids=user.partner_id.ids)
        self.assertFalse(self.get_notifications(complaint, user.partner_id))

    def test_what_was_under_way_is_stopped(self):
        """Notifications that were unread, mails that were queued, activities that were open."""
        user, colleague = self.users["coordinator"], self.users["colleague"]
        complaint = self.file_with_traces("coordinator")["complaint"]
        both, alone = (
            self.env["mail.mail"].create(
                {
                    "model": complaint._name,
                    "res_id": complaint.id,
                    "recipient_ids": [Command.set(partners.ids)],
                }
            )
            for partners in (user.partner_id | colleague.partner_id, user.partner_id)
        )
        self.name_respondent(complaint, "coordinator")
        self.assertEqual(both.recipient_ids, colleague.partner_id)
        self.assertEqual(alone.state, "cancel")
        self.assertFalse(self.get_notifications(complaint, user.partner_id))
        self.assertNotIn(user, complaint.activity_ids.user_id)
        self.assertNotIn(user.partner_id, complaint.message_partner_ids)

    def test_their_activities_go_to_who_is_responsible_now(self):
        traces = self.file_with_traces("coordinator")
        self.name_respondent(traces["complaint"], "coordinator")
        self.assertEqual(traces["asked"].user_id, self.users["director"])

    def test_a_handler_who_is_named_loses_the_dossier_and_the_coordinator_hears_of_it(self):
        complaint = self.file_with_traces("handler")["complaint"]
        self.name_respondent(complaint, "handler")
        self.assertFalse(complaint.handler_id)
        alerts = complaint.activity_ids.filtered(
            lambda activity: activity.user_id == self.users["coordinator"]
        )
        self.assertIn("complained about", " ".join(filter(None, alerts.mapped("summary"))))

    @mute_logger(*ACCESS_LOGGERS)
    def test_their_activities_are_out_of_their_hands(self):
        """Whoever planned an activity may otherwise change it, and give it to themselves."""
        for actor in ("employee", "coordinator"):
            traces = self.file_with_traces(actor)
            self.name_respondent(traces["complaint"], actor)
            activity = self.by(actor, traces["asked_others"])
            with self.subTest(actor=actor):
                self.assertFalse(self.succeeds(activity.write, {"user_id": self.users[actor].id}))
                self.assertFalse(self.succeeds(activity.unlink))

    def test_links_to_files_that_somebody_kept_do_not_work_any_more(self):
        traces = self.file_with_traces("handler")
        traces["uploaded"].generate_access_token()
        self.name_respondent(traces["complaint"], "director")
        self.assertFalse(traces["uploaded"].access_token)

    @mute_logger(*ACCESS_LOGGERS)
    def test_access_returns_when_the_name_is_taken_away(self):
        expected = {
            "coordinator": {"complaint", "event", "deadline", "letter", "wrote", "uploaded"},
            "registrar": {"complaint", "wrote", "uploaded"},
            "employee": {"wrote"},
        }
        for actor, names in expected.items():
            traces = self.file_with_traces(actor)
            self.name_respondent(traces["complaint"], actor)
            traces["complaint"].respondent_ids = [Command.clear()]
            self.env.flush_all()
            seen = {name for name, record in traces.items() if record.exists()}
            seen = {name for name in seen if self.may_read(actor, traces[name])}
            with self.subTest(actor=actor):
                self.assertEqual(seen & set().union(*expected.values()), names)

    @mute_logger(*ACCESS_LOGGERS)
    def test_others_see_what_they_saw(self):
        traces = self.file_with_traces("handler")
        self.name_respondent(traces["complaint"], "director")
        for name in ("complaint", "event", "deadline", "letter", "wrote", "received", "uploaded"):
            with self.subTest(record=name):
                self.assertTrue(self.may_read("coordinator", traces[name]))
                self.assertFalse(self.may_read("director", traces[name]))

    @mute_logger(*ACCESS_LOGGERS)
    def test_archiving_brings_nothing_back(self):
        traces = self.file_with_traces("coordinator")
        self.name_respondent(traces["complaint"], "coordinator")
        traces["complaint"].active = False
        self.env.flush_all()
        for name in ("complaint", "event", "deadline", "letter", "wrote"):
            with self.subTest(record=name):
                self.assertFalse(self.may_read("coordinator", traces[name]))

    @mute_logger(*ACCESS_LOGGERS)
    def test_an_outsider_with_an_account_sees_nothing_either(self):
        """A volunteer or client who is complained about and has a portal account."""
        complaint = self.file_complaint(partner_id=self.users["portal"].partner_id.id)
        for actor in ("portal", "other_portal"):
            self.name_respondent(complaint, actor)
            message = complaint.message_post(
                body=SECRET,
                partner_ids=self.users[actor].partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )
            with self.subTest(actor=actor):
                self.assertFalse(self.may_read(actor, complaint))
                self.assertFalse(self.may_read(actor, message))

    def test_nobody_complained_about_is_asked_to_do_something(self):
        """Assigned by hand, by the daily job or by escalation."""
        complaint = self.file_complaint(respondent_ids=self.users["coordinator"].partner_id.ids)
        self.assertNotIn(self.users["coordinator"], complaint.activity_ids.user_id)
        complaint._escalate(complaint.deadline_ids[:1])
        self.assertNotIn(self.users["coordinator"], complaint.activity_ids.user_id)
        self.assertEqual(complaint._get_responsible(), self.users["director"])


@tagged("post_install", "-at_install")
class TestRespondentOnline(RespondentCase, HttpCase):
    """The same over HTTP, logged in, on the routes that read past the ordinary ones."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.login = "all_roles"

    def setUp(self):
        super().setUp()
        self.users[self.login].notification_type = "inbox"
        self.traces = self.file_with_traces(self.login)
        self.complaint = self.traces["complaint"]
        self.authenticate(self.login, self.login)

    def call(self, model, method, *args, **kwargs):
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", params)

    def ask(self, route, **params):
        """What a route answers, as text; empty where it refuses."""
        try:
            return json.dumps(self.make_jsonrpc_request(route, params))
        except JsonRpcException:
            return ""

    def get_answers(self):
        """Everything that a browser asks of a dossier, its messages and its files.

        :return: {route: what came back, as text}
        """
        complaint, thread = self.complaint, "klachtenbeheer.complaint"
        of_thread = {"thread_model": thread, "thread_id": complaint.id}
        data = ["mail.thread", {**of_thread, "request_list": ["followers", "attachments"]}]
        chatter = {**of_thread, "token": "x", "pid": self.users[self.login].partner_id.id}
        return {
            "call_kw": self.ask(
                f"/web/dataset/call_kw/{thread}/web_search_read",
                model=thread,
                method="web_search_read",
                args=[],
                kwargs={
                    "domain": [["id", "=", complaint.id]],
                    "specification": {"description": {}},
                },
            ),
            "inbox": self.ask("/mail/inbox/messages"),
            "thread": self.ask("/mail/thread/messages", **of_thread),
            "history": self.ask("/mail/history/messages"),
            "starred": self.ask("/mail/starred/messages"),
            "data": self.ask("/mail/data", fetch_params=[data]),
            "failures": self.ask("/mail/data", fetch_params=["failures"]),
            "portal chatter": self.ask("/mail/chatter_fetch", **chatter),
            "attachment": self.url_open(f"/web/content/{self.traces['uploaded'].id}").text,
            "letter": self.url_open(
                f"/report/html/klachtenbeheer.letter_document/{self.traces['letter'].id}"
            ).text,
            "portal": self.url_open(f"/my/klachten/{complaint.id}").text,
        }

    def is_told(self, answer):
        return SECRET in answer or self.complaint.name in answer

    @mute_logger(*ACCESS_LOGGERS, "odoo.http")
    def test_no_route_tells_anything(self):
        before = {name for name, answer in self.get_answers().items() if self.is_told(answer)}
        # what the routes tell to somebody who may know, so that silence means something
        self.assertLessEqual(
            {"call_kw", "inbox", "thread", "starred", "data", "failures", "attachment", "letter"},
            before,
        )
        self.name_respondent(self.complaint, self.login)
        after = {name for name, answer in self.get_answers().items() if self.is_told(answer)}
        self.assertFalse(after)

    @mute_logger(*ACCESS_LOGGERS, "odoo.http")
    def test_activities_are_not_counted_either(self):
        def count():
            answer = self.ask("/mail/data", fetch_params=["systray_get_activities"])
            return answer.count("klachtenbeheer.complaint")

        self.assertTrue(count())
        self.name_respondent(self.complaint, self.login)
        self.assertFalse(count())

    @mute_logger(*ACCESS_LOGGERS, "odoo.http")
    def test_nothing_can_be_added_or_followed(self):
        self.name_respondent(self.complaint, self.login)
        of_thread = {"thread_model": self.complaint._name, "thread_id": self.complaint.id}
        self.ask("/mail/message/post", post_data={"body": "Onzin"}, **of_thread)
        partner = self.users[self.login].partner_id
        self.ask(
            "/mail/thread/subscribe",
            res_model=self.complaint._name,
            res_id=self.complaint.id,
            partner_ids=partner.ids,
        )
        self.env.invalidate_all()
        self.assertNotIn("Onzin", "".join(self.complaint.message_ids.mapped("body")))
        self.assertNotIn(partner, self.complaint.message_partner_ids)

    @mute_logger(*ACCESS_LOGGERS, "odoo.http")
    def test_no_token_opens_a_dossier(self):
        """Not to somebody who is complained about, and not to anybody else."""
        # as the platform would sign it
        sign = self.env.registry["mail.thread"]._sign_token
        signature = sign(self.complaint, self.users["portal"].partner_id.id)
        self.assertFalse(self.complaint._portal_ensure_token())
        self.complaint.access_token = "kept"
        self.complaint.message_post(
            body=SECRET, message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        self.authenticate(None, None)
        of_thread = {
            "thread_model": self.complaint._name,
            "thread_id": self.complaint.id,
            "token": "kept",
            "hash": signature,
            "pid": self.users["portal"].partner_id.id,
        }
        for route in ("/mail/chatter_fetch", "/portal/chatter_init"):
            with self.subTest(route=route):
                self.assertFalse(self.is_told(self.ask(route, **of_thread)))
