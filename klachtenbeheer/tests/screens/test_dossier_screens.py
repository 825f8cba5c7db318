from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..support.common import local_noon
from ..support.handling_common import HandlingCase
from ..support.made_once import make_once

COMPLAINT = "klachtenbeheer.complaint"
ROLES = ("handler", "coordinator", "director", "board", "registrar")
# Lists of which a line opens in a dialog.
LISTS = (
    "grievance_ids",
    "fact_ids",
    "hearing_ids",
    "agreement_ids",
    "measure_link_ids",
    "objection_ids",
    "referral_ids",
    "consultation_ids",
    "ruling_ids",
    "assistance_ids",
)
# What may be done with a dialog without filling anything in.
OPENERS = ("action_open", "action_record", "action_delay")


class ScreenCase(HandlingCase):
    SOURCES = ("sb", "ba", "sj", "kk", "bb")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_once(cls, ScreenCase, "make_more_people")

    @classmethod
    def make_more_people(cls):
        cls.users["independent"] = cls.make_user("onafhankelijk", "klachtenbeheer.group_handler")
        cls.users["deputy"] = cls.make_user(
            "vervanger", "klachtenbeheer.group_handler,klachtenbeheer.group_director"
        )
        # in no role that looks inside, as the servicedesk of Klimkoord is
        groups = "base.group_user,klachtenbeheer.group_registrar"
        cls.users["desk"] = new_test_user(cls.env, "desk", groups)

    def file(self, source="sb", **vals):
        vals.setdefault("handler_id", self.users["handler"].id)
        return self.file_under(source, **vals)

    def get_methods(self, complaint, role):
        return [action["method"] for action in self.get_actions(complaint, role)]

    def get_lists(self, complaint, role="handler"):
        """What can be added to the dossier by the menu."""
        return {
            action["args"][0]
            for action in self.get_actions(complaint, role)
            if action["method"] == "action_open_line"
        }

    def get_actions(self, complaint, role):
        self.env.invalidate_all()
        return self.as_role(complaint, role).more_actions or []

    def get_pages(self, complaint, role="handler"):
        self.env.invalidate_all()
        return {page for page, shown in self.as_role(complaint, role).pages.items() if shown}

    def get_arch(self, role, model=COMPLAINT):
        return etree.fromstring(self.as_role(self.env[model], role).get_view(False, "form")["arch"])

    def open_form(self, complaint, role):
        self.env.invalidate_all()
        return Form(self.as_role(complaint, role))

    def open_line(self, complaint, fname, role="handler"):
        """The dialog of a new line, as the menu opens it."""
        action = self.as_role(complaint, role).action_open_line(fname)
        model = self.as_role(self.env[action["res_model"]], role)
        return Form(model.with_context(**action["context"]))


