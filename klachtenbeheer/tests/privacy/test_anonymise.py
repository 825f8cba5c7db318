import base64
import io
import json
import re
import time
import zipfile
from pathlib import Path
from unittest.mock import patch

from PIL import Image, PngImagePlugin
from psycopg2.extras import Json
from pypdf import PdfReader

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ...models.privacy import personal
from ...models.privacy.anonymise import STEPS
from ...tools import pdf
from ..support.canary_common import COMPLAINT, CONTENT, MARK, PARTNER, CanaryCase
from ..support.privacy_common import PrivacyCase

RULE = "proef"
_HEX = re.compile("[0-9a-f]*")
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


# What is filled where in the canary dossiers, and what is not, with the reason.
NOT_FILLED = {
    f"{COMPLAINT}.access_token": "no link opens a dossier",
    "klachtenbeheer.identity": "only where somebody stays unknown",
}


def read_file(path):
    """Whatever a file of the file store holds, as text: also what is packed, printed or said of
    a picture."""
    raw = path.read_bytes()
    texts = [raw.decode("latin1")]
    if raw.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            texts += [archive.read(name).decode("latin1") for name in archive.namelist()]
    elif raw.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(raw))
        texts += [page.extract_text() for page in reader.pages]
        texts += [str(reader.metadata), str(list(reader.attachments))]
    return "\n".join(texts)


