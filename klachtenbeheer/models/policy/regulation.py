from markupsafe import Markup

from odoo import models
from odoo.tools import file_open, format_date

from ...tools import EVENT_NAMES
from .term import COMPLAINANT

REPORT = "klachtenbeheer.regulation_report"
STYLE_SHEET = "klachtenbeheer/report/regulation.css"
PDF_NAME = "regulation-%s.pdf"


class PolicyRegulation(models.Model):
    """The policy as everybody reads it (SB3, SJ40, KK4): made from the settings by which it
    works, so that text and behaviour can't differ. Titles, no names of people."""

    _inherit = "klachtenbeheer.policy"

    def _get_term_sentences(self):
        """Every term in one sentence: list of dict(name, text, clause, mine).

        `mine` tells whether it is a right of the complainant.
        """
        return [
            {
                "name": term.name,
                "text": term._get_sentence(),
                "clause": term.clause,
                "mine": term.duty_of == COMPLAINANT,
            }
            for term in self.term_ids
        ]

    def _get_counting_sentences(self):
        """How days are counted, as far as these terms need it."""
        units = set(self.term_ids.mapped("unit"))
        sentences = []
        if "workday" in units:
            sentences.append(self._get_workday_sentence())
        if units & {"day", "week", "month"}:
            sentences.append(
                self.env._("Days, weeks and months are counted on the calendar, weekends included.")
            )
        if "first_workday" in self.term_ids.mapped("count_from"):
            sentences.append(
                self.env._(
                    "A term that would start on a weekend or holiday starts on the next working"
                    " day."
                )
            )
        sentences.append(
            self.env._(
                "The day on which a term starts is not counted. A term ends at midnight at the"
                " end of its last day."
            )
        )
        return sentences

    def _get_workday_sentence(self):
        days_off = [
            self.env._("Saturdays"),
            self.env._("Sundays"),
            self.env._("the holidays in the Algemene termijnenwet"),
        ]
        if self.count_decree_days:
            days_off.append(self.env._("days that are made equal to them by royal decree"))
        if self.count_organisation_days:
            days_off.append(self.env._("days on which our organisation is closed"))
        return self.env._("Working days are all days, except: %(days)s.", days=", ".join(days_off))

    def _get_public_roles(self):
        """Who does what: list of (title of the policy, what that means)."""
        meanings = self._get_role_meanings()
        return [
            (role.name, meanings[role.role])
            for role in self.role_ids
            if role.role in meanings and not (role.role == "deputy" and not role.user_ids)
        ]

    def _get_role_meanings(self):
        return {
            "handler": self.env._("handles your complaint"),
            "coordinator": self.env._("receives complaints and sees to it that they are handled"),
            "deputy": self.env._(
                "takes over when the one above is away, or is who you complain about"
            ),
            "registrar": self.env._("registers complaints"),
            "committee": self.env._("advises about complaints, or decides on them"),
            "director": self.env._("is called in when no solution is found"),
            "board": self.env._("governs the organisation"),
            "confidant": self.env._("listens and helps, apart from the handling"),
            "external_body": self.env._("helps outside our organisation"),
        }

    def _get_public_channels(self):
        """How a complaint can be handed in, with the place where, for a list on the page."""
        places = {
            "email": self.contact_email,
            "phone": self.contact_phone,
            "post": self.contact_address,
        }
        return [
            (channel.name, places.get(channel.code) or "")
            for channel in self.channel_ids
            if channel.code not in ("web", "external")
        ]

    def _get_main_categories(self):
        return self.category_ids.filtered(lambda category: not category.parent_id)

    def _get_register_sentence(self):
        return {
            "always": self.env._("Every complaint is entered in our register."),
            "unless_remedied": self.env._(
                "Complaints are entered in our register, except what we could put right at once."
            ),
            "unless_solved": self.env._(
                "Complaints are entered in our register, except what was solved together. Unwanted"
                " behaviour, and what is complained about more than once, is always entered."
            ),
        }[self.register_rule]

    def _get_retention_sentence(self):
        months = self.retention_months
        if not months:
            return False
        if months % 12:
            return self.env._(
                "We keep a complaint for %s months after we have finished handling it.", months
            )
        years = months // 12
        if years == 1:
            return self.env._("We keep a complaint for one year after we have finished it.")
        return self.env._("We keep a complaint for %s years after we have finished it.", years)

    def _get_evaluation_sentence(self):
        months = self.evaluation_months
        if not months:
            return False
        if months == 12:
            return self.env._("This regulation is evaluated every year.")
        return self.env._("This regulation is evaluated every %s months.", months)

    def _get_approval_sentence(self):
        """Who adopted this version, by title, and when."""
        if not self.approved_on or self.approval_role == "none":
            return False
        return self.env._(
            "Adopted by the %(role)s on %(date)s.",
            role=self._get_role_title(self.approval_role),
            date=self._format_public_date(self.approved_on),
        )

    def _format_public_date(self, day):
        return format_date(self.env, day, date_format="d MMMM y") if day else ""

    # ---------------------------------------------------------------- PDF

    def _get_stored_pdf(self):
        """None: the report lays it out anew; what is kept is in `_get_regulation_pdf`."""

    def _get_regulation_pdf(self):
        """The regulation as PDF, made once for each language and letterhead."""
        self.ensure_one()
        attachments = self.env["ir.attachment"]
        name = PDF_NAME % self.env.lang
        stored = attachments.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("name", "=", name),
                ("create_date", ">", self._get_letterhead_date()),
            ],
            limit=1,
        )
        if stored:
            return stored.raw
        content, _kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(REPORT, self.ids)
        )
        attachments.create(
            {"name": name, "raw": content, "res_model": self._name, "res_id": self.id}
        )
        return content

    def _get_letterhead_date(self):
        """When what is printed around the text, or filled in in it, changed last: a text may
        name who has a role."""
        company, roles = self.company_id, self.role_ids
        people = roles.user_ids.partner_id | roles.partner_id | company.partner_id
        dates = [
            day for records in (company, roles, people) for day in records.mapped("write_date")
        ]
        return max(dates)

    def _get_regulation_filename(self):
        return f"{self.code}-{self.version}.pdf"

    def _get_print_values(self):
        """What the report prints around the text."""
        letter_css = self.env["ir.actions.report"]._get_letter_css(self.company_id)
        with file_open(STYLE_SHEET) as file:
            own_css = file.read()
        return {
            # the style sheets are ours, the colour in it was checked
            "css": Markup(f"{letter_css}\n{own_css}"),
            "html_lang": (self.env.lang or "nl_NL").replace("_", "-"),
            "word_page": self.env._("Page"),
            "word_of": self.env._("of"),
        }


