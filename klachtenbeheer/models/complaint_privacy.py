from odoo import api, models


class ComplaintPrivacy(models.Model):
    """A person complained about sees nothing of the dossier (design.md 4.2).

    Record rules hide records; this room closes the other ways in, also when somebody is
    named as respondent later: following, notifications, activities, assignment.
    """

    _inherit = "klachtenbeheer.complaint"

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        complaints.filtered(lambda complaint: complaint.sudo().respondent_ids)._bar_respondents()
        return complaints

    def write(self, vals):
        if not vals.get("respondent_ids"):
            return super().write(vals)
        self._release_named(vals)
        result = super().write(vals)
        self._bar_respondents()
        return result

    def _release_named(self, vals):
        """Take the dossier from a handler who is being named as respondent."""
        field = self._fields["respondent_ids"]
        for complaint in self.sudo():  # the rule holds whoever does the naming
            named = field.convert_to_cache(vals["respondent_ids"], complaint)
            if complaint.handler_id.partner_id.id in named and "handler_id" not in vals:
                complaint.handler_id = False
                complaint._alert_coordinator(
                    self.env._("The handler is complained about: assign somebody else")
                )

    def _bar_respondents(self):
        """End every tie of the people complained about with these dossiers."""
        # the rule holds whoever names the respondent, and against whoever is named
        for complaint in self.sudo():
            partners = complaint.respondent_ids
            complaint.message_unsubscribe(partners.ids)
            complaint._reassign_activities(partners)
            complaint._forget_notifications(partners)

    def _reassign_activities(self, partners):
        activities = self.activity_ids.filtered(
            lambda activity: activity.user_id.partner_id in partners
        )
        responsible = self._get_responsible()
        if activities and responsible:
            activities.user_id = responsible
        else:
            activities.unlink()

    def _forget_notifications(self, partners):
        self.env["mail.notification"].search(
            [
                ("mail_message_id", "in", self.message_ids.ids),
                ("res_partner_id", "in", partners.ids),
            ]
        ).unlink()
        self.message_ids.filtered(lambda message: message.partner_ids & partners).write(
            {"partner_ids": [(3, partner.id) for partner in partners]}
        )

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Respondents never follow; everybody else as usual."""
        partner_ids = set(partner_ids or [])
        result = True
        # the rule holds whoever adds a follower
        for barred, complaints in self.sudo().grouped("respondent_ids").items():
            if allowed := partner_ids - set(barred.ids):
                result = super(ComplaintPrivacy, complaints.with_env(self.env)).message_subscribe(
                    partner_ids=list(allowed), subtype_ids=subtype_ids
                )
        return result

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        """No notification of any kind reaches a person complained about."""
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        barred = set(self.sudo().respondent_ids.ids)  # the rule holds for every sender
        return [recipient for recipient in recipients if recipient["id"] not in barred]
