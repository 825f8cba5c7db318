from odoo import api, fields, models
from odoo.exceptions import ValidationError

COUNT, TREND, TERMS, TEXT = "count", "trend", "terms", "text"
# What a complaint can be counted by. No field that tells of a person is among them.
DIMENSIONS = [
    ("category_id", "Subject"),
    ("complainant_kind_id", "In what capacity"),
    ("channel", "How it came in"),
    ("severity", "Severity"),
    ("kind", "Informal or formal"),
    ("source", "Reported here or at an external body"),
    ("verdict", "Verdict"),
    ("outcome", "How it ended"),
    ("escalation_level", "Called in"),
]


class ReportSection(models.Model):
    """One part of a kind of report."""

    _name = "klachtenbeheer.report.section"
    _description = "Section of a Kind of Report"
    _order = "sequence, id"

    type_id = fields.Many2one(
        "klachtenbeheer.report.type", required=True, ondelete="cascade", index=True
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Heading", required=True, translate=True)
    kind = fields.Selection(
        [
            ("key_figures", "The figures that matter most"),
            (COUNT, "A count by…"),
            (TERMS, "In time, by duty"),
            ("misses", "Duties that were missed"),
            (TREND, "A trend over periods"),
            ("measures", "List of measures"),
            ("recommendations", "List of recommendations"),
            (TEXT, "A text to write"),
            ("exceptional", "Exceptional complaints, in neutral words"),
        ],
        required=True,
        default=COUNT,
    )
    dimension = fields.Selection(DIMENSIONS, "By")
    show_as = fields.Selection(
        [("table", "Table"), ("chart", "Chart and table")], default="table", required=True
    )
    compare = fields.Boolean("Beside the period before")
    term_codes = fields.Char(
        "Only these duties", help="Codes of terms, with commas; empty: every duty."
    )
    periods = fields.Integer("Number of periods", default=4)
    help_text = fields.Text("What to write", translate=True)
    required = fields.Boolean(
        "Must be filled in", default=True, help="The report is not final without this text."
    )

    @api.constrains("kind", "dimension")
    def _check_dimension(self):
        if any(section.kind == COUNT and not section.dimension for section in self):
            raise ValidationError(self.env._("Say by what is to be counted."))

    @api.constrains("kind", "periods")
    def _check_periods(self):
        if any(section.kind == TREND and not 2 <= section.periods <= 12 for section in self):
            raise ValidationError(self.env._("A trend is over 2 to 12 periods."))

    def _get_term_codes(self):
        return [code.strip() for code in (self.term_codes or "").split(",") if code.strip()]

    def _is_text(self):
        return self.kind in (TEXT, "exceptional")
