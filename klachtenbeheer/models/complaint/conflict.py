from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..platform.groups import HANDLERS
from ..policy.role import ALL, CALLED_IN
from .task import ACTIVITY_ALERT

ACTING = "klachtenbeheer.acting"  # what a transaction remembers of who replaces whom


class ComplaintConflict(models.Model):
    """Who is complained about, or was involved otherwise (Awb 9:7), has nothing to do with the
    dossier, and is replaced in everything: tasks, signature, approval, how to reach us, and the
    sentences that say who handles it (SB18, BA21).

    Whoever replaces the coordinator does the coordinator's work on that dossier: `acting_role_ids`.
    Where nobody inside is left to decide, an independent officer does, or an external body.
    """

    _inherit = "klachtenbeheer.complaint"

    conflicted_partner_ids = fields.Many2many(
        "res.partner",
        "klachtenbeheer_complaint_conflicted_rel",
        string="Involved otherwise",
        copy=False,
        groups=HANDLERS,
        help="Took part in what the complaint is about, without being complained about: has no"
        " part in handling it and can't see it (Awb 9:7).",
    )
    acting_role_ids = fields.Many2many(
        "klachtenbeheer.policy.role",
        "klachtenbeheer_complaint_acting_rel",
        "klachtenbeheer_complaint_id",
        "klachtenbeheer_policy_role_id",
        string="Does the work of the coordinator",
        readonly=True,
        copy=False,
        help="Replaces the coordinator on this dossier, who is complained about or involved.",
    )
    end_of_chain_text = fields.Char(compute="_compute_end_of_chain_text", groups=HANDLERS)

    # ---------------------------------------------------------------- who is barred

    def _get_barred(self):
        """Partners who have nothing to do with these dossiers."""
        dossiers_su = self.sudo()  # who they are decides; it is not shown
        return dossiers_su.respondent_ids | dossiers_su.conflicted_partner_ids

    def _without_respondents(self, users):
        """These users, but for who is barred from this dossier."""
        barred = self._get_barred()
        return users.filtered(lambda user: user.partner_id not in barred)

    @api.constrains("handler_id", "independent_id", "conflicted_partner_ids")
    def _check_not_involved(self):
        for complaint in self.sudo():
            for user in complaint.handler_id | complaint.independent_id:
                if user.partner_id in complaint.conflicted_partner_ids:
                    raise UserError(
                        self.env._("%s was involved and has no part in this complaint.", user.name)
                    )

    # ---------------------------------------------------------------- who replaces

    def _sync_acting_roles(self):
        """Put on record who does the coordinator's work here, and ask them to."""
        changed = self.browse()
        for complaint in self.sudo():  # the rule holds whoever does the naming
            roles = complaint._get_replacing_roles()
            if roles == complaint.acting_role_ids:
                continue
            changed |= complaint
            complaint._as_procedure().acting_role_ids = [Command.set(roles.ids)]
            if roles.filtered("may_approve").filtered(lambda role: role.read_scope == CALLED_IN):
                complaint.board_involved = True
        if changed:
            changed._forget_acting()
            self.env["klachtenbeheer.policy.role"]._sync_stand_ins()

    def _forget_acting(self):
        self.flush_recordset(["acting_role_ids"])
        self.env.cr.cache.pop(ACTING, None)

    def _get_replacing_roles(self):
        """The roles that do the coordinator's work on this dossier, because who does so otherwise
        is barred from it; none where that work goes on as always."""
        self.ensure_one()
        policy, barred = self.policy_id, self._get_barred()
        if not barred:
            return policy.role_ids.browse()
        coordinating = policy.role_ids.filtered(
            lambda role: role.may_assign and role.read_scope == ALL
        )
        if policy.board_replaces and self._get_contacts().partner_id & barred:
            boards = policy._get_boards()
            boards = boards.filtered("chain_place") or boards
            if self._without_respondents(boards.user_ids):
                return boards
        if self._without_respondents(coordinating.user_ids):
            return policy.role_ids.browse()
        above = policy.role_ids.filtered("chain_place").sorted("chain_place")
        for role in above.filtered(lambda role: role.role != "handler") - coordinating:
            if self._without_respondents(role.user_ids):
                return role
        return policy.role_ids.browse()

    def _get_contacts(self):
        """Those with whom complaints come in and who decide on them, all holders of each role: a
        complaint about one of them goes to the board, where the policy says so (SB18)."""
        roles = self.policy_id.role_ids.filtered(
            lambda role: role.may_assign or (role.may_decide and role.read_scope == ALL)
        )
        return (roles - self.policy_id._get_boards()).user_ids

    # ---------------------------------------------------------------- nobody left

    def _get_last_resort(self):
        """Who decides and signs where nobody of the policy may: the independent officer."""
        return self._without_respondents(self.sudo().independent_id)

    @api.depends(
        "respondent_ids", "conflicted_partner_ids", "independent_id", "policy_id.role_ids.user_ids"
    )
    def _compute_end_of_chain_text(self):
        for complaint in self:
            complaint.end_of_chain_text = complaint._get_end_of_chain()

    def _get_end_of_chain(self):
        """That nobody inside may decide, and where to go instead; False where somebody may."""
        self.ensure_one()
        complaint_su = self.sudo()  # who has which role is no secret
        deciders = complaint_su.policy_id.role_ids.filtered("may_decide").user_ids
        if not deciders or self._without_respondents(deciders) or self._get_last_resort():
            return False
        return self.env._(
            "Everybody who decides under this policy is complained about or involved. Name an"
            " independent officer, or point the complainant to: %s.",
            complaint_su.policy_id._get_outside_route(),
        )

    def _tell_end_of_chain(self):
        """Say so as soon as it is known, before anybody is stuck."""
        for complaint in self.sudo():
            text = complaint._get_end_of_chain()
            user = complaint._get_coordinating_user() or complaint.handler_id
            asked = complaint.activity_ids.filtered(
                lambda activity: activity.complaint_alert == "end_of_chain"
            )
            if text and user and not asked:
                complaint.activity_schedule(
                    ACTIVITY_ALERT,
                    summary=self.env._("Nobody is left to decide"),
                    note=text,
                    user_id=user.id,
                    complaint_alert="end_of_chain",
                )


class PolicyConflict(models.Model):
    _inherit = "klachtenbeheer.policy"

    def _get_boards(self):
        """The roles that decide and approve where they are called in: the board."""
        return self.role_ids.filtered(
            lambda role: role.may_approve and role.read_scope == CALLED_IN
        )

    def _get_outside_route(self):
        """Where a complaint goes that nobody inside may decide on, in words."""
        bodies = self._get_roles("external_body")
        names = [role.partner_id.name or role.name for role in bodies]
        return ", ".join(names) or self.env._("an independent body, or the court")
