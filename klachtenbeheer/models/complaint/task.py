from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

from ..platform.memory import recall

ACTIVITY_NEW = "klachtenbeheer.activity_type_new"
ACTIVITY_DUTY = "klachtenbeheer.activity_type_duty"
ACTIVITY_ALERT = "klachtenbeheer.activity_type_alert"
# A JSON context can't carry this object: the followers of an activity were added already.
FOLLOWS = object()


class ComplaintTask(models.Model):
    """What is asked of whom: the roles of a dossier, who is responsible, activities."""

    _inherit = "klachtenbeheer.complaint"

    # ---------------------------------------------------------------- people

    def _get_chain(self):
        """The roles of this dossier from handler upwards with the people in them who
        may act: nobody complained about (letters_reports_roles 6, rule 2 and 3), nor who is
        away, unless nobody would be left (SJ15).

        :return: list of (role, res.users), roles without people left out
        """
        self.ensure_one()
        policy, barred = self.policy_id, self._get_barred()
        chain, order = [], policy._get_chain_roles()
        for role in order:
            users = self.handler_id if role == "handler" else policy._get_role_users(role)
            users = users.filtered(lambda user: user.partner_id not in barred)
            if users:
                chain.append((role, users))
        if acting := self.acting_role_ids:  # who replaces the coordinator goes before who doesn't
            first = order.index(acting[0].role) if acting[0].role in order else 0
            chain = [
                line for line in chain if line[0] == "handler" or order.index(line[0]) >= first
            ]
        absent = policy.role_ids.filtered(lambda role: role._is_absent()).mapped("role")
        return [(role, users) for role, users in chain if role not in absent] or chain

    def _get_responsible(self):
        """The user whose duty it is now: handler, or the first above who may act."""
        self.ensure_one()
        chain = self.sudo()._get_chain()  # who has which role is no secret
        return chain[0][1][0] if chain else self.env["res.users"]

    def _get_responsibles(self):
        """Of each of these dossiers whose duty it is now, looked up once for those that are alike.

        :return: {complaint: res.users, empty where nobody is left}
        """
        found, result = {}, {}
        for complaint in self:
            complaint_su = complaint.sudo()  # see `_get_responsible`
            alike = (
                complaint_su.policy_id,
                complaint_su.handler_id,
                complaint_su.acting_role_ids,
                complaint_su._get_barred(),
            )
            if alike not in found:
                found[alike] = complaint._get_responsible()
            result[complaint] = found[alike]
        return result

    # ---------------------------------------------------------------- activities

    def _hand_over(self):
        """New complaints land with the coordinator at once (BA20, SJ17)."""
        for user, complaints in self._group_by_responsible().items():
            complaints._schedule(ACTIVITY_NEW, user, self.env._("New complaint"))
        self._note_stand_ins()

    def _group_by_responsible(self):
        groups = {}
        for complaint, user in self._get_responsibles().items():
            if user:
                groups.setdefault(user, []).append(complaint.id)
        return {user: self.browse(ids) for user, ids in groups.items()}

    def _schedule(self, xmlid, user, summary, date_deadline=None, note=None):
        """Activities in one call, without a mail each: the overview of activities and
        the daily job do the warning."""
        self._let_follow(user)
        return self.with_context(
            mail_activity_quick_update=True, follows_already=FOLLOWS
        )._create_activities(
            [
                complaint._prepare_activity(xmlid, user, summary, date_deadline, note)
                for complaint in self
            ]
        )

    def _prepare_activity(self, xmlid, user, summary, date_deadline=None, note=None):
        """The values of an activity on this dossier, with what the platform would look up."""
        model_id = self.env["ir.model"]._get_id(self._name)
        recall(self.env, ("ir.model", (model_id,), {"model": (self._name,)}))
        return {
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(xmlid),
            "res_model_id": model_id,
            "res_model": self._name,
            "res_name": self.display_name,
            "user_tz": user.tz,
            "res_id": self.id,
            "user_id": user.id,
            "automated": True,  # or `activity_feedback` would not find it
            "summary": summary,
            "note": note,
            "date_deadline": date_deadline or self._today(),
        }

    @api.model
    def _create_activities(self, vals_list):
        """Activities in one call. Whoever is asked one thing gets the notification of the
        platform, whoever is asked several things at once gets one that says how many."""
        # the system asks, whatever the rights of who caused it
        quietly = self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True)
        activities = quietly.create(vals_list)
        if not self.env.context.get("mail_activity_quick_update"):
            for user, asked in activities.grouped("user_id").items():
                if len(asked) > 1:
                    self._notify_of_several(user, len(asked))
                elif user != self.env.user:
                    asked.action_notify()
        return activities

    @api.model
    def _notify_of_several(self, user, count):
        """Neutral, as it belongs to no dossier: how many ask for attention, and where."""
        thread = self.env["mail.thread"].with_context(lang=user.lang)
        url = f"{self.browse().get_base_url()}/odoo/complaints"
        thread.message_notify(
            partner_ids=user.partner_id.ids,
            subject=thread.env._("%s complaints ask for your attention", count),
            body=Markup("<p>%s</p><p><a href='%s'>%s</a></p>")
            % (
                thread.env._("Each has an activity that says what is asked of you."),
                url,
                thread.env._("To do"),
            ),
        )

    def _let_follow(self, user):
        """Whoever has to act on these dossiers follows them.

        In one statement: the platform looks for followers first, and whether somebody is a
        customer, for each dossier that is registered.
        """
        # the system asks somebody to act, whatever the rights of who caused it
        subtypes = self.env["mail.message.subtype"].sudo().default_subtypes(self._name)
        partner = user.sudo().partner_id
        barred = self.filtered(lambda complaint: partner in complaint._get_barred())
        self.env["mail.followers"].flush_model(["partner_id", "res_id", "res_model"])
        self.env.execute_query(
            SQL(
                """
                WITH added AS (
                    INSERT INTO mail_followers (res_model, res_id, partner_id)
                    SELECT %(model)s, unnest(%(ids)s::int[]), %(partner)s
                    ON CONFLICT DO NOTHING
                    RETURNING id
                )
                INSERT INTO mail_followers_mail_message_subtype_rel
                    (mail_followers_id, mail_message_subtype_id)
                SELECT added.id, subtype FROM added, unnest(%(subtypes)s::int[]) AS subtype
                RETURNING mail_followers_id
                """,
                model=self._name,
                ids=(self - barred).ids,
                partner=partner.id,
                subtypes=subtypes[2 if user.sudo().share else 0].ids,
            )
        )
        self.invalidate_recordset(["message_follower_ids", "message_partner_ids"], flush=False)

    def _alert_coordinator(self, summary, note=None, alert=None):
        """Warn whoever coordinates these dossiers, and notify by mail.

        :param alert: code by which the warning is found again when it has been dealt with
        """
        for complaint in self:
            complaint_su = complaint.sudo()  # a warning must arrive whoever caused it
            user = complaint_su._get_coordinating_user()
            if user:
                complaint_su.activity_schedule(
                    ACTIVITY_ALERT,
                    summary=summary,
                    note=note,
                    user_id=user.id,
                    complaint_alert=alert,
                )

    def _get_coordinating_user(self):
        for role, users in self._get_chain():
            if role != "handler":
                return users[0]
        return self.env["res.users"]

    def _refresh_duty_activities(self):
        """Close the activities of duties that are done or fell away."""
        done = self.deadline_ids.filtered(lambda duty: not duty.is_open and duty.activity_id)
        done.activity_id.action_feedback()
        closed = self.filtered("is_closed")
        closed._finish_new_activities()
        # whoever was told of it has seen it by acting; another's notice is theirs to tick off
        (self - closed)._finish_new_activities(self.env.user)

    def _finish_new_activities(self, user=None):
        """The notice of a new dossier is done.

        :param user: that of this user only; of everybody by default
        """
        taken = self.filtered(lambda complaint: complaint.handler_id or complaint.is_closed)
        taken.activity_feedback(
            [ACTIVITY_NEW], user_id=user.id if user else None, only_automated=False
        )


class MailActivity(models.Model):
    _inherit = "mail.activity"

    complaint_alert = fields.Char(
        readonly=True, help="Why attention is asked for, as a code; the summary is only words."
    )
