from odoo.tests import tagged

from ..support.road_common import RoadCase, local_noon


@tagged("post_install", "-at_install")
class TestRoadChildcare(RoadCase):
    """Wet kinderopvang, from ma 1 June 2026: six weeks are ma 13 July, and no longer."""

    SOURCES = ("childcare",)

    def test_from_receipt_to_the_disputes_committee(self):
        policy = self.policies["childcare"]
        self.assertFalse(policy.regime_warning)
        self.assertNotIn("delay_notice", policy.letter_type_ids.mapped("code"))
        complaint = self.take_in("childcare", "2026-06-01")
        self.classify(complaint, "2026-06-02", category=1, severity="low", title="De rekening")
        self.assertDue(complaint, acknowledge="2026-06-08", decide="2026-07-13")
        with local_noon("2026-06-02"):
            self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
        text = self.send(complaint, "acknowledgement", "2026-06-03")
        self.assertSays(text, "Binnen 6 weken", "maandag 13 juli 2026")
        with local_noon("2026-06-04"):
            self.as_role(complaint, "handler").record_event("taken_up")
        self.hear(complaint, "2026-06-15")
        with local_noon("2026-07-06"):
            self.as_role(complaint, "handler").write(
                {
                    "summary": self.WORDS,
                    "findings": "<p>De rekening klopte niet.</p>",
                    "verdict": "upheld",
                    "verdict_motivation": "<p>Er was dubbel geboekt.</p>",
                    "no_measures": True,
                }
            )
        text = self.send(complaint, "decision", "2026-07-07", "handler", approved_by="director")
        self.assertSays(text, "gegrond", "geschillencommissie", "binnen een jaar")
        with local_noon("2026-07-08"):
            self.as_role(complaint, "coordinator").action_close()
        self.assertRecordValues(complaint, [{"is_closed": True, "outcome": "decided"}])
        self.assertAllInTime(complaint)
