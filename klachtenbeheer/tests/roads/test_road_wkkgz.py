from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.road_common import RoadCase, local_noon


@tagged("post_install", "-at_install")
class TestRoadWkkgz(RoadCase):
    """Wkkgz, from ma 1 June 2026: six weeks are ma 13 July, four more ma 10 August."""

    SOURCES = ("wkkgz",)

    def test_from_receipt_to_the_disputes_body(self):
        """Confirmed, more time in writing, decided with the term of the measures, and where to
        go after that."""
        self.assertFalse(self.policies["wkkgz"].regime_warning)
        complaint = self.take_in("wkkgz", "2026-06-01")
        self.classify(complaint, "2026-06-02", severity="low", title="De zorg op dinsdag")
        self.assertDue(complaint, acknowledge="2026-06-08", decide="2026-07-13")
        with local_noon("2026-06-02"):
            self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
        text = self.send(complaint, "acknowledgement", "2026-06-03")
        self.assertSays(text, "Binnen 6 weken", "maandag 13 juli 2026", "klachtenfunctionaris")
        with local_noon("2026-06-04"):
            self.as_role(complaint, "handler").record_event("taken_up")
        self.delay(complaint)
        self.decide(complaint)
        with local_noon("2026-08-04"):
            self.as_role(complaint, "coordinator").action_close()
        self.assertRecordValues(complaint, [{"is_closed": True, "outcome": "decided"}])
        self.assertAllInTime(complaint)

    def delay(self, complaint):
        reason = {"reason": "Een arts is met verlof."}
        with local_noon("2026-07-06"):
            letter = self.prepare(complaint, "delay_notice", promised_on="2026-08-11", **reason)
            with self.assertRaisesRegex(UserError, "at the latest"):
                letter.action_send()
            letter.promised_on = "2026-08-10"
            with self.mail_server():
                letter.action_send()
        self.assertDue(complaint, decide="2026-08-10")

    def decide(self, complaint):
        self.hear(complaint, "2026-07-08")
        with local_noon("2026-07-20"):
            as_handler = self.as_role(complaint, "handler")
            as_handler.write(
                {
                    "summary": self.WORDS,
                    "findings": "<p>De wijkverpleging kwam niet.</p>",
                    "verdict": "upheld",
                    "verdict_motivation": "<p>Wij hadden u moeten bellen.</p>",
                }
            )
            letter = self.prepare(complaint, "decision")
            self.assertIn("Measures, or the choice", letter.missing_text)
            as_handler.no_measures = True
        text = self.send(complaint, "decision", "2026-08-03", "handler", approved_by="director")
        self.assertSays(text, "gegrond", "geschilleninstantie", "binnen een jaar")
