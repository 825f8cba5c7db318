import logging
import random
import smtplib
import time

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models, modules
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ...tools import smtp
from ...tools.smtp import ACCEPTED, LATER, REFUSED, UNSURE, Outcome, Watch

_logger = logging.getLogger(__name__)

CONCURRENCY = (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)
TURNS = 6  # how often what a server answered is tried to be put on record
BATCH = 200  # mails of one run
LOCK = 781_009_015  # our own number among the advisory locks of a database


class ChangedMeanwhileError(Exception):
    """The mail was stopped, or its letter was changed, before it left."""


class Delivery(models.Model):
    """Handing our mails over to a mail server, each in transactions of its own, so that what
    the dossier says is what the server answered.

    ========  =========================================  ==================================
    Commit    What it says                               When the process dies after it
    ========  =========================================  ==================================
    queued    the mail waits                             it is offered by the scheduled
                                                         action: nothing had left
    handed    its last part leaves now                   perhaps delivered: a person decides
    settled   what the server answered                   nothing is left to do
    ========  =========================================  ==================================

    The platform sends within one transaction and marks what it could not finish as failed or
    as still to be sent; both may be untrue.
    """

    _inherit = "mail.mail"

    is_complaint_mail = fields.Boolean(readonly=True, help="Sent by the register of complaints.")
    tries = fields.Integer(readonly=True, help="How often it was offered to the mail server.")
    first_try_on = fields.Datetime(readonly=True)
    handed_on = fields.Datetime(
        readonly=True,
        index="btree_not_null",
        help="Since when the mail server has all of it and has not answered.",
    )

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        """Ours one by one; one that goes wrong holds up no other."""
        ours = self.filtered("is_complaint_mail")
        ours_ids = ours.ids
        ours._deliver()
        if post_send_callback and ours_ids:
            post_send_callback(ours_ids)
        others = self - ours
        if others:
            return super(Delivery, others).send(
                auto_commit=auto_commit,
                raise_exception=raise_exception,
                post_send_callback=post_send_callback,
            )
        return True

    def _deliver(self):
        """Offer each to the mail server. Never raises: what could not be done is on record
        and is tried again, and whoever caused the mail is done already."""
        if self.env["ir.mail_server"]._disable_send():
            return
        for mail in self:
            mail._do_apart("_hand_over")

    def _do_apart(self, method):
        if modules.module.current_test:  # as the platform: tests commit nothing
            getattr(self, method)()
        else:
            self._in_own_transaction(method)

    def _in_own_transaction(self, method):
        """Call a method on one mail, unless another process has this mail in hand.

        The lock belongs to a transaction beside the one that works, because that commits on
        its way; it ends with the process, whatever becomes of that.
        """
        registry = Registry(self.env.cr.dbname)
        try:
            with registry.cursor() as guard, registry.cursor() as cr:
                guard.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, self.id))
                if guard.fetchone()[0]:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    getattr(env["mail.mail"].browse(self.id), method)()
        except Exception:
            # whoever asked for this mail has nothing to do with what went wrong here
            _logger.exception("Mail %s was not settled; it is looked at again", self.id)

    # ---------------------------------------------------------------- one try

    def _hand_over(self):
        """Offer this mail to the mail server and put on record what came of it."""
        if not self._may_leave():
            return
        try:
            outcome = self._offer_once()
        except ChangedMeanwhileError:
            self._rollback()
            return
        self._settle(outcome)

    def _may_leave(self):
        """Hook: whether this mail is still to be sent."""
        return bool(self.exists()) and self.state == "outgoing"

    def _offer_once(self):
        """Connect, offer the mail, and hear what the server says.

        :return: Outcome
        :raise ChangedMeanwhileError: it is not to be sent any more
        """
        try:
            server, alias_domain, session = self._connect()
        except psycopg2.Error:
            raise
        # whatever it is, it is not this mail, and it may pass
        except Exception as error:  # noqa: BLE001
            return smtp.unreachable(error)
        watch = Watch(session, self._mark_handed)
        try:
            self._offer(server, alias_domain, session)
        except ChangedMeanwhileError:
            raise
        except Exception as error:
            cause = error.__context__ if isinstance(error, MailDeliveryException) else error
            if isinstance(cause, ChangedMeanwhileError):
                raise cause from error
            return smtp.judge(cause or error, watch.handed)
        finally:
            self._quit(session)
        return Outcome(ACCEPTED)

    def _connect(self):
        servers = self.env["ir.mail_server"]
        server_id, domain_id, smtp_from, _ids = next(iter(self._split_by_mail_configuration()))
        session = servers._connect__(mail_server_id=server_id, smtp_from=smtp_from)
        return servers.browse(server_id), self.env["mail.alias.domain"].browse(domain_id), session

    def _quit(self, session):
        try:
            session.quit()
        except (smtplib.SMTPException, OSError):
            _logger.info("The mail server closed the connection of mail %s", self.id)

    def _offer(self, server, alias_domain, session):
        """Build the message as the platform does, and send it."""
        [email] = self._prepare_outgoing_list(mail_server=server)
        context = {"send_validated_to": email["email_to_normalized"]}
        if alias_domain:
            bounce = email["headers"].get("Return-Path") or alias_domain.bounce_email
            context["domain_notifications_email"] = alias_domain.default_from_email
            context["domain_bounce_address"] = bounce
        servers = self.env["ir.mail_server"].with_context(**context)
        kept = ("email_to", "subject", "body", "body_alternative", "email_cc", "reply_to")
        kept += ("attachments", "message_id", "references", "object_id", "headers")
        message = servers._build_email__(
            email_from=email["email_from"],
            subtype="html",
            subtype_alternative="plain",
            **{key: email[key] for key in kept},
        )
        servers.send_email(message, mail_server_id=server.id, smtp_session=session)

    def _mark_handed(self):
        """Commit that this mail leaves now: from here on only its server knows."""
        try:
            self.write({"state": "exception", "handed_on": fields.Datetime.now()})
            self.env.flush_all()
            self._commit()
        except CONCURRENCY as error:
            raise ChangedMeanwhileError from error

    # ---------------------------------------------------------------- what came of it

    def _settle(self, outcome):
        """Put on record what the server answered.

        The transaction begins after that answer, so that it is as short as can be; what
        somebody else changed meanwhile makes it start again.
        """
        for turn in range(TURNS):
            try:
                self._apply_safely(outcome)
                self._commit()
                return
            except CONCURRENCY:
                if modules.module.current_test:
                    raise
                self._rollback()
                time.sleep(random.uniform(0, 0.1 * 2**turn))
        _logger.error("What became of mail %s could not be put on record", self.id)

    def _apply_safely(self, outcome):
        """What was accepted is accepted, also when what should follow from it can't."""
        try:
            with self.env.cr.savepoint():
                self._apply(outcome)
        except CONCURRENCY:
            raise
        except Exception:
            if outcome.kind != ACCEPTED:
                raise
            _logger.exception("Mail %s was accepted, but not all of what follows", self.id)
            with self.env.cr.savepoint():
                self._do_accept_only()

    def _apply(self, outcome):
        _logger.info("Mail %s: %s %s", self.id, outcome.kind, outcome.why)
        follow = {LATER: self._do_wait, REFUSED: self._do_fail, UNSURE: self._do_doubt}
        if outcome.kind == ACCEPTED:
            self._do_accept()
        else:
            follow[outcome.kind](outcome)

    def _do_accept(self):
        """Hook: the server took it."""
        self.write(
            {"state": "sent", "handed_on": False, "failure_reason": False, "failure_type": False}
        )
        if self.auto_delete:
            self.unlink()

    def _do_accept_only(self):
        """Hook: the server took it, and what follows from that is for a person to do."""
        self.write({"state": "sent", "handed_on": False})

    def _do_wait(self, outcome):
        """Hook: not now; offered again with growing pauses, for a day."""
        now = fields.Datetime.now()
        first, tries = self.first_try_on or now, self.tries + 1
        next_try = smtp.get_next_try(first, tries, now)
        if not next_try:
            self._do_fail(outcome)
            return None
        self.write({"first_try_on": first, "tries": tries, "handed_on": False})
        self.write(
            {
                "state": "outgoing",
                "scheduled_date": next_try,
                "failure_reason": self._describe(outcome),
            }
        )
        self.env.ref("klachtenbeheer.cron_deliver")._trigger(next_try)
        return next_try

    def _do_fail(self, outcome):
        """Hook: it was not delivered, and is not tried again."""
        self.write(
            {
                "state": "exception",
                "handed_on": False,
                "failure_type": "mail_smtp",
                "failure_reason": self._describe(outcome),
            }
        )
        self._postprocess_sent_message([], [], self.failure_reason, "mail_smtp")

    def _do_doubt(self, outcome):
        """Hook: it left, and the server did not answer. It is not sent again by itself."""
        self._do_fail(outcome)

    def _describe(self, outcome):
        """Why a mail was not accepted, as a sentence, and what the server itself said."""
        sentence = {
            smtp.SAID_NO: self.env._("The mail server refused it."),
            smtp.SAID_LATER: self.env._("The mail server does not take it now."),
            smtp.DISCONNECTED: self.env._("The mail server broke off the connection."),
            smtp.SILENT: self.env._("The mail server did not answer in time."),
            smtp.UNREACHABLE: self.env._("The mail server can't be reached."),
            smtp.WRONG: self.env._("The mail could not be made or addressed."),
        }[outcome.why]
        # how a lost connection is called by a program helps nobody
        spoken = outcome.why in (smtp.SAID_NO, smtp.SAID_LATER, smtp.WRONG)
        if not (spoken and outcome.answer):
            return sentence
        return self.env._(
            "%(sentence)s It said: %(answer)s", sentence=sentence, answer=outcome.answer
        )

    def _commit(self):
        if not modules.module.current_test:
            # what this says has to be true whatever happens next
            self.env.cr.commit()  # pylint: disable=invalid-commit

    def _rollback(self):
        if not modules.module.current_test:
            self.env.cr.rollback()

    # ---------------------------------------------------------------- scheduled action

    @api.model
    def _cron_deliver(self):
        """Entry point of the scheduled action."""
        done = self._deliver_waiting()
        self.env["ir.cron"]._commit_progress(done, remaining=int(done == BATCH))

    @api.model
    def _deliver_waiting(self):
        """Send what waits, and find what was left behind by a process that died.

        :return: how many were offered, at most BATCH
        """
        for mail in self.search([("handed_on", "!=", False), ("state", "=", "exception")]):
            mail._do_apart("_look_after")
        now = fields.Datetime.now()
        due = Domain("scheduled_date", "=", False) | Domain("scheduled_date", "<=", now)
        waiting = Domain("is_complaint_mail", "=", True) & Domain("state", "=", "outgoing") & due
        mails = self.search(waiting, limit=BATCH, order="id")
        mails._deliver()
        self._check_letters()
        self.env["ir.actions.report"]._tell_administrators()
        return len(mails)

    def _look_after(self):
        """Nobody has this mail in hand, and nobody put on record what came of it."""
        self.invalidate_recordset()
        if self.exists() and self.handed_on and self.state == "exception":
            self._settle(Outcome(UNSURE, smtp.DISCONNECTED))

    @api.model
    def _check_letters(self):
        """Hook: find letters whose mail says something else."""
