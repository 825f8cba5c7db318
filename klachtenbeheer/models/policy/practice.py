from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

from ..platform.groups import HANDLER, MANAGER

PUBLISHED = "published"
PRACTICE_CODE = "oefenen"


class PolicyPractice(models.Model):
    """A policy to practise with: everything works as it will, and nothing of it counts. No
    number of the register is used, no report counts it, no letter leaves, and nobody outside
    finds its form."""

    _inherit = "klachtenbeheer.policy"

    is_practice = fields.Boolean("To practise with", readonly=True, copy=False)

    @api.model
    def action_open_practice(self):
        """Open the quick entry under the policy to practise with, made when there is none.

        :raise UserError: there is no policy yet to practise with
        """
        if not (self.env.user.has_group(HANDLER) or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Who handles complaints practises with them."))
        practice = self._get_practice_policy() or self._make_practice_policy()
        action = self.env["ir.actions.act_window"]._for_xml_id("klachtenbeheer.intake_action")
        return action | {
            "name": self.env._("Practise: register a complaint"),
            "context": {"default_policy_id": practice.id},
        }

    @api.model
    def _get_practice_policy(self):
        return self.search(
            [
                ("is_practice", "=", True),
                ("state", "=", PUBLISHED),
                ("company_id", "=", self.env.company.id),
            ],
            limit=1,
        )

    @api.model
    def _make_practice_policy(self):
        own = self.search(
            [
                ("state", "=", PUBLISHED),
                ("is_template", "=", False),
                ("is_practice", "=", False),
                ("company_id", "=", self.env.company.id),
            ],
            order="effective_from desc, id desc",
            limit=1,
        )
        if not own:
            raise UserError(self.env._("Publish a policy first; then you can practise with it."))
        # whoever works with the policy may practise with it, too; nothing of it is changed
        practice_su = own.with_user(SUPERUSER_ID).copy(
            {
                "name": self.env._("Practise: %s", own.name),
                "code": PRACTICE_CODE,
                "company_id": own.company_id.id,
                "alias_name": False,
            }
        )
        practice_su._as_procedure().write(
            {
                "is_practice": True,
                "state": PUBLISHED,
                "effective_from": fields.Date.to_date("2000-01-01"),
                "published_on": own._today(),
            }
        )
        return self.browse(practice_su.id)
