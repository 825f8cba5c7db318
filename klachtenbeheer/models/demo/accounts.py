"""The reports about the two years of the demo."""

from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, models

from ..reports.report_mail import ARRIVED
from ..reports.report_record import APPROVED, SENT

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
