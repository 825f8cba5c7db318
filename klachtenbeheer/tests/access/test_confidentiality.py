from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from ..support.access_common import ACCESS_LOGGERS, AccessCase

SECRET = "Vertrouwelijk"
CONTENT = {
    "findings",
    "verdict",
    "verdict_motivation",
    "solution",
    "measures",
    "no_measures",
    "expected_manner",
    "out_of_scope_reason",
    "event_ids",
    "deadline_ids",
    "letter_ids",
    "next_deadline_id",
}


@tagged("post_install", "-at_install")
class TestRegistrar(AccessCase):
    """A registrar completes the registration of all complaints and reads no further."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossier = cls.file_full_complaint()
        cls.complaint = cls.dossier["complaint"]
        cls.complaint.findings = f"<p>{SECRET}</p>"

    def setUp(self):
        super().setUp()
        self.mine = self.by("registrar", self.complaint)

    @mute_logger(*ACCESS_LOGGERS)
    def test_findings_and_verdict_can_be_read_nor_searched_nor_grouped(self):
        for fname in CONTENT:
            with self.subTest(field=fname):
                self.assertFalse(self.succeeds(self.mine.read, [fname]))
                self.assertFalse(self.succeeds(self.mine.search, [(fname, "!=", False)]))
                self.assertNotIn(fname, self.mine.fields_get())
        self.assertFalse(self.succeeds(self.mine.formatted_read_group, [], ["verdict"]))

    def test_all_other_fields_can_be_read_at_once(self):
        [values] = self.mine.read()
        self.assertFalse(CONTENT & set(values))
        self.assertNotIn("access_token", values)

    def test_messages_are_not_found_through_the_dossier(self):
        domain = [("message_ids.body", "like", SECRET)]
        self.assertTrue(self.by("coordinator", self.complaint).search(domain))
        self.assertFalse(self.mine.search(domain))
        self.assertFalse(self.mine.search([("website_message_ids.body", "like", SECRET)]))
        self.assertFalse(self.mine.search([("activity_ids.summary", "=", "Bel terug")]))
        self.assertFalse(self.mine.message_ids)

    @mute_logger(*ACCESS_LOGGERS)
    def test_a_registrar_adds_no_message_to_a_conversation_that_they_may_not_read(self):
        self.assertFalse(self.succeeds(lambda: self.mine.message_post(body="Kees belde")))
        self.assertFalse(self.may_read("registrar", self.dossier["message"]))

    @mute_logger(*ACCESS_LOGGERS)
    def test_a_registrar_changes_no_message_of_others(self):
        message = self.by("registrar", self.dossier["message"])
        self.assertFalse(self.succeeds(message.write, {"body": "Onzin"}))
        self.assertFalse(self.succeeds(message.unlink))

    def test_a_registrar_reads_what_they_uploaded_themselves(self):
        scan = (
            self.env["ir.attachment"]
            .with_user(self.users["registrar"])
            .create({"name": "brief.pdf", "res_model": self.mine._name, "res_id": self.mine.id})
        )
        self.assertTrue(self.may_read("registrar", scan))
        self.assertFalse(self.may_read("registrar", self.dossier["attachment"]))

    def test_the_registration_can_be_completed(self):
        self.mine.write({"incident_place": "Halte", "complainant_phone": "06 12345678"})
        self.mine.correct_receipt("2026-01-05", "stempel")
        self.assertEqual(self.complaint.received_on.isoformat(), "2026-01-05")

    @mute_logger(*ACCESS_LOGGERS)
    def test_the_rest_can_not(self):
        for vals in ({"severity": "high"}, {"respondent_ids": []}, {"board_involved": True}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                self.mine.write(vals)


@tagged("post_install", "-at_install")
class TestClerk(AccessCase):
    """Who registers all complaints and handles some looks into those some only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "klachtenbeheer.group_"
        groups = f"{group}registrar,{group}handler,base.group_allow_export"
        cls.users["clerk"] = cls.make_user("clerk", groups)
        cls.theirs = cls.file_full_complaint(handler_id=cls.users["clerk"].id)["complaint"]
        cls.others = cls.file_full_complaint(handler_id=cls.users["handler"].id)["complaint"]
        (cls.theirs | cls.others).write({"findings": f"<p>{SECRET}</p>", "verdict": "upheld"})

    def test_content_of_others_is_empty_in_lists_and_forms(self):
        complaints = self.by("clerk", self.others | self.theirs)
        for ask in (
            lambda: complaints.read(["name", "findings", "verdict"]),
            lambda: complaints.web_read({"name": {}, "findings": {}, "verdict": {}}),
            lambda: complaints.search_read(
                [("id", "in", complaints.ids)], ["name", "findings", "verdict"], order="id desc"
            ),
        ):
            self.env.invalidate_all()
            found = {vals["id"]: vals for vals in ask()}
            self.assertIn(SECRET, found[self.theirs.id]["findings"])
            self.assertEqual(found[self.theirs.id]["verdict"], "upheld")
            self.assertFalse(found[self.others.id]["findings"])
            self.assertFalse(found[self.others.id]["verdict"])
            self.assertEqual(found[self.others.id]["name"], self.others.name)

    def test_the_form_of_what_they_only_register_opens(self):
        """With its lines of content empty, which the form asks for by what they lead to."""
        self.env.invalidate_all()
        form = Form(self.by("clerk", self.others))
        self.assertEqual(form.name, self.others.name)
        self.assertFalse(form.findings)
        self.assertFalse(len(form.event_ids))
        self.assertTrue(self.others.event_ids)
        self.assertIn(SECRET, Form(self.by("clerk", self.theirs)).findings)

    def test_content_of_others_is_not_found(self):
        mine = self.by("clerk", self.others).browse()
        domain = [("id", "in", (self.others | self.theirs).ids)]
        self.assertEqual(mine.search(domain), self.others | self.theirs)
        self.assertEqual(mine.search([*domain, ("findings", "ilike", SECRET)]), self.theirs)
        self.assertEqual(mine.search([*domain, ("verdict", "!=", "not_upheld")]), self.theirs)
        [group] = mine.formatted_read_group(domain, ["verdict"], ["__count"])
        self.assertEqual(group["__count"], 1)

    @mute_logger(*ACCESS_LOGGERS)
    def test_content_of_others_is_neither_read_nor_exported_nor_changed(self):
        others = self.by("clerk", self.others)
        self.assertFalse(self.succeeds(lambda: others.findings))
        self.assertFalse(self.succeeds(others.export_data, ["name", "findings"]))
        self.assertFalse(self.succeeds(others.write, {"findings": "<p>Onzin</p>"}))
        self.assertTrue(self.succeeds(others.write, {"incident_place": "Halte"}))
        changed = others.onchange(
            {"policy_id": self.policy.id}, ["policy_id"], {"findings": {}, "policy_id": {}}
        )
        self.assertNotIn(SECRET, str(changed))

    def test_others_keep_what_they_see(self):
        for actor in ("coordinator", "director", "handler"):
            self.env.invalidate_all()
            with self.subTest(actor=actor):
                self.assertIn(SECRET, self.by(actor, self.others).read(["findings"])[0]["findings"])


