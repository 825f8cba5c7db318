import re

from odoo import api, fields, models
from odoo.tools import email_normalize, email_normalize_all, html2plaintext, is_html_empty

from ...tools import Missing
from .content import TEXT_INPUTS
from .letter import ADDRESS_FIELDS, APPROVAL, DRAFT, FAILED, READY

# The PDF takes nothing from outside the text (tools/pdf.py).
OUTSIDE_PICTURE = re.compile(r"""<img(?![^>]*\ssrc=["']data:)""")
DECIDING_EVENTS = ("answered", "decided", "final_decided")
INDEPENDENT = "independent"  # no role of the policy: called in on one dossier
# Shorter names than these occur in ordinary words.
SHORTEST_NAME = 3  # characters


def has_words(text, words, flags=re.IGNORECASE):
    """Whether a text has these words, as words of their own."""
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, flags))


class LetterCompleteness(models.Model):
    """Who signs, who approves, and what must still be filled in before a letter goes out."""

    _inherit = "klachtenbeheer.letter"

    missing_text = fields.Text("Still missing", compute="_compute_missing_text")

    @api.depends(*TEXT_INPUTS, "subject", "body", "state", "signatory_id", "lang", *ADDRESS_FIELDS)
    @api.depends_context("lang")
    def _compute_missing_text(self):
        for letter in self:
            editable = letter.state in (DRAFT, READY, FAILED)
            parts = letter._get_missing_parts() if editable else []
            letter.missing_text = "\n".join(f"• {part.text}" for part in parts)

    # ---------------------------------------------------------------- people

    def _get_signing_chain(self):
        """The role that signs and the roles that replace it (BA21), with the people in
        them; never somebody who is complained about, and first of all not those who get it.

        :return: {role: users}, the first choice first
        """
        chain = self._get_chain_of_signing_role()
        if self.audience != "internal":
            return chain
        getting = self.complaint_id._get_role_people(self._get_internal_role())
        others = self.complaint_id._without_respondents(self.complaint_id.handler_id) - getting
        first = next(iter(chain.values()))
        return {"handler": others} | chain if others and first and first <= getting else chain

    def _get_chain_of_signing_role(self):
        complaint, role = self.complaint_id, self.type_id._get_signatory_code()
        chain = dict(complaint._get_chain()) if complaint else {}
        if complaint and role == "director":
            role = self._get_role_of_directie()
        order = self.policy_id._get_chain_roles()
        if role in order:
            found = {role: chain[role] for role in order[order.index(role) :] if role in chain}
            return found or {INDEPENDENT: complaint._get_last_resort()}
        own = complaint._without_respondents(self.policy_id._get_role_users(role))
        committee = self.policy_id._get_roles(role) & self.policy_id._get_committees()
        if committee and own:  # nobody else speaks for it; an independent chair does
            return {role: own & committee.chair_id or own}
        return {role: own} | {role: users for role, users in chain.items() if role != "handler"}

    def _get_role_of_directie(self):
        """Who stands for directie in this letter: of a decision, who decides on the complaint."""
        complaint = self.complaint_id
        if self._tells_decision():
            return complaint._get_deciding_role()
        return complaint._get_governing_role()

    def _get_signatories(self):
        return self.env["res.users"].union(*self._get_signing_chain().values())

    def _get_signatory_title(self):
        """The title that the policy gives the signatory."""
        for role, users in self._get_signing_chain().items():
            if self.signatory_id and self.signatory_id in users:
                if role == INDEPENDENT:
                    return self.env._("Independent officer")
                return self.policy_id._get_role_title(role)
        return False

    def _get_approvers(self):
        """Who may approve: the board where directie is concerned (T8)."""
        complaint, role = self.complaint_id, self.type_id._get_approval_code()
        if role == "director":
            role = self._get_role_of_directie()
        approvers = (
            complaint._get_role_people(role)
            or complaint._get_role_people("board")
            or complaint._get_last_resort()
        )
        return self._get_informed(approvers) if complaint.hide_identity else approvers

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
                role=letter_su.policy_id._get_role_title(self.type_id._get_approval_code()),
            )
        return False

    # ---------------------------------------------------------------- completeness

    def _get_missing_parts(self):
        """What must still be filled in before this letter can go out: list of `Missing`."""
        self.ensure_one()
        letter_su = self.sudo()  # whether a part is there is no secret to who sends it
        parts = letter_su._get_missing_content() + letter_su._get_missing_address()
        parts += letter_su._get_missing_text() + letter_su._get_missing_topic()
        parts += letter_su._get_missing_reply_by()
        return list(dict.fromkeys(parts))  # the stage that it leads to may ask for the same

    def _get_missing_content(self):
        """What the policy wants such a letter to say or be about, whoever sends it and how:
        list of `Missing`."""
        letter_su = self.sudo()  # see _get_missing_parts
        complaint_su, letter_type = letter_su.complaint_id, letter_su.type_id
        missing = letter_type.requirement_ids._get_missing(complaint_su, letter_su)
        parts = missing._as_missing(letter_su, complaint_su) + letter_su._get_missing_promise()
        if letter_type.event_type_id:
            parts += complaint_su._get_missing_for_event(letter_type.event_type_id, letter_su)
        if letter_su._tells_decision():
            parts += complaint_su._get_missing_departure()
        return parts + letter_su._get_missing_subject() + letter_su._get_missing_enclosures()

    def _tells_decision(self):
        """Whether sending this letter decides on the complaint, so that it says where it departs
        from the advice of a committee."""
        return self.type_id.event_type_id.code in DECIDING_EVENTS

    def _get_asked_fields(self):
        """Names of the fields of the letter itself that its type asks for."""
        # names of fields are no secret, but ir.model.fields is for administrators
        asked = self.type_id.requirement_ids.sudo().field_ids
        names = asked.filtered(lambda field: field.model == self._name).mapped("name")
        if self.type_id.extends_terms:
            names += ["promised_on", "expected_manner"]
        if self.type_id.about:
            names.append(f"{self.type_id.about}_id")
        return list(dict.fromkeys(names))

    def _get_missing_topic(self):
        """A letter that says in short what the complaint is, needs words that can be read by
        the complainant: a colleague's note of a conversation is none."""
        says_topic = "_get_topic" in (self.type_id.template_id.body_html or "")
        if says_topic and not self._get_topic():
            text = self.env._("a summary of the complaint, in neutral words")
            return [Missing(text, "title")]
        return []

    def _get_missing_reply_by(self):
        """An invitation asks for a reply before the moments that it offers."""
        hearing = self.hearing_id
        offers = self.type_id.offers_hearing and hearing.state in ("draft", "cancelled")
        last = hearing._get_last_reply_day() if offers else False
        if last and self.reply_by and self.reply_by > last:
            day = self.complaint_id._format_date(last)
            text = self.env._("a date to reply before the first moment, %s at the latest", day)
            return [Missing(text, "reply_by")]
        return []

    def _get_missing_text(self):
        parts = []
        if not self.subject:
            parts.append(Missing(self.env._("the subject"), "subject"))
        if is_html_empty(self.body):
            parts.append(Missing(self.env._("the text"), "body"))
        elif OUTSIDE_PICTURE.search(self.body):
            text = self.env._("a text without pictures: they would not be printed")
            parts.append(Missing(text, "body"))
        parts += [
            Missing(self.env._("a text without “%s”: it may name nobody", words), "body")
            for words in self._get_named_people()
        ]
        if self.signatory_id not in self._get_signatories():
            text = self.env._("somebody who signs and is not complained about")
            if end := self.complaint_id._get_end_of_chain():
                text = f"{text} ({end})"
            parts.append(Missing(text, "signatory_id"))
        return parts

    def _get_named_people(self):
        """The words that name somebody in a letter that may name nobody (BA9, KK22)."""
        if not self.type_id.names_nobody:
            return []
        text = " ".join(html2plaintext(f"{self.subject or ''} {self.body or ''}").split())
        named = [words for words in self._get_private_words() if has_words(text, words)]
        known = " ".join(named)
        # a family name can be an ordinary word too, so it counts with its capital only
        named += [
            name
            for name in self._get_family_names()
            if name not in known and has_words(text, name, re.NOFLAG)
        ]
        return named

    def _get_private_words(self):
        """Names and addresses of the complainant, and names of who is complained about."""
        complainant = self.complaint_id._get_complainant()
        words = [
            *self._get_private_names(),
            complainant["complainant_organisation"],
            complainant["complainant_email"],
            complainant["complainant_phone"],
            *(complainant["complainant_address"] or "").splitlines(),
        ]
        return [part.strip() for part in words if part and len(part.strip()) >= SHORTEST_NAME]

    def _get_private_names(self):
        complaint = self.complaint_id
        return [
            complaint._get_complainant()["complainant_name"],
            *complaint.respondent_ids.mapped("name"),
            *complaint.assistance_ids.mapped("name"),
        ]

    def _get_family_names(self):
        """The last words of those names, but for words of our own name and address."""
        company = self.company_id
        own = f"{company.name} {company.city} {company.street}".split()
        last_words = [(name or "").split()[-1:] for name in self._get_private_names()]
        return [
            word
            for words in last_words
            for word in words
            if len(word) > SHORTEST_NAME and word not in own
        ]

    def _get_missing_address(self):
        if self.type_id.audience == "internal":
            found = email_normalize_all(self.addressee_email or "")
            if found:
                return []
            text = self.env._("an e-mail address of somebody in that role")
            return [Missing(text, "addressee_email")]
        if self.type_id.audience == "respondent" and (
            self.partner_id not in self.complaint_id.respondent_ids
        ):
            text = self.env._("an addressee who is complained about")
            return [Missing(text, "partner_id")]
        match self.delivery:
            case "email" if not email_normalize(self.addressee_email):
                return [Missing(self.env._("a valid e-mail address"), "addressee_email")]
            case "post" if not (self.addressee_address or "").strip():
                return [Missing(self.env._("a postal address"), "addressee_address")]
            case "portal" if not self._has_portal_account():
                text = self.env._("an addressee who can log in to the portal")
                return [Missing(text, "delivery")]
            case "email" | "post" | "portal":
                return []
            case _:
                text = self.env._("a way to send it: e-mail address or postal address")
                return [Missing(text, "delivery")]

    def _has_portal_account(self):
        complainant = self.complaint_id.partner_id
        return self.partner_id == complainant and bool(
            complainant.user_ids.filtered(lambda user: user.share and user.active)
        )

    def _get_missing_subject(self):
        """A letter about something names what that is."""
        if not self.type_id.about or self._get_subject():
            return []
        text = self.type_id.with_env(self.env)._describe_subject()
        return [Missing(text, f"{self.type_id.about}_id")]

    def _get_missing_promise(self):
        """A notice that only promises a date must promise one after the date in force."""
        if not self._is_delay_notice() or not self.promised_on:
            return []
        due_on = self._get_due_before()
        if due_on and self.promised_on <= due_on:
            text = self.env._(
                "a new date after %s, the date until now",
                self.complaint_id._format_date(due_on),
            )
            return [Missing(text, "promised_on")]
        if self.promised_on < self.complaint_id._today():
            return [Missing(self.env._("a new date that has not passed"), "promised_on")]
        return []

    def _is_delay_notice(self):
        return self.type_id._is_delay_notice()

    def _get_extendable_deadlines(self):
        """The running deadlines that a promise in this letter is about."""
        return self.type_id._get_extendable_deadlines(self.complaint_id)

    def _get_due_before(self):
        """The due date that a promise in this letter moves."""
        deadlines = self._get_extendable_deadlines()
        chosen = deadlines.filtered(lambda deadline: deadline.term_id in self.term_ids)
        return min((chosen or deadlines).mapped("due_on"), default=False)
