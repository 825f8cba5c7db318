from lxml import etree

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

from ..support.common import ComplaintCase, local_noon

CLOSE = "action_open_close"
# Menus of the app by role, as the last part of their external id. Every employee sees the
# first; a manager of policies sees no dossier (design.md 8).
MENUS = {
    "employee": {"intake_menu", "own_measure_menu"},
    "registrar": {
        "intake_menu",
        "complaint_menu_all",
        "complaint_menu_todo",
        "complaint_menu_board",
        "complaint_menu_analysis",
        "policy_menu",
        "own_measure_menu",
        "register_menu",
        "register_export_menu",
    },
    "handler": {
        "long_work_menu",
        "start_page_menu",
        "measure_menu",
        "intake_menu",
        "complaint_menu_all",
        "complaint_menu_todo",
        "complaint_menu_board",
        "deadline_menu",
        "letter_menu",
        "policy_menu",
        "own_measure_menu",
    },
    "coordinator": {
        "long_work_menu",
        "report_making_menu",
        "start_page_menu",
        "measure_menu",
        "absence_menu",
        "incoming_menu",
        "retention_menu",
        "register_import_menu",
        "intake_menu",
        "complaint_menu_all",
        "complaint_menu_todo",
        "complaint_menu_board",
        "deadline_menu",
        "letter_menu",
        "complaint_menu_analysis",
        "event_menu",
        "complaint_report_menu",
        "policy_menu",
        "closed_day_menu",
        "own_measure_menu",
        "register_menu",
        "register_export_menu",
        "pattern_menu",
        "complaint_figures_menu",
        "duty_figures_menu",
        "evaluation_menu",
    },
    "director": {
        "long_work_menu",
        "start_page_menu",
        "absence_menu",
        "measure_menu",
        "incoming_menu",
        "retention_menu",
        "intake_menu",
        "complaint_menu_all",
        "complaint_menu_todo",
        "complaint_menu_board",
        "deadline_menu",
        "letter_menu",
        "complaint_menu_analysis",
        "event_menu",
        "complaint_report_menu",
        "policy_menu",
        "own_measure_menu",
        "register_menu",
        "pattern_menu",
        "complaint_figures_menu",
        "duty_figures_menu",
        "evaluation_menu",
    },
    "board": {
        "long_work_menu",
        "start_page_menu",
        "measure_menu",
        "intake_menu",
        "complaint_menu_all",
        "complaint_menu_todo",
        "complaint_menu_board",
        "deadline_menu",
        "letter_menu",
        "complaint_menu_analysis",
        "event_menu",
        "complaint_report_menu",
        "policy_menu",
        "own_measure_menu",
        "complaint_figures_menu",
        "duty_figures_menu",
        "evaluation_menu",
    },
    "data_protector": {
        "intake_menu",
        "own_measure_menu",
        "subject_request_menu",
        "breach_menu",
        "erasure_menu",
        "reading_menu",
        "erasure_replay_menu",
    },
    "manager": {
        "start_page_menu",
        "intake_menu",
        "policy_menu",
        "policy_setup_menu",
        "closed_day_menu",
        "channel_menu",
        "event_type_menu",
        "report_type_menu",
        "report_plan_menu",
        "requirement_menu",
        "verdict_menu",
        "transfer_format_menu",
        "own_measure_menu",
        "evaluation_menu",
    },
}
DOSSIER_ROLES = ("registrar", "handler", "coordinator", "director", "board")
CONTENT_FIELDS = {"findings", "verdict_id", "solution", "event_ids", "deadline_ids", "letter_ids"}


