from odoo import fields, models
from odoo.fields import Domain

from ..policy.policy import PUBLISHED

COMPLAINT = "klachtenbeheer.complaint"


class PolicyAlias(models.Model):
    """The e-mail address of a policy: mail to it becomes a complaint (SB17).

    The address moves along to the newest published version. Where a new version brings an
    address of its own the old one keeps working: it is printed in letters and on doors.
    """

    _name = "klachtenbeheer.policy"
    _inherit = ["klachtenbeheer.policy", "mail.alias.mixin.optional"]

    alias_id = fields.Many2one(index="btree_not_null")
    alias_name = fields.Char(
        "Complaint address",
        help="Mail to this address becomes a complaint. The address moves along to the next"
        " version of the policy.",
    )
    mail_address = fields.Char(
        "Mail arrives at",
        compute="_compute_mail_address",
        help="The address of this policy, in whatever version it was set.",
    )

    def _compute_mail_address(self):
        for policy in self:
            # where post arrives is no secret, other versions may be
            saved_su = policy._origin.sudo()
            alias_su = saved_su._get_alias() if saved_su else self.env["mail.alias"]
            policy.mail_address = alias_su.alias_full_name

    def _alias_get_creation_values(self):
        """Mail makes a complaint; `create` puts it under the version in force."""
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id(COMPLAINT)
        if self.id:
            values["alias_defaults"] = repr({"policy_id": self.id, "channel": "email"})
            values["alias_domain_id"] = self.alias_domain_id.id or self._get_domain().id
        return values

    def _get_domain(self):
        return self.company_id.alias_domain_id

    # ---------------------------------------------------------------- addresses

    def _get_aliases(self):
        """All addresses of this policy, in whatever version, that of the form first."""
        versions = self | self._get_other_versions()
        aliases_su = self.env["mail.alias"].sudo()  # where post arrives is no secret
        return versions.sudo().alias_id.filtered("alias_name") | aliases_su.search(
            Domain("alias_parent_model_id.model", "=", self._name)
            & Domain("alias_parent_thread_id", "in", versions.ids)
            & Domain("alias_name", "!=", False)
        )

    def _get_alias(self):
        return self._get_aliases()[:1]

    def action_publish(self):
        result = super().action_publish()
        # who publishes need not be allowed to write addresses
        self.sudo().filtered(lambda policy: policy.state == PUBLISHED)._take_aliases()
        return result

    def _take_aliases(self):
        """Take the addresses over from the versions before."""
        for policy in self:
            aliases = policy._get_aliases()
            policy._get_other_versions().filtered("alias_id").alias_id = False
            if not policy.alias_id:
                policy.alias_id = aliases[:1]
            for alias in aliases:
                alias.write(policy._alias_get_creation_values())

    # ---------------------------------------------------------------- business

    def _is_in_force(self):
        """Whether new complaints can be registered under this policy, in whatever version."""
        versions = self | self._get_other_versions()
        return any(
            version.active and version.state == PUBLISHED and not version.is_template
            for version in versions
        )


class MailAlias(models.Model):
    _inherit = "mail.alias"

    def _get_complaint_policy(self):
        """The policy of which this is an address."""
        policies = self.env["klachtenbeheer.policy"]
        if self.alias_parent_model_id.model != policies._name:
            return policies
        return policies.browse(self.alias_parent_thread_id).exists()

    def _alias_bounce_incoming_email(self, message, message_dict, set_invalid=True):
        """Mail to a complaint address is never sent back: it is sorted by hand."""
        if self.alias_model_id.model == COMPLAINT:
            return None
        return super()._alias_bounce_incoming_email(message, message_dict, set_invalid=set_invalid)
