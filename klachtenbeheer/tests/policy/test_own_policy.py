from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..support.common import PRIVACY, local_noon
from ..support.road_common import RoadCase


@tagged("post_install", "-at_install")
class TestOwnPolicy(RoadCase):
    """A policy of somebody's own, entered on the screens alone by the functional manager: three
    bodies, a committee that decides, a term that depends on a fact, verdicts and a field of its
    own. Somebody else puts it in force, and a complaint is walked to its end."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users |= {
            "second": cls.make_user("tweede", "klachtenbeheer.group_manager"),
            "chair": cls.make_user("voorzitter", "klachtenbeheer.group_handler"),
            "member": cls.make_user("lid", "klachtenbeheer.group_handler"),
        }
        cls.bodies = cls.env["res.partner"].create(
            [{"name": name} for name in ("Geschillencommissie Proef", "Ombudsman Proef")]
        )
        cls.policies["eigen"] = cls.enter_policy()

    # ---------------------------------------------------------------- entered

    @classmethod
    def open_new(cls, model):
        return Form(cls.env[f"klachtenbeheer.{model}"].with_user(cls.users["manager"]))

    @classmethod
    def catalogue(cls, model, *codes):
        """Records of a catalogue that the manager chooses from."""
        records = cls.env[f"klachtenbeheer.{model}"].with_user(cls.users["manager"])
        return records.search([("code", "in", codes)])

    @classmethod
    def enter_verdict(cls, name, counts_as, sentence=False):
        with cls.open_new("verdict") as form:
            form.name, form.phrase, form.code = name, name.lower(), name.lower().replace(" ", "-")
            form.counts_as, form.sentence = counts_as, sentence
        return form.record

    @classmethod
    def enter_requirement(cls):
        with cls.open_new("requirement") as form:
            form.name, form.code, form.own_field = "De vestiging", "branch", "Vestiging"
        return form.record

    @classmethod
    def enter_policy(cls):
        verdicts = (
            cls.enter_verdict("Terecht", "upheld"),
            cls.enter_verdict("Onterecht", "not_upheld"),
            cls.enter_verdict("Geen uitspraak", "withheld", "Wij doen geen uitspraak."),
        )
        with cls.open_new("policy") as form:
            form.name, form.code = "Klachtenreglement wonen", "wonen"
            form.effective_from = "2020-01-01"
            form.assignment_event_id = cls.catalogue("event.type", "taken_up")
            form.verdict_required = True
            form.own_fields = "Vestiging (keuze: Noord, Zuid)\nHuurder sinds (datum)"
            form.objection_text = (
                "<p>Niet tevreden? Ga naar {the:geschil}, of naar {the:ombudsman}.</p>"
            )
            form.privacy_text = PRIVACY
            form.contact_email = "klachten@wonen.example"
            form.verdict_ids.clear()
            for verdict in verdicts:
                form.verdict_ids.add(verdict)
            cls.enter_roles(form)
            cls.enter_stages(form)
            cls.enter_terms(form)
            cls.enter_letters(form)
        policy = form.record
        cls.complete_roles(policy)
        cls.put_in_force(policy)
        return policy.with_env(cls.env)

    @classmethod
    def enter_roles(cls, form):
        for kind, title, people, body in (
            ("coordinator", "klachtencoördinator", ("coordinator",), None),
            ("handler", "behandelaar", ("handler",), None),
            ("director", "directie", ("director",), None),
            ("committee", "huurderscommissie", ("chair", "member"), None),
            ("external_body", "geschillencommissie", (), cls.bodies[0]),
            ("external_body", "ombudsman", (), cls.bodies[1]),
        ):
            with form.role_ids.new() as line:
                line.role, line.name = kind, title
                line.may_decide = kind in ("director", "committee")
                for user in people:
                    line.user_ids.add(cls.users[user])
                if body:
                    line.partner_id = body

    @classmethod
    def complete_roles(cls, policy):
        """What stands on the form of a role: its code, its chair, how to reach it."""
        for role in policy.role_ids:
            with Form(role) as form:
                if role.name == "huurderscommissie":
                    form.chair_id = cls.users["chair"]
                elif role.name == "geschillencommissie":
                    form.code, form.email = "geschil", "post@geschil.example"
                elif role.name == "ombudsman":
                    form.code, form.email = "ombudsman", "post@ombuds.example"
        with Form(policy) as form, form.term_ids.edit(2) as line:
            line.duty_role_id = policy.role_ids.filtered(lambda r: r.role == "committee")

    @classmethod
    def enter_stages(cls, form):
        catalogue = cls.catalogue
        before = catalogue("requirement", "advised", "findings", "verdict", "verdict_motivation")
        for name, codes, requirements, closes in (
            ("Ontvangen", ("received", "reopened"), (), False),
            ("In behandeling", ("taken_up", "contacted"), catalogue("requirement", "handler"), 0),
            ("Bij de commissie", ("advice_asked", "advised"), cls.enter_requirement(), False),
            ("Uitspraak", ("decided",), before, False),
            ("Gesloten", ("closed",), catalogue("requirement", "outcome"), True),
        ):
            with form.stage_ids.new() as line:
                line.name, line.is_closed = name, bool(closes)
                for event_type in catalogue("event.type", *codes):
                    line.event_ids.add(event_type)
                for requirement in requirements:
                    line.requirement_ids.add(requirement)

    @classmethod
    def enter_terms(cls, form):
        for code, name, start, stop, weeks, only_when in (
            ("decide", "Uitspraak", "received", "decided", 6, "[('severity', '!=', 'high')]"),
            (
                "urgent",
                "Uitspraak met spoed",
                "received",
                "decided",
                3,
                "[('severity', '=', 'high')]",
            ),
            ("advise", "Oordeel van de commissie", "advice_asked", "advised", 2, False),
        ):
            with form.term_ids.new() as line:
                line.code, line.name, line.clause = code, name, "art. 4"
                line.start_event_id = cls.catalogue("event.type", start)
                line.stop_event_ids.add(cls.catalogue("event.type", stop))
                line.amount, line.unit = weeks, "week"
                line.only_when = only_when

    @classmethod
    def enter_letters(cls, form):
        for code, name, event, vals in (
            (
                "decision",
                "Uitspraak",
                "decided",
                {"signatory_role": "committee", "prints_objection": True},
            ),
            (
                "external_referral",
                "Naar een instantie buiten ons",
                None,
                {"signatory_role": "handler", "about": "referral"},
            ),
        ):
            with form.letter_type_ids.new() as line:
                line.code, line.name = code, name
                line.template_id = cls.env.ref(f"klachtenbeheer.mail_template_{code}")
                if event:
                    line.event_type_id = cls.catalogue("event.type", event)
                for fname, value in vals.items():
                    setattr(line, fname, value)

    @classmethod
    def put_in_force(cls, policy):
        """Who entered it named its people, so somebody else publishes it."""
        try:
            policy.action_publish()
            raise AssertionError("who named the people published them")
        except UserError as refusal:
            assert "Appointing takes two" in str(refusal), refusal
        policy.invalidate_recordset()
        policy.with_user(cls.users["second"]).action_publish()

    # ---------------------------------------------------------------- walked

    def test_it_is_in_force_with_its_people(self):
        policy = self.policies["eigen"]
        self.assertEqual(policy.state, "published")
        self.assertFalse(policy.proposed_ids)
        committee = policy._get_committees()
        self.assertEqual(committee.user_ids, self.users["chair"] | self.users["member"])
        self.assertTrue(committee.may_decide and not committee.may_assign)
        confirmed = policy.appointment_ids.filtered(lambda line: line.state == "confirmed")
        self.assertEqual(confirmed.confirmed_by_id, self.users["second"])
        self.assertEqual(
            policy.verdict_ids.mapped("name"), ["Terecht", "Onterecht", "Geen uitspraak"]
        )

    def test_the_term_follows_the_fact(self):
        complaint = self.take_in("eigen", "2026-06-01")
        self.assertDue(complaint, decide="2026-07-13")
        self.make_urgent(complaint)
        self.assertDue(complaint, urgent="2026-06-22")
        self.assertNotIn("decide", complaint.deadline_ids.mapped("code"))

    def test_walked_to_its_end(self):
        complaint = self.take_in("eigen", "2026-06-01")
        self.make_urgent(complaint)
        with local_noon("2026-06-02"):
            self.as_role(complaint, "coordinator").action_assign(self.users["handler"])
        self.assertStage(complaint, "In behandeling")
        advice = self.put_before(complaint)
        self.rule(complaint, advice)
        self.tell(complaint)
        self.point_out(complaint)
        with local_noon("2026-06-25"):
            self.as_role(complaint, "coordinator").action_close()
        self.assertRecordValues(complaint, [{"is_closed": True, "outcome": "decided"}])
        self.assertAllInTime(complaint)

    def make_urgent(self, complaint):
        with local_noon("2026-06-02"):
            self.as_role(complaint, "coordinator").severity = "high"

    def put_before(self, complaint):
        """The stage asks for the field that the policy added."""
        vals = {
            "complaint_id": complaint.id,
            "role_id": complaint.policy_id._get_committees().id,
            "question": "Is de klacht terecht?",
        }
        with local_noon("2026-06-03"):
            form = Form(self.as_role(complaint, "handler"))
            self.assertTrue(form.has_own_fields)
            self.as_role(complaint, "handler").own_values = {"vestiging": "noord"}
            advice = self.new("advice", **vals)
        self.assertStage(complaint, "Bij de commissie")
        self.assertDue(complaint, advise="2026-06-17", urgent="2026-06-22")
        self.assertIn(self.deadline(complaint, "advise").responsible_id, advice.role_id.user_ids)
        return advice

    def rule(self, complaint, advice):
        """The committee rules in the words of the policy, and its chair signs."""
        right = complaint.policy_id._find_verdict("upheld")
        with local_noon("2026-06-12"):
            with Form(self.as_role(advice, "member")) as form:
                form.text, form.verdict_id = "<p>De huurder had gelijk.</p>", right
            self.as_role(advice, "chair").action_sign()
        self.assertEqual((complaint.verdict_id, complaint.verdict), (right, "upheld"))

    def tell(self, complaint):
        with local_noon("2026-06-15"):
            self.as_role(complaint, "handler").write(
                {"summary": self.WORDS, "findings": "<p>De lift stond stil.</p>"}
            )
        text = self.send(complaint, "decision", "2026-06-16", "handler")
        self.assertSays(
            text,
            "terecht",
            "De huurder had gelijk.",
            self.users["chair"].name,
            "huurderscommissie",
            "de geschillencommissie, of naar de ombudsman",
        )

    def point_out(self, complaint):
        """Of the two bodies outside, the one that is meant."""
        body = complaint.policy_id._get_roles("ombudsman")
        with local_noon("2026-06-18"):
            self.new("referral", "coordinator", complaint_id=complaint.id, role_id=body.id)
        text = self.send(complaint, "external_referral", "2026-06-18", "handler")
        self.assertSays(text, "Ombudsman Proef")
        self.assertNotIn("Geschillencommissie Proef", text)
