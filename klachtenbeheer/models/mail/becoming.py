import base64
import logging

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError

from ...tools import incoming
from ...tools.incoming import IncomingMail
from ..platform.typed import explain_email
from .complaint import COMPLAINANT, SOMEBODY
from .incoming import COMPLAINT
from .sorting import SURE, Target

_logger = logging.getLogger(__name__)


class IncomingRegistration(models.Model):
    """What a mail becomes: the values of a complaint, by itself or because a person says so."""

    _inherit = "klachtenbeheer.incoming"

    # ---------------------------------------------------------------- a complaint

    def _register_mail(self, mail, policy, values, arrived_on=None, answer=True):
        """Register a mail as a complaint and let its sender know."""
        target = Target(policy.company_id, policy, self.env[COMPLAINT])
        employee = self._find_employee(mail, target)
        vals = self._prepare_complaint_vals(mail, policy, employee, arrived_on)
        author_id = employee.partner_id.id or vals.get("partner_id", False)
        values = {**values, "is_internal": bool(employee), "author_id": author_id}
        complaint_id = self._get_thread()._message_route_process(
            mail.message, values, [(COMPLAINT, False, vals, SUPERUSER_ID, None)]
        )
        complaint = self.env[COMPLAINT].browse(complaint_id)
        complaint._after_mail(mail, employee, arrived_on or fields.Datetime.now())
        if answer:
            complaint._send_proof(mail)
        return complaint

    def _prepare_complaint_vals(self, mail, policy, employee, arrived_on=None):
        day, _remark = self.env[COMPLAINT]._get_mail_receipt(mail, policy.company_id, arrived_on)
        vals = {
            "policy_id": policy.id,
            "channel": "email",
            "received_on": day,
            "received_by_id": employee.id,
            "title": mail.title[:200] or False,
            "description": self._get_description(mail),
            "complainant_lang": policy.company_id.partner_id.lang,
        }
        vals |= {} if employee else self._prepare_sender_vals(mail, policy.company_id)
        if vals["complainant_lang"] not in dict(self.env["res.lang"].get_installed()):
            del vals["complainant_lang"]  # a contact may have one that is not in use any more
        return vals

    def _get_description(self, mail):
        if mail.text:
            return mail.text[:100_000]
        if mail.filenames:
            return self.env._("See the attachments: %s", ", ".join(mail.filenames))
        return mail.title or self.env._("(an empty mail)")

    def _prepare_sender_vals(self, mail, company):
        """Who complains: the one contact with this address, or who the mail says."""
        partner = self.env["res.partner"].search(
            [("email_normalized", "=", mail.email), ("company_id", "in", (False, company.id))],
            limit=2,
        )
        vals = {
            "complainant_name": mail.sender_name or mail.email,
            "complainant_email": mail.email,
        }
        if explain_email(self.env, mail.email):
            # no answer can get there; what the mail says is kept where it can be read
            names = dict.fromkeys(filter(None, (mail.sender_name, mail.email)))
            vals = {"complainant_name": ", ".join(names)}
        if not mail.email or len(partner) != 1 or partner.is_company:
            return vals
        return {
            "complainant_name": mail.sender_name or partner.name,
            "complainant_email": mail.email,
            "partner_id": partner.id,
            **({"complainant_lang": partner.lang} if partner.lang else {}),
        }

    # ---------------------------------------------------------------- by hand

    def _register_kept(self, policy):
        """Register a mail that a person took for a complaint; what can't be read is
        attached as it is."""
        mail = self._get_mail()
        answer = mail.automation not in (*SURE, incoming.AUTOMATIC) and bool(mail.email)
        incoming_in = self.with_user(SUPERUSER_ID).with_company(policy.company_id)
        try:
            with self.env.cr.savepoint():
                return incoming_in._register_mail(
                    mail, policy, incoming_in._parse(mail), self.arrived_on, answer
                )
        # a person wants this to be a complaint, so it becomes one
        except Exception:
            _logger.warning("Mail %s is registered as it is", mail.message_id, exc_info=True)
            return incoming_in._register_unreadable(mail, policy)

    def _register_unreadable(self, mail, policy):
        sender = self._prepare_sender_vals(mail, policy.company_id) if mail.email else {}
        complaint = self.env[COMPLAINT].create(
            {
                "policy_id": policy.id,
                "channel": "email",
                "received_on": self.env[COMPLAINT]._get_mail_receipt(
                    mail, policy.company_id, self.arrived_on
                )[0],
                "received_by_id": False,
                "title": mail.title[:200] or False,
                "description": (self.text or "").strip() or self.env._("See the attached mail."),
                **sender,
            }
        )
        complaint._attach_mail(mail, self.raw_name)
        return complaint

    def _post_kept(self, complaint, by_complainant):
        """Add a mail to a dossier that a person chose."""
        mail = self._get_mail()
        sender = COMPLAINANT if by_complainant else SOMEBODY
        try:
            with self.env.cr.savepoint():
                complaint._add_mail(self._parse(mail), sender)
        # as above
        except Exception:
            _logger.warning("Mail %s is attached as it is", mail.message_id, exc_info=True)
            if complaint.hide_identity:
                raise UserError(
                    self.env._(
                        "This mail can't be read, and it may tell who complained. Put what"
                        " matters of it on the dossier yourself."
                    )
                )
            complaint._attach_mail(mail, self.raw_name)

    def _get_mail(self):
        return IncomingMail(base64.b64decode(self.raw or b""))
