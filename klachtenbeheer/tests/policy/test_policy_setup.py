from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_policies import SOURCES, SourcePolicyCase


@tagged("post_install", "-at_install")
class TestPolicySetup(SourcePolicyCase):
    """A functional manager makes the company's own policy from a model."""

    def test_from_model_to_publication_per_policy(self):
        for source in SOURCES:
            self._set_up(source)

    def _set_up(self, source):
        """As the form does it: what is chosen and typed goes through onchange."""
        manager = self.users["manager"]
        with Form(self.env["klachtenbeheer.policy.setup"].with_user(manager)) as form:
            form.template_id = self.template(source)
            self.assertEqual(form.name, self.template(source).name)
            self.assertIn("<li>", form.timeline)
            form.effective_from = "2026-01-01"
            form.code = f"regeling-{source}"
            for index, line in enumerate(self.template(source).role_ids):
                with form.role_ids.edit(index) as role:
                    user = self.users.get("director" if line.role == "deputy" else line.role)
                    if user:
                        role.user_ids.add(user)
                    else:
                        role.partner_id = self.company.partner_id
            for index in range(len(form.placeholder_ids)):
                with form.placeholder_ids.edit(index) as blank:
                    blank.value = blank.value or "ingevuld"
            self.assertFalse(form.missing_text)
        action = form.record.action_publish()
        policy = self.env["klachtenbeheer.policy"].browse(action["res_id"])
        self.assertRecordValues(
            policy,
            [
                {
                    "state": "approval",  # who named its people does not put them in force
                    "is_template": False,
                    "company_id": self.company.id,
                    "code": f"regeling-{source}",
                    "version": 1,
                    "effective_from": date(2026, 1, 1),
                    "coordinator_id": self.users["coordinator"].id,
                }
            ],
        )
        self.assertFalse(policy._find_placeholders())
        self.assertIn(self.company.name, policy.introduction + (policy.contact_name or ""))
        for lines in ("term_ids", "stage_ids", "role_ids", "category_ids", "letter_type_ids"):
            self.assertEqual(len(policy[lines]), len(self.template(source)[lines]), lines)
            self.assertFalse(policy[lines] & self.template(source)[lines])
        self.assertEqual(policy.preview("2026-04-02"), self.template(source).preview("2026-04-02"))
        with self.assertRaises(UserError):
            policy.with_user(manager).action_publish()
        self.release(policy)
        self.assertEqual(policy.state, "published")
        self.assertEqual(policy.coordinator_id, self.users["coordinator"])
        self.assertFalse(policy.proposed_ids)

    def test_the_manager_reads_no_dossier(self):
        complaint = self.file_complaint()
        for method in (
            lambda: complaint.with_user(self.users["manager"]).read(["title"]),
            lambda: (
                self.env["klachtenbeheer.complaint"]
                .with_user(self.users["manager"])
                .search_count([])
            ),
        ):
            with self.assertRaises(AccessError):
                method()

    def test_only_a_manager_sets_policies_up(self):
        for role in ("registrar", "handler", "coordinator", "director", "board", "employee"):
            with self.assertRaises(AccessError):
                self.env["klachtenbeheer.policy.setup"].with_user(self.users[role]).create(
                    {"template_id": self.template("bb").id}
                )

    def test_what_is_missing_is_listed_and_nothing_is_made(self):
        setup = self.start_setup("ba")
        policies = self.env["klachtenbeheer.policy"].search_count([])
        action = setup.action_publish()
        self.assertEqual((action["res_model"], action["res_id"]), (setup._name, setup.id))
        self.assertTrue(setup.tried)
        for text in ("klachtenfunctionaris", "directie", "[e-mailadres contactpersoon]"):
            self.assertIn(text, setup.missing_text)
        self.assertNotIn("[naam organisatie]", setup.missing_text, "known from the company")
        self.assertNotIn("plaatsvervangend", setup.missing_text, "may stay vacant")
        self.assertEqual(self.env["klachtenbeheer.policy"].search_count([]), policies)

    def test_the_coordinator_is_a_person_who_works_here(self):
        setup = self.fill_setup(self.start_setup("bb"))
        coordinator = setup.role_ids.filtered(lambda line: line.role == "coordinator")
        coordinator.write({"user_ids": False, "partner_id": self.company.partner_id.id})
        self.assertIn(coordinator.name, setup.missing_text)

    def test_a_draft_may_have_blanks(self):
        action = self.start_setup("sj").action_keep_draft()
        policy = self.env["klachtenbeheer.policy"].browse(action["res_id"])
        self.assertEqual(policy.state, "draft")
        self.assertIn("[mailadres organisatie]", policy._find_placeholders())
        self.assertIn(self.company.name, policy.introduction)

    def test_a_blank_that_was_put_back_keeps_the_policy_a_draft(self):
        """Somebody typed another blank in a blank: kept as a draft, with the reason."""
        setup = self.fill_setup(self.start_setup("bb"))
        setup.placeholder_ids[-1].value = "[nog onbekend]"
        action = setup.action_publish()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("[nog onbekend]", action["params"]["message"])
        policy = self.env["klachtenbeheer.policy"].browse(action["params"]["next"]["res_id"])
        self.assertEqual(policy.state, "draft")

    def test_a_name_in_use_is_refused_in_words(self):
        for code in ("proef", "Niet Goed"):
            setup = self.fill_setup(self.start_setup("bb"))
            setup.code = code
            self.assertIn(code, setup.missing_text)
            action = setup.action_keep_draft()
            self.assertEqual(action["res_model"], setup._name)

    def test_a_second_policy_gets_a_free_name(self):
        first, second = self.start_setup("ba"), self.start_setup("bb")
        self.assertEqual(first.code, second.code)
        self.fill_setup(first).action_publish()
        self.assertEqual(self.start_setup("bb").code, f"{first.code}-2")

    def test_values_are_text_and_not_markup(self):
        setup = self.fill_setup(self.start_setup("bb"))
        name = setup.placeholder_ids.filtered(lambda line: line.name == "<naam bedrijf>")
        name.value = "Van Dam & Zn <b>"
        policy = self.env["klachtenbeheer.policy"].browse(setup.action_keep_draft()["res_id"])
        self.assertEqual(policy.contact_name, "Van Dam & Zn <b>")
        self.assertIn("Van Dam &amp; Zn &lt;b&gt;", policy.introduction)

    def test_suggestions_follow_and_typed_values_stay(self):
        setup = self.start_setup("ba")
        values = {line.name: line for line in setup.placeholder_ids}
        setup.role_ids[0].user_ids = self.users["coordinator"]
        address = values["[e-mailadres contactpersoon]"]
        for role in ("coordinator", "handler"):
            self.users[role].email = f"{role}@proef.example"
        setup.role_ids[0].user_ids = self.users["coordinator"]
        self.assertEqual(address.value, "coordinator@proef.example")
        setup.role_ids[0].user_ids = self.users["handler"]
        self.assertEqual(address.value, "handler@proef.example")
        address.value = "klachten@proef.example"
        setup.role_ids[0].user_ids = self.users["coordinator"]
        self.assertEqual(address.value, "klachten@proef.example")

    def test_blanks_show_where_they_occur(self):
        for line in self.start_setup("ba").placeholder_ids:
            self.assertIn(line.name, line.excerpt)

    def test_timeline_shows_dates_and_reasons(self):
        policy = self.template("ba").with_context(lang="en_US")
        lines = {line["code"]: line for line in policy._get_timeline("2026-04-02")}
        self.assertEqual(
            {code: (line["due_on"].isoformat(), line["direct"]) for code, line in lines.items()},
            {
                "forward": ("2026-04-02", True),
                "acknowledge": ("2026-04-13", True),
                "answer": ("2026-04-23", True),
                # if each step is taken on its last day
                "object": ("2026-05-26", False),
                "hear": ("2026-06-02", False),
                "final_decision": ("2026-06-16", False),
            },
        )
        self.assertIn("Good Friday", lines["acknowledge"]["explanation"])
        self.assertIn("Ontvangstbevestiging", policy._render_timeline("2026-04-02"))

    def test_looking_at_a_timeline_changes_nothing(self):
        policy = self.publish_source("bb")
        policy.with_user(self.users["manager"]).write({"timeline_on": "2026-04-02"})
        self.assertEqual(policy.state, "published")
