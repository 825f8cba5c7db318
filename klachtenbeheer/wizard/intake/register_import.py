import base64

from psycopg2 import Error as DatabaseError

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...models.platform.typed import explain_email
from ...tools.sheet import MAX_ROWS, SheetError, parse_date, parse_yes_no, read_rows

MAX_BYTES = 10 * 1024 * 1024
AT_ONCE = 200  # lines for which somebody waits; more of them are long work
# Columns of the sheet in their order: how a cell is read.
COLUMNS = {
    "former_reference": "text",
    "received_on": "date",
    "channel": "selection",
    "kind": "selection",
    "title": "text",
    "description": "text",
    "complainant_name": "text",
    "complainant_email": "email",
    "complainant_phone": "text",
    "complainant_address": "text",
    "is_anonymous": "yes_no",
    "complainant_kind_id": "listed",
    "category_id": "listed",
    "severity": "selection",
    "incident_on": "date",
    "incident_place": "text",
    "respondent_text": "text",
    "desired_solution": "text",
    "verdict": "selection",
    "outcome": "selection",
    "outcome_note": "text",
}
# Dates of what happened: these become events.
PAST = ("acknowledged", "taken_up", "answered", "decided", "closed")
LISTS = {"category_id": "category_ids", "complainant_kind_id": "complainant_kind_ids"}
REQUIRED = ("received_on", "description")


