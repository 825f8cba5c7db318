"""Two years of closed complaints, so that figures and reports have something to tell.

They are taken over as a register is, all at once; what varies follows from a fixed seed, so
that every demo tells the same.
"""

import random
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models

from ..policy.policy import PUBLISHED

SEED = 2026
YEARS = 2
SUMMARIES = (
    "Afspraak ging niet door, geen bericht",
    "Lang gewacht op een antwoord",
    "Onvriendelijk te woord gestaan",
    "Niet teruggebeld, zoals was beloofd",
    "Brief niet te begrijpen",
    "Verkeerde gegevens in het dossier",
    "Andere medewerker dan afgesproken",
    "Te laat gekomen, zonder te bellen",
    "Rekening klopt niet",
    "Geen gehoor aan de telefoon",
)
PLACES = ("Buurthuis De Wilg", "Wijkpost Oost", "Kantoor", "Aan huis", "Dagbesteding Het Anker")
FIRST = ("Anneke", "Bram", "Chantal", "Dirk", "Els", "Fatima", "Gerard", "Hanna", "Ivo", "Joke")
LAST = ("Appelboom", "Bosveld", "Cranenburg", "Duinkerke", "Elzinga", "Fokkema", "Grasdijk")
CHANNELS = ("email", "email", "web", "phone", "phone", "post", "desk")
SEVERITIES = ("low", "low", "medium", "medium", "medium", "high")
OUTCOMES = {"decided": "decided", "answered": "answered", "resolved": "resolved_informally"}


class Complaint(models.Model):
    _inherit = "klachtenbeheer.complaint"

    @api.model
    def _demo_years(self, number, pasts):
        """About so many closed complaints of the last two years, under each policy since it
        came into force; and the reports about them.

        :param pasts: {source of a policy: what happened under it, a key of `_PASTS`}
        """
        chance = random.Random(SEED)  # nothing secret
        today = self.env.company._complaint_today()
        policies = self.env["klachtenbeheer.policy"].search([("state", "=", PUBLISHED)])
        policies = policies.filtered(lambda line: line.source in pasts and not line.is_template)
        since = today - relativedelta(years=YEARS, day=1)
        starts = {policy: max(policy.effective_from, since) for policy in policies.sorted("code")}
        runs = {policy: (first, (today - first).days) for policy, first in starts.items()}
        total = sum(days for _first, days in runs.values())
        lines = [
            self._demo_prepare_past(chance, policy, pasts[policy.source], first, days)
            for policy, (first, days) in runs.items()
            for _place in range(number * max(days, 0) // total)
        ]
        closed = [line for line in lines if line[1]["closed"] < today]
        complaints = self._import_register(closed)
        complaints._demo_investigate(chance)
        complaints._demo_learn(today)
        self.env["klachtenbeheer.report"]._demo_reports(today)

    @api.model
    def _demo_prepare_past(self, chance, policy, kind, first, days):
        """Values of a complaint, and what happened to it."""
        # a little busier each month
        received = first + timedelta(days=int(days * chance.random() ** 0.8))
        categories = policy.category_ids
        weights = [2 / (place + 2) for place in range(len(categories))]
        theme = chance.choices(categories.ids, weights)[0] if categories else False
        past = _PASTS[kind](chance, received, received.year)
        outcome = next((OUTCOMES[code] for code in OUTCOMES if code in past), "answered")
        if "resolved_informally" in past:
            outcome = "resolved_informally"
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        summary = chance.choice(SUMMARIES)
        return {
            "policy_id": policy.id,
            "received_by_id": policy.coordinator_id.id,
            "title": summary,
            "description": f"{summary}.",
            "received_on": received,
            "channel": chance.choice(CHANNELS),
            "complainant_name": name,
            "complainant_kind_id": chance.choice(policy.complainant_kind_ids.ids or [False]),
            "category_id": theme,
            "severity": chance.choice(SEVERITIES),
            "incident_place": chance.choice(PLACES),
            "outcome": outcome,
            "outcome_note": "Besproken en afgerond.",
        }, past

    def _demo_investigate(self, chance):
        """What was found, where a decision was taken; and that the registration was right."""
        verdicts = ("upheld", "upheld", "partly_upheld", "not_upheld")
        found = {verdict: self.browse() for verdict in verdicts}
        for complaint in self.filtered(lambda line: line.outcome in ("answered", "decided")):
            found[chance.choice(verdicts)] |= complaint
        for verdict, complaints in found.items():
            complaints._as_procedure().with_context(mail_notrack=True).verdict = verdict


def _shift(chance, day, usual, late, share):
    """A day some days later; now and then one that is too late.

    :param usual: (least, most) days
    :param share: of how many it is late, less each year
    """
    return day + timedelta(days=chance.randint(*(late if chance.random() < share else usual)))


def _answer(chance, received, acknowledge, answer, share, first=None):
    """Acknowledged, answered and closed, each in time or late."""
    past = {"acknowledged": _shift(chance, received, *acknowledge, share)}
    past["answered"] = max(_shift(chance, received, *answer, share), past["acknowledged"])
    past["closed"] = past["answered"] + timedelta(days=chance.randint(1, 20))
    return (first or {}) | past


def _get_share(year):
    """Of how many something was late: less and less."""
    return 0.22 if year % 2 else 0.14


def _past_formal(chance, received, year):
    if chance.random() < 0.5:
        solved = _shift(chance, received, (2, 20), (21, 35), 0.2)
        return {"resolved_informally": solved, "closed": solved + timedelta(days=3)}
    formal = received + timedelta(days=chance.randint(1, 10))
    acknowledged = formal + timedelta(days=chance.choice((0, 1, 2, 3, 4, 9)))
    decided = _shift(chance, formal, (10, 27), (29, 45), _get_share(year))
    return {
        "formalised": formal,
        "acknowledged": acknowledged,
        "decided": max(decided, acknowledged),
        "closed": decided + timedelta(days=chance.randint(6, 14)),
    }


def _past_forwarded(chance, received, year):
    forwarded = received + timedelta(days=int(chance.random() < 0.08))
    first = {"forwarded": forwarded}
    share = _get_share(year)
    return _answer(chance, received, ((1, 5), (9, 14)), ((6, 20), (22, 40)), share, first)


def _past_answered(chance, received, year):
    return _answer(chance, received, ((0, 1), (5, 9)), ((2, 5), (10, 21)), _get_share(year))


def _past_contacted(chance, received, year):
    contacted = _shift(chance, received, (1, 13), (15, 24), _get_share(year))
    past = _answer(chance, received, ((0, 0), (1, 3)), ((14, 29), (31, 50)), _get_share(year))
    past["answered"] = max(past["answered"], contacted)
    past["closed"] = max(past["closed"], past["answered"])
    return {"contacted": contacted, **past}


def _past_taken_up(chance, received, year):
    taken_up = _shift(chance, received, (0, 6), (15, 20), _get_share(year))
    past = _answer(chance, received, ((1, 6), (15, 20)), ((7, 13), (15, 30)), _get_share(year))
    return {"taken_up": min(taken_up, past["answered"]), **past}


_PASTS = {
    "formal": _past_formal,
    "forwarded": _past_forwarded,
    "answered": _past_answered,
    "contacted": _past_contacted,
    "taken_up": _past_taken_up,
}
