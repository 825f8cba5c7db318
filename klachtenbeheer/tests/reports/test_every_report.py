import io
import re
from datetime import date, timedelta
from unittest.mock import patch

from dateutil.relativedelta import relativedelta
from pypdf import PdfReader

from odoo.tests import tagged
from odoo.tools import SQL, html2plaintext

from ..support.common import local_noon
from ..support.pdf_tags import read_tags
from ..support.report_common import ReportCase
from ..support.report_count import PlainCount

# {policy: how complaints go under it in the two years of the demo}
PASTS = {"sb": "formal", "ba": "forwarded", "sj": "answered", "kk": "contacted", "bb": "taken_up"}
SOURCES = tuple(PASTS)
TODAY = "2027-01-20"
CANARY = "zwaluwstaart"
NUMBER = 300  # complaints of two years, of all policies
# What each has to tell, after letters_reports_roles.md 5, and after the law for the last three.
MANDATORY = {
    "annual_analysis": (
        *("key_figures", "category_id", "complainant_kind_id", "channel", "verdict"),
        *("terms", "measures", "trend"),
    ),
    "annual_analysis_team": ("key_figures", "category_id", "terms", "trend"),
    "board_half_year": (
        *("key_figures", "kind", "severity", "exceptional", "recommendations", "measures"),
        *("category_id", "terms"),
    ),
    "annual_handling": ("key_figures", "text", "outcome", "terms", "misses", "measures"),
    "recommendations": ("recommendations", "text", "measures"),
    "management_review": ("key_figures", "kind", "terms", "misses", "measures", "text"),
    "public_annual": ("kind", "category_id", "outcome", "verdict", "text"),
    "kpi": ("key_figures", "terms", "misses"),
    "register_figures": ("key_figures", "kind", "channel", "category_id", "source"),
    "policy_evaluation": ("key_figures", "terms", "text"),
    "policy_evaluation_two_years": ("key_figures", "terms", "text"),
    "measures_overview": ("measures", "recommendations"),
    "childcare": ("text", "key_figures", "category_id", "verdict", "measures"),
    "public_body": ("key_figures", "category_id", "verdict", "outcome"),
    "youth_care": ("text", "key_figures", "category_id", "verdict", "terms"),
}
WRITTEN = "<p>Wij bespreken dit in het voorjaar met iedereen die het raakt.</p>"
# {name, choice, state, …} of what is proposed, decided on and done about the complaints.
MEASURES = (
    {"name": "Eén nummer voor iedereen", "state": "adopted", "due_on": "2026-10-01"},
    {"name": "Sjabloon voor antwoord", "state": "done", "realised_on": "2026-11-02"},
    {"name": "Rooster dat klopt", "state": "done", "realised_on": "2025-03-02"},
    {"name": "Vaste vervanger", "kind": "recommendation", "state": "proposed"},
    {
        "name": "Balie langer open",
        "kind": "recommendation",
        "state": "rejected",
        "decision": "Daarvoor is geen geld.",
        "decided_on": "2026-12-03",
    },
)
# Keys, and what figures are counted by: no words of a dossier.
NO_WORDS = {
    *("access_token", "name", "formal_number", "former_reference"),
    *("code", "void_by", "message_id", "repetition_key"),
}


