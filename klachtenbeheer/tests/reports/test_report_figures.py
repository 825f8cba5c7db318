import io
import re
from datetime import date, timedelta
from unittest.mock import patch

from pypdf import PdfReader

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..support.common import local_noon
from ..support.pdf_tags import read_tags
from ..support.report_common import WORDS, ReportCase

DAY = timedelta(days=1)
MADE_UP = "Zwaluwstaartje"
# What identifies a dossier can't be the same on all of them.
OWN_NUMBERS = ("name", "access_token", "formal_number", "former_reference")


@tagged("post_install", "-at_install")
class TestReportFigures(ReportCase):
    """What a report says, held against plain SQL and read back from its PDF."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.complaints = cls.fill_register()

    def ask(self, query, **values):
        self.env.flush_all()
        values.setdefault("policies", tuple(self.policies["sj"].ids))
        self.env.cr.execute(query, values)
        return self.env.cr.fetchall()

    # ---------------------------------------------------------------- figures

    def test_counts_equal_plain_sql(self):
        report = self.make_report("board_half_year")
        for first, last, column in (
            ("2026-01-01", "2026-06-30", "count"),
            ("2025-07-01", "2025-12-31", "before"),
        ):
            expected = dict(
                self.ask(
                    """SELECT k.name, COUNT(*) FROM klachtenbeheer_complaint c
                         JOIN klachtenbeheer_category k ON k.id = c.category_id
                        WHERE c.received_on BETWEEN %(first)s AND %(last)s
                          AND c.policy_id IN %(policies)s GROUP BY k.name""",
                    first=first,
                    last=last,
                )
            )
            rows = self.section(report, "count")["rows"]
            self.assertEqual({row["label"]: row[column] for row in rows}, expected)

    def test_duties_in_time_equal_a_count_by_hand(self):
        report = self.make_report("board_half_year")
        [row] = self.ask(
            """SELECT COUNT(*) FILTER (WHERE met_on <= due_on),
                      COUNT(*) FILTER (WHERE met_on <= due_on OR met_on > due_on
                                          OR (met_on IS NULL AND due_on < '2026-07-20'))
                 FROM klachtenbeheer_deadline d JOIN klachtenbeheer_complaint c
                   ON c.id = d.complaint_id
                WHERE d.code = 'answer' AND c.received_on BETWEEN '2026-01-01' AND '2026-06-30'
                  AND c.policy_id IN %(policies)s"""
        )
        answer = self.section(report, "terms")["rows"][1]
        self.assertEqual((answer["in_time"], answer["total"]), row)
        self.assertGreater(answer["in_time"], 0)
        self.assertGreater(answer["total"], answer["in_time"])

    def test_a_waived_duty_and_one_that_fell_away_in_time_do_not_count(self):
        before = self.make_report("kpi", period="2026-01-01")
        total = self.section(before, "terms")["rows"][0]["total"]
        late = self.complaints.filtered(
            lambda line: (
                str(line.received_on) >= "2026-01-01"
                and not line.event_ids.filtered(lambda event: event.code == "acknowledged")
            )
        )[0]
        with local_noon("2026-07-19"):
            late.record_event(
                "waived",
                note="Niet te bereiken",
                term_ids=[(6, 0, self.deadline(late, "acknowledge").term_id.ids)],
            )
        with local_noon("2026-07-20"):
            before.action_refresh()
        self.assertEqual(self.section(before, "terms")["rows"][0]["total"], total - 1)

    def test_the_middle_lead_time(self):
        report = self.make_report("board_half_year")
        days = sorted(
            number
            for [number] in self.ask(
                """SELECT MIN(e.occurred_on) - c.received_on FROM klachtenbeheer_event e
                     JOIN klachtenbeheer_complaint c ON c.id = e.complaint_id
                    WHERE e.code = 'answered' AND c.policy_id IN %(policies)s
                      AND c.received_on BETWEEN '2026-01-01' AND '2026-06-30' GROUP BY c.id"""
            )
        )
        value = self.section(report, "key_figures")["items"][2]["value"]
        self.assertEqual(value.split()[0], str(days[(len(days) - 1) // 2]))

    def test_the_middle_of_few_is_not_told(self):
        """How long it took, and what was late, of one complaint is what is known of that one."""
        kind = self.env.ref("klachtenbeheer.report_type_board_half_year")
        answered = self.complaints.event_ids.filtered(
            lambda event: event.code == "answered" and str(event.occurred_on) > "2026-01-01"
        )
        self.assertGreater(len(answered), kind.threshold)
        for left, audience, told in (
            (5, "board", True),
            (4, "board", False),
            (4, "director", True),
        ):
            answered[left:].sudo().voided = True
            kind.audience = audience
            with self.subTest(left=left, audience=audience), self.env.cr.savepoint() as savepoint:
                report = self.make_report("board_half_year")
                shown = [item["value"] for item in self.section(report, "key_figures")["items"]]
                self.assertEqual(any("dag" in value or "day" in value for value in shown), told)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_duties_of_few_are_not_told(self):
        late = self.complaints.filtered(lambda line: str(line.received_on) >= "2026-01-01")[4:]
        late.sudo().write({"nature": "suggestion"})
        report = self.make_report("board_half_year")
        row = self.section(report, "terms")["rows"][0]
        self.assertEqual((row["total"], row["share"], row["before"] > ""), (None, "", True))
        self.assertFalse(
            [i for i in self.section(report, "key_figures")["items"] if "%" in i["value"]]
        )
        review = self.make_report("management_review", day="2027-01-20")
        row = self.section(review, "misses")["rows"][0]
        self.assertEqual((row["late"], row["longest"]), (None, ""))
        looked_into = self.make_report("kpi", day="2026-04-20", period="2026-01-01")
        self.assertTrue(self.section(looked_into, "misses")["rows"][0]["late"])

    def test_formal_complaints_against_the_aim_of_none(self):
        """KK48: by calendar year, and marked from the first one on."""
        self.set_formal_phase("external")
        self.complaints.sudo()._as_procedure().write({"kind": "informal"})
        quarter = {"code": "kpi", "day": "2026-10-20", "period": "2026-07-01"}
        for formal, value, marked in ((0, "0", False), (1, "1", True)):
            january = self.complaints.filtered(lambda line: str(line.received_on) > "2026-01-01")
            january[:formal].sudo()._as_procedure().write({"kind": "formal"})
            with self.subTest(formal=formal), self.env.cr.savepoint() as savepoint:
                report = self.make_report(**quarter)
                item = self.section(report, "key_figures")["items"][-1]
                self.assertEqual((item["value"], item["missed"]), (value, marked))
                self.assertIn("2026", item["label"])
                self.assertEqual("kb-missed" in str(report.figures_html), marked)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_does_not_count_is_told_apart(self):
        policy = self.policies["sj"]
        category = policy.category_ids[0]
        self.make_complaint(policy, "2026-01", category, 8, nature="suggestion")
        report = self.make_report("board_half_year")
        items = self.section(report, "key_figures")["items"]
        self.assertEqual(items[0]["value"], "18")
        self.assertRegex(report.figures["about"]["counting_rule"], r"\(1\)")

    def test_another_version_of_the_policy_is_counted_with_it(self):
        policy = self.policies["sj"]
        with local_noon("2026-02-01"):
            new = policy.copy({"code": policy.code, "company_id": policy.company_id.id})
            new.effective_from = "2026-02-01"
            new.with_user(self.users["board"]).action_publish()
        self.make_complaint(new, "2026-02", new.category_ids[0], 1)
        report = self.make_report("board_half_year")
        self.assertEqual(self.section(report, "count")["rows"][0]["count"], 8)
        self.assertEqual(report.figures["about"]["versions"], [1, 2])

    def test_a_trend_over_periods(self):
        rows = self.section(self.make_report("board_half_year"), "trend")["rows"]
        self.assertEqual([row["count"] for row in rows], [13, 22, 18])

    def test_counting_costs_no_more_with_more_complaints(self):
        """The number of questions to the database does not follow the register."""
        counter = self.env["klachtenbeheer.report.counter"]
        policies = self.policies["sj"]
        counter._measure_duties(policies, "2026-01-01", "2026-06-30", "2026-07-20")
        asked = []
        for first in ("2026-01-01", "2024-01-01"):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            counter._measure_duties(policies, first, "2026-06-30", "2026-07-20")
            counter._measure_lead_time(policies, first, "2026-06-30")
            asked.append(self.env.cr.sql_log_count - before)
        self.assertEqual(asked[0], asked[1])
        self.assertLessEqual(asked[0], 4)

    def test_what_most_sections_ask_is_asked_once(self):
        """However many sections count, complaints are looked through a few times."""
        report = self.make_report("board_half_year")
        self.env.flush_all()
        asked = []
        execute = type(self.env.cr).execute

        def listen(cursor, query, *args, **kwargs):
            asked.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        with local_noon("2026-07-21"), patch.object(type(self.env.cr), "execute", listen):
            report.action_refresh()
        tables = ("klachtenbeheer_complaint", "klachtenbeheer_deadline", "klachtenbeheer_event")
        counts = [
            text for text in asked if "COUNT(" in text and any(map(text.__contains__, tables))
        ]
        # totals, breakdowns, duties, lead times; open ones and late ones
        self.assertEqual(len(counts), 6)

    def test_at_once_or_one_by_one_it_is_the_same(self):
        """What is counted at once for a report, and what is asked of any days by itself."""
        counter = self.env["klachtenbeheer.report.counter"]
        policies = self.policies["sj"]
        days = [date.fromisoformat(day) for day in ("2025-07-01", "2026-01-01", "2026-06-30")]
        before, first, last = days
        whole = date(2025, 1, 1)
        asks = [
            lambda: counter._count(policies, first, last),
            lambda: counter._count(policies, before, first - DAY),
            lambda: counter._count_apart(policies, whole, last),
            lambda: counter._count_by_period(policies, [(whole, before - DAY), (before, last)]),
            lambda: counter._count_by(policies, "severity", [(before, first), (first, last + DAY)]),
            lambda: counter._count_by(policies, "channel", [(first, last + DAY)]),
            lambda: counter._measure_duties(policies, first, last, date(2026, 7, 20)),
            lambda: counter._measure_duties(policies, before, first - DAY, date(2026, 7, 20)),
            lambda: counter._measure_lead_time(policies, first, last),
            lambda: counter._measure_lead_time(policies, before, first - DAY),
        ]
        alone = [ask() for ask in asks]
        with counter._asking_once(policies, before, before, first, last, ["severity"]):
            together = [ask() for ask in asks]
        self.assertEqual(alone, together)
        self.assertNotEqual(alone[6], alone[7])
        self.assertGreater(alone[0], 0)

    # ---------------------------------------------------------------- frozen

    def test_figures_never_change(self):
        report = self.make_report("board_half_year")
        self.write_texts(report)
        with local_noon("2026-07-21"), self.without_pdf():
            report.action_submit()
            self.as_role(report, "director").action_approve()
        kept, shown = report.figures, str(report.figures_html)
        self.make_complaint(self.policies["sj"], "2026-03", self.policies["sj"].category_ids[0], 0)
        self.complaints[:5].sudo().write({"severity": "critical"})
        self.env.ref("klachtenbeheer.report_section_board_half_year_30").name = "Iets anders"
        report.invalidate_recordset()
        self.assertEqual(report.figures, kept)
        self.assertEqual(str(report.figures_html), shown)
        for write in (
            lambda: report.write({"figures": {}}),
            lambda: report.sudo().write({"figures": {}}),
            lambda: report.sudo().write({"state": "writing"}),
            lambda: report.text_ids[0].write({"body": "<p>Anders</p>"}),
            lambda: report.sudo().attachment_id.write({"raw": b"anders"}),
            lambda: report.sudo().attachment_id.unlink(),
            lambda: report.action_refresh(),
            lambda: report.sudo().unlink(),
        ):
            with self.subTest(write=write), self.assertRaises(UserError):
                write()

    def test_printed_again_it_is_the_same(self):
        """From the figures as they were kept, whatever the register says by now."""
        report = self.make_report("board_half_year")
        first = self.get_text(report._lay_out_pdf())
        self.make_complaint(self.policies["sj"], "2026-03", self.policies["sj"].category_ids[0], 0)
        self.assertEqual(self.get_text(report._lay_out_pdf()), first)

    # ---------------------------------------------------------------- PDF

    def get_text(self, pdf):
        pages = PdfReader(io.BytesIO(pdf)).pages
        return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))

    def test_the_pdf_reads_as_a_report(self):
        report = self.make_report("board_half_year")
        self.write_texts(report, "<p>Wij vragen een vaste vervanger.</p>")
        pdf = report._lay_out_pdf()
        text = self.get_text(pdf)
        for section in report.figures["sections"]:
            if section["kind"] != "key_figures" and not section.get("none"):
                self.assertIn(section["title"], text)
        for part in ("Stichting De Proef", "18", "Wij vragen een vaste vervanger.", "66 %"):
            self.assertIn(part, text)
        reader = PdfReader(io.BytesIO(pdf))
        root = reader.trailer["/Root"]
        self.assertTrue(root["/MarkInfo"]["/Marked"])
        self.assertEqual(root["/Lang"], "nl-NL")
        figures = [tag.alternative for tag in read_tags(reader) if tag.role == "/Figure"]
        self.assertIn("Werkprocessen 6", " ".join(figures))
        self.assertFalse([page for page in reader.pages if page.images], "charts are vectors")

    # ---------------------------------------------------------------- no word of a dossier

    def test_no_word_of_a_dossier_in_any_report(self):
        """Every text field of every complaint holds a word that is found nowhere else."""
        complaints = self.complaints.sudo()
        fields = [
            name
            for name, field in complaints._fields.items()
            if field.store
            and not (field.readonly or field.compute or field.related)
            and field.type in ("char", "text", "html")
        ]
        complaints.with_context(tracking_disable=True).write(
            {name: f"{MADE_UP} {name}" for name in fields if name not in OWN_NUMBERS}
        )
        self.measure(name=f"{MADE_UP} description en nog vier andere woorden", state="adopted")
        people = self.env["res.partner"].create({"name": f"Piet {MADE_UP}"})
        complaints[-1].respondent_ids = people
        self.measure(name=f"Gesprek met Piet {MADE_UP}", kind="recommendation")
        types = self.env["klachtenbeheer.report.type"].search([])
        for kind in types:
            period, _last = kind._get_period(self.complaints[-1].received_on)
            report = self.make_report(kind.code, day="2028-01-20", period=period)
            with self.subTest(kind=kind.code):
                said = f"{report.figures} {report.figures_html} {report.title}"
                self.assertNotIn(MADE_UP.lower(), said.lower())
                self.assertNotIn("Klaagster", said)

    def measure(self, **vals):
        complaint = self.complaints[-1].sudo()
        with local_noon("2026-03-01"):
            measure = self.env["klachtenbeheer.measure"].create(
                {
                    "company_id": self.company.id,
                    "link_ids": [(0, 0, {"complaint_id": complaint.id})],
                    **vals,
                }
            )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE klachtenbeheer_measure SET create_date = '2026-03-01' WHERE id = %s",
            [measure.id],
        )
        self.env.invalidate_all()
        return measure

    def test_measures_and_recommendations_with_directies_decision(self):
        self.complaints[-1].policy_id.role_ids.filtered(
            lambda role: role.role == "handler"
        ).user_ids = self.users["handler"]
        self.measure(
            name="Terugbellen binnen een werkdag",
            state="adopted",
            owner_id=self.users["handler"].id,
            due_on="2026-06-01",
        )
        wanted = self.measure(name="Een vast nummer", kind="recommendation", structural=True)
        with local_noon("2026-05-01"):
            wanted.decision = "Staat in de begroting."
            self.as_role(wanted, "director").action_defer()
        report = self.make_report("board_half_year")
        [row] = self.section(report, "measures")["rows"]
        self.assertEqual(row["name"], "Terugbellen binnen een werkdag")
        self.assertNotIn(self.users["handler"].name, str(row))
        self.assertIn("7", row["state"], "seven weeks late")
        self.assertEqual(row["owner"], "klachtenbehandelaar")
        [row] = self.section(report, "recommendations")["rows"]
        self.assertEqual((row["name"], row["structural"]), ("Een vast nummer", True))
        self.assertEqual(row["decision"], "Staat in de begroting.")

    def test_what_is_put_right_is_told_apart_from_what_is_improved(self):
        """BB2: first the remedy, then the guidelines; KK8: corrective and preventive."""
        complaint = self.complaints[-1]
        complaint.handler_id = self.users["handler"]
        kinds = ("remedy", "corrective", "preventive")
        for kind in kinds:
            with local_noon("2026-03-01"):
                self.new(
                    "measure",
                    "handler",
                    name=f"Wat {kind} is",
                    kind=kind,
                    company_id=self.company.id,
                    link_ids=[(0, 0, {"complaint_id": complaint.id})],
                )
        self.env.flush_all()
        self.env.cr.execute("UPDATE klachtenbeheer_measure SET create_date = '2026-03-01'")
        self.env.invalidate_all()
        rows = self.section(self.make_report("board_half_year"), "measures")["rows"]
        told = {row["name"]: row["kind"] for row in rows}
        self.assertEqual(set(told), {f"Wat {kind} is" for kind in kinds})
        self.assertEqual(len(set(told.values())), 3)

    def test_texts_that_name_or_quote_are_refused(self):
        report = self.make_report("board_half_year")
        name = self.complaints[-1].complainant_name
        self.complaints[-1].respondent_ids = self.accused
        for text in (
            f"Er was een klacht van {name.upper()} over de bus.",
            f"Het ging over {self.accused.name}, die niet belde.",
            f"Iemand schreef: “{WORDS[4:40]}”.",
            "Bel klaartje1@example.org voor meer.",
        ):
            self.write_texts(report, f"<p>{text}</p>")
            with self.subTest(text=text), self.assertRaises(UserError):
                report.action_submit()
        self.write_texts(report, "<p>Driemaal viel een rit uit zonder bericht.</p>")
        report.action_submit()
        self.assertEqual(report.state, "approval")

    # ---------------------------------------------------------------- own kinds

    def test_a_manager_makes_an_own_kind_without_code(self):
        kind = self.as_role(self.env["klachtenbeheer.report.type"], "manager").create(
            {
                "name": "Ernst per kwartaal",
                "code": "ernst",
                "title": "Ernst in {period}",
                "period": "quarter",
                "audience": "director",
                "approver_role": False,
                "recipient_role_ids": [(0, 0, {"role": "director"})],
                "section_ids": [
                    (0, 0, {"name": "Ernst", "kind": "count", "dimension": "severity"}),
                    (0, 0, {"name": "Verloop", "kind": "trend", "periods": 3}),
                    (0, 0, {"name": "Wat opvalt", "kind": "text"}),
                ],
            }
        )
        with local_noon("2026-07-20"):
            report = self.as_role(self.env["klachtenbeheer.report"], "coordinator").create(
                {
                    "type_id": kind.id,
                    "policy_id": self.policies["sj"].id,
                    "date_from": "2026-05-13",
                }
            )
        self.assertEqual((str(report.date_from), str(report.date_to)), ("2026-04-01", "2026-06-30"))
        self.assertEqual(len(self.section(report, "trend")["rows"]), 3)
        self.assertEqual(report.text_ids.name, "Wat opvalt")

    def test_a_kind_for_many_readers_hides_more(self):
        with self.assertRaises(UserError):
            self.env.ref("klachtenbeheer.report_type_public_annual").threshold = 5


@tagged("post_install", "-at_install")
class TestReportHiding(ReportCase):
    """Reports about the same days, read side by side."""

    SUBJECTS = {"2025-07": (14, 12, 11, 3), "2026-01": (13, 12, 2, 11)}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with patch.object(type(cls.env["klachtenbeheer.complaint"]), "record_event"):
            cls.complaints = cls.fill_register(subjects=cls.SUBJECTS)
        cls.names = cls.policies["sj"].category_ids.mapped("name")

    def make_kind(self, audience, threshold, period="half_year"):
        return self.env["klachtenbeheer.report.type"].create(
            {
                "name": f"{audience} {period}",
                "code": f"{audience}-{period}-{threshold}",
                "title": "In {period}",
                "period": period,
                "audience": audience,
                "threshold": threshold,
                "approver_role": False,
                "section_ids": [
                    (0, 0, {"name": "Onderwerp", "kind": "count", "dimension": "category_id"}),
                    (0, 0, {"name": "Toelichting", "kind": "text"}),
                ],
            }
        )

    def make_report_of(self, audience, threshold, first, period="half_year"):
        kind = self.make_kind(audience, threshold, period)
        with local_noon("2027-01-20"):
            return self.as_role(self.env["klachtenbeheer.report"], "coordinator").create(
                {
                    "type_id": kind.id,
                    "policy_id": self.policies["sj"].id,
                    "date_from": first,
                }
            )

    def shown(self, audience, threshold, first, period="half_year"):
        report = self.make_report_of(audience, threshold, first, period)
        section = self.section(report, "count")
        return {row["label"]: row["count"] for row in section["rows"]}, section["together"]

    def test_a_small_cell_takes_another_along(self):
        shown, together = self.shown("board", 5, "2026-01-01")
        self.assertEqual(shown, {self.names[0]: 13, self.names[1]: 12})
        self.assertEqual(together, 13, "2 and 11: no total gives the 2 back")

    def test_the_versions_of_one_half_year_hide_no_less_together(self):
        team, _together = self.shown("team", 10, "2026-01-01")
        board, _together = self.shown("board", 5, "2026-01-01")
        public, _together = self.shown("public", 12, "2026-01-01")
        self.assertLessEqual(set(public), set(team))
        self.assertLessEqual(set(team), set(board))
        self.assertNotIn(self.names[2], board)

    def test_a_year_does_not_give_its_halves_away(self):
        self.shown("board", 5, "2025-07-01")
        later, _together = self.shown("board", 5, "2026-01-01")
        years = self.env["klachtenbeheer.report.type"]
        self.assertFalse(years.search([("code", "=", "board-two_years-5")]))
        both, _together = self.shown("board", 5, "2025-01-01", "year")
        # of the second half of 2025 the fourth is small, and so hidden in the year as well
        self.assertNotIn(self.names[3], both)
        self.assertNotIn(self.names[2], later)

    def test_a_correction_after_a_report_is_not_seen_in_the_next(self):
        self.shown("board", 5, "2026-01-01")
        self.make_complaint(self.policies["sj"], "2026-01", self.policies["sj"].category_ids[0], 0)
        after, _together = self.shown("director", 5, "2026-01-01")
        self.assertNotIn(self.names[0], after)

    def test_too_few_to_report_to_many(self):
        self.complaints[8:].sudo().write({"nature": "suggestion"})
        half = "2025-07-01"
        report = self.make_report_of("team", 10, half)
        self.assertEqual(report.state, "not_made")
        self.assertIn("10", report.refusal)
        self.assertFalse(report.figures)
        shown, together = self.shown("board", 5, half)
        self.assertEqual((shown, together), ({self.names[0]: 8}, None))

    def test_taken_anew_it_may_be_too_few(self):
        """The register was corrected before approval: who reads along would know who is left."""
        report = self.make_report_of("team", 10, "2025-07-01")
        self.assertTrue(report.figures and report.text_ids)
        self.complaints[8:].sudo().write({"nature": "suggestion"})
        with local_noon("2027-01-21"):
            report.action_refresh()
        self.assertEqual(report.state, "not_made")
        self.assertFalse(report.figures or report.text_ids)
        self.assertEqual(
            report.activity_ids.mapped("summary"), [f"Report not made: {report.title}"]
        )

    def test_a_kind_that_changes_changes_no_report(self):
        """For whom it was made decided what is in it."""
        report = self.make_report_of("board", 5, "2025-07-01")
        kind = self.as_role(report.type_id, "manager")
        kind.write({"audience": "public", "threshold": 10, "code": "anders"})
        self.env.flush_all()
        self.env.invalidate_all()
        before = ("board", 5, "board-half_year-5")
        self.assertEqual((report.audience, report.threshold, report.kind), before)
        with local_noon("2027-01-21"):
            report.action_refresh()
        after = ("public", 10, "anders")
        self.assertEqual((report.audience, report.threshold, report.kind), after)

    def test_copies_of_a_kind_have_names_of_their_own(self):
        kind = self.env.ref("klachtenbeheer.report_type_kpi")
        kind.company_id = self.company
        codes = {copy.code for copy in (kind.copy(), kind.copy(), kind.copy())}
        self.assertEqual(len(codes), 3)

    def test_nobody_reads_what_is_hidden(self):
        self.shown("board", 5, "2026-01-01")
        report = self.env["klachtenbeheer.report"].search([], limit=1)
        for role in ("coordinator", "director", "board", "manager"):
            with self.subTest(role=role):
                self.assertNotIn("breakdowns", self.as_role(report, role).fields_get())
