from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import email_normalize, formataddr

from ..platform.groups import COORDINATOR, STAND_IN

# Nobody lives at this domain (RFC 2606).
UNKNOWN_EMAIL = "complainant@unknown.invalid"
IDENTITY_FIELDS = (
    "partner_id",
    "complainant_name",
    "complainant_organisation",
    "complainant_email",
    "complainant_phone",
    "complainant_address",
)
KNOWING = f"{COORDINATOR},{STAND_IN}"


class Identity(models.Model):
    """Who complained, where that is kept hidden (KK22): a record apart from the dossier.

    Hiding moves the identity here, so that no list, search, grouping, export or message of
    the dossier can tell it; only the coordinator's level may read this model.
    """

    _name = "klachtenbeheer.identity"
    _description = "Hidden Identity of a Complainant"
    _inherit = ["klachtenbeheer.dossier.line"]
    _follows_closing = True
    _rec_name = "complainant_name"

    partner_id = fields.Many2one("res.partner", index="btree_not_null")
    complainant_name = fields.Char("Name")
    complainant_organisation = fields.Char("Organisation")
    complainant_email = fields.Char("E-mail")
    complainant_phone = fields.Char("Phone")
    complainant_address = fields.Text("Address")

    _complaint_uniq = models.Constraint("UNIQUE(complaint_id)", "A complaint has one complainant.")

    @api.model
    def _get_dossier_domain(self, operation):
        known = self.env["klachtenbeheer.complaint"]._get_power_domain("identity")
        domain = super()._get_dossier_domain(operation)
        return domain & Domain("complaint_id", "any!", known)


class ComplaintIdentity(models.Model):
    _inherit = "klachtenbeheer.complaint"

    identity_ids = fields.One2many(
        "klachtenbeheer.identity", "complaint_id", "Hidden identity", groups=KNOWING
    )
    accepts_limited_answer = fields.Boolean(
        "Accepts a general answer",
        help="The complainant knows that whoever stays unknown gets a general answer only.",
    )

    # ---------------------------------------------------------------- hiding and showing

    def _sync_identity(self, vals):
        """Hide or show who complained, after these values were stored."""
        if vals.get("hide_identity") or set(vals) & set(IDENTITY_FIELDS):
            self._hide_identity()
        if "hide_identity" in vals and not vals["hide_identity"]:
            self._show_identity()

    def _hide_identity(self):
        """Move who complained to where only the coordinator looks, if it is to stay hidden."""
        # whoever registers a complaint may promise secrecy, and then sees it no more
        hidden_su = self.sudo().filtered("hide_identity")
        for complaint in hidden_su:
            found = {fname: complaint[fname] for fname in IDENTITY_FIELDS if complaint[fname]}
            if found:
                complaint._move_identity(found)
        hidden_su._hide_senders()

    def _move_identity(self, found):
        partner = self.partner_id
        vals = {**found, **({"partner_id": partner.id} if partner else {})}
        if self.identity_ids:
            self.identity_ids.write(vals)
        else:
            self.identity_ids = [Command.create(vals)]
        self.message_unsubscribe(partner.ids)
        # nothing is found there any more, so this ends here
        self.write({**dict.fromkeys(IDENTITY_FIELDS, False), "addressee_id": False})

    def _show_identity(self):
        """The complainant withdraws the wish; the identity is on the dossier again."""
        for complaint in self.sudo():  # the identity is not readable for everybody
            identity = complaint.identity_ids
            if not identity:
                continue
            vals = {fname: identity[fname] for fname in IDENTITY_FIELDS if fname != "partner_id"}
            partner = identity.partner_id
            identity.unlink()
            complaint.write({"partner_id": partner.id, **vals})

    @api.constrains("hide_identity", "accepts_limited_answer")
    def _check_accepts_limited_answer(self):
        """Whoever stays unknown accepts that the answer is a general one (KK22)."""
        for complaint in self:
            asked = complaint.hide_identity and complaint.policy_id.hidden_accepts_limited
            if asked and not complaint.accepts_limited_answer:
                raise UserError(
                    self.env._(
                        "Whoever stays unknown gets a general answer only: note that the"
                        " complainant accepts that."
                    )
                )

    # ---------------------------------------------------------------- messages

    def _hide_senders(self):
        """Messages of the complainant no longer tell whose they are."""
        self._hide_message_ids()  # first, as these are found by their author
        for complaint in self.sudo():  # the rule holds whoever promises secrecy
            messages = complaint.message_ids.filtered(
                lambda message: complaint._is_complainant(  # noqa: B023
                    message.author_id.id, message.email_from
                )
            )
            messages.write({"author_id": False, "email_from": self._get_hidden_sender()})
            messages.write({"reply_to": False})

    def _get_hidden_sender(self):
        return formataddr((self.env._("Complainant"), UNKNOWN_EMAIL))

    def _is_complainant(self, author_id, email_from):
        """Whether a message is of the person whose identity is hidden here."""
        identity = self.sudo().identity_ids  # to keep it hidden
        email = email_normalize(email_from or "")
        known = {
            email_normalize(identity.complainant_email or ""),
            identity.partner_id.email_normalized,
        }
        return bool(
            (author_id and author_id == identity.partner_id.id) or (email and email in known)
        )

    def message_post(self, *, author_id=None, email_from=None, **kwargs):
        """What the complainant sends in is put on the dossier without who that is."""
        thread = self
        if self.hide_identity:
            poster = author_id or (None if email_from else self.env.user.partner_id.id)
            if self._is_complainant(poster, email_from):
                author_id, email_from = False, self._get_hidden_sender()
                self.check_access("read")
                # nor does the record of the message itself tell who made it
                thread = self.with_user(SUPERUSER_ID)
        return super(ComplaintIdentity, thread).message_post(
            author_id=author_id, email_from=email_from, **kwargs
        )

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        """Nobody is addressed by default: a message to the complainant goes through its own
        dialog, so that a remark for colleagues never leaves, nor a hidden address is told."""
        return {complaint.id: [] for complaint in self}

    def _get_complainant(self):
        """Name, addresses and partner of the complainant, hidden or not, for letters.

        :return: dict of the identity fields; `partner_id` is an id
        """
        self.ensure_one()
        source = self.sudo().identity_ids or self  # a letter must find its addressee
        return {
            fname: source[fname].id if fname == "partner_id" else source[fname]
            for fname in IDENTITY_FIELDS
        }
