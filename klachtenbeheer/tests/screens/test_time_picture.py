from lxml import etree

from odoo.tests import Form, tagged

from ..support.common import local_noon
from .test_dossier_screens import ScreenCase


@tagged("post_install", "-at_install")
class TestTimePicture(ScreenCase):
    """What happened, what runs and what the complainant may still do, on one line."""

    def picture(self, complaint, role="handler"):
        self.env.invalidate_all()
        return self.as_role(complaint, role).time_picture

    def test_every_mark_opens_what_it_stands_for(self):
        complaint = self.file("ba")
        with local_noon("2026-06-03"):
            complaint.record_event("acknowledged")
            talk = self.talk(complaint, purpose="talk", held_on="2026-06-03", report="<p>Ja.</p>")
            talk.action_hold()
            picture = self.picture(complaint)
        by_label = {mark["label"]: mark for mark in picture["marks"]}
        events = {event.type_id.name: event for event in complaint.event_ids}
        self.assertEqual(len(events), 3)
        for name in set(events) & set(by_label):
            self.assertEqual(by_label[name]["opens"], [events[name]._name, events[name].id])
        [conversation] = [mark for mark in picture["marks"] if mark["kind"] == "conversation"]
        self.assertEqual(conversation["opens"], [talk._name, talk.id])
        for row in picture["rows"]:
            model, number = row["opens"]
            duty = self.as_role(self.env[model], "handler").browse(number)
            self.assertEqual(row["label"], duty.term_id.name)
            self.assertEqual(row["text"], duty.explanation)

    def test_a_planned_conversation_lies_ahead(self):
        complaint = self.file("ba")
        with local_noon("2026-06-03"):
            hearing = self.talk(
                complaint, purpose="talk", slot_ids=[(0, 0, {"start_at": "2026-06-09 09:00:00"})]
            )
            hearing.action_plan_proposed()
            marks = self.picture(complaint)["marks"]
        [planned] = [mark for mark in marks if mark["kind"] == "planned"]
        self.assertEqual(planned["day"], "2026-06-09")

    def test_bars_tell_extension_lateness_and_the_complainants_right(self):
        complaint = self.file("bb")
        with local_noon("2026-07-20"):
            late = self.picture(complaint)
        self.assertIn("late", [part["kind"] for row in late["rows"] for part in row["segments"]])
        complaint = self.file("ba")
        with local_noon("2026-06-03"):
            complaint.record_event("answered")
            rows = self.picture(complaint)["rows"]
        self.assertIn("right", [row["kind"] for row in rows])

    def test_outside_there_are_no_inside_words(self):
        complaint = self.file("sb", kind="formal")
        with local_noon("2026-06-03"):
            complaint.record_event("taken_up", note="Noor zegt: lastig.")
            picture = complaint._get_time_picture(outside=True)
            inside = {duty.term_id.name for duty in complaint.deadline_ids}
        told = complaint.event_ids.type_id.filtered("told_outside")
        sentences = {event_type._get_public_text() for event_type in told}
        self.assertEqual({mark["label"] for mark in picture["marks"]}, sentences)
        for item in (*picture["marks"], *picture["rows"]):
            self.assertFalse(item["opens"])
            self.assertNotIn("lastig", item["text"])
        promised = {promise.text for promise in complaint._get_promises()}
        self.assertEqual({row["label"] for row in picture["rows"]}, promised)
        self.assertTrue(promised - inside, "in words for the complainant")

    def test_it_is_drawn_for_the_complainant_without_styles(self):
        """Inside another website nothing but attributes is allowed; screen readers read the
        lists of the page instead."""
        picture = self.file("sb", kind="formal")._get_time_picture(outside=True)
        drawn = str(
            self.env["ir.qweb"]._render("klachtenbeheer.time_picture", {"picture": picture})
        )
        self.assertIn("<svg", drawn)
        self.assertIn('aria-hidden="true"', drawn)
        self.assertNotIn("style=", drawn)
        for row in picture["rows"]:
            self.assertIn(row["date"], drawn)

    def test_time_runs_as_the_complainant_reads(self):
        """From right to left in Arabic."""
        self.env["res.lang"]._activate_lang("ar_001")
        with local_noon("2026-06-03"):
            picture = self.file("sb", kind="formal")._get_time_picture(outside=True)
        places = []
        for lang in ("en_US", "ar_001"):
            qweb = self.env["ir.qweb"].with_context(lang=lang)
            drawn = qweb._render("klachtenbeheer.time_picture", {"picture": picture}, lang=lang)
            mark = next(etree.fromstring(str(drawn)).iter("circle"))
            places.append(float(mark.get("cx").rstrip("%")))
        self.assertAlmostEqual(sum(places), 100)
        self.assertLess(places[0], 50)

    def test_who_does_not_see_deadlines_has_no_picture(self):
        arch = self.get_arch("desk")
        self.assertFalse(arch.xpath("//field[@name='time_picture']"))
        self.assertTrue(self.get_arch("handler").xpath("//field[@name='time_picture']"))

    def test_a_closed_complaint_ends(self):
        complaint = self.file("kk")
        with local_noon("2026-06-03"):
            for code in ("acknowledged", "contacted", "answered"):
                complaint.record_event(code)
            self.register_fully(complaint)
            complaint.solution = "<p>Uitgelegd en goedgemaakt.</p>"
            complaint.outcome = "answered"
            open_terms = complaint.deadline_ids.filtered("is_open").term_id
            if open_terms:
                complaint.record_event("waived", term_ids=open_terms.ids)
            complaint.record_event("closed")
        with local_noon("2027-06-03"):
            picture = self.picture(complaint)
        self.assertIsNone(picture["today"])

    def test_a_policy_draws_a_made_up_complaint_that_moves(self):
        policy = self.policies["sj"]
        draft = policy.copy({"name": policy.name, "code": policy.code})
        before = draft.time_picture
        self.assertTrue(before["rows"])
        self.assertFalse(before["today"])
        form = Form(draft)
        with form.term_ids.edit(0) as term:
            term.amount = term.amount + 10
        self.assertNotEqual(form.time_picture, before, "without saving")