@tagged("post_install", "-at_install")
class TestEveryReport(ReportCase):
    """Every kind of report about two years under each of the five policies: what it has to tell,
    its figures held against plain SQL, and no word of a dossier."""

    SOURCES = SOURCES

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_two_years()
        cls.kinds = cls.env["klachtenbeheer.report.type"].search([])
        cls.reports = cls.env["klachtenbeheer.report"]
        for kind in cls.kinds:
            for source in SOURCES:
                cls.reports |= cls.make(kind, source)
        cls.reports.text_ids.body = WRITTEN

    @classmethod
    def make_two_years(cls):
        """The years of the demo, and beside them what does not count."""
        complaints = cls.env["klachtenbeheer.complaint"]
        reports = type(cls.env["klachtenbeheer.report"])
        with local_noon(TODAY), patch.object(reports, "_demo_reports", lambda *_args: None):
            pasts = {cls.policies[source].source: past for source, past in PASTS.items()}
            complaints._demo_years(NUMBER, pasts)
        for source in SOURCES:
            cls.add_what_is_special(cls.policies[source])
        complaints = complaints.search([("company_id", "=", cls.company.id)])
        for policy in cls.policies.values():
            cls.add_measures(complaints.filtered(lambda line, p=policy: line.policy_id == p)[-5:])
        cls.fill_with_canaries()
        # what the database knows of the numbers of rows is from before these years
        for name in ("complaint", "deadline", "event", "measure_link"):
            cls.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(f"klachtenbeheer_{name}")))

    @classmethod
    def add_what_is_special(cls, policy):
        """Suggestions, what was out of scope, open and late ones, and one that is formal."""
        special = (
            *({"nature": "suggestion"},) * 2,
            {"outcome": "out_of_scope"},
            {"in_register": False, "kind": "informal"},
            *({"in_register": False, "kind": "formal"}, {"is_exceptional": True}),
            {"is_practice": True},
        )
        for place, vals in enumerate(special):
            day = date(2026, 10, 5) + timedelta(days=place * 9)
            with local_noon(str(day)):
                complaint = cls.file_complaint(
                    policy_id=policy.id,
                    channel="email",
                    received_on=day,
                    category_id=policy.category_ids[:1].id,
                )
            cls.env.flush_all()
            for name, value in vals.items():  # however it came about, and whatever guards it
                column = SQL.identifier(name)
                query = "UPDATE klachtenbeheer_complaint SET %s = %s WHERE id = %s"
                cls.env.cr.execute(SQL(query, column, value, complaint.id))
            cls.env.invalidate_all()

    @classmethod
    def add_measures(cls, complaints):
        for complaint, vals in zip(complaints, MEASURES, strict=True):
            measure = cls.env["klachtenbeheer.measure"].create(
                {
                    "company_id": cls.company.id,
                    "link_ids": [(0, 0, {"complaint_id": complaint.id})],
                    **vals,
                }
            )
            cls.env.flush_all()
            cls.env.cr.execute(
                "UPDATE klachtenbeheer_measure SET create_date = '2025-02-01' WHERE id = %s",
                [measure.id],
            )

    @classmethod
    def fill_with_canaries(cls):
        """Every word of every dossier is one that is found nowhere else."""
        cls.env.flush_all()
        for model in cls.env.registry.values():
            of_dossier = model._name == "klachtenbeheer.complaint" or (
                "complaint_id" in model._fields and model._name.startswith("klachtenbeheer.")
            )
            if of_dossier and model._auto and not (model._abstract or model._transient):
                cls.fill_table(model)
        cls.env.invalidate_all()

    @classmethod
    def fill_table(cls, model):
        for name, field in model._fields.items():
            wordy = field.type in ("char", "text", "html") and field.store and not field.translate
            counted = field.related or (field.compute and field.readonly)
            if wordy and not (counted or name in NO_WORDS):
                query = "UPDATE %s SET %s = %s WHERE %s IS NOT NULL OR %s"
                column, table = SQL.identifier(name), SQL.identifier(model._table)
                everywhere = model._name == "klachtenbeheer.complaint" and not field.size
                word = f"{CANARY} {name}"
                cls.env.cr.execute(SQL(query, table, column, word, column, everywhere))

    @classmethod
    def make(cls, kind, source):
        """The report over the last period that is over."""
        with local_noon(TODAY):
            first, _last = kind._get_period_before(kind._get_period(date.fromisoformat(TODAY))[0])
            return (
                cls.env["klachtenbeheer.report"]
                .with_user(cls.users["coordinator"])
                .create(
                    {
                        "type_id": kind.id,
                        "policy_id": cls.policies[source].id,
                        "date_from": first,
                    }
                )
            )

    # ---------------------------------------------------------------- all of them

    def look_at_each(self, check):
        """Hold each report against its policy: check(report, its sections as they were asked for
        and as they are kept, a plain count)."""
        for report in self.reports.sudo():
            policy = report.policy_id
            with self.subTest(kind=report.kind, policy=policy.source):
                count = PlainCount(self.env.cr, policy.code, self.company.id, TODAY)
                figures = report.figures["sections"]
                check(report, list(zip(report.type_id.section_ids, figures, strict=True)), count)

    def look_at_sections(self, kinds, check):
        """The same for each section of some kinds: check(report, as asked, as kept, count)."""

        def check_all(report, sections, count):
            for asked, section in sections:
                if asked.kind in kinds:
                    with self.subTest(section=section["title"]):
                        check(report, asked, section, count)

        self.look_at_each(check_all)

    def get_before(self, report):
        """The period before, by the calendar."""
        months = {"quarter": 3, "half_year": 6, "year": 12, "two_years": 24}[report.type_id.period]
        return report.date_from - relativedelta(months=months), report.date_from - timedelta(days=1)

    def may_tell(self, report, number):
        """Too few to tell how it went with them: any of these may be known to a reader."""
        least = 3 if report.audience in ("director", "coordinator") else report.threshold
        return number >= least

    def test_all_are_made(self):
        self.assertEqual(set(self.kinds.mapped("code")), set(MANDATORY))
        self.assertEqual(len(self.reports), 75)
        refused = self.reports.filtered(lambda line: line.state == "not_made")
        self.assertFalse(refused.mapped("title"))

    def test_mandatory_sections_are_there_and_say_something(self):
        def check(report, sections, _count):
            told = {asked.dimension or asked.kind for asked, _section in sections}
            self.assertLessEqual(set(MANDATORY[report.kind]), told)
            html = str(report.figures_html)
            for asked, section in sections:
                if asked.kind != "key_figures":
                    part = html.partition(f"<h2>{section['title']}</h2>")[2].partition("<h2>")[0]
                    self.assertTrue(html2plaintext(part).strip(), section["title"])

        self.look_at_each(check)

    # ---------------------------------------------------------------- figures

    def test_key_figures(self):
        def check(report, _asked, section, count):
            values = {item["label"]: item for item in section["items"]}
            first, last = report.date_from, report.date_to
            strict = report.audience in ("team", "public")
            number = count.number(first, last)
            received = section["items"][0]
            self.assertEqual(received["value"], str(number))
            was = count.number(*self.get_before(report))
            self.assertEqual(
                received["note"].partition(" ")[0],
                "" if strict and 0 < was < report.threshold else str(was),
            )
            self.check_in_time(report, section, count)
            days = count.days_to_answer(first, last)
            shown = [item for item in section["items"] if re.search("dag|day", item["value"])]
            if self.may_tell(report, len(days)):
                self.assertEqual(shown[0]["value"].split()[0], str(count.middle(first, last)))
            else:
                self.assertFalse(shown)
            still_open = "c.is_closed IS NOT TRUE"
            everything = count.number("1900-01-01", last, still_open)
            late = count.number("1900-01-01", last, f"{still_open} AND c.next_due_on < %(day)s")
            shown = [item for label, item in values.items() if "open" in label]
            if strict:
                self.assertFalse(shown)
            else:
                self.assertEqual(shown[0]["value"], str(everything))
                self.assertEqual(
                    re.findall(r"\d+", shown[0]["note"]), [str(late)] if everything else []
                )
            self.check_formal(report, section, count)

        self.look_at_sections(("key_figures",), check)

    def check_in_time(self, report, section, count):
        duties = count.duties(report.date_from, report.date_to).values()
        shown = [item for item in section["items"] if "%" in item["value"]]
        if not self.may_tell(report, max((line[0] + line[1] for line in duties), default=0)):
            self.assertFalse(shown)
            return
        in_time, late = (sum(line[place] for line in duties) for place in (0, 1))
        share = in_time * 100 // (in_time + late)
        if report.audience in ("team", "public"):
            self.assertEqual(shown[0]["value"], f"{share // 5 * 5} %")
            return
        self.assertEqual(shown[0]["value"], f"{share} %")
        self.assertIn(f"{late} van {in_time + late}", shown[0]["note"].replace("of", "van"))

    def check_formal(self, report, section, count):
        """KK48: the policy with an external formal phase aims at none."""
        shown = [item for item in section["items"] if "form" in item["label"]]
        external = report.policy_id.source == "Stichting Klimkoord"
        if not external or report.audience in ("team", "public"):
            self.assertFalse(shown)
            return
        first = min(report.date_from, date(report.date_to.year, 1, 1))
        number = count.number(first, report.date_to, "c.kind = 'formal'")
        self.assertEqual((shown[0]["value"], shown[0]["missed"]), (str(number), bool(number)))
        self.assertEqual(bool(number), report.date_to.year == 2026)

    def test_counts(self):
        def check(report, asked, section, count):
            expected = count.by(asked.dimension, report.date_from, report.date_to)
            labels = self.get_labels(report, asked.dimension)
            expected = {labels.get(key, key): number for key, number in expected.items()}
            shown = {row["label"]: row["count"] for row in section["rows"]}
            for label, number in shown.items():
                self.assertEqual(expected[label], number, label)
                self.assertGreaterEqual(number, min(report.threshold, sum(expected.values())))
            hidden = [number for label, number in expected.items() if label not in shown]
            self.assertEqual(section["together"] or 0, sum(hidden))
            self.assertNotEqual(len([number for number in hidden if number]), 1)
            self.assertEqual(section["total"], count.number(report.date_from, report.date_to))
            before = count.by(asked.dimension, *self.get_before(report))
            for row in section["rows"]:
                if row["before"] is not None:
                    was = {labels.get(key, key): number for key, number in before.items()}
                    self.assertEqual(row["before"], was.get(row["label"], 0))
            self.assertEqual(section["compare"] or asked.compare, asked.compare)

        self.look_at_sections(("count",), check)

    def get_labels(self, report, dimension):
        """{value of a choice: as the report words it}."""
        complaints = self.env["klachtenbeheer.complaint"].with_context(lang=report.lang)
        field = complaints._fields[dimension]
        empty = {"": report.with_context(lang=report.lang).env._("Not filled in")}
        if field.type != "selection":
            return empty
        return {**dict(field._description_selection(complaints.env)), **empty}

    def test_duties(self):
        def check(report, _asked, section, count):
            duties = count.duties(report.date_from, report.date_to)
            before = count.duties(*self.get_before(report))
            names = {term.code: term.name for term in report.policy_id.term_ids}
            rows = {row["label"]: row for row in section["rows"]}
            self.assertEqual(set(rows), {names[code] for code in duties})
            for code, (in_time, late, _longest) in duties.items():
                row = rows[names[code]]
                self.check_share(report, row, "share", in_time, late)
                self.check_share(report, row, "before", *before.get(code, (0, 0, 0))[:2])
                strict = report.audience in ("team", "public")
                if strict or not self.may_tell(report, in_time + late):
                    self.assertEqual((row["in_time"], row["total"]), (None, None))
                else:
                    self.assertEqual((row["in_time"], row["total"]), (in_time, in_time + late))

        self.look_at_sections(("terms",), check)

    def check_share(self, report, row, column, in_time, late):
        if not in_time + late or not self.may_tell(report, in_time + late):
            self.assertEqual(row[column], "")
            return
        share = in_time * 100 // (in_time + late)
        if report.audience in ("team", "public"):
            share = share // 5 * 5
        self.assertEqual(row[column], f"{share} %")

    def test_missed_duties(self):
        found = []

        def check(report, _asked, section, count):
            names = {term.code: term.name for term in report.policy_id.term_ids}
            duties = count.duties(report.date_from, report.date_to)
            expected = {names[code]: line for code, line in duties.items() if line[1]}
            self.assertEqual({row["label"] for row in section["rows"]}, set(expected))
            for row in section["rows"]:
                in_time, late, longest = expected[row["label"]]
                looks_in = report.audience in ("director", "coordinator")
                told = looks_in or in_time + late >= report.threshold
                self.assertEqual(row["late"], late if told else None)
                days = row["longest"].split()[:1]
                told = looks_in or late >= report.threshold
                self.assertEqual(days, [str(longest)] if told else [])
                found.append(row["late"])

        self.look_at_sections(("misses",), check)
        self.assertTrue(any(found))

    def test_trends(self):
        def check(report, asked, section, count):
            first, last, expected = report.date_from, report.date_to, []
            for _place in range(asked.periods):
                number = count.number(first, last)
                few = report.audience in ("team", "public") and 0 < number < report.threshold
                expected.insert(0, None if few else number)
                length = relativedelta(last + timedelta(days=1), first)
                first, last = first - length, first - timedelta(days=1)
            shown = [row["count"] for row in section["rows"]]
            self.assertEqual(shown, expected[-len(shown) :])
            self.assertFalse(any(expected[: -len(shown)]), "before there was a register")

        self.look_at_sections(("trend",), check)

    def test_what_does_not_count_is_told_apart(self):
        def check(report, _sections, count):
            apart = [
                ("c.nature = 'suggestion'", 2),
                ("c.outcome = 'out_of_scope'", 1),
            ]
            rule = report.figures["about"]["counting_rule"]
            for condition, number in apart:
                query = f"""SELECT COUNT(*) FROM klachtenbeheer_complaint c
                             JOIN klachtenbeheer_policy p ON p.id = c.policy_id
                            WHERE p.code = %(policy)s AND p.company_id = %(company)s
                              AND c.received_on BETWEEN %(first)s AND %(last)s AND {condition}"""
                [[found]] = count.ask(query, report.date_from, report.date_to)
                if report.date_to > date(2026, 12, 1):
                    self.assertEqual(found, number)
                    shown = f"({number})" in rule
                    self.assertEqual(shown, report.audience not in ("team", "public"), rule)

        self.look_at_each(check)

    def test_measures_and_recommendations(self):
        def check(report, asked, section, count):
            recommendations = asked.kind == "recommendations"
            expected = count.measures(report.date_from, report.date_to, recommendations)
            self.assertEqual(sorted(row["name"] for row in section["rows"]), expected)
            self.assertTrue(expected)
            if recommendations and report.date_to > date(2026, 12, 3):
                self.assertIn("Daarvoor is geen geld.", str(section["rows"]))

        self.look_at_sections(("measures", "recommendations"), check)

    def test_of_how_many_something_was_learned(self):
        """SB5: complaints with and without a measure."""
        told = []

        def check(report, _asked, section, count):
            number = count.number(report.date_from, report.date_to)
            led = count.number(
                report.date_from,
                report.date_to,
                "c.id IN (SELECT complaint_id FROM klachtenbeheer_measure_link)",
            )
            if self.may_tell(report, number):
                self.assertEqual(re.findall(r"\d+", section["led"]), [str(led), str(number)])
                self.assertIn(section["led"], str(report.figures_html))
                told.append(led)
            else:
                self.assertEqual(section["led"], "")

        self.look_at_sections(("measures",), check)
        self.assertTrue(any(told))

    # ---------------------------------------------------------------- no word of a dossier

    def test_no_word_of_any_dossier(self):
        found = self.env["klachtenbeheer.complaint"].search([("company_id", "=", self.company.id)])
        self.assertTrue(all(CANARY in line.description for line in found))
        self.assertTrue(all(CANARY in line.complainant_name for line in found))

        def check(report, _sections, _count):
            said = f"{report.figures} {report.figures_html} {report.title}".lower()
            self.assertNotIn(CANARY, said)
            for complaint in found[:20]:
                self.assertNotIn(complaint.name.lower(), said)

        self.look_at_each(check)

    def test_the_reports_of_each_policy_on_paper(self):
        """Those that a policy asks for or offers, as PDF, read back."""
        for policy in self.policies.values():
            kinds = policy.report_plan_ids.type_id
            self.assertTrue(kinds)
            for report in self.reports.filtered(
                lambda line, p=policy, k=kinds: line.policy_id == p and line.type_id in k
            ):
                with self.subTest(kind=report.kind, policy=policy.source):
                    reader = PdfReader(io.BytesIO(report._lay_out_pdf()))
                    text = self.read_text(reader)
                    self.assertNotIn(CANARY, text.lower())
                    for said in self.get_printed(report):
                        self.assertIn(said, text)
                    self.check_read_aloud(report, reader, text)

    def read_text(self, reader):
        return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))

    def check_read_aloud(self, report, reader, text):
        """In order, with headings, headers for each cell and words for each picture."""
        root = reader.trailer["/Root"]
        self.assertTrue(root["/MarkInfo"]["/Marked"])
        self.assertEqual(root["/Lang"], "nl-NL")
        self.assertTrue(reader.metadata.title.startswith(report.title))
        headings = [
            section["title"]
            for section in report.figures["sections"]
            if section["kind"] != "key_figures"
        ]
        places = [text.index(title, text.index(report.title)) for title in headings]
        self.assertEqual(places, sorted(places))
        tags = read_tags(reader)
        roles = [tag.role for tag in tags]
        self.assertEqual((roles.count("/H1"), roles.count("/H2")), (1, len(headings)))
        self.assertLess(roles.index("/H1"), roles.index("/H2"))
        self.assertTrue(all(tag.alternative for tag in tags if tag.role == "/Figure"))
        headers = {tag.key for tag in tags if tag.role == "/TH"}
        for cell in (tag for tag in tags if tag.role == "/TD"):
            self.assertGreaterEqual(len(cell.headers), 2, "its row and its column")
            self.assertLessEqual(set(cell.headers), headers)

    def get_printed(self, report):
        """What has to be found on the paper: headings, figures, texts."""
        yield report.title
        yield html2plaintext(WRITTEN).strip() if report.text_ids else report.title
        for section in report.figures["sections"]:
            if section["kind"] == "key_figures":
                yield from (item["label"] for item in section["items"])
                continue
            yield section["title"]
            for row in section.get("rows", []):
                if row.get("count") and not section.get("unrecorded"):
                    yield str(row["count"])