class ViewCase(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaint = cls.file_complaint(handler_id=cls.users["handler"].id, board_involved=True)
        cls.complaint.record_event("acknowledged")
        cls.users["data_protector"] = cls.make_user(
            "data_protector", "klachtenbeheer.group_data_protector"
        )

    def get_arch(self, model, view_type, role, view_id=False):
        return etree.fromstring(
            self.as_role(self.env[model], role).get_view(view_id, view_type)["arch"]
        )

    def get_specification(self, model, node):
        """What the web client asks of the server to show the fields of a view."""
        result = {}
        for child in node.xpath(".//field[not(ancestor::field)]"):
            name = child.get("name")
            field = model._fields[name]
            lines = [line for line in child if line.tag in ("list", "kanban")]
            if lines:
                inner = self.get_specification(
                    model.env[field.comodel_name], etree.fromstring(etree.tostring(lines[0]))
                )
                result[name] = {"fields": inner}
            elif field.relational:
                result[name] = {"fields": {"display_name": {}}}
            else:
                result[name] = {}
        return result


@tagged("post_install", "-at_install")
class TestViewsByRole(ViewCase):
    """Whoever sees a menu can open everything behind it; who may not, doesn't see it."""

    def test_menus_by_role(self):
        for role, expected in MENUS.items():
            with self.subTest(role=role):
                menus = self.get_menus(role)
                names = {menu.get_external_id()[menu.id].split(".")[1] for menu in menus}
                self.assertEqual(names, expected)

    def test_every_view_behind_a_menu_opens(self):
        for role in MENUS:
            for menu in self.get_menus(role):
                action = self.get_action(menu, role)
                for _view_id, view_type in action.get("views", []):  # a client action has none
                    with self.subTest(role=role, menu=menu.name, view=view_type):
                        self.open_view(action, view_type, role)

    def test_no_list_offers_what_is_refused(self):
        """To duplicate what is made once, or to archive what is retired or deleted."""
        actions = self.env["ir.actions.act_window"].search(
            [("res_model", "=like", "klachtenbeheer.%")]
        )
        models = [model for model in set(actions.mapped("res_model")) if self.is_kept(model)]
        self.assertGreater(len(models), 15)
        for model in models:
            form, rows = (self.get_arch(model, kind, "coordinator") for kind in ("form", "list"))
            with self.subTest(model):
                if rows.get("create") != "false":
                    self.assertEqual(rows.get("duplicate"), form.get("duplicate"))
        report = self.get_arch("klachtenbeheer.report", "list", "coordinator")
        self.assertEqual(report.get("duplicate"), "false")
        for model in ("complaint", "policy"):
            self.assertTrue(self.env[f"klachtenbeheer.{model}"]._fields["active"].readonly, model)

    def is_kept(self, model):
        """Whether a coordinator has lists of it."""
        records = self.env[model].with_user(self.users["coordinator"])
        return not records._transient and records._auto and records.has_access("read")

    def test_the_list_opens_first(self):
        for name in ("complaint_action", "complaint_action_all"):
            views = self.env.ref(f"klachtenbeheer.{name}").views
            modes = [mode for _view_id, mode in views]
            self.assertEqual(modes[:3], ["list", "kanban", "form"], name)
            self.assertEqual(views[0][0], self.env.ref("klachtenbeheer.complaint_view_list").id)

    def test_a_registrar_gets_no_content(self):
        names = self.get_arch("klachtenbeheer.complaint", "form", "registrar").xpath(
            "//field/@name"
        )
        self.assertFalse(CONTENT_FIELDS & set(names))
        names = self.get_arch("klachtenbeheer.complaint", "form", "director").xpath("//field/@name")
        self.assertTrue(set(names) >= CONTENT_FIELDS)

    def test_a_registrar_completes_the_registration(self):
        with Form(self.as_role(self.complaint, "registrar")) as form:
            form.title = "Bus kwam niet"
            form.incident_place = "Halte Markt"
        self.assertEqual(self.complaint.title, "Bus kwam niet")

    def test_a_handler_fills_in_findings(self):
        with Form(self.as_role(self.complaint, "handler")) as form:
            form.findings = "<p>Het rooster klopte niet.</p>"
        self.assertIn("rooster", self.complaint.findings)

    def test_an_employee_registers_and_sees_the_reference_only(self):
        form = Form(self.as_role(self.env["klachtenbeheer.intake"], "employee"))
        form.description = "De bus kwam niet."
        form.complainant_name = "Kees"
        intake = form.save()
        action = intake.action_register()
        view = self.env.ref("klachtenbeheer.intake_view_form_done")
        self.assertEqual(action["views"], [(view.id, "form")])
        [values] = intake.web_read(
            self.get_specification(intake, self.get_arch(intake._name, "form", "employee", view.id))
        )
        self.assertRegex(values["reference"], r"K\d{4}-\d{6}")
        self.assertFalse(values["can_open"])

    def test_saving_or_walking_away_registers_too_and_once(self):
        intakes = self.as_role(self.env["klachtenbeheer.intake"], "employee")
        vals = {"description": "Kwijt? Nee.", "policy_id": self.policy.id, "channel": "phone"}
        [saved] = intakes.web_save(vals, {"reference": {}})
        self.assertRegex(saved["reference"], r"K\d{4}-\d{6}")
        intakes.browse(saved["id"]).action_register()
        found = self.env["klachtenbeheer.complaint"].search([("description", "=", "Kwijt? Nee.")])
        self.assertEqual(found.mapped("name"), [saved["reference"]])

    def test_a_coordinator_goes_on_with_what_was_registered(self):
        form = Form(self.as_role(self.env["klachtenbeheer.intake"], "coordinator"))
        form.description = "De bus kwam niet."
        intake = form.save()
        intake.action_register()
        self.assertTrue(intake.can_open)
        complaint = self.env["klachtenbeheer.complaint"].browse(
            intake.action_open_complaint()["res_id"]
        )
        self.assertEqual(complaint.name, intake.reference)

    def test_register_and_open_is_one_button_for_who_may_see_it(self):
        def go_on(role):
            form = Form(self.as_role(self.env["klachtenbeheer.intake"], role))
            form.description = "De bus kwam niet."
            offered = form.can_go_on
            intake = form.save()
            return offered, intake, intake.action_register_and_open()

        offered, intake, action = go_on("coordinator")
        found = self.env["klachtenbeheer.complaint"].browse(action["res_id"])
        self.assertEqual((offered, found.name), (True, intake.reference))
        offered, intake, action = go_on("employee")
        self.assertFalse(offered)
        self.assertEqual(action["res_model"], "klachtenbeheer.intake", "the reference only")
        self.assertTrue(intake.reference)
        # a handler sees what was assigned to them, which this was not
        self.assertEqual(go_on("handler")[2]["res_model"], "klachtenbeheer.intake")

    def test_who_assigns_can_take_on_what_they_register(self):
        def take_on(role):
            form = Form(self.as_role(self.env["klachtenbeheer.intake"], role))
            form.description = "De bus kwam niet."
            intake = form.save()
            return form.can_take_on, intake.action_register_and_take_on()

        offered, action = take_on("coordinator")
        found = self.env["klachtenbeheer.complaint"].browse(action["res_id"])
        self.assertEqual((offered, found.handler_id), (True, self.users["coordinator"]))
        before = found.search_count([])
        for role in ("employee", "handler", "director"):
            with self.assertRaises(AccessError):
                take_on(role)
        self.assertEqual(found.search_count([]), before, "nothing is registered")

    def test_a_published_policy_opens_read_only(self):
        form = Form(self.as_role(self.policy, "manager"))
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.name = "Anders"
        form.timeline_on = "2026-04-02"
        self.assertIn("13 apr", self.as_role(self.policy, "manager")._render_timeline("2026-04-02"))
        form.save()

    def get_menus(self, role):
        """The menus of this app with an action that a role sees."""
        visible = self.as_role(self.env["ir.ui.menu"], role)._visible_menu_ids()
        root = self.env.ref("klachtenbeheer.root_menu")
        menus = self.env["ir.ui.menu"].search(
            [("id", "child_of", root.id), ("action", "!=", False)]
        )
        return menus.filtered(lambda menu: menu.id in visible)

    def get_action(self, menu, role):
        action = self.as_role(menu, role).sudo(False).action
        if action._name == "ir.actions.server":
            return action.run()
        return action._get_action_dict()

    def open_view(self, action, view_type, role):
        model = self.as_role(self.env[action["res_model"]], role)
        view_id = {kind: number for number, kind in action["views"]}[view_type]
        arch = self.get_arch(model._name, view_type, role, view_id)
        self.get_arch(model._name, "search", role)
        specification = self.get_specification(model, arch)
        if view_type in ("pivot", "graph"):
            groupby = [f"{name}:month" for name in specification if name.endswith("_on")]
            model.formatted_read_group([], groupby, ["__count"])
        elif view_type == "form" and not model._transient:
            model.search([], limit=1).web_read(specification)
        elif view_type == "form":
            model.onchange({}, [], specification)
        elif view_type != "activity":
            model.web_search_read([], specification, limit=5)


@tagged("post_install", "-at_install")
class TestFilters(ViewCase):
    """Wednesday 8 July 2026. The policy: acknowledge in 5 werkdagen, answer in 14 days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with local_noon("2026-07-08"):
            handler = cls.users["handler"].id
            cls.late = cls.file_complaint(received_on="2026-06-25", title="Late")
            cls.fresh = cls.file_complaint(received_on="2026-07-08", handler_id=handler)
            cls.this_week = cls.file_complaint(received_on="2026-06-28", handler_id=handler)
            cls.this_week.record_event("acknowledged", "2026-06-30")
            cls.answered = cls.file_complaint(received_on="2026-06-20")
            cls.answered.record_event("answered", "2026-06-30")
            cls.waived = cls.file_complaint(received_on="2026-07-01", is_anonymous=True)
            acknowledge = cls.policy.term_ids.filtered(lambda term: term.code == "acknowledge")
            cls.waived._waive(acknowledge, "anoniem, zonder adres")
            cls.closed = cls.file_complaint(received_on="2026-06-01")
            cls.closed.record_event("answered", "2026-06-05")
            cls.closed.outcome = "answered"
            cls.closed._waive(acknowledge, "meteen beantwoord")
            cls.closed.record_event("closed", "2026-06-08")

    def assertFilter(self, name, expected, role="coordinator"):
        with local_noon("2026-07-08"):
            self.assertEqual(self.search_filter(name, role), expected)

    def search_filter(self, name, role):
        arch = self.get_arch("klachtenbeheer.complaint", "search", role)
        [node] = arch.xpath(f"//filter[@name='{name}']")
        domain = safe_eval(node.get("domain"), {"uid": self.users[role].id})
        own = self.late | self.fresh | self.this_week | self.answered | self.waived | self.closed
        found = self.as_role(self.env["klachtenbeheer.complaint"], role).search(domain)
        return own & found.with_user(self.env.user)

    def test_overdue(self):
        # answered before it was acknowledged: that duty is still open, and late
        self.assertFilter("overdue", self.late | self.answered)

    def test_due_this_week_with_a_duty_that_is_late_already(self):
        # 12 July is the Sunday of this week; the answer to the late one is due on the 9th
        self.assertFilter("due_this_week", self.late | self.this_week)

    def test_unassigned(self):
        self.assertFilter("unassigned", self.late | self.answered | self.waived)

    def test_what_waits_for_the_coordinator(self):
        social = self.env.ref("klachtenbeheer.channel_social")
        policy = self.make_policy(code="media", triage_channel_ids=[(6, 0, social.ids)])
        with local_noon("2026-07-08"):
            self.fresh = self.file_complaint(policy_id=policy.id, channel="social")
        self.assertFilter("undecided", self.fresh)
        self.assertFilter("repeated", self.fresh.browse())
        self.late.nature = "suggestion"
        self.assertFilter("suggestion", self.late)

    def test_mine(self):
        self.assertFilter("mine", self.fresh | self.this_week, role="handler")

    def test_without_acknowledgement(self):
        self.assertFilter("unacknowledged", self.late | self.fresh)
        # whatever a policy calls that duty
        duty = self.policy.term_ids.filtered(lambda term: term.code == "acknowledge")
        duty.flush_recordset()
        self.env.cr.execute(
            "UPDATE klachtenbeheer_term SET code = 'eerste_bericht' WHERE id = %s", duty.ids
        )
        duty.invalidate_recordset()
        self.assertFilter("unacknowledged", self.late | self.fresh)

    def test_open_and_closed(self):
        self.assertFilter("closed", self.closed)

    def test_new(self):
        self.assertFilter("new", self.fresh | self.waived & self.fresh)

    def test_a_registrar_filters_without_deadlines(self):
        self.assertFilter("overdue", self.late | self.answered, role="registrar")
        arch = self.get_arch("klachtenbeheer.complaint", "search", "registrar")
        self.assertFalse(arch.xpath("//filter[@name='due_this_week']"))

    def test_search_finds_by_whatever_one_has(self):
        """Reference, name, number in any notation, e-mail, words of the text; closed too."""
        self.late.write(
            {"complainant_phone": "+31 (0)6 - 1234 5678", "complainant_email": "kees@post.example"}
        )
        self.late._as_procedure().name = "K2026-345345"  # one by chance may have a 12 in it
        complaints = self.as_role(self.env["klachtenbeheer.complaint"], "coordinator")
        for text in (
            self.late.name,
            self.late.name.lower(),
            "Late",
            "drie keer niet",
            "niet keer",
            "Kees Klager",
            "klager kees",
            "kees@post.example",
            "06-12345678",
            "0612345678",
            "06 12 34 56 78",
            "+31612345678",
        ):
            found = complaints.search([("search_text", "ilike", text)])
            self.assertIn(self.late, found.with_user(self.env.user), text)
        for text in ("0687654321", "12", "onvindbaar", "drie onvindbaar"):
            found = complaints.search([("search_text", "ilike", text)])
            self.assertNotIn(self.late.id, found.ids, text)

    def test_who_may_not_see_a_dossier_does_not_find_its_number(self):
        self.late.complainant_phone = "06 12345678"
        handler = self.make_user("zoekt", "klachtenbeheer.group_handler")
        complaints = self.env["klachtenbeheer.complaint"].with_user(handler)
        self.assertFalse(complaints.search([("search_text", "ilike", "0612345678")]))

    def test_every_filter_and_group_works(self):
        for role in DOSSIER_ROLES:
            model = self.as_role(self.env["klachtenbeheer.complaint"], role)
            for node in self.get_arch(model._name, "search", role).xpath("//filter"):
                with self.subTest(role=role, filter=node.get("name")):
                    names = {"uid": self.users[role].id}
                    model.search(safe_eval(node.get("domain") or "[]", names), limit=1)
                    context = safe_eval(node.get("context") or "{}", names)
                    if context.get("group_by"):
                        model.formatted_read_group([], [context["group_by"]], ["__count"])


@tagged("post_install", "-at_install")
class TestBoard(ViewCase):
    """Cards are not moved by hand; the board shows one policy at a time."""

    def get_stage(self, name, policy=None):
        stages = (policy or self.policy).stage_ids
        return stages.filtered(lambda stage: stage.name == name)

    def get_columns(self, domain):
        complaints = self.as_role(self.env["klachtenbeheer.complaint"], "coordinator")
        groups = complaints.with_context(read_group_expand=True).formatted_read_group(
            domain, ["stage_id"], ["__count"]
        )
        return [group["stage_id"][1] for group in groups]

    def test_dragging_asks_for_the_event(self):
        complaint = self.as_role(self.complaint, "coordinator")
        with self.assertRaises(RedirectWarning) as refusal:
            complaint.web_save({"stage_id": self.get_stage("Bezig").id}, {})
        message, action, *_rest = refusal.exception.args
        self.assertIn("Bezig", message)
        self.assertEqual(action["res_model"], "klachtenbeheer.event.record")
        taken_up = self.env.ref("klachtenbeheer.event_type_taken_up")
        self.assertEqual(action["context"]["default_type_id"], taken_up.id)

    def test_dragging_to_a_stage_that_a_letter_leads_to_is_refused(self):
        complaint = self.as_role(self.complaint, "coordinator")
        with self.assertRaisesRegex(UserError, "Beantwoord"):
            complaint.web_save({"stage_id": self.get_stage("Beantwoord").id}, {})

    def test_dragging_back_is_refused(self):
        self.complaint.record_event("taken_up")
        complaint = self.as_role(self.complaint, "coordinator")
        with self.assertRaisesRegex(UserError, "go back by hand"):
            complaint.web_save({"stage_id": self.get_stage("Nieuw").id}, {})

    def test_dragging_to_another_policy_is_refused(self):
        other = self.make_policy(code="ander")
        complaint = self.as_role(self.complaint, "coordinator")
        with self.assertRaisesRegex(UserError, "another policy"):
            complaint.web_save({"stage_id": self.get_stage("Bezig", other).id}, {})

    def test_one_policy_shows_all_its_stages(self):
        names = ["Nieuw", "Bezig", "Beantwoord", "Gesloten"]
        self.assertEqual(self.get_columns([]), names)
        self.assertEqual(self.get_columns([("policy_id", "=", self.policy.id)]), names)

    def test_several_policies_show_what_is_there_by_policy(self):
        other = self.make_policy(code="ander", name="Andere regeling")
        self.file_complaint(policy_id=other.id)
        self.assertEqual(
            self.get_columns([]), ["Nieuw (Klachtenregeling)", "Nieuw (Andere regeling)"]
        )
        self.assertEqual(len(self.get_columns([("policy_id", "in", other.ids)])), 4)

    def test_the_board_opens_on_the_busiest_of_several_policies(self):
        complaints = self.as_role(self.env["klachtenbeheer.complaint"], "coordinator")
        self.assertNotIn("searchpanel_default_policy_id", complaints.action_open_board()["context"])
        other = self.make_policy(code="ander")
        self.file_complaint(policy_id=other.id)
        self.file_complaint(policy_id=other.id)
        action = complaints.action_open_board()
        self.assertEqual(action["context"]["searchpanel_default_policy_id"], other.id)
        self.assertEqual(action["views"][0][1], "kanban")


@tagged("post_install", "-at_install")
class TestForm(ViewCase):
    """One button that follows, what is missing for it, and the rest under “More”."""

    def get_methods(self, role, group="procedure"):
        complaint = self.as_role(self.complaint, role)
        return [
            action["method"] for action in complaint.more_actions or [] if action["group"] == group
        ]

    def test_the_next_step_follows_from_the_policy(self):
        complaint = self.as_role(self.complaint, "handler")
        self.assertEqual(complaint.next_step, "Record: Answered")
        self.complaint.record_event("answered")
        self.complaint.invalidate_recordset()
        self.assertEqual(complaint.next_due_state, "waiting")
        self.assertIn("Wait for the complainant until", complaint.next_step)
        self.assertFalse(complaint.may_take_next_step)

    def test_what_is_missing_leads_to_its_field(self):
        requirement = self.env.ref("klachtenbeheer.requirement_outcome")
        self.complaint.record_event("answered")
        self.complaint.outcome = False
        closed = self.env["klachtenbeheer.event.type"]._get("closed")
        [missing, *_duties] = self.complaint._get_missing_for_event(closed)
        self.assertEqual((missing.text, missing.field), (requirement.name, "outcome"))

    def test_the_next_step_stays_while_somebody_types(self):
        findings = self.env.ref("klachtenbeheer.requirement_findings")
        self.policy = self.make_policy(
            code="bevindingen",
            stage_ids=[
                self.stage(10, "received"),
                self.stage(20, "answered", requirement_ids=[(6, 0, findings.ids)]),
                self.stage(30, "closed", is_closed=True),
            ],
        )
        complaint = self.file_complaint(
            policy_id=self.policy.id, handler_id=self.users["handler"].id
        )
        complaint.record_event("acknowledged")
        form = Form(self.as_role(complaint, "handler"))
        self.assertTrue(form.missing_text)
        form.findings = "<p>Het rooster klopte niet.</p>"
        self.assertFalse(form.missing_text)
        self.assertEqual(form.next_step, "Record: Answered")
        self.assertTrue(form.can_handle)

    def stage(self, sequence, code, **vals):
        return (
            0,
            0,
            {"sequence": sequence, "name": code, "event_ids": self.event_type(code), **vals},
        )

    def test_more_by_role(self):
        handling = ["action_record_event", "action_open_receipt_correction"]
        handling.append("action_open_duty_waive")
        self.assertEqual(self.get_methods("handler"), [*handling, "action_convert", CLOSE])
        self.assertEqual(self.get_methods("coordinator"), [*handling, "action_open_triage", CLOSE])
        self.assertEqual(self.get_methods("registrar"), ["action_open_receipt_correction"])
        self.assertEqual(self.get_methods("director"), [])
        self.assertEqual(self.get_methods("board"), [])

    def test_who_assigns_and_calls_in(self):
        self.assertEqual(self.get_methods("handler", "people"), ["action_open_escalate"])
        self.assertEqual(
            self.get_methods("coordinator", "people"),
            ["action_open_assign", "action_assign_to_me", "action_open_escalate"],
        )
        for role in ("registrar", "director", "board"):
            self.assertEqual(self.get_methods(role, "people"), [], role)

    def test_a_closed_complaint_can_be_reopened(self):
        self.complaint.record_event("answered")
        self.complaint.outcome = "answered"
        self.complaint.record_event("closed")
        self.assertIn("action_reopen", self.get_methods("coordinator"))
        self.assertNotIn(CLOSE, self.get_methods("coordinator"))

    def test_every_action_of_more_opens(self):
        complaint = self.as_role(self.complaint, "coordinator")
        for action in complaint.more_actions:
            if action["method"].startswith(("action_open", "action_record")):
                with self.subTest(action=action["label"]):
                    dialog = getattr(complaint, action["method"])(*action["args"])
                    model = complaint.env[dialog["res_model"]]
                    Form(model.with_context(**dialog["context"]))

    def test_the_list_explains_and_colours_what_is_due(self):
        complaint = self.as_role(self.complaint, "handler")
        self.assertEqual(complaint.next_due_state, "later")
        self.assertIn("Antwoord", complaint.next_due_text)
        self.assertRegex(complaint.next_due_explanation, "Veertien dagen|Fourteen days")
        deadline = self.as_role(self.deadline(self.complaint, "answer"), "handler")
        self.assertEqual((deadline.urgency, deadline.color), ("later", 8))
        self.assertEqual(deadline.display_name, "Antwoord")
        with_reference = deadline.with_context(with_reference=True)
        self.assertEqual(with_reference.display_name, f"{self.complaint.name} Antwoord")


@tagged("post_install", "-at_install")
class TestInBrowser(HttpCase, ViewCase):
    """The widgets really render, without an error in the console."""

    def test_the_form_renders(self):
        self.browser_js(
            f"/odoo/complaints/{self.complaint.id}",
            """
            const more = document.querySelector(".o_complaint_more");
            more.click();
            setTimeout(() => {
                const items = document.querySelectorAll(".o-dropdown--menu .dropdown-item");
                const date = document.querySelector("[name=received_on]").textContent.trim();
                if (items.length < 3) throw new Error("More is empty");
                if (!/^\\w+ \\d+ \\w+ \\d{4}$/.test(date)) throw new Error(`not a date: ${date}`);
                console.log("test successful");
            }, 500);
            """,
            "!!document.querySelector('.o_complaint_more')",
            login="coordinator",
            timeout=120,
        )
