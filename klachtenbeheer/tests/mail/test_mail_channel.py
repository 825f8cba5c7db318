from datetime import date, timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.mail_common import COMPLAINT_MODEL, GATEWAY_LOGGERS, INCOMING_MODEL, MailCase
from ..support.mail_corpus import (
    ADDRESS,
    ADDRESS_ELSEWHERE,
    CATCHALL,
    COORDINATOR,
    EVA,
    KEES,
    MAILS,
    OTHER_ADDRESS,
    RITA,
    TEXT,
    THREAD,
    letter,
    report,
)

CORPUS = {name: raw for name, _ending, raw in MAILS}
FINAL = "Reporting-MTA: dns; mx.example.com\r\n\r\nFinal-Recipient: rfc822; {0}\r\nAction: {1}\r\n"


@tagged("post_install", "-at_install")
class TestMailComplaint(MailCase):
    """Mail to the address of a policy becomes a complaint under it (SB17)."""

    def test_a_mail_becomes_a_complaint(self):
        complaint = self.register(sender="Mia Klaagster <mia@example.com>", subject="Fwd: De bus")
        self.assertRecordValues(
            complaint,
            [
                {
                    "policy_id": self.policy.id,
                    "channel": "email",
                    "title": "De bus",
                    "description": TEXT,
                    "received_on": date(2026, 6, 9),
                    "complainant_name": "Mia Klaagster",
                    "complainant_email": "mia@example.com",
                    "partner_id": False,
                    "received_by_id": False,
                }
            ],
        )
        self.assertEqual(complaint.event_ids.mapped("code"), ["received"])
        self.assertIn("acknowledge", complaint.deadline_ids.mapped("code"))
        self.assertEqual(complaint.activity_ids.mapped("summary"), ["New complaint"])

    def test_the_date_of_the_mail_is_the_date_of_receipt(self):
        for sent, received_on, remarkable in (
            ("Mon, 8 Jun 2026 21:59:00 +0000", date(2026, 6, 8), False),
            ("Mon, 8 Jun 2026 22:01:00 +0000", date(2026, 6, 9), False),
            ("Mon, 8 Jun 2026 23:59:00 -0900", date(2026, 6, 9), False),
            ("Sun, 10 May 2026 12:00:00 +0200", date(2026, 5, 10), False),
            ("Sat, 9 May 2026 12:00:00 +0200", date(2026, 6, 10), True),
            ("Thu, 11 Jun 2026 12:00:00 +0200", date(2026, 6, 10), True),
            ("gisteren", date(2026, 6, 10), True),
            (None, date(2026, 6, 10), True),
        ):
            with self.subTest(sent=sent), self.undone():
                complaint = self.register(Date=sent)
                self.assertEqual(complaint.received_on, received_on)
                remarks = " ".join(complaint.message_ids.mapped("body"))
                self.assertEqual("counts as the day of receipt" in remarks, remarkable)

    def test_text_in_any_character_set_can_be_read(self):
        for name, text in (
            ("latin-1", "Één café"),
            ("says utf-8, is cp1252", "Één café – écht"),
            ("unknown charset", "Één café"),
            ("utf-7", "Eén café"),
            ("utf-16", TEXT),
            ("Japanese", "バス"),
            ("no charset, 8 bits", "Één café"),
            ("byte order mark", TEXT),
            ("NUL bytes", "De bus kwam niet"),
            ("parts without a boundary", TEXT),
        ):
            with self.subTest(name), self.undone():
                self.receive(CORPUS[name])
                self.assertEqual(self.complaint.description, text)

    def test_headers_in_any_character_set_can_be_read(self):
        for name, field, text in (
            ("8-bit subject, latin-1", "title", "Één café"),
            ("8-bit subject, utf-8", "title", "Één café"),
            ("8-bit sender", "complainant_name", "Jérôme Één"),
            ("encoded words", "complainant_name", "Zoë Klager"),
            ("folded subject", "title", "De bus kwam niet"),
            ("sender shows our address", "complainant_email", "truc@example.com"),
        ):
            with self.subTest(name), self.undone():
                self.receive(CORPUS[name])
                self.assertEqual(self.complaint[field], text)

    def test_what_html_hides_is_not_in_the_description(self):
        self.receive(CORPUS["HTML with hidden text"])
        self.assertEqual(self.complaint.description, "De bus")
        self.receive(CORPUS["HTML with a script"])
        self.assertEqual(self.complaint.description, "De bus")
        self.assertNotIn("script", self.message.body)

    def test_attachments_are_on_the_dossier_as_they_were(self):
        self.receive(CORPUS["40 attachments"])
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", COMPLAINT_MODEL), ("res_id", "=", self.complaint.id)]
        )
        self.assertEqual(len(attachments), 40)
        self.assertEqual(set(attachments.mapped("raw")), {b"bewijs"})
        self.receive(CORPUS["text file in a strange charset"])
        self.assertEqual(self.message.attachment_ids.raw, "Één".encode("cp1252"))

    def test_names_of_files_are_what_they_seem(self):
        names = {}
        for name in ("file name with a path", "file name that hides itself"):
            self.receive(CORPUS[name])
            names[name] = sorted(self.message.attachment_ids.mapped("name"))
        self.assertEqual(names["file name with a path"], ["passwd", "x.txt"])
        [long, short] = names["file name that hides itself"]
        self.assertEqual(short, "fotogpj.exe")
        self.assertLessEqual(len(long), 150)

    def test_files_with_scripts_are_shown_as_text(self):
        for name in ("web page as a file", "drawing with a script"):
            self.receive(CORPUS[name])
            self.assertEqual(self.message.attachment_ids.mimetype, "text/plain")

    def test_people_in_copy_become_nothing(self):
        known = self.env["res.partner"].create({"name": "Bo", "email": "bo@example.com"})
        before = self.env["res.partner"].search_count([])
        complaint = self.register(Cc=f"Journalist <pers@example.com>, {known.email}, {EVA}")
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        told = complaint.message_follower_ids.partner_id | self.message.partner_ids
        self.assertFalse(told - self.users["coordinator"].partner_id)
        self.assertFalse(self.message.incoming_email_cc)
        self.assertFalse(self.message.incoming_email_to)
        self.assertFalse(self.get_addressees() & {"pers@example.com", known.email, EVA})

    def test_only_the_sender_is_mailed(self):
        self.register(sender="Mia <mia@example.com>")
        self.assertEqual(self.get_addressees(), {"mia@example.com"})

    def test_the_one_contact_with_the_address_is_who_complains(self):
        partner = self.env["res.partner"].create({"name": "Mia", "email": "mia@example.com"})
        with self.undone():
            self.assertEqual(self.register(sender="mia@example.com").partner_id, partner)
        partner.copy({"email": "mia@example.com"})
        complaint = self.register(sender="mia@example.com")
        self.assertFalse(complaint.partner_id)
        self.assertEqual(complaint.complainant_email, "mia@example.com")

    def test_the_same_mail_again_is_on_record_and_nothing_more(self):
        for raw in (letter(), CORPUS["no Message-Id"], CORPUS["endless Message-Id"]):
            with self.subTest(raw[:300]), self.undone():
                self.assertEqual(self.receive(raw), "complaint")
                again = b"Received: from a by b; later\r\n" + raw
                self.assertEqual(self.receive(again), "discarded: duplicate")
                self.assertEqual(len(self.get_proofs()), 1)
                self.mails = []

    def test_several_addresses_of_one_organisation_make_one_complaint(self):
        complaint = self.register(to=f"{OTHER_ADDRESS}, {ADDRESS}")
        self.assertEqual(complaint.policy_id, self.other_policy)
        self.assertEqual(len(self.get_proofs()), 1)

    def test_each_organisation_that_is_addressed_has_its_own_complaint(self):
        self.assertEqual(self.receive(to=f"{ADDRESS}, {ADDRESS_ELSEWHERE}"), "complaint, complaint")
        self.assertEqual(self.complaint.policy_id, self.policy | self.foreign_policy)
        self.assertEqual(self.complaint.company_id, self.company | self.other_company)

    def test_a_colleague_hands_in_for_somebody_else(self):
        complaint = self.register(sender=f"Eva <{EVA}>", subject="Fwd: De bus")
        self.assertEqual(complaint.received_by_id, self.users["employee"])
        self.assertFalse(complaint.complainant_name or complaint.complainant_email)
        alert = complaint.activity_ids.filtered(lambda line: "colleague" in line.summary)
        self.assertEqual(alert.user_id, self.users["coordinator"])
        self.assertTrue(self.message.is_internal)
        self.assertIn(EVA, self.get_addressees())

    def test_soon_after_another_mail_somebody_looks_first(self):
        self.register(sender="mia@example.com")
        self.assertEqual(
            self.receive(sender="mia@example.com", subject="Vergeten"), "queue: follow_up"
        )

    def test_too_many_mails_are_sorted_by_hand_and_not_answered(self):
        self.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", "2")
        before = self.env.cr.now() - timedelta(minutes=60)
        for number in range(2):
            complaint = self.file_complaint(complainant_email="mia@example.com")
            complaint.flush_recordset()
            self.env.cr.execute(
                "UPDATE klachtenbeheer_complaint SET create_date = %s WHERE id = %s",
                (before + timedelta(minutes=number), complaint.id),
            )
        self.env.invalidate_all()
        self.assertEqual(self.receive(sender="mia@example.com"), "queue: flood")
        self.assertFalse(self.get_addressees() - {COORDINATOR})

    def test_without_a_policy_in_force_somebody_decides(self):
        self.policy.action_retire()
        self.assertEqual(self.receive(), "queue: no_policy")
        draft = self.policy.copy({"code": "concept"})
        draft.alias_name = "concept"
        self.assertEqual(self.receive(to="concept@proef.test", subject="x"), "queue: no_policy")


