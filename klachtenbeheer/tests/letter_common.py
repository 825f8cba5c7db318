import io
from contextlib import contextmanager
from datetime import date

from pypdf import PdfReader

from odoo.addons.mail.tests.common import MockEmail

from .test_policies import SourcePolicyCase


class LetterCase(SourcePolicyCase, MockEmail):
    """Complaints under the five source policies, and what letters and mails say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
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
        for code in ("nl_NL", "en_US"):
            cls.env["res.lang"]._activate_lang(code)
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

    @contextmanager
    def mail_server(self, failing=False):
        """A mail server that takes everything, or nothing."""
        with self.mock_mail_gateway():
            if failing:
                self.send_email_mocked.side_effect = OSError("mailbox unavailable")
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


def day(iso):
    return date.fromisoformat(iso)
