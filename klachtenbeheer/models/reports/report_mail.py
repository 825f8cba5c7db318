from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from .report_record import APPROVED, FAILED, SENT

COVER = "klachtenbeheer.mail_template_report"
WAITING, ARRIVED, MISSED, BY_HAND = "waiting", "sent", "failed", "by_hand"
TRIES = 3  # by itself; after that somebody has to look


class ReportRecipient(models.Model):
    """Who gets a report, and the proof that it left."""

    _name = "klachtenbeheer.report.recipient"
    _description = "Recipient of a Report"
    _order = "id"
    _rec_name = "name"

    report_id = fields.Many2one(
        "klachtenbeheer.report", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(required=True)
    role = fields.Char("As")
    email = fields.Char("E-mail")
    state = fields.Selection(
        [
            (WAITING, "Not sent yet"),
            (ARRIVED, "Sent"),
            (MISSED, "Did not arrive"),
            (BY_HAND, "No e-mail address: hand it over"),
        ],
        default=WAITING,
        required=True,
    )
    sent_at = fields.Datetime("Sent at")
    tries = fields.Integer()
    failure_reason = fields.Char("Why not")
    message_id = fields.Char("Message-Id", help="Of the e-mail that carried it.")

    _email_uniq = models.Constraint(
        "UNIQUE(report_id, email)", "This address gets the report already."
    )


class ReportMail(models.Model):
    """A report goes to its recipients as PDF by e-mail, to each once."""

    _inherit = "klachtenbeheer.report"

    def _make_recipients(self, roles):
        """The people in the roles, outside parties, and who the policy's own plan adds."""
        plan = self.policy_id.report_plan_ids.filtered(lambda plan: plan.type_id == self.type_id)
        found = [
            *((user.partner_id, role.name) for role in roles for user in role.user_ids),
            *((role.partner_id, role.name) for role in roles if role.partner_id),
            *((partner, "") for partner in plan.recipient_ids),
        ]
        seen, vals_list = set(), []
        for partner, role in found:
            email = email_normalize(partner.email or "")
            if (email or partner.id) not in seen:
                seen.add(email or partner.id)
                vals_list.append(self._prepare_recipient_vals(partner, role, email))
        self.env["klachtenbeheer.report.recipient"].create(vals_list)

    def _prepare_recipient_vals(self, partner, role, email):
        return {
            "report_id": self.id,
            "name": partner.name,
            "role": role,
            "email": email or False,
            "state": WAITING if email else BY_HAND,
        }

    def action_send_again(self):
        """After the address or the mail server was mended."""
        self._check_may("make")
        self._check_state(APPROVED, FAILED)
        report_su = self._as_procedure()
        report_su.recipient_ids.filtered(lambda line: line.state == MISSED).tries = 0
        report_su._send_to_recipients()

    def _send_to_recipients(self):
        """Queue a mail to each recipient that it did not reach. The only place that mails."""
        mails = self.env["mail.mail"].sudo()
        for report in self:
            waiting = report.recipient_ids.filtered(
                lambda line: line.state in (WAITING, MISSED) and line.tries < TRIES
            )
            mails |= mails.create([report._prepare_mail_vals(line) for line in waiting])
            for line in waiting:
                line.write({"state": WAITING, "tries": line.tries + 1, "failure_reason": False})
            report._sync_sent()
        mails.send_after_commit()

    def _prepare_mail_vals(self, line):
        cover = self.env.ref(COVER).sudo()  # a text without anything of the report
        texts = {
            name: cover._render_field(name, self.ids, set_lang=self.lang)[self.id]
            for name in ("subject", "body_html")
        }
        sender = self.policy_id.coordinator_id.email_formatted or self.company_id.email_formatted
        return {
            **texts,
            "report_recipient_id": line.id,
            "email_from": sender,
            "reply_to": sender,
            "email_to": line.email,
            "attachment_ids": [(4, self.attachment_id.id)],
            "auto_delete": False,  # proof that it was sent
        }

    # ---------------------------------------------------------------- what became of it

    def _sync_sent(self):
        """Sent when it left for everybody who has an address."""
        for report in self:
            states = set(report.recipient_ids.mapped("state"))
            if MISSED in states:
                report._as_procedure().state = FAILED
            elif WAITING not in states:
                report._as_procedure().state = SENT
                report._after_sent()

    def _after_sent(self):
        """Hook: it is with everybody who gets it."""
        by_hand = self.recipient_ids.filtered(lambda line: line.state == BY_HAND)
        if by_hand:
            names = ", ".join(by_hand.mapped("name"))
            self._ask_coordinator(self.env._("Hand the report over to: %s", names))
        self._message_log(body=self.env._("Sent to %s recipients", len(self.recipient_ids)))

    def _mark_line(self, line, failure):
        if failure:
            line.write({"state": MISSED, "failure_reason": failure})
            self._ask_coordinator(self.env._("Report not delivered: %s", self.title))
        else:
            line.write({"state": ARRIVED, "sent_at": fields.Datetime.now()})
        self._sync_sent()


class MailMail(models.Model):
    _inherit = "mail.mail"

    report_recipient_id = fields.Many2one(
        "klachtenbeheer.report.recipient",
        "Recipient of a complaint report",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """The report knows whether it left."""
        for mail_su in self.sudo().filtered("report_recipient_id"):  # whoever runs the queue
            line = mail_su.report_recipient_id
            failed = mail_su.state == "exception"
            reason = failed and (failure_reason or mail_su.failure_reason or failure_type or "?")
            line.message_id = mail_su.message_id
            line.report_id._mark_line(line, reason)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )

    def write(self, vals):
        if vals.get("state") == "outgoing":
            lines_su = self.sudo().report_recipient_id
            if any(line.state in (ARRIVED, MISSED) for line in lines_su):
                raise UserError(
                    self.env._("Send this report again from the report itself, or it goes twice.")
                )
        return super().write(vals)
