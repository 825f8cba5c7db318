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

    longer_with_consent = fields.Boolean(
        "Longer with written consent",
        help="Beyond that, too, where the complainant agreed in writing.",
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
            term_ids = self._get_linked_ids(vals.get("term_ids") or ())
            terms = self.env["klachtenbeheer.term"].browse(term_ids)
            self._check_extension(promised_on, terms, bool(vals.get("consented_on")))

    def _get_extendable_deadlines(self, terms=None):
        """The running deadlines that a promise moves (T5), as `tools.project` does.

        :param terms: what the promise is about; nothing means every extendable term
        """
        return self.deadline_ids.filtered(
            lambda deadline: (
                deadline.is_open
                and deadline.round == deadline.complaint_id.round
                and deadline.term_id.extendable
                and (not terms or deadline.term_id in terms)
            )
        )

    def _check_extension(self, promised_on, terms=None, consented=False):
        """Refuse a promise beyond what the policy lets a term be extended to.

        :param consented: the complainant agreed in writing, which some terms know no limit to
        """
        # who promises need not read them all
        for deadline in self.sudo()._get_extendable_deadlines(terms):
            latest = deadline.term_id._get_latest_extension(deadline)
            if consented and deadline.term_id.longer_with_consent:
                continue
            if latest and promised_on > latest:
                raise UserError(
                    self.env._(
                        "“%(duty)s” can be extended to %(date)s at the latest.",
                        duty=deadline.term_id.name,
                        date=deadline.complaint_id._format_date(latest),
                    )
                )
