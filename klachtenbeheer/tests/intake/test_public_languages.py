from odoo.exceptions import AccessError
from odoo.tests import tagged

from ...models.platform.languages import CODES, OFFERED, get_base
from ..support.public_common import DRIVER, PublicCase

TITLES = {
    "uk_UA": "Розкажіть про свою скаргу",
    "ar_001": "أخبرنا بشكواك",
    "pl_PL": "Złóż skargę",
    "tr_TR": "Şikâyetinizi bize anlatın",
    "de_DE": "Erzählen Sie uns Ihre Beschwerde",
    "fr_FR": "Dites-nous votre plainte",
}
BROWSER = "Mozilla/5.0"


@tagged("post_install", "-at_install")
class TestPublicLanguages(PublicCase):
    """Who complains reads it in their own language: that of the browser, or one they choose."""

    def get_in(self, header, path="/klacht/proef"):
        headers = {"Accept-Language": header, "User-Agent": BROWSER}
        return self.visit(path, headers=headers)

    def test_they_are_there_after_installing(self):
        offered = self.env["res.lang"]._get_offered()
        self.assertLessEqual(set(CODES), set(offered))
        self.assertEqual({get_base(code) for code in CODES}, set(OFFERED))

    def test_the_form_speaks_each_language(self):
        for code, title in TITLES.items():
            with self.subTest(code):
                page = self.visit(f"/klacht/proef?lang={code}")
                self.assertIn(title, page.root.xpath("//h1")[0].text_content())
                self.assertEqual(page.root.get("lang").partition("-")[0], get_base(code))
                self.assertEqual(page.value("lang"), code)

    def test_arabic_is_right_to_left(self):
        page = self.visit("/klacht/proef?lang=ar_001")
        self.assertEqual(page.root.get("dir"), "rtl")
        self.assertEqual(page.root.get("lang"), "ar")
        [column] = page.root.xpath("//div[@class='kb-page']")
        self.assertEqual(column.get("dir"), "rtl")
        self.assertEqual(self.visit("/klacht/proef?lang=de_DE").root.get("dir"), "ltr")

    def test_words_of_the_policy_keep_their_own_direction_and_language(self):
        """Dutch words on an Arabic page: their commas and full stops stay where they belong."""
        about = [(0, 0, {"name": name}) for name in ("Zorg, en wat daarbij hoort", "Vervoer")]
        policy = self.make_policy(code="met-onderwerp", category_ids=about)
        page = self.visit("/klacht?lang=ar_001")
        self.assertEqual(page.root.get("dir"), "rtl")
        offer = "//li[@class='kb-offer'][.//a[contains(@href, 'met-onderwerp')]]"
        examples = page.root.xpath(f"{offer}//bdi")
        self.assertTrue(examples)
        self.assertIn("Zorg, en wat daarbij hoort, Vervoer.", page.text)
        languages = {line.get("lang") for line in examples}
        self.assertEqual(languages, {policy._get_html_lang()})

    def test_a_language_is_offered_by_its_own_name(self):
        names = self.visit("/klacht").root.xpath("//ul[@class='kb-languages']//a")
        self.assertIn("English", [line.text_content().strip() for line in names])

    def test_the_browser_chooses_and_no_cookie_remembers(self):
        page = self.get_in("uk-UA,uk;q=0.9,en;q=0.5")
        self.assertEqual(page.root.get("lang"), "uk-UA")
        self.assertFalse(self.opener.cookies.get("frontend_lang"))

    def test_who_asks_for_none_gets_that_of_the_organisation(self):
        defaults = self.env["ir.default"]
        chosen = [("field_id.model", "=", "res.partner"), ("field_id.name", "=", "lang")]
        defaults.search(chosen).unlink()
        self.env.ref("base.main_company").partner_id.lang = "nl_NL"
        self.env["res.lang"]._keep_default()
        self.assertEqual(self.visit(headers={"User-Agent": BROWSER}).root.get("lang"), "nl-NL")
        self.env.ref("base.main_company").partner_id.lang = "de_DE"
        self.env["res.lang"]._keep_default()
        self.assertEqual(defaults._get("res.partner", "lang"), "nl_NL", "a choice stays")

    def test_a_language_that_we_do_not_have_is_not_offered(self):
        self.env["res.lang"]._activate_lang("es_ES")
        page = self.get_in("es-ES")
        self.assertNotIn("Español", page.text)
        self.assertIn(get_base(page.root.get("lang").replace("-", "_")), ("nl", "en"))
        self.assertNotEqual(self.visit("/klacht/proef?lang=es_ES").root.get("lang"), "es-ES")

    def test_one_that_is_switched_off_is_not_offered(self):
        self.env["res.lang"].search([("code", "=", "tr_TR")]).active = False
        self.assertNotIn("Türkçe", self.visit().text)
        self.assertEqual(self.visit("/klacht/proef?lang=tr_TR").status, 200)

    def test_the_whole_road_in_one_language(self):
        page = self.send(self.visit("/klacht/proef?lang=ar_001"), description="", email="kees")
        self.assertEqual(page.root.get("dir"), "rtl")
        page = self.send(page, description="الحافلة لم تأت", email="")
        complaint = self.find(page.reference)
        self.assertEqual(complaint.complainant_lang, "ar_001")
        self.assertEqual(complaint.description, "الحافلة لم تأت", "as it was written")
        self.assertIn("لقد استلمنا شكواك", page.text)
        follow = self.send(self.visit("/klacht/volgen?lang=ar_001"), code=page.code)
        self.assertEqual(follow.root.get("dir"), "rtl")
        self.assertIn("نحن نعمل على شكواك", follow.text)

    def test_the_proof_is_mailed_in_that_language(self):
        page = self.send(
            self.visit("/klacht/proef?lang=de_DE"), description=DRIVER, email="kees@example.com"
        )
        mail = self.env["mail.mail"].search(
            [("proof_complaint_id", "=", self.find(page.reference).id)]
        )
        self.assertIn("Wir haben Ihre Nachricht erhalten", mail.subject)
        self.assertIn("So geht es weiter", mail.body_html)

    def test_the_regulation_stays_in_the_language_of_the_policy(self):
        page = self.visit("/klachtenregeling/proef?lang=uk_UA")
        self.assertEqual(page.root.get("lang"), "uk-UA")
        self.assertTrue(page.root.xpath("//div[@dir='ltr'][@lang]"))


