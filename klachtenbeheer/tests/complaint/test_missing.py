from odoo.tests import tagged

from ..support.common import local_noon
from ..support.handling_common import HandlingCase

LANGUAGES = ("nl_NL", "en_US")


@tagged("post_install", "-at_install")
class TestMissing(HandlingCase):
    """What is missing for a step is a value, and no translated text finds anything: it works
    for colleagues who read different languages."""

    SOURCES = ("ba", "sj")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in LANGUAGES:
            cls.env["res.lang"]._activate_lang(code)
        module = cls.env["ir.module.module"].search([("name", "=", "klachtenbeheer")])
        module._update_translations(["nl_NL"], overwrite=True)
        cls.users["coordinator"].lang = "nl_NL"
        cls.users["director"].lang = "en_US"

    def in_lang(self, record, role):
        user = self.users[role]
        return record.with_user(user).with_context(lang=user.lang)

    # ---------------------------------------------------------------- values

    def test_what_is_missing_leads_to_the_same_field_in_each_language(self):
        complaint = self.file_under("ba", handler_id=self.users["handler"].id)
        with local_noon("2026-06-03"):
            slots = [(0, 0, {"start_at": "2026-06-09 09:00:00"})]
            self.talk(complaint, purpose="talk", slot_ids=slots).action_offer()
            self.new("objection", complaint_id=complaint.id)
        closed = self.env["klachtenbeheer.event.type"]._get("closed")
        found = {}
        for lang in LANGUAGES:
            parts = complaint.with_context(lang=lang)._get_missing_for_event(
                closed.with_context(lang=lang)
            )
            found[lang] = [part.field for part in parts]
            self.assertTrue(all(part.text for part in parts))
        self.assertEqual(*found.values())
        expected = {"outcome", "deadline_ids", "hearing_ids", "objection_ids"}
        self.assertLessEqual(expected, set(found["nl_NL"]))

    def test_the_items_on_the_screen_have_a_field_in_each_language(self):
        complaint = self.file_under("ba", handler_id=self.users["handler"].id)
        with local_noon("2026-06-03"):
            complaint.record_event("acknowledged")
        self.env.flush_all()
        items = {}
        for role in ("coordinator", "director"):
            self.env.invalidate_all()
            items[role] = self.in_lang(complaint, role).missing_items
            self.assertTrue(items[role])
        by_role = [[item["field"] for item in shown] for shown in items.values()]
        self.assertEqual(*by_role)
        texts = [[item["text"] for item in shown] for shown in items.values()]
        self.assertNotEqual(*texts)

    def test_a_number_that_looks_like_the_name_of_a_line_leads_nowhere_else(self):
        """A sentence is not read back: a term and a conversation may begin alike."""
        complaint = self.file_under("ba", handler_id=self.users["handler"].id)
        with local_noon("2026-06-03"):
            self.new("objection", complaint_id=complaint.id)
        fields = [part.field for part in complaint._get_open_duties()]
        name = complaint.objection_ids.display_name
        term = self.deadline(complaint, "answer").term_id
        self.env.cr.execute(
            "UPDATE klachtenbeheer_term SET name = %s WHERE id = %s", (f"{name} X", term.id)
        )
        self.env.invalidate_all()
        self.assertEqual([part.field for part in complaint._get_open_duties()], fields)

    def test_a_letter_says_where_each_part_is_filled_in(self):
        complaint = self.file_under("ba", handler_id=self.users["handler"].id)
        letter = complaint.prepare_letter("answer")
        letter.write({"subject": False, "delivery": "email", "addressee_email": "nergens"})
        fields = {part.field for part in letter._get_missing_parts()}
        self.assertLess({"subject", "addressee_email"}, fields)

    # ---------------------------------------------------------------- alerts

    def test_a_colleague_in_another_language_finishes_the_question(self):
        """SJ9: it was asked in Dutch, and decided by somebody who reads English."""
        dutch = self.in_lang(self.env["klachtenbeheer.complaint"], "coordinator")
        complaint = dutch.create(
            {
                "policy_id": self.policies["sj"].id,
                "description": "De bus kwam niet.",
                "channel": "social",
            }
        ).sudo(False)
        coordinator = self.users["coordinator"]
        [asked] = complaint.activity_ids.filtered("complaint_alert")
        self.assertEqual(asked.user_id, coordinator)
        self.assertNotEqual(asked.summary, "Decide whether this is a complaint")
        coordinator.lang = "en_US"
        self.in_lang(complaint, "coordinator")._mark_triaged("Wel een klacht")
        self.assertFalse(complaint.activity_ids.filtered("complaint_alert"))

    def test_the_same_is_asked_once_whatever_the_language(self):
        complaint = self.file_under("ba", handler_id=self.users["handler"].id)
        for lang in (*LANGUAGES, *LANGUAGES):
            self.users["handler"].lang = lang
            complaint._tell_responsible("message")
        [asked] = complaint.activity_ids.filtered(lambda line: line.complaint_alert == "message")
        self.assertEqual(asked.user_id, self.users["handler"])
