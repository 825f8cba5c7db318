import re
from pathlib import Path

from odoo.exceptions import UserError
from odoo.modules.module import get_module_path
from odoo.tests import Form, tagged

from ..support.common import PRIVACY, local_noon
from ..support.road_common import RoadCase

# What the code may not know: names and records of policies.
POLICY_NAMES = re.compile(
    r"ballance|balans|klimkoord|\bborne\b|klachtenportaal|geschillencommissie"
    r"|\b(policy|model)[-_](sb|ba|sj|kk|bb)\b",
    re.IGNORECASE,
)
# Deciding by which policy it is, instead of by what the policy says.
POLICY_TEST = re.compile(r"""policy(_id)?\.(code|source|name) *(==|!=|in|not in) *["'({\[]""")
DATA_FOLDERS = {"data", "demo", "migrations", "tests", "i18n"}


@tagged("post_install", "-at_install")
class TestSixthPolicy(RoadCase):
    """A policy that the addon knows nothing of: care under the Wkkgz. A decision within six
    weeks, extended by four at most with notice before they are over; measures with the term
    in which they are realised; then an external disputes body.

    The functional manager enters it on the screens, and has no other right; nothing is code.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body = cls.env["res.partner"].create({"name": "Geschillencommissie Zorg"})
        cls.policies["zorg"] = cls.enter_policy()

    @classmethod
    def by_manager(cls, model):
        return cls.env[model].with_user(cls.users["manager"])

    @classmethod
    def enter_policy(cls):
        with Form(cls.by_manager("klachtenbeheer.policy")) as form:
            form.name = "Klachtenregeling zorg"
            form.code = "zorg"
            form.effective_from = "2020-01-01"
            form.approval_role = "director"
            form.assignment_event_id = cls.catalogue("event.type", "taken_up")
            form.objection_text = "<p>Niet tevreden? Ga naar de geschillencommissie.</p>"
            form.external_body_text = "<p>Geschillencommissie Zorg.</p>"
            form.contact_email = "klachten@zorg.example"
            form.privacy_text = PRIVACY
            form.regime = "wkkgz"
            cls.enter_roles(form)
            cls.enter_stages(form)
            cls.enter_terms(form)
            cls.enter_letters(form)
        policy = form.record
        assert not policy.regime_warning, policy.regime_warning
        cls.enter_body(policy)
        policy.action_submit()
        cls.release(policy)
        return policy.with_env(cls.env)

    @classmethod
    def catalogue(cls, model, *codes):
        """Records of a catalogue that the manager chooses from."""
        return cls.by_manager(f"klachtenbeheer.{model}").search([("code", "in", codes)])

    @classmethod
    def enter_roles(cls, form):
        for role, title, people in (
            ("coordinator", "klachtenfunctionaris", "coordinator"),
            ("handler", "behandelaar", "handler"),
            ("director", "raad van bestuur", "director"),
            ("external_body", "geschillencommissie", None),
        ):
            with form.role_ids.new() as line:
                line.role = role
                line.name = title
                if people:
                    line.user_ids.add(cls.users[people])
                else:
                    line.partner_id = cls.body

    @classmethod
    def enter_body(cls, policy):
        """How to reach the disputes body, which the letter to it tells."""
        body = policy.role_ids.filtered(lambda line: line.role == "external_body")
        with Form(body) as form:
            form.email = "post@geschil.example"
            form.form_url = "https://geschil.example/formulier"
            form.rules_url = "https://geschil.example/reglement"
            form.mention = "Noem Zorggroep De Proef als zorgaanbieder."

    @classmethod
    def enter_stages(cls, form):
        """Among what is asked before a decision is something of their own: the wish."""
        needed = cls.catalogue("requirement", "findings", "measures_dated") | cls.enter_wish()
        for name, codes, requirements, closes in (
            ("Ontvangen", ("received", "reopened"), (), False),
            ("In behandeling", ("taken_up", "contacted"), (), False),
            ("Oordeel gegeven", ("decided",), needed, False),
            ("Bij de geschillencommissie", ("referred", "external_admitted"), (), False),
            ("Gesloten", ("closed",), cls.catalogue("requirement", "outcome"), True),
        ):
            with form.stage_ids.new() as line:
                line.name = name
                line.is_closed = closes
                for event_type in cls.catalogue("event.type", *codes):
                    line.event_ids.add(event_type)
                for requirement in requirements:
                    line.requirement_ids.add(requirement)

    @classmethod
    def enter_wish(cls):
        wish = cls.by_manager("ir.model.fields").search(
            [("model", "=", "klachtenbeheer.complaint"), ("name", "=", "desired_solution")]
        )
        with Form(cls.by_manager("klachtenbeheer.requirement")) as form:
            form.name = "Wat de cliënt wil bereiken"
            form.code = "wish"
            form.field_ids.add(wish)
        return form.record

    @classmethod
    def enter_terms(cls, form):
        with form.term_ids.new() as line:
            line.code = "decide"
            line.name = "Oordeel"
            line.clause = "art. 17 Wkkgz"
            line.start_event_id = cls.catalogue("event.type", "received")
            line.stop_event_ids.add(cls.catalogue("event.type", "decided"))
            line.amount = 6
            line.unit = "week"
            line.extendable = True
            line.extension_amount = 4
        with form.term_ids.new() as line:
            line.code = "refer"
            line.name = "Naar de geschillencommissie"
            line.duty_of = "complainant"
            line.start_event_id = cls.catalogue("event.type", "decided")
            line.stop_event_ids.add(cls.catalogue("event.type", "referred"))
            line.amount = 12
            line.unit = "month"

    @classmethod
    def enter_letters(cls, form):
        for code, name, event, requirements, vals in (
            (
                "delay_notice",
                "Uitstel",
                "delay_notified",
                ("reason", "promised_on"),
                {"extends_terms": True},
            ),
            (
                "decision",
                "Oordeel",
                "decided",
                ("findings", "measures_dated", "parties_heard"),
                {"approval_role": "director", "prints_objection": True, "prints_external": True},
            ),
            (
                "external_referral",
                "Naar de geschillencommissie",
                None,
                ("body_form", "body_email", "body_mention", "body_rules"),
                {"about": "referral"},
            ),
        ):
            with form.letter_type_ids.new() as line:
                line.code = code
                line.name = name
                line.signatory_role = "handler"
                line.template_id = cls.env.ref(f"klachtenbeheer.mail_template_{code}")
                if event:
                    line.event_type_id = cls.catalogue("event.type", event)
                for requirement in cls.catalogue("requirement", *requirements):
                    line.requirement_ids.add(requirement)
                for fname, value in vals.items():
                    setattr(line, fname, value)

    # ---------------------------------------------------------------- walked

    def test_the_dates_follow_from_the_records(self):
        self.assertEqual(
            {code: str(day) for code, day in self.policies["zorg"].preview("2026-06-01").items()},
            {"decide": "2026-07-13"},
        )

    def test_walked_to_its_end(self):
        complaint = self.take_in("zorg", "2026-06-01", desired_solution="Excuses.")
        with local_noon("2026-06-02"):
            self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
        self.assertEqual(complaint.stage_id.name, "In behandeling")
        text = self.extend(complaint)
        self.assertIn("10 augustus 2026", text)
        self.assertEqual(str(self.deadline(complaint, "decide").due_on), "2026-08-10")
        self.decide_with_dated_measures(complaint)
        right = self.deadline(complaint, "refer")
        self.assertEqual(str(right.due_on), "2027-08-06")
        self.go_to_the_body(complaint)
        self.assertAllInTime(complaint)
        self.assertOnRecord(
            complaint,
            "received",
            "taken_up",
            "delay_notified",
            "decided",
            "referred",
            "external_admitted",
            "closed",
        )
        self.assertRecordValues(complaint, [{"is_closed": True, "in_register": True}])

    def extend(self, complaint):
        """By four weeks at most, and only before the six are over."""
        notice = {"reason": "De arts is met verlof."}
        with self.assertRaisesRegex(UserError, "at the latest"):
            self.send(
                complaint,
                "delay_notice",
                "2026-07-10",
                "handler",
                promised_on="2026-08-11",
                **notice,
            )
        return self.send(
            complaint, "delay_notice", "2026-07-10", "handler", promised_on="2026-08-10", **notice
        )

    def decide_with_dated_measures(self, complaint):
        """The decision says by when its measures are realised."""
        self.hear(complaint, "2026-07-20")
        with local_noon("2026-08-03"):
            as_handler = self.as_role(complaint, "handler")
            as_handler.write({**self.CONTENT, "verdict": "upheld"})
            measure = self.new(
                "measure",
                name="Dubbele controle bij overdracht",
                state="adopted",
                link_ids=[(0, 0, {"complaint_id": complaint.id})],
            )
            letter = self.prepare(complaint, "decision")
            with self.assertRaisesRegex(UserError, "By which date each measure is realised"):
                letter.action_submit()
            measure.due_on = "2026-10-01"
        self.assertSays(
            self.send(complaint, "decision", "2026-08-06", "handler", "director"),
            "De planner had de rit niet ingevoerd.",
            "Dubbele controle bij overdracht",
            "donderdag 1 oktober 2026",  # by when the measure is realised
            "Geschillencommissie Zorg",
            "vrijdag 6 augustus 2027",  # twelve months from do 6 August 2026
        )

    def go_to_the_body(self, complaint):
        """Pointed out by letter, filed there, and admitted by it."""
        body = complaint.policy_id.role_ids.filtered(lambda line: line.role == "external_body")
        with local_noon("2026-08-20"):
            referral = self.new(
                "referral", "coordinator", complaint_id=complaint.id, role_id=body.id
            )
        self.assertSays(
            self.send(complaint, "external_referral", "2026-08-20", "handler"),
            "geschil.example/formulier",
            "post@geschil.example",
            "Noem Zorggroep De Proef als zorgaanbieder.",
            "geschil.example/reglement",
        )
        with local_noon("2026-09-01"):
            referral.filed_on = "2026-09-01"
            referral.action_file()
        with local_noon("2026-09-08"):
            referral.write({"admitted_on": "2026-09-08", "reference": "GZ-1"})
            referral.action_admit()
            self.as_role(complaint, "coordinator").action_close()

    def test_a_notice_after_the_six_weeks_moves_nothing(self):
        complaint = self.take_in("zorg", "2026-06-01")
        with local_noon("2026-06-02"):
            self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
        self.send(
            complaint,
            "delay_notice",
            "2026-07-14",
            "handler",
            reason="Vergeten.",
            promised_on="2026-08-03",
        )
        self.assertDue(complaint, decide="2026-07-13")
        self.run_job("2026-07-15")
        self.assertIn("Overdue: Oordeel", self.alerts(complaint, "coordinator"))

    # ---------------------------------------------------------------- code

    def test_nothing_in_the_code_names_a_policy(self):
        """Neither the five nor this one: what a policy has is data."""
        found = [
            f"{path.name}:{number}: {line.strip()}"
            for path in self.get_sources()
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            if POLICY_NAMES.search(line) or POLICY_TEST.search(line)
        ]
        self.assertEqual(found, [])

    def get_sources(self):
        """All code and screens of the addon, without data, tests and what updates it."""
        root = Path(get_module_path("klachtenbeheer"))
        paths = [
            path
            for path in sorted(root.rglob("*"))
            if path.suffix in (".py", ".js", ".xml", ".scss", ".css")
            and path.relative_to(root).parts[0] not in DATA_FOLDERS
            and path.name != "__manifest__.py"
        ]
        self.assertGreater(len(paths), 100)
        return paths

    def test_the_search_for_names_finds_them(self):
        for line in (
            'if policy.code == "x":',
            'if complaint.policy_id.source in ("a",):',
            'ref("klachtenbeheer.policy_sb")',
            "# as Klimkoord does",
        ):
            self.assertTrue(POLICY_NAMES.search(line) or POLICY_TEST.search(line), line)
