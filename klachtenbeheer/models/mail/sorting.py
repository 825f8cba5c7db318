import base64
import logging
from collections import namedtuple
from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import formataddr

from ...tools import incoming
from .incoming import (
    AUTO_REPLY,
    AUTOMATIC,
    BARRED,
    BOUNCE,
    BULK,
    BUSY,
    COMPLAINT,
    DISCARDED,
    DUPLICATE,
    EMPTY,
    ENCRYPTED,
    ERROR,
    FLOOD,
    FOLLOW_UP,
    FORGED,
    LOOP,
    MEETING,
    NO_POLICY,
    NO_SENDER,
    PREVIEW,
    QUEUE,
    RECEIPT,
    STRANGER,
    UNADDRESSED,
    UNPROVEN,
)

_logger = logging.getLogger(__name__)

FOLLOW_UP_MINUTES = 30
CONCURRENCY = (ConcurrencyError, psycopg2.OperationalError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)
SURE = {
    incoming.AUTO_REPLY: AUTO_REPLY,
    incoming.RECEIPT: RECEIPT,
}
PERHAPS = {incoming.BULK: BULK, incoming.AUTOMATIC: AUTOMATIC}

# For whom a mail is: one company, the policy addressed there, the dossiers it may be about.
Target = namedtuple("Target", "company policy complaints")


