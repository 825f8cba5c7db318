import logging
import re

from odoo import fields, models
from odoo.exceptions import LockError, UserError

from .addressee import INTERNAL
from .letter import (
    APPROVAL,
    DRAFT,
    EMAIL,
    FAILED,
    NOT_APPLICABLE,
    PORTAL,
    POST,
    READY,
    SENDING,
    SENT,
)

_logger = logging.getLogger(__name__)

LETTER_REPORT = "klachtenbeheer.letter_report"
COVER_TEMPLATES = {
    EMAIL: "klachtenbeheer.mail_template_cover",
    PORTAL: "klachtenbeheer.mail_template_cover_portal",
}
COVER_INTERNAL = "klachtenbeheer.mail_template_cover_internal"
COVER_COPY = "klachtenbeheer.mail_template_cover_copy"
NOT_IN_A_FILENAME = re.compile(r"[^\w.-]+")


class LetterSending(models.Model):
    """Approval, the one road out, and what follows when a letter does not arrive."""

    _inherit = "klachtenbeheer.letter"

    # ---------------------------------------------------------------- approval

    def action_submit(self):
        """Offer complete drafts to the approver; without approval they are ready at once."""
        self.check_access("write")
        self._refresh_text()
        for letter in self:
            letter._check_state(DRAFT)
            letter._check_complete()
            letter._do_submit()

    def _do_submit(self):
        self._as_procedure().write(
            {
                "state": APPROVAL if self.needs_approval else READY,
                "submitted_by_id": self.env.uid,
                "approval_note": False,
            }
        )
        if self.needs_approval:
            self._ask_approval()

    def _ask_approval(self):
        letter_su = self.sudo()  # who writes the letter need not know who approves it
        approvers = letter_su._get_approvers()
        if not approvers:
            raise UserError(
                self.env._(
                    "Nobody can approve “%s”: everybody in that role is complained about, or"
                    " the role is empty.",
                    self.display_name,
                )
                + "\n"
                + (letter_su.complaint_id._get_end_of_chain() or "")
            )
        board = letter_su.policy_id._get_role_users("board")
        if self.type_id._get_approval_code() == "board" or approvers <= board:
            letter_su.complaint_id.board_involved = True
        for user in approvers:
            letter_su._plan_task(user, self.env._("Approve: %s", self.name))

    def action_approve(self):
        """The person who decides agrees with the letter as it stands (SB38)."""
        for letter in self:
            refusal = letter._get_approval_refusal()
            if refusal:
                raise UserError(refusal)
            letter._do_approve()

    def _do_approve(self):
        letter_su = self.sudo()  # the refusals above are the rule; approving is no editing
        today = self.complaint_id._today()
        letter_su._as_procedure().write(
            {"state": READY, "approved_by_id": self.env.uid, "approved_on": today}
        )
        letter_su._end_tasks()
        letter_su.complaint_id._message_log(
            body=self.env._(
                "%(letter)s: approved by %(user)s", letter=self.name, user=self.env.user.name
            )
        )
        if self.submitted_by_id != self.env.user:
            letter_su._plan_task(
                self.submitted_by_id, self.env._("Approved, can be sent: %s", self.name)
            )

    def action_send_back(self, reason=None):
        """Make letters drafts again. Asks for the reason when none is given."""
        if not (reason or "").strip():
            return self._open_reason_dialog("send_back")
        for letter in self:
            letter._check_state(APPROVAL, READY, FAILED)
            letter._check_can_send_back()
            letter._do_send_back(reason)
        return None

    def _check_can_send_back(self):
        if self.state == APPROVAL and not self._get_approval_refusal():
            return
        self.check_access("write")

    def _do_send_back(self, reason):
        letter_su = self.sudo()  # see _check_can_send_back
        letter_su._as_procedure().write(
            {
                "state": DRAFT,
                "approval_note": reason,
                "approved_by_id": False,
                "approved_on": False,
                "attachment_id": False,
                "date": False,
            }
        )
        letter_su._end_tasks()
        letter_su.complaint_id._message_log(
            body=self.env._(
                "%(letter)s: sent back by %(user)s. Reason: %(reason)s",
                letter=self.name,
                user=self.env.user.name,
                reason=reason,
            )
        )
        if self.submitted_by_id != self.env.user:
            letter_su._plan_task(
                self.submitted_by_id, self.env._("Sent back: %s", self.name), reason
            )

    # ---------------------------------------------------------------- sending

    def action_send(self):
        """Send letters, each once; by post: make the PDF to print.

        By mail a letter is sent when the mail server accepted it, right after this is
        committed; until then it is being sent.

        :return: for one letter by post the action that opens the PDF
        :raise UserError: something is missing, or it was sent already; nothing is sent then
        """
        self.check_access("write")
        self._lock()
        self._refresh_text()
        for letter in self:
            letter._check_can_send()
        for letter in self:
            letter._do_send()
        return self.action_preview() if len(self) == 1 and self.delivery == POST else None

    def action_mark_posted(self, posted_on=None):
        """Printed letters were put in the post on a local date, today by default."""
        self.check_access("write")
        self._lock()
        for letter in self:
            if letter.delivery != POST or letter.state != READY or not letter.attachment_id:
                raise UserError(
                    letter._explain_frozen()
                    if letter.state == SENT
                    else self.env._("Print “%s” first.", letter.display_name)
                )
            letter._check_refusals()
            day = fields.Date.to_date(posted_on) or letter.posted_on
            letter._do_mark_posted(day or letter.complaint_id._today())

    def _lock(self):
        """Two workers, or a double click, never send the same letter (design.md 4.4).

        Under repeatable read a row that another transaction changed meanwhile makes this
        one start again, and it then finds the letter sent.
        """
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(self.env._("This letter is being sent right now.")) from error
        self.invalidate_recordset(["state", "attachment_id"])

    def _check_can_send(self):
        if self.state == DRAFT and self.needs_approval:
            raise UserError(
                self.env._(
                    "“%(letter)s” needs approval first, by: %(role)s.",
                    letter=self.display_name,
                    role=self.sudo().policy_id._get_role_title(self.type_id._get_approval_code()),
                )
            )
        self._check_state(DRAFT, READY, FAILED)
        self._check_approver()
        self._check_complete()
        self._check_event()

    def _check_event(self, day=None):
        """What the letter would put on record has to be possible before it leaves.

        :param day: local date on which it left already
        """
        event_type_su = self.sudo().type_id.event_type_id  # a catalogue
        if event_type_su and (day or self.delivery != POST):
            complaint_su = self.complaint_id.sudo()  # as when it is recorded
            reasons = complaint_su._get_cannot_record_reason(event_type_su, day)
            complaint_su._raise_refusals(reasons)

    def _check_approver(self):
        """An approval by somebody who turns out to be complained about is none."""
        approver = self.sudo().approved_by_id
        if approver and not self.complaint_id._without_respondents(approver):
            raise UserError(
                self.env._(
                    "“%s” was approved by somebody who is complained about. Send it back and ask"
                    " for approval again.",
                    self.display_name,
                )
            )

    def _check_state(self, *states):
        if self.state not in states:
            raise UserError(self._explain_frozen())

    def _check_complete(self):
        self._check_refusals()
        self._raise_missing(self._get_missing_parts())
        if self.text_state == "outdated":
            raise UserError(
                self.env._(
                    "The text of “%s” was edited and the dossier has changed since. Renew the"
                    " text, or confirm that yours is still right.",
                    self.display_name,
                )
            )

    def _raise_missing(self, parts):
        if parts:
            raise UserError(
                self.env._(
                    "“%(letter)s” can't be sent yet. Missing:\n%(list)s",
                    letter=self.display_name,
                    list="\n".join(f"• {part.text}" for part in parts),
                )
            )

    def _check_refusals(self):
        """What makes sending senseless whatever is filled in."""
        # what failed made sense when it was sent, and what it did then may have changed that
        refusal = self.state != FAILED and self._get_type_refusal()
        if refusal:
            raise UserError(refusal)
        if self.type_id.extends_terms and self.promised_on:
            self.complaint_id._check_extension(
                self.promised_on, self.term_ids, bool(self.consented_on)
            )

    def _get_type_refusal(self):
        letter_su = self.sudo()  # the user may write the letter; these facts decide only
        return letter_su.type_id.with_env(letter_su.env)._get_refusal(letter_su.complaint_id)

    def _do_send(self):
        today = self.complaint_id._today()
        if self.delivery == POST:
            if not (self.state == READY and self.attachment_id):
                self._make_final_pdf(today)
                self._as_procedure().write({"state": READY})
            return
        self._make_final_pdf(today)
        self._begin_sending()

    def _begin_sending(self):
        """From here on the mail server decides what this letter says."""
        self._as_procedure().write(
            {
                "state": SENDING,
                "sent_by_id": self.env.uid,
                "failure_reason": False,
                "is_unsure": False,
                "handed_on": False,
                "next_try_on": False,
            }
        )
        self._queue_mail()

    def _do_mark_posted(self, day):
        today = self.complaint_id._today()
        if not self.complaint_id.received_on <= day <= today:
            raise UserError(
                self.env._("A letter is posted after the complaint was received, until today.")
            )
        self._do_mark_sent(day)
        self.complaint_id._message_log(body=self.env._("%s: posted", self.name))
        self._queue_copies()

    def _do_mark_sent(self, sent_on):
        """Record the event of this letter; from here on it never changes."""
        counts_on = self._get_counts_on(sent_on)
        letter_su = self.sudo()  # who may send a letter need not edit the dossier
        letter_su._as_procedure().write(
            {
                "state": SENT,
                "sent_on": sent_on,
                "counts_on": counts_on,
                "failure_reason": False,
                "is_unsure": False,
                "next_try_on": False,
            }
        )
        letter_su._offer_hearing()
        letter_su._tell_measures()
        letter_su._record_own_event()
        letter_su._record_joint_events()
        letter_su._end_tasks()

    def _prepare_event_vals(self, sent_on):
        vals = {"sent_on": sent_on, "letter_id": self.id}
        if self.type_id.extends_terms and self.promised_on:
            vals["promised_on"] = self.promised_on
            vals["consented_on"] = self.consented_on
            vals["term_ids"] = [fields.Command.set(self.term_ids.ids)]
        return vals

    def _get_counts_on(self, sent_on):
        """The local date on which this letter counts as received (T2)."""
        if self.delivery != POST:
            return sent_on
        policy_su = self.sudo().policy_id  # the calendar is no secret
        return policy_su.get_calendar().add_workdays(sent_on, policy_su.delivery_workdays)

    # ---------------------------------------------------------------- PDF

    def action_preview(self):
        """Open the PDF of letters: as it was sent, or as it would be sent today."""
        self.check_access("read")
        self._refresh_text()
        letter_ids = ",".join(str(letter_id) for letter_id in self.ids)
        url = f"/report/pdf/klachtenbeheer.letter_document/{letter_ids}"
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def _make_final_pdf(self, day):
        """Lay the letter out with its definite date and file the PDF.

        :raise UserError: the engine that surely prints all of it is missing
        """
        self.env["ir.actions.report"]._check_engine()
        self._as_procedure().write({"date": day, "counts_on": self._get_counts_on(day)})
        # the letter decides who sees its PDF; making one asks no other rights
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self._get_filename(),
                    "raw": self._add_papers(self._render_pdf()),
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        self._as_procedure().write({"attachment_id": attachment.id})

    def _render_pdf(self):
        """The letter as PDF bytes, laid out anew."""
        self.ensure_one()
        report = self.env["ir.actions.report"].sudo().with_context(force_report_rendering=True)
        return report._render_qweb_pdf(LETTER_REPORT, self.ids)[0]

    def _get_stored_pdf(self):
        """Hook of the report engine: a final letter is never laid out again."""
        return self.sudo().attachment_id.raw  # who reads the letter reads its PDF

    def _get_filename(self):
        """Neutral: files travel (ux.md)."""
        letter = self.with_context(lang=self.lang)
        parts = (letter.complaint_id.name, letter.type_id.name)
        return f"{'-'.join(NOT_IN_A_FILENAME.sub('-', part or '') for part in parts)}.pdf"

    # ---------------------------------------------------------------- mail

    def _queue_mail(self):
        """Mail the addressee, and nobody else, after the transaction is committed."""
        # the message on the dossier holds no address and no PDF, so whoever reads it learns
        # nothing more
        message = self.complaint_id._message_log(
            body=self.env._(
                "%(letter)s: offered to the mail server (%(delivery)s)",
                letter=self.name,
                delivery=self._get_delivery_label(),
            )
        )
        self._as_procedure().write({"message_id": message.id})
        cover = COVER_INTERNAL if self.audience == INTERNAL else COVER_TEMPLATES[self.delivery]
        self.complaint_id._queue_neutral_mail(
            self.env.ref(cover),
            # who practises gets the letter, and nobody else
            self.env.user.email if self.policy_id.is_practice else self.addressee_email,
            record=self,
            lang=self.lang,
            headers={},  # a person sends it
            mail_message_id=message.id,
            letter_id=self.id,
        )

    def _get_delivery_label(self):
        return dict(self._fields["delivery"]._description_selection(self.env))[self.delivery]

    def _queue_copies(self):
        """Mail a copy to who assists the complainant; without an address it is printed."""
        letter_su = self.sudo()  # the complainant's consent decides who gets copies
        partners = letter_su.copy_ids & letter_su._get_copy_partners()
        if not partners:
            return
        by_mail = partners.filtered("email_normalized")
        for partner in by_mail:
            letter_su._queue_copy(partner)
        # who assists is named on the letter, not in messages that more people read
        body = self.env._(
            "%(letter)s: copies by e-mail: %(mailed)s, to be printed and posted: %(posted)s",
            letter=self.name,
            mailed=len(by_mail),
            posted=len(partners) - len(by_mail),
        )
        letter_su.complaint_id._message_log(body=body)

    def _queue_copy(self, partner):
        self.complaint_id._queue_neutral_mail(
            self.env.ref(COVER_COPY).with_context(copy_name=partner.name),
            self.env.user.email if self.policy_id.is_practice else partner.email,
            record=self,
            lang=self.lang,
            headers={},
            letter_id=self.id,
            is_letter_copy=True,
        )

    # ---------------------------------------------------------------- failure

    def _mark_failed(self, reason):
        """Letters did not arrive: the duty is open again and somebody is warned (T51)."""
        for letter in self.filtered(lambda letter: letter.state in (SENDING, SENT)):
            letter._do_mark_failed(reason)

    def _do_mark_failed(self, reason):
        _logger.info("Letter %s was not delivered", self.id)
        self._undo_sent(
            {"state": FAILED, "failure_reason": reason, "is_unsure": False, "next_try_on": False}
        )
        self.complaint_id._alert_coordinator(
            self.env._("Not delivered: %s", self.name),
            self.env._("Check the address and send the letter again, or send it by post."),
        )

    def _undo_sent(self, vals):
        """This letter does not count as sent, or does not any more."""
        event = self.event_id
        self._untell_measures()
        self._undo_joint_events(self.env._("%s could not be delivered", self.name))
        self._as_procedure().write(
            {"sent_on": False, "counts_on": False, "event_id": False, **vals}
        )
        # why not may name the address, so that stays on the letter
        event.filtered(lambda event: not event.voided).action_void(
            self.env._("%s could not be delivered", self.name)
        )

    def _mark_copy_failed(self):
        """The letter itself did arrive; somebody is warned of the copy."""
        for letter in self:
            letter.complaint_id._alert_coordinator(
                self.env._("A copy was not delivered: %s", letter.name),
                self.env._("Check the address of who assists the complainant."),
            )

    def action_not_applicable(self, reason=None):
        """This letter can't or need not be sent. Asks for the reason when none is given."""
        if not (reason or "").strip():
            return self._open_reason_dialog("not_applicable")
        self.check_access("write")
        for letter in self:
            letter._check_state(DRAFT, FAILED)
            letter._do_mark_not_applicable(reason)
        return None

    def _do_mark_not_applicable(self, reason):
        self._as_procedure().write({"state": NOT_APPLICABLE, "failure_reason": reason})
        letter_su = self.sudo()  # who may write the letter may waive its duty
        if code := letter_su.type_id.event_type_id.code:
            letter_su.complaint_id._mark_not_applicable(code, reason)

    # ---------------------------------------------------------------- helpers

    def _open_reason_dialog(self, purpose):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Why?"),
            "res_model": "klachtenbeheer.letter.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_letter_ids": self.ids, "default_purpose": purpose},
        }

    def _plan_task(self, user, summary, note=False):
        """Ask something of somebody on the dossier; the summary names no person."""
        if user:
            self._as_procedure().task_ids |= self.complaint_id.activity_schedule(
                "klachtenbeheer.activity_type_letter", summary=summary, note=note, user_id=user.id
            )

    def _end_tasks(self):
        self.task_ids.unlink()
