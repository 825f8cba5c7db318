from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..support.common import local_noon
from ..support.letter_common import ON_LETTER, FittingCase, LetterCase, day
from ..support.sampling import sample

QUEUE_LOGGER = "odoo.addons.mail.models.mail_mail"
PROMISE = {"promised_on": "2027-01-15", "expected_manner": "Wij bellen u eerst."}


@tagged("post_install", "-at_install")
class TestLetterContent(FittingCase):
    """A letter goes out complete or not at all; the message names each missing part."""

    def assert_refused(self, letter, *parts):
        with self.mail_server(), self.assertRaises(UserError) as caught:
            letter.action_send()
        for part in parts:
            self.assertIn(part, str(caught.exception))
        self.assertEqual(letter.state, "draft")
        self.assertFalse(letter.attachment_id)
        self.assertFalse(self._new_mails)
        self.assertNotIn(letter, letter.complaint_id.event_ids.letter_id)

    def test_an_answer_without_summary_and_solution_is_refused(self):
        complaint = self.file_under(self.publish_source("ba"))
        letter = self.prepare(complaint, "answer")
        self.assert_refused(letter, "Summary of the complaint", "Proposed solution or measures")

    def test_an_answer_with_measures_alone_is_complete(self):
        complaint = self.file_under(self.publish_source("ba"))
        complaint.write({"summary": "Bus kwam niet.", "measures": "<p>Vaste vervanger.</p>"})
        self.hear_both_sides(complaint)
        letter = self.prepare(complaint, "answer")
        self.assertFalse(letter.missing_text)
        with self.mail_server():
            letter.action_send()
        self.assertEqual(letter.state, "sent")

    def test_an_emptied_editor_is_not_a_solution(self):
        complaint = self.file_under(self.publish_source("ba"))
        complaint.write({"summary": "Bus kwam niet.", "solution": "<p><br></p>"})
        self.assert_refused(self.prepare(complaint, "answer"), "Proposed solution or measures")

    def test_a_delay_notice_without_reason_and_date_is_refused(self):
        complaint = self.file_under(self.publish_source("sb"))
        letter = self.prepare(complaint, "delay_notice")
        self.assert_refused(letter, "Reason", "New date")

    def test_a_new_date_must_be_later_than_the_date_in_force(self):
        complaint = self.file_under(self.publish_source("sb"))
        due_on = self.deadline(complaint, "decide").due_on
        letter = self.prepare(complaint, "delay_notice", reason="Verlof.", promised_on=due_on)
        self.assert_refused(letter, "a new date after")

    def test_a_decision_without_findings_and_verdict_is_refused(self):
        complaint = self.file_under(self.publish_source("sb"))
        letter = self.prepare(complaint, "decision")
        for part in ("Findings", "Verdict", "Motivation of the verdict", "Measures, or the choice"):
            self.assertIn(part, letter.missing_text)
        with self.assertRaisesRegex(UserError, "Findings"):
            letter.action_submit()

    def test_an_information_request_names_items_and_date(self):
        complaint = self.file_under(self.publish_source("ba"))
        letter = self.prepare(complaint, "information_request", role="coordinator")
        self.assert_refused(letter, "What is asked for", "Date for the reply")

    def test_an_out_of_scope_notice_names_reason_and_route(self):
        complaint = self.file_under(self.publish_source("kk"))
        letter = self.prepare(complaint, "out_of_scope")
        self.assert_refused(letter, "Why the complaint is not handled", "can go instead")

    def test_the_acknowledgement_of_bb_promises_manner_and_date(self):
        complaint = self.file_under(self.publish_source("bb"))
        letter = self.prepare(complaint, "acknowledgement")
        self.assert_refused(letter, "Expected manner of handling", "New date")

    def test_a_picture_that_would_not_be_printed_is_not_dropped_in_silence(self):
        complaint = self.file_under(self.publish_source("ba"))
        complaint.write({"summary": "Bus.", "solution": '<p>Zie <img src="/web/image/1"></p>'})
        self.assert_refused(self.prepare(complaint, "answer"), "without pictures")

    def test_a_letter_without_an_address_is_refused(self):
        complaint = self.file_under(self.publish_source("ba"), complainant_email=False)
        letter = self.prepare(complaint, "acknowledgement")
        self.assertFalse(letter.delivery)
        self.assert_refused(letter, "a way to send it")

    def test_every_letter_of_the_five_policies_reads_well_in_both_languages(self):
        """In `make test` all of them in Dutch and one in three in English; in `make soak` all."""
        for source in ("sb", "ba", "sj", "kk", "bb"):
            policy = self.publish_source(source)
            for lang, one_in in (("nl_NL", 1), ("en_US", 3)):
                for letter_type in sample(policy.letter_type_ids, one_in):
                    with self.subTest(source=source, lang=lang, letter=letter_type.code):
                        self.check_letter(policy, letter_type, lang)

    def check_letter(self, policy, letter_type, lang):
        complaint = self.file_under(policy, complainant_lang=lang)
        self.investigate(complaint)
        asked = self.fit(complaint, letter_type.code)
        if letter_type.code == "acknowledgement" and letter_type.extends_terms:
            asked = PROMISE
        role = "coordinator" if complaint.hide_identity else "handler"
        letter = self.prepare(complaint, letter_type.code, role, lang=lang, **asked)
        self.assertFalse(letter.missing_text)
        text = self.preview_text(letter)
        for leftover in ("False", "None", "object.", "{{", "<t", "[", "t-out"):
            self.assertNotIn(leftover, text)
        for words in (
            complaint.name,
            letter.subject,
            letter.signatory_id.name,
            letter.signatory_title,
            *self.get_frame(letter, dutch=lang == "nl_NL"),
        ):
            self.assertIn(words, text)

    def get_frame(self, letter, dutch):
        """What is printed around each text."""
        yield "Pagina 1 van" if dutch else "Page 1 of"
        if letter.audience == "internal":
            yield "Beste collega," if dutch else "Dear colleague,"
        else:
            yield f"{'Beste' if dutch else 'Dear'} {letter.addressee_name},"
        if letter.type_id.signed_by_both:
            yield "Voor akkoord," if dutch else "For agreement,"
        else:
            yield "Met vriendelijke groet," if dutch else "Kind regards,"

    def test_the_acknowledgement_tells_procedure_and_date_of_the_answer(self):
        with local_noon("2026-04-02"):
            complaint = self.file_under(self.publish_source("ba"))
            text = self.preview_text(self.prepare(complaint, "acknowledgement"))
        self.assertIn("donderdag 2 april 2026", text)
        self.assertIn("De bus kwam drie keer niet.", text)
        self.assertIn("uiterlijk op donderdag 23 april 2026", text)
        self.assertIn("schriftelijk antwoord", text)  # procedure_text of the policy

    def test_the_answer_tells_until_when_one_can_object(self):
        """BA26-27: a month from receipt, moved to a werkdag; by post receipt is later."""
        with local_noon("2026-04-23"):
            complaint = self.file_under(
                self.publish_source("ba"), complainant_address="Dorp 1\n1234 AB Dorp"
            )
            self.investigate(complaint)
            letter = self.prepare(complaint, "answer")
            self.assertIn("dinsdag 26 mei 2026", self.preview_text(letter))
            letter.delivery = "post"
            self.assertIn("donderdag 28 mei 2026", self.preview_text(letter))

    def test_a_late_delay_notice_apologises(self):
        with local_noon("2026-05-18"):
            complaint = self.file_under(self.publish_source("sb"))
        with local_noon("2026-06-10"):
            letter = self.prepare(complaint, "delay_notice", **ON_LETTER["delay_notice"])
            self.assertIn("U zou uiterlijk op maandag 15 juni 2026", self.preview_text(letter))
        with local_noon("2026-06-20"):
            letter.reason = "De chauffeur is nog met verlof."
            self.assertIn("bieden wij onze excuses aan", self.preview_text(letter))

    def test_nobody_is_promised_a_day_that_has_passed(self):
        """A letter that leaves too late says so, in the letter itself and about the answer."""
        with local_noon("2026-06-01"):
            complaint = self.file_under(
                self.publish_source("kk"),
                complainant_email=False,  # or it would have been sent by itself
                complainant_address="Dorp 1\n1234 AB Dorp",
            )
        with local_noon("2026-06-02"):
            letter = self.prepare(complaint, "acknowledgement", "coordinator")
            letter.action_renew_text()
            text = self.preview_text(letter)
        self.assertIn("U krijgt ons antwoord uiterlijk op woensdag 1 juli 2026", text)
        self.assertIn("contact met u op, uiterlijk op maandag 15 juni 2026", text)
        self.assertIn("U had deze brief uiterlijk op maandag 1 juni 2026 moeten krijgen", text)
        with local_noon("2026-07-02"):
            letter.action_renew_text()
            text = self.preview_text(letter)
        self.assertNotIn("U krijgt ons antwoord uiterlijk", text)
        self.assertNotIn("15 juni", text)
        self.assertIn("Ons antwoord had u uiterlijk op woensdag 1 juli 2026 moeten krijgen", text)

    def test_an_answer_that_is_late_apologises(self):
        with local_noon("2026-05-18"):
            complaint = self.file_under(self.publish_source("sb"))
            self.investigate(complaint)
            letter = self.prepare(complaint, "decision")
            self.assertNotIn("had u", self.preview_text(letter))
        with local_noon("2026-06-16"):
            letter.action_renew_text()
            text = self.preview_text(letter)
        self.assertIn("U had deze brief uiterlijk op maandag 15 juni 2026 moeten krijgen", text)
        self.assertIn("excuses", text)

    def test_the_text_follows_the_dossier_until_somebody_edits_it(self):
        complaint = self.file_under(self.publish_source("ba"))
        self.investigate(complaint)
        letter = self.prepare(complaint, "answer")
        complaint.solution = "<p>U krijgt een taxi.</p>"
        self.assertIn("U krijgt een taxi.", letter.body)
        letter.body = letter.body.replace("taxi", "gratis taxi")
        self.assertEqual(letter.text_state, "edited")
        complaint.verdict = "upheld"
        self.assertEqual(letter.text_state, "outdated")
        self.assertIn("gratis taxi", letter.body)
        with self.assertRaisesRegex(UserError, "the dossier has changed since"):
            letter.action_send()
        letter.action_keep_text()
        self.assertEqual(letter.text_state, "edited")
        letter.action_renew_text()
        self.assertEqual(letter.text_state, "generated")
        self.assertNotIn("gratis", letter.body)

    def test_the_form_shows_the_text_while_one_fills_in_what_it_asks(self):
        complaint = self.file_under(self.publish_source("sb"))
        letter = self.prepare(complaint, "delay_notice")
        with Form(letter) as form:
            self.assertIn("Reason", form.missing_text)
            form.reason = "De chauffeur is met verlof."
            form.promised_on = "2027-05-03"
            self.assertIn("De chauffeur is met verlof.", form.body)
            self.assertFalse(form.missing_text)
        self.assertIn("De chauffeur is met verlof.", letter.body)
        self.assertIn("maandag 3 mei 2027", letter.body)
        self.assertEqual(letter.text_state, "generated")

    def test_what_is_typed_in_the_editor_is_kept(self):
        complaint = self.file_under(self.publish_source("sb"))
        letter = self.prepare(complaint, "delay_notice", **ON_LETTER["delay_notice"])
        with Form(letter) as form:
            form.body = letter.body.replace("Dat spijt ons", "Dat spijt ons zeer")
        self.assertIn("Dat spijt ons zeer", letter.body)
        self.assertEqual(letter.text_state, "edited")
        self.assertEqual(self.preview_text(letter).count("Dat spijt ons zeer"), 1)

    def test_the_organisation_edits_a_text_once_for_all_letters(self):
        template = self.env.ref("klachtenbeheer.mail_template_acknowledgement")
        template.with_context(lang="nl_NL").subject = "Uw bericht is binnen"
        complaint = self.file_under(self.publish_source("ba"))
        self.assertEqual(self.prepare(complaint, "acknowledgement").subject, "Uw bericht is binnen")

    def test_another_kind_of_letter_is_a_record(self):
        policy = self.make_policy(
            code="eigen",
            letter_type_ids=[
                Command.create(
                    {
                        "code": "oral_confirmation",
                        "name": "Bevestiging mondeling antwoord",
                        "template_id": self.env.ref("klachtenbeheer.mail_template_answer").id,
                        "event_type_id": self.env.ref("klachtenbeheer.event_type_answered").id,
                    }
                )
            ],
        )
        complaint = self.file_complaint(policy_id=policy.id)
        with self.mail_server():
            self.prepare(complaint, "oral_confirmation", role="coordinator").action_send()
        self.assertIn("answered", self.codes(complaint))


