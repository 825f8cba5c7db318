from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import Missing
from ..complaint.complaint import INFORMAL
from ..letter.letter import APPROVAL, DRAFT, FAILED, READY, SENDING
from ..policy.term import ORGANISATION

UNSENT = (DRAFT, APPROVAL, READY, SENDING, FAILED)


# A kind of step of which the screen needs to know: somebody else is to act, there is no button.
WAIT = "wait"


class ComplaintNextStep(models.Model):
    """What has to be done next, following from policy and events, and the button that does
    it: a letter, a conversation, or recording what happened."""

    _inherit = "klachtenbeheer.complaint"

    next_step = fields.Char("Next step", compute="_compute_next_step")
    next_step_kind = fields.Char(compute="_compute_next_step")
    may_take_next_step = fields.Boolean(compute="_compute_next_step")
    missing_text = fields.Text("Still missing", compute="_compute_next_step")
    may_take_on = fields.Boolean(
        compute="_compute_may_take_on", help="Nobody handles it, and the user may."
    )

    @api.depends("handler_id", "is_closed", "respondent_ids")
    @api.depends_context("uid")
    def _compute_may_take_on(self):
        for complaint in self:
            complaint.may_take_on = bool(
                complaint._origin
                and not complaint.handler_id
                and not complaint.is_closed
                and complaint._may_assign()
                and complaint._has_power("assign")
                and complaint._without_respondents(self.env.user)
            )

    @api.depends(
        "next_due_on",
        "stage_id",
        "is_closed",
        "outcome",
        "handler_id",
        "findings",
        "hearing_ids.state",
        "hearing_ids.conclusion",
        "letter_ids.state",
        "objection_ids.state",
        "ruling_ids.decided_on",
    )
    @api.depends_context("uid", "lang")
    def _compute_next_step(self):
        for complaint in self:
            step = complaint._get_step_of_user() if complaint._origin else None
            complaint.next_step = step and step["label"]
            complaint.next_step_kind = step and step["kind"]
            complaint.may_take_next_step = complaint._may_take(step)
            complaint.missing_text = step and "\n".join(part.text for part in step["missing"])

    def _may_take(self, step):
        """Whether the button of a step is for this user."""
        if not step or step["kind"] == WAIT:
            return False
        return step["for_user"] or self.can_handle

    def _get_step_of_user(self):
        """What the user decides on this dossier comes before what its handler does next."""
        rulings = self._get_rulings_to_decide()
        if rulings:
            label = self.env._("Decide where the policy does not provide…")
            return self._make_step(label, line=("ruling_ids", rulings[0].id), for_user=True)
        letter = self._get_letters_to_approve()[:1]
        if letter:
            label = self.env._("Approve: %s", letter.name)
            return self._make_step(label, letter_type=letter.type_id, for_user=True)
        return self.sudo()._get_next_step()  # whoever sees the complaint sees its next step

    def _get_letters_to_approve(self):
        """Letters of this dossier that wait for this user."""
        waiting = self.sudo().letter_ids.filtered(lambda letter: letter.state == APPROVAL)
        if not waiting:
            return self.env["klachtenbeheer.letter"]
        return waiting.sudo(False)._filtered_access("read").filtered("can_approve")

    def _make_step(self, label, **values):
        """A step: dict(label, kind, missing, letter_type, event_type, line, for_user); `missing`
        is a list of `Missing`, `line` is (list of the dossier, id of the line or False) where
        that is what is opened, `for_user` says that it is this user's whoever handles it."""
        return {
            "label": label,
            "kind": False,
            "missing": [],
            "letter_type": self.env["klachtenbeheer.letter.type"],
            "event_type": self.env["klachtenbeheer.event.type"],
            "line": None,
            "for_user": False,
            **values,
        }

    def _get_next_step(self):
        """What has to be done next, following from policy and events, in this order: duties
        with a date, what was agreed or begun, what is still owed, what the complainant may
        still do, and only then closing.

        :return: see `_make_step`; None when closed
        """
        self.ensure_one()
        if self.is_closed:
            return None
        step = self._get_conversation_step()
        if step:
            return step
        if self.next_deadline_id:
            return self._get_step_for_duty(self.next_deadline_id)
        return (
            self._get_planned_step()
            or self._get_objection_step()
            or self._get_begun_letter_step()
            or self._get_owed_letter_step()
            or self._get_waiting_step()
            or self._get_closing_step()
        )

    # ---------------------------------------------------------------- without a date

    def _get_planned_step(self):
        planned = self.hearing_ids.filtered(lambda hearing: hearing.state == "planned")[:1]
        return planned and self._get_hearing_step(planned)

    def _get_objection_step(self):
        """The complainant said something that nobody registered yet."""
        waiting = self.objection_ids.filtered(lambda line: line.state == "draft")[:1]
        label = self.env._("Register: %s", waiting.display_name)
        return waiting and self._make_step(label, line=("objection_ids", waiting.id))

    def _get_begun_letter_step(self):
        """A letter that was begun goes out, or waits for who approves it."""
        letter = self.letter_ids.filtered(
            lambda letter: letter.round == self.round and letter.state in UNSENT
        )[:1]
        return letter and self._get_letter_step(letter.type_id)

    def _get_owed_letter_step(self):
        """What was said is reported to the complainant, where the policy says so."""
        owed = self.policy_id.letter_type_ids.filtered(lambda line: line._is_owed(self))[:1]
        return owed and self._get_letter_step(owed)

    def _get_waiting_step(self):
        """While the complainant may still react there is nothing to do, nor to close."""
        if not self.waits_for_complainant:
            return None
        day = self._get_waiting_until()
        label = self.env._("Wait for the complainant until %s", self._format_date(day))
        return self._make_step(label, kind=WAIT)

    def _get_closing_step(self):
        event_types = self.env["klachtenbeheer.event.type"]
        if self.outcome:
            return self._get_event_step(event_types._get("closed"))
        if self.kind == INFORMAL and self.policy_id.formal_phase == "internal":
            return self._get_informal_step()
        # nothing is due, as in an informal phase: without an outcome there is nothing to close
        return self._get_event_step(event_types)

    def _get_informal_step(self):
        """First somebody talks with the complainant; then it is solved, or goes formal."""
        talked = self.hearing_ids.filtered(lambda hearing: hearing.state == "held")
        heard = any(event.type_id.about == "hearing" for event in self._get_valid_events())
        if not (talked or heard or self.agreement_ids):
            return self._get_line_step(self._get_line_labels()["hearing_ids"])
        return self._make_step(self.env._("Note how it was solved, or go formal"))

    # ---------------------------------------------------------------- kinds of steps

    def _get_unfinished_text(self):
        step = self.sudo()._get_next_step()  # whoever sees the complaint sees its next step
        return step["label"] if step["event_type"].code != "closed" else False

    def _get_step_for_duty(self, duty):
        stops = self._get_own_events(duty.term_id)
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

    def _get_own_events(self, term):
        """What meets a duty; first what meets nothing else: an answer would also end the duty
        to call back, but what is due is the call."""
        others = (self.policy_id.term_ids - term).filtered(
            lambda line: line.duty_of == ORGANISATION
        )
        return term.stop_event_ids - others.stop_event_ids or term.stop_event_ids

    def _get_letter_step(self, letter_type):
        draft = self._get_unsent_letter(letter_type)
        waits = draft.state == APPROVAL
        return self._make_step(
            self._get_letter_label(letter_type),
            kind=WAIT if waits else False,
            missing=[] if waits else self._get_missing_for_letter(letter_type),
            letter_type=letter_type,
            event_type=letter_type.event_type_id,
        )

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
        return self._make_step(label, line=("hearing_ids", hearing_id))

    def _get_event_step(self, event_type):
        return self._make_step(
            self._get_event_label(event_type),
            missing=self._get_missing_for_event(event_type) if event_type else [],
            event_type=event_type,
        )

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
        if draft.state == APPROVAL:
            role = self.policy_id._get_role_title(letter_type.approval_role)
            return self.env._("With %(role)s: %(letter)s", role=role, letter=letter_type.name)
        if draft.state == "ready":
            return self.env._("Send: %s", letter_type.name)
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
        step = self._get_step_of_user()
        if not step:
            raise UserError(self.env._("This complaint is closed; there is nothing left to do."))
        if step["line"] and step["line"][0] == "ruling_ids" and step["for_user"]:
            return self.action_open_ruling()
        if step["line"]:
            return self.action_open_line(*step["line"])
        if step["letter_type"]:
            return self.action_open_letter(step["letter_type"].code)
        if step["kind"] == WAIT:
            raise UserError(self.env._("There is nothing to do now: %s.", step["label"]))
        if step["event_type"].code == "closed":
            return self.action_open_close()
        return self._get_event_dialog(step["event_type"])
