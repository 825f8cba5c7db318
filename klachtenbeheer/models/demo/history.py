"""The past of the demo data: what happened before the day on which they are loaded.

Letters and the daily job work on today. A demo that is alive needs letters that were sent last
month, with the PDF of that day, and mails nobody. Only demo/*.xml calls these methods; private
methods can't be called from outside.
"""

from contextlib import contextmanager
from datetime import datetime, time, timedelta

from odoo import api, fields, models

from ...tools import WorkCalendar
from ..dossier.hearing import ORAL_EXPLANATION
from ..dossier.measure import ADOPTED, PROPOSED, RECOMMENDATION
from ..letter.letter import DRAFT, READY
from ..policy.term import COMPLAINANT


class _DemoDay:
    """A day that counts as today. No call from outside can carry this object."""

    def __init__(self, day):
        self.day = day


class ResCompany(models.Model):
    _inherit = "res.company"

    def _complaint_today(self):
        demo_day = self.env.context.get("demo_day")
        return demo_day.day if isinstance(demo_day, _DemoDay) else super()._complaint_today()


class Complaint(models.Model):
    _inherit = "klachtenbeheer.complaint"

    def _demo_day(self, days_ago):
        """The local date some days ago, moved out of the weekend where today allows it."""
        today = self._today()
        return min(WorkCalendar().next_workday(today - timedelta(days=days_ago)), today)

    @contextmanager
    def _demo_past(self, days_ago):
        """Give the local date some days ago; what is logged meanwhile is of that day too."""
        day = self._demo_day(days_ago)
        messages_su = self.env["mail.message"].sudo()  # a log message belongs to nobody
        domain = [("model", "=", self._name), ("res_id", "in", self.ids)]
        before = messages_su.search(domain)
        yield day
        if day < self._today():
            (messages_su.search(domain) - before).date = datetime.combine(day, time(13))

    def _demo_event(self, days_ago, code, note=None, **vals):
        """Record what happened some days ago."""
        with self._demo_past(days_ago) as day:
            return self._record_event(code, day, note, **vals)

    def _demo_hear(self, days_ago, report):
        """Both sides were heard some days ago."""
        sides = [{"role": "complainant", "partner_id": self.partner_id.id}] + [
            {"role": "respondent", "partner_id": partner.id} for partner in self.respondent_ids
        ]
        with self._demo_past(days_ago) as day:
            hearing = self.env["klachtenbeheer.hearing"].create(
                {
                    "complaint_id": self.id,
                    "purpose": "hearing",
                    "leader_id": (self.handler_id or self._get_coordinating_user()).id,
                    "held_on": day,
                    "report": f"<p>{report}</p>",
                    "participant_ids": [(0, 0, side) for side in sides],
                }
            )
            hearing.action_hold()

    def _demo_on(self, day):
        """This complaint, as if a local date were today."""
        return self.with_context(demo_day=_DemoDay(day), no_mail_to_attendees=True)

    def _demo_line(self, days_ago, model, *actions, **vals):
        """Add a line to the dossier some days ago, and do with it what was done that day."""
        with self._demo_past(days_ago) as day:
            lines = self._demo_on(day).env[f"klachtenbeheer.{model}"]
            line = lines.create({"complaint_id": self.id, **vals})
            for action in actions:
                getattr(line, action)()
        return line.with_env(self.env)

    def _demo_talk(self, days_ago, purpose, *actions, offered=None, moment=None, **vals):
        """A conversation: offered some days ago, and then what was done with it.

        :param actions: of the conversation, on `days_ago`; "plan" chooses the moment
        :param offered: days ago of the invitation, where there was one
        :param moment: that was proposed in it; by default the day of the actions
        """
        reason = vals.pop("reason", None)
        with self._demo_past(days_ago if offered is None else offered) as day:
            talk = self._demo_on(day)._demo_prepare_talk(purpose, vals)
            if offered is not None:
                moment = moment or datetime.combine(self._demo_day(days_ago), time(9))
                talk.slot_ids = [fields.Command.create({"start_at": moment})]
                talk._do_offer()
                if purpose == ORAL_EXPLANATION:
                    talk.complaint_id._record_event("hearing_offered")
        with self._demo_past(days_ago) as day:
            talk = self._demo_on(day).env[talk._name].browse(talk.id)
            if "action_hold" in actions:
                talk.held_on = day
            for action in actions:
                if action == "plan":
                    talk.slot_ids[:1].action_accept()
                elif action == "action_waive":
                    talk.action_waive(reason)
                else:
                    getattr(talk, action)()
        return talk.with_env(self.env)

    def _demo_prepare_talk(self, purpose, vals):
        people = [("complainant", self.partner_id)]
        if purpose != ORAL_EXPLANATION:
            people += [("respondent", partner) for partner in self.respondent_ids]
        return self.env["klachtenbeheer.hearing"].create(
            {
                "complaint_id": self.id,
                "purpose": purpose,
                "participant_ids": [
                    fields.Command.create({"role": role, "partner_id": partner.id})
                    for role, partner in people
                ],
                **vals,
            }
        )

    def _demo_referral(self, filed, admitted, reference, **vals):
        """The complainant filed at an external body, which took it on some days later."""
        with self._demo_past(filed) as day:
            lines = self._demo_on(day).env["klachtenbeheer.referral"]
            referral = lines.create({"complaint_id": self.id, "filed_on": day, **vals})
            referral.action_file()
        with self._demo_past(admitted) as day:
            referral = self._demo_on(day).env[referral._name].browse(referral.id)
            referral.write({"admitted_on": day, "reference": reference})
            referral.action_admit()

    def _demo_measure(self, days_ago, name, **vals):
        """A measure or recommendation that this complaint led to some days ago."""
        return (
            self._demo_on(self._demo_day(days_ago))
            .env["klachtenbeheer.measure"]
            .create(
                {
                    "name": name,
                    "company_id": self.company_id.id,
                    "link_ids": [fields.Command.create({"complaint_id": self.id})],
                    **vals,
                }
            )
        )

    def _demo_measure_step(self, days_ago, name, action, **vals):
        """What was decided on a measure of this complaint, or done with it."""
        measure = self.measure_ids.filtered(lambda line: line.name == name)[:1]
        measure = measure.with_context(demo_day=_DemoDay(self._demo_day(days_ago)))
        measure.write(vals)
        getattr(measure, action)()

    def _demo_ruling(self, days_ago, decision):
        """Directie, or the board, decided what the policy does not provide for."""
        with self._demo_past(days_ago) as day:
            self._demo_on(day).ruling_ids.filtered(
                lambda ruling: not ruling.decided_on
            ).action_decide(decision)

    def _demo_check(self, days_ago):
        """The coordinator found the registration complete some days ago."""
        with self._demo_past(days_ago) as day:
            self._as_procedure().write(
                {
                    "registration_checked_by_id": self._get_coordinating_user().id,
                    "registration_checked_on": day,
                }
            )

    def _demo_hand_over(self):
        """Passed on when they were received, where registering them now says today (BA20)."""
        for complaint in self.sudo():  # nobody writes events, the demo neither but here
            forwarded = complaint.event_ids.filtered(lambda event: event.code == "forwarded")
            forwarded.occurred_on = complaint.received_on
        self._project()

    def _demo_draft(self, code, **vals):
        """Write a letter that has not been sent yet."""
        letter = self.prepare_letter(code)
        letter.write(vals)
        return letter

    def _demo_letter(self, days_ago, code, **vals):
        """Write a letter and send it as if that was done some days ago."""
        letter = self.prepare_letter(code)
        letter.write(vals)
        with self._demo_past(days_ago) as day:
            letter._demo_send(day)
        return letter


