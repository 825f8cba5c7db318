from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MockEmail

from ..support.portal_common import PDF, PortalCase


@tagged("post_install", "-at_install")
class TestPortal(PortalCase, MockEmail):
    """What the complainant reads and does on the portal: SB4, BA17, BA27-34, KK22."""

    SOURCES = ("ba", "sb", "kk")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()

    def setUp(self):
        super().setUp()
        self.log_in("client")

    # ---------------------------------------------------------------- following

    def test_stage_and_dates_promised_are_in_words(self):
        complaint = self.file_of_client(days_ago=0)
        page = self.get(complaint).text
        duty = self.deadline(complaint, "answer")
        self.assertNotIn(complaint.stage_id.name, page)
        for words in (
            "You get our answer",
            complaint._format_date(duty.due_on, "EEEE d MMMM y"),
            complaint._format_date(self.today, "EEEE d MMMM y"),
        ):
            self.assertIn(words, page)
        self.assertNotIn(self.deadline(complaint, "forward").term_id.name, page, "internal")

    def test_what_was_not_for_the_complainant_is_not_on_the_page(self):
        complaint = self.file_of_client()
        complaint.write(
            {
                "findings": "<p>Geheim-A</p>",
                "severity": "critical",
                "is_sensitive": True,
                "summary": "Geheim-B",
                "outcome_note": "Geheim-C",
            }
        )
        complaint.message_post(body="Geheim-D", message_type="comment")
        complaint.message_post(
            body="Geheim-E", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        complaint.record_event("taken_up", note="Geheim-F")
        self.talk(
            complaint,
            purpose="supervisor_talk",
            people=[{"role": "respondent", "partner_id": self.partner("accused").id}],
            slot_ids=[(0, 0, {"start_at": "2099-01-01 09:00:00"})],
        ).action_offer()
        page = self.get(complaint).text
        self.assertNotIn("Geheim", page)
        self.assertNotIn("supervisor", page)
        self.assertNotIn(self.users["handler"].name, page)
        self.assertNotIn(self.partner("accused").name, page)

    # ---------------------------------------------------------------- conversation

    def test_a_message_with_a_file_reaches_who_is_responsible(self):
        complaint = self.file_of_client()
        response = self.send(complaint, "bericht", text="Ik heb\nnog iets.", files=[("a.pdf", PDF)])
        self.assertIn("Your message was sent", response.text)
        message = complaint._get_conversation()
        self.assertEqual(message.author_id, self.partner("client"))
        self.assertEqual(message.subtype_id, self.env.ref("klachtenbeheer.subtype_complainant"))
        self.assertEqual(message.attachment_ids.name, "a.pdf")
        self.assertEqual(
            self.alerts(complaint, "handler").count("The complainant wrote something"), 1
        )
        self.assertFalse(message.notification_ids, "no follower gets it by mail")
        self.send(complaint, "bericht", text="En nog iets")
        self.assertEqual(
            self.alerts(complaint, "handler").count("The complainant wrote something"), 1
        )
        served = self.get(complaint, "bestand", message.attachment_ids.id)
        self.assertEqual(served.content, PDF)
        self.assertIn("attachment", served.headers["Content-Disposition"])
        self.assertEqual(served.headers["X-Content-Type-Options"], "nosniff")

    def test_markup_stays_text(self):
        complaint = self.file_of_client()
        self.send(complaint, "bericht", text="<script>alert(1)</script><b>vet</b>")
        self.assertNotIn("<script>alert", self.get(complaint).text)
        self.assertNotIn("<b>", complaint._get_conversation().body)

    def test_sending_twice_gives_one_message_and_going_back_another(self):
        complaint = self.file_of_client()
        for _ in range(2):
            response = self.send(complaint, "bericht", text="Een keer", form_key="k1")
            self.assertIn("Your message was sent", response.text)
        self.assertEqual(len(complaint._get_conversation()), 1)
        self.send(complaint, "bericht", text="Iets anders", form_key="k1")
        self.assertEqual(len(complaint._get_conversation()), 2)

    def test_an_empty_message_is_explained(self):
        complaint = self.file_of_client()
        response = self.send(complaint, "bericht", text="  ")
        self.assertIn("Write a message or choose a file", response.text)
        self.assertFalse(complaint._get_conversation())

    def test_files_that_may_hold_a_virus_are_refused_and_the_rest_is_kept(self):
        complaint = self.file_of_client()
        response = self.send(
            complaint,
            "bericht",
            text="Kijk hier",
            form_key="k2",
            files=[("goed.pdf", PDF), ("fout.exe", b"MZ")],
        )
        self.assertIn("“fout.exe”", response.text)
        self.assertIn("Kijk hier", response.text)
        self.assertIn("goed.pdf", response.text)
        self.assertFalse(complaint._get_conversation())
        kept = self.env["klachtenbeheer.form.upload"].search([])
        self.assertEqual(kept.attachment_id.create_uid, self.env.ref("base.user_root"))
        self.send(complaint, "bericht", text="Kijk hier", form_key="k2", keep=kept.id)
        self.assertEqual(complaint._get_conversation().attachment_ids.name, "goed.pdf")
        self.assertFalse(kept.exists())

    def test_what_was_mailed_belongs_to_the_conversation_and_what_was_not_does_not(self):
        complaint = self.file_of_client()
        client, lawyer = self.partner("client"), self.partner("lawyer")
        common = {"message_type": "email", "subtype_xmlid": "mail.mt_comment"}
        complaint.message_post(body="Van-klager", author_id=client.id, **common)
        complaint.message_post(body="Van-advocaat", author_id=lawyer.id, **common)
        complaint.message_post(body="Van-ander", author_id=self.partner("stranger").id, **common)
        handler = self.users["handler"].partner_id.id
        comment = {"message_type": "comment", "author_id": handler}
        complaint.message_post(
            body="Aan-klager", subtype_xmlid="mail.mt_comment", partner_ids=client.ids, **comment
        )
        complaint.message_post(body="Over-klager", partner_ids=client.ids, **comment)
        page = self.get(complaint).text
        for shown in ("Van-klager", "Van-advocaat", "Aan-klager"):
            self.assertIn(shown, page)
        for hidden in ("Van-ander", "Over-klager"):
            self.assertNotIn(hidden, page)

    # ---------------------------------------------------------------- from the back-office

    def compose(self, complaint, role="handler", **vals):
        return self.as_role(self.env["klachtenbeheer.message.compose"], role).create(
            {"complaint_id": complaint.id, "body": "Kunt u bellen?", **vals}
        )

    def test_our_message_is_announced_without_what_it_says(self):
        """To who acts for the complainant, and to nobody else."""
        complaint = self.file_of_client()
        complaint.message_subscribe(self.users["director"].partner_id.ids)
        dialog = self.compose(complaint)
        self.assertEqual(dialog.way, "account")
        with self.mock_mail_gateway():
            dialog.action_send()
        notices = self.env["mail.mail"].search([("notice_complaint_id", "=", complaint.id)])
        self.assertEqual(
            set(notices.mapped("email_to")), {"client@example.com", "lawyer@example.com"}
        )
        for notice in notices:
            self.assertNotIn("bellen", f"{notice.subject} {notice.body_html}")
            self.assertIn(f'/my/klachten/{complaint.id}"', notice.body_html)
        message = complaint._get_conversation()
        self.assertEqual(message.author_id, self.users["handler"].partner_id)
        self.assertFalse(message.notified_partner_ids, "no follower is mailed what it says")
        page = self.get(complaint).text
        self.assertIn("Kunt u bellen?", page)
        self.assertIn(self.company.name, page)

    def test_a_notice_that_does_not_arrive_is_told(self):
        complaint = self.file_of_client()
        with self.mock_mail_gateway():
            self.compose(complaint).action_send()
        notice = self.env["mail.mail"].search([("notice_complaint_id", "=", complaint.id)])[:1]
        notice.state = "exception"
        notice._postprocess_sent_message([], [], failure_reason="mailbox unavailable")
        self.assertIn(
            "The complainant could not be told of a message: call or write",
            self.alerts(complaint, "handler"),
        )

    def test_nobody_writes_to_who_can_not_read_it(self):
        complaint = self.file_under("ba", handler_id=self.users["handler"].id)
        self.assertEqual(self.compose(complaint).way, "none")
        with self.assertRaisesRegex(UserError, "no account"):
            self.compose(complaint).action_send()
        labels = [line["label"] for line in self.as_role(complaint, "handler")._get_more_actions()]
        self.assertNotIn("Message to the complainant…", labels)
        complaint = self.as_role(self.file_of_client(), "handler")
        labels = [line["label"] for line in complaint._get_more_actions()]
        self.assertIn("Message to the complainant…", labels)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_nobody_sends_a_file_that_they_may_not_read(self):
        secret = self.env["ir.attachment"].create(
            {
                "name": "geheim.pdf",
                "raw": PDF,
                "res_model": "klachtenbeheer.complaint",
                "res_id": self.file_under("kk").id,
            }
        )
        complaint = self.file_of_client()
        with self.assertRaises(AccessError):
            self.compose(complaint, attachment_ids=[(6, 0, secret.ids)])
        with self.assertRaises(AccessError):
            self.as_role(complaint, "handler")._post_to_complainant(
                "Kijk", self.as_role(secret, "handler")
            )
        self.assertFalse(complaint._get_conversation())
        for role in ("director", "registrar"):
            with self.assertRaises(AccessError):
                self.as_role(complaint, role)._post_to_complainant("Mag niet")

    # ---------------------------------------------------------------- slots

    def test_a_moment_is_chosen(self):
        """BA28, BA31."""
        complaint = self.answer(self.file_of_client())
        hearing = self.invite(complaint)
        self.assertIn("Please choose no later than", self.get(complaint).text)
        slot = hearing.slot_ids[1]
        response = self.send(complaint, "gesprek", hearing.id, choice=slot.id, wants_employee="1")
        self.assertIn("The appointment is made", response.text)
        self.assertEqual(hearing.state, "planned")
        self.assertEqual(hearing.planned_at, slot.start_at)
        self.assertTrue(hearing.employee_wanted_by_complainant)
        self.assertIn(complaint._format_moment(slot.start_at), response.text)
        again = self.send(complaint, "gesprek", hearing.id, choice=hearing.slot_ids[0].id)
        self.assertIn("can&#39;t choose a moment any more", again.text)
        self.assertEqual(hearing.planned_at, slot.start_at)

    def test_a_wish_that_we_have_to_arrange_first_is_noted(self):
        """BA32: a second representative."""
        complaint = self.answer(self.file_of_client())
        hearing = self.invite(complaint)
        slot = hearing.slot_ids[0]
        response = self.send(complaint, "gesprek", hearing.id, choice=slot.id, wants_second="1")
        self.assertIn("We have noted your choice", response.text)
        self.assertEqual((hearing.state, slot.state), ("offered", "accepted"))
        self.assertFalse(hearing.expires_on, "there was a reply")
        self.assertIn(
            "A moment was chosen: make the appointment",
            self.alerts(complaint, user=hearing.leader_id),
        )

    def test_no_moment_suits(self):
        complaint = self.answer(self.file_of_client())
        hearing = self.invite(complaint)
        response = self.send(complaint, "gesprek", hearing.id, choice="other")
        self.assertIn("Write when it does suit you", response.text)
        self.send(complaint, "gesprek", hearing.id, choice="other", reason="Alleen op maandag")
        self.assertEqual(hearing.state, "offered")
        self.assertFalse(hearing.expires_on)
        self.assertIn("maandag", complaint._get_conversation().body)
        self.assertIn("You asked for another moment", self.get(complaint).text)

    def test_the_conversation_is_declined_with_a_reason(self):
        """BA34: the final decision follows."""
        complaint = self.answer(self.file_of_client())
        complaint.record_event("objected")
        hearing = self.invite(complaint)
        response = self.send(complaint, "gesprek", hearing.id, choice="decline", reason=" ")
        self.assertIn("Write why you do not want this", response.text)
        response = self.send(complaint, "gesprek", hearing.id, choice="decline", reason="Genoeg")
        self.assertEqual((hearing.state, hearing.waive_reason), ("waived", "Genoeg"))
        due = self.deadline(complaint, "final_decision").due_on
        self.assertIn(complaint._format_date(due, "EEEE d MMMM y"), response.text)

    def test_after_the_last_day_of_reply_it_is_too_late(self):
        complaint = self.answer(self.file_of_client())
        hearing = self.invite(complaint)
        hearing.reply_by = self.today - timedelta(days=1)
        self.assertIn("The time to choose a moment has passed", self.get(complaint).text)
        response = self.send(complaint, "gesprek", hearing.id, choice=hearing.slot_ids[0].id)
        self.assertIn("can&#39;t choose a moment any more", response.text)
        self.assertEqual(hearing.state, "offered")

    # ---------------------------------------------------------------- disagreeing

    def test_disagreeing_in_time_is_registered_at_once(self):
        """BA27-28: in writing, with the last day shown, and what comes next by when."""
        complaint = self.answer(self.file_of_client())
        last_day = complaint._format_date(
            self.deadline(complaint, "object").due_on, "EEEE d MMMM y"
        )
        self.assertIn(last_day, self.get(complaint).text)
        self.assertIn(last_day, self.get(complaint, "niet-eens", "objection").text)
        self.assertEqual(self.get(complaint, "niet-eens", "follow_up").status_code, 404)
        refused = self.send(complaint, "niet-eens", "objection", text=" ")
        self.assertIn("Write what you do not agree with", refused.text)
        response = self.send(
            complaint, "niet-eens", "objection", text="Het klopt niet.", files=[("b.pdf", PDF)]
        )
        self.assertRecordValues(
            complaint.objection_ids,
            [
                {
                    "kind": "objection",
                    "received_on": self.today,
                    "in_writing": True,
                    "state": "accepted",
                    "description": "Het klopt niet.",
                }
            ],
        )
        self.assertEqual(complaint.objection_ids.attachment_ids.res_id, complaint.id)
        self.assertEqual(
            complaint._get_conversation().attachment_ids, complaint.objection_ids.attachment_ids
        )
        self.assertIn("Het klopt niet.", response.text)
        self.assertIn("objected", self.codes(complaint))
        self.assertIn("in time", response.text)
        due = self.deadline(complaint, "hear").due_on
        self.assertIn(complaint._format_date(due, "EEEE d MMMM y"), response.text)
        self.assertIn("The complainant does not agree", self.alerts(complaint, "handler"))
        again = self.send(complaint, "niet-eens", "objection", text="Nog eens.")
        self.assertEqual(again.status_code, 404)
        self.assertEqual(len(complaint.objection_ids), 1)

    def test_after_the_last_day_somebody_judges_the_reason(self):
        """BA27: flagged, and the dossier is not moved by it."""
        complaint = self.file_of_client(days_ago=60)
        complaint.respondent_ids = False  # so that nobody else has to be told first
        complaint.record_event("acknowledged", self.today - timedelta(days=58))
        self.answer(complaint, 50)
        self.run_job(str(self.today))
        self.assertTrue(complaint.is_closed)
        page = self.get(complaint, "niet-eens", "objection").text
        self.assertIn("The last day to tell us was", page)
        refused = self.send(complaint, "niet-eens", "objection", text="Niet eens")
        self.assertIn("Write why you could not send this earlier", refused.text)
        self.assertIn("Niet eens", refused.text)
        response = self.send(
            complaint, "niet-eens", "objection", text="Niet eens", late_reason="Ziekenhuis"
        )
        self.assertIn("It came after the last day", response.text)
        objection = complaint.objection_ids
        self.assertRecordValues(objection, [{"state": "draft", "is_late": True}])
        self.assertIn("Ziekenhuis", objection.description)
        self.assertNotIn("objected", self.codes(complaint))
        self.assertIn(
            "Disagreement after the last day: accept it, or not",
            self.alerts(complaint, "coordinator"),
        )
        self.assertEqual(self.get(complaint, "niet-eens", "objection").status_code, 404)

    def test_the_follow_up_body_is_asked_in_writing(self):
        """SB39-40: also after closing."""
        complaint = self.file_of_client("sb", kind="formal")
        complaint.record_event("acknowledged")
        complaint.record_event("decided")
        response = self.send(complaint, "niet-eens", "follow_up", text="Graag een ander oordeel")
        self.assertIn("in time", response.text)
        self.assertIn("referral_requested", self.codes(complaint))

    def test_there_is_nothing_to_disagree_with_before_an_answer(self):
        complaint = self.file_of_client()
        self.assertNotIn("niet-eens", self.get(complaint).text)
        self.assertEqual(self.send(complaint, "niet-eens", "objection", text="x").status_code, 404)

    # ---------------------------------------------------------------- withdrawing, rating

    def test_withdrawing(self):
        complaint = self.file_of_client()
        self.assertIn("withdraw", self.get(complaint, "intrekken").text)
        self.assertNotIn("withdrawn", self.codes(complaint))
        response = self.send(complaint, "intrekken", text="Opgelost")
        self.assertIn("You have withdrawn this", response.text)
        event = complaint.event_ids.filtered(lambda event: event.code == "withdrawn")
        self.assertIn("Opgelost", event.note)
        self.assertEqual(complaint.outcome, "withdrawn")
        self.assertIn("The complaint was withdrawn", self.alerts(complaint, "handler"))
        self.assertEqual(self.get(complaint, "intrekken").status_code, 404)
        self.send(complaint, "intrekken")
        self.assertEqual(self.codes(complaint).count("withdrawn"), 1)

    def closed(self, **vals):
        complaint = self.file_of_client(**vals)
        complaint.record_event("withdrawn")
        complaint.record_event("closed")
        return complaint

    def test_rating_once_after_closing(self):
        complaint = self.file_of_client()
        self.assertEqual(self.get(complaint, "beoordelen").status_code, 404)
        self.assertEqual(self.send(complaint, "beoordelen", rating="5").status_code, 404)
        complaint = self.closed()
        for wrong in ("", "0", "6", "x", "²"):
            refused = self.send(complaint, "beoordelen", rating=wrong)
            self.assertIn("Choose what you think of it", refused.text)
        response = self.send(complaint, "beoordelen", rating="2", text="Duurde lang")
        self.assertIn("We learn from what you told us", response.text)
        self.assertEqual(self.send(complaint, "beoordelen", rating="5").status_code, 404)
        rating = complaint._get_rating()
        self.assertRecordValues(
            rating, [{"rating": 2, "feedback": "Duurde lang", "access_token": False}]
        )
        self.assertNotIn("beoordelen", self.get(complaint).text)

    def test_the_rating_is_read_by_coordinator_and_director_only(self):
        complaint = self.closed(board_involved=True)
        complaint._rate(1, "Slecht")
        rating = complaint._get_rating()
        for role, seen in (
            ("coordinator", True),
            ("director", True),
            ("handler", False),
            ("board", False),
            ("registrar", False),
            ("employee", False),
        ):
            found = self.as_role(self.env["rating.rating"], role).search([("id", "=", rating.id)])
            self.assertEqual(bool(found), seen, role)
            self.assertEqual(self.as_role(rating, role).has_access("read"), seen, role)
        self.assertEqual(self.as_role(complaint, "director").rating_label, "Very bad")
        [told] = self.as_role(complaint, "handler").read(["rating_label", "rating_feedback"])
        self.assertEqual((told["rating_label"], told["rating_feedback"]), (False, False))

    # ---------------------------------------------------------------- filing

    def file_by_form(self, policy="ba", **form):
        form = {"description": "De taxi kwam niet.", **form}
        return self.send_to("/my/klachten/nieuw", policy=self.policies[policy].code, **form)

    def newest(self):
        return self.env["klachtenbeheer.complaint"].search([], order="id desc", limit=1)

    def test_filing_with_the_description_alone(self):
        response = self.file_by_form()
        complaint = self.newest()
        self.assertRecordValues(
            complaint,
            [
                {
                    "description": "De taxi kwam niet.",
                    "partner_id": self.partner("client").id,
                    "complainant_email": "client@example.com",
                    "channel": "portal",
                    "received_on": self.today,
                    "policy_id": self.policies["ba"].id,
                    "received_by_id": False,
                    "nature": "complaint",
                }
            ],
        )
        self.assertIn(f"Your reference is {complaint.name}", response.text)
        due = self.deadline(complaint, "acknowledge").due_on
        self.assertIn(complaint._format_date(due, "EEEE d MMMM y"), response.text)
        self.assertTrue(complaint.activity_ids, "somebody hears of it")

    def test_filing_with_all_that_can_be_said(self):
        kind = self.policies["ba"].complainant_kind_ids[0]
        self.file_by_form(
            title="Taxi",
            incident_on="1-2-2026",
            incident_place="Halte Oost",
            respondent_text="De chauffeur",
            desired_solution="Excuses",
            complainant_kind_id=kind.id,
            nature="suggestion",
            files=[("foto.pdf", PDF)],
        )
        complaint = self.newest()
        self.assertRecordValues(
            complaint,
            [
                {
                    "title": "Taxi",
                    "incident_place": "Halte Oost",
                    "respondent_text": "De chauffeur",
                    "desired_solution": "Excuses",
                    "complainant_kind_id": kind.id,
                    "nature": "suggestion",
                }
            ],
        )
        self.assertEqual(str(complaint.incident_on), "2026-02-01")
        self.assertEqual(complaint._get_conversation().attachment_ids.name, "foto.pdf")

    def test_what_has_to_be_mended_is_said_and_nothing_is_lost(self):
        before = self.newest()
        for form, sentence in (
            ({"description": " "}, "Please write down what happened."),
            ({"incident_on": "gisteren"}, "We do not understand this date"),
            ({"incident_on": str(self.today + timedelta(days=2))}, "This date is in the future"),
            ({"complainant_kind_id": "999999"}, "Choose one of the list"),
            ({"title": "x" * 300}, "300 characters long, and 200 is the most"),
        ):
            response = self.file_by_form(desired_solution="Blijft staan", **form)
            self.assertIn(sentence, response.text)
            self.assertIn("Blijft staan", response.text)
            self.assertEqual(self.newest(), before)

    def test_a_double_click_gives_one_complaint(self):
        for _ in range(2):
            response = self.file_by_form(form_key="dubbel")
            self.assertIn("Your reference is", response.text)
        found = self.env["klachtenbeheer.complaint"].search(
            [("partner_id", "=", self.partner("client").id)]
        )
        self.assertEqual(len(found), 1)

    def test_only_published_policies_of_the_own_organisation_can_be_chosen(self):
        page = self.url_open("/my/klachten/nieuw").text
        for policy in self.policies.values():
            self.assertIn(f"policy={policy.code}", page)
        for code in ("bestaat-niet", self.template("ba").code + "x"):
            self.assertEqual(self.url_open(f"/my/klachten/nieuw?policy={code}").status_code, 404)
        other = self.env["res.company"].create({"name": "Een ander"})
        foreign = self.policy.copy({"code": "elders", "company_id": other.id})
        foreign._as_procedure().write({"state": "published"})
        self.assertEqual(
            self.url_open(f"/my/klachten/nieuw?policy={foreign.code}").status_code, 404
        )
        self.policies["kk"]._change_state("retired")
        self.assertNotIn(
            f"policy={self.policies['kk'].code}", self.url_open("/my/klachten/nieuw").text
        )

    # ---------------------------------------------------------------- staying unknown

    def hidden(self):
        refused = self.file_by_form("kk", hide_identity="1")
        self.assertIn("we can only answer in general terms", refused.text)
        self.file_by_form(
            "kk", hide_identity="1", accepts_limited_answer="1", files=[("geheim.pdf", PDF)]
        )
        complaint = self.newest()
        complaint.handler_id = self.users["handler"]
        return complaint

    def test_who_stays_unknown_follows_and_answers_without_being_known(self):
        """KK22: no field, message, file, event or log of what happens on the portal tells."""
        complaint = self.hidden()
        self.assertIn(complaint.name, self.url_open("/my/klachten").text)
        self.assertEqual(self.get(complaint).status_code, 200)
        self.send(complaint, "bericht", text="Nog iets", files=[("nog.pdf", PDF)])
        hearing = self.invite(complaint, "coordinator", people=[{"role": "complainant"}])
        self.send(complaint, "gesprek", hearing.id, choice=hearing.slot_ids[0].id)
        self.send(complaint, "intrekken")
        complaint._as_procedure().is_closed = True
        self.send(complaint, "beoordelen", rating="3", text="Gaat wel")
        self.assertEqual(len(complaint._get_conversation()), 2)
        secrets = (self.partner("client").name, "client@example.com", "p.client")
        user, partner = self.people["client"], self.partner("client")
        attached = [("res_model", "=", complaint._name), ("res_id", "=", complaint.id)]
        for records in (
            complaint,
            complaint.event_ids,
            complaint.message_ids,
            complaint.message_ids.tracking_value_ids,
            complaint.activity_ids,
            complaint.message_follower_ids,
            hearing,
            hearing.slot_ids,
            self.env["ir.attachment"].search(attached),
            self.env["rating.rating"].search(attached),
        ):
            for values in records.read():
                told = {key: value for key, value in values.items() if key != "identity_ids"}
                for secret in secrets:
                    self.assertNotIn(secret, str(told), records._name)
                for fname in ("create_uid", "write_uid", "user_id", "author_id", "partner_id"):
                    if told.get(fname):
                        own = partner if fname in ("author_id", "partner_id") else user
                        self.assertNotEqual(told[fname][0], own.id, (records._name, fname))

    def test_a_message_to_who_stays_unknown_names_nobody(self):
        complaint = self.hidden()
        with self.mock_mail_gateway():
            self.as_role(complaint, "handler")._post_to_complainant("Kunt u bellen?")
        self.assertIn("Kunt u bellen?", self.get(complaint).text)
        for message in self.as_role(complaint, "handler").message_ids:
            self.assertNotIn("client@example.com", str(message.read()))

    # ---------------------------------------------------------------- who acts for them

    def test_who_was_authorised_writes_in_their_own_name(self):
        complaint = self.answer(self.file_of_client())
        self.log_in("lawyer")
        self.send(complaint, "bericht", text="Namens mijn cliënt")
        self.assertEqual(complaint._get_conversation().author_id, self.partner("lawyer"))
        self.send(complaint, "niet-eens", "objection", text="Niet eens")
        self.assertEqual(complaint.objection_ids.state, "accepted")
        complaint.assistance_ids.filtered("is_authorised").is_authorised = False
        self.assertEqual(self.send(complaint, "intrekken").status_code, 403)

    def test_an_expert_reads_and_is_told_so(self):
        """BA17."""
        complaint = self.answer(self.file_of_client())
        hearing = self.invite(complaint)
        self.log_in("expert")
        page = self.get(complaint).text
        self.assertIn("with the consent of the complainant", page)
        self.assertIn(complaint._format_moment(hearing.slot_ids[0].start_at), page)
        self.assertNotIn("<textarea", page)
        self.assertNotIn("Send my choice", page)