def _read_row(row):
    """A row as text, with what stands there as bytes."""
    parts = row.split("\\x")
    found = [bytes.fromhex(part[: len(_HEX.match(part)[0]) // 2 * 2]) for part in parts[1:]]
    return "\n".join([row, *(part.decode("latin1") for part in found)])


class AnonymiseCase(CanaryCase):
    """Dossiers with words in everything; what the canary tests of access do not fill is filled
    here: references to people, files that were added and to nothing else, mails of their own,
    what was given to somebody who asked, the log of who looked, and a report."""

    LETTERS = "abehf"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.started = time.time() - 5
        cls.all = cls.env[COMPLAINT].union(*(cls.dossiers[letter] for letter in cls.LETTERS))
        cls.files = cls.make_files()
        cls.fill_references()
        cls.fill_columns()
        cls.fill_dialogs()
        cls.make_mails()
        cls.make_push()
        cls.make_readings()
        cls.make_request()
        cls.make_report()
        cls.env.flush_all()
        cls.env.invalidate_all()

    # ---------------------------------------------------------------- filling

    @classmethod
    def get_lines(cls, name):
        """The records of dossier “other” in a kind of part."""
        own = "id" if name == COMPLAINT else "complaint_id"
        return (
            cls.env[name].with_context(active_test=False).search([(own, "=", cls.dossiers["b"].id)])
        )

    @classmethod
    def get_shared(cls, name):
        return cls.env[name].search([("complaint_ids", "in", cls.dossiers["b"].ids)])

    @classmethod
    def get_treated(cls):
        """(records of “other”, field) of each field that is emptied."""
        for name, treatments in {**personal.FIELDS, **personal.SHARED}.items():
            lines = cls.get_shared(name) if name in personal.SHARED else cls.get_lines(name)
            for treatment in (personal.CLEAR, personal.FORGET):
                for fname in treatments.get(treatment, ()):
                    yield lines, lines._fields[fname]

    @classmethod
    def fill_references(cls):
        """Each reference that is to be forgotten leads to something of its own."""
        for lines, field in cls.get_treated():
            is_many = field.type == "many2many"
            if field.comodel_name and lines and (is_many or not lines[0][field.name]):
                target = cls.make_target(field, lines)
                if is_many:
                    cls.env.cr.execute(
                        SQL(
                            "INSERT INTO %s (%s, %s) VALUES (%s, %s) ON CONFLICT DO NOTHING",
                            SQL.identifier(field.relation),
                            SQL.identifier(field.column1),
                            SQL.identifier(field.column2),
                            lines[0].id,
                            target.id,
                        )
                    )
                elif field.column_type:
                    cls.set_column(lines[0], field.name, target.id)

    @classmethod
    def make_target(cls, field, lines):
        word = lambda part: cls.word("b", part, f"{field.model_name}.{field.name}")  # noqa: E731
        match field.comodel_name:
            case "res.users":
                return cls.outsider
            case "res.partner" if lines._name in personal.SHARED:
                cls.env.invalidate_all()
                return cls.dossiers["b"].respondent_ids[:1]
            case "res.partner":
                return cls.env["res.partner"].create({"name": word(PARTNER)})
            case "ir.attachment":  # as a form adds it before its line is stored
                return cls.env["ir.attachment"].create(
                    {"name": word(CONTENT), "raw": word(CONTENT), "res_model": lines._name}
                )
            case "mail.message":
                return cls.dossiers["b"].message_post(body=word(CONTENT))
            case "mail.activity":
                return cls.dossiers["b"].activity_schedule(
                    "mail.mail_activity_data_todo", user_id=cls.outsider.id, note=word(CONTENT)
                )
            case "calendar.event":
                return lines.filtered("calendar_event_id").calendar_event_id[:1]

    @classmethod
    def fill_columns(cls):
        """Text that is no text field: JSON and files in fields."""
        for lines, field in cls.get_treated():
            word = cls.word("b", CONTENT, f"{field.model_name}.{field.name}")
            if field.type == "json":
                cls.set_column(lines[0], field.name, Json({word: [word]}))
            elif field.type == "properties":
                cls.set_column(lines[0], field.name, Json({"kenmerk": word}))
        raw = base64.b64encode(cls.word("b", CONTENT, "incoming.raw").encode())
        cls.get_lines("klachtenbeheer.incoming")[:1].raw = raw

    @classmethod
    def fill_dialogs(cls):
        """Those in which somebody is typing about dossier “other”."""
        about = cls.get_dossier_models()
        cls.dialogs = [
            dialog
            for dialog in cls.records["w"]
            if any(
                field.comodel_name in about and field.store and dialog[field.name]
                for field in dialog._fields.values()
            )
        ]
        for dialog in cls.dialogs:
            cls.fill_record("b", dialog)

    @classmethod
    def set_column(cls, record, fname, value):
        cls.env.flush_all()
        cls.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = %s",
                SQL.identifier(record._table),
                SQL.identifier(fname),
                value,
                record.id,
            )
        )
        record.invalidate_recordset()

    @classmethod
    def make_mails(cls):
        """In the queue, of the dossier without being on it: each field that says so."""
        for field in cls.env["mail.mail"]._fields.values():
            owner = {COMPLAINT: cls.dossiers["b"]}.get(field.comodel_name)
            if field.comodel_name == "klachtenbeheer.letter":
                owner = cls.dossiers["b"].letter_ids[:1]
            if owner:
                word = cls.word("b", CONTENT, f"mail.mail.{field.name}")
                vals = {"subject": word, "body_html": word, "email_to": f"{word}@proef.example"}
                cls.env["mail.mail"].create({**vals, field.name: owner.id})

    @classmethod
    def make_push(cls):
        """What waits for an open screen, as the platform sends a message there."""
        told = {"body": cls.word("b", CONTENT, "push"), "thread": {"model": COMPLAINT}}
        message = json.dumps({"type": "mail.record/insert", "payload": {"mail.message": [told]}})
        cls.env["bus.bus"].create({"channel": "proef", "message": message})

    @classmethod
    def make_readings(cls):
        cls.env["klachtenbeheer.reading"].with_user(cls.users["witness"])._note_dossiers(
            cls.all.ids, "dossier"
        )
        cls.env.cr.flush()
        cls.env.cr.execute(
            SQL(
                "UPDATE klachtenbeheer_reading SET reference = %s WHERE dossier_id = %s",
                cls.word("b", CONTENT, "reading"),
                cls.dossiers["b"].id,
            )
        )

    @classmethod
    def make_request(cls):
        """What was given to the client, as files and in the items of their request."""
        request = cls.env["klachtenbeheer.subject.request"].create(
            {
                "person_name": "Wie vraagt",
                "partner_id": cls.dossiers["b"].partner_id.id,
                "company_id": cls.company.id,
                "identity_checked_on": cls.company._complaint_today(),
            }
        )
        request.action_gather()
        request.action_export()

    @classmethod
    def make_report(cls):
        """One that is still being written, and says what is done about the complaints."""
        kind = cls.env["klachtenbeheer.report.type"].search([], limit=1)
        cls.report = (
            cls.env["klachtenbeheer.report"]
            .create({"type_id": kind.id, "policy_id": cls.policy.id, "date_from": "2020-01-01"})
            ._as_procedure()
        )
        name = cls.get_shared("klachtenbeheer.measure")[:1].name
        cls.report.write(
            {"state": "writing", "figures": {"sections": [{"rows": [{"name": name, "n": 2}]}]}}
        )

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
                    f"zqx[{letters}]|{MARK.encode().hex()}",
                )
            )
            for key, what in self.find_words([_read_row(row) for [row] in rows]).items():
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

    def find_left(self):
        """What of the dossiers is left where it may not be."""
        left = self.find_in_database(self.LETTERS)
        return {
            place: what
            for place, what in left.items()
            if place not in self.get_allowed_words() or what - {"name", "street", "phone"}
        }

    def find_in_files(self):
        """Files written since the dossiers were made that hold a word of them."""
        store = Path(self.env["ir.attachment"]._filestore())
        fresh = [
            path
            for path in store.rglob("*")
            if path.is_file() and path.stat().st_mtime >= self.started
        ]
        return [
            path.name
            for path in fresh
            if any(key[3] in self.LETTERS for key in self.find_words(read_file(path)))
        ]

    # ---------------------------------------------------------------- figures

    def take_report_figures(self):
        """All kinds of report over the time of the dossiers, without the words in them."""
        first = min(self.all.mapped("received_on")).replace(day=1)
        taken = {}
        for kind in self.env["klachtenbeheer.report.type"].search([]):
            with self.env.cr.savepoint() as savepoint:
                report = self.report.copy({"type_id": kind.id, "date_from": "2019-01-01"})
                report._as_procedure().write(
                    {
                        "date_from": first,
                        "date_to": self.company._complaint_today(),
                        "threshold": 1,
                    }
                )
                report._freeze()
                taken[kind.code] = _get_numbers(report.figures)
                savepoint.rollback()
        return taken

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