class Letter(models.Model):
    _inherit = "klachtenbeheer.letter"

    def _demo_send(self, day):
        """Send on a local date in the past: PDF and event of that day, and no mail."""
        self._check_state(DRAFT)
        self._check_refusals()
        self._as_procedure().date = day
        self.action_renew_text()
        if self.needs_approval:
            approver = self._get_approvers()[:1]
            self._as_procedure().write({"approved_by_id": approver.id, "approved_on": day})
        self._make_final_pdf(day)
        self._as_procedure().state = READY
        self._do_mark_sent(day)
        how = dict(self._fields["delivery"]._description_selection(self.env))[self.delivery]
        self.complaint_id._message_log(
            body=self.env._("%(letter)s: sent by %(delivery)s", letter=self.name, delivery=how)
        )


class DailyJob(models.AbstractModel):
    _inherit = "klachtenbeheer.daily.job"

    @api.model
    def _demo_catch_up(self):
        """Do what the daily job would have done by now. The job itself commits as it goes, which
        must not happen while data are being loaded."""
        today = self.env.company._complaint_today()
        deadlines = self.env["klachtenbeheer.deadline"]
        for deadline in deadlines.search(deadlines._get_expired_domain(today)):
            self._demo_signal(deadline)
        workday = WorkCalendar().previous_workday(today)  # nobody is reminded in the weekend
        deadlines.search(deadlines._get_reminder_domain(workday))._remind(workday)
        late = [("due_on", "<", today), ("warned_on", "=", False)]
        self.env["klachtenbeheer.measure"].search(
            [*late, ("state", "in", (PROPOSED, ADOPTED)), ("kind", "!=", RECOMMENDATION)]
        )._warn_overdue(today)
        policies = self.env["klachtenbeheer.policy"]
        policies.search(policies._get_evaluation_domain(today))._announce_evaluation(today)

    @api.model
    def _demo_signal(self, deadline):
        """An expired duty or right, on the day after its last."""
        day = deadline.due_on + timedelta(days=1)
        if deadline.duty_of != COMPLAINANT:
            deadline._signal(day)
            return
        deadline._lapse(day)
        deadline.signalled_on = day
