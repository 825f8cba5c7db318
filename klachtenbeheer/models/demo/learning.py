"""What the two years of the demo led to: measures, recommendations and what directie decided."""

from datetime import timedelta

from odoo import models

from ..dossier.measure import ADOPTED, DEFERRED, DONE, PROPOSED, RECOMMENDATION, REJECTED

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


class Complaint(models.Model):
    _inherit = "klachtenbeheer.complaint"

    def _demo_learn(self, today):
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
