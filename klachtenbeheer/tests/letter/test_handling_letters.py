from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.common import local_noon
from ..support.letter_common import ON_LETTER, FittingCase
from ..support.made_once import make_once

SECRETS = ("Kees", "kees@example.com", "De bus kwam drie keer niet.", "Dorpsweg")


class HandlingLetterCase(FittingCase):
    SOURCE = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_once(cls, HandlingLetterCase, "publish_ours")

    @classmethod
    def publish_ours(cls):
        cls.ours = cls.publish_source(cls.SOURCE)

    def open_dossier(self, *codes, day="2026-11-21", **vals):
        """A dossier on which letters of these kinds make sense, with a draft of the last."""
        with local_noon(day):
            complaint = self.file_under(
                self.ours, complainant_address="Dorpsweg 9\n1234 AB Dorp", **vals
            )
            self.investigate(complaint)
            asked = {}
            for code in codes:
                asked = self.fit(complaint, code)
            complaint.preferred_delivery = "email"
            return complaint, asked

    def write_letter(self, code, day="2026-11-21", role="handler", **vals):
        complaint, asked = self.open_dossier(code, day=day)
        role = "coordinator" if complaint.hide_identity else role
        with local_noon(day):
            return self.prepare(complaint, code, role, **{**asked, **vals})

    def send_letter(self, letter, day="2026-11-21"):
        with local_noon(day), self.mail_server():
            if letter.needs_approval:
                letter.action_submit()
                self.as_role(letter, letter.type_id.approval_role).action_approve()
            letter.action_send()
        self.assertEqual(letter.state, "sent")
        return self.text_of(letter)

    def assertSays(self, text, *parts):
        for part in parts:
            self.assertIn(part, text)

    def assertRefused(self, letter, *parts):
        """The real user is told in words what is missing, and nothing leaves."""
        with self.mail_server(), self.assertRaises(UserError) as refusal:
            letter.action_send()
        self.assertSays(str(refusal.exception), *parts)
        self.assertEqual(letter.state, "draft")
        self.assertFalse(self._new_mails)

    def offered(self, complaint, role="handler"):
        return self.as_role(complaint, role)._get_offered_letter_types().mapped("code")


