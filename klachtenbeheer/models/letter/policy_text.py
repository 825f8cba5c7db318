from markupsafe import Markup

from odoo import models
from odoo.tools import email_normalize, format_date

from ..policy.text_fields import ROLE_KINDS
from .passage import PARTS

LONG_DATE = "EEEE d MMMM y"


class ComplaintPolicyText(models.Model):
    """What the texts of a policy say about one dossier: roles are those who act on it, so nobody
    who is complained about is named (BA21), and dates are its own."""

    _inherit = "klachtenbeheer.complaint"

    def _get_acting_role(self, role):
        """The role that does on this dossier what a role of the policy does: itself, or the next
        one with people who are not complained about."""
        policy_su = self.sudo().policy_id  # who has which role is no secret
        if role == "director":
            return self._get_deciding_role()
        acting = self.sudo().acting_role_ids[:1]
        if acting and role in policy_su.role_ids.filtered("may_assign").mapped("role"):
            return acting.code  # does the work of the coordinator here
        chain = policy_su._get_chain_roles()
        if role not in chain or not policy_su._get_role_users(role):
            return role
        above = chain[chain.index(role) :]
        return next((other for other in above if self._get_role_people(other)), role)

    def _get_acting_title(self, role):
        """The title of who acts, e.g. for «directie» the board where directie is concerned."""
        return self.sudo().policy_id._get_role_title(self._get_acting_role(role))

    def _get_text_value(self, kind, code):
        """What a field of a text becomes in a letter about this dossier; see the policy."""
        policy_su = self.sudo().policy_id  # see _get_acting_role
        if kind in ROLE_KINDS:
            acting = self._get_acting_role(code)
            line = policy_su._get_roles(acting)[:1]
            if line:
                return policy_su._get_role_value(kind, line, self._get_role_people(acting))
        match kind:
            case "reference":
                return self.name
            case "stage":
                return self.stage_id.name or ""
            case "date":
                return self._get_event_day(code)
            case "due":
                return self._get_due_day(code)
            case "contact" if code in ("email", "phone"):
                return self._get_contact()[code] or ""
        return policy_su._get_text_value(kind, code)

    def _get_event_day(self, code):
        events = self.sudo().event_ids.filtered(  # when something happened is told in letters
            lambda event: event.code == code and not event.voided
        )
        days = events.mapped("occurred_on")
        return self._format_text_day(max(days)) if days else ""

    def _get_due_day(self, code):
        duties = self.sudo().deadline_ids.filtered(
            lambda duty: duty.code == code and duty.round == self.round
        )
        days = duties.mapped("due_on")
        return self._format_text_day(max(days)) if days else ""

    def _format_text_day(self, day):
        lang = self.sudo().policy_id._get_text_lang()
        return format_date(self.env, day, lang_code=lang, date_format=LONG_DATE)

    def _get_policy_text(self, part):
        """A text of the policy as letters about this dossier print it: the passages that fit it,
        or else the text itself.

        :param part: 'procedure', 'objection', 'external' or 'privacy'
        """
        policy_su = self.sudo().policy_id  # the text of a policy is for everybody
        passages = policy_su.passage_ids.filtered(lambda line: line.part == part)
        fitting = passages._filter_fitting(self.sudo())
        bodies = fitting.mapped("body") or [policy_su[PARTS[part]] or ""]
        return policy_su._fill_html(Markup().join(map(Markup, bodies)), self._get_text_value)

    def _get_respondent_privacy(self):
        """What a letter tells somebody who is complained about of their data (art. 14 AVG)."""
        policy_su = self.sudo().policy_id  # see _get_policy_text
        return policy_su._fill_html(policy_su._get_respondent_privacy_html(), self._get_text_value)

    # ---------------------------------------------------------------- whom to reach

    def _get_contact_line(self):
        """Whom to reach about this dossier, in one line."""
        contact = self._get_contact()
        return ", ".join(filter(None, (contact["name"], contact["phone"], contact["email"])))

    def _get_contact(self):
        """Whom the complainant can reach: dict(name, email, phone). Never somebody complained
        about: then it is who acts instead (BA21)."""
        contact = self.sudo().policy_id._get_contact()
        if not self._is_contact_concerned(contact):
            return contact
        line, users = self._get_contact_instead()
        company_su = self.company_id.sudo()
        contact |= {
            "name": ", ".join(filter(None, (users[:1].name, line.name))) or company_su.name,
            "email": line.email or users[:1].email or company_su.email,
        }
        if self._rings_at_respondent(contact["phone"]):
            contact["phone"] = line.phone or company_su.phone
        return contact

    def _get_contact_instead(self):
        acting = self._get_acting_role("coordinator")
        lines = self.sudo().policy_id._get_roles(acting)
        return lines[:1], self._get_role_people(acting)

    def _is_contact_concerned(self, contact):
        """Whether what the policy says leads to somebody who is complained about."""
        respondents = self._get_barred()  # they decide; nothing of them is shown
        coordinators = self.sudo().policy_id._get_role_users("coordinator").partner_id
        if coordinators and coordinators <= respondents:
            return True
        named = any(
            partner.name and partner.name.lower() in (contact["name"] or "").lower()
            for partner in respondents
        )
        return named or self._belongs_to_respondent("email", contact["email"])

    def _rings_at_respondent(self, number):
        """Whether a number is theirs, or of a role in which there is nobody else."""
        respondents = self._get_barred()  # see _is_contact_concerned
        alone_su = self.sudo().policy_id.role_ids.filtered(
            lambda role: role.user_ids and role.user_ids.partner_id <= respondents
        )
        theirs = [_get_digits(phone) for phone in alone_su.mapped("phone") if phone]
        return self._belongs_to_respondent("phone", number) or _get_digits(number or "") in theirs

    def _belongs_to_respondent(self, fname, value):
        """Whether an e-mail address or telephone number is one of who is complained about."""
        simplify = email_normalize if fname == "email" else _get_digits
        mine = simplify(value or "")
        respondents = self._get_barred()  # see _is_contact_concerned
        return bool(mine) and mine in [simplify(partner[fname] or "") for partner in respondents]


