from urllib.parse import unquote

from odoo.tests import tagged

from ..support.public_common import DRIVER, PublicCase

PDF = b"%PDF-1.7 tekst"
WEBM = b"\x1a\x45\xdf\xa3 geluid"


@tagged("post_install", "-at_install")
class TestPublicSteps(PublicCase):
    """The form in steps is one page and one request: what a script adds changes nothing of what
    the server takes."""

    def get_kept(self):
        return self.env["klachtenbeheer.form.upload"].search([])

    def test_without_a_script_all_steps_are_on_the_page(self):
        page = self.visit()
        steps = page.root.xpath("//section[contains(@class, 'kb-step')]")
        self.assertEqual([step.get("data-step") for step in steps], ["what", "who", "help", "send"])
        self.assertFalse([step for step in steps if step.get("hidden")])
        # what only a script can do is not shown
        for part in page.root.xpath("//*[contains(@class, 'kb-scripted')]"):
            self.assertEqual(part.get("hidden"), "hidden")

    def test_a_draft_keeps_files_and_registers_nothing(self):
        page = self.send(self.visit(), description=DRIVER, draft="1", files=[("a.pdf", PDF)])
        self.assertEqual(page.status, 200)
        self.assertEqual(page.value("description"), DRIVER)
        self.assertEqual(self.get_kept().attachment_id.name, "a.pdf")
        self.assertFalse(self.env["klachtenbeheer.complaint"].search([("channel", "=", "web")]))
        page = self.send(page)
        complaint = self.find(page.reference)
        self.assertEqual(complaint.description, DRIVER)
        self.assertIn("a.pdf", complaint.message_ids.attachment_ids.mapped("name"))

    def test_a_draft_is_guarded_as_sending_is(self):
        page = self.send(self.visit(), draft="1", token="onzin", files=[("a.pdf", PDF)])
        self.assertFalse(self.get_kept())
        self.assertIn("#kb-files", page.error_links())
        page = self.send(self.visit(), draft="1", files=[("a.exe", b"MZ"), ("a.pdf", PDF)])
        self.assertEqual(page.status, 422)
        self.assertEqual(page.error_links(), ["#kb-files"])
        self.env["ir.config_parameter"].set_param("klachtenbeheer.limit_post", "1")
        kept = self.get_kept()
        page = self.send(self.visit(), draft="1", files=[("b.pdf", PDF)])
        self.assertEqual(page.status, 422)
        self.assertEqual(self.get_kept(), kept)

    def test_another_language_takes_along_what_was_typed(self):
        self.env["res.lang"]._activate_lang("de_DE")
        page = self.send(self.visit(), description=DRIVER, draft="1", lang="de_DE")
        self.assertEqual(page.root.get("lang"), "de-DE")
        self.assertEqual(page.value("description"), DRIVER)

    # ---------------------------------------------------------------- a voice, a picture

    def test_a_spoken_message_is_enough(self):
        page = self.send(self.visit(), description="", files=[("bericht.webm", WEBM)])
        self.assertEqual(page.status, 200, page.text)
        complaint = self.find(page.reference)
        self.assertTrue(complaint.description)
        self.assertIn("bericht.webm", complaint.message_ids.attachment_ids.mapped("name"))

    def test_two_spoken_messages_are_two_complaints(self):
        references = {
            self.send(self.visit(), description="", files=[("a.webm", WEBM + text)]).reference
            for text in (b"een", b"twee")
        }
        self.assertEqual(len(references), 2)

    def test_nothing_at_all_is_not_enough(self):
        page = self.send(self.visit(), description="")
        self.assertEqual(page.error_links(), ["#kb-description"])
        page = self.send(self.visit(), description="", files=[("a.exe", b"MZ")])
        self.assertEqual(page.error_links(), ["#kb-description", "#kb-files"])

    def test_a_phone_opens_camera_and_recorder_without_a_script(self):
        inputs = self.visit().root.xpath("//input[@type='file'][@capture]")
        self.assertEqual([entry.get("accept") for entry in inputs], ["image/*", "audio/*"])
        self.assertEqual({entry.get("name") for entry in inputs}, {"files"})

    # ---------------------------------------------------------------- the receipt

    def test_the_receipt_is_kept_without_asking_us_for_it(self):
        page, complaint = self.file_in_public(
            name="Kees", email="kees@example.com", desired_solution="Een excuus"
        )
        [link] = page.root.xpath("//a[@download]")
        self.assertEqual(link.get("download"), f"{complaint.name}.txt")
        kind, _comma, text = link.get("href").partition(",")
        self.assertEqual(kind, "data:text/plain;charset=utf-8")
        for part in (complaint.name, page.code, DRIVER, "Een excuus", "Kees", "/klacht/volgen"):
            self.assertIn(part, unquote(text))
            self.assertIn(part, page.text)
        [mail] = page.root.xpath("//a[starts-with(@href, 'mailto:?')]/@href")
        self.assertIn(page.code, unquote(mail))

    def test_a_long_story_still_fits_the_address_of_a_mail(self):
        page, _complaint = self.file_in_public(description="lang " * 2000)
        [mail] = page.root.xpath("//a[starts-with(@href, 'mailto:?')]/@href")
        self.assertLess(len(unquote(mail)), 2000)
        self.assertIn(page.code, unquote(mail))

    def test_the_code_is_on_no_other_page_and_in_no_mail(self):
        page, complaint = self.file_in_public(name="Kees", email="kees@example.com")
        mail = self.env["mail.mail"].search([("proof_complaint_id", "=", complaint.id)])
        [email] = mail._prepare_outgoing_list()
        self.assertNotIn(page.code, email["body"] + email["body_alternative"])
        follow = self.open_with(page.code)
        self.assertNotIn(page.code, follow.response.text)


