from datetime import date
from itertools import pairwise

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..support.common import ComplaintCase, local_noon, local_time


@tagged("post_install", "-at_install")
class TestEvents(ComplaintCase):
    """Events in, deadlines and stage out (design.md 1)."""

    @local_noon("2026-04-02")
    def test_registration_starts_the_terms(self):
        complaint = self.file_complaint()
        self.assertEqual(complaint.stage_id.name, "Nieuw")
        self.assertEqual(
            self.due(complaint),
            {"acknowledge": date(2026, 4, 13), "answer": date(2026, 4, 16)},
        )
        self.assertEqual(complaint.next_due_on, date(2026, 4, 13))

    def test_the_code_of_an_event_is_that_of_its_type(self):
        """Terms and figures ask for the code: it can't say something else."""
        event_type = self.env["klachtenbeheer.event.type"]._get("answered")
        vals = {
            "complaint_id": self.file_complaint().id,
            "type_id": event_type.id,
            "occurred_on": "2026-04-02",
            "code": "decided",
        }
        self.assertEqual(self.env["klachtenbeheer.event"].create(vals).code, "answered")

    @local_time("2026-07-09", "00:30")
    def test_receipt_just_after_midnight_is_of_the_new_local_day(self):
        """22:30 UTC on 8 July is 9 July in the Netherlands (terms.md 2.0)."""
        self.assertEqual(self.file_complaint().received_on, date(2026, 7, 9))

    @local_time("2026-04-13", "23:59")
    def test_the_last_minute_of_the_last_day_is_in_time(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        self.assertEqual(self.deadline(complaint, "acknowledge").state, "running")
        complaint.record_event("acknowledged")
        self.assertEqual(self.deadline(complaint, "acknowledge").state, "met")

    @local_time("2026-04-14", "00:01")
    def test_overdue_from_the_next_local_day(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        deadline = self.deadline(complaint, "acknowledge")
        self.assertEqual(deadline.state, "overdue")
        complaint.record_event("acknowledged")
        self.assertEqual(deadline.state, "met_late")

    @local_noon("2026-06-30")
    def test_state_is_searchable(self):
        running = self.file_complaint()
        overdue = self.file_complaint(received_on="2026-06-01")
        met = self.file_complaint()
        met.record_event("acknowledged")
        late = self.file_complaint(received_on="2026-06-01")
        late.record_event("acknowledged")
        void = self.file_complaint()
        void.record_event("withdrawn")
        lapsed = self.file_complaint(received_on="2026-04-01")
        lapsed.record_event("answered", "2026-04-10")
        complaints = running | overdue | met | late | void | lapsed
        for state, code, expected in (
            ("running", "acknowledge", running),
            ("overdue", "acknowledge", overdue | lapsed),
            ("met", "acknowledge", met),
            ("met_late", "acknowledge", late),
            ("void", "acknowledge", void),
            ("lapsed", "object", lapsed),
        ):
            found = self.env["klachtenbeheer.deadline"].search(
                [
                    ("state", "=", state),
                    ("code", "=", code),
                    ("complaint_id", "in", complaints.ids),
                ]
            )
            self.assertEqual(found.complaint_id, expected, state)
            self.assertEqual(set(found.mapped("state")), {state})

    @local_noon("2026-06-30")
    def test_not_overdue_is_all_the_rest(self):
        self.file_complaint(received_on="2026-06-01")
        self.file_complaint()
        deadlines = self.env["klachtenbeheer.deadline"]
        every = deadlines.search([])
        overdue = deadlines.search([("state", "=", "overdue")])
        self.assertEqual(deadlines.search([("state", "!=", "overdue")]), every - overdue)
        self.assertTrue(overdue and every - overdue)

    @local_noon("2026-06-30")
    def test_falling_away_after_expiry_does_not_mend_the_breach(self):
        complaint = self.file_complaint(received_on="2026-06-01")
        complaint.record_event("withdrawn")
        deadline = self.deadline(complaint, "acknowledge")
        self.assertRecordValues(deadline, [{"is_open": False, "state": "overdue"}])

    @local_noon("2026-04-10")
    def test_explanation_names_the_days_that_were_skipped(self):
        deadline = self.deadline(self.file_complaint(received_on="2026-04-02"), "acknowledge")
        self.env["res.lang"]._activate_lang("nl_NL")
        explanation = deadline.with_context(lang="nl_NL").explanation
        self.assertIn("Goede Vrijdag", explanation)
        self.assertIn("maandag 13 april 2026", explanation)

    @local_noon("2026-04-10")
    def test_stage_is_the_furthest_that_was_reached(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        complaint.record_event("answered")
        complaint.record_event("taken_up")
        self.assertEqual(complaint.stage_id.name, "Beantwoord")

    @local_noon("2026-04-10")
    def test_replaying_changes_nothing(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        complaint.record_event("answered")
        before = complaint.deadline_ids.read()
        messages = complaint.message_ids
        complaint._project()
        self.assertEqual(complaint.deadline_ids.read(), before)
        self.assertEqual(complaint.message_ids, messages)

    def test_our_own_country_is_left_off_the_envelope(self):
        nl, de = self.env.ref("base.nl"), self.env.ref("base.de")
        self.company.country_id = nl
        home, abroad = self.env["res.partner"].create(
            [
                {
                    "name": "Kees",
                    "street": "Dorpsstraat 1",
                    "zip": "1234 AB",
                    "city": "Ons Dorp",
                    "country_id": country.id,
                }
                for country in (nl, de)
            ]
        )
        self.assertNotIn(nl.name, self.file_complaint(partner_id=home.id).complainant_address)
        self.assertIn(de.name, self.file_complaint(partner_id=abroad.id).complainant_address)

    # ------------------------------------------------------------ dates

    @local_noon("2026-04-10")
    def test_events_are_neither_ahead_nor_before_receipt(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        with self.assertRaisesRegex(ValidationError, "has not happened yet"):
            complaint.record_event("taken_up", "2026-04-11")
        with self.assertRaisesRegex(ValidationError, "before the complaint was received"):
            complaint.record_event("taken_up", "2026-04-01")
        with self.assertRaisesRegex(ValidationError, "no kind of event"):
            complaint.record_event("flown_away")

    @local_noon("2026-04-10")
    def test_receipt_is_not_in_the_future(self):
        with self.assertRaisesRegex(ValidationError, "future"):
            self.file_complaint(received_on="2026-04-11")

    # ------------------------------------------------------------ corrections

    @local_noon("2026-04-10")
    def test_correcting_the_receipt_date_moves_deadlines_and_says_so(self):
        complaint = self.file_complaint(received_on="2026-04-08")
        self.as_role(complaint, "coordinator").correct_receipt(
            "2026-04-02", "stempel op de envelop"
        )
        self.assertEqual(complaint.received_on, date(2026, 4, 2))
        self.assertEqual(self.due(complaint)["answer"], date(2026, 4, 16))
        log = " ".join(complaint.message_ids.mapped("body"))
        for text in ("stempel op de envelop", "22 Apr 2026", "16 Apr 2026"):
            self.assertIn(text, log.replace("apr", "Apr"))

    @local_noon("2026-04-10")
    def test_writing_the_receipt_date_is_correcting_it(self):
        complaint = self.file_complaint(received_on="2026-04-08")
        complaint.received_on = "2026-04-02"
        self.assertEqual(self.due(complaint)["answer"], date(2026, 4, 16))
        with self.assertRaisesRegex(ValidationError, "future"):
            complaint.received_on = "2026-04-11"

    @local_noon("2026-04-10")
    def test_receipt_can_not_move_past_what_was_done(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        complaint.record_event("taken_up", "2026-04-03")
        with self.assertRaisesRegex(ValidationError, "can't have been received after"):
            complaint.correct_receipt("2026-04-07", "typfout")

    @local_noon("2026-04-10")
    def test_voiding_an_event_reopens_its_duty(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        event = complaint.record_event("answered")
        self.assertIn("object", self.due(complaint))
        with self.assertRaisesRegex(UserError, "why"):
            event.action_void(" ")
        self.as_role(event, "coordinator").action_void("verkeerde dossier")
        self.assertEqual(self.deadline(complaint, "answer").state, "running")
        self.assertNotIn("object", self.due(complaint))
        self.assertEqual(complaint.stage_id.name, "Nieuw")
        self.assertRecordValues(
            event,
            [
                {
                    "voided": True,
                    "void_reason": "verkeerde dossier",
                    "voided_by_id": self.users["coordinator"].id,
                }
            ],
        )
        self.assertIn("verkeerde dossier", " ".join(complaint.message_ids.mapped("body")))

    @local_noon("2026-04-10")
    def test_adding_a_closing_day_moves_the_terms_that_count_it(self):
        counting = self.make_policy(code="telt", count_organisation_days=True)
        moved = self.file_complaint(policy_id=counting.id, received_on="2026-04-02")
        unmoved = self.file_complaint(received_on="2026-04-02")
        self.env["klachtenbeheer.closed.day"].with_user(self.users["manager"]).create(
            {"date": "2026-04-08", "name": "Studiedag", "kind": "organisation"}
        )
        self.assertEqual(self.due(moved)["acknowledge"], date(2026, 4, 14))
        self.assertEqual(self.due(unmoved)["acknowledge"], date(2026, 4, 13))
        self.assertIn("Studiedag", self.deadline(moved, "acknowledge").explanation)

    @local_noon("2026-05-01")
    def test_decree_day_counts_only_where_the_policy_says_so(self):
        self.env["klachtenbeheer.closed.day"].create(
            {"date": "2026-05-15", "name": "Dag na Hemelvaart", "kind": "decree"}
        )
        policy = self.make_policy(code="besluit", count_decree_days=True)
        self.assertEqual(policy.preview("2026-05-13")["acknowledge"], date(2026, 5, 22))
        self.assertEqual(self.policy.preview("2026-05-13")["acknowledge"], date(2026, 5, 21))

    # ------------------------------------------------------------ extension

    @local_noon("2026-04-10")
    def test_notice_before_expiry_moves_the_date(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        complaint.record_event("delay_notified", promised_on="2026-05-01")
        self.assertRecordValues(
            self.deadline(complaint, "answer"),
            [
                {
                    "first_due_on": date(2026, 4, 16),
                    "due_on": date(2026, 5, 1),
                    "state": "running",
                }
            ],
        )
        self.assertEqual(self.due(complaint)["acknowledge"], date(2026, 4, 13))

    @local_noon("2026-04-20")
    def test_notice_after_expiry_leaves_the_breach(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        complaint.record_event("delay_notified", promised_on="2026-05-01")
        self.assertRecordValues(
            self.deadline(complaint, "answer"),
            [{"due_on": date(2026, 4, 16), "state": "overdue"}],
        )

    # ------------------------------------------------------------ closing

    @local_noon("2026-04-10")
    def test_closing_asks_for_outcome_and_open_duties(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        with self.assertRaisesRegex(
            UserError, "(?s)Antwoord.*Ontvangstbevestiging|Ontvangst.*Antw"
        ):
            complaint.action_close()
        complaint.record_event("acknowledged")
        complaint.record_event("answered")
        complaint.outcome = False
        with self.assertRaisesRegex(UserError, "still missing"):
            complaint.action_close()
        complaint.outcome = "answered"
        complaint.action_close()
        self.assertRecordValues(
            complaint, [{"is_closed": True, "closed_on": date(2026, 4, 10), "next_due_on": False}]
        )

    @local_noon("2026-04-10")
    def test_waived_duty_is_not_applicable_and_allows_closing(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        complaint._mark_not_applicable("acknowledged", "anoniem, geen adres")
        complaint._mark_not_applicable("answered", "anoniem, geen adres")
        self.assertEqual(set(complaint.deadline_ids.mapped("state")), {"void"})
        complaint.outcome = "remedied"
        complaint.action_close()
        self.assertTrue(complaint.is_closed)

    @local_noon("2026-04-10")
    def test_closed_complaint_takes_no_events_until_it_is_reopened(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        complaint.record_event("withdrawn")
        self.assertEqual(complaint.outcome, "withdrawn")
        complaint.action_close()
        with self.assertRaisesRegex(UserError, "reopen"):
            complaint.record_event("taken_up")
        complaint.action_reopen()
        self.assertRecordValues(complaint, [{"is_closed": False, "round": 2, "outcome": False}])
        complaint.record_event("answered")
        self.assertEqual(self.deadline(complaint, "object", 2).started_on, date(2026, 4, 10))
        self.assertEqual(self.deadline(complaint, "answer", 1).state, "void")

    @local_noon("2026-04-10")
    def test_a_later_event_improves_a_proposed_outcome_but_not_a_chosen_one(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        complaint.record_event("answered")
        complaint.record_event("final_decided")
        self.assertEqual(complaint.outcome, "final_decided")
        complaint.outcome = "no_objection"
        complaint.record_event("answered")
        self.assertEqual(complaint.outcome, "no_objection")

    # ------------------------------------------------------------ board

    @local_noon("2026-04-10")
    def test_dragging_a_card_asks_for_the_event_or_explains(self):
        complaint = self.as_role(self.file_complaint(received_on="2026-04-02"), "coordinator")
        busy, answered = complaint.policy_id.stage_ids[1:3]
        with self.assertRaisesRegex(Exception, "moves to “Bezig” when"):
            complaint.stage_id = busy
        with self.assertRaisesRegex(UserError, "reaches “Beantwoord” by itself"):
            complaint.stage_id = answered
        complaint.record_event("taken_up")
        with self.assertRaisesRegex(UserError, "does not go back"):
            complaint.stage_id = complaint.policy_id.stage_ids[0]

    # ------------------------------------------------------------ protection

    @local_noon("2026-04-10")
    def test_nobody_writes_events_and_deadlines_by_hand(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        for role in ("coordinator", "handler", "director"):
            with self.assertRaises(AccessError):
                self.as_role(complaint, role).event_ids.sudo(False).write({"note": "x"})
            with self.assertRaises(AccessError):
                self.as_role(complaint.deadline_ids, role).write({"due_on": "2027-01-01"})
            with self.assertRaises(AccessError):
                self.env["klachtenbeheer.event"].with_user(self.users[role]).create(
                    {
                        "complaint_id": complaint.id,
                        "type_id": self.env.ref("klachtenbeheer.event_type_answered").id,
                        "occurred_on": "2026-04-10",
                    }
                )

    @local_noon("2026-04-10")
    def test_procedure_fields_are_not_written_from_outside(self):
        complaint = self.file_complaint(received_on="2026-04-02")
        forged = complaint.with_context(procedure_sentinel=True)
        for vals in ({"next_due_on": "2030-01-01"}, {"is_closed": True}, {"name": "K1"}):
            with self.assertRaisesRegex(UserError, "follows from what happened"):
                forged.write(vals)
        forged.write({"name": complaint.name, "is_closed": False, "title": "Beter"})
        self.assertEqual(complaint.title, "Beter")
        created = self.file_complaint(name="K1", is_closed=True, next_due_on="2030-01-01")
        self.assertRecordValues(created, [{"is_closed": False, "next_due_on": date(2026, 4, 17)}])
        self.assertNotEqual(created.name, "K1")

    @local_noon("2026-04-10")
    def test_complaint_is_never_deleted_nor_copied(self):
        complaint = self.file_complaint()
        with self.assertRaisesRegex(UserError, "never deleted"):
            complaint.unlink()
        with self.assertRaisesRegex(UserError, "duplicated"):
            complaint.copy()

    # ------------------------------------------------------------ references

    @local_noon("2026-04-10")
    def test_references_are_per_company_and_year_without_gaps(self):
        first, second = self.file_complaint(), self.file_complaint(received_on="2025-12-31")
        third = self.file_complaint()
        self.assertEqual((first | second | third).mapped("register_number"), [1, 1, 2])
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.file_complaint(received_on="2026-04-11")
        self.assertEqual(self.file_complaint().register_number, 3)

    @local_noon("2026-04-10")
    def test_references_tell_the_year_and_nothing_of_what_is_not_seen(self):
        """Whoever sees all but one can't count out that it exists (design.md 4.12)."""
        complaints = self.env["klachtenbeheer.complaint"].create(
            [{"policy_id": self.policy.id, "description": "x"} for _number in range(20)]
        )
        names = complaints.mapped("name")
        for name in names:
            self.assertRegex(name, r"^K2026-\d{6}$")
        numbers = [int(name[-6:-1]) for name in names]
        self.assertEqual(len(set(names)), 20)
        steps = {later - earlier for earlier, later in pairwise(numbers)}
        self.assertGreater(len(steps), 15, "no step from one to the next that comes back")
        for role in ("employee", "registrar", "handler", "coordinator", "director", "manager"):
            seen = self.as_role(self.env["klachtenbeheer.complaint"], role)
            self.assertNotIn("register_number", seen.fields_get(), role)
            self.assertNotIn("formal_register_number", seen.fields_get(), role)

    @local_noon("2026-04-10")
    def test_ids_leave_some_out(self):
        """So the id that somebody does not see is no sign of a dossier about them."""
        ids = [self.file_complaint().id for _number in range(30)]
        self.assertGreater(len({later - earlier for earlier, later in pairwise(ids)}), 1)

    def test_two_organisations_have_numbers_of_their_own(self):
        other = self.env["res.company"].create({"name": "Elders"})
        mine, theirs = (
            [reference for reference, _number in company._next_complaint_references(2026, 9)]
            for company in (self.company, other)
        )
        self.assertNotEqual(mine, theirs)

    @local_noon("2026-04-10")
    def test_bulk_and_one_by_one_give_the_same(self):
        vals = {
            "policy_id": self.policy.id,
            "description": "x",
            "received_on": "2026-04-02",
        }
        bulk = self.env["klachtenbeheer.complaint"].create([dict(vals) for _ in range(3)])
        self.assertEqual(bulk.mapped("register_number"), [1, 2, 3])
        single = self.file_complaint(**vals)
        fields = ["code", "started_on", "due_on", "remind_on", "target_on", "state"]
        for complaint in bulk:
            self.assertEqual(
                [
                    {k: v for k, v in row.items() if k != "id"}
                    for row in complaint.deadline_ids.read(fields)
                ],
                [
                    {k: v for k, v in row.items() if k != "id"}
                    for row in single.deadline_ids.read(fields)
                ],
            )
        self.assertEqual(bulk.activity_ids.user_id, self.users["coordinator"])

    def test_recording_takes_a_constant_number_of_queries(self):
        vals = {"policy_id": self.policy.id, "description": "x", "received_on": "2026-04-02"}
        create = self.env["klachtenbeheer.complaint"].create
        small, large = create([dict(vals)] * 2), create([dict(vals)] * 40)
        self.env.flush_all()
        counts = []
        for complaints in (small, large):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            complaints.record_event("taken_up", "2026-04-03")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2, counts)