@tagged("post_install", "-at_install")
class TestLetterSending(LetterCase):
    """Exactly once, on the right date, to the right person; or visibly not."""

    def test_by_email_the_addressee_alone_gets_a_neutral_mail_with_the_pdf(self):
        complaint = self.file_under(self.publish_source("ba"))
        complaint.message_subscribe(self.users["coordinator"].partner_id.ids)
        letter = self.prepare(complaint, "acknowledgement")
        with self.mail_server():
            letter.action_send()
        [mail] = self._mails
        self.assertEqual(mail["email_to"], ["kees@example.com"])
        self.assertFalse(mail["email_cc"])
        self.assertIn("klachten@proef.example", mail["email_from"])
        self.assertIn(complaint.name, mail["subject"])
        for secret in ("bus", "klacht", "complaint"):
            self.assertNotIn(secret, mail["subject"].lower())
        self.assertNotIn("bus", mail["body"])
        [(name, content, mimetype)] = mail["attachments"]
        self.assertEqual(name, f"{complaint.name}-Ontvangstbevestiging.pdf")
        self.assertEqual(content, letter.attachment_id.raw)
        self.assertEqual(mimetype, "application/pdf")

    def test_the_message_on_the_dossier_holds_no_pdf_and_no_address(self):
        complaint = self.file_under(self.publish_source("ba"))
        letter = self.prepare(complaint, "acknowledgement")
        with self.mail_server():
            letter.action_send()
        message = letter.message_id
        self.assertEqual((message.model, message.res_id), (complaint._name, complaint.id))
        self.assertTrue(message.is_internal or message.subtype_id.internal)
        self.assertFalse(message.attachment_ids)
        self.assertNotIn("kees@example.com", message.body)

    def test_sending_records_the_event_and_meets_the_duty(self):
        with local_noon("2026-04-02"):
            complaint = self.file_under(self.publish_source("ba"))
        with local_noon("2026-04-09"), self.mail_server():
            letter = self.prepare(complaint, "acknowledgement")
            letter.action_send()
        self.assertRecordValues(
            letter,
            [{"state": "sent", "sent_on": day("2026-04-09"), "counts_on": day("2026-04-09")}],
        )
        self.assertRecordValues(
            letter.event_id,
            [
                {
                    "code": "acknowledged",
                    "occurred_on": day("2026-04-09"),
                    "user_id": self.users["handler"].id,
                    "letter_id": letter.id,
                }
            ],
        )
        self.assertEqual(self.deadline(complaint, "acknowledge").met_on, day("2026-04-09"))

    def test_a_letter_is_sent_once(self):
        complaint = self.file_under(self.publish_source("ba"))
        letter = self.prepare(complaint, "acknowledgement")
        with self.mail_server():
            letter.action_send()
            with self.assertRaisesRegex(UserError, "was sent on"):
                letter.action_send()
        self.assertEqual(len(self._mails), 1)
        self.assertEqual(self.codes(complaint).count("acknowledged"), 1)

    def test_preparing_twice_gives_the_same_draft(self):
        complaint = self.file_under(self.publish_source("ba"))
        letter = self.prepare(complaint, "acknowledgement")
        self.assertEqual(self.prepare(complaint, "acknowledgement"), letter)

    def test_a_sent_letter_never_changes(self):
        complaint = self.file_under(self.publish_source("ba"))
        letter = self.prepare(complaint, "acknowledgement")
        with self.mail_server():
            letter.action_send()
        body, pdf = letter.body, letter.attachment_id.raw
        for record in (letter, letter.sudo()):
            with self.assertRaisesRegex(UserError, "does not change any more"):
                record.body = "<p>Iets anders</p>"
            with self.assertRaisesRegex(UserError, "does not change any more"):
                record.addressee_email = "else@example.com"
        for attachment in (letter.attachment_id, letter.attachment_id.sudo()):
            with self.assertRaisesRegex(UserError, "does not change any more"):
                attachment.raw = b"something else"
            with self.assertRaisesRegex(UserError, "does not change any more"):
                attachment.unlink()
        with self.assertRaisesRegex(UserError, "Only a draft"):
            letter.unlink()
        letter.write({"state": "draft", "sent_on": False, "attachment_id": False})
        complaint.write({"summary": "Iets anders", "complainant_name": "Iemand anders"})
        self.assertRecordValues(letter, [{"state": "sent", "addressee_name": "Kees Klager"}])
        self.assertEqual((letter.body, letter.attachment_id.raw), (body, pdf))

    def test_nobody_makes_a_letter_that_says_it_was_sent(self):
        complaint = self.file_under(self.publish_source("ba"))
        letter = self.as_role(self.env["klachtenbeheer.letter"], "handler").create(
            {
                "complaint_id": complaint.id,
                "type_id": complaint.policy_id.letter_type_ids[:1].id,
                "state": "sent",
                "sent_on": "2026-01-01",
                "delivery": "post",
            }
        )
        self.assertRecordValues(letter, [{"state": "draft", "sent_on": False, "delivery": "post"}])
        self.assertEqual(letter.addressee_name, "Kees Klager")

    def test_by_post_it_is_printed_first_and_counts_two_werkdagen_later(self):
        with local_noon("2026-04-02"):
            complaint = self.file_under(
                self.publish_source("sb"),
                complainant_email=False,
                complainant_address="Dorp 1\n1234 AB Dorp",
            )
            letter = self.prepare(complaint, "acknowledgement")
            self.assertEqual(letter.delivery, "post")
            action = letter.action_send()
            self.assertEqual(action["type"], "ir.actions.act_url")
            self.assertEqual(letter.state, "ready")
            self.assertEqual(self.codes(complaint), ["received", "formalised"])
            pdf = letter.attachment_id
            letter.action_send()  # a second click prints the same
            self.assertEqual(letter.attachment_id, pdf)
            letter.action_mark_posted()
        self.assertRecordValues(
            letter,
            [{"state": "sent", "sent_on": day("2026-04-02"), "counts_on": day("2026-04-08")}],
        )
        self.assertRecordValues(
            letter.event_id,
            [{"occurred_on": day("2026-04-08"), "sent_on": day("2026-04-02")}],
        )
        # met when sent (SB28), so not on the day of receipt
        self.assertEqual(self.deadline(complaint, "acknowledge").met_on, day("2026-04-02"))
        with self.assertRaisesRegex(UserError, "was sent on"):
            letter.action_mark_posted()

    def test_an_answer_by_post_must_arrive_in_time_where_the_policy_says_received(self):
        """BA24: the complainant «ontvangt» the answer within three weeks (T16)."""
        with local_noon("2026-04-02"):
            complaint = self.file_under(
                self.publish_source("ba"), complainant_address="Dorp 1\n1234 AB Dorp"
            )
            self.investigate(complaint)
        with local_noon("2026-04-23"):
            letter = self.prepare(complaint, "answer", delivery="post")
            letter.action_send()
            letter.action_mark_posted()
        self.assertEqual(self.deadline(complaint, "answer").state, "met_late")

    def test_a_letter_is_not_posted_tomorrow_nor_before_the_complaint(self):
        with local_noon("2026-04-02"):
            complaint = self.file_under(
                self.publish_source("sb"), complainant_address="Dorp 1\n1234 AB Dorp"
            )
            letter = self.prepare(complaint, "acknowledgement", delivery="post")
            with self.assertRaisesRegex(UserError, "Print"):
                letter.action_mark_posted()
            letter.action_send()
            for wrong in ("2026-04-03", "2026-04-01"):
                with self.assertRaisesRegex(UserError, "posted after"):
                    letter.action_mark_posted(wrong)

    def test_a_portal_letter_announces_itself_without_content(self):
        client = self.make_user("kees", "base.group_portal")
        client.partner_id.email = "kees@example.com"
        complaint = self.file_under(self.publish_source("ba"), partner_id=client.partner_id.id)
        letter = self.prepare(complaint, "acknowledgement")
        self.assertEqual(letter.delivery, "portal")
        with self.mail_server():
            letter.action_send()
        [mail] = self._mails
        self.assertFalse(mail["attachments"])
        self.assertIn(f"/my/klachten/{complaint.id}", mail["body"])
        self.assertEqual(letter.state, "sent")

    def test_letters_go_to_the_representative_who_was_chosen(self):
        helper = self.env["res.partner"].create({"name": "Mr. Raad", "email": "raad@example.com"})
        complaint = self.file_under(
            self.publish_source("ba"), representative_ids=[Command.link(helper.id)]
        )
        letter = self.prepare(complaint, "acknowledgement")
        self.assertEqual(letter.addressee_name, "Kees Klager")
        complaint.addressee_id = helper
        self.assertRecordValues(
            letter,
            [{"addressee_name": "Mr. Raad", "addressee_email": "raad@example.com"}],
        )

    def test_a_letter_for_an_anonymous_complainant_does_not_apply(self):
        complaint = self.file_under(
            self.publish_source("ba"),
            is_anonymous=True,
            complainant_name=False,
            complainant_email=False,
        )
        letter = self.prepare(complaint, "acknowledgement")
        self.assertEqual(letter.state, "not_applicable")
        self.assertEqual(self.deadline(complaint, "acknowledge").state, "void")
        self.assertEqual(self.deadline(complaint, "answer").state, "running")
        self.assertEqual(self.prepare(complaint, "acknowledgement"), letter)

    def test_an_anonymous_complainant_with_an_address_gets_letters(self):
        complaint = self.file_under(
            self.publish_source("ba"), is_anonymous=True, complainant_name=False
        )
        letter = self.prepare(complaint, "acknowledgement")
        self.assertRecordValues(letter, [{"state": "draft", "delivery": "email"}])
        self.assertEqual(letter.salutation, "Beste mevrouw of meneer,")

    def test_a_letter_can_be_declared_not_applicable_with_a_reason(self):
        complaint = self.file_under(self.publish_source("ba"))
        letter = self.prepare(complaint, "acknowledgement")
        dialog = letter.action_not_applicable()
        self.env[dialog["res_model"]].with_user(self.users["handler"]).with_context(
            **dialog["context"]
        ).create({"reason": "De klager is verhuisd zonder adres."}).action_confirm()
        self.assertEqual(letter.state, "not_applicable")
        self.assertEqual(self.deadline(complaint, "acknowledge").state, "void")


