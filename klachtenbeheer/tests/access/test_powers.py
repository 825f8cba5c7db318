from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.access_common import ACCESS_LOGGERS, AccessCase
from ..support.made_once import make_once
from ..support.rpc_common import RpcMixin

COMPLAINT = "klachtenbeheer.complaint"
PARTS = ("event", "deadline", "letter")
BESIDE = ("mail.message", "mail.activity", "ir.attachment", "rating.rating")


class NeighbourCase(RpcMixin, AccessCase):
    """Two policies of one organisation, with other people."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_once(cls, NeighbourCase, "make_neighbours")

    @classmethod
    def make_neighbours(cls):
        group = "klachtenbeheer.group_"
        cls.users |= {
            f"next_{kind}": cls.make_user(f"next.{kind}", f"{group}{kind}")
            for kind in ("coordinator", "director", "board", "registrar")
        }
        neighbours = cls.env["res.users"].union(
            *(user for name, user in cls.users.items() if name.startswith("next_"))
        )
        extra = cls.policy.role_ids.filtered(lambda role: role.code.startswith("extra-"))
        for role in extra:
            role.user_ids -= neighbours
        cls.next_door = cls.make_full_policy(
            code="ernaast",
            name="Andere regeling",
            role_ids=[
                cls.line(role="coordinator", name="coördinator", users="next_coordinator"),
                cls.line(role="director", name="directie", users="next_director"),
                cls.line(role="board", name="bestuur", users="next_board"),
                cls.line(role="registrar", name="servicedesk", users="next_registrar"),
            ],
        )
        for role in cls.next_door.role_ids.filtered(lambda role: role.code.startswith("extra-")):
            role.user_ids = False
        cls.dossier = cls.file_full_complaint(board_involved=True)
        cls.complaint = cls.dossier["complaint"]
        cls.other = cls.file_complaint(policy_id=cls.next_door.id, board_involved=True)


@tagged("post_install", "-at_install")
class TestRightsFollowThePolicy(NeighbourCase):
    """Roles in one policy open nothing of another, by any road (design.md 4.11)."""

    def get_neighbours(self):
        return ("next_coordinator", "next_director", "next_board", "next_registrar")

    @mute_logger(*ACCESS_LOGGERS)
    def test_no_list_search_or_group_shows_a_dossier_of_another_policy(self):
        for actor in self.get_neighbours():
            with self.subTest(actor=actor):
                seen = self.call(actor, COMPLAINT, "search", [])
                self.assertEqual(seen, self.other.ids)
                groups = self.call(
                    actor, COMPLAINT, "formatted_read_group", [], ["policy_id"], ["__count"]
                )
                self.assertEqual([group["__count"] for group in groups], [1])
                found = self.call(actor, COMPLAINT, "name_search", self.complaint.name)
                self.assertFalse(found)

    @mute_logger(*ACCESS_LOGGERS)
    def test_no_line_of_a_dossier_of_another_policy_is_seen(self):
        for actor in ("next_coordinator", "next_director", "next_board"):
            for part in PARTS:
                model = f"klachtenbeheer.{part}"
                with self.subTest(actor=actor, model=model):
                    lines = self.call(
                        actor, model, "search", [("complaint_id", "=", self.complaint.id)]
                    )
                    self.assertFalse(lines)
                    with self.assertRaises(AccessError):
                        self.call(actor, model, "read", self.dossier[part].ids, ["id"])

    @mute_logger(*ACCESS_LOGGERS)
    def test_nor_what_the_platform_keeps_beside_it(self):
        for actor in self.get_neighbours():
            for model in BESIDE:
                with self.subTest(actor=actor, model=model):
                    fname = "model" if model == "mail.message" else "res_model"
                    domain = [(fname, "=", COMPLAINT), ("res_id", "=", self.complaint.id)]
                    self.assertFalse(self.by(actor, self.env[model]).search(domain))

    @mute_logger(*ACCESS_LOGGERS)
    def test_nobody_writes_on_it_or_acts_on_it(self):
        calls = {
            "read": ("read", self.complaint.ids, ["name"]),
            "write": ("write", self.complaint.ids, {"title": "x"}),
            "assign": ("write", self.complaint.ids, {"handler_id": self.users["handler"].id}),
            "event": ("record_event", self.complaint.ids, "contacted"),
            "close": ("action_close", self.complaint.ids),
            "escalate": ("action_escalate", self.complaint.ids, "Daarom"),
            "letter": ("prepare_letter", self.complaint.ids, "answer"),
            "message": ("message_post", self.complaint.ids),
            "export": ("export_data", self.complaint.ids, ["name"]),
        }
        for actor in self.get_neighbours():
            for road, (method, *args) in calls.items():
                with self.subTest(actor=actor, road=road):
                    self.assertIn("error", self.answer(actor, COMPLAINT, method, *args))

    @mute_logger(*ACCESS_LOGGERS)
    def test_the_start_page_counts_nothing_of_it(self):
        page = self.by("next_coordinator", self.env["klachtenbeheer.start.page"])
        found = [line["reference"] for section in page.get_sections() for line in section["lines"]]
        self.assertNotIn(self.complaint.name, found)

    def test_one_power_is_asked_for_and_follows_the_role(self):
        user = self.users["next_coordinator"]
        for power in ("read", "handle", "assign", "register", "identity"):
            self.assertTrue(self.other._has_power(power, user), power)
            self.assertFalse(self.complaint._has_power(power, user), power)
        self.assertFalse(self.other._has_power("decide", user))
        self.assertTrue(self.other._has_power("decide", self.users["next_director"]))

    def test_a_group_opens_no_dossier(self):
        lonely = self.make_user("lonely", "klachtenbeheer.group_coordinator")
        self.env["klachtenbeheer.policy.role"].search([]).user_ids -= lonely
        self.assertFalse(self.complaint.with_user(lonely).search([]))

    def test_a_role_of_its_own_has_the_powers_that_the_policy_gives_it(self):
        """«Ombudsvrouw»: reads all and advises, handles nothing; no code knows the name."""
        reader = self.make_user("ombuds", "klachtenbeheer.group_handler")
        policy = self.make_full_policy(
            code="ombuds",
            role_ids=[
                self.line(role="coordinator", name="coördinator", users="coordinator"),
                Command.create(
                    {
                        "code": "ombudsvrouw",
                        "name": "ombudsvrouw",
                        "read_scope": "all",
                        "may_advise": True,
                        "user_ids": [Command.set(reader.ids)],
                    }
                ),
            ],
        )
        complaint = self.file_complaint(policy_id=policy.id)
        mine = complaint.with_user(reader)
        self.assertEqual(mine.search([]), complaint)
        self.assertTrue(mine.event_ids)
        self.assertFalse(mine.has_access("write"))
        self.assertEqual(policy._get_role_users("ombudsvrouw"), reader)

    def test_two_roles_of_a_kind_are_two_roles(self):
        draft = self.policy.copy({"code": "twee"})
        draft.role_ids = [
            Command.create({"role": "confidant", "name": "vertrouwenspersoon voor cliënten"}),
            Command.create({"role": "confidant", "name": "vertrouwenspersoon voor personeel"}),
        ]
        codes = draft.role_ids.filtered(lambda role: role.role == "confidant").mapped("code")
        self.assertEqual(codes, ["confidant", "confidant-2"])
        self.assertEqual(draft._get_role_title("confidant-2"), "vertrouwenspersoon voor personeel")

    def test_who_is_named_in_the_next_version_serves_the_dossiers_of_this_one(self):
        extra = self.policy.role_ids.filtered(lambda role: role.code.startswith("extra-"))
        extra.user_ids = False
        today = self.company._complaint_today()
        draft = self.policy.copy({"version": 2, "code": self.policy.code, "effective_from": today})
        role = draft.role_ids.filtered(lambda line: line.role == "board")
        role.user_ids = self.users["colleague"]
        draft.action_publish()
        self.assertTrue(self.complaint._has_power("read", self.users["colleague"]))
        self.assertFalse(self.complaint._has_power("read", self.users["board"]))


@tagged("post_install", "-at_install")
class TestAppointing(NeighbourCase):
    """Appointing takes two, and nobody appoints or confirms themself, over RPC too."""

    ROLE, APPOINTMENT = "klachtenbeheer.policy.role", "klachtenbeheer.appointment"

    def get_role(self, code="deputy"):
        return self.policy.role_ids.filtered(lambda line: line.code == code)

    def propose(self, actor="manager", who="colleague", code="coordinator"):
        self.call(
            actor,
            self.ROLE,
            "write",
            self.get_role(code).ids,
            {"user_ids": [Command.link(self.users[who].id)]},
        )
        return self.policy.proposed_ids

    @mute_logger(*ACCESS_LOGGERS)
    def test_who_is_proposed_sees_nothing_before_it_is_confirmed(self):
        appointment = self.propose()
        colleague = self.users["colleague"]
        self.assertNotIn(colleague, self.get_role("coordinator").user_ids)
        self.assertFalse(self.call("colleague", COMPLAINT, "search", []))
        self.call("director", self.APPOINTMENT, "action_confirm", appointment.ids)
        self.assertIn(colleague, self.get_role("coordinator").user_ids)
        self.assertEqual(self.call("colleague", COMPLAINT, "search", []), self.complaint.ids)
        self.assertEqual(appointment.confirmed_by_id, self.users["director"])

    @mute_logger(*ACCESS_LOGGERS)
    def test_only_who_decides_in_that_policy_confirms(self):
        appointment = self.propose()
        for actor in self.users:
            decides = self.users[actor] in appointment._get_confirmers()
            named = actor in ("director", "board", "all_roles", "director_board")
            self.assertEqual(decides, named, actor)
            if not decides and actor != "public":
                with self.subTest(actor=actor):
                    told = self.answer(actor, self.APPOINTMENT, "action_confirm", appointment.ids)
                    self.assertIn("error", told)
        self.assertEqual(appointment.state, "proposed")

    @mute_logger(*ACCESS_LOGGERS)
    def test_nobody_confirms_themself_or_whom_they_proposed(self):
        director = self.users["director"]
        director.group_ids += self.env.ref("klachtenbeheer.group_manager")
        appointment = self.propose("manager", "director", "coordinator")
        self.assertIn(
            "error", self.answer("director", self.APPOINTMENT, "action_confirm", appointment.ids)
        )
        own = self.propose("director", "colleague", "coordinator") - appointment
        self.assertIn("error", self.answer("director", self.APPOINTMENT, "action_confirm", own.ids))
        self.call("board", self.APPOINTMENT, "action_confirm", (appointment | own).ids)
        self.assertEqual((appointment | own).mapped("state"), ["confirmed", "confirmed"])

    @mute_logger(*ACCESS_LOGGERS)
    def test_nobody_appoints_themself_in_whatever_role(self):
        for actor in ("manager", "coordinator", "director", "board", "handler", "employee"):
            for code in ("coordinator", "deputy", "director", "board"):
                link = {"user_ids": [Command.link(self.users[actor].id)]}
                if self.users[actor] in self.get_role(code).user_ids:
                    continue
                with self.subTest(actor=actor, code=code):
                    told = self.answer(actor, self.ROLE, "write", self.get_role(code).ids, link)
                    self.assertIn("error", told)

    @mute_logger(*ACCESS_LOGGERS)
    def test_an_appointment_is_written_by_nobody(self):
        appointment = self.propose()
        vals = {
            "role_id": self.get_role().id,
            "user_id": self.users["manager"].id,
            "state": "confirmed",
        }
        for actor in ("manager", "director", "coordinator", "employee"):
            for method, *args in (
                ("create", [vals]),
                ("write", appointment.ids, {"state": "confirmed"}),
                ("unlink", appointment.ids),
            ):
                with self.subTest(actor=actor, method=method):
                    told = self.answer(actor, self.APPOINTMENT, method, *args)
                    self.assertIn("error", told)

    @mute_logger(*ACCESS_LOGGERS)
    def test_a_first_policy_is_put_in_force_by_somebody_else_than_who_named_its_people(self):
        draft = self.policy.copy({"code": "eerste"}).with_user(self.users["manager"])
        role = draft.role_ids.filtered(lambda line: line.code == "coordinator")
        role.user_ids = self.users["colleague"]
        told = self.answer("manager", "klachtenbeheer.policy", "action_publish", draft.ids)
        self.assertIn("error", told)
        self.users["second_manager"] = self.make_user("tweede", "klachtenbeheer.group_manager")
        self.call("second_manager", "klachtenbeheer.policy", "action_publish", draft.ids)
        self.assertEqual(draft.state, "published")
        self.assertIn(self.users["colleague"], role.user_ids)

    def test_who_when_and_until_are_on_the_log_and_told(self):
        before = self.policy.message_ids
        appointment = self.propose()
        appointment.with_user(self.users["director"]).action_confirm()
        messages = self.policy.message_ids - before
        self.assertIn("colleague", "".join(messages.mapped("body")))
        told = messages.notified_partner_ids
        self.assertIn(self.users["coordinator"].partner_id, told)
        self.assertEqual(appointment.date_from, self.company._complaint_today())
        self.get_role("coordinator").user_ids -= self.users["colleague"]
        self.assertEqual(appointment.state, "ended")
        self.assertEqual(appointment.date_until, self.company._complaint_today())

    def test_a_role_ends_by_itself_after_its_last_day(self):
        appointment = self.propose()
        appointment.with_user(self.users["director"]).action_confirm()
        today = self.company._complaint_today()
        appointment.sudo().date_until = today.replace(year=today.year - 1)
        over = self.env[self.APPOINTMENT].with_company(self.company)
        over.search(over._get_over_domain(today))._end_over(today)
        self.assertNotIn(self.users["colleague"], self.get_role("coordinator").user_ids)

    def test_a_role_without_powers_takes_one(self):
        draft = self.policy.copy({"code": "vp"})
        draft.role_ids = [Command.create({"role": "confidant", "name": "vertrouwenspersoon"})]
        confidant = draft.role_ids.filtered(lambda line: line.role == "confidant")
        confidant.user_ids = self.outsider
        draft.action_publish()
        confidant.with_user(self.users["manager"]).user_ids = self.users["employee"]
        self.assertEqual(confidant.user_ids, self.users["employee"])
