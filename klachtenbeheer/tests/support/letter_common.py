import io
import smtplib
from contextlib import contextmanager
from datetime import date

from pypdf import PdfReader

from odoo.addons.mail.tests.common import MockEmail

from ..policy.test_policies import SourcePolicyCase
from .made_once import make_once


class LetterCase(SourcePolicyCase, MockEmail):
    """Complaints under the five source policies, and what letters and mails say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_once(cls, LetterCase, "make_correspondents")

    @classmethod
    def make_correspondents(cls):
        cls._init_mail_gateway()
        cls.activate_languages()
        cls.company.write(
            {
                "email": "info@proef.example",
                "phone": "0570 - 12 34 56",
                "street": "Dorpsstraat 1",
                "zip": "7411 AB",
                "city": "Deventer",
            }
        )
        for role, user in cls.users.items():
            user.name = f"{role.capitalize()} van der Proef"

    @classmethod
    def activate_languages(cls):
        """Letters are Dutch and English, whatever the languages of the database."""
        installed = {code for code, _name in cls.env["res.lang"].get_installed()}
        for code in ("nl_NL", "en_US"):
            cls.env["res.lang"]._activate_lang(code)
        if "nl_NL" in installed:
            return  # the addon was installed with it
        module = cls.env["ir.module.module"].search([("name", "=", "klachtenbeheer")])
        module._update_translations(["nl_NL"], overwrite=True)

    @classmethod
    def fill_setup(cls, setup):
        for line in setup.placeholder_ids:
            if "mail" in line.name:
                line.value = "klachten@proef.example"
        return super().fill_setup(setup)

    @classmethod
    def file_under(cls, policy, **vals):
        """A complaint, formal where the policy knows that, with its registration complete."""
        return cls.file_complaint(
            policy_id=policy.id,
            handler_id=cls.users["handler"].id,
            category_id=policy.category_ids[:1].id,
            complainant_kind_id=policy.complainant_kind_ids[:1].id,
            complainant_lang=vals.pop("complainant_lang", "nl_NL"),
            severity="medium",
            kind="formal" if policy.formal_phase == "internal" else policy.default_kind,
            **vals,
        )

    @classmethod
    def investigate(cls, complaint):
        """Fill in all that an answer or decision tells."""
        complaint.write(
            {
                "summary": "De bus kwam drie keer niet.",
                "findings": "<p>De planner had de rit niet ingevoerd.</p>",
                "verdict": "partly_upheld",
                "verdict_motivation": "<p>Wij hadden u moeten bellen.</p>",
                "solution": "<p>U betaalt de ritten niet.</p>",
                "measures": "<p>De teamleider controleert de planning.</p>",
            }
        )
        cls.hear_both_sides(complaint)

    def prepare(self, complaint, code, role="handler", **vals):
        letter = self.as_role(complaint, role).prepare_letter(code)
        letter.write(vals)
        return letter

    @classmethod
    def read_english(cls):
        """What follows on sending is told in the language of who sent it: here that of tests."""
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["res.users"].union(*cls.users.values()).lang = "en_US"

    @contextmanager
    def mail_server(self, failing=False, error=None):
        """A mail server that takes everything, or says no to all (`True`) or one address.

        :param error: what it does instead of refusing the addressee
        """
        with self.mock_mail_gateway():
            send = self.send_email_mocked.side_effect

            def refuse(model, message, *args, **kwargs):
                if failing is True or failing in message["To"]:
                    refusal = {message["To"]: (550, b"mailbox unavailable")}
                    raise error or smtplib.SMTPRecipientsRefused(refusal)
                return send(model, message, *args, **kwargs)

            if failing:
                self.send_email_mocked.side_effect = refuse
            yield

    def decide(self, complaint):
        """The decision about a complaint, approved and ready to be sent."""
        letter = self.prepare(complaint, "decision")
        letter.action_submit()
        self.as_role(letter, "director").action_approve()
        return letter

    def read_pdf(self, letter):
        return PdfReader(io.BytesIO(letter.sudo().attachment_id.raw))

    def text_of(self, letter):
        """The printed text with single spaces."""
        pages = (page.extract_text() for page in self.read_pdf(letter).pages)
        return " ".join(" ".join(pages).split())

    def preview_text(self, letter):
        pages = PdfReader(io.BytesIO(letter._render_pdf())).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())

    def codes(self, complaint):
        """Codes of the events that stand."""
        return complaint.event_ids.filtered(lambda event: not event.voided).mapped("code")


class FittingCase(LetterCase):
    """Dossiers on which a given kind of letter makes sense, and is complete."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_once(cls, FittingCase, "make_accused")

    @classmethod
    def make_accused(cls):
        cls.accused = cls.env["res.partner"].create(
            {"name": "Bert Beklaagde", "email": "bert@proef.example", "lang": "nl_NL"}
        )

    def fit(self, complaint, code):
        """Bring a dossier to where a letter makes sense; what is filled in on the letter."""
        getattr(self, f"_fit_{code}", lambda complaint: None)(complaint)
        return ON_LETTER.get(code, {})

    def new_line(self, model, complaint, **vals):
        return self.env[f"klachtenbeheer.{model}"].create({"complaint_id": complaint.id, **vals})

    def new_hearing(self, complaint, purpose, **vals):
        return self.new_line(
            "hearing",
            complaint,
            **{
                "purpose": purpose,
                "form": "office",
                "location": "Vestiging Oost",
                "leader_id": self.users["coordinator"].id,
                "participant_ids": [
                    (0, 0, {"role": "complainant", "name": complaint.complainant_name})
                ],
                **vals,
            },
        )

    def hold_hearing(self, complaint, purpose="oral_explanation", **vals):
        today = complaint._today()
        vals = {"held_on": today, "report": "<p>De klager legde uit hoe het ging.</p>", **vals}
        hearing = self.new_hearing(complaint, purpose, **vals)
        hearing.action_hold()
        return hearing

    def propose(self, *moments):
        return [(0, 0, {"start_at": moment}) for moment in moments]

    def _fit_final_decision(self, complaint):
        complaint.record_event("objected")

    def _fit_measures_notice(self, complaint):
        self.env["klachtenbeheer.measure"].create(
            {
                "name": "Elke rit wordt de avond ervoor gecontroleerd",
                "state": "adopted",
                "due_on": "2027-06-01",
                "company_id": self.company.id,
                "link_ids": [(0, 0, {"complaint_id": complaint.id})],
            }
        )

    def _fit_position_notice(self, complaint):
        complaint.respondent_ids = self.accused

    def _fit_complaint_copy(self, complaint):
        self._fit_position_notice(complaint)

    def _fit_delay_notice_respondent(self, complaint):
        self._fit_position_notice(complaint)

    def _fit_hearing_invitation(self, complaint):
        self._fit_final_decision(complaint)
        self.new_hearing(
            complaint,
            "oral_explanation",
            slot_ids=self.propose("2026-12-01 09:00:00", "2026-12-02 13:30:00"),
        )

    def _fit_supervisor_invitation(self, complaint):
        self.new_hearing(
            complaint,
            "supervisor_talk",
            aim="Hoe wij u beter op de hoogte houden.",
            slot_ids=self.propose("2026-12-01 09:00:00"),
        )

    def _fit_hearing_report(self, complaint):
        self.hold_hearing(
            complaint,
            proposal="<p>U krijgt de ritten vergoed.</p>",
            reaction="time_to_think",
        )

    def _fit_settlement_record(self, complaint):
        self.hold_hearing(complaint, "hearing", settlement="<p>U krijgt de ritten vergoed.</p>")

    def _fit_closing_unresolved(self, complaint):
        self.hold_hearing(
            complaint, proposal="<p>U krijgt de ritten vergoed.</p>", reaction="not_agreed"
        )

    def _fit_external_referral(self, complaint, **vals):
        roles = complaint.policy_id.role_ids
        body = roles.filtered(lambda line: line.role == "external_body")
        return self.new_line("referral", complaint, role_id=body.id, **vals)

    def _fit_external_registration_notice(self, complaint):
        today = complaint._today()
        self._fit_external_referral(complaint, reference="KPZ-77", admitted_on=today)

    def _fit_oral_answer_confirmation(self, complaint):
        complaint.outcome_note = "De chauffeur belt voortaan als hij later komt."
        complaint.record_event("contacted")

    def _fit_limited_answer(self, complaint):
        complaint.write({"accepts_limited_answer": True, "hide_identity": True})

    def _fit_unforeseen_ruling(self, complaint):
        ruling = self.new_line("ruling", complaint, question="Geldt dit ook voor een proefrit?")
        ruling.with_user(self.users["director"]).action_decide("Ja, ook voor een proefrit.")

    def _fit_follow_up_receipt(self, complaint):
        is_ba = complaint.policy_id.source == "Ballance"
        objection = self.new_line(
            "objection",
            complaint,
            kind="objection" if is_ba else "follow_up",
            in_writing=not is_ba,
            acceptance_reason="De klager kan niet schrijven." if is_ba else False,
        )
        objection.action_register()

    def _fit_escalation_notice(self, complaint):
        complaint.action_escalate("Wij komen er samen niet uit.")


# What a user fills in on the letter itself, for each kind that asks for something.
ON_LETTER = {
    "delay_notice": {
        "reason": "De chauffeur is met verlof.",
        "promised_on": "2027-05-01",
        "expected_manner": "Wij spreken eerst met de chauffeur.",
    },
    "delay_notice_respondent": {"promised_on": "2027-05-01"},
    "information_request": {
        "requested_items": "- Op welke dagen kwam de bus niet?\n- Wie hebt u gebeld?",
        "reply_by": "2026-11-30",
    },
    "out_of_scope": {"reason": "Dit is vervoer van de gemeente.", "route_text": "Bel 14 0570."},
    "final_decision": {"reason": "Wij blijven bij ons antwoord."},
    "position_notice": {"position": "Wij vinden dat de planning beter moest."},
    "limited_answer": {"answer_text": "Wij hebben onze werkwijze aangepast."},
    "escalation_notice": {
        "reason": "Er is na twee gesprekken geen oplossing.",
        "requested_items": "Beslis hoe wij verdergaan.",
    },
}


def day(iso):
    return date.fromisoformat(iso)
