import time
from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ...controllers.public_form import PublicForm
from ...tools import uploads
from ..support.common import local_noon
from ..support.public_common import DRIVER, INTAKE, READER, PublicCase

PDF = b"%PDF-1.7 tekst"


@tagged("post_install", "-at_install")
class TestPublicForm(PublicCase):
    """Anybody files a complaint, without an account and without scripts."""

    def test_a_description_is_enough(self):
        page, complaint = self.file_in_public()
        self.assertRecordValues(
            complaint,
            [
                {
                    "description": DRIVER,
                    "channel": "web",
                    "policy_id": self.policy.id,
                    "received_on": self.company._complaint_today(),
                    "is_anonymous": True,
                    "complainant_name": False,
                    "privacy_policy_id": self.policy.id,
                }
            ],
        )
        self.assertEqual(page.code.count("-"), 3)

    def test_everything_that_is_filled_in_arrives(self):
        self.policy = self.make_policy(
            code="alles",
            complainant_kind_ids=[(0, 0, {"name": "Reiziger"})],
            accepts_suggestions=True,
        )
        _page, complaint = self.file_in_public(
            "alles",
            nature="suggestion",
            respondent_text="De chauffeur van lijn 4",
            incident_on="2026-02-03",
            incident_place="Halte Markt",
            desired_solution="Een excuus",
            name="Kees Klager",
            email="Kees@Example.com",
            phone="000-123",
            address="Markt 1\r\n0123 AB Proefstad",
            complainant_kind=str(self.policy.complainant_kind_ids.id),
        )
        self.assertRecordValues(
            complaint,
            [
                {
                    "nature": "suggestion",
                    "respondent_text": "De chauffeur van lijn 4",
                    "incident_place": "Halte Markt",
                    "desired_solution": "Een excuus",
                    "complainant_name": "Kees Klager",
                    "complainant_email": "kees@example.com",
                    "complainant_phone": "000-123",
                    "complainant_address": "Markt 1\n0123 AB Proefstad",
                    "complainant_kind_id": self.policy.complainant_kind_ids.id,
                    "is_anonymous": False,
                    "partner_id": False,
                }
            ],
        )
        self.assertEqual(str(complaint.incident_on), "2026-02-03")

    @local_noon("2026-11-03")
    def test_the_sender_sees_what_happens_next_and_by_when(self):
        page, complaint = self.file_in_public(name="Kees")
        self.assertIn(complaint.name, page.text)
        for day in ("10", "17"):  # five werkdagen, fourteen days
            self.assertRegex(page.text, rf"(Tuesday {day} November|dinsdag {day} november) 2026")
        self.assertIn(DRIVER, page.text)

    def test_the_formal_phase_is_the_choice_of_the_sender(self):
        self.make_policy(code="fasen", formal_phase="internal", default_kind="informal")
        _page, complaint = self.file_in_public("fasen")
        self.assertEqual(complaint.kind, "formal")
        _page, complaint = self.file_in_public("fasen", kind="informal")
        self.assertEqual(complaint.kind, "informal")

    def test_what_the_policy_does_not_have_is_neither_shown_nor_taken(self):
        page = self.visit()
        for name in ("nature", "kind", "hide_identity", "accepts_limited", "complainant_kind"):
            self.assertFalse(page.has(name), name)
        _page, complaint = self.file_in_public(
            name="Kees", nature="suggestion", hide_identity="1", is_closed="1", policy_id="1"
        )
        self.assertEqual(complaint.nature, "complaint")
        self.assertFalse(complaint.hide_identity)
        self.assertFalse(complaint.is_closed)

    def test_only_a_day_has_a_latest_one(self):
        limits = {
            entry.get("name"): entry.get("max")
            for entry in self.visit().root.xpath("//input[@max]")
        }
        self.assertEqual(limits, {"incident_on": str(self.company._complaint_today())})

    # ---------------------------------------------------------------- errors

    def test_errors_say_how_to_mend_them_and_keep_what_was_typed(self):
        page = self.send(
            self.visit(),
            description="",
            name="Kees",
            email="kees-apenstaart",
            incident_on="gisteren",
            desired_solution="Een excuus",
        )
        self.assertEqual(page.status, 422)
        self.assertEqual(page.error_links(), ["#kb-description", "#kb-incident_on", "#kb-email"])
        for link in page.error_links():
            [entry] = page.root.xpath(f"//*[@id='{link[1:]}']")
            self.assertEqual(entry.get("aria-invalid"), "true")
            for described in entry.get("aria-describedby").split():
                self.assertTrue(page.root.xpath(f"//*[@id='{described}']"), described)
        self.assertEqual(page.value("name"), "Kees")
        self.assertEqual(page.value("email"), "kees-apenstaart")
        self.assertEqual(page.value("incident_on"), "gisteren")
        self.assertEqual(page.value("desired_solution"), "Een excuus")
        self.assertFalse(self.env["klachtenbeheer.complaint"].search([("channel", "=", "web")]))

    def test_a_date_is_understood_as_people_write_it(self):
        for typed in ("3-2-2026", "03/02/2026", "2026-02-03", "3.2.2026"):
            with self.subTest(typed):
                _page, complaint = self.file_in_public(incident_on=typed)
                self.assertEqual(str(complaint.incident_on), "2026-02-03")

    def test_a_day_ahead_is_asked_again(self):
        page = self.send(self.visit(), description=DRIVER, incident_on="31-12-2999")
        self.assertEqual(page.error_links(), ["#kb-incident_on"])

    def test_too_long_a_text_is_not_cut_off(self):
        text = "x" * 50_001
        page = self.send(self.visit(), description=text)
        self.assertEqual(page.error_links(), ["#kb-description"])
        self.assertIn("50001", page.text)
        self.assertEqual(page.value("description"), text)

    def test_markup_is_shown_as_it_was_typed(self):
        evil = "<script>alert('x')</script> & \"aan\" </textarea>"
        page = self.send(self.visit(), description="", desired_solution=evil)
        self.assertEqual(page.value("desired_solution"), evil)
        shown, complaint = self.file_in_public(description=evil)
        self.assertEqual(complaint.description, evil)
        self.assertFalse(shown.root.xpath("//script[contains(text(), 'alert')]"))

    # ---------------------------------------------------------------- files

    def test_files_are_on_the_dossier(self):
        _page, complaint = self.file_in_public(
            files=[("brief.pdf", PDF), ("C:\\foto's\\bus.jpg", b"\xff\xd8\xff\xe0")]
        )
        files = self.env["ir.attachment"].search(
            [("res_model", "=", complaint._name), ("res_id", "=", complaint.id)]
        )
        self.assertEqual(
            sorted((file.name, file.mimetype) for file in files),
            [("brief.pdf", "application/pdf"), ("bus.jpg", "image/jpeg")],
        )

    def test_accepted_files_are_kept_while_the_rest_is_mended(self):
        page = self.send(
            self.visit(),
            files=[("brief.pdf", PDF), ("virus.exe", b"MZ")],
            description=DRIVER,
        )
        self.assertEqual(page.error_links(), ["#kb-files"])
        self.assertIn("virus.exe", page.text)
        self.assertTrue(page.value("keep"))
        page = self.send(page, files=[("foto.png", b"\x89PNG\r\n\x1a\n")])
        complaint = self.find(page.reference)
        self.assertEqual(
            sorted(complaint._get_conversation().attachment_ids.mapped("name")),
            ["brief.pdf", "foto.png"],
        )
        self.assertFalse(self.env["klachtenbeheer.form.upload"].search([]))

    def test_a_kept_file_can_be_left_out(self):
        page = self.send(self.visit(), files=[("brief.pdf", PDF)], incident_on="gisteren")
        page = self.send(page, description=DRIVER, incident_on="", keep=None)
        self.assertFalse(self.find(page.reference)._get_conversation())
        self.assertFalse(self.env["ir.attachment"].search([("name", "=", "brief.pdf")]))

    def test_somebody_elses_kept_files_can_not_be_had(self):
        page = self.send(self.visit(), files=[("brief.pdf", PDF)], incident_on="gisteren")
        foreign = page.value("keep")
        other = self.send(self.visit(), description=DRIVER, keep=foreign)
        self.assertEqual(other.error_links(), ["#kb-files"])
        page = self.send(page, description=DRIVER, incident_on="")
        attachments = self.find(page.reference)._get_conversation().attachment_ids
        self.assertEqual(attachments.mapped("name"), ["brief.pdf"])

    def test_limits_are_named_with_the_file(self):
        with patch.object(uploads, "MAX_FILE", 20), patch(f"{READER}.MAX_FILE", 5 * 2**20):
            page = self.send(self.visit(), files=[("groot.pdf", PDF.ljust(21))], description=DRIVER)
        self.assertIn("groot.pdf", page.text)
        self.assertIn("5 MB", page.text)
        files = [(f"{number}.txt", b"tekst") for number in range(12)]
        page = self.send(self.visit(), files=files, description=DRIVER)
        self.assertIn("10.txt", page.text)
        self.assertIn("11.txt", page.text)
        self.assertEqual(len([name for name, _value in page.data() if name == "keep"]), 10)

    def test_far_too_much_is_explained_as_well(self):
        route = PublicForm.submit.original_routing
        with patch.dict(route, max_content_length=1000):
            self.registry.clear_cache("routing")
            page = self.send(self.visit(), files=[("a.pdf", PDF.ljust(2000))], description=DRIVER)
        self.assertEqual(page.status, 413)
        self.assertIn("25 MB", page.text)

    def test_files_of_abandoned_forms_are_forgotten(self):
        self.send(self.visit(), files=[("brief.pdf", PDF)], incident_on="gisteren")
        [upload] = self.env["klachtenbeheer.form.upload"].search([])
        attachment = upload.attachment_id
        self.env["klachtenbeheer.throttle"]._cron_forget()
        self.assertTrue(upload.exists())
        self.env.cr.execute(
            "UPDATE klachtenbeheer_form_upload SET create_date = create_date - interval '25 hours'"
        )
        upload.invalidate_recordset()
        self.env["klachtenbeheer.throttle"]._cron_forget()
        self.assertFalse(upload.exists())
        self.assertFalse(attachment.exists())

    # ---------------------------------------------------------------- once

    def test_a_form_sent_twice_gives_one_complaint_and_the_same_answer(self):
        form = self.visit()
        first = self.send(form, description=DRIVER)
        again = self.send(form, description=DRIVER)
        self.assertEqual(first.reference, again.reference)
        self.assertEqual(first.code, again.code)
        self.assertEqual(
            len(self.env["klachtenbeheer.complaint"].search([("channel", "=", "web")])), 1
        )
        # another form is another complaint
        self.assertNotEqual(self.file_in_public()[0].reference, first.reference)

    def test_a_form_with_files_sent_twice_gives_them_once(self):
        page = self.send(self.visit(), files=[("brief.pdf", PDF)], incident_on="gisteren")
        first = self.send(page, description=DRIVER, incident_on="")
        again = self.send(page, description=DRIVER, incident_on="")
        self.assertEqual(first.reference, again.reference)
        self.assertEqual(len(self.env["ir.attachment"].search([("name", "=", "brief.pdf")])), 1)

    def test_what_was_sent_is_forgotten_when_the_form_has_expired(self):
        self.file_in_public()
        submissions = self.env["klachtenbeheer.form.submission"]
        self.assertTrue(submissions.search([]))
        submissions._forget_expired()
        self.assertTrue(submissions.search([]))
        submissions.search([]).expires_on = "2020-01-01"
        submissions._forget_expired()
        self.assertFalse(submissions.search([]))

    # ---------------------------------------------------------------- programs

    def test_a_program_that_fills_in_everything_is_asked_once_more(self):
        page = self.send(self.visit(), description=DRIVER, homepage="https://spam.example")
        self.assertEqual(page.status, 422)
        self.assertFalse(self.env["klachtenbeheer.complaint"].search([("channel", "=", "web")]))
        # it may have been a person with a helpful browser: nothing is lost
        page = self.send(page)
        self.assertEqual(self.find(page.reference).description, DRIVER)

    def test_nobody_writes_a_complaint_within_three_seconds(self):
        with patch(f"{INTAKE}.LEAST_SECONDS", 60):
            page = self.send(self.visit(), description=DRIVER)
            self.assertEqual(page.status, 422)
            self.assertEqual(page.value("description"), DRIVER)
            with patch(f"{INTAKE}.time.time", return_value=time.time() + 61):
                page = self.send(page)
        self.assertEqual(page.status, 200)

    def test_a_forged_or_old_page_is_renewed_without_loss(self):
        for token in ("", "onzin", "AAAA", "é", self.visit().value("token")[:-3] + "abc"):
            with self.subTest(token=token):
                page = self.send(self.visit(), description=DRIVER, token=token)
                self.assertEqual(page.status, 422)
                page = self.send(page)
                if page.status == 409:  # the same text as that of the token before
                    page = self.send(page, again="new")
                self.assertEqual(page.status, 200, page.text)

    def test_too_many_forms_from_one_address_have_to_wait(self):
        self.env["ir.config_parameter"].set_param("klachtenbeheer.limit_form", "2")
        self.file_in_public()
        self.file_in_public()
        page = self.send(self.visit(), description="Iets anders.")
        self.assertEqual(page.status, 422)
        self.assertEqual(page.value("description"), "Iets anders.")
        # later it goes
        with patch(
            "odoo.addons.klachtenbeheer.models.portal.throttle.time.time",
            return_value=time.time() + 2 * 3600,
        ):
            page = self.send(page)
        self.assertEqual(page.status, 200)

    def test_no_address_is_stored_and_counts_are_forgotten(self):
        self.file_in_public(email="kees@example.com")
        lines = self.env["klachtenbeheer.throttle"].search([])
        self.assertEqual(set(lines.mapped("purpose")), {"post", "form", "mail"})
        for line in lines:
            self.assertEqual(len(line.bucket), 5)
        self.assertNotIn("create_date", lines._fields)
        with patch(
            "odoo.addons.klachtenbeheer.models.portal.throttle.time.time",
            return_value=time.time() + 2 * 3600,
        ):
            lines._cron_forget()
        self.assertFalse(lines.exists())

    def test_the_captcha_of_the_platform_is_asked_where_there_is_one(self):
        refused = self.env._("Not this time")

        def refuse(_self, action):
            self.assertEqual(action, "complaint_form")
            raise UserError(refused)

        with patch.object(type(self.env["ir.http"]), "_verify_request_recaptcha_token", refuse):
            page = self.send(self.visit(), description=DRIVER)
        self.assertEqual(page.status, 422)
        self.assertIn(refused, page.text)
        self.assertEqual(page.value("description"), DRIVER)

    def test_nonsense_of_programs_is_no_error_of_the_server(self):
        token = self.visit().value("token")
        for path in ("/klacht/proef", "/klacht/volgen"):
            for data in (
                {},
                {"token": token, "keep": ["x", "²", "9" * 40], "complainant_kind": "²"},
                {"ticket": "²", "code": "\0", "download": "file-²", "nature": "\0"},
                {"lang": "xx_XX", "description": "\0\0", "token": "\0"},
            ):
                with self.subTest(path=path, data=data):
                    self.assertLess(self.url_open(path, data=data).status_code, 500)
            names = ("token", "ticket", "code", "description", "lang", "keep", "text", "homepage")
            files = dict.fromkeys(names, ("a.txt", b"tekst"))
            response = self.opener.post(self.base_url() + path, files=files, timeout=60)
            self.assertLess(response.status_code, 500)

    # ---------------------------------------------------------------- people

    def test_a_complaint_about_the_contact_persons_goes_past_them(self):
        self.make_policy(code="bestuur", board_replaces=True)
        _page, complaint = self.file_in_public("bestuur", about_contacts="1")
        self.assertTrue(complaint.board_involved)
        for role in ("coordinator", "director"):
            self.assertIn(self.users[role].partner_id, complaint.respondent_ids)
            self.assertFalse(self.as_role(complaint, role).search([("id", "=", complaint.id)]))
        self.assertTrue(self.as_role(complaint, "board").search([("id", "=", complaint.id)]))
        self.assertEqual(complaint.activity_ids.user_id, self.users["board"])

    def test_other_complaints_reach_the_coordinator(self):
        _page, complaint = self.file_in_public()
        self.assertEqual(complaint.activity_ids.user_id, self.users["coordinator"])

    def test_the_role_that_the_policy_names_hears_of_a_form(self):
        roles = [
            self.line(role="coordinator", name="coördinator", users="coordinator"),
            self.line(role="registrar", name="Servicedesk", users="registrar"),
        ]
        self.make_policy(code="servicedesk", form_role="registrar", role_ids=roles)
        _page, complaint = self.file_in_public("servicedesk")
        self.assertIn(self.users["registrar"], complaint.activity_ids.user_id)

    def test_who_wants_to_stay_unknown_accepts_a_general_answer(self):
        self.make_policy(code="geheim", hidden_accepts_limited=True)
        page = self.send(
            self.visit("/klacht/geheim"), description=DRIVER, name="Kees", hide_identity="1"
        )
        self.assertEqual(page.error_links(), ["#kb-accepts_limited"])
        page = self.send(page, accepts_limited="1")
        complaint = self.find(page.reference)
        self.assertTrue(complaint.hide_identity)
        self.assertTrue(complaint.accepts_limited_answer)
        self.assertFalse(complaint.complainant_name)
        self.assertEqual(complaint.identity_ids.complainant_name, "Kees")

    def test_somebody_may_speak_for_somebody_else(self):
        _page, complaint = self.file_in_public(
            name="Opa Klager",
            rep_kind="legal_representative",
            rep_name="Dina Klager",
            rep_email="dina@example.com",
            rep_relation="dochter",
        )
        self.assertRecordValues(
            complaint.assistance_ids,
            [
                {
                    "kind": "legal_representative",
                    "relation": "dochter",
                    "is_authorised": False,
                    "name": "Dina Klager",
                    "email": "dina@example.com",
                }
            ],
        )
        self.assertEqual(complaint._get_addressee()["addressee_email"], "dina@example.com")
        # a name that is known here already is not taken for that person
        self.assertFalse(complaint.partner_id)

    # ---------------------------------------------------------------- proof

    def mails_to(self, address):
        return self.env["mail.mail"].search([("email_to", "=", address)])

    def test_the_proof_tells_the_reference_and_nothing_of_the_complaint(self):
        page, complaint = self.file_in_public(name="Kees", email="kees@example.com")
        [mail] = self.mails_to("kees@example.com")
        self.assertIn(complaint.name, mail.subject)
        self.assertNotIn(DRIVER, mail.body_html)
        self.assertNotIn(page.code, mail.body_html)
        self.assertFalse(mail.model)

    def test_nobody_is_pestered_with_proofs(self):
        for _time in range(5):
            self.file_in_public(email="slachtoffer@example.com")
        self.assertEqual(len(self.mails_to("slachtoffer@example.com")), 3)

    # ---------------------------------------------------------------- pages

    def test_unknown_and_unpublished_policies_have_a_friendly_page(self):
        self.policy.copy({"code": "concept"})
        unknown = ("onbekend", "concept", "model-sb", "%00", "%27", "proef%0A", "é" * 300, "-1")
        for path in (f"/klacht/{code}" for code in unknown):
            with self.subTest(path):
                page = self.visit(path)
                self.assertEqual(page.status, 404)
                self.assertFalse(page.root.xpath("//div[@class='kb-page']//form"))
                response = self.url_open(path, data={"description": DRIVER})
                self.assertEqual(response.status_code, 404)

    def test_a_retired_policy_takes_no_complaints(self):
        self.policy.action_retire()
        self.assertEqual(self.visit().status, 404)

    def test_the_version_in_force_today_is_shown(self):
        new = self.policy.copy(
            {"name": "Nieuwe regeling", "code": "proef", "effective_from": "2999-01-01"}
        )
        new.action_publish()
        _page, complaint = self.file_in_public()
        self.assertEqual(complaint.policy_id, self.policy)

    def test_pages_set_no_cookie_and_are_not_kept(self):
        for path in ("/klacht/proef", "/klacht/volgen"):
            response = self.url_open(path)
            self.assertNotIn("session_id", response.headers.get("Set-Cookie", ""))
            self.assertRegex(response.headers["Cache-Control"], "no-store|no-cache, private")
        page = self.send(self.visit(), description=DRIVER)
        self.assertEqual(page.response.headers["Cache-Control"], "no-store")

    def test_only_named_websites_may_show_the_form(self):
        response = self.url_open("/klacht/proef?embed=1")
        self.assertEqual(self.get_frames(response), "frame-ancestors 'self'")
        self.policy.embed_origins = "https://www.example.org\nhttps://example.com"
        response = self.url_open("/klacht/proef?embed=1")
        self.assertEqual(
            self.get_frames(response),
            "frame-ancestors 'self' https://www.example.org https://example.com",
        )
        self.assertIn("/klacht/proef?embed=1", self.policy.embed_snippet)
        with self.assertRaises(ValidationError):
            self.policy.embed_origins = "https://www.example.org/pagina; script-src *"

    def get_frames(self, response):
        return response.headers["Content-Security-Policy"].partition(";")[0]

    def test_inside_a_website_there_is_neither_header_nor_script_of_others(self):
        page = self.visit("/klacht/proef?embed=1")
        self.assert_bare(page)
        page = self.send(page, description=DRIVER)
        self.assert_bare(page)
        self.assertTrue(self.find(page.reference))

    def assert_bare(self, page):
        self.assertFalse(page.root.xpath("//header | //footer"))
        [script] = page.root.xpath("//script/@src")
        self.assertTrue(script.startswith("/klachtenbeheer/static/src/public/public.js"))

    def test_somebody_who_is_logged_in_files_as_anybody_else(self):
        for role in ("employee", "coordinator"):
            with self.subTest(role):
                self.authenticate(role, role.ljust(8, "x"))
                _page, complaint = self.file_in_public(description=DRIVER)
                self.assert_nobody_is_named(complaint, self.users[role])

    def assert_nobody_is_named(self, complaint, user):
        """No field of the complaint or of what hangs on it leads to a user."""
        records = [complaint, *complaint.message_ids, *complaint.event_ids]
        records += [*complaint.activity_ids, *complaint.message_ids.attachment_ids]
        for record in records:
            self.assertNotIn(user, record.create_uid | record.write_uid, record)
        self.assertNotIn(user, complaint.event_ids.user_id | complaint.received_by_id)
        self.assertNotIn(user.partner_id, complaint.message_ids.author_id)
