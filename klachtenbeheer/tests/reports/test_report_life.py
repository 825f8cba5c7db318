import smtplib
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from ...models.platform.delivery import Delivery
from ..support.common import local_noon
from ..support.report_common import ReportCase

MAIL_LOGGER = "odoo.addons.mail.models.mail_mail"
REFUSED = smtplib.SMTPRecipientsRefused({"x": (550, b"no such mailbox")})


@tagged("post_install", "-at_install")
class TestReportLife(ReportCase, MockEmail):
    """From figures to the proof that it was received, each step by who may take it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy_sj = cls.policies["sj"]
        for place in range(6):
            cls.make_complaint(cls.policy_sj, "2026-01", cls.policy_sj.category_ids[0], place)
        cls.member = cls.env["res.partner"].create(
            {"name": "Bestuurslid zonder account", "email": "lid@example.org"}
        )
        plans = cls.policy_sj.report_plan_ids
        cls.plan = plans.filtered(lambda plan: plan.type_id.code == "board_half_year")
        cls.plan.recipient_ids = cls.member

    def setUp(self):
        super().setUp()
        self.report = self.make_report("board_half_year")

    def bring_to_approval(self):
        self.write_texts(self.report)
        self.report.action_submit()

    def approve(self, day="2026-07-22"):
        self.bring_to_approval()
        with local_noon(day), self.without_pdf():
            self.as_role(self.report, "director").action_approve()
        return self.work_queue_off()

    def approve_quietly(self):
        """Approved, while nobody works the queue off."""
        self.bring_to_approval()
        with self.without_pdf(), patch.object(Delivery, "_deliver", lambda mails: None):
            self.as_role(self.report, "director").action_approve()

    def work_queue_off(self, error=None):
        """Send what waits; the mails with a report that a server was offered."""
        with self.mock_mail_gateway(mail_unlink_sent=False), mute_logger(MAIL_LOGGER):
            if error:
                self.send_email_mocked.side_effect = error
            self.env["mail.mail"].sudo().search([("state", "=", "outgoing")]).send()
        return [mail for mail in self._mails if mail["attachments"]]

    def run_daily(self):
        reports = self.env["klachtenbeheer.report"].with_company(self.company)
        today = self.company._complaint_today()
        reports.search(reports._get_waiting_domain(today))._look_after_mails(today)

    # ---------------------------------------------------------------- writing

    def test_the_coordinator_is_asked_for_the_texts(self):
        [task] = self.report.activity_ids
        self.assertEqual(task.user_id, self.users["coordinator"])
        self.assertEqual(str(task.date_deadline), "2026-08-31")

    def test_without_its_texts_it_is_not_offered(self):
        with self.assertRaises(UserError):
            self.report.action_submit()
        self.write_texts(self.report)
        self.report.action_submit()
        self.assertEqual(self.report.state, "approval")

    def test_an_exceptional_complaint_asks_for_neutral_words(self):
        self.assertNotIn("Exceptional complaints", self.report.text_ids.mapped("name"))
        year = self.make_report("board_half_year", day="2027-01-20", period="2026-07-01")
        self.assertEqual(len(year.text_ids), len(self.report.text_ids))
        category = self.policy_sj.category_ids[0]
        self.make_complaint(self.policy_sj, "2026-08", category, 0, is_exceptional=True)
        with local_noon("2027-01-20"):
            year.action_refresh()
        self.assertEqual(len(year.text_ids), len(self.report.text_ids) + 1)
        self.assertTrue(year.text_ids[-1].required)

    # ---------------------------------------------------------------- approval

    def test_only_the_role_that_the_kind_names_approves(self):
        self.bring_to_approval()
        for role in ("coordinator", "board", "manager", "handler"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.as_role(self.report, role).action_approve()
        with self.without_pdf():
            self.as_role(self.report, "director").action_approve()
        self.assertEqual(self.report.approved_by_id, self.users["director"])
        self.assertTrue(self.report.attachment_id)

    def test_who_approves_can_ask_for_other_words(self):
        self.bring_to_approval()
        self.as_role(self.report, "director").action_send_back()
        self.assertEqual(self.report.state, "writing")
        self.assertIn(self.users["coordinator"], self.report.activity_ids.user_id)

    def test_a_kind_without_approver_is_sent_by_the_coordinator(self):
        report = self.make_report("annual_handling", day="2027-01-12", period="2026-01-01")
        self.write_texts(report)
        with self.without_pdf():
            report.action_submit()
        self.assertEqual(report.approved_by_id, self.users["coordinator"])

    # ---------------------------------------------------------------- mail

    def test_it_reaches_everybody_once_as_pdf(self):
        mails = self.approve()
        addresses = sorted(address for mail in mails for address in mail["email_to"])
        self.assertEqual(
            [address.rpartition("<")[2].rstrip(">") for address in addresses],
            ["board@example.com", "director@example.com", "lid@example.org"],
        )
        for mail in mails:
            [(name, content, kind)] = mail["attachments"]
            self.assertEqual(
                (name, kind), ("board_half_year-2026-01-01-2026-06-30.pdf", "application/pdf")
            )
            self.assertEqual(content, b"%PDF-1.7 report")
        self.assertEqual(self.report.state, "sent")
        self.assertEqual(set(self.report.recipient_ids.mapped("state")), {"sent"})
        self.assertTrue(all(self.report.recipient_ids.mapped("message_id")))
        self.run_daily()
        self.assertFalse(self.work_queue_off())

    def test_a_mail_server_that_is_down_is_waited_for(self):
        self.approve_quietly()
        self.work_queue_off(OSError("no route to host"))
        self.assertEqual(self.report.state, "approved")
        lines = self.report.recipient_ids
        self.assertEqual(set(lines.mapped("state")), {"waiting"})
        self.assertTrue(all(lines.mapped("next_try_on")))
        mails = self.work_queue_off()
        self.assertEqual(len(mails), 3)
        self.assertEqual(self.report.state, "sent")
        self.assertFalse(any(lines.mapped("failure_reason")))

    def test_what_is_refused_is_seen_and_sent_again_by_a_person(self):
        self.approve_quietly()
        self.work_queue_off(REFUSED)
        self.assertEqual(self.report.state, "failed")
        self.assertIn("550 no such mailbox", self.report.recipient_ids[0].failure_reason)
        [task] = self.report.activity_ids
        self.assertEqual(task.user_id, self.users["coordinator"])
        self.run_daily()
        self.assertFalse(self.work_queue_off(), "it is not sent again by itself")
        self.member.email = "ander-adres@example.org"
        with patch.object(Delivery, "_deliver", lambda mails: None):
            self.as_role(self.report, "coordinator").action_send_again()
        sent = self.work_queue_off()
        self.assertEqual(len(sent), 3)
        self.assertIn("ander-adres@example.org", str([mail["email_to"] for mail in sent]))
        self.assertEqual(self.report.state, "sent")
        self.assertFalse(self.report.activity_ids)

    def leave_in_doubt(self):
        """One mail left, and the server did not say that it has it."""
        self.approve_quietly()
        line = self.report.recipient_ids[0]
        mail = line._get_last_mail_sudo()
        mail.write({"state": "exception", "handed_on": fields.Datetime.now()})
        with self.mock_mail_gateway():
            self.env["mail.mail"]._deliver_waiting()
        self.assertFalse([email for email in self._mails if line.email in str(email["email_to"])])
        self.assertEqual((line.state, self.report.state), ("unsure", "failed"))
        return line

    def test_perhaps_delivered_is_for_a_person_who_says_that_it_was(self):
        line = self.leave_in_doubt()
        with self.assertRaises(AccessError):
            self.as_role(line, "director").action_confirm_delivered()
        self.as_role(line, "coordinator").action_confirm_delivered()
        self.assertEqual(self.report.state, "sent")
        self.assertTrue(line.sent_at)
        with self.assertRaises(UserError):
            self.as_role(line, "coordinator").action_confirm_delivered()

    def test_perhaps_delivered_is_for_a_person_who_sends_it_again(self):
        line = self.leave_in_doubt()
        with patch.object(Delivery, "_deliver", lambda mails: None):
            self.as_role(line, "coordinator").action_send_again()
        self.assertEqual(self.report.state, "approved")
        self.assertEqual(len(self.work_queue_off()), 1)
        self.assertEqual(self.report.state, "sent")

    def test_a_mail_that_is_gone_does_not_leave_the_report_waiting(self):
        self.approve_quietly()
        self.report.recipient_ids[0]._get_last_mail_sudo().unlink()
        self.run_daily()
        self.assertEqual(self.report.recipient_ids[0].state, "failed")
        self.report.recipient_ids[1]._get_last_mail_sudo().state = "cancel"
        self.assertEqual(self.report.recipient_ids[1].state, "failed")

    def test_a_mail_of_a_report_is_not_sent_from_the_queue_again(self):
        self.approve()
        mails = self.env["mail.mail"].sudo().search([("report_recipient_id", "!=", False)])
        self.assertEqual(len(mails), 3, "the proof is kept")
        with self.assertRaises(UserError):
            mails[0].write({"state": "outgoing"})

    def test_without_an_address_it_is_handed_over(self):
        self.member.email = False
        report = self.make_report("board_half_year", day="2027-01-20", period="2026-07-01")
        line = report.recipient_ids.filtered(lambda line: line.name == self.member.name)
        self.assertEqual(line.state, "by_hand")
        self.write_texts(report)
        report.action_submit()
        with self.without_pdf():
            self.as_role(report, "director").action_approve()
        self.work_queue_off()
        self.assertEqual(report.state, "sent")
        self.assertIn(self.member.name, " ".join(report.activity_ids.mapped("summary")))

    # ---------------------------------------------------------------- after sending

    def test_it_is_discussed_wherever_the_policy_wants_that(self):
        report = self.make_report("annual_analysis", day="2027-01-20", period="2026-01-01")
        self.write_texts(report)
        report.action_submit()
        with self.without_pdf():
            self.as_role(report, "director").action_approve()
        self.work_queue_off()
        for body in ("management", "team", "board"):
            self.assertTrue(report.activity_ids)
            self.as_role(report, "coordinator").discussion_ids = [
                (0, 0, {"body": body, "held_on": "2027-02-01"})
            ]
        self.assertFalse(report.still_to_discuss)
        self.assertFalse(report.activity_ids)

    # ---------------------------------------------------------------- who reads

    def search_as(self, role):
        return self.as_role(self.env["klachtenbeheer.report"], role).search([])

    def test_who_reads_what_and_when(self):
        self.assertEqual(self.search_as("coordinator"), self.report)
        self.assertFalse(self.search_as("director"), "not before it is offered")
        self.bring_to_approval()
        self.assertEqual(self.search_as("director"), self.report)
        self.assertFalse(self.search_as("board"), "not before it is approved")
        with self.without_pdf():
            self.as_role(self.report, "director").action_approve()
        self.assertEqual(self.search_as("board"), self.report)
        self.as_role(self.report, "board").read(["title", "figures", "figures_html"])
        self.as_role(self.report.attachment_id, "board").read(["raw"])
        for role in ("manager", "handler", "registrar", "employee"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.search_as(role)

    def test_a_report_for_directie_is_not_for_the_board(self):
        report = self.make_report("annual_handling", day="2027-01-12", period="2026-01-01")
        self.write_texts(report)
        with self.without_pdf():
            report.action_submit()
        self.assertIn(report, self.search_as("director"))
        self.assertNotIn(report, self.search_as("board"))

    def test_only_the_coordinator_makes_and_writes(self):
        for role in ("director", "board", "manager", "handler", "registrar", "employee"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.make_report("kpi", period="2026-04-01", by=role)
        self.bring_to_approval()
        text = self.as_role(self.report, "director").text_ids[0]
        with self.assertRaises(UserError):
            text.body = "<p>Van de directie</p>"

    def test_who_coordinates_under_another_policy_has_none_of_it(self):
        user = self.users["next_door"] = self.make_user(
            "next.door", "klachtenbeheer.group_coordinator"
        )
        for role in self.policy_sj.role_ids:
            role.user_ids -= user
        self.assertFalse(self.search_as("next_door"))
        for lines in (self.report.text_ids, self.report.recipient_ids):
            self.assertTrue(lines)
            self.assertFalse(self.as_role(lines.browse(), "next_door").search([]))
        for touch in (
            lambda: self.make_report("kpi", period="2026-04-01", by="next_door"),
            lambda: self.as_role(self.report, "next_door").action_submit(),
            lambda: self.as_role(self.report.text_ids[0], "next_door").write({"body": "x"}),
            lambda: self.as_role(self.report, "next_door").action_print(),
        ):
            with self.assertRaises(AccessError):
                touch()

    def test_values_of_others_are_not_taken(self):
        with local_noon("2026-07-20"):
            report = self.as_role(self.env["klachtenbeheer.report"], "coordinator").create(
                {
                    "type_id": self.env.ref("klachtenbeheer.report_type_kpi").id,
                    "policy_id": self.policy_sj.id,
                    "date_from": "2026-04-01",
                    "state": "sent",
                    "figures": {"sections": []},
                    "reader_ids": [(6, 0, self.users["employee"].ids)],
                    "recipient_ids": [(0, 0, {"name": "x", "email": "x@example.org"})],
                }
            )
        self.assertEqual(report.state, "writing" if report.text_ids else report.state)
        self.assertTrue(report.figures["sections"])
        self.assertNotIn(self.users["employee"], report.sudo().reader_ids)
        self.assertNotIn("x@example.org", report.recipient_ids.mapped("email"))

    def test_another_company_sees_nothing(self):
        other = self.env["res.company"].create({"name": "Een ander"})
        stranger = self.make_user("vreemde", "klachtenbeheer.group_coordinator", other)
        self.assertFalse(
            self.env["klachtenbeheer.report"]
            .with_user(stranger)
            .with_context(allowed_company_ids=other.ids)
            .search([])
        )

    def test_a_manager_edits_kinds_and_sees_no_figures(self):
        kind = self.as_role(self.env.ref("klachtenbeheer.report_type_kpi"), "manager")
        kind.section_ids[0].name = "Kern"
        with self.assertRaises(AccessError):
            self.as_role(self.report, "manager").read(["figures"])
        with self.assertRaises(AccessError):
            self.as_role(kind, "coordinator").name = "Anders"

    def test_not_over_a_period_that_still_runs(self):
        with self.assertRaises(UserError):
            self.make_report("kpi", day="2026-07-20", period="2026-07-01")
