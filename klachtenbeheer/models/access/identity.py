from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, formataddr

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
KNOWING = "klachtenbeheer.group_coordinator,klachtenbeheer.group_stand_in"


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
        coordinated = self.env["klachtenbeheer.complaint"]._get_coordinated_domain()
        domain = super()._get_dossier_domain(operation)
        return domain & Domain("complaint_id", "any!", coordinated)


class ComplaintIdentity(models.Model):
    _inherit = "klachtenbeheer.complaint"

    identity_ids = fields.One2many(
        "klachtenbeheer.identity", "complaint_id", "Hidden identity", groups=KNOWING
    )
    accepts_limited_answer = fields.Boolean(
        "Accepts a general answer",
        help="The complainant knows that whoever stays unknown gets a general answer only.",
    )

    def _after_registration(self):
        result = super()._after_registration()
        self.filtered("hide_identity")._hide_identity()
        return result

    def write(self, vals):
        if "hide_identity" not in vals:
            result = super().write(vals)
            if set(vals) & set(IDENTITY_FIELDS):
                self.filtered("hide_identity")._hide_identity()
            return result
        hidden = self.filtered("hide_identity")
        result = super().write(vals)
        if vals["hide_identity"]:
            (self - hidden)._hide_identity()
        else:
            hidden._show_identity()
        return result

    # These two are called by `write` and write past it.
    def _hide_identity(self):  # pylint: disable=missing-return
        """Move who complained to where only the coordinator looks."""
        # whoever registers a complaint may promise secrecy, and then sees it no more
        for complaint in self.sudo():
            found = {fname: complaint[fname] for fname in IDENTITY_FIELDS if complaint[fname]}
            if not found:
                continue
            vals = {**found, "partner_id": complaint.partner_id.id}
            if complaint.identity_ids:
                complaint.identity_ids.write({key: vals[key] for key in found})
            else:
                complaint.identity_ids = [(0, 0, vals)]
            complaint.message_unsubscribe(complaint.partner_id.ids)
            # pylint: disable-next=super-method-mismatch
            super(ComplaintIdentity, complaint).write(
                {**dict.fromkeys(IDENTITY_FIELDS, False), "addressee_id": False}
            )
        self._veil_messages()

    def _show_identity(self):  # pylint: disable=missing-return
        """The complainant withdraws the wish; the identity is on the dossier again."""
        for complaint in self.sudo():  # the identity is not readable for everybody
            identity = complaint.identity_ids
            vals = {fname: identity[fname] for fname in IDENTITY_FIELDS if fname != "partner_id"}
            partner = identity.partner_id
            identity.unlink()
            # pylint: disable-next=super-method-mismatch
            super(ComplaintIdentity, complaint).write({"partner_id": partner.id, **vals})

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

    def _veil_messages(self):
        """Messages of the complainant no longer tell whose they are."""
        for complaint in self.sudo():  # the rule holds whoever promises secrecy
            messages = complaint.message_ids.filtered(
                lambda message: complaint._is_complainant(  # noqa: B023
                    message.author_id.id, message.email_from
                )
            )
            messages.write({"author_id": False, "email_from": self._get_veiled_sender()})
            messages.write({"reply_to": False})

    def _get_veiled_sender(self):
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
                author_id, email_from = False, self._get_veiled_sender()
                self.check_access("read")
                # nor does the record of the message itself tell who made it
                thread = self.with_user(SUPERUSER_ID)
        return super(ComplaintIdentity, thread).message_post(
            author_id=author_id, email_from=email_from, **kwargs
        )

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        """Nobody is reminded of an address that is to stay unknown."""
        hidden = self.filtered("hide_identity")
        suggested = super(ComplaintIdentity, self - hidden)._message_get_suggested_recipients_batch(
            *args, **kwargs
        )
        return {**suggested, **{complaint.id: [] for complaint in hidden}}

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
