from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.road_common import RoadCase, local_noon


@tagged("post_install", "-at_install")
class TestRoadTemplate(RoadCase):
    """The template. Received on Goede Vrijdag, 3 April; ma 6 April is Tweede Paasdag."""

    SOURCES = ("sj",)

    def test_two_days_five_days_directie_and_board(self):
        """SJ15-SJ31, SJ36: acknowledged, answered, not satisfied, escalated, consulted, told."""
        complaint = self.take_in("sj", "2026-04-03")
        # 2 werkdagen: di 7, wo 8 April; 5: wo 8, do 9, vr 10, ma 13 April
        self.assertDue(complaint, acknowledge="2026-04-08", answer="2026-04-13")
        with local_noon("2026-04-07"):
            self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
        self.assertStage(complaint, "In behandeling")
        self.assertSays(
            self.send(complaint, "acknowledgement", "2026-04-08"),
            "vrijdag 3 april 2026",
            self.WORDS,
            "maandag 13 april 2026",
        )
        with local_noon("2026-04-09"):
            self.as_role(complaint, "handler").write({**self.CONTENT, "severity": "high"})
        self.assertSays(
            self.send(complaint, "answer", "2026-04-13", "handler"),
            "U betaalt de ritten niet.",
            "De teamleider controleert de planning.",
            self.users["handler"].name,
        )
        self.become_serious(complaint)
        self.escalate(complaint)
        self.send_notice(complaint)
        self.consult(complaint)
        self.recommend(complaint)
        self.close(complaint)
        self.assertAllInTime(complaint)
        self.assertRecordValues(
            complaint,
            [
                {
                    "is_closed": True,
                    "outcome": "answered",
                    "is_exceptional": True,
                    "in_register": True,
                }
            ],
        )

    def become_serious(self, complaint):
        """SJ12, SJ25: the complainant goes to the newspaper."""
        serious = "Very serious or sensitive complaint"
        self.assertFalse(self.as_role(complaint, "board").search_count([]))
        self.classify(
            complaint,
            "2026-04-16",
            severity="critical",
            is_sensitive=True,
            sensitive_reason="reputation",
        )
        for role in ("coordinator", "director"):
            self.assertIn(serious, self.alerts(complaint, role))
        self.assertIn("Consult the board", self.alerts(complaint, "coordinator"))

    def escalate(self, complaint):
        """SJ24: no solution, so the directeur, who is the deputy too, and then the board."""
        levels = []
        with local_noon("2026-04-16"):
            for _level in range(3):
                self.as_role(complaint, "handler").action_escalate("Wij komen er niet uit.")
                levels.append(complaint.escalation_level)
        self.assertEqual(levels, ["coordinator", "deputy", "board"])
        for role in ("director", "board"):
            self.assertIn("Called in: no solution found", self.alerts(complaint, role))
            self.assertTrue(self.as_role(complaint, role).has_access("read"))

    def send_notice(self, complaint):
        """SJ24-25: to who was called in, without a word on who complains or about whom."""
        text = self.send(
            complaint,
            "escalation_notice",
            "2026-04-16",
            reason="Er is geen oplossing gevonden.",
            requested_items="Advies over de volgende stap",
        )
        self.assertSays(text, "bestuur", "Er is geen oplossing gevonden.", "Advies over")
        self.assertNotIn("Kees", text)
        self.assertNotIn(self.WORDS, text)

    def consult(self, complaint):
        with local_noon("2026-04-17"):
            self.new(
                "consultation",
                "coordinator",
                complaint_id=complaint.id,
                with_whom="De voorzitter",
                question="Wat nu?",
                advice="Op bezoek gaan.",
            )
        self.assertNotIn("Consult the board", self.alerts(complaint, "coordinator"))

    def recommend(self, complaint):
        """SJ36: directie adopts a structural recommendation; it becomes a measure."""
        with local_noon("2026-04-17"):
            advice = self.new(
                "measure",
                "coordinator",
                name="Iedere rit dubbel controleren",
                kind="recommendation",
                structural=True,
                link_ids=[(0, 0, {"complaint_id": complaint.id})],
            )
            self.as_role(advice, "director").action_adopt()
        self.assertEqual(
            sorted(complaint.measure_ids.mapped("kind")), ["preventive", "recommendation"]
        )

    def close(self, complaint):
        """SJ22, SJ31: not before the complainant knows, and the registration was checked."""
        with local_noon("2026-04-20"):
            as_coordinator = self.as_role(complaint, "coordinator")
            with self.assertRaisesRegex(UserError, "told of every measure"):
                as_coordinator.action_close()
        complaint.measure_ids.filtered(lambda line: line.state == "adopted").with_user(
            self.users["coordinator"]
        ).due_on = "2026-06-01"
        self.assertSays(
            self.send(complaint, "measures_notice", "2026-04-20", "handler"),
            "Iedere rit dubbel controleren",
            "maandag 1 juni 2026",
            self.users["handler"].name,
        )
        with local_noon("2026-04-20"):
            with self.assertRaisesRegex(UserError, "Registration checked"):
                as_coordinator.action_close()
            as_coordinator.action_check_registration()
            as_coordinator.action_close()