@tagged("post_install", "-at_install")
class TestDelayNotice(LetterCase):
    """Only where the policy allows it; in time it moves the date, too late the breach stays."""

    def send_notice(self, complaint, promised_on):
        letter = self.prepare(
            complaint, "delay_notice", reason="De chauffeur is met verlof.", promised_on=promised_on
        )
        with self.mail_server():
            letter.action_send()

    def test_before_expiry_it_moves_the_due_date(self):
        with local_noon("2026-05-18"):
            complaint = self.file_under(self.publish_source("sb"))
        with local_noon("2026-06-15"):
            self.send_notice(complaint, "2026-07-01")
        self.assertRecordValues(
            self.deadline(complaint, "decide"),
            [{"first_due_on": day("2026-06-15"), "due_on": day("2026-07-01")}],
        )
        self.assertEqual(self.deadline(complaint, "acknowledge").due_on, day("2026-05-26"))

    def test_after_expiry_the_breach_stays(self):
        with local_noon("2026-05-18"):
            complaint = self.file_under(self.publish_source("sb"))
        with local_noon("2026-06-16"):
            self.send_notice(complaint, "2026-07-01")
            self.assertIn("delay_notified", self.codes(complaint))
            self.assertRecordValues(
                self.deadline(complaint, "decide"),
                [{"due_on": day("2026-06-15"), "state": "overdue"}],
            )

    def test_a_policy_without_extension_knows_no_delay_notice(self):
        for source in ("ba", "kk"):
            complaint = self.file_under(self.publish_source(source))
            with self.assertRaisesRegex(UserError, "knows no letter"):
                self.prepare(complaint, "delay_notice")

    def test_there_is_nothing_to_delay_after_the_answer(self):
        complaint = self.file_under(self.publish_source("sj"))
        self.investigate(complaint)
        with self.mail_server():
            self.prepare(complaint, "answer").action_send()
        with self.assertRaisesRegex(UserError, "knows no extension"):
            self.prepare(complaint, "delay_notice")

    def test_the_acknowledgement_of_bb_moves_the_answer_to_the_promised_date(self):
        """BB6, BB16: it meets its own duty and promises the date of the reaction."""
        with local_noon("2026-04-30"):
            complaint = self.file_under(self.publish_source("bb"), channel="email")
            letter = self.prepare(
                complaint,
                "acknowledgement",
                expected_manner="Wij bellen u eerst.",
                promised_on="2026-06-01",
            )
            with self.mail_server():
                letter.action_send()
        self.assertEqual(self.deadline(complaint, "acknowledge").state, "met")
        self.assertEqual(self.deadline(complaint, "answer").due_on, day("2026-06-01"))

    def test_the_dialog_warns_and_writes_the_letter(self):
        with local_noon("2026-05-18"):
            complaint = self.file_under(self.publish_source("sb"))
        with local_noon("2026-06-20"):
            action = self.as_role(complaint, "handler").action_delay()
            dialog = (
                self.env[action["res_model"]]
                .with_user(self.users["handler"])
                .with_context(**action["context"])
                .create({"promised_on": "2026-07-04", "reason": "Verlof."})
            )
            self.assertRecordValues(
                dialog,
                [
                    {
                        "due_on": day("2026-06-15"),
                        "is_late": True,
                        "is_day_off": True,
                        "is_long": False,
                    }
                ],
            )
            dialog.promised_on = "2026-07-14"
            self.assertRecordValues(dialog, [{"is_day_off": False, "is_long": True}])
            dialog.promised_on = "2026-07-04"
            letter = self.env["klachtenbeheer.letter"].browse(
                dialog.action_write_letter()["res_id"]
            )
        self.assertRecordValues(
            letter, [{"reason": "Verlof.", "promised_on": day("2026-07-04"), "state": "draft"}]
        )

    def test_the_dialog_refuses_a_date_that_is_no_delay(self):
        with local_noon("2026-05-18"):
            complaint = self.file_under(self.publish_source("sb"))
            dialog = self.as_role(self.env["klachtenbeheer.delay"], "handler").create(
                {
                    "complaint_id": complaint.id,
                    "promised_on": "2026-06-15",
                    "reason": "Verlof.",
                }
            )
            with self.assertRaisesRegex(UserError, "later than"):
                dialog.action_send()


