from odoo import models
from odoo.tools import SQL

COUNTS = "mail.activity/updated"


class Users(models.Model):
    """Whose browser is told that the number of their activities changed.

    Telling browsers takes the platform a new connection to the database after each commit: as much
    time as half a registration. Who has no screen open counts anew when they open one.
    """

    _inherit = "res.users"

    def _bus_send(self, notification_type, message, /, *, subchannel=None):
        users = self._filter_listening() if notification_type == COUNTS else self
        return super(Users, users)._bus_send(notification_type, message, subchannel=subchannel)

    def _filter_listening(self):
        """Those of these users who have a screen open, as the platform keeps it."""
        rows = self.env.execute_query(
            SQL(
                "SELECT user_id FROM mail_presence"
                " WHERE user_id = ANY(%s) AND status IS DISTINCT FROM 'offline'",
                self.ids,
            )
        )
        listening = {user_id for (user_id,) in rows}
        return self.filtered(lambda user: user.id in listening)
