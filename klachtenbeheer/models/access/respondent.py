from odoo import api, fields, models
from odoo.fields import Command, Domain
from odoo.tools import email_normalize

from ..complaint.task import FOLLOWS

LETTER = "klachtenbeheer.letter"


class ComplaintPrivacy(models.Model):
    """A person complained about sees nothing of the dossier (design.md 4.2), and whoever
    registers it sees the registration only (design.md 8).

    Record rules hide records; this room closes the other ways in, also when somebody is
    named as respondent later: following, notifications, mails under way, activities,
    assignment, links. What the platform keeps beside the dossier: `attached_records.py`.
    """

    _inherit = "klachtenbeheer.complaint"

    # No link opens a dossier: a token is not bound to a person, so it would let in whoever
    # got hold of it, a person complained about included.
    access_token = fields.Char(groups=fields.NO_ACCESS)
    # Otherwise a search through the dossier would find what its reader may not read.
    message_ids = fields.One2many(bypass_search_access=False)
    website_message_ids = fields.One2many(bypass_search_access=False)
    activity_ids = fields.One2many(bypass_search_access=False)
    rating_ids = fields.One2many(bypass_search_access=False)
    # The platform looks these up with all rights.
    activity_type_id = fields.Many2one(related_sudo=False)
    activity_type_icon = fields.Char(related_sudo=False)
    activity_summary = fields.Char(related_sudo=False)

    # ---------------------------------------------------------------- who sees what

    @api.model
    def _get_readable_domain(self):
        """Dossiers into which the user looks further than the registration. The rules of
        companies and respondents come on top of it."""
        return self._get_power_domain("read")

    @api.model
    def _get_excluded_domain(self):
        """Complaints about the user, or in which they were involved otherwise."""
        return Domain("user_is_barred", "=", True)

    def _filter_readable(self):
        # what is asked while something is read is no reading of these themselves
        complaints = self.sudo(False).with_context(active_test=False, refusal_fetches=False)
        if not self or not complaints.has_access("read"):
            return complaints.browse()
        return complaints.search(Domain("id", "in", self.ids) & self._get_readable_domain())

    def _filter_excluded(self):
        if not self:
            return self
        # who is complained about may not find those complaints in any other way
        complaints_su = self.sudo().with_context(active_test=False)
        return complaints_su.search(Domain("id", "in", self.ids) & self._get_excluded_domain())

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Messages are part of the dossier proper: whoever only registers neither reads nor
        adds one."""
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        if self.sudo(False).env.su:
            return operations
        readable = self._filter_readable()
        if self.env.su:
            # controllers ask this of one record on behalf of a user
            return {record: record in readable and operations[record] for record in self}
        return {record: operations[record] for record in self if record in readable}

    @api.model
    def _get_thread_with_access(self, thread_id, *, mode="read", **kwargs):
        """No token or signature stands in for the rights of a user."""
        return super()._get_thread_with_access(thread_id, mode=mode)

    def _portal_ensure_token(self):
        """Links carry no token: the complainant logs in."""
        return ""

    # ---------------------------------------------------------------- naming

    def _end_first_ties_of_respondents(self):
        """Nobody but a follower can have a tie with a dossier that has just been made."""
        # who registers a dossier may see neither it nor who is named
        named_su = self.sudo().filtered("respondent_ids")
        if named_su:
            followers_su = named_su.env["mail.followers"]
            domain = named_su._get_attached_domain("res_model")
            named_su.browse(followers_su.search(domain).mapped("res_id"))._end_ties_of_respondents()

    def _end_ties_of_respondents(self):
        """End every tie of the people complained about with these dossiers."""
        # the rule holds whoever names the respondent, and against whoever is named
        for complaint in self.sudo().with_context(active_test=False):
            partners = complaint._get_barred()
            complaint.message_unsubscribe(partners.ids)
            complaint._reassign_activities(partners)
            complaint._forget_notifications(partners)
            complaint._stop_mails(partners)
            complaint._revoke_attachment_links()
        self.env.invalidate_all()  # what was hidden from whom has been cached

    def _reassign_activities(self, partners):
        activities = self.env["mail.activity"].search(
            self._get_attached_domain("res_model") & Domain("user_id", "in", partners.user_ids.ids)
        )
        finished = activities.filtered(lambda activity: not activity.active)
        responsible = self._get_responsible()
        if responsible:
            (activities - finished).user_id = responsible
            finished.unlink()
        else:
            activities.unlink()

    def _get_attached_domain(self, model_field):
        return Domain(model_field, "=", self._name) & Domain("res_id", "in", self.ids)

    def _forget_notifications(self, partners):
        messages = self.env["mail.message"].search(self._get_attached_domain("model"))
        notifications = self.env["mail.notification"].search(
            Domain("mail_message_id", "in", messages.ids)
        )
        notifications.filtered(lambda line: line.res_partner_id in partners).unlink()
        # the platform tells authors, whatever their rights, which of their mails bounced
        notifications.exists().filtered(lambda line: line.author_id in partners).author_id = False
        removal = {"partner_ids": [Command.unlink(partner.id) for partner in partners]}
        messages.filtered(lambda message: message.partner_ids & partners).write(removal)

    def _stop_mails(self, partners):
        """Take respondents off the mails that have not left yet."""
        mails = self.env["mail.mail"].search(
            self._get_attached_domain("model")
            & Domain("state", "in", ("outgoing", "exception"))
            & Domain("recipient_ids", "in", partners.ids)
        )
        mails.recipient_ids = [Command.unlink(partner.id) for partner in partners]
        mails.filtered(lambda mail: not (mail.recipient_ids or mail.email_to)).cancel()

    def _revoke_attachment_links(self):
        """Somebody who could read the dossier may have kept a link to one of its files."""
        letters = self.env[LETTER].search([("complaint_id", "in", self.ids)])
        of_letters = Domain("res_model", "=", LETTER) & Domain("res_id", "in", letters.ids)
        self.env["ir.attachment"].search(
            (self._get_attached_domain("res_model") | of_letters)
            & Domain("access_token", "!=", False)
        ).access_token = False

    # ---------------------------------------------------------------- from then on

    def _sign_token(self, pid):
        """Links to a dossier carry no signature: it would be one more token, and who tells a
        colleague of something may not read what the platform makes it of."""
        return ""

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Respondents never follow; everybody else as usual, if who adds them looks into the
        dossier: a follower is sent what is in it."""
        if not self.env.su and (closed := self - self._filter_readable()):
            raise closed._make_refusal("read")
        if self.env.context.get("follows_already") is FOLLOWS:
            return True
        partner_ids = set(partner_ids or [])
        result = True
        # the rule holds whoever adds a follower
        for barred, complaints in self.sudo().grouped(lambda line: line._get_barred()).items():
            if allowed := partner_ids - set(barred.ids):
                result = super(ComplaintPrivacy, complaints.with_env(self.env)).message_subscribe(
                    partner_ids=list(allowed), subtype_ids=subtype_ids
                )
        return result

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """No notification of any kind reaches a person complained about, at whatever entry
        of theirs in the address book, or address; nor a note whoever does not see the dossier."""
        if not self._is_passed_on(message, msg_vals or {}):
            return []
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        # the rule holds for every sender
        respondents = self._get_barred()
        emails = set(filter(None, map(email_normalize, respondents.mapped("email"))))
        is_note = self._is_note(message, msg_vals or {})
        return [
            recipient
            for recipient in recipients
            if recipient["id"] not in respondents.ids
            and recipient["email_normalized"] not in emails
            and not (is_note and not self._is_read_by(recipient))
        ]

    def _is_note(self, message, msg_vals):
        """Whether a message was written for colleagues only."""
        # of what kind a message is decides who is told of it
        values = {"message_type": message.sudo().message_type} | msg_vals
        subtype_id = values.get("subtype_id", message.sudo().subtype_id.id)
        subtype_su = self.env["mail.message.subtype"].sudo().browse(subtype_id)
        # what is told by name, by the system, has its own guards
        return subtype_su.internal and values["message_type"] != "user_notification"

    def _is_read_by(self, recipient):
        """Whether somebody to be notified, as the platform describes them, is a colleague who
        sees this dossier: naming somebody in a note sends it to nobody else."""
        user = self.env["res.users"].browse(recipient["uid"])
        if not user or recipient["share"]:
            return False
        # what they may see of other companies as well
        companies = user.sudo().company_ids.ids
        own = self.with_user(user).with_context(allowed_company_ids=companies)
        return bool(own._filter_readable())
