import re

from odoo import models
from odoo.tools import email_normalize, is_html_empty

from .letter import APPROVAL
from .policy_role import ESCALATION_CHAIN

# The PDF takes nothing from outside the text (tools/pdf.py).
OUTSIDE_PICTURE = re.compile(r"""<img(?![^>]*\ssrc=["']data:)""")


class LetterCompleteness(models.Model):
    """Who signs, who approves, and what must still be filled in before a letter goes out."""

    _inherit = "klachtenbeheer.letter"

    # ---------------------------------------------------------------- people

    def _get_signing_chain(self):
        """The role that signs and the roles that replace it (BA21), with the people in
        them; never somebody who is complained about.

        :return: {role: users}, the first choice first
        """
        complaint, role = self.complaint_id, self.type_id.signatory_role
        chain = dict(complaint._get_chain()) if complaint else {}
        if complaint and role == "director":
            role = complaint._get_deciding_role()
        if role in ESCALATION_CHAIN:
            start = ESCALATION_CHAIN.index(role)
            return {role: chain[role] for role in ESCALATION_CHAIN[start:] if role in chain}
        own = complaint._without_respondents(self.policy_id._get_role_users(role))
        return {role: own} | {role: users for role, users in chain.items() if role != "handler"}

    def _get_signatories(self):
        return self.env["res.users"].union(*self._get_signing_chain().values())

    def _get_signatory_title(self):
        """The title that the policy gives the signatory."""
        for role, users in self._get_signing_chain().items():
            if self.signatory_id and self.signatory_id in users:
                return self.policy_id._get_role_title(role)
        return False

    def _get_approvers(self):
        """Who may approve: the board where directie is concerned (T8)."""
        complaint, role = self.complaint_id, self.type_id.approval_role
        if role == "director":
            role = complaint._get_deciding_role()
        return complaint._get_role_people(role) or complaint._get_role_people("board")

    def _get_approval_refusal(self):
        """Why the user can't approve, in words; False where nothing stands in the way."""
        self.ensure_one()
        user = self.env.user
        letter_su = self.sudo()  # roles of the policy are no secret to who sees the letter
        if self.state != APPROVAL:
            return self.env._("“%s” is not waiting for approval.", self.display_name)
        if user not in letter_su._get_approvers():
            return self.env._(
                "“%(letter)s” is approved by: %(role)s.",
                letter=self.display_name,
                role=letter_su.policy_id._get_role_title(self.type_id.approval_role),
            )
        return False

    # ---------------------------------------------------------------- completeness

    def _get_missing_parts(self):
        """What must still be filled in before this letter can go out, in words."""
        self.ensure_one()
        letter_su = self.sudo()  # whether a part is there is no secret to who sends it
        complaint_su, letter_type = letter_su.complaint_id, letter_su.type_id
        missing = letter_type.requirement_ids._get_missing(complaint_su, letter_su)
        parts = missing.mapped("name") + letter_su._get_missing_promise()
        if letter_type.event_type_id:
            parts += complaint_su._get_missing_for_event(letter_type.event_type_id)
        parts += letter_su._get_missing_address() + letter_su._get_missing_text()
        return list(dict.fromkeys(parts))

    def _get_missing_text(self):
        parts = []
        if not self.subject:
            parts.append(self.env._("the subject"))
        if is_html_empty(self.body):
            parts.append(self.env._("the text"))
        elif OUTSIDE_PICTURE.search(self.body):
            parts.append(self.env._("a text without pictures: they would not be printed"))
        if self.signatory_id not in self._get_signatories():
            parts.append(self.env._("somebody who signs and is not complained about"))
        return parts

    def _get_missing_address(self):
        match self.delivery:
            case "email" if not email_normalize(self.addressee_email):
                return [self.env._("a valid e-mail address")]
            case "post" if not (self.addressee_address or "").strip():
                return [self.env._("a postal address")]
            case "portal" if not self._has_portal_account():
                return [self.env._("an addressee who can log in to the portal")]
            case "email" | "post" | "portal":
                return []
            case _:
                return [self.env._("a way to send it: e-mail address or postal address")]

    def _has_portal_account(self):
        complainant = self.complaint_id.partner_id
        return self.partner_id == complainant and bool(
            complainant.user_ids.filtered(lambda user: user.share and user.active)
        )

    def _get_missing_promise(self):
        """A notice that only promises a date must promise one after the date in force."""
        if not self._is_delay_notice() or not self.promised_on:
            return []
        due_on = self._get_due_before()
        if due_on and self.promised_on <= due_on:
            return [
                self.env._(
                    "a new date after %s, the date until now",
                    self.complaint_id._format_date(due_on),
                )
            ]
        if self.promised_on < self.complaint_id._today():
            return [self.env._("a new date that has not passed")]
        return []

    def _is_delay_notice(self):
        """Whether promising a new date is all this letter does: unlike an acknowledgement
        that also tells when the answer comes (BB16)."""
        duties = self.policy_id.term_ids.filtered(lambda term: term.duty_of == "organisation")
        event_type = self.type_id.event_type_id
        return self.type_id.extends_terms and not event_type & duties.stop_event_ids

    def _get_extendable_deadlines(self):
        """The running deadlines that a promise in this letter is about."""
        if not self.type_id.extends_terms:
            return self.env["klachtenbeheer.deadline"]
        about = self.type_id.term_ids
        complaint = self.complaint_id
        return complaint.deadline_ids.filtered(
            lambda deadline: (
                deadline.is_open
                and deadline.round == complaint.round
                and deadline.term_id.extendable
                and (not about or deadline.term_id in about)
            )
        )

    def _get_due_before(self):
        """The due date that a promise in this letter moves."""
        deadlines = self._get_extendable_deadlines()
        chosen = deadlines.filtered(lambda deadline: deadline.term_id in self.term_ids)
        return min((chosen or deadlines).mapped("due_on"), default=False)
