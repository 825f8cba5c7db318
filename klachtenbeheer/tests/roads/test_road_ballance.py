from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.road_common import ACCESS_LOGGERS, RoadCase, local_noon


@tagged("post_install", "-at_install")
class TestRoadBallance(RoadCase):
    """Ballance. Dates worked out in terms.md 2.4; days off in between: Goede Vrijdag 3 April,
    Tweede Paasdag 6 April, Koningsdag 27 April, 5 May, Hemelvaart 14 May, Pinksteren 25 May."""

    SOURCES = ("ba",)

    def answer(self):
        """Received do 2 April, answered on the last day, three weeks later (BA18-BA27)."""
        complaint = self.take_in("ba", "2026-04-02")
        # handed over the same day; 5 werkdagen: 7, 8, 9, 10, 13 April; three weeks: do 23 April
        self.assertDue(
            complaint, forward="2026-04-02", acknowledge="2026-04-13", answer="2026-04-23"
        )
        forwarded = complaint.event_ids.filtered(lambda event: event.code == "forwarded")
        self.assertEqual(str(self.deadline(complaint, "forward").met_on), "2026-04-02")
        self.assertEqual(forwarded.note, self.users["coordinator"].name)
        self.assertIn("New complaint", self.alerts(complaint, "coordinator"))
        self.classify(complaint, "2026-04-07", 3, respondent_ids=self.accused.ids)
        self.assertSays(
            self.send(complaint, "acknowledgement", "2026-04-13"),
            "donderdag 2 april 2026",
            self.WORDS,
            "binnen een maand schriftelijk",  # the further procedure (BA23)
            "donderdag 23 april 2026",
        )
        self.refuse_one_sided_answer(complaint)
        self.hear(complaint, "2026-04-20", "coordinator")
        self.assertSays(
            self.send(complaint, "answer", "2026-04-23"),
            "De bus kwam drie keer niet.",  # the complaint (BA25)
            "U betaalt de ritten niet.",
            "De teamleider controleert de planning.",
            "schriftelijk",  # and what to do on disagreement (BA26)
            "dinsdag 26 mei 2026",
            "klachtenfunctionaris",
        )
        # a month from do 23 April is za 23 May; zo 24, ma 25 May Pinksteren: di 26 May
        self.assertDue(complaint, object="2026-05-26")
        self.assertStage(complaint, "Beantwoord")
        return complaint

    def refuse_one_sided_answer(self, complaint):
        """BA8: no answer before both sides were heard; BA25: nor without content."""
        with local_noon("2026-04-17"), self.mail_server():
            self.as_role(complaint, "coordinator").write(self.CONTENT)
            letter = self.prepare(complaint, "answer", "coordinator")
            with self.assertRaisesRegex(UserError, "Both sides heard"):
                letter.action_send()

    def object(self, complaint):
        """In writing on vr 22 May; the oral explanation is offered within the week."""
        with local_noon("2026-05-22"):
            objection = self.new(
                "objection",
                "coordinator",
                complaint_id=complaint.id,
                received_on="2026-05-22",
                description="Ik wil mijn geld terug.",
            )
            self.assertFalse(objection.is_late)
            objection.action_register()
        # one week from vr 22 May: vr 29 May
        self.assertDue(complaint, hear="2026-05-29")
        self.assertStage(complaint, "Niet eens met het antwoord")

    def invite(self, complaint):
        """Invited on di 26 May for a talk at the branch on ma 1 June."""
        with local_noon("2026-05-26"):
            return self.talk(
                complaint,
                "coordinator",
                purpose="oral_explanation",
                form="office",
                location="Vestiging Oost",
                slot_ids=[(0, 0, {"start_at": "2026-06-01 09:00:00"})],
            )

    def send_invitation(self, complaint, reply_by="2026-05-29"):
        """BA28-32: when, where, who may come, and what happens without it."""
        [hearing] = complaint.hearing_ids.filtered(lambda line: line.state == "draft")
        text = self.send(complaint, "hearing_invitation", "2026-05-26", reply_by=reply_by)
        self.assertSays(
            text,
            "maandag 1 juni 2026",
            "11:00",  # 09:00 UTC is 11:00 in summer
            "Vestiging Oost",
            self.users["coordinator"].name,
            "directie",
        )
        self.assertEqual(hearing.state, "offered")
        self.assertEqual(str(self.deadline(complaint, "hear").met_on), "2026-05-26")
        self.assertStage(complaint, "Mondelinge toelichting")

    def test_answer_objection_oral_explanation_declined_final_decision(self):
        """BA18-BA34 to the end."""
        complaint = self.answer()
        self.object(complaint)
        hearing = self.invite(complaint)
        self.send_invitation(complaint)
        with local_noon("2026-05-29"):
            hearing.waived_by = "de klager"
            hearing.action_waive("Ziet ervan af.")
        # two weeks from vr 29 May: vr 12 June
        self.assertDue(complaint, final_decision="2026-06-12")
        self.assertStage(complaint, "Bij de directie")
        self.decide(complaint)
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
        self.tell_respondent(complaint)
        with local_noon("2026-06-15"):
            self.as_role(complaint, "coordinator").action_close()
        self.assertRecordValues(
            complaint, [{"is_closed": True, "outcome": "final_decided", "in_register": True}]
        )

    @mute_logger(*ACCESS_LOGGERS)
    def decide(self, complaint):
        """Directie decides on its last day, after sending a first draft back (BA34)."""
        with local_noon("2026-06-12"), self.mail_server():
            letter = self.prepare(
                complaint, "final_decision", "coordinator", reason="Wij blijven bij ons antwoord."
            )
            self.assertEqual(letter.signatory_id, self.users["director"])
            letter.action_submit()
            with self.assertRaisesRegex(UserError, "approved by"):
                letter.action_approve()
            self.as_role(letter, "director").action_send_back("Noem de ritten.")
            self.assertEqual(letter.state, "draft")
            letter.action_submit()
            self.as_role(letter, "director").action_approve()
            letter.action_send()
        self.assertSays(
            self.read_back(letter),
            "Wij blijven bij ons antwoord.",
            self.users["director"].name,
            "directie",
            "gerechtelijke procedure",  # and where to go from here (BA38-39)
            "klachtenfunctionaris",
        )

    def tell_respondent(self, complaint):
        """BA9: who is complained about hears our position, and nothing of who complained."""
        with local_noon("2026-06-15"), self.assertRaisesRegex(UserError, "complained about told"):
            self.as_role(complaint, "coordinator").action_close()
        text = self.send(
            complaint, "position_notice", "2026-06-15", position="U had moeten bellen."
        )
        self.assertSays(text, "U had moeten bellen.", "Bert Beklaagde")
        self.assertNotIn("Kees", text)
        self.assertEqual(complaint.letter_ids[-1:].addressee_email, "bert@example.com")

    def test_no_reply_to_the_invitation_leads_to_the_decision_as_well(self):
        """T19: no reply within a week, or the moment passed; then two weeks (BA34)."""
        complaint = self.answer()
        self.object(complaint)
        hearing = self.invite(complaint)
        self.send_invitation(complaint, reply_by="2026-05-31")
        # reply by zo 31 May, the day before the only moment offered: it lasts until then
        self.run_job("2026-06-01")
        self.assertEqual(hearing.state, "offered")
        self.run_job("2026-06-02")
        self.assertEqual(hearing.state, "waived")
        # two weeks from di 2 June: di 16 June
        self.assertDue(complaint, final_decision="2026-06-16")

    def test_silence_after_the_answer_closes_it(self):
        """BA27, T17: the last day is di 26 May; the job closes the day after."""
        complaint = self.answer()
        with local_noon("2026-04-24"):
            self.as_role(complaint, "coordinator").respondent_ids = False
        self.run_job("2026-05-26")
        self.assertFalse(complaint.is_closed)
        self.run_job("2026-05-27")
        self.assertRecordValues(complaint, [{"is_closed": True, "outcome": "no_objection"}])

    def test_settled_in_the_conversation(self):
        """BA29-BA37: held at the branch, settled on paper the same day."""
        complaint = self.answer()
        self.object(complaint)
        hearing = self.invite(complaint)
        with local_noon("2026-05-26"):
            hearing.write(
                {"employee_wanted_by_complainant": True, "second_wanted_by_complainant": True}
            )
        self.send_invitation(complaint)
        with local_noon("2026-05-28"):
            with self.assertRaisesRegex(UserError, "second representative"):
                hearing.action_plan(hearing.slot_ids)
            self.new(
                "hearing.participant",
                "coordinator",
                hearing_id=hearing.id,
                role="second_representative",
                partner_id=self.colleague.partner_id.id,
            )
            hearing.action_plan(hearing.slot_ids)
        self.assertNotIn(self.accused, hearing.participant_ids.partner_id, "not wanted by both")
        self.hold(hearing, reaction="agreed", settlement="<p>Kees krijgt drie ritten gratis.</p>")
        with local_noon("2026-06-01"):
            hearing.action_settle()
        self.assertSays(
            self.send(complaint, "settlement_record", "2026-06-01"),
            "maandag 1 juni 2026",
            "Kees krijgt drie ritten gratis.",
            "Kees Klager",  # who signs, beside us
        )
        self.assertNotIn("final_decision", complaint.deadline_ids.mapped("code"))
        self.assertFalse(complaint.is_closed, "who it is about was not told yet (BA9)")
        self.send(complaint, "position_notice", "2026-06-02", position="Het is opgelost.")
        with local_noon("2026-06-02"):
            self.as_role(complaint, "coordinator").action_close()
        self.assertRecordValues(complaint, [{"is_closed": True, "outcome": "settled"}])
        self.assertAllInTime(complaint)

    def hold(self, hearing, **vals):
        with local_noon("2026-06-01"):
            hearing.write(
                {
                    "held_on": "2026-06-01",
                    "report": "<p>Kees vertelde wat er gebeurde.</p>",
                    "proposal": "<p>Drie ritten gratis.</p>",
                    **vals,
                }
            )
            hearing.action_hold()

    def test_held_without_a_solution(self):
        """BA33, BA38-39, T20: on paper that it was held, no decision, and where to go."""
        complaint = self.answer()
        self.object(complaint)
        hearing = self.invite(complaint)
        self.send_invitation(complaint)
        with local_noon("2026-05-28"):
            hearing.action_plan(hearing.slot_ids)
        self.hold(hearing, reaction="not_agreed")
        with local_noon("2026-06-01"):
            hearing.action_end_unresolved()
        self.assertSays(
            self.send(complaint, "hearing_report", "2026-06-02"),
            "maandag 1 juni 2026",
            "Vestiging Oost",
            "Kees vertelde wat er gebeurde.",
            "Drie ritten gratis.",
        )
        self.assertSays(
            self.send(complaint, "closing_unresolved", "2026-06-03"),
            "Drie ritten gratis.",
            "gerechtelijke procedure",
            "klachtenfunctionaris",
        )
        self.send(complaint, "position_notice", "2026-06-03", position="Geen oplossing.")
        with local_noon("2026-06-03"):
            self.as_role(complaint, "coordinator").action_close()
        self.assertRecordValues(complaint, [{"is_closed": True, "outcome": "not_resolved"}])
        self.assertNotIn("final_decided", self.codes(complaint))
        self.assertAllInTime(complaint)

    def test_a_late_objection(self):
        """BA27: wo 27 May is one day late; it is told, and heard for a reason."""
        complaint = self.answer()
        with local_noon("2026-05-27"):
            late = self.new(
                "objection", "coordinator", complaint_id=complaint.id, received_on="2026-05-27"
            )
            with self.assertRaisesRegex(UserError, "after the last day"):
                late.action_register()
            late.acceptance_reason = "De post was gestaakt."
            late.action_register()
        self.assertSays(
            self.send(
                complaint, "follow_up_receipt", "2026-05-28", next_step="U wordt uitgenodigd."
            ),
            "woensdag 27 mei 2026",
            "dinsdag 26 mei 2026",
            "U wordt uitgenodigd.",
        )
        # one week from wo 27 May: wo 3 June
        self.assertDue(complaint, hear="2026-06-03")
