from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.report_common import ReportCase

FIGURES, DUTIES = "klachtenbeheer.complaint.figures", "klachtenbeheer.duty.figures"
TODAY = "2026-07-20"


@tagged("post_install", "-at_install")
class TestDashboard(ReportCase):
    """Figures beside the work: equal to plain SQL, within one's rights, each leads to dossiers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaints = cls.fill_register()

    def figures(self, role="coordinator", **chosen):
        with local_noon(TODAY):
            dashboard = self.as_role(self.env["klachtenbeheer.dashboard"], role)
            return dashboard.with_company(self.company).get_figures(**chosen)

    def tile(self, key, role="coordinator", **chosen):
        return next(t for t in self.figures(role, **chosen)["tiles"] if t["key"] == key)

    def chart(self, key, **chosen):
        return next(c for c in self.figures(**chosen)["charts"] if c["key"] == key)

    def ask(self, query):
        self.env.flush_all()
        self.env.cr.execute(query, {"policies": tuple(self.policies["sj"].ids)})
        return self.env.cr.fetchall()

    def test_received_and_subjects_equal_plain_sql(self):
        query = """SELECT k.name, COUNT(*) FROM klachtenbeheer_complaint c
                     JOIN klachtenbeheer_category k ON k.id = c.category_id
                    WHERE c.policy_id IN %(policies)s
                      AND c.received_on BETWEEN '2025-08-01' AND '2026-07-20' GROUP BY k.name"""
        expected = dict(self.ask(query))
        rows = self.chart("theme")["rows"]
        self.assertEqual({row["label"]: row["values"][0] for row in rows}, expected)
        self.assertEqual(self.tile("received")["value"], str(sum(expected.values())))

    def test_in_time_equals_a_count_by_hand(self):
        [(in_time, all_)] = self.ask(
            """SELECT COUNT(*) FILTER (WHERE met_on <= due_on),
                      COUNT(*) FILTER (WHERE met_on IS NOT NULL OR due_on < '2026-07-20')
                 FROM klachtenbeheer_deadline d JOIN klachtenbeheer_complaint c
                   ON c.id = d.complaint_id
                WHERE c.received_on BETWEEN '2025-08-01' AND '2026-07-20'
                  AND d.duty_of = 'organisation' AND c.policy_id IN %(policies)s"""
        )
        self.assertGreater(all_, in_time)
        self.assertEqual(self.tile("in_time")["value"], f"{in_time * 100 // all_} %")

    def test_every_figure_leads_to_as_many_dossiers(self):
        found = self.figures()
        complaints = self.as_role(self.env["klachtenbeheer.complaint"], "coordinator")
        for tile in found["tiles"]:
            action = tile["action"]
            if action and tile["key"] in ("open", "overdue", "received"):
                with self.subTest(tile["key"]):
                    self.assertEqual(complaints.search_count(action["domain"]), int(tile["value"]))
        for chart in found["charts"]:
            for row in chart["rows"]:
                number = complaints.search_count(row["action"]["domain"])
                with self.subTest(chart=chart["key"], row=row["label"]):
                    if chart["key"] != "duties":
                        self.assertEqual(number, row["values"][0])
                    else:
                        self.assertEqual(bool(number), row["values"][0] < 100)

    def test_the_middle_answer_leads_to_what_was_answered(self):
        action = self.tile("answer")["action"]
        found = self.as_role(self.complaints, "coordinator").search(action["domain"])
        answered = self.complaints.filtered(
            lambda line: (
                str(line.received_on) >= "2025-08-01"
                and "answered" in line.event_ids.mapped("code")
            )
        )
        self.assertEqual(found, answered)
        days = sorted(
            min(line.event_ids.filtered(lambda e: e.code == "answered").mapped("occurred_on"))
            - line.received_on
            for line in answered
        )
        middle = days[(len(days) - 1) // 2].days
        self.assertEqual(self.tile("answer")["value"], str(middle))

    def test_formal_complaints_where_the_aim_is_none(self):
        """KK48, beside the work: red from the first one of the calendar year on."""
        self.assertNotIn("formal", [tile["key"] for tile in self.figures()["tiles"]])
        self.set_formal_phase("external")
        self.complaints._as_procedure().write({"kind": "informal"})
        tile = self.tile("formal")
        self.assertEqual((tile["value"], tile["tone"]), ("0", ""))
        of_this_year = self.complaints.filtered(lambda line: str(line.received_on) >= "2026-01-01")
        before = self.complaints - of_this_year
        (before[-1] | of_this_year[0])._as_procedure().write({"kind": "formal"})
        tile = self.tile("formal")
        self.assertEqual((tile["value"], tile["tone"]), ("1", "danger"))
        found = self.env["klachtenbeheer.complaint"].search(tile["action"]["domain"])
        self.assertEqual(found, of_this_year[0])

    def test_satisfaction_is_of_what_is_looked_at(self):
        for complaint, value in zip(self.complaints[-2:], (5, 3), strict=True):
            self.env["rating.rating"].sudo().create(
                {
                    "res_model_id": self.env["ir.model"]._get_id("klachtenbeheer.complaint"),
                    "res_id": complaint.id,
                    "rating": value,
                    "consumed": True,
                }
            )
        self.env.flush_all()
        self.env.cr.execute("UPDATE rating_rating SET create_date = '2026-07-01'")
        self.complaints[-1].incident_place = "Buurthuis"
        tile = self.tile("satisfaction")
        self.assertEqual(tile["value"], "4,0")
        found = self.as_role(self.complaints, "coordinator").search(tile["action"]["domain"])
        self.assertEqual(found, self.complaints[-2:])
        self.assertEqual(self.tile("satisfaction", place="Buurthuis")["value"], "3,0")
        self.complaints[-1].respondent_ids = self.users["director"].partner_id
        self.assertEqual(self.tile("satisfaction", "director")["value"], "5,0")

    def test_filters_narrow(self):
        place = self.complaints.filtered(lambda line: str(line.received_on) > "2025-08-01")[:3]
        place.incident_place = "Buurthuis"
        self.assertEqual(self.tile("received", place="Buurthuis")["value"], "3")
        self.assertEqual(self.tile("received", policy="is-er-niet")["value"], "0")
        quarter = self.tile("received", months=3)["value"]
        self.assertLess(int(quarter), int(self.tile("received")["value"]))
        self.assertEqual(self.tile("received", months=999)["value"], self.tile("received")["value"])

    def test_who_gets_figures(self):
        for role in ("handler", "registrar", "manager", "employee"):
            with self.subTest(role):
                self.assertFalse(self.figures(role))
                with self.assertRaises(AccessError):
                    self.as_role(self.env[FIGURES], role).search([])
        self.assertTrue(self.figures("director")["tiles"])

    def test_a_respondent_does_not_count_the_dossier(self):
        before = int(self.tile("received", "director")["value"])
        self.complaints[-1].respondent_ids = self.users["director"].partner_id
        self.assertEqual(int(self.tile("received", "director")["value"]), before - 1)
        self.assertEqual(int(self.tile("received")["value"]), before)
        duties = self.as_role(self.env[DUTIES], "director")
        self.assertFalse(duties.search([("complaint_id", "=", self.complaints[-1].id)]))

    def test_what_counts_is_what_reports_count(self):
        """The views say it in SQL, the reports as a domain: the same complaints."""
        vals = (
            *({"nature": "suggestion"}, {"outcome": "out_of_scope"}, {"kind": "formal"}),
            {"kind": "formal", "is_practice": True},
        )
        for complaint, change in zip(self.complaints, vals, strict=False):
            complaint._as_procedure().write(change)
        counter = self.env["klachtenbeheer.report.counter"]
        policies = self.policies["sj"]
        domain = counter._get_counted_domain(policies, "2025-01-01", "2026-12-31")
        counted = self.env[FIGURES].search(
            [("counted", "=", True), ("policy_id", "in", policies.ids)]
        )
        self.assertEqual(counted.complaint_id, self.env["klachtenbeheer.complaint"].search(domain))
        practised = self.complaints[3]
        self.assertNotIn(practised, counted.complaint_id)
        self.assertFalse(self.env[DUTIES].search([("complaint_id", "=", practised.id)]))

    def test_a_call_costs_a_constant_number_of_questions(self):
        self.figures()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.figures()
        once = self.env.cr.sql_log_count - before
        self.fill_register(subjects={"2026-02": (6, 6, 6)})
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.figures()
        self.assertLessEqual(self.env.cr.sql_log_count - before, once + 2)
        self.assertLess(once, 45)
