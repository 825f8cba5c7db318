import hashlib

from odoo import fields, models
from odoo.exceptions import UserError


class ComplaintDailyProblem(models.Model):
    """A dossier that the daily job can't process: somebody is told once, in words."""

    _inherit = "klachtenbeheer.complaint"

    daily_problem = fields.Char(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="Of each step of the daily job that fails, a mark of what somebody was told:"
        " “step=mark” and so on; empty when there is none.",
    )

    def _tell_daily_problem(self, step, error):
        """Warn the coordinator, unless of these dossiers the same was told before.

        :param step: name of the method of the daily job that failed
        """
        mark = hashlib.sha256(f"{type(error).__name__} {error}".encode()).hexdigest()[:16]
        for complaint in self:
            told = complaint._get_daily_marks()
            complaint._set_daily_marks(told | {step: mark})
            if mark in told.values():
                continue
            user = complaint._get_coordinating_user()
            complaint = complaint.with_context(lang=user.lang or self.env.lang)
            complaint._alert_coordinator(
                complaint.env._("The daily job could not process this complaint"),
                complaint._explain_daily_problem(error),
            )

    def _explain_daily_problem(self, error):
        """What somebody can do about it; the words of a program are for its log."""
        if isinstance(error, UserError):
            return self.env._(
                "%s Mend that, and the job goes on by itself the next day.", error.args[0]
            )
        return self.env._(
            "Reminders and escalations of this complaint don't happen by themselves now: look"
            " after its terms yourself. Ask the administrator to look in the log of the server"
            " for %s; the job tries again every day.",
            self.name,
        )

    def _clear_daily_problem(self, step):
        """This step works again: its next problem is told again."""
        for complaint in self.filtered("daily_problem"):
            marks = complaint._get_daily_marks()
            if marks.pop(step, None):
                complaint._set_daily_marks(marks)

    def _get_daily_marks(self):
        return dict(line.split("=") for line in (self.daily_problem or "").split())

    def _set_daily_marks(self, marks):
        text = " ".join(f"{step}={mark}" for step, mark in sorted(marks.items()))
        self._as_procedure().daily_problem = text or False