@tagged("post_install", "-at_install")
class TestLetterFailure(LetterCase):
    """A letter that does not arrive gives the duty back and warns somebody (T51)."""

    def send_acknowledgement(self, failing=False):
        complaint = self.file_under(self.publish_source("ba"))
        letter = self.prepare(complaint, "acknowledgement")
        with self.mail_server(failing=failing), mute_logger(QUEUE_LOGGER):
            letter.action_send()
        return letter

    def assert_failed(self, letter):
        complaint = letter.complaint_id
        self.assertRecordValues(letter, [{"state": "failed", "sent_on": False, "event_id": False}])
        self.assertNotIn("acknowledged", self.codes(complaint))
        self.assertEqual(self.deadline(complaint, "acknowledge").state, "running")
        alert = complaint.activity_ids.filtered(
            lambda activity: (
                activity.user_id == self.users["coordinator"]
                and "Ontvangstbevestiging" in (activity.summary or "")
            )
        )
        self.assertEqual(len(alert), 1)

    def test_a_mail_that_is_not_accepted_reopens_the_duty(self):
        letter = self.send_acknowledgement(failing=True)
        self.assert_failed(letter)
        self.assertIn("mailbox unavailable", letter.failure_reason)

    def test_the_reason_stays_on_the_letter(self):
        """It may name the address, which not everybody who reads the dossier may know."""
        letter = self.send_acknowledgement(failing=True)
        for message in letter.complaint_id.message_ids:
            self.assertNotIn("mailbox unavailable", message.body)

    def test_a_mail_that_is_cancelled_in_the_queue_reopens_the_duty(self):
        complaint = self.file_under(self.publish_source("ba"))
        letter = self.prepare(complaint, "acknowledgement")
        letter.action_send()  # no server in tests: it waits in the queue
        mail = self.env["mail.mail"].search([("letter_id", "=", letter.id)])
        self.assertEqual(mail.state, "outgoing")
        with self.assertRaisesRegex(UserError, "still to be sent"):
            mail.unlink()
        mail.cancel()
        self.assert_failed(letter)
        with self.assertRaisesRegex(UserError, "from the letter itself"):
            mail.mark_outgoing()

    def test_it_can_be_sent_again_to_a_better_address(self):
        letter = self.send_acknowledgement(failing=True)
        with self.assertRaisesRegex(UserError, "is not a draft"):
            letter.body = "<p>Iets anders</p>"
        letter.addressee_email = "kees.klager@example.com"
        with self.mail_server():
            letter.action_send()
        self.assertEqual(letter.state, "sent")
        self.assertFalse(letter.failure_reason)
        self.assertEqual(self._mails[0]["email_to"], ["kees.klager@example.com"])
        self.assertEqual(self.codes(letter.complaint_id).count("acknowledged"), 1)

    def test_it_can_be_sent_by_post_instead(self):
        letter = self.send_acknowledgement(failing=True)
        letter.write({"delivery": "post", "addressee_address": "Dorp 1\n1234 AB Dorp"})
        letter.action_send()
        self.assertEqual(letter.state, "ready")
        letter.action_mark_posted()
        self.assertEqual(letter.state, "sent")

    def test_a_bounce_reopens_the_duty(self):
        letter = self.send_acknowledgement()
        self.assertEqual(letter.state, "sent")
        self.receive_bounce(letter.message_id.message_id)
        self.assert_failed(letter)
        self.assertIn("user unknown", letter.failure_reason)

    def test_a_bounce_of_something_else_changes_nothing(self):
        letter = self.send_acknowledgement()
        self.receive_bounce("<another.message@proef.example>")
        self.assertEqual(letter.state, "sent")

    def receive_bounce(self, message_id):
        source = (
            "Return-Path: <>\n"
            "From: MAILER-DAEMON@example.com\n"
            "To: bounce.test@test.mycompany.com\n"
            "Subject: Undelivered Mail Returned to Sender\n"
            "Message-Id: <bounce-1@example.com>\n"
            "MIME-Version: 1.0\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
            "--b\nContent-Type: text/plain\n\n"
            "<kees@example.com>: 550 user unknown\n\n"
            "--b\nContent-Type: message/delivery-status\n\n"
            "Reporting-MTA: dns; example.com\n\n"
            "Final-Recipient: RFC822; kees@example.com\nAction: failed\nStatus: 5.1.1\n\n"
            "--b\nContent-Type: text/rfc822-headers\n\n"
            f"From: klachten@proef.example\nTo: kees@example.com\nMessage-Id: {message_id}\n\n"
            "--b--\n"
        )
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].message_process(None, source)


