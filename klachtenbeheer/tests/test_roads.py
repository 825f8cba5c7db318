from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .access_common import ACCESS_LOGGERS
from .common import local_noon
from .handling_common import HandlingCase
from .letter_common import LetterCase


class RoadCase(HandlingCase, LetterCase):
    """The longest road through a policy: by its own people, on the days it would happen,
    with the letters they send, read back as printed."""

    CONTENT = {
        "summary": "De bus kwam drie keer niet.",
        "findings": "<p>De planner had de rit niet ingevoerd.</p>",
        "solution": "<p>U betaalt de ritten niet.</p>",
        "measures": "<p>De teamleider controleert de planning.</p>",
    }

    def take_in(self, source, day, **vals):
        """Registered by an employee, by quick entry."""
        with local_noon(day):
            entry = self.as_role(self.env["klachtenbeheer.intake"], "employee").create(
                {
                    "policy_id": self.policies[source].id,
                    "kind": self.policies[source].default_kind,
                    "channel": "email",
                    "description": "De bus kwam drie keer niet.",
                    "complainant_name": "Kees Klager",
                    "complainant_email": "kees@example.com",
                    **vals,
                }
            )
            entry.action_register()
        complaint = self.env["klachtenbeheer.complaint"].search([("name", "=", entry.reference)])
        complaint.complainant_lang = "nl_NL"
        return complaint

    def send(self, complaint, code, day, role="coordinator", approved_by=None, **vals):
        """A letter is written and sent on a local date; its printed text."""
        with local_noon(day), self.mail_server():
            letter = self.prepare(complaint, code, role, **vals)
            if letter.needs_approval:
                letter.action_submit()
                self.as_role(letter, approved_by).action_approve()
            letter.action_send()
        self.assertEqual(letter.state, "sent")
        return self.text_of(letter)

    def hear(self, complaint, day, role="handler"):
        with local_noon(day):
            self.hear_both_sides(self.as_role(complaint, role))

    def assertOnRecord(self, complaint, *codes):
        """The events that stand, in order."""
        events = complaint.event_ids.filtered(lambda event: not event.voided)
        found = events.sorted(lambda event: (event.occurred_on, event.id)).mapped("code")
        self.assertEqual(found, list(codes))

    def assertAllInTime(self, complaint):
        states = set(complaint.deadline_ids.mapped("state"))
        self.assertLessEqual(states, {"met", "void", "lapsed"}, self.due(complaint))


@tagged("post_install", "-at_install")
class TestRoadBallance(RoadCase):
    SOURCES = ("ba",)

    def test_answer_objection_oral_explanation_declined_final_decision(self):
        """BA18-BA34, the worked chain of terms.md 2.4."""
        complaint = self.take_in("ba", "2026-04-02")
        as_officer = self.as_role(complaint, "coordinator")
        with local_noon("2026-04-07"):
            as_officer.write({**self.CONTENT, "respondent_ids": self.accused.ids})
        self.assertIn("New complaint", self.alerts(complaint, "coordinator"))
        text = self.send(complaint, "acknowledgement", "2026-04-13")
        self.assertIn("donderdag 23 april 2026", text)
        self.hear(complaint, "2026-04-20", "coordinator")
        text = self.send(complaint, "answer", "2026-04-23")
        self.assertIn("dinsdag 26 mei 2026", text)
        with local_noon("2026-05-22"):
            objection = self.new(
                "objection",
                "coordinator",
                complaint_id=complaint.id,
                received_on="2026-05-22",
                description="Ik wil mijn geld terug.",
            )
            objection.action_register()
        self.assertEqual(str(self.deadline(complaint, "hear").due_on), "2026-05-29")
        with local_noon("2026-05-26"):
            hearing = self.talk(
                complaint,
                "coordinator",
                purpose="oral_explanation",
                form="office",
                location="Vestiging Oost",
                slot_ids=[(0, 0, {"start_at": "2026-06-01 09:00:00"})],
            )
            hearing.action_offer()
        with local_noon("2026-05-29"):
            hearing.waived_by = "de klager"
            hearing.action_waive("Ziet daarvan af.")
        self.assertEqual(str(self.deadline(complaint, "final_decision").due_on), "2026-06-12")
        with local_noon("2026-06-12"), self.mail_server():
            letter = self.prepare(
                complaint, "final_decision", "coordinator", reason="Wij blijven bij ons antwoord."
            )
            self.assertEqual(letter.signatory_id, self.users["director"])
            letter.action_submit()
            self.as_role(letter, "director").action_send_back("Noem de ritten.")
            self.assertEqual(letter.state, "draft")
            letter.action_submit()
            self.as_role(letter, "director").action_approve()
            letter.action_send()
        self.assertIn("Wij blijven bij ons antwoord.", self.text_of(letter))
        self.assertOnRecord(
            complaint,
            "received",
            "forwarded",
            "acknowledged",
            "answered",
            "objected",
            "hearing_offered",
            "hearing_waived",
            "final_decided",
        )
        self.assertAllInTime(complaint)
        self.tell_respondents(complaint)
        with local_noon("2026-06-15"):
            as_officer.action_close()
        self.assertRecordValues(complaint, [{"is_closed": True, "outcome": "final_decided"}])

    def tell_respondents(self, complaint):
        """BA9: who is complained about hears our position too."""
        with local_noon("2026-06-15"), self.assertRaisesRegex(Exception, "complained about told"):
            complaint.action_close()
        if not complaint.policy_id.letter_type_ids.filtered(
            lambda line: line.code == "position_notice"
        ):
            self.skipTest("the letter to who is complained about is not there yet")
        self.accused.email = "bert@example.com"
        self.send(complaint, "position_notice", "2026-06-15")


