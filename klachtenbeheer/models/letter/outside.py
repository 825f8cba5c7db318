from odoo import models
from odoo.exceptions import UserError

from .letter import DRAFT, EMAIL, FAILED, POST, READY

PDF_START = b"%PDF-"


class LetterOutside(models.Model):
    """A letter that left outside the product: put on the dossier as sent, with its scan and the
    day on which it left. It asks for the content that any letter of its kind needs, and for
    approval where the policy wants that; its text is what the scan shows."""

    _inherit = "klachtenbeheer.letter"

    def action_open_outside(self):
        """Ask for the scan of a letter that was sent otherwise, and the day."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("It was sent otherwise"),
            "res_model": "klachtenbeheer.letter.outside",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_letter_id": self.id},
        }

    def _put_on_dossier(self, sent_on, delivery, scan):
        """Mark a letter as sent outside the product.

        :param sent_on: local date on which it left
        :param delivery: by post or by e-mail
        :param scan: the bytes of a PDF
        :raise UserError: it needs approval, is incomplete, or the scan is no PDF
        """
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._check_outside(sent_on, delivery, scan)
        self._as_procedure().write(
            {
                "delivery": delivery,
                "date": sent_on,
                "sent_by_id": self.env.uid,
                "attachment_id": self._store_scan(scan).id,
                **self._prepare_approval_outside(),
            }
        )
        self._do_mark_sent(sent_on)
        self.complaint_id._message_log(
            body=self.env._("%s: was sent otherwise, and put on the dossier", self.name)
        )

    def _check_outside(self, sent_on, delivery, scan):
        self._check_state(DRAFT, READY, FAILED)
        self._check_refusals()
        if self.state != READY and self.needs_approval and not self._may_approve_outside():
            raise UserError(
                self.env._(
                    "“%(letter)s” needs approval first, by: %(role)s.",
                    letter=self.display_name,
                    role=self.sudo().policy_id._get_role_title(self.type_id.approval_role),
                )
            )
        self._check_approver()
        self._raise_missing(self._get_missing_content())
        if delivery not in (POST, EMAIL):
            raise UserError(self.env._("It went by post or by e-mail."))
        if not scan.startswith(PDF_START):
            raise UserError(self.env._("Add the scan of the letter as a PDF."))
        complaint_su = self.complaint_id.sudo()  # dates of the dossier decide only
        if not complaint_su.received_on <= sent_on <= complaint_su._today():
            raise UserError(
                self.env._("A letter is sent after the complaint was received, until today.")
            )
        self._check_event(sent_on)

    def _may_approve_outside(self):
        """Whoever approves may put the letter on the dossier without asking themself."""
        letter_su = self.sudo()  # who approves is no secret to who writes the letter
        return self.env.user in letter_su._get_approvers()

    def _prepare_approval_outside(self):
        if not self.needs_approval or self.approved_by_id:
            return {}
        return {"approved_by_id": self.env.uid, "approved_on": self.complaint_id._today()}

    def _store_scan(self, scan):
        # the letter decides who sees its scan
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self._get_filename(),
                    "raw": scan,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