@tagged("post_install", "-at_install")
class TestProofMail(PublicCase):
    """Proof of receipt: whose it is, what was sent, in plain text as well; nothing of it waits in
    the queue, where people read who read no dossier."""

    def get_mail(self, **typed):
        _page, complaint = self.file_in_public(email="kees@example.com", **typed)
        return complaint, self.env["mail.mail"].search([("proof_complaint_id", "=", complaint.id)])

    def test_what_was_sent_is_in_the_mail_and_not_in_the_queue(self):
        complaint, mail = self.get_mail(desired_solution="Een excuus", name="Kees Klager")
        self.assertNotIn(DRIVER, mail.body_html)
        [email] = mail._prepare_outgoing_list()
        for part in (DRIVER, "Een excuus", complaint.name):
            self.assertIn(part, email["body"])
            self.assertIn(part, email["body_alternative"])
        self.assertNotIn("Kees Klager", email["body"])

    def test_the_text_part_keeps_lists_and_has_no_tags(self):
        _complaint, mail = self.get_mail()
        [email] = mail._prepare_outgoing_list()
        self.assertRegex(email["body_alternative"], r"(?m)^- \S")
        self.assertNotRegex(email["body_alternative"], r"<\w|\[\d\]")

    def test_the_logo_is_that_of_the_organisation(self):
        _complaint, mail = self.get_mail()
        [email] = mail._prepare_outgoing_list()
        has_logo = not self.company.uses_default_logo
        self.assertEqual(f"/logo.png?company={self.company.id}" in email["body"], has_logo)

    def test_nobody_sends_links_to_others_through_us(self):
        text = "Kijk op https://kwaad.example/x en www.kwaad.example <b>nu</b>"
        _complaint, mail = self.get_mail(description=text)
        [email] = mail._prepare_outgoing_list()
        self.assertNotIn("kwaad.example", email["body"] + email["body_alternative"])
        self.assertIn("&lt;b&gt;nu", email["body"])
