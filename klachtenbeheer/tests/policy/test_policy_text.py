from datetime import date, timedelta

from lxml import html as lxml_html

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.policy.text_check import read_blocks
from ...models.policy.text_fields import PAGE_TEXTS
from ..support.common import PRIVACY, local_noon
from .test_policies import SOURCES, SourcePolicyCase

# findings/law.md 3: what somebody changes in a text while the term stays
MUTATIONS = {
    "sb": ("objection_text", "{term:refer}", "14 dagen"),
    "ba": ("procedure_text", "{term:answer}", "zes weken"),
    "sj": ("procedure_text", "{term:answer}", "10 werkdagen"),
    "kk": ("procedure_text", "{term:contact}", "21 dagen"),
    "bb": ("introduction", "{term:take_up}", "4 weken"),
}


@tagged("post_install", "-at_install")
class TestPolicyTexts(SourcePolicyCase):
    """A text says what the policy is, or the policy is not published."""

    def draft(self, source):
        setup = self.fill_setup(self.start_setup(source))
        action = setup.action_keep_draft()
        return self.env["klachtenbeheer.policy"].browse(action["res_id"])

    def test_the_five_policies_contradict_nothing(self):
        for source in SOURCES:
            self.assertEqual(self.draft(source)._get_publish_blockers(), [], source)

    def test_no_number_or_role_is_bare(self):
        """Fields give them, so that a changed term is a changed text everywhere."""
        for source in SOURCES:
            template = self.template(source)
            for label, text, _of_dossier in template._get_checked_texts():
                said = " ".join(read_blocks(text))  # without the examples in fields of letters
                for amount in ("weken", "dagen", "werkdagen", "maanden"):
                    self.assertNotRegex(said, rf"\b(\d+|twee|drie|vijf) {amount}\b", label)

    def test_a_changed_legal_text_is_refused_with_its_sentence(self):
        for source, (fname, field, wrong) in MUTATIONS.items():
            policy = self.draft(source)
            self.assertIn(field, policy[fname], source)
            policy.with_user(self.users["manager"])[fname] = policy[fname].replace(field, wrong)
            with self.assertRaises(UserError) as refusal:
                policy.with_user(self.users["manager"]).action_submit()
                policy.with_user(self.users["manager"]).action_publish()
            message = str(refusal.exception)
            label = policy._fields[fname]._description_string(self.env)
            self.assertIn(f"“{wrong}”", message, source)
            self.assertIn(f"“{label}” says", message, source)
            self.assertEqual(policy.state, "draft")

    def test_a_version_of_six_weeks_says_six_weeks(self):
        policy = self.publish_source("sb")
        new = policy.make_next_version("2999-01-01")
        new.term_ids.filtered(lambda term: term.code == "decide").amount = 6
        self.assertFalse(new._get_publish_blockers())
        self.assertIn("binnen 6 weken af", new._get_page_text("procedure_text"))
        self.assertIn("binnen 4 weken af", policy._get_page_text("procedure_text"))

    def test_a_version_of_six_weeks_whose_letter_says_four_is_refused(self):
        """Also where a passage, or the text of a kind of letter, says it."""
        new = self.publish_source("sb").make_next_version("2999-01-01")
        new.term_ids.filtered(lambda term: term.code == "decide").amount = 6
        said = "<p>Wij handelen de klacht binnen 4 weken af.</p>"
        for record, fname in (
            (new, "procedure_text"),
            (new.passage_ids[0], "body"),
            (self.own_template(new), "body_html"),
        ):
            before = record[fname]
            record[fname] = said
            [problem] = new._get_publish_blockers()
            self.assertIn("Wij handelen de klacht binnen 4 weken af.", problem)
            record[fname] = before
        self.assertFalse(new._get_publish_blockers())

    def test_a_role_or_field_that_the_policy_does_not_have(self):
        policy = self.draft("bb")
        policy.objection_text = "<p>Ga naar de vertrouwenspersoon.</p><p>Binnen {term:refer}.</p>"
        problems = "\n".join(policy._get_publish_blockers())
        self.assertIn("“vertrouwenspersoon”", problems)
        self.assertIn("{term:refer}", problems)
        policy.objection_text = "<p>Uw klacht {reference}.</p>"
        self.assertIn("{reference}", "\n".join(policy._get_publish_blockers()), "not on a page")

    def test_a_privacy_text_holds_what_the_law_asks(self):
        policy = self.make_policy(code="avg")
        draft = policy.make_next_version("2999-01-01")
        self.assertFalse(draft._get_publish_blockers())
        for text, part in (
            (PRIVACY.replace("{retention}", "x").replace("bewaren", "hebben"), "{retention}"),
            (PRIVACY.replace("Autoriteit", "A."), "Autoriteit Persoonsgegevens"),
        ):
            draft.privacy_text = text
            self.assertIn(part, "\n".join(draft._get_publish_blockers()))
        draft.privacy_text = False
        with self.assertRaisesRegex(UserError, "on which ground of the law"):
            draft.action_publish()

    def test_the_page_has_no_fields_left(self):
        for source in SOURCES:
            policy = self.publish_source(source)
            texts = " ".join("".join(map(policy._get_page_text, PAGE_TEXTS)).split())
            self.assertNotIn("{", texts, source)
            self.assertIn("tot 2 jaar nadat de klacht is afgehandeld", texts, source)

    def test_what_fills_a_field_is_text(self):
        policy = self.make_policy(code="tekst", introduction="<p>{The:director}!</p>")
        draft = policy.make_next_version("2999-01-01")
        line = draft.role_ids.filtered(lambda role: role.role == "director")
        line.name = "directie <script>"
        page = lxml_html.fromstring(draft._get_page_text("introduction"))
        self.assertEqual(page.text_content(), "De directie <script>!")

    def own_template(self, policy):
        """The text of a kind of letter, for this policy alone, in the language of policies."""
        self.env["res.lang"]._activate_lang("nl_NL")
        policy.letter_type_ids[0].action_own_text()
        return policy.letter_type_ids[0].template_id.with_context(lang="nl_NL")

    # ---------------------------------------------------------------- versions

    def test_a_next_version_asks_for_a_day_that_has_not_passed(self):
        today = self.company._complaint_today()
        manager = self.policy.with_user(self.users["manager"])
        action = manager.action_new_version()
        self.assertEqual(action["res_model"], "klachtenbeheer.next.version")
        with self.assertRaisesRegex(UserError, "a day that has passed"):
            manager.make_next_version(today - timedelta(days=1))
        new = manager.make_next_version(today)
        new.effective_from = False
        with self.assertRaisesRegex(UserError, "the date from which"):
            new.action_publish()
        self.assertFalse(new.effective_from)
        new.effective_from = today - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "a day that has passed"):
            new.action_publish()
        new.effective_from = today
        new.action_publish()
        self.assertEqual(new.state, "published")

    def test_two_versions_never_share_a_day(self):
        today = self.company._complaint_today()
        new = self.policy.make_next_version(today + timedelta(days=10))
        new.action_publish()
        for days in (5, 10):
            with self.assertRaisesRegex(UserError, "from a later day"):
                new.make_next_version(today + timedelta(days=days))
        for day in (today, today + timedelta(days=9)):
            self.assertEqual(new._get_version_in_force(day), self.policy, "no gap before it")
        self.assertEqual(new._get_version_in_force(today + timedelta(days=10)), new)

    def test_a_complaint_of_before_the_policy_falls_under_none(self):
        """SB51: until somebody decides; then its terms run from its receipt."""
        policy = self.publish_source("ba", effective_from="2026-05-01")
        with local_noon("2026-06-10"):
            complaint = self.file_complaint(policy_id=policy.id, received_on="2026-04-28")
            self.assertFalse(complaint.deadline_ids)
            self.assertFalse(complaint.triage_done)
            self.assertIn("Decide whether", " ".join(complaint.activity_ids.mapped("summary")))
            with self.assertRaisesRegex(UserError, "before this policy took effect"):
                self.as_role(complaint, "coordinator").prepare_letter("acknowledgement")
            triage = self.env["klachtenbeheer.triage"].with_user(self.users["coordinator"])
            dialog = triage.create({"complaint_id": complaint.id, "decision": "handle"})
            with self.assertRaisesRegex(UserError, "say why that applies"):
                dialog.action_decide()
            self.assertFalse(complaint.deadline_ids)
            dialog.reason = "Afgesproken met de klager."
            dialog.action_decide()
            self.assertEqual(complaint.triage_reason, "Afgesproken met de klager.")
            self.assertIn("answer", complaint.deadline_ids.mapped("code"))
            later = self.file_complaint(policy_id=policy.id, received_on="2026-05-01")
            self.assertTrue(later.deadline_ids)
            self.as_role(later, "coordinator").correct_receipt("2026-04-30", "stempel")
            self.assertFalse(later.deadline_ids)

    # ---------------------------------------------------------------- days and law

    def test_decree_days_count_where_the_policy_says_so(self):
        policy = self.make_policy(code="atw", count_decree_days=True)
        calendar = policy.get_calendar()
        self.assertFalse(calendar.is_workday(date(2026, 5, 15)))
        self.assertTrue(self.policy.get_calendar().is_workday(date(2026, 5, 15)))

    def test_a_year_without_decree_days_asks_for_them(self):
        policy = self.make_policy(code="atw", count_decree_days=True)
        for day, warns in (("2028-09-30", False), ("2028-10-01", True), ("2029-02-01", True)):
            with local_noon(day):
                policy.invalidate_recordset(["calendar_warning"])
                self.assertEqual(bool(policy.calendar_warning), warns, day)
                self.assertFalse(self.policy.calendar_warning)
        day = {"company_id": self.company.id, "date": "2029-05-11", "name": "Brugdag"}
        self.env["klachtenbeheer.closed.day"].create({**day, "kind": "decree"})
        with local_noon("2029-02-01"):
            policy.invalidate_recordset(["calendar_warning"])
            self.assertFalse(policy.calendar_warning)

    def test_a_term_that_the_law_does_not_allow_warns(self):
        """T57."""
        policy = self.make_policy(code="wet").make_next_version("2999-01-01")
        self.assertFalse(policy.regime_warning)
        policy.regime = "wkkgz"
        self.assertIn("can be extended by more", policy.regime_warning)
        answer = policy.term_ids.filtered(lambda term: term.code == "answer")
        answer.write({"extension_amount": 28})
        self.assertFalse(policy.regime_warning)
        answer.write({"amount": 8, "unit": "week", "extension_amount": 4})
        self.assertIn("longer than the law allows", policy.regime_warning)
        self.assertIn("art. 17 Wkkgz", policy.regime_warning)
