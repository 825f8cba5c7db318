from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..policy.role import CALLED_IN
from .task import ACTIVITY_ALERT

ACTIVITY_CONSULT = "klachtenbeheer.activity_type_consult"
TAKEN_OVER = "taken_over"
SERIOUS = "critical"
SERIOUS_FIELDS = {"severity", "is_sensitive"}


class ComplaintEscalation(models.Model):
    """Serious complaints, calling in the next role, and decisions that the policy does not
    provide for."""

    _inherit = "klachtenbeheer.complaint"

    sensitive_reason = fields.Selection(
        [("reputation", "Our good name"), ("continuity", "The continuity of the organisation")],
        "Sensitive because of",
        tracking=True,
    )
    is_exceptional = fields.Boolean(
        "Exceptional",
        compute="_compute_is_exceptional",
        store=True,
        readonly=False,
        help="Listed in the report to the board (T26).",
    )

    @api.depends("severity", "is_sensitive", "escalation_level")
    def _compute_is_exceptional(self):
        for complaint in self:
            complaint.is_exceptional = complaint._is_serious() or complaint.escalation_level in (
                "director",
                "board",
            )

    def _is_serious(self):
        return self.severity == SERIOUS or self.is_sensitive

    # ---------------------------------------------------------------- serious

    def _filter_mild(self, vals):
        """Those that are not serious, and that these values may make so."""
        if SERIOUS_FIELDS.isdisjoint(vals):
            return self.browse()
        return self.filtered(lambda complaint: not complaint._is_serious())

    def _alert_serious(self):
        """Coordinator and directie hear of it at once; the board is consulted (SJ12, SJ25)."""
        # the alert follows from the policy, whoever found out how serious it is
        for complaint in self.sudo().filtered("policy_id.alert_serious"):
            complaint._alert_coordinator(self.env._("Very serious or sensitive complaint"))
            complaint._ask_role("director", self.env._("Very serious or sensitive complaint"))
        for complaint in self.sudo().filtered("policy_id.consult_board"):
            complaint.board_involved = True
            users = complaint._get_acting_coordinators()
            complaint._schedule(ACTIVITY_CONSULT, users[:1], self.env._("Consult the board"))

    def _take_over_by_board(self):
        """A complaint about a contact person or directie goes to the board (SB18, T8)."""
        # the rule holds whoever names the respondent
        for complaint in self.sudo().filtered("policy_id.board_replaces"):
            concerned = complaint._get_contacts().partner_id & complaint._get_barred()
            asked = complaint.activity_ids.filtered(
                lambda activity: activity.complaint_alert == TAKEN_OVER
            )
            if concerned and not asked:
                complaint.board_involved = True
                summary = self.env._("Complaint about a contact person")
                complaint._ask_role("board", summary, alert=TAKEN_OVER)

    # ---------------------------------------------------------------- roles

    def _get_role_people(self, role):
        """The people in a role who may act on this dossier."""
        return self._without_respondents(self.sudo().policy_id._get_role_users(role))

    def _get_deciding_role(self):
        """Directie decides; the board where somebody of directie is complained about (SB9,
        T8), or, without a board, who is left in directie. A committee that decides goes before
        both."""
        committees = self.sudo().policy_id._get_committees().filtered("may_decide")
        if self._without_respondents(committees.user_ids):
            return committees[0].code
        return self._get_governing_role()

    def _get_governing_role(self):
        """Directie, for what is its own to say; the board where somebody of directie is
        complained about, or, without a board, who is left in directie."""
        directors_su = self.sudo().policy_id._get_role_users("director")  # no secret
        left = self._get_role_people("director")
        board = self._get_role_people("board")
        if left and (left == directors_su or not board):
            return "director"
        return "board" if board or self.sudo().policy_id._get_roles("board") else "director"

    def _ask_role(self, role, summary, note=None, alert=None):
        """An activity for everybody in a role; the board then may read the dossier."""
        if role == "board":
            self.sudo().board_involved = True
        self._put_before(role)
        for user in self._get_role_people(role):
            # the system asks, whatever the rights of who caused it
            self.sudo().activity_schedule(
                ACTIVITY_ALERT,
                summary=summary,
                note=note,
                user_id=user.id,
                complaint_alert=alert,
            )

    def _put_before(self, code):
        """Let a role that reads where it is called in read these dossiers.

        :param code: code or kind of the role
        """
        # calling in is asked by who handles; what it opens follows from the policy
        for policy, complaints in self.sudo().grouped("policy_id").items():
            roles = policy._get_roles(code).filtered(lambda role: role.read_scope == CALLED_IN)
            if roles:
                links = [Command.link(role.id) for role in roles]
                complaints._as_procedure().write({"called_in_role_ids": links})

    # ---------------------------------------------------------------- by hand

    def action_escalate(self, reason=None):
        """Call in the next role above, because no solution was found (SJ24).

        :raise UserError: no reason is given, or nobody is left above
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why somebody else is called in."))
        for complaint in self:
            complaint.check_access("write")
            complaint_su = complaint.sudo()  # calling in is a right of who handles
            role, users = complaint_su._get_next_level()
            if not users:
                raise UserError(
                    self.env._(
                        "Nobody is left to call in here; point the complainant to the external"
                        " body or an independent officer."
                    )
                )
            summary = self.env._("Called in: no solution found")
            complaint_su._call_in(role, users, {complaint_su: (summary, reason)})

    def _call_in(self, role, users, why):
        """Lift these dossiers to a role, once for each person (letters_reports_roles 6.3).

        :param why: {complaint: (summary, note)}
        """
        self._as_procedure().write(
            {
                "escalation_level": role,
                "involved_user_ids": [(4, user.id) for user in users],
            }
        )
        if role == "board":
            self.board_involved = True
        self._put_before(role)
        self._create_activities(
            [
                complaint._prepare_activity(ACTIVITY_ALERT, user, summary, note=note)
                for complaint, (summary, note) in why.items()
                for user in users
            ]
        )
        self._message_log_batch(
            bodies={
                complaint.id: self.env._(
                    "%(role)s called in. %(note)s",
                    role=complaint.policy_id._get_role_title(role),
                    note=note or "",
                )
                for complaint, (_summary, note) in why.items()
            }
        )

    # ---------------------------------------------------------------- by the daily job

    def _escalate(self, duties):
        """Call in the next role for overdue duties, one of each dossier. Who practises troubles
        nobody else."""
        levels = {}
        for duty in duties.filtered(lambda duty: not duty.complaint_id.is_practice):
            complaint = duty.complaint_id
            role, users = complaint._get_next_level()
            if users:
                summary = self.env._("Overdue: %s", duty.term_id.name)
                why = levels.setdefault((role, users), {})
                why[complaint] = (summary, duty._get_explanation())
        for (role, users), why in levels.items():
            self.browse().union(*why)._call_in(role, users, why)

    def _get_next_level(self):
        """The first role above the present level with people who may act and were not
        used on this dossier already (letters_reports_roles 6, rule 3).

        :return: (role, res.users)
        """
        chain, order = self._get_chain(), self.policy_id._get_chain_roles()
        places = {role: place for place, role in enumerate(order)}
        level = self.escalation_level
        if level == "none" and chain:
            level = chain[0][0]
        used = self.involved_user_ids.union(*(users[0] for _role, users in chain[:1]))
        for role, users in chain:
            if places.get(role, 0) > places.get(level, 0) and users - used:
                return role, users - used
        return self.escalation_level, self.env["res.users"]
