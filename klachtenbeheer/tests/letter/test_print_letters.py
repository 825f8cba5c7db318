import os
from pathlib import Path

from odoo.tests import tagged

from ..support.letter_common import FittingCase

FOLDER = os.environ.get("KLACHTENBEHEER_LETTERS")
PROMISE = {
    "expected_manner": "Wij bellen u eerst. Daarna schrijven wij u.",
    "promised_on": "2027-05-01",
}
SOURCES = ("sb", "ba", "sj", "kk", "bb", "awb", "wkkgz", "youth", "childcare", "iso")
# What else may have happened on a dossier, for the letters that tell the most of it.
TELLING = ("acknowledgement", "answer", "decision", "delay_notice")
SITUATIONS = {
    "late": {"received_on": "2026-06-01"},
    "spoken": {"channel": "phone", "complainant_name": "mw. A. Jansen-de Boer"},
    "not-upheld": {"verdict": "not_upheld", "solution": False, "no_measures": True},
    "withheld": {"verdict": "withheld", "solution": False, "no_measures": True},
    "institution": {
        "complainant_organisation": "Basisschool De Linde",
        "complainant_name": "Sam Smit",
    },
}
LATE = ("verdict", "solution", "no_measures")  # written after the investigation
FINDINGS = (
    "<p>De planner had de rit van 2 november niet ingevoerd. Op 4 en 6 november stond de rit wel in"
    " de planning, maar was er geen chauffeur beschikbaar. Niemand heeft u daarover gebeld.</p>"
    "<p>Wij spraken met de planner en met de teamleider. Zij bevestigen wat u ons schreef.</p>"
)


# Not part of the tests: `make letters` runs it, for somebody who reads what recipients read.
@tagged("-standard", "print_letters", "post_install", "-at_install")
class TestPrintLetters(FittingCase):
    """Prints letters of every kind under every policy, and the ones that differ by what happened
    on the dossier."""

    def print_kind(self, source, letter_type, suffix="", **vals):
        late = {key: vals.pop(key) for key in LATE if key in vals}
        complaint = self.file_under(letter_type.policy_id, **vals)
        self.investigate(complaint)
        complaint.write({"findings": FINDINGS, **late})
        if "no_measures" in late:
            complaint.measures = False
        asked = self.fit(complaint, letter_type.code)
        if letter_type.code == "acknowledgement" and letter_type.extends_terms:
            asked = PROMISE
        letter = complaint.prepare_letter(letter_type.code)
        letter.write(asked)
        if letter.state == "draft":
            letter.action_renew_text()
        name = f"{source}-{letter_type.sequence:03}-{letter_type.code}{suffix}.pdf"
        (Path(FOLDER) / name).write_bytes(letter._render_pdf())

    def kind(self, policy, code):
        return policy.letter_type_ids.filtered(lambda line: line.code == code)

    def test_print(self):
        Path(FOLDER).mkdir(parents=True, exist_ok=True)
        self.users["coordinator"].write({"name": "Noor Hendriks", "email": "noor@proef.example"})
        person = {
            "complainant_name": "de heer P. van den Berg",
            "complainant_address": "Kerkstraat 12\n7411 CD Deventer",
            "description": "De bus die mij naar de dagbesteding brengt, kwam in november drie keer"
            " niet. Ik heb elke keer een uur buiten gestaan. Niemand belde mij.",
            "desired_solution": "Ik wil dat de bus komt, en dat iemand mij belt als dat niet lukt.",
        }
        for source in SOURCES:
            policy = self.publish_source(source)
            for letter_type in policy.letter_type_ids:
                with self.subTest(source=source, letter=letter_type.code):
                    post = {"preferred_delivery": "post"} if letter_type.sequence % 20 else {}
                    self.print_kind(source, letter_type, **person, **post)
            self.print_variants(source, policy, person)

    def print_variants(self, source, policy, person):
        acknowledgement = self.kind(policy, "acknowledgement")
        coordinator = self.users["coordinator"].partner_id
        about = {"respondent_ids": [(6, 0, coordinator.ids)]}
        self.print_kind(source, acknowledgement, "-about-contact", **person, **about)
        for code in TELLING:
            letter_type = self.kind(policy, code)
            for name, vals in SITUATIONS.items() if letter_type else ():
                with self.subTest(source=source, letter=code, situation=name):
                    self.print_kind(source, letter_type, f"-{name}", **{**person, **vals})
        match source:
            case "ba":
                self.print_kind(source, self.kind(policy, "answer"), "-about", **person, **about)
            case "kk":
                hidden = {"hide_identity": True, "accepts_limited_answer": True}
                self.print_kind(source, acknowledgement, "-hidden", **person, **hidden)