@tagged("post_install", "-at_install")
class TestRoadBalans(RoadCase):
    SOURCES = ("sb",)

    @mute_logger(*ACCESS_LOGGERS)
    def test_informal_formal_delay_hearing_approval_decision_confidant(self):
        """SB25-SB40, the worked chain of terms.md 2.4."""
        complaint = self.take_in("sb", "2026-05-11")
        self.assertEqual(complaint.kind, "informal")
        as_contact = self.as_role(complaint, "coordinator")
        with local_noon("2026-05-13"):
            as_contact.respondent_ids = self.accused
            self.talk(
                complaint,
                "coordinator",
                purpose="talk",
                held_on="2026-05-13",
                report="<p>Niet opgelost.</p>",
            ).action_hold()
        with local_noon("2026-05-18"):
            as_contact.record_event("formalised")
            as_contact.action_assign(self.users["handler"])
        self.assertEqual(str(self.deadline(complaint, "decide").due_on), "2026-06-15")
        self.send(complaint, "acknowledgement", "2026-05-26")
        with local_noon("2026-05-27"):
            policy = complaint.policy_id
            as_contact.write(
                {
                    "category_id": policy.category_ids[0].id,
                    "complainant_kind_id": policy.complainant_kind_ids[0].id,
                }
            )
            self.as_role(complaint, "handler").record_event("taken_up")
            self.new("fact", complaint_id=complaint.id, name="De rit stond niet in de planning.")
            points = [
                self.new("grievance", complaint_id=complaint.id, name=name)
                for name in ("Bus te laat", "Niet gebeld")
            ]
        text = self.send(
            complaint,
            "delay_notice",
            "2026-06-10",
            "handler",
            reason="De chauffeur is met verlof.",
            promised_on="2026-06-29",
        )
        self.assertIn("maandag 29 juni 2026", text)
        self.assertEqual(str(self.deadline(complaint, "decide").due_on), "2026-06-29")
        self.hear(complaint, "2026-06-22")
        with local_noon("2026-06-24"):
            self.as_role(complaint, "handler").write(self.CONTENT)
            for point, verdict in zip(points, ("upheld", "not_upheld"), strict=True):
                point.write({"verdict": verdict, "motivation": "<p>Zo is het.</p>"})
        self.assertEqual(complaint.verdict, "partly_upheld")
        with local_noon("2026-06-25"), self.mail_server():
            letter = self.prepare(complaint, "decision")
            letter.action_submit()
            with self.assertRaises(Exception):  # noqa: B017 whoever wrote it does not approve it
                letter.action_approve()
            self.as_role(letter, "director").action_approve()
            letter.action_send()
        self.assertEqual(letter.approved_by_id, self.users["director"])
        text = self.text_of(letter)
        self.assertIn("De planner had de rit niet ingevoerd.", text)
        # 25 june + 5 days is do 30 june... counted as literal days
        right = self.deadline(complaint, "refer")
        with local_noon("2026-06-30"):
            request = self.new(
                "objection",
                complaint_id=complaint.id,
                kind="follow_up",
                received_on="2026-06-30",
            )
            self.assertEqual(str(right.due_on), "2026-06-30")
            request.action_register()
            as_contact.action_close()
        self.assertAllInTime(complaint)
        self.assertRecordValues(complaint, [{"is_closed": True, "outcome": "decided"}])
        self.assertTrue(complaint.in_register)
        self.assertFalse(self.as_role(complaint, "employee").has_access("read"))


