from odoo import api, fields, models
from odoo.fields import Domain

from ..complaint.complaint import HANDLERS

REPRESENTATIVES = ("legal_representative", "representative")


class Assistance(models.Model):
    """Who speaks or thinks along for the complainant: representatives (BA11, SJ11) and
    experts, as many as the complainant wants (BA17), and who complains together (T53)."""

    _name = "klachtenbeheer.assistance"
    _description = "Representative or Expert of a Complainant"
    _inherit = ["klachtenbeheer.dossier.line"]
    _follows_closing = True

    partner_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict")
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

    @api.depends("partner_id.name", "kind")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.partner_id.name


class ComplaintAssistance(models.Model):
    _inherit = "klachtenbeheer.complaint"

    assistance_ids = fields.One2many(
        "klachtenbeheer.assistance",
        "complaint_id",
        "Representatives and experts",
        groups=HANDLERS,
    )
    representative_ids = fields.Many2many(
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
            lines.filtered(lambda line: line.partner_id not in wanted).unlink()  # noqa: B023
            complaint.assistance_ids = [
                (0, 0, {"partner_id": partner.id})
                for partner in wanted - complaint.assistance_ids.partner_id
            ]