@tagged("post_install", "-at_install")
class TestClosedDossier(AccessCase):
    """A closed dossier is read, and reopened to change it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.file_complaint(handler_id=cls.users["handler"].id)
        cls.complaint.letter_ids = False
        for code in ("acknowledged", "answered"):
            cls.complaint.record_event(code)
        cls.complaint.outcome = "answered"
        cls.complaint.record_event("closed")
        cls.env.flush_all()

    def test_nobody_changes_it(self):
        self.assertTrue(self.complaint.is_closed)
        for actor in ("handler", "coordinator"):
            complaint = self.by(actor, self.complaint)
            for vals in ({"findings": "<p>Anders</p>"}, {"description": "Anders"}):
                with (
                    self.subTest(actor=actor, vals=vals),
                    self.assertRaisesRegex(UserError, "closed; reopen it first to change"),
                ):
                    complaint.write(vals)
            with self.assertRaisesRegex(UserError, "closed; reopen it first"):
                complaint.env["klachtenbeheer.fact"].create(
                    {"complaint_id": complaint.id, "name": "Anders"}
                )

    def test_saving_a_form_without_a_change_is_no_change(self):
        complaint = self.by("handler", self.complaint)
        complaint.write({"description": complaint.description, "severity": False})

    def test_what_follows_closing_goes_on(self):
        complaint = self.by("handler", self.complaint)
        complaint.message_post(body="Nog even gebeld")
        complaint.is_in_court = True
        complaint.record_event("measures_communicated")
        complaint.record_event("reopened")
        complaint.findings = "<p>Anders</p>"

    def test_naming_somebody_later_shuts_them_out(self):
        coordinator = self.by("coordinator", self.complaint)
        coordinator.respondent_ids = self.users["handler"].partner_id
        self.env.flush_all()
        self.assertFalse(self.may_read("handler", self.complaint))

    def test_nobody_puts_a_dossier_out_of_sight(self):
        for actor in ("handler", "coordinator"):
            with (
                self.subTest(actor=actor),
                self.assertRaisesRegex(UserError, "not archived"),
            ):
                self.by(actor, self.complaint).active = False


@tagged("post_install", "-at_install")
class TestHiddenComplainant(AccessCase):
    """Who complained and wants to stay unknown is known to the coordinator's level (KK22)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.file_complaint(
            hide_identity=True, board_involved=True, handler_id=cls.users["handler"].id
        )
        cls.letter = cls.complaint.prepare_letter("answer")

    @mute_logger(*ACCESS_LOGGERS)
    def test_letters_name_who_stays_unknown_so_only_coordinators_read_them(self):
        for actor in ("handler", "director", "board", "director_board", "registrar"):
            with self.subTest(actor=actor):
                self.assertFalse(self.may_read(actor, self.letter))
        self.assertTrue(self.may_read("coordinator", self.letter))

    def test_a_letter_that_director_can_not_read_is_approved_by_who_can(self):
        # published: its lines do not change any more
        self.env.cr.execute(
            "UPDATE klachtenbeheer_letter_type SET approval_role = 'director' WHERE id = %s",
            self.letter.type_id.ids,
        )
        self.env.invalidate_all()
        self.assertEqual(self.letter._get_approvers(), self.users["coordinator"])

    @mute_logger(*ACCESS_LOGGERS)
    def test_a_new_letter_shows_no_address_before_it_is_made(self):
        """The form computes the addressee with the rights of the system."""
        for actor in ("handler", "colleague", "foreign"):
            letters = self.by(actor, self.letter.browse())
            form = letters.with_context(default_complaint_id=self.complaint.id)
            with self.subTest(actor=actor), self.assertRaises(UserError):
                form.onchange({}, [], {"addressee_name": {}, "addressee_email": {}})

    def test_an_appointment_names_nobody_of_their_side(self):
        client = self.env["res.partner"].create({"name": "Kees Klager"})
        hearing = self.env["klachtenbeheer.hearing"].create(
            {
                "complaint_id": self.complaint.id,
                "leader_id": self.users["handler"].id,
                "participant_ids": [
                    Command.create({"role": "complainant", "partner_id": client.id})
                ],
                "slot_ids": [Command.create({"start_at": "2099-06-15 09:00:00"})],
            }
        )
        hearing.action_plan(hearing.slot_ids)
        entry = hearing.calendar_event_id
        self.assertEqual(entry.partner_ids, self.users["handler"].partner_id)


