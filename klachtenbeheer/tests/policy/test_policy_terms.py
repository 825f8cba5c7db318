from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from ...tools import compute_due
from ..support.common import local_noon
from ..support.matrix import MATRIX
from .test_policies import LATER, SOURCES, SourcePolicyCase

# which column of the matrix each previewed term is
PREVIEW = {
    "sb": {"acknowledge": "workdays_5", "decide": "weeks_4"},
    "ba": {"forward": "day", "acknowledge": "workdays_5", "answer": "weeks_3"},
    "sj": {"acknowledge": "workdays_2", "answer": "workdays_5"},
    "kk": {"acknowledge": "day", "contact": "days_14", "answer": "days_30"},
    "bb": {"take_up": "days_14", "acknowledge": "days_14", "answer": "days_14"},
}
# terms that start with something later than receipt
LATER_TERMS = {
    ("sb", "refer"): "days_5_moved",
    ("ba", "object"): "month_moved",
    ("ba", "hear"): "weeks_1",
    ("ba", "final_decision"): "weeks_2",
    ("bb", "callback"): "workdays_2",
}


@tagged("post_install", "-at_install")
class TestTermMatrix(SourcePolicyCase):
    """Every cell of terms.md 2.5 that a policy uses."""

    def test_preview_of_each_policy_on_each_day(self):
        for source, columns in PREVIEW.items():
            policy = self.template(source)
            for row in MATRIX:
                self.assertEqual(
                    policy.preview(row.day),
                    {code: getattr(row, column) for code, column in columns.items()},
                    f"{source} {row.day}",
                )

    def test_terms_that_start_later_on_each_day(self):
        for (source, code), column in LATER_TERMS.items():
            policy = self.template(source)
            term = policy.term_ids.filtered(lambda line, code=code: line.code == code)
            for row in MATRIX:
                due = compute_due(term._to_tool(), row.day, policy.get_calendar())
                self.assertEqual(due.on, getattr(row, column), f"{source} {code} {row.day}")

    def test_ends_that_stay_where_they_fall(self):
        policy = self.template("ba").copy({"code": "letterlijk"})
        term = policy.term_ids.filtered(lambda line: line.code == "object")
        term.end_rule = "literal"
        for row in MATRIX:
            due = compute_due(term._to_tool(), row.day, policy.get_calendar())
            self.assertEqual(due.on, row.month_literal, row.day)
        policy = self.template("sb").copy({"code": "letterlijk-sb"})
        term = policy.term_ids.filtered(lambda line: line.code == "refer")
        term.end_rule = "literal"
        for row in MATRIX:
            due = compute_due(term._to_tool(), row.day, policy.get_calendar())
            self.assertEqual(due.on, row.days_5, row.day)

    def test_decree_days_count_where_the_policy_says_so(self):
        policy = self._copy_with_decree_days("sb")
        for row in MATRIX:
            # counted from 2 January itself nothing changes: the day of receipt never counts
            self.assertEqual(policy.preview(row.day)["acknowledge"], row.workdays_5_decree)
        policy = self._copy_with_decree_days("ba")
        self.assertEqual(policy.preview("2026-01-02")["answer"], date(2026, 1, 26))
        self.assertEqual(self.template("ba").preview("2026-01-02")["answer"], date(2026, 1, 23))

    def _copy_with_decree_days(self, source):
        policy = self.template(source).copy(
            {"code": f"besluit-{source}", "company_id": self.company.id}
        )
        days = self.env["klachtenbeheer.closed.day"]
        for day in ("2026-01-02", "2026-05-15"):
            if not days.search([("company_id", "=", self.company.id), ("date", "=", day)]):
                days.create(
                    {
                        "company_id": self.company.id,
                        "date": day,
                        "name": "Koninklijk besluit",
                        "kind": "decree",
                    }
                )
        self.assertEqual(policy.preview("2026-05-13"), self.template(source).preview("2026-05-13"))
        policy.count_decree_days = True
        return policy

    @local_noon(LATER)
    def test_complaints_get_the_previewed_dates(self):
        for source in SOURCES:
            policy = self.publish_source(source)
            complaints = self.env["klachtenbeheer.complaint"].create(
                [
                    {
                        "policy_id": policy.id,
                        "kind": "formal",
                        "channel": "post",
                        "description": "Niet goed.",
                        "received_on": row.day,
                    }
                    for row in MATRIX
                ]
            )
            for complaint in complaints:
                self.assertEqual(
                    self.due(complaint),
                    policy.preview(complaint.received_on),
                    f"{source} {complaint.received_on}",
                )

    @local_noon(LATER)
    def test_oral_complaints_are_called_back_instead(self):
        policy = self.publish_source("bb")
        for row in MATRIX:
            complaint = self.file_complaint(
                policy_id=policy.id, channel="phone", received_on=row.day
            )
            self.assertEqual(
                self.due(complaint),
                {
                    "take_up": row.days_14,
                    "acknowledge": row.days_14,
                    "callback": row.workdays_2,
                },
            )


