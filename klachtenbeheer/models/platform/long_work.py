import hashlib
import json
import logging

from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import UserError

from .delivery import CONCURRENCY

_logger = logging.getLogger(__name__)

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
UNFINISHED = (WAITING, RUNNING)
MOST_TRIES = 5  # of a batch during which the server stopped each time
MOST_PROBLEMS = 500  # that are shown; nobody reads more of them
KEPT_DAYS = 7
# What of the context of a request the work goes on with.
CONTEXT = ("lang", "tz", "allowed_company_ids")


class LongWork(models.Model):
    """Work that takes longer than somebody waits for a page: it goes on by itself, shows how far
    it is, and is there with its result when its owner comes back.

    ==========  ==================  ==========================================================
    Action      Who                 Condition
    ==========  ==================  ==========================================================
    start       code only           `_start`, on behalf of the user
    work off    scheduled action    with the rights of the owner, in batches that are committed
    read        owner               nobody else (record rule)
    try again   owner               failed; goes on where it stopped
    forget      the system          a week after it ended
    ==========  ==================  ==========================================================

    What the kinds are is written where they belong: models that inherit
    `klachtenbeheer.long.worker`. Nobody has the right to make or change work: which model and
    whose rights it names is decided by our code.
    """

    _name = "klachtenbeheer.long.work"
    _description = "Long Work"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char("What", required=True, readonly=True)
    worker = fields.Char(required=True, readonly=True)
    arguments = fields.Json(readonly=True)
    context = fields.Json(readonly=True)
    fingerprint = fields.Char(readonly=True, help="Of what was asked, to start it only once.")
    user_id = fields.Many2one(
        "res.users", "Asked by", required=True, readonly=True, ondelete="cascade", index=True
    )
    state = fields.Selection(
        [(WAITING, "Waiting"), (RUNNING, "Going on"), (DONE, "Done"), (FAILED, "Failed")],
        default=WAITING,
        required=True,
        readonly=True,
        index=True,
    )
    total = fields.Integer("Of", readonly=True)
    done = fields.Integer("How far", readonly=True)
    tries = fields.Integer(readonly=True, help="Begun since something was finished.")
    problems = fields.Json(readonly=True)
    problem_text = fields.Text("What could not be done", compute="_compute_problem_text")
    result = fields.Json(readonly=True)
    explanation = fields.Char(compute="_compute_explanation")
    failure = fields.Char("Why it failed", readonly=True)
    ended_on = fields.Datetime(readonly=True, index=True)

    _once_uniq = models.UniqueIndex(
        "(fingerprint) WHERE state IN ('waiting', 'running')", "This is being done already."
    )

    # ---------------------------------------------------------------- compute

    @api.depends("problems")
    def _compute_problem_text(self):
        for work in self:
            problems = work.problems or []
            lines = [
                ": ".join(filter(None, (problem["place"], problem["text"]))) for problem in problems
            ]
            work.problem_text = "\n".join(lines) or False

    @api.depends("state", "done", "total", "result", "problems")
    def _compute_explanation(self):
        for work in self:
            work.explanation = work._explain()

    def _explain(self):
        """How it stands, in a sentence."""
        if self.state == DONE:
            return self.env[self.worker]._describe_result(self.sudo())  # its own result
        if self.state == FAILED:
            return self.env._(
                "It stopped at %(done)s of %(total)s. What was done, stays.",
                done=self.done,
                total=self.total,
            )
        return self.env._(
            "%(done)s of %(total)s. You can close this: it goes on, and you get a task when it is"
            " done.",
            done=self.done,
            total=self.total,
        )

    # ---------------------------------------------------------------- start

    @api.model
    def _start(self, worker, name, arguments, total, file=None):
        """Begin long work for the user.

        :param worker: name of a model that inherits `klachtenbeheer.long.worker`
        :param name: what is done, as its owner reads it
        :param arguments: values that JSON can hold; no content of a dossier
        :param total: how many pieces there are, as far as is known
        :param file: bytes to work on; they go when the work is forgotten
        :return: the action that shows how far it is
        :raises UserError: the same is being done already
        """
        vals = {
            "name": name,
            "worker": worker,
            "arguments": arguments,
            "context": {key: self.env.context.get(key) for key in CONTEXT},
            "fingerprint": self._get_fingerprint(worker, arguments, file),
            "user_id": self.env.uid,
            "total": total,
        }
        try:
            with self.env.cr.savepoint():
                # made by our code only; nothing of it is worth a message
                work_su = self.sudo().with_context(tracking_disable=True).create(vals)
        except UniqueViolation:
            raise UserError(self.env._("This is being done already.")) from None
        if file:
            work_su._keep_file(file)
        self.env.ref("klachtenbeheer.cron_long_work").sudo()._trigger()
        return work_su.with_env(self.env)._show()

    @api.model
    def _find_done(self, worker, arguments, file):
        """Work of the user on the same that was done, as the system; the newest first."""
        fingerprint = self._get_fingerprint(worker, arguments, file)
        return self.sudo().search([("fingerprint", "=", fingerprint), ("state", "=", DONE)])

    @api.model
    def _get_fingerprint(self, worker, arguments, file):
        """The same for the same work of the same user."""
        asked = json.dumps([worker, self.env.uid, arguments], sort_keys=True).encode()
        return hashlib.sha256(asked + b"\0" + (file or b"")).hexdigest()

    def _keep_file(self, content):
        self.env["ir.attachment"].create(
            {"name": self.name, "raw": content, "res_model": self._name, "res_id": self.id}
        )

    def _find_files(self):
        domain = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        return self.env["ir.attachment"].search(domain)

    def _get_file(self):
        """The bytes that the work is about, empty when they are gone."""
        return self._find_files()[:1].raw or b""

    def _show(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    # ---------------------------------------------------------------- actions

    def action_open_result(self):
        """Show what came of it; the task that told of it is done."""
        self.ensure_one()
        self.check_access("read")
        if self.state != DONE:
            raise UserError(self.env._("This is not done yet."))
        self.sudo().activity_ids.unlink()  # of the owner, who is looking
        return self.env[self.worker]._get_result_action(self.sudo())

    def action_retry(self):
        """Go on where it stopped."""
        self.ensure_one()
        self.check_access("read")
        if self.state != FAILED:
            raise UserError(self.env._("This did not fail."))
        work_su = self.sudo()  # the owner may, see the rule
        work_su.activity_ids.unlink()
        work_su.write({"state": WAITING, "failure": False, "tries": 0, "ended_on": False})
        self.env.ref("klachtenbeheer.cron_long_work").sudo()._trigger()
        return self._show()

    # ---------------------------------------------------------------- work off

    @api.model
    def _cron_run(self):
        """Entry point of the scheduled action: of all that waits a batch in turn, so that a short
        piece of work does not wait for a long one."""
        pieces = {}  # what a work consists of is looked up once
        while works := self.search([("state", "in", UNFINISHED)], order="id"):
            for work in works:
                if not work._work_off(pieces):
                    return  # the platform comes back

    def _work_off(self, pieces):
        """Do a batch of one work.

        :param pieces: {id: list} of what was looked up
        :return: seconds that are left
        """
        # on record before it begins: what stops the server is not tried for ever
        self.write({"tries": self.tries + 1, "state": RUNNING})
        self.env["ir.cron"]._commit_progress(0, remaining=1)
        before = self.done
        try:
            if self.tries > MOST_TRIES:
                raise UserError(self.env._("The server stopped each time when it came to this."))
            with self.env.cr.savepoint():
                self._do_batch(pieces)
        except CONCURRENCY:
            _logger.info("Long work %s: somebody was quicker, again", self.id)
            self.tries -= 1  # nothing stopped the server
            self.env["ir.cron"]._commit_progress(0, remaining=1)
            return 0
        except Exception as error:  # noqa: BLE001 - whatever it is, its owner is told
            self._fail(error)
        remaining = self.search_count([("state", "in", UNFINISHED)], limit=1)
        return self.env["ir.cron"]._commit_progress(self.done - before, remaining=remaining)

    def _do_batch(self, pieces):
        worker = self._get_worker()
        if self.id not in pieces:
            pieces[self.id] = worker._get_pieces(self)
            self.total = len(pieces[self.id])
        batch = pieces[self.id][self.done : self.done + worker._pieces_at_once]
        if batch:
            worker._do_pieces(self, batch)
        self.write({"done": self.done + len(batch), "tries": 0})
        if self.done >= self.total:
            worker._finish(self)
            self._end(DONE)

    def _get_worker(self):
        """What does the work, with the rights of who asked for it and in their language."""
        if not self.user_id.active:
            raise UserError(self.env._("Whoever asked for this has no account any more."))
        context = {key: value for key, value in (self.context or {}).items() if value}
        return self.env(user=self.user_id.id, su=False, context=context)[self.worker]

    # ---------------------------------------------------------------- notes of a worker

    def _note_problem(self, place, text, **more):
        """Something that could not be done, where and why; more is for the worker itself."""
        if len(self.problems or []) < MOST_PROBLEMS:
            self.problems = [*(self.problems or []), {"place": place, "text": text, **more}]

    def _note_result(self, *found):
        """What came of it: values that JSON can hold, in their order."""
        self.result = [*(self.result or []), *found]

    # ---------------------------------------------------------------- end

    def _fail(self, error):
        work = self.with_context(lang=(self.context or {}).get("lang"))
        if isinstance(error, UserError):
            failure = error.args[0]
        else:
            _logger.error("Long work %s failed", self.id, exc_info=error)
            failure = work.env._(
                "Something went wrong that is no mistake of yours. Try again, or ask the"
                " administrator to look in the log of the server."
            )
        self.failure = failure
        self._end(FAILED)

    def _end(self, state):
        self.write({"state": state, "ended_on": fields.Datetime.now()})
        work = self.with_context(lang=(self.context or {}).get("lang"))
        summary = (
            work.env._("Done: %s", self.name)
            if state == DONE
            else work.env._("Did not succeed: %s", self.name)
        )
        owner = self.user_id
        # in their own name: nobody is mailed about their own task
        self.with_user(owner).sudo().activity_schedule(
            "mail.mail_activity_data_todo", summary=summary, user_id=owner.id
        )
        kind = "success" if state == DONE else "warning"
        owner._bus_send(
            "simple_notification", {"type": kind, "message": summary, "sticky": state == FAILED}
        )

    @api.autovacuum
    def _forget_old(self):
        """Results are links to what is kept elsewhere; the file that was worked on goes too."""
        before = fields.Datetime.now() - relativedelta(days=KEPT_DAYS)
        self.search([("ended_on", "<", before)]).unlink()
