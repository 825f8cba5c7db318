from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..support.common import ComplaintCase, local_noon

DAY = "2026-07-20"


class RoleCase(ComplaintCase):
    """Two policies of one organisation, each with people of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, group in (
            ("other", "coordinator"),
            ("chief", "director"),
            ("protector", "data_protector"),
            ("nobody", "data_protector"),
        ):
            cls.users[name] = cls.make_user(name, f"klachtenbeheer.group_{group}")
        cls.other_policy = cls.make_policy(
            code="ander",
            role_ids=[
                cls.line(role="coordinator", name="coördinator", users="other"),
                cls.line(role="director", name="directie", users="chief"),
                cls.line(role="data_protector", name="FG", users="protector"),
            ],
        )
        # what their groups would give them elsewhere
        everybody = cls.users["other"] | cls.users["chief"]
        everybody |= cls.users["protector"] | cls.users["nobody"]
        extra = (cls.policy | cls.other_policy).role_ids.filtered(
            lambda role: role.code.startswith("extra-")
        )
        for role in extra:
            role.user_ids -= everybody if role.policy_id == cls.policy else role.user_ids
        cls.env.flush_all()

    def search(self, model, user, domain=()):
        records = self.env[model].with_user(self.users[user])
        return records.with_context(allowed_company_ids=self.company.ids).search(list(domain))


@tagged("post_install", "-at_install")
class TestAccounting(RoleCase):
    """Reports and evaluations are of who has the power under that policy, not of a group."""

    def make(self, by, policy):
        with local_noon(DAY):
            return self.as_role(self.env["klachtenbeheer.report"], by).create(
                {
                    "type_id": self.env.ref("klachtenbeheer.report_type_board_half_year").id,
                    "policy_id": policy.id,
                    "date_from": "2026-01-01",
                }
            )

    def test_a_report_is_made_and_seen_by_who_coordinates_that_policy(self):
        report = self.make("coordinator", self.policy)
        with self.assertRaises(AccessError):
            self.make("coordinator", self.other_policy)
        self.assertIn(report, self.search(report._name, "coordinator"))
        self.assertFalse(self.search(report._name, "other"), "of another policy")
        self.assertFalse(self.search("klachtenbeheer.report.text", "other"))
        with self.assertRaises(AccessError):
            report.with_user(self.users["other"]).action_submit()

    def test_who_left_the_role_approves_and_reads_no_longer(self):
        report = self.make("other", self.other_policy)
        report._as_procedure().state = "approval"
        self.assertEqual(report.approver_ids, self.users["chief"])
        self.assertIn(report, self.search(report._name, "chief"))
        self.assertTrue(report.with_user(self.users["chief"]).can_approve)
        role = self.other_policy.role_ids.filtered(lambda line: line.code == "director")
        role.user_ids = False
        self.env.invalidate_all()
        self.assertFalse(self.search(report._name, "chief"))
        with self.assertRaises(AccessError):
            report.with_user(self.users["chief"]).action_approve()

    def test_a_policy_is_evaluated_by_who_accounts_for_it(self):
        vals = {"policy_id": self.other_policy.id, "findings": "<p>Gaat goed.</p>"}
        vals["conclusion"] = "keep"
        evaluation = self.as_role(self.env["klachtenbeheer.evaluation"], "other").create(vals)
        evaluation.action_close()
        self.assertIn(evaluation, self.search(evaluation._name, "chief"))
        self.assertIn(evaluation, self.search(evaluation._name, "manager"))
        self.assertFalse(self.search(evaluation._name, "coordinator"), "of another policy")
        with self.assertRaises(AccessError):
            self.as_role(self.env["klachtenbeheer.evaluation"], "coordinator").create(vals)


@tagged("post_install", "-at_install")
class TestProtecting(RoleCase):
    """Protecting data is a power of a role; the group gives menus."""

    def note(self, complaint):
        self.env["klachtenbeheer.reading"]._insert_readings(
            {(self.users["coordinator"].id, complaint.id, "dossier", "2026-07-01 10:00:00")}
        )

    def test_the_log_is_of_the_policies_whose_data_one_protects(self):
        mine = self.file_complaint(policy_id=self.other_policy.id)
        self.note(mine)
        self.note(self.file_complaint())
        readings = "klachtenbeheer.reading"
        self.assertEqual(self.search(readings, "protector").mapped("dossier_id"), mine.ids)
        self.assertFalse(self.search(readings, "nobody"), "a group alone")

    def test_requests_and_breaches_are_of_who_has_the_power(self):
        vals = {"person_name": "Kees Klager", "company_id": self.company.id}
        request = self.as_role(self.env["klachtenbeheer.subject.request"], "protector").create(vals)
        breach = self.as_role(self.env["klachtenbeheer.breach"], "protector").create(
            {"name": "Brief verkeerd bezorgd", "company_id": self.company.id}
        )
        for record in (request, breach):
            self.assertIn(record, self.search(record._name, "protector"))
            self.assertFalse(self.search(record._name, "nobody"))
        with self.assertRaises(AccessError):
            self.as_role(self.env["klachtenbeheer.subject.request"], "nobody").create(vals)
        told = self.env["klachtenbeheer.complaint"]
        told._tell_protectors(self.company, "Let op", "Een datalek")
        message = self.env["mail.message"].search([("subject", "=", "Let op")])
        self.assertEqual(message.partner_ids, self.users["protector"].partner_id)

    def test_it_opens_no_dossier_and_takes_two(self):
        self.file_complaint(policy_id=self.other_policy.id)
        complaints = self.env["klachtenbeheer.complaint"].with_user(self.users["protector"])
        self.assertFalse(complaints._get_power_policies("read"))
        role = self.other_policy.role_ids.filtered("may_protect")[:1]
        newcomer = self.make_user("nieuw")
        role.with_user(self.users["manager"]).user_ids += newcomer
        self.assertNotIn(newcomer, role.user_ids, "proposed first")
        appointment = role.appointment_ids.filtered(lambda line: line.user_id == newcomer)
        appointment.with_user(self.users["chief"]).action_confirm()
        self.assertIn(newcomer, role.user_ids)
        self.assertTrue(newcomer.has_group("klachtenbeheer.group_data_protector"))
