from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..support.common import ComplaintCase, local_noon


@tagged("post_install", "-at_install")
class TestClosingDialog(ComplaintCase):
    """Closing says what is still running and what is empty, and asks once."""

    @local_noon("2026-04-10")
    def test_what_runs_and_what_is_empty_is_said_before(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        complaint.record_event("acknowledged")
        complaint.record_event("answered")
        complaint.outcome = False
        coordinator = self.as_role(complaint, "coordinator")
        action = coordinator.action_open_close()
        dialogs = self.as_role(self.env[action["res_model"]], "coordinator")
        dialog = Form(dialogs.with_context(**action["context"]))
        self.assertIn("Bezwaar, until", dialog.running_text)
        self.assertIn("Severity", dialog.empty_text)
        self.assertIn("Outcome", dialog.missing_text)
        dialog.outcome = "answered"
        self.assertFalse(dialog.missing_text)
        dialog.save().action_close()
        self.assertRecordValues(complaint, [{"is_closed": True, "outcome": "answered"}])

    @local_noon("2026-04-10")
    def test_a_duty_that_runs_stands_in_the_way(self):
        complaint = self.file_complaint(received_on="2026-04-02", outcome="answered")
        dialog = self.as_role(self.env["klachtenbeheer.close"], "coordinator").create(
            {"complaint_id": complaint.id}
        )
        self.assertIn("Antwoord", dialog.missing_text)
        with self.assertRaisesRegex(UserError, "Antwoord"):
            dialog.action_close()
        self.assertFalse(complaint.is_closed)