@tagged("post_install", "-at_install")
class TestPages(ScreenCase):
    """A page is there when it says something, or when the policy asks something on it."""

    def test_a_page_is_hidden_for_a_policy_that_lacks_it(self):
        for source, expected in (
            ("bb", set()),
            ("kk", set()),
            ("ba", {"conversations"}),
            ("sb", {"investigation", "conversations", "measures"}),
            ("sj", {"measures"}),
        ):
            with self.subTest(policy=source):
                self.assertEqual(self.get_pages(self.file(source)), expected)

    def test_it_appears_with_what_is_added(self):
        complaint = self.file("bb")
        self.new("fact", complaint_id=complaint.id, name="De bus reed niet.")
        self.assertEqual(self.get_pages(complaint), {"investigation"})
        self.new("agreement", complaint_id=complaint.id, name="Terugbellen")
        self.assertEqual(self.get_pages(complaint), {"investigation", "conversations"})
        self.as_role(complaint, "handler").no_measures = True
        self.assertEqual(self.get_pages(complaint), {"investigation", "conversations", "measures"})

    def test_a_consultation_is_asked_for_serious_complaints_only(self):
        """SJ25."""
        complaint = self.file("sj")
        self.assertNotIn("afterwards", self.get_pages(complaint))
        complaint.severity = "critical"
        self.assertIn("afterwards", self.get_pages(complaint))
        self.new(
            "consultation",
            complaint_id=complaint.id,
            with_whom="De voorzitter",
            question="Wat nu?",
            advice="Excuses.",
        )
        self.assertIn("afterwards", self.get_pages(complaint))

    def test_a_right_that_runs_is_shown(self):
        """BA27: the complainant may object now."""
        complaint = self.file("ba")
        self.assertNotIn("afterwards", self.get_pages(complaint))
        with local_noon("2026-06-03"):
            complaint.record_event("answered")
        self.assertIn("afterwards", self.get_pages(complaint))

    def test_a_measure_is_asked_for_what_had_to_be_registered(self):
        """KK35."""
        complaint = self.file("kk", unwanted_behaviour=True)
        self.assertIn("measures", self.get_pages(complaint))

    def test_every_requirement_leads_to_a_field_of_the_form(self):
        fields = set(self.get_arch("coordinator").xpath("//field[not(ancestor::field)]/@name"))
        for source in self.SOURCES:
            complaint = self.file(source)
            own = complaint._get_policy_requirements().filtered(
                lambda line: COMPLAINT in line.sudo().field_ids.mapped("model")
            )
            with self.subTest(policy=source):
                self.assertFalse({complaint._get_place(line) for line in own} - fields)

    def test_the_page_of_what_is_missing_is_shown(self):
        """Whatever the policy still wants, the link to it leads somewhere."""
        arch = self.get_arch("coordinator")
        for source in self.SOURCES:
            complaint = self.file(source)
            missing = complaint.policy_id.stage_ids.requirement_ids._get_missing(complaint)
            pages = self.get_pages(complaint)
            for place in filter(None, map(complaint._get_place, missing)):
                [*_outer, field] = arch.xpath(f"//field[@name='{place}'][not(ancestor::field)]")
                names = {page.get("name") for page in field.iterancestors("page")}
                with self.subTest(policy=source, place=place):
                    self.assertFalse(names - pages - self.get_fixed_pages(arch))

    def get_fixed_pages(self, arch):
        return {
            page.get("name")
            for page in arch.iter("page")
            if "pages" not in (page.get("invisible") or "")
        }

    def test_what_is_open_before_closing_leads_to_its_list(self):
        complaint = self.file("ba")
        with local_noon("2026-06-03"):
            slots = [Command.create({"start_at": "2026-06-09 09:00:00"})]
            self.talk(complaint, purpose="talk", slot_ids=slots).action_offer()
            self.new("objection", complaint_id=complaint.id)
        places = {part.field for part in complaint._get_open_duties()}
        self.assertEqual(places, {"deadline_ids", "hearing_ids", "objection_ids"})

    def test_a_registrar_has_no_page_of_content(self):
        names = set(self.get_arch("desk").xpath("//page/@name"))
        self.assertEqual(names, {"complaint", "complainant", "closing"})

    def test_the_form_opens_for_everybody(self):
        for source in self.SOURCES:
            complaint = self.file(
                source, board_involved=True, independent_id=self.users["independent"].id
            )
            self.fill(complaint)
            for role in (*ROLES, "independent", "deputy"):
                with self.subTest(policy=source, role=role):
                    self.assertEqual(self.open_form(complaint, role).name, complaint.name)

    def fill(self, complaint):
        """A line in each list."""
        of = {"complaint_id": complaint.id}
        self.talk(complaint)
        for model, vals in (
            ("grievance", {"name": "Te laat"}),
            ("fact", {"name": "De bus reed niet."}),
            ("agreement", {"name": "Terugbellen"}),
            ("objection", {}),
            ("ruling", {"question": "Mag dit?"}),
            ("consultation", {"with_whom": "Voorzitter", "question": "?", "advice": "!"}),
            ("assistance", {"partner_id": self.env["res.partner"].create({"name": "Raad"}).id}),
        ):
            self.new(model, **of, **vals)
        measure = self.env["klachtenbeheer.measure"].create(
            {"name": "Rooster", "company_id": self.company.id}
        )
        complaint.measure_link_ids = [Command.create({"measure_id": measure.id})]


