from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.road_common import ACCESS_LOGGERS, RoadCase, local_noon


@tagged("post_install", "-at_install")
class TestRoadBalans(RoadCase):
    """Balans. Dates worked out in terms.md 2.4, from ma 18 May; ma 25 May is Pinksteren."""

    SOURCES = ("sb",)

    def test_informal_formal_delay_hearing_approval_decision_confidant(self):
        """SB16-SB40 to the end."""
        complaint = self.take_in("sb", "2026-05-11", channel="employee")
        # it was told to a colleague, whose note is quoted to nobody
        self.as_role(complaint, "coordinator").summary = self.WORDS
        self.talk_first(complaint)
        self.go_formal(complaint)
        points = self.investigate_points(complaint)
        self.delay(complaint)
        self.hear(complaint, "2026-06-22")
        self.judge(complaint, points)
        self.decide_with_approval(complaint)
        self.turn_to_the_confidant(complaint)
        self.assertAllInTime(complaint)
        with local_noon("2026-06-30"):
            self.as_role(complaint, "coordinator").action_close()
        self.assertRecordValues(
            complaint,
            [
                {
                    "is_closed": True,
                    "outcome": "decided",
                    "in_register": True,
                    "formal_register_number": 1,
                }
            ],
        )
        self.assertFalse(self.as_role(complaint, "employee").has_access("read"))

    def talk_first(self, complaint):
        """SB25-26: informally on wo 13 May, without a solution."""
        self.assertEqual(complaint.kind, "informal")
        self.assertFalse(complaint.deadline_ids, "no clock runs in the informal phase")
        with local_noon("2026-05-13"):
            self.as_role(complaint, "coordinator").respondent_ids = self.accused
            self.talk(
                complaint,
                "coordinator",
                purpose="talk",
                held_on="2026-05-13",
                report="<p>Niet opgelost.</p>",
                people=[
                    {"role": "complainant", "name": "Kees Klager"},
                    {"role": "respondent", "partner_id": self.accused.id},
                ],
            ).action_hold()
        self.assertStage(complaint, "Informele fase")

    def go_formal(self, complaint):
        """SB27-29: the formal clock starts on ma 18 May."""
        with local_noon("2026-05-18"):
            as_contact = self.as_role(complaint, "coordinator")
            as_contact.record_event("formalised")
            as_contact.action_assign(self.users["handler"])
        # 5 werkdagen: 19, 20, 21, 22, (25 Pinksteren) 26 May; four weeks: ma 15 June
        self.assertDue(complaint, acknowledge="2026-05-26", decide="2026-06-15")
        self.assertSays(
            self.send(complaint, "acknowledgement", "2026-05-26"),
            self.WORDS,
            "maandag 15 juni 2026",
            "leidinggevende",
        )
        self.classify(complaint, "2026-05-27")

    def investigate_points(self, complaint):
        """SB30: facts with their author, and two points to judge."""
        with local_noon("2026-05-28"):
            self.as_role(complaint, "handler").record_event("taken_up")
            fact = self.new("fact", complaint_id=complaint.id, name="De rit stond er niet in.")
            self.assertEqual(fact.author_id, self.users["handler"])
            points = [
                self.new("grievance", complaint_id=complaint.id, name=name)
                for name in ("Bus te laat", "Niet gebeld")
            ]
        self.assertStage(complaint, "In onderzoek")
        return points

    def delay(self, complaint):
        """SB34: told before the four weeks are over, why and until when."""
        text = self.send(
            complaint,
            "delay_notice",
            "2026-06-10",
            "handler",
            reason="De chauffeur is met verlof.",
            promised_on="2026-06-29",
        )
        self.assertSays(
            text, "De chauffeur is met verlof.", "maandag 15 juni 2026", "maandag 29 juni 2026"
        )
        self.assertDue(complaint, decide="2026-06-29")

    def judge(self, complaint, points):
        """SB32, SB36: each point with a reason; the whole follows from them."""
        with local_noon("2026-06-24"), self.mail_server():
            self.as_role(complaint, "handler").write(self.CONTENT)
            points[0].write({"verdict": "upheld", "motivation": "<p>Dat klopt.</p>"})
            points[1].verdict = "not_upheld"
            self.assertEqual(complaint.verdict, "partly_upheld")
            letter = self.prepare(complaint, "decision")
            with self.assertRaisesRegex(UserError, "every grievance"):
                letter.action_submit()
            points[1].motivation = "<p>Er is gebeld.</p>"
            self.as_role(complaint, "handler").verdict_motivation = "<p>Zie de punten.</p>"

    @mute_logger(*ACCESS_LOGGERS)
    def decide_with_approval(self, complaint):
        """SB35-38: prepared by the handler, approved and signed by directie on do 25 June."""
        with local_noon("2026-06-25"), self.mail_server():
            letter = self.prepare(complaint, "decision")
            letter.action_submit()
            with self.assertRaisesRegex(UserError, "approved by"):
                letter.action_approve()
            self.as_role(letter, "director").action_send_back("Noem de chauffeur niet.")
            letter.action_submit()
            self.as_role(letter, "director").action_approve()
            letter.action_send()
        self.assertEqual(letter.approved_by_id, self.users["director"])
        self.assertSays(
            self.read_back(letter),
            "De planner had de rit niet ingevoerd.",
            "gedeeltelijk gegrond",
            "De teamleider controleert de planning.",
            self.users["director"].name,
            "vertrouwenspersoon",
            "schriftelijk",
            "dinsdag 30 juni 2026",  # five days from do 25 June
        )
        self.assertDue(complaint, refer="2026-06-30")
        self.assertStage(complaint, "Besluit verzonden")

    def turn_to_the_confidant(self, complaint):
        """SB39-40: in writing on the last day."""
        with local_noon("2026-06-30"):
            request = self.new(
                "objection",
                "coordinator",
                complaint_id=complaint.id,
                kind="follow_up",
                received_on="2026-06-30",
            )
            self.assertFalse(request.is_late)
            request.action_register()
        self.assertSays(
            self.send(
                complaint,
                "follow_up_receipt",
                "2026-06-30",
                next_step="De vertrouwenspersoon belt u.",
            ),
            "dinsdag 30 juni 2026",
            "vertrouwenspersoon",
            "De vertrouwenspersoon belt u.",
        )
        self.assertStage(complaint, "Bij de vertrouwenspersoon")
        self.assertOnRecord(
            complaint,
            "received",
            "formalised",
            "acknowledged",
            "taken_up",
            "delay_notified",
            "decided",
            "referral_requested",
        )

    @mute_logger(*ACCESS_LOGGERS)
    def test_about_directie_the_board_decides(self):
        """SB18-19, SB38, SB53, T8: the right to decide moves away from directie."""
        complaint = self.take_in("sb", "2026-05-18", kind="formal")
        self.classify(complaint, "2026-05-18", respondent_ids=self.users["director"].partner_id.ids)
        self.assertIn("Complaint about a contact person", self.alerts(complaint, "board"))
        self.assertFalse(self.as_role(complaint, "director").has_access("read"))
        self.tell_how_to_reach_the_board(complaint)
        with local_noon("2026-05-19"):
            self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
        self.send(complaint, "acknowledgement", "2026-05-19")
        self.let_the_board_rule(complaint)
        with local_noon("2026-06-10"):
            self.as_role(complaint, "handler").write(
                {
                    **self.CONTENT,
                    "verdict": "upheld",
                    "verdict_motivation": "<p>Dat had niet gemogen.</p>",
                }
            )
        self.hear(complaint, "2026-06-10")
        with local_noon("2026-06-15"), self.mail_server():
            letter = self.prepare(complaint, "decision")
            letter.action_submit()
            with self.assertRaises(AccessError):
                self.as_role(letter, "director").action_approve()
            self.as_role(letter, "board").action_approve()
            letter.action_send()
        self.assertEqual(letter.approved_by_id, self.users["board"])
        self.assertSays(
            self.read_back(letter), "gegrond", self.users["board"].name, "bestuur", "22 juni 2026"
        )
        self.assertAllInTime(complaint)

    def tell_how_to_reach_the_board(self, complaint):
        """SB19: on request, by letter."""
        role = complaint.policy_id.role_ids.filtered(lambda line: line.role == "board")
        self.as_role(role, "manager").write({"address": "Raadhuisplein 1", "email": "b@x.example"})
        self.assertSays(
            self.send(complaint, "board_contact", "2026-05-18"), "Raadhuisplein 1", "b@x.example"
        )

    def let_the_board_rule(self, complaint):
        """SB53: the policy does not say who investigates directie."""
        with local_noon("2026-05-20"):
            ruling = self.new("ruling", complaint_id=complaint.id, question="Wie onderzoekt dit?")
            with self.assertRaises(AccessError):
                self.as_role(ruling, "director").action_decide("Ik.")
            self.as_role(ruling, "board").action_decide("Een ander onderzoekt het.")
        self.assertSays(
            self.send(complaint, "unforeseen_ruling", "2026-05-21", "handler", "board"),
            "Wie onderzoekt dit?",
            "woensdag 20 mei 2026",
            "Een ander onderzoekt het.",
            self.users["board"].name,
        )
