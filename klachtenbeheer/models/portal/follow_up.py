from odoo import fields, models
from odoo.tools import email_normalize

from ..policy.term import ORGANISATION
from .conversation import NO_WAY

CODE = "code"
PROOF = "klachtenbeheer.mail_template_form_proof"
CODE_NOTICE = "klachtenbeheer.mail_template_code_notice"


class ComplaintPublic(models.Model):
    """What a complainant without an account sees: dates, what happened, conversation."""

    _inherit = "klachtenbeheer.complaint"

    privacy_policy_id = fields.Many2one(
        "klachtenbeheer.policy",
        "Privacy text shown",
        readonly=True,
        copy=False,
        ondelete="restrict",
        help="The version of the policy whose privacy text stood above the button (SJ50).",
    )

    # ---------------------------------------------------------------- promises

    def _get_promises(self):
        """What happens next and by when, in sentences for the complainant.

        :return: list of (date, sentence), the first date first
        """
        today = self._today()
        duties = self.deadline_ids.filtered(
            lambda duty: duty.is_open and duty.duty_of == ORGANISATION and duty.due_on >= today
        )
        promises = [
            (duty.due_on, self._get_promise(duty.code))
            for duty in duties.sorted(lambda duty: (duty.due_on, duty.id))
        ]
        return [(day, sentence) for day, sentence in promises if sentence]

    def _get_promise(self, code):
        """The words for a term; what only concerns ourselves has none."""
        return {
            "acknowledge": self.env._("You get a confirmation that we have your complaint"),
            "contact": self.env._("We contact you about your complaint"),
            "callback": self.env._("We call you back"),
            "take_up": self.env._(
                "We are working on your complaint, or tell you how and when we will"
            ),
            "answer": self.env._("You get our answer"),
            "decide": self.env._("You get our decision"),
            "hear": self.env._("We invite you to explain your complaint"),
            "final_decision": self.env._("You get our final decision"),
        }.get(code)

    # ---------------------------------------------------------------- timeline

    def _get_public_timeline(self):
        """What happened so far, in sentences for the complainant: list of (date, sentence)."""
        words = self._get_event_words()
        events = self.event_ids.filtered(lambda event: not event.voided and event.code in words)
        lines = [
            (event.occurred_on, words[event.code])
            for event in events.sorted(lambda event: (event.occurred_on, event.id))
        ]
        return list(dict.fromkeys(lines))

    def _get_event_words(self):
        return {
            "received": self.env._("We received your message."),
            "acknowledged": self.env._("We confirmed that we have your complaint."),
            "taken_up": self.env._("We started working on your complaint."),
            "contacted": self.env._("We had contact with you."),
            "delay_notified": self.env._("We told you that we need more time."),
            "answered": self.env._("We answered your complaint."),
            "decided": self.env._("We told you our decision."),
            "objected": self.env._("You told us that you do not agree."),
            "hearing_offered": self.env._("We invited you to explain your complaint."),
            "hearing_held": self.env._("We spoke with you."),
            "settled": self.env._("We agreed on a solution."),
            "final_decided": self.env._("We told you our final decision."),
            "referred": self.env._("We pointed you to somebody else who can help."),
            "resolved_informally": self.env._("Your complaint was solved together."),
            "remedied": self.env._("We put it right."),
            "withdrawn": self.env._("You withdrew your complaint."),
            "out_of_scope": self.env._("We told you that we can't handle this complaint."),
            "closed": self.env._("We finished handling your complaint."),
            "reopened": self.env._("We took your complaint up again."),
        }

    # ---------------------------------------------------------------- conversation

    def _get_public_messages(self):
        """The conversation as the holder of the code reads it."""
        return self._get_portal_messages(self.env["res.partner"])

    def _get_public_file(self, key):
        """A file that the complainant may take home, by the key that the page knows it by."""
        kind, _dash, number = (key or "").partition("-")
        number = int(number) if number.isdecimal() and len(number) < 10 else 0
        if kind == "file":
            return self._get_portal_file(number)
        letters = self._get_portal_letters().filtered(lambda letter: letter.id == number)
        return letters.attachment_id if kind == "letter" else letters.attachment_id.browse()

    def _has_code(self):
        codes_su = self.env["klachtenbeheer.access.code"].sudo()  # whether there is one
        return bool(codes_su.search_count([("complaint_id", "=", self.id)], limit=1))

    def _get_message_way(self):
        """Also an anonymous complainant can be written to: on the follow-up page."""
        way = super()._get_message_way()
        return CODE if way == NO_WAY and self._has_code() else way

    def _post_to_complainant(self, text, attachments=None):
        message = super()._post_to_complainant(text, attachments)
        if self._get_message_way() == CODE:
            complaint_su = self.sudo()  # who writes need not know the address
            email = complaint_su._get_complainant()["complainant_email"]
            complaint_su._send_public_mail(CODE_NOTICE, email_normalize(email or ""))
        return message

    # ---------------------------------------------------------------- mail

    def _send_public_mail(self, xmlid, address):
        """Queue a mail that tells no more than the reference. It is not put on the dossier:
        the address may be a secret there."""
        if not address:
            return
        lang = self.complainant_lang or self._get_default_lang()
        # nobody outside waits for a mail server, nor learns from the time whether there is one
        self._queue_neutral_mail(self.env.ref(xmlid), address, lang=lang, at_once=False)

    def _get_follow_url(self):
        return f"{self.get_base_url()}/klacht/volgen"
