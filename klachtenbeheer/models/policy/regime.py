from odoo import api, fields, models

from ...tools import (
    DECREE_DAYS,
    FIRST_DECREE_YEAR,
    LAST_DECREE_YEAR,
    REGIMES,
    ClosedDay,
    find_breaches,
)
from .closed_day import DECREE

ASK_FROM_MONTH = 10  # from October the days of the next year are asked for


class PolicyRegime(models.Model):
    """What the law asks of a policy, as far as its terms go, and the days that the law equates
    with holidays. Both warn; what is right stays the organisation's to decide."""

    _inherit = "klachtenbeheer.policy"

    regime = fields.Selection(
        [
            ("none", "None"),
            ("awb", "Awb chapter 9"),
            ("awb_committee", "Awb chapter 9, with a committee"),
            ("wkkgz", "Wkkgz"),
            ("childcare", "Wet kinderopvang"),
            ("youth", "Jeugdwet"),
        ],
        "Law that applies",
        default="none",
        required=True,
        help="You are warned where a term is longer than this law allows. Check the law that is"
        " in force: what the addon knows of it is a suggestion.",
    )
    law_note = fields.Html(
        "To check in the law", help="What is uncertain or a choice, for who sets this policy up."
    )
    regime_warning = fields.Text(compute="_compute_regime_warning")
    calendar_warning = fields.Text(compute="_compute_calendar_warning")

    # ---------------------------------------------------------------- regime

    @api.depends(
        "regime",
        "count_decree_days",
        "term_ids.amount",
        "term_ids.unit",
        "term_ids.count_from",
        "term_ids.end_rule",
        "term_ids.start_event_id",
        "term_ids.stop_event_ids",
        "term_ids.in_use",
        "term_ids.extendable",
        "term_ids.extension_amount",
        "term_ids.only_when",
    )
    @api.depends_context("lang")
    def _compute_regime_warning(self):
        for policy in self:
            policy.regime_warning = "\n".join(policy._get_regime_warnings()) or False

    def _get_regime_warnings(self):
        """In what the terms are longer or kinder to the organisation than the law (T57)."""
        regime = REGIMES.get(self.regime)
        terms = self.term_ids.filtered(lambda term: term.in_use and term.start_event_id)
        if not regime:
            return []
        extensions = {
            term.code: (term.extension_amount, term.unit) if term.extension_amount else None
            for term in terms
        }
        names = {term.code: term.name for term in terms}
        # where a committee advises the law gives more time, to those terms alone
        with_committee = terms.filtered(lambda term: term._is_for_committee())
        found = [
            (breach, law)
            for own, law in (
                (terms - with_committee, regime),
                (with_committee, REGIMES.get(f"{self.regime}_committee", regime)),
            )
            for breach in find_breaches(
                [term._to_tool() for term in own], law, self.get_calendar(), extensions
            )
        ]
        if [breach.kind for breach, _law in found] != ["no_term", "no_term"]:
            found = [(breach, law) for breach, law in found if breach.kind != "no_term"]
        else:
            found = found[:1]
        return [self._describe_breach(line, names.get(line.term), law) for line, law in found]

    def _describe_breach(self, breach, name, regime):
        law = regime.article
        match breach.kind:
            case "no_term":
                return self.env._("No term says when the complainant has our answer (%s).", law)
            case "later_start":
                return self.env._(
                    "“%(term)s” does not start on receipt, as the law does (%(law)s).",
                    term=name,
                    law=law,
                )
            case "extension":
                return self.env._(
                    "“%(term)s” can be extended by more than the law allows without the"
                    " complainant's consent: %(weeks)s weeks (%(law)s).",
                    term=name,
                    weeks=regime.extension_weeks,
                    law=law,
                )
        received, end, lawful = map(self._format_public_date, breach.example)
        return self.env._(
            "“%(term)s” is longer than the law allows: of a complaint received on %(received)s it"
            " ends on %(end)s, by law on %(lawful)s (%(law)s).",
            term=name,
            received=received,
            end=end,
            lawful=lawful,
            law=law,
        )

    # ---------------------------------------------------------------- decree days

    @api.depends("count_decree_days", "state")
    def _compute_calendar_warning(self):
        for policy in self:
            years = policy._get_years_without_decree()
            policy.calendar_warning = bool(years) and self.env._(
                "No days equated by royal decree are known for %s, so none are counted. Look in"
                " the Staatscourant, and add them to the closed days.",
                ", ".join(map(str, years)),
            )

    def _get_years_without_decree(self):
        """This year, and towards its end the next one, as far as no decree day of it is known."""
        if not self.count_decree_days:
            return []
        today = self.company_id._complaint_today()
        years = [today.year, today.year + 1] if today.month >= ASK_FROM_MONTH else [today.year]
        unknown = [year for year in years if not FIRST_DECREE_YEAR <= year <= LAST_DECREE_YEAR]
        days_su = self.env["klachtenbeheer.closed.day"].sudo()  # which days are known is no secret
        own = days_su.search([("company_id", "=", self.company_id.id), ("kind", "=", DECREE)])
        return [year for year in unknown if year not in {day.date.year for day in own}]

    def _get_shipped_days(self):
        """The decree days that were published, where the policy counts them."""
        name = self.env._("day equated by royal decree")
        shipped = DECREE_DAYS if self.count_decree_days else ()
        return [ClosedDay(day, DECREE, name) for day in shipped]
