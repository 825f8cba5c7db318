from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.portal_common import PDF, PortalCase

LOGIN, OK, FORBIDDEN, NOT_FOUND = "login", 200, 403, 404
# What each may do on the routes of one complaint: reading, then acting.
ACTORS = {
    "client": (OK, OK),
    "lawyer": (OK, OK),
    "expert": (OK, FORBIDDEN),
    "bystander": (NOT_FOUND, NOT_FOUND),
    "workmate": (NOT_FOUND, NOT_FOUND),
    "stranger": (NOT_FOUND, NOT_FOUND),
    "accused": (NOT_FOUND, NOT_FOUND),
    None: (LOGIN, LOGIN),
}


@tagged("post_install", "-at_install")
class TestPortalAccess(PortalCase):
    """Each person on each route, reading and sending. What is refused changes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.answer(cls.file_of_client())

    def setUp(self):
        super().setUp()
        complaint = self.complaint
        self.hearing = self.invite(complaint)
        self.slot = self.hearing.slot_ids[0]
        self.message = complaint._post_from_complainant(
            "Mijn bewijs", complaint._attach_uploads(self.uploads()), self.partner("client")
        )
        self.letter = complaint.prepare_letter("answer")
        self.letter._as_procedure().write(
            {"state": "sent", "sent_on": self.today, "attachment_id": self.file("brief.pdf").id}
        )

    def uploads(self):
        from ...tools.uploads import Upload

        return [Upload("bewijs.pdf", PDF)]

    def file(self, name):
        return self.env["ir.attachment"].create({"name": name, "raw": PDF})

    def reading_routes(self):
        return {
            "page": (),
            "letter": ("brief", self.letter.id),
            "file": ("bestand", self.message.attachment_ids.id),
        }

    def form_routes(self):
        return {
            "disagree": ("niet-eens", "objection"),
            "withdraw": ("intrekken",),
        }

    def sending_routes(self):
        return {
            "message": (("bericht",), {"text": "Hallo"}),
            "hearing": (("gesprek", self.hearing.id), {"choice": self.slot.id}),
            "disagree": (("niet-eens", "objection"), {"text": "Klopt niet"}),
            "withdraw": (("intrekken",), {"text": "Laat maar"}),
            "rate": (("beoordelen",), {"rating": "5"}),
        }

    def enter(self, name):
        if name:
            self.log_in(name)
        else:
            self.authenticate(None, None)

    def outcome(self, response):
        return LOGIN if "/web/login" in response.url else response.status_code

    @mute_logger("odoo.http")
    def test_who_reads_what(self):
        for name, (reading, acting) in ACTORS.items():
            self.enter(name)
            for route, parts in self.reading_routes().items():
                with self.subTest(who=name, route=route):
                    self.assertEqual(self.outcome(self.get(self.complaint, *parts)), reading)
            for route, parts in self.form_routes().items():
                with self.subTest(who=name, form=route):
                    self.assertEqual(self.outcome(self.get(self.complaint, *parts)), acting)

    @mute_logger("odoo.http")
    def test_who_may_not_act_changes_nothing(self):
        before = self.count_everything(self.complaint)
        for name, (_reading, acting) in ACTORS.items():
            if acting == OK:
                continue
            self.enter(name)
            for route, (parts, form) in self.sending_routes().items():
                with self.subTest(who=name, route=route):
                    response = self.send(self.complaint, *parts, files=[("a.pdf", PDF)], **form)
                    self.assertEqual(self.outcome(response), acting)
                    self.assertEqual(self.count_everything(self.complaint), before)

    @mute_logger("odoo.http")
    def test_sending_needs_the_token_of_the_session(self):
        self.log_in("client")
        before = self.count_everything(self.complaint)
        for parts, form in self.sending_routes().values():
            response = self.url_open(self.url(self.complaint, *parts), data=form)
            self.assertEqual(response.status_code, 400)
            self.assertEqual(self.count_everything(self.complaint), before)

    def test_reading_an_address_does_nothing(self):
        """Links in mails are opened by programs, too."""
        self.log_in("client")
        before = self.count_everything(self.complaint)
        for parts, _form in self.sending_routes().values():
            self.get(self.complaint, *parts)
            self.assertEqual(self.count_everything(self.complaint), before)

    @mute_logger("odoo.http")
    def test_nothing_of_another_complaint_through_ones_own(self):
        other = self.file_of_client()
        self.log_in("client")
        for route in ("letter", "file"):
            self.assertEqual(
                self.get(other, *self.reading_routes()[route]).status_code, NOT_FOUND, route
            )
        before = self.count_everything(self.complaint)
        response = self.send(other, "gesprek", self.hearing.id, choice=self.slot.id)
        self.assertEqual(response.status_code, NOT_FOUND)
        self.assertEqual(self.count_everything(self.complaint), before)

    @mute_logger("odoo.http")
    def test_what_belongs_to_the_dossier_only_is_not_served(self):
        """Internal files, files on notes, drafts."""
        complaint = self.complaint
        note = complaint.message_post(
            body="Intern: vertrouwelijk", attachments=[("intern.pdf", PDF)], message_type="comment"
        )
        loose = self.env["ir.attachment"].create(
            {"name": "los.pdf", "raw": PDF, "res_model": complaint._name, "res_id": complaint.id}
        )
        draft = complaint.prepare_letter("acknowledgement")
        self.log_in("client")
        for file in (note.attachment_ids, loose):
            self.assertEqual(self.get(complaint, "bestand", file.id).status_code, NOT_FOUND)
        self.assertEqual(self.get(complaint, "brief", draft.id).status_code, NOT_FOUND)
        page = self.get(complaint).text
        self.assertIn("Mijn bewijs", page)
        for secret in ("vertrouwelijk", "intern.pdf", "los.pdf"):
            self.assertNotIn(secret, page)

    @mute_logger("odoo.http")
    def test_a_link_stops_working_with_the_consent(self):
        self.log_in("expert")
        self.assertEqual(self.get(self.complaint).status_code, OK)
        line = self.complaint.assistance_ids.filtered("sees_portal")
        line.sees_portal = False
        self.assertEqual(self.get(self.complaint).status_code, NOT_FOUND)
        self.assertNotIn(self.complaint.name, self.url_open("/my/klachten").text)

    @mute_logger("odoo.http")
    def test_no_token_and_no_number_opens_a_complaint(self):
        self.log_in("stranger")
        for suffix in ("?access_token=x", "?done=filed", f"/../{self.complaint.id}"):
            response = self.url_open(f"{self.url(self.complaint)}{suffix}")
            self.assertEqual(response.status_code, NOT_FOUND)
        for number in (0, 10**9, 10**18):
            self.assertEqual(self.url_open(f"/my/klachten/{number}").status_code, NOT_FOUND)

    @mute_logger("odoo.http")
    def test_who_is_complained_about_sees_nothing_in_whatever_capacity(self):
        """Also as complainant, as representative, or at another entry of theirs."""
        complaint = self.complaint
        for name, changes in (
            ("client", {"respondent_ids": self.partner("client").ids}),
            ("lawyer", {"respondent_ids": self.partner("lawyer").ids}),
            (
                "lawyer",
                {
                    "respondent_ids": self.env["res.partner"]
                    .create({"name": "L. Awyer", "email": "Lawyer@Example.com"})
                    .ids
                },
            ),
        ):
            complaint.write(changes)
            self.log_in(name)
            before = self.count_everything(complaint)
            with self.subTest(who=name):
                self.assertNotIn(complaint.name, self.url_open("/my/klachten").text)
                for parts in self.reading_routes().values():
                    self.assertEqual(self.get(complaint, *parts).status_code, NOT_FOUND)
                for parts, form in self.sending_routes().values():
                    self.assertEqual(self.send(complaint, *parts, **form).status_code, NOT_FOUND)
                self.assertEqual(self.count_everything(complaint), before)

    def test_the_list_and_its_number_are_ones_own(self):
        self.file_of_client(days_ago=1)
        for name, count in (("client", 2), ("lawyer", 2), ("expert", 2), ("workmate", 0)):
            self.log_in(name)
            found = self.make_jsonrpc_request("/my/counters", {"counters": ["complaint_count"]})
            self.assertEqual(found["complaint_count"], count, name)
            self.assertEqual(self.complaint.name in self.url_open("/my/klachten").text, count > 0)

    def test_portal_users_have_no_rights_on_any_model_of_the_addon(self):
        models = [name for name in self.env.registry if name.startswith("klachtenbeheer.")]
        for name in models:
            model = self.env[name].with_user(self.people["client"])
            for operation in ("read", "write", "create", "unlink"):
                self.assertFalse(model.has_access(operation), (name, operation))
