from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.common import local_time
from ..support.privacy_common import PrivacyCase


@tagged("post_install", "-at_install")
class TestBreach(PrivacyCase):
    """The register of breaches: 72 hours, who was told, and the texts for it (AVG art. 33-34)."""

    def note(self, **vals):
        return (
            self.env["klachtenbeheer.breach"]
            .with_user(self.users["protector"])
            .create(
                {
                    "name": "Mail naar een verkeerd adres",
                    "company_id": self.company.id,
                    "discovered_at": datetime(2026, 4, 3, 15, 30),
                    **vals,
                }
            )
        )

    def test_72_hours_by_the_clock(self):
        breach = self.note()
        self.assertEqual(breach.due_at, datetime(2026, 4, 6, 15, 30))
        self.assertEqual(breach.due_on, date(2026, 4, 6), "Tweede paasdag telt gewoon mee")
        with local_time("2026-04-06", "17:29"):
            breach.invalidate_recordset(["is_late"])
            self.assertFalse(breach.is_late)
        with local_time("2026-04-06", "17:31"):
            breach.invalidate_recordset(["is_late"])
            self.assertTrue(breach.is_late)

    def test_later_with_a_reason_only(self):
        breach = self.note()
        with self.assertRaisesRegex(UserError, "72"), self.env.cr.savepoint():
            breach.notified_at = datetime(2026, 4, 6, 15, 31)
        breach.write({"notified_at": datetime(2026, 4, 6, 15, 31), "late_reason": "Feestdagen"})

    def test_when_it_is_settled(self):
        breach = self.note(risk="high")
        breach.notified_at = datetime(2026, 4, 4)
        self.assertFalse(breach.is_settled, "the people have not been told")
        breach.people_told_on = date(2026, 4, 5)
        self.assertTrue(breach.is_settled)
        harmless = self.note(risk="none")
        self.assertFalse(harmless.is_settled, "it is said why nobody has to be told")
        harmless.not_notified_reason = "Versleuteld"
        self.assertTrue(harmless.is_settled)

    def test_the_texts_say_what_is_known(self):
        breach = self.note(
            description="Een brief ging naar een oud adres.",
            people_count=2,
            people_kinds="klagers",
            measures="Teruggehaald.",
        )
        for text in (breach.authority_text, breach.people_text):
            self.assertIn("oud adres", text)
            self.assertIn("Teruggehaald", text)
        self.assertIn("2 klagers", breach.authority_text)
        self.assertNotIn("2 klagers", breach.people_text)

    def test_who_protects_data_is_told_every_day(self):
        breach = self.note(discovered_at=datetime.combine(self.today, datetime.min.time()))
        self.run_job(days=2)
        first = breach.reminded_on
        self.run_job(days=3)
        self.assertGreater(breach.reminded_on, first)

    def test_a_breach_is_not_deleted(self):
        self.assertFalse(self.note().has_access("unlink"))
