import psycopg2

from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.access_common import ACCESS_LOGGERS, AccessCase
from ..support.rpc_common import RpcMixin

K = "klachtenbeheer."
COMPLAINT, LETTER, ROLE = K + "complaint", K + "letter", K + "policy.role"
OURS = {"create_uid", "create_date", "write_uid", "write_date", "display_name"}


@tagged("post_install", "-at_install")
class TestPastTheGuards(RpcMixin, AccessCase):
    """What a program asks over RPC that no screen asks: what a record starts with said in the
    context, lines moved to another policy or dossier, fields that follow from others, the
    catalogue behind policies that are in force."""

    def setUp(self):
        super().setUp()
        self.complaint = self.file_complaint(handler_id=self.users["handler"].id)
        self.draft = self.policy.copy()

    def make(self, role, model, vals, **defaults):
        """A record that somebody makes over RPC, with defaults in the context of the call."""
        user = self.users[role]
        context = {f"default_{fname}": value for fname, value in defaults.items()}
        env = self.env(user=user, su=False)
        context["allowed_company_ids"] = user.company_ids.ids
        ids = call_kw(env[K + model], "create", [[vals]], {"context": context})
        self.env.flush_all()
        return self.env[K + model].browse(ids)

    def refuses(self, words, role, record, method, *args):
        told = self.answer(role, record._name, method, record.ids, *args)
        self.assertIn(words, told.get("error", {}).get("message", ""))

    # ---------------------------------------------------------------- defaults in the context

    def test_no_letter_is_made_as_one_that_was_sent_and_approved(self):
        director = self.users["director"].id
        letter = self.make(
            "handler",
            "letter",
            {
                "complaint_id": self.complaint.id,
                "type_id": self.policy.letter_type_ids.id,
            },
            state="sent",
            sent_on="2026-01-01",
            approved_by_id=director,
        )
        self.assertEqual(
            (letter.state, letter.sent_on, letter.approved_by_id.id), ("draft", False, False)
        )

    def test_no_dossier_is_registered_as_one_that_was_assigned_decided_on_or_put_away(self):
        handler = self.users["handler"]
        dossier = self.make(
            "employee",
            "complaint",
            {"policy_id": self.policy.id, "description": "Te laat", "complainant_name": "A"},
            handler_id=handler.id,
            independent_id=handler.id,
            board_involved=True,
            triaged_on="2026-01-01",
            round=7,
            called_in_role_ids=[Command.set(self.policy.role_ids[:1].ids)],
            is_imported=True,
            active=False,
        )
        self.assertFalse(dossier.handler_id | dossier.independent_id)
        self.assertFalse(dossier.called_in_role_ids)
        self.assertEqual(
            (dossier.board_involved, dossier.triaged_on, dossier.round, dossier.is_imported),
            (False, False, 1, False),
        )
        self.assertTrue(dossier.active)

    def test_no_ruling_is_asked_as_one_that_directie_gave(self):
        ruling = self.make(
            "handler",
            "ruling",
            {"complaint_id": self.complaint.id, "question": "Mag dit?"},
            decision="Ja",
            decided_by_id=self.users["director"].id,
        )
        self.assertFalse(ruling.decision)
        self.assertFalse(ruling.decided_by_id)

    def test_what_the_system_records_takes_nothing_from_the_context(self):
        user = self.users["handler"]
        env = self.env(user=user, su=False)
        context = {
            "default_promised_on": "2030-01-01",
            "default_voided": True,
            "default_term_ids": self.policy.term_ids.ids,
            "allowed_company_ids": user.company_ids.ids,
        }
        arguments = [self.complaint.ids, "taken_up"]
        call_kw(env[COMPLAINT], "record_event", arguments, {"context": context})
        event = self.complaint.event_ids.filtered(lambda line: line.code == "taken_up")
        self.assertEqual((event.promised_on, event.voided, event.term_ids.ids), (False, False, []))

    def test_no_role_is_added_to_a_published_policy(self):
        vals = {"name": "Meelezer", "read_scope": "all", "role": "other"}
        with (
            self.assertRaises(psycopg2.IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.make("manager", "policy.role", vals, policy_id=self.policy.id)
        self.assertNotIn("Meelezer", self.policy.role_ids.mapped("name"))

    def test_a_form_still_starts_with_what_its_action_says(self):
        user = self.users["handler"]
        facts = self.env[K + "fact"].with_user(user)
        facts = facts.with_context(default_complaint_id=self.complaint.id)
        self.assertEqual(facts.default_get(["complaint_id"]), {"complaint_id": self.complaint.id})

    # ---------------------------------------------------------------- registering with values

    def test_whom_a_new_dossier_is_opened_to_is_for_who_assigns(self):
        vals = {"policy_id": self.policy.id, "description": "Te laat", "complainant_name": "A"}
        for opens in (
            {"handler_id": self.users["employee"].id},
            {"independent_id": self.users["employee"].id},
            {"board_involved": True},
        ):
            told = {
                role: self.answer(role, COMPLAINT, "create", [{**vals, **opens}])
                for role in ("employee", "handler", "coordinator")
            }
            self.assertEqual(
                {role: "result" in answer for role, answer in told.items()},
                {"employee": False, "handler": False, "coordinator": True},
                opens,
            )

    def test_nothing_is_registered_as_put_away(self):
        vals = {"policy_id": self.policy.id, "description": "Te laat", "complainant_name": "A"}
        self.assertTrue(self.make("employee", "complaint", {**vals, "active": False}).active)

    def test_who_was_called_in_is_sent_away_by_who_assigns_only(self):
        self.complaint.write({"board_involved": True, "independent_id": self.users["colleague"].id})
        for vals in ({"board_involved": False}, {"independent_id": False}):
            self.refuses("Only the coordinator assigns", "handler", self.complaint, "write", vals)
            told = self.answer("coordinator", COMPLAINT, "write", self.complaint.ids, vals)
            self.assertNotIn("error", told)
        # what a form sends that changed nothing, and calling somebody in
        for vals in ({"board_involved": True}, {"independent_id": self.users["colleague"].id}):
            told = self.answer("handler", COMPLAINT, "write", self.complaint.ids, vals)
            self.assertNotIn("error", told)

    # ---------------------------------------------------------------- not having happened

    def test_receipt_is_not_voided_and_a_closed_dossier_keeps_its_events(self):
        """Without its receipt a dossier has no duty any more; the screen has no such button."""
        received = self.complaint.event_ids.filtered(lambda line: line.code == "received")
        self.refuses("Correct the date", "handler", received, "action_void", "Toch niet")
        self.complaint.record_event("taken_up")
        taken_up = self.complaint.event_ids.filtered(lambda line: line.code == "taken_up")
        self.complaint.outcome = "answered"
        for duty in ("acknowledged", "answered", "closed"):
            self.complaint._record_event(duty)
        self.refuses("reopen it first", "handler", taken_up, "action_void", "Toch niet")
        closed = self.complaint.event_ids.filtered(lambda line: line.code == "closed")
        told = self.answer(
            "handler", closed._name, "action_void", closed.ids, reason="Verkeerde dossier"
        )
        self.assertNotIn("error", told)

    # ---------------------------------------------------------------- moved

    def test_a_line_of_a_policy_stays_with_it(self):
        """Otherwise whoever sets policies up puts people in a role of a published one, whom nobody
        confirmed."""
        vals = {
            "policy_id": self.draft.id,
            "name": "Meelezer",
            "read_scope": "all",
            "may_handle": True,
            "user_ids": [Command.set(self.users["employee"].ids)],
        }
        role = self.make("manager", "policy.role", vals)
        moved = {"policy_id": self.policy.id}
        self.refuses("stays with that policy", "manager", role, "write", moved)
        linked = {"role_ids": [Command.link(role.id)]}
        self.refuses("stays with that policy", "manager", self.policy, "write", linked)
        for name, line in self.get_lines().items():
            with self.subTest(name=name):
                self.assertTrue(line)
                self.refuses("stays with that policy", "manager", line, "write", moved)

    def get_lines(self):
        """A line of the draft of each model that is part of a policy."""
        return {
            name: self.env[name].search([("policy_id", "=", self.draft.id)], limit=1)
            for name, model in self.registry.items()
            if hasattr(model, "_get_always_writable_fields") and not model._abstract
        }

    def test_a_part_of_a_dossier_stays_on_it(self):
        """A closed dossier would get what was not there when it was decided on, and another lose
        it."""
        other = self.file_complaint(handler_id=self.users["handler"].id)
        hearing = self.env[K + "hearing"].create({"complaint_id": self.complaint.id})
        there = self.env[K + "hearing"].create({"complaint_id": other.id})
        parts = {
            K + "fact": {"complaint_id": self.complaint.id, "name": "Het regende"},
            K + "grievance": {"complaint_id": self.complaint.id, "name": "Te laat"},
            K + "ruling": {"complaint_id": self.complaint.id, "question": "Mag dit?"},
            K + "objection": {"complaint_id": self.complaint.id},
        }
        for name, vals in parts.items():
            with self.subTest(name=name):
                part = self.env[name].create(vals)
                moved = {"complaint_id": other.id}
                self.refuses("stays on that dossier", "handler", part, "write", moved)
        self.refuses("stays on", "handler", hearing, "write", {"complaint_id": other.id})
        person = {"hearing_id": hearing.id, "role": "other", "name": "Getuige"}
        participant = self.env[K + "hearing.participant"].create(person)
        self.refuses("stays on", "handler", participant, "write", {"hearing_id": there.id})

    # ---------------------------------------------------------------- what follows from others

    @mute_logger(*ACCESS_LOGGERS)
    def test_what_follows_from_others_is_not_stored_by_hand(self):
        """A dossier that says it is for practice would be in no figure and no register."""
        changed = []
        model = self.env[COMPLAINT]
        for fname, field in model._fields.items():
            if not field.store or not field.readonly or fname in OURS:
                continue
            value = self.get_another(field)
            if value is None:
                continue
            with self.undone():
                before = self.complaint[fname]
                self.answer_and_keep("handler", fname, value)
                self.env.invalidate_all()
                if self.complaint[fname] != before:
                    changed.append(fname)
        self.assertEqual(changed, [])

    def answer_and_keep(self, role, fname, value):
        try:
            with self.env.cr.savepoint():
                self.call(role, COMPLAINT, "write", self.complaint.ids, {fname: value})
        except Exception as error:  # noqa: BLE001 - refused in whichever words
            self.assertTrue(str(error))

    def get_another(self, field):
        value = self.complaint[field.name]
        match field.type:
            case "boolean":
                return not value
            case "char" | "text":
                return "anders"
            case "date":
                return "2031-01-02"
            case "integer":
                return value + 1
            case "many2one":
                comodel = self.env[field.comodel_name].sudo()
                return comodel.search([("id", "!=", value.id)], limit=1).id
        return None

    def test_no_call_keeps_a_change_out_of_the_history(self):
        user = self.users["handler"]
        env = self.env(user=user, su=False)
        for number, key in enumerate(("tracking_disable", "mail_notrack")):
            self.env.cr.precommit.run()  # what was changed until now is told
            before = self.complaint.message_ids
            context = {key: True, "allowed_company_ids": user.company_ids.ids}
            arguments = [self.complaint.ids, {"severity": ("high", "low")[number]}]
            call_kw(env[COMPLAINT], "write", arguments, {"context": context})
            self.env.flush_all()
            self.env.cr.precommit.run()
            told = (self.complaint.message_ids - before).sudo().tracking_value_ids
            self.assertIn("severity", told.field_id.mapped("name"), key)

    def test_nobody_speaks_for_somebody_else_on_a_dossier(self):
        handler, director = self.users["handler"], self.users["director"].partner_id
        forged = {
            "author_id": director.id,
            "email_from": "kees@example.com",
            "message_type": "email",
        }
        [posted] = self.call(
            "handler", COMPLAINT, "message_post", self.complaint.ids, body="Akkoord", **forged
        )
        about = {"model": COMPLAINT, "res_id": self.complaint.id, "date": "2020-01-01 10:00:00"}
        [made] = self.call("handler", "mail.message", "create", [{**forged, **about}])
        messages = self.env["mail.message"].browse([posted, made])
        self.call("handler", "mail.message", "write", messages.ids, {"author_id": director.id})
        self.env.invalidate_all()
        for message in messages:
            self.assertEqual(message.author_id, handler.partner_id)
            self.assertNotIn("kees", message.email_from)
            self.assertNotEqual(message.message_type, "email")
            self.assertEqual(message.date.date(), message.create_date.date())

    # ---------------------------------------------------------------- the catalogue

    def test_what_policies_in_force_count_on_keeps_its_meaning(self):
        event_type = self.env.ref("klachtenbeheer.event_type_answered")
        for vals in ({"recorded_by": "hand"}, {"power": "complete"}, {"after_closing": True}):
            self.refuses("A published policy counts on", "manager", event_type, "write", vals)
        told = self.answer("manager", event_type._name, "write", event_type.ids, {"name": "Brief"})
        self.assertNotIn("error", told)
        own = self.make("manager", "event.type", {"name": "Bezoek", "code": "bezoek"})
        told = self.answer("manager", own._name, "write", own.ids, {"recorded_by": "letter"})
        self.assertNotIn("error", told)
        self.draft.stage_ids[1].event_ids += own
        told = self.answer("manager", own._name, "write", own.ids, {"recorded_by": "letter"})
        self.assertNotIn("error", told)
        requirement = self.env.ref("klachtenbeheer.requirement_outcome")
        anything = self.env.ref("klachtenbeheer.field_klachtenbeheer_complaint__name")
        vals = {"field_ids": [Command.link(anything.id)]}
        self.refuses("A published policy asks this", "manager", requirement, "write", vals)
        self.refuses("A published policy asks this", "manager", requirement, "unlink")
        channel = self.env["klachtenbeheer.channel"].search([("code", "=", "email")])
        vals = {"is_written": False}
        self.refuses("terms depend on this", "manager", channel, "write", vals)

    # ---------------------------------------------------------------- who decided

    def test_a_recommendation_is_decided_on_by_nobody_else(self):
        links = [Command.create({"complaint_id": self.complaint.id})]
        vals = {"name": "Rij vaker", "kind": "recommendation", "link_ids": links}
        measure = self.make("handler", "measure", {**vals, "company_id": self.company.id})
        self.refuses("Directie decides", "handler", measure, "write", {"state": "done"})
        self.refuses("proposed first", "handler", measure, "action_done")
        forged = {"decided_by_id": self.users["director"].id, "decided_on": "2026-01-01"}
        self.call("handler", measure._name, "write", measure.ids, forged)
        self.assertFalse(measure.decided_by_id or measure.decided_on)
        made = self.make("handler", "measure", {**vals, **forged, "company_id": self.company.id})
        self.assertFalse(made.decided_by_id or made.decided_on)
        self.call("director", measure._name, "action_adopt", measure.ids)
        self.assertEqual(measure.decided_by_id, self.users["director"])
        for kind in ("preventive", "remedy"):
            self.refuses("This was decided on", "handler", measure, "write", {"kind": kind})
        adopted = self.make(
            "handler",
            "measure",
            {**vals, "kind": "preventive", "state": "adopted", "company_id": self.company.id},
        )
        vals = {"kind": "recommendation"}
        self.refuses("This was decided on", "handler", adopted, "write", vals)

    def test_what_was_decided_or_said_stays_on_the_dossier(self):
        ruling = self.make(
            "handler", "ruling", {"complaint_id": self.complaint.id, "question": "Mag dit?"}
        )
        ruling.sudo()._as_procedure().write({"decision": "Nee", "decided_on": "2026-01-01"})
        self.refuses("does not change any more", "handler", ruling, "write", {"question": "Anders"})
        self.refuses("stays on the dossier", "handler", ruling, "unlink")
        objection = self.make("handler", "objection", {"complaint_id": self.complaint.id})
        objection._as_procedure().state = "accepted"
        self.refuses("stays on the dossier", "handler", objection, "unlink")
