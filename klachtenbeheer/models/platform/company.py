import secrets
from datetime import datetime
from zoneinfo import ZoneInfo

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL, ormcache

from ...tools.reference import scramble
from .memory import forget, recall

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
        return datetime.now(ZoneInfo(self._get_zone_name())).date()

    @ormcache("self.id")
    def _get_zone_name(self):
        """The time zone of the organisation; which that is, is no secret."""
        return self.sudo().partner_id.tz or DEFAULT_TZ

    def write(self, vals):
        if "partner_id" in vals:
            forget(self.env)
        return super().write(vals)

    def _next_complaint_references(self, year, count):
        """The next references of a company in a calendar year: the register runs on without
        gaps, what people see of it tells nothing of what they don't.

        :return: list of `count` pairs such as («K2026-483917», 1)
        """
        return self._take_numbers("complaint_sequence_id", year, count)

    def _next_formal_numbers(self, year, count):
        """The next numbers of formal complaints, such as («F2026-483917», 1) (SB27)."""
        return self._take_numbers("formal_sequence_id", year, count)

    @api.model
    def _write_references(self, sequence, key, year, numbers):
        """Running numbers with the reference that each of them is known by.

        :param key: what scrambles the numbers of this company
        """
        key = f"{key}:{sequence.id}"
        day = fields.Date.to_date(f"{year}-01-01")
        prefix, suffix = sequence._get_prefix_suffix(date=day, date_range=day)
        return [(f"{prefix}{scramble(number, year, key)}{suffix}", number) for number in numbers]

    def _take_numbers(self, fname, year, count):
        """The next numbers of a sequence in a calendar year, without gaps.

        The row of the period stays locked until the transaction ends, so a number that is
        rolled back is given out again. Whoever registers at the same moment waits, and is
        run again by the platform with the number that follows; `lock_for_update` would
        refuse the registration instead.

        :param fname: the field of the company with the sequence
        """
        self.ensure_one()
        taken = self._raise_number(fname, year, count)
        if not taken:
            self._prepare_numbering(fname, year)
            taken = self._raise_number(fname, year, count)
        [(last, sequence_id, prefix, suffix, key, _skipped)] = taken
        # whoever registers a complaint takes a number, without rights on sequences
        sequence = self.env["ir.sequence"].sudo().browse(sequence_id)
        recall(
            self.env, (sequence._name, sequence._ids, {"prefix": (prefix,), "suffix": (suffix,)})
        )
        return self._write_references(sequence, key, year, range(last - count, last))

    def _raise_number(self, fname, year, count):
        """Take numbers and lock their period, in one statement; nothing where it has none yet.

        A few ids of complaints are left out each time, so that one that is missing from what
        somebody sees says nothing either.
        """
        periods = self.env["ir.sequence.date_range"]
        periods.flush_model(["number_next"])
        taken = self.env.execute_query(
            SQL(
                """
                UPDATE ir_sequence_date_range AS period
                SET number_next = period.number_next + %(count)s
                FROM res_company company
                JOIN ir_sequence sequence ON sequence.id = company.%(fname)s
                WHERE company.id = %(company)s
                    AND period.sequence_id = sequence.id
                    AND period.date_from = %(first_day)s
                    AND company.complaint_reference_key IS NOT NULL
                RETURNING period.number_next, sequence.id, sequence.prefix, sequence.suffix,
                    company.complaint_reference_key,
                    (
                        SELECT count(nextval('klachtenbeheer_complaint_id_seq'))
                        FROM generate_series(1, (random() * 3)::int)
                    )
                """,
                count=count,
                fname=SQL.identifier(fname),
                company=self.id,
                first_day=f"{year}-01-01",
            )
        )
        periods.invalidate_model(["number_next"], flush=False)
        return taken

    def _prepare_numbering(self, fname, year):
        """Make what a company needs for its first number, and for the first one of a year."""
        company_su = self.sudo()  # whoever registers a complaint needs the key, and sees it not
        if not company_su.complaint_reference_key:
            company_su.complaint_reference_key = secrets.token_hex(16)
        make = {
            "complaint_sequence_id": self._get_complaint_sequence,
            "formal_sequence_id": self._get_formal_sequence,
        }[fname]
        self._get_complaint_period(make(), year)
        self.env.flush_all()

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


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        if "tz" in vals:
            forget(self.env)  # it may be that of an organisation
        return super().write(vals)