@tagged("post_install", "-at_install")
class TestMailProof(MailCase):
    """The sender always gets proof: reference, date, what happens next and by when."""

    def test_it_says_what_happens_next(self):
        event = self.env.ref("klachtenbeheer.event_type_acknowledged")
        policy = self.publish_with_letter(event)
        complaint = self.register(to="bevestig@proef.test", sender="Mia <mia@example.com>")
        self.assertEqual(complaint.policy_id, policy)
        [proof] = self.get_proofs()
        self.assertIn(complaint.name, proof["subject"])
        for text in (complaint.name, "Tuesday 9 June 2026", "Tuesday 16 June 2026"):
            self.assertIn(text, proof["body"])
        self.assertEqual(proof["email_to"], ["mia@example.com"])
        self.assertIn("bevestig@proef.test", proof["reply_to"])

    def publish_with_letter(self, event):
        template = self.env.ref("klachtenbeheer.mail_template_answer")
        policy = self.make_policy(
            code="bevestig",
            letter_type_ids=[
                Command.create(
                    {
                        "code": "acknowledgement",
                        "name": "Bevestiging",
                        "event_type_id": event.id,
                        "template_id": template.id,
                    }
                )
            ],
        )
        policy.alias_name = "bevestig"
        return policy

    def test_it_tells_nothing_of_what_was_written(self):
        self.register(
            subject="Geheime kwestie", body="Zeer vertrouwelijk", sender="Mia <mia@example.com>"
        )
        [proof] = self.get_proofs()
        for word in ("Geheime", "vertrouwelijk", "Mia"):
            self.assertNotIn(word, str(proof["EmailMessage"]))

    def test_no_machine_answers_it(self):
        self.register()
        [proof] = self.get_proofs()
        self.assertEqual(proof["headers"]["Auto-Submitted"], "auto-replied")
        self.assertEqual(proof["headers"]["X-Auto-Response-Suppress"], "All")

    def test_nothing_that_a_person_has_to_sort_or_nobody_has_to_see_is_answered(self):
        for name, ending, raw in MAILS:
            if ending.startswith(("queue", "discarded")):
                with self.undone():
                    self.receive(raw, model=COMPLAINT_MODEL)
                self.assertFalse(self.get_addressees() - {COORDINATOR}, name)

    def test_two_machines_do_not_answer_each_other(self):
        for case, headers, subject in (
            ("says so", {"Auto_Submitted": "auto-replied"}, "Re: {}"),
            ("says nothing, answers the mail", {"In_Reply_To": "{}"}, "Ik ben er even niet"),
            ("says nothing, keeps the subject", {}, "Re: {}"),
            ("says nothing at all", {}, "Ik ben er even niet"),
        ):
            with self.subTest(case), self.undone():
                self.mails = []
                complaint = self.register(sender="robot@example.com")
                for number in range(30):
                    answers = self.get_proofs()
                    if len(answers) <= number:
                        break
                    proof = answers[number]
                    filled = {
                        name: value.format(proof["message_id"]) for name, value in headers.items()
                    }
                    self.receive(
                        sender="robot@example.com",
                        subject=subject.format(proof["subject"]),
                        body=f"Afwezig {number}",
                        **filled,
                    )
                self.assertEqual(len(self.get_proofs()), 1)
                self.assertFalse(self.complaint)
                self.assertTrue(complaint)


