from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import local_noon
from .road_common import RoadCase


@tagged("post_install", "-at_install")
class TestSixthPolicy(RoadCase):
    """A policy that the addon knows nothing of: care under the Wkkgz. A decision within six
    weeks, extended by four at most with notice before they are over; measures with the term
    in which they are realised; then an external disputes body.

    Everything is a record that the functional manager enters; nothing is code.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.body = cls.env["res.partner"].create({"name": "Geschillencommissie Zorg"})
        cls.policies["zorg"] = cls.enter_policy()

    @classmethod
    def enter_policy(cls):
        manager = cls.users["manager"]
        policy = (
            cls.env["klachtenbeheer.policy"]
            .with_user(manager)
            .create(
                {
                    "name": "Klachtenregeling zorg",
                    "code": "zorg",
                    "company_id": cls.company.id,
                    "effective_from": "2020-01-01",
                    "approval_role": "director",
                    "assignment_event_id": cls.ref("event_type_taken_up").id,
                    "objection_text": "<p>Niet tevreden? Ga naar de geschillencommissie.</p>",
                    "external_body_text": "<p>Geschillencommissie Zorg.</p>",
                    "contact_email": "klachten@zorg.example",
                    "role_ids": cls.enter_roles(),
                    "stage_ids": cls.enter_stages(manager),
                    "term_ids": cls.enter_terms(),
                    "letter_type_ids": cls.enter_letters(),
                }
            )
        )
        policy.action_submit()
        policy.with_user(cls.users["director"]).action_publish()
        return policy

    @classmethod
    def ref(cls, name):
        return cls.env.ref(f"klachtenbeheer.{name}")

    @classmethod
    def enter_roles(cls):
        return [
            cls.line(role="coordinator", name="klachtenfunctionaris", users="coordinator"),
            cls.line(role="handler", name="behandelaar", users="handler", required=False),
            cls.line(role="director", name="raad van bestuur", users="director"),
            Command.create(
                {
                    "role": "external_body",
                    "name": "geschillencommissie",
                    "partner_id": cls.body.id,
                }
            ),
        ]

    @classmethod
    def enter_stages(cls, manager):
        own = (
            cls.env["klachtenbeheer.requirement"]
            .with_user(manager)
            .create(
                {
                    "name": "Wat de cliënt wil bereiken",
                    "code": "wish",
                    "field_ids": [
                        Command.link(
                            cls.env["ir.model.fields"]
                            .with_user(manager)
                            .search(
                                [
                                    ("model", "=", "klachtenbeheer.complaint"),
                                    ("name", "=", "desired_solution"),
                                ]
                            )
                            .id
                        )
                    ],
                }
            )
        )
        needed = cls.ref("requirement_findings") | cls.ref("requirement_measures_dated") | own
        stages = (
            ("Ontvangen", ("received", "reopened"), {}),
            ("In behandeling", ("taken_up", "contacted"), {}),
            ("Oordeel gegeven", ("decided",), {"requirement_ids": [Command.set(needed.ids)]}),
            ("Bij de geschillencommissie", ("referred", "external_admitted"), {}),
            (
                "Gesloten",
                ("closed",),
                {
                    "is_closed": True,
                    "requirement_ids": [Command.set(cls.ref("requirement_outcome").ids)],
                },
            ),
        )
        return [
            Command.create(
                {
                    "sequence": 10 * number,
                    "name": name,
                    "event_ids": cls.event_type(*codes),
                    **vals,
                }
            )
            for number, (name, codes, vals) in enumerate(stages, start=1)
        ]

    @classmethod
    def enter_terms(cls):
        return [
            cls.term(
                "decide", "Oordeel", "decided", 6, "week", extendable=True, extension_amount=4
            ),
            cls.term(
                "refer",
                "Naar de geschillencommissie",
                "referred",
                12,
                "month",
                start="decided",
                duty_of="complainant",
            ),
        ]

    @classmethod
    def enter_letters(cls):
        content = {
            "delay_notice": ("reason", "promised_on"),
            "decision": ("findings", "measures_dated", "parties_heard"),
        }
        vals = {
            "delay_notice": {"name": "Uitstel", "extends_terms": True},
            "decision": {
                "name": "Oordeel",
                "approval_role": "director",
                "prints_objection": True,
                "prints_external": True,
            },
        }
        events = {"delay_notice": "delay_notified", "decision": "decided"}
        return [
            Command.create(
                {
                    "code": code,
                    "signatory_role": "handler",
                    "event_type_id": cls.ref(f"event_type_{events[code]}").id,
                    "template_id": cls.ref(f"mail_template_{code}").id,
                    "requirement_ids": [
                        Command.link(cls.ref(f"requirement_{name}").id) for name in names
                    ],
                    **vals[code],
                }
            )
            for code, names in content.items()
        ]

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
        self.send(complaint, "decision", "2026-08-06", "handler", "director")

    def go_to_the_body(self, complaint):
        body = complaint.policy_id.role_ids.filtered(lambda line: line.role == "external_body")
        with local_noon("2026-09-01"):
            referral = self.new(
                "referral",
                "coordinator",
                complaint_id=complaint.id,
                role_id=body.id,
                filed_on="2026-09-01",
                admitted_on="2026-09-01",
                reference="GZ-1",
            )
            referral.action_file()
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
        self.assertEqual(str(self.deadline(complaint, "decide").due_on), "2026-07-13")

    def test_nothing_in_the_code_names_a_policy(self):
        """Neither the five nor this one: what a policy has is data."""
        from pathlib import Path

        from odoo.modules.module import get_module_path

        root = Path(get_module_path("klachtenbeheer"))
        for folder in ("models", "wizard", "tools", "controllers"):
            for path in sorted((root / folder).rglob("*.py")):
                if path.name == "demo_history.py":
                    continue
                text = path.read_text(encoding="utf-8")
                for name in ("policy_sb", "policy_ba", "policy_sj", "policy_kk", "policy_bb"):
                    self.assertNotIn(name, text, path)
                for line in text.splitlines():
                    self.assertNotRegex(line, r"policy(_id)?\.(code|source|name) *(==|in) ", path)
