from odoo import SUPERUSER_ID, api, models

from .reader import IDENTITY, REPRESENTATIVE, TEXTS

# Name and address are those of the account.
OF_THE_ACCOUNT = (*IDENTITY, *REPRESENTATIVE)
ASKED = {"title": 200} | {
    name: limit for name, limit in TEXTS.items() if name not in OF_THE_ACCOUNT
}
# What the page of the portal calls a field in another way.
NAMES = {
    "complainant_kind_id": "complainant_kind",
    "accepts_limited_answer": "accepts_limited",
}


class ComplaintFiling(models.Model):
    """A complaint that somebody with an account files on the portal. Name and address are
    those of the account; nothing but the description has to be filled in."""

    _inherit = "klachtenbeheer.complaint"

    @api.model
    def _read_filing(self, policy, form):
        """What was typed into the form, and what has to be mended first.

        :param form: {name of a field: text}
        :return: (values for a complaint, {name of a field: sentence})
        """
        reader = self.env["klachtenbeheer.intake.reader"]
        params = {NAMES.get(name, name): typed for name, typed in form.items()}
        values = reader._pick(params, ASKED)
        errors = dict(reversed(list(reader._check_values(policy, values, ASKED))))
        vals = reader._prepare_content(policy, values)
        vals |= {"title": values["title"], "nature": values["nature"]}
        vals |= reader._prepare_secrecy(policy, values)
        shown = {name: fname for fname, name in NAMES.items()}
        return (
            {key: value for key, value in vals.items() if value},
            {shown.get(name, name): sentence for name, sentence in errors.items()},
        )

    @api.model
    def _file_from_portal(self, policy, vals, user):
        """Register what a signed-in user files.

        :param vals: as `_read_filing` gave them
        :return: the complaint, with the rights of the system
        """
        # whoever files has no rights here, and may want to stay unknown (`_as_outside`)
        complaints = self.with_user(SUPERUSER_ID).with_company(policy.company_id)
        return complaints.create(
            {
                **vals,
                "policy_id": policy.id,
                "channel": "portal",
                "partner_id": user.partner_id.id,
                "complainant_lang": user.lang,
                "received_by_id": False,
            }
        )
