from odoo.service.model import call_kw
from odoo.tests import Form, HttpCase, tagged

from ..support.common import ComplaintCase, local_noon

EVENT_TYPE = "klachtenbeheer.event.type"


@tagged("post_install", "-at_install")
class TestEventFacts(ComplaintCase, HttpCase):
    """What is true of a kind of event is data: a manager adds a kind, and everything that
    asks about events knows it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.visited = cls.env[EVENT_TYPE].create({"name": "Visited", "code": "visited"})
        cls.policy = cls.make_policy(code="facts", progress_days=10)

    def record(self, code="visited", **facts):
        self.visited.write(facts)
        with local_noon("2026-06-01"):
            complaint = self.file_complaint()
        with local_noon("2026-06-08"):
            complaint.record_event(code)
        return complaint

    # ---------------------------------------------------------------- made by a manager

    def test_a_kind_is_made_over_rpc(self):
        kinds = self.as_role(self.env[EVENT_TYPE], "manager")
        values = {"name": "Sent back", "code": "sent_back", "told_outside": True}
        made = call_kw(kinds, "create", [values], {})
        self.assertIsInstance(made, int)
        made = call_kw(kinds, "create", [[{**values, "code": "two"}, {**values, "code": "3"}]], {})
        self.assertEqual(self.env[EVENT_TYPE].browse(made).mapped("code"), ["two", "3"])

    def test_a_kind_is_made_over_json(self):
        self.authenticate("manager", "managerx")
        made = self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{EVENT_TYPE}/create",
            {
                "model": EVENT_TYPE,
                "method": "create",
                "args": [[{"name": "Sent back", "code": "sent_back"}]],
                "kwargs": {},
            },
        )
        self.assertEqual(self.env[EVENT_TYPE].browse(made).code, "sent_back")

    def test_the_manager_sets_the_facts_on_the_screen(self):
        with Form(self.as_role(self.visited, "manager")) as form:
            form.told_outside = True
            form.public_text = "We visited you."
            form.promise_text = "We visit you"
            form.counts_as_contact = True
            form.takes_position = True
            form.answers_orally = True
            form.about = "hearing"
        self.assertEqual(self.record()._get_public_timeline()[-1][1], "We visited you.")

    # ---------------------------------------------------------------- what follows

    def test_what_is_told_is_told_on_both_pages_in_the_same_words(self):
        told = self.env[EVENT_TYPE].search([("told_outside", "=", True)])
        self.assertGreater(len(told), 20)
        self.assertTrue(all(told.mapped("public_text")))
        for type_told, expected in ((False, ["Received"]), (True, ["Received", "Visited"])):
            complaint = self.record(told_outside=type_told)
            names = {self.visited.name: "Visited", told[0].public_text: "Received"}
            timeline = [names[text] for _day, text in complaint._get_public_timeline()]
            self.assertEqual(timeline, expected)
            self.assertEqual(
                [line["what"] for line in complaint._get_portal_history()],
                [text for _day, text in complaint._get_public_timeline()],
            )

    def test_a_letter_is_told_on_the_day_it_was_sent(self):
        with local_noon("2026-06-01"):
            complaint = self.file_complaint()
            complaint.record_event("acknowledged", "2026-06-03", sent_on="2026-06-01")
        days = {str(day) for day, _text in complaint._get_public_timeline()}
        self.assertEqual(days, {"2026-06-01"})

    def test_what_counts_as_contact_starts_the_waiting_anew(self):
        self.assertEqual(str(self.record(counts_as_contact=False).progress_on), "2026-06-11")
        complaint = self.record(counts_as_contact=True)
        self.assertEqual(str(complaint.progress_on), "2026-06-18")

    def test_after_a_position_the_respondents_have_to_be_told(self):
        respondent = self.env["res.partner"].create({"name": "Bert Beklaagde"})
        for takes, told in ((False, True), (True, False)):
            complaint = self.record(takes_position=takes)
            complaint.respondent_ids = respondent
            self.assertEqual(complaint._has_taken_position(), takes)
            self.assertEqual(complaint.respondents_told, told)
