from odoo import api, models
from odoo.fields import Domain

from ..platform.groups import COORDINATOR, MANAGER
from ..policy.policy import PUBLISHED

POLICY = "klachtenbeheer.policy"
REPORT = "klachtenbeheer.report"
# Tours by role: who coordinates handles and registers as well, so the first that fits.
TOURS = (
    (COORDINATOR, "klachtenbeheer_coordinator"),
    ("klachtenbeheer.group_handler", "klachtenbeheer_handler"),
    ("klachtenbeheer.group_director", "klachtenbeheer_director"),
    ("klachtenbeheer.group_board", "klachtenbeheer_director"),
    (MANAGER, "klachtenbeheer_manager"),
    ("klachtenbeheer.group_registrar", "klachtenbeheer_registrar"),
)


class StartPageSetup(models.AbstractModel):
    """The first hour: what has to be set up before complaints can come in, until all of it
    is there; and the tour of the user's role."""

    _inherit = "klachtenbeheer.start.page"

    @api.model
    def get_setup(self):
        """What is still to be set up, for who can do that.

        :return: dict(items, first, done, tour, may_practise): items are dict(key, title, done,
            action), none when all is done or somebody else sets it up; `first` that it comes
            before anything else; `action` is an external id or an action
        """
        items = self._get_setup_items() if self._sets_up() else []
        if all(item["done"] for item in items):
            items = []
        return {
            "items": items,
            "first": not self._get_own_policies(),
            "done": sum(item["done"] for item in items),
            "tour": self._get_tour(),
            "may_practise": bool(self._get_own_policies()) and self._may_practise(),
        }

    @api.model
    def _sets_up(self):
        return self.env.user.has_group(MANAGER) or self.env.user.has_group(COORDINATOR)

    @api.model
    def _may_practise(self):
        return self.env.user.has_group("klachtenbeheer.group_handler")

    @api.model
    def _get_tour(self):
        user = self.env.user
        return next((tour for group, tour in TOURS if user.has_group(group)), False)

    @api.model
    def _get_own_policies(self):
        return self.env[POLICY].search(
            Domain("state", "=", PUBLISHED)
            & Domain("is_template", "=", False)
            & Domain("is_practice", "=", False)
            & Domain("company_id", "=", self.env.company.id)
        )

    @api.model
    def _get_setup_items(self):
        policies = self._get_own_policies()
        company = self.env.company
        own = Domain("company_id", "=", company.id)
        items = [
            (
                "company",
                self.env._("Name, address and logo of the organisation"),
                bool(company.street and company.city and (company.email or company.phone)),
                self._get_company_action(),
            ),
            (
                "policy",
                self.env._("Set up a policy and publish it"),
                bool(policies),
                "klachtenbeheer.policy_setup_action",
            ),
            (
                "people",
                self.env._("Say who has which role"),
                bool(policies)
                and all(policy._get_role_users("coordinator") for policy in policies),
                "klachtenbeheer.policy_action",
            ),
            (
                "mail",
                self.env._("An e-mail address at which complaints arrive"),
                any(policy.alias_name for policy in policies),
                "klachtenbeheer.policy_action",
            ),
            (
                "form",
                self.env._("Put the form on your website, and make the policy known"),
                any(policy.published_external_on for policy in policies),
                "klachtenbeheer.policy_action",
            ),
            self._get_practice_item(own),
            *self._get_report_item(own),
        ]
        return [
            {"key": key, "title": title, "done": bool(done), "action": action}
            for key, title, done, action in items
        ]

    @api.model
    def _get_practice_item(self, own):
        # that there are complaints is told as yes or no
        complaints_su = self.env["klachtenbeheer.complaint"].sudo()
        practised = complaints_su.search_count(own, limit=1)
        title = self.env._("Register a first complaint, to practise")
        return ("test", title, practised, "practise")

    @api.model
    def _get_report_item(self, own):
        """The first report, where reports are kept."""
        if REPORT not in self.env:
            return []
        made = self.env[REPORT].sudo().search_count(own, limit=1)
        return [
            (
                "report",
                self.env._("Look at the first report"),
                made,
                "klachtenbeheer.report_action",
            )
        ]

    @api.model
    def _get_company_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.company",
            "res_id": self.env.company.id,
            "views": [(False, "form")],
        }