class ChainCase(SourcePolicyCase):
    """Chains of real events, each recorded on the day it happens."""

    def file(self, policy, day, **vals):
        with local_noon(day):
            return self.file_complaint(
                policy_id=policy.id, **{"received_on": day, "channel": "email", **vals}
            )

    CONTENT = {
        "summary": "De bus kwam niet.",
        "findings": "<p>De rit was niet ingevoerd.</p>",
        "solution": "<p>U betaalt de rit niet.</p>",
        "verdict": "upheld",
        "verdict_motivation": "<p>Wij hadden moeten bellen.</p>",
        "no_measures": True,
        "severity": "low",
    }

    def complete(self, complaint):
        """Fill in what closing asks for: these tests are about dates."""
        policy = complaint.policy_id
        complaint.write(
            {
                "handler_id": self.users["handler"].id,
                "category_id": policy.category_ids[:1].id,
                "complainant_kind_id": policy.complainant_kind_ids[:1].id,
                **self.CONTENT,
            }
        )
        self.hear_both_sides(complaint)

    def record(self, complaint, code, day, **vals):
        if code == "closed":
            self.complete(complaint)
        with local_noon(max(day, vals.get("sent_on", day))):
            return complaint.record_event(code, day, **vals)

    def assertDue(self, complaint, code, day):
        self.assertEqual(self.deadline(complaint, code).due_on, date.fromisoformat(day), code)

    def assertState(self, complaint, day, states):
        with local_noon(day):
            complaint.deadline_ids.invalidate_recordset(["state"])
            found = {line.code: line.state for line in complaint.deadline_ids}
        self.assertEqual({code: found.get(code) for code in states}, states)


