import base64
import io

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import format_date, html2plaintext, split_every

COMPLAINT = "klachtenbeheer.complaint"
# What the policies want in the register (SB45, BA18, SJ52-56, KK44), in that order.
COLUMNS = (
    *("name", "policy_id", "received_on", "channel", "source", "kind", "received_by_id"),
    *("established_by", "incident_on", "incident_place"),
    *("complainant_kind_id", "complainant_name", "complainant_organisation"),
    *("complainant_address", "complainant_email", "complainant_phone"),
    *("title", "description", "category_id", "severity", "respondent_text"),
    *("handler_id", "stage_id", "verdict_id", "outcome", "outcome_note", "closed_on"),
    *("registration_checked_on", "registration_checked_by_id"),
)
WIDTH = 24
LONG = {"description", "title", "outcome_note"}
AT_ONCE = 500  # dossiers in memory
MOST = 10_000  # lines that are made while somebody waits
WRAPPED, HEADING = Alignment(wrap_text=True, vertical="top"), Font(bold=True)


class RegisterExport(models.TransientModel):
    """Dialog: the register as a spreadsheet, with the fields that the policies name.

    Everything is read with the rights of who asks, and that it was asked for is noted on the
    policy: a file travels.
    """

    _name = "klachtenbeheer.register.export"
    _description = "Register of Complaints as a Spreadsheet"

    policy_id = fields.Many2one(
        "klachtenbeheer.policy", domain=[("is_template", "=", False)], help="Empty: all of them."
    )
    date_from = fields.Date(
        "Received from", required=True, default=lambda self: self._get_first_day()
    )
    date_to = fields.Date(
        "Up to and including",
        required=True,
        default=lambda self: self.env.company._complaint_today(),
    )
    file = fields.Binary("Spreadsheet", readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)
    number = fields.Integer("Complaints", readonly=True)

    def _get_first_day(self):
        return self.env.company._complaint_today().replace(month=1, day=1)

    def action_export(self):
        """Make the file, and show where it is."""
        self.ensure_one()
        if not self.env[COMPLAINT]._may_export_register():
            raise AccessError(
                self.env._("The register is exported by the coordinator, or who keeps it.")
            )
        if self.date_from > self.date_to:
            raise UserError(self.env._("The last day is before the first."))
        complaints = self._find_complaints()
        if len(complaints) > MOST:
            raise UserError(
                self.env._(
                    "These are %(number)s complaints, more than fit in one file (%(most)s). Choose"
                    " fewer days or one policy, and make a file of each.",
                    number=len(complaints),
                    most=MOST,
                )
            )
        name = f"klachtenregister-{self.date_from}-{self.date_to}.xlsx"
        self.write({"file": self._make_file(complaints), "file_name": name})
        self.number = len(complaints)
        self._note_on_policies(complaints)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Register as a spreadsheet"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _find_complaints(self):
        domain = Domain("in_register", "=", True) & Domain("is_practice", "=", False)
        domain &= Domain("received_on", ">=", self.date_from)
        domain &= Domain("received_on", "<=", self.date_to)
        if self.policy_id:
            domain &= Domain("policy_id.code", "=", self.policy_id.code)
        complaints = self.env[COMPLAINT].with_context(active_test=False)
        return complaints.search(domain, order="received_on, id")

    def _note_on_policies(self, complaints):
        policies_su = (self.policy_id | complaints.policy_id).sudo()  # who may export may be noted
        for policy_su in policies_su:
            policy_su._message_log(
                body=self.env._(
                    "Register exported by %(user)s: received from %(first)s up to and including"
                    " %(last)s",
                    user=self.env.user.name,
                    first=format_date(self.env, self.date_from, date_format="EEE d MMM y"),
                    last=format_date(self.env, self.date_to, date_format="EEE d MMM y"),
                )
            )

    # ---------------------------------------------------------------- file

    def _make_file(self, complaints):
        book = Workbook(write_only=True)  # lines go to the file as they come
        sheet = book.create_sheet(self.env._("Complaint register")[:31])
        columns = self._get_columns(complaints)
        for place, (fname, _label) in enumerate(columns, start=1):
            letter = get_column_letter(place)
            sheet.column_dimensions[letter].width = WIDTH * (2 if fname in LONG else 1)
        sheet.freeze_panes = "B2"
        sheet.append([self._make_cell(sheet, label, font=HEADING) for _fname, label in columns])
        for ids in split_every(AT_ONCE, complaints.ids):
            for complaint in complaints.browse(ids):
                values = (self._get_value(complaint, fname) for fname, _label in columns)
                sheet.append([self._make_cell(sheet, value) for value in values])
            self.env.invalidate_all()  # nothing was changed; what was read need not be kept
        stream = io.BytesIO()
        book.save(stream)
        return base64.b64encode(stream.getvalue())

    def _get_columns(self, complaints):
        """(field, label) of those that the user may read at all."""
        found = complaints.fields_get([*COLUMNS, "agreement_ids"], ["string"])
        columns = [(fname, found[fname]["string"]) for fname in COLUMNS if fname in found]
        if "agreement_ids" in found:
            columns.append(("contacts", self.env._("Contacts: dates, agreements, actions")))
        return columns

    def _get_value(self, complaint, fname):
        if fname == "contacts":
            return self._describe_contacts(complaint)
        field, value = complaint._fields[fname], complaint[fname]
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "")
        if field.type == "many2one":
            return value.display_name or ""
        return value or None

    def _describe_contacts(self, complaint):
        """SJ56: data, agreements and actions, a line each."""
        lines = []
        if "hearing_ids" in complaint and complaint.hearing_ids.has_access("read"):
            lines += [
                f"{hearing.held_on}: {html2plaintext(hearing.aim or '')}".rstrip(": ")
                for hearing in complaint.hearing_ids.filtered("held_on")
            ]
        if complaint.agreement_ids.has_access("read"):
            lines += [
                f"{line.due_on or ''} {line.name} ({line.owner_name or ''})".replace(" ()", "")
                for line in complaint.agreement_ids
            ]
        return "\n".join(line.strip() for line in lines)

    def _make_cell(self, sheet, value, font=None):
        if not isinstance(value, str):
            return value
        cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
        cell.data_type = "s"  # never a formula, whatever somebody wrote
        cell.alignment = WRAPPED
        if font:
            cell.font = font
        return cell
