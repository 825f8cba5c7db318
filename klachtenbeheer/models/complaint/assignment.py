from odoo import api, fields, models
from odoo.exceptions import UserError

from ..platform.groups import COORDINATOR, HANDLER, MANAGER

# By these somebody was called in.
CALLED_IN_FIELDS = {"independent_id", "board_involved"}
# Who is named in these has nothing to do with the dossier.
BARRING_FIELDS = ("respondent_ids", "conflicted_partner_ids")


class ComplaintAssignment(models.Model):
    """Who handles a complaint: proposed, assigned by the coordinator, never somebody who
    is complained about."""

    _inherit = "klachtenbeheer.complaint"

    involved_user_ids = fields.Many2many(
        "res.users",
        "klachtenbeheer_complaint_involved_rel",
        string="Called in so far",
        readonly=True,
        copy=False,
        help="Nobody is called in twice on one dossier.",
    )
    independent_id = fields.Many2one(
        "res.users",
        "Independent officer",
        tracking=True,
        index="btree_not_null",
        help="Called in where needed; sees this dossier (SB12).",
    )
    responsible_employee = fields.Char("Employee or volunteer responsible")

    # ---------------------------------------------------------------- proposal

    def _propose_handler(self):
        """The best equipped handler: the supervisor where the policy says so (SB29), else
        who knows the subject, and of those who has least to do.

        :return: `res.users`, empty when nobody may act
        """
        self.ensure_one()
        complaint_su = self.sudo()  # the work load of others counts, not their dossiers
        users = complaint_su._get_candidates()
        counts = dict(
            complaint_su._read_group(
                [("handler_id", "in", users.ids), ("is_closed", "=", False)],
                ["handler_id"],
                ["__count"],
            )
        )
        return users.sorted(lambda user: (counts.get(user, 0), user.id))[:1]

    def _get_candidates(self):
        policy = self.policy_id
        supervisor = self._get_supervisor() if policy.propose_supervisor else self.env["res.users"]
        for users in (
            supervisor,
            self.category_id.handler_ids,
            policy._get_role_users("handler"),
        ):
            if allowed := self._without_respondents(users):
                return allowed
        return self.env["res.users"]

    def _get_supervisor(self):
        """The supervisor of who is complained about; one up where the complaint is about
        that supervisor as well (T7)."""
        supervisor = self.respondent_ids.complaint_supervisor_id[:1]
        seen = self.env["res.users"]
        while supervisor.partner_id in self.respondent_ids and supervisor not in seen:
            seen |= supervisor
            supervisor = supervisor.partner_id.complaint_supervisor_id
        return supervisor.filtered(lambda user: user.has_group(HANDLER))

    # ---------------------------------------------------------------- assigning

    @api.private
    def action_assign(self, user, note=None):
        """Assign complaints to a handler and put on record what the policy makes of it.

        :raise AccessError: by somebody who neither coordinates nor stands in
        :raise UserError: the user is complained about
        """
        self.check_access("read")
        self._check_may_assign()
        for complaint in self:
            if not complaint._without_respondents(user):
                raise UserError(
                    self.env._("%s is complained about and can't handle this complaint.", user.name)
                )
        # who stands in for the coordinator need not be allowed to edit the dossier
        complaints_su = self.sudo()
        complaints_su.write({"handler_id": user.id})
        complaints_su._as_procedure().involved_user_ids = [(4, user.id)]
        complaints_su._note_stand_in(self.env.user)
        complaints_su._record_assignment(note or user.name)
        # what was asked of the coordinator in the meantime is the handler's to do
        complaints_su.deadline_ids.filtered("is_open").activity_id.user_id = user
        complaints_su._finish_new_activities()
        self._schedule(
            "klachtenbeheer.activity_type_new", user, self.env._("Complaint assigned to you")
        )

    def action_assign_to_me(self):
        self.action_assign(self.env.user)

    def _check_handler_change(self, vals):
        """Saying who handles a complaint is assigning it."""
        if "handler_id" not in vals:
            return
        assigned_to = vals["handler_id"] or False
        if any(complaint.handler_id.id != assigned_to for complaint in self):
            self._check_may_assign()

    def _check_sent_away(self, vals):
        """Who handles a dossier calls somebody in; that they look into it no longer is for who
        assigns to say, as it is of who handles it."""
        for fname in CALLED_IN_FIELDS & set(vals):
            called_in = self.filtered(fname)
            if called_in.filtered(lambda line: line[fname] != line._as_stored(fname, vals[fname])):  # noqa: B023
                called_in._check_may_assign()

    def _as_stored(self, fname, value):
        field = self._fields[fname]
        return field.convert_to_record(field.convert_to_cache(value, self), self)

    def _record_assignment(self, note):
        for complaint in self.filtered(lambda complaint: not complaint.is_closed):
            if event_type := complaint.policy_id.assignment_event_id:
                complaint._record_event(event_type.code, note=note)

    def action_open_assign(self):
        """Ask whom to assign to; the best equipped handler is proposed."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign"),
            "res_model": "klachtenbeheer.assign",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_complaint_ids": self.ids},
        }

    # ---------------------------------------------------------------- independence

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

    @api.constrains("independent_id", "respondent_ids")
    def _check_independent(self):
        for complaint in self:
            if complaint.independent_id.partner_id & complaint.respondent_ids:
                raise UserError(
                    self.env._(
                        "%s is complained about, so not independent.",
                        complaint.independent_id.name,
                    )
                )

    def _release_named(self, vals):
        """Take the dossier from a handler or independent officer who is being named as
        respondent, or as involved otherwise."""
        naming = [fname for fname in BARRING_FIELDS if vals.get(fname)]
        for complaint in self.sudo() if naming else ():  # the rule holds whoever does the naming
            named = {
                partner_id
                for fname in naming
                for partner_id in self._fields[fname].convert_to_cache(vals[fname], complaint)
            }
            if complaint.handler_id.partner_id.id in named and "handler_id" not in vals:
                complaint.handler_id = False
                complaint._alert_coordinator(
                    self.env._("The handler is complained about: assign somebody else")
                    if "respondent_ids" in naming
                    else self.env._("The handler was involved: assign somebody else")
                )
            if complaint.independent_id.partner_id.id in named and "independent_id" not in vals:
                complaint.independent_id = False
                complaint._alert_coordinator(
                    self.env._("The independent officer is complained about: call in another")
                    if "respondent_ids" in naming
                    else self.env._("The independent officer was involved: call in another")
                )


class Partner(models.Model):
    _inherit = "res.partner"

    complaint_supervisor_id = fields.Many2one(
        "res.users",
        "Supervisor",
        groups=f"{COORDINATOR},{MANAGER}",
        help="Proposed as handler of complaints about this person, where the policy says so.",
    )
