from .access_common import ACCESS_LOGGERS
from .common import local_noon
from .handling_common import HandlingCase
from .letter_common import LetterCase

__all__ = ["ACCESS_LOGGERS", "RoadCase", "local_noon"]


class RoadCase(HandlingCase, LetterCase):
    """The longest road through a policy: by its own people, on the days it would happen,
    with the letters they send, read back as printed.

    Whatever happens to the complaint is done as one of `self.users`; the record that the
    tests hold themselves is for looking only.
    """

    WORDS = "De bus kwam drie keer niet."
    CONTENT = {
        "summary": "De bus kwam drie keer niet.",
        "findings": "<p>De planner had de rit niet ingevoerd.</p>",
        "solution": "<p>U betaalt de ritten niet.</p>",
        "measures": "<p>De teamleider controleert de planning.</p>",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accused.write({"name": "Bert Beklaagde", "email": "bert@example.com"})

    # ---------------------------------------------------------------- steps

    def take_in(self, source, day, role="employee", **vals):
        """Registered by an employee, by quick entry; the coordinator completes it."""
        with local_noon(day):
            entry = self.as_role(self.env["klachtenbeheer.intake"], role).create(
                {
                    "policy_id": self.policies[source].id,
                    "kind": self.policies[source].default_kind,
                    "channel": "email",
                    "description": self.WORDS,
                    "complainant_name": "Kees Klager",
                    "complainant_email": "kees@example.com",
                    **vals,
                }
            )
            entry.action_register()
            coordinator = self.as_role(self.env["klachtenbeheer.complaint"], "coordinator")
            seen = coordinator.search([("name", "=", entry.reference)])
            seen.complainant_lang = "nl_NL"
        self.assertEqual(len(seen), 1, "the coordinator finds it by the reference")
        return seen.with_env(self.env)

    def classify(self, complaint, day, category=0, **vals):
        """The coordinator completes the registration."""
        policy = complaint.policy_id
        with local_noon(day):
            self.as_role(complaint, "coordinator").write(
                {
                    "category_id": policy.category_ids[category].id,
                    "complainant_kind_id": policy.complainant_kind_ids[:1].id,
                    **vals,
                }
            )

    def send(self, complaint, code, day, role="coordinator", approved_by=None, **vals):
        """A letter is written, approved where that is needed, and sent on a local date; its
        printed text."""
        with local_noon(day), self.mail_server():
            letter = self.prepare(complaint, code, role, **vals)
            if letter.needs_approval:
                letter.action_submit()
                self.as_role(letter, approved_by).action_approve()
            letter.action_send()
        self.assertEqual(letter.state, "sent")
        return self.read_back(letter)

    def read_back(self, letter):
        """The text of the PDF that was sent, with what every letter has to say."""
        text = self.text_of(letter)
        for part in (letter.complaint_id.name, letter.signatory_id.name or ""):
            self.assertIn(part, text, letter.type_id.code)
        return text

    def hear(self, complaint, day, role="handler"):
        with local_noon(day):
            self.hear_both_sides(self.as_role(complaint, role))

    # ---------------------------------------------------------------- looking

    def assertSays(self, text, *parts):
        for part in parts:
            self.assertIn(part, text)

    def assertDue(self, complaint, round_number=1, **days):
        """Due dates by term, as worked out by hand."""
        found = {code: str(self.deadline(complaint, code, round_number).due_on) for code in days}
        self.assertEqual(found, days)

    def assertOnRecord(self, complaint, *codes):
        """The events that stand, in order."""
        events = complaint.event_ids.filtered(lambda event: not event.voided)
        found = events.sorted(lambda event: (event.occurred_on, event.id)).mapped("code")
        self.assertEqual(found, list(codes))

    def assertAllInTime(self, complaint):
        states = set(complaint.deadline_ids.mapped("state"))
        self.assertLessEqual(states, {"met", "void", "lapsed"}, self.due(complaint))
        self.assertIn("met", states)

    def assertStage(self, complaint, name):
        self.assertEqual(complaint.stage_id.name, name)
