import hashlib
import io

from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...tools.redaction import BAR
from ..support.privacy_common import PrivacyCase


@tagged("post_install", "-at_install")
class TestDossierFile(PrivacyCase):
    """A whole dossier as one file, for a court or an external body."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accused = cls.env["res.partner"].create({"name": "Bartholomeus Beklaagdes"})
        cls.complaint = cls.file_complaint(
            description="Bartholomeus sloeg de deur dicht.",
            respondent_ids=[Command.set(cls.accused.ids)],
            findings="<p>Het klopt.</p>",
        )
        cls.env["ir.attachment"].create(
            {
                "name": "bewijs.txt",
                "raw": b"met eigen ogen",
                "res_model": cls.complaint._name,
                "res_id": cls.complaint.id,
            }
        )
        cls.env.flush_all()

    def make(self, role="coordinator", **vals):
        files = self.as_role(self.env["klachtenbeheer.dossier.file"], role)
        line = files.create({"complaint_id": self.complaint.id, **vals})
        line.action_make()
        return line

    def open_pdf(self, line):
        return PdfReader(io.BytesIO(line.sudo().attachment_id.raw))

    def get_text(self, line):
        return " ".join(" ".join(page.extract_text() for page in self.open_pdf(line).pages).split())

    def test_one_archival_file_with_contents_numbers_and_files(self):
        line = self.make(recipient="Rechtbank Verweg")
        reader = self.open_pdf(line)
        metadata = reader.xmp_metadata.stream.get_data().decode()
        self.assertRegex(metadata, 'pdfaid:part(="3"|>3<)')
        self.assertEqual(reader.attachments["bewijs.txt"], [b"met eigen ogen"])
        text = self.get_text(line)
        for word in (self.complaint.name, "Rechtbank Verweg", "Bartholomeus", "Het klopt."):
            self.assertIn(word, text)
        self.assertIn(f"1 / {len(reader.pages)}", text)
        self.assertGreater(len(reader.pages), 2)

    def test_its_hash_is_on_record(self):
        line = self.make()
        content = line.sudo().attachment_id.raw
        self.assertEqual(line.sha256, hashlib.sha256(content).hexdigest())
        with self.assertRaises(UserError):
            line.action_make()
        line.write({"sha256": "iets anders"})
        self.assertEqual(line.sha256, hashlib.sha256(content).hexdigest())

    def test_only_the_parts_that_were_chosen(self):
        text = self.get_text(self.make(with_content=False, with_files=False))
        self.assertNotIn("Het klopt", text)
        self.assertIn("deur dicht", text)

    def test_names_and_passages_are_blacked_out_for_real(self):
        line = self.make(hide_names=True, passages="deur dicht")
        text = self.get_text(line)
        for word in ("Bartholomeus", "Beklaagdes", "Kees", "Klager", "deur dicht"):
            self.assertNotIn(word, text)
        self.assertIn(f"{BAR} sloeg de {BAR}.", text)
        self.assertFalse(self.open_pdf(line).attachments, "a file can't be blacked out")

    def test_only_who_coordinates_makes_one(self):
        for role in ("handler", "director", "employee", "registrar"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.make(role)

    def test_it_is_noted_as_an_export(self):
        self.make()
        self.env.cr.precommit.run()
        lines = self.env["klachtenbeheer.reading"].search([("what", "=", "export")])
        self.assertEqual(lines.dossier_id, self.complaint.id)

    def test_it_goes_with_the_dossier(self):
        line = self.make()
        file = line.sudo().attachment_id
        self.complaint._erase("complaint", "proef")
        self.assertFalse(file.exists())
        self.assertTrue(line.sudo().sha256, "a copy elsewhere can still be recognised")


@tagged("post_install", "-at_install")
class TestPapers(PrivacyCase):
    """The papers say what the policy says."""

    def get_text(self, role, method):
        policy = self.as_role(self.policy, role)
        action = getattr(policy, method)()
        number = int(action["url"].split("/")[3].partition("?")[0])
        reader = PdfReader(io.BytesIO(self.env["ir.attachment"].browse(number).raw))
        return " ".join(" ".join(page.extract_text() for page in reader.pages).split())

    def test_the_entry_of_the_register_of_processing(self):
        text = self.get_text("protector", "action_print_processing")
        for word in ("Stichting De Proef", "coördinator", "24 months", "3 months", "Description"):
            self.assertIn(word, text)

    def test_the_impact_assessment(self):
        text = self.get_text("manager", "action_print_dpia")
        self.assertIn("Risks", text)
        self.assertIn("24 months", text)

    def test_not_for_everybody(self):
        for role in ("employee", "handler"):
            with self.assertRaises(AccessError):
                self.as_role(self.policy, role).action_print_dpia()
