from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import Missing
from ..platform.groups import HANDLERS
from .hearing import OFFERED, PLANNED


class ComplaintAfterwards(models.Model):
    """What follows on the outcome: measures, objections, external routes."""

    _inherit = "klachtenbeheer.complaint"

    measure_link_ids = fields.One2many(
        "klachtenbeheer.measure.link", "complaint_id", "Measures told", groups=HANDLERS
    )
    measure_ids = fields.Many2many(
        "klachtenbeheer.measure",
        string="Measures and recommendations",
        compute="_compute_measure_ids",
        inverse="_inverse_measure_ids",
        search="_search_measure_ids",
        groups=HANDLERS,
    )
    has_measures = fields.Boolean(
        compute="_compute_has_measures",
        groups=HANDLERS,
        help="There are measures for the complainant to hear of.",
    )
    objection_ids = fields.One2many(
        "klachtenbeheer.objection", "complaint_id", "Disagreement", groups=HANDLERS
    )
    referral_ids = fields.One2many(
        "klachtenbeheer.referral", "complaint_id", "External routes", groups=HANDLERS
    )
    measures_told = fields.Boolean(
        compute="_compute_measures_told",
        groups=HANDLERS,
        help="The complainant was told of every measure (SJ22).",
    )
    register_followed_up = fields.Boolean(
        compute="_compute_register_followed_up",
        groups=HANDLERS,
        help="What had to be registered as an exception led to a measure, or to none (KK35).",
    )
    measures_dated = fields.Boolean(
        compute="_compute_measures_dated",
        groups=HANDLERS,
        help="Of every measure it is known by when it is realised.",
    )

    # ---------------------------------------------------------------- measures

    @api.depends("measure_link_ids.measure_id")
    @api.depends_context("uid")
    def _compute_measure_ids(self):
        for complaint in self:
            complaint.measure_ids = complaint._get_visible_measure_links().measure_id

    def _get_visible_measure_links(self):
        """Without measures that came from a complaint about the user as well."""
        links = self.measure_link_ids
        if self.env.su:
            return links
        # of which measure a link is, is asked to find out who may see that measure
        visible = links.sudo().measure_id.sudo(False)._filtered_access("read")
        return links.filtered(lambda link: link.sudo().measure_id in visible)

    def _inverse_measure_ids(self):
        for complaint in self:
            wanted, links = complaint.measure_ids, complaint._get_visible_measure_links()
            links.filtered(lambda link: link.measure_id not in wanted).unlink()  # noqa: B023
            complaint.measure_link_ids = [
                (0, 0, {"measure_id": measure.id}) for measure in wanted - links.exists().measure_id
            ]

    @api.model
    def _search_measure_ids(self, operator, value):
        return Domain("measure_link_ids.measure_id", operator, value)

    @api.depends(
        "measure_link_ids.communicated_on",
        "measure_link_ids.measure_id.state",
        "measure_link_ids.measure_id.kind",
    )
    def _compute_measures_told(self):
        for complaint in self:
            complaint.measures_told = not complaint.measure_link_ids.filtered(
                lambda link: not link.communicated_on and link.measure_id._concerns_complainant()
            )

    @api.depends("measure_link_ids.measure_id.state", "measure_link_ids.measure_id.kind")
    def _compute_has_measures(self):
        for complaint in self:
            measures = complaint.measure_link_ids.measure_id
            complaint.has_measures = any(measure._concerns_complainant() for measure in measures)

    @api.depends(
        "policy_id.register_rule", "unwanted_behaviour", "is_repeated", "measure_ids", "no_measures"
    )
    def _compute_register_followed_up(self):
        for complaint in self:
            followed_up = complaint.measure_ids or complaint.no_measures
            complaint.register_followed_up = (
                bool(followed_up) or not complaint._is_forced_exception()
            )

    @api.depends("measure_ids.due_on", "measure_ids.realised_on", "no_measures")
    def _compute_measures_dated(self):
        for complaint in self:
            measures = complaint.measure_ids
            complaint.measures_dated = (
                all(measure.due_on or measure.realised_on for measure in measures)
                if measures
                else complaint.no_measures
            )

    def _tell_measures(self, day):
        """The complainant was told of all measures so far, on a local date."""
        # telling is part of a letter or event that the user was allowed to send or record
        links = self.sudo().measure_link_ids.filtered(lambda link: not link.communicated_on)
        links.communicated_on = day

    # ---------------------------------------------------------------- before closing

    def _get_open_lines(self):
        """Nor is a complaint closed while somebody waits for a conversation, or for a word
        on what they sent in."""
        complaint_su = self.sudo()  # whoever closes hears what is open
        conversations = complaint_su.hearing_ids.filtered(
            lambda hearing: hearing.state in (OFFERED, PLANNED)
        )
        undecided = complaint_su.hearing_ids.filtered(lambda hearing: hearing._is_undecided())
        disagreements = complaint_su.objection_ids.filtered(lambda line: line.state == "draft")
        return [
            *(
                Missing(
                    self.env._("%s: hold it, or note why not", conversation.display_name),
                    "hearing_ids",
                )
                for conversation in conversations
            ),
            *(
                Missing(
                    self.env._("%s: choose how it ended", conversation.display_name),
                    "hearing_ids",
                )
                for conversation in undecided
            ),
            *(
                Missing(
                    self.env._("%s: register it, or note why not", disagreement.display_name),
                    "objection_ids",
                )
                for disagreement in disagreements
            ),
        ]
