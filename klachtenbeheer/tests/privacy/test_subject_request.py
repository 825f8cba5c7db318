import io
import json
import subprocess
from datetime import date, timedelta
from unittest.mock import patch

from pypdf import PdfReader
from pypdf.generic import StreamObject

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.privacy import subject_item
from ...tools.redaction import BAR
from ..support.common import local_noon
from ..support.privacy_common import PrivacyCase

COMPLAINANT = ("Wilhelmina", "Klagermans", "wil@proef.example", "0612345678")
RESPONDENT = ("Bartholomeus", "Beklaagdes", "bart@proef.example")
# What one wrote, which the other may not get.
WRITTEN_BY_COMPLAINANT = "vreselijkbehandeld"
WRITTEN_BY_RESPONDENT = "nooitgezegd"
WRITTEN_INSIDE = "internwikken"


class SubjectCase(PrivacyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.complainant = partners.create(
            {
                "name": " ".join(COMPLAINANT[:2]),
                "email": COMPLAINANT[2],
                "phone": COMPLAINANT[3],
            }
        )
        cls.respondent = partners.create({"name": " ".join(RESPONDENT[:2]), "email": RESPONDENT[2]})
        cls.complaint = cls.file_complaint(
            partner_id=cls.complainant.id,
            complainant_name=cls.complainant.name,
            complainant_email=cls.complainant.email,
            respondent_ids=[Command.set(cls.respondent.ids)],
            title=f"{RESPONDENT[0]} was grof",
            description=f"Ik ben {WRITTEN_BY_COMPLAINANT} door meneer {RESPONDENT[1]}.",
            findings=f"<p>{WRITTEN_INSIDE} over {COMPLAINANT[0]} en {RESPONDENT[0]}</p>",
        )
        for partner, text in (
            (cls.complainant, f"{RESPONDENT[0]} deed het weer: {WRITTEN_BY_COMPLAINANT}"),
            (cls.respondent, f"Dat heb ik {COMPLAINANT[0]} {WRITTEN_BY_RESPONDENT}"),
        ):
            cls.complaint.message_post(
                body=text, author_id=partner.id, message_type="comment", email_from=partner.email
            )
        cls.env.flush_all()

    @classmethod
    def ask(cls, partner, kind="access", **vals):
        return (
            cls.env["klachtenbeheer.subject.request"]
            .with_user(cls.users["protector"])
            .create(
                {
                    "kind": kind,
                    "person_name": partner.name,
                    "email": partner.email,
                    "company_id": cls.company.id,
                    "identity_checked_on": cls.today,
                    "identity_how": "Teruggebeld",
                    **vals,
                }
            )
        )

    def get_files(self, request):
        """What somebody gets: (text of the PDF, JSON as text)."""
        request.action_gather()
        request.action_export()
        files = self.env["ir.attachment"].search(
            [("res_model", "=", request._name), ("res_id", "=", request.id)]
        )
        by_type = {file.mimetype: file.raw for file in files}
        reader = PdfReader(io.BytesIO(by_type["application/pdf"]))
        printed = " ".join(page.extract_text() for page in reader.pages)
        return printed, by_type["application/json"].decode()


def read_pdf(raw):
    """Everything that can be had from a PDF, as texts: by two programs, and from each of its
    objects: streams unpacked, metadata, names of and in files inside it, notes."""
    reader = PdfReader(io.BytesIO(raw))
    yield " ".join(page.extract_text() for page in reader.pages)
    # poppler's own reading, from standard input
    yield subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=raw, capture_output=True, check=True
    ).stdout.decode()
    yield raw.decode("latin1")
    yield str(reader.metadata)
    for number in range(1, reader.trailer["/Size"]):
        found = reader.get_object(number)
        yield str(found)
        if isinstance(found, StreamObject):
            yield found.get_data().decode("latin1")
            yield found.get_data().decode("utf-16-be", errors="ignore")
    for name, contents in reader.attachments.items():
        yield name
        yield from (content.decode("latin1") for content in contents)


