from odoo.tests import tagged

from ..support.road_common import RoadCase, local_noon


@tagged("post_install", "-at_install")
class TestRoadIso(RoadCase):
    """After ISO 10002, from ma 1 June 2026: confirmed at once, answered within four weeks."""

    SOURCES = ("iso",)

    def test_from_receipt_to_closing(self):
        with self.mail_server():
            complaint = self.take_in("iso", "2026-06-01", desired_solution="Een gratis rit.")
        sent = complaint.letter_ids.filtered(lambda line: line.state in ("sent", "sending"))
        self.assertEqual(sent.type_id.code, "acknowledgement", "by itself, on receipt")
        self.classify(complaint, "2026-06-02", severity="high", title="De bus kwam niet")
        self.assertDue(complaint, acknowledge="2026-06-01", answer="2026-06-29")
        with local_noon("2026-06-02"):
            self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
        with local_noon("2026-06-04"):
            self.as_role(complaint, "handler").record_event("taken_up")
            self.as_role(complaint, "handler").write(
                {**self.CONTENT, "outcome_note": "Er rijdt een vaste vervanger."}
            )
        text = self.send(complaint, "answer", "2026-06-12", "handler")
        self.assertSays(text, "opnieuw naar uw klacht", "instantie")
        with local_noon("2026-06-15"):
            self.as_role(complaint, "coordinator").action_close()
        self.assertRecordValues(complaint, [{"is_closed": True, "outcome": "answered"}])
        self.assertAllInTime(complaint)
