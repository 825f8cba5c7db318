from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command

from ..platform.groups import MANAGER, STAND_IN
from .role import ESCALATION_CHAIN

STAND_INS = ("coordinator", "deputy", "director")
COORDINATOR = "coordinator"


class PolicyAbsence(models.Model):
    """Who is away: the next role takes over what is asked of it until then (SJ15).

    Whoever stands in for a coordinator gets the rights of one for as long as that lasts,
    through a group that only the code below fills.
    """

    _inherit = "klachtenbeheer.policy.role"

    absent_until = fields.Date(
        "Absent until", help="Up to and including this day the next role takes over."
    )

    def action_set_absent(self, until):
        """Report a role absent up to and including a local date, or present again.

        :param until: date, or False
        :raise AccessError: by somebody who has nothing to do with it
        """
        for role in self:
            stand_ins = role.policy_id.role_ids.filtered(lambda line: line.role in STAND_INS)
            user = self.env.user
            if user not in (role | stand_ins).user_ids and not user.has_group(MANAGER):
                raise AccessError(
                    self.env._("Absence is reported by: %s.", ", ".join(stand_ins.mapped("name")))
                )
        self.sudo().absent_until = until  # being away changes nothing of the regulation

    def _is_absent(self):
        today = (self.company_id or self.env.company)._complaint_today()
        return bool(self.absent_until) and self.absent_until >= today

    @api.model
    def _sync_stand_ins(self):
        """Give the rights of coordinators to those who stand in for one now, and take them
        back from everybody else who had them that way."""
        # who may report an absence need not have rights on users
        group = self.env.ref(STAND_IN).sudo()
        absent = self.sudo().search(
            [
                ("role", "=", COORDINATOR),
                ("absent_until", "!=", False),
                ("policy_id.state", "=", "published"),
            ]
        )
        users = self.env["res.users"].union(
            *(role._get_stand_ins() for role in absent if role._is_absent())
        )
        commands = [
            *(Command.unlink(user.id) for user in group.user_ids - users),
            *(Command.link(user.id) for user in users - group.user_ids),
        ]
        if commands:
            group.user_ids = commands

    def _get_stand_ins(self):
        """Who does the work of this role while it is away: the first role above it that is
        not away itself."""
        above = ESCALATION_CHAIN[ESCALATION_CHAIN.index(self.role) + 1 :]
        present = self.policy_id.role_ids.filtered(
            lambda role: role.role in above and role.user_ids and not role._is_absent()
        )
        return present.sorted(lambda role: above.index(role.role))[:1].user_ids
