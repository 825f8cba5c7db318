import re

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import file_open, format_date

from ...tools import chart
from ..platform.report import DEFAULT_COLOUR, HEX_COLOUR, OWN_LAYOUTS
from .report_record import NOT_MADE, REPORT_SENTINEL

REPORT = "klachtenbeheer.report_report"
STYLE_SHEET = "klachtenbeheer/report/report.css"
HALVES = ("count", "trend", "terms", "misses")
LEFT, RIGHT = "kb-left", "kb-right"
CHART_BARS = 12  # more do not fit on a page; the table has them all
NBSP = "\u00a0"
NOT_IN_A_FILENAME = re.compile(r"[^\w.-]+")

# Laid out as the letters are: accessible, archival PDF (design.md 6).
OWN_LAYOUTS["klachtenbeheer.report_document"] = "klachtenbeheer.letter_layout"


class ReportPrinting(models.Model):
    """A report on paper and on the screen: the same sections, from the figures as they are
    kept."""

    _inherit = "klachtenbeheer.report"

    def _compute_figures_html(self):
        for report in self:
            if not report.figures:
                report.figures_html = False
                continue
            report = report.with_context(lang=report.lang)
            report.figures_html = report.env["ir.qweb"]._render(
                "klachtenbeheer.report_sections", report._get_section_values()
            )

    def _make_final_pdf(self):
        """The PDF as it is approved; from now on this file is the report."""
        self.attachment_id = self.env["ir.attachment"].create(
            {
                "name": self._get_filename(),
                "raw": self._lay_out_pdf(),
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _lay_out_pdf(self):
        # in tests the platform prints nothing unless it is asked to
        report = self.with_context(lang=self.lang, force_report_rendering=True)
        content, _kind = report.env["ir.actions.report"]._render_qweb_pdf(REPORT, self.ids)
        return content

    def _get_stored_pdf(self):
        """The bytes that were approved, None for a draft."""
        return self.sudo().attachment_id.raw or None

    def action_print(self):
        """The PDF: as approved, or a draft of it."""
        self.ensure_one()
        self.check_access("read")
        if self.state == NOT_MADE:
            raise UserError(self.refusal)
        return self.env.ref(REPORT).with_context(lang=self.lang).report_action(self)

    def _get_filename(self):
        """Neutral: files travel (ux.md)."""
        return NOT_IN_A_FILENAME.sub("-", f"{self.kind}-{self.date_from}-{self.date_to}.pdf")

    # ---------------------------------------------------------------- values

    def _get_print_values(self):
        """What the template prints around the sections."""
        self.ensure_one()
        report = self.with_context(lang=self.lang)
        letter_css = self.env["ir.actions.report"]._get_letter_css(self.company_id)
        with file_open(STYLE_SHEET) as file:
            own_css = file.read().replace("PRIMARY_COLOUR", self._get_colour())
        return {
            **report._get_section_values(),
            "css": Markup(f"{letter_css}\n{own_css}"),  # our own; the colour in it was checked
            "lang": self.lang,
            "html_lang": (self.lang or "nl_NL").replace("_", "-"),
            "subtitle": report._get_subtitle(),
            "closing": report._get_closing(),
            "is_draft": not self.attachment_id and not self.approved_on,
            "word_page": report.env._("Page"),
            "word_of": report.env._("of"),
        }

    def _get_colour(self):
        colour = self.company_id.primary_color or ""
        return colour if HEX_COLOUR.match(colour) and len(colour) in (4, 7) else DEFAULT_COLOUR

    def _get_subtitle(self):
        days = self.env._(
            "%(first)s up to and including %(last)s",
            first=self._format_day(self.date_from),
            last=self._format_day(self.date_to),
        ).replace(" ", NBSP)  # the days stay on one line
        parts = [self.type_id.name, self.figures["about"]["policy"], days]
        if self.type_id.confidential:
            parts.append(self.env._("confidential"))
        return " · ".join(parts)

    def _get_closing(self):
        """How was counted and hidden, when and from which version of the policy."""
        about = self.figures["about"]
        day = format_date(self.env, fields.Date.to_date(about["frozen_on"]), date_format="d MMMM y")
        taken = self.env._(
            "Figures taken on %(day)s; version %(versions)s of the policy.",
            day=day,
            versions=", ".join(map(str, about["versions"])),
        )
        return " ".join([about["counting_rule"], about["hiding_rule"], taken])

    def _get_section_values(self):
        texts = {text.place: text for text in self.text_ids}
        sections = [
            {**section, "text": texts.get(place), **self._get_chart(section)}
            for place, section in enumerate((self.figures or {}).get("sections", []))
        ]
        self._place_halves(sections)
        return {"report": self, "sections": sections}

    def _place_halves(self, sections):
        """Small tables that follow on each other stand two by two."""
        side = RIGHT
        for section in sections:
            if section["kind"] in HALVES and not section["chart"]:
                side = LEFT if side == RIGHT else RIGHT
                section["side"] = f"kb-half {side}"
            elif section["kind"] != "text" or section["text"] or section.get("none"):
                side = RIGHT
                section["side"] = ""

    # ---------------------------------------------------------------- charts

    def _get_chart(self, section):
        """A picture of a section, and in words what it shows."""
        bars = self._get_bars(section)
        drawn = len(bars) > 1 and any(bar.value for bar in bars)
        if section.get("show_as") != "chart" or not drawn:
            return {"chart": None}
        draw = chart.column_chart if section["kind"] == "trend" else chart.bar_chart
        svg = draw(bars[:CHART_BARS], self._get_colour())
        said = ", ".join(f"{bar.label} {bar.value:g}" for bar in bars)
        return {"chart": chart.as_data_uri(svg), "alternative": f"{section['title']}: {said}"}

    def _get_bars(self, section):
        if section["kind"] not in ("count", "trend"):
            return []
        bars = [
            # of a subject within another its own name, which is what differs
            chart.Bar(row["label"].rpartition(" / ")[2], row["count"])
            for row in section["rows"]
            if row["count"] is not None
        ]
        if section.get("together"):
            bars.append(chart.Bar(self.env._("Other, together"), section["together"], True))
        return bars


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        if not {
            "raw",
            "datas",
            "db_datas",
            "store_fname",
            "name",
            "res_model",
            "res_id",
        }.isdisjoint(vals):
            self._check_no_report()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_report(self):
        self._check_no_report()

    def _check_no_report(self):
        """The PDF of an approved report never changes."""
        if self.env.context.get("report_sentinel") is REPORT_SENTINEL:
            return
        ids = [line.id for line in self.sudo() if line.res_model == "klachtenbeheer.report"]
        reports_su = self.env["klachtenbeheer.report"].sudo()  # whoever tries
        if ids and reports_su.search_count([("attachment_id", "in", ids)], limit=1):
            raise UserError(self.env._("This is the PDF of a report; it does not change any more."))
