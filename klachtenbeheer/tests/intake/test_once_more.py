from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.public_common import DRIVER, INTAKE, PublicCase

OTHER = "De halte is weg."
PDF = b"%PDF-1.7 tekst"
CODE = r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}"


@tagged("post_install", "-at_install")
class TestOnceMore(PublicCase):
    """A form that comes once more: the same is one complaint, another text is not thrown away,
    and who sits at the computer next sees nothing of who sat there before."""

    def get_complaints(self):
        return self.env["klachtenbeheer.complaint"].search([("channel", "=", "web")])

    def send_other_text(self, **typed):
        """The first page sent with a text, and the answer to the same page with another one."""
        form = self.visit()
        first = self.send(form, description=DRIVER, **typed)
        return first, self.send(form, description=OTHER)

    def assert_nothing_shown(self, page, first):
        self.assertNotIn(DRIVER, page.text)
        self.assertNotIn(first.reference, page.text)
        self.assertNotIn(first.code, page.text)
        self.assertNotRegex(page.text, CODE)

    def test_another_text_on_the_same_page_is_asked_about_and_not_lost(self):
        first, page = self.send_other_text()
        self.assertEqual(page.status, 409)
        self.assert_nothing_shown(page, first)
        self.assertIn(OTHER, page.text)
        self.assertEqual(page.value("description"), OTHER)
        choices = page.form().xpath(".//button[@name='again']/@value")
        self.assertEqual(choices, ["change", "new"])
        self.assertEqual(len(self.get_complaints()), 1)

    def test_it_may_be_a_new_complaint_with_a_code_of_its_own(self):
        first, page = self.send_other_text()
        second = self.send(page, again="new")
        self.assertEqual(second.status, 200, second.text)
        self.assertEqual(self.find(second.reference).description, OTHER)
        self.assertNotEqual(first.reference, second.reference)
        self.assertNotEqual(first.code, second.code)
        # pressed twice it is one
        self.assertEqual(self.send(page, again="new").code, second.code)
        self.assertEqual(len(self.get_complaints()), 2)

    def test_it_may_change_the_first_one(self):
        form = self.visit()
        first = self.send(form, description=DRIVER)
        page = self.send(form, description=OTHER, name="Kees", files=[("brief.pdf", PDF)])
        for _time in range(2):
            done = self.send(page, again="change")
            self.assertEqual(done.status, 200, done.text)
            self.assert_nothing_shown(done, first)
        [complaint] = self.get_complaints()
        self.assertEqual(complaint.description, DRIVER)
        messages = complaint._get_conversation()
        [added] = messages.filtered(lambda message: OTHER in message.body)
        self.assertIn("Kees", added.body)
        self.assertEqual(added.attachment_ids.mapped("name"), ["brief.pdf"])
        self.assertFalse(self.env["klachtenbeheer.form.upload"].search([]))

    def test_who_stays_unknown_is_not_told_on_the_dossier(self):
        self.make_policy(code="geheim", hidden_accepts_limited=True)
        form = self.visit("/klacht/geheim")
        self.send(form, description=DRIVER, name="Kees", hide_identity="1", accepts_limited="1")
        page = self.send(form, description=OTHER, name="Kees")
        self.assertEqual(page.form().xpath(".//button[@name='again']/@value"), ["new"])
        forged = self.send(page, again="change")
        self.assertEqual(len(self.get_complaints()), 2)
        self.assertEqual(self.find(forged.reference).description, OTHER)

    def test_the_same_text_on_a_page_fetched_anew_is_asked_about(self):
        first = self.send(self.visit(), description=DRIVER)
        page = self.send(self.visit(), description=DRIVER)
        self.assertEqual(page.status, 409)
        self.assertNotIn(first.reference, page.text)
        self.assertNotRegex(page.text, CODE)
        self.assertEqual(page.form().xpath(".//button[@name='again']/@value"), ["new"])
        self.assertEqual(len(self.get_complaints()), 1)
        again = self.send(page, again="new")
        self.assertNotEqual(again.code, first.code)
        self.assertEqual(len(self.get_complaints()), 2)

    def test_elsewhere_or_later_the_same_text_is_another_complaint(self):
        self.send(self.visit(), description=DRIVER)
        submissions = self.env["klachtenbeheer.form.submission"]
        submission = submissions.search([], limit=1)
        submission.sent_at = fields.Datetime.now() - timedelta(minutes=61)
        self.assertEqual(self.send(self.visit(), description=DRIVER).status, 200)
        throttle = type(self.env["klachtenbeheer.throttle"])
        with patch.object(throttle, "_get_network", lambda _self, _address: "elders"):
            self.assertEqual(self.send(self.visit(), description=DRIVER).status, 200)

    def test_the_answer_is_not_given_again_when_somebody_else_may_sit_there(self):
        form = self.visit()
        first = self.send(form, description=DRIVER)
        self.assertEqual(self.send(form, description=DRIVER).code, first.code)
        submission = self.env["klachtenbeheer.form.submission"].search([], limit=1)
        submission.sent_at = fields.Datetime.now() - timedelta(minutes=16)
        page = self.send(form, description=DRIVER)
        self.assertEqual(page.status, 409)
        self.assertNotIn(first.reference, page.text)
        self.assertNotRegex(page.text, CODE)
        again = self.send(page, again="new")
        self.assertNotEqual(again.code, first.code)

    def test_neither_text_nor_address_can_be_found_back(self):
        self.file_in_public(email="kees@klager.example")
        self.env.cr.execute("SELECT * FROM klachtenbeheer_form_submission")
        stored = str(self.env.cr.fetchall())
        for word in (DRIVER, "kees", "127.0.0.1"):
            self.assertNotIn(word, stored)

    def test_another_answer_on_the_follow_up_page_is_not_thrown_away(self):
        page, complaint = self.file_in_public()
        follow = self.open_with(page.code)
        for text in ("Het was dinsdag.", "Nee, woensdag.", "Het was dinsdag."):
            self.send(follow, text=text, answer="1")
        bodies = "".join(complaint._get_conversation().mapped("body"))
        self.assertEqual(bodies.count("Het was dinsdag."), 1)
        self.assertEqual(bodies.count("Nee, woensdag."), 1)


