from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..support.common import local_noon
from ..support.handling_common import HandlingCase


@tagged("post_install", "-at_install")
class TestIntakeScreen(HandlingCase):
    """The quick entry asks what the policy has, when it is ticked, and nothing more."""

    SOURCES = ("kk", "bb")

    def open_form(self, source, role="employee"):
        form = Form(self.as_role(self.env["klachtenbeheer.intake"], role))
        form.policy_id = self.policies[source]
        form.description = "De hulp kwam niet."
        return form

    def is_shown(self, form, *fnames):
        return {fname for fname in fnames if not form._get_modifier(fname, "invisible")}

    def register(self, form):
        with local_noon("2026-06-01"):
            action = form.save().action_register()
        intake = self.env["klachtenbeheer.intake"].browse(action["res_id"])
        return self.env["klachtenbeheer.complaint"].search(
            [("name", "=", intake.reference), ("company_id", "=", self.company.id)]
        )

    def test_nothing_more_than_needed_is_asked_at_first(self):
        with local_noon("2026-06-01"):
            form = self.open_form("bb")
        extra = (
            "hide_identity",
            "accepts_limited_answer",
            "handled_how",
            "handled_by_id",
            "source_url",
        )
        self.assertFalse(self.is_shown(form, *extra))

    def test_staying_unknown_is_asked_where_the_policy_has_it(self):
        with local_noon("2026-06-01"):
            form = self.open_form("kk")
            self.assertEqual(self.is_shown(form, "hide_identity"), {"hide_identity"})
            self.assertFalse(self.is_shown(form, "accepts_limited_answer"))
            form.complainant_name = "Kees Klager"
            form.hide_identity = True
            self.assertTrue(self.is_shown(form, "accepts_limited_answer"))
            with self.assertRaises(UserError):
                form.save().action_register()
            form.accepts_limited_answer = True
        complaint = self.register(form)
        self.assertTrue(complaint.hide_identity)
        self.assertFalse(complaint.complainant_name)
        self.assertEqual(complaint.identity_ids.complainant_name, "Kees Klager")

    def test_what_was_ticked_before_another_policy_was_chosen_does_not_count(self):
        with local_noon("2026-06-01"):
            form = self.open_form("kk")
            form.complainant_name = "Kees Klager"
            form.hide_identity = True
            form.policy_id = self.policies["bb"]
        complaint = self.register(form)
        self.assertFalse(complaint.hide_identity)
        self.assertEqual(complaint.complainant_name, "Kees Klager")

    def test_settled_on_the_spot_asks_how_and_by_whom(self):
        with local_noon("2026-06-01"):
            form = self.open_form("kk")
            form.handled_at_once = True
            self.assertTrue(form._get_modifier("handled_how", "required"))
            self.assertEqual(form.handled_by_id, self.users["employee"])
            form.handled_how = "Excuses gemaakt en teruggebeld."
        complaint = self.register(form)
        self.assertEqual(complaint.handled_by_id, self.users["employee"])
        self.assertIn("remedied", self.codes(complaint))

    def test_where_it_was_said_is_kept_of_social_media_only(self):
        with local_noon("2026-06-01"):
            form = self.open_form("bb")
            form.channel = "social"
            form.source_url = "https://social.example/bericht/1"
        self.assertEqual(self.register(form).source_url, "https://social.example/bericht/1")
        with local_noon("2026-06-01"):
            form = self.open_form("bb")
            form.channel = "social"
            form.source_url = "https://social.example/bericht/2"
            form.channel = "phone"
        self.assertFalse(self.register(form).source_url)

    def test_a_suggestion_is_registered_as_such(self):
        with local_noon("2026-06-01"):
            form = self.open_form("bb")
            form.nature = "suggestion"
        complaint = self.register(form)
        self.assertEqual(complaint.nature, "suggestion")
        self.assertFalse(complaint.next_due_on)
