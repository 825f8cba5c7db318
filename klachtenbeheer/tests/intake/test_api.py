import json
import re
from pathlib import Path

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..support.common import ComplaintCase, local_noon

URL = "/json/2/klachtenbeheer.intake.api/register"
EXAMPLE = {
    "policy": "proef",
    "external_id": "gemeente-2026-00017",
    "values": {
        "description": "De bus reed drie ochtenden door zonder te stoppen.",
        "name": "Kees Klager",
        "email": "kees@example.com",
        "incident_on": "02-03-2026",
        "incident_place": "Halte Dorpsplein",
        "desired_solution": "Dat de bus stopt.",
    },
    "files": [{"name": "dienstregeling.txt", "content": "MDcuMTUgRG9ycHNwbGVpbg=="}],
}
MANUAL = Path(__file__).parents[3] / "docs" / "api.md"


@tagged("post_install", "-at_install")
class TestApi(ComplaintCase, HttpCase):
    """Another system hands a complaint in, with a real key over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        group = "klachtenbeheer.group_intake_api"
        cls.system = new_test_user(
            cls.env,
            "systeem",
            f"base.group_portal,{group}",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def setUp(self):
        super().setUp()
        self.enterContext(local_noon("2026-03-04"))

    def make_key(self, user):
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate("rpc", "test", None)

    @mute_logger("odoo.http")  # refusals are what some of these tests are about
    def call(self, payload, user=None, url=URL):
        headers = {"Authorization": f"bearer {self.make_key(user or self.system)}"}
        response = self.url_open(
            url,
            data=json.dumps(payload),
            headers={**headers, "Content-Type": "application/json"},
        )
        self.env.invalidate_all()
        return response

    def change(self, **values):
        return {**EXAMPLE, "values": {**EXAMPLE["values"], **values}}

    def find(self):
        return self.env["klachtenbeheer.complaint"].search([("policy_id", "=", self.policy.id)])

    def test_the_documented_example_registers_a_complaint(self):
        if MANUAL.exists():  # not beside an installed wheel
            [first, *_others] = re.findall(r"```json\n(.*?)```", MANUAL.read_text(), re.DOTALL)
            self.assertEqual(json.loads(first), EXAMPLE)
        response = self.call(EXAMPLE)
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        complaint = self.find()
        self.assertEqual(complaint.name, answer["reference"])
        self.assertEqual(
            (complaint.complainant_name, complaint.channel, str(complaint.incident_on)),
            ("Kees Klager", "web", "2026-03-02"),
        )
        # received on Wednesday 4 March 2026: 5 werkdagen end on Wednesday 11 March
        self.assertEqual(answer["promises"][0]["on"], "2026-03-11")
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", complaint._name), ("res_id", "=", complaint.id)]
        )
        self.assertEqual(attachments.mapped("name"), ["dienstregeling.txt"])
        follow = self.env["klachtenbeheer.access.code"]._find_complaint(answer["follow_code"])
        self.assertEqual(follow, complaint)

    def test_sent_again_it_gives_the_same_answer_and_no_second_complaint(self):
        first, second = (self.call(EXAMPLE).json() for _time in range(2))
        self.assertEqual((first["is_new"], second["is_new"]), (True, False))
        self.assertEqual(first | {"is_new": False}, second)
        self.assertEqual(len(self.find()), 1)

    def test_the_sender_gets_proof_once(self):
        for _time in range(2):
            self.call(EXAMPLE)
        mails = self.env["mail.mail"].search([("email_to", "=", "kees@example.com")])
        self.assertEqual(len(mails), 1)
        self.assertNotIn("drie ochtenden", mails.body_html)

    def test_what_is_wrong_is_said_for_each_field_and_nothing_is_registered(self):
        for payload, field in (
            (self.change(description=""), "description"),
            (self.change(email="kees"), "email"),
            (self.change(incident_on="31-02-2026"), "incident_on"),
            (self.change(kleur="groen"), "kleur"),
            (self.change(nature="vraag"), "nature"),
            (self.change(channel="duif"), "channel"),
            (self.change(complainant_kind="Marsman"), "complainant_kind"),
            ({**EXAMPLE, "values": "tekst"}, "values"),
            ({**EXAMPLE, "external_id": ""}, "external_id"),
            ({**EXAMPLE, "external_id": 17}, "external_id"),
            ({**EXAMPLE, "files": [{"name": "x.exe", "content": "TVo="}]}, "files"),
            ({**EXAMPLE, "files": ["tekst"]}, "files"),
            ({**EXAMPLE, "files": [{"name": "a.txt", "content": "é"}]}, "files"),
        ):
            with self.subTest(field=field):
                response = self.call(payload)
                self.assertEqual(response.status_code, 422, response.text)
                self.assertIn(f"{field}: ", response.json()["message"])
        self.assertFalse(self.find())

    def test_an_unknown_policy_gets_a_clear_sentence(self):
        response = self.call({**EXAMPLE, "policy": "nergens"})
        self.assertEqual(response.status_code, 422)
        self.assertIn("nergens", response.json()["message"])

    def test_only_an_account_with_the_right_hands_in(self):
        for role in ("employee", "handler", "coordinator", "manager"):
            with self.subTest(role=role):
                self.assertEqual(self.call(EXAMPLE, self.users[role]).status_code, 403)
        self.assertFalse(self.find())

    def test_without_a_key_nothing_is_accepted(self):
        response = self.url_open(
            URL, data=json.dumps(EXAMPLE), headers={"Content-Type": "application/json"}
        )
        self.assertEqual(response.status_code, 401)

    def test_the_account_sees_nothing(self):
        self.call(EXAMPLE)
        for model, method, arguments in (
            ("klachtenbeheer.complaint", "search_read", {"domain": []}),
            ("klachtenbeheer.complaint", "create", {"vals_list": [{"description": "x"}]}),
            ("klachtenbeheer.event", "search_read", {"domain": []}),
            ("klachtenbeheer.form.submission", "search_read", {"domain": []}),
            ("klachtenbeheer.access.code", "search_read", {"domain": []}),
        ):
            with self.subTest(model=model, method=method):
                response = self.call(arguments, url=f"/json/2/{model}/{method}")
                self.assertEqual(response.status_code, 403)

    def test_another_account_does_not_get_the_answer_of_this_one(self):
        other = new_test_user(
            self.env, "ander", "base.group_portal,klachtenbeheer.group_intake_api"
        )
        first, second = self.call(EXAMPLE).json(), self.call(EXAMPLE, other).json()
        self.assertNotEqual(first["reference"], second["reference"])
        self.assertNotEqual(first["follow_code"], second["follow_code"])
