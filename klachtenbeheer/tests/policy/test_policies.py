import re
from datetime import date

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import file_open

from ..support.common import ComplaintCase, local_noon
from ..support.made_once import begin_test, make_once

SOURCES = ("sb", "ba", "sj", "kk", "bb")
# Who is asked to release a policy gets no mail: what it says is no matter of these tests.
QUIETLY = {"mail_activity_quick_update": True}
LATER = "2027-06-01"  # after every date in terms.md, so that all of it can be recorded

# terms.md 2.4 and 2.6: code → (start, stops, amount, unit, count_from, end_rule, duty_of,
# extendable, met_when, applies_to)
TERMS = {
    "sb": {
        "acknowledge": "formalised acknowledged 5 workday event literal organisation no sent all",
        "decide": "formalised decided 4 week event literal organisation yes sent all",
        "refer": "decided referral_requested 5 day event next_workday complainant no sent all",
    },
    "ba": {
        "forward": "received forwarded 0 day event literal organisation no sent all",
        "acknowledge": "received acknowledged 5 workday event literal organisation no sent all",
        "answer": "received answered 3 week first_workday literal organisation no received all",
        "object": "answered objected 1 month first_workday next_workday complainant no sent all",
        "hear": "objected hearing_held+hearing_offered+hearing_waived 1 week first_workday literal"
        " organisation no sent all",
        "final_decision": "hearing_waived final_decided 2 week first_workday literal organisation"
        " no received all",
    },
    "sj": {
        "acknowledge": "received acknowledged 2 workday event literal organisation no sent all",
        "answer": "received answered 5 workday event literal organisation yes sent all",
    },
    "kk": {
        "acknowledge": "received acknowledged 0 day event literal organisation no sent all",
        "contact": "received contacted 14 day event literal organisation no sent all",
        "answer": "received answered 30 day event literal organisation no sent all",
    },
    "bb": {
        "take_up": "received taken_up 14 day event literal organisation no sent all",
        "acknowledge": "received acknowledged+answered 14 day event literal organisation no sent"
        " all",
        "answer": "received answered 14 day event literal organisation yes sent written",
        "callback": "received answered+contacted 2 workday event literal organisation no sent oral",
    },
}


class SourcePolicyCase(ComplaintCase):
    """The five source policies, and a company's own published copy where a test asks for it."""

    def setUp(self):
        super().setUp()
        begin_test(self)

    @classmethod
    def template(cls, source):
        return cls.env.ref(f"klachtenbeheer.policy_{source}")

    @classmethod
    def publish_source(cls, source, effective_from="2020-01-01"):
        """The company's own copy of a source policy, published as the set-up dialog does."""
        return make_once(cls, SourcePolicyCase, "make_source", source, effective_from)

    @classmethod
    def make_source(cls, source, effective_from):
        setup = cls.fill_setup(cls.start_setup(source, effective_from))
        setup.with_context(**QUIETLY).action_publish()
        policy = cls.env["klachtenbeheer.policy"].search(
            [("code", "=", setup.code), ("company_id", "=", cls.company.id)]
        )
        policy.role_ids = cls.extra_roles()
        if policy.state == "approval":
            cls.release(policy)
        return policy

    @classmethod
    def release(cls, policy):
        """Who approves, or else somebody whom the manager named, puts the policy and its people
        in force; they are confirmed by somebody else."""
        approvers = policy._get_role_users(policy.approval_role) or cls.users["coordinator"]
        policy = policy.with_context(**QUIETLY)
        policy.with_user(approvers[0]).action_publish()
        for appointment in policy.proposed_ids:
            appointment.with_user(appointment._get_confirmers()[0]).action_confirm()

    @classmethod
    def start_setup(cls, source, effective_from="2020-01-01"):
        return (
            cls.env["klachtenbeheer.policy.setup"]
            .with_user(cls.users["manager"])
            .create(
                {
                    "template_id": cls.template(source).id,
                    "company_id": cls.company.id,
                    "effective_from": effective_from,
                }
            )
        )

    @classmethod
    def fill_setup(cls, setup):
        outsider = cls.env["res.partner"].create({"name": "Iemand van buiten"})
        for line in setup.role_ids:
            user = cls.users.get("director" if line.role == "deputy" else line.role)
            if user:
                line.user_ids = user
            elif line.required or line.role != "data_protector":
                line.partner_id = outsider
        for line in setup.placeholder_ids:
            line.value = line.value or "ingevuld"
        return setup


