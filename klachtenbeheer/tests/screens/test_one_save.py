from odoo.tests import Form, tagged

from ..support.common import local_noon
from .test_dossier_screens import ScreenCase


@tagged("post_install", "-at_install")
class TestOneSave(ScreenCase):
    """What is saved is on record, or the screen says what is missing."""

    def save(self, form):
        """Press the button of the dialog, as its only way to save.

        :return: (the record, kind of message, message)
        """
        record = form.save()
        action = record.action_save()
        self.assertEqual(action["params"]["next"]["type"], "ir.actions.act_window_close")
        return record, action["params"]["type"], action["params"]["message"]

    def test_a_disagreement_that_is_saved_counts(self):
        """BA27: its week runs from when it is saved."""
        complaint = self.file("ba")
        with local_noon("2026-06-03"):
            complaint.record_event("answered")
            objection, kind, _message = self.save(self.open_line(complaint, "objection_ids"))
        self.assertEqual((objection.state, kind), ("accepted", "success"))
        self.assertIn("objected", self.codes(complaint))

    def test_a_late_one_says_what_is_missing_and_is_kept(self):
        complaint = self.file("ba")
        with local_noon("2026-06-03"):
            complaint.record_event("answered")
        with local_noon("2026-07-30"):
            objection, kind, message = self.save(self.open_line(complaint, "objection_ids"))
            self.assertEqual((objection.state, kind), ("draft", "warning"))
            self.assertIn("after the last day", message)
            form = Form(objection)
            form.acceptance_reason = "De brief kwam later aan."
            _objection, kind, _message = self.save(form)
        self.assertEqual((objection.state, kind), ("accepted", "success"))

    def test_a_conversation_with_date_and_report_was_held(self):
        """BA33."""
        complaint = self.file("ba")
        with local_noon("2026-06-08"):
            form = self.open_line(complaint, "hearing_ids")
            form.held_on = "2026-06-08"
            hearing, kind, message = self.save(form)
            self.assertEqual((hearing.state, kind), ("draft", "warning"))
            self.assertIn("a report", message)
            self.assertTrue(hearing.held_on, "what was typed stays")
            form = Form(hearing)
            form.report = "<p>Verteld.</p>"
            _hearing, kind, _message = self.save(form)
        self.assertEqual((hearing.state, kind), ("held", "success"))

    def test_moments_that_were_not_offered_are_told(self):
        complaint = self.file("ba")
        with local_noon("2026-06-08"):
            form = self.open_line(complaint, "hearing_ids")
            with form.slot_ids.new() as slot:
                slot.start_at = "2026-06-09 09:00:00"
            hearing, kind, message = self.save(form)
            self.assertEqual((hearing.state, kind), ("draft", "warning"))
            self.assertIn("Nobody was invited", message)
            hearing.action_plan_proposed()
            self.assertEqual(self.save(Form(hearing))[1], "success")

    def test_it_was_held_proposes_the_day(self):
        complaint = self.file("ba")
        with local_noon("2026-06-08"):
            hearing = self.talk(
                complaint, purpose="talk", slot_ids=[(0, 0, {"start_at": "2026-06-09 09:00:00"})]
            )
            hearing.action_plan_proposed()
        with local_noon("2026-06-12"):
            action = self.as_role(hearing, "handler").action_note_held()
            self.assertEqual(str(hearing.held_on), "2026-06-09")
            self.assertEqual(action["res_id"], hearing.id)
            self.assertEqual(hearing.state, "planned", "it is held when there is a report")

    def test_a_conversation_that_was_held_is_one_dialog(self):
        complaint = self.file("sb", kind="formal")
        with local_noon("2026-06-08"):
            action = self.as_role(complaint, "handler").action_open_held()
            model = self.as_role(self.env[action["res_model"]], "handler")
            form = Form(model.with_context(**action["context"]))
            self.assertEqual(str(form.held_on), "2026-06-08")
            form.report = "<p>Zij vertelde wat er gebeurde.</p>"
            hearing, kind, _message = self.save(form)
        self.assertEqual((hearing.state, kind), ("held", "success"))

    def test_why_nobody_was_heard_is_one_dialog(self):
        complaint = self.file("sb", kind="formal")
        action = self.as_role(complaint, "handler").action_open_unheard()
        self.assertTrue(action["context"]["not_held"])
        model = self.as_role(self.env[action["res_model"]], "handler")
        with local_noon("2026-06-08"):
            form = Form(model.with_context(**action["context"]))
            form.waived_by, form.waive_reason = "de klager", "Wil niet meer praten."
            hearing, kind, _message = self.save(form)
        self.assertEqual((hearing.state, kind), ("waived", "success"))

    def test_a_letter_is_sent_and_the_dossier_comes_back(self):
        complaint = self.file("bb", complainant_email="kees@post.example")
        with local_noon("2026-06-03"):
            letter = complaint.prepare_letter("acknowledgement")
            letter._as_procedure().state = "ready"
            letter.delivery = "post"
            action = letter._get_done_action("“%s” is on its way.")
        self.assertEqual(action["tag"], "klachtenbeheer.done")
        self.assertEqual(action["params"]["res_id"], complaint.id)
        self.assertIn(letter.name, action["params"]["message"])

    def test_every_button_that_sends_or_closes_asks_once(self):
        arch = self.get_arch("coordinator", "klachtenbeheer.letter")
        [send] = arch.xpath("//button[@name='action_send_and_return']")
        self.assertTrue(send.get("confirm"))
        # closing asks in a dialog of its own, from the menu and the next step alike
        complaint = self.file("bb")
        action = self.as_role(complaint, "coordinator").action_open_close()
        self.assertEqual((action["res_model"], action["target"]), ("klachtenbeheer.close", "new"))
        self.assertFalse(complaint.is_closed)
        self.assertFalse(self.get_arch("coordinator").xpath("//button[@name='action_close']"))
        methods = [line["method"] for line in self.get_actions(complaint, "coordinator")]
        self.assertNotIn("action_close", methods)

    def test_the_preview_follows_what_is_typed(self):
        complaint = self.file("bb")
        letter = complaint.prepare_letter("acknowledgement")
        form = Form(self.as_role(letter, "handler"))
        self.assertIn("<!DOCTYPE html>", form.preview_html)
        form.salutation = "Geachte mevrouw Proefdruk,"
        self.assertIn("mevrouw Proefdruk", form.preview_html)
        self.assertNotIn("@font-face", form.preview_html)
