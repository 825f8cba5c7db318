import lxml.html

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from ..support.public_common import DRIVER, PublicCase

FORGED = "Jan Klager\r\nBcc: iedereen@example.com\u2028\u202emaN"
CLEAN = "Jan Klager Bcc: iedereen@example.com maN"
SLIPS = (("jan@@x", ""), ("jan@gmail,com", "jan@gmail.com"), ("jan@gmailcom", "jan@gmail.com"))

DUTCH = "/klacht/proef?lang=nl_NL"


@tagged("post_install", "-at_install")
class TestTyped(PublicCase):
    """What is typed is checked the same way on every road by which it comes in."""

    # ---------------------------------------------------------------- addresses

    def test_a_slip_on_the_form_is_shown_as_typed_with_what_was_meant(self):
        for typed, suggestion in SLIPS:
            page = self.send(self.visit(DUTCH), description=DRIVER, email=typed)
            self.assertEqual(page.status, 422)
            self.assertEqual(page.value("email"), typed)
            self.assertEqual(page.error_links(), ["#kb-email"])
            self.assertIn(f"“{typed}” is geen e-mailadres", page.text)
            self.assertIn(suggestion, page.text)
        self.assertFalse(self.env["klachtenbeheer.complaint"].search([("channel", "=", "web")]))

    def test_an_address_that_looks_like_a_slip_is_asked_about_once(self):
        page = self.send(self.visit(DUTCH), description=DRIVER, email="jan@gmial.com")
        self.assertEqual(page.status, 422)
        self.assertIn("Bedoelt u jan@gmail.com?", page.text)
        done = self.send(page)
        self.assertEqual(self.find(done.reference).complainant_email, "jan@gmial.com")
        # another slip is another question
        other = self.send(page, email="jan@hotmial.com")
        self.assertIn("Bedoelt u jan@hotmail.com?", other.text)

    def test_the_representative_too(self):
        page = self.send(
            self.visit(), description=DRIVER, rep_name="Dina", rep_email="dina@gmail,com"
        )
        self.assertEqual(page.error_links(), ["#kb-rep_email"])

    def test_by_whom_it_is_typed_does_not_matter(self):
        for typed, suggestion in SLIPS:
            for role in ("employee", "registrar", "coordinator"):
                with self.subTest(typed=typed, role=role), self.assertRaises(ValidationError) as no:
                    self.as_role(self.env["klachtenbeheer.complaint"], role).create(
                        {
                            "policy_id": self.policy.id,
                            "channel": "phone",
                            "description": DRIVER,
                            "complainant_email": typed,
                        }
                    )
                self.assertIn(typed, str(no.exception))
                self.assertIn(suggestion, str(no.exception))

    def test_the_quick_entry_says_it_while_the_caller_is_on_the_line(self):
        form = Form(self.as_role(self.env["klachtenbeheer.intake"], "employee"))
        form.policy_id = self.policy
        form.description = DRIVER
        form.complainant_email = "jan@gmial.com"
        self.assertIn("jan@gmail.com", form.email_hint)
        form.complainant_email = "jan@gmail,com"
        self.assertIn("jan@gmail.com", form.email_hint)
        with self.assertRaises(UserError):
            form.save().action_register()
        form.complainant_email = "jan@gmail.com"
        self.assertFalse(form.email_hint)
        form.save().action_register()

    # ---------------------------------------------------------------- lines

    def test_a_name_on_the_form_has_one_line(self):
        _page, complaint = self.file_in_public(
            name=FORGED, respondent_text=FORGED, rep_name=FORGED, rep_email="dina@klager.example"
        )
        self.assertEqual(complaint.complainant_name, CLEAN)
        self.assertEqual(complaint.respondent_text, CLEAN)
        self.assertEqual(complaint.assistance_ids.name, CLEAN)

    def test_a_name_on_any_other_road_has_one_line(self):
        complaints = self.env["klachtenbeheer.complaint"]
        complaint = complaints.create(
            {
                "policy_id": self.policy.id,
                "channel": "phone",
                "description": f"{DRIVER}\0\nTwee regels.",
                "complainant_name": FORGED,
                "title": FORGED,
            }
        )
        self.assertEqual(complaint.complainant_name, CLEAN)
        self.assertEqual(complaint.title, CLEAN)
        self.assertEqual(complaint.description, f"{DRIVER}\nTwee regels.")
        complaint.complainant_name = f"Anders\n{FORGED}"
        self.assertEqual(complaint.complainant_name, f"Anders {CLEAN}")
        partner = self.env["res.partner"].create({"name": FORGED})
        self.assertEqual(partner.name, CLEAN)
        partner.name = f"Anders\n{FORGED}"
        self.assertEqual(partner.name, f"Anders {CLEAN}")

    # ---------------------------------------------------------------- web addresses

    def make_elsewhere(self, **vals):
        """A draft of another company, with the code of our own published policy."""
        company = self.env["res.company"].create({"name": "Stichting Elders"})
        user = new_test_user(self.env, "elders", company_id=company.id, company_ids=company.ids)
        roles = [self.line(role="coordinator", name="coördinator")]
        roles[0][2]["user_ids"] = [(6, 0, user.ids)]
        return self.policy.copy(
            {"company_id": company.id, "code": "proef", "role_ids": roles, **vals}
        )

    def test_a_web_address_is_of_one_company(self):
        policy = self.make_elsewhere()
        with self.assertRaisesRegex(UserError, "has the web address of “proef” already"):
            policy.action_publish()
        policy.code = "elders"
        policy.action_publish()
        self.assertEqual(self.visit("/klacht/elders").status, 200)

    def test_where_two_have_it_already_it_opens_one_and_the_manager_is_told(self):
        policy = self.make_elsewhere(code="elders")
        policy.action_publish()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE klachtenbeheer_policy SET code = 'proef' WHERE id = %s", policy.ids
        )
        self.env.invalidate_all()
        _page, complaint = self.file_in_public()
        self.assertEqual(complaint.policy_id, self.policy)
        self.assertIn(self.company.name, policy.address_conflict)
        self.assertIn("Stichting Elders", self.policy.address_conflict)


@tagged("post_install", "-at_install")
class TestProfile(HttpCase):
    """The account of the portal, whose address a complaint takes over."""

    def test_a_slip_in_the_profile_is_told(self):
        user = new_test_user(self.env, "profiel", "base.group_portal", email="p@klager.example")
        self.authenticate("profiel", "profiel".ljust(8, "x"))
        page = self.url_open("/my/account")
        self.assertEqual(page.status_code, 200)
        form = lxml.html.fromstring(page.text).xpath("//form[.//input[@name='email']]")[0]
        data = dict(form.form_values()) | {"email": "jan@gmailcom"}
        response = self.url_open(form.get("action") or "/my/address/submit", data=data)
        self.assertIn("jan@gmail.com", response.text)
        self.assertEqual(user.partner_id.email, "p@klager.example")
