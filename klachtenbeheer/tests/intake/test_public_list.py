from odoo.tests import tagged

from ..support.public_common import PublicCase


@tagged("post_install", "-at_install")
class TestPublicList(PublicCase):
    """Who does not know an address finds what one can complain about, and how else."""

    def test_the_list_says_it_in_the_words_of_who_complains(self):
        # also after publication: it is not part of the regulation
        self.policy.public_label = "Over de dagbesteding"
        self.company.phone = "000-12 34"
        page = self.visit("/klacht")
        self.assertEqual(page.status, 200)
        self.assertIn("Over de dagbesteding", page.text)
        links = page.root.xpath("//div[@class='kb-page']//a/@href")
        self.assertTrue([link for link in links if link.startswith("/klacht/proef")])
        phone = (self.policy.contact_phone or self.company.phone).replace(" ", "")
        self.assertIn(f"tel:{phone}", links)
        self.assertTrue([link for link in links if link.startswith("/klacht/volgen")])
        self.assertTrue(page.root.xpath("//ul[@class='kb-languages']/li"))

    def test_drafts_and_retired_policies_are_not_offered(self):
        draft = self.policy.copy({"code": "later", "public_label": "Over later"})
        self.assertNotIn("Over later", self.visit("/klacht").text)
        self.assertNotIn(draft, draft._get_public_policies())
        self.policy.action_retire()
        self.assertNotIn("/klacht/proef", self.url_open("/klacht").text)

    def test_regulations_are_listed_and_may_be_found(self):
        page = self.visit("/klachtenregeling")
        self.assertTrue(page.root.xpath("//a[starts-with(@href, '/klachtenregeling/proef')]"))
        for path in ("/klacht", "/klachtenregeling", "/klachtenregeling/proef"):
            self.assertNotIn("X-Robots-Tag", self.url_open(path).headers, path)
        self.assertIn("noindex", self.url_open("/klacht/proef").headers["X-Robots-Tag"])

    def test_search_engines_are_told_what_they_may_read(self):
        robots = self.url_open("/robots.txt").text.splitlines()
        self.assertIn("Disallow: /", robots)
        self.assertIn("Allow: /klachtenregeling", robots)
        [sitemap] = [line.split()[1] for line in robots if line.startswith("Sitemap: ")]
        answer = self.url_open(sitemap)
        self.assertIn("application/xml", answer.headers["Content-Type"])
        self.assertIn("/klachtenregeling/proef</loc>", answer.text)
        self.assertNotIn("/klacht/proef</loc>", answer.text)

    def test_a_wrong_address_gets_a_friendly_page(self):
        for path in ("/klacht/onzin", "/klacht/a/b/c", "/klachtenregeling/x/y/z", "/en/klacht/a/b"):
            page = self.visit(path)
            self.assertEqual(page.status, 404, path)
            self.assertTrue(page.root.xpath("//h1"), path)
            self.assertNotIn("/contactus", page.response.text)
            self.assertTrue(page.root.xpath("//a[contains(@href, '/klacht')]"), path)
            self.assertNotIn("Set-Cookie", page.response.headers)

    def test_a_guess_at_the_address_arrives(self):
        answer = self.url_open("/klachten", allow_redirects=False)
        self.assertEqual(answer.status_code, 301)
        self.assertTrue(answer.headers["Location"].endswith("/klacht"))
