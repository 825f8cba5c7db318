from odoo import fields, models
from odoo.tools import SQL

from ..platform.groups import HANDLERS
from ..policy.term import ORGANISATION, WAIVED
from .counting import COMPLAINT, COUNTED, IS_ANSWER


def _get_labels(fname):
    """The choices of a field of the dossier."""
    return lambda self: self.env[COMPLAINT]._fields[fname]._description_selection(self.env)


class ComplaintFigures(models.Model):
    """One line for each dossier, in plain figures: for graphs, pivots, spreadsheets and tools
    outside. Read by the rules of the dossier."""

    _name = "klachtenbeheer.complaint.figures"
    _description = "Figures of a Complaint"
    _inherit = ["klachtenbeheer.dossier.part"]
    _auto = False
    _order = "received_on desc, id desc"
    _rec_name = "theme"
    _depends = {
        COMPLAINT: [
            *("policy_id", "company_id", "stage_id", "category_id", "received_on", "closed_on"),
            *("is_closed", "nature", "kind", "severity", "source", "verdict", "outcome", "channel"),
            *("escalation_level", "in_register", "incident_place", "is_practice"),
        ],
        "klachtenbeheer.event": ["complaint_id", "code", "occurred_on", "voided"],
        "klachtenbeheer.category": ["name"],
    }

    complaint_id = fields.Many2one(COMPLAINT, readonly=True)
    policy_id = fields.Many2one("klachtenbeheer.policy", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    stage_id = fields.Many2one("klachtenbeheer.stage", readonly=True)
    received_on = fields.Date("Received on", readonly=True)
    closed_on = fields.Date(readonly=True)
    is_closed = fields.Boolean("Closed", readonly=True)
    counted = fields.Boolean(
        "Counts as a complaint", readonly=True, help="No suggestion, in scope, in the register."
    )
    theme = fields.Char("Subject", readonly=True)
    place = fields.Char("Happened at", readonly=True)
    kind = fields.Selection(_get_labels("kind"), readonly=True)
    severity = fields.Selection(_get_labels("severity"), readonly=True)
    source = fields.Selection(_get_labels("source"), readonly=True)
    verdict = fields.Selection(_get_labels("verdict"), readonly=True)
    outcome = fields.Selection(_get_labels("outcome"), readonly=True)
    channel = fields.Selection(_get_labels("channel"), readonly=True)
    escalation_level = fields.Selection(_get_labels("escalation_level"), readonly=True)
    answer_days = fields.Integer("Days to answer", readonly=True, aggregator="avg")
    lead_days = fields.Integer("Days to closing", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT c.id, c.id AS complaint_id, c.policy_id, c.company_id, c.stage_id,
                   c.received_on, c.closed_on, c.is_closed, %(counted)s AS counted,
                   category.name AS theme, c.incident_place AS place, c.kind, c.severity,
                   c.source, c.verdict, c.outcome, c.channel, c.escalation_level,
                   (SELECT MIN(e.occurred_on) FROM klachtenbeheer_event e
                     WHERE e.complaint_id = c.id AND %(is_answer)s) - c.received_on AS answer_days,
                   c.closed_on - c.received_on AS lead_days
              FROM klachtenbeheer_complaint c
         LEFT JOIN klachtenbeheer_category category ON category.id = c.category_id
            """,
            counted=COUNTED,
            is_answer=IS_ANSWER,
        )

    def action_open_dossier(self):
        return self.complaint_id._get_records_action()


class DutyFigures(models.Model):
    """One line for each duty of the organisation on a complaint that counts: done in time, late,
    or not yet. Read by the rules of the dossier."""

    _name = "klachtenbeheer.duty.figures"
    _description = "Figures of a Duty"
    _inherit = ["klachtenbeheer.dossier.part"]
    _auto = False
    _order = "due_on desc, id desc"
    _rec_name = "duty"
    _depends = {
        "klachtenbeheer.deadline": [
            *("complaint_id", "term_id", "code", "duty_of", "company_id"),
            *("due_on", "met_on", "void_on", "void_by"),
        ],
        COMPLAINT: [
            *("policy_id", "received_on", "nature", "outcome", "in_register", "kind"),
            "is_practice",
        ],
        "klachtenbeheer.term": ["name"],
    }

    complaint_id = fields.Many2one(COMPLAINT, readonly=True)
    policy_id = fields.Many2one("klachtenbeheer.policy", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    received_on = fields.Date("Received on", readonly=True)
    code = fields.Char(readonly=True)
    duty = fields.Char(readonly=True)
    due_on = fields.Date("Due date", readonly=True)
    met_on = fields.Date(readonly=True)
    # a graph colours them in the order of their keys: late is the red one
    result = fields.Selection(
        [
            ("in_time", "In time"),
            ("late", "Late"),
            ("open", "Not done yet"),
            ("no_longer", "Fell away"),
        ],
        readonly=True,
    )
    days_late = fields.Integer("Days late", readonly=True, aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT d.id, d.complaint_id, c.policy_id, d.company_id, c.received_on, d.code,
                   term.name AS duty, d.due_on, d.met_on,
                   CASE WHEN d.met_on <= d.due_on THEN 'in_time'
                        WHEN d.met_on > d.due_on THEN 'late'
                        WHEN d.void_on IS NULL THEN 'open'
                        WHEN d.void_on > d.due_on
                             AND COALESCE(d.void_by, '') NOT LIKE %(waived)s THEN 'late'
                        ELSE 'no_longer' END AS result,
                   GREATEST(COALESCE(d.met_on, d.void_on) - d.due_on, 0) AS days_late
              FROM klachtenbeheer_deadline d
              JOIN klachtenbeheer_complaint c ON c.id = d.complaint_id AND %(counted)s
              JOIN klachtenbeheer_term term ON term.id = d.term_id
             WHERE d.duty_of = %(organisation)s
            """,
            waived=f"{WAIVED}:%",
            counted=COUNTED,
            organisation=ORGANISATION,
        )


class Complaint(models.Model):
    _inherit = "klachtenbeheer.complaint"

    duty_figure_ids = fields.One2many(
        "klachtenbeheer.duty.figures", "complaint_id", readonly=True, groups=HANDLERS
    )