@tagged("post_install", "-at_install")
class TestSourcePolicies(SourcePolicyCase):
    """The five policies are complete data (terms.md 2.6, clauses.md)."""

    def test_terms_are_those_of_the_source(self):
        for source, expected in TERMS.items():
            used = self.template(source).term_ids.filtered("in_use")
            terms = {term.code: self._describe(term) for term in used}
            self.assertEqual(terms, expected, source)

    def test_a_decision_after_a_conversation_is_an_option(self):
        """T20: article 10 prescribes none."""
        for source in SOURCES:
            options = self.template(source).term_ids.filtered(lambda term: not term.in_use)
            expected = ["final_decision_heard"] if source == "ba" else []
            self.assertEqual(options.mapped("code"), expected, source)

    def _describe(self, term):
        stops = "+".join(sorted(term.stop_event_ids.mapped("code")))
        extendable = "yes" if term.extendable else "no"
        return (
            f"{term.start_event_id.code} {stops} {term.amount} {term.unit} {term.count_from}"
            f" {term.end_rule} {term.duty_of} {extendable} {term.met_when} {term.applies_to}"
        )

    def test_parameters_are_those_of_the_source(self):
        expected = {
            "sb": ("internal", "informal", True, False, "director", 24),
            "ba": ("none", "formal", False, True, "none", 0),
            "sj": ("none", "formal", False, False, "board", 12),
            "kk": ("external", "informal", False, False, "director", 12),
            "bb": ("none", "formal", False, False, "none", 0),
        }
        for source, values in expected.items():
            policy = self.template(source)
            self.assertEqual(
                (
                    policy.formal_phase,
                    policy.default_kind,
                    policy.verdict_required,
                    policy.handover_on_intake,
                    policy.approval_role,
                    policy.evaluation_months,
                ),
                values,
                source,
            )
        self.assertEqual(self.template("sb").effective_from, date(2026, 5, 1))
        self.assertEqual(self.template("sb").next_evaluation_on, date(2028, 5, 1))
        self.assertEqual(self.template("kk").effective_from, date(2024, 5, 6))

    def test_templates_are_drafts_to_copy_from(self):
        for source in SOURCES:
            self.assertRecordValues(
                self.template(source),
                [{"is_template": True, "state": "draft", "version": 1, "previous_id": False}],
            )

    def test_every_stage_is_reached_by_an_event_and_one_is_closed(self):
        for source in SOURCES:
            stages = self.template(source).stage_ids
            self.assertTrue(all(stage.event_ids for stage in stages), source)
            self.assertEqual(stages[-1], stages.filtered("is_closed"), source)
            self.assertEqual(stages[-1].event_ids.mapped("code"), ["closed"], source)
            self.assertEqual(stages.mapped("sequence"), sorted(set(stages.mapped("sequence"))))
            codes = [code for stage in stages for code in stage.event_ids.mapped("code")]
            self.assertEqual(len(codes), len(set(codes)), f"{source}: an event has one stage")

    def test_the_first_stage_is_that_of_a_new_or_reopened_complaint(self):
        for source in SOURCES:
            codes = set(self.template(source).stage_ids[0].event_ids.mapped("code"))
            self.assertGreaterEqual(codes, {"received", "reopened"}, source)

    def test_what_ends_a_term_has_a_way_to_happen(self):
        """Every stop is a letter of the policy, recorded by hand or with a line of the dossier,
        or done by intake."""
        for source in (*SOURCES, "awb", "wkkgz", "childcare", "youth", "iso"):
            policy = self.template(source)
            by_letter = policy.letter_type_ids.event_type_id
            for term in policy.term_ids:
                ways = term.stop_event_ids.filtered(
                    lambda event, by_letter=by_letter: (
                        event.recorded_by in ("hand", "hearing", "line") or event in by_letter
                    )
                )
                self.assertTrue(ways, f"{source} {term.code}")
                self.assertTrue(term.clause, f"{source} {term.code}")

    def test_closing_ends_no_duty(self):
        """Closing is refused while a duty is open, so it is no way to be rid of one; and a
        right of the complainant outlives it."""
        for source in SOURCES:
            for term in self.template(source).term_ids:
                self.assertNotIn("closed", term.void_event_ids.mapped("code"))
                self.assertIn("withdrawn", term.void_event_ids.mapped("code"))

    def test_kinds_of_letters(self):
        """The 22 letters of letters_reports_roles 4, each where its policy has it."""
        expected = {
            "sb": "acknowledgement board_contact decision delay_notice escalation_notice"
            " follow_up_receipt measures_notice unforeseen_ruling",
            "ba": "acknowledgement answer closing_unresolved final_decision follow_up_receipt"
            " hearing_invitation hearing_report settlement_record",
            "sj": "acknowledgement answer delay_notice escalation_notice measures_notice"
            " settlement_record",
            "kk": "acknowledgement answer escalation_notice external_referral"
            " external_registration_notice limited_answer measures_notice settlement_record"
            " supervisor_invitation",
            "bb": "acknowledgement answer delay_notice oral_answer_confirmation",
        }
        everywhere = {"information_request", "out_of_scope", "position_notice"}
        kinds = set()
        for source, codes in expected.items():
            letter_types = self.template(source).letter_type_ids
            self.assertEqual(
                set(letter_types.mapped("code")), set(codes.split()) | everywhere, source
            )
            self.assertTrue(all(letter_type.template_id for letter_type in letter_types))
            kinds.update(letter_types.mapped("code"))
        self.assertEqual(len(kinds), 22)

    def test_events_of_letters(self):
        """Letters that are no step of the procedure record nothing."""
        expected = {
            "acknowledgement": "acknowledged",
            "information_request": "contacted",
            "delay_notice": "delay_notified",
            "answer": "answered",
            "limited_answer": "answered",
            "decision": "decided",
            "final_decision": "final_decided",
            "out_of_scope": "out_of_scope",
            "measures_notice": "measures_communicated",
            "hearing_invitation": "hearing_offered",
        }
        for source in SOURCES:
            for letter_type in self.template(source).letter_type_ids:
                self.assertEqual(
                    letter_type.event_type_id.code or None,
                    expected.get(letter_type.code),
                    (source, letter_type.code),
                )

    def test_a_delay_notice_exists_only_where_a_term_is_extendable(self):
        for source in SOURCES:
            policy = self.template(source)
            notice = policy.letter_type_ids.filtered("extends_terms")
            self.assertEqual(bool(notice), any(policy.term_ids.mapped("extendable")), source)

    def test_who_signs_and_who_approves(self):
        expected = {
            ("sb", "acknowledgement"): ("coordinator", "none"),
            ("sb", "delay_notice"): ("handler", "none"),
            ("sb", "decision"): ("director", "director"),
            ("ba", "acknowledgement"): ("coordinator", "none"),
            ("ba", "answer"): ("coordinator", "none"),
            ("ba", "final_decision"): ("director", "director"),
            ("sj", "acknowledgement"): ("coordinator", "none"),
            ("sj", "delay_notice"): ("handler", "none"),
            ("sj", "answer"): ("handler", "none"),
            ("kk", "acknowledgement"): ("registrar", "none"),
            ("kk", "answer"): ("handler", "none"),
            ("bb", "acknowledgement"): ("handler", "none"),
            ("bb", "delay_notice"): ("handler", "none"),
            ("bb", "answer"): ("handler", "none"),
            ("sj", "measures_notice"): ("handler", "none"),
            ("ba", "position_notice"): ("coordinator", "none"),
            ("ba", "hearing_invitation"): ("coordinator", "none"),
            ("ba", "hearing_report"): ("coordinator", "none"),
            ("ba", "closing_unresolved"): ("coordinator", "none"),
            ("kk", "external_referral"): ("handler", "none"),
            ("kk", "limited_answer"): ("coordinator", "none"),
            ("bb", "oral_answer_confirmation"): ("handler", "none"),
            ("sb", "board_contact"): ("coordinator", "none"),
            ("sb", "unforeseen_ruling"): ("director", "director"),
            ("sb", "follow_up_receipt"): ("coordinator", "none"),
            ("sb", "escalation_notice"): ("coordinator", "none"),
        }
        for (source, code), roles in expected.items():
            letter_type = self._letter_type(source, code)
            self.assertEqual(
                (letter_type.signatory_role, letter_type.approval_role), roles, (source, code)
            )
            titles = letter_type.policy_id.role_ids.mapped("role")
            self.assertIn(letter_type.signatory_role, titles, (source, code))

    def _letter_type(self, source, code):
        return self.template(source).letter_type_ids.filtered(lambda line: line.code == code)

    def test_mandatory_content_of_letters(self):
        expected = {
            ("sb", "delay_notice"): "promised_on reason",
            (
                "sb",
                "decision",
            ): "findings measures_choice parties_heard verdict verdict_motivation verdicts",
            ("ba", "answer"): "parties_heard respondent solution_or_measures summary",
            ("ba", "final_decision"): "decision_reasons",
            ("sj", "delay_notice"): "promised_on reason",
            ("sj", "answer"): "measures_choice reaction",
            ("kk", "answer"): "reaction",
            ("bb", "acknowledgement"): "expected_manner promised_on",
            ("bb", "delay_notice"): "expected_manner promised_on reason",
            ("bb", "answer"): "reaction",
            ("ba", "position_notice"): "position",
            ("ba", "hearing_invitation"): "hearing_place hearing_slots reply_by",
            ("ba", "hearing_report"): "hearing_held hearing_participants hearing_report",
            ("ba", "settlement_record"): "hearing_held hearing_participants settlement",
            ("ba", "closing_unresolved"): "contact court hearing_held",
            ("kk", "supervisor_invitation"): "hearing_aim hearing_moment hearing_participants",
            ("kk", "external_referral"): "body_email body_form body_mention body_rules",
            ("kk", "external_registration_notice"): "external_admitted external_reference",
            ("kk", "limited_answer"): "accepts_limited answer_text",
            ("bb", "oral_answer_confirmation"): "answer_text spoken_on",
            ("sb", "board_contact"): "role_contact",
            ("sb", "unforeseen_ruling"): "ruling_decision ruling_question",
            ("sb", "follow_up_receipt"): "next_step",
            ("sj", "escalation_notice"): "reason requested_items",
            ("sj", "measures_notice"): "measures_dated measures_listed",
        }
        expected |= {(source, "out_of_scope"): "out_of_scope_reason route" for source in SOURCES}
        expected |= {
            (source, "information_request"): "reply_by requested_items" for source in SOURCES
        }
        for (source, code), requirements in expected.items():
            found = self._letter_type(source, code).requirement_ids.mapped("code")
            self.assertEqual(" ".join(sorted(found)), requirements, (source, code))

    def test_answers_say_what_one_can_do_about_them(self):
        """BA26 and SB39-40: the way on is printed in the letter that it follows on."""
        for source, code in (
            ("sb", "decision"),
            ("ba", "answer"),
            ("sj", "answer"),
            ("kk", "answer"),
            ("bb", "answer"),
        ):
            self.assertTrue(self._letter_type(source, code).prints_objection, source)
            self.assertTrue(self.template(source).objection_text, source)
        for source, code in (("sb", "decision"), ("ba", "final_decision"), ("kk", "answer")):
            self.assertTrue(self._letter_type(source, code).prints_external, source)
            self.assertTrue(self.template(source).external_body_text, source)
        # the internal route comes first (BA2)
        self.assertFalse(self._letter_type("ba", "answer").prints_external)

    def test_roles_bear_the_titles_of_the_policy(self):
        expected = {
            "sb": {"director": "directie", "board": "bestuur", "confidant": "vertrouwenspersoon"},
            "ba": {"coordinator": "klachtenfunctionaris", "director": "directie"},
            "sj": {
                "coordinator": "klachtencoördinator",
                "handler": "klachtenbehandelaar",
                "registrar": "Financiële Administratie",
                "board": "bestuur",
            },
            "kk": {
                "coordinator": "Kwaliteitsmanager",
                "registrar": "Servicedesk",
                "director": "Directeur-bestuurder",
                "external_body": "klachtenfunctionaris van Klachtenportaal Zorg",
            },
            "bb": {"handler": "bevoegde vertegenwoordiger"},
        }
        for source, titles in expected.items():
            policy = self.template(source)
            for role, title in titles.items():
                self.assertEqual(policy._get_role_title(role), title, (source, role))
            self.assertFalse(policy.role_ids.user_ids, "a model names nobody")
            self.assertFalse(policy.role_ids.partner_id, "a model names nobody")

    def test_capacity_of_the_complainant(self):
        kinds = {source: self.template(source).complainant_kind_ids for source in SOURCES}
        self.assertEqual(
            kinds["sb"].mapped("name"),
            [
                "Cliënten en deelnemers",
                "Inwoners",
                "Ouders/verzorgers",
                "Samenwerkingspartners en andere belanghebbenden",
            ],
        )
        self.assertEqual(len(kinds["sj"]), 7)
        self.assertTrue(all(kinds.values()))

    def test_categories(self):
        """SB8, BA1, KK12, BB10: the subjects are those of the source, and no others."""
        expected = {
            "sb": [
                "Geboden dienstverlening of ondersteuning",
                "Handelen of nalaten van directie, medewerkers of vrijwilligers",
                "Communicatie of bejegening",
            ],
            "ba": [
                "Dienstverlening in het algemeen",
                "Handelen of nalaten van een medewerker",
                "Handelen of nalaten van een medewerker / Behandeling",
                "Handelen of nalaten van een medewerker / Bejegening: de manier waarop wij met u"
                " omgaan",
            ],
            "sj": [
                "Dienstverlening en service",
                "Werkprocessen",
                "Handelen van een medewerker of vrijwilliger",
                "Niet handelen",
                "Anders",
            ],
            "kk": [
                "Zorgverlening en zorgverlener",
                "Zorgverlening en zorgverlener / Zorgverlening",
                "Zorgverlening en zorgverlener / Zorgverlener",
                "Algemene zaken en kantoor",
                "Algemene zaken en kantoor / Bereikbaarheid",
                "Algemene zaken en kantoor / Wachttijden",
                "Algemene zaken en kantoor / Informatievoorziening",
                "Algemene zaken en kantoor / Trainingsaanbod",
                "Algemene zaken en kantoor / Communicatiewijze",
                "Algemene zaken en kantoor / Medewerker van kantoor",
                "Ongewenst gedrag (Gedragscode)",
            ],
            "bb": [
                "Dienst",
                "Dienst / Kwaliteit van het functioneren",
                "Dienst / Beeld bij de buitenwereld",
            ],
        }
        for source, names in expected.items():
            found = self.template(source).category_ids.mapped("display_name")
            self.assertEqual(found, names, source)

    def test_channels(self):
        expected = {
            "sb": "email employee phone portal post web",
            "ba": "desk email employee phone portal post web",
            "sj": "desk email employee phone portal post social web",
            "kk": "desk email employee external phone portal post web",
            "bb": "desk email employee phone portal post web",
        }
        for source, codes in expected.items():
            found = self.template(source).channel_ids.mapped("code")
            self.assertEqual(" ".join(sorted(found)), codes, source)

    def test_no_personal_data_in_the_data_files(self):
        """SB17/T9: mail addresses and numbers belong to an organisation, not to the addon."""
        for source in SOURCES:
            with file_open(f"klachtenbeheer/data/policy_{source}.xml") as file:
                text = file.read()
            self.assertNotIn("@", text, source)
            self.assertFalse(re.search(r"\b0\d{1,3}[-\s]*\d{6,8}\b", text), "a phone number")
            self.assertFalse(re.search(r"\b\d{4}\s?[A-Z]{2}\b", text), "a post code")

    def test_every_requirement_can_be_met_and_is_used_by_name(self):
        requirements = self.env["klachtenbeheer.requirement"].search([])
        for requirement in requirements:
            self.assertTrue(requirement.field_ids, requirement.code)
        used = {
            requirement
            for source in SOURCES
            for lines in (
                self.template(source).stage_ids,
                self.template(source).letter_type_ids,
            )
            for requirement in lines.requirement_ids
        }
        self.assertLessEqual(used, set(requirements))