class Term(models.Model):
    _inherit = "klachtenbeheer.term"

    def _get_sentence(self):
        """What the term promises or asks, in words."""
        self.ensure_one()
        event = self._get_start_words()
        if self.amount:
            length = self._get_length()
            text = self.env._("Within %(length)s after %(event)s.", length=length, event=event)
        else:
            text = self.env._("On the same day as %(event)s.", event=event)
        return " ".join(filter(None, (text, self._get_channel_text(), self._get_extension_text())))

    def _get_start_words(self):
        """The event that starts the term, in words that read well after “after”."""
        names = EVENT_NAMES.get(self.start_event_id.code)
        if not names:
            return f"“{self.start_event_id.name}”"
        return names[0 if (self.env.lang or "").startswith("nl") else 1]

    def _get_length(self):
        amount = self.amount
        if amount == 1:
            one = {
                "workday": self.env._("one working day"),
                "day": self.env._("one day"),
                "week": self.env._("one week"),
                "month": self.env._("one month"),
            }
            return one[self.unit]
        return {
            "workday": self.env._("%s working days", amount),
            "day": self.env._("%s days", amount),
            "week": self.env._("%s weeks", amount),
            "month": self.env._("%s months", amount),
        }[self.unit]

    def _get_channel_text(self):
        return {
            "written": self.env._("For written complaints."),
            "oral": self.env._("For oral complaints."),
        }.get(self.applies_to)

    def _get_extension_text(self):
        return self.extendable and self.env._(
            "If we need more time, we tell you before this term ends."
        )
