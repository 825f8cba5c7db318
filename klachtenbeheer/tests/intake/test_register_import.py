import base64
import io
from datetime import date
from unittest.mock import patch

from openpyxl import Workbook, load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged

from ..support.common import ComplaintCase, local_noon

HEADER = (
    "former_reference",
    "received_on",
    "description",
    "complainant_name",
    "category_id",
    "acknowledged",
    "answered",
    "outcome",
    "closed",
)
CLOSED = ["K-1", "03-03-2025", "Bus te laat", "Kees", "Vervoer", "05-03-2025", "12-03-2025"]
CLOSED += ["Answered", "20-04-2025"]
OPEN = ["K-2", date(2026, 3, 2), "Geen bus", "Klaas", "", "", "", "", ""]


def make_file(*rows, header=HEADER):
    book = Workbook()
    for row in (list(header), *rows):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return base64.b64encode(stream.getvalue())


@tagged("post_install", "-at_install")
class TestRegisterImport(ComplaintCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["klachtenbeheer.policy"].search([("code", "=", "proef")]).action_retire()
        cls.policy = cls.make_policy(code="vol", category_ids=[(0, 0, {"name": "Vervoer"})])

    def setUp(self):
        super().setUp()
        self.enterContext(local_noon("2026-03-04"))

    def start(self, *rows, user="coordinator", **vals):
        wizards = self.env["klachtenbeheer.register.import"].with_user(self.users[user])
        return wizards.create({"policy_id": self.policy.id, "file": make_file(*rows, **vals)})

    def find_imported(self):
        return self.env["klachtenbeheer.complaint"].search([("is_imported", "=", True)], order="id")

    def problems(self, wizard):
        return [(line.line, line.column, line.problem) for line in wizard.problem_ids]

    def test_a_dry_run_says_what_would_happen_and_keeps_nothing(self):
        wizard = self.start(CLOSED, OPEN)
        wizard.action_check()
        self.assertEqual((wizard.state, wizard.line_count, wizard.open_count), ("right", 2, 1))
        self.assertFalse(self.find_imported())

    def test_the_number_of_a_dry_run_is_given_out_again(self):
        self.start(OPEN).action_check()
        wizard = self.start(OPEN)
        wizard.action_import()
        self.assertEqual(self.find_imported().register_number, 1)

    def test_complaints_come_with_their_past(self):
        self.start(CLOSED, OPEN).action_import()
        closed, running = self.find_imported()
        self.assertEqual(
            (closed.former_reference, closed.received_on, closed.outcome, closed.closed_on),
            ("K-1", date(2025, 3, 3), "answered", date(2025, 4, 20)),
        )
        self.assertEqual(closed.category_id.name, "Vervoer")
        self.assertTrue(closed.is_closed)
        # received on Monday 3 March 2025: 5 werkdagen end on Monday 10 March
        acknowledged = self.deadline(closed, "acknowledge")
        self.assertEqual(
            (acknowledged.due_on, acknowledged.state, acknowledged.met_on),
            (date(2025, 3, 10), "met", date(2025, 3, 5)),
        )
        self.assertFalse(running.is_closed)
        # received on Monday 2 March 2026: 5 werkdagen end on Monday 9 March
        self.assertEqual(self.due(running)["acknowledge"], date(2026, 3, 9))

    def test_what_the_register_does_not_tell_is_not_counted_as_overdue(self):
        row = [*CLOSED[:5], "", "", "Answered", "20-04-2025"]
        self.start(row).action_import()
        closed = self.find_imported()
        duties = closed.deadline_ids.filtered(lambda line: line.duty_of == "organisation")
        self.assertTrue(duties)
        self.assertNotIn("overdue", duties.mapped("state"))

    def test_nobody_is_mailed_and_only_what_is_open_asks_for_something(self):
        before = self.env["mail.mail"].search_count([])
        self.start(CLOSED, OPEN).action_import()
        closed, running = self.find_imported()
        self.assertFalse(closed.activity_ids)
        self.assertEqual(running.activity_ids.user_id, self.users["coordinator"])
        self.assertFalse((closed | running).letter_ids)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_every_mistake_is_named_by_line_and_column(self):
        wizard = self.start(
            ["K-3", "31-02-2025", "Iets", "", "", "", "", "", ""],
            ["K-4", "01-02-2030", "", "", "Onweer", "", "", "", ""],
            OPEN,
            ["K-2", "03-03-2025", "Weer", "", "", "01-03-2025", "", "", "20-04-2025"],
        )
        wizard.action_check()
        self.assertEqual(wizard.state, "wrong")
        found = self.problems(wizard)
        labels = wizard._get_headers()
        self.assertEqual(
            [(line, column) for line, column, _problem in found],
            [
                (2, labels["received_on"]),
                (3, labels["received_on"]),
                (3, labels["category_id"]),
                (5, labels["acknowledged"]),
                (5, labels["outcome"]),
                (5, labels["former_reference"]),
            ],
        )
        self.assertIn("31-02-2025", found[0][2])
        self.assertIn("Vervoer", found[2][2])

    def test_one_mistake_and_nothing_is_taken_over(self):
        wizard = self.start(OPEN, ["K-9", "31-02-2025", "Iets", "", "", "", "", "", ""])
        wizard.action_import()
        self.assertEqual(wizard.state, "wrong")
        self.assertFalse(self.find_imported())

    def test_nothing_is_taken_over_twice(self):
        self.start(OPEN).action_import()
        again = self.start(CLOSED, OPEN)
        again.action_import()
        self.assertEqual([line for line, _column, _problem in self.problems(again)], [3])
        self.assertEqual(len(self.find_imported()), 1)

    def test_a_line_that_fails_while_it_is_stored_undoes_the_others(self):
        def refuse(complaint, past):
            if complaint.former_reference == "K-2":
                complaint.received_on = date(2030, 1, 1)

        wizard = self.start(CLOSED, OPEN)
        with patch.object(type(self.env["klachtenbeheer.complaint"]), "_import_past", refuse):
            wizard.action_import()
        [(line, _column, problem)] = self.problems(wizard)
        self.assertEqual(line, 3)
        self.assertIn("in the future", problem)
        self.assertFalse(self.find_imported())

    def test_headers_in_dutch_or_english(self):
        self.env["res.lang"]._activate_lang("nl_NL")
        wizard = self.start()
        headers = wizard.with_context(lang="nl_NL")._get_headers()
        wizard = self.start(OPEN, header=[headers[key] for key in HEADER])
        wizard.action_check()
        self.assertEqual(wizard.state, "right", self.problems(wizard))

    def test_columns_that_are_unknown_or_missing(self):
        wizard = self.start(["x", "y"], header=["description", "Kleur"])
        wizard.action_check()
        columns = [column for _line, column, _problem in self.problems(wizard)]
        self.assertEqual(columns, ["Kleur", wizard._get_headers()["received_on"]])

    def test_what_is_no_spreadsheet_gets_a_clear_sentence(self):
        wizard = self.start()
        wizard.file = base64.b64encode(b"PK\x03\x04 broken")
        with self.assertRaisesRegex(UserError, "save it as .xlsx or .csv"):
            wizard.action_check()

    def test_another_file_has_to_be_checked_anew(self):
        wizard = self.start(OPEN)
        wizard.action_check()
        wizard.file = make_file(CLOSED)
        self.assertEqual(wizard.state, "new")

    def test_only_the_coordinator_takes_over(self):
        for role in ("employee", "registrar", "handler", "director", "board", "manager"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.start(OPEN, user=role)

    def test_from_outside_nobody_passes_for_an_import(self):
        """The context of a call can't hold back the task of the coordinator."""
        complaints = self.as_role(self.env["klachtenbeheer.complaint"], "employee")
        complaint = complaints.with_context(import_sentinel=True).create(
            {"policy_id": self.policy.id, "description": "Zonder taak?"}
        )
        self.assertTrue(complaint.sudo().activity_ids)
        self.assertFalse(complaint.sudo().is_imported)

    def test_a_slip_in_an_address_is_told_with_its_line(self):
        header = ("received_on", "description", "complainant_email")
        rows = [
            ["03-03-2025", "Bus te laat", "jan@gmail,com"],
            ["03-03-2025", "Bus te laat", "jan@klager.example"],
        ]
        wizard = self.start(*rows, header=header)
        wizard.action_check()
        [(line, _column, problem)] = self.problems(wizard)
        self.assertEqual(line, 2)
        self.assertIn("jan@gmail,com", problem)
        self.assertIn("jan@gmail.com", problem)

    def test_a_file_with_far_more_inside_is_refused_in_words(self):
        wizard = self.start(OPEN)
        with (
            patch("odoo.addons.klachtenbeheer.tools.sheet.MAX_ELEMENTS", 10),
            self.assertRaisesRegex(UserError, "far more in this file than a register"),
        ):
            wizard.action_check()


@tagged("post_install", "-at_install")
class TestRegisterTemplate(HttpCase, ComplaintCase):
    def test_the_template_can_be_filled_in_and_taken_over(self):
        self.authenticate("coordinator", "coordinator")
        url = f"/klachtenbeheer/register-template/{self.policy.id}"
        book = load_workbook(io.BytesIO(self.url_open(url).content))
        sheet = book.worksheets[0]
        headers = [cell.value for cell in sheet[1]]
        wizards = self.env["klachtenbeheer.register.import"]
        user = self.users["coordinator"]
        wizard = wizards.with_user(user).create({"policy_id": self.policy.id})
        self.assertEqual(headers, list(wizard.with_context(lang=user.lang)._get_headers().values()))
        self.assertEqual(book.worksheets[1].max_row, len(headers))
        sheet.append(["K-7", "02-03-2026", "E-mail", "Formal", "Bus", "De bus kwam niet"])
        stream = io.BytesIO()
        book.save(stream)
        wizard.file = base64.b64encode(stream.getvalue())
        with local_noon("2026-03-04"):
            wizard.action_import()
        complaint = self.env["klachtenbeheer.complaint"].search([("former_reference", "=", "K-7")])
        self.assertEqual((complaint.title, complaint.channel), ("Bus", "email"))

    def test_the_template_is_for_who_may_take_over(self):
        new_test_user(self.env, "buiten", "base.group_user")
        for login in ("buiten", None):
            self.authenticate(login, login)
            response = self.url_open(
                f"/klachtenbeheer/register-template/{self.policy.id}", allow_redirects=False
            )
            self.assertIn(response.status_code, (303, 404))
