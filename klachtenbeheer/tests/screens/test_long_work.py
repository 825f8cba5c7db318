from contextlib import contextmanager
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.platform import long_work
from ...models.screens import letter_work
from ...wizard.intake import register_import
from ...wizard.reports import report_making
from ..intake.test_register_import import CLOSED, OPEN, make_file
from ..support.common import ComplaintCase, local_noon
from ..support.letter_common import LetterCase
from ..support.report_common import ReportCase

WORKS = "klachtenbeheer.long.work"
ACCESS_LOGGERS = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")


class Killed(BaseException):
    """The server is gone: no program catches this."""


class LongWorkCase:
    """What all long work has in common; mixed into a case with users."""

    def find_work(self):
        return self.env[WORKS].search([], limit=1)

    def run_cron(self):
        """The scheduled action, by the account that runs it."""
        self.env.flush_all()
        works = self.env[WORKS].with_user(self.env.ref("base.user_root"))
        works.with_context(lang=None)._cron_run()
        self.env.invalidate_all()

    def setUp(self):
        super().setUp()
        # nothing is committed while a test runs
        cron = type(self.env["ir.cron"])
        self.startPatcher(patch.object(cron, "_commit_progress", lambda *_a, **_k: 1))

    @contextmanager
    def killed_in_batch(self, worker, number):
        """The server stops after a batch was done and before that was committed."""
        model = type(self.env[worker])
        do_pieces, batches = model._do_pieces, []

        def do_pieces_and_stop(records, work, pieces):
            batches.append(pieces)
            do_pieces(records, work, pieces)
            if len(batches) == number:
                raise Killed

        with patch.object(model, "_do_pieces", do_pieces_and_stop):
            try:
                yield
            except Killed:
                self.env.invalidate_all(flush=False)


