from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..policy.role import ESCALATION_CHAIN

ACTIVITY_NEW = "klachtenbeheer.activity_type_new"
ACTIVITY_DUTY = "klachtenbeheer.activity_type_duty"
ACTIVITY_ALERT = "klachtenbeheer.activity_type_alert"


class ComplaintTask(models.Model):
    """What is asked of whom: responsible person, next step, activities, escalation."""

    _inherit = "klachtenbeheer.complaint"

    next_step = fields.Char("Next step", compute="_compute_next_step")
    missing_text = fields.Text("Still missing", compute="_compute_next_step")

    # ---------------------------------------------------------------- people

    def _get_chain(self):
        """The roles of this dossier from handler upwards with the people in them who
        may act: nobody complained about (letters_reports_roles 6, rule 2 and 3).

        :return: list of (role, res.users), roles without people left out
        """
        self.ensure_one()
        people = {line.role: line.user_ids for line in self.policy_id.role_ids}
        people["handler"] = self.handler_id
        chain = []
        for role in ESCALATION_CHAIN:
            users = people.get(role, self.env["res.users"])
            users = users.filtered(lambda user: user.partner_id not in self.respondent_ids)
            if users:
                chain.append((role, users))
        return chain

    def _get_responsible(self):
        """The user whose duty it is now: handler, or the first above who may act."""
        self.ensure_one()
        chain = self.sudo()._get_chain()  # who has which role is no secret
        return chain[0][1][0] if chain else self.env["res.users"]

    # ---------------------------------------------------------------- next step

    @api.depends(
        "next_due_on",
        "stage_id",
        "is_closed",
        "outcome",
        "handler_id",
        "findings",
        "hearing_ids.state",
    )
    @api.depends_context("uid", "lang")
    def _compute_next_step(self):
        for complaint in self:
            step = complaint.sudo()._get_next_step() if complaint._origin else None
            complaint.next_step = step and step["label"]
            complaint.missing_text = step and "\n".join(step["missing"])

    def _get_next_step(self):
        """What has to be done next, following from policy and events.

        :return: dict(label, missing, letter_type, event_type, line), or None when closed;
            `line` is (list of the dossier, id of the line or False) where that comes first
        """
        self.ensure_one()
        if self.is_closed:
            return None
        duty = self.next_deadline_id
        if duty:
            return self._get_step_for_duty(duty)
        planned = self.hearing_ids.filtered(lambda hearing: hearing.state == "planned")[:1]
        if planned:
            return self._get_hearing_step(planned)
        event_types = self.env["klachtenbeheer.event.type"]
        # nothing is due, as in an informal phase: without an outcome there is nothing to close
        return self._get_event_step(event_types._get("closed") if self.outcome else event_types)

    def _get_step_for_duty(self, duty):
        stops = duty.term_id.stop_event_ids
        letter_type = self.policy_id.letter_type_ids.filtered(
            lambda letter_type: (
                letter_type.event_type_id in stops
                and letter_type._is_step()
                and letter_type._fits(self)
            )
        )[:1]
        if not letter_type:
            return self._get_event_step(stops.filtered("manual")[:1] or stops[:1])
        if letter_type.about == "hearing" and not letter_type._get_open_subjects(self):
            return self._get_line_step(self._get_line_labels()["hearing_ids"])
        return {
            "label": self._get_letter_label(letter_type),
            "missing": self._get_missing_for_letter(letter_type),
            "letter_type": letter_type,
            "event_type": letter_type.event_type_id,
            "line": None,
        }

    def _get_hearing_step(self, hearing):
        """An appointment was made: what comes next is what is said there."""
        purposes = dict(hearing._fields["purpose"]._description_selection(self.env))
        label = self.env._("Finish: %s", purposes[hearing.purpose])
        return self._get_line_step(label, hearing.id)

    def _get_line_step(self, label, hearing_id=False):
        return {
            "label": label,
            "missing": [],
            "letter_type": self.env["klachtenbeheer.letter.type"],
            "event_type": self.env["klachtenbeheer.event.type"],
            "line": ("hearing_ids", hearing_id),
        }

    def _get_event_step(self, event_type):
        return {
            "label": self._get_event_label(event_type),
            "missing": self._get_missing_for_event(event_type) if event_type else [],
            "letter_type": self.env["klachtenbeheer.letter.type"],
            "event_type": event_type,
            "line": None,
        }

    def _get_event_label(self, event_type):
        if not event_type:
            return self.env._("Record what happened")
        if event_type.code == "closed":
            return self.env._("Close the complaint")
        return self.env._("Record: %s", event_type.name)

    def _get_letter_label(self, letter_type):
        draft = self._get_unsent_letter(letter_type)
        if draft.is_unsure:
            return self.env._("Perhaps delivered: %s", letter_type.name)
        if draft.state == "sending":
            return self.env._("Being sent: %s", letter_type.name)
        if draft:
            return self.env._("Finish: %s", letter_type.name)
        return self.env._("Write: %s", letter_type.name)

    def _get_unsent_letter(self, letter_type):
        return self.letter_ids.filtered(
            lambda letter: (
                letter.type_id == letter_type
                and letter.state in ("draft", "approval", "ready", "sending", "failed")
            )
        )[:1]

    def _get_missing_for_letter(self, letter_type):
        """Required content that is filled in on the dossier itself."""
        on_dossier = letter_type.requirement_ids.filtered(
            lambda requirement: self._name in requirement.sudo().field_ids.mapped("model")
        )
        names = on_dossier._get_missing(self).mapped("name")
        if letter_type.about and not letter_type._get_open_subjects(self):
            names.append(letter_type._describe_subject())
        # the stage that the letter leads to may ask for the same
        return list(dict.fromkeys(names + self._get_missing_for_event(letter_type.event_type_id)))

    def action_next_step(self):
        """Do what follows from policy and events: open the letter, ask for the event."""
        self.ensure_one()
        self.check_access("read")
        step = self.sudo()._get_next_step()  # whoever sees the complaint sees its next step
        if not step:
            raise UserError(self.env._("This complaint is closed; there is nothing left to do."))
        if step["line"]:
            return self.action_open_line(*step["line"])
        if step["letter_type"]:
            return self.action_open_letter(step["letter_type"].code)
        if step["event_type"].code == "closed":
            return self.action_close()
        return self._get_event_dialog(step["event_type"])

    def action_open_letter(self, code):
        """Open the letter of a type that is under way, or a new draft."""
        self.ensure_one()
        letter_type = self.policy_id.letter_type_ids.filtered(lambda line: line.code == code)
        letter = self._get_unsent_letter(letter_type) or self.prepare_letter(code)
        return {
            "type": "ir.actions.act_window",
            "res_model": "klachtenbeheer.letter",
            "res_id": letter.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_record_event(self):
        """Ask what happened; the types that can be recorded by hand are offered."""
        return self._get_event_dialog()

    # ---------------------------------------------------------------- assignment

    def action_assign_to_me(self):
        self.handler_id = self.env.user

    @api.model
    def _check_may_assign(self):
        """Only the coordinator, or who stands in with the same rights, says who handles a
        complaint (SJ16); a handler neither takes nor passes on a dossier."""
        if not self.env.su and not self.env.user.has_group("klachtenbeheer.group_coordinator"):
            raise AccessError(self.env._("Only the coordinator assigns complaints."))

    @api.constrains("handler_id", "respondent_ids")
    def _check_handler_not_respondent(self):
        for complaint in self:
            if complaint.handler_id.partner_id & complaint.respondent_ids:
                raise UserError(
                    self.env._(
                        "%s is complained about and can't handle this complaint.",
                        complaint.handler_id.name,
                    )
                )

    # ---------------------------------------------------------------- activities

    def _hand_over(self):
        """New complaints land with the coordinator at once (BA20, SJ17)."""
        for user, complaints in self._group_by_responsible().items():
            complaints._schedule(ACTIVITY_NEW, user, self.env._("New complaint"))

    def _group_by_responsible(self):
        groups = {}
        for complaint in self:
            user = complaint._get_responsible()
            if user:
                groups.setdefault(user, self.browse())
                groups[user] |= complaint
        return groups

    def _schedule(self, xmlid, user, summary, date_deadline=None, note=None):
        """Activities in one call, without a mail each: the overview of activities and
        the daily job do the warning."""
        activity_type = self.env.ref(xmlid)
        model_id = self.env["ir.model"]._get_id(self._name)
        return (
            self.env["mail.activity"]
            .sudo()  # the system asks, whatever the rights of who caused it
            .with_context(mail_activity_quick_update=True)
            .create(
                [
                    {
                        "activity_type_id": activity_type.id,
                        "res_model_id": model_id,
                        "res_id": complaint.id,
                        "user_id": user.id,
                        "automated": True,  # or `activity_feedback` would not find it
                        "summary": summary,
                        "note": note,
                        "date_deadline": date_deadline or complaint._today(),
                    }
                    for complaint in self
                ]
            )
        )

    def _alert_coordinator(self, summary, note=None):
        """Warn whoever coordinates these dossiers, and notify by mail."""
        for complaint in self:
            complaint_su = complaint.sudo()  # a warning must arrive whoever caused it
            user = complaint_su._get_coordinating_user()
            if user:
                complaint_su.activity_schedule(
                    ACTIVITY_ALERT, summary=summary, note=note, user_id=user.id
                )

    def _get_coordinating_user(self):
        for role, users in self._get_chain():
            if role != "handler":
                return users[0]
        return self.env["res.users"]

    def _refresh_duty_activities(self):
        """Close the activities of duties that are done or fell away."""
        done = self.deadline_ids.filtered(lambda duty: not duty.is_open and duty.activity_id)
        done.activity_id.action_feedback()
        if self.filtered("handler_id") or done:
            self._finish_new_activities()

    def write(self, vals):
        result = super().write(vals)
        if vals.get("handler_id"):
            self.sudo()._finish_new_activities()  # they may be somebody else's
        return result

    def _finish_new_activities(self):
        taken = self.filtered(lambda complaint: complaint.handler_id or complaint.is_closed)
        taken.activity_feedback([ACTIVITY_NEW], only_automated=False)
