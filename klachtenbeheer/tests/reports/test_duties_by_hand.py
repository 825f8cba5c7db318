from datetime import date

from odoo.tests import tagged

from ..support.common import local_noon
from ..support.report_common import ReportCase

KLIMKOORD = (
    # received, contact, answer, and the days on which something else happened;
    # contact within 14 days of receipt (KK46), the steps within 30 (KK47)
    {
        "received": "2026-01-05",
        "contacted": "2026-01-19",
        "answered": "2026-02-04",
    },  # both to the day
    {"received": "2026-01-06", "contacted": "2026-01-21", "answered": "2026-02-09"},  # 1 and 4 late
    {"received": "2026-01-07"},  # neither, so late since 21 January and 6 February
    {"received": "2026-02-02", "contacted": "2026-02-03", "answered": "2026-02-12"},  # both early
    {"received": "2026-02-09", "withdrawn": "2026-02-20"},  # fell away in time
    {"received": "2026-02-10", "withdrawn": "2026-03-02"},  # contact was due on the 24th
    {"received": "2026-03-30"},  # contact due on 13 April: not yet
)
BALLANCE = (
    # passed on on the day of receipt (BA20), acknowledged on the fifth werkdag (BA22), answered
    # in three weeks, which end on a werkdag (BA24)
    {
        "received": "2026-02-05",  # do
        "acknowledged": "2026-02-12",
        "answered": "2026-02-26",
    },
    {
        "received": "2026-02-05",
        "registered": "2026-02-06",  # one day late
        "acknowledged": "2026-02-13",  # one day late
        "answered": "2026-02-27",  # one day late
    },
    {
        "received": "2026-01-31",  # za: the werkdagen count from ma, three weeks end on a Saturday
        "acknowledged": "2026-02-06",
        "answered": "2026-02-23",
    },
    {
        "received": "2026-01-31",
        "acknowledged": "2026-02-09",  # the sixth werkdag: ma, three days later
        "answered": "2026-02-25",  # two days late
    },
)


