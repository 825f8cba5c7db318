from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ..policy.role import ROLES

PERIOD_MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12, "two_years": 24}
LEAST_THRESHOLD = 3  # below this a number says who it is (law.md 3.4: 3, 5 or 10)
STRICTER = {"team": 10, "public": 10}  # the least threshold where many read along
READS_DOSSIERS = ("director", "coordinator")  # whom a figure about one dossier tells nothing new
DIRECTOR = "director"


class ReportType(models.Model):
    """What a report consists of, over which period, for whom: records, no code."""

    _name = "klachtenbeheer.report.type"
    _description = "Kind of Report"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short name, in file names.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Of this organisation only; empty for those of all.", index=True
    )
    title = fields.Char(
        required=True, translate=True, help="Heading of the report; «{period}» is filled in."
    )
    clause = fields.Char("Asked for by", help="The policy or law that wants this report.")
    period = fields.Selection(
        [
            ("month", "A month"),
            ("quarter", "A quarter"),
            ("half_year", "Half a year"),
            ("year", "A calendar year"),
            ("two_years", "Two calendar years"),
        ],
        default="year",
        required=True,
    )
    audience = fields.Selection(
        [
            ("board", "Board"),
            ("director", "Directie"),
            ("management", "Management"),
            ("team", "Teams"),
            ("public", "Public"),
            ("supervisor", "Supervisor"),
            ("coordinator", "Coordinator"),
        ],
        default="director",
        required=True,
    )
    confidential = fields.Boolean(default=True, help="Says so on the report.")
    threshold = fields.Integer(
        "Hide numbers below",
        default=5,
        required=True,
        help="Smaller numbers in a breakdown are taken together, so that nobody is recognised.",
    )
    approver_role = fields.Selection(
        ROLES, "Approved by", default=DIRECTOR, help="Empty: the coordinator sends it."
    )
    recipient_role_ids = fields.One2many(
        "klachtenbeheer.report.type.recipient", "type_id", "Goes to", copy=True
    )
    start_workdays = fields.Integer(
        "Figures after (werkdagen)",
        default=5,
        help="The figures are taken this many werkdagen after the first werkdag that follows on"
        " the period, so that what came in last has been registered.",
    )
    due_months = fields.Integer(
        "Received within (months)", default=2, help="Months after the end of the period."
    )
    section_ids = fields.One2many("klachtenbeheer.report.section", "type_id", "Sections", copy=True)
    discuss_management = fields.Boolean("Discussed by management")
    discuss_team = fields.Boolean("Discussed in team meetings")
    discuss_board = fields.Boolean("Put before the board")

    _code_uniq = models.Constraint(
        "UNIQUE(code, company_id)", "This short name is used by another kind of report."
    )

    @api.constrains("threshold", "audience")
    def _check_threshold(self):
        for line in self:
            least = STRICTER.get(line.audience, LEAST_THRESHOLD)
            if line.threshold < least:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” must hide numbers below %(least)s or more: whoever reads it"
                        " could recognise somebody.",
                        name=line.name,
                        least=least,
                    )
                )

    @api.constrains("title")
    def _check_title(self):
        for line in self:
            if "{period}" not in line.title:
                raise ValidationError(
                    self.env._("The heading needs «{period}»: where the period is filled in.")
                )

    def copy_data(self, default=None):
        return [
            {**vals, "code": self._get_free_code(vals["code"]), **(default or {})}
            for vals in super().copy_data(default)
        ]

    @api.model
    def _get_free_code(self, code):
        """A short name that no other kind has, whoever made that."""
        own = self.env._("own")
        base = free = f"{code}-{own}"
        kinds_su = self.sudo().with_context(active_test=False)  # of other organisations too
        number = 1
        while kinds_su.search_count([("code", "=", free)], limit=1):
            number += 1
            free = f"{base}-{number}"
        return free

    def _prepare_frozen_vals(self):
        """What a report keeps of its kind, as its figures were taken for it."""
        return {"kind": self.code, "audience": self.audience, "threshold": self.threshold}

    # ---------------------------------------------------------------- periods

    def _get_period(self, day):
        """The period in which a local date falls: (first day, last day)."""
        self.ensure_one()
        months = PERIOD_MONTHS[self.period]
        place = (day.year * 12 + day.month - 1) // months * months
        first = date(place // 12, place % 12 + 1, 1)
        return first, first + relativedelta(months=months) - timedelta(days=1)

    def _get_period_before(self, first):
        """The period that ends on the day before one that starts on this day."""
        return self._get_period(first - timedelta(days=1))

    @api.model
    def _get_period_name(self, first, last):
        """A period in words that fit in a sentence, in the language of the environment."""
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        if months == 12 and first.month == 1:
            return str(first.year)
        if months == 6 and first.month in (1, 7):
            return (
                self.env._("the first half of %s", first.year)
                if first.month == 1
                else self.env._("the second half of %s", first.year)
            )
        if months == 3:
            quarter = (first.month + 2) // 3
            return self.env._("quarter %(number)s of %(year)s", number=quarter, year=first.year)
        if months == 1:
            return format_date(self.env, first, date_format="MMMM y")
        return self.env._("%(first)s to %(last)s", first=first.year, last=last.year)

    @api.model
    def _get_short_period_name(self, first, last):
        """As under a bar of a chart."""
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        if months == 6:
            half = 1 if first.month == 1 else 2
            return self.env._("half %(number)s, %(year)s", number=half, year=first.year)
        if months == 3:
            quarter = (first.month + 2) // 3
            return self.env._("Q%(number)s %(year)s", number=quarter, year=first.year)
        if months == 1:
            return format_date(self.env, first, date_format="MMM y")
        return self._get_period_name(first, last)

    def _get_title(self, first, last):
        return self.title.replace("{period}", self._get_period_name(first, last))

    def _get_due_date(self, last):
        """The last day on which a report over a period that ends on this day is in time."""
        after = last + timedelta(days=1)  # not 30 June + 2 months, which is 30 August
        return after + relativedelta(months=self.due_months) - timedelta(days=1)


class ReportTypeRecipient(models.Model):
    """A role of the policy that gets a kind of report."""

    _name = "klachtenbeheer.report.type.recipient"
    _description = "Role That Receives a Report"

    type_id = fields.Many2one(
        "klachtenbeheer.report.type", required=True, ondelete="cascade", index=True
    )
    role = fields.Selection(ROLES, required=True)

    _role_uniq = models.Constraint("UNIQUE(type_id, role)", "This role receives it already.")