@tagged("post_install", "-at_install")
class TestMore(ScreenCase):
    """The menu offers what is allowed and what the policy knows, and nothing else."""

    def test_every_action_that_is_offered_works(self):
        for source in self.SOURCES:
            complaint = self.file(
                source, board_involved=True, independent_id=self.users["independent"].id
            )
            if "ruling_ids" in self.get_lists(complaint):
                self.new("ruling", complaint_id=complaint.id, question="Mag dit?")
            for role in (*ROLES, "independent", "deputy"):
                for action in self.get_actions(complaint, role):
                    with self.subTest(policy=source, role=role, action=action["label"]):
                        self.try_action(complaint, role, action)

    def try_action(self, complaint, role, action):
        """Open what it opens; what it does at once must be allowed, too."""
        complaint = self.as_role(complaint, role)
        method = getattr(complaint, action["method"])
        if not action["method"].startswith(OPENERS):
            with self.env.cr.savepoint() as savepoint:
                try:
                    method(*action["args"])
                except UserError as refusal:  # an AccessError is no such thing
                    self.assertIs(type(refusal), UserError, refusal)
                savepoint.rollback()
            self.env.invalidate_all()
            return
        dialog = method(*action["args"])
        model = complaint.env[dialog["res_model"]].with_context(**dialog.get("context", {}))
        Form(model.browse(dialog.get("res_id")) if dialog.get("res_id") else model)

    def test_what_a_policy_does_not_know_is_not_offered(self):
        everywhere = {
            "fact_ids",
            "hearing_ids",
            "agreement_ids",
            "measure_link_ids",
            "assistance_ids",
        }
        for source, extra in (
            ("sb", {"grievance_ids", "objection_ids", "referral_ids", "ruling_ids"}),
            ("ba", {"objection_ids", "ruling_ids"}),
            ("sj", {"consultation_ids", "ruling_ids"}),
            ("kk", {"referral_ids", "ruling_ids"}),
            ("bb", set()),
        ):
            with self.subTest(policy=source):
                self.assertEqual(self.get_lists(self.file(source)), everywhere | extra)

    def test_going_formal(self):
        """SB27."""
        informal = self.file("sb", kind="informal")
        self.assertIn("action_open_formal", self.get_methods(informal, "handler"))
        self.assertNotIn(
            "action_open_formal", self.get_methods(self.file("sb", kind="formal"), "handler")
        )
        dialog = self.as_role(informal, "handler").action_open_formal()
        Form(
            self.as_role(self.env[dialog["res_model"]], "handler").with_context(**dialog["context"])
        ).save().action_record()
        self.assertEqual(informal.kind, "formal")

    def test_admissibility_is_the_coordinators(self):
        """SJ9, SJ29."""
        complaint = self.file("sj", channel="social")
        self.assertIn("action_open_triage", self.get_methods(complaint, "coordinator"))
        self.assertNotIn("action_open_triage", self.get_methods(complaint, "handler"))
        self.as_role(complaint, "handler").action_convert()
        self.assertIn("action_convert", self.get_methods(complaint, "coordinator"))

    def test_the_registration_is_checked_by_who_checks(self):
        """SJ31."""
        complaint = self.file("sj")
        self.assertNotIn("action_check_registration", self.get_methods(complaint, "handler"))
        self.assertIn("action_check_registration", self.get_methods(complaint, "coordinator"))
        self.as_role(complaint, "coordinator").action_check_registration()
        self.assertNotIn("action_check_registration", self.get_methods(complaint, "coordinator"))

    def test_who_decides_is_asked_to(self):
        """SB53: directie; the handler only asks."""
        complaint = self.file("sb")
        self.assertNotIn("action_open_ruling", self.get_methods(complaint, "director"))
        ruling = self.new("ruling", complaint_id=complaint.id, question="Mag dit?")
        self.assertNotIn("action_open_ruling", self.get_methods(complaint, "handler"))
        self.assertIn("action_open_ruling", self.get_methods(complaint, "director"))
        dialog = self.as_role(complaint, "director").action_open_ruling()
        form = Form(
            self.as_role(self.env[dialog["res_model"]], "director").with_context(
                **dialog["context"]
            )
        )
        self.assertEqual(form.question, "Mag dit?")
        form.decision = "Ja, eenmalig."
        form.save().action_decide()
        self.assertEqual(ruling.decided_by_id, self.users["director"])
        self.assertNotIn("action_open_ruling", self.get_methods(complaint, "director"))

    def test_reading_along_offers_nothing_to_change(self):
        complaint = self.file("bb", board_involved=True)
        for role in ("director", "board"):
            self.assertEqual(self.get_methods(complaint, role), [], role)

    def test_the_independent_officer_handles(self):
        """SB12."""
        complaint = self.file("sb", independent_id=self.users["independent"].id)
        self.assertTrue(self.as_role(complaint, "independent").can_handle)
        self.assertIn("fact_ids", self.get_lists(complaint, "independent"))
        form = self.open_form(complaint, "independent")
        form.findings = "<p>Onafhankelijk gekeken.</p>"
        form.save()
        self.assertIn("Onafhankelijk", complaint.findings)

    def test_the_independent_officer_who_registers_too_writes_more_than_that(self):
        """SB12: the dossier is theirs as it would be the handler's; that of another is not."""
        officer = self.make_user(
            "registreert", "klachtenbeheer.group_handler,klachtenbeheer.group_registrar"
        )
        own = self.file("sb", independent_id=officer.id).with_user(officer)
        own.findings = "<p>Onafhankelijk gekeken.</p>"
        self.assertIn("Onafhankelijk", own.findings)
        with self.assertRaisesRegex(AccessError, "completes the registration only"):
            self.file("sb").with_user(officer).findings = "<p>Meegekeken.</p>"

    def test_whoever_stands_in_assigns(self):
        """SJ15."""
        complaint = self.file("sj", handler_id=False)
        self.assertNotIn("action_open_assign", self.get_methods(complaint, "director"))
        role = complaint.policy_id.role_ids.filtered(lambda line: line.role == "coordinator")
        role.absent_until = "2099-01-01"
        self.assertIn("action_open_assign", self.get_methods(complaint, "director"))
        dialog = self.as_role(complaint, "director").action_open_assign()
        form = Form(
            self.as_role(self.env[dialog["res_model"]], "director").with_context(
                **dialog["context"]
            )
        )
        form.handler_id = self.users["handler"]
        form.save().action_assign()
        self.assertEqual(complaint.handler_id, self.users["handler"])

    def test_several_are_assigned_at_once(self):
        complaints = self.file("kk", handler_id=False) | self.file("bb", handler_id=False)
        dialog = self.as_role(complaints, "coordinator").action_open_assign()
        form = Form(
            self.as_role(self.env[dialog["res_model"]], "coordinator").with_context(
                **dialog["context"]
            )
        )
        form.handler_id = self.users["handler"]
        form.save().action_assign()
        self.assertEqual(complaints.handler_id, self.users["handler"])

    def test_who_stays_unknown(self):
        """KK22: the coordinator writes the letters and adds who assists."""
        complaint = self.file("kk", hide_identity=True, accepts_limited_answer=True)
        self.assertNotIn("assistance_ids", self.get_lists(complaint))
        self.assertIn("assistance_ids", self.get_lists(complaint, "coordinator"))
        groups = {action["group"] for action in self.get_actions(complaint, "handler")}
        self.assertNotIn("letters", groups)
        self.assertIn(
            "letters", {action["group"] for action in self.get_actions(complaint, "coordinator")}
        )
        self.assertIn(
            "Kees", self.open_form(complaint, "coordinator").identity_ids.edit(0).complainant_name
        )
        self.assertFalse(self.open_form(complaint, "handler").complainant_name)

    def test_afterwards_only_what_follows_up_is_added(self):
        complaint = self.file("ba")
        with local_noon("2026-06-03"):
            complaint.record_event("withdrawn")
            complaint.outcome = "withdrawn"
            complaint.record_event("closed")
        self.assertEqual(
            self.get_lists(complaint), {"measure_link_ids", "objection_ids", "assistance_ids"}
        )
        form = self.open_form(complaint, "handler")
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.findings = "<p>Alsnog</p>"
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.title = "Alsnog"

    def test_no_other_list_opens(self):
        complaint = self.as_role(self.file("bb"), "handler")
        with self.assertRaisesRegex(UserError, "no such list"):
            complaint.action_open_line("message_ids")