def _get_numbers(value):
    """A value of JSON with only its numbers and its keys."""
    if isinstance(value, dict):
        return {key: _get_numbers(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_get_numbers(part) for part in value]
    return value if isinstance(value, (int, float)) else type(value).__name__


@tagged("post_install", "-at_install")
class TestAnonymise(AnonymiseCase):
    """A dossier full of unmistakable words in everything that holds text is anonymised: the whole
    database and the filestore hold none of them (design.md 4.7)."""

    def test_no_word_is_left_and_every_figure_is_the_same(self):
        self.assertGreater(len(self.find_in_files()), len(self.files), "there is to be found")
        before = self.find_in_database(self.LETTERS)
        self.assertGreater(len(before), 50, "silence means something")
        figures, reports = self.get_figures(), self.take_report_figures()
        certificates = self.all._erase("complaint", RULE)
        self.assertEqual(self.find_left(), {})
        self.assertEqual(self.get_figures(), figures)
        self.assertEqual(self.take_report_figures(), reports)
        self.env["ir.attachment"]._gc_file_store_unsafe()
        self.assertFalse(self.find_in_files())
        self.check_certificates(certificates)

    def test_every_field_held_something_and_holds_nothing(self):
        """A new field that is emptied is filled above, or this says which is not; and emptied
        it is, whatever its kind."""
        fields = list(self.get_treated())
        empty = {str(field) for lines, field in fields if not self.get_held(lines, field)}
        self.assertFalse(empty - {*NOT_FILLED})
        self.dossiers["b"]._erase("complaint", RULE)
        kept = {
            str(field): self.get_held(lines, field)
            for lines, field in fields
            if self.get_held(lines, field) - {None, personal.CLEARED, 1}
        }
        self.assertFalse(kept)
        for name in personal.DELETED:
            self.assertFalse(self.get_lines(name), name)

    def get_held(self, lines, field):
        """What stands in a field of records, as the database has it."""
        self.env.flush_all()
        if not lines:
            return set()
        if field.type == "many2many":
            table, column, own = field.relation, field.column2, field.column1
        elif field.column_type:
            table, column, own = lines._table, field.name, "id"
        else:
            files = self.env["ir.attachment"].search(
                [("res_model", "=", lines._name), ("res_field", "=", field.name)]
            )
            return set(files.filtered(lambda file: file.res_id in lines.ids).ids)
        rows = self.env.execute_query(
            SQL(
                "SELECT %s FROM %s WHERE %s IN %s AND %s IS NOT NULL",
                SQL.identifier(column),
                SQL.identifier(table),
                SQL.identifier(own),
                tuple(lines.ids),
                SQL.identifier(column),
            )
        )
        return {str(value) if isinstance(value, dict) else value for [value] in rows}

    def test_every_step_is_needed(self):
        """Without any one of them a word, or a file with one, is left: this test would see it."""
        for step in (*STEPS, "_erase_contacts"):
            self.env.invalidate_all(flush=False)
            with self.subTest(step), self.env.cr.savepoint(flush=False) as savepoint:
                with patch.object(type(self.all), step, lambda *_arguments: None):
                    self.all._erase("complaint", RULE)
                self.assertTrue(self.find_left())
                savepoint.rollback()

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
        self.assertEqual(self.find_left(), {})
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
