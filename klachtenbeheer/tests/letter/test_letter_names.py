from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.letter_common import FittingCase, LetterCase


@tagged("post_install", "-at_install")
class TestLetterActing(LetterCase):
    """A letter names who acts, and never somebody who is complained about (BA21); what it says
    is what happened on this dossier."""

    def text(self, complaint, code, role="coordinator", **vals):
        letter = self.prepare(complaint, code, role=role, **vals)
        return self.preview_text(letter)

    def test_ba_acknowledgement_tells_the_day_on_which_it_was_passed_on(self):
        complaint = self.file_under(self.publish_source("ba"))
        text = self.text(complaint, "acknowledgement")
        day = complaint._get_event_day("forwarded")
        self.assertIn(f"Uw klacht is op {day} doorgegeven aan de klachtenfunctionaris.", text)
        self.assertNotIn("dag van ontvangst", text)

    def test_ba_about_the_klachtenfunctionaris(self):
        """Not in the route, the contact block or the signature."""
        policy = self.publish_source("ba")
        coordinator = self.users["coordinator"]
        coordinator.write({"email": "klachten@proef.example", "phone": "0600000000"})
        complaint = self.file_under(policy, respondent_ids=[(6, 0, coordinator.partner_id.ids)])
        self.investigate(complaint)
        complaint.record_event("objected")
        for code in ("acknowledgement", "answer", "final_decision"):
            reason = {"reason": "Wij blijven erbij."} if code == "final_decision" else {}
            letter = complaint.prepare_letter(code)
            letter.write(reason)
            text = self.preview_text(letter)
            self.assertNotIn(coordinator.name, text, code)
            self.assertNotIn("klachten@proef.example", text, code)
            self.assertNotIn("aan de klachtenfunctionaris", text, code)
            self.assertIn(self.users["director"].name, text, code)
        self.assertNotIn(coordinator.name, str(complaint._get_contact()))

    def test_one_of_two_klachtenfunctionarissen(self):
        policy = self.publish_source("ba")
        line = policy.role_ids.filtered(lambda role: role.role == "coordinator")
        line.user_ids = self.users["coordinator"] | self.users["handler"]
        accused = self.users["coordinator"].partner_id
        complaint = self.file_under(policy, respondent_ids=[(6, 0, accused.ids)])
        text = self.preview_text(complaint.prepare_letter("acknowledgement"))
        self.assertNotIn(accused.name, text)
        self.assertIn(f"{self.users['handler'].name}, klachtenfunctionaris", text)

    def test_a_policy_that_names_somebody_itself(self):
        """Policies that were published before names were fields."""
        complaint = self.file_complaint(
            respondent_ids=[(6, 0, self.users["handler"].partner_id.ids)]
        )
        self.env.cr.execute(
            "UPDATE klachtenbeheer_policy SET contact_name = %s WHERE id = %s",
            (f"Bel met {self.users['handler'].name}", self.policy.id),
        )
        self.policy.invalidate_recordset()
        contact = complaint._get_contact()
        self.assertNotIn(self.users["handler"].name, contact["name"])
        self.assertIn(self.users["coordinator"].name, contact["name"])

    def test_ba_final_decision_after_a_conversation_and_without_one(self):
        policy = self.publish_source("ba")
        spoken, silent = "uitkomst van het gesprek", "niet eens met deze beslissing"
        for waived in (True, False):
            complaint = self.file_under(policy)
            self.investigate(complaint)
            complaint.record_event("objected")
            complaint.record_event("hearing_waived" if waived else "hearing_held")
            text = self.text(complaint, "final_decision", reason="Wij blijven erbij.")
            self.assertIn(silent if waived else spoken, text)
            self.assertNotIn(spoken if waived else silent, text)
            self.assertIn("De directie heeft erover beslist.", text)

    def test_ba_answer_is_a_proposal(self):
        """BA26: art. 6 asks for what we propose; another answer just tells."""
        for source, heading in (("ba", "Wat stellen wij u voor?"), ("sj", "Wat doen wij voor u?")):
            complaint = self.file_under(self.publish_source(source))
            self.investigate(complaint)
            self.assertIn(heading, self.text(complaint, "answer"))

    def test_sb_about_directie_is_decided_by_the_board(self):
        policy = self.publish_source("sb")
        accused = self.users["director"].partner_id
        complaint = self.file_under(policy, respondent_ids=[(6, 0, accused.ids)])
        text = self.text(complaint, "acknowledgement", role="coordinator")
        self.assertIn("Het bestuur is eindverantwoordelijk voor het besluit.", text)
        other = self.text(self.file_under(policy), "acknowledgement")
        self.assertIn("De directie is eindverantwoordelijk voor het besluit.", other)

    def test_sb_acknowledgement_after_formal_registration(self):
        complaint = self.file_under(self.publish_source("sb"))
        text = self.text(complaint, "acknowledgement")
        day = complaint._get_event_day("formalised")
        self.assertIn(
            f"Uw klacht is op {day} formeel geregistreerd, onder nummer {complaint.name}.", text
        )
        self.assertIn(f"De klacht staat nu op: {complaint.stage_id.name}.", text)
        self.assertNotIn("eerst in een gesprek", text)

    def test_kk_to_somebody_who_stays_unknown(self):
        policy = self.publish_source("kk")
        hidden = {"hide_identity": True, "accepts_limited_answer": True}
        for vals, is_hidden in ((hidden, True), ({}, False)):
            complaint = self.file_under(policy, complainant_email=False, **vals)
            complaint.complainant_email = "kees@example.com"
            text = self.text(complaint, "acknowledgement")
            self.assertEqual("niet te vertellen wie u bent" in text, is_hidden)
            self.assertEqual("kunnen die te zien krijgen" in text, not is_hidden)
            self.assertEqual("worden bekend bij betrokken medewerkers" in text, not is_hidden)

    def test_a_note_of_a_call_is_not_quoted(self):
        complaint = self.file_under(
            self.publish_source("ba"),
            channel="phone",
            description="Mevrouw belt: de bus kwam niet.",
        )
        letter = self.prepare(complaint, "acknowledgement", role="coordinator")
        self.assertNotIn("Mevrouw belt", str(letter.body))
        self.assertIn("a summary of the complaint", letter.missing_text)
        complaint.summary = "De bus kwam niet."
        self.assertFalse(letter.missing_text)
        self.assertIn("De bus kwam niet.", str(letter.body))

    def test_salutations(self):
        policy = self.publish_source("bb")
        for name, salutation in (
            ("de heer P. van den Berg", "Beste heer Van den Berg,"),
            ("mevrouw A. de Wit", "Beste mevrouw De Wit,"),
            ("Sam Jansen", "Beste Sam Jansen,"),
        ):
            complaint = self.file_under(policy, complainant_name=name)
            self.assertEqual(self.prepare(complaint, "acknowledgement").salutation, salutation)

    def test_a_field_in_what_the_complainant_wrote_is_left_alone(self):
        complaint = self.file_under(
            self.publish_source("ba"), description="Bel {email:director} over {role:director}."
        )
        text = self.text(complaint, "acknowledgement")
        self.assertIn("Bel {email:director} over {role:director}.", text)