@tagged("post_install", "-at_install")
class TestMailReply(MailCase):
    """Answers land on the dossier, from whoever belongs to it."""

    def test_the_complainant_adds_something(self):
        before = self.dossier.message_ids
        self.assertEqual(self.receive(sender=KEES, In_Reply_To=THREAD), "reply")
        self.assertEqual(self.message, self.dossier.message_ids - before)
        self.assertFalse(self.message.is_internal)
        self.assertEqual(self.message.subtype_id, self.env.ref("mail.mt_comment"))
        self.assertIn("New message by e-mail", self.dossier.activity_ids.mapped("summary"))
        self.assertFalse(self.get_addressees())

    def test_a_colleague_who_may_look_into_it_adds_a_note(self):
        self.receive(sender=COORDINATOR, subject=self.dossier.name)
        self.assertEqual(self.message.author_id, self.users["coordinator"].partner_id)
        self.assertTrue(self.message.is_internal)

    def test_who_belongs_follows_from_the_dossier(self):
        reply = {"subject": f"Re: {self.dossier.name}"}
        self.assertEqual(self.receive(sender=RITA, **reply), "reply")
        self.dossier.assistance_ids.gets_copies = False
        self.assertEqual(self.receive(sender=RITA, body="x", **reply), "queue: stranger")
        self.dossier.assistance_ids.kind = "legal_representative"
        self.assertEqual(self.receive(sender=RITA, body="y", **reply), "reply")

    def test_who_is_complained_about_adds_nothing_whatever_else_they_are(self):
        self.dossier.respondent_ids |= self.users["coordinator"].partner_id | self.rita
        for sender in (COORDINATOR, RITA):
            before = self.dossier.message_ids
            self.assertEqual(
                self.receive(sender=sender, subject=self.dossier.name), "queue: barred"
            )
            self.assertEqual(self.dossier.message_ids, before)

    def test_the_gateway_is_no_way_around_that(self):
        """Who calls it by hand may name a model and a thread."""
        thread = self.env["mail.thread"].with_user(self.users["employee"])
        with self.mock_mail_gateway(), mute_logger(*GATEWAY_LOGGERS):
            thread.message_process(
                COMPLAINT_MODEL,
                letter(sender="vreemd@example.com", to="x@example.com"),
                thread_id=self.dossier.id,
                custom_values={"policy_id": self.policy.id, "state": "x"},
            )
        kept = self.env[INCOMING_MODEL].search([], limit=1)
        self.assertEqual((kept.state, kept.reason), ("queue", "unaddressed"))

    def test_after_closing_the_coordinator_is_warned(self):
        self.dossier.outcome = "withdrawn"
        self.dossier.record_event("withdrawn")
        self.dossier.record_event("closed")
        self.receive(sender=KEES, subject=self.dossier.name)
        alert = self.dossier.activity_ids.filtered(lambda line: "closing" in line.summary)
        self.assertEqual(alert.user_id, self.users["coordinator"])

    def test_who_stays_unknown_does_so_by_mail(self):
        self.dossier.write({"hide_identity": True, "accepts_limited_answer": True})
        self.receive(sender=f"Kees Klager <{KEES}>", subject=self.dossier.name)
        self.assertEqual(self.message.res_id, self.dossier.id)
        told = str(self.message.sudo().read())
        for word in ("Kees", KEES, "mail.example.com"):
            self.assertNotIn(word, told)
        again = self.receive(sender=f"Kees Klager <{KEES}>", subject=self.dossier.name)
        self.assertEqual(again, "discarded: duplicate")

    def test_who_wants_to_stay_unknown_later_does_so_too(self):
        complaint = self.register(sender="Mia Klaagster <mia@example.com>")
        complaint.write({"hide_identity": True, "accepts_limited_answer": True})
        told = str(self.message.read())
        for word in ("Mia", "mail.example.com"):
            self.assertNotIn(word, told)

    def test_answers_arrive_at_the_address_of_the_policy(self):
        reply_to = self.dossier._notify_get_reply_to()[self.dossier.id]
        self.assertIn(ADDRESS, reply_to)
        self.assertNotIn(ADDRESS, str(self.policy._notify_get_reply_to(default="x@example.com")))

    def test_a_returned_mail_is_told_to_the_coordinator(self):
        complaint = self.register(sender="mia@example.com")
        proof_id = self.get_proofs()[0]["message_id"]
        for action, told in (("delayed", False), ("failed", True)):
            raw = report("delivery-status", FINAL.format("mia@example.com", action))
            raw = raw.replace(THREAD.encode(), proof_id.encode())
            raw = raw.replace(b"Message-Id: <", f"Message-Id: <{action}".encode(), 1)
            self.assertEqual(self.receive(raw), "discarded: bounce")
            summaries = complaint.activity_ids.mapped("summary")
            self.assertEqual("An e-mail about this complaint was returned" in summaries, told)


