from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.letter_common import LetterCase


@tagged("post_install", "-at_install")
class TestPolicyLetters(LetterCase):
    """What the letters of each policy say to the complainant, as printed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.name = "Stichting De Proef"

    def printed(self, source, code, received_on, written_on=None, fill=True, **vals):
        """The text of a letter under a policy, received and written on local dates."""
        with local_noon(received_on):
            complaint = self.file_under(self.publish_source(source))
        with local_noon(written_on or received_on):
            if fill:
                self.investigate(complaint)
            if code == "final_decision":
                complaint.record_event("objected")
            return self.preview_text(self.prepare(complaint, code, **vals))

    def assertSays(self, text, *parts):
        for part in parts:
            self.assertIn(part, text)

    def test_sb_decision(self):
        """SB35-40: findings, verdict, measures; the confidant, in writing, and the last day."""
        self.assertSays(
            self.printed("sb", "decision", "2026-05-18", "2026-06-15"),
            "De planner had de rit niet ingevoerd.",
            "gedeeltelijk gegrond",
            "Wij hadden u moeten bellen.",
            "De teamleider controleert de planning.",
            "vertrouwenspersoon",
            "schriftelijk",
            "maandag 22 juni 2026",
            "directie",
        )

    def test_sb_acknowledgement(self):
        """SB20, SB28: the number, the procedure and the date of the decision."""
        self.assertSays(
            self.printed("sb", "acknowledgement", "2026-05-18"),
            "maandag 18 mei 2026",
            "leidinggevende",
            "maandag 15 juni 2026",
            "0570 - 12 34 56",
        )

    def test_sb_delay_notice(self):
        """SB34: the reason, the old date and the new one."""
        text = self.printed(
            "sb",
            "delay_notice",
            "2026-05-18",
            "2026-06-10",
            reason="De chauffeur is met verlof.",
            promised_on="2026-06-29",
        )
        self.assertSays(
            text, "maandag 15 juni 2026", "maandag 29 juni 2026", "De chauffeur is met verlof."
        )

    def test_ba_acknowledgement(self):
        """BA6, BA22-23: the further procedure, and who the klachtenfunctionaris is."""
        self.assertSays(
            self.printed("ba", "acknowledgement", "2026-04-02"),
            "donderdag 23 april 2026",
            "binnen een maand schriftelijk",
            "mondeling toelichten",
            self.users["coordinator"].name,
            "klachtenfunctionaris",
        )

    def test_ba_answer(self):
        """BA25-27: the complaint, what is proposed, and what to do when one disagrees."""
        text = self.printed("ba", "answer", "2026-04-02", "2026-04-23")
        self.assertSays(
            text,
            "De bus kwam drie keer niet.",
            "U betaalt de ritten niet.",
            "De teamleider controleert de planning.",
            "niet eens",
            "schriftelijk",
            "dinsdag 26 mei 2026",
            "definitieve beslissing van de directie",
        )
        # the internal way comes first (BA2)
        self.assertNotIn("gerechtelijke procedure", text)

    def test_ba_final_decision(self):
        """BA34, BA38-39: of directie, with reasons; the court, and whom to ask about it."""
        self.assertSays(
            self.printed(
                "ba",
                "final_decision",
                "2026-04-02",
                "2026-06-12",
                reason="Wij blijven bij ons antwoord.",
            ),
            "definitieve beslissing",
            "Wij blijven bij ons antwoord.",
            "gerechtelijke procedure",
            "klachtenfunctionaris",
            "directie",
        )

    def test_sj_answer_and_delay_notice(self):
        """SJ20-22: what is done for you, which measures follow, and the handler signs."""
        self.assertSays(
            self.printed("sj", "answer", "2026-04-03", "2026-04-10"),
            "U betaalt de ritten niet.",
            "De teamleider controleert de planning.",
            "directeur",
            "klachtenbehandelaar",
        )
        policy = self.template("sj")
        notice = policy.letter_type_ids.filtered(lambda line: line.code == "delay_notice")
        self.assertEqual(notice.signatory_role, "handler")

    def test_kk_acknowledgement(self):
        """KK21-22, KK30-31: who gets to know, contact in 14 days, steps in 30."""
        self.assertSays(
            self.printed("kk", "acknowledgement", "2026-04-02"),
            "donderdag 16 april 2026",
            "zaterdag 2 mei 2026",
            "beperkt antwoord in algemene termen",
            "Kwaliteitsmanager",
        )

    def test_kk_answer(self):
        """KK20, KK36-41: reaction and steps; the external body and what to tell it."""
        self.assertSays(
            self.printed("kk", "answer", "2026-04-02", "2026-05-01"),
            "U betaalt de ritten niet.",
            "Klachtenportaal Zorg",
            "www.klachtenportaalzorg.nl",
            "klachten@proef.example",
            "Wkkgz",
            "vermeld altijd dat Stichting De Proef de zorgaanbieder is",
        )

    def test_bb_acknowledgement(self):
        """BB6, BB16: how the complaint is handled and how long that takes."""
        self.assertSays(
            self.printed(
                "bb",
                "acknowledgement",
                "2026-04-30",
                "2026-05-08",
                expected_manner="Wij spreken eerst met de chauffeur.",
                promised_on="2026-06-08",
            ),
            "Wij spreken eerst met de chauffeur.",
            "maandag 8 juni 2026",
            "bewaken de voortgang",
        )

    def test_sj_kind_severity_and_solution_are_asked_before_closing(self):
        """SJ4, SJ55."""
        with local_noon("2026-04-03"):
            complaint = self.file_complaint(policy_id=self.publish_source("sj").id)
            complaint.record_event("resolved_informally")
            with self.assertRaises(UserError) as refusal:
                complaint.action_close()
            self.assertSays(str(refusal.exception), "Severity", "Category", "How it was solved")
            complaint.write(
                {
                    "severity": "low",
                    "category_id": complaint.policy_id.category_ids[0].id,
                    "outcome_note": "Excuses gemaakt en de rit alsnog geregeld.",
                }
            )
            complaint.action_check_registration()
            complaint.action_close()
        self.assertTrue(complaint.is_closed)
