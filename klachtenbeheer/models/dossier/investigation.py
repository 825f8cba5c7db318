from odoo import api, fields, models
from odoo.tools import is_html_empty

from ...tools import Mark
from ..platform.groups import HANDLERS
from ..policy.verdict import NOT_UPHELD, PARTLY, UPHELD
from .hearing import HEARING_PURPOSES, HELD, PLANNED, WAIVED


class ComplaintInvestigation(models.Model):
    """Facts, grievances and hearing both sides; the overall verdict follows from them."""

    _name = "klachtenbeheer.complaint"
    _inherit = ["klachtenbeheer.complaint", "klachtenbeheer.judged"]

    fact_ids = fields.One2many("klachtenbeheer.fact", "complaint_id", "Facts", groups=HANDLERS)
    grievance_ids = fields.One2many(
        "klachtenbeheer.grievance", "complaint_id", "Grievances", groups=HANDLERS
    )
    hearing_ids = fields.One2many(
        "klachtenbeheer.hearing", "complaint_id", "Conversations", groups=HANDLERS
    )
    agreement_ids = fields.One2many(
        "klachtenbeheer.agreement", "complaint_id", "Contacts and agreements", groups=HANDLERS
    )
    verdict_choice_ids = fields.Many2many(groups=HANDLERS)
    verdict_id = fields.Many2one(
        compute="_compute_verdict_id", store=True, readonly=False, tracking=True, groups=HANDLERS
    )
    verdict = fields.Selection(string="Verdict, as it counts", groups=HANDLERS)
    verdicts_complete = fields.Boolean(
        compute="_compute_verdicts_complete",
        groups=HANDLERS,
        help="Every grievance is judged, with a reason.",
    )
    parties_heard = fields.Boolean(
        compute="_compute_parties_heard",
        groups=HANDLERS,
        help="Complainant and everybody complained about were heard, or it is noted why not.",
    )
    unheard_text = fields.Char(compute="_compute_parties_heard", groups=HANDLERS)

    # ---------------------------------------------------------------- verdict

    @api.depends("grievance_ids.verdict_id")
    def _compute_verdict_id(self):
        for complaint in self:
            points = complaint.grievance_ids
            if not points:
                complaint.verdict_id = complaint.verdict_id
            elif not all(point.verdict_id for point in points):
                complaint.verdict_id = False
            else:
                complaint.verdict_id = complaint._get_overall_verdict(points.verdict_id)

    def _get_overall_verdict(self, verdicts):
        """What the verdicts on the points of a complaint come to together: partly upheld where
        one of them is and others are not, else the one that judges, else the first."""
        if len(verdicts) == 1:
            return verdicts
        if verdicts.filtered(lambda verdict: verdict.counts_as in (UPHELD, PARTLY)):
            return self.policy_id._find_verdict(PARTLY)
        judging = verdicts.filtered(lambda verdict: verdict.counts_as == NOT_UPHELD)
        return (judging or verdicts.sorted("sequence"))[:1]

    @api.constrains("verdict_id", "policy_id")
    def _check_verdict(self):
        return super()._check_verdict()

    @api.depends("grievance_ids.verdict_id", "grievance_ids.motivation")
    def _compute_verdicts_complete(self):
        for complaint in self:
            complaint.verdicts_complete = all(
                point.verdict_id and not is_html_empty(point.motivation)
                for point in complaint.grievance_ids
            )

    # ---------------------------------------------------------------- both sides

    @api.depends(
        "hearing_ids.state",
        "hearing_ids.purpose",
        "hearing_ids.participant_ids.present",
        "hearing_ids.participant_ids.partner_id",
        "hearing_ids.participant_ids.role",
        "respondent_ids",
    )
    def _compute_parties_heard(self):
        for complaint in self:
            unheard = complaint._get_unheard()
            complaint.parties_heard = not unheard
            complaint.unheard_text = ", ".join(unheard)

    def _get_unheard(self):
        """Who was neither heard nor declined, as names (SB31, BA8)."""
        self.ensure_one()
        done = self.hearing_ids.filtered(
            lambda hearing: hearing.purpose in HEARING_PURPOSES and hearing.state in (HELD, WAIVED)
        )
        heard = done.participant_ids.filtered("present")
        unheard = [
            partner.name
            for partner in self.respondent_ids
            if partner not in heard.filtered(lambda line: line.role == "respondent").partner_id
        ]
        sides = ("complainant", "representative")
        if not heard.filtered(lambda line: line.role in sides):
            unheard.insert(0, self.env._("the complainant"))
        return unheard

    # ---------------------------------------------------------------- named later

    def _replace_in_conversations(self):
        """Who is named later leads no conversation any more, nor takes part in one for us."""
        # the rule holds whoever names the respondent
        for complaint in self.sudo():
            complaint.hearing_ids._replace_respondents()

    # ---------------------------------------------------------------- picture of time

    def _get_conversation_marks(self):
        """Conversations that were held or are planned, for the picture of time."""
        purposes = dict(
            self.env["klachtenbeheer.hearing"]._fields["purpose"]._description_selection(self.env)
        )
        marks = []
        for hearing in self.hearing_ids:
            opens = (hearing._name, hearing.id)
            label = purposes[hearing.purpose]
            if hearing.state == HELD and hearing.held_on:
                marks.append(Mark(hearing.held_on, label, "conversation", opens=opens))
            elif hearing.state == PLANNED and hearing.planned_at:
                day = hearing._get_local_date(hearing.planned_at)
                marks.append(Mark(day, label, "planned", opens=opens))
        return marks
