from lxml import etree

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

from ..support.access_common import ACCESS_LOGGERS
from ..support.common import local_noon
from ..support.handling_common import HandlingCase
from ..support.public_common import PublicCase
from ..support.rpc_common import RpcMixin

COMPLAINT, INTAKE = "klachtenbeheer.complaint", "klachtenbeheer.intake"
NOTHING = (False, "", " \n ")


@tagged("post_install", "-at_install")
class TestWhatIsRegistered(RpcMixin, HandlingCase):
    """What whoever receives a complaint has to put down, as any employee, over RPC."""

    SOURCES = ("ba",)

    def register(self, **vals):
        with local_noon("2026-06-01"):
            told = {
                "policy_id": self.policies["ba"].id,
                "channel": "phone",
                "description": "De hulp kwam niet.",
                "complainant_name": "Kees Klager",
                **vals,
            }
            intake = self.call("employee", INTAKE, "create", [told])
            self.call("employee", INTAKE, "action_register", intake)
        reference = self.env[INTAKE].browse(intake).reference
        domain = [("name", "=", reference), ("company_id", "=", self.company.id)]
        return self.env[COMPLAINT].search(domain)

    def refused(self, function, **vals):
        with mute_logger("odoo.sql_db", *ACCESS_LOGGERS), self.cr.savepoint() as savepoint:
            try:
                function(**vals)
            except Exception as error:  # noqa: BLE001 - the database itself, or the product
                return str(error)
            finally:
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
        return False

    def test_what_was_told_ends_as_text(self):
        """BA7: on every road; white space is no text."""

        def create(description):
            vals = {"policy_id": self.policies["ba"].id, "channel": "phone"}
            self.call("employee", COMPLAINT, "create", [{**vals, "description": description}])

        complaint = self.register()
        for nothing in NOTHING:
            with self.subTest(nothing=nothing):
                self.assertTrue(self.refused(self.register, description=nothing))
                self.assertTrue(self.refused(create, description=nothing))
                self.assertTrue(self.refused(complaint.write, vals={"description": nothing}))
        with self.assertRaises(ValidationError) as refusal:
            self.as_role(complaint, "coordinator").description = "  "
        self.assertIn("Write down what the complaint is", str(refusal.exception))
        self.assertEqual(complaint.description, "De hulp kwam niet.")

    def test_content_date_and_manner_are_asked_and_who_received_it_is_noted(self):
        """BA18: and the registration is incomplete as long as nothing says where it came from."""
        for fname in ("channel", "received_on", "policy_id", "description"):
            with self.subTest(fname=fname):
                self.assertTrue(self.refused(self.register, **{fname: False}))
        complaint = self.register(received_on="2026-05-29")
        self.assertRecordValues(
            complaint,
            [
                {
                    "description": "De hulp kwam niet.",
                    "channel": "phone",
                    "complainant_name": "Kees Klager",
                    "received_by_id": self.users["employee"].id,
                }
            ],
        )
        self.assertEqual(str(complaint.received_on), "2026-05-29")
        without = self.register(complainant_name=False)
        (complaint | without).category_id = self.policies["ba"].category_ids[:1]
        view = self.env.ref("klachtenbeheer.register_view_search")
        action = self.env[COMPLAINT].with_user(self.users["coordinator"])
        incomplete = action.search(self.get_domain(view, "incomplete"))
        self.assertIn(without, incomplete)
        self.assertNotIn(complaint, incomplete)

    def get_domain(self, view, name):
        [node] = etree.fromstring(view.arch).iterfind(f".//filter[@name='{name}']")
        return safe_eval(node.get("domain"))

    def test_which_manners_are_in_writing(self):
        """BA18, BA19: a form counts as written, what was said or shown does not."""
        written = {
            code: self.register(channel=code).is_written
            for code in self.policies["ba"].channel_ids.mapped("code")
        }
        self.assertEqual(
            written,
            {
                **dict.fromkeys(("web", "portal", "email", "post"), True),
                **dict.fromkeys(("phone", "desk", "employee"), False),
            },
        )


@tagged("post_install", "-at_install")
class TestWhatAFormIs(PublicCase):
    """The form on the website as a visitor without an account meets it."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("en_US")

    def test_it_counts_as_written(self):
        """BA19: so terms of what is in writing run for it, and those of what is oral don't."""
        terms = [
            self.term("schrift", "Schriftelijk", "answered", 14, "day", applies_to="written"),
            self.term("mond", "Mondeling", "answered", 2, "workday", applies_to="oral"),
        ]
        self.make_policy(code="schrift", term_ids=terms)
        _page, complaint = self.file_in_public("schrift")
        self.assertEqual(complaint.channel, "web")
        self.assertTrue(complaint.is_written)
        self.assertEqual(complaint.deadline_ids.mapped("code"), ["schrift"])

    def test_form_and_regulation_say_that_it_costs_nothing(self):
        """SJ10: and neither asks for a password or a payment."""
        for path in ("/klacht/proef", "/klachtenregeling/proef"):
            with self.subTest(path=path):
                page = self.visit(f"{path}?lang=en_US")
                self.assertEqual(page.status, 200)
                self.assertIn("It costs nothing.", page.text)
                self.assertFalse(page.root.xpath("//input[@type='password']"))