@tagged("post_install", "-at_install")
class TestLettersOfBallance(HandlingLetterCase):
    SOURCE = "ba"

    def test_the_position_goes_to_who_is_complained_about_and_nobody_else(self):
        """BA9: no more of the complainant than needed; no right on the dossier."""
        letter = self.write_letter("position_notice")
        letter.position = False
        self.assertRefused(letter, "Our position")
        letter.position = "Wij vinden dat de planning beter moest."
        text = self.send_letter(letter)
        self.assertSays(text, "Beste Bert Beklaagde,", "de planning beter moest", "klachtenfunct")
        mails = self._mails
        self.assertEqual([mail["email_to"] for mail in mails], [["bert@proef.example"]])
        shown = f"{text} {mails[0]['body']} {mails[0]['subject']} {letter.attachment_id.name}"
        for secret in SECRETS:
            self.assertNotIn(secret, shown)
        complaint = letter.complaint_id
        self.assertTrue(complaint.respondents_told)
        self.assertNotIn(self.accused, complaint.message_partner_ids)
        self.assertFalse(complaint.message_ids.notified_partner_ids & self.accused)
        self.assertFalse(letter.event_id)
        self.assertFalse(complaint._get_portal_letters())

    def test_a_position_that_names_the_complainant_is_refused(self):
        letter = self.write_letter("position_notice")
        for words in ("Kees Klager", "Klager", "kees@example.com", "Dorpsweg 9"):
            letter.position = f"Wij spraken met {words}."
            self.assertRefused(letter, f"a text without “{words}”")
        letter.position = "Wij spraken met de klager."
        self.send_letter(letter)

    def test_who_is_not_complained_about_any_more_gets_no_position(self):
        letter = self.write_letter("position_notice")
        second = self.env["res.partner"].create({"name": "Anna Tweede", "email": "a@proef.example"})
        letter.complaint_id.respondent_ids = second
        self.assertEqual(letter.partner_id, second)
        letter.partner_id = self.accused
        self.assertRefused(letter, "an addressee who is complained about")

    def test_everybody_complained_about_gets_their_own(self):
        complaint, asked = self.open_dossier("position_notice")
        second = self.env["res.partner"].create({"name": "Anna Tweede", "email": "a@proef.example"})
        complaint.respondent_ids |= second
        first = self.prepare(complaint, "position_notice", **asked)
        self.send_letter(first)
        self.assertIn("position_notice", self.offered(complaint))
        other = self.prepare(complaint, "position_notice")
        self.assertEqual(first.partner_id | other.partner_id, complaint.respondent_ids)
        self.assertEqual(other.position, first.position)
        self.send_letter(other)
        self.assertNotIn("position_notice", self.offered(complaint))

    def test_nobody_complained_about_nobody_to_tell(self):
        complaint, _asked = self.open_dossier()
        self.assertNotIn("position_notice", self.offered(complaint))
        with self.assertRaisesRegex(UserError, "over wie die gaat"):
            self.prepare(complaint, "position_notice")

    def test_the_invitation_offers_the_conversation(self):
        """BA28-32, BA17: sending it moves the conversation and meets the week."""
        letter = self.write_letter("hearing_invitation")
        hearing = letter.hearing_id
        self.assertEqual(hearing.state, "draft")
        with local_noon("2026-11-21"):  # counted when it is first read
            self.assertEqual(str(letter.reply_by), "2026-11-28")
        letter.reply_by = "2026-11-27"
        text = self.send_letter(letter)
        self.assertSays(
            text,
            "dinsdag 1 december 2026, 10:00 uur",
            "woensdag 2 december 2026, 14:30 uur",
            "vrijdag 27 november 2026",
            "wij bellen u",
            "Vestiging Oost",
            "deskundigen",
            "tweede vertegenwoordiger",
            "binnen 2 weken een definitieve beslissing van de directie",
            self.users["coordinator"].name,
        )
        self.assertRecordValues(
            hearing, [{"state": "offered", "reply_by": letter.reply_by, "settled_on": False}]
        )
        complaint = letter.complaint_id
        self.assertEqual(self.codes(complaint).count("hearing_offered"), 1)
        self.assertEqual(letter.event_id.code, "hearing_offered")
        self.assertEqual(self.deadline(complaint, "hear").state, "met")

    def test_the_invitation_says_when_the_employee_is_there(self):
        """BA31: a question only where there is an employee."""
        complaint, _asked = self.open_dossier("position_notice", "hearing_invitation")
        letter = self.prepare(complaint, "hearing_invitation")
        self.assertIn("alleen bij als u en wij dat allebei nuttig vinden", letter.body)
        self.assertNotIn("Beklaagde", letter.body)

    def test_an_invitation_names_moment_and_branch(self):
        letter = self.write_letter("hearing_invitation")
        letter.hearing_id.write({"location": False, "form": "phone", "slot_ids": [(5, 0, 0)]})
        self.assertRefused(letter, "Proposed moments", "Branch")
        self.assertEqual(letter.hearing_id.state, "draft")

    def test_a_letter_without_its_conversation_says_so(self):
        complaint, _asked = self.open_dossier("final_decision")
        letter = self.prepare(complaint, "hearing_invitation")
        self.assertRefused(letter, "the conversation that this letter is about")
        with local_noon("2026-11-21"):
            hearing = self.new_hearing(
                complaint, "oral_explanation", slot_ids=self.propose("2026-12-01 09:00:00")
            )
        self.assertEqual(letter.hearing_id, hearing)

    def test_a_letter_is_about_a_conversation_of_its_own_dossier(self):
        letter = self.write_letter("hearing_report")
        other, _asked = self.open_dossier("hearing_report")
        with self.assertRaisesRegex(ValidationError, "another complaint"):
            letter.hearing_id = other.hearing_ids[:1]

    def test_an_invitation_that_does_not_arrive_can_go_again(self):
        """The duty is open again; the conversation stays offered."""
        letter = self.write_letter("hearing_invitation")
        with local_noon("2026-11-21"):
            with self.mail_server(failing=True), mute_logger("odoo.addons.mail.models.mail_mail"):
                letter.action_send()
            self.assertEqual(letter.state, "failed")
            self.assertNotIn("hearing_offered", self.codes(letter.complaint_id))
            with self.mail_server():
                letter.action_send()
        self.assertEqual(letter.hearing_id.state, "offered")
        self.assertEqual(self.codes(letter.complaint_id).count("hearing_offered"), 1)

    def test_the_report_tells_form_date_people_proposal_and_reaction(self):
        """BA33, BA35-36."""
        letter = self.write_letter("hearing_report")
        self.assertSays(
            self.send_letter(letter),
            "zaterdag 21 november 2026",
            "bij ons op kantoor",
            "Kees Klager (klager)",
            "De klager legde uit hoe het ging.",
            "U krijgt de ritten vergoed.",
            "U wilt erover nadenken.",
        )

    def test_a_settlement_has_a_line_for_each_signature(self):
        """BA37: dated at the end of the conversation."""
        letter = self.write_letter("settlement_record")
        text = self.send_letter(letter)
        self.assertSays(text, "zaterdag 21 november 2026", "U krijgt de ritten vergoed.")
        self.assertEqual(text.count("Voor akkoord,"), 2)
        for signature in ("Kees Klager Datum:", "klachtenfunctionaris Stichting De Proef Datum:"):
            self.assertIn(signature, text)
        self.assertNotIn("Met vriendelijke groet", text)

    def test_a_record_without_settlement_or_agreements_is_refused(self):
        complaint, _asked = self.open_dossier()
        letter = self.prepare(complaint, "settlement_record")
        self.assertRefused(letter, "Settlement or agreements")
        self.new_line("agreement", complaint, name="Wij bellen u elke week.", owner_name="Anna")
        self.assertSays(self.send_letter(letter), "Wij bellen u elke week. (wie: Anna)")

    def test_closing_without_a_solution_points_to_the_court(self):
        """BA38-39: and to whom to ask about it."""
        letter = self.write_letter("closing_unresolved")
        self.assertSays(
            self.send_letter(letter),
            "niet heeft geleid tot een oplossing",
            "gerechtelijke procedure",
            "De klachtenfunctionaris kan u daar meer over vertellen",
            "klachten@proef.example",
        )

    def test_closing_without_a_solution_is_not_for_what_was_settled(self):
        complaint, _asked = self.open_dossier()
        with local_noon("2026-11-21"):
            hearing = self.hold_hearing(complaint, settlement="<p>Vergoed.</p>")
            self.assertIn("closing_unresolved", self.offered(complaint))
            hearing.action_settle()
        self.assertNotIn("closing_unresolved", self.offered(complaint))

    def test_the_final_decision_is_for_who_disagrees(self):
        """BA34."""
        complaint, _asked = self.open_dossier()
        self.assertNotIn("final_decision", self.offered(complaint))
        with self.assertRaisesRegex(UserError, "niet eens is met het antwoord"):
            self.prepare(complaint, "final_decision")
        complaint.record_event("objected")
        self.assertIn("final_decision", self.offered(complaint))

    def test_a_letter_that_was_sent_is_not_offered_again(self):
        complaint, _asked = self.open_dossier()
        self.assertIn("answer", self.offered(complaint))
        letter = self.prepare(complaint, "answer")
        self.assertIn("answer", self.offered(complaint), "it is to be finished")
        self.send_letter(letter)
        self.assertNotIn("answer", self.offered(complaint))
        self.assertIn("information_request", self.offered(complaint))

    def test_after_closing_only_what_goes_on_then_is_offered(self):
        complaint, _asked = self.open_dossier("position_notice")
        for duty in complaint.deadline_ids.filtered("is_open"):
            complaint._waive(duty.term_id, "Niet nodig.")
        complaint.outcome = "settled"
        complaint.record_event("closed")
        offered = self.offered(complaint)
        self.assertIn("position_notice", offered)
        for code in ("answer", "acknowledgement", "information_request", "out_of_scope"):
            self.assertNotIn(code, offered)

    def test_experts_get_copies_by_consent(self):
        """BA17: it is on record, and on the letter."""
        partners = self.env["res.partner"].create(
            [
                {"name": "Eva Expert", "email": "eva@proef.example"},
                {"name": "Ed Expert", "email": "ed@proef.example"},
                {"name": "Post Expert"},
            ]
        )
        complaint, _asked = self.open_dossier()
        for partner in partners:
            self.new_line(
                "assistance",
                complaint,
                partner_id=partner.id,
                kind="expert",
                gets_copies=partner.name != "Ed Expert",
            )
        letter = self.prepare(complaint, "answer")
        self.assertEqual(
            letter.copy_ids.sorted("name").mapped("name"), ["Eva Expert", "Post Expert"]
        )
        text = self.send_letter(letter)
        self.assertSays(text, "Kopie aan: Eva Expert, Post Expert")
        self.assertNotIn("Ed Expert", text)
        mails = {mail["email_to"][0]: mail for mail in self._mails}
        self.assertEqual(set(mails), {"kees@example.com", "eva@proef.example"})
        copy = mails["eva@proef.example"]
        self.assertIn("Beste Eva Expert,", copy["body"])
        self.assertEqual(copy["attachments"][0][0], letter.attachment_id.name)
        self.assertNotIn("Kees", copy["body"])
        # no copies of letters that are not the complainant's
        self._fit_position_notice(complaint)
        self.assertFalse(self.prepare(complaint, "position_notice").copy_ids)

    def test_who_lost_the_consent_gets_no_copy(self):
        expert = self.env["res.partner"].create({"name": "Eva", "email": "eva@proef.example"})
        complaint, _asked = self.open_dossier()
        line = self.new_line(
            "assistance", complaint, partner_id=expert.id, kind="expert", gets_copies=True
        )
        letter = self.prepare(complaint, "answer")
        with local_noon("2026-11-21"):
            letter.delivery = "post"
            letter.action_send()
            line.gets_copies = False
            with self.mail_server():
                letter.action_mark_posted()
        self.assertFalse(self._new_mails)

    def test_a_copy_that_does_not_arrive_leaves_the_letter_as_sent(self):
        self.read_english()
        expert = self.env["res.partner"].create({"name": "Eva", "email": "eva@proef.example"})
        complaint, _asked = self.open_dossier()
        self.new_line(
            "assistance", complaint, partner_id=expert.id, kind="expert", gets_copies=True
        )
        letter = self.prepare(complaint, "answer")
        with local_noon("2026-11-21"), self.mail_server(failing="eva@proef.example"):
            letter.action_send()
            self.env["mail.mail"].sudo()._deliver_waiting()  # copies follow by the queue
        self.assertEqual(letter.state, "sent")
        self.assertIn("answered", self.codes(complaint))
        alerts = complaint.activity_ids.mapped("summary")
        self.assertTrue([text for text in alerts if "copy was not delivered" in (text or "")])

    def test_a_late_reaction_that_is_accepted_is_answered(self):
        letter = self.write_letter("follow_up_receipt")
        self.assertSays(
            self.send_letter(letter),
            "niet eens bent met de afhandeling",
            "niet schriftelijk gedaan",
            "toch in behandeling",
            "Wij nodigen u uit",
        )


