from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import email_normalize, format_datetime

from ..complaint.neutral_mail import GENERATED
from .report_record import APPROVED, FAILED, SENT

COVER = "klachtenbeheer.mail_template_report"
WAITING, ARRIVED, MISSED, UNSURE, BY_HAND = "waiting", "sent", "failed", "unsure", "by_hand"


class ReportRecipient(models.Model):
    """Who gets a report, and the proof that it left."""

    _name = "klachtenbeheer.report.recipient"
    _description = "Recipient of a Report"
    _inherit = ["klachtenbeheer.report.part"]
    _order = "id"
    _rec_name = "name"

    report_id = fields.Many2one(
        "klachtenbeheer.report", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one("res.partner", ondelete="set null", index="btree_not_null")
    name = fields.Char(required=True)
    role = fields.Char("As")
    email = fields.Char("E-mail")
    state = fields.Selection(
        [
            (WAITING, "Not sent yet"),
            (ARRIVED, "Sent"),
            (MISSED, "Did not arrive"),
            (UNSURE, "Perhaps delivered"),
            (BY_HAND, "No e-mail address: hand it over"),
        ],
        default=WAITING,
        required=True,
    )
    sent_at = fields.Datetime("Sent at")
    next_try_on = fields.Datetime("Tried again at")
    failure_reason = fields.Char("Why not")
    message_id = fields.Char("Message-Id", help="Of the e-mail that carried it.")

    _email_uniq = models.Constraint(
        "UNIQUE(report_id, email)", "This address gets the report already."
    )

    def action_confirm_delivered(self):
        """Of these nobody knew whether they arrived; they did."""
        self.report_id._check_may("make")
        lines_su = self._get_unsure_sudo()
        for line_su in lines_su:
            line_su._get_last_mail_sudo().state = "sent"
        lines_su._mark(ARRIVED)

    def action_send_again(self):
        """These did not arrive, or may arrive twice: once more, to the address of now."""
        self.report_id._check_may("make")
        lines_su = self._get_unsure_sudo()
        lines_su._mark(MISSED, sent_at=False)
        lines_su.report_id._send_to_recipients(lines_su)

    def _get_unsure_sudo(self):
        """These lines, allowed to be written: that they may be dealt with has been asked."""
        if any(line.state != UNSURE for line in self):
            raise UserError(self.env._("It is known whether this report arrived."))
        return self.sudo()

    def _take_address_of_now(self):
        for line in self:
            email = email_normalize(line.partner_id.email or "")
            others = line.report_id.recipient_ids - line
            if email and email not in others.mapped("email"):
                line.email = email

    def _get_last_mail_sudo(self):
        # the queue is the platform's
        mails_su = self.env["mail.mail"].sudo()
        domain = [("report_recipient_id", "=", self.id)]
        return mails_su.search(domain, order="id desc", limit=1)

    def _mark(self, state, **vals):
        """What became of its mail; of a report one at a time, as whether all have arrived is seen
        from all of its lines."""
        self.report_id._take_mail_turn()
        self.write({"state": state, "next_try_on": False, **vals})
        self.report_id._sync_sent()


class ReportMail(models.Model):
    """A report goes to its recipients as PDF by e-mail, to each once, by the road of letters
    (`platform/delivery.py`)."""

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
            "partner_id": partner.id,
            "name": partner.name,
            "role": role,
            "email": email or False,
            "state": WAITING if email else BY_HAND,
        }

    def action_send_again(self):
        """After the address or the mail server was mended."""
        self._check_may("make")
        self._check_state(APPROVED, FAILED)
        self._as_procedure()._send_to_recipients(self.sudo().recipient_ids)

    def _send_to_recipients(self, lines):
        """Queue a mail to each of these recipients that it did not reach. The only place that
        mails."""
        mails = self.env["mail.mail"].sudo()  # the queue is the platform's
        for report in self:
            due = (lines & report.recipient_ids).filtered(
                lambda line: line.state in (WAITING, MISSED)
            )
            due._take_address_of_now()
            due.filtered("email").write({"state": WAITING, "failure_reason": False})
            mails |= mails.create([report._prepare_mail_vals(line) for line in due if line.email])
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
            "is_complaint_mail": True,
            "report_recipient_id": line.id,
            "email_from": sender,
            "reply_to": sender,
            "email_to": line.email,
            "attachment_ids": [(4, self.attachment_id.id)],
            "auto_delete": False,  # proof that it was sent
            "headers": repr(GENERATED),
        }

    # ---------------------------------------------------------------- what became of it

    def _take_mail_turn(self):
        """Another process that settles a mail of the same report waits, and begins anew: each
        would see the line of the other as it was."""
        query = "UPDATE klachtenbeheer_report SET write_date = write_date WHERE id = ANY(%s)"
        self.env.cr.execute(query, [self.ids])

    def _sync_sent(self):
        """Sent when it left for everybody who has an address; asks for what a person does."""
        for report in self.filtered(lambda report: report.state in (APPROVED, FAILED)):
            states = set(report.recipient_ids.mapped("state"))
            failed = FAILED if states & {MISSED, UNSURE} else SENT
            state = APPROVED if WAITING in states else failed
            if state != report.state:
                report._as_procedure().state = state
                report._after_mailing()

    def _after_mailing(self):
        if self.state == FAILED:
            self._ask_coordinator(
                self.env._("Report not delivered: %s", self.title), self._describe_failures()
            )
        elif self.state == SENT:
            self._end_tasks()
            by_hand = self.recipient_ids.filtered(lambda line: line.state == BY_HAND)
            if by_hand:
                names = ", ".join(by_hand.mapped("name"))
                self._ask_coordinator(self.env._("Hand the report over to: %s", names))
            self._message_log(body=self.env._("Sent to %s recipients", len(self.recipient_ids)))
            self._ask_discussion()

    def _describe_failures(self):
        lines = self.recipient_ids.filtered("failure_reason")
        return " ".join(f"{line.name}: {line.failure_reason}" for line in lines)

    @api.model
    def _get_waiting_domain(self, today):
        """Reports of the current company that are under way."""
        return Domain(
            [
                ("company_id", "=", self.env.company.id),
                ("state", "=", APPROVED),
            ]
        )

    def _look_after_mails(self, today):
        """A mail that is no longer in the queue will not leave: its report says so."""
        for line in self.recipient_ids.filtered(lambda line: line.state == WAITING):
            mail_su = line._get_last_mail_sudo()
            if mail_su.state != "outgoing" and not mail_su.handed_on:
                reason = self.env._("Its e-mail is not in the queue any more.")
                line.sudo()._mark(MISSED, failure_reason=reason)  # only its methods write it
        self._sync_sent()


