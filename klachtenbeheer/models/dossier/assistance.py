from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..platform.groups import HANDLERS

REPRESENTATIVES = ("legal_representative", "representative")


class Assistance(models.Model):
    """Who speaks or thinks along for the complainant: representatives (BA11, SJ11) and
    experts, as many as the complainant wants (BA17), and who complains together (T53)."""

    _name = "klachtenbeheer.assistance"
    _description = "Representative or Expert of a Complainant"
    _inherit = ["klachtenbeheer.dossier.line"]
    _follows_closing = True

    # Who it is stands here. A contact, which all colleagues find, is made only when somebody
    # decides so, and never of who helps somebody that stays unknown.
    partner_id = fields.Many2one("res.partner", "Contact", index=True, ondelete="restrict")
    name = fields.Char(compute="_compute_person", store=True, readonly=False)
    email = fields.Char("E-mail", compute="_compute_person", store=True, readonly=False)
    phone = fields.Char(compute="_compute_person", store=True, readonly=False)
    kind = fields.Selection(
        [
            ("legal_representative", "Legal representative"),
            ("representative", "Representative"),
            ("expert", "Expert"),
            ("joint", "Complains as well"),
        ],
        required=True,
        default="representative",
    )
    relation = fields.Char(help="What this person is to the complainant, in their own words.")
    is_authorised = fields.Boolean("Authorised", help="By law, or by the complainant in writing.")
    authorisation_ids = fields.Many2many("ir.attachment")
    gets_copies = fields.Boolean("Gets copies", help="The complainant agrees to copies of letters.")
    sees_portal = fields.Boolean(
        "Follows on the portal", help="The complainant agrees that this person follows the case."
    )

    _partner_uniq = models.Constraint(
        "UNIQUE(complaint_id, partner_id)", "This person is on the dossier already."
    )

    @api.model
    def _get_untold_domain(self):
        return Domain.FALSE

    @api.depends("partner_id.name", "partner_id.email", "partner_id.phone")
    def _compute_person(self):
        for line in self.filtered("partner_id"):
            partner_su = line.partner_id.sudo()  # whoever sees the line sees who it is
            line.update({fname: partner_su[fname] for fname in ("name", "email", "phone")})

    @api.depends("name", "kind")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.name

    @api.constrains("name", "partner_id", "gets_copies", "sees_portal")
    def _check_person(self):
        for line in self:
            if not (line.name or line.partner_id):
                raise ValidationError(self.env._("Fill in who it is."))
            if not line.partner_id and (line.gets_copies or line.sees_portal):
                raise ValidationError(
                    self.env._(
                        "Put %s in the address book first, for copies or the portal.", line.name
                    )
                )

    def action_make_contact(self):
        """Put these people in the address book, where all colleagues find them.

        :raise AccessError: by somebody who does not coordinate the dossier
        :raise UserError: the complainant wants to stay unknown
        """
        self.check_access("write")
        for line in self.filtered(lambda line: not line.partner_id):
            complaint = line.complaint_id
            if not complaint._has_power("assign"):
                raise AccessError(self.env._("Only the coordinator makes a contact of somebody."))
            if complaint.hide_identity:
                raise UserError(
                    self.env._(
                        "The complainant wants to stay unknown: who helps does not go into the"
                        " address book."
                    )
                )
            speaks = complaint._get_speaker() == line
            line.partner_id = line._make_partner()
            if speaks:
                complaint.addressee_id = line.partner_id

    def _make_partner(self):
        # who coordinates need not be allowed to change the address book otherwise
        return (
            self.env["res.partner"]
            .sudo()
            .create(
                {
                    "name": self.name,
                    "email": self.email,
                    "phone": self.phone,
                    "lang": self.complaint_id.complainant_lang,
                    "company_id": self.complaint_id.company_id.id,
                }
            )
        )


class ComplaintAssistance(models.Model):
    _inherit = "klachtenbeheer.complaint"

    assistance_ids = fields.One2many(
        "klachtenbeheer.assistance",
        "complaint_id",
        "Representatives and experts",
        groups=HANDLERS,
    )
    representative_ids = fields.Many2many(
        "res.partner",
        "klachtenbeheer_complaint_representative_rel",
        string="Representatives",
        compute="_compute_representative_ids",
        inverse="_inverse_representative_ids",
        store=True,
        readonly=False,
    )

    @api.depends("assistance_ids.partner_id", "assistance_ids.kind", "hide_identity")
    def _compute_representative_ids(self):
        for complaint in self:
            if complaint.hide_identity:
                # who speaks for somebody tells who that is
                complaint.representative_ids = False
                continue
            lines = complaint.assistance_ids.filtered(lambda line: line.kind in REPRESENTATIVES)
            complaint.representative_ids = lines.partner_id

    def _inverse_representative_ids(self):
        for complaint in self:
            wanted = complaint.representative_ids
            lines = complaint.assistance_ids.filtered(lambda line: line.kind in REPRESENTATIVES)
            # those without a contact stand in no list of contacts
            lines.filtered(lambda line: line.partner_id - wanted).unlink()  # noqa: B023
            complaint.assistance_ids = [
                (0, 0, {"partner_id": partner.id})
                for partner in wanted - complaint.assistance_ids.partner_id
            ]

    def _get_speaker(self):
        """Who speaks for a complainant that can't be reached, and is no contact."""
        lines = self.sudo().assistance_ids  # a letter must find its addressee
        complainant = self._get_complainant()
        if self.hide_identity or any(
            complainant[fname] for fname in ("complainant_email", "complainant_address")
        ):
            return lines.browse()
        speaks = lines.filtered(lambda line: line.kind in REPRESENTATIVES and line.email)
        return speaks.filtered(lambda line: not line.partner_id)[:1]
