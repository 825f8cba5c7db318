from odoo import api, fields, models

HANDLER, COORDINATOR, REGISTRAR = (
    f"klachtenbeheer.group_{role}" for role in ("handler", "coordinator", "registrar")
)
# Colours of the calendar (o_calendar_color_N): red, orange, blue.
COLORS = {"overdue": 1, "soon": 2, "later": 8}
# Asked for by some policies only; shown where the policy does, or where something is filled in.
CONTENT_FIELDS = {"expected_manner", "no_measures", "out_of_scope_reason"}
EVENT_COLUMNS = ("promised_on", "note", "void_reason")
# Lists of the policy to choose from; not asked where a policy has none.
LIST_FIELDS = {"category_id": "category_ids", "complainant_kind_id": "complainant_kind_ids"}


class ComplaintScreen(models.Model):
    """What the back-office screens need to know: what the user may do, what the policy
    has, and what is missing. Nothing here is stored, nothing is decided here."""

    _inherit = "klachtenbeheer.complaint"

    can_handle = fields.Boolean(compute="_compute_can_handle")
    can_correct_receipt = fields.Boolean(compute="_compute_can_handle")
    registration_only = fields.Boolean(compute="_compute_can_handle")
    formal_phase = fields.Selection(related="policy_id.formal_phase")
    verdict_required = fields.Boolean(related="policy_id.verdict_required")
    content_fields = fields.Char(
        compute="_compute_content_fields", help="Names of the fields that the policy asks for."
    )
    event_columns = fields.Char(
        compute="_compute_event_columns", help="Columns of the timeline that have something in it."
    )
    next_due_explanation = fields.Char(compute="_compute_next_due_explanation")
    due_color = fields.Integer(compute="_compute_due_color")
    missing_items = fields.Json("Fill in first", compute="_compute_missing_items")
    more_actions = fields.Json(compute="_compute_more_actions")

    # ---------------------------------------------------------------- rights

    @api.depends("handler_id")
    @api.depends_context("uid")
    def _compute_can_handle(self):
        user = self.env.user
        is_handler, is_coordinator = user.has_group(HANDLER), user.has_group(COORDINATOR)
        is_registrar = user.has_group(REGISTRAR)
        for complaint in self:
            assigned = complaint.handler_id == user or not complaint._origin
            complaint.can_handle = is_coordinator or (is_handler and assigned)
            complaint.can_correct_receipt = complaint.can_handle or is_registrar
            complaint.registration_only = bool(complaint._origin) and not complaint.can_handle

    # ---------------------------------------------------------------- content

    @api.depends("policy_id", *CONTENT_FIELDS)
    def _compute_content_fields(self):
        for complaint in self:
            complaint_su = complaint.sudo()  # which fields are in use is no secret
            required = complaint_su._get_policy_requirements().field_ids
            asked_for = set(required.mapped("name")) & CONTENT_FIELDS
            filled = {fname for fname in CONTENT_FIELDS if complaint_su[fname]}
            listed = {
                fname for fname, lines in LIST_FIELDS.items() if complaint_su.policy_id[lines]
            }
            complaint.content_fields = ",".join(sorted(asked_for | filled | listed))

    def _get_policy_requirements(self):
        policy = self.policy_id
        return policy.stage_ids.requirement_ids | policy.letter_type_ids.requirement_ids

    @api.depends("event_ids.voided", "event_ids.promised_on")
    def _compute_event_columns(self):
        for complaint in self:
            events = complaint.sudo().event_ids  # which columns there are is no secret
            columns = [fname for fname in EVENT_COLUMNS if any(events.mapped(fname))]
            complaint.event_columns = ",".join(columns)

    # ---------------------------------------------------------------- next step

    @api.depends("next_deadline_id")
    @api.depends_context("lang")
    def _compute_next_due_explanation(self):
        for complaint in self:
            # the next duty is shown to everybody who sees the complaint, and so is its why
            deadline = complaint.sudo().next_deadline_id
            complaint.next_due_explanation = deadline and deadline._get_explanation()

    @api.depends("next_due_state")
    def _compute_due_color(self):
        for complaint in self:
            complaint.due_color = COLORS.get(complaint.next_due_state, 0)

    @api.depends("missing_text")
    def _compute_missing_items(self):
        for complaint in self:
            lines = (complaint.missing_text or "").splitlines()
            places = complaint._get_missing_places() if lines else {}
            complaint.missing_items = [
                {"text": line, "field": places.get(line, False)} for line in lines
            ]

    def _get_missing_places(self):
        """Where on the form a requirement is filled in.

        :return: {name of a requirement: name of a field}
        """
        return {
            requirement.name: field.name
            for requirement in self.sudo()._get_policy_requirements()  # as content_fields
            for field in requirement.field_ids.filtered(lambda field: field.model == self._name)[:1]
        }

    # ---------------------------------------------------------------- other actions

    @api.depends("is_closed", "handler_id", "letter_ids.state", "next_step")
    @api.depends_context("uid", "lang")
    def _compute_more_actions(self):
        for complaint in self:
            complaint.more_actions = complaint._get_more_actions() if complaint._origin else []

    def _get_more_actions(self):
        """What can be done besides the next step, for the menu “More”.

        :return: list of dict(group, label, method, args)
        """
        self.ensure_one()
        if self.can_handle and self.is_closed:
            return [*self._get_procedure_actions(), *self._get_closed_actions()]
        if self.can_handle:
            return [
                *self._get_procedure_actions(),
                *self._get_open_actions(),
                *self._get_letter_actions(),
            ]
        return self._get_receipt_actions() if self.can_correct_receipt else []

    def _get_procedure_actions(self):
        return [
            self._prepare_action(self.env._("Record what happened…"), "action_record_event"),
            *self._get_receipt_actions(),
        ]

    def _get_receipt_actions(self):
        label = self.env._("Correct the date of receipt…")
        return [self._prepare_action(label, "action_open_receipt_correction")]

    def _get_open_actions(self):
        actions = []
        if self.next_deadline_id:
            label = self.env._("A duty does not apply…")
            actions.append(self._prepare_action(label, "action_open_duty_waive"))
        if self.handler_id != self.env.user and self.env.user.has_group(COORDINATOR):
            actions.append(self._prepare_action(self.env._("Assign to me"), "action_assign_to_me"))
        return [*actions, self._prepare_action(self.env._("Close"), "action_close")]

    def _get_closed_actions(self):
        return [self._prepare_action(self.env._("Reopen"), "action_reopen")]

    def _get_letter_actions(self):
        step = self.sudo()._get_next_step()  # what is next is shown to who may handle it
        return [
            self._prepare_letter_action(letter_type) | {"group": "letters"}
            for letter_type in self.policy_id.letter_type_ids
            if letter_type != step["letter_type"]
        ]

    def _prepare_letter_action(self, letter_type):
        if letter_type.code == "delay_notice" and not self._get_unsent_letter(letter_type):
            return self._prepare_action(self.env._("More time needed…"), "action_delay")
        return self._prepare_action(
            self._get_letter_label(letter_type), "action_open_letter", letter_type.code
        )

    def _prepare_action(self, label, method, *args):
        return {"group": "procedure", "label": label, "method": method, "args": list(args)}

    def action_open_receipt_correction(self):
        """Ask for the right date of receipt and the reason."""
        return self._get_dialog(
            self.env._("Correct the date of receipt"), "klachtenbeheer.receipt.correction"
        )

    def action_open_duty_waive(self):
        """Ask which duty does not apply, and why."""
        return self._get_dialog(self.env._("A duty does not apply"), "klachtenbeheer.duty.waive")

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

    # ---------------------------------------------------------------- board

    @api.model
    def action_open_board(self):
        """The board by stage. Stages belong to a policy, so where several policies have
        complaints the board opens on the busiest one, with a panel that leads to the
        others."""
        action = self.env["ir.actions.act_window"]._for_xml_id("klachtenbeheer.complaint_action")
        views = sorted(action["views"], key=lambda view: view[1] != "kanban")
        context = {"search_default_open": 1}
        policies = self._get_policies_by_business()
        if len(policies) > 1:
            panel = "klachtenbeheer.complaint_view_search_by_policy"
            action["search_view_id"] = [self.env["ir.model.data"]._xmlid_to_res_id(panel), ""]
            context["searchpanel_default_policy_id"] = policies[0].id
        name = self.env._("By stage")
        return action | {
            "name": name,
            "display_name": name,
            "views": views,
            "context": context,
        }

    def _get_policies_by_business(self):
        """The policies with open complaints, the one with most of them first."""
        groups = self._read_group(
            [("is_closed", "=", False)], ["policy_id"], order="__count DESC, policy_id DESC"
        )
        return [policy for (policy,) in groups]