@tagged("post_install", "-at_install")
class TestRoadTemplate(RoadCase):
    SOURCES = ("sj",)

    def test_two_days_five_days_directie_and_board(self):
        """SJ15-SJ31, SJ36: acknowledged, late by nobody, escalated, consulted, measured."""
        complaint = self.take_in("sj", "2026-04-03")
        as_coordinator = self.as_role(complaint, "coordinator")
        with local_noon("2026-04-07"):
            as_coordinator.action_assign(self.users["handler"])
        self.assertIn("forwarded", self.codes(complaint))
        self.send(complaint, "acknowledgement", "2026-04-08")
        with local_noon("2026-04-09"):
            self.as_role(complaint, "handler").write({**self.CONTENT, "severity": "high"})
        self.send(complaint, "answer", "2026-04-13", "handler")
        with local_noon("2026-04-16"):
            as_coordinator.write(
                {
                    "severity": "critical",
                    "is_sensitive": True,
                    "sensitive_reason": "reputation",
                    "category_id": complaint.policy_id.category_ids[0].id,
                }
            )
            for _level in ("coordinator", "deputy", "board"):
                self.as_role(complaint, "handler").action_escalate("Wij komen er niet uit.")
            self.assertEqual(complaint.escalation_level, "board")
            self.assertTrue(self.as_role(complaint, "board").has_access("read"))
            self.new(
                "consultation",
                "coordinator",
                complaint_id=complaint.id,
                with_whom="De voorzitter",
                question="Wat nu?",
                advice="Op bezoek gaan.",
            )
            advice = self.new(
                "measure",
                "coordinator",
                name="Iedere rit dubbel controleren",
                kind="recommendation",
                structural=True,
                link_ids=[(0, 0, {"complaint_id": complaint.id})],
            )
            self.as_role(advice, "director").action_adopt()
        with local_noon("2026-04-20"):
            as_coordinator.record_event("measures_communicated")
            as_coordinator.action_check_registration()
            as_coordinator.action_close()
        self.assertAllInTime(complaint)
        self.assertRecordValues(
            complaint, [{"is_closed": True, "outcome": "answered", "is_exceptional": True}]
        )
        self.assertEqual(len(complaint.measure_ids), 2)