@tagged("post_install", "-at_install")
class TestLongLetters(LongWorkCase, LetterCase):
    """Many letters are printed or sent while their user does something else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.publish_source("ba")
        cls.complaints = cls.env["klachtenbeheer.complaint"].union(
            *(cls.file_letter_complaint(place) for place in range(4))
        )

    @classmethod
    def file_letter_complaint(cls, place):
        return cls.file_under(
            cls.policy,
            complainant_name=f"Klager {place}",
            complainant_email=f"klager{place}@example.com",
            complainant_address="Dorpsstraat 2\n7411 AB Deventer",
            summary="De bus kwam niet.",
        )

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(letter_work, "AT_ONCE", 1))
        worker = type(self.env["klachtenbeheer.long.worker"])
        self.startPatcher(patch.object(worker, "_pieces_at_once", 2))

    def write_letters(self, delivery="post"):
        letters = self.env["klachtenbeheer.letter"]
        for complaint in self.complaints:
            letters |= self.prepare(complaint, "acknowledgement", delivery=delivery)
        return letters.with_user(self.users["handler"])

    def test_printing_makes_each_letter_once_and_one_pdf_of_all(self):
        letters = self.write_letters()
        action = letters.action_print_for_post()
        self.assertEqual((action["res_model"], action["target"]), (WORKS, "new"))
        self.assertFalse(letters.attachment_id, "nothing happens while the user waits")
        self.run_cron()
        work = self.find_work().with_user(self.users["handler"])
        self.assertEqual((work.state, work.done, work.total), ("done", 4, 4))
        self.assertFalse(work.problem_text)
        self.assertEqual(letters.mapped("state"), ["ready"] * 4)
        url = work.action_open_result()["url"]
        self.assertEqual(url.rpartition("/")[2], ",".join(map(str, letters.ids)))

    def test_printed_letters_are_put_on_record_as_posted(self):
        letters = self.write_letters()
        letters.action_print_for_post()
        self.run_cron()
        letters.action_post_selected()
        self.run_cron()
        self.assertEqual(letters.mapped("state"), ["sent"] * 4)
        action = self.find_work().with_user(self.users["handler"]).action_open_result()
        self.assertEqual(action["domain"], [("id", "in", letters.ids)])

    def test_killed_halfway_it_goes_on_and_prints_nothing_twice(self):
        letters = self.write_letters()
        letters.action_print_for_post()
        with self.killed_in_batch("klachtenbeheer.letter.printing", 2):
            self.run_cron()
        work = self.find_work()
        self.assertEqual((work.state, work.done), ("running", 2))
        before = letters.attachment_id
        self.assertEqual(len(before), 2, "the second batch was not committed")
        self.run_cron()
        self.assertEqual((work.state, work.done), ("done", 4))
        self.assertEqual(work.result, letters.ids)
        self.assertEqual(len(letters.attachment_id), 4)
        self.assertLess(before, letters.attachment_id)

    def test_sending_sends_each_letter_once_also_when_killed(self):
        letters = self.write_letters(delivery="email")
        with self.mail_server():
            letters.action_send_prepared()
            with self.killed_in_batch("klachtenbeheer.letter.dispatch", 2):
                self.run_cron()
            self.run_cron()
        self.assertEqual(letters.mapped("state"), ["sent"] * 4)
        for complaint in self.complaints:
            codes = complaint.event_ids.filtered(lambda event: not event.voided).mapped("code")
            self.assertEqual(codes.count("acknowledged"), 1)

    def test_what_can_not_be_done_is_said_and_the_rest_is_done(self):
        letters = self.write_letters()
        letters[1].addressee_address = False
        letters.action_print_for_post()
        self.run_cron()
        work = self.find_work()
        self.assertEqual((work.state, work.done), ("done", 4))
        self.assertIn(letters[1].complaint_id.name, work.problem_text)
        self.assertNotIn("Traceback", work.problem_text)
        self.assertEqual(work.result, (letters - letters[1]).ids)

    def test_nothing_is_done_that_the_user_may_not(self):
        """Rights are those of the user when it is done, not when it was asked."""
        letters = self.write_letters()
        letters.action_print_for_post()
        letters[0].complaint_id.sudo().respondent_ids = self.users["handler"].partner_id
        self.run_cron()
        self.assertFalse(letters[0].sudo().attachment_id)
        self.assertEqual(self.find_work().result, letters[1:].ids)

    def test_the_result_is_read_with_the_rights_of_that_moment(self):
        letters = self.write_letters()
        letters.action_print_for_post()
        self.run_cron()
        letters[0].complaint_id.sudo().respondent_ids = self.users["handler"].partner_id
        self.env.flush_all()
        url = self.find_work().with_user(self.users["handler"]).action_open_result()["url"]
        self.assertEqual(url.rpartition("/")[2], ",".join(map(str, letters[1:].ids)))

    @mute_logger(*ACCESS_LOGGERS)
    def test_nobody_else_reads_it_and_nobody_makes_or_changes_it(self):
        self.write_letters().action_print_for_post()
        work = self.find_work()
        for role, user in self.users.items():
            theirs = work.with_user(user)
            self.assertEqual(bool(theirs.search([])), role == "handler", role)
            if role != "handler":
                for action in (theirs.action_open_result, theirs.action_retry):
                    with self.assertRaises(AccessError, msg=role):
                        action()
                with self.assertRaises(AccessError, msg=role):
                    theirs.read(["name"])
            with self.assertRaises(AccessError, msg=role):
                theirs.create({"name": "x", "worker": "res.users", "user_id": user.id})
            with self.assertRaises(AccessError, msg=role):
                theirs.write({"user_id": user.id})
            with self.assertRaises(AccessError, msg=role):
                theirs.unlink()

    def test_the_same_is_not_begun_twice(self):
        letters = self.write_letters()
        letters.action_print_for_post()
        with self.assertRaises(UserError) as caught, mute_logger("odoo.sql_db"):
            letters.action_print_for_post()
        self.assertIn("being done already", str(caught.exception))

    def test_its_owner_gets_a_task_that_leads_to_it(self):
        self.write_letters().action_print_for_post()
        mails = self.env["mail.mail"].search_count([])
        self.run_cron()
        work = self.find_work()
        self.assertEqual(work.activity_ids.user_id, self.users["handler"])
        self.assertIn("Done", work.activity_ids.summary)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        work.with_user(self.users["handler"]).action_open_result()
        self.assertFalse(work.activity_ids)

    @mute_logger(long_work.__name__)
    def test_what_goes_wrong_is_told_in_a_sentence_and_can_be_tried_again(self):
        letters = self.write_letters()
        letters.action_print_for_post()
        broken = patch.object(
            type(letters), "_print_for_post", side_effect=ZeroDivisionError("division by zero")
        )
        with broken:
            self.run_cron()
        work = self.find_work().with_user(self.users["handler"])
        self.assertEqual((work.state, work.done), ("failed", 0))
        self.assertIn("no mistake of yours", work.failure)
        self.assertNotIn("zero", work.failure)
        work.action_retry()
        self.run_cron()
        self.assertEqual((work.state, work.done), ("done", 4))

    def test_what_stops_the_server_each_time_is_not_tried_for_ever(self):
        self.write_letters().action_print_for_post()
        work = self.find_work()
        for _time in range(long_work.MOST_TRIES):
            with self.killed_in_batch("klachtenbeheer.letter.printing", 1):
                self.run_cron()
            self.assertEqual(work.state, "running")
        self.run_cron()
        self.assertEqual(work.state, "failed")
        self.assertIn("stopped each time", work.failure)

    def test_few_letters_are_printed_at_once(self):
        letters = self.write_letters()[:1]
        action = letters.action_print_for_post()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertTrue(letters.attachment_id)
        self.assertFalse(self.find_work())

    def test_it_is_forgotten_after_a_week(self):
        self.write_letters().action_print_for_post()
        self.run_cron()
        work = self.find_work()
        work._keep_file(b"regels")
        files = work._find_files()
        self.env[WORKS]._forget_old()
        self.assertTrue(work.exists())
        work.ended_on = fields.Datetime.subtract(fields.Datetime.now(), days=8)
        self.env[WORKS]._forget_old()
        self.assertFalse((work | self.find_work()).exists())
        self.assertFalse(files.exists())

    def test_it_goes_on_in_the_language_of_its_owner(self):
        self.users["handler"].lang = "nl_NL"
        letters = self.write_letters().with_context(lang="nl_NL")
        letters.action_print_for_post()
        work = self.find_work()
        worker = work._get_worker()
        self.assertEqual((worker.env.lang, worker.env.uid), ("nl_NL", self.users["handler"].id))
        self.assertFalse(worker.env.su)


@tagged("post_install", "-at_install")
class TestLongRegister(LongWorkCase, ComplaintCase):
    """A register of thousands of lines: all that is right, or nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["klachtenbeheer.policy"].search([("code", "=", "proef")]).action_retire()
        cls.policy = cls.make_policy(code="vol", category_ids=[(0, 0, {"name": "Vervoer"})])

    def setUp(self):
        super().setUp()
        self.enterContext(local_noon("2026-03-04"))
        self.startPatcher(patch.object(register_import, "AT_ONCE", 1))
        worker = type(self.env["klachtenbeheer.register.work"])
        self.startPatcher(patch.object(worker, "_pieces_at_once", 2))

    def start(self, *rows):
        wizards = self.env["klachtenbeheer.register.import"].with_user(self.users["coordinator"])
        return wizards.create({"policy_id": self.policy.id, "file": make_file(*rows)})

    def make_rows(self, number):
        return [[f"R-{place}", *OPEN[1:]] for place in range(number)]

    def find_imported(self):
        return self.env["klachtenbeheer.complaint"].search([("is_imported", "=", True)], order="id")

    def open_result(self):
        work = self.find_work().with_user(self.users["coordinator"])
        action = work.action_open_result()
        return self.env[action["res_model"]].with_user(work.env.uid).browse(action.get("res_id"))

    def test_a_check_comes_back_as_the_dialog_and_keeps_nothing(self):
        action = self.start(CLOSED, *self.make_rows(3)).action_check()
        self.assertEqual(action["res_model"], WORKS)
        self.run_cron()
        self.assertFalse(self.find_work().problem_text)
        wizard = self.open_result()
        self.assertEqual((wizard.state, wizard.line_count, wizard.open_count), ("right", 4, 3))
        self.assertFalse(self.find_imported())
        self.assertTrue(wizard.file)

    def test_from_check_to_taking_over(self):
        self.start(CLOSED, *self.make_rows(4)).action_check()
        self.run_cron()
        self.open_result().action_import()
        self.run_cron()
        self.assertEqual(len(self.find_imported()), 5)
        self.assertEqual(self.find_work().result, [2, 2, 1])
        self.assertFalse(self.find_work()._find_files(), "the lines are in the register now")
        self.assertEqual(self.find_imported()[0].former_reference, "K-1")

    def test_one_mistake_anywhere_means_that_nothing_is_taken_over(self):
        wrong = ["K-9", "31-02-2025", "Iets", *OPEN[3:]]
        self.start(*self.make_rows(4), wrong).action_import()
        self.run_cron()
        self.assertFalse(self.find_imported())
        work = self.find_work()
        self.assertIn("31-02-2025", work.problem_text)
        wizard = self.open_result()
        self.assertEqual((wizard.state, wizard.problem_ids.line), ("wrong", 6))

    def test_a_mistake_that_only_trying_shows_keeps_everything_out(self):
        model = type(self.env["klachtenbeheer.complaint"])
        take_over = model._import_register

        def refuse_one(records, lines):
            if any(vals["former_reference"] == "R-3" for vals, _past in lines):
                raise UserError("Dit kan niet.")
            return take_over(records, lines)

        self.start(*self.make_rows(5)).action_import()
        with patch.object(model, "_import_register", refuse_one):
            self.run_cron()
        self.assertFalse(self.find_imported())
        self.assertEqual(self.find_work().problem_text, "line 5: Dit kan niet.")

    def test_killed_halfway_no_line_is_taken_over_twice_or_missed(self):
        self.start(*self.make_rows(5)).action_import()
        # three batches of checking, with the last line of it the first that is kept
        with self.killed_in_batch("klachtenbeheer.register.work", 4):
            self.run_cron()
        kept = len(self.find_imported())
        self.assertEqual((kept, self.find_work().state), (1, "running"))
        self.run_cron()
        references = self.find_imported().mapped("former_reference")
        self.assertEqual(references, [f"R-{place}" for place in range(5)])
        self.assertEqual(self.find_work().state, "done")
        self.assertFalse(self.find_work().problem_text)

    def test_the_same_file_is_not_taken_over_twice(self):
        """Without references nothing else would notice."""
        file = make_file(*([["", *row[1:]] for row in self.make_rows(3)]))
        values = {"policy_id": self.policy.id, "file": file}
        wizards = self.env["klachtenbeheer.register.import"].with_user(self.users["coordinator"])
        wizards.create(values).action_import()
        self.run_cron()
        with self.assertRaises(UserError) as caught:
            wizards.create(values).action_import()
        self.assertIn("already", str(caught.exception))
        self.assertEqual(len(self.find_imported()), 3)

    @mute_logger(*ACCESS_LOGGERS)
    def test_only_the_coordinator_begins(self):
        wizards = self.env["klachtenbeheer.register.import"].with_user(self.users["handler"])
        with self.assertRaises(AccessError):
            wizards.create(
                {"policy_id": self.policy.id, "file": make_file(*self.make_rows(3))}
            ).action_import()
        self.assertFalse(self.find_work())