@tagged("post_install", "-at_install")
class TestMailGateway(MailCase):
    """Nothing gets lost, and mail for others goes its own way."""

    def test_mail_for_nobody_is_the_platforms(self):
        with self.assertRaisesRegex(ValueError, "No possible route"):
            self.receive(to="niemand@elders.example")

    def test_another_part_of_the_platform_has_its_share(self):
        self.make_partner_alias()
        partners = self.env["res.partner"].search_count([])
        self.register(to=f"{ADDRESS}, contacten@proef.test", subject="Hallo")
        self.assertEqual(self.env["res.partner"].search_count([]), partners + 1)

    def make_partner_alias(self):
        return self.env["mail.alias"].create(
            {
                "alias_name": "contacten",
                "alias_domain_id": self.domain_of(self.company).id,
                "alias_model_id": self.env["ir.model"]._get_id("res.partner"),
            }
        )

    def domain_of(self, company):
        return company.alias_domain_id

    def test_what_goes_wrong_elsewhere_is_not_ours(self):
        self.make_partner_alias()
        with (
            patch.object(
                self.env.registry["res.partner"], "message_new", side_effect=ValueError("stuk")
            ),
            mute_logger("odoo.addons.klachtenbeheer.models.mail.gateway"),
            patch.object(self.env.registry["mail.alias"], "_alias_bounce_incoming_email"),
        ):
            self.register(to=f"{ADDRESS}, contacten@proef.test")

    def test_whatever_fails_a_person_finds_the_mail(self):
        raw = letter(subject="Belangrijk")
        failing = patch.object(
            self.env.registry[COMPLAINT_MODEL], "create", side_effect=KeyError("stuk")
        )
        with failing:
            self.assertEqual(self.receive(raw), "queue: error")
        self.assertEqual(self.kept._get_mail().raw, raw)
        self.assertIn("stuk", self.kept.note)
        complaint = self.kept._make_complaint(self.policy)
        self.assertEqual(complaint.title, "Belangrijk")

    def test_at_a_busy_moment_it_is_tried_again(self):
        failing = patch.object(
            self.env.registry[COMPLAINT_MODEL], "create", side_effect=SerializationFailure()
        )
        with failing:
            self.assertEqual(self.receive(subject="Druk"), "queue: busy")
        kept = self.kept
        with self.mock_mail_gateway():
            kept._try_again()
        self.assertFalse(kept.exists())
        complaint = self.env[COMPLAINT_MODEL].search([("title", "=", "Druk")])
        self.assertEqual(len(complaint), 1)

    def test_a_busy_moment_that_lasts_is_tried_again_too(self):
        """Where even putting it aside meets somebody else, it waits without its subject."""
        busy = {"side_effect": SerializationFailure()}
        with (
            patch.object(self.env.registry[COMPLAINT_MODEL], "create", **busy),
            patch.object(type(self.env["klachtenbeheer.incoming"]), "_ask_to_sort", **busy),
        ):
            self.assertEqual(self.receive(subject="Drukker"), "queue: busy")
        self.assertFalse(self.kept.name)
        with self.mock_mail_gateway():
            self.kept._try_again()
        self.assertEqual(self.env[COMPLAINT_MODEL].search_count([("title", "=", "Drukker")]), 1)

    def test_a_mailbox_of_its_own_needs_no_address(self):
        server = self.env["fetchmail.server"].create(
            {
                "name": "Klachten",
                "server_type": "local",
                "object_id": self.env["ir.model"]._get_id(COMPLAINT_MODEL),
                "complaint_policy_id": self.other_policy.id,
            }
        )
        self.assertTrue(server.is_for_complaints)
        self.env = self.env(context={**self.env.context, "default_fetchmail_server_id": server.id})
        self.assertEqual(self.receive(to="info@example.com", model=COMPLAINT_MODEL), "complaint")
        self.assertEqual(self.complaint.policy_id, self.other_policy)

    def test_the_reply_address_is_for_answers_only(self):
        """Without a reference the platform tells that nobody reads what arrives there."""
        self.assertEqual(self.receive(to=CATCHALL), "lost")
        self.assertEqual(len(self.mails), 1)

    def test_a_mail_that_a_person_cannot_read_either_is_on_the_dossier(self):
        kept = self.keep(sender="", subject="Vreemd")
        failing = patch.object(
            self.env.registry["mail.thread"], "message_parse", side_effect=LookupError("stuk")
        )
        with failing, mute_logger(*GATEWAY_LOGGERS):
            complaint = kept._make_complaint(self.policy)
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", COMPLAINT_MODEL), ("res_id", "=", complaint.id)]
        )
        self.assertIn(b"Vreemd", attachment.raw)


