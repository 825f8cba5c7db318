from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import Missing


class ComplaintNextStep(models.Model):
    """What has to be done next, following from policy and events, and the button that does
    it: a letter, a conversation, or recording what happened."""

    _inherit = "klachtenbeheer.complaint"

    next_step = fields.Char("Next step", compute="_compute_next_step")
    missing_text = fields.Text("Still missing", compute="_compute_next_step")

    @api.depends(
        "next_due_on",
        "stage_id",
        "is_closed",
        "outcome",
        "handler_id",
        "findings",
        "hearing_ids.state",
        "hearing_ids.conclusion",
    )
    @api.depends_context("uid", "lang")
    def _compute_next_step(self):
        for complaint in self:
            step = complaint.sudo()._get_next_step() if complaint._origin else None
            complaint.next_step = step and step["label"]
            complaint.missing_text = step and "\n".join(part.text for part in step["missing"])

    def _get_next_step(self):
        """What has to be done next, following from policy and events.

        :return: dict(label, missing, letter_type, event_type, line), or None when closed;
            `missing` is a list of `Missing`, `line` is (list of the dossier, id of the line or
            False) where that comes first
        """
        self.ensure_one()
        if self.is_closed:
            return None
        step = self._get_conversation_step()
        if step:
            return step
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
        return self._get_letter_step(letter_type)

    def _get_letter_step(self, letter_type):
        return {
            "label": self._get_letter_label(letter_type),
            "missing": self._get_missing_for_letter(letter_type),
            "letter_type": letter_type,
            "event_type": letter_type.event_type_id,
            "line": None,
        }

    def _get_conversation_step(self):
        """After a conversation how it ended is chosen, and the letters about it follow: its
        report, and the settlement or the letter that ends the handling (BA33, BA37, BA38)."""
        undecided = self.hearing_ids.filtered(lambda hearing: hearing._is_undecided())
        if undecided:
            return self._get_line_step(
                self.env._("Choose how the conversation ended"), undecided[:1].id
            )
        concluded = self.hearing_ids.filtered("conclusion")
        letter_type = self.policy_id.letter_type_ids.filtered(
            lambda line: (
                line.active
                and line.about == "hearing"
                and not line.offers_hearing
                and line._fits(self)
                and line._get_open_subjects(self) & concluded
            )
        )[:1]
        return self._get_letter_step(letter_type) if letter_type else None

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

    def _get_missing_for_letter(self, letter_type):
        """Required content that is filled in on the dossier itself."""
        on_dossier = letter_type.requirement_ids.filtered(
            lambda requirement: self._name in requirement.sudo().field_ids.mapped("model")
        )
        missing = on_dossier._get_missing(self)._as_missing(self)
        if letter_type.about and not letter_type._get_open_subjects(self):
            missing.append(Missing(letter_type._describe_subject(), f"{letter_type.about}_ids"))
        # the stage that the letter leads to may ask for the same
        missing += self._get_missing_for_event(letter_type.event_type_id)
        return list(dict.fromkeys(missing))

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
            return self.action_open_close()
        return self._get_event_dialog(step["event_type"])