class MailMail(models.Model):
    """Outgoing mails that carry a report: what the mail server says of them is what the line of
    its recipient says."""

    _inherit = "mail.mail"

    report_recipient_id = fields.Many2one(
        "klachtenbeheer.report.recipient",
        "Recipient of a complaint report",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    def _may_leave(self):
        line_su = self.report_recipient_id.sudo()  # whoever runs the queue, as below
        return super()._may_leave() and (not line_su or line_su.state == WAITING)

    def _do_accept(self):
        """The message is marked before the mail is gone."""
        if line_su := self.report_recipient_id.sudo():
            now = fields.Datetime.now()
            line_su._mark(ARRIVED, sent_at=now, message_id=self.message_id, failure_reason=False)
        return super()._do_accept()

    def _do_accept_only(self):
        if line_su := self.report_recipient_id.sudo():
            line_su.write({"state": ARRIVED, "sent_at": fields.Datetime.now()})
        return super()._do_accept_only()

    def _do_wait(self, outcome):
        next_try = super()._do_wait(outcome)
        line_su = self.report_recipient_id.sudo()
        if next_try and line_su:
            line_su.write({"failure_reason": self._describe(outcome), "next_try_on": next_try})
        return next_try

    def _do_fail(self, outcome):
        if line_su := self.report_recipient_id.sudo():
            line_su._mark(MISSED, failure_reason=self._describe(outcome))
        return super()._do_fail(outcome)

    def _do_doubt(self, outcome):
        line_su = self.report_recipient_id.sudo()
        if not line_su:
            return super()._do_doubt(outcome)
        reason = self.env._(
            "%(reason)s This report had left at %(moment)s. Message-Id: %(id)s",
            reason=self._describe(outcome),
            moment=format_datetime(self.env, self.handed_on),
            id=self.message_id or "?",
        )
        line_su._mark(
            UNSURE, failure_reason=reason, message_id=self.message_id, sent_at=self.handed_on
        )
        self.write({"handed_on": False, "failure_reason": self._describe(outcome)})
        return None

    def write(self, vals):
        if vals.get("state") == "outgoing":
            lines_su = self.sudo().report_recipient_id
            if any(line.state in (ARRIVED, MISSED, UNSURE) for line in lines_su):
                raise UserError(
                    self.env._("Send this report again from the report itself, or it goes twice.")
                )
        if vals.get("state") == "cancel":
            for line_su in self.sudo().report_recipient_id:
                reason = self.env._("The e-mail was cancelled before it was sent.")
                line_su._mark(MISSED, failure_reason=reason)
        return super().write(vals)