def _get_digits(number):
    return "".join(filter(str.isdigit, number))


class LetterPolicyText(models.Model):
    _inherit = "klachtenbeheer.letter"

    def _get_policy_text(self, part):
        """For the texts of letters: see the complaint."""
        return self.complaint_id._get_policy_text(part)

    def _get_acting_title(self, role):
        return self.complaint_id._get_acting_title(role)

    def _get_respondent_privacy(self):
        """For the first letter to somebody who is complained about; the others repeat nothing."""
        told = self.complaint_id.letter_ids.filtered(
            lambda letter: (
                letter.audience == "respondent"
                and letter.state == "sent"
                and letter.partner_id == self.partner_id
            )
        )
        if self.audience != "respondent" or told - self:
            return ""
        return self.complaint_id._get_respondent_privacy()

    def _get_contact_line(self):
        """Whom to reach, as the policy says; where that is who the complaint is about, who
        signs this letter."""
        complaint = self.complaint_id
        contact = complaint._get_contact()
        if complaint._is_contact_concerned(complaint.sudo().policy_id._get_contact()):
            signs = ", ".join(filter(None, (self.signatory_id.name, self.signatory_title)))
            contact |= {
                "name": signs or contact["name"],
                "email": self.signatory_id.email or contact["email"],
            }
        return " · ".join(filter(None, (contact["name"], contact["phone"], contact["email"])))

    def _is_proposal(self):
        """Whether the complainant can still disagree with what this letter says (BA26)."""
        return any(
            "objected" in term.stop_event_ids.mapped("code")
            for term in self.type_id._get_complainant_terms()
        )