@tagged("post_install", "-at_install")
class TestSubjectBothSides(SubjectCase):
    """Complainant and respondent of one dossier, which holds both of them in everything: neither
    gets a word about the other, wherever in the files one looks."""

    OF_COMPLAINANT = (
        *("Wilhelmina", "Klagermans", "wil@proef.example", "0612345678", "06-12345678"),
        *("Klagerstraat", "Wilskracht", WRITTEN_BY_COMPLAINANT, "klagersbijlage"),
    )
    OF_RESPONDENT = (
        *("Bartholomeus", "Beklaagdes", "bart@proef.example", "0687654321"),
        *("Beklaagdenlaan", WRITTEN_BY_RESPONDENT, "beklaagdenbijlage"),
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complainant.write({"street": "Klagerstraat 1"})
        cls.respondent.write({"street": "Beklaagdenlaan 2", "phone": "0687654321"})
        cls.complaint.write(
            {
                "complainant_organisation": "Wilskracht",
                "complainant_address": "Klagerstraat 1",
                "desired_solution": "Dat Bartholomeus Beklaagdes, bart@proef.example of 06 8765"
                " 4321, zegt dat het hem spijt.",
                "respondent_text": "Bartholomeus Beklaagdes van de Beklaagdenlaan 2",
            }
        )
        cls.hear_both_sides(
            cls.complaint,
            report="Wilhelmina Klagermans en Bartholomeus Beklaagdes spraken met elkaar.",
            participant_ids=[
                Command.create({"role": "complainant", "partner_id": cls.complainant.id}),
                Command.create({"role": "respondent", "partner_id": cls.respondent.id}),
            ],
        )
        for partner, name, text in (
            (cls.complainant, "klagersbijlage", "Klagermans over Beklaagdes"),
            (cls.respondent, "beklaagdenbijlage", "Beklaagdes over KLAGERMANS"),
        ):
            cls.complaint.message_post(
                body=text,
                subject=text,
                author_id=partner.id,
                message_type="comment",
                attachments=[(f"{name}.txt", name.encode())],
            )
        cls.env["klachtenbeheer.fact"].create(
            {
                "complaint_id": cls.complaint.id,
                "name": "Wat Klagermans zag",
                "description": "<p>Beklaagdes liep weg van Wilhelmina.</p>",
            }
        )
        cls.env.flush_all()

    def get_everything(self, partner):
        request = self.ask(partner)
        self.get_files(request)
        files = self.env["ir.attachment"].search(
            [("res_model", "=", request._name), ("res_id", "=", request.id)]
        )
        for file in files:
            yield file.name
            yield file.index_content or ""
            if file.mimetype == "application/pdf":
                yield from read_pdf(file.raw)
            else:
                yield file.raw.decode()
                yield json.dumps(json.loads(file.raw))  # as other programs escape it

    def find(self, partner, words):
        text = "\n".join(self.get_everything(partner)).lower()
        return {word for word in words if word.lower() in text}

    def test_the_complainant_gets_no_word_of_the_respondent(self):
        self.assertEqual(self.find(self.complainant, self.OF_RESPONDENT), set())
        self.assertLessEqual({"Wilhelmina"}, self.find(self.complainant, self.OF_COMPLAINANT))

    def test_the_respondent_gets_no_word_of_the_complainant(self):
        self.assertEqual(self.find(self.respondent, self.OF_COMPLAINANT), set())
        self.assertLessEqual({"Bartholomeus"}, self.find(self.respondent, self.OF_RESPONDENT))

    def test_who_stays_unknown_is_told_in_no_part_of_the_respondents_copy(self):
        """KK22: letters, conversations, messages and files of a dossier whose complainant is
        hidden."""
        self.complaint.write({"hide_identity": True, "accepts_limited_answer": True})
        self.env.flush_all()
        self.assertFalse(self.complaint.complainant_name)
        self.assertEqual(self.find(self.respondent, self.OF_COMPLAINANT), set())
        self.assertLessEqual({"Bartholomeus"}, self.find(self.respondent, self.OF_RESPONDENT))

    def test_this_would_see_it(self):
        """Without blacking out, and with what is withheld given, the words are found."""
        with patch.object(subject_item, "black_out", lambda text, *_names, **_kept: text):
            self.assertIn("Beklaagdes", self.find(self.complainant, self.OF_RESPONDENT))
            self.assertIn("bart@proef.example", self.find(self.complainant, self.OF_RESPONDENT))


@tagged("post_install", "-at_install")
class TestSubjectExport(SubjectCase):
    """Complainant and respondent of the same dossier ask for their data (AVG art. 15)."""

    def assertHoldsNot(self, texts, words):
        for text in texts:
            for word in words:
                self.assertNotIn(word.lower(), text.lower())

    def test_the_complainant_gets_nothing_of_the_respondent(self):
        texts = self.get_files(self.ask(self.complainant))
        self.assertHoldsNot(texts, (*RESPONDENT, WRITTEN_BY_RESPONDENT, WRITTEN_INSIDE))
        for text in texts:
            for word in (*COMPLAINANT, WRITTEN_BY_COMPLAINANT, BAR):
                self.assertIn(word, text)

    def test_the_respondent_gets_nothing_of_the_complainant(self):
        texts = self.get_files(self.ask(self.respondent))
        self.assertHoldsNot(texts, (*COMPLAINANT, WRITTEN_BY_COMPLAINANT, WRITTEN_INSIDE))
        for text in texts:
            for word in (*RESPONDENT[:2], WRITTEN_BY_RESPONDENT, self.complaint.name):
                self.assertIn(word, text)

    def test_a_hidden_complainant_is_in_no_export_but_their_own(self):
        self.complaint.write({"hide_identity": True})
        self.assertHoldsNot(
            self.get_files(self.ask(self.respondent)), (*COMPLAINANT, WRITTEN_BY_COMPLAINANT)
        )
        own = self.get_files(self.ask(self.complainant))
        self.assertIn(WRITTEN_BY_COMPLAINANT, own[0])
        self.assertIn(COMPLAINANT[1], own[0])

    def test_who_protects_data_does_not_read_who_stays_unknown_either(self):
        """KK22: answering who is complained about takes no name of who complains."""
        self.complaint.write({"hide_identity": True})
        request = self.ask(self.respondent)
        request.action_gather()
        self.env.invalidate_all()
        shown = request.item_ids.filtered(lambda item: item.reference == self.complaint.name)
        self.assertTrue(shown)
        texts = [item[fname] or "" for item in shown for fname in ("found_text", "names")]
        texts += shown.mapped("marked_text")
        self.assertHoldsNot([text or "" for text in texts], COMPLAINANT)

    def test_items_come_from_the_dossiers_alone(self):
        """Otherwise any dossier could be erased at the request of anybody."""
        request = self.ask(self.complainant)
        request.action_gather()
        other = self.file_complaint()
        item = request.item_ids[:1]
        item.write({"dossier_id": other.id, "found_text": "Verzonnen"})
        self.assertEqual(
            (item.dossier_id, item.reference), (self.complaint.id, self.complaint.name)
        )
        made = item.create(
            {
                "request_id": request.id,
                "dossier_id": other.id,
                "withheld_reason": "x",
                "give": True,
            }
        )
        self.assertFalse(made.dossier_id)
        request.write({"answered_on": "2026-01-01"})
        self.assertFalse(request.answered_on)

    def test_nothing_is_under_a_bar(self):
        """Not in the text that is extracted, nor anywhere in the file."""
        request = self.ask(self.complainant)
        request.action_gather()
        item = request.item_ids.filtered(lambda line: line.field_name == "description")
        item.write({"marked_text": "Ik ben [[diepgeheim]] behandeld", "is_decided": True})
        printed, content = self.get_files(request)
        self.assertHoldsNot((printed, content), ("diepgeheim",))
        self.assertIn(f"Ik ben {BAR} behandeld", " ".join(printed.split()))

    def test_what_is_withheld_is_named_with_the_reason(self):
        printed, content = self.get_files(self.ask(self.complainant))
        withheld = json.loads(content)["dossiers"][0]["withheld"]
        self.assertTrue(withheld)
        self.assertTrue(all(line["why"] for line in withheld))
        self.assertIn("15(4)", printed)

    def test_nothing_is_withheld_without_a_reason(self):
        request = self.ask(self.complainant)
        request.action_gather()
        with self.assertRaises(UserError):
            request.item_ids.filtered("give")[:1].give = False

    def test_all_dossiers_in_every_capacity(self):
        second = self.file_complaint(respondent_ids=[Command.set(self.complainant.ids)])
        third = self.file_complaint()
        self.env["klachtenbeheer.assistance"].create(
            {"complaint_id": third.id, "kind": "representative", "name": "Wil", **self.get_mail()}
        )
        fourth = self.file_complaint()
        self.hear_both_sides(
            fourth,
            participant_ids=[
                Command.create({"role": "complainant", "name": "Kees"}),
                Command.create({"role": "other", "partner_id": self.complainant.id}),
            ],
        )
        request = self.ask(self.complainant)
        request.action_gather()
        found = {(item.reference, item.capacity) for item in request.item_ids}
        self.assertEqual(
            found,
            {
                (self.complaint.name, "complainant"),
                (second.name, "respondent"),
                (third.name, "representative"),
                (fourth.name, "witness"),
            },
        )

    def get_mail(self):
        return {"email": self.complainant.email}

    def test_it_is_on_record_that_somebody_looked(self):
        self.get_files(self.ask(self.complainant))
        self.env.cr.precommit.run()
        lines = self.env["klachtenbeheer.reading"].search([("what", "=", "export")])
        self.assertEqual(lines.dossier_id, self.complaint.id)
        self.assertEqual((lines.user_id, lines.ground), (self.users["protector"], "protector"))

    def test_nothing_without_knowing_who_asks(self):
        request = self.ask(self.complainant, identity_checked_on=False)
        with self.assertRaisesRegex(UserError, "who asks"):
            request.action_gather()

    def test_only_who_protects_data(self):
        request = self.ask(self.complainant)
        for role in ("coordinator", "director", "handler", "employee", "manager"):
            with self.assertRaises(AccessError):
                self.as_role(request, role).action_gather()

    def test_copies_go_with_the_dossier(self):
        request = self.ask(self.complainant)
        self.get_files(request)
        self.complaint._erase("complaint", "proef")
        self.assertFalse(request.item_ids)
        self.assertFalse(
            self.env["ir.attachment"].search(
                [("res_model", "=", request._name), ("res_id", "=", request.id)]
            )
        )


@tagged("post_install", "-at_install")
class TestSubjectTerm(SubjectCase):
    """One month, two more with notice in that month: counted by the engine of all terms."""

    def test_a_month_that_ends_on_a_working_day(self):
        request = self.ask(self.complainant, received_on=date(2026, 4, 2))
        self.assertEqual(request.due_on, date(2026, 5, 4), "za 2 mei gaat naar ma 4 mei")

    def test_two_months_more_with_notice(self):
        request = self.ask(self.complainant, received_on=date(2026, 4, 2))
        request.write(
            {
                "extended_on": date(2026, 4, 20),
                "extended_to": date(2026, 7, 2),
                "extension_reason": "Veel dossiers",
            }
        )
        self.assertEqual(request.due_on, date(2026, 7, 2))
        self.assertEqual(request.first_due_on, date(2026, 5, 4))

    def test_not_later_not_longer_not_without_a_reason(self):
        request = self.ask(self.complainant, received_on=date(2026, 4, 2))
        more = {
            "extended_on": date(2026, 4, 20),
            "extended_to": date(2026, 7, 2),
            "extension_reason": "Veel dossiers",
        }
        for wrong in (
            {"extended_on": date(2026, 5, 5)},
            {"extended_to": date(2026, 7, 3)},
            {"extension_reason": False},
        ):
            with self.subTest(wrong), self.assertRaises(ValidationError):
                request.write({**more, **wrong})

    def test_the_term_waits_for_knowing_who_it_is(self):
        request = self.ask(
            self.complainant,
            received_on=date(2026, 4, 2),
            identity_asked_on=date(2026, 4, 3),
            identity_checked_on=False,
        )
        self.assertFalse(request.due_on)
        request.identity_checked_on = date(2026, 4, 10)
        self.assertEqual(request.due_on, date(2026, 5, 11))

    def test_who_protects_data_is_told_in_time(self):
        request = self.ask(self.complainant, received_on=self.today - timedelta(days=28))
        self.run_job()
        self.assertEqual(request.reminded_on, self.today)
        messages = self.env["mail.message"].search(
            [("partner_ids", "in", self.users["protector"].partner_id.ids)]
        )
        self.assertIn("data subjects", messages[:1].subject)
        self.assertNotIn(COMPLAINANT[1], messages[:1].body)

    def test_who_asked_is_forgotten_after_two_years(self):
        request = self.ask(self.complainant)
        request.write({"decision": "granted"})
        request.action_gather()
        with local_noon("2020-01-10"):
            request.action_answer()
        self.run_job()
        self.assertEqual(request.person_name, "–")
        self.assertFalse(request.item_ids)
        self.assertEqual(request.decision, "granted")


@tagged("post_install", "-at_install")
class TestSubjectRights(SubjectCase):
    """Correction with a trail, erasure with grounds for refusal, restriction, objection."""

    def test_a_fact_is_corrected_with_a_trail(self):
        request = self.ask(self.complainant, kind="rectification")
        request.action_gather()
        item = request.item_ids.filtered(lambda line: line.field_name == "complainant_phone")
        item.new_text = "0687654321"
        item.action_correct()
        self.assertEqual(self.complaint.complainant_phone, "0687654321")
        trail = self.complaint.message_ids[:1].body
        self.assertIn("0687654321", trail)
        self.assertIn(request.reference, trail)

    def test_a_view_is_added_to_what_others_wrote(self):
        request = self.ask(self.respondent, kind="rectification")
        request.action_gather()
        item = request.item_ids.filtered(lambda line: line.field_name == "description")
        before = self.complaint.description
        item.new_text = "Het ging anders."
        item.action_correct()
        self.assertEqual(self.complaint.description, before)
        self.assertIn("Het ging anders.", self.complaint.message_ids[:1].body)

    def test_erasure_is_refused_while_something_keeps_it(self):
        request = self.ask(self.complainant, kind="erasure", decision="granted")
        request.action_gather()
        with self.assertRaisesRegex(UserError, "still being handled"):
            request.action_erase()
        self.close(self.complaint)
        hold = self.env["klachtenbeheer.legal.hold"].create(
            {"complaint_id": self.complaint.id, "reason": "Claim"}
        )
        with self.assertRaisesRegex(UserError, "hold"):
            request.action_erase()
        hold.action_lift()
        request.action_erase()
        self.assertTrue(self.complaint.anonymised_on)
        self.assertIn(request.reference, self.certificates(self.complaint).rule)

    def test_nothing_is_erased_that_was_not_granted(self):
        self.close(self.complaint)
        request = self.ask(self.complainant, kind="erasure", decision="refused")
        request.action_gather()
        with self.assertRaises(UserError):
            request.action_erase()
        self.assertFalse(self.complaint.anonymised_on)

    def test_a_refusal_has_a_ground_and_words(self):
        request = self.ask(self.complainant, kind="objection", decision="refused")
        with self.assertRaisesRegex(UserError, "ground"):
            request.action_answer()
        request.write({"refusal_ground": "claims", "motivation": "Er loopt een zaak."})
        request.action_answer()
        self.assertEqual(request.answered_on, self.today)

    def test_restriction_is_a_hold(self):
        request = self.ask(self.respondent, kind="restriction", decision="granted")
        request.action_gather()
        request.action_restrict()
        self.assertTrue(self.complaint._is_restricted())
        with self.assertRaisesRegex(UserError, "restricted"):
            self.as_role(self.complaint, "coordinator").record_event("contacted")