@tagged("post_install", "-at_install")
class TestDialogs(ScreenCase):
    """Lines of the dossier, as somebody fills them in."""

    def test_the_overall_verdict_follows_and_says_how(self):
        """SB30, SB34."""
        complaint = self.file("sb")
        for name, verdict in (("Te laat", "upheld"), ("Onbeleefd", "not_upheld")):
            form = self.open_line(complaint, "grievance_ids")
            form.name, form.motivation = name, "<p>Zo was het.</p>"
            form.verdict_id = complaint.policy_id._find_verdict(verdict)
            form.save()
        self.assertEqual(complaint.verdict, "partly_upheld")
        self.assertIn("1 × Upheld", complaint.verdict_explanation)
        form = self.open_form(complaint, "handler")
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.verdict_id = complaint.policy_id._find_verdict("upheld")

    def test_a_conversation_from_first_call_to_settlement(self):
        """BA29-37: who is there is filled in, the moment planned, the report asked for."""
        complaint = self.file("ba", respondent_ids=self.accused.ids)
        with local_noon("2026-06-08"):
            form = self.open_line(complaint, "hearing_ids")
            self.assertEqual(form.purpose, "hearing")
            roles = [line["role"] for line in form.participant_ids._records]
            self.assertEqual(roles, ["complainant", "respondent"])
            with form.slot_ids.new() as slot:
                slot.start_at = "2026-06-09 09:00:00"
            self.assertTrue(form.can_plan)
            hearing = form.save()
            hearing.action_plan_proposed()
        self.assertEqual(hearing.state, "planned")
        with local_noon("2026-06-09"):
            form = Form(hearing)
            form.held_on, form.report = "2026-06-09", "<p>Verteld.</p>"
            form.reaction, form.settlement = "agreed", "<p>Bos bloemen.</p>"
            form.save()
            hearing.action_hold()
            form = Form(hearing)
            with self.assertRaisesRegex(AssertionError, "readonly"):
                form.report = "<p>Anders.</p>"
            hearing.action_settle()
        self.assertTrue(hearing.settled_on)

    def test_an_oral_explanation_is_proposed_when_it_is_due(self):
        """BA28: after an objection; the employee comes only if both want it."""
        complaint = self.file("ba", respondent_ids=self.accused.ids)
        self.assertEqual(self.open_line(complaint, "hearing_ids").purpose, "hearing")
        with local_noon("2026-06-03"):
            complaint.record_event("answered")
            complaint.record_event("objected")
            form = self.open_line(complaint, "hearing_ids")
        self.assertEqual(form.purpose, "oral_explanation")
        self.assertEqual([line["role"] for line in form.participant_ids._records], ["complainant"])

    def test_the_next_step_is_the_conversation_before_its_letter(self):
        """BA28: first it is planned, then the invitation is written, then it is held."""
        complaint = self.file("ba")
        letter_types = complaint.policy_id.letter_type_ids
        invitation = letter_types.filtered(lambda line: line.code == "hearing_invitation")
        with local_noon("2026-06-03"):
            for code in ("acknowledged", "answered", "objected"):
                complaint.record_event(code)
            by_handler = self.as_role(complaint, "handler")
            self.assertEqual(by_handler.next_step, "Plan a conversation…")
            action = by_handler.action_next_step()
            model = self.as_role(self.env[action["res_model"]], "handler")
            form = Form(model.with_context(**action["context"]))
            self.assertEqual(form.purpose, "oral_explanation")
            with form.slot_ids.new() as slot:
                slot.start_at = "2026-06-09 09:00:00"
            hearing = form.save()
            self.env.invalidate_all()
            self.assertEqual(by_handler.next_step, f"Write: {invitation.name}")
            complaint.record_event("hearing_offered")
            hearing.action_plan_proposed()
            self.env.invalidate_all()
            self.assertEqual(by_handler.next_step, "Finish: Oral explanation")
            self.assertEqual(by_handler.action_next_step()["res_id"], hearing.id)

    def test_a_question_by_letter_is_not_the_next_step(self):
        """KK30: contact is made; a letter with questions is one way to do so."""
        complaint = self.file("kk")
        with local_noon("2026-06-01"):
            complaint.record_event("acknowledged")
        self.assertTrue(complaint.next_step.startswith("Record: "), complaint.next_step)

    def test_only_purposes_that_the_policy_knows(self):
        self.assertIn("oral_explanation", self.open_line(self.file("ba"), "hearing_ids").purposes)
        self.assertNotIn(
            "oral_explanation", self.open_line(self.file("kk"), "hearing_ids").purposes
        )

    def test_a_disagreement_is_of_the_kind_that_the_policy_knows(self):
        """BA27, SB40."""
        for source, kind in (("ba", "objection"), ("sb", "follow_up")):
            form = self.open_line(self.file(source), "objection_ids")
            shown = (form.kind, form.kinds, form.can_choose_kind)
            self.assertEqual(shown, (kind, [kind], False))

    def test_a_conversation_of_who_stays_unknown(self):
        """KK22: nobody is filled in."""
        complaint = self.file("kk", hide_identity=True, accepts_limited_answer=True)
        self.assertFalse(self.open_line(complaint, "hearing_ids").participant_ids._records)

    def test_documents_of_a_line_belong_to_the_dossier(self):
        complaint = self.file("sb")
        document = self.as_role(self.env["ir.attachment"], "handler").create(
            {"name": "rooster.txt", "raw": b"ma 9 uur", "res_model": "klachtenbeheer.fact"}
        )
        self.new("fact", complaint_id=complaint.id, name="Rooster", attachment_ids=document.ids)
        self.assertEqual((document.res_model, document.res_id), (complaint._name, complaint.id))
        self.env.invalidate_all()
        self.assertEqual(self.as_role(document, "director").raw, b"ma 9 uur")
        self.assertFalse(
            self.as_role(self.env["ir.attachment"], "registrar").search_count(
                [("id", "=", document.id)]
            )
        )

    def test_reading_along_changes_nothing(self):
        # not of SB: its second contact person handles all, and that is the director here
        complaint = self.file("bb", board_involved=True)
        hearing = self.talk(complaint)
        for role in ("director", "board"):
            self.env.invalidate_all()
            self.assertFalse(self.as_role(hearing, role).can_edit)
            form = self.open_form(complaint, role)
            with self.assertRaisesRegex(AssertionError, "readonly|form is"):
                form.title = "Anders"

    def test_earlier_complaints_are_shown_as_far_as_one_may_see_them(self):
        """KK34."""
        vals = {"respondent_ids": self.accused.ids}
        mine, others = self.file("kk", **vals), self.file("kk", handler_id=False, **vals)
        complaint = self.file("kk", **vals)
        self.assertEqual(complaint.related_ids, mine | others)
        self.env.invalidate_all()
        self.assertEqual(self.as_role(complaint, "handler").visible_related_ids.ids, mine.ids)
        self.assertEqual(
            set(self.as_role(complaint, "coordinator").visible_related_ids.ids),
            {mine.id, others.id},
        )

    def test_what_is_filed_or_admitted_is_recorded_once(self):
        """KK40-42."""
        complaint = self.file("kk")
        with local_noon("2026-06-10"):
            form = self.open_line(complaint, "referral_ids", "coordinator")
            form.role_id = complaint.policy_id.role_ids.filtered(
                lambda role: role.role == "external_body"
            )
            referral = form.save()
            form = Form(referral)
            form.filed_on = "2026-06-09"
            form.save()
            self.assertFalse(referral.is_filed)
            referral.action_file()
            self.env.invalidate_all()
            self.assertTrue(referral.is_filed)
            self.assertFalse(referral.is_admitted)
        self.assertTrue(self.as_role(referral, "coordinator").can_admit)
        self.assertFalse(self.as_role(referral, "handler").can_admit)

    def test_every_list_opens_a_dialog(self):
        complaint = self.file("sb")
        for fname in LISTS:
            with self.subTest(list=fname):
                form = self.open_line(complaint, fname)
                self.assertEqual(form.complaint_id, complaint)
