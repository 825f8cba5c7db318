import re

from markupsafe import Markup

from odoo import fields, models

from .conversation import COMPLAINT

SHORT_TEXT = 500  # characters of a complaint in the address of a mail
QUOTED = 4000  # characters of it in a mail of ours
LINK = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)


class ComplaintReceipt(models.Model):
    """What somebody keeps who sent a complaint: on the page, as a file, in a mail."""

    _inherit = "klachtenbeheer.complaint"

    def _get_sent_lines(self):
        """What was filled in beside the complaint itself: list of (question, answer)."""
        self.ensure_one()
        who = self._get_complainant()
        files = self._get_conversation().attachment_ids.mapped("name")
        lines = [
            (self.env._("About whom"), self.respondent_text),
            (self.env._("On which day"), self._format_date(self.incident_on, "EEEE d MMMM y")),
            (self.env._("Where"), self.incident_place),
            (self.env._("What you want us to do"), self.desired_solution),
            (self.env._("Files"), "\n".join(files)),
            (self.env._("Your name"), who["complainant_name"]),
            (self.env._("Your e-mail address"), who["complainant_email"]),
            (self.env._("Your telephone number"), who["complainant_phone"]),
            (self.env._("Your address"), who["complainant_address"]),
        ]
        return [(question, answer) for question, answer in lines if answer]

    def _get_receipt_text(self, code="", short=False):
        """The receipt as plain text.

        :param code: what the complaint is followed with; never stored here, never mailed by us
        :param short: without the end of a long complaint
        """
        parts = [
            self.company_id.name,
            self.env._("Your reference: %s", self.name),
            self.env._("Received on: %s", self._format_date(self.received_on, "EEEE d MMMM y")),
            *([self.env._("Your code: %s", code)] if code else []),
            self.env._("Follow your complaint here: %s", self._get_follow_url()),
            "",
            *self._get_receipt_promises(),
            self.env._("Questions: %s", self._get_contact_line()),
            "",
            self.env._("What you sent:"),
            self._get_sent_text(short),
        ]
        return "\n".join(parts)

    def _get_receipt_promises(self):
        promises = [
            self.env._(
                "%(what)s, no later than %(day)s.",
                what=promise.text,
                day=self._format_date(promise.due_on, "EEEE d MMMM y"),
            )
            for promise in self._get_promises()
        ]
        return [*promises, ""] if promises else []

    def _get_sent_text(self, short=False):
        """What was sent, as plain text."""
        told = self.description or ""
        if short and len(told) > SHORT_TEXT:
            return f"{told[:SHORT_TEXT]} …"
        return "\n".join(
            [told, *(f"{question}: {answer}" for question, answer in self._get_sent_lines())]
        )

    def _get_quoted_sent(self):
        """What was sent, for a mail to an address that nobody checked: as text, without links, or
        the form would be a way to send somebody else what one likes."""
        told = LINK.sub(self.env._("(link left out)"), self._get_told_text())
        return told if len(told) <= QUOTED else f"{told[:QUOTED]} …"

    def _get_told_text(self):
        """What was told, without who told it."""
        lines = [
            (self.env._("About whom"), self.respondent_text),
            (self.env._("Where"), self.incident_place),
            (self.env._("What you want us to do"), self.desired_solution),
        ]
        told = [f"{question}: {answer}" for question, answer in lines if answer]
        return "\n".join([self.description or "", *told])


class MailMail(models.Model):
    """A proof of receipt has the logo, and what was sent: put in on its way out, as what waits in
    the queue is read by people who read no dossier."""

    _inherit = "mail.mail"

    proof_complaint_id = fields.Many2one(
        COMPLAINT, readonly=True, index="btree_not_null", ondelete="set null"
    )
    proof_quotes = fields.Boolean(readonly=True, help="Holds what was sent, too.")

    def _personalize_outgoing_body(self, body, *args, **options):
        body = super()._personalize_outgoing_body(body, *args, **options)
        complaint_su = self.proof_complaint_id.sudo()  # whoever runs the queue
        return self._render_proof(complaint_su, body) if complaint_su else body

    def _render_proof(self, complaint, body):
        lang = complaint.complainant_lang or complaint._get_default_lang()
        complaint = complaint.with_context(lang=lang)
        values = {
            "company": complaint.company_id,
            "base": complaint.get_base_url(),
            "direction": complaint.env["res.lang"]._get_data(code=lang).direction,
            "body": Markup(body),  # rendered from our own template
            "sent": self.proof_quotes and complaint._get_quoted_sent(),
            # a form showed it above its button
            "privacy": not self.proof_quotes and complaint._get_policy_text("privacy"),
        }
        return complaint.env["ir.qweb"]._render("klachtenbeheer.proof_mail", values, lang=lang)
