from datetime import date

from odoo.fields import Command, Domain
from odoo.tools import email_normalize, mute_logger

from odoo.addons.mail.tests.common import MockEmail

from .access_common import AccessCase
from .common import local_noon
from .made_once import make_once
from .mail_corpus import (
    ADDRESS,
    ADDRESS_ELSEWHERE,
    BERT,
    COORDINATOR,
    DOMAIN,
    ELSEWHERE,
    EVA,
    KEES,
    MAIL_SERVER,
    OTHER_ADDRESS,
    RITA,
    TODAY,
    fill_in,
    letter,
)

COMPLAINT_MODEL, INCOMING_MODEL = "klachtenbeheer.complaint", "klachtenbeheer.incoming"
GATEWAY_LOGGERS = (
    "odoo.addons.klachtenbeheer.models.mail.becoming",
    "odoo.addons.klachtenbeheer.models.mail.sorting",
    "odoo.addons.mail.models.mail_thread",
    "odoo.tools.mail",
)


class MailCase(AccessCase, MockEmail):
    """An organisation with addresses for complaints, and mail that arrives there through the
    real gateway. Kees complained already; Rita thinks along, Bert is complained about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_once(cls, MailCase, "make_mailbox")
        cls.mails = []

    @classmethod
    def make_mailbox(cls):
        # what is written by itself is in the language of the organisation
        cls.env["res.lang"]._activate_lang("en_US")
        (cls.company | cls.other_company).partner_id.lang = "en_US"
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})
        cls.env["ir.config_parameter"].set_param(
            "klachtenbeheer.authentication_server", MAIL_SERVER
        )
        cls.make_addresses()
        for login, email in (("employee", EVA), ("coordinator", COORDINATOR)):
            cls.users[login].email = email
        cls.make_dossier()

    @classmethod
    def make_addresses(cls):
        cls.make_domain(DOMAIN, cls.company)
        cls.make_domain(ELSEWHERE, cls.other_company)
        cls.policy.alias_name = ADDRESS.partition("@")[0]
        cls.other_policy = cls.make_full_policy(code="inspraak")
        cls.other_policy.alias_name = OTHER_ADDRESS.partition("@")[0]
        company, cls.company = cls.company, cls.other_company
        cls.foreign_policy = cls.make_full_policy(
            code="elders",
            role_ids=[cls.line(role="coordinator", name="coördinator", users="foreign")],
        )
        cls.company = company
        cls.foreign_policy.alias_name = ADDRESS_ELSEWHERE.partition("@")[0]

    @classmethod
    def make_domain(cls, name, company):
        return cls.env["mail.alias.domain"].create(
            {
                "name": name,
                "bounce_alias": "retour",
                "catchall_alias": "antwoord",
                "default_from": "post",
                "company_ids": [Command.set(company.ids)],
            }
        )

    @classmethod
    def make_dossier(cls):
        partners = cls.env["res.partner"].create(
            [{"name": "Rita Deskundig", "email": RITA}, {"name": "Bert", "email": BERT}]
        )
        cls.dossier = cls.file_complaint(
            complainant_email=KEES,
            received_on=date(2026, 6, 1),
            respondent_ids=[Command.set(partners[1].ids)],
            assistance_ids=[
                Command.create(
                    {"partner_id": partners[0].id, "kind": "expert", "gets_copies": True}
                )
            ],
        )
        cls.rita, cls.bert = partners
        cls.thread = cls.dossier._message_log(body="Brief verzonden").message_id

    def setUp(self):
        super().setUp()
        self.mails = []
        self.enterContext(local_noon(TODAY))

    # ---------------------------------------------------------------- receiving

    @mute_logger(*GATEWAY_LOGGERS)
    def receive(self, raw=None, model=False, **kwargs):
        """Let a mail arrive; what it led to is in `complaint`, `message` and `kept`.

        :return: how it ended
        """
        raw = fill_in(letter(**kwargs) if raw is None else raw, self.dossier.name, self.thread)
        before = self.get_everything()
        with self.mock_mail_gateway():
            self.env["mail.thread"].message_process(model, raw)
            self.env.flush_all()
        self.mails += self._mails
        self.complaint, self.message, self.kept = (
            now - then for now, then in zip(self.get_everything(), before, strict=True)
        )
        return self.get_ending()

    def get_everything(self):
        by_mail = Domain("model", "=", COMPLAINT_MODEL) & Domain("message_type", "=", "email")
        return (
            self.env[COMPLAINT_MODEL].search([]),
            self.env["mail.message"].search(by_mail),
            self.env[INCOMING_MODEL].search([]),
        )

    def get_ending(self):
        """How the mail ended: once for each company."""
        replies = self.message.filtered(lambda line: line.res_id not in self.complaint.ids)
        endings = [
            *("complaint" for _complaint in self.complaint),
            *("reply" for _reply in replies),
            *(f"{line.state}: {line.reason}" for line in self.kept),
        ]
        return ", ".join(endings) or "lost"

    def register(self, **kwargs):
        """A complaint by mail."""
        self.assertEqual(self.receive(**kwargs), "complaint")
        return self.complaint

    def keep(self, **kwargs):
        """A mail to be sorted."""
        self.assertTrue(self.receive(**kwargs).startswith("queue"))
        return self.kept

    # ---------------------------------------------------------------- what was sent

    def get_proofs(self):
        return [mail for mail in self.mails if mail["headers"].get("Auto-Submitted")]

    def get_addressees(self):
        """Everybody to whom anything was sent."""
        return {email_normalize(address) for mail in self.mails for address in mail["email_to"]}
