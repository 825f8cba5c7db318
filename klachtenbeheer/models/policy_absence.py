from odoo import fields, models
from odoo.exceptions import AccessError

MANAGER = "klachtenbeheer.group_manager"
STAND_INS = ("coordinator", "deputy", "director")


class PolicyAbsence(models.Model):
    """Who is away: the next role takes over what is asked of it until then (SJ15)."""

    _inherit = "klachtenbeheer.policy.role"

    absent_until = fields.Date(
        "Absent until", help="Up to and including this day the next role takes over."
    )

    def _get_always_writable_fields(self):
        return super()._get_always_writable_fields() | {"absent_until"}

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


class ComplaintAbsence(models.Model):
    _inherit = "klachtenbeheer.complaint"

    def _get_chain(self):
        """Without who is away; unless nobody would be left."""
        chain = super()._get_chain()
        absent = self.policy_id.role_ids.filtered(lambda role: role._is_absent()).mapped("role")
        return [(role, users) for role, users in chain if role not in absent] or chain

    def _get_acting_coordinators(self):
        """Who coordinates this dossier now: the first role above the handler that is not
        away, and not complained about."""
        self.ensure_one()
        chain = self.sudo()._get_chain()  # who has which role is no secret
        return next((users for role, users in chain if role != "handler"), self.env["res.users"])

    def _check_may_assign(self):
        """Whoever stands in for the coordinator assigns, too (SJ15, BA21)."""
        user = self.env.user
        if self and all(user in complaint._get_acting_coordinators() for complaint in self):
            return
        super()._check_may_assign()
