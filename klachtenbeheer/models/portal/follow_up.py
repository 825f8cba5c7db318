from odoo import fields, models
from odoo.tools import email_normalize

from .conversation import CODE

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
        index="btree_not_null",
        ondelete="restrict",
        help="The version of the policy whose privacy text stood above the button (SJ50).",
    )

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

    def _tell_holder_of_code(self):
        """Mail that there is a message, where it is read on the follow-up page."""
        if self._get_message_way() == CODE:
            email = self._get_complainant()["complainant_email"]
            self._send_public_mail(CODE_NOTICE, email_normalize(email or ""))

    # ---------------------------------------------------------------- mail

    def _send_public_mail(self, xmlid, address):
        """Queue a mail that tells no more than the reference; proof of receipt gets what was sent
        on its way out. It is not put on the dossier: the address may be a secret there."""
        if not address:
            return
        lang = self.complainant_lang or self._get_default_lang()
        # nobody outside waits for a mail server, nor learns from the time whether there is one
        proof = {"proof_complaint_id": self.id, "proof_quotes": True} if xmlid == PROOF else {}
        self._queue_neutral_mail(self.env.ref(xmlid), address, lang=lang, at_once=False, **proof)

    def _get_follow_url(self):
        return f"{self.get_base_url()}/klacht/volgen"
