from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.access_common import ACCESS_LOGGERS, AccessCase

DOSSIER = ("complaint", "event", "deadline", "letter")


@tagged("post_install", "-at_install")
class TestCompanyIsolation(AccessCase):
    """Organisations in one database know nothing of each other's complaints."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.file_full_complaint()
        world = cls.env(context={**cls.env.context, "allowed_company_ids": cls.other_company.ids})
        company, cls.company = cls.company, cls.other_company
        env, cls.env = cls.env, world
        cls.foreign_policy = cls.make_full_policy(code="elders", role_ids=cls.get_foreign_roles())
        cls.elsewhere = cls.file_full_complaint(policy_id=cls.foreign_policy.id)
        cls.company, cls.env = company, env
        cls.env.flush_all()

    @classmethod
    def get_foreign_roles(cls):
        return [
            cls.line(role="coordinator", name="coördinator", users="foreign"),
            cls.line(role="board", name="bestuur", users="foreign"),
        ]

    @mute_logger(*ACCESS_LOGGERS)
    def test_each_sees_its_own(self):
        for actor, sees, misses in (
            ("all_roles", self.own, self.elsewhere),
            ("foreign", self.elsewhere, self.own),
        ):
            for name in sees:
                with self.subTest(actor=actor, record=name):
                    self.assertTrue(self.may_read(actor, sees[name]))
                    self.assertFalse(self.may_read(actor, misses[name]))

    def test_figures_count_the_own_company_only(self):
        for name in DOSSIER:
            model = self.by("foreign", self.own[name].browse())
            field = "complaint_id" if name != "complaint" else "policy_id"
            groups = model._read_group([], [field], ["__count"])
            expected = self.elsewhere[name]._read_group(
                [(field, "=", self.elsewhere[name][field].id)], [field], ["__count"]
            )
            with self.subTest(model=name):
                self.assertEqual([g[0].id for g in groups], [g[0].id for g in expected])
                self.assertEqual([g[1] for g in groups], [g[1] for g in expected])
                self.assertEqual(model.search_count([]), sum(g[1] for g in expected))

    def test_somebody_of_two_companies_sees_the_companies_that_are_switched_on(self):
        user = self.users["foreign"]
        user.company_ids = self.company | self.other_company
        # a role opens dossiers of its own policy only
        role = self.policy.role_ids.filtered(lambda line: line.code == "extra-coordinator")
        role.user_ids += user
        self.env.flush_all()
        complaints = self.own["complaint"] | self.elsewhere["complaint"]
        for companies, expected in (
            (self.company, self.own["complaint"]),
            (self.other_company, self.elsewhere["complaint"]),
            (self.company | self.other_company, complaints),
        ):
            self.env.invalidate_all()
            found = (
                complaints.with_user(user)
                .with_context(allowed_company_ids=companies.ids)
                .search([("id", "in", complaints.ids)])
            )
            self.assertEqual(found, expected)

    @mute_logger(*ACCESS_LOGGERS)
    def test_nobody_switches_on_a_company_that_is_not_theirs(self):
        complaint = self.elsewhere["complaint"].with_user(self.users["all_roles"])
        companies = (self.company | self.other_company).ids
        with self.assertRaises(AccessError):
            complaint.with_context(allowed_company_ids=companies).search([])

    @mute_logger(*ACCESS_LOGGERS)
    def test_policies_and_what_they_consist_of_are_separated(self):
        for lines in ("role_ids", "term_ids", "stage_ids", "category_ids", "letter_type_ids"):
            line = self.foreign_policy[lines][:1]
            with self.subTest(lines=lines):
                self.assertTrue(self.may_read("foreign_manager", line))
                self.assertFalse(self.may_read("manager", line))
        self.assertFalse(self.may_read("employee", self.foreign_policy))

    def test_models_to_copy_from_are_there_for_all(self):
        template = self.env.ref("klachtenbeheer.policy_kk")
        for actor in ("manager", "foreign_manager"):
            with self.subTest(actor=actor):
                self.assertTrue(self.may_read(actor, template))
                self.assertTrue(self.may_read(actor, template.term_ids[:1]))

    @mute_logger(*ACCESS_LOGGERS)
    def test_nobody_changes_the_models_of_another_company(self):
        template = self.by("foreign_manager", self.env.ref("klachtenbeheer.policy_kk"))
        for record in (template, template.term_ids[:1], template.stage_ids[:1]):
            with self.subTest(record=record):
                self.assertFalse(self.succeeds(record.write, {"name": "Anders"}))
                self.assertFalse(self.succeeds(record.unlink))

    @mute_logger(*ACCESS_LOGGERS)
    def test_the_quick_entry_offers_the_own_policies(self):
        dialog = self.by("foreign", self.env["klachtenbeheer.intake"])
        policies = dialog.policy_id.search(dialog._fields["policy_id"].domain)
        self.assertEqual(policies, self.foreign_policy)
        self.assertEqual(dialog.default_get(["policy_id"])["policy_id"], self.foreign_policy.id)

    @mute_logger(*ACCESS_LOGGERS)
    def test_no_complaint_is_registered_with_another_company(self):
        """Also not by the id of its policy."""
        vals = {"description": "Klacht", "kind": "formal", "policy_id": self.foreign_policy.id}
        for actor in ("employee", "coordinator", "director", "all_roles"):
            with self.subTest(actor=actor):
                dialog = self.by(actor, self.env["klachtenbeheer.intake"]).create(vals)
                self.assertFalse(self.succeeds(dialog.action_register))
                complaints = self.by(actor, self.env["klachtenbeheer.complaint"])
                self.assertFalse(self.succeeds(complaints.create, vals))

    def test_the_references_of_companies_count_apart(self):
        names = (self.own["complaint"] | self.elsewhere["complaint"]).mapped("name")
        self.assertEqual(len({name.split("-")[0] for name in names}), 1)
        self.assertEqual(self.elsewhere["complaint"].register_number, 1)

    @mute_logger(*ACCESS_LOGGERS)
    def test_closing_days_move_the_dates_of_the_own_company_only(self):
        vals = {"name": "Dicht", "date": "2030-01-02", "company_id": self.other_company.id}
        days = self.by("coordinator", self.env["klachtenbeheer.closed.day"])
        self.assertFalse(self.succeeds(days.create, vals))
        self.assertTrue(self.succeeds(days.create, vals | {"company_id": self.company.id}))

    def test_what_belongs_to_another_policy_does_not_fit(self):
        """Category and kind of complainant of another organisation."""
        complaint = self.own["complaint"]
        with self.assertRaisesRegex(ValidationError, "own policy"):
            complaint.category_id = self.foreign_policy.category_ids
        with self.assertRaisesRegex(ValidationError, "another policy"):
            complaint.letter_ids.create(
                {"complaint_id": complaint.id, "type_id": self.foreign_policy.letter_type_ids.id}
            )
