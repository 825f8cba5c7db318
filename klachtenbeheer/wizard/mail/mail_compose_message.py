from odoo import models

COMPLAINT = "klachtenbeheer.complaint"


class MailComposeMessage(models.TransientModel):
    """The platform proposes a subject with all rights, whatever the writer may see."""

    _inherit = "mail.compose.message"

    def _compute_subject(self):
        hidden = self.filtered(lambda composer: composer._is_about_hidden_dossier())
        hidden.subject = False
        return super(MailComposeMessage, self - hidden)._compute_subject()

    def _is_about_hidden_dossier(self):
        """Whether the writer may not read the dossier, or the message that is answered."""
        parent = self.parent_id
        if COMPLAINT not in (self.model, parent.sudo().model):  # of what a message is
            return False
        dossiers = self.env[COMPLAINT].browse(self._evaluate_res_ids() or [])
        return not (
            dossiers.sudo(False).has_access("read") and parent.sudo(False).has_access("read")
        )