@tagged("post_install", "-at_install")
class TestPolicyAddress(MailCase):
    """The address of a policy goes along with its versions."""

    def test_the_next_version_takes_it_over(self):
        alias = self.policy.alias_id
        new = self.make_next_version()
        self.assertFalse(new.alias_name)
        self.assertEqual(new.mail_address, ADDRESS)
        new.action_publish()
        self.assertEqual(new.alias_id, alias)
        self.assertEqual(new.alias_name, ADDRESS.partition("@")[0])
        self.assertFalse(self.policy.alias_id)
        self.assertEqual(self.register().policy_id, new)
        earlier = self.register(Date="Mon, 1 Jun 2026 10:00:00 +0200", subject="Eerder")
        self.assertEqual(earlier.policy_id, self.policy)

    def make_next_version(self):
        action = self.policy.action_new_version()
        new = self.env["klachtenbeheer.policy"].browse(action["res_id"])
        new.effective_from = date(2026, 6, 5)
        return new

    def test_an_old_address_keeps_working_beside_a_new_one(self):
        new = self.make_next_version()
        new.alias_name = "nieuw"
        new.action_publish()
        self.assertEqual(new.mail_address, "nieuw@proef.test")
        for number, address in enumerate(("nieuw@proef.test", ADDRESS)):
            self.assertEqual(self.register(to=address, subject=str(number)).policy_id, new)

    def test_the_manager_sets_it_also_after_publication(self):
        policy = self.as_role(self.policy, "manager")
        policy.alias_name = "anders"
        self.assertEqual(self.policy.mail_address, "anders@proef.test")
        self.assertEqual(self.register(to="anders@proef.test").policy_id, self.policy)
