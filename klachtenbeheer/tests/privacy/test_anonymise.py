import io
import json
import zipfile
from pathlib import Path

from PIL import Image, PngImagePlugin

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.privacy import personal
from ...tools import pdf
from ..support.canary_common import COMPLAINT, CONTENT, CanaryCase
from ..support.privacy_common import PrivacyCase

RULE = "proef"
JOURNAL_LOGGER = "odoo.addons.klachtenbeheer.models.privacy.erasure"


def make_docx(text):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:t>{text}</w:t>")
    return file.getvalue()


def make_png(text):
    file, info = io.BytesIO(), PngImagePlugin.PngInfo()
    info.add_text("Author", text)
    Image.new("RGB", (1, 1)).save(file, "PNG", pnginfo=info)
    return file.getvalue()


class AnonymiseCase(CanaryCase):
    LETTERS = "abehf"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.all = cls.env[COMPLAINT].union(*(cls.dossiers[letter] for letter in cls.LETTERS))
        cls.files = cls.make_files()

    @classmethod
    def make_files(cls):
        word = cls.word("b", CONTENT, "inside a file")
        contents = {
            f"{word}.docx": make_docx(word),
            f"{word}.png": make_png(word),
            f"{word}.pdf": pdf.render_pdf(
                f"<html><body><p>{word}</p></body></html>", "", word, "nl", lambda _url: None
            ),
        }
        return cls.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": raw,
                    "res_model": COMPLAINT,
                    "res_id": cls.dossiers["b"].id,
                }
                for name, raw in contents.items()
            ]
        )

    # ---------------------------------------------------------------- what is left

    def find_in_database(self, letters):
        """Words of dossiers in any row of any table: {(table, beginning of the word): what}."""
        self.env.cr.flush()
        tables = self.env.execute_query(
            SQL("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        )
        found = {}
        for [table] in tables:
            rows = self.env.execute_query(
                SQL(
                    "SELECT line::text FROM %s line WHERE line::text ~* %s",
                    SQL.identifier(table),
                    f"zqx[{letters}]",
                )
            )
            for key, what in self.find_words([row for [row] in rows]).items():
                if key[3] in letters and what - self.get_kept_fields():
                    found[table, key] = what - self.get_kept_fields()
        return found

    def get_kept_fields(self):
        """What tells of nobody: the reference, codes, and what somebody wrote to stay."""
        return {
            f"{model}.{fname}"
            for model, treatments in {**personal.FIELDS, **personal.SHARED}.items()
            for fname in treatments.get(personal.KEEP, ())
        }

    def get_allowed_words(self):
        """A client who has an account is in the address book for that."""
        return {("res_partner", "zqxbx")}

    # ---------------------------------------------------------------- figures

    def get_figures(self):
        """Everything that can be counted of the dossiers, by everything that is no text and no
        person."""
        figures = {}
        for name in (
            *(COMPLAINT, "klachtenbeheer.deadline", "klachtenbeheer.event"),
            *("klachtenbeheer.letter", "klachtenbeheer.hearing", "klachtenbeheer.grievance"),
            *("klachtenbeheer.measure", "klachtenbeheer.objection", "klachtenbeheer.referral"),
            "rating.rating",
        ):
            model = self.env[name].with_context(active_test=False)
            for fname in self.get_counted(model):
                groups = model._read_group([], [fname], ["__count"])
                figures[name, fname] = sorted(map(str, groups))
        ratings = self.env["rating.rating"]._read_group([], [], ["rating:avg", "rating:sum"])
        return figures | {"ratings": ratings}

    def get_counted(self, model):
        telling = personal.get_telling_fields(model)
        own = {"retention_due_on", "retention_announce_on", "retention_erase_on", "anonymised_on"}
        return [
            fname
            for fname, field in model._fields.items()
            if field.store
            and field.column_type
            and not field.inherited
            and fname not in telling | own | {"create_uid", "write_uid", "write_date"}
            and field.type in ("many2one", "selection", "boolean", "integer", "char")
            and not (field.comodel_name or "").startswith(("mail.", "ir.", "calendar."))
        ]


@tagged("post_install", "-at_install")
class TestAnonymise(AnonymiseCase):
    """A dossier full of unmistakable words in everything that holds text is anonymised: the whole
    database and the filestore hold none of them (design.md 4.7)."""

    def test_no_word_is_left_and_every_figure_is_the_same(self):
        paths = [Path(file._full_path(file.store_fname)) for file in self.files]
        paths = [path for path in paths if path.is_file()]
        self.assertTrue(paths, "there are files to be found")
        before = self.find_in_database(self.LETTERS)
        self.assertGreater(len(before), 40, "silence means something")
        figures = self.get_figures()
        certificates = self.all._erase("complaint", RULE)
        self.env["bus.bus"].search([]).unlink()  # the platform does so within a day
        left = self.find_in_database(self.LETTERS)
        self.assertEqual(set(left) - self.get_allowed_words(), set(), left)
        self.assertEqual(self.get_figures(), figures)
        self.env["ir.attachment"]._gc_file_store_unsafe()
        self.assertFalse([path for path in paths if path.exists()])
        self.check_certificates(certificates)

    def check_certificates(self, certificates):
        self.assertEqual(
            sorted(certificates.mapped("dossier_id")), sorted(self.all.ids), "one for each"
        )
        of_b = certificates.filtered(lambda line: line.dossier_id == self.dossiers["b"].id)
        self.assertEqual((of_b.reference, of_b.rule), (self.dossiers["b"].name, RULE))
        for what in ("records", "messages", "activities", "files", "appointments"):
            self.assertTrue(of_b.counts.get(what), what)

    def test_only_the_dossiers_that_are_asked(self):
        others = set(self.find_in_database("aehf"))
        self.dossiers["b"]._erase("complaint", RULE)
        self.assertEqual(set(self.find_in_database("aehf")), others)

    def test_nobody_who_made_something_is_named(self):
        """Nor as who made or changed a record."""
        self.dossiers["b"]._erase("complaint", RULE)
        for name in personal.FIELDS:
            own = "id" if name == COMPLAINT else "complaint_id"
            lines = self.env[name].search([(own, "=", self.dossiers["b"].id)])
            if lines._log_access:
                self.assertLessEqual(lines.create_uid.ids, [1], name)

    def test_it_is_all_or_nothing(self):
        """What fails at the end leaves everything as it was."""
        before = self.find_in_database("b")
        cls = type(self.all)

        def fail(_records, *_args):
            raise ValueError("op het laatst")

        self.patch(cls, "_erase_contacts", fail)
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            self.dossiers["b"]._erase("complaint", RULE)
        self.env.invalidate_all(flush=False)
        self.assertEqual(self.find_in_database("b"), before)
        self.assertFalse(self.dossiers["b"].anonymised_on)

    def test_after_a_restore_it_is_erased_again(self):
        """The journal is in the log of the server; a backup brings the dossier back."""
        self.env.flush_all()
        savepoint = self.env.cr.savepoint(flush=False)
        savepoint.__enter__()
        journal = "\n".join(
            f"2026-01-01 INFO db {JOURNAL_LOGGER}: erased {line}"
            for line in self.all._erase("complaint", RULE)._get_journal()
        )
        for key, what in self.find_words(journal).items():
            self.assertEqual(what, {f"{COMPLAINT}.name"}, key)
        savepoint.rollback()  # the backup
        savepoint.close(rollback=True)
        self.env.invalidate_all(flush=False)
        self.assertTrue(self.dossiers["b"].description)
        replay = self.env["klachtenbeheer.erasure"]._replay
        self.assertEqual(len(replay(journal)), len(self.all))
        self.env["bus.bus"].search([]).unlink()
        left = self.find_in_database(self.LETTERS)
        self.assertEqual(set(left) - self.get_allowed_words(), set(), left)
        self.assertFalse(replay(journal), "a second time there is nothing to do")

    def test_a_journal_erases_no_other_dossier(self):
        line = {
            "dossier": self.dossiers["b"].id,
            "reference": self.dossiers["a"].name,
            "kind": "complaint",
            "rule": RULE,
            "on": "2026-01-01",
        }
        replay = self.env["klachtenbeheer.erasure"]._replay
        self.assertFalse(replay(json.dumps(line)))
        with self.assertRaises(UserError):
            replay("erased {oeps")


@tagged("post_install", "-at_install")
class TestAnonymised(PrivacyCase):
    """What is left of a dossier, and that there is no way back."""

    def test_a_neutral_summary_stays(self):
        complaint = self.file_closed(months_ago=30)
        complaint.neutral_summary = "Bus te laat; excuses gemaakt."
        complaint._erase("complaint", RULE)
        self.assertEqual(complaint.neutral_summary, "Bus te laat; excuses gemaakt.")
        self.assertEqual(complaint.description, personal.CLEARED)
        self.assertEqual(complaint.outcome, "answered")

    def test_nothing_changes_any_more(self):
        complaint = self.file_closed(months_ago=30)
        complaint._erase("complaint", RULE)
        handled = self.as_role(complaint, "coordinator")
        for act in (
            lambda: handled.action_reopen(),
            lambda: handled.write({"hide_identity": True}),
            lambda: handled.record_event("contacted"),
            lambda: complaint._erase("complaint", RULE),
        ):
            with self.assertRaisesRegex(UserError, "anonymised"), self.env.cr.savepoint():
                act()

    def test_a_contact_of_the_complaint_alone_goes(self):
        old = self.env["res.partner"].create({"name": "Vaste klant"})
        self.env.cr.execute(
            SQL("UPDATE res_partner SET create_date = '2001-01-01' WHERE id = %s", old.id)
        )
        own = self.env["res.partner"].create({"name": "Alleen hiervoor"})
        shared = self.env["res.partner"].create({"name": "Ook elders"})
        self.file_complaint(partner_id=shared.id)
        account = self.make_user("portal.eigen", "base.group_portal").partner_id
        complaint = self.file_closed(
            months_ago=30,
            partner_id=own.id,
            respondent_ids=[(6, 0, (old | shared | account).ids)],
        )
        complaint._erase("complaint", RULE)
        self.assertFalse(own.exists())
        self.assertEqual((old | shared | account).exists(), old | shared | account)

    def test_a_measure_stays_as_a_measure(self):
        complaint = self.file_closed(months_ago=30)
        open_one = self.file_complaint()
        vals = {"complaint_ids": [(6, 0, complaint.ids)], "company_id": self.company.id}
        measures = self.env["klachtenbeheer.measure"]
        neutral = measures.create({"name": "Dienstregeling", "names_nobody": True, **vals})
        telling = measures.create({"name": "Praten met Kees", **vals})
        shared = measures.create(
            {**vals, "name": "Nog nodig", "complaint_ids": [(6, 0, (complaint | open_one).ids)]}
        )
        complaint._erase("complaint", RULE)
        self.assertEqual(
            (neutral | telling | shared).mapped("name"),
            ["Dienstregeling", personal.CLEARED, "Nog nodig"],
        )

    def test_a_pattern_stays_as_a_number_once_all_its_complaints_are_gone(self):
        first, second = self.file_closed(months_ago=30), self.file_closed(months_ago=30)
        person = self.env["res.partner"].create({"name": "Kees"})
        vals = {"policy_id": self.policy.id, "number": 2, "reason": "Kees is met pensioen"}
        vals["complaint_ids"] = [(6, 0, (first | second).ids)]
        patterns = self.env["klachtenbeheer.pattern"].create(
            [
                {**vals, "kind": "theme", "key": "Vervoer"},
                {**vals, "kind": "place", "key": "Bij Kees thuis"},
                {**vals, "kind": "person", "partner_id": person.id},
            ]
        )
        patterns[0].message_post(body="Bel Kees")
        first._erase("complaint", RULE)
        self.assertEqual(patterns.mapped("key"), ["Vervoer", "Bij Kees thuis", False])
        self.assertEqual(patterns[2].partner_id, person)
        second._erase("complaint", RULE)
        self.assertEqual(patterns.mapped("key"), ["Vervoer", False, False])
        self.assertFalse(patterns.partner_id)
        self.assertFalse(any(patterns.mapped("reason")))
        self.assertFalse(patterns.message_ids)
        self.assertEqual(patterns.mapped("number"), [2, 2, 2])

    def test_a_certificate_is_in_the_log_of_the_server_once_it_is_certain(self):
        complaint = self.file_closed(months_ago=30)
        written = []
        erasures = type(self.env["klachtenbeheer.erasure"])
        self.patch(erasures, "_write_journal", lambda _self, lines: written.extend(lines))
        complaint._erase("complaint", RULE)
        self.assertFalse(written, "it may still be rolled back")
        self.env.cr.postcommit.run()
        self.assertIn(complaint.name, "".join(written))
        self.assertNotIn("Kees", "".join(written))