@tagged("post_install", "-at_install")
class TestLettersOfBalans(HandlingLetterCase):
    SOURCE = "sb"

    def test_measures_are_told_with_their_date(self):
        """SB37, SB50: and count as told."""
        letter = self.write_letter("measures_notice")
        complaint = letter.complaint_id
        self.assertSays(
            self.send_letter(letter),
            "Elke rit wordt de avond ervoor gecontroleerd (uiterlijk dinsdag 1 juni 2027)",
        )
        self.assertIn("measures_communicated", self.codes(complaint))
        self.assertTrue(complaint.measures_told)
        self.assertNotIn("measures_notice", self.offered(complaint))
        with local_noon("2026-11-21"):
            self._fit_measures_notice(complaint)
        self.assertIn("measures_notice", self.offered(complaint))

    def test_a_measure_without_a_date_is_not_told_yet(self):
        letter = self.write_letter("measures_notice")
        letter.complaint_id.measure_ids.due_on = False
        self.assertRefused(letter, "By which date each measure is realised")

    def test_measures_of_a_letter_that_did_not_arrive_are_not_told(self):
        letter = self.write_letter("measures_notice")
        with local_noon("2026-11-21"):
            with self.mail_server(failing=True), mute_logger("odoo.addons.mail.models.mail_mail"):
                letter.action_send()
            self.assertFalse(letter.complaint_id.measures_told)
            self.send_letter(letter)
        self.assertTrue(letter.complaint_id.measures_told)

    def test_the_decision_tells_measures_grievances_and_the_wish(self):
        """SB14, SB35-37: what was asked, what was found on each point, what is done."""
        complaint, _asked = self.open_dossier("measures_notice")
        complaint.desired_solution = "Ik wil mijn geld terug."
        complaint.independent_id = self.users["registrar"]
        self.new_line(
            "grievance",
            complaint,
            name="Niet gebeld",
            findings="<p>Er is niet gebeld.</p>",
            verdict="upheld",
            motivation="<p>Bellen had gemoeten.</p>",
        )
        text = self.send_letter(self.prepare(complaint, "decision"))
        self.assertSays(
            text,
            "Ik wil mijn geld terug.",
            "U betaalt de ritten niet.",
            "Niet gebeld Er is niet gebeld. Wij verklaren dit onderdeel gegrond.",
            "Bellen had gemoeten.",
            "Elke rit wordt de avond ervoor gecontroleerd",
            # SB12
            f"onafhankelijke functionaris betrokken: {self.users['registrar'].name}",
            # SB1
            "Klachtenbeleid extern, 2026, vanaf 1 januari 2020",
        )
        self.assertTrue(complaint.measures_told)

    def test_what_directie_did_not_adopt_is_no_measure(self):
        complaint, _asked = self.open_dossier("measures_notice")
        complaint.measure_ids.write({"kind": "recommendation"})
        self.assertTrue(complaint.measures_told)
        self.assertNotIn("Elke rit", self.prepare(complaint, "decision").body)

    def test_the_board_can_be_reached_on_request(self):
        """SB19: and it has no dealings with who is complained about."""
        letter = self.write_letter("board_contact")
        role = self.ours.role_ids.filtered(lambda line: line.role == "board")
        role.email = False
        self.assertRefused(letter, "How to reach")
        role.write({"phone": "0570 - 65 43 21", "address": "Bestuursweg 1\n7411 CD Deventer"})
        self.assertSays(
            self.send_letter(letter),
            "Bestuur",
            "Bestuursweg 1",
            "Telefoon: 0570 - 65 43 21",
            "niet betrokken bij de behandeling en kan uw klacht niet inzien",
        )

    def test_a_contact_person_who_is_complained_about_does_not_sign(self):
        complaint, _asked = self.open_dossier()
        complaint.respondent_ids = self.users["coordinator"].partner_id
        letter = self.prepare(complaint, "board_contact")
        self.assertNotEqual(letter.signatory_id, self.users["coordinator"])

    def test_a_ruling_is_told_by_directie(self):
        """SB53."""
        complaint, _asked = self.open_dossier()
        self.assertNotIn("unforeseen_ruling", self.offered(complaint))
        self.new_line("ruling", complaint, question="Geldt dit ook voor een proefrit?")
        letter = self.prepare(complaint, "unforeseen_ruling")
        with self.assertRaisesRegex(UserError, "The decision on that question"):
            letter.ruling_id = complaint.ruling_ids
            letter.action_submit()
        complaint.ruling_ids.with_user(self.users["director"]).action_decide("Ja.")
        text = self.send_letter(letter)
        self.assertSays(text, "Geldt dit ook voor een proefrit?", "Ja.", "beslist de directie")
        self.assertEqual(letter.signatory_id, self.users["director"])

    def test_a_request_for_the_confidant_is_confirmed(self):
        """SB39-40: receipt, in time, and what happens next."""
        letter = self.write_letter("follow_up_receipt")
        self.assertSays(
            self.send_letter(letter),
            "zaterdag 21 november 2026",
            "Ja, u was op tijd.",
            "doorgegeven aan de vertrouwenspersoon",
        )

    def test_a_request_that_is_refused_is_told_so(self):
        """SB40: late, and no reason to accept it."""
        with local_noon("2026-05-18"):
            complaint = self.file_under(self.ours)
            self.investigate(complaint)
            complaint.record_event("decided")
        with local_noon("2026-06-20"):
            objection = self.new_line("objection", complaint, kind="follow_up")
            objection.action_refuse()
            letter = self.prepare(complaint, "follow_up_receipt")
            letter.next_step = False
            self.assertRefused(letter, "What happens next")
            letter.next_step = "Wij kunnen uw verzoek niet doorgeven."
        text = self.send_letter(letter, "2026-06-20")
        self.assertSays(text, "moeten hebben", "niet doorgeven")
        self.assertNotIn("toch in behandeling", text)

    def test_an_escalation_mails_a_link_and_nothing_else(self):
        """SB18: level, reason and what is asked stay on the dossier."""
        complaint, _asked = self.open_dossier()
        with self.assertRaisesRegex(UserError, "hoger niveau"):
            self.prepare(complaint, "escalation_notice")
        self._fit_escalation_notice(complaint)
        letter = self.prepare(complaint, "escalation_notice", "coordinator")
        self.assertRefused(letter, "Reason", "What is asked for")
        letter.write(ON_LETTER["escalation_notice"])
        text = self.send_letter(letter)
        self.assertSays(text, "twee gesprekken geen oplossing", "Beslis hoe wij verdergaan.")
        [mail] = self._mails
        self.assertEqual(mail["email_to"], [self.users["coordinator"].email])
        self.assertFalse(mail["attachments"])
        self.assertIn(f"res_id={complaint.id}", mail["body"])
        for secret in (*SECRETS, "twee gesprekken"):
            self.assertNotIn(secret, f"{mail['subject']} {mail['body']}")
        self.assertFalse(complaint._get_portal_letters())

    def test_nobody_writes_to_themself(self):
        """What is put before the coordinator is signed by who handles the complaint."""
        complaint, _asked = self.open_dossier("escalation_notice")
        letter = self.prepare(complaint, "escalation_notice", "coordinator")
        self.assertEqual(letter.addressee_name, "contactpersoon klachten")
        self.assertEqual(letter.signatory_id, self.users["handler"])
        self.assertEqual(letter.signatory_title, "behandelaar (leidinggevende)")
        complaint.action_escalate("Ook dat hielp niet.")
        letter.invalidate_recordset()
        self.assertEqual(complaint.escalation_level, "deputy")
        self.assertIn(self.users["coordinator"], letter.signatory_ids)
        self.assertEqual(letter.signatory_ids[:1], self.users["coordinator"])

    def test_an_escalation_that_names_somebody_is_refused(self):
        letter = self.write_letter("escalation_notice", reason="Kees Klager is boos.")
        self.assertRefused(letter, "a text without “Kees Klager”")

    def test_the_decision_is_for_what_is_formal(self):
        complaint, _asked = self.open_dossier()
        complaint.kind = "informal"
        self.assertNotIn("decision", self.offered(complaint))


