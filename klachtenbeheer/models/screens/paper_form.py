from markupsafe import Markup

from odoo import models

# What stands on the form: registration, complainant, complaint, end.
FORM_FIELDS = (
    [
        "name",
        "received_on",
        "channel",
        "received_by_id",
        "established_by",
        "kind",
        "nature",
        "category_id",
        "severity",
    ],
    [
        "is_anonymous",
        "complainant_name",
        "complainant_organisation",
        "complainant_address",
        "complainant_phone",
        "complainant_email",
        "complainant_kind_id",
    ],
    [
        "title",
        "description",
        "incident_on",
        "incident_place",
        "respondent_text",
        "responsible_employee",
        "desired_solution",
    ],
    ["outcome", "outcome_note", "closed_on"],
)


class ComplaintForm(models.Model):
    """The registration form of a complaint on paper (BA18, SJ52-56): where it came from, in
    short, when and how, and who took it down. It shows nothing that the reader may not see."""

    _inherit = "klachtenbeheer.complaint"

    def _get_stored_pdf(self):
        """None: the form shows the registration as it is now."""

    def _get_form_values(self):
        """What the form prints.

        :return: dict(css, html_lang, word_page, word_of, groups); a group is a title with
            lines of (label, value)
        """
        self.ensure_one()
        return {
            # the style sheet is ours, the colour in it was checked
            "css": Markup(self.env["ir.actions.report"]._get_letter_css(self.company_id)),
            "html_lang": (self.env.lang or "nl_NL").replace("_", "-"),
            "word_page": self.env._("Page"),
            "word_of": self.env._("of"),
            "groups": [
                (title, self._get_form_lines(fnames)) for title, fnames in self._get_form_groups()
            ],
        }

    def _get_form_groups(self):
        return zip(
            (
                self.env._("Registration"),
                self.env._("Who complains"),
                self.env._("The complaint"),
                self.env._("How it ended"),
            ),
            FORM_FIELDS,
            strict=True,
        )

    def _get_form_lines(self, fnames):
        """Labels and values of the fields that are filled in, in the reader's words."""
        lines = []
        for fname in fnames:
            field = self._fields[fname]
            if self._has_field_access(field, "read") and self[fname]:
                lines.append((field._description_string(self.env), self._get_form_text(field)))
        return lines

    def _get_form_text(self, field):
        value = self[field.name]
        match field.type:
            case "date":
                return self._format_date(value, "EEEE d MMMM y")
            case "selection":
                return dict(field._description_selection(self.env)).get(value, value)
            case "boolean":
                return self.env._("Yes")
            case "many2one":
                return value.sudo().display_name  # the name of a colleague or subject
            case _:
                return value

    def _get_form_filename(self):
        return self.env._("Registration %s", self.name)