@tagged("post_install", "-at_install")
class TestStrangersFiles(PublicCase):
    """Nothing of a stranger is stored before token, limits and size are right."""

    def get_kept(self):
        return self.env["klachtenbeheer.form.upload"].search([])

    def refuse(self, page, **typed):
        """Send a form with a file and a mistake; return what is shown."""
        page = self.send(page, files=[("brief.pdf", PDF)], **{"incident_on": "gisteren", **typed})
        self.assertEqual(page.status, 422)
        return page

    def test_without_a_token_of_ours_nothing_is_kept(self):
        for token in ("", "onzin"):
            page = self.refuse(self.visit(), description=DRIVER, token=token)
            self.assertFalse(self.get_kept(), token)
            self.assertIn("#kb-files", page.error_links())
            self.assertEqual(page.value("description"), DRIVER)
        self.refuse(self.visit())
        self.assertTrue(self.get_kept())

    def test_past_the_limit_nothing_is_kept(self):
        self.env["ir.config_parameter"].set_param("klachtenbeheer.limit_post", "2")
        self.refuse(self.visit())
        kept = self.get_kept()
        page = self.refuse(self.visit())
        self.assertEqual(self.get_kept(), kept)
        self.assertIn("#kb-files", page.error_links())

    def test_past_the_limit_answers_keep_nothing(self):
        page, _complaint = self.file_in_public()
        self.env["ir.config_parameter"].set_param("klachtenbeheer.limit_message", "0")
        follow = self.open_with(page.code)
        self.send(follow, text="Tekst", answer="1", files=[("brief.pdf", PDF)])
        self.assertFalse(self.get_kept())

    @mute_logger(INTAKE)
    def test_all_strangers_together_store_no_more_than_is_set(self):
        self.env["ir.config_parameter"].set_param("klachtenbeheer.limit_stored", "1")
        large = PDF.ljust(600_000)
        form = self.visit()
        page = self.send(form, incident_on="gisteren", files=[("een.pdf", large)])
        self.assertEqual(page.error_links(), ["#kb-incident_on"])
        for _time in range(2):
            page = self.send(self.visit(), description=DRIVER, files=[("twee.pdf", large)])
            self.assertEqual(page.error_links(), ["#kb-files"])
        self.assertEqual(self.get_kept().attachment_id.mapped("name"), ["een.pdf"])
        # who looks after the form hears of it, once
        self.assertEqual(len(self.policy.activity_ids), 1)
        self.assertEqual(self.policy.activity_ids.user_id, self.users["coordinator"])
        # the complaint itself still comes in
        page = self.send(page)
        self.assertEqual(self.find(page.reference).description, DRIVER)

    @mute_logger(INTAKE)
    def test_what_was_registered_counts_for_a_day(self):
        self.env["ir.config_parameter"].set_param("klachtenbeheer.limit_stored", "1")
        large = PDF.ljust(600_000)
        self.send(self.visit(), description=DRIVER, files=[("een.pdf", large)])
        page = self.send(self.visit(), description="Anders.", files=[("twee.pdf", large)])
        self.assertEqual(page.status, 422)
        throttle = self.env["klachtenbeheer.throttle"]
        now = throttle._get_hour()
        for hours, room in ((23, False), (24, True)):
            with patch.object(type(throttle), "_get_hour", lambda _self, hour=now + hours: hour):
                throttle._cron_forget()
                self.assertEqual(throttle._has_room(600_000), room)
