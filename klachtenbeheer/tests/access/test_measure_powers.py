from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.access_common import ACCESS_LOGGERS, AccessCase
from ..support.rpc_common import RpcMixin
from .test_roles_beside_dossiers import RoleCase

MEASURE, COMPLAINT = "klachtenbeheer.measure", "klachtenbeheer.complaint"


class PowerCase(RpcMixin, RoleCase, AccessCase):
    """Two policies; the dossier is of the first, and handled by `handler`. `other` coordinates
    and `chief` directs the second: their groups are those of `coordinator` and `director`."""

    @classmethod
    def make_people(cls):
        """Those of two policies will do."""

    @classmethod
    def make_full_policy(cls, **vals):
        return cls.make_policy(**vals)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.file_complaint(
            policy_id=cls.policy.id, handler_id=cls.users["handler"].id
        )

    def may(self, role, model, method, records, *args, **kwargs):
        """Whether a call over RPC is allowed, and what it says when it is not."""
        told = self.answer(role, model, method, records.ids, *args, **kwargs)
        self.words = told.get("error", {}).get("message", "")
        return not self.words

    def check(self, expected, *call, **kwargs):
        found = {role: self.may(role, *call, **kwargs) for role in expected}
        self.assertEqual(found, expected)


@tagged("post_install", "-at_install")
class TestMeasurePowers(PowerCase):
    """Who makes, changes and decides on measures follows from the policy of the complaints that
    led to them, not from a group (issue 10: groups give menus and rights on models)."""

    def make(self, linked=True, **vals):
        links = [(0, 0, {"complaint_id": self.complaint.id})] if linked else []
        new = {"name": "Vaker rijden", "company_id": self.company.id, "link_ids": links}
        return self.env[MEASURE].create({**new, **vals})

    @mute_logger(*ACCESS_LOGGERS)
    def test_reading_and_changing(self):
        measure = self.make()
        readers = ("handler", "coordinator", "director", "board")
        self.check(
            {role: role in readers for role in (*readers, "other", "chief", "registrar")},
            *(MEASURE, "read", measure, ["name"]),
        )
        writers = ("handler", "coordinator", "director")
        for vals in ({"name": "Anders"}, {"state": "adopted"}, {"due_on": "2030-01-01"}):
            self.check(
                {role: role in writers for role in (*readers, "other", "chief", "registrar")},
                *(MEASURE, "write", measure, vals),
            )

    @mute_logger(*ACCESS_LOGGERS)
    def test_what_is_accounted_for_is_not_deleted(self):
        """What was typed in by mistake goes; not what was decided, carried out or told."""
        self.assertTrue(self.may("coordinator", MEASURE, "unlink", self.make()))
        told = self.make()
        told.sudo().link_ids.communicated_on = "2026-06-01"
        done = self.make(state="adopted")
        done.action_done()
        advice = self.make(kind="recommendation")
        advice.decision = "Te duur."
        advice.with_user(self.users["director"]).action_reject()
        for measure in (told, done, advice):
            self.assertFalse(self.may("coordinator", MEASURE, "unlink", measure))
            self.assertIn("stays", self.words)
            self.assertTrue(measure.exists())

    @mute_logger(*ACCESS_LOGGERS)
    def test_who_only_carries_it_out_changes_nothing_else_whatever_their_group(self):
        for role in ("other", "chief", "registrar", "employee"):
            measure = self.make(owner_id=self.users[role].id, state="adopted")
            with self.subTest(role=role):
                self.assertTrue(self.may(role, MEASURE, "write", measure, {"feedback_to": "MT"}))
                self.assertFalse(self.may(role, MEASURE, "write", measure, {"name": "Anders"}))
                self.assertIn("You carry this measure out", self.words)
                for method in ("action_adopt", "action_defer"):
                    self.assertFalse(self.may(role, MEASURE, method, measure), method)
                self.assertTrue(self.may(role, MEASURE, "action_done", measure))
                shown = measure.with_user(self.users[role])
                self.assertEqual((shown.can_carry_out, shown.can_decide), (True, False))

    @mute_logger(*ACCESS_LOGGERS)
    def test_on_a_recommendation_the_directie_of_its_policy_decides(self):
        """SJ36."""
        deciders = {role: role == "director" for role in ("coordinator", "handler", "director")}
        self.check(deciders, MEASURE, "action_adopt", self.make(kind="recommendation"))
        owned = self.make(kind="recommendation", owner_id=self.users["chief"].id)
        self.assertFalse(self.may("chief", MEASURE, "action_adopt", owned))
        self.assertIn("Directie decides", self.words)
        self.assertFalse(self.may("chief", MEASURE, "write", owned, {"decision": "Te duur."}))
        for role in ("board", "chief"):
            self.assertFalse(owned.with_user(self.users[role]).can_decide, role)
        self.assertTrue(owned.with_user(self.users["director"]).can_decide)

    @mute_logger(*ACCESS_LOGGERS)
    def test_the_board_decides_where_it_took_over(self):
        advice = self.make(kind="recommendation")
        self.assertFalse(self.may("board", MEASURE, "action_adopt", advice))
        self.complaint._as_procedure().board_involved = True
        self.assertTrue(self.may("board", MEASURE, "action_adopt", advice))

    @mute_logger(*ACCESS_LOGGERS)
    def test_who_stands_in_does_what_the_coordinator_does(self):
        measure = self.make()
        colleague = self.users["colleague"] = self.make_user(
            "collega", "klachtenbeheer.group_handler"
        )
        self.assertFalse(self.may("colleague", MEASURE, "write", measure, {"name": "Anders"}))
        colleague.group_ids += self.env.ref("klachtenbeheer.group_stand_in")
        colleague.standing_in_policy_ids = self.policy
        self.env.registry.clear_cache()
        self.assertTrue(self.may("colleague", MEASURE, "write", measure, {"name": "Anders"}))
        elsewhere = self.make(
            link_ids=[
                (0, 0, {"complaint_id": self.file_complaint(policy_id=self.other_policy.id).id})
            ]
        )
        self.assertFalse(self.may("colleague", MEASURE, "write", elsewhere, {"name": "Anders"}))

    @mute_logger(*ACCESS_LOGGERS)
    def test_what_no_complaint_led_to_is_of_who_leads_a_policy_there(self):
        measure = self.make(linked=False)
        leaders = ("coordinator", "director", "other", "chief")
        others = ("board", "handler", "registrar", "employee")
        expected = {role: role in leaders for role in (*leaders, *others)}
        self.check(expected, MEASURE, "write", measure, {"name": "Anders"})
        self.check({**expected, "board": True}, MEASURE, "read", measure, ["name"])

    @mute_logger(*ACCESS_LOGGERS)
    def test_who_left_the_role_follows_it_no_longer(self):
        measure = self.make()
        for role in self.policy.role_ids:
            role.user_ids -= self.users["director"]
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(self.users["director"].has_group("base.group_user"))
        self.users["director"].group_ids += self.env.ref("klachtenbeheer.group_director")
        self.assertFalse(self.may("director", MEASURE, "write", measure, {"name": "Anders"}))
        self.assertFalse(self.may("director", MEASURE, "read", measure, ["name"]))


