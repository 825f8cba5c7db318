from odoo import models
from odoo.fields import Command


class ComplaintStandIn(models.Model):
    """Who coordinates a dossier while the coordinator is away or complained about (SJ15)."""

    _inherit = "klachtenbeheer.complaint"

    def _get_acting_coordinators(self):
        """Who coordinates this dossier now: the first role above the handler that is not
        away, and not complained about."""
        self.ensure_one()
        chain = self.sudo()._get_chain()  # who has which role is no secret
        return next((users for role, users in chain if role != "handler"), self.env["res.users"])

    def _note_stand_ins(self):
        """Who stands in for the coordinator is called in by that, and so can't be the one to
        whom this dossier climbs (letters_reports_roles 6.3)."""
        for policy, complaints in self.grouped("policy_id").items():
            is_away = any(role._is_absent() for role in policy.role_ids)
            # of a large batch only those where somebody can stand in at all
            affected = (
                complaints
                if is_away
                else complaints.filtered(lambda complaint: complaint._get_barred())
            )
            for complaint in affected:
                complaint._note_stand_in(complaint._get_responsible())

    def _note_stand_in(self, user):
        """Who does the coordinator's work without being it was called in on this dossier."""
        # who has which role is no secret, and being called in follows from it
        for complaint in self.sudo():
            if user in complaint.policy_id._get_role_users("coordinator"):
                continue
            if user in complaint._get_acting_coordinators():
                complaint._as_procedure().involved_user_ids = [Command.link(user.id)]
