from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.road_common import RoadCase, local_noon


@tagged("post_install", "-at_install")
class TestRoadAwb(RoadCase):
    """Awb chapter 9, from ma 1 June 2026: six weeks are ma 13 July, ten ma 10 August."""

    SOURCES = ("awb",)

    def take_up(self, **vals):
        complaint = self.take_in("awb", "2026-06-01", **vals)
        self.classify(complaint, "2026-06-02", severity="low", title="De bejegening aan de balie")
        with local_noon("2026-06-02"):
            as_coordinator = self.as_role(complaint, "coordinator")
            as_coordinator.respondent_ids = self.accused
            as_coordinator.action_assign(self.users["handler"])
        return complaint

    def test_the_law_allows_its_terms(self):
        """T57: each term is looked at under the law for its case."""
        policy = self.policies["awb"]
        self.assertFalse(policy.regime_warning)
        draft = self.template("awb").copy({"code": "langer", "company_id": self.company.id})
        draft.term_ids.filtered(lambda term: term.code == "decide_committee").amount = 11
        self.assertIn("na advies van een commissie", draft.regime_warning)
        draft.term_ids.filtered(lambda term: term.code == "decide_committee").amount = 10
        draft.term_ids.filtered(lambda term: term.code == "decide").amount = 7
        self.assertIn("Oordeel", draft.regime_warning)

    def test_without_a_committee(self):
        """9:6, 9:10, 9:11, 9:12: confirmed, heard, decided with reasons, and the ombudsman."""
        complaint = self.take_up()
        self.assertDue(complaint, acknowledge="2026-06-08", decide="2026-07-13")
        text = self.send(complaint, "acknowledgement", "2026-06-03")
        self.assertSays(
            text, "Binnen 6 weken", "maandag 13 juli 2026", "oordeel van het bestuursorgaan"
        )
        with local_noon("2026-06-04"):
            self.as_role(complaint, "handler").record_event("taken_up")
        self.hear(complaint, "2026-06-15")
        with local_noon("2026-07-06"):
            self.as_role(complaint, "handler").write(
                {
                    **self.CONTENT,
                    "verdict": "upheld",
                    "verdict_motivation": "<p>Wij hadden u moeten bellen.</p>",
                }
            )
            letter = self.prepare(complaint, "decision")
            self.assertIn("copy of the complaint sent", letter.missing_text)
        text = self.send(complaint, "complaint_copy", "2026-07-06")
        self.assertSays(text, "afschrift", self.WORDS, "Kees Klager")
        text = self.send(complaint, "decision", "2026-07-07", "handler", approved_by="director")
        self.assertSays(text, "gegrond", "ombudsman", "binnen een jaar")
        self.send(complaint, "position_notice", "2026-07-07", position="De klacht is gegrond.")
        with local_noon("2026-07-08"):
            self.as_role(complaint, "coordinator").action_close()
        self.assertRecordValues(complaint, [{"is_closed": True, "outcome": "decided"}])
        self.assertAllInTime(complaint)

    def test_a_committee_gives_ten_weeks_from_receipt(self):
        """9:11 lid 1: said on the dossier, counted anew from receipt, and told."""
        complaint = self.take_up()
        with local_noon("2026-06-10"):
            self.as_role(complaint, "handler").committee_advises = True
        self.assertDue(complaint, decide_committee="2026-08-10")
        self.assertNotIn("decide", complaint.deadline_ids.mapped("code"))
        text = self.send(complaint, "acknowledgement", "2026-06-10")
        self.assertSays(text, "10 weken", "maandag 10 augustus 2026", "onafhankelijke voorzitter")
        with local_noon("2026-06-11"):
            self.as_role(complaint, "handler").committee_advises = False
        self.assertDue(complaint, decide="2026-07-13")

    def test_more_time_counts_when_both_sides_were_told(self):
        """9:11 lid 2: complainant and whoever is complained about."""
        complaint = self.take_up()
        self.send(complaint, "acknowledgement", "2026-06-03")
        reason = "Wij wachten op een verslag."
        self.send(
            complaint,
            "delay_notice",
            "2026-07-06",
            "handler",
            promised_on="2026-08-03",
            reason=reason,
        )
        self.assertDue(complaint, decide="2026-07-13")
        self.assertNotIn("delay_notified", self.codes(complaint))
        text = self.send(
            complaint, "delay_notice_respondent", "2026-07-07", "handler", promised_on="2026-08-03"
        )
        self.assertSays(text, "maandag 3 augustus 2026", "Bert Beklaagde")
        self.assertNotIn("Kees", text)
        self.assertDue(complaint, decide="2026-08-03")
        notice = complaint.letter_ids.filtered(
            lambda letter: letter.type_id.code == "delay_notice_respondent"
        )
        notice.sudo()._mark_failed("onbekend adres")
        self.assertDue(complaint, decide="2026-07-13")

    def test_longer_takes_a_notice_and_beyond_four_weeks_consent(self):
        """9:11 lid 2 and 3."""
        complaint = self.take_up()
        with local_noon("2026-06-03"):
            self.as_role(complaint, "coordinator").respondent_ids = False
        self.send(complaint, "acknowledgement", "2026-06-03")
        words = {"reason": "Wij wachten op een verslag."}
        with local_noon("2026-07-06"):
            letter = self.prepare(complaint, "delay_notice", promised_on="2026-08-11", **words)
            with self.assertRaisesRegex(UserError, "at the latest"):
                letter.action_send()
            letter.consented_on = "2026-07-04"
            with self.mail_server():
                letter.action_send()
        self.assertDue(complaint, decide="2026-08-11")
        event = complaint.event_ids.filtered(lambda line: line.code == "delay_notified")
        self.assertEqual(str(event.consented_on), "2026-07-04")
