from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.access_common import ACCESS_LOGGERS, AccessCase
from ..support.rpc_common import RpcMixin

ROLE = "klachtenbeheer.policy.role"
COMPLAINT = "klachtenbeheer.complaint"


@tagged("post_install", "-at_install")
class TestStandingIn(RpcMixin, AccessCase):
    """Who does the coordinator's work meanwhile (SJ15), and that nobody makes that themself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users["stranger"] = cls.make_user("stranger")  # no role on dossiers at all
        cls.users["second_manager"] = cls.make_user("second", "klachtenbeheer.group_manager")
        cls.other_policy = cls.make_full_policy(code="ernaast", name="Andere regeling")
        cls.complaint = cls.file_full_complaint(hide_identity=True)["complaint"]
        cls.other = cls.file_complaint(policy_id=cls.other_policy.id)
        cls.until = str(cls.company._complaint_today() + timedelta(days=9))

    def get_role(self, code, policy=None):
        return (policy or self.policy).role_ids.filtered(lambda line: line.role == code)

    def count(self, actor, model=COMPLAINT):
        try:
            return self.call(actor, model, "search_count", [])
        except AccessError:
            return 0

    def name(self, code, actor):
        """A second manager appoints somebody, whom somebody who decides confirms."""
        self.propose(code, actor)
        for appointment in self.policy.proposed_ids:
            decides = "board" if actor == "director" else "director"
            self.call(decides, "klachtenbeheer.appointment", "action_confirm", appointment.ids)

    def propose(self, code, actor):
        self.call(
            "second_manager",
            ROLE,
            "write",
            self.get_role(code).ids,
            {"user_ids": [Command.set(self.users[actor].ids)]},
        )

    # ---------------------------------------------------------------- the manager

    @mute_logger(*ACCESS_LOGGERS)
    def test_a_manager_does_not_read_dossiers_by_naming_themself(self):
        """The way it was found: deputy and absent coordinator, both over RPC."""
        manager = self.users["manager"]
        for code in ("deputy", "director", "board", "coordinator"):
            with self.subTest(role=code), self.assertRaises(UserError):
                self.call(
                    "manager",
                    ROLE,
                    "write",
                    self.get_role(code).ids,
                    {"user_ids": [Command.link(manager.id)]},
                )
        self.call(
            "manager",
            ROLE,
            "write",
            self.get_role("coordinator").ids,
            {"absent_until": self.until},
        )
        self.env.invalidate_all()
        self.assertEqual(self.count("manager"), 0)
        self.assertEqual(self.count("manager", "klachtenbeheer.identity"), 0)

    @mute_logger(*ACCESS_LOGGERS)
    def test_nor_by_another_road(self):
        manager = self.users["manager"]
        deputy, coordinator = self.get_role("deputy"), self.get_role("coordinator")
        named = {"user_ids": [Command.set(manager.ids)]}
        draft = self.policy.copy({"code": "nieuw"})
        spare = draft.role_ids.filtered(lambda role: role.role == "deputy")
        on_policy = {"role_ids": [Command.update(deputy.id, named)]}
        new = {"policy_id": draft.id, "role": "handler", "name": "x", **named}
        roads = {
            "policy": ("klachtenbeheer.policy", "write", self.policy.ids, on_policy),
            "save": (ROLE, "web_save", deputy.ids, named, {}),
            "import": (ROLE, "load", [".id", "user_ids/.id"], [[deputy.id, manager.id]]),
            "create": (ROLE, "create", [new]),
            "draft": (ROLE, "write", spare.ids, named),
        }
        for road, (model, method, *args) in roads.items():
            with self.subTest(road=road):
                told = self.answer("manager", model, method, *args)
                refused = "error" in told or told["result"].get("messages")
                self.assertTrue(refused, told)
        self.assertFalse(deputy.user_ids & manager | coordinator.user_ids & manager)

    @mute_logger(*ACCESS_LOGGERS)
    def test_who_has_no_role_on_dossiers_gets_none_by_standing_in(self):
        """Two managers could name one another."""
        for code in ("deputy", "director", "board"):
            self.propose(code, "manager")
        self.call("second_manager", ROLE, "action_set_absent", *self.away())
        self.env.invalidate_all()
        self.assertEqual(self.count("manager"), 0)
        self.assertEqual(self.count("manager", "klachtenbeheer.letter"), 0)

    def away(self):
        return self.get_role("coordinator").ids, self.until

    @mute_logger(*ACCESS_LOGGERS)
    def test_nobody_reports_an_absence_that_makes_them_stand_in(self):
        for actor in ("director",):
            with self.assertRaises(AccessError):
                self.call(actor, ROLE, "action_set_absent", *self.away())
            dialog = self.call(actor, "klachtenbeheer.absence", "create", {"until": self.until})
            role_ids = [Command.set(self.get_role("coordinator").ids)]
            self.call(actor, "klachtenbeheer.absence", "write", [dialog], {"role_ids": role_ids})
            with self.assertRaises(AccessError):
                self.call(actor, "klachtenbeheer.absence", "action_report", [dialog])
        for actor in ("handler", "employee", "stranger"):
            with self.subTest(actor=actor), self.assertRaises(AccessError):
                self.call(actor, ROLE, "action_set_absent", *self.away())
            with self.subTest(actor=actor), self.assertRaises(AccessError):
                self.call(
                    actor,
                    ROLE,
                    "write",
                    self.get_role("coordinator").ids,
                    {"absent_until": self.until},
                )

    @mute_logger(*ACCESS_LOGGERS)
    def test_what_gives_the_rights_is_written_by_nobody(self):
        user = self.users["manager"]
        for actor in ("manager", "coordinator", "handler"):
            for model, ids, vals in (
                ("res.users", user.ids, {"standing_in_policy_ids": [Command.set([1])]}),
                (
                    "res.groups",
                    self.env.ref("klachtenbeheer.group_stand_in").ids,
                    {"user_ids": [Command.link(user.id)]},
                ),
            ):
                with self.subTest(actor=actor, model=model), self.assertRaises(AccessError):
                    self.call(actor, model, "write", ids, vals)

    # ---------------------------------------------------------------- who stands in

    @mute_logger(*ACCESS_LOGGERS)
    def test_standing_in_covers_that_policy_and_no_other(self):
        self.name("deputy", "colleague")  # a handler
        self.assertEqual(self.count("colleague"), 0)
        self.call("coordinator", ROLE, "action_set_absent", *self.away())
        self.env.invalidate_all()
        rights = [
            (model, self.count("colleague", model))
            for model in (COMPLAINT, "klachtenbeheer.identity", "klachtenbeheer.letter")
        ]
        self.assertEqual([count for _model, count in rights], [1, 1, 1], rights)
        seen = self.call("colleague", COMPLAINT, "search", [])
        self.assertEqual(seen, self.complaint.ids)
        for method, *args in (("read", ["name"]), ("write", {"title": "x"})):
            self.call("colleague", COMPLAINT, method, self.complaint.ids, *args)
            with self.assertRaises(AccessError):
                self.call("colleague", COMPLAINT, method, self.other.ids, *args)
        self.call("colleague", COMPLAINT, "write", self.complaint.ids, self.assigned())
        self.assertEqual(self.complaint.handler_id, self.users["handler"])

    def assigned(self):
        return {"handler_id": self.users["handler"].id}

    @mute_logger(*ACCESS_LOGGERS)
    def test_a_handler_who_stands_in_elsewhere_coordinates_nothing_here(self):
        """Their own dossier under another policy stays a handler's."""
        own = self.file_complaint(
            policy_id=self.other_policy.id,
            handler_id=self.users["colleague"].id,
            hide_identity=True,
        )
        self.name("deputy", "colleague")
        self.call("coordinator", ROLE, "action_set_absent", *self.away())
        self.env.invalidate_all()
        self.assertEqual(
            self.call("colleague", COMPLAINT, "read", own.ids, ["id"])[0]["id"], own.id
        )
        domain = [("complaint_id", "=", own.id)]
        self.assertFalse(self.call("colleague", "klachtenbeheer.identity", "search", domain))
        with self.assertRaises(AccessError):
            self.call("colleague", COMPLAINT, "write", own.ids, self.assigned())

    @mute_logger(*ACCESS_LOGGERS)
    def test_a_director_who_stands_in_changes_no_dossier_elsewhere(self):
        self.call("coordinator", ROLE, "action_set_absent", *self.away())
        self.env.invalidate_all()
        self.call("director", COMPLAINT, "write", self.complaint.ids, {"title": "x"})
        with self.assertRaises(AccessError):
            self.call("director", COMPLAINT, "write", self.other.ids, {"title": "x"})
        with self.assertRaises(AccessError):
            vals = {"complaint_id": self.other.id, "name": "x"}
            self.call("director", "klachtenbeheer.fact", "create", vals)

    @mute_logger(*ACCESS_LOGGERS)
    def test_the_rights_end_with_the_absence(self):
        self.name("deputy", "colleague")
        self.call("coordinator", ROLE, "action_set_absent", *self.away())
        self.assertEqual(self.count("colleague"), 1)
        self.call("coordinator", ROLE, "action_set_absent", self.get_role("coordinator").ids, False)
        self.env.invalidate_all()
        self.assertEqual(self.count("colleague"), 0)
        self.assertFalse(self.users["colleague"].has_group("klachtenbeheer.group_stand_in"))

    # ---------------------------------------------------------------- on record

    def get_messages(self, since):
        return self.policy.message_ids - since

    def test_every_appointment_is_on_record_and_told(self):
        before = self.policy.message_ids
        self.name("deputy", "colleague")
        self.check_told(self.get_messages(before), "colleague")

    def test_every_absence_is_on_record_and_told(self):
        for report in (
            lambda: self.call("manager", ROLE, "action_set_absent", *self.away()),
            lambda: self.call(
                "manager",
                ROLE,
                "write",
                self.get_role("coordinator").ids,
                {"absent_until": False},
            ),
        ):
            before = self.policy.message_ids
            report()
            self.check_told(self.get_messages(before), "coördinator")

    def check_told(self, messages, word):
        self.assertIn(word, "".join(messages.mapped("body")))
        self.assertIn(self.users["coordinator"].partner_id, messages.notified_partner_ids)

    def test_who_is_replaced_is_told_as_well(self):
        before = self.policy.message_ids
        self.name("coordinator", "colleague")
        told = self.get_messages(before).notified_partner_ids
        self.assertIn(self.users["coordinator"].partner_id, told)
        self.assertIn(self.users["colleague"].partner_id, told)

    def test_a_version_that_is_published_tells_who_is_new(self):
        today = self.company._complaint_today()
        draft = self.policy.copy({"version": 2, "effective_from": today})
        draft.role_ids.filtered(lambda role: role.role == "deputy").with_user(
            self.users["manager"]
        ).user_ids = self.users["colleague"]
        draft.action_publish()
        self.check_told(draft.message_ids, "colleague")
