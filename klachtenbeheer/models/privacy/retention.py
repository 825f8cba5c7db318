from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.terms import add_months
from ..platform.groups import HANDLERS
from .retention_rule import COMPLAINT, LOG, REGISTER

DAY = timedelta(days=1)


class ComplaintRetention(models.Model):
    """When what of a closed dossier goes (SB44).

    `retention_due_on` is the day on which the next part of it has been kept for as long as the
    policy says, and `retention_erase_on` the day on which that happens: the coordinator has been
    told of it before. Both follow from closing, policy and holds, and are indexed: the daily job
    asks for what is due, whatever the size of the register. Who stores them is the system.
    """

    _inherit = "klachtenbeheer.complaint"

    hold_ids = fields.One2many(
        "klachtenbeheer.legal.hold", "complaint_id", "Holds", groups=HANDLERS
    )
    retention_due_on = fields.Date(
        "Kept until",
        compute="_compute_retention",
        store=True,
        help="On this day the first part of it has been kept as long as the policy says.",
    )
    retention_announce_on = fields.Date(compute="_compute_retention", store=True)
    retention_erase_on = fields.Date(
        "Anonymised from",
        compute="_compute_retention",
        store=True,
        readonly=False,
        help="Planned, and announced to the coordinator. Planned anew when the period moves.",
    )
    erased_kinds = fields.Char(readonly=True, copy=False)
    anonymised_on = fields.Date(readonly=True, copy=False)
    neutral_summary = fields.Text(
        help="In words that name nobody: what may stay in the register when the dossier is"
        " anonymised. Somebody has to write it; nothing is taken over by itself."
    )

    _announce_idx = models.Index(
        "(company_id, retention_announce_on)"
        " WHERE retention_announce_on IS NOT NULL AND retention_erase_on IS NULL"
    )
    _erase_idx = models.Index(
        "(company_id, retention_erase_on) WHERE retention_erase_on IS NOT NULL"
    )
    _kept_until_idx = models.Index(
        "(company_id, retention_due_on) WHERE retention_due_on IS NOT NULL"
    )

    # ---------------------------------------------------------------- when

    @api.depends(
        "is_closed",
        "closed_on",
        "erased_kinds",
        "is_in_court",
        "hold_ids.until",
        "hold_ids.lifted_on",
        "policy_id.retention_months",
        "policy_id.retention_notice_days",
        "policy_id.retention_rule_ids.months",
    )
    def _compute_retention(self):
        for complaint in self:
            due_on = complaint._get_retention_due()
            stays = due_on and due_on == complaint.retention_due_on
            complaint.retention_erase_on = stays and complaint.retention_erase_on
            complaint.retention_due_on = due_on
            complaint.retention_announce_on = due_on and (
                due_on - timedelta(days=complaint.policy_id.retention_notice_days)
            )

    def _get_retention_due(self):
        """The first day on which something of it may go, False where nothing may."""
        holds = self.hold_ids.filtered(lambda hold: not hold.lifted_on)
        if not self.is_closed or not self.closed_on or self.is_in_court:
            return False
        if any(not hold.until for hold in holds):
            return False
        days = self._get_retention_days().values()
        held = [hold.until + DAY for hold in holds]
        return max([min(days), *held]) if days else False

    def _get_retention_days(self):
        """On which day each kind that is still there has been kept long enough."""
        gone = set((self.erased_kinds or "").split(","))
        return {
            kind: add_months(self.closed_on, months)
            for kind, months in self.policy_id._get_retention().items()
            if kind not in gone and (COMPLAINT not in gone or kind in (REGISTER, LOG))
        }

    def _get_due_kinds(self, today):
        """What of it has been kept long enough, on a local date."""
        if not self.retention_due_on or self.retention_due_on > today:
            return []
        return [kind for kind, day in self._get_retention_days().items() if day <= today]

    # ---------------------------------------------------------------- every day

    @api.model
    def _get_retention_notice_domain(self, today):
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("retention_announce_on", "<=", today)
            & Domain("retention_erase_on", "=", False)
        )

    def _announce_retention(self, today):
        """Tell who coordinates, once for each policy, that dossiers are about to be
        anonymised; and plan it, so many days after telling."""
        for (policy, user), complaints in self._group_for_notice().items():
            policy._ask_to_look_at_retention(user, min(complaints.mapped("retention_due_on")))
        for complaint in self._as_procedure():
            told = today + timedelta(days=complaint.policy_id.retention_notice_days)
            complaint.retention_erase_on = max(complaint.retention_due_on, told)

    def _group_for_notice(self):
        groups = {}
        for complaint in self:
            key = (complaint.policy_id, complaint._get_coordinating_user())
            groups[key] = groups.get(key, self.browse()) | complaint
        return groups

    @api.model
    def _get_retention_domain(self, today):
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("retention_erase_on", "<=", today)
            & Domain("retention_due_on", "<=", today)
        )

    def _apply_retention(self, today):
        """Remove what of these dossiers was kept long enough: see `anonymise.py`."""
        by_kinds = {}
        for complaint in self:
            key = (complaint.policy_id, tuple(complaint._get_due_kinds(today)))
            by_kinds[key] = by_kinds.get(key, self.browse()) | complaint
        for (policy, kinds), complaints in by_kinds.items():
            for kind in [COMPLAINT] if COMPLAINT in kinds else kinds:
                complaints._erase(kind, policy._describe_retention(kind))


class PolicyRetentionNotice(models.Model):
    _inherit = "klachtenbeheer.policy"

    def _ask_to_look_at_retention(self, user, day):
        """One open activity says it for all dossiers of the policy; which and how many is in
        the list, where everybody sees their own."""
        summary = self.env._("Dossiers are about to be anonymised: look at the list")
        asked = self.activity_ids.filtered(
            lambda activity: activity.user_id == user and activity.summary == summary
        )
        if user and not asked:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=day,
                summary=summary,
                user_id=user.id,
            )
