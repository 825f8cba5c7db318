"""Two years of closed complaints, so that figures and reports have something to tell.

They are taken over as a register is, all at once; what varies follows from a fixed seed, so
that every demo tells the same.
"""

import random
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models

from ..dossier.measure import ADOPTED, DEFERRED, DONE, PROPOSED, RECOMMENDATION, REJECTED
from ..policy.policy import PUBLISHED
from ..reports.report_mail import ARRIVED
from ..reports.report_record import APPROVED, SENT

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
LEARNED_EVERY = 9  # complaints; of so many one led to a measure
MEASURES = (
    ("Terugbellen binnen één werkdag", "corrective"),
    ("Vaste vervanger tijdens vakanties", "preventive"),
    ("Antwoorden in eenvoudige taal", "preventive"),
    ("Rooster een week eerder bekend", "preventive"),
    ("Rekening met uitleg bij elke regel", "corrective"),
    ("Training luisteren en uitleggen", "preventive"),
)
RECOMMENDATIONS = (
    ("Telefoon ook in het weekend opnemen", PROPOSED, False),
    ("Onderzoek naar de bezetting", DEFERRED, "Wordt meegenomen in de begroting."),
    ("Eén aanspreekpunt per cliënt", ADOPTED, "Overgenomen; ingevoerd vóór de zomer."),
    ("Tevredenheid vaker meten", REJECTED, "Eens per jaar geeft genoeg inzicht."),
)
NOTHING_TO_ADD = "Er is niets toe te voegen."
# What was written in a report: by its kind, and the place of the section in it.
TEXTS = {
    ("annual_analysis", 20): (
        "De meeste klachten gaan over bereikbaarheid. Wij antwoorden sneller dan vorig jaar, maar"
        " in de zomer werden termijnen gemist."
    ),
    ("annual_analysis_team", 20): (
        "Bel terug op de dag die is beloofd, ook als er nog geen antwoord is. Dat voorkomt de"
        " helft van de klachten."
    ),
    ("board_half_year", 20): (
        "De bereikbaarheid vraagt een besluit: wij bevelen aan om de telefoon ook in het weekend"
        " op te nemen. Voor de vakanties is een vaste vervanger nodig."
    ),
    ("board_half_year", 80): (
        "Enkele klachten gingen over veiligheid. Alle zijn onderzocht en besproken; er loopt niets"
        " meer."
    ),
    ("annual_handling", 20): (
        "Alle klachten zijn behandeld. De coördinator sprak met elk team over wat ervan te leren"
        " is, en leidde twee vervangers op."
    ),
    ("recommendations", 20): (
        "De aanbevelingen volgen uit klachten over bereikbaarheid en over wisselende medewerkers,"
        " die in elk kwartaal terugkomen."
    ),
    ("management_review", 70): (
        "De intake werkt: vrijwel iedereen krijgt dezelfde dag bericht. Het antwoord duurt langer"
        " als meer teams erbij betrokken zijn."
    ),
    ("management_review", 80): "Komend jaar krijgt het antwoord binnen dertig dagen voorrang.",
    ("public_annual", 40): (
        "Klachten gingen vooral over de zorgverlening en over wisselingen in de planning."
    ),
    ("public_annual", 80): (
        "Waar een klacht terecht was, boden wij excuses aan en pasten wij de werkwijze aan."
    ),
    ("public_annual", 90): (
        "Wij adviseren één vast aanspreekpunt voor elke cliënt en een rooster dat eerder bekend is."
    ),
    ("policy_evaluation", 40): (
        "Medewerkers kennen de regeling en vinden het formulier. Klagers noemen vooral dat zij"
        " lang op een antwoord wachten."
    ),
    ("policy_evaluation", 50): "Geen; wel komt er een toelichting in eenvoudige taal.",
}
OUTCOMES = {"decided": "decided", "answered": "answered", "resolved": "resolved_informally"}


