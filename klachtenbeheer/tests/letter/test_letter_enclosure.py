import io

from PIL import Image
from pypdf import PdfReader, PdfWriter

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.letter import enclosure
from ..support.letter_common import LetterCase
from ..support.pdf_tags import read_tags

PAPER = "bewijs.png"


@tagged("post_install", "-at_install")
class TestLetterEnclosure(LetterCase):
    """Art. 9:9 Awb: a copy of the complaint and the papers go with the letter, on every way out;
    a copy is not told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accused = cls.env["res.partner"].create(
            {"name": "Bert Beklaagde", "email": "bert@example.com", "street": "Straat 2"}
        )
        template = cls.env.ref("klachtenbeheer.mail_template_complaint_copy")
        cls.copy_policy = cls.make_policy(
            code="afschrift",
            letter_type_ids=[
                Command.create(
                    {
                        "code": "complaint_copy",
                        "name": "Afschrift",
                        "audience": "respondent",
                        "encloses_papers": True,
                        "template_id": template.id,
                    }
                )
            ],
        )
        cls.complaint = cls.file_under(
            cls.copy_policy, respondent_ids=[Command.set(cls.accused.ids)]
        )
        cls.paper = cls.attach(PAPER, cls.make_picture())

    @classmethod
    def make_picture(cls):
        stream = io.BytesIO()
        Image.new("RGB", (40, 40), "red").save(stream, format="png")
        return stream.getvalue()

    @classmethod
    def make_pdf(cls):
        writer, stream = PdfWriter(), io.BytesIO()
        writer.add_blank_page(200, 200)
        writer.write(stream)
        return stream.getvalue()

    @classmethod
    def attach(cls, name, raw):
        return cls.env["ir.attachment"].create(
            {
                "name": name,
                "raw": raw,
                "res_model": cls.complaint._name,
                "res_id": cls.complaint.id,
            }
        )

    def get_pages(self, letter):
        return PdfReader(io.BytesIO(letter.attachment_id.raw)).pages

    def test_the_papers_are_part_of_what_is_mailed(self):
        self.attach("brief.pdf", self.make_pdf())
        letter = self.prepare(self.complaint, "complaint_copy", "coordinator")
        self.assertEqual(set(letter.enclosure_ids.mapped("name")), {PAPER, "brief.pdf"})
        self.assertFalse(self.complaint.respondents_have_copy)
        with self.mail_server():
            letter.action_send()
        self.assertEqual(letter.state, "sent")
        pages = self.get_pages(letter)
        self.assertEqual(len(pages), 4, "letter, complaint, picture, paper")
        self.assertIn("De bus kwam drie keer niet", pages[1].extract_text())
        self.assertEqual(len(pages[2].images), 1)
        self.assertTrue(self.complaint.respondents_have_copy)
        [mail] = [mail for mail in self._mails if "bert@example.com" in mail["email_to"][0]]
        [(_name, content, _kind)] = mail["attachments"]
        self.assertEqual(content, letter.attachment_id.raw)
        letter.sudo()._mark_failed("onbekend adres")
        self.assertFalse(self.complaint.respondents_have_copy, "what came back was not had")

    def test_the_letter_stays_accessible_and_claims_no_more_than_is_true(self):
        """A picture is laid out with it, on a page of its own and with its name; a PDF that is not
        archival takes away the claim that the whole is, and nothing else."""
        letter = self.prepare(self.complaint, "complaint_copy", "coordinator")
        laid_out = PdfReader(io.BytesIO(letter._render_pdf()))
        self.assertIn(("/Figure", PAPER), [tag[:2] for tag in read_tags(laid_out)])
        self.attach("brief.pdf", self.make_pdf())
        letter.enclosure_ids = self.complaint._get_papers_handed_in()
        with self.mail_server():
            letter.action_send()
        reader = PdfReader(io.BytesIO(letter.attachment_id.raw))
        root = reader.root_object
        self.assertTrue(root["/MarkInfo"]["/Marked"])
        self.assertEqual(root["/Lang"], "nl-NL")
        self.assertEqual(reader.metadata.title, laid_out.metadata.title)
        tags, before = read_tags(reader), read_tags(laid_out)
        roles = [tag.role for tag in tags]
        self.assertEqual(roles, [*(tag.role for tag in before), "/Part", "/Figure"])
        self.assertEqual(tags[-1].alternative, "brief.pdf, 1/1")
        self.assertNotIn('pdfaid:part="', root["/Metadata"].get_data().decode())
        text = " ".join(page.extract_text() for page in reader.pages)
        words = ("Beste Bert Beklaagde", "De bus kwam drie keer niet", PAPER)
        places = [text.rindex(word) for word in words]
        self.assertEqual(places, sorted(places))

    def test_without_other_pdfs_the_whole_is_archival(self):
        letter = self.prepare(self.complaint, "complaint_copy", "coordinator")
        with self.mail_server():
            letter.action_send()
        root = PdfReader(io.BytesIO(letter.attachment_id.raw)).root_object
        self.assertIn('pdfaid:conformance="A"', root["/Metadata"].get_data().decode())

    def test_a_paper_that_can_not_be_printed_after_all_is_refused_in_words(self):
        broken = self.attach("kapot.pdf", self.make_pdf())
        letter = self.prepare(self.complaint, "complaint_copy", "coordinator")
        self.patch(enclosure, "append_papers", lambda *_args: 1 / 0)
        with self.mail_server(), self.assertRaisesRegex(UserError, broken.name):
            letter.action_send()

    def test_and_of_what_is_posted(self):
        letter = self.prepare(self.complaint, "complaint_copy", "coordinator", delivery="post")
        letter.action_send()
        self.assertEqual(len(self.get_pages(letter)), 3)
        self.assertFalse(self.complaint.respondents_have_copy, "printed is not posted")
        letter.action_mark_posted()
        self.assertTrue(self.complaint.respondents_have_copy)

    def test_what_can_not_be_printed_does_not_stay_behind_in_silence(self):
        sound = self.attach("gesprek.mp3", b"ID3 geluid")
        broken = self.attach("kapot.pdf", b"%PDF-1.7 niets")
        letter = self.prepare(self.complaint, "complaint_copy", "coordinator")
        self.assertEqual(letter.enclosure_ids, self.paper, "proposed as far as it prints")
        letter.enclosure_ids |= sound | broken
        for name in ("gesprek.mp3", "kapot.pdf"):
            self.assertIn(name, letter.missing_text)
        with self.assertRaises(UserError):
            letter.action_send()

    def test_papers_are_told_of_where_there_are_some(self):
        letter = self.prepare(self.complaint, "complaint_copy", "coordinator")
        self.assertIn("van de stukken die erbij zaten", letter.body)
        self.paper.unlink()
        letter.action_renew_text()
        self.assertIn("afschrift van de klacht", letter.body)
        self.assertNotIn("stukken", letter.body)

    def test_who_stays_unknown_stays_unknown(self):
        self.complaint.write({"hide_identity": True, "accepts_limited_answer": True})
        self.complaint.description = "Kees Klager wachtte op de bus."
        letter = self.prepare(self.complaint, "complaint_copy", "coordinator")
        self.assertFalse(letter.enclosure_ids)
        with self.mail_server():
            letter.action_send()
        text = " ".join(page.extract_text() for page in self.get_pages(letter))
        self.assertNotIn("Klager", text)
        self.assertIn("wachtte op de bus", text)

    def test_papers_of_another_dossier_do_not_go_along(self):
        other = self.file_under(self.copy_policy)
        strange = self.attach("ander.png", self.make_picture())
        strange.res_id = other.id
        letter = self.prepare(self.complaint, "complaint_copy", "coordinator")
        with self.assertRaises(ValidationError) as refusal:
            letter.enclosure_ids |= strange
        self.assertNotIn("ander.png", str(refusal.exception))