@tagged("post_install", "-at_install")
class TestAppointment(AccessCase):
    """Conversations are in the calendars of those concerned, and tell nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        complaint = cls.file_complaint(handler_id=cls.users["handler"].id)
        cls.client = cls.env["res.partner"].create(
            {"name": "Kees Klager", "email": "kees@example.com"}
        )
        hearing = cls.env["klachtenbeheer.hearing"].create(
            {
                "complaint_id": complaint.id,
                "leader_id": cls.users["handler"].id,
                "participant_ids": [
                    Command.create({"role": "complainant", "partner_id": cls.client.id})
                ],
                "slot_ids": [Command.create({"start_at": "2099-06-15 09:00:00"})],
            }
        )
        hearing.action_plan(hearing.slot_ids)
        cls.complaint, cls.entry = complaint, hearing.calendar_event_id

    @mute_logger(*ACCESS_LOGGERS)
    def test_who_is_invited_sees_it_and_nobody_else_does(self):
        self.assertTrue(self.may_read("handler", self.entry))
        for actor in ("employee", "colleague", "coordinator", "director", "portal"):
            with self.subTest(actor=actor):
                self.assertFalse(self.may_read(actor, self.entry))
        attendees = self.by("employee", self.entry.attendee_ids.browse())
        self.assertFalse(attendees.search([("event_id", "=", self.entry.id)]))

    def test_it_does_not_say_what_it_is_about(self):
        [told] = self.by("handler", self.entry).read()
        self.assertNotIn(self.complaint.name, str(told))
        self.assertFalse(told["res_id"])

    def test_no_invitation_goes_out_beside_the_letter(self):
        mails = self.env["mail.mail"].search([("model", "=", "calendar.event")])
        self.assertFalse(mails.filtered(lambda mail: mail.res_id == self.entry.id))


@tagged("post_install", "-at_install")
class TestEmployee(AccessCase):
    """Any employee registers a complaint, and takes home its reference and nothing more."""

    def register(self, actor, **vals):
        dialog = self.by(actor, self.env["klachtenbeheer.intake"]).create(
            {"policy_id": self.policy.id, "description": SECRET, "kind": "formal", **vals}
        )
        dialog.action_register()
        complaint = self.env["klachtenbeheer.complaint"].search(
            [("name", "=", dialog.reference), ("company_id", "=", self.company.id)]
        )
        self.env.flush_all()
        return dialog, complaint

    @mute_logger(*ACCESS_LOGGERS)
    def test_an_employee_sees_the_reference_only(self):
        dialog, complaint = self.register("employee")
        self.assertRegex(dialog.reference, r"^K\d{4}-\d{6}$")
        for record in (
            complaint,
            complaint.event_ids,
            complaint.deadline_ids,
            *complaint.activity_ids,
        ):
            with self.subTest(record=record):
                self.assertFalse(self.may_read("employee", record[:1]))
        messages = self.by("employee", self.env["mail.message"])
        self.assertFalse(messages.search([("model", "=", complaint._name)]))

    @mute_logger(*ACCESS_LOGGERS)
    def test_an_employee_has_no_hold_on_what_registering_set_going(self):
        """The activity for the coordinator is made by whoever registers."""
        _dialog, complaint = self.register("employee")
        activity = self.by("employee", complaint.activity_ids)
        self.assertEqual(complaint.activity_ids.user_id, self.users["coordinator"])
        self.assertFalse(self.succeeds(activity.write, {"user_id": self.users["employee"].id}))
        self.assertFalse(self.succeeds(activity.unlink))

    def test_nobody_reads_what_somebody_else_is_typing(self):
        dialog, _complaint = self.register("employee")
        for actor in ("coordinator", "manager", "colleague"):
            with self.subTest(actor=actor):
                self.assertFalse(self.may_read(actor, dialog))

    @mute_logger(*ACCESS_LOGGERS)
    def test_an_employee_sees_no_followers_or_notifications_of_dossiers(self):
        dossier = self.file_full_complaint()
        for name in ("follower", "notification"):
            model = self.by("employee", dossier[name].browse())
            with self.subTest(record=name):
                self.assertNotIn(dossier[name], model.search([]))


@tagged("post_install", "-at_install")
class TestManager(AccessCase):
    """Functional management makes policies and reads no dossier."""

    @mute_logger(*ACCESS_LOGGERS)
    def test_a_manager_reads_nothing_of_a_dossier(self):
        dossier = self.file_full_complaint()
        policy = self.by("manager", self.policy)
        for name, record in dossier.items():
            with self.subTest(record=name):
                self.assertFalse(self.may_read("manager", record))
        self.assertEqual(policy.complaint_count, 0)

    def test_who_manages_policies_makes_the_text_of_no_letter_run_as_the_system(self):
        """A text with placeholders runs with all rights, so it is for administrators."""
        self.assertFalse(self.users["manager"].has_group("mail.group_mail_template_editor"))


@tagged("post_install", "-at_install")
class TestComplainant(AccessCase, HttpCase):
    """A complainant with an account has a page, and no rights of their own beside it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dossier = cls.file_full_complaint()
        cls.complaint = cls.dossier["complaint"]
        cls.complaint.message_post(
            body="Wij bellen u",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=cls.users["portal"].partner_id.ids,
        )

    @mute_logger(*ACCESS_LOGGERS)
    def test_no_field_of_the_own_complaint_can_be_read_beside_the_page(self):
        mine = self.by("portal", self.complaint)
        for fname in self.complaint._fields:
            with self.subTest(field=fname):
                self.assertFalse(self.succeeds(mine.read, [fname]))

    @mute_logger(*ACCESS_LOGGERS)
    def test_nothing_internal_can_be_read(self):
        for name, record in self.dossier.items():
            with self.subTest(record=name):
                self.assertFalse(self.may_read("portal", record))

    def test_what_was_sent_to_the_complainant_is_theirs(self):
        message = self.complaint.message_ids.filtered(lambda line: "bellen" in line.body)
        self.env.flush_all()
        self.assertTrue(self.may_read("portal", message))
        self.assertFalse(self.may_read("other_portal", message))

    @mute_logger(*ACCESS_LOGGERS, "odoo.http")
    def test_no_route_gives_more_than_the_page(self):
        self.authenticate("portal.klager", "portal.klager")
        self.assertEqual(self.url_open(f"/my/klachten/{self.complaint.id}").status_code, 200)
        of_thread = {"thread_model": self.complaint._name, "thread_id": self.complaint.id}
        read = {"model": self.complaint._name, "method": "read", "args": [self.complaint.ids]}
        calls = (
            ("/mail/chatter_fetch", {**of_thread, "token": "x"}),
            ("/mail/thread/messages", of_thread),
            ("/web/dataset/call_kw", {**read, "kwargs": {}}),
        )
        for route, params in calls:
            with self.subTest(route=route):
                try:
                    answer = str(self.make_jsonrpc_request(route, params))
                except JsonRpcException:
                    answer = ""
                self.assertNotIn(SECRET, answer)
        attachment = self.url_open(f"/web/content/{self.dossier['attachment'].id}")
        self.assertNotIn(SECRET, attachment.text)

    def test_a_link_carries_no_token(self):
        self.assertEqual(
            self.complaint.get_portal_url(), f"/my/klachten/{self.complaint.id}?access_token="
        )


