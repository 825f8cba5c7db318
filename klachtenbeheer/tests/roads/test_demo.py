from unittest import SkipTest
from unittest.mock import patch

from odoo.modules import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools.convert import convert_file

from ...models.letter.sending import LetterSending
from ..support.common import local_noon

MODULE = "klachtenbeheer"
POLICIES = {"welzijnswerk", "begeleiding", "relaties", "thuiszorg", "diensten"}
LOGINS = [
    "coordinator",
    "deputy",
    "handler",
    "handler2",
    "respondent",
    "registrar",
    "director",
    "board",
    "manager",
    "protector",
    "employee",
    "client",
]


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demo data as they load on a Sunday just after New Year: weekend, holidays and two
    years of references."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.env.ref("klachtenbeheer.demo_user_coordinator", raise_if_not_found=False):
            raise SkipTest("the demo data are in this database already")
        cls.startClassPatcher(local_noon("2027-01-03"))
        # laying out sixty letters would take half a minute; test_letter_pdf looks at them
        cls.startClassPatcher(patch.object(LetterSending, "_render_pdf", lambda _self: b"%PDF"))
        cls.load("init")
        cls.complaints = cls.env["klachtenbeheer.complaint"].search([])
        # each told in the demo files; the others were taken over as a register of two years
        cls.told = cls.complaints.filtered(lambda line: not line.is_imported)
        cls.today = cls.env.company._complaint_today()

    @classmethod
    def load(cls, mode):
        idref = {}
        for file in Manifest.for_addon(MODULE)["demo"]:
            convert_file(cls.env, MODULE, file, idref, mode, noupdate=True)

    def ref(self, name):
        return self.env.ref(f"{MODULE}.demo_{name}")

    def seen_by(self, login):
        user = self.ref(f"user_{login}")
        return self.env["klachtenbeheer.complaint"].with_user(user).search([])

    def count(self, *domain):
        return self.env["klachtenbeheer.complaint"].search_count(list(domain))

    # ---------------------------------------------------------------- organisation

    def test_company_is_the_made_up_dutch_organisation(self):
        company = self.env.ref("base.main_company")
        self.assertEqual(company.name, "Stichting Welzijn Wilgerode")
        self.assertEqual(company.country_code, "NL")
        self.assertEqual(company.partner_id.tz, "Europe/Amsterdam")
        self.assertFalse(company.uses_default_logo)

    def test_five_policies_are_in_force_with_names_of_their_own(self):
        policies = self.env["klachtenbeheer.policy"].search([("is_template", "=", False)])
        self.assertEqual(set(policies.mapped("code")), POLICIES)
        self.assertEqual(set(policies.mapped("state")), {"published"})
        self.assertEqual(len(set(policies.mapped("name"))), 5)
        self.assertFalse([blank for policy in policies for blank in policy._find_placeholders()])
        self.assertTrue(all(policy.effective_from <= self.today for policy in policies))

    def test_password_of_each_account_equals_its_login(self):
        for login in LOGINS:
            with self.subTest(login=login):
                user = self.env["res.users"].search([("login", "=", login)])
                credential = {"login": login, "password": login, "type": "password"}
                user.with_user(user)._check_credentials(credential, {"interactive": True})
                self.assertEqual(user.lang, "nl_NL")
                self.assertEqual(user.tz, "Europe/Amsterdam")

    def test_addresses_and_numbers_are_made_up(self):
        records = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "in", ("res.partner", "res.users"))]
        )
        for record in records:
            person = self.env[record.model].browse(record.res_id)
            with self.subTest(person=person.name):
                self.assertTrue((person.email or ".example").endswith(".example"))
                self.assertTrue((person.phone or "000-").startswith("000-"))
                self.assertTrue((person.zip or "0").startswith("0"))

    # ---------------------------------------------------------------- complaints

    def test_some_forty_complaints_under_all_policies(self):
        self.assertTrue(40 <= len(self.told) <= 50, len(self.told))
        self.assertEqual(set(self.told.policy_id.mapped("code")), POLICIES)

    def test_two_years_of_closed_complaints_lie_behind_them(self):
        past = self.complaints - self.told
        self.assertTrue(500 <= len(past) <= 660, len(past))
        self.assertEqual(set(past.policy_id.mapped("code")), POLICIES)
        self.assertEqual(set(past.mapped("is_closed")), {True})

    def test_dates_follow_one_another_and_do_not_lie_ahead(self):
        for complaint in self.complaints:
            events = complaint.event_ids.filtered(lambda event: not event.voided)
            days = [event.sent_on or event.occurred_on for event in events]
            self.assertLessEqual(complaint.received_on, min(days), complaint.title)
            self.assertLessEqual(max(days), self.today, complaint.title)
            if complaint.incident_on:
                self.assertLessEqual(complaint.incident_on, complaint.received_on, complaint.title)

    def test_references_follow_the_calendar_without_gaps(self):
        """The register runs on without gaps; the references that people see tell nothing."""
        by_date = self.complaints.sorted("id").sorted("received_on")
        for year, complaints in by_date.grouped(lambda line: line.received_on.year).items():
            numbers = complaints.sudo().mapped("register_number")
            self.assertEqual(sorted(numbers), list(range(1, len(complaints) + 1)))
            # what was taken over got its numbers afterwards
            told = (complaints & self.told).sudo().mapped("register_number")
            self.assertEqual(told, list(range(1, len(told) + 1)))
            references = complaints.mapped("name")
            self.assertTrue(all(name.startswith(f"K{year}-") for name in references))
        # of all years together: a few numbers of one year may be in order by chance
        told = [name.rpartition("-")[2] for name in by_date.mapped("name")]
        self.assertNotEqual(told, sorted(told))

    def test_each_situation_has_a_complaint(self):
        duty = [("is_open", "=", True), ("duty_of", "=", "organisation")]
        situations = {
            "unassigned": [("handler_id", "=", False), ("is_closed", "=", False)],
            "without acknowledgement": [
                ("deadline_ids", "any", [("code", "=", "acknowledge"), *duty])
            ],
            "due today": [("next_due_on", "=", self.today)],
            "due this week": [("next_due_on", ">", self.today), ("next_due_on", "<=", "+7d")],
            "overdue": [("next_due_on", "<", self.today)],
            "delayed": [("event_ids.code", "=", "delay_notified"), ("is_closed", "=", False)],
            "waiting": [("waits_for_complainant", "=", True)],
            "objected": [("deadline_ids", "any", [("code", "=", "hear"), *duty])],
            "to approve": [("letter_ids.state", "=", "approval")],
            "draft": [("letter_ids.state", "=", "draft")],
            "anonymous": [("is_anonymous", "=", True), ("letter_ids.state", "=", "not_applicable")],
            "hidden": [("hide_identity", "=", True)],
            "respondent": [("respondent_ids", "!=", False)],
            "board": [("board_involved", "=", True)],
            "escalated": [("escalation_level", "!=", "none")],
            "reopened": [("round", ">", 1)],
            "external": [("stage_id.event_ids.code", "=", "external_admitted")],
            "informal": [("kind", "=", "informal")],
            "formal": [("kind", "=", "formal")],
            "by someone else": [("representative_ids", "!=", False)],
            "not in the register": [("in_register", "=", False)],
        }
        missing = [name for name, domain in situations.items() if not self.count(*domain)]
        self.assertFalse(missing)

    def test_each_part_of_the_handling_occurs(self):
        """What the screens of handling show, is there to be seen."""
        expected = {
            "hearing": ("state", {"planned", "held", "waived"}),
            "measure": ("state", {"proposed", "adopted", "deferred", "rejected", "done"}),
            "objection": ("kind", {"objection", "follow_up"}),
            "referral": ("state", {"referred", "admitted", "decided"}),
            "assistance": ("kind", {"representative", "expert"}),
            "grievance": ("verdict", {"upheld", "not_upheld", False}),
            "agreement": ("kind", {"agreement", "action"}),
            "consultation": ("with_role", {"board"}),
        }
        for model, (fname, values) in expected.items():
            with self.subTest(model=model):
                found = self.env[f"klachtenbeheer.{model}"].search([])
                self.assertLessEqual(values, set(found.mapped(fname)))
        rulings = self.env["klachtenbeheer.ruling"].search([])
        self.assertEqual({bool(ruling.decided_on) for ruling in rulings}, {True, False})
        self.assertTrue(self.env["klachtenbeheer.fact"].search_count([]))
        self.assertTrue(self.env["klachtenbeheer.identity"].search_count([]))
        self.assertTrue(self.count(("is_repeated", "=", True), ("related_ids", "!=", False)))
        self.assertTrue(self.count(("hearing_ids.settled_on", "!=", False)))

    def test_handling_of_the_past_is_dated_then(self):
        for complaint in self.complaints:
            facts = complaint.fact_ids
            dates = [*facts.mapped("date"), *complaint.consultation_ids.mapped("date")]
            dates += complaint.ruling_ids.filtered("decided_on").mapped("decided_on")
            dates += complaint.hearing_ids.filtered("held_on").mapped("held_on")
            for day in dates:
                self.assertLessEqual(complaint.received_on, day, complaint.title)
                self.assertLessEqual(day, self.today, complaint.title)

    def test_start_pages_have_something_in_every_section(self):
        empty = {}
        for login in ("coordinator", "handler", "handler2", "director"):
            page = self.env["klachtenbeheer.start.page"].with_user(self.ref(f"user_{login}"))
            empty[login] = {line["key"] for line in page.get_sections() if not line["count"]}
        self.assertLessEqual(empty["coordinator"], {"mine"})
        self.assertFalse(empty["handler"])
        self.assertLessEqual(empty["handler2"], {"waiting"})
        self.assertNotIn("decide", empty["director"])

    def test_each_outcome_severity_and_channel_of_the_policies_occurs(self):
        closed = self.complaints.filtered("is_closed")
        field = self.complaints._fields["outcome"]
        self.assertEqual(set(closed.mapped("outcome")), set(field.get_values(self.env)))
        severities = self.complaints._fields["severity"].get_values(self.env)
        self.assertLessEqual(set(severities), set(self.complaints.mapped("severity")))
        channels = self.complaints.policy_id.channel_ids.mapped("code")
        self.assertEqual(set(self.complaints.mapped("channel")), set(channels))

    def test_no_board_column_of_a_policy_is_bare_but_a_few(self):
        bare = self.complaints.policy_id.stage_ids - self.complaints.stage_id
        self.assertLessEqual(len(bare), 5, bare.mapped("name"))

    def test_complaints_have_what_their_stages_require(self):
        for complaint in self.told:  # a register that is taken over has no more than that
            events = complaint.event_ids.filtered_domain([("round", "=", complaint.round)])
            reached = events.type_id.mapped(complaint._get_stage_of)
            missing = reached.requirement_ids._get_missing(complaint)
            self.assertFalse(missing.mapped("name"), complaint.title)

    # ---------------------------------------------------------------- letters, mail, tasks

    def test_letters_sent_in_the_past_are_complete_and_mail_nobody(self):
        letters = self.complaints.letter_ids
        sent = letters.filtered(lambda letter: letter.state == "sent")
        self.assertGreater(len(sent), 40)
        self.assertNotIn("failed", letters.mapped("state"))
        self.assertEqual(set(sent.mapped("delivery")), {"email", "post", "portal"})
        for letter in sent:
            self.assertTrue(letter.attachment_id and letter.event_id, letter.display_name)
            self.assertEqual(letter.date, letter.sent_on)
            missing = letter.type_id.requirement_ids._get_missing(letter.complaint_id, letter)
            self.assertFalse(missing.mapped("name"), letter.complaint_id.title)
        self.assertFalse(self.env["mail.mail"].search([]))

    def test_drafts_can_be_sent_as_they_are(self):
        drafts = self.complaints.letter_ids.filtered(lambda letter: letter.state == "draft")
        self.assertTrue(drafts)
        self.assertFalse(any(drafts.mapped("missing_text")))

    def test_job_has_reminded_escalated_and_recorded_lapsed_rights(self):
        codes = set(self.complaints.event_ids.mapped("code"))
        self.assertIn("lapsed", codes)
        duty = self.env.ref("klachtenbeheer.activity_type_duty")
        alert = self.env.ref("klachtenbeheer.activity_type_alert")
        self.assertLessEqual({duty, alert}, set(self.complaints.activity_ids.activity_type_id))
        deadlines = self.env["klachtenbeheer.deadline"]
        self.assertFalse(deadlines.search(deadlines._get_expired_domain(self.today)))

    # ---------------------------------------------------------------- who sees what

    def under(self, *codes):
        """The complaints under these policies."""
        return self.complaints.filtered(lambda line: line.policy_id.code in codes)

    def test_each_role_sees_what_it_should(self):
        about_director = self.ref("speeltuin")
        about_handler = self.ref("spreekuur") | self.ref("haast")
        self.assertEqual(self.seen_by("coordinator"), self.complaints)
        # under one policy registers, under another hands out what nobody handles yet
        waiting = self.under("thuiszorg").filtered(
            lambda line: not line.handler_id and not line.is_closed
        )
        self.assertTrue(waiting)
        self.assertEqual(self.seen_by("registrar"), self.under("relaties") | waiting)
        # one of the five policies names no directie
        directed = self.complaints - self.under("diensten")
        self.assertEqual(self.seen_by("director"), directed - about_director)
        self.assertEqual(self.seen_by("board"), self.complaints.filtered("board_involved"))
        for login in ("handler", "handler2", "respondent"):
            user = self.ref(f"user_{login}")
            own = self.complaints.filtered(lambda line: line.handler_id == user)  # noqa: B023
            self.assertTrue(own)
            self.assertEqual(self.seen_by(login), own)
        self.assertFalse(self.seen_by("respondent") & about_handler)

    def test_client_of_the_portal_has_letters_there(self):
        client = self.ref("user_client")
        self.assertTrue(client.share)
        own = self.complaints.filtered(lambda line: line.partner_id == client.partner_id)
        self.assertEqual(len(own), 2)
        self.assertEqual(set(own.letter_ids.mapped("delivery")), {"portal"})

    # ---------------------------------------------------------------- update

    def test_updating_the_module_leaves_everything_as_it_is(self):
        before = self.complaints.mapped("event_ids.id")
        self.ref("inloop").title = "Veranderd"
        self.load("update")
        self.assertEqual(self.env["klachtenbeheer.complaint"].search([]), self.complaints)
        self.assertEqual(self.complaints.mapped("event_ids.id"), before)
        self.assertEqual(self.ref("inloop").title, "Veranderd")
