import hashlib
from datetime import timedelta
from zoneinfo import ZoneInfo

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import email_normalize, format_date, formataddr

from ..complaint.task import ACTIVITY_ALERT
from ..dossier.assistance import REPRESENTATIVES
from ..platform.company import DEFAULT_TZ

COMPLAINANT, ASSISTANT, STAFF, SOMEBODY = "complainant", "assistant", "staff", "somebody"
LONGEST_UNDERWAY = 31  # days; a mail that says to be older has a wrong clock
PROOF_TEMPLATE = "klachtenbeheer.mail_template_proof"
# No machine should answer a message of a machine (RFC 3834), nor tell of holidays.
AUTOMATIC_HEADERS = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}


class ComplaintMail(models.Model):
    """Mail on a dossier: who may add to it, what follows, and the proof of receipt."""

    _inherit = "klachtenbeheer.complaint"

    # ---------------------------------------------------------------- a new complaint

    @api.model
    def message_new(self, msg_dict, custom_values=None):  # pylint: disable=method-required-super
        """Register a complaint from a mail, with the values that sorting found; what the
        platform would take from the mail (a reference, an unchecked sender) is not ours."""
        return self.create({"channel": "email", **(custom_values or {})})

    @api.model
    def _get_mail_receipt(self, mail, company, arrived_on=None):
        """The local date on which a mail counts as received: when it was sent (SB17).

        :return: (date, what is remarkable about it or None)
        """
        zone = ZoneInfo(company.partner_id.tz or DEFAULT_TZ)
        arrived = fields.Datetime.to_datetime(arrived_on) or fields.Datetime.now()
        arrived_day = arrived.replace(tzinfo=ZoneInfo("UTC")).astimezone(zone).date()
        if not mail.date:
            return arrived_day, self.env._("the mail does not say when it was sent")
        sent_day = mail.date.astimezone(zone).date()
        shown = format_date(self.env, sent_day, date_format="EEE d MMM y")
        if sent_day > arrived_day:
            return arrived_day, self.env._(
                "the mail says to have been sent on %s, which is in the future", shown
            )
        if sent_day < arrived_day - timedelta(days=LONGEST_UNDERWAY):
            return arrived_day, self.env._(
                "the mail says to have been sent on %s, which is too long ago to be true", shown
            )
        return sent_day, None

    def _after_mail(self, mail, employee, arrived_on):
        """Put on record what is remarkable about the mail, and tell the coordinator."""
        _day, remark = self._get_mail_receipt(mail, self.company_id, arrived_on)
        if remark:
            self._message_log(
                body=self.env._("The day of arrival counts as the day of receipt: %s.", remark)
            )
        if employee:
            self._alert_coordinator(
                self.env._("Sent in by a colleague: fill in who complains"),
                self.env._("%s sent this by e-mail.", employee.name),
            )

    def _attach_mail(self, mail, name):
        """A mail that can't be read is on the dossier as it arrived."""
        attachment = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": mail.raw,
                "mimetype": "message/rfc822",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self._message_log(
            body=self.env._("This mail could not be read; it is attached as it arrived."),
            attachment_ids=attachment.ids,
        )

    # ---------------------------------------------------------------- proof of receipt

    def _send_proof(self, mail):
        """The sender always gets proof: reference, date, what happens next and by when.
        Nothing of what was written, in case somebody else's address was filled in."""
        message = self._message_log(body=self.env._("A confirmation of receipt was sent."))
        self._queue_neutral_mail(
            self.env.ref(PROOF_TEMPLATE),
            mail.email,
            lang=self.complainant_lang,
            headers=AUTOMATIC_HEADERS,
            mail_message_id=message.id,
            references=mail.message_id,
            proof_complaint_id=self.id,
        )
        self.privacy_policy_id = self.policy_id  # the proof tells its privacy text

    def _get_promised_dates(self):
        """Until when the sender hears from us first, and has our answer, in words.

        :return: (first or None, answer or None); one date is only told once
        """
        days = sorted({promise.due_on for promise in self._get_letter_promises()})
        first = days[0] if len(days) > 1 else None
        answer = days[-1] if days else None
        return tuple(self._format_for_complainant(day) for day in (first, answer))

    def _format_for_complainant(self, day):
        """A date in the language of the complainant, wherever it is written."""
        lang = self.complainant_lang or self.env.lang
        return self.with_context(lang=lang)._format_date(day, "EEEE d MMMM y")

    # ---------------------------------------------------------------- on a dossier

    def _get_correspondent(self, email):
        """As whom somebody may add to this dossier by mail; None for who does not belong.

        Whoever is complained about adds nothing, whatever else they are.
        """
        self.ensure_one()
        if not email or email in self.respondent_ids.mapped("email_normalized"):
            return None
        if email in self._get_complainant_emails():
            return COMPLAINANT
        if email in self._get_assistant_emails():
            return ASSISTANT
        return STAFF if self._get_staff(email) else None

    def _get_complainant_emails(self):
        complainant = self._get_complainant()
        partner = self.env["res.partner"].sudo().browse(complainant["partner_id"])
        emails = {email_normalize(complainant["complainant_email"]), partner.email_normalized}
        return emails - {False, ""}

    def _get_assistant_emails(self):
        """Who speaks for the complainant, and who thinks along with consent (BA11, BA17)."""
        lines = self.assistance_ids.filtered(
            lambda line: line.kind in REPRESENTATIVES or line.gets_copies or line.sees_portal
        )
        return {email_normalize(line.email or "") for line in lines} - {False, ""}

    def _get_staff(self, email):
        """The colleague with this address who may look into this dossier."""
        user = self.env["mail.thread"]._mail_find_user_for_gateway(email)
        if not user.active or user.share:
            return user.browse()
        own = self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        return user if own._filter_readable() else user.browse()

    def _add_mail(self, values, sender):
        """Put a mail on the dossier: for the complainant's eyes as well where it comes from
        their side, as a note where it comes from somebody else.

        :param values: what the platform parsed
        :param sender: COMPLAINANT, ASSISTANT, STAFF or SOMEBODY
        """
        self.ensure_one()
        is_answer = sender == STAFF and values.get("parent_id") and not values.get("is_internal")
        values = {**values, "is_internal": sender in (STAFF, SOMEBODY) and not is_answer}
        thread = self.env["mail.thread"].with_context(complaint_no_bounce=True)
        if not values.get("author_id"):
            values["author_id"] = self._get_mail_author(values["email_from"], sender)
        if self.hide_identity and sender != STAFF:
            values |= {
                "author_id": False,
                "email_from": self._get_hidden_sender(),
                "message_id": self._get_hidden_message_id(values["message_id"]),
            }
        route = (self._name, self.id, None, SUPERUSER_ID, None)
        thread._message_route_process(None, {**values, "parent_id": False}, [route])
        if sender != STAFF:
            self._tell_of_mail()

    def _get_mail_author(self, email_from, sender):
        """A partner only where there is one already: mail makes no contacts."""
        if sender == SOMEBODY:
            return False
        authors = self._partner_find_from_emails_single([email_from], no_create=True)
        return authors[:1].id

    def _tell_of_mail(self):
        """Whoever has the dossier looks at it; after closing, the coordinator does."""
        if self.is_closed:
            self._alert_coordinator(self.env._("Mail arrived after closing"))
            return
        user = self._get_responsible()
        if user:
            self._schedule(ACTIVITY_ALERT, user, self.env._("New message by e-mail"))

    # ---------------------------------------------------------------- message ids

    @api.model
    def _get_hidden_message_id(self, message_id):
        """A Message-Id often tells the mail server of who wrote it."""
        return f"<{hashlib.sha256(message_id.encode()).hexdigest()[:40]}@unknown.invalid>"

    @api.model
    def _get_known_ids(self, message_id):
        """Under which ids a mail may be on a dossier."""
        return [message_id, self._get_hidden_message_id(message_id)]

    def _hide_message_ids(self):
        for complaint in self:
            for message in complaint.message_ids:
                if message.message_id and complaint._is_complainant(
                    message.author_id.id, message.email_from
                ):
                    message.message_id = self._get_hidden_message_id(message.message_id)

    # ---------------------------------------------------------------- platform hooks

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        """Answers arrive at the address of the policy, where there is one."""
        result = super()._notify_get_reply_to_batch(defaults=defaults, author_ids=author_ids)
        # the address is printed on every letter
        for complaint in self.sudo():
            address = complaint.policy_id.mail_address or ""
            if "@" in address:
                result[complaint.id] = formataddr((complaint.company_id.name, address))
        return result

    def _is_passed_on(self, message, msg_vals):
        """A mail on a dossier is not passed on to mailboxes: whoever has to do something with it
        is asked to, without a word of what is in it."""
        return msg_vals.get("message_type", message.message_type) != "email"

    def _notify_thread_with_out_of_office(self, message, recipients_data, **kwargs):
        """Nobody's holidays are an answer to a complaint."""
        return self.env["mail.message"]


class PolicyMail(models.Model):
    _inherit = "klachtenbeheer.policy"

    def _notify_get_reply_to_batch(self, defaults=None, author_ids=None):
        """Not the address for complaints: an answer to a message about the policy itself is
        none."""
        threads = self.env["mail.thread"]
        return {
            res_id: threads._notify_get_reply_to(
                default=(defaults or {}).get(res_id), author_id=(author_ids or {}).get(res_id)
            )[False]
            for res_id in (self.ids or [False])
        }


class FetchmailServer(models.Model):
    _inherit = "fetchmail.server"

    complaint_policy_id = fields.Many2one(
        "klachtenbeheer.policy",
        "Complaint policy",
        domain=[("state", "=", "published")],
        help="Mail in this mailbox that names no address of a policy is for this one.",
    )
    is_for_complaints = fields.Boolean(compute="_compute_is_for_complaints")

    @api.depends("object_id")
    def _compute_is_for_complaints(self):
        for server in self:
            server.is_for_complaints = server.object_id.model == "klachtenbeheer.complaint"
