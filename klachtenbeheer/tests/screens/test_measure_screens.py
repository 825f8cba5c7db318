from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from ..support.common import local_noon
from ..support.handling_common import HandlingCase


@tagged("post_install", "-at_install")
class TestMeasureScreens(HandlingCase):
    """Measures and recommendations as each role sees them."""

    SOURCES = ("sb", "kk")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        handler = cls.users["handler"]
        cls.complaint = cls.file_under("sb", handler_id=handler.id)
        cls.foreign = cls.file_under("kk", handler_id=cls.colleague.id)

    def make(self, complaints=None, **vals):
        return self.env["klachtenbeheer.measure"].create(
            {
                "name": "Vaker rijden",
                "company_id": self.company.id,
                "owner_id": self.users["handler"].id,
                "link_ids": [
                    (0, 0, {"complaint_id": complaint.id}) for complaint in complaints or []
                ],
                **vals,
            }
        )

    def get_form(self, measure, role):
        self.env.invalidate_all()
        return Form(self.as_role(measure, role), view="klachtenbeheer.measure_view_form")

    def test_the_form_opens_for_each_role(self):
        measure = self.make(self.complaint | self.foreign)
        seen = {"coordinator": 2, "director": 2, "handler": 1, "board": 0}
        for role, count in seen.items():
            with self.subTest(role=role):
                form = self.get_form(measure, role)
                self.assertEqual(form.name, "Vaker rijden")
                # of the complaints that led to it only those that the user may see
                self.assertEqual(len(form.complaint_ids), count)

    def test_a_handler_makes_a_measure_of_an_own_complaint(self):
        measures = self.as_role(self.env["klachtenbeheer.measure"], "handler")
        with Form(measures, view="klachtenbeheer.measure_view_form") as form:
            form.name = "Sleutels in de kluis"
            form.kind = "corrective"
            form.owner_id = self.users["handler"]
            form.due_on = "2026-09-01"
            form.complaint_ids.add(self.complaint)
        self.assertEqual(form.record.complaint_ids, self.complaint)
        self.assertEqual(self.complaint.measure_ids, form.record)

    def test_a_handler_adds_to_a_measure_without_losing_what_others_see(self):
        measure = self.make(self.foreign)
        with self.get_form(measure, "handler") as form:
            form.complaint_ids.add(self.complaint)
        self.env.invalidate_all()
        self.assertEqual(measure.complaint_ids, self.complaint | self.foreign)

    def test_a_measure_of_a_complaint_about_the_user_stays_hidden_elsewhere(self):
        measure = self.make(self.complaint | self.foreign, owner_id=False)
        own = self.make(self.complaint)
        self.foreign.respondent_ids = self.users["handler"].partner_id
        self.env.invalidate_all()
        complaint = self.as_role(self.complaint, "handler")
        self.assertEqual(complaint.measure_ids, own)
        complaint.measure_ids = False
        self.env.invalidate_all()
        # what the user does not see, the user does not take away
        self.assertEqual(self.complaint.measure_ids, measure)

    def test_directie_alone_gets_the_buttons_of_a_decision(self):
        measure = self.make(self.complaint, kind="recommendation")
        for role, may in (("handler", False), ("coordinator", False), ("director", True)):
            with self.subTest(role=role):
                self.assertEqual(self.get_form(measure, role).can_decide, may)
        with self.assertRaises(AccessError):
            self.as_role(measure, "handler").action_adopt()

    def test_a_recommendation_is_rejected_with_its_reason(self):
        measure = self.make(self.complaint, kind="recommendation")
        with self.assertRaises(UserError):
            self.as_role(measure, "director").action_reject()
        with self.get_form(measure, "director") as form:
            form.decision = "Te duur."
        self.as_role(measure, "director").action_reject()
        self.assertEqual((measure.state, measure.decision), ("rejected", "Te duur."))

    def test_the_form_leads_to_the_measure_that_follows(self):
        measure = self.make(self.complaint, kind="recommendation")
        self.as_role(measure, "director").action_adopt()
        self.get_form(measure, "coordinator")
        follow_up = self.as_role(measure, "coordinator").follow_up_ids
        self.assertEqual((follow_up.kind, follow_up.state), ("preventive", "adopted"))

    def test_reporting_back_is_asked_where_the_policy_does(self):
        asked, not_asked = self.make(self.complaint), self.make(self.foreign)
        form = self.get_form(asked, "handler")
        self.assertTrue(form.asks_feedback)
        self.assertFalse(form._get_modifier("feedback_on", "invisible"))
        other = self.get_form(not_asked, "handler")
        self.assertFalse(other.asks_feedback)
        self.assertTrue(other._get_modifier("feedback_on", "invisible"))

    def test_what_is_late_is_found_once(self):
        late = self.make(due_on="2026-05-01", state="adopted")
        self.make(due_on="2026-07-01", state="adopted")
        self.make(due_on="2026-05-01").action_done()
        # an adopted recommendation goes on as a measure: that one is late
        recommended = self.make(due_on="2026-05-01", kind="recommendation")
        self.as_role(recommended, "director").action_adopt()
        arch = etree.fromstring(self.env.ref("klachtenbeheer.measure_view_search").arch)
        measures = self.as_role(self.env["klachtenbeheer.measure"], "coordinator")
        for name in ("overdue", "open"):
            domain = safe_eval(arch.find(f".//filter[@name='{name}']").get("domain"))
            with local_noon("2026-06-01"):
                found = measures.search(domain)
            self.assertNotIn(recommended, found, name)
            self.assertLessEqual(late | recommended.follow_up_ids, found, name)
        self.run_job("2026-06-01")
        self.assertTrue(late.warned_on)
        self.assertFalse(recommended.warned_on)
