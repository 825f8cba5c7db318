from odoo.tests import tagged

from ..support.road_common import RoadCase, local_noon


@tagged("post_install", "-at_install")
class TestRoadBorne(RoadCase):
    """Borne: two weeks are 14 days; do 30 April + 14 is do 14 May (Hemelvaart, literal)."""

    SOURCES = ("bb",)

    def test_oral_at_once(self):
        """BB11, BB13: settled by somebody authorised, and registered all the same."""
        complaint = self.take_in(
            "bb",
            "2026-04-30",
            "handler",
            channel="phone",
            description="De factuur klopt niet.",
            handled_at_once=True,
            handled_how="Factuur verbeterd.",
        )
        self.assertFalse(complaint.deadline_ids.filtered("is_open"))
        self.assertRecordValues(
            complaint,
            [{"handled_by_id": self.users["handler"].id, "outcome_note": "Factuur verbeterd."}],
        )
        with local_noon("2026-04-30"):
            self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
            # what a colleague noted in a conversation is quoted to nobody
            self.as_role(complaint, "handler").title = "Een factuur die niet klopt"
        self.assertSays(
            self.send(
                complaint,
                "oral_answer_confirmation",
                "2026-05-01",
                "handler",
                spoken_on="2026-04-30",
                answer_text="De factuur is verbeterd.",
            ),
            "donderdag 30 april 2026",
            "De factuur is verbeterd.",
            self.users["handler"].name,
        )
        with local_noon("2026-05-01"):
            self.as_role(complaint, "coordinator").action_close()
        self.assertRecordValues(
            complaint, [{"is_closed": True, "in_register": True, "outcome": "remedied"}]
        )

    def test_oral_called_back(self):
        """BB12: not settled at once, so called back within 2 werkdagen: vr 1, ma 4 May."""
        complaint = self.take_in(
            "bb", "2026-04-30", channel="phone", complainant_phone="0612345678"
        )
        self.assertDue(complaint, callback="2026-05-04", take_up="2026-05-14")
        self.assertNotIn("answer", complaint.deadline_ids.mapped("code"), "that is for writing")
        with local_noon("2026-05-01"):
            self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
        with local_noon("2026-05-04"):
            self.talk(
                complaint,
                "handler",
                purpose="contact",
                held_on="2026-05-04",
                report="<p>Teruggebeld: excuses gemaakt.</p>",
            ).action_hold()
        self.assertEqual(str(self.deadline(complaint, "callback").met_on), "2026-05-04")

    def test_written_with_information_on_the_handling(self):
        """BB5-8, BB15-16: within two weeks how and how long; that date is the new one."""
        complaint = self.take_in("bb", "2026-04-30")
        self.assertDue(
            complaint, take_up="2026-05-14", acknowledge="2026-05-14", answer="2026-05-14"
        )
        with local_noon("2026-05-01"):
            self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
        self.assertEqual(str(self.deadline(complaint, "take_up").met_on), "2026-05-01")
        text = self.send(
            complaint,
            "acknowledgement",
            "2026-05-08",
            "handler",
            expected_manner="Wij spreken eerst met de chauffeur.",
            promised_on="2026-06-08",
        )
        self.assertSays(
            text,
            "donderdag 30 april 2026",
            self.WORDS,
            "Wij spreken eerst met de chauffeur.",
            "maandag 8 juni 2026",
        )
        self.assertDue(complaint, answer="2026-06-08")
        self.let_hear_in_between(complaint)
        with local_noon("2026-06-04"):
            self.as_role(complaint, "handler").write(self.CONTENT)
        self.assertSays(
            self.send(complaint, "answer", "2026-06-05", "handler"),
            "U betaalt de ritten niet.",
            self.users["handler"].name,
        )
        with local_noon("2026-06-08"):
            self.as_role(complaint, "handler").action_close()
        self.assertAllInTime(complaint)
        self.assertRecordValues(
            complaint, [{"is_closed": True, "in_register": True, "outcome": "answered"}]
        )
        self.assertOnRecord(
            complaint, "received", "taken_up", "acknowledged", "contacted", "answered", "closed"
        )

    def let_hear_in_between(self, complaint):
        """BB8: 14 days after vr 8 May, the handler is asked to let something be heard."""
        summary = "Let the complainant hear how it is going"
        self.run_job("2026-05-21")
        self.assertNotIn(summary, self.alerts(complaint, "handler"))
        self.run_job("2026-05-22")
        self.assertIn(summary, self.alerts(complaint, "handler"))
        with local_noon("2026-05-22"):
            self.as_role(complaint, "handler").record_event("contacted", note="Gebeld.")
