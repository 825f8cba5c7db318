from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, email_normalize

COMPLAINT = "klachtenbeheer.complaint"
EMAIL = "email"
# Who wrote a message, when, and whether it arrived by mail.
SENDER = {"author_id", "email_from", "date", "message_type"}


class AttachedRecord(models.AbstractModel):
    """What the platform keeps beside a dossier, in tables of its own: messages, followers,
    activities, notifications, attachments, ratings.

    The platform shows those also to their author, their recipient, or any employee. Of a
    dossier they are shown as the dossier is (design.md 8), and never to somebody who is
    complained about, not even what they wrote or received before (design.md 4.2). A global
    record rule on each of these models asks `is_dossier_hidden`.
    """

    _name = "klachtenbeheer.attached.record"
    _description = "What Belongs to a Complaint Dossier"

    # the fields that tell which document it belongs to
    _document_fields = ("res_model", "res_id")
    # whether on a dossier only the system makes and changes them
    _made_by_system = False

    is_dossier_hidden = fields.Boolean(
        compute="_compute_is_dossier_hidden",
        search="_search_is_dossier_hidden",
        help="Belongs to a complaint that the user may not look into.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_dossier_hidden(self):
        dossier_ids = self._get_dossier_ids()
        dossiers = self.env[COMPLAINT].browse(set(dossier_ids.values()))
        excluded, readable = dossiers._filter_excluded(), dossiers._filter_readable()
        # whose it is was stored before any right of the user came in
        own = self.sudo().filtered_domain(self._get_own_domain())
        for record in self:
            dossier = dossiers.browse(dossier_ids.get(record.id))
            record.is_dossier_hidden = bool(dossier) and (
                dossier in excluded or (record not in own and dossier not in readable)
            )

    @api.model
    def _search_is_dossier_hidden(self, operator, value):
        if operator != "in":
            return NotImplemented
        visible = Domain.custom(to_sql=self._outside_dossiers_to_sql) | (
            Domain.custom(to_sql=self._not_excluded_to_sql)
            & (self._get_own_domain() | Domain.custom(to_sql=self._of_readable_to_sql))
        )
        return ~visible if True in value else visible

    # ---------------------------------------------------------------- making

    def _check_access(self, operation):
        """Only who looks into a dossier adds something to it."""
        result = super()._check_access(operation)
        if operation == "read" or not (operation == "create" or self._made_by_system):
            return result
        if result and result[0] == self:
            return result
        refused = self._get_unwelcome()
        if not refused:
            return result
        return refused, partial(refused._make_unwelcome_error, operation)

    def _get_unwelcome(self):
        """Those that the user may not put on their dossier."""
        dossier_ids = self._get_dossier_ids()
        dossiers = self.env[COMPLAINT].browse(set(dossier_ids.values()))
        welcome = dossiers.browse() if self._made_by_system else dossiers._filter_readable()
        return self.browse(
            number for number, dossier_id in dossier_ids.items() if dossier_id not in welcome.ids
        )

    def _make_unwelcome_error(self, operation):
        return self.env[COMPLAINT]._make_refusal(operation)

    def write(self, vals):
        result = super().write(vals)
        if {*self._document_fields, "res_model_id"} & set(vals) and not self.env.su:
            self.check_access("create")  # put on another record, it is new there
        return result

    # ---------------------------------------------------------------- hooks

    @api.model
    def _get_own_domain(self):
        """Hook: what the user sees because it is theirs, unless complained about."""
        return Domain("create_uid", "=", self.env.uid)

    def _get_dossier_ids(self):
        """Hook: of which complaint these are.

        :return: {id: id of a complaint}, without what is of something else
        """
        model_field, id_field = self._document_fields
        # which document it belongs to decides who may see it
        return {
            record.id: record[id_field]
            for record in self.sudo()
            if record[model_field] == COMPLAINT and record[id_field]
        }

    @api.model
    def _dossier_id_to_sql(self, alias, query):
        """Hook: the same as SQL, NULL for what is of something else."""
        model_field, id_field = (
            self._field_to_sql(alias, fname, query) for fname in self._document_fields
        )
        return SQL("CASE WHEN %s = %s THEN %s END", model_field, COMPLAINT, id_field)

    # ---------------------------------------------------------------- SQL

    # Correlated: one look at the complaint by its id, where a list of all ids that the
    # user may see would grow with the register.

    @api.model
    def _outside_dossiers_to_sql(self, attached, alias, query):
        return SQL("%s IS NULL", attached.sudo()._dossier_id_to_sql(alias, query))

    @api.model
    def _not_excluded_to_sql(self, attached, alias, query):
        complaints = attached.env[COMPLAINT]
        # who is complained about may not find those complaints in any other way
        excluded = complaints.sudo()._search(complaints._get_excluded_domain(), active_test=False)
        return SQL("NOT %s", attached._exists_to_sql(excluded, alias, query))

    @api.model
    def _of_readable_to_sql(self, attached, alias, query):
        complaints = attached.env[COMPLAINT].sudo(False)
        if not complaints.has_access("read"):
            return SQL("FALSE")
        readable = complaints._search(complaints._get_readable_domain(), active_test=False)
        return attached._exists_to_sql(readable, alias, query)

    @api.model
    def _exists_to_sql(self, complaints, alias, query):
        if complaints.is_empty():
            return SQL("FALSE")
        complaints.add_where(
            SQL(
                "%s = %s",
                SQL.identifier(complaints.table, "id"),
                # the columns that tell of which record it is are read for everybody
                self.sudo()._dossier_id_to_sql(alias, query),
            )
        )
        return SQL("EXISTS %s", complaints.subselect())


class MailMessage(models.Model):
    _name = "mail.message"
    _inherit = ["mail.message", "klachtenbeheer.attached.record"]

    _document_fields = ("model", "res_id")

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:  # before the platform looks up to whom an answer goes
            for vals in vals_list:
                self._check_named(vals)
            vals_list = [self._as_own(vals) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and not SENDER.isdisjoint(vals) and self._get_dossier_ids():
            vals = {fname: value for fname, value in vals.items() if fname not in SENDER}
        return super().write(vals)

    @api.model
    def _as_own(self, vals):
        """On a dossier nobody speaks for somebody else, or at another time: what was said there
        counts. What arrives by mail the system puts there."""
        if vals.get("model") != COMPLAINT:
            return vals
        user = self.env.user
        own = {fname: value for fname, value in vals.items() if fname not in SENDER}
        if vals.get("message_type") not in (None, EMAIL):
            own["message_type"] = vals["message_type"]
        email = vals.get("email_from")
        if email_normalize(email or "") != user.partner_id.email_normalized:
            email = user.email_formatted
        return {**own, "author_id": user.partner_id.id, "email_from": email}

    @api.model
    def _get_own_domain(self):
        """The platform knows authors and recipients, and asks
        `_mail_get_operation_for_mail_message_operation` for the others."""
        return Domain.TRUE


class MailActivity(models.Model):
    _name = "mail.activity"
    _inherit = ["mail.activity", "klachtenbeheer.attached.record"]

    @api.model
    def _get_own_domain(self):
        return Domain("user_id", "=", self.env.uid)


class MailFollowers(models.Model):
    _name = "mail.followers"
    _inherit = ["mail.followers", "klachtenbeheer.attached.record"]

    @api.model
    def _get_own_domain(self):
        return Domain("partner_id", "=", self.env.user.partner_id.id)


class AttachedToMessage(models.AbstractModel):
    """What belongs to a message, and so to the dossier of that message."""

    _name = "klachtenbeheer.attached.to.message"
    _description = "What Belongs to a Message of a Complaint Dossier"
    _inherit = ["klachtenbeheer.attached.record"]

    _message_field = "mail_message_id"

    @api.model
    def _get_own_domain(self):
        return Domain.FALSE

    def _get_dossier_ids(self):
        attached_su = self.sudo()  # as in the mixin
        dossier_ids = attached_su[self._message_field]._get_dossier_ids()
        return {
            record.id: dossier_ids[record[self._message_field].id]
            for record in attached_su
            if record[self._message_field].id in dossier_ids
        }

    @api.model
    def _dossier_id_to_sql(self, alias, query):
        return SQL(
            "(SELECT message.res_id FROM mail_message message"
            " WHERE message.id = %s AND message.model = %s)",
            self._field_to_sql(alias, self._message_field, query),
            COMPLAINT,
        )


class MailNotification(models.Model):
    _name = "mail.notification"
    _inherit = ["mail.notification", "klachtenbeheer.attached.to.message"]

    @api.model
    def _get_own_domain(self):
        return Domain("res_partner_id", "=", self.env.user.partner_id.id)


class MailMail(models.Model):
    """The queue: a mail that waits or failed tells what is in it and to whom it goes, also to
    administrators. The letter itself tells those who may know whether it arrived."""

    _name = "mail.mail"
    _inherit = ["mail.mail", "klachtenbeheer.attached.to.message"]


class MailTrackingValue(models.Model):
    _name = "mail.tracking.value"
    _inherit = ["mail.tracking.value", "klachtenbeheer.attached.to.message"]


class MailMessageSchedule(models.Model):
    _name = "mail.message.schedule"
    _inherit = ["mail.message.schedule", "klachtenbeheer.attached.to.message"]


class MailScheduledMessage(models.Model):
    _name = "mail.scheduled.message"
    _inherit = ["mail.scheduled.message", "klachtenbeheer.attached.record"]

    _document_fields = ("model", "res_id")


class RatingRating(models.Model):
    _name = "rating.rating"
    _inherit = ["rating.rating", "klachtenbeheer.attached.record"]

    _made_by_system = True

    @api.model
    def _get_own_domain(self):
        return Domain.FALSE


class IrAttachment(models.Model):
    _name = "ir.attachment"
    _inherit = ["ir.attachment", "klachtenbeheer.attached.record"]

    def _get_unwelcome(self):
        """Whoever registers adds what came with a complaint: the platform asks whether they
        may write on it."""
        return self.browse()


class MailMessageReaction(models.Model):
    _name = "mail.message.reaction"
    _inherit = ["mail.message.reaction", "klachtenbeheer.attached.to.message"]

    _message_field = "message_id"
