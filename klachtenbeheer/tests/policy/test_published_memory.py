from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.common import ComplaintCase, local_noon


@tagged("post_install", "-at_install")
class TestPublishedMemory(ComplaintCase):
    """A process remembers what was published, and nothing that may change."""

    def read_anew(self):
        """As another transaction of the same process would."""
        self.env.flush_all()
        self.env.invalidate_all()

    def file_dated(self, policy, received_on="2026-03-02"):
        self.read_anew()
        return self.file_complaint(policy_id=policy.id, received_on=received_on)

    def due(self, complaint, code="answer"):
        return complaint.deadline_ids.filtered(lambda line: line.code == code).due_on

    def test_what_was_published_is_not_read_again(self):
        self.file_dated(self.policy)
        self.read_anew()
        self.policy._recall()
        with self.assertQueryCount(0):
            terms = self.policy.term_ids
            self.assertEqual(terms.stop_event_ids.mapped("code")[:1], ["acknowledged"])
            self.policy.stage_ids.event_ids.mapped("code")
            self.policy.role_ids.user_ids.partner_id.mapped("name")

    def test_a_draft_is_read_each_time(self):
        draft = self.policy.copy({"code": "concept"})
        self.read_anew()
        draft._recall()
        term = draft.term_ids.filtered(lambda line: line.code == "answer")
        self.assertEqual(str(draft.preview("2026-03-02")["answer"]), "2026-03-16")
        term.amount = 21
        self.read_anew()
        draft._recall()
        self.assertEqual(str(draft.preview("2026-03-02")["answer"]), "2026-03-23")

    def test_what_is_remembered_is_what_was_published(self):
        """A draft was read, changed, published: complaints follow the text in force."""
        draft = self.policy.copy({"code": "concept"})
        draft._recall()
        draft.term_ids.filtered(lambda line: line.code == "answer").amount = 21
        draft.effective_from = date(2020, 1, 1)
        draft.action_publish()
        self.assertEqual(str(self.due(self.file_dated(draft))), "2026-03-23")

    def test_a_next_version_is_in_force_at_once(self):
        self.file_dated(self.policy)
        with local_noon("2026-02-20"):
            new = self.policy.make_next_version("2026-03-01")
            new.term_ids.filtered(lambda line: line.code == "answer").amount = 7
            new.action_publish()
        complaint = self.file_dated(self.policy)
        self.assertEqual(complaint.policy_id, new)
        self.assertEqual(str(self.due(complaint)), "2026-03-09")
        earlier = self.file_dated(self.policy, "2026-02-02")
        self.assertEqual(earlier.policy_id, self.policy)
        self.assertEqual(str(self.due(earlier)), "2026-02-16")

    def test_whoever_gets_a_role_acts_from_then_on(self):
        self.assertEqual(
            self.file_dated(self.policy).activity_ids.user_id, self.users["coordinator"]
        )
        coordinator = self.policy.role_ids.filtered(lambda line: line.role == "coordinator")
        coordinator.user_ids = self.users["handler"]
        complaint = self.file_dated(self.policy)
        self.assertEqual(complaint.activity_ids.user_id, self.users["handler"])
        self.assertEqual(complaint.coordinator_id, self.users["handler"])

    def test_whoever_left_does_not_act(self):
        """An archived account is in the role still, and out of it for who asks."""
        self.file_dated(self.policy)
        self.users["coordinator"].active = False
        self.read_anew()
        self.policy._recall()
        self.assertFalse(self.policy._get_role_users("coordinator"))

    def test_a_changed_catalogue_is_read_again(self):
        catalogue = self.env["klachtenbeheer.event.type"]
        catalogue._recall_catalogue()
        event_type = catalogue.create({"name": "Doorgezonden", "code": "doorgezonden"})
        self.read_anew()
        catalogue._recall_catalogue()
        self.assertEqual(catalogue._get("doorgezonden"), event_type)
        event_type.manual = True
        self.read_anew()
        catalogue._recall_catalogue()
        self.assertTrue(event_type.manual)

    def test_a_changed_channel_is_read_again(self):
        channels = self.env["klachtenbeheer.channel"]
        self.assertNotIn("phone", channels._get_written_codes())
        channels.search([("code", "=", "phone")]).write({"is_written": True, "name": "Belletje"})
        self.read_anew()
        self.assertIn("phone", channels._get_written_codes())
        self.assertIn(("phone", "Belletje"), channels._get_selection())

    def test_a_closing_day_counts_at_once(self):
        policy = self.make_policy(code="dagen", count_organisation_days=True)
        self.assertEqual(str(self.due(self.file_dated(policy), "acknowledge")), "2026-03-09")
        self.env["klachtenbeheer.closed.day"].create(
            {"company_id": self.company.id, "date": "2026-03-04", "name": "Gesloten"}
        )
        self.assertEqual(str(self.due(self.file_dated(policy), "acknowledge")), "2026-03-10")

    def test_the_organisation_moves_to_another_time_zone(self):
        self.company._complaint_today()
        self.company.partner_id.tz = "Pacific/Auckland"
        self.read_anew()
        self.assertEqual(self.company._get_zone_name(), "Pacific/Auckland")

    def test_what_is_remembered_can_not_be_changed(self):
        """Or it would have to be forgotten."""
        self.policy._recall()
        for lines in (self.policy.term_ids, self.policy.stage_ids):
            with self.assertRaises(UserError):
                lines[0].name = "Anders"
        with self.assertRaises(UserError):
            self.policy.reminder_workdays = 9

    def test_other_organisations_are_not_mixed_up(self):
        """Each policy is remembered by its own id, whoever asks first."""
        other = self.env["res.company"].create({"name": "Stichting Elders"})
        mine = self.file_dated(self.policy)
        theirs = self.make_policy(company_id=other.id, code="elders")
        theirs_complaint = self.file_dated(theirs)
        self.assertEqual(mine.company_id, self.company)
        self.assertEqual(theirs_complaint.company_id, other)
        self.assertEqual(theirs_complaint.policy_id, theirs)
