import base64
import io
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...wizard.reports import register_export
from ..support.common import local_noon
from ..support.handling_common import HandlingCase


@tagged("post_install", "-at_install")
class TestRegisterSheet(HandlingCase):
    """The register on screen and as a spreadsheet (SB45, BA18, SJ31, SJ52-56, KK44)."""

    SOURCES = ("sj", "kk")

    def export(self, role="coordinator", **vals):
        with local_noon("2026-07-01"):
            dialog = self.as_role(self.env["klachtenbeheer.register.export"], role).create(vals)
            dialog.action_export()
        book = load_workbook(io.BytesIO(base64.b64decode(dialog.file)))
        header, *rows = book.active.iter_rows(values_only=True)
        return [dict(zip(header, row, strict=True)) for row in rows], book.active

    def search_filter(self, name):
        view = self.env.ref("klachtenbeheer.register_view_search")
        arch = self.env["klachtenbeheer.complaint"].get_view(view.id, "search")["arch"]
        from lxml import etree

        [node] = etree.fromstring(arch).xpath(f"//filter[@name='{name}']")
        domain = eval(node.get("domain"))  # our own view
        return self.env["klachtenbeheer.complaint"].search(domain)

    def test_every_complaint_with_the_fields_that_the_policies_name(self):
        complaint = self.file_under(
            "sj", complainant_name="Kees Klager", incident_place="Balie", established_by="Ans"
        )
        other = self.file_under("kk", day="2026-06-02")
        rows, _sheet = self.export()
        self.assertEqual([row["Reference"] for row in rows], [complaint.name, other.name])
        [line] = [row for row in rows if row["Reference"] == complaint.name]
        self.assertEqual(
            line["Complainant"] if "Complainant" in line else line["Name"], "Kees Klager"
        )
        self.assertIn("Balie", line.values())
        self.assertIn("Ans", line.values())
        narrowed, _sheet = self.export(policy_id=self.policies["kk"].id)
        self.assertEqual([row["Reference"] for row in narrowed], [other.name])

    def test_each_field_that_a_policy_names_is_a_column_with_its_value(self):
        """BA18: origin, content, date, manner; SJ52: who, when, where and by whom established;
        SJ53: notified, taken, passed on; SJ54: description; SJ55: settled when and how; SJ56:
        contacts."""
        complaint = self.file_under(
            "sj",
            title="Bus te laat",  # else the subject is the description once more
            complainant_name="Kees Klager",
            complainant_address="Dorpsstraat 1",
            incident_on="2026-05-30",
            incident_place="Balie",
            established_by="Ans",
            handler_id=self.users["handler"].id,
        )
        self.register_fully(complaint)
        complaint._as_procedure().write({"outcome": "answered", "closed_on": "2026-06-09"})
        self.env["klachtenbeheer.agreement"].create(
            {"complaint_id": complaint.id, "name": "Wij bellen vóór tien uur"}
        )
        [line], _sheet = self.export()
        for value in (
            *("Kees Klager", "Dorpsstraat 1", "Balie", "Ans", "Low", "E-mail"),
            *(complaint.description, complaint.category_id.name, self.users["handler"].name),
            *("Uitgelegd en goedgemaakt.", complaint.received_by_id.name, "Answered"),
            complaint.complainant_kind_id.name,
        ):
            self.assertIn(value, line.values())
        days = {value.date().isoformat() for value in line.values() if hasattr(value, "date")}
        self.assertEqual(days, {"2026-05-30", "2026-06-01", "2026-06-09"})
        self.assertIn("Wij bellen vóór tien uur", line["Contacts: dates, agreements, actions"])

    def test_what_somebody_wrote_is_no_formula(self):
        self.file_under("sj", complainant_name='=HYPERLINK("http://x.example","x")')
        _rows, sheet = self.export()
        kinds = {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row}
        self.assertNotIn("f", kinds)

    def test_what_no_spreadsheet_can_hold_is_left_out(self):
        """What is typed is tidied; what was stored before may hold anything, and one such sign
        costs nobody the register."""
        complaint = self.file_under("sj")
        self.env.flush_all()
        query = "UPDATE klachtenbeheer_complaint SET title = %s WHERE id = %s"
        self.env.cr.execute(query, ["Bus\x0b te laat", complaint.id])
        complaint.invalidate_recordset()
        [line], _sheet = self.export()
        self.assertIn("Bus te laat", line.values())

    def test_a_file_is_made_a_part_at_a_time(self):
        names = [self.file_under("sj", day=f"2026-06-{day:02}").name for day in range(1, 6)]
        with patch.object(register_export, "AT_ONCE", 2):
            rows, sheet = self.export()
        self.assertEqual([row["Reference"] for row in rows], names)
        self.assertEqual(sheet.freeze_panes, "B2")
        self.assertTrue(sheet["A1"].font.bold)

    def test_more_than_a_file_holds_is_refused_in_words(self):
        complaint = self.file_under("sj")
        self.file_under("sj")
        before = complaint.policy_id.message_ids
        refused = self.assertRaisesRegex(UserError, "2 complaints, more than fit")
        with patch.object(register_export, "MOST", 1), refused:
            self.export()
        self.assertEqual(complaint.policy_id.message_ids, before, "nothing was made")

    def test_who_may_export_and_that_it_is_noted(self):
        complaint = self.file_under("sj")
        for role in ("handler", "director", "board", "employee", "manager"):
            with self.subTest(role), self.assertRaises(AccessError):
                self.export(role)
        before = complaint.policy_id.message_ids
        self.export("registrar")
        noted = complaint.policy_id.message_ids - before
        self.assertEqual(len(noted), 1)
        self.assertIn(self.users["registrar"].name, noted.body)
        self.assertIn("2026", noted.body)

    def test_a_dossier_about_who_exports_is_not_in_it(self):
        complaint = self.file_under("sj")
        complaint.respondent_ids = self.users["coordinator"].partner_id
        rows, _sheet = self.export()
        self.assertNotIn(complaint.name, [row["Reference"] for row in rows])

    def test_unchecked_and_incomplete_registrations(self):
        complaint = self.file_under("sj", complainant_name="Kees Klager")
        self.assertIn(complaint, self.search_filter("unchecked"))
        self.assertIn(complaint, self.search_filter("incomplete"))
        complaint.write(
            {
                "category_id": complaint.policy_id.category_ids[:1].id,
                "established_by": "Ans",
                "incident_place": "Balie",
            }
        )
        self.assertNotIn(complaint, self.search_filter("incomplete"))
        self.as_role(complaint, "coordinator").action_check_registration()
        self.assertNotIn(complaint, self.search_filter("unchecked"))