class RegisterImport(models.TransientModel):
    """Take over an existing register from a spreadsheet: all of it, or nothing."""

    _name = "klachtenbeheer.register.import"
    _description = "Import a Register"

    policy_id = fields.Many2one(
        "klachtenbeheer.policy",
        required=True,
        domain=[("state", "=", "published")],
        default=lambda self: self.env["klachtenbeheer.complaint"]._default_policy_id(),
    )
    file = fields.Binary("Spreadsheet", attachment=False)
    file_name = fields.Char()
    state = fields.Selection(
        [("new", "New"), ("wrong", "Not right yet"), ("right", "Checked"), ("done", "Taken over")],
        compute="_compute_state",
        store=True,
        readonly=False,
    )
    line_count = fields.Integer("Complaints", readonly=True)
    open_count = fields.Integer("Still open", readonly=True)
    problem_ids = fields.One2many(
        "klachtenbeheer.register.import.problem", "import_id", readonly=True
    )

    @api.depends("file", "policy_id")
    def _compute_state(self):
        """Another file or policy has to be checked anew."""
        for wizard in self:
            wizard.state = "new"

    # ---------------------------------------------------------------- actions

    def action_check(self):
        """Try everything and keep nothing: says for each line what is wrong with it."""
        self.ensure_one()
        if self._is_long():
            return self._start_work(keep=False)
        self._run(keep=False)
        return self._reopen()

    def action_import(self):
        """Take all complaints over; with one mistake anywhere, none of them."""
        self.ensure_one()
        if self.state == "done":
            return self._open_complaints()
        if self._is_long():
            return self._start_work(keep=True)
        self._run(keep=True)
        return self._open_complaints() if self.state == "done" else self._reopen()

    def action_template(self):
        """The empty spreadsheet for this policy, in the user's language."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/klachtenbeheer/register-template/{self.policy_id.id}",
            "target": "download",
        }

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take over a register"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def _open_complaints(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("klachtenbeheer.complaint_action")
        return action | {"domain": [("is_imported", "=", True)], "context": {}, "target": "main"}

    # ---------------------------------------------------------------- long work

    def _is_long(self):
        self._check_rights()
        return len(self._read_rows()) - 1 > AT_ONCE

    def _start_work(self, *, keep):
        """Check it, or take it over, while the user does something else."""
        worker = self.env["klachtenbeheer.register.work"]
        content = base64.b64decode(self.file)
        arguments = {"policy": self.policy_id.id, "file_name": self.file_name or "", "keep": keep}
        if keep:
            worker._check_not_done(arguments, content)
        name = self.env._("Take over a register") if keep else self.env._("Check a register")
        return self.env["klachtenbeheer.long.work"]._start(
            worker._name, name, arguments, len(self._read_rows()) - 1, content
        )

    # ---------------------------------------------------------------- run

    def _run(self, *, keep):
        self._check_rights()
        lines, problems = self._parse()
        if not problems:
            problems = self._try(lines, keep=keep)
        self.problem_ids.unlink()
        self.problem_ids = [
            fields.Command.create({"line": line, "column": column, "problem": problem})
            for line, column, problem in problems
        ]
        self.line_count = len(lines)
        self.open_count = sum("closed" not in past for _number, _vals, past in lines)
        self.state = "wrong" if problems else ("done" if keep else "right")

    def _check_rights(self):
        if not self.policy_id:
            raise UserError(self.env._("Choose the policy that the complaints fall under."))
        mine = self.env["klachtenbeheer.complaint"]._get_power_policies("assign")
        if self.policy_id.id not in mine and not self.env.su:
            raise AccessError(self.env._("The coordinator takes a register over."))

    def _try(self, lines, *, keep):
        """Create everything inside a savepoint.

        :return: list of (line, column, problem)
        """
        problems = []
        with self.env.cr.savepoint(flush=True) as savepoint:
            try:
                self._take_over(lines)
                self.env.flush_all()
            except (UserError, ValidationError, DatabaseError):
                savepoint.rollback()
                problems = self._find_problems(lines)
            if problems or not keep:
                savepoint.rollback()
                self.env.invalidate_all(flush=False)
        return problems

    def _take_over(self, lines):
        complaints = self.env["klachtenbeheer.complaint"]
        complaints._import_register([(vals, past) for _number, vals, past in lines])

    def _find_problems(self, lines):
        """Which lines can't be taken over, one by one."""
        problems = []
        for line in lines:
            try:
                with self.env.cr.savepoint():
                    self._take_over([line])
            except (UserError, ValidationError) as error:
                problems.append((line[0], False, str(error)))
            except DatabaseError as error:
                problems.append((line[0], False, self._explain_database_error(error)))
        return problems or [
            (False, False, self.env._("The lines contradict one another: check double references."))
        ]

    def _explain_database_error(self, error):
        if error.pgcode == "23505":
            return self.env._("This reference has been taken over already.")
        return self.env._("This line can't be stored; is a value far too long?")

    # ---------------------------------------------------------------- parse

    def _parse(self):
        """The lines of the file.

        :return: list of (line number, values, {event code: date}), and the problems as
            list of (line, column, problem)
        """
        rows = self._read_rows()
        if not rows:
            return [], [(False, False, self.env._("The file is empty."))]
        (_number, header), *body = rows
        columns, problems = self._parse_header(header)
        if not problems and not body:
            problems = [(False, False, self.env._("There are no complaints in the file."))]
        lines, references = [], self._get_known_references(columns, body)
        for number, cells in body if not problems else ():
            vals, past, wrong = self._parse_line(columns, cells)
            wrong += self._check_line(vals, past, references, number) if not wrong else []
            problems += [(number, column, problem) for column, problem in wrong]
            lines.append((number, vals, past))
        return lines, problems

    def _read_rows(self):
        content = base64.b64decode(self.file or b"")
        if not content:
            raise UserError(self.env._("Choose the spreadsheet first."))
        if len(content) > MAX_BYTES:
            raise UserError(self.env._("The file is larger than 10 MB; split it."))
        try:
            return read_rows(content)
        except SheetError as error:
            if str(error) == SheetError.TOO_LONG:
                raise UserError(
                    self.env._("The file has more than %s lines; split it.", MAX_ROWS)
                ) from None
            if str(error) == SheetError.TOO_LARGE:
                raise UserError(
                    self.env._(
                        "There is far more in this file than a register. Copy the lines with"
                        " complaints to an empty file, without formats and other sheets."
                    )
                ) from None
            raise UserError(
                self.env._("This is no spreadsheet that we can read: save it as .xlsx or .csv.")
            ) from None

    def _parse_header(self, header):
        """Columns by their name, in any installed language or as the name of the field.

        :return: list of column keys, and problems
        """
        known = self._get_known_headers()
        columns, problems = [], []
        for cell in header:
            key = known.get(str(cell).casefold())
            if cell and not key:
                problems.append((1, cell, self.env._("This column is not known.")))
            elif key and key in columns:
                problems.append((1, cell, self.env._("This column appears twice.")))
            columns.append(key)
        labels = self._get_headers()
        problems += [
            (1, labels[key], self.env._("This column is missing."))
            for key in REQUIRED
            if key not in columns
        ]
        return columns, problems

    def _get_known_references(self, columns, body):
        """References that were taken over before.

        :return: {reference: False}; where it is on a line of this file, its number
        """
        if "former_reference" not in columns:
            return {}
        place = columns.index("former_reference")
        given = [str(cells[place]) for _number, cells in body if place < len(cells)]
        # a number is taken whoever may see the complaint
        complaints_su = self.env["klachtenbeheer.complaint"].sudo()
        taken = complaints_su.search(
            [
                ("former_reference", "in", given),
                ("company_id", "=", self.policy_id.company_id.id),
            ]
        )
        return dict.fromkeys(taken.mapped("former_reference"), False)

    def _get_known_headers(self):
        known = {key.casefold(): key for key in (*COLUMNS, *PAST)}
        for lang, _name in self.env["res.lang"].get_installed():
            headers = self.with_context(lang=lang)._get_headers()
            known |= {label.casefold(): key for key, label in headers.items()}
        return known

    def _get_headers(self):
        """The columns of the template with their names in the user's language.

        :return: {column key: name}
        """
        complaints = self.env["klachtenbeheer.complaint"]
        labels = {key: complaints._fields[key]._description_string(self.env) for key in COLUMNS}
        event_types = self.env["klachtenbeheer.event.type"].sudo()  # their names are no secret
        # the word for an event, and that its date is asked
        labels |= {
            code: self.env._("Date: %s", event_types._get(code).with_env(self.env).name)
            for code in PAST
        }
        return labels

    def _parse_line(self, columns, cells):
        """One line.

        :return: values, {event code: date}, problems as list of (column name, problem)
        """
        vals, past, problems = {"policy_id": self.policy_id.id}, {}, []
        labels = self._get_headers()
        for key, cell in zip(columns, cells, strict=False):
            if not key or cell == "":
                continue
            try:
                target = past if key in PAST else vals
                target[key] = self._parse_cell(key, cell)
            except ValueError as error:
                problems.append((labels[key], str(error)))
        return vals, past, problems

    def _parse_cell(self, key, cell):
        """The value of a cell.

        :raise ValueError: with what is wrong, in words
        """
        how = "date" if key in PAST else COLUMNS[key]
        return self._get_parsers()[how](key, cell)

    def _get_parsers(self):
        """{how a cell is read: method}, as COLUMNS names them."""
        return {
            "text": self._parse_text,
            "email": self._parse_email,
            "date": self._parse_date,
            "yes_no": self._parse_yes_no,
            "selection": self._parse_selection,
            "listed": self._parse_listed,
        }

    def _parse_text(self, key, cell):
        return str(cell)

    def _parse_email(self, key, cell):
        if problem := explain_email(self.env, str(cell)):
            raise ValueError(problem)
        return str(cell)

    def _parse_date(self, key, cell):
        try:
            day = parse_date(cell)
        except ValueError:
            raise ValueError(self.env._("“%s” is no date. Write it as 31-12-2025.", cell)) from None
        if day > self.env.company._complaint_today():
            raise ValueError(self.env._("%s lies in the future.", cell))
        return day

    def _parse_yes_no(self, key, cell):
        try:
            return parse_yes_no(cell)
        except ValueError:
            raise ValueError(self.env._("“%s” is neither yes nor no.", cell)) from None

    def _parse_selection(self, key, cell):
        choices = self._get_choices(key)
        word = str(cell).casefold()
        if word not in choices:
            raise ValueError(self._explain_choice(cell, self._get_choice_labels(key)))
        return choices[word]

    def _get_choices(self, key):
        """{value or name in any installed language: value} of a selection field."""
        field = self.env["klachtenbeheer.complaint"]._fields[key]
        choices = {}
        for lang, _name in self.env["res.lang"].get_installed():
            env = self.with_context(lang=lang).env
            for value, label in field._description_selection(env):
                choices |= {label.casefold(): value, value.casefold(): value}
        return choices

    def _get_choice_labels(self, key):
        field = self.env["klachtenbeheer.complaint"]._fields[key]
        return [label for _value, label in field._description_selection(self.env)]

    def _parse_listed(self, key, cell):
        lines = self.policy_id[LISTS[key]]
        found = lines.filtered(lambda line: line.name.casefold() == str(cell).casefold())[:1]
        if not found:
            raise ValueError(self._explain_choice(cell, lines.mapped("name")))
        return found.id

    def _explain_choice(self, cell, labels):
        if not labels:
            return self.env._("“%s”: the policy has no list here; leave it empty.", cell)
        return self.env._(
            "“%(cell)s” is not one of: %(choices)s.", cell=cell, choices=", ".join(labels)
        )

    # ---------------------------------------------------------------- check

    def _check_line(self, vals, past, references, number):
        """What is wrong with a line as a whole.

        :param references: {earlier reference: line number} so far
        :return: list of (column name, problem)
        """
        labels = self._get_headers()
        problems = [
            (labels[key], self.env._("This is missing.")) for key in REQUIRED if not vals.get(key)
        ]
        received_on = vals.get("received_on")
        problems += [
            (labels[code], self.env._("Nothing can have happened before receipt."))
            for code, day in past.items()
            if received_on and day < received_on
        ]
        if "closed" in past and past["closed"] < max(past.values()):
            problems.append((labels["closed"], self.env._("Something else happened after this.")))
        if "closed" in past and not vals.get("outcome"):
            problems.append((labels["outcome"], self.env._("A closed complaint has an outcome.")))
        reference = vals.get("former_reference")
        if reference in references:
            problem = self._explain_reference(references[reference])
            problems.append((labels["former_reference"], problem))
        elif reference:
            references[reference] = number
        return problems

    def _explain_reference(self, number):
        if number:
            return self.env._("The same reference is on line %s.", number)
        return self.env._("This reference has been taken over already.")