@tagged("post_install", "-at_install")
class TestSourcePolicyVersions(SourcePolicyCase):
    """A published source policy is frozen and changes by copying into a next version."""

    def test_publication_is_refused_with_blanks_and_vacant_roles(self):
        for source in SOURCES:
            draft = self.template(source).copy(
                {"code": f"leeg-{source}", "company_id": self.company.id}
            )
            blockers = draft._get_publish_blockers()
            vacant = draft.role_ids.filtered("required").mapped("name")
            for name in (*vacant, *self.template(source)._find_placeholders()):
                self.assertTrue(any(f"“{name}”" in line for line in blockers), (source, name))
            with self.assertRaises(UserError) as refusal:
                draft.action_publish()
            for name in vacant:
                self.assertIn(name, str(refusal.exception))
            self.assertEqual(draft.state, "draft")

    def test_published_is_read_only_and_copied_into_a_next_version(self):
        for source in SOURCES:
            policy = self.publish_source(source)
            for change in (
                lambda policy=policy: policy.write({"introduction": "<p>Anders</p>"}),
                lambda policy=policy: policy.term_ids[0].write({"amount": 9}),
                lambda policy=policy: policy.letter_type_ids[0].write({"code": "anders"}),
            ):
                with self.assertRaisesRegex(UserError, "next version"):
                    change()
            draft = policy.with_user(self.users["manager"]).make_next_version("2999-01-01")
            self.assertRecordValues(
                draft, [{"state": "draft", "version": 2, "previous_id": policy.id}]
            )
            draft.with_user(self.users["manager"]).write({"introduction": "<p>Anders</p>"})

    @local_noon(LATER)
    def test_a_complaint_keeps_the_version_of_its_receipt_date(self):
        old = self.publish_source("sj")
        new = old.copy({"code": old.code, "effective_from": date(2026, 7, 1)})
        term = new.term_ids.filtered(lambda line: line.code == "answer")
        term.write({"amount": 10})
        with local_noon("2026-06-15"):
            new.action_submit()
            new.with_user(self.users["board"]).action_publish()
        before = self.file_complaint(policy_id=new.id, received_on="2026-06-30")
        after = self.file_complaint(policy_id=new.id, received_on="2026-07-01")
        self.assertEqual((before.policy_id, after.policy_id), (old, new))
        self.assertEqual(self.due(before)["answer"], date(2026, 7, 7))
        self.assertEqual(self.due(after)["answer"], date(2026, 7, 15))

    def test_a_policy_of_records_alone(self):
        """Adding a policy is a matter of records: a manager can enter all of it."""
        source = self.template("kk")
        policy = (
            self.env["klachtenbeheer.policy"]
            .with_user(self.users["manager"])
            .create(
                {
                    "name": "Eigen",
                    "code": "eigen",
                    "company_id": self.company.id,
                    **{
                        fname: [Command.create(vals) for vals in source[fname].copy_data()]
                        for fname in (
                            "role_ids",
                            "stage_ids",
                            "term_ids",
                            "letter_type_ids",
                            "complainant_kind_ids",
                        )
                    },
                }
            )
        )
        self.assertEqual(policy.preview("2026-04-02"), source.preview("2026-04-02"))