@tagged("post_install", "-at_install")
class TestPolicyTranslations(PublicCase):
    """What a policy says to complainants can be translated, until the words change."""

    def setUp(self):
        super().setUp()
        self.translated = self.make_policy(
            code="vertaald",
            public_label="Over het vervoer",
            complainant_kind_ids=[(0, 0, {"name": "Reiziger"})],
        )
        self.translated.action_list_texts()

    def translate(self, policy, source, text, lang="uk_UA"):
        [line] = policy.translation_ids.filtered(
            lambda line: line.source.startswith(source) and line.lang == lang
        )
        line.text = text

    def test_every_text_is_listed_once_for_each_language(self):
        before = self.translated.translation_ids
        sources = before.mapped("source")
        self.assertIn("Over het vervoer", sources)
        self.assertIn("Reiziger", sources)
        for role in self.translated.role_ids:
            self.assertIn(role.name, sources)
        self.translated.action_list_texts()
        self.assertEqual(self.translated.translation_ids, before)

    def test_the_reader_gets_the_translation(self):
        self.translate(self.translated, "Reiziger", "Пасажир")
        self.translate(self.translated, "Over het vervoer", "Про транспорт")
        page = self.visit("/klacht/vertaald?lang=uk_UA")
        self.assertIn("Пасажир", page.text)
        self.assertNotIn("Reiziger", page.text)
        self.assertIn("Про транспорт", self.visit("/klacht?lang=uk_UA").text)
        self.assertIn("Reiziger", self.visit("/klacht/vertaald?lang=de_DE").text)

    def test_other_words_have_no_translation_any_more(self):
        new = self.translated.copy({"code": "vertaald"})
        new.privacy_text = "<p>Wij bewaren het kort.</p>"
        new.action_list_texts()
        self.translate(new, "Wij bewaren het kort.", "Ми зберігаємо це недовго.")
        reader = new.with_context(lang="uk_UA")
        self.assertIn("недовго", reader._get_shown_html(new._get_page_text("privacy_text")))
        new.privacy_text = "<p>Wij bewaren het lang.</p>"
        shown = new._get_page_text("privacy_text")
        self.assertIn("lang", reader._get_shown_html(shown))
        self.assertNotEqual(reader._get_shown_lang(shown), "uk-UA")

    def test_the_page_says_which_text_is_not_in_the_language_of_the_reader(self):
        self.translated.company_id.partner_id.lang = "nl_NL"

        def get_text(lang):
            page = self.visit(f"/klacht/vertaald?lang={lang}")
            [note] = page.root.xpath("//div[@class='kb-note'][h3]")
            [text] = note.xpath("div[@lang]")
            return bool(note.xpath("p[@class='kb-hint']")), text.get("lang")

        self.assertEqual(get_text("uk_UA"), (True, "nl-NL"))
        self.assertEqual(get_text("nl_NL"), (False, "nl-NL"))
        self.translate(self.translated, "Wij gebruiken uw gegevens", "Ми зберігаємо це недовго.")
        self.assertEqual(get_text("uk_UA"), (False, "uk-UA"))
        self.assertEqual(get_text("de_DE"), (True, "nl-NL"), "translated into another language")
        [option] = self.visit("/klacht/vertaald?lang=uk_UA").root.xpath(
            "//option[text()='Reiziger']"
        )
        self.assertEqual(option.get("lang"), "nl-NL", "read aloud as what it is")

    def test_only_the_manager_translates(self):
        line = self.translated.translation_ids[0]
        with self.assertRaises(AccessError):
            line.with_user(self.users["coordinator"]).text = "Anders"
        line.with_user(self.users["manager"]).text = "Anders"

    def test_the_page_says_that_titles_are_not_in_the_language_of_the_reader(self):
        self.translated.company_id.partner_id.lang = "nl_NL"

        def has_note(lang):
            page = self.visit(f"/klacht/vertaald?lang={lang}")
            field = "//fieldset[.//input[@name='about_contacts' or @name='about_directors']]"
            return bool(page.root.xpath(f"{field}/p[@class='kb-hint']"))

        self.assertFalse(has_note("nl_NL"))
        self.assertTrue(has_note("uk_UA"))
        for line in self.translated.translation_ids.filtered(lambda line: line.lang == "uk_UA"):
            line.text = "Посада"
        self.assertFalse(has_note("uk_UA"))
