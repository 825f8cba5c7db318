import json
import re
from pathlib import Path
from unittest.mock import patch

from psycopg2 import OperationalError

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

    # ---------------------------------------------------------------- the id

    def test_the_same_id_with_another_content_is_refused_with_the_reason(self):
        first = self.call(EXAMPLE).json()
        self.make_policy(code="ander")
        for payload in (
            self.change(description="Iets heel anders."),
            self.change(email="ander@klager.example"),
            {**EXAMPLE, "policy": "ander"},
            {**EXAMPLE, "files": []},
        ):
            response = self.call(payload)
            self.assertEqual(response.status_code, 409, response.text)
            self.assertIn("external_id: ", response.json()["message"])
            self.assertNotIn(first["follow_code"], response.text)
            self.assertNotIn(first["reference"], response.text)
        self.assertEqual(len(self.env["klachtenbeheer.complaint"].search([])), 1)
        # what was sent first is still answered
        self.assertEqual(self.call(EXAMPLE).json()["follow_code"], first["follow_code"])

    def test_after_fourteen_days_the_id_can_be_used_again(self):
        first = self.call(EXAMPLE).json()
        submissions = self.env["klachtenbeheer.form.submission"]
        submissions.search([]).expires_on = "2020-01-01"
        submissions._forget_expired()
        response = self.call(EXAMPLE)
        self.assertEqual(response.status_code, 200, response.text)
        second = response.json()
        self.assertTrue(second["is_new"])
        self.assertNotEqual(second["follow_code"], first["follow_code"])
        codes = self.env["klachtenbeheer.access.code"]
        self.assertEqual(codes._find_complaint(first["follow_code"]).name, first["reference"])
        self.assertEqual(codes._find_complaint(second["follow_code"]).name, second["reference"])

    def test_a_code_of_which_the_first_part_is_taken_is_drawn_again(self):
        codes = self.env["klachtenbeheer.access.code"]
        found = iter([True, True, False])
        with patch.object(type(codes), "_is_taken", lambda _self, _code: next(found)):
            answer = self.call(EXAMPLE).json()
        self.assertEqual(codes._find_complaint(answer["follow_code"]).name, answer["reference"])
        self.assertEqual(self.call(EXAMPLE).json()["follow_code"], answer["follow_code"])

    def test_nobody_is_pestered_with_proofs_of_another_system(self):
        for number in range(5):
            self.call({**EXAMPLE, "external_id": f"nummer-{number}"})
        mails = self.env["mail.mail"].search([("email_to", "=", "kees@example.com")])
        self.assertEqual(len(mails), 3)

    def test_a_slip_in_an_address_is_refused_as_typed(self):
        for typed, suggestion in (
            ("jan@@x", ""),
            ("jan@gmail,com", "jan@gmail.com"),
            ("jan@gmailcom", "jan@gmail.com"),
        ):
            response = self.call(self.change(email=typed))
            self.assertEqual(response.status_code, 422)
            self.assertIn(typed, response.json()["message"])
            self.assertIn(suggestion, response.json()["message"])
        self.assertFalse(self.find())
        # nobody is there to be asked whether this is right
        self.assertEqual(self.call(self.change(email="jan@gmial.com")).status_code, 200)

    def test_a_database_that_is_away_is_no_wrong_key(self):
        def fail(*_arguments, **_options):
            raise OperationalError("server closed the connection")

        keys = type(self.env["res.users.apikeys"])
        with patch.object(keys, "_check_credentials", fail):
            self.assertEqual(self.call(EXAMPLE).status_code, 503)