@tagged("post_install", "-at_install")
class TestAssignment(AccessCase):
    """Only the coordinator, or who stands in with that right, assigns (SJ16)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.file_complaint(handler_id=cls.users["handler"].id)

    def test_a_coordinator_assigns_and_reassigns(self):
        complaint = self.by("coordinator", self.complaint)
        complaint.handler_id = self.users["colleague"]
        complaint.action_assign_to_me()
        self.assertEqual(complaint.handler_id, self.users["coordinator"])

    @mute_logger(*ACCESS_LOGGERS)
    def test_nobody_else_does(self):
        for actor in ("registrar", "handler", "colleague", "director", "board", "director_board"):
            complaint = self.by(actor, self.complaint)
            for user in (self.users[actor], self.users["colleague"], self.env["res.users"]):
                if user != self.complaint.handler_id:
                    with self.subTest(actor=actor, user=user.login):
                        self.assertFalse(self.succeeds(complaint.write, {"handler_id": user.id}))

    @mute_logger(*ACCESS_LOGGERS)
    def test_nobody_assigns_by_registering(self):
        for actor in ("employee", "registrar", "handler", "director"):
            complaints = self.by(actor, self.complaint).browse()
            vals = {"policy_id": self.policy.id, "description": "Klacht"}
            with self.subTest(actor=actor):
                self.assertTrue(self.succeeds(complaints.create, vals | {"handler_id": False}))
                mine = vals | {"handler_id": self.users[actor].id}
                self.assertFalse(self.succeeds(complaints.create, mine))

    def test_saving_without_a_change_is_no_assignment(self):
        self.by("handler", self.complaint).write(
            {"handler_id": self.users["handler"].id, "severity": "low"}
        )

    def test_a_respondent_is_never_assigned(self):
        self.complaint.respondent_ids = self.users["colleague"].partner_id
        with self.assertRaisesRegex(UserError, "complained about"):
            self.complaint.handler_id = self.users["colleague"]


@tagged("post_install", "-at_install")
class TestEventExtras(AccessCase):
    """What a caller of `record_event` adds is checked: events are written by the system."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.file_complaint(handler_id=cls.users["handler"].id)
        cls.other = cls.file_complaint()

    def setUp(self):
        super().setUp()
        self.mine = self.by("handler", self.complaint)

    def test_a_letter_of_another_complaint_is_refused(self):
        letter = self.other.prepare_letter("answer")
        with self.assertRaisesRegex(ValidationError, "another complaint"):
            self.complaint.record_event("answered", letter_id=letter.id)
        own = self.complaint.prepare_letter("answer")
        self.assertEqual(self.complaint.record_event("answered", letter_id=own.id).letter_id, own)

    def test_a_letter_is_put_on_record_by_the_letter_alone(self):
        own = self.complaint.prepare_letter("answer")
        with self.assertRaisesRegex(UserError, "by sending the letter"):
            self.mine.record_event("answered", letter_id=own.id)
        event = self.mine.record_event("contacted", letter_id=own.id, term_ids=[Command.clear()])
        self.assertFalse(event.letter_id)

    def test_a_letter_that_does_not_exist_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "another complaint"):
            self.complaint.record_event("answered", letter_id=0x7FFFFFFF)

    def test_terms_of_another_policy_are_refused(self):
        foreign = self.make_policy(code="ander").term_ids
        with self.assertRaisesRegex(ValidationError, "another policy"):
            self.complaint.record_event("delay_notified", term_ids=[Command.set(foreign.ids)])

    def test_no_term_is_made_or_changed_through_an_event(self):
        term = self.policy.copy({"code": "concept"}).term_ids[:1]
        for command in (
            Command.update(term.id, {"amount": 99}),
            Command.create({"name": "Zelf bedacht"}),
            Command.delete(term.id),
        ):
            with self.subTest(command=command), self.assertRaises(ValidationError):
                self.complaint.record_event("delay_notified", term_ids=[command])

    def test_other_fields_of_an_event_can_not_be_given(self):
        event = self.mine.record_event(
            "contacted", user_id=self.users["director"].id, voided=True, round=9
        )
        self.assertEqual(event.user_id, self.users["handler"])
        self.assertFalse(event.voided)
        self.assertEqual(event.round, 1)

    @mute_logger(*ACCESS_LOGGERS)
    def test_a_dossier_of_somebody_else_gets_no_event(self):
        with self.assertRaises(AccessError):
            self.by("colleague", self.complaint).record_event("contacted")

    @mute_logger(*ACCESS_LOGGERS)
    def test_a_duty_of_another_dossier_is_not_waived_along(self):
        dialog = self.by("handler", self.env["klachtenbeheer.duty.waive"]).create(
            {
                "complaint_id": self.complaint.id,
                "deadline_ids": [Command.set(self.complaint.deadline_ids[:1].ids)],
                "reason": "Niet nodig",
            }
        )
        dialog.action_waive()
        self.assertTrue(all(self.other.deadline_ids.mapped("is_open")))

    @mute_logger(*ACCESS_LOGGERS)
    def test_a_letter_stays_with_its_complaint(self):
        letter = self.complaint.prepare_letter("answer")
        self.env.flush_all()
        self.succeeds(self.by("handler", letter).write, {"complaint_id": self.other.id})
        self.by("handler", letter).write({"complaint_id": self.other.id, "reason": "Anders"})
        self.assertEqual(letter.complaint_id, self.complaint)


