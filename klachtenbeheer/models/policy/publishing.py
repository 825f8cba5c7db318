import re

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from .policy import APPROVAL, DRAFT, LINE_FIELDS, PUBLISHED, RETIRED

# Something to be filled in, as in «[naam organisatie]» or «<naam bedrijf>».
PLACEHOLDER = re.compile(r"\[[^\W\d][^\[\]\n]{1,60}\]|<[^\W\d][^<>\n]{1,60}>")


class PolicyPublishing(models.Model):
    """From draft to in force: what has to be complete, and who releases it (KK5, SJ43)."""

    _inherit = "klachtenbeheer.policy"

    # ---------------------------------------------------------------- actions

    def action_submit(self):
        """Offer a complete draft to the approver."""
        for policy in self.filtered(lambda policy: policy.state == DRAFT):
            policy._raise_blockers()
            policy._as_procedure().state = APPROVAL
            for user in policy._get_releasers():
                policy.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Approve complaint policy"),
                    user_id=user.id,
                )

    def action_publish(self):
        """Put a complete policy in force; earlier published versions retire."""
        for policy in self.filtered(lambda policy: policy.state in (DRAFT, APPROVAL)):
            # the approver need not be allowed to change the text
            policy = policy._check_approval()._as_procedure()
            today = policy._today()
            if not policy.effective_from:
                policy._raise_blockers()  # a next version asks for its date
                policy.effective_from = today
            policy.write({"state": PUBLISHED, "published_on": today})
            policy.activity_feedback(["mail.mail_activity_data_todo"])
            policy._get_other_versions().filtered(
                lambda other: other.state == PUBLISHED
            ).state = RETIRED
            policy.role_ids._sync_versions()

    def action_retire(self):
        published = self.filtered(lambda policy: policy.state == PUBLISHED)
        published._as_procedure().state = RETIRED

    def action_back_to_draft(self):
        offered = self.filtered(lambda policy: policy.state == APPROVAL)
        offered._as_procedure().state = DRAFT

    # ---------------------------------------------------------------- what stands in the way

    def _check_can_publish(self):
        for policy in self:
            policy._raise_blockers()

    def _raise_blockers(self):
        blockers = self._get_publish_blockers()
        if blockers:
            raise UserError(
                self.env._(
                    "“%(policy)s” can't be published yet:\n%(list)s",
                    policy=self.display_name,
                    list="\n".join(f"• {line}" for line in blockers),
                )
            )

    def _check_approval(self):
        """Only the role that the policy names releases it (KK5, SJ43).

        :return: the policy, as it may be published
        """
        if self.approval_role == "none":
            self._check_second_person()
            if self.env.user in self._get_releasers():
                return self.sudo()  # confirms the people that somebody else named
            self.check_access("write")
            return self
        if self.env.user not in self._get_role_users(self.approval_role) and not self.env.su:
            raise UserError(
                self.env._(
                    "This policy is approved and published by: %s.",
                    self._get_role_title(self.approval_role),
                )
            )
        self._check_second_person()
        policy_su = self.sudo()  # the approver approves; changing it is the manager's
        policy_su._as_procedure().write(
            {"approved_by_id": self.env.uid, "approved_on": self._today()}
        )
        return policy_su

    def _get_releasers(self):
        """Who is asked to publish: the role that approves, or a second person where the first
        people of a policy have to be confirmed."""
        if self.approval_role != "none":
            return self._get_role_users(self.approval_role)
        if self._get_known_people():
            return self.env["res.users"]
        return self._get_unconfirmed()._get_all_confirmers()

    def _get_publish_blockers(self):
        """What stands in the way of publication, as a list of sentences."""
        self.ensure_one()
        vacant = self.role_ids.filtered(lambda role: role.required and role._is_vacant())
        blockers = [self.env._("nobody has the role “%s”", role.name) for role in vacant]
        if not self._get_role_users("coordinator") and "coordinator" not in vacant.mapped("role"):
            blockers.append(
                self.env._("nobody has the role “%s”", self._get_role_title("coordinator"))
            )
        blockers += [
            self.env._("“%s” has not been filled in", placeholder)
            for placeholder in self._find_placeholders()
        ]
        blockers += self._get_unmet_requirements() + self._get_address_blockers()
        return blockers + self._get_incomplete_parts()

    def _get_incomplete_parts(self):
        """Parts without which a policy can't work."""
        parts = []
        if not self.stage_ids.filtered("is_closed"):
            parts.append(self.env._("there is no stage for closed complaints"))
        if not self.term_ids:
            parts.append(self.env._("there are no terms"))
        if not self.retention_months:
            parts.append(self.env._("nothing says how long dossiers are kept after closing"))
        return [*parts, *self._get_date_problems(), *self._get_text_problems()]

    def _find_placeholders(self):
        """Distinct placeholders left in the texts, in order of appearance."""
        self.ensure_one()
        found = {}
        for text in self._get_texts():
            found.update(dict.fromkeys(PLACEHOLDER.findall(text)))
        return list(found)

    def _get_texts(self):
        """Plain texts of the policy and its lines that a reader gets to see."""
        for records in (self, *(self[fname] for fname in LINE_FIELDS)):
            for record in records:
                for fname, field in record._fields.items():
                    if field.store and field.type in ("char", "text", "html") and record[fname]:
                        value = record[fname]
                        yield html2plaintext(value) if field.type == "html" else value