@tagged("post_install", "-at_install")
class TestRatingPowers(PowerCase):
    """What a complainant thinks of the handling is told by the power to receive the reports of
    that policy, to whatever group."""

    def read_rating(self, role):
        told = self.call(role, COMPLAINT, "read", self.complaint.ids, ["rating_label"])
        return told[0]["rating_label"]

    def test_who_receives_the_reports_of_this_policy_reads_it(self):
        self.complaint._as_procedure().is_closed = True
        self.complaint._rate(1, "Slecht")
        for role, seen in (("coordinator", True), ("director", True), ("handler", False)):
            with self.subTest(role=role):
                self.assertEqual(bool(self.read_rating(role)), seen)

    def test_not_who_coordinates_elsewhere_and_handled_this_one(self):
        self.complaint.handler_id = self.users["other"]
        self.complaint._as_procedure().is_closed = True
        self.complaint._rate(1, "Slecht")
        self.assertFalse(self.read_rating("other"))
        [told] = self.call("other", COMPLAINT, "read", self.complaint.ids, ["rating_feedback"])
        self.assertFalse(told["rating_feedback"])

    def test_a_role_that_the_policy_makes_itself(self):
        """An ombudsman with the power, in no group of coordinators or directie."""
        ombudsman = self.users["ombudsman"] = self.make_user(
            "ombudsman", "klachtenbeheer.group_handler"
        )
        policy = self.make_policy(
            code="eigen",
            role_ids=[
                self.line(role="coordinator", name="coördinator", users="coordinator"),
                self.line(role="director", name="directie", users="director"),
                self.line(
                    role="other",
                    name="ombudsman",
                    users="ombudsman",
                    read_scope="all",
                    may_reports=True,
                ),
            ],
        )
        complaint = self.file_complaint(policy_id=policy.id)
        complaint._as_procedure().is_closed = True
        complaint._rate(2, "Duurde lang")
        self.assertFalse(ombudsman.has_group("klachtenbeheer.group_coordinator"))
        self.assertEqual(complaint.with_user(ombudsman).rating_feedback, "Duurde lang")
        measure = self.env[MEASURE].create(
            {"name": "Iets", "link_ids": [(0, 0, {"complaint_id": complaint.id})]}
        )
        self.assertTrue(self.may("ombudsman", MEASURE, "read", measure, ["name"]))
        self.assertFalse(self.may("ombudsman", MEASURE, "write", measure, {"name": "Anders"}))


@tagged("post_install", "-at_install")
class TestAssignPower(PowerCase):
    """The button to assign is for who may: by the policy, not by a group."""

    def test_who_gets_the_button(self):
        may = {"coordinator": True, "director": False, "handler": False}
        for role, expected in may.items():
            with self.subTest(role=role):
                [told] = self.call(role, COMPLAINT, "read", self.complaint.ids, ["can_assign"])
                self.assertEqual(told["can_assign"], expected)
        self.complaint.handler_id = self.users["other"]  # coordinator, of another policy
        [told] = self.call("other", COMPLAINT, "read", self.complaint.ids, ["can_assign"])
        self.assertFalse(told["can_assign"])


@tagged("post_install", "-at_install")
class TestHoldPowers(PowerCase):
    """A hold, and the dossier as one file: of who coordinates this dossier, whatever they
    coordinate elsewhere."""

    @mute_logger(*ACCESS_LOGGERS)
    def test_who_places_and_lifts_a_hold_and_takes_the_dossier_along(self):
        self.complaint.handler_id = self.users["other"]  # coordinator, of another policy
        may = {"coordinator": True, "other": False, "handler": False, "director": False}
        for model, vals in (
            ("klachtenbeheer.legal.hold", {"reason": "Claim"}),
            ("klachtenbeheer.dossier.file", {}),
        ):
            new = {"complaint_id": self.complaint.id, **vals}
            found = {role: "error" not in self.answer(role, model, "create", new) for role in may}
            self.assertEqual(found, may, model)
        hold = self.env["klachtenbeheer.legal.hold"].create(
            {"complaint_id": self.complaint.id, "reason": "Claim"}
        )
        self.check(may, hold._name, "action_lift", hold)
        self.check({"other": True}, hold._name, "read", hold, ["reason"])
