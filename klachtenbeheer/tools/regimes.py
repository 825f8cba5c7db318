"""What the law allows at most, for the regimes that set a term for handling complaints; and in
what a policy is longer or kinder to the organisation than that (T57).

The figures are suggestions to check against the law in force, with the article they come from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from .terms import Term, compute_due
from .workdays import ONE_DAY, WorkCalendar

DECIDING = frozenset({"answered", "decided"})
NO_TERM, LONGER, LATER_START, EXTENSION = "no_term", "longer", "later_start", "extension"
# Long enough for every position of weekends and holidays that these terms can meet.
_SAMPLE = (date(2026, 1, 1), date(2028, 12, 31))


@dataclass(frozen=True)
class Regime:
    """The longest term to decide and the longest extension by the organisation alone, in weeks."""

    code: str
    weeks: int
    extension_weeks: int
    article: str

    def to_term(self) -> Term:
        """The statutory term: from receipt; one that ends on a day off ends on the next werkdag
        (art. 1 Algemene termijnenwet)."""
        return Term(self.code, "received", DECIDING, self.weeks, "week", end_rule="next_workday")


REGIMES: Mapping[str, Regime] = {
    regime.code: regime
    for regime in (
        Regime("awb", 6, 4, "art. 9:11 Awb"),
        Regime("awb_committee", 10, 4, "art. 9:11 Awb"),
        Regime("wkkgz", 6, 4, "art. 17 Wkkgz"),
        Regime("childcare", 6, 0, "art. 1.57b Wet kinderopvang"),
    )
}


@dataclass(frozen=True)
class Breach:
    """In what a term goes beyond the regime. `example` is (receipt, its end, the last lawful day)
    for one that is longer. `term` is '' where no term decides at all."""

    kind: str
    term: str
    example: tuple[date, date, date] | None = None


def find_breaches(
    terms: Iterable[Term],
    regime: Regime,
    calendar: WorkCalendar,
    extensions: Mapping[str, tuple[int, str] | None],
) -> list[Breach]:
    """In what the terms that decide on a complaint are longer or kinder than the regime allows.

    :param extensions: {term code: (amount, unit) that an extension takes at most, or None where
        nothing limits it} for the terms that can be extended
    """
    deciding = [term for term in terms if term.duty_of == "organisation" and term.stops & DECIDING]
    if not deciding:
        return [Breach(NO_TERM, "")]
    found = []
    for term in deciding:
        if term.start != "received":
            found.append(Breach(LATER_START, term.code))
        if example := _find_longer(term, regime.to_term(), calendar):
            found.append(Breach(LONGER, term.code, example))
        if term.extendable and _extends_too_long(extensions.get(term.code), regime):
            found.append(Breach(EXTENSION, term.code))
    return found


def _find_longer(term: Term, limit: Term, calendar: WorkCalendar) -> tuple[date, date, date] | None:
    """The first receipt in the sample on which the term ends later than the limit."""
    day, last = _SAMPLE
    while day <= last:
        end, lawful = compute_due(term, day, calendar).on, compute_due(limit, day, calendar).on
        if end > lawful:
            return day, end, lawful
        day += ONE_DAY
    return None


def _extends_too_long(extension: tuple[int, str] | None, regime: Regime) -> bool:
    if extension is None:
        return True
    amount, unit = extension
    days = {"workday": 7 / 5, "day": 1, "week": 7, "month": 31}[unit] * amount
    return days > regime.extension_weeks * 7
