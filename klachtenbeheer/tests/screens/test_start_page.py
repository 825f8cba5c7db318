from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..support.common import ComplaintCase, local_noon


@tagged("post_install", "-at_install")
class TestStartPage(ComplaintCase):
    """What each role sees first: never more than the lists show, and all that is asked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls.make_user("collega", "klachtenbeheer.group_handler")
        with local_noon("2026-06-01"):
            cls.urgent = cls.file_complaint(
                title="Bus te laat", handler_id=cls.users["handler"].id
            )  # acknowledge by 8 June
            cls.later = cls.file_complaint(title="Lift stuk", handler_id=cls.users["handler"].id)
            cls.later.record_event("acknowledged")  # answer by 15 June
            cls.foreign = cls.file_complaint(title="Van een ander", handler_id=cls.colleague.id)
            cls.waiting = cls.file_complaint(title="Wacht", handler_id=cls.users["handler"].id)
            cls.waiting.record_event("acknowledged")
            cls.waiting.record_event("answered")
            cls.new = cls.file_complaint(title="Nog van niemand")

    def get_sections(self, role, day="2026-06-03"):
        page = self.as_role(self.env["klachtenbeheer.start.page"], role)
        self.env.invalidate_all()
        with local_noon(day):
            return {section["key"]: section for section in page.get_sections()}

    def get_titles(self, section):
        return [line["title"] for line in section["lines"]]

    def test_handler_sees_own_work_in_three_sections(self):
        sections = self.get_sections("handler")
        self.assertEqual(list(sections), ["due", "mine", "waiting"])
        self.assertEqual(self.get_titles(sections["due"]), ["Bus te laat"])
        self.assertEqual(self.get_titles(sections["mine"]), ["Lift stuk"])
        self.assertEqual(self.get_titles(sections["waiting"]), ["Wacht"])

    def test_line_says_what_to_do_by_when_and_how_urgent(self):
        [line] = self.get_sections("handler")["due"]["lines"]
        self.assertEqual(line["reference"], self.urgent.name)
        self.assertEqual(line["day"], "2026-06-08")
        self.assertEqual(line["text"], "Record: Receipt confirmed")
        self.assertEqual((line["model"], line["id"]), (self.urgent._name, self.urgent.id))
        [late] = self.get_sections("handler", "2026-06-09")["due"]["lines"][:1]
        self.assertEqual(late["urgency"], "overdue")

    def test_waiting_tells_until_when(self):
        [line] = self.get_sections("handler")["waiting"]["lines"]
        self.assertEqual((line["urgency"], line["day"]), ("waiting", "2026-07-01"))

    def test_coordinator_sees_what_waits_for_assignment(self):
        sections = self.get_sections("coordinator")
        self.assertEqual(list(sections), ["due", "assign", "mine", "waiting"])
        self.assertEqual(self.get_titles(sections["assign"]), ["Nog van niemand"])
        self.assertEqual(sections["mine"]["count"], 0)
        self.assertEqual(
            set(self.get_titles(sections["due"])),
            {"Bus te laat", "Van een ander", "Nog van niemand"},
        )
        who = {line["title"]: line["who"] for line in sections["due"]["lines"]}
        self.assertEqual(who["Van een ander"], self.colleague.name)

    def test_nobody_sees_a_complaint_about_themselves(self):
        self.urgent.respondent_ids = self.users["coordinator"].partner_id
        shown = self.get_sections("coordinator")["due"]
        self.assertNotIn("Bus te laat", self.get_titles(shown))
        self.assertEqual(shown["count"], 2)

    def test_director_sees_what_waits_for_a_decision(self):
        self.assertFalse(self.get_sections("director")["decide"]["count"])
        measure = self.env["klachtenbeheer.measure"].create(
            {"name": "Vaker rijden", "kind": "recommendation", "company_id": self.company.id}
        )
        ruling = self.env["klachtenbeheer.ruling"].create(
            {"complaint_id": self.urgent.id, "question": "Mag dit?"}
        )
        section = self.get_sections("director")["decide"]
        self.assertEqual(self.get_titles(section), ["Bus te laat", "Vaker rijden"])
        self.as_role(measure, "director").action_adopt()
        self.as_role(ruling, "director").action_decide("Ja.")
        self.assertFalse(self.get_sections("director")["decide"]["count"])

    def test_who_decides_under_another_policy_is_asked_nothing_here(self):
        """Nobody finds in their work what they are then refused (SJ36)."""
        vals = {"name": "Vaker rijden", "kind": "recommendation", "company_id": self.company.id}
        measure = self.env["klachtenbeheer.measure"].create(
            {**vals, "complaint_ids": [(6, 0, self.urgent.ids)]}
        )
        self.users["elsewhere"] = self.make_user("elders", "klachtenbeheer.group_director")
        for role in self.policy.role_ids:
            role.user_ids -= self.users["elsewhere"]
        other = self.make_policy(
            code="elders",
            role_ids=[
                self.line(role="coordinator", name="coördinator", users="coordinator"),
                self.line(role="director", name="directie", users="elsewhere"),
            ],
        )
        self.assertTrue(other)
        self.assertIn("Vaker rijden", self.get_titles(self.get_sections("director")["decide"]))
        self.assertNotIn("Vaker rijden", self.get_titles(self.get_sections("elsewhere")["decide"]))
        with self.assertRaises(AccessError):
            self.as_role(measure, "elsewhere").action_adopt()

    def test_letter_waits_for_its_approver_and_then_for_nobody(self):
        template = self.env.ref("klachtenbeheer.mail_template_answer")
        policy = self.make_policy(
            code="akkoord",
            letter_type_ids=[
                (
                    0,
                    0,
                    {
                        "code": "answer",
                        "name": "Antwoord",
                        "template_id": template.id,
                        "approval_role": "director",
                    },
                )
            ],
        )
        with local_noon("2026-06-01"):
            complaint = self.file_complaint(
                policy_id=policy.id, title="Besluit", handler_id=self.users["handler"].id
            )
            letter = self.as_role(complaint, "handler").prepare_letter("answer")
            letter.action_submit()
        self.assertEqual(letter.state, "approval")
        self.assertIn("Besluit", self.get_titles(self.get_sections("handler")["waiting"]))
        self.assertEqual(self.get_titles(self.get_sections("director")["decide"]), ["Besluit"])
        with local_noon("2026-06-02"):
            self.as_role(letter, "director").action_approve()
        self.assertFalse(self.get_sections("director")["decide"]["count"])
        self.assertNotIn("Besluit", self.get_titles(self.get_sections("handler")["waiting"]))

    def test_measures_and_conversations_of_the_user_are_due_too(self):
        measures = self.env["klachtenbeheer.measure"]
        mine = {"company_id": self.company.id, "owner_id": self.users["handler"].id}
        measures.create({"name": "Rooster", "due_on": "2026-06-04", **mine})
        measures.create({"name": "Volgend jaar", "due_on": "2027-01-01", **mine})
        with local_noon("2026-06-02"):
            hearing = self.as_role(self.env["klachtenbeheer.hearing"], "handler").create(
                {
                    "complaint_id": self.later.id,
                    "slot_ids": [(0, 0, {"start_at": "2026-06-05 12:00:00"})],
                    "participant_ids": [(0, 0, {"role": "complainant", "name": "Kees"})],
                }
            )
            hearing.action_offer()
        self.assertEqual(
            set(self.get_titles(self.get_sections("handler")["waiting"])), {"Lift stuk", "Wacht"}
        )
        with local_noon("2026-06-02"):
            hearing.slot_ids.action_accept()
        lines = self.get_sections("handler")["due"]["lines"]
        self.assertEqual([line["title"] for line in lines], ["Rooster", "Lift stuk", "Bus te laat"])
        # local time of the organisation, not of the server
        self.assertIn("14:00", lines[1]["text"])
        self.assertEqual(lines[1]["day"], "2026-06-05")

    def test_only_first_lines_are_shown_and_the_rest_is_a_click_away(self):
        with local_noon("2026-06-01"):
            for _number in range(6):
                self.file_complaint(handler_id=self.users["handler"].id)
        section = self.get_sections("handler")["due"]
        self.assertEqual((section["count"], len(section["lines"])), (7, 5))
        [link] = section["more"]
        action = link["action"]
        found = self.as_role(self.env[action["res_model"]], "handler").search(action["domain"])
        self.assertEqual(len(found), section["count"])

    def test_every_link_leads_to_what_was_counted(self):
        self.env["klachtenbeheer.ruling"].create(
            [
                {"complaint_id": complaint.id, "question": "Mag dit?"}
                for complaint in (self.urgent, self.later, self.foreign, self.waiting, self.new)
            ]
        )
        self.env["klachtenbeheer.measure"].create(
            [
                {"name": "Advies", "kind": "recommendation", "company_id": self.company.id}
                for _number in range(3)
            ]
        )
        section = self.get_sections("director")["decide"]
        self.assertEqual(section["count"], 8)
        for link in section["more"]:
            action = link["action"]
            found = self.as_role(self.env[action["res_model"]], "director").search_count(
                action["domain"]
            )
            self.assertEqual(found, link["count"])

    def test_empty_sections_say_so_in_a_sentence(self):
        sections = self.get_sections("board")
        self.assertEqual(list(sections), ["decide", "due", "waiting"])
        for section in sections.values():
            self.assertFalse(section["count"])
            self.assertTrue(section["empty"].endswith("."))

    def test_cost_does_not_grow_with_the_register(self):
        def count_queries():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.as_role(self.env["klachtenbeheer.start.page"], "handler").get_sections()
            return self.env.cr.sql_log_count - before

        with local_noon("2026-06-01"):
            for _number in range(5):
                self.file_complaint(handler_id=self.users["handler"].id)
            few = count_queries()
            few = count_queries()
            for _number in range(20):
                self.file_complaint(handler_id=self.users["handler"].id)
            self.assertLessEqual(count_queries(), few)

    def test_employee_and_manager_get_nothing(self):
        for role in ("employee", "manager"):
            with self.subTest(role=role):
                self.assertFalse(self.get_sections(role))


@tagged("post_install", "-at_install")
class TestStartPageOpens(ComplaintCase, HttpCase):
    def test_menu_start_is_what_the_app_opens_with(self):
        root = self.env.ref("klachtenbeheer.root_menu")
        for role in ("handler", "coordinator", "director", "board"):
            with self.subTest(role=role):
                menus = self.env["ir.ui.menu"].with_user(self.users[role]).load_menus(False)
                first = menus[root.id]["children"][0]
                self.assertEqual(menus[first]["xmlid"], "klachtenbeheer.start_page_menu")
