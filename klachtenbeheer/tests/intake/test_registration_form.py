import base64
import io
from datetime import date

from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.handling_common import HandlingCase

REPORT = "klachtenbeheer.registration_form_report"


@tagged("post_install", "-at_install")
class TestRegistrationForm(HandlingCase):
    """The quick entry with a scan, and the registration form on paper."""

    SOURCES = ("ba",)

    def register(self, role="employee", **vals):
        with local_noon("2026-06-01"):
            intakes = self.as_role(self.env["klachtenbeheer.intake"], role)
            intake = intakes.create(
                {
                    "policy_id": self.policies["ba"].id,
                    "description": "De hulp kwam niet.",
                    "channel": "post",
                    "complainant_name": "Kees Klager",
                    "respondent_text": "De avonddienst",
                    **vals,
                }
            )
            intake.action_register()
        return self.env["klachtenbeheer.complaint"].search(
            [("name", "=", intake.reference), ("company_id", "=", self.company.id)]
        )

    def upload(self, role="employee", **vals):
        """As the upload button does on a screen that is not saved yet."""
        return self.as_role(self.env["ir.attachment"], role).create(
            {
                "name": "brief.pdf",
                "datas": base64.b64encode(b"scan"),
                "res_model": "klachtenbeheer.intake",
                "res_id": 0,
                **vals,
            }
        )

    def read_form(self, complaint, role):
        reports = self.as_role(self.env["ir.actions.report"], role)
        reports = reports.with_context(force_report_rendering=True)
        content, kind = reports._render_qweb_pdf(REPORT, complaint.ids)
        self.assertEqual(kind, "pdf")
        text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        return " ".join(text.split())

    def test_a_scan_goes_to_the_dossier_and_out_of_sight_of_who_registered(self):
        scan = self.upload()
        complaint = self.register(attachment_ids=[(6, 0, scan.ids)])
        self.assertEqual((scan.res_model, scan.res_id), (complaint._name, complaint.id))
        self.assertEqual(self.as_role(scan, "coordinator").raw, b"scan")
        scan.invalidate_recordset()
        with self.assertRaises(AccessError):
            self.as_role(scan, "employee").read(["name"])

    def test_a_file_of_somebody_else_is_not_taken_along(self):
        scan = self.upload("coordinator", public=True)
        self.register(attachment_ids=[(6, 0, scan.ids)])
        self.assertEqual(scan.res_model, "klachtenbeheer.intake")

    def test_the_form_tells_origin_content_date_and_manner(self):
        complaint = self.register()
        self.assertEqual(complaint.received_on, date(2026, 6, 1))
        text = self.read_form(complaint, "registrar")
        channel = dict(complaint._fields["channel"]._description_selection(self.env))["post"]
        for part in (
            complaint.name,
            "De hulp kwam niet.",
            "Kees Klager",
            "De avonddienst",
            channel,
            "2026",
            self.users["employee"].name,
        ):
            with self.subTest(part=part):
                self.assertIn(part, text)

    def test_the_form_of_a_dossier_is_for_who_sees_the_dossier(self):
        complaint = self.register()
        complaint.respondent_ids = self.users["registrar"].partner_id
        for role in ("employee", "handler", "registrar", "board"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.read_form(complaint, role)