@tagged("post_install", "-at_install")
class TestLettersOfKlimkoord(HandlingLetterCase):
    SOURCE = "kk"

    def test_who_stays_unknown_gets_a_general_answer(self):
        """KK22: no details, and it refers to the wish and its acceptance."""
        letter = self.write_letter("limited_answer")
        letter.answer_text = False
        self.assertRefused(letter, "Answer")
        letter.answer_text = "Wij hebben onze werkwijze aangepast."
        text = self.send_letter(letter)
        self.assertSays(
            text, "niet te vertellen wie u bent", "aanvaard", "onze werkwijze aangepast"
        )
        for detail in ("bus", "planner", "teamleider", "betaalt de ritten"):
            self.assertNotIn(detail, text)
        self.assertIn("answered", self.codes(letter.complaint_id))

    def test_a_general_answer_names_nobody(self):
        complaint, _asked = self.open_dossier("position_notice", "limited_answer")
        complaint.identity_ids.complainant_organisation = "Zorggroep De Linde"
        letter = self.prepare(complaint, "limited_answer", "coordinator")
        for name in ("Bert Beklaagde", "Kees Klager", "Zorggroep De Linde"):
            letter.answer_text = f"Wij spraken met {name}."
            self.assertRefused(letter, f"a text without “{name}”")

    def test_the_full_answer_is_not_for_who_stays_unknown(self):
        """KK22: the next step is the limited answer, and the other is refused."""
        complaint, _asked = self.open_dossier("limited_answer")
        by_coordinator = self.as_role(complaint, "coordinator")
        with self.assertRaisesRegex(UserError, "beperkt antwoord"):
            by_coordinator.prepare_letter("answer")
        offered = self.offered(complaint, "coordinator")
        self.assertIn("limited_answer", offered)
        self.assertNotIn("answer", offered)
        answer = complaint.deadline_ids.filtered(lambda line: line.code == "answer")
        step = complaint._get_step_for_duty(answer)
        self.assertEqual(step["letter_type"].code, "limited_answer")

    def test_an_answer_is_not_sent_to_who_meanwhile_wants_to_stay_unknown(self):
        complaint, _asked = self.open_dossier()
        letter = self.prepare(complaint, "answer")
        self._fit_limited_answer(complaint)
        with self.mail_server(), self.assertRaisesRegex(UserError, "beperkt antwoord"):
            self.as_role(letter, "coordinator").action_send()

    def test_who_may_be_known_gets_the_full_answer(self):
        complaint, _asked = self.open_dossier()
        offered = self.offered(complaint)
        self.assertIn("answer", offered)
        self.assertNotIn("limited_answer", offered)

    def test_the_supervisor_invites_both(self):
        """KK28: participants, date and aim; the conversation is offered."""
        letter = self.write_letter("supervisor_invitation")
        letter.hearing_id.aim = False
        self.assertRefused(letter, "What the conversation is about")
        letter.hearing_id.aim = "Hoe wij u beter op de hoogte houden."
        self.assertNotIn("medewerker", letter.body, "nobody is announced who is not invited")
        letter.hearing_id.participant_ids = [
            Command.create({"role": "respondent", "name": "Bert Beklaagde"})
        ]
        self.assertSays(
            self.send_letter(letter),
            "dinsdag 1 december 2026, 10:00 uur",
            "Hoe wij u beter op de hoogte houden.",
            "Kees Klager (klager)",
            "Coordinator van der Proef (leidt het gesprek)",
            "met u en met de betrokken medewerker",
            "Vestiging Oost",
        )
        self.assertEqual(letter.hearing_id.state, "offered")
        self.assertNotIn("hearing_offered", self.codes(letter.complaint_id))

    def test_the_way_outside_comes_from_the_policy(self):
        """KK11, KK38-41: form, e-mail, what to mention and whose rules apply."""
        letter = self.write_letter("external_referral")
        body = letter.policy_id.role_ids.filtered(lambda line: line.role == "external_body")
        self.assertSays(
            letter.with_context(lang="nl_NL").body,
            "www.klachtenportaalzorg.nl",
            "klachten@proef.example",
            "Stichting De Proef de zorgaanbieder is",
            "klachtenportaalzorg.nl/klachtenprocedure-wkkgz-wmo-en-jeugdzorg",
            body.partner_id.name,
        )
        self.send_letter(letter)
        self.assertNotIn("referred", self.codes(letter.complaint_id), "filing is what counts")

    def test_a_way_outside_with_gaps_is_refused(self):
        letter = self.write_letter("external_referral")
        body = letter.referral_id.role_id
        self.env.cr.execute(
            "UPDATE klachtenbeheer_policy_role SET form_url = NULL, mention = NULL WHERE id = %s",
            [body.id],
        )
        body.invalidate_recordset()
        self.assertRefused(letter, "Complaint form of the external body", "must be mentioned")

    def test_an_admission_is_told_inside(self):
        """KK42, KK45: reference and date, and nothing of the complainant."""
        letter = self.write_letter("external_registration_notice")
        text = self.send_letter(letter)
        self.assertSays(text, "KPZ-77", "zaterdag 21 november 2026", "Beste collega,")
        [mail] = self._mails
        self.assertEqual(mail["email_to"], [self.users["coordinator"].email])
        for secret in SECRETS:
            self.assertNotIn(secret, f"{text} {mail['subject']} {mail['body']}")

    def test_an_admission_without_reference_is_not_told(self):
        letter = self.write_letter("external_registration_notice")
        letter.referral_id.reference = False
        self.assertRefused(letter, "Reference of the external body")

    def test_agreements_with_the_supervisor_are_signed(self):
        """KK29."""
        letter = self.write_letter("settlement_record")
        self.assertEqual(self.send_letter(letter).count("Voor akkoord,"), 2)