@tagged("post_install", "-at_install")
class TestDutiesByHand(ReportCase):
    """Duties and lead times in reports and on the dashboard, of a few complaints with known days.
    The figures were worked out with a calendar and the policies, and use nothing of the product."""

    SOURCES = ("kk", "ba")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kk = [cls.file_past("kk", **past) for past in KLIMKOORD]
        cls.ba = [cls.file_past("ba", **past) for past in BALLANCE]

    @classmethod
    def file_past(cls, source, received, registered=None, **events):
        with local_noon(registered or received):
            complaint = cls.file_complaint(
                policy_id=cls.policies[source].id,
                channel="email",
                received_on=received,
                handler_id=cls.users["handler"].id,
                category_id=cls.policies[source].category_ids[:1].id,
                in_register=True,
            )
        for code, day in events.items():
            with local_noon(day):
                complaint.record_event(code, date.fromisoformat(day))
        return complaint

    def setUp(self):
        super().setUp()
        self.reports = {}

    def get_report(self, source, day="2026-04-10"):
        """Performance in the first quarter, as it is on that day."""
        if source not in self.reports:
            self.reports[source] = self.make_report("kpi", day=day, source=source)
        with local_noon(day):
            self.reports[source].action_refresh()
        return self.reports[source]

    def take(self, source, kind, label, day="2026-04-10"):
        """A line of that report, by the name of a term."""
        report = self.get_report(source, day)
        term = self.policies[source].term_ids.filtered(lambda line: line.code == label)
        rows = self.section(report, kind)["rows"]
        return next((row for row in rows if row["label"] == term.name), None)

    def check_term(self, source, label, in_time, total, share):
        row = self.take(source, "terms", label)
        self.assertEqual((row["in_time"], row["total"], row["share"]), (in_time, total, share))

    def check_missed(self, source, label, late, days):
        row = self.take(source, "misses", label)
        self.assertEqual((row["late"], row["longest"].split()[0]), (late, days))

    # ---------------------------------------------------------------- Klimkoord

    def test_contact_within_fourteen_days(self):
        """KK46: two of five; what was withdrawn before its last day does not count, what was
        withdrawn after it does."""
        self.check_term("kk", "contact", 2, 5, "40 %")
        # nobody called the third since 21 January: 79 days on 10 April
        self.check_missed("kk", "contact", 3, "79")

    def test_a_solution_within_thirty_days(self):
        """KK47: two of four; the sixth was withdrawn before its thirty days were over."""
        self.check_term("kk", "answer", 2, 4, "50 %")
        # the third was due on 6 February: 63 days on 10 April
        self.check_missed("kk", "answer", 2, "63")

    def test_what_is_not_due_yet_counts_from_its_last_day(self):
        """The last complaint of the quarter: contact by 13 April."""
        for day, total in (("2026-04-13", 5), ("2026-04-14", 6)):
            with self.subTest(day=day):
                self.assertEqual(self.take("kk", "terms", "contact", day=day)["total"], total)

    def test_the_quarter_is_that_of_receipt(self):
        self.file_past("kk", "2025-12-31", contacted="2026-01-02", answered="2026-01-03")
        self.file_past("kk", "2026-04-01", contacted="2026-04-02", answered="2026-04-03")
        self.check_term("kk", "contact", 2, 5, "40 %")
        self.file_past("kk", "2026-01-01", contacted="2026-01-15", answered="2026-01-31")
        self.check_term("kk", "contact", 3, 6, "50 %")

    def test_what_was_declared_not_applicable_does_not_count(self):
        late = self.kk[2]
        with local_noon("2026-04-01"):
            late.record_event(
                "waived",
                note="Niet te bereiken",
                term_ids=[(6, 0, self.deadline(late, "contact").term_id.ids)],
            )
        self.check_term("kk", "contact", 2, 4, "50 %")

    def test_the_middle_lead_time(self):
        """30, 34 and 10 days: the middle one is 30, their mean 25; the first answer counts, and
        none that was recorded by mistake."""
        self.assertEqual(self.get_middle(), "30")
        with local_noon("2026-03-20"):
            self.kk[3].record_event("settled", date(2026, 3, 20))  # after its answer
        self.assertEqual(self.get_middle(), "30")
        mistake = self.file_past("kk", "2026-03-02", answered="2026-03-03")
        self.assertEqual(self.get_middle(), "10", "1, 10, 30, 34")
        event = mistake.event_ids.filtered(lambda line: line.code == "answered")
        with local_noon("2026-03-04"):
            event.action_void("vergissing")
        self.assertEqual(self.get_middle(), "30")

    def get_middle(self):
        items = self.section(self.get_report("kk"), "key_figures")["items"]
        return next(i["value"].split()[0] for i in items if "dag" in i["value"])

    def test_the_dashboard_tells_the_same(self):
        """Of both duties and of acknowledging: in time of all that was due."""
        with local_noon("2026-04-10"):
            dashboard = self.as_role(self.env["klachtenbeheer.dashboard"], "coordinator")
            code = self.policies["kk"].code
            found = dashboard.with_company(self.company).get_figures(policy=code)
        rows = {row["label"]: row for row in self.get_chart(found, "duties")["rows"]}
        names = {term.code: term.name for term in self.policies["kk"].term_ids}
        self.assertEqual(rows[names["contact"]]["values"][0], 40)
        self.assertEqual(rows[names["answer"]]["values"][0], 50)

    def get_chart(self, found, key):
        return next(chart for chart in found["charts"] if chart["key"] == key)

    # ---------------------------------------------------------------- Ballance

    def test_passed_on_on_the_day_of_receipt(self):
        """BA20: one of four was registered a day later, which shows as a breach."""
        self.check_term("ba", "forward", 3, 4, "75 %")
        self.check_missed("ba", "forward", 1, "1")

    def test_acknowledged_on_the_fifth_werkdag(self):
        """BA22: from receipt, also where it was registered later; the latest by a weekend."""
        self.check_term("ba", "acknowledge", 2, 4, "50 %")
        self.check_missed("ba", "acknowledge", 2, "3")

    def test_answered_in_three_weeks(self):
        """BA24: three weeks that end on a Saturday end on the Monday."""
        self.check_term("ba", "answer", 2, 4, "50 %")
        self.check_missed("ba", "answer", 2, "2")
