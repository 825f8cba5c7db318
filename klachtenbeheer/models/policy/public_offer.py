from odoo import api, fields, models

from .policy import PUBLISHED

EXAMPLES = 5  # subjects that a list names as examples


class PolicyOffer(models.Model):
    """What one can complain about here, for who does not know which policy that is."""

    _inherit = "klachtenbeheer.policy"

    public_label = fields.Char(
        "In the complainant's words",
        help="What the complaint is about, as people say it: “About the home care”.",
    )

    @api.model
    def _get_policies_in_force(self, companies):
        """The policies that are in force today, the version that governs of each."""
        found = self.browse()
        for company in companies:
            today = company._complaint_today()
            published = self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", PUBLISHED),
                    ("is_template", "=", False),
                    ("is_practice", "=", False),
                    ("effective_from", "<=", fields.Date.to_string(today)),
                ]
            )
            found |= published.filtered(
                lambda policy: policy == policy._get_version_in_force(today)  # noqa: B023
            )
        return found

    @api.model
    def _get_public_policies(self):
        """All that somebody without an account can complain about, of every organisation here."""
        # visitors have no rights on policies; what is published is meant for everybody
        policies_su = self.sudo()
        companies = policies_su.search([("state", "=", PUBLISHED)]).company_id
        found = policies_su._get_policies_in_force(companies.sorted("id"))
        # an address opens one policy: that of another company with the same code is not offered
        return found.filtered(lambda policy: policy == self._get_public(policy.code))

    def _get_public_label(self):
        return self._translate(self.public_label or self.name)

    def _get_examples(self):
        """What complaints are about, for who doubts which to choose: list of (a few words, the
        language they are in)."""
        names = self._get_main_categories().mapped("name")[:EXAMPLES]
        return [(self._translate(name), self._get_shown_lang(name)) for name in names]

    def _get_routes(self):
        """The other ways in which one can complain: list of (words, place, address of a link)."""
        links = {"phone": "tel:%s", "email": "mailto:%s"}
        return [
            (name, place, links[code] % place.replace(" ", "") if code in links else "")
            for code, name, place in self._get_places()
            if place
        ]

    def _get_places(self):
        company = self.company_id
        return [
            ("phone", self.env._("Call"), self.contact_phone or company.phone),
            ("email", self.env._("Mail"), self.contact_email or company.email),
            ("post", self.env._("Write"), self.contact_address),
        ]