@tagged("post_install", "-at_install")
class TestLettersOfTheTemplate(HandlingLetterCase):
    SOURCE = "sj"

    def test_the_handler_tells_the_measures(self):
        """SJ22."""
        letter = self.write_letter("measures_notice")
        self.assertEqual(letter.signatory_id, self.users["handler"])
        self.send_letter(letter)
        self.assertIn("measures_communicated", self.codes(letter.complaint_id))

    def test_directie_is_called_in_without_details_in_the_mail(self):
        """SJ24-25."""
        complaint, asked = self.open_dossier("escalation_notice")
        complaint.action_escalate("Nog steeds niet opgelost.")
        letter = self.prepare(complaint, "escalation_notice", "coordinator", **asked)
        self.send_letter(letter)
        self.assertEqual(self._mails[0]["email_to"], [self.users["director"].email])

    def test_who_is_complained_about_is_not_called_in(self):
        complaint, _asked = self.open_dossier("escalation_notice")
        complaint.action_escalate("Nog steeds niet opgelost.")
        complaint.respondent_ids = self.users["director"].partner_id
        letter = self.prepare(complaint, "escalation_notice", "coordinator")
        self.assertFalse(letter.addressee_email)
        self.assertIn("somebody in that role", letter.missing_text)


@tagged("post_install", "-at_install")
class TestLettersOfBorne(HandlingLetterCase):
    SOURCE = "bb"

    def test_an_oral_answer_is_confirmed(self):
        """BB14: the date of the conversation and the answer, found on the dossier."""
        letter = self.write_letter("oral_answer_confirmation")
        self.assertSays(
            self.send_letter(letter),
            "zaterdag 21 november 2026",
            "De chauffeur belt voortaan als hij later komt.",
            "bevoegde vertegenwoordiger",
        )

    def test_an_oral_answer_without_answer_is_not_confirmed(self):
        letter = self.write_letter("oral_answer_confirmation")
        letter.write({"answer_text": False, "spoken_on": False})
        self.assertRefused(letter, "Answer", "Date of the conversation")

    def test_letters_for_nobody_do_not_apply(self):
        """Anonymous: the letter that everybody else gets; who is complained about gets theirs."""
        complaint = self.file_under(
            self.ours, is_anonymous=True, complainant_name=False, complainant_email=False
        )
        self._fit_oral_answer_confirmation(complaint)
        self._fit_position_notice(complaint)
        letter = self.prepare(complaint, "oral_answer_confirmation")
        self.assertEqual(letter.state, "not_applicable")
        self.assertNotIn("oral_answer_confirmation", self.offered(complaint))
        self.assertEqual(self.prepare(complaint, "position_notice").state, "draft")


@tagged("post_install", "-at_install")
class TestLetterConditions(HandlingLetterCase):
    """When a kind of letter makes sense is data that can't be wrong."""

    SOURCE = "sj"

    def test_a_condition_can_be_looked_up(self):
        draft = self.template("sj").copy({"code": "eigen", "company_id": self.company.id})
        letter_type = draft.letter_type_ids[:1]
        for wrong in ("kind", "[('geen_veld', '=', 1)]", "[(1,)]", "__import__('os')"):
            with self.subTest(wrong), self.assertRaisesRegex(ValidationError, "no condition"):
                letter_type.only_when = wrong
        letter_type = draft.letter_type_ids[1]
        letter_type.write({"about": "hearing", "about_domain": "[('state', '=', 'held')]"})
        with self.assertRaisesRegex(ValidationError, "no condition"):
            letter_type.about_domain = "[('verdict', '=', 'upheld')]"
