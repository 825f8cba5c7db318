import io
import logging
import re

import lxml.html

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import file_open, file_path

from ...tools import pdf

_logger = logging.getLogger(__name__)

# Reports of this addon; those of other modules are laid out by the platform's engine.
OWN_LAYOUTS = {
    "klachtenbeheer.letter_document": "klachtenbeheer.letter_layout",
    "klachtenbeheer.regulation_document": "klachtenbeheer.letter_layout",
    "klachtenbeheer.registration_form_document": "klachtenbeheer.letter_layout",
}
STYLE_SHEET = "klachtenbeheer/report/letter.css"
STATIC_URL = re.compile(r"^static:/(\w+/static/[\w./ -]+\.(?:ttf|otf|woff2?|png|svg))$")
HEX_COLOUR = re.compile(r"^#[0-9a-fA-F]{3,8}$")
TOLD_PROBLEM = "klachtenbeheer.engine_problem_told"
DEFAULT_COLOUR = "#1f3a5f"
# Where the platform keeps the fonts that a company can choose: regular and bold, upright and
# italic. Some of its fonts are not on every installation; Open Sans is.
FALLBACK_FONT = "Open_Sans"
FACES = {
    "Lato": ("lato/Lato-{}-webfont.ttf", ("Reg", "RegIta", "Bol", "BolIta")),
    "": ("google/{font}/{font}-{}.ttf", ("Regular", "Italic", "Bold", "BoldItalic")),
}


def fetch_static(url):
    """The bytes of a font or picture in a module's static folder, None for anything else."""
    match = STATIC_URL.match(url)
    if not match or ".." in url:
        return None
    try:
        with file_open(match[1], "rb") as file:
            return file.read()
    except OSError:
        return None


def has_static(url):
    try:
        return bool(file_path(STATIC_URL.match(url)[1]))
    except OSError:
        return False


class IrActionsReport(models.Model):
    """Lays the letters out with WeasyPrint instead of wkhtmltopdf (design.md 6).

    The platform's seams are used: `_get_layout` for the page, `_run_wkhtmltopdf` for the
    engine, `_render_qweb_pdf_prepare_streams` to lay out one letter at a time.
    """

    _inherit = "ir.actions.report"

    def _get_layout(self):
        layout = OWN_LAYOUTS.get(self.report_name)
        return self.env.ref(layout) if layout else super()._get_layout()

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report_su = self._get_report(report_ref)
        if report_su.report_name not in OWN_LAYOUTS or not res_ids:
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        streams = {}
        records = self.env[report_su.model].browse(res_ids)
        records.check_access("read")
        for record in records:
            stored = record._get_stored_pdf()
            if stored:
                streams[record.id] = {"stream": io.BytesIO(stored), "attachment": None}
            elif self._get_engine_problem():
                streams |= super()._render_qweb_pdf_prepare_streams(
                    report_ref, data, res_ids=record.ids
                )
            else:
                content = self._lay_out(report_su, record, data)
                streams[record.id] = {"stream": io.BytesIO(content), "attachment": None}
        return streams

    def _lay_out(self, report_su, record, data):
        html = self._render_qweb_html(report_su.report_name, record.ids, data=data)[0]
        bodies, *_rest = report_su._prepare_html(html, report_model=report_su.model)
        return self._run_wkhtmltopdf(bodies, report_ref=report_su)

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        own = report_ref and self._get_report(report_ref).report_name in OWN_LAYOUTS
        if not own or self._get_engine_problem():
            return super()._run_wkhtmltopdf(
                bodies,
                report_ref=report_ref,
                header=header,
                footer=footer,
                landscape=landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )
        [body] = bodies
        root = lxml.html.document_fromstring(body)
        article = root.find_class("article")[0]
        css = "".join(style.text or "" for style in article.iter("style"))
        for style in list(article.iter("style")):
            style.drop_tree()  # passed on its own, so that it is parsed once
        html = lxml.html.tostring(root, encoding="unicode", doctype="<!DOCTYPE html>")
        return pdf.render_pdf(
            html, css, article.get("data-title"), article.get("lang"), fetch_static
        )

    # ---------------------------------------------------------------- engine

    def _register_hook(self):
        super()._register_hook()
        if not pdf.is_engine_installed():
            _logger.warning("WeasyPrint is missing: letters can be looked at, but not sent")

    @api.model
    def _get_engine_problem(self):
        """Why letters can't be laid out as accessible PDF, or None."""
        return pdf.engine_problem()

    @api.model
    def _check_engine(self):
        """Nothing official leaves that another engine laid out: it may lack its text.

        :raise UserError: with what to ask of whom
        """
        problem = self._get_engine_problem()
        if problem:
            _logger.error("A letter could not be sent: %s", problem)
            raise UserError(
                self.env._(
                    "This letter can't be sent now: the program that lays out letters"
                    " (WeasyPrint) does not work on this server, and another one may leave out"
                    " text. Ask the administrator: %s",
                    problem,
                )
            )

    @api.model
    def _tell_administrators(self):
        """Tell whoever runs the system that no letter can be sent; once for each problem."""
        # a note to ourselves, whoever runs the scheduled action
        parameters_su = self.env["ir.config_parameter"].sudo()
        problem = self._get_engine_problem() or ""
        if problem == (parameters_su.get_param(TOLD_PROBLEM) or ""):
            return
        parameters_su.set_param(TOLD_PROBLEM, problem)
        administrators = self.env.ref("base.group_system").sudo().all_user_ids
        if problem and administrators:
            self.env["mail.thread"].sudo().message_notify(
                partner_ids=administrators.filtered(lambda user: not user.share).partner_id.ids,
                subject=self.env._("Letters about complaints can't be sent"),
                body=self.env._(
                    "WeasyPrint, which lays out these letters, does not work on this server."
                    " Until it does, no letter is sent: %s",
                    problem,
                ),
            )

    @api.model
    def _get_engine_warning(self):
        """What to tell who sets the system up, False when all is well."""
        problem = pdf.known_problem()
        return bool(problem) and self.env._(
            "WeasyPrint does not work on this server. Letters can be looked at, but not sent. Ask"
            " the administrator to install it: %s",
            problem,
        )

    # ---------------------------------------------------------------- style

    @api.model
    def _get_letter_css(self, company):
        """The style sheet of letters in the colours and the font of a company."""
        with file_open(STYLE_SHEET) as file:
            css = file.read()
        colour = company.primary_color or ""
        colour = colour if HEX_COLOUR.match(colour) else DEFAULT_COLOUR
        css = css.replace("PRIMARY_COLOUR", colour)
        if self._get_engine_problem():
            # the other engine can't read the addresses of our fonts: some releases of it print
            # empty pages then, without an error
            return css
        return f"{self._get_font_faces(company.font)}\n{css}"

    @api.model
    def _get_font_faces(self, font):
        font = font if font and has_static(self._get_font_urls(font)[0]) else FALLBACK_FONT
        styles = [
            ("normal", "normal"),
            ("normal", "italic"),
            ("bold", "normal"),
            ("bold", "italic"),
        ]
        return "\n".join(
            f"@font-face {{ font-family: Letter; font-weight: {weight}; font-style: {style};"
            f" src: url('{url}') }}"
            for (weight, style), url in zip(styles, self._get_font_urls(font), strict=True)
            if has_static(url)
        )

    @api.model
    def _get_font_urls(self, font):
        pattern, faces = FACES.get(font) or FACES[""]
        return ["static:/web/static/fonts/" + pattern.format(face, font=font) for face in faces]
