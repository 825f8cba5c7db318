import io
from contextlib import contextmanager
from unittest.mock import patch

from pypdf import PdfReader

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_actions_report import IrActionsReport as PlatformReport

from ...models.platform.report import fetch_static
from ...tools import pdf
from ..support.common import local_noon
from ..support.letter_common import LetterCase

PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJg"
    b"gg=="
)


def roles_of(node):
    """The structure types of a tagged PDF, in reading order."""
    if isinstance(node, list):
        return [role for kid in node for role in roles_of(kid.get_object())]
    if not isinstance(node, dict):
        return []
    kids = node.get("/K", [])
    own = [node["/S"]] if "/S" in node else []
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    return own + roles_of(kids if isinstance(kids, list) else [kids])


@tagged("post_install", "-at_install")
class TestLetterPdf(LetterCase):
    """Letters are accessible, archival PDF on the company's letterhead (design.md 6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ba = cls.publish_source("ba")
        with local_noon("2026-04-20"):
            cls.complaint = cls.file_under(cls.ba)
            cls.investigate(cls.complaint)
            cls.letter = cls.complaint.prepare_letter("answer")

    def render(self, letter=None):
        with local_noon("2026-04-23"):
            return PdfReader(io.BytesIO((letter or self.letter)._render_pdf()))

    def test_it_is_tagged_has_a_language_and_a_title(self):
        reader = self.render()
        root = reader.trailer["/Root"]
        self.assertTrue(root["/MarkInfo"]["/Marked"])
        self.assertEqual(root["/Lang"], "nl-NL")
        self.assertTrue(root["/ViewerPreferences"]["/DisplayDocTitle"])
        self.assertEqual(
            reader.metadata.title, f"Ons antwoord op uw klacht – {self.complaint.name}"
        )

    def test_it_is_archival(self):
        root = self.render().trailer["/Root"]
        metadata = root["/Metadata"].get_data().decode()
        self.assertIn('pdfaid:part="3"', metadata)
        self.assertIn('pdfaid:conformance="A"', metadata)
        self.assertIn("/OutputIntents", root)

    def test_fonts_are_embedded(self):
        fonts = [
            font.get_object()
            for page in self.render().pages
            for font in page["/Resources"]["/Font"].values()
        ]
        self.assertTrue(fonts)
        for font in fonts:
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            self.assertTrue({"/FontFile2", "/FontFile3"} & set(descriptor))

    def test_headings_are_real(self):
        tree = self.render().trailer["/Root"]["/StructTreeRoot"]
        roles = roles_of(tree["/K"])
        self.assertEqual(roles.count("/H1"), 1)
        self.assertGreaterEqual(roles.count("/H2"), 5)
        self.assertIn("/P", roles)
        self.assertLess(roles.index("/H1"), roles.index("/H2"))

    def test_the_order_is_that_of_a_letter(self):
        """ux.md: what it is about, what we found and do, what you can do, whom to reach."""
        text = self.preview_text(self.letter)
        parts = (
            "Stichting De Proef",
            "Kees Klager",
            "Kenmerk",
            "Ons antwoord op uw klacht",
            "Beste Kees Klager,",
            "ontvingen wij uw klacht",
            "Wat hebben wij gevonden?",
            "Wat stellen wij u voor?",
            "Wat kunt u doen?",
            "U kunt reageren tot en met",
            "Hebt u vragen?",
            "Met vriendelijke groet,",
        )
        places = [text.index(part) for part in parts]
        self.assertEqual(places, sorted(places))

    def test_nothing_empty_is_announced(self):
        complaint = self.file_under(self.ba)
        complaint.write({"summary": "Bus.", "solution": "<p>Taxi.</p>"})
        text = self.preview_text(complaint.prepare_letter("answer"))
        self.assertIn("Wat stellen wij u voor?", text)
        for heading in ("Wat hebben wij gevonden?", "Wat vinden wij ervan?", "voorkomen?"):
            self.assertNotIn(heading, text)

    def test_pages_are_numbered_and_later_pages_name_reference_and_date(self):
        self.complaint.findings = "".join(f"<p>Bevinding {number}.</p>" for number in range(60))
        pages = [page.extract_text() for page in self.render().pages]
        self.assertGreater(len(pages), 1)
        for number, text in enumerate(pages, start=1):
            self.assertIn(f"Pagina {number} van {len(pages)}", " ".join(text.split()))
        self.assertIn(f"{self.complaint.name} · 23 april 2026", pages[1])
        self.assertNotIn(f"{self.complaint.name} · 23 april 2026", pages[0])

    def test_contact_and_signature_are_never_alone_on_a_page(self):
        """However long the text is, its last lines come along to the next page."""
        letter = self.complaint.prepare_letter("information_request")
        for count in (12, 15, 16, 17, 18, 20):
            letter.body = "".join(f"<p>Regel {number} van de brief.</p>" for number in range(count))
            *_others, last = self.render(letter).pages
            self.assertIn(f"Regel {count - 1} van de brief.", last.extract_text(), count)

    def test_it_bears_logo_colour_and_font_of_the_company(self):
        self.company.write({"logo": PIXEL, "primary_color": "#aa1122", "font": "Roboto"})
        css = self.env["ir.actions.report"]._get_letter_css(self.company)
        self.assertIn("#aa1122", css)
        self.assertIn("/Roboto-", css)
        self.assertIn("/XObject", self.render().pages[0]["/Resources"])

    def test_a_colour_or_font_that_is_none_does_no_harm(self):
        self.company.primary_color = "red; } body { display: none"
        report = self.env["ir.actions.report"]
        self.assertNotIn("display: none }", report._get_letter_css(self.company))
        self.assertIn("Open_Sans-Regular", report._get_font_faces("Comic_Sans"))

    def test_nothing_is_fetched_from_the_network_or_a_file(self):
        for url in (
            "https://example.com/x.png",
            "file:///etc/passwd",
            "static:/web/static/../../../../etc/passwd.png",
            "static:/etc/passwd",
        ):
            self.assertIsNone(fetch_static(url), url)
        self.complaint.findings = (
            '<p>Foto <img src="https://example.com/x.png"><img src="file:///etc/hostname"></p>'
        )
        with (
            mute_logger("weasyprint"),
            self.assertLogs("odoo.addons.klachtenbeheer.tools.pdf", "WARNING") as log,
        ):
            self.render()
        self.assertEqual(len(log.output), 2)

    def test_the_style_sheet_is_parsed_once(self):
        pdf._parse_css.cache_clear()
        self.render()
        self.render()
        self.assertEqual(pdf._parse_css.cache_info().misses, 1)

    def test_a_sent_letter_is_never_laid_out_again(self):
        letter = self.file_under(self.ba).prepare_letter("acknowledgement")
        with self.mail_server():
            letter.action_send()
        with patch.object(pdf, "render_pdf", side_effect=AssertionError):
            self.assertEqual(letter._render_pdf(), letter.attachment_id.raw)

    def test_several_letters_print_in_one_go(self):
        letters = self.letter | self.file_under(self.ba).prepare_letter("acknowledgement")
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf("klachtenbeheer.letter_report", letters.ids)
        self.assertEqual(kind, "pdf")
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        for letter in letters:
            self.assertIn(letter.complaint_id.name, text)

    def test_reports_of_others_keep_the_engine_of_the_platform(self):
        report = self.env.ref("base.report_ir_model_overview", raise_if_not_found=False)
        report = report or self.env["ir.actions.report"].search(
            [("report_name", "!=", "klachtenbeheer.letter_document")], limit=1
        )
        self.assertEqual(report._get_layout(), self.env.ref("web.minimal_layout"))
        base = self.env.registry["ir.actions.report"]
        with (
            patch.object(pdf, "render_pdf", side_effect=AssertionError),
            patch.object(
                base, "_build_wkhtmltopdf_args", side_effect=InterruptedError, autospec=True
            ),
            self.assertRaises(InterruptedError),
        ):
            report._run_wkhtmltopdf(["<html></html>"], report_ref=report)

    def test_without_weasyprint_the_platform_prints_and_somebody_is_told(self):
        base = self.env.registry["ir.actions.report"]
        with (
            patch.object(pdf, "is_engine_installed", return_value=False),
            patch.object(pdf, "engine_problem", return_value="the Python package is missing"),
            patch.object(base, "get_wkhtmltopdf_state", return_value="ok"),
            patch.object(
                base, "_build_wkhtmltopdf_args", side_effect=InterruptedError, autospec=True
            ),
        ):
            letter = self.letter.with_user(self.users["coordinator"])
            self.assertIn("WeasyPrint", letter.engine_warning)
            with self.assertRaises(InterruptedError):
                self.letter._render_pdf()
        self.assertFalse(self.letter.with_user(self.users["handler"]).engine_warning)

    # ---------------------------------------------------------------- the other engine

    @contextmanager
    def other_engine(self):
        """WeasyPrint is missing, and the other engine is one of those that print empty pages
        when they meet an address that they don't know."""
        printed = []

        def lay_out(_model, bodies, **_options):
            [body] = bodies
            body = "<p></p>" if "static:" in body else body
            printed.append(pdf.render_pdf(body, "", "-", "nl", fetch_static))
            return printed[-1]

        problem = "the Python package is missing"
        base = self.env.registry["ir.actions.report"]
        with (
            patch.object(pdf, "is_engine_installed", return_value=False),
            patch.object(pdf, "engine_problem", return_value=problem),
            patch.object(base, "get_wkhtmltopdf_state", return_value="ok"),
            patch.object(PlatformReport, "_run_wkhtmltopdf", autospec=True, side_effect=lay_out),
        ):
            yield

    def test_both_engines_print_the_text(self):
        ours = self.preview_text(self.letter)
        with self.other_engine():
            theirs = self.preview_text(self.letter)
        for words in ("Ons antwoord op uw klacht", "De planner had de rit niet ingevoerd."):
            self.assertIn(words, ours)
            self.assertIn(words, theirs)

    @mute_logger("odoo.addons.klachtenbeheer.models.platform.report")
    def test_what_the_other_engine_made_is_not_sent(self):
        """By mail nor by post: not every release of it prints the text."""
        for delivery in ("email", "post"):
            self.letter.write({"delivery": delivery, "addressee_address": "Dorp 1\n1234 AB Dorp"})
            refused = self.assertRaisesRegex(UserError, "can't be sent now.*administrator")
            with self.other_engine(), self.mail_server(), refused:
                self.letter.action_send()
            self.assertEqual(self.letter.state, "draft")
            self.assertFalse(self.letter.attachment_id)
            self.assertFalse(self._mails)

    def test_administrators_are_told_once(self):
        report = self.env["ir.actions.report"]
        told = Domain("subject", "=", "Letters about complaints can't be sent")
        for expected in (1, 1):
            with self.other_engine():
                report._tell_administrators()
            self.assertEqual(self.env["mail.message"].search_count(told), expected)
        message = self.env["mail.message"].search(told)
        self.assertIn(self.env.ref("base.user_admin").partner_id, message.partner_ids)
        report._tell_administrators()  # all is well
        with self.other_engine():
            report._tell_administrators()
        self.assertEqual(self.env["mail.message"].search_count(told), 2)
