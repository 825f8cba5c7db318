from odoo import api, fields, models

# Colours of the calendar (o_calendar_color_N): red, orange, blue.
COLORS = {"overdue": 1, "soon": 2, "later": 8}
# Asked for by some policies only; shown where the policy does, or where something is filled in.
CONTENT_FIELDS = {"expected_manner", "out_of_scope_reason"}
EVENT_COLUMNS = ("promised_on", "note", "void_reason")


class ComplaintScreen(models.Model):
    """What the back-office screens need to know: what the user may do, what the policy
    has, and what is missing. Nothing here is stored, nothing is decided here."""

    _inherit = "klachtenbeheer.complaint"

    can_handle = fields.Boolean(compute="_compute_can_handle")
    can_assign = fields.Boolean(compute="_compute_can_handle")
    can_correct_receipt = fields.Boolean(compute="_compute_can_handle")
    registration_only = fields.Boolean(compute="_compute_can_handle")
    is_locked = fields.Boolean(
        compute="_compute_can_handle", help="Closed, or read along: nothing is changed here."
    )
    content_locked = fields.Boolean(
        compute="_compute_can_handle", help="Nor may the user change more than the registration."
    )
    formal_phase = fields.Selection(related="policy_id.formal_phase")
    verdict_required = fields.Boolean(related="policy_id.verdict_required")
    content_fields = fields.Json(
        compute="_compute_content_fields",
        help="For each field that some policies ask for whether it is shown.",
    )
    event_columns = fields.Json(
        compute="_compute_event_columns",
        help="For each column of the timeline whether there is something in it.",
    )
    next_due_explanation = fields.Char(compute="_compute_next_due_explanation")
    due_color = fields.Integer(compute="_compute_due_color")

    # ---------------------------------------------------------------- rights

    @api.depends("handler_id", "independent_id", "is_closed")
    @api.depends_context("uid")
    def _compute_can_handle(self):
        for complaint in self:
            is_new = not complaint._origin
            complaint.can_handle = complaint._may_handle()
            complaint.can_assign = bool(complaint._origin) and complaint._may_assign()
            complaint.can_correct_receipt = complaint._may_complete()
            complaint.registration_only = not (is_new or complaint.can_handle)
            complaint.content_locked = complaint.registration_only or complaint.is_closed
            complaint.is_locked = complaint.is_closed or not (
                is_new or complaint.can_correct_receipt
            )

    # ---------------------------------------------------------------- content

    @api.depends("policy_id", "channel", "hide_identity", "is_sensitive", *CONTENT_FIELDS)
    def _compute_content_fields(self):
        for complaint in self:
            complaint_su = complaint.sudo()  # which fields are in use is no secret
            required = complaint_su._get_policy_requirements().field_ids
            asked_for = set(required.mapped("name"))
            wanted = {fname: fname in asked_for for fname in CONTENT_FIELDS}
            wanted |= complaint_su._get_known_fields()
            complaint.content_fields = {
                fname: bool(wanted[fname] or complaint_su[fname]) for fname in wanted
            }

    def _get_known_fields(self):
        """What a policy has or has not, beside the content that it requires.

        :return: {name of a field: whether to show it empty, too}
        """
        policy = self.policy_id
        asks_triage = self.is_before_policy or self.channel in policy.triage_channel_ids.mapped(
            "code"
        )
        return {
            "category_id": policy.category_ids,
            "complainant_kind_id": policy.complainant_kind_ids,
            "unwanted_behaviour": policy.register_rule != "always",
            "is_exceptional": policy.alert_serious,
            "sensitive_reason": policy.alert_serious and self.is_sensitive,
            "accepts_limited_answer": policy.hidden_accepts_limited and self.hide_identity,
            "registration_checked_by_id": not self.registration_complete,
            "triaged_by_id": asks_triage,
            "source_url": asks_triage,
        }

    def _get_policy_requirements(self):
        policy = self.policy_id
        return policy.stage_ids.requirement_ids | policy.letter_type_ids.requirement_ids

    @api.depends("event_ids.voided", "event_ids.promised_on")
    def _compute_event_columns(self):
        for complaint in self:
            events = complaint.sudo().event_ids  # which columns there are is no secret
            complaint.event_columns = {fname: any(events.mapped(fname)) for fname in EVENT_COLUMNS}

    # ---------------------------------------------------------------- next step

    @api.depends("next_deadline_id", "waits_for_complainant")
    @api.depends_context("lang")
    def _compute_next_due_explanation(self):
        # the next duty is shown to everybody who sees the complaint, and so is its why
        for complaint, complaint_su in zip(self, self.sudo(), strict=True):
            duty_su = complaint_su.next_deadline_id
            complaint.next_due_explanation = (
                duty_su._get_explanation() if duty_su else complaint._explain_waiting()
            )

    def _explain_waiting(self):
        """Until when the complainant may still react, and why until then."""
        if not self.waits_for_complainant:
            return ""
        rights = self.sudo().deadline_ids.filtered(  # as above
            lambda right: right.is_open and right.duty_of == "complainant"
        )
        return " ".join(f"{right.term_id.name}: {right._get_explanation()}" for right in rights)

    @api.depends("next_due_state")
    def _compute_due_color(self):
        for complaint in self:
            complaint.due_color = COLORS.get(complaint.next_due_state, 0)

    # ---------------------------------------------------------------- board

    @api.model
    def action_open_board(self):
        """The board by stage. Stages belong to a policy, so where several policies have
        complaints the board opens on the busiest one, with a panel that leads to the
        others."""
        action = self.env["ir.actions.act_window"]._for_xml_id("klachtenbeheer.complaint_action")
        board = self.env["ir.model.data"]._xmlid_to_res_id("klachtenbeheer.complaint_view_kanban")
        views = [
            (board, "kanban"),
            *(view for view in action["views"] if view[1] != "kanban"),
        ]
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