@tagged("post_install", "-at_install")
class TestLetterRequests(FittingCase):
    """What a letter asks of its reader can be done, and is asked once."""

    def invite(self):
        with local_noon("2026-11-20"):
            complaint = self.file_under(self.publish_source("ba"))
            self.investigate(complaint)
            self.fit(complaint, "hearing_invitation")
            complaint.hearing_ids.slot_ids[0].start_at = "2026-11-26 10:00:00"
            return self.prepare(complaint, "hearing_invitation", role="coordinator")

    def test_the_reply_is_asked_before_the_first_moment(self):
        letter = self.invite()
        self.assertEqual(str(letter.reply_by), "2026-11-25")
        with local_noon("2026-11-20"):
            self.assertFalse(letter.missing_text)
            letter.reply_by = "2026-11-28"
            self.assertIn("a date to reply before the first moment", letter.missing_text)
            with self.assertRaisesRegex(UserError, "before the first moment"):
                letter.hearing_id._do_offer(letter.reply_by)

    def test_the_reply_date_is_given_once(self):
        text = " ".join(str(self.invite().body).split())
        self.assertEqual(text.count("25 november 2026"), 1)
        self.assertNotIn("datum hierboven", text)
        self.assertIn("Dat doen wij ook als wij niet op tijd van u horen.", text)

    def test_who_is_complained_about_may_ask_for_help(self):
        complaint = self.file_under(self.publish_source("ba"))
        asked = self.fit(complaint, "position_notice")
        body = str(self.prepare(complaint, "position_notice", **asked).body)
        self.assertIn("U mag iemand vragen om u te helpen", body)
        self.assertNotIn("voor uzelf te houden", body)
        self.assertNotIn("geen contact", body)
