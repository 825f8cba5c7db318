from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import ormcache

from .policy import IN_FORCE_STATES


class PolicyVersions(models.Model):
    """Versions of a policy follow each other: one is in force from its date until the next one,
    so no day has two of them or none, and what was promised is never changed afterwards."""

    _inherit = "klachtenbeheer.policy"

    latest_effective_from = fields.Date(
        "Previous version in force from", compute="_compute_latest_effective_from"
    )

    @api.depends("code", "company_id", "state")
    def _compute_latest_effective_from(self):
        for policy in self:
            others = policy._get_versions_in_force() if policy.code else policy.browse()
            days = [day for day in others.mapped("effective_from") if day]
            policy.latest_effective_from = max(days, default=False)

    def _get_other_versions(self):
        return self.search(
            [
                ("code", "=", self.code),
                ("company_id", "=", self.company_id.id),
                ("id", "not in", self.ids),
            ]
        )

    def _get_version_in_force(self, day):
        """The version that governs what is received on a local date (T50).

        :return: the policy itself where no published version was in force that day.
        """
        self.ensure_one()
        self._recall()
        begun = [version_id for start, version_id in self._get_starts() if start <= day]
        return self.browse(begun[-1:]) or self

    def _get_starts(self):
        """From which local date each version of this policy was in force, in order.

        :return: ((date, id), …)
        """
        return self._remember_starts(self.code, self.company_id.id) if self.code else ()

    @api.model
    @ormcache("code", "company_id")
    def _remember_starts(self, code, company_id):
        """Once in a process: forgotten when a version comes or goes."""
        # when a policy took effect is no secret
        versions_su = (
            self.sudo()
            .with_context(active_test=True)
            .search(
                Domain("code", "=", code)
                & Domain("company_id", "=", company_id)
                & Domain("state", "in", IN_FORCE_STATES)
                & Domain("effective_from", "!=", False)
            )
        )
        versions_su = versions_su.sorted(lambda line: (line.effective_from, line.version))
        return tuple((version.effective_from, version.id) for version in versions_su)

    def _get_versions(self):
        """This policy and its other versions; what may change of them is read at once."""
        return (
            self.search_fetch(
                [
                    "|",
                    ("id", "=", self.id),
                    "&",
                    ("code", "=", self.code),
                    ("company_id", "=", self.company_id.id),
                ],
                ["state", "effective_from", "version", "coordinator_id", "deputy_id"],
            )
            | self
        )

    def _get_versions_in_force(self):
        """The other versions that are or were published."""
        return self._get_other_versions().filtered(lambda version: version.state in IN_FORCE_STATES)

    def _get_first_day(self):
        """The local date on which the first version took effect; False while there is none."""
        self.ensure_one()
        return next((start for start, _version_id in self._get_starts()), False)

    def _starts_after(self, day):
        """Whether the first version took effect after a local date only."""
        first_day = self.sudo()._get_first_day()  # when a policy took effect is no secret
        return bool(first_day) and day < first_day

    @api.private
    def make_next_version(self, effective_from):
        """The draft of a next version, which takes effect on a local date.

        :raise UserError: the date has passed, or is not after that of the version before
        """
        self.ensure_one()
        new = self.copy(
            {
                "name": self.name,
                "code": self.code,
                "company_id": self.company_id.id,
                "effective_from": fields.Date.to_date(effective_from),
            }
        )
        new.previous_id = self
        problems = new._get_date_problems()
        if problems:
            raise UserError("\n".join(problems))
        return new

    def action_new_version(self):
        """Ask from which day a next version is in force."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Next version"),
            "res_model": "klachtenbeheer.next.version",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_policy_id": self.id},
        }

    def _get_date_problems(self):
        """What is wrong with the date from which a next version is in force."""
        latest = self.latest_effective_from
        if not latest:
            return []
        if not self.effective_from:
            return [self.env._("the date from which this version is in force")]
        if self.effective_from < self.company_id._complaint_today():
            return [
                self.env._(
                    "a next version can't be in force from a day that has passed: complaints"
                    " received since then keep the version that they were promised"
                )
            ]
        if self.effective_from <= latest:
            return [
                self.env._(
                    "this version has to be in force from a later day than the one before it (%s)",
                    self._format_public_date(latest),
                )
            ]
        return []
