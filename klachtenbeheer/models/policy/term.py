from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools import Term as TermRule

ORGANISATION, COMPLAINANT = "organisation", "complainant"
# Event code by which one duty of one complaint is declared not applicable.
WAIVED = "waived"


class Term(models.Model):
    """One term of a policy: what starts it, what ends it, how long it is and whose it is.

    How days are counted is told in `tools/terms.py` and in terms.md 2.
    """

    _name = "klachtenbeheer.term"
    _description = "Term of a Complaint Policy"
    _inherit = ["klachtenbeheer.policy.line"]

    code = fields.Char(required=True)
    name = fields.Char("Duty", required=True)
    in_use = fields.Boolean(
        "Used", default=True, help="A term that a policy offers as an option can be left out."
    )
    clause = fields.Char(help="Where the policy says so, e.g. art. 6.")
    start_event_id = fields.Many2one(
        "klachtenbeheer.event.type", "Starts at", required=True, ondelete="restrict", index=True
    )
    stop_event_ids = fields.Many2many(
        "klachtenbeheer.event.type", "klachtenbeheer_term_stop_rel", string="Met by"
    )
    void_event_ids = fields.Many2many(
        "klachtenbeheer.event.type", "klachtenbeheer_term_void_rel", string="Falls away at"
    )
    amount = fields.Integer(required=True, help="0 means: the same day.")
    unit = fields.Selection(
        [("workday", "Werkdagen"), ("day", "Days"), ("week", "Weeks"), ("month", "Months")],
        default="workday",
        required=True,
    )
    count_from = fields.Selection(
        [("event", "The day of the event"), ("first_workday", "The first werkdag on or after it")],
        default="event",
        required=True,
    )
    end_rule = fields.Selection(
        [
            ("literal", "Stays where it falls"),
            ("next_workday", "Moves to the next werkdag"),
            ("previous_workday", "Moves to the previous werkdag"),
        ],
        "End on a day off",
        default="literal",
        required=True,
    )
    duty_of = fields.Selection(
        [(ORGANISATION, "Duty of the organisation"), (COMPLAINANT, "Right of the complainant")],
        default=ORGANISATION,
        required=True,
    )
    duty_role_id = fields.Many2one(
        "klachtenbeheer.policy.role",
        "Duty of the role",
        domain="[('policy_id', '=', policy_id)]",
        ondelete="restrict",
        index="btree_not_null",
        help="Whom we remind of it; empty is who handles the complaint.",
    )
    met_when = fields.Selection(
        [("sent", "Sent"), ("received", "Received")],
        "A letter is in time when",
        default="sent",
        required=True,
    )
    extendable = fields.Boolean()
    applies_to = fields.Selection(
        [
            ("all", "Every complaint"),
            ("written", "Written complaints"),
            ("oral", "Oral complaints"),
        ],
        default="all",
        required=True,
    )

    only_when = fields.Char(
        "Only when",
        help="On which complaints this term runs, as a condition; empty: all. Where its length"
        " depends on a fact, the policy has a term for each case.",
    )

    _code_uniq = models.Constraint("UNIQUE(policy_id, code)", "A policy has each term only once.")

    @api.constrains("amount")
    def _check_amount(self):
        if any(term.amount < 0 for term in self):
            raise ValidationError(self.env._("A term can't be negative; 0 means the same day."))

    @api.constrains("only_when")
    def _check_only_when(self):
        for term in self.filtered("only_when"):
            try:
                term._get_condition().validate(self.env["klachtenbeheer.complaint"].sudo())
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(
                    self.env._("“%s” is no condition that can be looked up.", term.only_when)
                ) from error

    def _get_condition(self):
        return Domain(literal_eval(self.only_when)) if self.only_when else Domain.TRUE

    def _is_for_committee(self):
        """Whether this term runs where a committee advises, and only there."""
        return any(
            condition.field_expr == "committee_advises"
            and condition.operator in ("=", "in")
            and condition.value in (True, [True])
            for condition in self._get_condition().iter_conditions()
        )

    def _get_asked_facts(self):
        """Names of the fields of a complaint on which it depends whether these terms run."""
        return {
            condition.field_expr.partition(".")[0]
            for term in self
            for condition in term._get_condition().iter_conditions()
        }

    def _to_tool(self):
        """The term as the value that `tools.project` works on."""
        self.ensure_one()
        return TermRule(
            code=self.code,
            start=self.start_event_id.code,
            stops=frozenset(self.stop_event_ids.mapped("code")),
            voids=frozenset(self.void_event_ids.mapped("code")) | {f"{WAIVED}:{self.code}"},
            amount=self.amount,
            unit=self.unit,
            count_from=self.count_from,
            end_rule=self.end_rule,
            duty_of=self.duty_of,
            extendable=self.extendable,
            met_when=self.met_when,
        )

    def _get_written_ones(self):
        """The terms that a complaint in writing can meet."""
        return self.filtered(lambda term: term.in_use and term.applies_to != "oral")

    def _applies_to(self, complaint):
        if not self.in_use:
            return False
        if self.applies_to != "all" and (self.applies_to == "written") != complaint.is_written:
            return False
        return not self.only_when or bool(complaint.filtered_domain(self._get_condition()))
