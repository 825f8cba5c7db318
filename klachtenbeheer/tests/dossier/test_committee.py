from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.http import Request
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..support.access_common import ACCESS_LOGGERS
from ..support.common import ComplaintCase


@tagged("post_install", "-at_install")
class TestCommittee(ComplaintCase, HttpCase):
    """A committee advises on what is put before it: members inside and outside, an independent
    chair, a term of its own (Awb 9:14-16, Jeugdwet 4.2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users |= {
            "member": cls.make_user("member", "klachtenbeheer.group_handler"),
            "chair": cls.make_user("p.chair", "base.group_portal"),
            "stranger": cls.make_user("p.stranger", "base.group_portal"),
        }
        template = cls.env.ref("klachtenbeheer.mail_template_answer")
        answered = cls.env.ref("klachtenbeheer.event_type_answered")
        cls.committee_policy = cls.make_policy(
            code="commissie",
            role_ids=[
                cls.line(role="coordinator", name="coördinator", users="coordinator"),
                cls.line(role="director", name="directie", users="director"),
                Command.create(
                    {
                        "role": "committee",
                        "name": "klachtencommissie",
                        "user_ids": [Command.set((cls.users["member"] | cls.users["chair"]).ids)],
                        "chair_id": cls.users["chair"].id,
                        "secretary_id": cls.users["member"].id,
                    }
                ),
            ],
            letter_type_ids=[
                Command.create(
                    {
                        "code": "answer",
                        "name": "Antwoord",
                        "template_id": template.id,
                        "event_type_id": answered.id,
                    }
                )
            ],
        )
        cls.role = cls.committee_policy._get_committees()
        cls.complaint = cls.file_complaint(policy_id=cls.committee_policy.id)
        cls.other = cls.file_complaint(policy_id=cls.committee_policy.id)

    def put_before(self, **vals):
        return (
            self.env["klachtenbeheer.advice"]
            .with_user(self.users["coordinator"])
            .create(
                {
                    "complaint_id": self.complaint.id,
                    "role_id": self.role.id,
                    "question": "Is de klacht gegrond?",
                    **vals,
                }
            )
        )

    def see(self, name):
        return self.env["klachtenbeheer.complaint"].with_user(self.users[name]).search([])

    def test_members_see_what_is_put_before_them_and_nothing_else(self):
        self.assertFalse(self.see("member"))
        advice = self.put_before()
        self.assertEqual(self.see("member"), self.complaint)
        self.assertFalse(self.see("member").has_access("write"))
        advice.action_withdraw()
        self.env.invalidate_all()
        self.assertFalse(self.see("member"))

    @mute_logger(*ACCESS_LOGGERS)
    def test_only_members_write_the_advice_and_only_the_chair_signs(self):
        advice = self.put_before()
        for name in ("coordinator", "director"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                advice.with_user(self.users[name]).write({"text": "<p>Zelf bedacht</p>"})
        as_member = advice.with_user(self.users["member"])
        with self.assertRaises(AccessError):
            as_member.write({"question": "Een andere vraag"})
        as_member.write({"text": "<p>Gegrond.</p>", "verdict": "upheld"})
        with self.assertRaises(AccessError):
            as_member.action_sign()
        advice.sudo()._do_sign(self.users["chair"])
        self.assertEqual((advice.state, advice.signed_by_id), ("advised", self.users["chair"]))
        with self.assertRaises(UserError):
            as_member.write({"text": "<p>Toch niet.</p>"})
        codes = self.complaint.event_ids.mapped("code")
        self.assertIn("advice_asked", codes)
        self.assertIn("advised", codes)

    def test_nobody_else_becomes_the_committee(self):
        """Whoever put the dossier before it would write and sign the advice themself."""
        roles = self.committee_policy.role_ids
        coordinating = roles.filtered(lambda role: role.role == "coordinator")
        advice = self.put_before()
        with self.assertRaises(UserError):
            advice.write({"role_id": coordinating.id})
        advice.with_user(self.users["member"]).write({"text": "<p>Gegrond</p>"})
        advice._do_sign(self.users["chair"])
        with self.assertRaises(UserError):
            advice.unlink()

    def test_the_term_of_the_advice_is_a_duty_of_the_committee(self):
        draft = self.committee_policy.copy({"code": "termijn"})
        role = draft._get_committees()
        draft.term_ids = [self.term("advise", "Advies", "advised", 6, "week", start="advice_asked")]
        draft.term_ids.filtered(lambda term: term.code == "advise").duty_role_id = role
        draft.action_publish()
        self.complaint = self.file_complaint(policy_id=draft.id)
        self.role = role
        self.put_before()
        duty = self.deadline(self.complaint, "advise")
        self.assertEqual(duty.due_on, self.company._complaint_today() + timedelta(weeks=6))
        self.assertEqual(duty.responsible_id, self.users["member"])

    def test_the_decision_says_whether_and_why_it_departs(self):
        advice = self.put_before()
        advice.with_user(self.users["member"]).write({"text": "<p>Gegrond.</p>"})
        advice.sudo()._do_sign(self.users["chair"])
        letter = self.complaint.prepare_letter("answer")
        self.assertIn("follows the advice", letter.missing_text)
        self.complaint.departs_from_advice = "yes"
        letter.invalidate_recordset()
        self.assertIn("where and why", letter.missing_text)
        self.complaint.departure_reason = "<p>Omdat de rit wel reed.</p>"
        letter.invalidate_recordset()
        self.assertNotIn("where and why", letter.missing_text)
        self.assertIn("wel reed", letter._get_departure_text())

    def test_who_is_complained_about_is_no_member_for_that_dossier(self):
        self.complaint.respondent_ids = self.users["chair"].partner_id
        advice = self.put_before()
        self.assertEqual(advice._get_members(), self.users["member"])
        self.assertEqual(advice._get_signers(), self.users["member"])

    def test_a_chair_is_independent_and_outsiders_handle_nothing(self):
        with self.assertRaises(ValidationError):
            self.role.write(
                {
                    "user_ids": [Command.link(self.users["coordinator"].id)],
                    "chair_id": self.users["coordinator"].id,
                }
            )
        coordinating = self.committee_policy.role_ids[0]
        with self.assertRaises(ValidationError):
            coordinating.user_ids |= self.users["chair"]

    # ---------------------------------------------------------------- from outside

    def get(self, *parts):
        self.env.flush_all()
        return self.url_open("/".join(map(str, ("/my/commissie", *parts))))

    def get_looks(self):
        """What the log says that the chair looked at."""
        readings = self.env["klachtenbeheer.reading"].search([])
        self.assertEqual(readings.user_id, self.users["chair"])
        self.assertEqual(set(readings.mapped("ground")), {"adviser"})
        return set(readings.mapped("what"))

    def test_a_member_from_outside_reads_advises_and_signs(self):
        advice = self.put_before()
        file = self.env["ir.attachment"].create(
            {
                "name": "verslag.txt",
                "raw": b"het verslag",
                "res_model": self.complaint._name,
                "res_id": self.complaint.id,
            }
        )
        self.authenticate("p.chair", "p.chair".ljust(8, "x"))
        self.assertIn(self.complaint.name, self.get().text)
        page = self.get(self.complaint.id)
        self.assertIn("Is de klacht gegrond?", page.text)
        self.assertEqual(self.get_looks(), {"list", "dossier"})
        self.assertEqual(self.get(self.complaint.id, "bestand", file.id).text, "het verslag")
        self.assertEqual(self.get(self.other.id).status_code, 404)
        self.url_open(
            f"/my/commissie/{self.complaint.id}/advies/{advice.id}",
            data={
                "csrf_token": Request.csrf_token(self),
                "text": "Wij vinden de klacht gegrond.",
                "verdict": "upheld",
                "sign": "1",
            },
        )
        self.env.invalidate_all()
        self.assertEqual((advice.state, advice.verdict), ("advised", "upheld"))
        self.assertIn("gegrond", advice.text)

    def test_others_with_an_account_see_nothing(self):
        advice = self.put_before()
        self.authenticate("p.stranger", "p.stranger".ljust(8, "x"))
        self.assertNotIn(self.complaint.name, self.get().text)
        self.assertEqual(self.get(self.complaint.id).status_code, 404)
        response = self.url_open(
            f"/my/commissie/{self.complaint.id}/advies/{advice.id}",
            data={"csrf_token": Request.csrf_token(self), "text": "x"},
        )
        self.assertEqual(response.status_code, 404)
        self.assertFalse(advice.text)

    def test_the_chair_complained_about_sees_nothing(self):
        self.complaint.respondent_ids = self.users["chair"].partner_id
        self.put_before()
        self.authenticate("p.chair", "p.chair".ljust(8, "x"))
        self.assertEqual(self.get(self.complaint.id).status_code, 404)
