from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

# Roles in which somebody speaks for the organisation.
FOR_US = ("handler", "supervisor", "second_representative")

# Roles on the side of who complains: they tell who that is.
FOR_COMPLAINANT = ("complainant", "representative", "expert")


class HearingParticipant(models.Model):
    """Somebody who is invited to a conversation, and in what role."""

    _name = "klachtenbeheer.hearing.participant"
    _description = "Participant in a Conversation"
    _inherit = ["klachtenbeheer.dossier.part"]
    _part_of = ("hearing_id",)
    _order = "id"

    hearing_id = fields.Many2one(
        "klachtenbeheer.hearing", required=True, ondelete="cascade", index=True
    )
    complaint_id = fields.Many2one(related="hearing_id.complaint_id", store=True, index=True)
    role = fields.Selection(
        [
            ("complainant", "Complainant"),
            ("respondent", "Complained about"),
            ("representative", "Representative"),
            ("expert", "Expert of the complainant"),
            ("handler", "Handler"),
            ("supervisor", "Supervisor"),
            ("second_representative", "Second representative of the organisation"),
            ("other", "Somebody else"),
        ],
        required=True,
        default="complainant",
    )
    partner_id = fields.Many2one("res.partner", index="btree_not_null")
    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    present = fields.Boolean(default=True)

    @api.model
    def _get_untold_domain(self):
        return Domain("role", "not in", FOR_COMPLAINANT)

    @api.depends("partner_id")
    def _compute_name(self):
        for participant in self:
            participant.name = participant.partner_id.name or participant.name

    @api.constrains("partner_id", "role")
    def _check_respondent(self):
        """Who is complained about gives his own side, and speaks for nobody else."""
        for participant in self:
            respondents = participant.complaint_id.respondent_ids
            if participant.partner_id in respondents and participant._speaks_for_us():
                raise ValidationError(
                    self.env._(
                        "%s is complained about and can't speak for the organisation here.",
                        participant.partner_id.name,
                    )
                )

    def _speaks_for_us(self):
        return self.role in FOR_US