@tagged("post_install", "-at_install")
class TestWorkedChains(ChainCase):
    """The worked chains of terms.md 2.4."""

    def test_ba_from_receipt_to_the_final_decision(self):
        complaint = self.file(self.publish_source("ba"), "2026-04-02")
        self.assertEqual(complaint.stage_id.name, "Bij de klachtenfunctionaris")
        self.assertEqual(self.deadline(complaint, "forward").met_on, date(2026, 4, 2))
        # BA6, BA20: it lands with the klachtenfunctionaris at once
        self.assertEqual(complaint.activity_ids.user_id, self.users["coordinator"])
        self.assertDue(complaint, "acknowledge", "2026-04-13")
        self.assertDue(complaint, "answer", "2026-04-23")
        self.record(complaint, "acknowledged", "2026-04-13")
        self.record(complaint, "answered", "2026-04-23")
        self.assertEqual(complaint.stage_id.name, "Beantwoord")
        self.assertDue(complaint, "object", "2026-05-26")
        self.record(complaint, "objected", "2026-05-22")
        self.assertEqual(complaint.stage_id.name, "Niet eens met het antwoord")
        self.assertDue(complaint, "hear", "2026-05-29")
        self.record(complaint, "hearing_waived", "2026-05-29")
        self.assertDue(complaint, "final_decision", "2026-06-12")
        self.record(complaint, "final_decided", "2026-06-12")
        self.assertEqual(complaint.stage_id.name, "Definitief beslist")
        self.assertState(
            complaint,
            "2026-06-12",
            dict.fromkeys(
                ("forward", "acknowledge", "answer", "object", "hear", "final_decision"), "met"
            ),
        )
        self.record(complaint, "closed", "2026-06-12")
        self.assertRecordValues(complaint, [{"is_closed": True, "outcome": "final_decided"}])

    def test_ba_received_on_a_saturday(self):
        complaint = self.file(self.publish_source("ba"), "2026-01-31")
        self.assertEqual(
            self.due(complaint),
            {
                "forward": date(2026, 1, 31),
                "acknowledge": date(2026, 2, 6),
                "answer": date(2026, 2, 23),
            },
        )

    def test_ba_the_answer_is_in_time_when_it_arrives_in_time(self):
        """T16: «ontvangt»; by post the day of sending is not enough."""
        complaint = self.file(self.publish_source("ba"), "2026-04-02")
        self.record(complaint, "answered", "2026-04-24", sent_on="2026-04-22")
        self.assertState(complaint, "2026-04-24", {"answer": "met_late"})
        self.assertDue(complaint, "object", "2026-05-26")

    def test_ba_without_objection_the_right_lapses(self):
        complaint = self.file(self.publish_source("ba"), "2026-04-02")
        self.record(complaint, "answered", "2026-04-23")
        self.assertState(complaint, "2026-05-26", {"object": "running"})
        self.assertState(complaint, "2026-05-27", {"object": "lapsed"})
        self.record(complaint, "lapsed", "2026-05-27")
        self.assertEqual(complaint.stage_id.name, "Afgehandeld, geen bezwaar")
        # an objection that comes late and is accepted all the same goes on from there
        self.record(complaint, "objected", "2026-05-28", note="De klager was ziek.")
        self.assertEqual(complaint.stage_id.name, "Niet eens met het antwoord")

    def test_ba_no_final_decision_after_a_hearing_that_was_held(self):
        complaint = self.file(self.publish_source("ba"), "2026-04-02")
        self.record(complaint, "answered", "2026-04-23")
        self.record(complaint, "objected", "2026-05-22")
        self.record(complaint, "hearing_offered", "2026-05-27")
        self.assertFalse(self.deadline(complaint, "final_decision"))
        self.record(complaint, "hearing_waived", "2026-05-29")
        self.record(complaint, "hearing_held", "2026-06-02")
        self.assertState(complaint, "2026-06-30", {"hear": "met", "final_decision": "void"})

    def test_ba_terms_know_no_extension(self):
        """BA40/T23: a courtesy notice moves nothing."""
        complaint = self.file(self.publish_source("ba"), "2026-04-02")
        self.record(complaint, "delay_notified", "2026-04-10", promised_on="2026-05-10")
        self.assertDue(complaint, "answer", "2026-04-23")

    def test_sb_from_formal_registration_to_the_confidant(self):
        complaint = self.file(self.publish_source("sb"), "2026-05-11", kind="informal")
        self.assertFalse(complaint.deadline_ids, "nothing runs in the informal phase")
        self.assertEqual(complaint.stage_id.name, "Informele fase")
        self.record(complaint, "formalised", "2026-05-18")
        self.assertEqual(complaint.stage_id.name, "Formeel geregistreerd")
        self.assertEqual(complaint.kind, "formal")
        self.assertDue(complaint, "acknowledge", "2026-05-26")
        self.assertDue(complaint, "decide", "2026-06-15")
        self.record(complaint, "acknowledged", "2026-05-26")
        self.record(complaint, "decided", "2026-06-15")
        self.assertDue(complaint, "refer", "2026-06-22")
        self.record(complaint, "referral_requested", "2026-06-22")
        self.assertState(
            complaint, "2026-06-22", {"acknowledge": "met", "decide": "met", "refer": "met"}
        )
        self.assertEqual(complaint.stage_id.name, "Bij de vertrouwenspersoon")

    def test_sb_filed_formally_at_once_counts_from_receipt(self):
        complaint = self.file(self.publish_source("sb"), "2026-05-18", kind="formal")
        self.assertEqual(
            self.due(complaint), {"acknowledge": date(2026, 5, 26), "decide": date(2026, 6, 15)}
        )

    def test_sb_five_days_for_the_confidant(self):
        policy = self.publish_source("sb")
        for decided_on, days, workdays in (
            ("2026-04-30", "2026-05-06", "2026-05-08"),
            ("2026-12-21", "2026-12-28", "2026-12-29"),
            ("2026-05-09", "2026-05-15", "2026-05-18"),
            ("2026-05-20", "2026-05-26", None),
        ):
            complaint = self.file(policy, decided_on, kind="formal")
            self.record(complaint, "decided", decided_on)
            self.assertDue(complaint, "refer", days)
            if workdays:
                draft = policy.copy({"code": f"wd-{decided_on}"})
                term = draft.term_ids.filtered(lambda line: line.code == "refer")
                term.unit = "workday"
                due = compute_due(
                    term._to_tool(), date.fromisoformat(decided_on), draft.get_calendar()
                )
                self.assertEqual(due.on, date.fromisoformat(workdays))

    def test_sb_the_right_to_the_confidant_outlives_closing(self):
        complaint = self.file(self.publish_source("sb"), "2026-05-18", kind="formal")
        self.record(complaint, "acknowledged", "2026-05-19")
        self.record(complaint, "decided", "2026-06-15")
        self.record(complaint, "closed", "2026-06-16")
        self.assertTrue(complaint.is_closed)
        self.assertState(complaint, "2026-06-22", {"refer": "running"})
        self.record(complaint, "referral_requested", "2026-06-22")
        self.assertState(complaint, "2026-06-22", {"refer": "met"})

    def test_sb_delay_notice_before_and_after_expiry(self):
        policy = self.publish_source("sb")
        complaint = self.file(policy, "2026-05-18", kind="formal")
        self.record(complaint, "delay_notified", "2026-06-15", promised_on="2026-06-29")
        self.assertDue(complaint, "decide", "2026-06-29")
        self.assertDue(complaint, "acknowledge", "2026-05-26")
        self.assertEqual(self.deadline(complaint, "decide").first_due_on, date(2026, 6, 15))
        late = self.file(policy, "2026-05-18", kind="formal")
        self.record(late, "delay_notified", "2026-06-16", promised_on="2026-06-29")
        self.assertDue(late, "decide", "2026-06-15")

    def test_sj_two_and_five_werkdagen(self):
        policy = self.publish_source("sj")
        for received_on, acknowledge, answer in (
            ("2026-04-03", "2026-04-08", "2026-04-13"),
            ("2026-01-31", "2026-02-03", "2026-02-06"),
            ("2026-12-24", "2026-12-29", "2027-01-04"),
        ):
            complaint = self.file(policy, received_on)
            self.assertDue(complaint, "acknowledge", acknowledge)
            self.assertDue(complaint, "answer", answer)

    def test_sj_acknowledging_is_not_answering(self):
        """T24: nor is a delay notice; it only moves the answer."""
        complaint = self.file(self.publish_source("sj"), "2026-04-03")
        self.record(complaint, "acknowledged", "2026-04-07")
        self.record(complaint, "delay_notified", "2026-04-13", promised_on="2026-04-20")
        self.assertDue(complaint, "answer", "2026-04-20")
        self.assertState(complaint, "2026-04-13", {"acknowledge": "met", "answer": "running"})
        self.assertState(complaint, "2026-04-21", {"answer": "overdue"})
        self.record(complaint, "answered", "2026-04-20")
        self.assertState(complaint, "2026-04-21", {"answer": "met"})

    def test_kk_fourteen_and_thirty_days(self):
        policy = self.publish_source("kk")
        for received_on, contact, contact_target, answer, answer_target in (
            ("2026-04-02", "2026-04-16", "2026-04-16", "2026-05-02", "2026-05-01"),
            ("2026-01-31", "2026-02-14", "2026-02-13", "2026-03-02", "2026-03-02"),
            ("2026-05-05", "2026-05-19", "2026-05-19", "2026-06-04", "2026-06-04"),
            ("2026-12-24", "2027-01-07", "2027-01-07", "2027-01-23", "2027-01-22"),
        ):
            complaint = self.file(policy, received_on)
            self.assertDue(complaint, "contact", contact)
            self.assertDue(complaint, "answer", answer)
            for code, target in (("contact", contact_target), ("answer", answer_target)):
                self.assertEqual(
                    self.deadline(complaint, code).target_on, date.fromisoformat(target)
                )

    def test_kk_from_contact_to_answer(self):
        complaint = self.file(self.publish_source("kk"), "2026-04-02")
        self.assertEqual(complaint.kind, "informal")
        self.record(complaint, "acknowledged", "2026-04-02")
        self.assertState(complaint, "2026-04-16", {"acknowledge": "met", "contact": "running"})
        self.record(complaint, "contacted", "2026-04-14")
        self.record(complaint, "answered", "2026-05-01")
        self.assertState(complaint, "2026-05-01", {"contact": "met", "answer": "met"})
        self.assertEqual(complaint.stage_id.name, "Stappen gemeld")

    def test_kk_filing_elsewhere_ends_every_internal_term(self):
        """KK40; no result is waited for (KK43)."""
        policy = self.publish_source("kk")
        for code in ("referred", "external_admitted"):
            complaint = self.file(policy, "2026-04-02")
            self.record(complaint, code, "2026-04-03")
            self.assertFalse(complaint.deadline_ids.filtered("is_open"))
            self.assertFalse(complaint.next_due_on)
            self.assertEqual(complaint.stage_id.name, "Bij Klachtenportaal Zorg")
        solved = self.file(policy, "2026-04-02")
        self.record(solved, "resolved_informally", "2026-04-03")
        self.record(solved, "referred", "2026-04-10")
        self.assertEqual(solved.stage_id.name, "Bij Klachtenportaal Zorg")

    def test_kk_what_was_solved_in_a_conversation_is_still_acknowledged(self):
        """KK19: «altijd»."""
        complaint = self.file(self.publish_source("kk"), "2026-04-02")
        self.record(complaint, "resolved_informally", "2026-04-02")
        self.assertState(
            complaint,
            "2026-04-03",
            {"acknowledge": "overdue", "contact": "void", "answer": "void"},
        )

    def test_bb_reaction_or_acknowledgement_within_two_weeks(self):
        policy = self.publish_source("bb")
        for received_on, due in (
            ("2026-04-30", "2026-05-14"),
            ("2026-01-31", "2026-02-14"),
            ("2026-12-24", "2027-01-07"),
        ):
            self.assertDue(self.file(policy, received_on), "answer", due)
        complaint = self.file(policy, "2026-04-30")
        self.record(complaint, "answered", "2026-05-14")
        self.assertState(
            complaint, "2026-05-15", {"answer": "met", "acknowledge": "met", "take_up": "void"}
        )

    def test_bb_the_promised_date_is_the_new_one(self):
        """BB6, BB16: informed within the same two weeks on manner and duration."""
        complaint = self.file(self.publish_source("bb"), "2026-04-30")
        self.record(complaint, "taken_up", "2026-05-04")
        self.record(complaint, "acknowledged", "2026-05-12", promised_on="2026-06-08")
        self.assertDue(complaint, "answer", "2026-06-08")
        self.assertState(
            complaint,
            "2026-05-20",
            {"take_up": "met", "acknowledge": "met", "answer": "running"},
        )

    def test_bb_an_oral_complaint_is_called_back(self):
        complaint = self.file(self.publish_source("bb"), "2026-04-30", channel="phone")
        self.assertDue(complaint, "callback", "2026-05-04")
        self.record(complaint, "contacted", "2026-05-04")
        self.assertState(complaint, "2026-05-05", {"callback": "met", "acknowledge": "running"})

    def test_what_ends_a_complaint_ends_its_duties(self):
        for source in SOURCES:
            policy = self.publish_source(source)
            for code in (
                "withdrawn",
                "out_of_scope",
                "remedied",
                "resolved_informally",
                "settled",
            ):
                complaint = self.file(policy, "2026-04-02", kind="formal")
                self.record(complaint, code, "2026-04-02")
                open_codes = set(complaint.deadline_ids.filtered("is_open").mapped("code"))
                gone = code in ("withdrawn", "out_of_scope")
                expected = {"acknowledge"} if source == "kk" and not gone else set()
                self.assertEqual(open_codes, expected, f"{source} {code}")
                self.assertEqual(complaint.stage_id.name, "Af te ronden", f"{source} {code}")

    def test_no_complaint_is_closed_without_an_outcome(self):
        for source in SOURCES:
            complaint = self.file(self.publish_source(source), "2026-04-02", kind="formal")
            with self.assertRaises(UserError), local_noon("2026-04-03"):
                complaint.record_event("closed")
            self.assertFalse(complaint.is_closed)

    def test_stages_ask_for_what_the_policy_asks_for(self):
        """SB8, SB29: what is missing is named to whoever records it."""
        complaint = self.file(self.publish_source("sb"), "2026-05-18", kind="formal")
        taken_up = self.env.ref("klachtenbeheer.event_type_taken_up")
        with local_noon("2026-05-19"):
            dialogs = self.as_role(self.env["klachtenbeheer.event.record"], "coordinator")
            dialog = dialogs.create({"complaint_ids": complaint.ids, "type_id": taken_up.id})
            with self.assertRaisesRegex(UserError, "Handler"):
                dialog.action_record()
            complaint.write(
                {
                    "handler_id": self.users["handler"].id,
                    "category_id": complaint.policy_id.category_ids[0].id,
                    "complainant_kind_id": complaint.policy_id.complainant_kind_ids[0].id,
                }
            )
            dialog.action_record()
        self.assertEqual(complaint.stage_id.name, "In onderzoek")

    def test_skipping_a_stage_skips_nothing_of_what_it_asks(self):
        """SB6, SB8, SB29: a decision asks for handler, category and capacity, too; so does
        closing, unless the handling ended before."""
        complaint = self.file(self.publish_source("sb"), "2026-05-18", kind="formal")
        decided, closed, withdrawn = (
            self.env.ref(f"klachtenbeheer.event_type_{code}")
            for code in ("decided", "closed", "withdrawn")
        )
        earlier = {"Handler", "Category", "Capacity of the complainant"}
        for event_type in (decided, closed):
            missing = {part.text for part in complaint._get_missing_for_event(event_type)}
            self.assertLessEqual(earlier, missing, event_type.code)
        letter = complaint.prepare_letter("decision")
        self.assertLessEqual(earlier, {part.text for part in letter._get_missing_parts()})
        self.assertFalse(complaint._get_missing_for_event(withdrawn))
        with local_noon("2026-05-19"):
            complaint.record_event("withdrawn")
        self.assertFalse(complaint._get_missing_for_event(closed))

    def test_what_a_waived_duty_would_lead_to_asks_nothing(self):
        """It can't be answered, with the reason on record: nothing to react with is needed."""
        complaint = self.file(self.publish_source("bb"), "2026-05-18")
        closed = self.env.ref("klachtenbeheer.event_type_closed")
        reaction = "Reaction: a solution, findings or measures"
        before = [part.text for part in complaint._get_missing_for_event(closed)]
        self.assertIn(reaction, before)
        with local_noon("2026-05-19"):
            complaint._mark_not_applicable("answered", "Kees antwoordt niet meer.")
        after = [part.text for part in complaint._get_missing_for_event(closed)]
        self.assertNotIn(reaction, after)
        self.assertIn("Handler", after)

    def test_what_only_some_complaints_come_to_is_asked_of_those(self):
        """BA34: who does not object never gets a final decision, so needs no reasons for it."""
        complaint = self.file(self.publish_source("ba"), "2026-05-18")
        closed = self.env.ref("klachtenbeheer.event_type_closed")
        reasons = "Reasons of the decision"
        missing = [part.text for part in complaint._get_missing_for_event(closed)]
        self.assertNotIn(reasons, missing)
        with local_noon("2026-05-19"):
            complaint.record_event("final_decided")
        missing = [part.text for part in complaint._get_missing_for_event(closed)]
        self.assertIn(reasons, missing)
