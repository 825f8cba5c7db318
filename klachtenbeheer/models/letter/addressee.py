from odoo import api, fields, models

from ..policy.letter_type import CALLED_IN
from .letter import ADDRESS_FIELDS, DELIVERIES, DRAFT, EMAIL, POST

COMPLAINANT, RESPONDENT, INTERNAL = "complainant", "respondent", "internal"


class LetterAddressee(models.Model):
    """To whom a letter goes. Somebody complained about gets it as a private person: it gives
    no right on the dossier, and shows as little of the complainant as possible (BA9)."""

    _inherit = "klachtenbeheer.letter"

    audience = fields.Selection(related="type_id.audience")
    partner_id = fields.Many2one(
        "res.partner",
        "Addressee",
        compute="_compute_addressee",
        store=True,
        readonly=False,
        index="btree_not_null",
    )
    addressee_name = fields.Char("Name", compute="_compute_addressee", store=True, readonly=False)
    addressee_email = fields.Char(
        "E-mail", compute="_compute_addressee", store=True, readonly=False
    )
    addressee_address = fields.Text(
        "Address", compute="_compute_addressee", store=True, readonly=False
    )
    delivery = fields.Selection(
        DELIVERIES, "Send by", compute="_compute_addressee", store=True, readonly=False
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        compute="_compute_addressee",
        store=True,
        readonly=False,
    )
    salutation = fields.Char(compute="_compute_salutation", store=True, readonly=False)

    copy_ids = fields.Many2many(
        "res.partner",
        "klachtenbeheer_letter_copy_rel",
        string="Copy to",
        compute="_compute_copy_ids",
        store=True,
        help="Who assists the complainant and gets copies with the complainant's consent.",
    )

    @api.depends(
        "complaint_id.partner_id",
        "complaint_id.addressee_id",
        "complaint_id.complainant_name",
        "complaint_id.complainant_email",
        "complaint_id.complainant_address",
        "complaint_id.complainant_lang",
        "complaint_id.preferred_delivery",
        "complaint_id.is_anonymous",
        "complaint_id.assistance_ids.email",
        "complaint_id.respondent_ids",
        "complaint_id.escalation_level",
        "complaint_id.board_involved",
    )
    def _compute_addressee(self):
        for letter in self:
            if letter.state == DRAFT:
                letter.update(letter._get_addressee())
            else:
                letter._freeze_values(ADDRESS_FIELDS - {"posted_on"} | {"lang"})

    @api.depends("addressee_name", "lang")
    def _compute_salutation(self):
        for letter in self:
            if letter.state == DRAFT:
                letter.salutation = letter._get_salutation()
            else:
                letter._freeze_values({"salutation"})

    @api.depends(
        "partner_id",
        "complaint_id.assistance_ids.gets_copies",
        "complaint_id.assistance_ids.partner_id",
        "complaint_id.respondent_ids",
    )
    def _compute_copy_ids(self):
        for letter in self:
            letter.copy_ids = (
                letter._get_copy_partners() if letter.state == DRAFT else letter.copy_ids
            )

    # ---------------------------------------------------------------- to whom

    def _get_addressee(self):
        match self.type_id.audience:
            case "respondent":
                return self._get_respondent_addressee()
            case "internal":
                return self._get_internal_addressee()
            case _:
                return self.complaint_id._get_addressee()

    def _get_respondent_addressee(self):
        """The one who was chosen, or the first who did not hear of it yet."""
        complaint_su = self.complaint_id.sudo()  # who writes the letter handles the complaint
        respondents = complaint_su.respondent_ids
        chosen = self.sudo().partner_id & respondents
        partner = chosen or self.type_id.sudo()._get_untold(complaint_su)[:1] or respondents[:1]
        address = complaint_su._get_postal_address(partner) if partner else ""
        return {
            "partner_id": partner.id,
            "addressee_name": partner.name,
            "addressee_email": partner.email,
            "addressee_address": address,
            "delivery": EMAIL if partner.email or not address else POST,
            "lang": partner.lang or complaint_su._get_default_lang(),
        }

    def _get_internal_addressee(self):
        role = self._get_internal_role()
        users_su = self.complaint_id.sudo()._get_role_people(role)  # a role is no secret
        return {
            "partner_id": users_su.partner_id[:1].id,
            "addressee_name": self.sudo().policy_id._get_role_title(role),
            "addressee_email": ", ".join(filter(None, users_su.mapped("email"))),
            "addressee_address": False,
            "delivery": EMAIL,
            "lang": self.complaint_id.sudo()._get_default_lang(),
        }

    def _get_internal_role(self):
        """The role that an internal letter goes to: as its kind says, or who was called in."""
        role = self.type_id._get_internal_code()
        if role != CALLED_IN:
            return role
        complaint_su = self.complaint_id.sudo()  # who was called in is no secret
        level = complaint_su.escalation_level
        return "board" if level == "none" and complaint_su.board_involved else level

    # ---------------------------------------------------------------- copies

    def _get_copy_partners(self):
        """Who assists and may have copies by the complainant's own choice (BA17)."""
        if self.type_id.audience != COMPLAINANT:
            return self.env["res.partner"]
        complaint_su = self.complaint_id.sudo()  # consent decides, not who writes
        agreed = complaint_su.assistance_ids.filtered("gets_copies").partner_id
        return agreed - self.sudo().partner_id - complaint_su.respondent_ids
