from datetime import date, timedelta
from unittest.mock import patch

from ...models.reports.report_printing import ReportPrinting
from .common import local_noon
from .handling_common import HandlingCase

WORDS = "De bus kwam drie keer niet en niemand belde terug over de rit"
# So many complaints of each subject, by half-year; told apart by their place in the policy.
SUBJECTS = {
    "2025-01": (8, 4, 1),
    "2025-07": (9, 7, 6),
    "2026-01": (7, 6, 5),
}


class ReportCase(HandlingCase):
    """An organisation with a policy and two years of complaints, as plain records.

    What became of each follows from its number, so that an independent count is easy.
    """

    SOURCES = ("sj",)

    @classmethod
    def setUpClass(cls):
        with local_noon("2025-01-01"):
            super().setUpClass()
            for login in ("coordinator", "director", "board"):
                cls.users[login].partner_id.email = f"{login}@example.com"
        # nothing is committed while a test runs
        cron = type(cls.env["ir.cron"])
        cls.startClassPatcher(patch.object(cron, "_commit_progress", lambda *_a, **_k: 1))

    @classmethod
    def fill_register(cls, source="sj", subjects=None):
        """Complaints of all half-years; answered in time, late, or not at all."""
        policy = cls.policies[source]
        complaints = cls.env["klachtenbeheer.complaint"]
        for half, numbers in (subjects or SUBJECTS).items():
            for category, number in zip(policy.category_ids, numbers, strict=False):
                for place in range(number):
                    complaints |= cls.make_complaint(policy, half, category, place)
        return complaints

    @classmethod
    def make_complaint(cls, policy, half, category, place, **vals):
        first = date.fromisoformat(f"{half}-01")
        day = first + timedelta(days=place * 17 % 150)
        with local_noon(str(day)):
            complaint = cls.file_complaint(
                policy_id=policy.id,
                category_id=category.id,
                channel="email",
                description=WORDS,
                severity=("low", "medium", "high")[place % 3],
                complainant_name=f"Klaartje Klaagster {half} {place}",
                complainant_email=f"klaartje{place}@example.org",
                received_on=day,
                **vals,
            )
        if place % 4:
            with local_noon(str(day + timedelta(days=20))):
                complaint.record_event("acknowledged", day + timedelta(days=1))
                complaint.record_event("answered", day + timedelta(days=3 + place % 2 * 9))
        return complaint

    def make_report(
        self, code, day="2026-07-20", period="2026-01-01", source="sj", by="coordinator"
    ):
        with local_noon(day):
            return self.as_role(self.env["klachtenbeheer.report"], by).create(
                {
                    "type_id": self.env.ref(f"klachtenbeheer.report_type_{code}").id,
                    "policy_id": self.policies[source].id,
                    "date_from": period,
                }
            )

    def write_texts(self, report, text="<p>Er is niets bijzonders te melden.</p>"):
        for line in report.text_ids:
            line.body = text

    def section(self, report, kind, title=None):
        """The first section of a kind, as it is kept."""
        return next(
            section
            for section in report.figures["sections"]
            if section["kind"] == kind and title in (None, section["title"])
        )

    def set_formal_phase(self, phase):
        """As another policy has it; what a policy says does not change once it is published."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE klachtenbeheer_policy SET formal_phase = %s WHERE id = %s",
            [phase, self.policies["sj"].id],
        )
        self.env.invalidate_all()

    def without_pdf(self):
        """Laying a report out takes a second; one test looks at the PDF itself."""
        return patch.object(ReportPrinting, "_lay_out_pdf", lambda _self: b"%PDF-1.7 report")
