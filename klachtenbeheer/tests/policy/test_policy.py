from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..support.common import ComplaintCase, local_noon


@tagged("post_install", "-at_install")
class TestPolicy(ComplaintCase):
    """A policy is data, versioned and frozen on publication (design.md 4.5)."""

    def test_preview_saves_nothing(self):
        before = self.env["klachtenbeheer.complaint"].search_count([])
        self.assertEqual(
            self.policy.with_user(self.users["manager"]).preview("2026-04-02"),
            {"acknowledge": date(2026, 4, 13), "answer": date(2026, 4, 16)},
        )
        self.assertEqual(self.env["klachtenbeheer.complaint"].search_count([]), before)

    def test_published_policy_and_its_lines_do_not_change(self):
        policy = self.policy
        for change in (
            lambda: policy.write({"name": "Anders"}),
            lambda: policy.write({"reminder_workdays": 5}),
            lambda: policy.term_ids[0].write({"amount": 9}),
            lambda: policy.stage_ids[0].unlink(),
            lambda: policy.write({"category_ids": [(0, 0, {"name": "Nieuw"})]}),
            lambda: self.env["klachtenbeheer.category"].create(
                {"policy_id": policy.id, "name": "Nieuw"}
            ),
        ):
            with self.assertRaisesRegex(UserError, "next version"):
                change()

    def test_people_may_change_after_publication_and_it_shows(self):
        self.policy.coordinator_id = self.users["director"]
        self.assertEqual(self.policy._get_role_users("coordinator"), self.users["director"])
        self.assertIn(self.users["director"].name, " ".join(self.policy.message_ids.mapped("body")))

    def test_next_version_is_a_whole_copy(self):
        tomorrow = self.company._complaint_today() + timedelta(days=1)
        new = self.policy.with_user(self.users["manager"]).make_next_version(tomorrow)
        self.assertRecordValues(
            new, [{"version": 2, "state": "draft", "previous_id": self.policy.id}]
        )
        self.assertEqual(new.coordinator_id, self.users["coordinator"])
        for lines in ("term_ids", "stage_ids", "role_ids"):
            self.assertEqual(
                new[lines].mapped("display_name"), self.policy[lines].mapped("display_name")
            )
            self.assertFalse(new[lines] & self.policy[lines])
        new.term_ids[0].amount = 2
        new.action_publish()
        self.assertEqual(self.policy.state, "retired")

    @local_noon("2026-08-03")
    def test_complaint_keeps_the_version_in_force_on_its_receipt_date(self):
        new = self.policy.copy({"code": "proef", "effective_from": date(2026, 7, 1)})
        new.term_ids.filtered(lambda term: term.code == "acknowledge").amount = 2
        with local_noon("2026-06-15"):
            new.action_publish()
        old_case = self.file_complaint(policy_id=new.id, received_on="2026-06-30")
        new_case = self.file_complaint(policy_id=self.policy.id, received_on="2026-07-01")
        self.assertEqual(old_case.policy_id, self.policy)
        self.assertEqual(new_case.policy_id, new)
        self.assertEqual(self.due(new_case)["acknowledge"], date(2026, 7, 3))
        new_case.correct_receipt("2026-06-30", "stempel")
        self.assertEqual(new_case.policy_id, self.policy)
        self.assertEqual(self.due(new_case)["acknowledge"], date(2026, 7, 7))
        self.assertEqual(new_case.stage_id.policy_id, self.policy)

    def test_publication_lists_placeholders_and_vacant_roles(self):
        draft = self.policy.copy({"code": "ander"})
        draft.introduction = "<p>Welkom bij [naam organisatie], ook wel &lt;naam bedrijf&gt;.</p>"
        draft.role_ids.filtered(lambda role: role.role == "board").user_ids = False
        with self.assertRaises(UserError) as refusal:
            draft.action_publish()
        for text in ("[naam organisatie]", "<naam bedrijf>", "bestuur"):
            self.assertIn(text, str(refusal.exception))
        self.assertEqual(draft.state, "draft")

    def test_writing_a_state_takes_the_road_of_its_button(self):
        draft = self.policy.copy({"code": "ander"})
        draft.introduction = "<p>Welkom bij [naam organisatie].</p>"
        as_manager = draft.with_user(self.users["manager"])
        with self.assertRaisesRegex(UserError, "naam organisatie"):
            as_manager.state = "published"
        draft.introduction = "<p>Welkom.</p>"
        as_manager.state = "published"
        self.assertEqual(draft.state, "published")
        with self.assertRaisesRegex(UserError, "next version"):
            as_manager.state = "draft"
        as_manager.state = "retired"
        self.assertEqual(draft.state, "retired")

    def test_only_the_approver_publishes_where_the_policy_says_so(self):
        draft = self.policy.copy({"code": "ander", "approval_role": "board"})
        as_manager = draft.with_user(self.users["manager"])
        as_manager.action_submit()
        self.assertEqual(draft.activity_ids.user_id, self.users["board"])
        for role in ("manager", "coordinator", "director"):
            with self.assertRaisesRegex((UserError, AccessError), "bestuur|access"):
                draft.with_user(self.users[role]).action_publish()
        draft.with_user(self.users["board"]).action_publish()
        self.assertRecordValues(
            draft, [{"state": "published", "approved_by_id": self.users["board"].id}]
        )

    def test_only_a_manager_changes_a_draft(self):
        draft = self.policy.copy({"code": "ander"})
        for role in ("handler", "coordinator", "director", "board", "registrar", "employee"):
            with self.assertRaises(AccessError):
                draft.with_user(self.users[role]).write({"name": "x"})
        with self.assertRaises(AccessError):
            draft.with_user(self.users["employee"]).read(["name"])
        draft.with_user(self.users["manager"]).write({"name": "Beter"})

    def test_code_is_usable_in_an_address(self):
        for code in ("Klachten Regeling", "klacht/1", ""):
            with self.assertRaisesRegex((ValidationError, Exception), "web address|required|null"):
                self.policy.copy({"code": code or " "})

    def test_negative_terms_are_refused(self):
        draft = self.policy.copy({"code": "ander"})
        with self.assertRaisesRegex(ValidationError, "negative"):
            draft.term_ids[0].amount = -1
        with self.assertRaisesRegex(ValidationError, "negative"):
            draft.reminder_workdays = -1

    def test_oral_and_written_terms(self):
        draft = self.policy.copy({"code": "ander"})
        answer, acknowledge = draft.term_ids.sorted("code")[1], draft.term_ids.sorted("code")[0]
        answer.applies_to, acknowledge.applies_to = "written", "oral"
        draft.action_publish()
        self.assertEqual(set(draft.preview("2026-04-02")), {"answer"})
        by_phone = self.file_complaint(policy_id=draft.id, channel="phone")
        by_mail = self.file_complaint(policy_id=draft.id, channel="email")
        self.assertEqual(set(self.due(by_phone)), {"acknowledge"})
        self.assertEqual(set(self.due(by_mail)), {"answer"})
        by_phone.channel = "post"
        self.assertEqual(set(self.due(by_phone)), {"answer"})

    def test_formal_terms_start_when_it_becomes_formal(self):
        draft = self.policy.copy({"code": "ander", "formal_phase": "internal"})
        draft.term_ids[0].start_event_id = self.env.ref("klachtenbeheer.event_type_formalised")
        draft.action_publish()
        with local_noon("2026-04-10"):
            informal = self.file_complaint(
                policy_id=draft.id, kind="informal", received_on="2026-04-02"
            )
            formal = self.file_complaint(
                policy_id=draft.id, kind="formal", received_on="2026-04-02"
            )
            self.assertEqual(set(self.due(informal)), {"answer"})
            self.assertEqual(self.due(formal)["acknowledge"], date(2026, 4, 13))
            informal.record_event("formalised", "2026-04-09")
            self.assertEqual(informal.kind, "formal")
            self.assertEqual(self.due(informal)["acknowledge"], date(2026, 4, 16))
            formalised = informal.event_ids.filtered(lambda event: event.code == "formalised")
            formalised.action_void("toch in overleg")
            self.assertEqual(informal.kind, "informal")
            self.assertNotIn("acknowledge", self.due(informal))
