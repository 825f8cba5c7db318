import hashlib
import io
import json
import zipfile

from pypdf import PdfReader

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...tools.redaction import BAR
from ..support.privacy_common import PrivacyCase


class DossierFileCase(PrivacyCase):
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


@tagged("post_install", "-at_install")
class TestDossierFile(DossierFileCase):
    """A whole dossier as one file, for a court or an external body."""

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
class TestTransfer(DossierFileCase):
    """A file that an external body's program can read, in the format of that body."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body = cls.env["res.partner"].create({"name": "Geschillen Verweg"})
        cls.format = cls.env["klachtenbeheer.transfer.format"].create(
            {
                "name": "Verweg",
                "code": "verweg",
                "partner_ids": [Command.set(cls.body.ids)],
                "content": "zaak.nummer = reference\nzaak.wat = description\n"
                "wie = complainant_name\nover = respondents\nstukken = attachments\n"
                "oordeel = findings\nverloop = events",
            }
        )

    def make(self, role="coordinator", **vals):
        return super().make(role, **{"body_id": self.body.id, **vals})

    def open_zip(self, line):
        with zipfile.ZipFile(io.BytesIO(line.sudo().attachment_id.raw)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def get_content(self, line):
        return json.loads(self.open_zip(line)["dossier.json"])

    def test_the_format_follows_the_body_and_says_what_is_told(self):
        line = self.make()
        self.assertEqual(line.format_id, self.format)
        content = self.get_content(line)
        self.assertEqual((content["format"], content["version"]), ("verweg", "1.0"))
        self.assertEqual(
            content["zaak"],
            {"nummer": self.complaint.name, "wat": "Bartholomeus sloeg de deur dicht."},
        )
        self.assertEqual(content["over"], ["Bartholomeus Beklaagdes"])
        self.assertEqual(content["oordeel"], "Het klopt.")
        self.assertTrue(content["verloop"])

    def test_the_manifest_says_by_whom_for_whom_and_the_hash_of_each_file(self):
        line = self.make(recipient="mr. Zetel")
        files = self.open_zip(line)
        manifest = json.loads(files.pop("manifest.json"))
        self.assertEqual(manifest["made_by"], self.users["coordinator"].name)
        self.assertEqual(manifest["for"], "Geschillen Verweg, mr. Zetel")
        self.assertFalse(manifest["blacked_out"])
        hashes = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
        self.assertEqual(
            hashes, {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()}
        )
        self.assertEqual(files["bijlagen/001-bewijs.txt"], b"met eigen ogen")
        [told] = self.get_content(line)["stukken"]
        self.assertEqual(told["sha256"], hashes[told["path"]])
        self.assertTrue(files["dossier.pdf"].startswith(b"%PDF"))

    def test_who_made_it_for_whom_is_on_record(self):
        line = self.make()
        self.assertEqual(line.made_by_id, self.users["coordinator"])
        self.assertEqual(line.body_id, self.body)
        raw = line.sudo().attachment_id.raw
        self.assertEqual(line.sha256, hashlib.sha256(raw).hexdigest())
        line.write({"made_by_id": self.users["handler"].id})
        self.assertEqual(line.made_by_id, self.users["coordinator"])
        self.env.cr.precommit.run()
        looks = self.env["klachtenbeheer.reading"].search([("what", "=", "export")])
        self.assertEqual(looks.user_id, self.users["coordinator"])

    def test_nothing_is_under_a_bar_in_any_of_the_files(self):
        line = self.make(hide_names=True, passages="deur dicht")
        files = self.open_zip(line)
        told = json.loads(files["dossier.json"])
        self.assertEqual(told["zaak"]["wat"], f"{BAR} sloeg de {BAR}.")
        self.assertEqual([name for name in files if name.startswith("bijlagen/")], [])
        self.assertNotIn("stukken", told)
        texts = [raw.decode("latin1") for raw in files.values()]
        texts += [page.extract_text() for page in PdfReader(io.BytesIO(files["dossier.pdf"])).pages]
        for word in ("Bartholomeus", "Beklaagdes", "Kees", "deur dicht", "bewijs.txt"):
            self.assertFalse([text for text in texts if word in text], word)

    def test_who_stays_unknown_is_told_to_nobody_outside(self):
        """KK22: not by name, address or number, in no part, and by no file; nor who helps them."""
        self.complaint.write(
            {
                "complainant_phone": "06-12345678",
                "complainant_address": "Klagerstraat 1",
                "description": "Ik, Kees (06 1234 5678), zag Bartholomeus de deur dichtslaan.",
                "findings": "<p>Mevrouw Klager heeft gelijk, en Hulpverleen zag het ook.</p>",
            }
        )
        self.env["klachtenbeheer.assistance"].create(
            {
                "complaint_id": self.complaint.id,
                "kind": "representative",
                "name": "Henk Hulpverleen",
                "email": "henk@hulp.example",
            }
        )
        self.hear_both_sides(self.complaint, report="<p>Kees Klager legde het uit.</p>")
        self.complaint.message_post(
            body="Klager belde vanuit de Klagerstraat 1, of mail henk@hulp.example."
        )
        words = ("Kees", "Klager ", "kees@example.com", "12345678", "1234 5678", "Klagerstraat")
        words += ("Hulpverleen", "henk@", "bewijs.txt")

        def get_told():
            line = self.make(with_messages=True)
            files = self.open_zip(line)
            pages = PdfReader(io.BytesIO(files["dossier.pdf"])).pages
            texts = list(files)
            texts += [raw.decode("latin1") for raw in files.values()]
            texts += [raw.decode(errors="ignore") for raw in files.values()]
            texts += [" ".join(page.extract_text().split()) for page in pages]
            return {word for word in words if any(word in text for text in texts)}

        self.assertEqual(get_told() | {"1234 5678"}, {*words}, "known, it is told")
        self.complaint.write({"hide_identity": True, "accepts_limited_answer": True})
        self.env.flush_all()
        self.assertFalse(get_told())
        content = self.get_content(self.make(with_messages=True))
        self.assertNotIn("wie", content)
        self.assertEqual(content["over"], ["Bartholomeus Beklaagdes"])
        self.assertNotIn("stukken", content)

    def test_only_what_was_chosen(self):
        other = self.env["ir.attachment"].create(
            {
                "name": "foto.txt",
                "raw": b"gezicht",
                "res_model": self.complaint._name,
                "res_id": self.complaint.id,
            }
        )
        line = self.make(with_content=False, file_ids=[Command.set(other.ids)])
        names = [name for name in self.open_zip(line) if name.startswith("bijlagen/")]
        self.assertEqual(names, ["bijlagen/001-foto.txt"])
        self.assertNotIn("oordeel", self.get_content(line))

    def test_nothing_of_another_dossier_goes_along(self):
        other = self.file_complaint()
        file = self.env["ir.attachment"].create(
            {"name": "elders.txt", "raw": b"x", "res_model": other._name, "res_id": other.id}
        )
        with self.assertRaisesRegex(UserError, "Only files of this dossier"):
            self.make(file_ids=[Command.set(file.ids)])

    def test_a_format_that_cannot_be_read_is_refused(self):
        for content in (
            *("wie", "wie = niemand", "= reference", "a..b = reference", " "),
            *("wie = reference\nwie = title", "wie = reference\nwie.naam = title"),
            "wie.naam = title\nwie = reference",
        ):
            with self.subTest(content), self.assertRaises(ValidationError):
                self.format.content = content

    def test_the_formats_that_come_along_can_be_read(self):
        for name in ("kpz", "disputes", "ombudsman"):
            line = self.env.ref(f"klachtenbeheer.transfer_format_{name}")
            content = self.get_content(self.make(body_id=False, format_id=line.id))
            self.assertEqual(content["dossier"]["nummer"], self.complaint.name)
            self.assertEqual(content["klacht"]["omschrijving"], self.complaint.description)

    def test_it_goes_with_the_dossier(self):
        line = self.make()
        file = line.sudo().attachment_id
        self.complaint._erase("complaint", "proef")
        self.assertFalse(file.exists())
        self.assertFalse(line.sudo().body_id | line.sudo().made_by_id.partner_id)


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
