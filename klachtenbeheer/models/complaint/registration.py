from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .complaint import FORMAL

# What a registrar may write (SJ26, SJ52-56): what belongs in the register.
REGISTRATION_FIELDS = {
    "title",
    "description",
    "channel",
    "received_on",
    "received_by_id",
    "partner_id",
    "complainant_name",
    "complainant_email",
    "complainant_phone",
    "complainant_address",
    "complainant_lang",
    "complainant_kind_id",
    "preferred_delivery",
    "incident_on",
    "incident_place",
    "established_by",
    "responsible_employee",
    "source_url",
    "complainant_organisation",
    "category_id",
    "respondent_text",
    "desired_solution",
    "outcome_note",
    "activity_ids",
    "message_follower_ids",
    "message_ids",
    "message_main_attachment_id",
}
# A JSON context can't carry this object: only our own code writes the fields below.
PROCEDURE_SENTINEL = object()
PROCEDURE_FIELDS = {
    "name",
    "formal_number",
    "round",
    "is_closed",
    "closed_on",
    "next_due_on",
    "next_deadline_id",
    "waits_for_complainant",
    "escalation_level",
    "company_id",
    "involved_user_ids",
    "triaged_by_id",
    "triaged_on",
    "triage_reason",
    "is_before_policy",
    "is_repeated",
    "registration_checked_by_id",
    "registration_checked_on",
    "informal_warned_on",
    "progress_warned_on",
}


class ComplaintIntake(models.Model):
    """How a complaint enters: reference, policy version, first events, receipt date."""

    _inherit = "klachtenbeheer.complaint"

    # ---------------------------------------------------------------- create

    @api.model_create_multi
    def create(self, vals_list):
        """Register complaints; a constant number of queries for the whole batch.

        Any employee may do so and sees nothing of it afterwards (design.md 8), so
        what follows from the registration runs with the rights of the system.
        """
        if any(vals.get("handler_id") for vals in vals_list):
            self._check_may_assign()
        versions = {}
        vals_list = [self._prepare_create_vals(vals, versions) for vals in vals_list]
        self._assign_references(vals_list)
        complaints = super(
            ComplaintIntake,
            self.with_context(mail_create_nosubscribe=True, mail_create_nolog=True),
        ).create(vals_list)
        complaints = complaints.with_env(self.env)
        complaints._start_procedure()
        complaints.sudo()._after_registration()
        return complaints

    def _after_registration(self):
        """Hook: what follows from registering, with the rights of the system."""

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
        vals = {key: value for key, value in vals.items() if key not in PROCEDURE_FIELDS}
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
            **self._translate_policy_vals(vals, policy, in_force),
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
            company = policies.browse(vals["policy_id"]).company_id
            groups.setdefault((company, vals["received_on"].year), []).append(vals)
        for (company, year), group in sorted(
            groups.items(), key=lambda item: (item[0][0].id, item[0][1])
        ):
            references = company._next_complaint_references(year, len(group))
            for vals, reference in zip(group, references, strict=True):
                vals["name"] = reference

    # ---------------------------------------------------------------- first events

    def _start_procedure(self):
        """Record what registration itself means: received, formal at once, handed over."""
        # see create: the employee who registers has no rights on the dossier
        complaints_su = self.sudo().with_context(mail_notrack=True)
        vals_list = [
            vals for complaint in complaints_su for vals in complaint._prepare_intake_events()
        ]
        complaints_su.env["klachtenbeheer.event"].create(vals_list)
        complaints_su._project()
        complaints_su._hand_over()

    def _prepare_intake_events(self):
        dates = {"received": self.received_on}
        if self.kind == FORMAL and self.policy_id.formal_phase == "internal":
            dates["formalised"] = self.received_on
        handed_to = self.policy_id.handover_on_intake and self._get_responsible()
        if handed_to:
            dates["forwarded"] = max(self._today(), self.received_on)
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

    # ---------------------------------------------------------------- write

    def write(self, vals):
        if self._is_procedure_write():
            return super().write(vals)
        self._check_not_procedural(vals)
        self._check_writable_fields(vals)
        if "handler_id" in vals:
            assigned_to = vals["handler_id"] or False
            if any(complaint.handler_id.id != assigned_to for complaint in self):
                self._check_may_assign()
        if "policy_id" in vals:
            self._check_same_policy(vals["policy_id"])
        vals = {key: value for key, value in vals.items() if key not in PROCEDURE_FIELDS}
        stage_id = vals.pop("stage_id", False)
        received_on = fields.Date.to_date(vals.pop("received_on", False))
        result = super().write(vals)
        if "channel" in vals:
            self._project(reason=self.env._("the channel was changed"))
        if received_on:
            self.correct_receipt(received_on)
        if stage_id:
            self._move_to_stage(self.env["klachtenbeheer.stage"].browse(stage_id))
        return result

    def _is_procedure_write(self):
        return self.env.context.get("procedure_sentinel") is PROCEDURE_SENTINEL

    def _as_procedure(self):
        """These complaints, allowed to write what only the procedure writes."""
        return self.with_context(procedure_sentinel=PROCEDURE_SENTINEL)

    def _check_not_procedural(self, vals):
        """What follows from events is not written by hand; saying what it is already may
        be."""
        for fname in PROCEDURE_FIELDS & set(vals):
            field = self._fields[fname]
            value = field.convert_to_write(field.convert_to_cache(vals[fname], self[:1]), self)
            if any(field.convert_to_write(line[fname], line) != value for line in self):
                raise UserError(
                    self.env._(
                        "“%s” follows from what happened; it can't be filled in by hand.",
                        field._description_string(self.env),
                    )
                )

    def _check_writable_fields(self, vals):
        user = self.env.user
        if self.env.su or not user.has_group("klachtenbeheer.group_registrar"):
            return
        if user.has_group("klachtenbeheer.group_coordinator"):
            return
        own = self.filtered(
            lambda complaint: user in complaint.handler_id | complaint.independent_id
        )
        foreign = set(vals) - REGISTRATION_FIELDS
        if self - own and foreign:
            labels = [self._fields[fname]._description_string(self.env) for fname in foreign]
            raise AccessError(
                self.env._(
                    "A registrar completes the registration only, not: %s.", ", ".join(labels)
                )
            )

    @api.constrains("policy_id", "category_id", "complainant_kind_id")
    def _check_lines_of_policy(self):
        """Lists belong to a policy, and so to a company."""
        # whoever registers a complaint may see neither it nor the lists of another company
        for complaint in self.sudo():
            for line in (complaint.category_id, complaint.complainant_kind_id):
                if line and line.policy_id != complaint.policy_id:
                    raise ValidationError(
                        self.env._("Choose from the lists of this complaint's own policy.")
                    )

    def _check_same_policy(self, policy_id):
        if any(complaint.policy_id.id != policy_id for complaint in self):
            raise UserError(
                self.env._("A complaint keeps the policy that was in force when it was received.")
            )

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
        complaint_su._as_procedure().write({"received_on": received_on})
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
