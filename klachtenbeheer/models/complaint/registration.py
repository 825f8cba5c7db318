import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .complaint import FORMAL
from .storing import PROCEDURE_FIELDS, SYSTEM_FIELDS

# Who is named in these looks into the dossier, which is for who assigns to say.
OPENING = {"handler_id", "independent_id", "board_involved"}


class ComplaintIntake(models.Model):
    """How a complaint enters: reference, policy version, first events, receipt date. What
    registering does, in order, is written in `_after_registration`."""

    _inherit = "klachtenbeheer.complaint"

    # ---------------------------------------------------------------- create

    @api.model_create_multi
    def create(self, vals_list):
        """Register complaints; a constant number of queries for the whole batch.

        Any employee may do so and sees nothing of it afterwards (design.md 8), so
        what follows from the registration runs with the rights of the system.
        """
        assigned = [number for number, vals in enumerate(vals_list) if any(map(vals.get, OPENING))]
        versions = {}
        vals_list = [self._prepare_create_vals(vals, versions) for vals in vals_list]
        self._assign_references(vals_list)
        complaints = super(
            ComplaintIntake,
            self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True),
        ).create(vals_list)
        complaints = complaints.with_env(self.env)
        self._forget_barred(*vals_list)
        for number in assigned:
            complaints[number]._check_may_assign()
        complaints.sudo()._after_registration()
        return complaints

    def _after_registration(self):
        """What registering does, in this order, with the rights of the system. Each step is a
        method of the room that owns it, and works on the whole batch."""
        quietly = self.with_context(mail_notrack=True)
        quietly._number_registered_formally()
        quietly._record_first_events()
        quietly._project()
        quietly.filtered("respondent_ids")._sync_acting_roles()
        if not self._is_import():
            quietly._hand_over()
        self._record_admitted_outside()
        self._hide_identity()
        if not self._is_import():  # no alerts and tasks about what is over
            self._react_to_registration()
        self._end_first_ties_of_respondents()
        if not self._is_import():
            self._send_by_themselves()

    def _react_to_registration(self):
        """Who hears of a new complaint, beside who has to act on it, in this order."""
        self.filtered(
            lambda complaint: complaint.category_id or complaint.respondent_ids
        )._detect_repetition()
        self.filtered("unwanted_behaviour")._report_to_register()
        self.filtered(lambda complaint: complaint._is_serious())._alert_serious()
        self._take_over_by_board()
        self.filtered("respondent_ids")._tell_end_of_chain()
        self.filtered(lambda complaint: not complaint.triage_done)._ask_to_triage()
        self.filtered(lambda complaint: not complaint.is_written)._remind_of_oral_duties()

    # ---------------------------------------------------------------- values

    def _prepare_create_vals(self, vals, versions):
        """The values to create with: under the version of the policy that was in force.

        :param versions: {(policy id, day): policy} found so far for this batch
        """
        if not vals.get("policy_id"):
            vals = {**vals, "policy_id": self._default_policy_id().id}
        if not vals["policy_id"]:
            raise UserError(
                self.env._("Choose a policy: there is more than one published, or none at all.")
            )
        # nothing is registered as put away
        kept_out = PROCEDURE_FIELDS | {"active"} | (set() if self.env.su else SYSTEM_FIELDS)
        vals = {key: value for key, value in vals.items() if key not in kept_out}
        received_on = (
            fields.Date.to_date(vals.get("received_on")) or self.env.company._complaint_today()
        )
        # the text of a published policy may be read by everybody, drafts are for managers
        policy = self.env["klachtenbeheer.policy"].sudo().browse(vals["policy_id"])
        key = (policy.id, received_on)
        if key not in versions:
            versions[key] = policy._get_version_in_force(received_on)
        in_force = versions[key]
        return {
            **vals,
            **self._prepare_before_policy_vals(in_force, received_on, versions),
            **self._translate_policy_vals(vals, policy, in_force),
            **self._prepare_import_vals(),
            "received_on": received_on,
            "policy_id": in_force.id,
            "stage_id": False,
        }

    def _translate_policy_vals(self, vals, old, new):
        """Category and kind of complainant by name in another version of the policy."""
        if old == new:
            return {}
        result = {}
        for fname, lines in (
            ("category_id", "category_ids"),
            ("complainant_kind_id", "complainant_kind_ids"),
        ):
            if vals.get(fname):
                name = old[lines].browse(vals[fname]).name
                result[fname] = new[lines].filtered(lambda line: line.name == name)[:1].id  # noqa: B023
        return result

    def _assign_references(self, vals_list):
        groups = {}
        policies = self.env["klachtenbeheer.policy"].sudo()  # see _prepare_create_vals
        for vals in vals_list:
            policy = policies.browse(vals["policy_id"])
            if policy.is_practice:
                # no number of the register: that has no gaps
                vals |= {"name": f"OEFEN-{secrets.token_hex(3)}", "register_number": 0}
                continue
            company = policy.company_id
            groups.setdefault((company, vals["received_on"].year), []).append(vals)
        for (company, year), group in sorted(
            groups.items(), key=lambda item: (item[0][0].id, item[0][1])
        ):
            references = company._next_complaint_references(year, len(group))
            for vals, (reference, number) in zip(group, references, strict=True):
                vals |= {"name": reference, "register_number": number}

    # ---------------------------------------------------------------- first events

    def _record_first_events(self):
        """Put on record what registration itself means: received, formal at once, handed
        over."""
        vals_list = [
            vals
            for complaint, responsible in self._get_responsibles().items()
            for vals in complaint._prepare_intake_events(responsible)
        ]
        self.env["klachtenbeheer.event"].create(vals_list)

    def _prepare_intake_events(self, responsible):
        dates = {"received": self.received_on}
        if self.kind == FORMAL and self.policy_id.formal_phase == "internal":
            dates["formalised"] = self.received_on
        handed_to = self.policy_id.handover_on_intake and responsible
        if handed_to:
            dates["forwarded"] = max(self._today(), self.received_on)
        if self._is_import():
            dates = self._keep_known_dates(dates)
        event_type = self.env["klachtenbeheer.event.type"]
        return [
            {
                "complaint_id": self.id,
                "type_id": event_type._get(code).id,
                "occurred_on": day,
                "user_id": self.env.uid,
                "note": handed_to.name if code == "forwarded" else False,
            }
            for code, day in dates.items()
        ]

    # ---------------------------------------------------------------- receipt date

    @api.constrains("received_on")
    def _check_received_on(self):
        for complaint in self:
            if complaint.received_on > complaint._today():
                raise ValidationError(self.env._("The date of receipt can't be in the future."))

    def correct_receipt(self, received_on, reason=None):
        """Correct the local date of receipt; every deadline is projected anew (T49).

        :param reason: why, shown on the dossier beside the old and new dates
        :raise ValidationError: in the future, or after something that was done since
        """
        received_on = fields.Date.to_date(received_on)
        reason = reason or self.env._("receipt date corrected")
        for complaint in self.filtered(lambda complaint: complaint.received_on != received_on):
            complaint._check_receipt_before_events(received_on)
            complaint._do_correct_receipt(received_on, reason)

    def _check_receipt_before_events(self, received_on):
        later = self.sudo().event_ids.filtered(  # whoever may write the date may check it
            lambda event: (
                not event.voided
                and event.occurred_on < received_on
                and event.code not in ("received", "formalised", "forwarded")
            )
        )
        if later:
            raise ValidationError(
                self.env._(
                    "The complaint can't have been received after this: %(event)s (%(date)s).",
                    event=later[0].type_id.name,
                    date=self._format_date(later[0].occurred_on),
                )
            )

    def _do_correct_receipt(self, received_on, reason):
        self.check_access("write")
        old = self.received_on
        complaint_su = self.sudo()  # events are written by the procedure alone
        moved = complaint_su.event_ids.filtered(
            lambda event: (
                not event.voided
                and (
                    event.code == "received"
                    or (event.code == "formalised" and event.occurred_on == old)
                )
            )
        )
        in_force = complaint_su.policy_id._get_version_in_force(received_on)
        is_before = not complaint_su.is_imported and in_force._starts_after(received_on)
        complaint_su._as_procedure().write(
            {"received_on": received_on, "is_before_policy": is_before}
        )
        for event in moved:
            event.copy({"occurred_on": received_on, "user_id": self.env.uid, "note": reason})
            event.with_context(mail_notrack=True)._do_void(reason)
        if in_force != complaint_su.policy_id:
            complaint_su._apply_policy_version(in_force)
        complaint_su._message_log(
            body=self.env._(
                "Received on %(new)s instead of %(old)s. Reason: %(reason)s",
                old=self._format_date(old),
                new=self._format_date(received_on),
                reason=reason,
            )
        )
        complaint_su._project(reason=reason)

    def _apply_policy_version(self, policy):
        """Put the complaint under another version of its policy (T50)."""
        vals = {
            "category_id": self.category_id.id,
            "complainant_kind_id": self.complainant_kind_id.id,
        }
        vals = self._translate_policy_vals(vals, self.policy_id, policy)
        self.deadline_ids.unlink()
        self._as_procedure().write({**vals, "policy_id": policy.id, "stage_id": False})
