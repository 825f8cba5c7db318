from odoo import models


class RefusingThread(models.AbstractModel):
    """Records with messages and activities of their own, beside the dossiers, that refuse in the
    same words whether or not they exist."""

    _name = "klachtenbeheer.refusing.thread"
    _description = "Thread that Refuses in the Same Words"
    _inherit = ["klachtenbeheer.refusal", "mail.thread", "mail.activity.mixin"]

    def write(self, vals):
        return super(RefusingThread, self._with_history()).write(vals)

    def message_post(self, **kwargs):
        self.check_access("read")  # before the platform tells whether it exists
        return super().message_post(**kwargs)