class Complaint(models.Model):
    _inherit = "klachtenbeheer.complaint"

    @api.model
    def _demo_years(self, number):
        """About so many closed complaints of the last two years, under each policy since it
        came into force; and the reports about them."""
        chance = random.Random(SEED)  # nothing secret
        today = self.env.company._complaint_today()
        policies = self.env["klachtenbeheer.policy"].search([("state", "=", PUBLISHED)])
        policies -= policies.filtered("is_template")
        since = today - relativedelta(years=YEARS, day=1)
        starts = {policy: max(policy.effective_from, since) for policy in policies.sorted("code")}
        runs = {policy: (first, (today - first).days) for policy, first in starts.items()}
        total = sum(days for _first, days in runs.values())
        lines = [
            self._demo_prepare_past(chance, policy, first, days)
            for policy, (first, days) in runs.items()
            for _place in range(number * max(days, 0) // total)
        ]
        closed = [line for line in lines if line[1]["closed"] < today]
        complaints = self._import_register(closed)
        complaints._demo_investigate(chance)
        complaints._demo_learn(chance, today)
        self.env["klachtenbeheer.report"]._demo_reports(today)

    @api.model
    def _demo_prepare_past(self, chance, policy, first, days):
        """Values of a complaint, and what happened to it."""
        # a little busier each month
        received = first + timedelta(days=int(days * chance.random() ** 0.8))
        categories = policy.category_ids
        weights = [2 / (place + 2) for place in range(len(categories))]
        theme = chance.choices(categories.ids, weights)[0] if categories else False
        past = _PASTS[policy.source](chance, received, received.year)
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

    def _demo_learn(self, chance, today):
        """What was done and recommended: now and then after a complaint, each time something
        else."""
        for policy, complaints in self.grouped("policy_id").items():
            followed = complaints.sorted("received_on")[::LEARNED_EVERY]
            lines = [
                complaint._demo_prepare_measure(MEASURES[place % len(MEASURES)], today)
                for place, complaint in enumerate(followed)
            ]
            for complaint, line in zip(followed[1::2][::-1], RECOMMENDATIONS, strict=False):
                lines.append(complaint._demo_prepare_recommendation(*line))
            measures = self.env["klachtenbeheer.measure"].create(lines)
            measures.owner_id = policy._get_role_users("handler")[:1] or policy.coordinator_id
            measures._demo_date(today)
            complaints.filtered(lambda line: line.severity == "high")[-3:].is_exceptional = True

    def _demo_prepare_measure(self, line, today):
        """Done after three months, but for those that are late, and of some time ago."""
        name, kind = line
        due = self.received_on + timedelta(days=90)
        done = due + timedelta(days=30) < today
        return {
            "name": name,
            "kind": kind,
            "company_id": self.company_id.id,
            "link_ids": [(0, 0, {"complaint_id": self.id})],
            "due_on": due,
            "state": DONE if done else ADOPTED,
            "realised_on": done and due - timedelta(days=10),
            "feedback_on": done and due + timedelta(days=7),
            "feedback_to": done and "teamoverleg",
        }

    def _demo_prepare_recommendation(self, name, state, decision):
        decided = self.received_on + timedelta(days=45)
        return {
            "name": name,
            "kind": RECOMMENDATION,
            "structural": True,
            "company_id": self.company_id.id,
            "link_ids": [(0, 0, {"complaint_id": self.id})],
            "state": state,
            "decision": decision,
            "decided_on": decision and decided,
            "deferred_until": state == DEFERRED and decided + timedelta(days=180),
        }

    def _demo_investigate(self, chance):
        """What was found, where a decision was taken; and that the registration was right."""
        verdicts = ("upheld", "upheld", "partly_upheld", "not_upheld")
        found = {verdict: self.browse() for verdict in verdicts}
        for complaint in self.filtered(lambda line: line.outcome in ("answered", "decided")):
            found[chance.choice(verdicts)] |= complaint
        for verdict, complaints in found.items():
            complaints._as_procedure().with_context(mail_notrack=True).verdict = verdict


class Measure(models.Model):
    _inherit = "klachtenbeheer.measure"

    def _demo_date(self, today):
        """Made after the complaint, not today; their effect was looked at where it is done."""
        self.filtered(lambda line: line.state == DONE).effect_asked_on = today
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE klachtenbeheer_measure m SET create_date = c.received_on + 20
                 FROM klachtenbeheer_measure_link l
                 JOIN klachtenbeheer_complaint c ON c.id = l.complaint_id
                WHERE l.measure_id = m.id AND m.id = ANY(%s)""",
            [self.ids],
        )
        self.invalidate_recordset(["create_date"])


class Report(models.Model):
    _inherit = "klachtenbeheer.report"

    @api.model
    def _demo_reports(self, today):
        """The reports of the last year, over periods in which the policy was in force; those of
        the latest still wait for words."""
        plans = self.env["klachtenbeheer.report.plan"]
        plans = plans.search(plans._get_running_domain(today))
        for plan in plans:
            since = plan.policy_id.effective_from
            plan.start_on = max(today - relativedelta(years=1), since)
        plans._make_due(today)
        reports = self.search([("text_ids", "!=", False)])
        for report in reports.filtered(lambda line: line.due_on < today):
            report._demo_send()

    def _demo_send(self):
        """Written, approved and received before it had to be; nobody is mailed."""
        for text in self.text_ids:
            section = self.type_id.section_ids[text.place]
            text.body = f"<p>{TEXTS.get((self.kind, section.sequence), NOTHING_TO_ADD)}</p>"
        self._end_tasks()
        approver = self.approver_ids[:1] or self.policy_id.coordinator_id
        day = self.due_on - timedelta(days=14)
        report = self._as_procedure()
        report.write({"state": APPROVED, "approved_by_id": approver.id, "approved_on": day})
        report._make_final_pdf()
        report.recipient_ids.write({"state": ARRIVED, "sent_at": datetime.combine(day, time(10))})
        report.state = SENT


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


def _past_sb(chance, received, year):
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


def _past_ba(chance, received, year):
    forwarded = received + timedelta(days=int(chance.random() < 0.08))
    first = {"forwarded": forwarded}
    share = _get_share(year)
    return _answer(chance, received, ((1, 5), (9, 14)), ((6, 20), (22, 40)), share, first)


def _past_sj(chance, received, year):
    return _answer(chance, received, ((0, 1), (5, 9)), ((2, 5), (10, 21)), _get_share(year))


def _past_kk(chance, received, year):
    contacted = _shift(chance, received, (1, 13), (15, 24), _get_share(year))
    past = _answer(chance, received, ((0, 0), (1, 3)), ((14, 29), (31, 50)), _get_share(year))
    past["answered"] = max(past["answered"], contacted)
    past["closed"] = max(past["closed"], past["answered"])
    return {"contacted": contacted, **past}


def _past_bb(chance, received, year):
    taken_up = _shift(chance, received, (0, 6), (15, 20), _get_share(year))
    past = _answer(chance, received, ((1, 6), (15, 20)), ((7, 13), (15, 30)), _get_share(year))
    return {"taken_up": min(taken_up, past["answered"]), **past}


_PASTS = {
    "Stichting Balans": _past_sb,
    "Ballance": _past_ba,
    "Sjabloon klachtenregeling (CBF-normen)": _past_sj,
    "Stichting Klimkoord": _past_kk,
    "Balans Borne": _past_bb,
}
