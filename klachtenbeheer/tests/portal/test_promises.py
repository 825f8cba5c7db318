from datetime import timedelta
from types import SimpleNamespace

from odoo.tests import tagged

from ..support.common import local_noon
from ..support.handling_common import HandlingCase

DAY = "EEEE d MMMM y"


@tagged("post_install", "-at_install")
class TestPromises(HandlingCase):
    """A complainant hears the same dates everywhere: portal, code page, API, mails, letters."""

    SOURCES = ("sb", "ba", "sj", "kk", "bb")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})

    def file(self, source, **vals):
        vals.setdefault("kind", "formal")
        vals.setdefault("complainant_lang", "en_US")
        return self.file_under(source, handler_id=self.users["handler"].id, **vals)

    def get_roads(self, complaint):
        """{road: dates that it tells, as it writes them}."""
        proof = self.env["klachtenbeheer.intake.api"]._prepare_proof(complaint, "", True)
        mail = self.render(complaint, "klachtenbeheer.mail_template_form_proof")
        portal = complaint._get_portal_page(complaint.partner_id)["promises"]
        days = [promise.due_on for promise in complaint._get_promises()]
        return {
            "api": [promise["on"] for promise in proof["promises"]],
            "portal": [self.iso(complaint, days, line["day"]) for line in portal],
            "proof of the form": [
                str(day) for day in days if complaint._format_date(day, DAY) in mail
            ],
        }

    def iso(self, complaint, days, words):
        return next(str(day) for day in days if complaint._format_date(day, DAY) == words)

    def render(self, complaint, xmlid):
        template = self.env.ref(xmlid)
        return template._render_field("body_html", complaint.ids, set_lang="en_US")[complaint.id]

    def test_the_dates_are_equal_on_all_roads(self):
        for source in self.SOURCES:
            for channel in ("email", "phone"):
                complaint = self.file(source, channel=channel)
                with self.subTest(policy=source, channel=channel), local_noon("2026-06-01"):
                    days = [str(promise.due_on) for promise in complaint._get_promises()]
                    self.assertTrue(days)
                    for road, told in self.get_roads(complaint).items():
                        self.assertEqual(told, days, road)

    def test_the_last_date_is_the_answer_in_status_letter_and_proof(self):
        for source in self.SOURCES:
            complaint = self.file(source)
            with self.subTest(policy=source), local_noon("2026-06-01"):
                answer = complaint._get_promised_answer()
                words = complaint._format_date(answer, DAY)
                self.assertIn(words, complaint._get_portal_status())
                self.assertIn(words, self.render(complaint, "klachtenbeheer.mail_template_proof"))
                letter = complaint.prepare_letter("acknowledgement")
                letter.promised_on = False
                self.assertEqual(letter._get_answer_due(), answer)

    def test_what_concerns_ourselves_is_no_promise(self):
        """BA20: that it is passed on to the officer is nothing to wait for."""
        complaint = self.file("ba")
        answer = self.deadline(complaint, "answer")
        forward = self.deadline(complaint, "forward").sudo()
        forward.write({"met_on": False, "due_on": answer.due_on + timedelta(days=30)})
        self.assertTrue(forward.is_open)
        codes = [promise.term.code for promise in complaint._get_promises()]
        self.assertEqual(codes, ["acknowledge", "answer"])
        with local_noon("2026-06-01"):
            letter = complaint.prepare_letter("acknowledgement")
        self.assertEqual(letter._get_answer_due(), answer.due_on)

    def test_the_final_decision_is_promised(self):
        """BA28: after the oral explanation, or when there is none."""
        complaint = self.file("ba")
        with local_noon("2026-06-03"):
            for code in ("acknowledged", "answered", "objected"):
                complaint.record_event(code)
            texts = [promise.text for promise in complaint._get_promises()]
            self.assertEqual(texts, ["We invite you to explain your complaint"])
            complaint.record_event("hearing_waived")
            texts = [promise.text for promise in complaint._get_promises()]
        self.assertEqual(texts, ["You get our final decision"])

    def test_a_date_that_has_passed_stays_promised_and_is_late_on_both_pages(self):
        complaint = self.file("sj")
        with local_noon("2026-12-01"):
            self.assertTrue(all(promise.is_late for promise in complaint._get_promises()))
            page = self.env["ir.qweb"]._render(
                "klachtenbeheer.portal_dates", {"complaint": self.get_page(complaint)}
            )
        self.assertIn("We are late", page)

    def get_page(self, complaint):
        return complaint._get_portal_page(complaint.partner_id)

    def test_an_own_kind_of_event_is_promised_in_its_own_words(self):
        visited = self.env["klachtenbeheer.event.type"].create({"name": "Visit", "code": "visit"})
        policy = self.make_policy(
            code="bezoek",
            term_ids=[self.term("visit", "Bezoek", "visit", 5, "workday")],
        )
        with local_noon("2026-06-01"):
            complaint = self.file_complaint(policy_id=policy.id)
            self.assertFalse(complaint._get_promises(), "it concerns ourselves")
            visited.promise_text = "We visit you"
            [promise] = complaint._get_promises()
        self.assertEqual((promise.text, str(promise.due_on)), ("We visit you", "2026-06-08"))

    def test_after_closing_nothing_is_promised(self):
        complaint = self.file("sj")
        complaint.sudo()._as_procedure().is_closed = True
        self.assertEqual(complaint._get_promises(), [])

    def test_the_proof_by_mail_tells_first_and_last(self):
        complaint = self.file("sj")
        mail = SimpleNamespace(email="kees@example.com", message_id="<1@proef.test>")
        with local_noon("2026-06-01"):
            complaint._send_proof(mail)
            promises = complaint._get_promises()
        body = self.env["mail.mail"].search([("email_to", "=", mail.email)], limit=1).body_html
        for promise in (promises[0], promises[-1]):
            self.assertIn(complaint._format_date(promise.due_on, DAY), body)
