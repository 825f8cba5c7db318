from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.exceptions import UserError

UNITS = {"day": "days", "week": "weeks", "month": "months"}


class TermExtension(models.Model):
    """How far a term can be extended, where a policy or law sets a limit to it."""

    _inherit = "klachtenbeheer.term"

    extension_amount = fields.Integer(
        "Extended by at most", help="In the unit of the term, over all notices. 0: no limit."
    )

    def _get_latest_extension(self, deadline):
        """The last date to which a deadline of this term can be moved, or None."""
        if not self.extension_amount:
            return None
        if self.unit == "workday":
            calendar = self.policy_id.get_calendar()
            return calendar.add_workdays(deadline.first_due_on, self.extension_amount)
        return deadline.first_due_on + relativedelta(**{UNITS[self.unit]: self.extension_amount})


class ComplaintExtension(models.Model):
    _inherit = "klachtenbeheer.complaint"

    def _check_promise(self, vals):
        """Refuse an event with a promise that the policy does not allow."""
        promised_on = fields.Date.to_date(vals.get("promised_on"))
        if promised_on:
            self._check_extension(promised_on)

    def _check_extension(self, promised_on):
        """Refuse a promise beyond what the policy lets a term be extended to."""
        running = self.sudo().deadline_ids.filtered(  # who promises need not read them all
            lambda deadline: deadline.is_open and deadline.term_id.extendable
        )
        for deadline in running:
            latest = deadline.term_id._get_latest_extension(deadline)
            if latest and promised_on > latest:
                raise UserError(
                    self.env._(
                        "“%(duty)s” can be extended to %(date)s at the latest.",
                        duty=deadline.term_id.name,
                        date=deadline.complaint_id._format_date(latest),
                    )
                )
