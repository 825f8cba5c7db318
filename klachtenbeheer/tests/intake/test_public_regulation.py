import io

from pypdf import PdfReader

from odoo.tests import tagged

from ...models.policy.text_fields import PAGE_TEXTS
from ..support.common import local_noon
from ..support.letter_common import LetterCase
from ..support.public_common import PublicCase

SOURCES = ("sb", "ba", "sj", "kk", "bb")
# Who deputises and who protects data handle no complaint.
UNSEEN = ("deputy", "other", "data_protector")
TODO = "mail.mail_activity_data_todo"


@tagged("post_install", "-at_install")
class TestPublicRegulation(PublicCase, LetterCase):
    """The published regulation is what the policy does, for everybody to read (SJ40)."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("en_US")

    def read_page(self, policy, path=""):
        return self.visit(f"/klachtenregeling/{policy.code}{path}?lang=en_US")

    def test_terms_roles_and_routes_are_those_by_which_it_works(self):
        for source in SOURCES:
            policy = self.publish_source(source)
            page = self.read_page(policy)
            with self.subTest(source):
                self.assertEqual(page.status, 200)
                for term in policy.with_context(lang="en_US").term_ids:
                    self.assertIn(term.name, page.text)
                    self.assertIn(term._get_sentence(), page.text)
                shown = policy.role_ids.filtered(lambda role: role.role not in UNSEEN)
                for role in shown:
                    self.assertIn(role.name, page.text)
                for category in policy.category_ids:
                    self.assertIn(category.name, page.text)
                for kind in policy.complainant_kind_ids:
                    self.assertIn(kind.name, page.text)
                self.assertTrue(page.root.xpath(f"//a[@href='/klacht/{policy.code}']"))

    def test_the_text_follows_a_change_of_the_policy(self):
        term = [self.term("answer", "Antwoord", "answered", 14, "day")]
        old = self.make_policy(code="tekst", term_ids=term)
        self.assertIn("Within 14 days", self.read_page(old).text)
        term = [self.term("answer", "Antwoord", "answered", 3, "workday", extendable=True)]
        new = old.copy({"code": "tekst", "term_ids": [(5, 0, 0), *term]})
        self.assertIn("Within 14 days", self.read_page(old).text, "a draft is no regulation")
        new.effective_from = self.company._complaint_today()
        new.action_publish()
        page = self.read_page(old)
        self.assertIn("Within 3 working days", page.text)
        self.assertIn("If we need more time", page.text)

    def test_sentences_of_terms(self):
        sentences = {
            (0, "day"): "On the same day as receipt.",
            (1, "week"): "Within one week after receipt.",
            (1, "month"): "Within one month after receipt.",
            (5, "workday"): "Within 5 working days after receipt.",
        }
        for number, ((amount, unit), sentence) in enumerate(sentences.items()):
            terms = [self.term(f"t{number}", "Iets", "answered", amount, unit)]
            policy = self.make_policy(code=f"zin-{number}", term_ids=terms)
            term = policy.term_ids.with_context(lang="en_US")
            self.assertEqual(term._get_sentence(), sentence)

    def test_no_person_is_named(self):
        for source in SOURCES:
            policy = self.publish_source(source)
            text = self.read_page(policy).text
            texts = (*map(policy._get_page_text, PAGE_TEXTS), policy._get_contact_line())
            written = " ".join(texts)  # a policy may name somebody itself
            for user in policy.role_ids.user_ids:
                for name in (user.name, user.email or f"{user.login}@"):
                    self.assertEqual(name in text, name in written, (source, name))

    def test_only_approved_versions_can_be_read(self):
        policy = self.make_policy(code="akkoord")
        self.assertIn("2020", self.read_page(policy).text)
        draft = self.policy.copy({"code": "nog-niet", "approval_role": "board"})
        self.assertEqual(self.read_page(draft).status, 404)
        draft.action_submit()
        self.assertEqual(self.read_page(draft).status, 404)
        self.assertEqual(self.read_page(draft, "/pdf").status, 404)
        with local_noon("2026-02-03"):
            self.as_role(draft, "board").action_publish()
        page = self.read_page(draft)
        self.assertIn("Adopted by the bestuur on", page.text)
        self.assertIn("3 February 2026", page.text)

    def test_the_pdf_says_the_same(self):
        policy = self.publish_source("ba")
        response = self.url_open(f"/en/klachtenregeling/{policy.code}/pdf")
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        reader = PdfReader(io.BytesIO(response.content))
        text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
        for term in policy.with_context(lang="en_US").term_ids:
            self.assertIn(" ".join(term._get_sentence().split()[:4]), text)
        self.assertIn(policy.name, text)
        self.assertEqual(reader.trailer["/Root"]["/Lang"], "en-US")
        self.assertTrue(reader.trailer["/Root"]["/MarkInfo"]["/Marked"])
        # made once, kept with the version that it is of
        again = self.url_open(f"/en/klachtenregeling/{policy.code}/pdf")
        self.assertEqual(again.content, response.content)
        [kept] = self.env["ir.attachment"].search(
            [("res_model", "=", policy._name), ("res_id", "=", policy.id)]
        )
        self.assertEqual(kept.raw, response.content)

    # ---------------------------------------------------------------- made known

    def run_job(self, day):
        with local_noon(day):
            self.env.ref("klachtenbeheer.cron_daily").method_direct_trigger()
        self.env.invalidate_all()

    def tasks(self, policy):
        return policy.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(TODO)
        )

    def make_unknown(self, **vals):
        return self.make_policy(
            code="onbekend",
            **{"published_internal_on": False, "published_external_on": False} | vals,
        )

    def test_a_version_that_nobody_was_told_of_is_a_task_once(self):
        policy = self.make_unknown()
        self.run_job("2026-02-03")
        self.run_job("2026-02-04")
        self.assertRecordValues(self.tasks(policy), [{"user_id": self.users["coordinator"].id}])
        self.assertIn("inside", self.tasks(policy).summary)
        self.assertIn("outside", self.tasks(policy).summary)

    def test_what_was_made_known_is_no_task(self):
        policy = self.make_unknown(published_internal_on="2026-02-01")
        self.run_job("2026-02-03")
        self.assertNotIn("inside", self.tasks(policy).summary)
        known = self.make_policy(code="bekend")
        self.run_job("2026-02-03")
        self.assertFalse(self.tasks(known))

    def test_making_known_is_noted_on_a_published_version_and_not_copied(self):
        policy = self.make_unknown()
        manager = self.as_role(policy, "manager")
        manager.write({"published_external_on": "2026-02-03", "published_external_how": "website"})
        new = manager.copy({"code": "onbekend"})
        self.assertFalse(new.published_external_on)
