from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged

from ..support.road_common import RoadCase, local_noon


@tagged("post_install", "-at_install")
class TestRoadYouth(RoadCase, HttpCase):
    """Jeugdwet, from ma 1 June 2026: the committee rules in six weeks, ma 13 July; the provider
    says within a month after that which measures follow."""

    SOURCES = ("youth",)

    @classmethod
    def fill_setup(cls, setup):
        """Two members of the committee come from outside: one of them is the chair."""
        setup = super().fill_setup(setup)
        cls.users |= {
            "member": cls.make_user("commissielid", "klachtenbeheer.group_handler"),
            "outside": cls.make_user("lid.buiten", "base.group_portal"),
            "chair": cls.make_user("voorzitter", "base.group_portal"),
        }
        people = cls.users["member"] | cls.users["outside"] | cls.users["chair"]
        line = setup.role_ids.filtered(lambda line: line.role == "committee")
        line.write({"user_ids": [Command.set(people.ids)], "partner_id": False})
        return setup

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.committee = cls.policies["youth"]._get_committees()
        cls.committee.with_user(cls.users["manager"]).chair_id = cls.users["chair"]

    def test_from_receipt_to_the_measures_after_the_ruling(self):
        self.assertFalse(self.policies["youth"].regime_warning)
        self.assertIn("voorstel", self.policies["youth"].law_note)
        complaint = self.take_up()
        advice = self.put_before(complaint)
        self.rule_from_outside(complaint, advice)
        self.tell_ruling(complaint)
        self.tell_measures(complaint)
        self.send(complaint, "position_notice", "2026-07-27", position="De klacht is gegrond.")
        with local_noon("2026-07-28"):
            self.as_role(complaint, "coordinator").action_close()
        self.assertRecordValues(complaint, [{"is_closed": True, "outcome": "decided"}])
        self.assertAllInTime(complaint)

    def take_up(self):
        complaint = self.take_in("youth", "2026-06-01")
        self.classify(complaint, "2026-06-02", severity="low", title="De bejegening")
        self.assertDue(complaint, acknowledge="2026-06-08", decide="2026-07-13")
        with local_noon("2026-06-02"):
            as_coordinator = self.as_role(complaint, "coordinator")
            as_coordinator.respondent_ids = self.accused
            as_coordinator.action_assign(self.users["handler"])
        text = self.send(complaint, "acknowledgement", "2026-06-03")
        self.assertSays(
            text,
            "Binnen 6 weken",
            "maandag 13 juli 2026",
            "De klachtencommissie beoordeelt uw klacht",
            "iemand meenemen",
        )
        with local_noon("2026-06-04"):
            self.as_role(complaint, "handler").record_event("taken_up")
        self.hear(complaint, "2026-06-15")
        return complaint

    def put_before(self, complaint):
        """Members inside and outside see it from then on, and only it."""
        member = self.as_role(self.env["klachtenbeheer.complaint"], "member")
        self.assertNotIn(complaint, member.search([]))
        with local_noon("2026-06-16"):
            advice = self.new(
                "advice",
                "handler",
                complaint_id=complaint.id,
                role_id=self.committee.id,
                question="Is de klacht gegrond?",
            )
        self.assertEqual(member.search([]), complaint)
        self.assertStage(complaint, "Bij de klachtencommissie")
        return advice

    def rule_from_outside(self, complaint, advice):
        """The chair, with an account for the portal, writes the ruling and signs it; another
        member from outside signs nothing."""
        for login, state in (("lid.buiten", "asked"), ("voorzitter", "advised")):
            with local_noon("2026-06-30"):
                self.rule_as(login, complaint, advice)
            self.env.invalidate_all()
            self.assertEqual(advice.state, state, login)
        self.assertEqual(advice.signed_by_id, self.users["chair"])
        self.assertEqual(complaint.verdict, "upheld", "who decides says the verdict")

    def rule_as(self, login, complaint, advice):
        self.env.flush_all()
        self.authenticate(login, login.ljust(8, "x"))
        page = self.url_open(f"/my/commissie/{complaint.id}")
        self.assertIn("Is de klacht gegrond?", page.text)
        self.url_open(
            f"/my/commissie/{complaint.id}/advies/{advice.id}",
            data={
                "csrf_token": Request.csrf_token(self),
                "text": "De begeleider had moeten bellen.",
                "verdict": "upheld",
                "sign": "1",
            },
        )

    def tell_ruling(self, complaint):
        """Signed by the committee; nobody asks whether it follows its own word."""
        with local_noon("2026-07-01"):
            self.as_role(complaint, "handler").write(
                {"summary": self.WORDS, "findings": "<p>Er is niet gebeld.</p>"}
            )
        text = self.send(complaint, "decision", "2026-07-02", "handler")
        self.assertSays(
            text,
            "gegrond",
            "De begeleider had moeten bellen.",
            "voorzitter",
            "Kinderombudsman",
            "vertrouwenspersoon",
        )
        self.assertDue(complaint, respond="2026-08-03")  # zo 2 August is no werkdag

    def tell_measures(self, complaint):
        with local_noon("2026-07-27"):
            letter = self.prepare(complaint, "measures_notice", "coordinator")
            with self.assertRaisesRegex(UserError, "measure"):
                letter.action_send()
            self.as_role(complaint, "handler").no_measures = True
            with self.mail_server():
                letter.action_send()
        self.assertSays(self.text_of(letter), "geen reden voor verdere maatregelen", "Director van")

    def test_no_ruling_goes_out_that_the_committee_did_not_sign(self):
        complaint = self.take_up()
        self.put_before(complaint)
        with local_noon("2026-07-01"):
            as_handler = self.as_role(complaint, "handler")
            as_handler.write(
                {
                    **self.CONTENT,
                    "verdict": "upheld",
                    "verdict_motivation": "<p>Zelf bedacht.</p>",
                }
            )
            letter = self.prepare(complaint, "decision")
            self.assertIn("ruling of the committee", letter.missing_text)
            with self.assertRaises(UserError):
                letter.action_send()
