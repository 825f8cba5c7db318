import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

from psycopg2.errors import UniqueViolation

from odoo import fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ...tools.reference import scramble

DEFAULT_TZ = "Europe/Amsterdam"


class ResCompany(models.Model):
    _inherit = "res.company"

    complaint_sequence_id = fields.Many2one(
        "ir.sequence", "Complaint numbering", readonly=True, copy=False
    )
    formal_sequence_id = fields.Many2one(
        "ir.sequence", "Numbering of formal complaints", readonly=True, copy=False
    )

    # not the secret of the database: that is made anew in a copy, and then numbers would clash
    complaint_reference_key = fields.Char(groups=fields.NO_ACCESS, copy=False)

    def _complaint_today(self):
        """The local date of the organisation: terms end at 24.00 local time (design.md 4.8)."""
        self.ensure_one()
        zone = ZoneInfo(self.sudo().partner_id.tz or DEFAULT_TZ)
        return datetime.now(zone).date()

    def _next_complaint_references(self, year, count):
        """The next references of a company in a calendar year: the register runs on without
        gaps, what people see of it tells nothing of what they don't.

        :return: list of `count` pairs such as («K2026-483917», 1)
        """
        return self._take_numbers(self._get_complaint_sequence(), year, count)

    def _next_formal_numbers(self, year, count):
        """The next numbers of formal complaints, such as («F2026-483917», 1) (SB27)."""
        return self._take_numbers(self._get_formal_sequence(), year, count)

    def _write_references(self, sequence, year, numbers):
        """Running numbers with the reference that each of them is known by."""
        company_su = self.sudo()  # whoever registers a complaint needs the key, and sees it not
        if not company_su.complaint_reference_key:
            company_su.complaint_reference_key = secrets.token_hex(16)
        key = f"{company_su.complaint_reference_key}:{sequence.id}"
        day = fields.Date.to_date(f"{year}-01-01")
        prefix, suffix = sequence._get_prefix_suffix(date=day, date_range=day)
        return [(f"{prefix}{scramble(number, year, key)}{suffix}", number) for number in numbers]

    def _take_numbers(self, sequence, year, count):
        """The next numbers of a sequence in a calendar year, without gaps.

        The row of the period stays locked until the transaction ends, so a number that is
        rolled back is given out again. Whoever registers at the same moment waits, and is
        run again by the platform with the number that follows; `lock_for_update` would
        refuse the registration instead.
        """
        self.ensure_one()
        period = self._get_complaint_period(sequence, year)
        self.env.execute_query(
            SQL("SELECT id FROM ir_sequence_date_range WHERE id = %s FOR UPDATE", period.id)
        )
        period.invalidate_recordset(["number_next"])
        first = period.number_next
        period.number_next = first + count
        return self._write_references(sequence, year, range(first, first + count))

    def _get_complaint_sequence(self):
        # whoever registers a complaint takes a number, without rights on sequences
        company = self.sudo()
        if not company.complaint_sequence_id:
            company.complaint_sequence_id = company._make_sequence(
                company.env._("Complaints of %s", company.name), "klachtenbeheer.complaint", "K"
            )
        return company.complaint_sequence_id

    def _get_formal_sequence(self):
        # as for the references
        company = self.sudo()
        if not company.formal_sequence_id:
            company.formal_sequence_id = company._make_sequence(
                company.env._("Formal complaints of %s", company.name),
                "klachtenbeheer.complaint.formal",
                "F",
            )
        return company.formal_sequence_id

    def _make_sequence(self, name, code, letter):
        return self.env["ir.sequence"].create(
            {
                "name": name,
                "code": code,
                "prefix": f"{letter}%(range_year)s-",
                "padding": 4,
                "use_date_range": True,
                "implementation": "no_gap",
                "company_id": self.id,
            }
        )

    def _get_complaint_period(self, sequence, year):
        first_day = f"{year}-01-01"
        periods = sequence.env["ir.sequence.date_range"]
        return periods.search(
            [("sequence_id", "=", sequence.id), ("date_from", "=", first_day)], limit=1
        ) or self._make_complaint_period(sequence, year)

    def _make_complaint_period(self, sequence, year):
        periods = sequence.env["ir.sequence.date_range"]
        try:
            with self.env.cr.savepoint():
                return periods.create(
                    {
                        "sequence_id": sequence.id,
                        "date_from": f"{year}-01-01",
                        "date_to": f"{year}-12-31",
                    }
                )
        except UniqueViolation as error:
            # the first two complaints of a year at once: the platform runs the second again
            raise ConcurrencyError("the numbering of this year was just made") from error
