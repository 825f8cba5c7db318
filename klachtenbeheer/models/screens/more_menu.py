from odoo import api, fields, models
from odoo.exceptions import UserError

from ..complaint.complaint import INFORMAL
from ..portal.conversation import NO_WAY

SHOWN = 7  # entries of the menu; the rest is found by searching (Ctrl+K) and in place
LINE = "action_open_line"


class ComplaintMore(models.Model):
    """The menu “More”: what the user may do besides the next step. What is not allowed, or
    what the policy does not know, is not offered; of the rest the menu shows what makes most
    sense now, and searching finds all of it."""

    _inherit = "klachtenbeheer.complaint"

    more_actions = fields.Json(compute="_compute_more_actions")
    can_check_registration = fields.Boolean(compute="_compute_can_check_registration")

    @api.depends("is_closed", "handler_id", "letter_ids.state", "next_step", "next_step_kind")
    @api.depends_context("uid", "lang")
    def _compute_more_actions(self):
        for complaint in self:
            complaint.more_actions = complaint._get_more_actions() if complaint._origin else []

    def _get_more_actions(self):
        """What can be done besides the next step, for the menu “More”.

        :return: list of dict(group, label, method, args, shown, confirm); `shown` says whether
            it is in the menu, or only found by searching; `confirm` is asked first
        """
        self.ensure_one()
        actions = [
            *self._get_procedure_actions(),
            *self._get_people_actions(),
            *(self._get_line_actions() if self.can_handle else ()),
            *(self._get_letter_actions() if self.can_handle else ()),
        ]
        ranks = self._get_action_ranks()
        ranked = sorted(actions, key=lambda action: self._get_rank(action, ranks))
        shown = [action for action in ranked if self._get_rank(action, ranks) < len(ranks)][:SHOWN]
        return [action | {"shown": action in shown} for action in actions]

    def _get_rank(self, action, ranks):
        keys = ((action["method"], *action["args"][:1]), (action["method"],))
        found = [ranks.index(key) for key in keys if key in ranks]
        return min(found, default=len(ranks))

    def _get_action_ranks(self):
        """What makes sense now, the most likely first: (method,) or (method, argument)."""
        answered = self._has_taken_position()
        next_step = self.next_step_kind
        ranks = [
            ("action_check_registration",),
            ("action_open_ruling",),
            ("action_reopen",),
            ("action_open_formal",),
            *([] if self.handler_id else [("action_assign_to_me",), ("action_open_assign",)]),
            ("action_record_event",),
            *self._get_letter_ranks(),
            ("action_delay",),
            *([(LINE, "objection_ids")] if answered else [("action_open_held",)]),
            *([] if answered else [(LINE, "hearing_ids")]),
            *(
                []
                if self._get_running_duties() or next_step == "wait" or self._is_unfinished()
                else [("action_open_close",)]
            ),
            *([(LINE, "measure_link_ids")] if answered else [(LINE, "fact_ids")]),
            (LINE, "agreement_ids"),
            ("action_open_triage",),
            ("action_open_assign",),
            ("action_convert",),
            (LINE, "referral_ids"),
        ]
        return list(dict.fromkeys(ranks))

    def _is_unfinished(self):
        """Whether a conversation, a letter or what the complainant said still comes first."""
        step = self.sudo()._get_next_step()  # whoever sees the complaint sees its next step
        return bool(step and (step["line"] or step["letter_type"]))

    def _get_letter_ranks(self):
        """Letters that were begun, and those by which something that runs is met."""
        complaint_su = self.sudo()  # which letters make sense is no secret to who handles it
        running = complaint_su._get_running_events("organisation")
        types = complaint_su.policy_id.letter_type_ids.filtered(
            lambda line: line.event_type_id in running or complaint_su._get_unsent_letter(line)
        )
        return [("action_open_letter", letter_type.code) for letter_type in types]

    def _prepare_action(self, label, method, *args, group="procedure"):
        return {"group": group, "label": label, "method": method, "args": list(args)}

    # ---------------------------------------------------------------- procedure

    def _get_procedure_actions(self):
        if not self.can_handle:
            return self._get_receipt_actions() if self.can_correct_receipt else []
        label = self.env._("Record what happened…")
        return [
            self._prepare_action(label, "action_record_event"),
            *self._get_receipt_actions(),
            *(self._get_closed_actions() if self.is_closed else self._get_open_actions()),
            *self._get_message_actions(),
        ]

    def _get_message_actions(self):
        if self._get_message_way() == NO_WAY:
            return []
        label = self.env._("Message to the complainant…")
        return [self._prepare_action(label, "action_open_message")]

    def _get_receipt_actions(self):
        label = self.env._("Correct the date of receipt…")
        return [self._prepare_action(label, "action_open_receipt_correction")]

    def _get_open_actions(self):
        actions = []
        if self.next_deadline_id:
            label = self.env._("A duty does not apply…")
            actions.append(self._prepare_action(label, "action_open_duty_waive"))
        if self.kind == INFORMAL and self.policy_id.formal_phase == "internal":
            label = self.env._("Handle it formally…")
            actions.append(self._prepare_action(label, "action_open_formal"))
        return [
            *actions,
            *self._get_admissibility_actions(),
            self._prepare_action(self.env._("Close…"), "action_open_close"),
        ]

    def _get_closed_actions(self):
        return [self._prepare_action(self.env._("Reopen"), "action_reopen")]

    def _get_admissibility_actions(self):
        """Whether it is a complaint that we handle: a question until there is an answer."""
        if self.nature == "suggestion":
            return [self._prepare_action(self.env._("It is a complaint"), "action_convert")]
        if self._has_taken_position():
            return []
        if self._may_open("klachtenbeheer.triage"):
            label = self.env._("Decide on admissibility…")
            return [self._prepare_action(label, "action_open_triage")]
        return [self._prepare_action(self.env._("It is a suggestion"), "action_convert")]

    # ---------------------------------------------------------------- people

    def _get_people_actions(self):
        """Who handles, checks and decides; some of it is for who does not handle this."""
        actions = [*self._get_check_actions(), *self._get_decision_actions()]
        if not self.is_closed:
            actions = [*self._get_assign_actions(), *actions]
        return [action | {"group": "people"} for action in actions]

    def _get_assign_actions(self):
        actions = []
        user = self.env.user
        if self._may_assign() and self._may_open("klachtenbeheer.assign"):
            actions.append(self._prepare_action(self.env._("Assign…"), "action_open_assign"))
            if self.handler_id != user and self._has_power("assign"):
                label = self.env._("Assign to me")
                actions.append(self._prepare_action(label, "action_assign_to_me"))
        # who could be called in is no secret to who handles it
        if self.can_handle and self.sudo()._get_next_level()[1]:
            label = self.env._("Call in the next role…")
            actions.append(self._prepare_action(label, "action_open_escalate"))
        return actions

    def _get_check_actions(self):
        if not self.can_check_registration:
            return []
        label = self.env._("The registration is complete")
        return [self._prepare_action(label, "action_check_registration")]

    @api.depends("registration_checked_on", "policy_id", "unwanted_behaviour", "is_repeated")
    @api.depends_context("uid")
    def _compute_can_check_registration(self):
        """Where the policy wants it checked, and this user is who checks."""
        for complaint in self:
            # whether it is complete is computed from the content; that it is not is no secret
            complete = not complaint._origin or complaint.sudo().registration_complete
            complaint.can_check_registration = (
                not complete and self.env.user in complaint._get_registration_checkers()
            )

    def _get_decision_actions(self):
        if not self._get_rulings_to_decide():
            return []
        label = self.env._("Decide where the policy does not provide…")
        return [self._prepare_action(label, "action_open_ruling")]

    def _get_rulings_to_decide(self):
        """Questions on this dossier that the user is asked to decide."""
        complaint_su = self.sudo()  # who decides is no secret, the question is read as the user
        users = complaint_su._get_role_people(complaint_su._get_deciding_role())
        if self.env.user not in users or not self._may_open("klachtenbeheer.ruling.decide"):
            return self.env["klachtenbeheer.ruling"]
        return self.ruling_ids.filtered(lambda ruling: not ruling.decided_on)

    # ---------------------------------------------------------------- letters

    def _get_letter_actions(self):
        if self.hide_identity and not self._has_power("identity"):
            return []  # a letter names its addressee, so the coordinator writes it
        step = self.sudo()._get_next_step()  # what is next is shown to who may handle it
        next_type = step["letter_type"] if step else None
        return [
            self._prepare_letter_action(letter_type) | {"group": "letters"}
            for letter_type in self._get_offered_letter_types()
            if letter_type != next_type
        ]

    def _prepare_letter_action(self, letter_type):
        if letter_type._is_delay_notice() and not self._get_unsent_letter(letter_type):
            return self._prepare_action(self.env._("More time needed…"), "action_delay")
        return self._prepare_action(
            self._get_letter_label(letter_type), "action_open_letter", letter_type.code
        )

    # ---------------------------------------------------------------- dialogs

    def action_open_receipt_correction(self):
        """Ask for the right date of receipt and the reason."""
        return self._get_dialog(
            self.env._("Correct the date of receipt"), "klachtenbeheer.receipt.correction"
        )

    def action_open_close(self):
        """Show what is still running and what is empty, and ask for the outcome."""
        return self._get_dialog(self.env._("Close the complaint"), "klachtenbeheer.close")

    def action_open_duty_waive(self):
        """Ask which duty does not apply, and why."""
        return self._get_dialog(self.env._("A duty does not apply"), "klachtenbeheer.duty.waive")

    def action_open_triage(self):
        """Ask whether this is a complaint that we handle."""
        return self._get_dialog(self.env._("Decide on admissibility"), "klachtenbeheer.triage")

    def action_open_escalate(self):
        """Ask why the next role is called in."""
        return self._get_dialog(self.env._("Call in the next role"), "klachtenbeheer.escalate")

    def action_open_message(self):
        """Write a message that the complainant reads on the portal."""
        return self._get_dialog(
            self.env._("Message to the complainant"), "klachtenbeheer.message.compose"
        )

    def action_open_formal(self):
        """Ask since when the complaint is handled formally."""
        self.ensure_one()
        return self._get_event_dialog(self.env["klachtenbeheer.event.type"]._get("formalised"))

    def action_open_ruling(self):
        """Ask for the decision on the first question that waits for this user."""
        self.check_access("read")  # before anything tells whether it exists
        self.ensure_one()
        rulings = self._get_rulings_to_decide()
        if not rulings:
            raise UserError(self.env._("Nothing here waits for your decision."))
        return rulings[0].action_open_decision()

    def _may_open(self, model):
        return self.env[model].has_access("create")

    def _get_dialog(self, name, model):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_id": self.id},
        }
