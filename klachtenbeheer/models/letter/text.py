from textwrap import shorten

from markupsafe import Markup

from odoo import models
from odoo.tools import format_date, is_html_empty, plaintext2html

from ...tools import compute_due, find_salutation
from .policy_text import LONG_DATE

TOPIC_LENGTH = 400  # characters


class LetterText(models.Model):
    """What letters say: helpers for the texts (`mail.template`) and the printed page.

    Texts call these on `object`, the letter, in the language of the addressee.
    """

    _inherit = "klachtenbeheer.letter"

    # ---------------------------------------------------------------- generation

    def _generate_text(self):
        """Subject and body from the text of the letter type, in the addressee's language."""
        self.ensure_one()
        letter = self.with_context(lang=self.lang)
        template = self.type_id.template_id.with_context(lang=self.lang)
        policy, resolve = self.policy_id, self.complaint_id._get_text_value
        # the fields first: what somebody wrote on the dossier is never read as one
        source = str(policy._fill_html(template.body_html, resolve))
        body = letter._render_text(template, source, "qweb")
        subject = letter._render_text(template, template.subject, "inline_template")
        subject = policy._fill_plain(subject, resolve)
        return {
            "subject": subject,
            "generated_subject": subject,
            "body": body,
            "generated_body": body,
        }

    def _render_text(self, template, source, engine):
        rendered = template._render_template(source, self._name, [self.id], engine=engine)
        return rendered[self.id]

    def _get_salutation(self):
        letter = self.with_context(lang=self.lang)
        if self.type_id.audience == "internal":
            return letter.env._("Dear colleague,")
        return letter._address(self.addressee_name)

    def _address(self, full_name):
        """The words with which a letter begins, in the language of this environment."""
        found = find_salutation(full_name)
        match found.form:
            case "sir":
                return self.env._("Dear Mr %s,", found.name)
            case "madam":
                return self.env._("Dear Ms %s,", found.name)
            case "both":
                return self.env._("Dear Mr and Mrs %s,", found.name)
            case "family":
                return self.env._("Dear family %s,", found.name)
        if found.name:
            return self.env._("Dear %s,", found.name)
        return self.env._("Dear sir or madam,")

    # ---------------------------------------------------------------- for templates

    def _format_day(self, day):
        """A date in full with its weekday, e.g. «vrijdag 13 november 2026»."""
        return format_date(self.env, day, lang_code=self.lang, date_format=LONG_DATE)

    def _get_topic(self):
        """The complaint in a few sentences: the summary, the subject that somebody chose, or
        else the beginning in the complainant's own words. What a colleague noted in a
        conversation is nobody's own words, and stays inside."""
        complaint = self.complaint_id
        is_chosen = complaint.title != complaint._get_default_title()
        chosen = complaint.summary or (is_chosen and complaint.title)
        if chosen or not complaint.is_written:
            return chosen or ""
        return shorten(complaint.description or "", TOPIC_LENGTH, placeholder=" …")

    def _get_lines(self, text):
        """The lines of a text field that say something."""
        return [line.strip(" -•\t") for line in (text or "").splitlines() if line.strip(" -•\t")]

    def _get_manner(self):
        """How we expect to handle the complaint (BB6)."""
        return self.expected_manner or self.complaint_id.expected_manner

    def _get_answer_due(self):
        """When the complainant gets our answer: promised in this letter, or the last of what
        we owe besides this letter itself."""
        if self.type_id.extends_terms and self.promised_on:
            return self.promised_on
        own = self.type_id.event_type_id
        return max(
            (
                promise.due_on
                for promise in self.complaint_id._get_letter_promises()
                if own not in promise.term.stop_event_ids
            ),
            default=False,
        )

    def _get_contact_due(self):
        """When somebody gets in touch, where the policy gives a term for that (KK30)."""
        return max(
            (
                promise.due_on
                for promise in self.complaint_id._get_promises()
                if promise.event_type.code == "contacted" and not self._has_passed(promise.due_on)
            ),
            default=False,
        )

    def _get_missed_due(self):
        """Until when the complainant should have had this letter, where that day has passed: then
        the letter says sorry."""
        own = self.type_id.event_type_id
        return min(
            (
                promise.due_on
                for promise in self.complaint_id._get_promises()
                if own & promise.term.stop_event_ids and self._has_passed(promise.due_on)
            ),
            default=False,
        )

    def _is_answer_late(self):
        """Whether the answer is overdue on the day of this letter: nobody is promised a day that
        has passed."""
        return self._has_passed(self._get_answer_due())

    def _is_after_expiry(self):
        """Whether the date until now has passed: then the notice also says sorry."""
        return self._has_passed(self._get_due_before())

    def _has_passed(self, day):
        return bool(day) and day < (self.date or self.complaint_id._today())

    def _get_verdict(self):
        return self._get_verdict_of(self.complaint_id.verdict_id)

    def _get_verdict_of(self, verdict):
        """A verdict as a sentence says it, e.g. «gedeeltelijk gegrond»."""
        return verdict.with_env(self.env).phrase or ""

    def _get_verdict_sentence(self):
        """The sentence of a verdict that is not something to declare a complaint; or empty."""
        return self.complaint_id.verdict_id.with_env(self.env).sentence or ""

    def _has_text(self, html):
        return not is_html_empty(html)

    def _to_html(self, text):
        """Plain text as paragraphs."""
        return plaintext2html(text) if text else ""

    def _get_departure_text(self):
        """Where and why a decision departs from the advice of a committee; empty where it
        doesn't."""
        complaint = self.complaint_id
        departs = complaint.departs_from_advice in ("partly", "yes")
        return complaint.departure_reason if departs and self._tells_decision() else ""

    def _get_portal_url(self):
        complaint = self.complaint_id
        return f"{complaint.get_base_url()}{complaint.access_url}"

    # ---------------------------------------------------------------- printed page

    def _get_print_values(self):
        """Everything on the page that is no part of the editable text."""
        self.ensure_one()
        self.check_access("read")
        letter = self.sudo().with_context(lang=self.lang)  # who reads the letter reads its page
        day = letter.date or letter.complaint_id._today()
        return {
            "letter": letter,
            "company": letter.company_id,
            "policy": letter.policy_id,
            "contact_line": letter._get_contact_line(),
            "address_lines": letter._get_address_lines(),
            "sender_line": letter._get_sender_line(),
            "company_lines": letter._get_company_lines(),
            "footer_line": letter._get_footer_line(),
            "date": format_date(letter.env, day, lang_code=letter.lang, date_format="d MMMM y"),
            "lang": letter.lang,
            "html_lang": (letter.lang or "nl_NL").replace("_", "-"),
            "word_page": letter.env._("Page"),
            "word_of": letter.env._("of"),
            "policy_lang": "nl",  # a policy is a Dutch document in every letter
            "objection_due": letter._get_objection_due(day),
            "objection": letter.type_id.prints_objection and letter._get_policy_text("objection"),
            "external": letter.type_id.prints_external and letter._get_policy_text("external"),
            "privacy": letter._get_respondent_privacy(),
            "css": letter._get_css(),
            "policy_line": letter._get_policy_line(),
            "copy_line": ", ".join(letter.copy_ids.mapped("name")),
            "asks_contact": letter.audience != "internal",
        }

    def _get_objection_due(self, day):
        """Until when the complainant can react to this letter, sent on a local date."""
        policy = self.policy_id
        counts_on = self.counts_on or self._get_counts_on(day)
        calendar = policy.get_calendar()
        return min(
            (
                compute_due(term._to_tool(), counts_on, calendar).on
                for term in self.type_id._get_complainant_terms()
                if term._applies_to(self.complaint_id)
            ),
            default=False,
        )

    def _get_address_lines(self):
        address = self.addressee_address or ""
        lines = [line.strip() for line in address.splitlines() if line.strip()]
        name, organisation = self.addressee_name, self._get_organisation()
        if organisation and name and name != organisation:
            # of a contact person of an institution (SJ6)
            return [organisation, self.env._("Attn. %s", name), *lines]
        return ([name] if name and name not in lines[:1] else []) + lines

    def _get_organisation(self):
        """The institution that complains, in letters to its contact person."""
        complainant = self.complaint_id._get_complainant()
        is_addressee = self.addressee_name == complainant["complainant_name"]
        return is_addressee and complainant["complainant_organisation"]

    def _get_sender_line(self):
        company = self.company_id
        place = " ".join(filter(None, (company.zip, company.city)))
        return " · ".join(filter(None, (company.name, company.street, place)))

    def _get_company_lines(self):
        """Name and address, for a company without details on its document layout."""
        company = self.company_id
        place = " ".join(filter(None, (company.zip, company.city)))
        return [line for line in (company.name, company.street, company.street2, place) if line]

    def _get_footer_line(self):
        """How to reach the company, where it has no footer on its document layout."""
        company = self.company_id
        registry = company.company_registry
        parts = (
            company.phone,
            company.email,
            (company.website or "").removeprefix("https://").removeprefix("http://"),
            registry and f"KvK {registry}",
        )
        return " · ".join(filter(None, parts))

    def _get_policy_line(self):
        """Under which edition of which policy this is handled (SB1)."""
        policy = self.policy_id
        since = format_date(self.env, policy.effective_from, self.lang, "d MMMM y")
        parts = (
            policy.name,
            policy.edition,
            since and self.env._("since %s", since),
        )
        return ", ".join(filter(None, parts))

    def _get_css(self):
        """The style sheet in the colours and font of the company."""
        return Markup(self.env["ir.actions.report"]._get_letter_css(self.company_id))