@tagged("post_install", "-at_install")
class TestRoadKlimkoord(RoadCase):
    SOURCES = ("kk",)

    @mute_logger(*ACCESS_LOGGERS)
    def test_shielded_identity_repetition_external_filing(self):
        """KK10-KK45."""
        self.company.email = "info@proef.example"
        earlier = self.take_in("kk", "2026-02-02")
        category = complaint_category = self.policies["kk"].category_ids.filtered(
            lambda line: line.name == "Bereikbaarheid"
        )
        earlier.category_id = category
        with local_noon("2026-02-02"):
            earlier.record_event("resolved_informally")
        self.assertFalse(earlier.in_register)
        complaint = self.take_in("kk", "2026-04-02")
        as_keeper = self.as_role(complaint, "coordinator")
        with local_noon("2026-04-02"):
            as_keeper.write(
                {
                    "hide_identity": True,
                    "accepts_limited_answer": True,
                    "category_id": complaint_category.id,
                }
            )
            as_keeper.action_assign(self.users["handler"])
        self.assertTrue(complaint.is_repeated)
        self.assertEqual(complaint.related_ids, earlier)
        self.assertIn(
            "Belongs in the register: repeated: same subject or same person",
            self.alerts(complaint, "coordinator"),
        )
        handler = self.as_role(complaint, "handler")
        self.assertNotIn("Kees", str(handler.read()))
        text = self.send(complaint, "acknowledgement", "2026-04-02")
        self.assertIn("donderdag 16 april 2026", text)
        with self.assertRaises(AccessError):
            self.as_role(complaint.letter_ids, "handler").read(["body"])
        with local_noon("2026-04-16"):
            # the handler does not know whom to call
            self.talk(
                complaint,
                "coordinator",
                purpose="contact",
                held_on="2026-04-16",
                report="<p>Gebeld.</p>",
            ).action_hold()
        self.assertEqual(str(self.deadline(complaint, "contact").met_on), "2026-04-16")
        with local_noon("2026-04-20"):
            body = complaint.policy_id.role_ids.filtered(lambda line: line.role == "external_body")
            referral = self.new(
                "referral",
                complaint_id=complaint.id,
                role_id=body.id,
                reason="not_solved",
                filed_on="2026-04-20",
            )
            referral.action_file()
        self.assertFalse(complaint.deadline_ids.filtered("is_open"), "KK40")
        with local_noon("2026-04-28"):
            as_keeper.outcome_note = "Behandeld door Klachtenportaal Zorg."
            referral = self.as_role(referral, "coordinator")
            referral.write({"admitted_on": "2026-04-28", "reference": "KPZ-26-117"})
            referral.action_admit()
            self.assertEqual(complaint.kind, "formal")
            as_keeper.no_measures = True
            as_keeper.action_check_registration()
            as_keeper.action_close()
        self.assertAllInTime(complaint)
        self.assertRecordValues(
            complaint,
            [{"is_closed": True, "outcome": "external", "in_register": True, "source": "external"}],
        )


@tagged("post_install", "-at_install")
class TestRoadBorne(RoadCase):
    SOURCES = ("bb",)

    def test_oral_at_once(self):
        """BB11, BB13: settled by a handler, registered all the same."""
        with local_noon("2026-04-30"):
            entry = self.as_role(self.env["klachtenbeheer.intake"], "handler").create(
                {
                    "policy_id": self.policies["bb"].id,
                    "kind": "formal",
                    "channel": "phone",
                    "description": "De factuur klopt niet.",
                    "complainant_name": "Kees Klager",
                    "handled_at_once": True,
                    "handled_how": "Factuur verbeterd.",
                }
            )
            entry.action_register()
            complaint = self.env["klachtenbeheer.complaint"].search(
                [("name", "=", entry.reference)]
            )
            self.assertFalse(complaint.deadline_ids.filtered("is_open"))
            self.as_role(complaint, "coordinator").action_close()
        self.assertRecordValues(
            complaint, [{"is_closed": True, "in_register": True, "outcome": "remedied"}]
        )

    def test_written_with_information_on_the_handling(self):
        """BB5-8, BB15-16: within two weeks how and how long; that date is the new one."""
        complaint = self.take_in("bb", "2026-04-30")
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
        self.assertIn("Wij spreken eerst met de chauffeur.", text)
        self.assertEqual(str(self.deadline(complaint, "answer").due_on), "2026-06-08")
        self.run_job("2026-05-22")
        self.assertIn("Let the complainant hear how it is going", self.alerts(complaint, "handler"))
        with local_noon("2026-05-22"):
            self.as_role(complaint, "handler").record_event("contacted", note="Gebeld.")
            self.as_role(complaint, "handler").write(self.CONTENT)
        self.send(complaint, "answer", "2026-06-05", "handler")
        with local_noon("2026-06-08"):
            self.as_role(complaint, "handler").action_close()
        self.assertAllInTime(complaint)
        self.assertRecordValues(complaint, [{"is_closed": True, "outcome": "answered"}])
