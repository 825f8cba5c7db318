from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, tagged

from ..support.common import local_noon
from .test_dossier_screens import ScreenCase

START = "klachtenbeheer.start.page"


@tagged("post_install", "-at_install")
class TestFirstHour(ScreenCase):
    """What is to be set up, a policy to practise with, and who is asked to approve."""

    SOURCES = ("bb", "sb")

    def setup_of(self, role):
        self.env.invalidate_all()
        return self.as_role(self.env[START], role).get_setup()

    def test_the_list_says_what_is_done(self):
        own = [("company_id", "=", self.company.id), ("is_template", "=", False)]
        self.env["klachtenbeheer.policy"].search(own).published_external_on = False
        items = {line["key"]: line["done"] for line in self.setup_of("coordinator")["items"]}
        self.assertTrue(items["policy"])
        self.assertFalse(items["form"])
        self.policies["bb"].published_external_on = "2026-06-01"
        items = {line["key"]: line["done"] for line in self.setup_of("coordinator")["items"]}
        self.assertTrue(items["form"])

    def test_who_sets_nothing_up_sees_no_list(self):
        # directie coordinates under SB where the coordinator can't, and has that group
        for role in ("handler", "board", "registrar"):
            self.assertEqual(self.setup_of(role)["items"], [], role)
            self.assertTrue(self.setup_of(role)["tour"], role)

    def test_practice_never_counts(self):
        coordinator = self.users["coordinator"]
        action = self.env["klachtenbeheer.policy"].with_user(coordinator).action_open_practice()
        again = self.env["klachtenbeheer.policy"].with_user(coordinator).action_open_practice()
        self.assertEqual(action["context"], again["context"], "there is one of them")
        before = self.file("bb").register_number
        with local_noon("2026-06-03"):
            form = Form(
                self.env["klachtenbeheer.intake"]
                .with_user(coordinator)
                .with_context(**action["context"])
            )
            form.description, form.channel, form.kind = "Oefening.", "email", "formal"
            intake = form.save()
            intake.action_register()
        complaint = intake._find_complaint()
        self.assertTrue(complaint.name.startswith("OEFEN-"))
        self.assertTrue(complaint.is_practice)
        self.assertFalse(complaint.in_register)
        self.assertEqual(self.file("bb").register_number, before + 1, "no number is used")
        self.assertTrue(complaint.deadline_ids, "all works as it will")

    def test_practice_is_found_by_nobody_outside(self):
        policies = self.env["klachtenbeheer.policy"]
        policies.with_user(self.users["coordinator"]).action_open_practice()
        self.assertFalse(policies._get_public("oefenen"))
        self.assertFalse(
            policies._get_portal_policies(self.company).filtered("is_practice"),
        )

    def test_only_who_handles_practises(self):
        with self.assertRaises(AccessError):
            self.env["klachtenbeheer.policy"].with_user(
                self.users["registrar"]
            ).action_open_practice()

    def test_a_policy_that_waits_is_on_the_start_page_of_who_approves(self):
        policy = self.policies["sb"]
        draft = policy.copy({"name": policy.name, "code": policy.code})
        draft.approval_role = "director"
        draft.role_ids.filtered(lambda line: line.role == "director").user_ids = self.users[
            "director"
        ]
        draft._as_procedure().state = "approval"
        sections = self.as_role(self.env[START], "director").get_sections()
        [decide] = [section for section in sections if section["key"] == "decide"]
        self.assertIn(
            (draft._name, draft.id), [(line["model"], line["id"]) for line in decide["lines"]]
        )

    # ---------------------------------------------------------------- quick entry

    def test_earlier_complaints_of_the_caller_are_shown(self):
        known = self.file("bb", complainant_phone="06 - 1234 5678")
        form = Form(self.env["klachtenbeheer.intake"].with_user(self.users["coordinator"]))
        form.complainant_phone = "+31612345678"
        self.assertIn(known.name, form.earlier_text)
        self.assertEqual(form.policy_id, known.policy_id)
        form = Form(self.env["klachtenbeheer.intake"].with_user(self.users["registrar"]))
        form.complainant_phone = "+31612345678"
        self.assertIn(known.name, form.earlier_text)
        employee = self.make_user("balie", "base.group_user")
        form = Form(self.env["klachtenbeheer.intake"].with_user(employee))
        form.complainant_phone = "+31612345678"
        self.assertFalse(form.earlier_text, "who reads no dossiers is told of none")

    def test_the_policy_is_proposed(self):
        """By who calls, by the place, and else that used last; never over what was chosen."""
        coordinator = self.users["coordinator"]
        self.file("sb", complainant_phone="06 - 1234 5678", incident_place="Buurthuis 100%")
        self.file("bb", received_by_id=coordinator.id, incident_place="Kantoor")

        def propose(**values):
            form = Form(self.env["klachtenbeheer.intake"].with_user(coordinator))
            for fname, value in values.items():
                form[fname] = value
            return form

        sb, bb = self.policies["sb"], self.policies["bb"]
        self.assertEqual(propose().policy_id, bb)
        self.assertEqual(propose(complainant_phone="+31612345678").policy_id, sb)
        self.assertEqual(propose(incident_place="buurthuis 100% ").policy_id, sb)
        self.assertEqual(propose(incident_place="Buurthuis%").policy_id, bb)
        kept = propose(policy_id=sb, kind="formal", complainant_phone="+31612345678")
        self.assertEqual((kept.policy_id, kept.kind), (sb, "formal"))
        chosen = propose(policy_id=sb, incident_place="Kantoor", description="Te laat.")
        self.assertEqual(chosen.policy_id, sb)
        chosen.save().action_register()
        latest = self.env["klachtenbeheer.complaint"].search([], order="id desc", limit=1)
        self.assertEqual((latest.policy_id, latest.incident_place), (sb, "Kantoor"))
        # the policy used last is that of the caller, too: what was chosen meanwhile stays
        kept = propose(kind="formal", complainant_phone="+31612345678")
        self.assertEqual((kept.policy_id, kept.kind), (sb, "formal"))

    def test_the_first_date_is_told_at_once(self):
        with local_noon("2026-06-03"):
            form = Form(self.env["klachtenbeheer.intake"].with_user(self.users["coordinator"]))
            form.policy_id = self.policies["bb"]
            self.assertRegex(form.first_due_text, r"jun.? 2026|Jun.? 2026")

    def test_the_notice_of_another_stays(self):
        """Who is told that a dossier is theirs ticks that off by acting, nobody else does."""
        complaint = self.file("bb")
        complaint.with_user(self.users["coordinator"]).action_assign(self.users["handler"])
        complaint.with_user(self.users["coordinator"]).record_event("taken_up", "2026-06-02")
        self.assertTrue(self.alerts(complaint, "handler"))
        complaint.with_user(self.users["handler"]).record_event("contacted", "2026-06-02")
        self.assertFalse(
            [line for line in self.alerts(complaint, "handler") if "assigned" in (line or "")]
        )


@tagged("post_install", "-at_install")
class TestTours(HttpCase, ScreenCase):
    """A tour of each role runs to its end without an error."""

    SOURCES = ("bb",)

    def test_tours(self):
        self.file("bb")
        for login, tour in (
            ("coordinator", "klachtenbeheer_coordinator"),
            ("director", "klachtenbeheer_director"),
        ):
            with self.subTest(tour=tour):
                self.start_tour("/odoo/complaints-start", tour, login=login)
