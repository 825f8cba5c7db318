from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext, plaintext2html

from ...tools.uploads import clean_name
from ..access.identity import UNKNOWN_EMAIL
from ..complaint.task import ACTIVITY_ALERT

SUBTYPE = "klachtenbeheer.subtype_complainant"
NOTICE = "klachtenbeheer.mail_template_message_notice"
COMPLAINT = "klachtenbeheer.complaint"
MAX_TEXT = 20_000  # characters
ACCOUNT, CODE, NO_WAY = "account", "code", "none"


class ComplaintConversation(models.Model):
    """What the complainant and the organisation write to each other.

    A message belongs to the conversation because it has our own subtype, which nobody
    follows by default: so it reaches no follower by mail, and what is written to followers
    or noted for colleagues never ends up here. Two other kinds of message were meant for both
    as well: what the complainant mailed in, and what was mailed to the complainant by name.
    """

    _inherit = "klachtenbeheer.complaint"

    # ---------------------------------------------------------------- reading

    def _get_conversation(self):
        """The messages that were meant for the complainant and for us, the oldest first."""
        self.ensure_one()
        return self.env["mail.message"].search(
            self._get_conversation_domain(), order="date ASC, id ASC"
        )

    def _get_conversation_domain(self):
        complainant_ids = self._get_complainant_partner().ids
        people_ids = complainant_ids + self.assistance_ids.partner_id.ids
        posted = Domain("subtype_id", "=", self.env.ref(SUBTYPE).id)
        mailed_in = Domain("message_type", "=", "email") & (
            Domain("author_id", "in", people_ids) | Domain("email_from", "ilike", UNKNOWN_EMAIL)
        )
        mailed_out = Domain("message_type", "in", ("comment", "email_outgoing")) & Domain(
            "partner_ids", "in", complainant_ids
        )
        return (
            self._get_attached_domain("model")
            & Domain("is_internal", "=", False)
            & Domain("subtype_id.internal", "=", False)
            & (posted | mailed_in | mailed_out)
        )

    def _get_complainant_partner(self):
        """Who complained, also where that is kept hidden from others."""
        return self.partner_id | self.identity_ids.partner_id

    def _get_portal_messages(self, reader):
        """The conversation as plain values: list of dict(id, by, mine, on, text, files)."""
        return [
            {
                "id": message.id,
                "by": self._get_sender_label(message, reader),
                "mine": not self._is_of_us(message),
                "on": self._format_moment(message.date),
                # plain text: what was mailed in may load pictures from elsewhere
                "text": html2plaintext(message.body or "", include_references=False).strip(),
                "files": self._describe_files(message.attachment_ids),
            }
            for message in self._get_conversation()
        ]

    def _is_of_us(self, message):
        outside = self._get_complainant_partner() | self.assistance_ids.partner_id
        return bool(message.author_id) and message.author_id not in outside

    def _get_sender_label(self, message, reader):
        """Who wrote something: ourselves without names (ux.md), or somebody of them."""
        if self._is_of_us(message):
            return self.company_id.name
        if message.author_id == reader:
            return self.env._("You")
        if message.author_id in self.assistance_ids.partner_id:
            return message.author_id.name
        is_own = reader in self._get_complainant_partner()
        return self.env._("You") if is_own else self.env._("The complainant")

    def _describe_files(self, attachments):
        return [{"id": line.id, "name": line.name} for line in attachments]

    def _get_portal_file(self, attachment_id):
        """A file of the conversation; empty when it is not one of them."""
        files = self._get_conversation().attachment_ids
        return files.filtered(lambda line: line.id == attachment_id)

    # ---------------------------------------------------------------- from the complainant

    def _post_from_complainant(self, text, attachments=None, author=None):
        """Put on the dossier what the complainant or a representative writes, and ask
        somebody to look.

        :param attachments: files of this complaint
        :param author: their partner; where that is kept hidden nobody is told who it is
        """
        message = self._add_from_complainant(text, attachments, author)
        self._as_outside()._ask_to_read()
        return message

    def _add_from_complainant(self, text, attachments=None, author=None):
        complaint = self._as_outside()
        sender = {"author_id": author.id if author else False}
        if complaint.hide_identity or not author:
            sender = {"author_id": False, "email_from": self._get_hidden_sender()}
        return complaint.message_post(
            body=plaintext2html(text) if text else "",
            message_type="comment",
            subtype_xmlid=SUBTYPE,
            attachment_ids=attachments.ids if attachments else [],
            **sender,
        )

    def _ask_to_read(self):
        self._tell_responsible("message")

    def _tell_responsible(self, alert):
        """Ask whoever is responsible to look, once for each thing.

        :param alert: one of the codes of `_get_alert_texts`
        """
        user = self._get_responsible()
        if not user:
            return
        asked = self.activity_ids.filtered(lambda line: line.user_id == user)
        if alert not in asked.mapped("complaint_alert"):
            complaint = self.with_context(lang=user.lang)
            complaint.activity_schedule(
                ACTIVITY_ALERT,
                summary=complaint._get_alert_texts()[alert],
                user_id=user.id,
                complaint_alert=alert,
            )

    def _get_alert_texts(self):
        """What a responsible person is asked to look at: {code: words}."""
        return {
            "message": self.env._("The complainant wrote something"),
            "message_failed": self.env._(
                "The complainant could not be told of a message: call or write"
            ),
            "disagrees": self.env._("The complainant does not agree"),
            "withdrawn": self.env._("The complaint was withdrawn"),
        }

    # ---------------------------------------------------------------- to the complainant

    def _get_portal_readers(self):
        """Who acts for the complainant's side and reads on the portal: partners."""
        self.ensure_one()
        people = self._get_complainant_partner() | self.assistance_ids.partner_id
        return people.filtered(
            lambda partner: (
                self._may_act(partner)
                and any(user.active and user.share for user in partner.user_ids)
                and self.filtered_domain(self._get_portal_domain(partner))
            )
        )

    def _get_message_way(self):
        """How the complainant reads a message: `account`, `code` or `none`. With a code also
        an anonymous complainant can be written to: on the follow-up page."""
        if self.sudo()._get_portal_readers():  # who has an account decides only this
            return ACCOUNT
        return CODE if self._has_code() else NO_WAY

    def _post_to_complainant(self, text, attachments=None):
        """Put a message in the conversation and tell the complainant's side that there is
        one; the mail holds nothing of it.

        :param attachments: files that the user may read; the dossier gets copies
        :raise AccessError: the user does not handle this complaint
        :raise UserError: nobody would read it
        """
        self.ensure_one()
        self.check_access("write")
        if not self._may_handle():  # whoever completes the registration may write that only
            raise AccessError(
                self.env._("Only whoever handles this complaint writes to the complainant.")
            )
        if self._get_message_way() == NO_WAY:
            raise UserError(
                self.env._(
                    "The complainant has no account, so nobody would read this. Write a letter"
                    " or call."
                )
            )
        attachments = attachments or self.env["ir.attachment"]
        attachments.check_access("read")
        message = self.message_post(
            body=plaintext2html(text),
            message_type="comment",
            subtype_xmlid=SUBTYPE,
            attachments=[(clean_name(file.name), file.raw) for file in attachments],
        )
        complaint_su = self.sudo()  # whom to tell may be hidden from the writer
        for email, lang in complaint_su._get_notice_addresses().items():
            complaint_su._queue_notice(email, lang)
        complaint_su._tell_holder_of_code()
        return message

    def _get_notice_addresses(self):
        """Hook: whom to mail that there is a message, as {address: language}."""
        return {
            partner.email_normalized: partner.lang or self._get_default_lang()
            for partner in self._get_portal_readers()
            if partner.email_normalized
        }

    def _queue_notice(self, email, lang):
        """A mail that there is a message, without what it says and without a token."""
        logged = self._message_log(body=self.env._("The complainant was told of a message"))
        self._queue_neutral_mail(
            self.env.ref(NOTICE),
            email,
            lang=lang,
            mail_message_id=logged.id,
            notice_complaint_id=self.id,
        )

    def _get_portal_link(self):
        """The address of the page; it asks to log in."""
        return f"{self.get_base_url()}/my/klachten/{self.id}"


class MailMail(models.Model):
    _inherit = "mail.mail"

    notice_complaint_id = fields.Many2one(
        COMPLAINT, readonly=True, index="btree_not_null", ondelete="set null"
    )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        failed = self.filtered(lambda mail: mail.state == "exception")
        # whoever works the queue off
        for complaint_su in failed.notice_complaint_id.sudo():
            complaint_su._tell_responsible("message_failed")
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
