from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .complaint import INFORMAL

# What the complainant notices of the handling.
HEARD_FROM_US = {
    "acknowledged",
    "contacted",
    "delay_notified",
    "answered",
    "decided",
    "hearing_offered",
    "hearing_held",
    "measures_communicated",
    "final_decided",
}


class ComplaintProgress(models.Model):
    """Watching over the progress: an informal phase that drags on (T3), and a complainant
    who hears nothing (BB7, BB8).

    The days on which to warn are stored and indexed; the daily job asks for what is due.
    """

    _inherit = "klachtenbeheer.complaint"

    informal_warn_on = fields.Date(compute="_compute_informal_warn_on", store=True)
    informal_warned_on = fields.Date(readonly=True, copy=False)
    progress_on = fields.Date(
        "Let the complainant hear by", compute="_compute_progress_on", store=True
    )
    progress_warned_on = fields.Date(readonly=True, copy=False)

    _informal_idx = models.Index(
        "(company_id, informal_warn_on) WHERE informal_warn_on IS NOT NULL"
    )
    _progress_idx = models.Index("(company_id, progress_on) WHERE progress_on IS NOT NULL")

    @api.depends(
        "kind",
        "nature",
        "received_on",
        "is_closed",
        "informal_warned_on",
        "policy_id.formal_phase",
        "policy_id.informal_days",
    )
    def _compute_informal_warn_on(self):
        for complaint in self:
            policy = complaint.policy_id
            watched = (
                complaint.kind == INFORMAL
                and complaint.nature == "complaint"
                and policy.formal_phase == "internal"
                and policy.informal_days
                and not (complaint.is_closed or complaint.informal_warned_on)
            )
            complaint.informal_warn_on = (
                complaint.received_on + timedelta(days=policy.informal_days + 1)
                if watched
                else False
            )

    @api.depends(
        "nature",
        "received_on",
        "is_closed",
        "progress_warned_on",
        "policy_id.progress_days",
        "event_ids.code",
        "event_ids.occurred_on",
        "event_ids.voided",
    )
    def _compute_progress_on(self):
        for complaint in self:
            days = complaint.policy_id.progress_days
            if not days or complaint.is_closed or complaint.nature != "complaint":
                complaint.progress_on = False
                continue
            heard = complaint.event_ids.filtered(
                lambda event: not event.voided and event.code in HEARD_FROM_US
            ).mapped("occurred_on")
            known = (*heard, complaint.received_on, complaint.progress_warned_on)
            last = max(filter(None, known))
            complaint.progress_on = last + timedelta(days=days)

    def _remind_of_oral_duties(self):
        """Who said it is called back soon: whoever does that is asked at once, with the number
        (BB12)."""
        for complaint in self:
            user = complaint._get_responsible()
            duties = complaint.deadline_ids.filtered(
                lambda duty: duty.is_open and duty.term_id.applies_to == "oral"
            )
            for duty in duties if user else ():
                activity = complaint._schedule(
                    "klachtenbeheer.activity_type_duty",
                    user,
                    duty.term_id.name,
                    duty.due_on,
                    complaint.complainant_phone,
                )
                duty.write({"reminded_on": complaint._today(), "activity_id": activity.id})

    def _get_contact_refusal(self, event_type):
        """Contact counts when the person to whom the complaint is assigned made it, where
        the policy says so (KK30)."""
        if event_type.code != "contacted" or self.env.su:
            return False
        if self._is_contact_of_handler() and self.handler_id != self.env.user:
            return self.env._("contact is made by the person to whom this is assigned.")
        return False

    def _is_contact_of_handler(self):
        """Whether only the handler's contact counts; whoever is unknown to the handler is
        contacted by the coordinator."""
        return self.policy_id.contact_by_handler and not self.hide_identity

    # ---------------------------------------------------------------- the daily job

    @api.model
    def _get_long_informal_domain(self, today):
        own = Domain("company_id", "=", self.env.company.id)
        return own & Domain("informal_warn_on", "<=", today)

    @api.model
    def _get_silent_domain(self, today):
        own = Domain("company_id", "=", self.env.company.id)
        return own & Domain("progress_on", "<=", today)

    def _warn_informal(self, today):
        """The informal phase takes long: solve it, or register it formally (T3)."""
        for complaint in self:
            complaint._remind_responsible(
                self.env._(
                    "Informal for more than %s days: solve it, or go formal",
                    complaint.policy_id.informal_days,
                )
            )
        self._as_procedure().informal_warned_on = today

    def _warn_progress(self, today):
        """The complainant has heard nothing for some time (BB8)."""
        for complaint in self:
            complaint._remind_responsible(self.env._("Let the complainant hear how it is going"))
        self._as_procedure().progress_warned_on = today

    def _remind_responsible(self, summary):
        user = self._get_responsible()
        if user:
            self._schedule("klachtenbeheer.activity_type_duty", user, summary)
