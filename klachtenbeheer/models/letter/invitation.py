from odoo import models


class HearingInvitation(models.Model):
    _inherit = "klachtenbeheer.hearing"

    def action_offer(self):
        """Offer the moments: by the invitation that the policy has for this conversation, whose
        sending offers them (BA28). Where it has none, somebody proposed them otherwise.

        :return: the action that opens the invitation, or None
        """
        for hearing in self:
            hearing._check_can_offer()
            letter_type = hearing._get_invitation_type()
            if letter_type:
                return hearing._open_invitation(letter_type)
            hearing._do_offer()
        return None

    def _get_invitation_type(self):
        """The kind of letter that offers this conversation, where the policy has one."""
        complaint_su = self.complaint_id.sudo()  # which letters there are is no secret
        return complaint_su.policy_id.letter_type_ids.filtered(
            lambda line: (
                line.active
                and line.offers_hearing
                and self.sudo() in line._filter_by(line.about_domain, self.sudo())
                and line._fits(complaint_su)
            )
        )[:1]

    def _open_invitation(self, letter_type):
        complaint = self.complaint_id
        letter = complaint.letter_ids.filtered(
            lambda line: line.type_id == letter_type and line.state == "draft"
        )[:1] or complaint.prepare_letter(letter_type.code)
        if letter.state == "draft":
            letter.hearing_id = self
        return letter._get_records_action()