@tagged("post_install", "-at_install")
class TestLetterApproval(LetterCase):
    """A decision goes out in the name of the directie, and with its agreement (SB38)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.file_under(cls.publish_source("sb"))
        cls.investigate(cls.complaint)

    def test_a_decision_is_not_sent_without_approval(self):
        letter = self.prepare(self.complaint, "decision")
        with self.assertRaisesRegex(UserError, "needs approval first"):
            letter.action_send()
        letter.action_submit()
        with self.assertRaisesRegex(UserError, "is not a draft"):
            letter.action_send()
        with self.assertRaisesRegex(UserError, "is not a draft"):
            letter.body = "<p>Iets anders</p>"

    def test_the_director_is_asked_approves_and_signs(self):
        letter = self.prepare(self.complaint, "decision")
        letter.action_submit()
        self.assertEqual(letter.state, "approval")
        director = self.users["director"]
        self.assertIn(director, letter.sudo().task_ids.user_id)
        self.assertTrue(self.as_role(letter, "director").can_approve)
        self.as_role(letter, "director").action_approve()
        self.assertRecordValues(
            letter,
            [{"state": "ready", "approved_by_id": director.id, "signatory_id": director.id}],
        )
        self.assertEqual(letter.sudo().task_ids.user_id, self.users["handler"])
        with self.mail_server():
            letter.action_send()
        self.assertIn("decided", self.codes(self.complaint))
        self.assertFalse(letter.sudo().task_ids)

    def test_nobody_else_approves(self):
        letter = self.prepare(self.complaint, "decision")
        letter.action_submit()
        for role in ("handler", "coordinator"):
            self.assertFalse(self.as_role(letter, role).can_approve)
            with self.assertRaisesRegex(UserError, "is approved by"):
                self.as_role(letter, role).action_approve()
        with self.assertRaisesRegex(UserError, "is approved by"):
            letter.sudo().action_approve()

    def test_it_is_sent_back_with_a_reason(self):
        letter = self.prepare(self.complaint, "decision")
        letter.action_submit()
        director_letter = self.as_role(letter, "director")
        dialog = director_letter.action_send_back()
        self.assertEqual(dialog["res_model"], "klachtenbeheer.letter.reason")
        self.env[dialog["res_model"]].with_user(self.users["director"]).with_context(
            **dialog["context"]
        ).create({"reason": "Noem ook de excuses."}).action_confirm()
        self.assertRecordValues(
            letter,
            [{"state": "draft", "approval_note": "Noem ook de excuses.", "approved_by_id": False}],
        )
        self.assertEqual(letter.sudo().task_ids.user_id, self.users["handler"])
        letter.action_submit()
        self.assertEqual(letter.state, "approval")

    def test_what_was_approved_is_what_is_sent(self):
        letter = self.decide(self.complaint)
        body = letter.body
        self.complaint.findings = "<p>Iets heel anders.</p>"
        self.assertEqual(letter.body, body)

    def test_a_director_who_is_complained_about_neither_approves_nor_signs(self):
        """T8: then the board decides."""
        self.complaint.respondent_ids = self.users["director"].partner_id
        self.hear_both_sides(self.complaint)
        letter = self.prepare(self.complaint, "decision")
        self.assertEqual(letter.signatory_id, self.users["board"])
        letter.action_submit()
        self.assertTrue(self.complaint.board_involved)
        with self.assertRaisesRegex(UserError, "is approved by"):
            letter.with_user(self.users["director"]).sudo().action_approve()
        self.as_role(letter, "board").action_approve()
        self.assertEqual(letter.approved_by_id, self.users["board"])

    def test_a_signatory_named_as_respondent_later_is_replaced(self):
        """BA21: the substitute signs."""
        complaint = self.file_under(self.publish_source("ba"))
        letter = complaint.prepare_letter("acknowledgement")
        self.assertEqual(letter.signatory_id, self.users["coordinator"])
        complaint.respondent_ids = self.users["coordinator"].partner_id
        self.assertEqual(letter.signatory_id, self.users["director"])
        self.assertEqual(letter.signatory_title, "plaatsvervangend klachtenfunctionaris")

    def test_an_approval_by_somebody_named_as_respondent_later_is_void(self):
        letter = self.decide(self.complaint)
        self.assertEqual(letter.approved_by_id, self.users["director"])
        self.complaint.respondent_ids = self.users["director"].partner_id
        with self.mail_server(), self.assertRaisesRegex(UserError, "ask for approval again"):
            letter.action_send()
        self.assertEqual(letter.state, "ready")
