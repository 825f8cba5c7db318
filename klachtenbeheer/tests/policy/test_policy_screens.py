import re
from pathlib import Path

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.modules import get_module_path
from odoo.tests import Form, tagged

from ..support.common import ComplaintCase, local_noon
from .test_policies import SourcePolicyCase

DATA = Path(get_module_path("klachtenbeheer")) / "data"
POLICY = "klachtenbeheer.policy"
# What a functional manager does not enter: the addon ships these with its model policies.
SHIPPED = {(POLICY, "is_template"), (POLICY, "source")}
LINES = {
    f"klachtenbeheer.{line}"
    for line in (
        "policy.role",
        "complainant.kind",
        "category",
        "stage",
        "term",
        "letter.type",
    )
}


@tagged("post_install", "-at_install")
class TestPolicyScreens(SourcePolicyCase):
    """A functional manager can set on a screen what the five policies set in data."""

    def get_fields_in_data(self):
        """{(model, field)} that the files of the five policies, and of four laws and norms, fill
        in."""
        files = sorted(DATA.glob("policy_*.xml"))
        self.assertEqual(len(files), 10)
        return {
            (record.get("model"), field.get("name"))
            for path in files
            for record in etree.parse(str(path)).iter("record")
            for field in record.findall("field")
            if record.get("model") in LINES | {POLICY}
        }

    def get_fields_on_screen(self):
        """{(model, field)} that the manager finds on the form of a policy and behind it."""
        policies = self.as_role(self.env[POLICY], "manager")
        form = etree.fromstring(policies.get_view(view_type="form")["arch"])
        found = set(self.collect(POLICY, form))
        for model in LINES:
            for view_type in ("form", "list"):
                arch = policies.env[model].get_view(view_type=view_type)["arch"]
                found |= set(self.collect(model, etree.fromstring(arch)))
        return found

    def collect(self, model, node):
        for child in node:
            if child.tag != "field":
                yield from self.collect(model, child)
                continue
            yield model, child.get("name")
            field = self.env[model]._fields[child.get("name")]
            if field.relational:
                yield from self.collect(field.comodel_name, child)

    def test_everything_that_the_policies_set_has_a_place(self):
        # a list keeps the order by dragging
        missing = self.get_fields_in_data() - self.get_fields_on_screen() - SHIPPED
        self.assertFalse(sorted(missing))

    def test_every_setting_of_handling_has_a_place_and_is_frozen(self):
        source = (Path(get_module_path("klachtenbeheer")) / "models/policy/handling.py").read_text()
        settings = set(re.findall(r"^    (\w+) = fields\.", source, re.MULTILINE))
        self.assertGreater(len(settings), 15)
        arch = self.as_role(self.env[POLICY], "manager").get_view(view_type="form")["arch"]
        page = etree.fromstring(arch).find(".//page[@name='handling']")
        fields = {node.get("name"): node for node in page.iter("field")}
        self.assertFalse(settings - set(fields))
        for name in settings:
            self.assertIn("published", fields[name].get("readonly"), name)

    def test_a_manager_enters_the_handling_of_a_policy(self):
        policy = self.template("sb").copy({"code": "eigen", "company_id": self.company.id})
        with Form(policy.with_user(self.users["manager"])) as form:
            form.propose_supervisor = False
            form.at_once_by = "handler"
            form.repeat_threshold = 3
            form.repeat_months = 6
            form.progress_days = 14
            form.assignment_event_id = self.env.ref("klachtenbeheer.event_type_taken_up")
            with form.category_ids.edit(0) as category:
                category.about_person = True
                category.handler_ids.add(self.users["handler"])
        self.assertEqual(policy.repeat_months, 6)
        self.assertTrue(policy.category_ids[0].about_person)
        self.assertEqual(policy.category_ids[0].handler_ids, self.users["handler"])

    def test_only_people_change_after_publication(self):
        policy = self.publish_source("kk")
        with Form(policy.with_user(self.users["manager"])) as form:
            with self.assertRaises(AssertionError):
                form.progress_days = 3
            with form.category_ids.edit(0) as category:
                category.handler_ids.add(self.users["handler"])
                with self.assertRaises(AssertionError):
                    category.name = "Anders"
        self.assertEqual(policy.category_ids[0].handler_ids, self.users["handler"])

    def test_a_manager_says_whose_supervisor_somebody_is(self):
        partner = self.env["res.partner"].create({"name": "Bert Beklaagde"})
        manager = self.make_user(
            "beheer.contact", "klachtenbeheer.group_manager,base.group_partner_manager"
        )
        with Form(partner.with_user(manager)) as form:
            form.complaint_supervisor_id = self.users["handler"]
        self.assertEqual(partner.complaint_supervisor_id, self.users["handler"])

    def test_nobody_else_sees_whose_supervisor_somebody_is(self):
        for role, shown in (("employee", False), ("handler", False), ("coordinator", True)):
            with self.subTest(role=role):
                arch = self.as_role(self.env["res.partner"], role).get_view(view_type="form")[
                    "arch"
                ]
                names = etree.fromstring(arch).xpath("//field/@name")
                self.assertEqual("complaint_supervisor_id" in names, shown)


@tagged("post_install", "-at_install")
class TestAbsenceDialog(ComplaintCase):
    """Who is away says so; the next role takes over (SJ15)."""

    def open_dialog(self, role):
        return Form(self.as_role(self.env["klachtenbeheer.absence"], role))

    def get_role(self, role):
        return self.policy.role_ids.filtered(lambda line: line.role == role)

    def test_a_coordinator_is_away_and_back(self):
        with local_noon("2026-06-01"):
            form = self.open_dialog("coordinator")
            self.assertEqual(form.role_ids.ids, self.get_role("coordinator").ids)
            form.until = "2026-06-12"
            dialog = form.save()
            dialog.action_report()
            complaint = self.file_complaint()
            self.assertEqual(complaint._get_responsible(), self.users["director"])
            dialog.action_return()
        self.assertFalse(self.get_role("coordinator").absent_until)

    def test_a_director_reports_the_coordinator_ill_where_the_deputy_stands_in(self):
        deputy = self.make_user("vervanger", "klachtenbeheer.group_handler")
        self.get_role("deputy").user_ids = deputy
        with local_noon("2026-06-01"):
            form = self.open_dialog("director")
            form.role_ids.clear()
            form.role_ids.add(self.get_role("coordinator"))
            form.until = "2026-06-02"
            form.save().action_report()
            self.assertEqual(deputy.standing_in_policy_ids, self.policy)
        self.assertEqual(str(self.get_role("coordinator").absent_until), "2026-06-02")

    def test_a_day_is_asked_that_lies_ahead(self):
        with local_noon("2026-06-01"):
            for until in (False, "2026-05-31"):
                form = self.open_dialog("coordinator")
                form.until = until
                with self.subTest(until=until), self.assertRaises(UserError):
                    form.save().action_report()

    def test_who_stands_in_for_nobody_gets_no_dialog(self):
        for role in ("handler", "employee", "manager"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.open_dialog(role)