@tagged("post_install", "-at_install")
class TestPolicyProcedure(AccessCase):
    """A policy is published by its approver, and never becomes a draft again."""

    def setUp(self):
        super().setUp()
        self.draft = self.policy.copy({"code": "concept", "approval_role": "board"})

    def test_a_manager_publishes_nothing_past_the_approver(self):
        draft = self.by("manager", self.draft)
        made = {"name": "Nieuw", "code": "nieuw", "approval_role": "board"}
        for road in (
            draft.action_publish,
            lambda: draft.write({"state": "published"}),
            lambda: draft.create(draft.copy_data(made | {"state": "published"})),
        ):
            with self.assertRaisesRegex(UserError, "approved and published by"):
                road()
        draft.write({"approved_by_id": self.users["board"].id})
        self.assertRecordValues(self.draft, [{"state": "draft", "approved_by_id": False}])

    def test_what_was_published_does_not_become_a_draft(self):
        policy = self.by("manager", self.policy)
        with self.assertRaisesRegex(UserError, "does not change any more"):
            policy.write({"state": "draft"})
        policy.action_back_to_draft()
        policy.action_submit()
        self.assertEqual(policy.state, "published")

    def test_what_was_retired_is_not_published_again(self):
        self.policy.action_retire()
        self.by("manager", self.policy).action_publish()
        self.assertEqual(self.policy.state, "retired")

    def test_a_company_offers_no_models_to_others(self):
        draft = self.by("manager", self.draft)
        draft.is_template = True
        self.assertFalse(draft.is_template)

    def test_the_approver_publishes(self):
        self.by("manager", self.draft).action_submit()
        self.by("board", self.draft).action_publish()
        self.assertRecordValues(
            self.draft, [{"state": "published", "approved_by_id": self.users["board"].id}]
        )
