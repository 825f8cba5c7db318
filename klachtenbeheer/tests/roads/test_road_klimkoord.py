from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..support.road_common import ACCESS_LOGGERS, RoadCase, local_noon


@tagged("post_install", "-at_install")
class TestRoadKlimkoord(RoadCase):
    """Klimkoord: 14 and 30 calendar days from receipt; received do 2 April (terms.md 2.4)."""

    SOURCES = ("kk",)

    @mute_logger(*ACCESS_LOGGERS)
    def test_shielded_identity_repetition_external_filing(self):
        """KK10-KK45 to the end."""
        earlier = self.solve_in_consultation()
        complaint = self.take_in("kk", "2026-04-02")
        # contact within 14 days: do 16 April; steps within 30: za 2 May
        self.assertDue(
            complaint, acknowledge="2026-04-02", contact="2026-04-16", answer="2026-05-02"
        )
        self.shield(complaint)
        self.find_repetition(complaint, earlier)
        self.assertSays(
            self.send(complaint, "acknowledgement", "2026-04-02"),
            "donderdag 2 april 2026",
            "donderdag 16 april 2026",
        )
        with self.assertRaises(AccessError):
            self.as_role(complaint.letter_ids, "handler").read(["body"])
        self.contact(complaint)
        self.file_outside(complaint)
        self.assertAllInTime(complaint)
        self.assertRecordValues(
            complaint,
            [
                {
                    "is_closed": True,
                    "outcome": "external",
                    "in_register": True,
                    "source": "external",
                    "kind": "formal",
                }
            ],
        )

    def solve_in_consultation(self):
        """KK32: solved by talking, so not in the register; it stays as a signal."""
        earlier = self.take_in("kk", "2026-02-02")
        self.classify(earlier, "2026-02-02", self.find_category())
        with local_noon("2026-02-02"):
            self.as_role(earlier, "coordinator").record_event("resolved_informally")
        self.assertFalse(earlier.in_register)
        return earlier

    def find_category(self):
        names = self.policies["kk"].category_ids.mapped("name")
        return names.index("Bereikbaarheid")

    def shield(self, complaint):
        """KK22: nobody but the kwaliteitsmanager knows who it is."""
        with local_noon("2026-04-02"):
            as_keeper = self.as_role(complaint, "coordinator")
            as_keeper.write({"hide_identity": True, "accepts_limited_answer": True})
            as_keeper.action_assign(self.users["handler"])
        self.env.flush_all()
        for role in ("handler", "registrar", "director"):
            self.assertNotIn("Kees", str(self.as_role(complaint, role).read()), role)
        self.assertEqual(
            self.as_role(complaint, "coordinator").identity_ids.complainant_name, "Kees Klager"
        )

    def find_repetition(self, complaint, earlier):
        """KK34-35: the second on one subject within a year."""
        self.classify(complaint, "2026-04-02", self.find_category())
        self.assertTrue(complaint.is_repeated)
        self.assertEqual(complaint.related_ids, earlier)
        self.assertIn(
            "Belongs in the register: repeated: same subject or same person",
            self.alerts(complaint, "coordinator"),
        )

    def contact(self, complaint):
        """KK30: the handler does not know whom to call, so the kwaliteitsmanager does."""
        with local_noon("2026-04-16"):
            self.talk(
                complaint,
                "coordinator",
                purpose="contact",
                held_on="2026-04-16",
                report="<p>Gebeld.</p>",
            ).action_hold()
        self.assertEqual(str(self.deadline(complaint, "contact").met_on), "2026-04-16")

    def file_outside(self, complaint):
        """KK11, KK38-45: pointed out, filed at the external body, which tells us so later."""
        with local_noon("2026-04-17"):
            body = complaint.policy_id.role_ids.filtered(lambda line: line.role == "external_body")
            referral = self.new(
                "referral",
                complaint_id=complaint.id,
                role_id=body.id,
                reason="no_contact",
            )
        self.assertSays(
            self.send(complaint, "external_referral", "2026-04-17"),
            "www.klachtenportaalzorg.nl",
            "klachten@proef.example",  # its address, as filled in at the set-up
            "zorgaanbieder",
            "klachtenprocedure-wkkgz",
        )
        self.assertTrue(complaint.deadline_ids.filtered("is_open"), "our own terms run on")
        with local_noon("2026-04-20"):
            referral.filed_on = "2026-04-20"
            referral.action_file()
        self.assertFalse(complaint.deadline_ids.filtered("is_open"), "KK40")
        with local_noon("2026-04-28"):
            as_keeper = self.as_role(complaint, "coordinator")
            as_keeper.outcome_note = "Behandeld door Klachtenportaal Zorg."
            with self.assertRaises(AccessError):
                referral.write({"admitted_on": "2026-04-28", "reference": "KPZ-26-117"})
                referral.action_admit()
            referral = self.as_role(referral, "coordinator")
            referral.write({"admitted_on": "2026-04-28", "reference": "KPZ-26-117"})
            referral.action_admit()
        text = self.send(complaint, "external_registration_notice", "2026-04-28")
        self.assertSays(text, "KPZ-26-117", "dinsdag 28 april 2026")
        self.assertNotIn("Kees", text)
        with local_noon("2026-04-28"):
            as_keeper.no_measures = True
            as_keeper.action_check_registration()
            as_keeper.action_close()

    def test_shielded_to_the_end_here(self):
        """KK20, KK22: a limited answer by the kwaliteitsmanager, in general terms."""
        complaint = self.take_in("kk", "2026-04-02")
        self.shield(complaint)
        self.send(complaint, "acknowledgement", "2026-04-02")
        self.contact(complaint)
        with local_noon("2026-05-01"), self.mail_server():
            with self.assertRaisesRegex(UserError, "beperkt antwoord"):
                self.prepare(complaint, "answer", "coordinator")
            self.as_role(complaint, "coordinator").respondent_ids = self.accused
            letter = self.prepare(complaint, "limited_answer", "coordinator")
            with self.assertRaisesRegex(UserError, "Answer"):
                letter.action_send()
            letter.answer_text = "Bert Beklaagde heeft gebeld."
            with self.assertRaisesRegex(UserError, "it may name nobody"):
                letter.action_send()
            letter.answer_text = "Wij bellen voortaan eerst."
            letter.action_send()
        self.assertSays(
            self.read_back(letter), "Wij bellen voortaan eerst.", "Klachtenportaal Zorg"
        )
        self.assertEqual(str(self.deadline(complaint, "answer").met_on), "2026-05-01")

    def test_a_talk_with_the_supervisor(self):
        """KK24, KK27-29: referred, invited with the employee, agreements on paper."""
        boss = self.make_user("zorgcoordinator", "klachtenbeheer.group_handler")
        self.accused.complaint_supervisor_id = boss
        complaint = self.take_in("kk", "2026-04-02")
        self.send(complaint, "acknowledgement", "2026-04-02")
        with local_noon("2026-04-07"):
            as_keeper = self.as_role(complaint, "coordinator")
            as_keeper.respondent_ids = self.accused
            as_keeper.action_assign(self.users["handler"])
            referral = self.new("referral", complaint_id=complaint.id, target="supervisor")
            self.assertEqual(referral.partner_id, boss.partner_id)
            hearing = self.plan_talk(complaint, boss)
        text = self.send(complaint, "supervisor_invitation", "2026-04-08", "handler")
        self.assertSays(text, "dinsdag 14 april 2026", "Hoe nu verder", "Bert Beklaagde")
        with local_noon("2026-04-14"):
            hearing.write({"held_on": "2026-04-14", "report": "<p>Met elkaar gesproken.</p>"})
            with self.assertRaisesRegex(UserError, "write them down"):
                hearing.action_hold()
            self.new(
                "agreement",
                complaint_id=complaint.id,
                name="Bert belt voortaan vooraf.",
                owner_name="Bert",
            )
            hearing.action_hold()
        self.assertSays(
            self.send(complaint, "settlement_record", "2026-04-14", "handler"),
            "Bert belt voortaan vooraf.",
            "Kees Klager",
        )

    def plan_talk(self, complaint, boss):
        people = [
            {"role": "complainant", "name": "Kees Klager"},
            {"role": "respondent", "partner_id": self.accused.id},
            {"role": "supervisor", "partner_id": boss.partner_id.id},
        ]
        return self.talk(
            complaint,
            purpose="supervisor_talk",
            form="office",
            location="Kantoor",
            aim="Hoe nu verder",
            people=people,
            slot_ids=[(0, 0, {"start_at": "2026-04-14 08:00:00"})],
            result_ids=self.env.ref("klachtenbeheer.hearing_result_agreements").ids,
        )
