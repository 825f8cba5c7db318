from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.mail.incoming import CONTENT_FIELDS, KEEP_DISCARDED
from ..support.access_common import ACCESS_LOGGERS
from ..support.mail_common import COMPLAINT_MODEL, GATEWAY_LOGGERS, INCOMING_MODEL, MailCase
from ..support.mail_corpus import ADDRESS_ELSEWHERE, COORDINATOR, KEES


@tagged("post_install", "-at_install")
class TestMailQueue(MailCase):
    """What only a person can place: nothing of it is lost, and it is sorted once."""

    def sort(self, kept, purpose, by="coordinator", **vals):
        """Go through the dialog."""
        dialog = self.env["klachtenbeheer.incoming.sort"].with_user(self.users[by])
        dialog = dialog.create(
            {"incoming_ids": [Command.set(kept.ids)], "purpose": purpose, **vals}
        )
        with self.mock_mail_gateway():
            result = dialog.action_confirm()
            self.env.flush_all()
        self.mails += self._mails
        return result

    # ---------------------------------------------------------------- a complaint after all

    def test_made_a_complaint_with_the_date_of_the_mail(self):
        kept = self.keep(
            sender="Mia <mia@example.com>",
            List_Id="<groep.example.com>",
            Date="Mon, 8 Jun 2026 10:00:00 +0200",
        )
        with self.mock_mail_gateway():
            action = self.as_role(kept, "coordinator").action_make_complaint()
        complaint = self.env[COMPLAINT_MODEL].browse(action["res_id"])
        self.assertEqual(complaint.received_on, date(2026, 6, 8))
        self.assertEqual(complaint.complainant_email, "mia@example.com")
        self.assertEqual(complaint.policy_id, self.policy)
        self.assertEqual(self._mails[0]["email_to"], ["mia@example.com"])
        self.assertRecordValues(
            kept,
            [
                {
                    "state": "complaint",
                    "complaint_id": complaint.id,
                    "sorted_by_id": self.users["coordinator"].id,
                    **dict.fromkeys(CONTENT_FIELDS, False),
                }
            ],
        )

    def test_a_machine_gets_no_proof_then_either(self):
        kept = self.keep(sender="noreply@example.com", Reply_To="Mia <mia@example.com>")
        with self.mock_mail_gateway():
            self.as_role(kept, "coordinator").action_make_complaint()
        self.assertEqual(kept.complaint_id.complainant_email, "mia@example.com")
        self.assertFalse(self._mails)

    @mute_logger(*ACCESS_LOGGERS)
    def test_without_a_policy_one_is_asked_for(self):
        kept = self.keep_unaddressed()
        action = self.as_role(kept, "coordinator").action_make_complaint()
        self.assertEqual(action["res_model"], "klachtenbeheer.incoming.sort")
        for policy in (self.policy.browse(), self.foreign_policy):
            with self.assertRaises(UserError):
                self.sort(kept, "complaint", policy_id=policy.id)
        self.sort(kept, "complaint", policy_id=self.other_policy.id)
        self.assertEqual(kept.complaint_id.policy_id, self.other_policy)

    def test_under_a_policy_that_is_no_longer_in_force_another_is_asked_for(self):
        self.policy.action_retire()
        kept = self.keep()
        self.assertEqual(kept.reason, "no_policy")
        action = self.as_role(kept, "coordinator").action_make_complaint()
        self.assertEqual(action["res_model"], "klachtenbeheer.incoming.sort")
        self.sort(kept, "complaint", policy_id=self.other_policy.id)
        self.assertEqual(kept.complaint_id.policy_id, self.other_policy)

    def keep_unaddressed(self, **kwargs):
        self.env = self.env(context={**self.env.context, "allowed_company_ids": self.company.ids})
        kept = self.keep(to="x@example.com", model=COMPLAINT_MODEL, **kwargs)
        kept.company_id = self.company
        return kept

    def test_two_people_sort_it_once(self):
        kept = self.keep(List_Id="<groep.example.com>")
        self.as_role(kept, "coordinator").action_make_complaint()
        for action in ("action_make_complaint", "action_put_on_dossier", "action_discard"):
            with self.assertRaisesRegex(UserError, "sorted already"):
                getattr(self.as_role(kept, "coordinator"), action)()

    # ---------------------------------------------------------------- on a dossier

    def test_put_on_the_dossier_as_what_the_complainant_says(self):
        kept = self.keep(sender="kees.thuis@example.com", subject=self.dossier.name)
        self.assertEqual(kept.complaint_id, self.dossier)
        before = self.dossier.message_ids
        self.sort(kept, "dossier", complaint_id=self.dossier.id, by_complainant=True)
        message = (self.dossier.message_ids - before).filtered("email_from")
        self.assertFalse(message[0].is_internal)
        self.assertFalse(self.mails[1:], "nobody is told but the coordinator")
        self.assertEqual(kept.state, "reply")

    def test_put_on_the_dossier_as_a_note(self):
        kept = self.keep(sender="buur@example.com", subject=self.dossier.name, body="Ik zag het.")
        before = self.dossier.message_ids
        self.sort(kept, "dossier", complaint_id=self.dossier.id)
        message = (self.dossier.message_ids - before).filtered(lambda line: "zag" in line.body)
        self.assertTrue(message.is_internal)
        self.assertFalse(message.author_id)

    def test_on_a_dossier_of_somebody_unknown_it_tells_no_name(self):
        self.dossier.write({"hide_identity": True, "accepts_limited_answer": True})
        kept = self.keep(sender="Oma Klager <oma@example.com>", subject=self.dossier.name)
        before = self.dossier.message_ids
        self.sort(kept, "dossier", complaint_id=self.dossier.id, by_complainant=True)
        told = str((self.dossier.message_ids - before).read())
        self.assertNotIn("oma@example.com", told)
        self.assertNotIn("Oma", told)

    @mute_logger(*ACCESS_LOGGERS)
    def test_only_on_a_dossier_that_one_may_look_into(self):
        kept = self.keep(List_Id="<groep.example.com>")
        about_me = self.file_complaint(
            respondent_ids=[Command.set(self.users["coordinator"].partner_id.ids)]
        )
        for complaint in (about_me, self.dossier.browse()):
            with self.assertRaises(UserError):
                self.sort(kept, "dossier", complaint_id=complaint.id)
        self.assertEqual(kept.state, "queue")

    # ---------------------------------------------------------------- put aside

    def test_put_aside_with_a_reason_and_back(self):
        kept = self.keep(List_Id="<groep.example.com>")
        with self.assertRaisesRegex(UserError, "Say why"):
            self.sort(kept, "discard", reason="  ")
        self.sort(kept, "discard", reason="Reclame")
        self.assertRecordValues(
            kept, [{"state": "discarded", "reason": "by_hand", "note": "Reclame"}]
        )
        self.as_role(kept, "coordinator").action_put_back()
        self.assertEqual(kept.state, "queue")

    def test_the_reason_is_kept_the_mail_is_not(self):
        self.receive(Auto_Submitted="auto-replied")
        kept = self.kept
        kept._gc_discarded()
        self.assertTrue(kept.raw)
        kept.arrived_on = fields.Datetime.now() - timedelta(days=KEEP_DISCARDED + 1)
        kept._gc_discarded()
        self.assertFalse(any(kept[fname] for fname in CONTENT_FIELDS))
        self.assertEqual(kept.reason, "auto_reply")
        with self.assertRaisesRegex(UserError, "nothing left"):
            self.as_role(kept, "coordinator").action_put_back()

    def test_what_waits_is_kept_however_long(self):
        kept = self.keep(List_Id="<groep.example.com>")
        kept.arrived_on = fields.Datetime.now() - timedelta(days=10 * KEEP_DISCARDED)
        kept._gc_discarded()
        self.assertTrue(kept.raw)

    # ---------------------------------------------------------------- who is asked

    def get_asked(self):
        asked = self.env["mail.activity"].search(
            [("activity_type_id", "=", self.env.ref("klachtenbeheer.activity_type_sort").id)]
        )
        return asked.mapped("user_id")

    def test_the_coordinator_is_asked_once_until_all_is_sorted(self):
        mails = self.keep(List_Id="<groep.example.com>")
        mails |= self.keep(List_Id="<groep.example.com>", subject="Nog een")
        self.assertEqual(self.get_asked(), self.users["coordinator"])
        activities = self.policy.activity_ids
        self.assertEqual(len(activities), 1)
        self.assertFalse(self.get_addressees() - {COORDINATOR})
        self.sort(mails[0], "discard", reason="Reclame")
        self.assertTrue(activities.exists())
        self.sort(mails[1], "discard", reason="Reclame")
        self.assertFalse(activities.exists())

    def test_not_who_is_complained_about_or_away(self):
        self.dossier.respondent_ids |= self.users["coordinator"].partner_id
        self.keep(subject=self.dossier.name)
        self.assertEqual(self.get_asked(), self.users["director"])
        self.policy.role_ids.filtered(lambda role: role.role == "coordinator").absent_until = date(
            2026, 6, 30
        )
        self.other_policy.role_ids.filtered(
            lambda role: role.role == "coordinator"
        ).absent_until = date(2026, 6, 30)
        self.keep(List_Id="<groep.example.com>", to="inspraak@proef.test")
        self.assertEqual(self.get_asked(), self.users["director"])

    def test_an_answer_to_being_asked_is_no_complaint(self):
        self.keep(List_Id="<groep.example.com>")
        for mail in self.mails:
            self.assertNotIn("klachten@proef.test", mail["reply_to"] or "")

    def test_the_menu_counts(self):
        menu = self.env.ref("klachtenbeheer.incoming_menu")
        names = []
        for _number in range(2):
            menus = self.as_role(menu, "coordinator").load_web_menus(False)
            names.append(menus[menu.id]["name"])
            self.keep(List_Id="<groep.example.com>", subject=str(len(names)))
        self.assertEqual(names, ["Mail to sort", "Mail to sort (1)"])
        self.assertNotIn(menu.id, self.as_role(menu, "handler").load_web_menus(False))

    # ---------------------------------------------------------------- who sees it

    @mute_logger(*ACCESS_LOGGERS)
    def test_who_is_complained_about_sees_nothing_of_it(self):
        kept = self.keep(subject=self.dossier.name, body="Over de coördinator")
        self.assertTrue(self.may_read("coordinator", kept))
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", INCOMING_MODEL),
                ("res_id", "=", kept.id),
                ("res_field", "=", "raw"),
            ]
        )
        self.assertTrue(attachment)
        self.dossier.respondent_ids |= self.users["coordinator"].partner_id
        for records in (kept, attachment):
            self.assertFalse(
                self.succeeds(self.by("coordinator", records).read, ["display_name"]), records
            )
        self.assertFalse(self.succeeds(self.by("coordinator", kept).action_discard))

    @mute_logger(*ACCESS_LOGGERS)
    def test_another_organisation_sees_nothing_of_it(self):
        own = self.keep(List_Id="<groep.example.com>")
        foreign = self.keep(List_Id="<groep.example.com>", to=ADDRESS_ELSEWHERE)
        self.assertEqual(foreign.company_id, self.other_company)
        self.assertFalse(self.may_read("foreign", own))
        self.assertTrue(self.may_read("foreign", foreign))
        self.assertFalse(self.may_read("coordinator", foreign))

    @mute_logger(*ACCESS_LOGGERS, *GATEWAY_LOGGERS)
    def test_nobody_writes_in_it(self):
        kept = self.keep(List_Id="<groep.example.com>")
        for vals in ({"state": "discarded"}, {"complaint_id": self.dossier.id}, {"note": "x"}):
            self.assertFalse(self.succeeds(self.by("coordinator", kept).write, vals))

    def test_the_director_sees_what_they_stand_in_for(self):
        kept = self.keep(List_Id="<groep.example.com>")
        self.assertTrue(self.may_read("director", kept))
        self.assertFalse(self.may_read("director_board", kept))

    def test_a_known_complainant_is_no_reason_to_trust_a_forged_sender(self):
        before = self.dossier.message_ids
        self.keep(
            sender=KEES, subject=self.dossier.name, Authentication_Results="mx.test; dmarc=fail"
        )
        self.assertEqual(self.dossier.message_ids, before)