class IncomingSorting(models.Model):
    """Where a mail ends: as a complaint, as a message on a dossier, to be sorted by a person,
    or put aside with the reason. Exactly one of these for each company that it is sent to.

    Parsing, bounces and loops are the platform's; what is ours is that nothing is dropped in
    silence and nothing is sent back. Runs as the system: a mail has no rights.
    """

    _inherit = "klachtenbeheer.incoming"

    # ---------------------------------------------------------------- is it for us

    @api.model
    def _is_ours(self, mail, model):
        """Whether a mail is for a policy or a dossier.

        :param model: what the mailbox is for, as the platform's settings say
        """
        if model == COMPLAINT or self._find_addressed(mail):
            return True
        if self._find_by_thread(mail):
            return not self._has_other_addressees(mail)
        return self._is_to_catchall(mail) and bool(self._find_by_subject(mail))

    @api.model
    def _find_addressed(self, mail):
        """The policies to whose address a mail was sent, in that order."""
        addresses = mail.recipients
        local_parts = [address.partition("@")[0] for address in addresses]
        aliases = self.env["mail.alias"].search(
            Domain("alias_model_id.model", "=", COMPLAINT)
            & Domain("alias_name", "!=", False)
            & (
                Domain("alias_full_name", "in", addresses)
                | (Domain("alias_name", "in", local_parts) & Domain("alias_incoming_local", "=", 1))
            )
        )
        found = sorted(aliases, key=lambda alias: self._get_position(alias, addresses))
        return self.env["klachtenbeheer.policy"].union(
            *(alias._get_complaint_policy() for alias in found)
        )

    def _get_position(self, alias, addresses):
        names = (alias.alias_full_name, alias.alias_name)
        return next(
            (
                position
                for position, address in enumerate(addresses)
                if address in names or address.partition("@")[0] in names
            ),
            len(addresses),
        )

    @api.model
    def _find_by_thread(self, mail):
        """The dossier of a message to which this mail is an answer."""
        messages = self.env["mail.message"].search(
            Domain("message_id", "in", mail.references)
            & Domain("model", "=", COMPLAINT)
            & Domain("res_id", "!=", False),
            limit=1,
            order="id desc",
        )
        return (
            self.env[COMPLAINT].browse(messages.res_id).exists()
            if messages
            else (self.env[COMPLAINT])
        )

    @api.model
    def _find_by_subject(self, mail):
        """The dossiers whose reference is in the subject."""
        words = [word.strip("[](){}<>.,:;#'\"") for word in mail.subject.split()]
        return self.env[COMPLAINT].search([("name", "in", [w for w in words if len(w) > 4])])

    @api.model
    def _has_other_addressees(self, mail):
        """Whether another part of the platform expects this mail, too."""
        return bool(
            self.env["mail.alias"].search_count(
                [
                    ("alias_model_id.model", "!=", COMPLAINT),
                    ("alias_full_name", "in", mail.recipients),
                ],
                limit=1,
            )
        )

    @api.model
    def _is_to_catchall(self, mail):
        domains = self.env["mail.alias.domain"].search([("catchall_alias", "!=", False)])
        return bool(set(domains.mapped("catchall_email")) & set(mail.recipients))

    @api.model
    def _find_targets(self, mail):
        complaints = self._find_by_thread(mail) or self._find_by_subject(mail)
        policies = self._find_addressed(mail) or self._get_mailbox_policy()
        companies = policies.company_id or complaints.company_id or self.env.company
        if self._find_by_thread(mail):
            companies |= complaints.company_id
        for company in companies:
            own = complaints.filtered(lambda complaint: complaint.company_id == company)  # noqa: B023
            policy = policies.filtered(lambda line: line.company_id == company)[:1]  # noqa: B023
            yield Target(company, policy or own[:1].policy_id, own)

    @api.model
    def _get_mailbox_policy(self):
        """The policy for which the mailbox is that is being emptied."""
        server_id = self.env.context.get("default_fetchmail_server_id")
        return self.env["fetchmail.server"].browse(server_id).complaint_policy_id

    # ---------------------------------------------------------------- receiving

    @api.model
    def _receive(self, mail):
        """Let a mail end somewhere, whatever it is.

        :return: id of the complaint that it became or landed on; False for the rest
        """
        self = self.with_user(SUPERUSER_ID).sudo()
        endings = [self._sort_safely(mail, target) for target in self._find_targets(mail)]
        complaints = [ending for ending in endings if ending._name == COMPLAINT]
        return complaints[0].id if complaints else False

    def _sort_safely(self, mail, target):
        """Sort a mail for one company; where that fails, a person does."""
        incoming_in = self.with_context(
            allowed_company_ids=target.company.ids, lang=target.company.partner_id.lang
        )
        try:
            with self.env.cr.savepoint():
                return incoming_in._sort(mail, target)
        # a mail is never lost, whatever goes wrong with it
        except Exception as error:
            _logger.warning("Mail %s could not be sorted", mail.message_id, exc_info=True)
            reason = BUSY if isinstance(error, CONCURRENCY) else ERROR
            return incoming_in._store_after_failure(mail, target, reason, error)

    def _store_after_failure(self, mail, target, reason, error):
        note = "" if reason == BUSY else f"{type(error).__name__}: {error}"[:500]
        try:
            with self.env.cr.savepoint():
                kept = self._store_mail(mail, target, reason, note=incoming.clean(note))
        # something in what the mail tells of itself can't even be stored
        except Exception:
            _logger.warning("Mail %s is kept as it is", mail.message_id, exc_info=True)
            # what is only busy is tried again by itself all the same
            kept = self.create(self._prepare_bare_vals(mail, target, reason))
        if reason == BUSY:
            self.env.ref("klachtenbeheer.cron_incoming")._trigger()
        return kept

    def _sort(self, mail, target):
        values = self._parse(mail)
        if discard := self._get_discard_reason(mail, target, values):
            return self._store_mail(mail, target, discard, state=DISCARDED)
        if target.complaints:
            return self._sort_reply(mail, target, values)
        return self._sort_new(mail, target, values)

    def _parse(self, mail):
        """What the platform reads in a mail, fit to be stored; nobody in copy is anything."""
        values = self._get_thread().message_parse(mail.message)
        attachments = [
            attachment._replace(fname=incoming.clean_filename(attachment.fname))
            for attachment in values["attachments"]
        ]
        texts = {key: incoming.clean(text) for key, text in values.items() if type(text) is str}
        return {
            **values,
            **texts,
            "message_id": mail.message_id,
            "date": fields.Datetime.to_string(self._get_moment(mail)),
            "subject": mail.subject,
            "email_from": formataddr((mail.sender_name, mail.email)) if mail.email else "",
            "body": type(values["body"])(incoming.clean(values["body"])),
            "attachments": attachments,
            "partner_ids": [],
            "cc_filtered": False,
            "to_filtered": False,
        }

    def _get_moment(self, mail):
        """When a mail was sent, unless it says something impossible."""
        now = fields.Datetime.now()
        sent = mail.date.replace(tzinfo=None) if mail.date else now
        return min(sent, now)

    def _get_thread(self):
        # the platform answers a flood of mails; we don't
        return self.env["mail.thread"].with_context(complaint_no_bounce=True)

    # ---------------------------------------------------------------- put aside

    def _get_discard_reason(self, mail, target, values):
        if known := self._find_known(mail, target):
            return known
        if mail.automation in SURE:
            return SURE[mail.automation]
        if values["is_bounce"]:
            if incoming.get_delivery(mail.message) == incoming.FAILED:
                self._get_thread()._routing_handle_bounce(mail.message, values)
            return BOUNCE
        return LOOP if self._get_thread()._detect_loop_headers(values) else False

    def _find_known(self, mail, target):
        """Whether this mail was here before, or is one of ours."""
        messages = self.env["mail.message"].search(
            Domain("model", "=", COMPLAINT)
            & Domain("message_id", "in", self.env[COMPLAINT]._get_known_ids(mail.message_id))
        )
        of_company = self.env[COMPLAINT].search_count(
            [("id", "in", messages.mapped("res_id")), ("company_id", "=", target.company.id)]
        )
        if of_company:
            return DUPLICATE if "email" in messages.mapped("message_type") else LOOP
        kept = self.search_count(
            Domain("message_id", "=", mail.message_id)
            & Domain("company_id", "=", target.company.id),
            limit=1,
        )
        return DUPLICATE if kept else False

    # ---------------------------------------------------------------- on a dossier

    def _sort_reply(self, mail, target, values):
        complaint, sender = self._find_correspondence(mail, target)
        if not complaint:
            return self._store_mail(mail, target, self._get_stranger_reason(mail, target))
        target = target._replace(complaints=complaint)
        if doubt := self._get_doubt(mail, target, values):
            return self._store_mail(mail, target, doubt)
        complaint._add_mail(values, sender)
        return complaint

    def _find_correspondence(self, mail, target):
        """The one dossier to which the sender belongs, and as whom."""
        found = {
            complaint: sender
            for complaint in target.complaints
            if (sender := complaint._get_correspondent(mail.email))
        }
        return next(iter(found.items())) if len(found) == 1 else (self.env[COMPLAINT], None)

    def _get_stranger_reason(self, mail, target):
        respondents = target.complaints.respondent_ids
        emails = set(respondents.mapped("email_normalized"))
        return BARRED if mail.email and mail.email in emails else STRANGER

    # ---------------------------------------------------------------- a new complaint

    def _sort_new(self, mail, target, values):
        reason = self._get_obstacle(mail, target) or self._get_doubt(mail, target, values)
        if reason := reason or self._get_late_doubt(mail, target):
            return self._store_mail(mail, target, reason)
        return self._register_mail(mail, target.policy, values)

    def _get_obstacle(self, mail, target):
        """Why this can't be registered without a person."""
        if not target.policy:
            return UNADDRESSED
        if not target.policy._is_in_force():
            return NO_POLICY
        return False if mail.email else NO_SENDER

    def _get_doubt(self, mail, target, values):
        """Why a person should look first."""
        if mail.automation:
            return PERHAPS[mail.automation]
        if self._is_own_address(mail.email):
            return AUTOMATIC
        if incoming.is_encrypted(mail.message):
            return ENCRYPTED
        if incoming.is_meeting(mail.message):
            return MEETING
        if mail.is_forged and (target.complaints or self._find_employee(mail, target)):
            return FORGED
        if target.complaints and not self._is_proven(mail, target):
            return UNPROVEN
        if self._is_flood(mail, target, values):
            return FLOOD
        return False

    def _is_proven(self, mail, target):
        """Whether somebody who writes about a dossier is who they say: our mail server found
        so, or it answers a mail of ours, whose id only its addressee was given."""
        server = self.env["ir.config_parameter"].get_param("klachtenbeheer.authentication_server")
        if incoming.is_proven(mail.headers, (server or "").strip()):
            return True
        ours = (
            Domain("model", "=", COMPLAINT)
            & Domain("res_id", "in", target.complaints.ids)
            & Domain("message_id", "in", mail.references)
            & Domain("message_type", "!=", "email")  # its writer knows the id of such a one
        )
        return bool(self.env["mail.message"].search_count(ours, limit=1))

    def _get_late_doubt(self, mail, target):
        if not (mail.text or mail.filenames or mail.title):
            return EMPTY
        return FOLLOW_UP if self._is_follow_up(mail, target) else False

    def _is_own_address(self, email):
        return email in self.env["mail.alias.domain"]._find_aliases([email])

    def _is_flood(self, mail, target, values):
        route = (COMPLAINT, target.complaints.id or 0, None, self.env.uid, None)
        return self._get_thread()._detect_loop_sender(mail.message, values, [route])

    def _is_follow_up(self, mail, target):
        """Whether the sender wrote just now: something forgotten, or two machines that
        answer each other."""
        if self._find_employee(mail, target):
            return False
        since = fields.Datetime.now() - timedelta(minutes=FOLLOW_UP_MINUTES)
        return bool(
            self.env[COMPLAINT].search_count(
                [
                    ("complainant_email", "=ilike", mail.email),
                    ("company_id", "=", target.company.id),
                    ("channel", "=", "email"),
                    ("create_date", ">=", since),
                ],
                limit=1,
            )
        )

    def _find_employee(self, mail, target):
        user = self._get_thread()._mail_find_user_for_gateway(mail.email)
        own = user.active and not user.share and target.company in user.company_ids
        return user if own else user.browse()

    # ---------------------------------------------------------------- keeping

    def _store_mail(self, mail, target, reason, state=QUEUE, note=False):
        kept = self.create(
            {
                **self._prepare_bare_vals(mail, target, reason),
                "state": state,
                "note": note,
                "name": mail.subject,
                "sender_name": mail.sender_name,
                "email_from": mail.email,
                "sent_on": mail.date and self._get_moment(mail),
                "message_id": mail.message_id,
                "text": mail.get_preview(PREVIEW),
                "attachment_names": self._get_attachment_names(mail),
            }
        )
        if state == QUEUE:
            kept._ask_to_sort()
        return kept

    def _prepare_bare_vals(self, mail, target, reason):
        """What can be stored of anything."""
        keeps_copy = reason != DUPLICATE
        return {
            "reason": reason,
            "company_id": target.company.id,
            "policy_id": target.policy.id,
            "complaint_id": target.complaints[:1].id,
            "arrived_on": fields.Datetime.now(),
            "raw": base64.b64encode(mail.raw) if keeps_copy else False,
        }

    def _get_attachment_names(self, mail):
        # a broken mail has none
        try:
            return ", ".join(mail.filenames)
        except Exception:  # noqa: BLE001
            return False

    # ---------------------------------------------------------------- trying again

    @api.model
    def _cron_try_again(self):
        """Sort what arrived while another registration was going on."""
        for kept in self.search([("state", "=", QUEUE), ("reason", "=", BUSY)], limit=100):
            if kept.try_lock_for_update():
                kept._try_again()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _try_again(self):
        target = Target(self.company_id, self.policy_id, self.complaint_id)
        mail = self._get_mail()
        self.message_id = False  # it is no duplicate of itself
        self.with_user(SUPERUSER_ID)._sort_safely(mail, target)
        self.unlink()
