from odoo import SUPERUSER_ID, api, models
from odoo.fields import Command

from ...tools.email_address import judge
from ..platform.typed import explain_email
from .reader import IDENTITY, LINE, REPRESENTATIVE, TEXTS

# Name and address are those of the account.
OF_THE_ACCOUNT = (*IDENTITY, *REPRESENTATIVE)
# Of whom somebody speaks for.
OTHER = dict.fromkeys(("other_name", "other_relation", "other_email", "other_phone"), LINE)
ASKED = (
    {"title": 200}
    | OTHER
    | {name: limit for name, limit in TEXTS.items() if name not in OF_THE_ACCOUNT}
)
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
        errors |= self._check_other(values)
        vals = reader._prepare_content(policy, values)
        vals |= {"title": values["title"], "nature": values["nature"]}
        if respondents := reader._get_respondents(policy, values):
            vals["respondent_ids"] = [Command.set(respondents.ids)]
        vals |= self._prepare_other(values, bool(form.get("other_by_law")))
        vals |= reader._prepare_secrecy(policy, values)
        shown = {name: fname for fname, name in NAMES.items()}
        return (
            {key: value for key, value in vals.items() if value},
            {shown.get(name, name): sentence for name, sentence in errors.items()},
        )

    @api.model
    def _check_other(self, values):
        """What is wrong with what was typed about whom somebody speaks for."""
        if not any(values[name] for name in OTHER):
            return {}
        errors = {}
        if not values["other_name"]:
            errors["other_name"] = self.env._("Who has the complaint? Fill in the name.")
        if problem := explain_email(self.env, values["other_email"]):
            errors["other_email"] = problem
        return errors

    @api.model
    def _prepare_other(self, values, by_law):
        """The complaint is of somebody else, for whom the account speaks; somebody still has to
        see the authorisation."""
        if not values["other_name"]:
            return {}
        return {
            "complainant_name": values["other_name"],
            "complainant_email": judge(values["other_email"]).address or False,
            "complainant_phone": values["other_phone"],
            "assistance_ids": [
                Command.create(
                    {
                        "kind": "legal_representative" if by_law else "representative",
                        "relation": values["other_relation"],
                        "sees_portal": True,
                    }
                )
            ],
        }

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
                **self._prepare_account(vals, user.partner_id),
                "policy_id": policy.id,
                "privacy_policy_id": policy.id,  # stood above the button
                "channel": "portal",
                "complainant_lang": user.lang,
                "received_by_id": False,
            }
        )

    @api.model
    def _prepare_account(self, vals, partner):
        """The account complains itself, or speaks for whom was filled in."""
        if "assistance_ids" not in vals:
            return {"partner_id": partner.id}
        [(command, number, line)] = vals["assistance_ids"]
        return {"assistance_ids": [(command, number, {**line, "partner_id": partner.id})]}
