from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError

from ...tools import Event, project
from ..policy.term import COMPLAINANT, ORGANISATION, WAIVED

# Values that a caller of record_event may add to the event.
EVENT_EXTRAS = {"sent_on", "promised_on", "consented_on", "term_ids", "letter_id"}
BY_HAND = {"sent_on"}


class ComplaintProcedure(models.Model):
    """Events in, deadlines and stage out (design.md 1)."""

    _inherit = "klachtenbeheer.complaint"

    # ---------------------------------------------------------------- events

    def record_event(self, code, occurred_on=None, note=None, **vals):
        """Put on record by hand that something happened, as somebody who may. What belongs to
        a letter, a conversation or a line is recorded by that alone (SB28, SB38).

        :param code: code of an event type
        :param vals: `sent_on`; what else an event holds comes from what it belongs to
        :return: the events
        :raise UserError: it is not recorded by hand, the policy wants more filled in first, or
            for the reasons of `_record_event`
        :raise AccessError: the user may not do so on these complaints
        """
        event_type = self.env["klachtenbeheer.event.type"]._get(code)
        self.check_access("write")
        self._check_may_record(event_type)
        if not self.env.su:
            self._check_requirements(event_type)
            vals = {key: value for key, value in vals.items() if key in BY_HAND}
        return self._record_event(code, occurred_on, note, **vals)

    def _record_event(self, code, occurred_on=None, note=None, **vals):
        """Record that something happened; the only way a complaint advances.

        Works on any number of complaints in a constant number of queries.

        :param code: code of an event type
        :param occurred_on: local date that counts, today by default
        :param vals: `sent_on`, `promised_on`, `consented_on`, `term_ids`, `letter_id` of a letter
        :return: the events
        :raise ValidationError: no such event type, or the date is in the future or before
            receipt
        :raise UserError: the complaint is closed, or can't be closed yet; the message says
            what is missing; or the complainant uses a right after its last day and no note
            says why that is heard. What the policy wants filled in before a stage is asked of
            people who record it (`record_event`) and of letters (`letter/completeness.py`); what
            the complainant does is on record whatever is still missing.
        """
        event_type = self.env["klachtenbeheer.event.type"]._get(code)
        self.check_access("write")
        day = fields.Date.to_date(occurred_on)
        self._check_event_date(day, vals)
        self._check_promise(vals)
        vals = self._prepare_event_extras(vals)
        self._raise_refusals(self._get_cannot_record_reason(event_type, day, note))
        return self._do_record_event(event_type, day, note, vals)

    def _do_record_event(self, event_type, day, note, vals, about=None):
        """What recording an event does once nothing stands in its way, in this order.

        :param about: {complaint: values of its own event}
        """
        complaints_su = self.sudo()  # nobody may write events but through here
        complaints_su._before_event(event_type.code, day)
        events = complaints_su._create_events(event_type, day, note, vals, about or {})
        complaints_su._project()
        complaints_su._after_event(event_type.sudo())
        return events.with_env(self.env)

    def _before_event(self, code, day):
        """What an event changes before the deadlines are projected."""
        if code == "formalised":
            self._become_formal(day or self._today())
        elif code == "reopened":
            self._start_round()
        elif code == "external_admitted":
            self._become_formal_outside()

    def _after_event(self, event_type):
        """What follows from an event that was recorded, in this order."""
        if event_type.outcome:
            self.filtered("has_proposed_outcome").outcome = event_type.outcome
        self._refresh_duty_activities()
        if event_type.code == "measures_communicated":
            for complaint in self:
                complaint._tell_measures(complaint._today())
        elif event_type.code == "lapsed":
            self._close_lapsed()

    def _create_events(self, event_type, day, note, vals, about):
        return self.env["klachtenbeheer.event"].create(
            [
                {
                    **vals,
                    "complaint_id": complaint.id,
                    "type_id": event_type.id,
                    "occurred_on": day or complaint._today(),
                    "round": complaint.round,
                    "user_id": self.env.uid,
                    "note": note,
                    **about.get(complaint, {}),
                }
                for complaint in self
            ]
        )

    def _prepare_event_extras(self, vals):
        """What a caller may add to an event, checked: the event itself is written with the
        rights of the system.

        :raise ValidationError: a letter of another complaint, terms of another policy, or
            a change to a term instead of a reference to it
        """
        vals = {key: value for key, value in vals.items() if key in EVENT_EXTRAS}
        # whether they belong together is all that is looked at
        complaints_su = self.sudo()
        if vals.get("letter_id"):
            letter = complaints_su.env["klachtenbeheer.letter"].browse(vals["letter_id"])
            if letter.exists().complaint_id != complaints_su:
                raise ValidationError(self.env._("This letter is of another complaint."))
        if vals.get("term_ids"):
            term_ids = self._get_linked_ids(vals["term_ids"])
            if any(term_ids - set(policy.term_ids.ids) for policy in complaints_su.policy_id):
                raise ValidationError(self.env._("These terms are of another policy."))
            vals["term_ids"] = [fields.Command.set(term_ids)]
        return vals

    def _get_linked_ids(self, commands):
        """The ids that commands of a many2many field refer to."""
        ids = set()
        for command in commands:
            match command:
                case int():
                    ids.add(command)
                case (fields.Command.LINK, int() as linked_id, *_):
                    ids.add(linked_id)
                case (fields.Command.SET, _, list() | tuple() as linked_ids):
                    ids.update(linked_ids)
                case _:
                    raise ValidationError(self.env._("Terms can be referred to, not changed."))
        return ids

    def _check_event_date(self, day, vals):
        for complaint in self:
            happened_on = fields.Date.to_date(vals.get("sent_on")) or day
            if happened_on and happened_on > complaint._today():
                raise ValidationError(
                    self.env._("What has not happened yet can't be recorded: the date lies ahead.")
                )
            if day and day < complaint.received_on:
                raise ValidationError(
                    self.env._(
                        "Nothing can have happened before the complaint was received (%s).",
                        complaint._format_date(complaint.received_on),
                    )
                )

    # ---------------------------------------------------------------- guards

    def _check_requirements(self, event_type):
        """Refuse, in words, an event for which the policy wants more filled in.

        :raise UserError: listing what is missing
        """
        self._raise_refusals(
            {complaint: complaint._get_event_refusal(event_type) for complaint in self}
        )

    def _raise_refusals(self, reasons):
        refused = [(complaint, reasons[complaint]) for complaint in self if reasons[complaint]]
        if refused:
            raise UserError(
                "\n\n".join(f"{complaint.name}: {reason}" for complaint, reason in refused)
            )

    def _get_cannot_record_reason(self, event_type, day=None, note=None):
        """Why an event can't be recorded now at all, in words.

        :param day: local date on which it happened, today by default
        :param note: what is remembered of it
        :return: {complaint: text, or False where nothing stands in the way}
        """
        return {
            complaint: complaint._get_state_refusal(event_type)
            or (complaint._closes(event_type) and complaint._get_event_refusal(event_type))
            or complaint._get_late_refusal(event_type, day or complaint._today(), note)
            for complaint in self
        }

    def _get_late_refusal(self, event_type, day, note):
        """Who uses a right after its last day is heard for a reason only, whoever records
        it and however (BA27, SB40): text, or False."""
        if (note or "").strip():
            return False
        rights = self.sudo().deadline_ids.filtered(  # whoever records it hears why not
            lambda line: (
                line.duty_of == COMPLAINANT
                and line.round == self.round
                and event_type in line.term_id.stop_event_ids
                and day > line.due_on
            )
        )
        if not rights:
            return False
        return self.env._(
            "This came after the last day (%s). Say in the note why it is accepted all the same.",
            self._format_date(rights[-1].due_on),
        )

    def _closes(self, event_type):
        return self._get_stage_of(event_type).is_closed

    def _get_state_refusal(self, event_type):
        """Why an event makes no sense in the state of the complaint: text, or False."""
        return (
            self._get_privacy_refusal()
            or self._get_closed_refusal(event_type)
            or self._get_contact_refusal(event_type)
        )

    def _get_closed_refusal(self, event_type):
        if self.is_closed and not event_type.after_closing:
            return self.env._("the complaint is closed; reopen it first.")
        if event_type.code == "reopened" and not self.is_closed:
            return self.env._("the complaint is not closed.")
        return False

    def _get_event_refusal(self, event_type):
        """Why the policy does not allow an event yet: text, or False."""
        refusal = self._get_state_refusal(event_type)
        if refusal:
            return refusal
        missing = self._get_missing_for_event(event_type)
        if missing:
            return self.env._(
                "before “%(event)s” this is still missing:\n%(list)s",
                event=event_type.name,
                list="\n".join(f"• {part.text}" for part in missing),
            )
        return False

    def _get_missing_for_event(self, event_type, letter=None):
        """What the policy requires before an event, as a list of `Missing`.

        :param letter: the letter that records the event; what it says itself counts as well
        """
        stage = self._get_stage_of(event_type)
        if self.nature == "suggestion":
            return []  # it is no complaint: the policy asks nothing of it (SJ29)
        if not stage or stage.sequence <= self.stage_id.sequence:
            return []
        subjects = (letter, self) if letter else (self,)
        asked = self._get_stages_on_the_way(stage).requirement_ids
        requirements = asked._get_missing(self.sudo(), letter)
        missing = requirements._as_missing(*subjects)
        return missing + (self._get_open_duties() if stage.is_closed else [])

    def _get_stages_on_the_way(self, stage):
        """The stages whose requirements count before one of them: skipping a stage skips
        nothing of what it asks (SB29), unless the handling ends early (it was withdrawn), or
        the duty that leads there was waived with a reason."""
        events = self._get_valid_events().filtered(lambda event: event.round == self.round)
        stages = self.policy_id.stage_ids
        reached = stages.filtered(lambda line: line.event_ids & events.type_id)
        if stage.is_end or (stage.is_closed and reached.filtered("is_end")):
            return stage
        waived = events.filtered(lambda event: event.code == WAIVED).term_ids.stop_event_ids
        return stage | stages.filtered(
            lambda line: (
                line.sequence < stage.sequence
                and not (line.is_end or line.is_closed)
                and (line in reached or not (line.is_optional or line.event_ids & waived))
            )
        )

    def _get_stage_of(self, event_type):
        """The stage that an event brings this complaint to, if any."""
        return self.policy_id.stage_ids.filtered(lambda stage: event_type in stage.event_ids)[-1:]

    # ---------------------------------------------------------------- projection

    def _project(self, reason=None):
        """Replay all events of these complaints into deadlines and stage.

        Idempotent: what has not changed is not written.

        :param reason: shown on the dossier beside due dates that moved
        """
        # deadlines and stage are the procedure's own: users only read them
        for policy, complaints in self.sudo()._as_procedure().grouped("policy_id").items():
            policy._recall()
            complaints._sync_deadlines(policy.get_calendar(), reason)
            complaints._sync_stage()

    def _sync_deadlines(self, calendar, reason):
        """Bring the stored deadlines of complaints under one policy in line."""
        deadlines = self.env["klachtenbeheer.deadline"]
        terms = self.policy_id.term_ids
        by_code = {term.code: term for term in terms}
        rules = {term: term._to_tool() for term in terms}
        to_create, stale, moved = [], deadlines.browse(), {}
        self.event_ids.fetch(["code", "term_ids"])  # at once, not per complaint
        for complaint in self:
            stored = {(line.code, line.round): line for line in complaint.deadline_ids}
            for result in complaint._get_projected_values(rules, calendar):
                vals = deadlines._prepare_vals(complaint, by_code[result.term], result, calendar)
                line = stored.pop((result.term, result.round), None)
                if line is None:
                    to_create.append(vals)
                elif changed := line._get_changes(vals):
                    moved.setdefault(complaint, []).extend(line._describe_change(changed))
                    line.write(changed)
            for line in stored.values():
                moved.setdefault(complaint, []).append(line._describe_removal())
                stale |= line
        stale.unlink()
        deadlines.create(to_create)
        self._log_moved_deadlines(moved, reason)

    def _get_projected_values(self, rules, calendar):
        """What `tools.project` makes of this complaint's events and terms; no term of a policy
        runs for what falls under none."""
        if self._falls_under_no_policy():
            return []
        own_rules = [
            rule
            for term, rule in rules.items()
            if self.nature == "complaint" and term._applies_to(self)
        ]
        return project(own_rules, self._get_event_values(), calendar)

    def _get_event_values(self):
        """The events as values that `tools.project` works on: one each, but for a waiver,
        which is one for each duty that it is about."""
        values = []
        for event in self._get_valid_events():
            terms = frozenset(event.term_ids.mapped("code"))
            waived = event.code == WAIVED
            values += [
                Event(
                    code=code,
                    on=event.occurred_on,
                    sent=event.sent_on or None,
                    round=event.round,
                    promised=event.promised_on or None,
                    terms=terms,
                )
                for code in ([f"{WAIVED}:{term}" for term in terms] if waived else [event.code])
            ]
        return values

    def _get_valid_events(self):
        return self.event_ids.filtered(lambda event: not event.voided)

    def _log_moved_deadlines(self, moved, reason):
        """Old and new dates appear on the dossier; first projections are no news."""
        bodies = {
            complaint.id: Markup("<br/>").join([f"{reason}:"] * bool(reason) + lines)
            for complaint, lines in moved.items()
            if lines
        }
        if bodies:
            self.browse(bodies)._message_log_batch(bodies=bodies)

    def _sync_stage(self):
        """Store the stage, at once for all that come to the same one; only what differs, so that
        replaying changes nothing."""
        alike = {}
        for complaint in self:
            if changed := complaint._get_changed(complaint._get_stage_vals()):
                alike.setdefault(tuple(changed.items()), []).append(complaint.id)
        for changed, ids in alike.items():
            self.browse(ids).write(dict(changed))

    def _get_stage_vals(self):
        """The furthest stage that the events of the current round have reached."""
        events = self._get_valid_events().filtered(lambda event: event.round == self.round)
        stages = self.policy_id.stage_ids
        types = set(events.type_id.ids)
        reached = stages.filtered(lambda stage: not types.isdisjoint(stage.event_ids.ids))
        stage = (reached or stages[:1])[-1:]
        days = events.filtered(lambda event: event.type_id in stage.event_ids).mapped("occurred_on")
        return {
            "stage_id": stage.id,
            "is_closed": stage.is_closed,
            "closed_on": max(days) if stage.is_closed and days else False,
        }

    def _get_changed(self, vals):
        return {
            fname: value
            for fname, value in vals.items()
            if self._fields[fname].convert_to_write(self[fname], self) != value
        }

    @api.depends(
        "is_closed",
        "deadline_ids.is_open",
        "deadline_ids.due_on",
        "deadline_ids.duty_of",
        "deadline_ids.signalled_on",
    )
    def _compute_next_duty(self):
        """What is due next, or that the complainant may do something. It depends on deadlines
        only, not on what day it is."""
        for complaint in self:
            running = complaint.deadline_ids.filtered("is_open").sorted("due_on")
            duties = running.filtered(lambda line: line.duty_of == ORGANISATION)
            rights = running.filtered(
                lambda line: line.duty_of == COMPLAINANT and not line.signalled_on
            )
            complaint.next_deadline_id = duties[:1]
            complaint.next_due_on = duties[:1].due_on
            complaint.waits_for_complainant = rights and not duties and not complaint.is_closed

    # ---------------------------------------------------------------- stage

    def _move_to_stage(self, stage):
        """Somebody dragged a card: ask for the event of that stage (design.md 1)."""
        for complaint in self.filtered(lambda complaint: complaint.stage_id != stage):
            complaint._check_stage_of_policy(stage)
            event_types = stage.event_ids.filtered("manual")
            if not event_types or stage.sequence < complaint.stage_id.sequence:
                raise UserError(complaint._explain_stage(stage))
            # of several events the one that is due was probably meant
            duties = complaint.sudo().deadline_ids.filtered("is_open").term_id
            event_type = (event_types & duties.stop_event_ids or event_types)[0]
            complaint._check_requirements(event_type)
            raise RedirectWarning(
                self.env._(
                    "A complaint moves to “%(stage)s” when one of these has happened: %(events)s.",
                    stage=stage.name,
                    events=", ".join(event_types.mapped("name")),
                ),
                complaint._get_event_dialog(event_type),
                self.env._("Record what happened"),
            )

    def _check_stage_of_policy(self, stage):
        if stage.policy_id != self.policy_id:
            raise UserError(
                self.env._(
                    "“%(stage)s” belongs to another policy than complaint %(complaint)s.",
                    stage=stage.name,
                    complaint=self.name,
                )
            )

    def _explain_stage(self, stage):
        events = ", ".join(stage.event_ids.mapped("name"))
        if stage.sequence < self.stage_id.sequence:
            return self.env._(
                "A complaint does not go back by hand. If something was recorded by mistake,"
                " void that event on the timeline."
            )
        return self.env._(
            "A complaint reaches “%(stage)s” by itself, through: %(events)s.",
            stage=stage.name,
            events=events,
        )

    def action_record_event(self):
        """Ask what happened; the types that can be recorded by hand are offered."""
        return self._get_event_dialog()

    def _get_event_dialog(self, event_type=None):
        """The action that asks for an event, its date and a note."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record what happened"),
            "res_model": "klachtenbeheer.event.record",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_complaint_ids": self.ids,
                "default_type_id": event_type.id if event_type else False,
            },
        }

    # ---------------------------------------------------------------- waiving

    def _mark_not_applicable(self, event_code, reason):
        """Duties that an event would meet do not apply to these complaints (T52).

        :param event_code: code of the event that can't happen, e.g. `acknowledged`
        :return: the deadlines that fell away
        """
        duties = self.sudo().deadline_ids.filtered(
            lambda duty: (
                duty.is_open
                and duty.duty_of == ORGANISATION
                and event_code in duty.term_id.stop_event_ids.mapped("code")
            )
        )
        for complaint, lines in duties.grouped("complaint_id").items():
            complaint.with_env(self.env)._waive(lines.term_id, reason)
        return duties

    def _waive(self, terms, reason):
        self._check_power(self.env["klachtenbeheer.event.type"]._get(WAIVED))
        self._record_event(WAIVED, note=reason, term_ids=[fields.Command.set(terms.ids)])