@tagged("post_install", "-at_install")
class TestLongReports(LongWorkCase, ReportCase):
    """The reports of years are made together, each once."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.object(report_making, "AT_ONCE", 1))

    def start(self, role="coordinator"):
        dialogs = self.env["klachtenbeheer.report.making"].with_user(self.users[role])
        policy = self.policies["sj"]
        values = {"date_from": "2025-01-01", "date_to": "2025-12-31"}
        return dialogs.create({**values, "policy_ids": [fields.Command.set(policy.ids)]})

    def made(self):
        return self.env["klachtenbeheer.report"].search([("company_id", "=", self.company.id)])

    def test_all_that_the_policy_asks_is_made_once(self):
        with local_noon("2026-03-02"):
            self.fill_register(subjects={"2025-01": (8, 4, 1)})
            self.start().action_make()
            self.assertFalse(self.made())
            with self.killed_in_batch("klachtenbeheer.report.work", 3):
                self.run_cron()
            self.assertEqual(len(self.made()), 2)
            self.run_cron()
            found = self.made()
            work = self.find_work()
            self.assertEqual((work.state, work.result), ("done", found.sorted("id").ids))
            self.assertEqual(
                sorted(found.mapped("kind")),
                [
                    "annual_handling",
                    *["board_half_year"] * 2,
                    *["measures_overview"] * 2,
                    "policy_evaluation",
                    *["recommendations"] * 2,
                ],
            )
            self.assertEqual(found.made_by_id, self.users["coordinator"])
            with self.assertRaises(UserError):
                self.start().action_make()
