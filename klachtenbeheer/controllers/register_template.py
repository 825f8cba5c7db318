import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from odoo.http import Controller, content_disposition, request, route

from ..wizard.intake.register_import import COLUMNS, LISTS, PAST, REQUIRED

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RegisterTemplate(Controller):
    """The empty spreadsheet with which a register is taken over, in the user's language."""

    @route("/klachtenbeheer/register-template/<int:policy_id>", type="http", auth="user")
    def register_template(self, policy_id):
        policy = request.env["klachtenbeheer.policy"].search([("id", "=", policy_id)])
        wizards = request.env["klachtenbeheer.register.import"]
        if not policy or not wizards.has_access("create"):
            raise request.not_found()
        content = self._make_workbook(wizards.new({"policy_id": policy.id}))
        name = request.env._("Complaint register") + ".xlsx"
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    def _make_workbook(self, wizard):
        book = Workbook()
        headers = wizard._get_headers()
        sheet = book.active
        sheet.title = request.env._("Complaints")
        for number, label in enumerate(headers.values(), 1):
            cell = sheet.cell(1, number, label)
            cell.font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(number)].width = max(14, len(label) + 2)
        sheet.freeze_panes = "A2"
        self._explain_columns(book.create_sheet(request.env._("Explanation")), wizard, headers)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def _explain_columns(self, sheet, wizard, headers):
        for key, label in headers.items():
            sheet.append([label, self._explain_column(wizard, key)])
            sheet.cell(sheet.max_row, 1).font = Font(bold=True)
            sheet.cell(sheet.max_row, 2).alignment = Alignment(wrap_text=True)
        sheet.column_dimensions["A"].width = 32
        sheet.column_dimensions["B"].width = 90

    def _explain_column(self, wizard, key):
        """What may be filled in, in words."""
        required = request.env._("Mandatory.") if key in REQUIRED else ""
        how = "date" if key in PAST else COLUMNS[key]
        text = {
            "text": "",
            "email": "",
            "date": request.env._("A date, such as 31-12-2025."),
            "yes_no": request.env._("Yes or no."),
        }.get(how)
        if text is None:
            labels = (
                wizard.policy_id[LISTS[key]].mapped("name")
                if how == "listed"
                else wizard._get_choice_labels(key)
            )
            text = request.env._("One of: %s.", ", ".join(labels)) if labels else ""
        if key == "former_reference":
            text = request.env._("The number in the register until now; not used twice.")
        return " ".join(filter(None, (required, text)))
