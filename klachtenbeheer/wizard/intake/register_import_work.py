import base64

from psycopg2 import Error as DatabaseError

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from ...models.platform.delivery import CONCURRENCY

CHECK, KEEP = "check", "keep"


class RegisterWork(models.AbstractModel):
    """A register of thousands of lines: first every line is tried and nothing kept; with one
    mistake anywhere nothing is taken over. Then all are, a batch at a time.

    A line that only became wrong between the two (its reference was taken meanwhile) is named,
    and the others stay.
    """

    _name = "klachtenbeheer.register.work"
    _description = "Taking Over of a Large Register"
    _inherit = ["klachtenbeheer.long.worker"]

    _pieces_at_once = 50

    # ---------------------------------------------------------------- start

    def _check_not_done(self, arguments, content):
        """The same file a second time would register the same complaints twice."""
        done = self.env["klachtenbeheer.long.work"]._find_done(self._name, arguments, content)
        if any(work.result for work in done):
            raise UserError(self.env._("This file was taken over already."))

    def _was_checked(self, work):
        """Whether the same file was found right on the same day."""
        arguments = {**work.arguments, "keep": False}
        works = self.env["klachtenbeheer.long.work"]
        checks = works._find_done(self._name, arguments, work._get_file())
        return any(
            not check.problems and check.ended_on.date() == fields.Date.today() for check in checks
        )

    def _make_wizard(self, work):
        file = base64.b64encode(work._get_file())
        wizard = self.env["klachtenbeheer.register.import"].create(
            {
                "policy_id": work.arguments["policy"],
                "file": file,
                "file_name": work.arguments["file_name"],
            }
        )
        wizard._check_rights()
        return wizard

    # ---------------------------------------------------------------- pieces

    def _get_pieces(self, work):
        wizard = self._make_wizard(work)
        lines, problems = wizard._parse()
        if work.done:
            self._check_still_right(wizard, problems)
        elif problems:
            self._note_problems(work, problems)
            return []
        if not work.done:
            # decided once: what follows goes on from there
            work.arguments = {**work.arguments, "checked": self._was_checked(work)}
        checked = work.arguments["keep"] and work.arguments.get("checked")
        steps = [] if checked else [CHECK]
        steps += [KEEP] if work.arguments["keep"] else []
        return [(step, line) for step in steps for line in lines]

    def _check_still_right(self, wizard, problems):
        """Halfway, references are known because this work took them over; anything else means
        that the policy changed meanwhile."""
        known = wizard._get_headers()["former_reference"]
        for line, column, problem in problems:
            if column != known:
                raise UserError(": ".join(filter(None, (self._get_place(line, column), problem))))

    def _do_pieces(self, work, pieces):
        wizard = self.env["klachtenbeheer.register.import"]
        checked = [line for step, line in pieces if step == CHECK]
        kept = [line for step, line in pieces if step == KEEP]
        if checked:
            self._note_problems(work, wizard._try(checked, keep=False))
            if not work.arguments["keep"]:
                work._note_result(self._count_open(checked))
        # before anything was kept, problems are those of the check
        if kept and (work.result or not work.problems):
            work._note_result(self._take_over(work, wizard, kept))

    def _take_over(self, work, wizard, lines):
        """Keep a batch of lines; those that are not right any more are named.

        :return: how many were taken over
        """
        try:
            with self.env.cr.savepoint():
                wizard._take_over(lines)
            return len(lines)
        except CONCURRENCY:
            raise
        except (UserError, ValidationError, DatabaseError):
            return sum(self._take_over_one(work, wizard, line) for line in lines)

    def _take_over_one(self, work, wizard, line):
        try:
            with self.env.cr.savepoint():
                wizard._take_over([line])
        except (UserError, ValidationError) as error:
            self._note_problems(work, [(line[0], False, str(error))])
            return 0
        except CONCURRENCY:
            raise
        except DatabaseError as error:
            problem = wizard._explain_database_error(error)
            self._note_problems(work, [(line[0], False, problem)])
            return 0
        return 1

    def _finish(self, work):
        """The complaints are in the register now: the file is not kept beside it."""
        if work.arguments["keep"] and work.result:
            arguments = {**work.arguments, "keep": False}
            del arguments["checked"]
            works = work._find_done(self._name, arguments, work._get_file())
            (work | works)._find_files().unlink()

    # ---------------------------------------------------------------- result

    def _get_place(self, line, column):
        place = self.env._("line %s", line) if line else ""
        return ", ".join(filter(None, (place, column)))

    def _note_problems(self, work, problems):
        for line, column, text in problems:
            place = self._get_place(line, column)
            work._note_problem(place, text, line=line or 0, column=column or "")

    def _count_open(self, lines):
        return sum("closed" not in past for _number, _vals, past in lines)

    def _describe_result(self, work):
        taken = sum(work.result or [])
        if work.arguments["keep"] and work.result:
            return self.env._("%s complaints were taken over.", taken)
        if work.problems:
            return self.env._("It is not right yet. Nothing was taken over.")
        return self.env._("Everything is right. Nothing was taken over yet.")

    def _get_result_action(self, work):
        """The complaints, or the dialog with what the check says, to go on from there."""
        if work.arguments["keep"] and work.result:
            return self.env["klachtenbeheer.register.import"]._open_complaints()
        wizard = self._make_wizard(work)
        wizard.write(
            {
                "state": "wrong" if work.problems else "right",
                "line_count": work.total,
                "open_count": sum(work.result or []),
                "problem_ids": [
                    fields.Command.create(
                        {
                            "line": problem["line"],
                            "column": problem["column"],
                            "problem": problem["text"],
                        }
                    )
                    for problem in work.problems or []
                ],
            }
        )
        return wizard._reopen()
